//! A referral: it opens a case, or joins the one that is open for its award.

use crate::{
    Award, Context, Fault, NarrativeRef, Place, Refusal,
    case::Late,
    draft::{Because, Draft, Footing, dated},
    guidance::Version,
    rule::rulings::R_RECORDED_ALWAYS,
    term::london_date,
    visiting::{
        Visiting, advice,
        command::Command,
        event::Event,
        judge::Weight,
        state::{Referral, Stage},
    },
};
use chrono::{DateTime, Utc};

impl Draft<'_, Visiting> {
    /// A referral opens the case.
    pub(super) fn open(&mut self, command: &Command) -> Result<(), Refusal> {
        let Command::Refer { award, place, occurred_at, circumstances, late_reason } = command else {
            return Err(Refusal::NoSuchPart("the case was never opened".to_owned()));
        };
        let version = may_refer(self.context, award, *occurred_at)?;
        let mut rules = version.rules.referral.rules.to_vec();
        rules.extend(made(self.context, *occurred_at, place, late_reason.as_ref())?);
        let footing = Footing { rules, version: Some(version.name.clone()) };
        let (award, place, circumstances) = (award.clone(), place.clone(), circumstances.clone());
        let late = Late { late_reason: late_reason.clone() };
        let event = Event::Referred { award, place, occurred_at: *occurred_at, circumstances, late };
        self.add(event, footing, *occurred_at);
        self.judge_again(Weight::NewFact);
        Ok(())
    }

    /// A further referral for the award joins the case while it is open.
    pub(super) fn join(&mut self, command: &Command) -> Result<(), Refusal> {
        let (Command::Refer { award, place, occurred_at, circumstances, late_reason }, Some(first)) =
            (command, self.state.referral.clone())
        else {
            return Ok(());
        };
        if self.state.stage.has_ended() {
            return Err(self.refused(advice::REFER_FOR_VISIT, vec![], "the case has ended"));
        }
        if !self.is_about(&first, award) {
            let why = "is not the award that this case is about";
            return Err(Refusal::Invalid(vec![Fault::new("award", why)]));
        }
        may_refer(self.context, award, *occurred_at)?;
        let mut rules: Because = vec![&R_RECORDED_ALWAYS];
        rules.extend(made(self.context, *occurred_at, place, late_reason.as_ref())?);
        let (circumstances, late) = (circumstances.clone(), Late { late_reason: late_reason.clone() });
        self.add(Event::ReferralJoined { occurred_at: *occurred_at, circumstances, late }, rules, *occurred_at);
        let since = london_date(first.occurred_at);
        self.notes.push(format!(
            "This award is being visited about already; your referral joined the case that has been open since {since}."
        ));
        if first.place != *place {
            let why = "Your referral names another address; the case keeps its own until ChangeAddress says otherwise.";
            self.notes.push(why.to_owned());
        }
        Ok(())
    }

    /// Whether a referral is about this case's award, under whichever reference it knows the customer.
    fn is_about(&self, first: &Referral, award: &Award) -> bool {
        let known_as = &award.customer;
        let known = first.award.customer == *known_as || self.state.customer.formerly.contains(known_as);
        known && Award { customer: first.award.customer.clone(), ..award.clone() } == first.award
    }
}

/// The version in force when a referral was made, if it lets this actor refer.
fn may_refer<'a>(context: &Context<'a>, award: &Award, at: DateTime<Utc>) -> Result<&'a Version, Refusal> {
    let version = context.guidance.in_force(award.benefit, at).ok_or(Refusal::NotInForce(award.benefit))?;
    let clause = &version.rules.referral;
    if clause.says.contains(&context.actor.role) {
        return Ok(version);
    }
    let why = format!("a {} does not refer for a visit", context.actor.role.title());
    Err(Refusal::NotAllowed { rules: clause.rules.to_vec(), why, stage: Stage::default().name(), allowed: vec![] })
}

/// The rules that a referral's date stands on. Nothing lies before a referral, not even another one.
fn made(
    context: &Context<'_>,
    at: DateTime<Utc>,
    place: &Place,
    late_reason: Option<&NarrativeRef>,
) -> Result<Because, Refusal> {
    dated(context, "occurred_at", at, DateTime::<Utc>::MIN_UTC, None, Some(place), late_reason)
}
