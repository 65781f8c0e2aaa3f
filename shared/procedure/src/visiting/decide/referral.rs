//! A referral: it opens a case, is made on one that was opened before, or joins the one made for its award already.

use crate::{
    Award, Context, Fault, NarrativeRef, Place, Refusal, Role,
    benefit::Clause,
    case::Late,
    draft::{Because, CLOCK_SKEW, Draft, Footing, Procedure, dated},
    facts::on,
    guidance::Version,
    rule::rulings::R_RECORDED_ALWAYS,
    term::london_date,
    visiting::{
        Visiting, advice,
        before::Triaged,
        command::Command,
        event::Event,
        fact::Happening,
        form::VisitingForm,
        gate::{Gate, unmet},
        judge::Weight,
        state::{Opened, Referral},
    },
};
use chrono::{DateTime, Utc};

/// A referral as it is asked for.
struct Asked<'a> {
    award: &'a Award,
    place: &'a Place,
    occurred_at: DateTime<Utc>,
    circumstances: &'a NarrativeRef,
    late_reason: Option<&'a NarrativeRef>,
    form: &'a VisitingForm,
}

impl<'a> Asked<'a> {
    fn of(command: &'a Command) -> Option<Self> {
        let Command::Refer { award, place, occurred_at, circumstances, late_reason, form, of_death: _ } = command
        else {
            return None;
        };
        let (occurred_at, late_reason) = (*occurred_at, late_reason.as_ref());
        Some(Self { award, place, occurred_at, circumstances, late_reason, form })
    }

    fn late(&self) -> Late {
        Late { late_reason: self.late_reason.cloned() }
    }
}

