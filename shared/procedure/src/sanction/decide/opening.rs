//! A failure opens a case, and is kept with the case that it has where it is recorded again: one failure is never pursued
//! twice, whatever a conference found or whatever was decided.

use super::{Making, only, verb};
use crate::{
    Late, NarrativeRef, Refusal, Role,
    draft::{Because, Footing, dated},
    rule::{
        rulings::{R_NOT_PRESCRIBED, R_RECORDED_ALWAYS, R_SANCTION_CONFERENCE},
        universal_credit::UC_SAN,
    },
    sanction::{
        command::Other,
        event::Event,
        fact::Failure,
        state::{Stage, State},
    },
    term::london_date,
};
use chrono::{DateTime, Utc};

/// A case is opened under the benefit that the rule governs; of another the letter prescribes nothing.
pub(super) fn open(
    draft: &mut Making<'_>,
    failure: &Failure,
    late_reason: &Option<NarrativeRef>,
    others: &[Other],
) -> Result<(), Refusal> {
    const VERB: &str = verb::RECORD_FAILURE;
    only(draft, &[Role::WorkCoach, Role::SiteLeader], VERB)?;
    if draft.state.failure.is_some() {
        if is_the_same(&draft.state, failure) {
            return again(draft, failure, late_reason);
        }
        return Err(draft.refused(
            VERB,
            vec![&UC_SAN],
            "the case is about another failure; this one has a case of its own",
        ));
    }
    if !UC_SAN.benefit.as_slice().contains(&failure.award.benefit) {
        let why = "a conference before a sanction is not prescribed for this benefit; follow its own guidance";
        return Err(draft.refused(VERB, vec![&UC_SAN, &R_SANCTION_CONFERENCE, &R_NOT_PRESCRIBED], why));
    }
    let late = told_at(draft, failure, late_reason)?;
    // Where no version of the benefit's guidance is in force a case stands on the letter.
    let guidance = draft.context.guidance;
    let version = Some(guidance.name_in_force(failure.award.benefit, failure.occurred_at, "sanction"));
    let rules = [vec![&UC_SAN, &R_SANCTION_CONFERENCE], late].concat();
    let event = Event::Failed { failure: Box::new(failure.clone()), late: Late::because(late_reason) };
    draft.add(event, Footing { rules, version }, failure.occurred_at);
    name(draft, failure, others);
    Ok(())
}

/// The rules that the date of a failure stands on. Nothing lies before it, not even another one.
fn told_at(draft: &Making<'_>, failure: &Failure, late_reason: &Option<NarrativeRef>) -> Result<Because, Refusal> {
    let (at, always) = (failure.occurred_at, DateTime::<Utc>::MIN_UTC);
    dated(draft.context, "failed_at", at, always, None, Some(&failure.place), late_reason.as_ref())
}

/// Whether the case is about this failure: the same award, failed at the same instant.
fn is_the_same(state: &State, failure: &Failure) -> bool {
    let known = state.failure.as_ref().map(|known| known.what.occurred_at);
    known == Some(failure.occurred_at) && state.is_about(&failure.award)
}

/// What is recorded again is kept, and changes nothing.
fn again(draft: &mut Making<'_>, failure: &Failure, late_reason: &Option<NarrativeRef>) -> Result<(), Refusal> {
    let rules = [vec![&UC_SAN, &R_RECORDED_ALWAYS], told_at(draft, failure, late_reason)?].concat();
    let event = Event::FailedAgain { failure: Box::new(failure.clone()), late: Late::because(late_reason) };
    draft.add(event, rules, failure.occurred_at);
    let what = "This failure is on record already, and a failure has one case (UC-SAN): no other is opened. What you \
                recorded is kept with this one, which stays as it is.";
    draft.notes.push(what.to_owned());
    if draft.state.stage() == Stage::NoReferral {
        let what = "Only another conference of work coach and site leader (HoldSanctionConference) can find otherwise \
                    (UC-SAN).";
        draft.notes.push(what.to_owned());
    }
    if draft.state.failure.as_ref().is_some_and(|known| known.what.requirement != failure.requirement) {
        let what = "Yours names another kind of requirement; the case keeps its own until CorrectFact says otherwise.";
        draft.notes.push(what.to_owned());
    }
    Ok(())
}

/// Names the award's other cases, so that nobody overlooks what was found or decided there.
fn name(draft: &mut Making<'_>, failure: &Failure, others: &[Other]) {
    let told: Vec<_> = others
        .iter()
        .map(|Other { case, failed_at, stage }| format!("{case} of {} ({})", london_date(*failed_at), stage.name()))
        .collect();
    if !told.is_empty() {
        let told = told.join(", ");
        let award = &failure.award.award;
        draft.notes.push(format!(
            "Other failed requirements are on record for award {award}, each with a case of its own: {told}. Look first \
             at what was found and decided there (UC-SAN)."
        ));
    }
}
