//! A concern is determined again: while one is open, and after its conclusion.

use super::case::Step::*;
use super::case::{Case, DETERMINED, Step, concern, london};
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::escalation::{Command, Stage};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::{Refusal, Role};

const CALLED: Step = Call("2026-06-01 10:00");

#[test]
fn a_concern_that_is_open_goes_on() {
    let mut case = Case::given(&[CALLED]);
    let before = case.journal.len();
    case.when(&[Determine("2026-06-02 10:00")]);
    assert_eq!((case.journal.len(), case.state.rounds.len()), (before, 1));
    assert!(!case.notes.is_empty());
}

#[test]
fn after_a_conclusion_everything_is_owed_anew_and_what_was_done_stays_readable() {
    let mut case = Case::given(&[CALLED, Refer, ReviewOn("2026-06-15"), Review("2026-06-15 10:00"), Conclude]);
    case.when(&[Determine("2026-07-01 09:00")]);
    assert_eq!((case.state.stage, case.state.rounds.len()), (Stage::ContactDue, 2));
    assert_eq!(case.owed(), ["contact:2", "leader-need:2"]);
    assert_eq!(case.refused(&Conclude).0, ["PIP-15", "R-CONTACT-ATTEMPT", "PIP-16", "R-LEADER-NEED"]);
    let earlier = &case.state.rounds[0];
    assert_eq!((earlier.attempts.len(), earlier.referrals.len(), earlier.reviews.len()), (1, 1, 1));
    assert!(earlier.concluded.is_some());
    // An attempt from before is kept with this round and does not count for it.
    case.when(&[Late(&Call("2026-06-15 12:00"))]);
    assert_eq!(case.state.stage, Stage::ContactDue);
    case.when(&[Call("2026-07-01 10:00"), Consider(false), Conclude]);
    assert_eq!(case.state.stage, Stage::Concluded);
}

#[test]
fn attempts_are_numbered_through_all_rounds() {
    let case = Case::given(&[
        CALLED,
        Consider(false),
        Conclude,
        Determine("2026-07-01 09:00"),
        CallAndText("2026-07-01 10:00"),
    ]);
    assert_eq!(case.round().attempts[0].what.number, 2);
    assert!(case.owed().contains(&"call-back:2".to_owned()));
}

#[test]
fn a_benefit_without_guidance_in_force_is_refused() {
    let mut case = Case::unopened();
    case.guidance = Guidance::of(vec![]);
    let refused = case.apply(Role::Suite, &Command::Open(Box::new(concern(london(DETERMINED)))));
    assert_eq!(refused, Err(Refusal::NotInForce(Benefit::Pip)));
}
