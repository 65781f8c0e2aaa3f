//! What a caller is told beside the outcome: what would be allowed, and what the guidance does not count.

use super::{
    before::Considered,
    fact::{Happening, Verdict},
    state::{Fact, OpenedBy, Stage, State},
};
use crate::{desk::ASSIGN_TASK, task::COMPLETE_TASK, term::london_date};

/// The verb for considering a visit.
pub(super) const CONSIDER_VISIT: &str = "ConsiderVisit";
/// The verb for triaging a concern.
pub(super) const TRIAGE_CONCERN: &str = "TriageConcern";
/// The verb for deciding on good cause.
pub(super) const DECIDE_GOOD_CAUSE: &str = "DecideGoodCause";
/// The verb for a booking.
pub(super) const RECORD_BOOKING: &str = "RecordBooking";
/// The verb for chasing a referral.
pub(super) const RECORD_FOLLOW_UP: &str = "RecordFollowUp";
/// The verb for a trace of an address.
const RECORD_ADDRESS_TRACE: &str = "RecordAddressTrace";
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
/// The verb for confirming that what counts as two ineffective visits was recorded in error.
pub(super) const CONFIRM_RETRACTION: &str = "ConfirmRetraction";
/// The verb for saying that it was not.
pub(super) const DECLINE_RETRACTION: &str = "DeclineRetraction";

/// The commands allowed now. What happened can always be recorded.
pub(super) fn allowed(state: &State) -> Vec<&'static str> {
    let stage = state.stage;
    let mut allowed = Vec::new();
    if state.referral.is_some() {
        allowed.extend(["RecordVisit", "RecordUnsafeArea", "RecordLetter"]);
    } else {
        allowed.push("RecordUnsafeArea");
    }
    allowed.extend(["RecordContact", RAISE_CONCERN, CORRECT_FACT]);
    allowed.extend(of_core_visits(state));
    if state.contact_in_time() && stage.second_visit_is_open() {
        allowed.push(DECIDE_SECOND_VISIT);
    }
    if let Some(asked) = &state.retraction {
        allowed.extend((stage != Stage::EndedDeath && state.can_be_confirmed(asked)).then_some(CONFIRM_RETRACTION));
        allowed.push(DECLINE_RETRACTION);
    } else if !stage.has_ended() {
        allowed.push(WITHDRAW_REFERRAL);
    }
    if !stage.has_ended() {
        allowed.push(REFER_FOR_VISIT);
    }
    allowed.extend(state.customer.allowed());
    allowed.extend([COMPLETE_TASK, ASSIGN_TASK]);
    allowed
}

/// The commands that only some benefits know, on the cases that have come across them.
fn of_core_visits(state: &State) -> Vec<&'static str> {
    let all = Considered::of(state);
    let (considered, followed_up) = (all.any, state.follow_up.is_some());
    let to_consider = !state.stage.has_ended() || (all.leaves_anything() && !state.ended_in_death_or_error());
    let goes_on = !state.stage.has_ended();
    let triaged = state.opened.as_ref().is_some_and(|opened| opened.how == OpenedBy::Concern);
    let back = state.stage == Stage::EndedVisitEffective && !state.outcome_is_awaited();
    [
        ((considered || followed_up) && to_consider, CONSIDER_VISIT),
        (triaged && goes_on && state.referral.is_none(), TRIAGE_CONCERN),
        (considered || followed_up, RECORD_ADDRESS_TRACE),
        (followed_up, RECORD_FOLLOW_UP),
        (followed_up, RECORD_BOOKING),
        (followed_up && back, DECIDE_GOOD_CAUSE),
    ]
    .into_iter()
    .filter_map(|(allowed, verb)| allowed.then_some(verb))
    .collect()
}

/// What the customer's time to get in touch means for the officers, while it runs.
pub(super) fn waiting(state: &State) -> Option<String> {
    let window = state.window.as_ref().filter(|_| state.stage == Stage::AwaitingContact)?;
    let (contact, last) = (window.contact.in_sentence(), london_date(window.ends.due.ends_at));
    let provisional = if window.ends.due.provisional { " (provisional)" } else { "" };
    if state.customer.death.is_some() {
        return Some(format!(
            "The customer is said to have died, so that nobody contacts them (GEN-3). Were that mistaken, a second visit \
             would be due after {last}{provisional}, unless they got in touch with {contact} before."
        ));
    }
    Some(format!(
        "The customer has until the end of {last}{provisional} to contact {contact}; without contact a second visit \
         is due then, without anybody asking for it."
    ))
}

