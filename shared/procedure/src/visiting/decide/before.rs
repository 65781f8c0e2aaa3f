//! What comes before a referral, and which facts may be recorded by whom.

use super::noted::says_what_is_understood;
use crate::{
    Decider, Fault, Refusal, Role, Rule,
    benefit::Rules,
    draft::{Because, Draft, Footing, dated},
    protection::Why,
    rule::{general::GEN_2, rulings::*},
    term::london_date,
    visiting::{
        Visiting,
        advice::{self, CONSIDER_VISIT, TRIAGE_CONCERN},
        before::Considered,
        command::Opening,
        event::Event,
        fact::{Conclusion, Consideration, Happening, Outcome, Seen, Visit},
        form::VisitingForm,
        gate::unmet,
        state::{OpenedBy, Stage},
    },
};
use chrono::{DateTime, Utc};

impl Draft<'_, Visiting> {
    /// A consideration or a concern opens the case, where the guidance lets it.
    pub(super) fn open_before_referral(&mut self, opening: &Opening) -> Result<(), Refusal> {
        let happening = &opening.record.happening;
        let (award, place, at) = (opening.award.clone(), opening.place.clone(), happening.occurred_at());
        let version = self.context.guidance.in_force(award.benefit, at).ok_or(Refusal::NotInForce(award.benefit))?;
        let opened_by = match happening {
            Happening::Consideration(_) => Some(OpenedBy::Consideration),
            Happening::Concern(_) => Some(OpenedBy::Concern),
            Happening::Visit(_)
            | Happening::UnsafeArea(_)
            | Happening::Letter(_)
            | Happening::Contact(_)
            | Happening::Triage(_)
            | Happening::AddressTrace(_)
            | Happening::FollowUp(_)
            | Happening::Booking(_) => None,
        };
        let by = opened_by.ok_or_else(|| Refusal::NoSuchPart("the case was never opened".to_owned()))?;
        let rules = self.may_open(&version.rules, by)?;
        let (field, late_reason) = (happening.occurred_at_field(), opening.record.late_reason.as_ref());
        dated(self.context, field, at, DateTime::<Utc>::MIN_UTC, None, Some(&place), late_reason)?;
        let footing = Footing { rules, version: Some(version.name.clone()) };
        self.add(Event::CaseOpened { award, place, occurred_at: at, by }, footing, at);
        self.record(&opening.record)
    }

    /// The rules that what opens a case stands on, where the guidance knows it before a referral.
    fn may_open(&self, page: &Rules, by: OpenedBy) -> Result<Because, Refusal> {
        let (rules, instead) = match by {
            OpenedBy::Consideration => {
                let rules = page.consideration.as_option().map(|considering| considering.by.rules);
                (rules, "refer with ReferForVisit where a visit is right")
            }
            OpenedBy::Concern => {
                let rules = page.triage.as_option().map(|triaging| triaging.concern.rules);
                (rules, "refer with ReferForVisit where a visit is right, and raise the concern on its case")
            }
            OpenedBy::Referral => (Some(page.referral.rules), ""),
        };
        let silent = || {
            let why = format!("the guidance prescribes no such beginning; {instead}");
            self.not_yet(vec![&R_NOT_PRESCRIBED], why)
        };
        rules.map(<[_]>::to_vec).ok_or_else(silent)
    }

    /// What could have opened a case is recorded on the one that is open for the award.
    pub(super) fn record_on_open_case(&mut self, opening: &Opening) -> Result<(), Refusal> {
        if let Some(opened) = self.state.opened.clone() {
            self.is_about(&opened, &opening.award)?;
        }
        self.record(&opening.record)
    }

    /// Whether this may be recorded here and now, by whoever records it. What happened may always be; that a visit is
    /// considered and a concern triaged is somebody's to do, before the referral.
    pub(super) fn may_record(&self, happening: &Happening) -> Result<(), Refusal> {
        let Some(page) = self.version(happening.occurred_at()).map(|version| &version.rules) else { return Ok(()) };
        match happening {
            Happening::Consideration(told) => {
                let by = page.consideration.as_option().map(|considering| &considering.by);
                self.may_do(CONSIDER_VISIT, by.map(|by| (by.says, by.rules)))?;
                self.is_open_or_owes(told, by.map_or(&[], |by| by.rules))
            }
            Happening::Triage(_) => {
                let by = page.triage.as_option().map(|triaging| &triaging.by);
                self.may_do(TRIAGE_CONCERN, by.map(|by| (by.says, by.rules)))?;
                self.goes_on(TRIAGE_CONCERN, by.map_or(&[], |by| by.rules))?;
                if self.state.referral.is_some() {
                    let why = "the referral was made already; what else is known of the concern is recorded with \
                               RaiseConcern";
                    return Err(self.refused(TRIAGE_CONCERN, by.map_or_else(Vec::new, |by| by.rules.to_vec()), why));
                }
                Ok(())
            }
            Happening::FollowUp(told) if told.review_on.is_some_and(|day| day <= london_date(told.occurred_at)) => {
                let why = "has to lie after the day of the follow-up";
                Err(Refusal::Invalid(vec![Fault::new("follow_up.review_on", why)]))
            }
            Happening::FollowUp(_)
            | Happening::Visit(_)
            | Happening::UnsafeArea(_)
            | Happening::Letter(_)
            | Happening::Contact(_)
            | Happening::Concern(_)
            | Happening::AddressTrace(_)
            | Happening::Booking(_) => Ok(()),
        }
    }

    fn may_do(&self, verb: &str, by: Option<(&[Role], &[&'static Rule])>) -> Result<(), Refusal> {
        let Some((roles, rules)) = by else {
            let why = format!("the guidance prescribes no {verb}; refer with ReferForVisit where a visit is right");
            return Err(self.refused(verb, vec![&R_NOT_PRESCRIBED], why));
        };
        if !roles.contains(&self.context.actor.role) {
            let why = format!("this is for {} to do", Role::any_of(roles));
            return Err(self.refused(verb, rules.to_vec(), why));
        }
        Ok(())
    }

    fn goes_on(&self, verb: &str, rules: &[&'static Rule]) -> Result<(), Refusal> {
        if self.state.stage.has_ended() {
            let why = "the case has ended; begin anew with the award and the place in place of the case's reference";
            return Err(self.refused(verb, rules.to_vec(), why));
        }
        Ok(())
    }

    /// A case that has ended takes what is owed of its consideration still, and concludes nothing any more.
    fn is_open_or_owes(&self, told: &Consideration, rules: &[&'static Rule]) -> Result<(), Refusal> {
        let tasks = Visiting::tasks(&self.state, self.context.guidance);
        let owed: Vec<_> = tasks.iter().filter(|task| task.discharged_by == CONSIDER_VISIT).collect();
        if !self.state.stage.has_ended() || owed.is_empty() {
            return self.goes_on(CONSIDER_VISIT, rules);
        }
        if told.conclusion == Conclusion::Open {
            return Ok(());
        }
        let why = "consideration.conclusion: the case has ended, so that nothing is concluded on it; leave the conclusion \
                   OPEN for what is still owed of it, or begin anew with the award and the place in place of the case's \
                   reference";
        Err(self.refused(CONSIDER_VISIT, rules.to_vec(), why))
    }

    /// Whether a consideration may conclude as it does, with all that is on record by now. Where it may, and nothing has
    /// protected the award by what is known of the claimant, that is placed here, and released as the decision is
    /// finished: the ledger is to know that a visit was considered, so that a payer who knows of a condition may go on
    /// (ESA 106).
    pub(super) fn may_conclude(&mut self, happening: &Happening) -> Result<(), Refusal> {
        let Happening::Consideration(told) = happening else { return Ok(()) };
        let page = self.version(told.occurred_at).and_then(|version| version.rules.consideration.as_option());
        let Some(considering) = page.filter(|_| told.conclusion == Conclusion::NoVisit) else { return Ok(()) };
        if self.state.referral.is_some() {
            let why = "consideration.conclusion: the referral was made already; WithdrawReferral where it is not right";
            return Err(self.refused(CONSIDER_VISIT, considering.by.rules.to_vec(), why));
        }
        if let Some(unmet) = unmet(considering.no_visit, &self.state, &VisitingForm::default()) {
            let why = format!("before it is concluded that no visit is required: {}", unmet.what);
            return Err(self.refused(CONSIDER_VISIT, unmet.rules, why));
        }
        let is_over = self.state.withdrawn.is_some() || self.state.customer.death_is_confirmed();
        if !is_over && Considered::of(&self.state).condition_is_known() {
            let placed = self.state.protection.placed_once(considering.condition_known.says, Why::VisitConsidered);
            self.protect(placed.into_iter().collect());
        }
        Ok(())
    }

    /// Only those who triage put a triage right, and only those who consider a consideration.
    pub(super) fn may_correct(&self, wrong: &Happening, right: Option<&Happening>) -> Result<(), Refusal> {
        let Some(page) = self.version(wrong.occurred_at()).map(|version| &version.rules) else { return Ok(()) };
        let by = match wrong {
            Happening::Triage(_) => page.triage.as_option().map(|triaging| &triaging.by),
            Happening::Consideration(_) => page.consideration.as_option().map(|considering| &considering.by),
            Happening::Visit(_)
            | Happening::UnsafeArea(_)
            | Happening::Letter(_)
            | Happening::Contact(_)
            | Happening::Concern(_)
            | Happening::AddressTrace(_)
            | Happening::FollowUp(_)
            | Happening::Booking(_) => None,
        };
        if let Some(by) = by.filter(|by| !by.says.contains(&self.context.actor.role)) {
            let why = format!("this is for {} to correct", Role::any_of(by.says));
            return Err(self.refused(advice::CORRECT_FACT, by.rules.to_vec(), why));
        }
        match right {
            Some(right @ Happening::FollowUp(_)) => self.may_record(right),
            Some(_) | None => Ok(()),
        }
    }

    /// The rules that a fact stands on before it is judged.
    pub(super) fn recorded_rules(&self, happening: &Happening, at: DateTime<Utc>) -> Because {
        let Some(page) = self.version(at).map(|version| &version.rules) else { return vec![] };
        let core = page.core_visit.as_option();
        match happening {
            Happening::Letter(_) => match page.after_first_visit.as_option() {
                Some(after) => [after.letter.rules, &[&R_LETTER_BY_POST]].concat(),
                None => vec![],
            },
            Happening::UnsafeArea(_) => vec![&R_UNSAFE_AREA],
            Happening::Concern(_) => {
                let identified = page.triage.as_option().map_or(&[][..], |triaging| triaging.concern.rules);
                // Where concerns are triaged, one that comes after an effective visit goes back to triage.
                let reopens = self.state.stage == Stage::EndedVisitEffective && !identified.is_empty();
                let protects: &[&'static Rule] = if self.state.concern_protects() || reopens {
                    &[&GEN_2, &R_HOLD_FROM_CONCERN]
                } else if self.state.handover.is_some() {
                    &[&R_LATER_CONTACT]
                } else {
                    &[&R_RECORDED_ALWAYS]
                };
                [protects, identified].concat()
            }
            Happening::Visit(Visit { outcome: Outcome::Effective, seen, .. }) => {
                let Some(core) = core else { return vec![] };
                let done = |done: fn(&Seen) -> bool| seen.as_ref().is_some_and(done);
                let stands = |on, rules: &'static [&'static Rule]| if done(on) { rules } else { &[] };
                let explained = stands(|seen| seen.explained || seen.good_cause.is_some(), core.explains.rules);
                let established = stands(says_what_is_understood, core.establishes.rules);
                let included = stands(|seen| seen.representative_present, core.representative.rules);
                [explained, established, included].concat()
            }
            Happening::Consideration(_) => {
                let considering = page.consideration.as_option();
                considering
                    .map_or_else(Vec::new, |considering| [considering.by.rules, considering.indicators.rules].concat())
            }
            Happening::Triage(_) => page.triage.as_option().map_or_else(Vec::new, |triage| triage.by.rules.to_vec()),
            Happening::AddressTrace(_) => page.untraceable.rules().to_vec(),
            Happening::FollowUp(_) => page.follow_up.rules().to_vec(),
            Happening::Booking(_) => core.map_or_else(|| vec![&R_NOT_PRESCRIBED], |core| core.booking.rules.to_vec()),
            Happening::Visit(_) | Happening::Contact(_) => vec![],
        }
    }
}