impl Draft<'_, Visiting> {
    /// A referral opens the case, or something that comes before one does.
    pub(super) fn open(&mut self, command: &Command) -> Result<(), Refusal> {
        if let Command::Open(opening) = command {
            return self.open_before_referral(opening);
        }
        let never = || Refusal::NoSuchPart("the case was never opened".to_owned());
        self.make(&Asked::of(command).ok_or_else(never)?)
    }

    /// A referral for an award whose case is open: the first is made there, a further one joins it.
    pub(super) fn refer(&mut self, command: &Command) -> Result<(), Refusal> {
        let (Some(asked), Some(opened)) = (Asked::of(command), self.state.opened.clone()) else { return Ok(()) };
        if self.state.stage.has_ended() {
            return Err(self.refused(advice::REFER_FOR_VISIT, vec![], "the case has ended"));
        }
        self.is_about(&opened, asked.award)?;
        match self.state.referral.clone() {
            Some(first) => self.join(&asked, &opened, &first),
            None => self.make(&asked),
        }
    }

    /// The referral is made, with all that its form has to carry.
    fn make(&mut self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let at = asked.occurred_at;
        let version = self.may_refer(asked.award, at)?;
        let mut rules = version.rules.referral.rules.to_vec();
        rules.extend(made(self.context, at, asked.place, asked.late_reason)?);
        let gates = version.rules.before_referral;
        if let Some(unmet) = unmet(gates, &self.state, asked.form) {
            return Err(self.not_yet(unmet.rules, unmet.what));
        }
        self.after_triage(gates, at)?;
        rules.extend(gates.iter().flat_map(|gate| gate.rules.iter().copied()));
        let footing = Footing { rules, version: Some(version.name.clone()) };
        let about = self.state.opened.as_ref().map(|opened| (opened.award.clone(), opened.place.clone()));
        let (award, known) = about.unwrap_or_else(|| (asked.award.clone(), asked.place.clone()));
        // Where none could be traced, the address of which the referrer is confident is the one to visit.
        let place = if !asked.form.care_of && self.is_untraced(at) { asked.place.clone() } else { known };
        self.note_other_address(&place, asked.place);
        let (circumstances, form) = (asked.circumstances.clone(), Box::new(asked.form.clone()));
        let event = Event::Referred { award, place, occurred_at: at, circumstances, late: asked.late(), form };
        self.add(event, footing, at);
        self.judge_again(Weight::NewFact);
        Ok(())
    }

    /// A concern is triaged before the referral is made, not only before it is recorded.
    fn after_triage(&self, gates: &[Clause<Gate>], at: DateTime<Utc>) -> Result<(), Refusal> {
        let Some(gate) = gates.iter().find(|gate| gate.says == Gate::Triaged) else { return Ok(()) };
        let triaged = Triaged::of(&self.state, self.state.effective_visit());
        let triage = triaged.and_then(|triaged| self.state.facts.get(&triaged.fact));
        match triage.map(|triage| triage.happening.occurred_at()) {
            Some(triaged) if at + CLOCK_SKEW < triaged => {
                let why = format!(
                    "occurred_at: the referral is said to have been made {}, before the concern was triaged, {}, and a visit \
                     found appropriate; refer as of then or later, or put a wrong date of the triage right with CorrectFact",
                    on(at),
                    on(triaged)
                );
                Err(self.not_yet(gate.rules.to_vec(), why))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// A further referral for the award joins the case while it is open.
    fn join(&mut self, asked: &Asked<'_>, opened: &Opened, first: &Referral) -> Result<(), Refusal> {
        let at = asked.occurred_at;
        let gates: Vec<_> = self.may_refer(asked.award, at)?.rules.before_referral.to_vec();
        let mut rules: Because = vec![&R_RECORDED_ALWAYS];
        rules.extend(made(self.context, at, asked.place, asked.late_reason)?);
        // The case is there already; the officer still has to be able to rely on what the form says, and to call back.
        let of_form: Vec<_> = gates.into_iter().filter(|gate| matches!(gate.says, Gate::Form(_))).collect();
        if let Some(unmet) = unmet(&of_form, &self.state, asked.form) {
            return Err(self.not_yet(unmet.rules, unmet.what));
        }
        rules.extend(of_form.iter().flat_map(|gate| gate.rules.iter().copied()));
        let (circumstances, form) = (asked.circumstances.clone(), Box::new(asked.form.clone()));
        let event = Event::ReferralJoined { occurred_at: at, circumstances, late: asked.late(), form };
        self.add(event, rules, at);
        let since = london_date(first.occurred_at);
        self.notes.push(format!(
            "This award is being visited about already; your referral joined the case that has been open since {since}."
        ));
        self.note_other_address(&opened.place, asked.place);
        if *asked.form != VisitingForm::default() && *asked.form != first.form {
            let why = "The form of the first referral stands; yours is kept beside it.";
            self.notes.push(why.to_owned());
        }
        Ok(())
    }

    /// Whether the last that is known at `at` of the address is that none could be traced.
    fn is_untraced(&self, at: DateTime<Utc>) -> bool {
        let traces = self.state.in_order().filter_map(|(_, fact)| {
            let Happening::AddressTrace(trace) = &fact.happening else { return None };
            (trace.occurred_at <= at).then_some(trace.found.is_none())
        });
        traces.last() == Some(true)
    }

    fn note_other_address(&mut self, known: &Place, named: &Place) {
        if known != named {
            let why = "Your referral names another address; the case keeps its own until ChangeAddress says otherwise.";
            self.notes.push(why.to_owned());
        }
    }

    /// Whether something is about this case's award, under whichever reference it knows the customer.
    pub(super) fn is_about(&self, opened: &Opened, award: &Award) -> Result<(), Refusal> {
        let known_as = &award.customer;
        let known = opened.award.customer == *known_as || self.state.customer.formerly.contains(known_as);
        if known && (Award { customer: opened.award.customer.clone(), ..award.clone() }) == opened.award {
            return Ok(());
        }
        let why = "is not the award that this case is about";
        Err(Refusal::Invalid(vec![Fault::new("award", why)]))
    }

    /// The version in force when a referral was made, if it lets this actor refer.
    fn may_refer(&self, award: &Award, at: DateTime<Utc>) -> Result<&Version, Refusal> {
        let version = self.context.guidance.in_force(award.benefit, at).ok_or(Refusal::NotInForce(award.benefit))?;
        let clause = &version.rules.referral;
        if clause.says.contains(&self.context.actor.role) {
            return Ok(version);
        }
        let (by, not) = (Role::any_of(clause.says), self.context.actor.role.in_sentence());
        let why = format!("a referral for a visit is for {by} to make, and not for {not}");
        Err(self.not_yet(clause.rules.to_vec(), why))
    }

    /// A refusal of a case that need not be open yet.
    pub(super) fn not_yet(&self, rules: Because, why: impl Into<String>) -> Refusal {
        if self.state.opened.is_some() {
            return self.refused(advice::REFER_FOR_VISIT, rules, why);
        }
        Refusal::NotAllowed { rules, why: why.into(), stage: Visiting::stage(&self.state), allowed: vec![] }
    }
}

/// The rules that the date of what begins a case stands on. Nothing lies before it, not even another one.
pub(super) fn made(
    context: &Context<'_>,
    at: DateTime<Utc>,
    place: &Place,
    late_reason: Option<&NarrativeRef>,
) -> Result<Because, Refusal> {
    dated(context, "occurred_at", at, DateTime::<Utc>::MIN_UTC, None, Some(place), late_reason)
}
