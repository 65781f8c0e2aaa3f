//! What a caller is told beside the outcome: what would be allowed, and what the guidance does not count.

use super::{
    fact::{Happening, Verdict},
    state::{Fact, Stage, State},
};
use crate::{desk::ASSIGN_TASK, task::COMPLETE_TASK, term::london_date};

/// The verb for a concern about the customer.
const RAISE_CONCERN: &str = "RaiseConcern";
/// The verb for putting a fact right.
pub(super) const CORRECT_FACT: &str = "CorrectFact";
/// The verb for saying whether a second visit is needed.
pub(super) const DECIDE_SECOND_VISIT: &str = "DecideSecondVisit";
/// The verb for referring for a visit.
pub(super) const REFER_FOR_VISIT: &str = "ReferForVisit";
/// The verb for withdrawing the referral.
pub(super) const WITHDRAW_REFERRAL: &str = "WithdrawReferral";

/// The commands allowed now. What happened can always be recorded.
pub(super) fn allowed(state: &State) -> Vec<&'static str> {
    let stage = state.stage;
    let mut allowed =
        vec!["RecordVisit", "RecordUnsafeArea", "RecordLetter", "RecordContact", RAISE_CONCERN, CORRECT_FACT];
    if state.contact_in_time() && stage.second_visit_is_open() {
        allowed.push(DECIDE_SECOND_VISIT);
    }
    if !stage.visits_are_over() {
        allowed.push(WITHDRAW_REFERRAL);
    }
    if !stage.has_ended() {
        allowed.push(REFER_FOR_VISIT);
    }
    allowed.extend(state.customer.allowed());
    allowed.extend([COMPLETE_TASK, ASSIGN_TASK]);
    allowed
}

/// What the customer's time to get in touch means for the officers, while it runs.
pub(super) fn waiting(state: &State) -> Option<String> {
    let window = state.window.as_ref().filter(|_| state.stage == Stage::AwaitingContact)?;
    let (contact, last) = (window.contact.title(), london_date(window.ends.due.ends_at));
    let provisional = if window.ends.due.provisional { " (provisional)" } else { "" };
    Some(format!(
        "The customer has until the end of {last}{provisional} to contact the {contact}; without contact a second visit \
         is due then, without anybody asking for it."
    ))
}

/// Why the guidance does not count a fact, or makes nothing of it, nor of what was settled with it.
pub(super) fn note(state: &State, fact: &Fact) -> Option<String> {
    let note = not_counted(state, fact)?;
    let settled = fact.happening.second_visit().map_or("", |_| " What was said about a second visit does not apply.");
    Some(format!("{note}{settled}"))
}

fn not_counted(state: &State, fact: &Fact) -> Option<&'static str> {
    if matches!(fact.happening, Happening::Concern(_)) {
        return concern_comes_late(state);
    }
    match fact.verdict? {
        Verdict::TooEarly => Some(
            "Recorded. This visit does not count as the second ineffective visit: it was made before the window for \
             contact had ended, with no contact in time (R-TOO-EARLY).",
        ),
        Verdict::NotInTime => Some(
            "Recorded. The guidance prescribes nothing for contact outside the window; it changes nothing that is \
             owed (R-NOT-PRESCRIBED).",
        ),
        Verdict::NotTheCustomer => {
            Some("Recorded. Neither the customer nor a representative got in touch, so the window goes on.")
        }
        Verdict::Neither => Some(
            "Recorded. A visit broken off or postponed is neither effective nor ineffective; it stays due \
             (R-BROKEN-OFF).",
        ),
        Verdict::Afterwards if state.handover.is_some() => Some(
            "Recorded. After two ineffective visits this releases nothing; it is passed to whoever leads the case \
             (R-LATER-CONTACT).",
        ),
        Verdict::Afterwards => {
            Some("Recorded. The visits were over when this happened; it changes nothing about them.")
        }
        Verdict::Effective
        | Verdict::FirstIneffective
        | Verdict::SecondIneffective
        | Verdict::CountsAsTwo
        | Verdict::InTime => None,
    }
}

/// What becomes of a concern where the visits are over.
fn concern_comes_late(state: &State) -> Option<&'static str> {
    if state.handover.is_some() {
        return Some(
            "Recorded. After two ineffective visits this is passed to whoever leads the case (R-LATER-CONTACT).",
        );
    }
    let over = state.stage.has_ended() && !state.outcome_is_awaited();
    over.then_some("Recorded. The visiting referral is not open any more, so this does not protect the award (GEN-2).")
}