/// What it means for a case that the customer's death was told of another one.
pub(super) fn death_is_known(state: &State) -> Option<String> {
    let death = state.customer.death.as_ref()?;
    let what = if death.confirmed_at.is_some() {
        "The customer's death is verified, as was told of another case: the case ends with it, and nobody contacts them \
         (GEN-3, R-DEATH-VERIFIED)."
    } else {
        "The customer is said to have died, as was told of another case: nothing that would contact them is owed while that \
         stands, and a second person verifies it with ConfirmDeath (GEN-3, R-DEATH)."
    };
    Some(format!("{what} Where that was mistaken, CorrectDeathReport brings everything back."))
}

/// Why the guidance does not count a fact, or makes nothing of it, nor of what was settled with it.
///
/// `triaged`: the guidance has every concern triaged, which one on a case that has ended is not.
pub(super) fn note(state: &State, fact: &Fact, triaged: bool) -> Option<String> {
    let note = not_counted(state, fact, triaged)?;
    let settled = fact.happening.second_visit().map_or("", |_| " What was said about a second visit does not apply.");
    Some(format!("{note}{settled}"))
}

fn not_counted(state: &State, fact: &Fact, triaged: bool) -> Option<&'static str> {
    match &fact.happening {
        Happening::Concern(_) => return concern_comes_late(state, triaged),
        Happening::Letter(_) => return letter_came_first(state),
        Happening::Visit(_)
        | Happening::UnsafeArea(_)
        | Happening::Contact(_)
        | Happening::Consideration(_)
        | Happening::Triage(_)
        | Happening::AddressTrace(_)
        | Happening::FollowUp(_)
        | Happening::Booking(_) => {}
    }
    match fact.verdict? {
        Verdict::TooEarly => Some(
            "Recorded. This visit does not count as the second ineffective visit: it was made before the window for \
             contact had ended, with no contact in time (R-TOO-EARLY).",
        ),
        Verdict::NotInTime if state.window.is_some() => Some(
            "Recorded. The guidance prescribes nothing for contact outside the window; it changes nothing that is \
             owed (R-NOT-PRESCRIBED).",
        ),
        Verdict::NotInTime => Some(
            "Recorded. The guidance prescribes nothing for contact at this point; it changes nothing that is owed \
             (R-NOT-PRESCRIBED).",
        ),
        Verdict::NotTheCustomer => {
            Some("Recorded. Neither the customer nor a representative got in touch, so the window goes on.")
        }
        Verdict::Neither if matches!(fact.happening, Happening::AddressTrace(_)) => Some(
            "Recorded. The referral names an address of which the referrer is confident, or one was traced since: the \
             visit there is due (R-CARE-OF).",
        ),
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
        Verdict::FirstIneffective if state.window.is_none() => Some(
            "Recorded. The guidance prescribes nothing between the first and the second visit: the second is due now \
             (R-NOT-PRESCRIBED).",
        ),
        Verdict::Effective
        | Verdict::FirstIneffective
        | Verdict::SecondIneffective
        | Verdict::CountsAsTwo
        | Verdict::InTime => None,
    }
}

/// A letter that does not discharge the one that is owed: it was posted before the visit at which that was not left.
fn letter_came_first(state: &State) -> Option<&'static str> {
    state.letter_to_post().map(|_| {
        "Recorded. It was posted before the visit at which the letter could not be left, so that the letter is still owed; \
         where a date is wrong, CorrectFact puts it right (R-LETTER-BY-POST)."
    })
}

/// What becomes of a concern where the visits are over.
fn concern_comes_late(state: &State, triaged: bool) -> Option<&'static str> {
    if state.handover.is_some() {
        return Some(
            "Recorded. After two ineffective visits this is passed to whoever leads the case (R-LATER-CONTACT).",
        );
    }
    let over = !state.concern_protects();
    if over && triaged {
        return Some(
            "Recorded. The case has ended, so this is not triaged and does not protect the award: RaiseConcern anew, \
             with the award and the place in place of the case's reference (ATW-4N, GEN-2).",
        );
    }
    over.then_some("Recorded. The visiting referral is not open any more, so this does not protect the award (GEN-2).")
}
