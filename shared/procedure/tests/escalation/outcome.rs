//! What goes back to whoever leads the case.

use super::case::Step::*;
use super::case::{Case, london, words};
use holdfast_procedure::escalation::{Agency, AttemptChannel, AttemptOutcome, Basis, Whom, summary};
use holdfast_procedure::handover::SafeguardingStep;

#[test]
fn the_outcome_tells_every_step_in_the_order_it_was_taken() {
    let mut case = Case::given(&[
        CallAndText("2026-06-01 10:00"),
        Try("2026-06-01 10:30", Whom::Customer, AttemptChannel::Telephone, AttemptOutcome::Reached, false),
        Now("2026-06-01 12:00"),
        Refer,
        Liaise("2026-06-02 10:00", Agency::SocialServices),
        Disclose("2026-06-01 11:00", Agency::Police, Basis::GoodFaithSafeguarding),
        ReviewOn("2026-06-15"),
        Review("2026-06-15 10:00"),
    ]);
    assert_eq!(summary(&case.state), None);
    case.when(&[Conclude]);
    let outcome = summary(&case.state).expect("concluded");
    let steps: Vec<_> = outcome.steps.iter().map(|step| (step.step, step.with.as_str(), step.occurred_at)).collect();
    assert_eq!(
        steps,
        [
            (SafeguardingStep::ContactAttempted, "CUSTOMER", london("2026-06-01 10:00")),
            (SafeguardingStep::ContactMade, "CUSTOMER", london("2026-06-01 10:30")),
            (SafeguardingStep::Disclosure, "POLICE", london("2026-06-01 11:00")),
            (SafeguardingStep::LeaderAsked, "OFFICE-1", london("2026-06-01 12:00")),
            (SafeguardingStep::Liaison, "SOCIAL_SERVICES", london("2026-06-02 10:00")),
            (SafeguardingStep::Review, "", london("2026-06-15 10:00")),
        ]
    );
    assert!(outcome.steps.iter().all(|step| step.narrative.is_some()));
    assert_eq!((outcome.leader.as_deref(), outcome.narrative), (Some("leader-n"), words("the steps")));
    assert_eq!(outcome.concluded_at, case.now);
}

#[test]
fn that_no_leader_is_needed_is_told_too_and_later_facts_are_not() {
    let mut case = Case::given(&[Call("2026-06-01 10:00"), Consider(false), Conclude]);
    let outcome = summary(&case.state).expect("concluded");
    let kinds: Vec<_> = outcome.steps.iter().map(|step| step.step).collect();
    assert_eq!(kinds, [SafeguardingStep::ContactAttempted, SafeguardingStep::LeaderNotNeeded]);
    assert_eq!(outcome.leader, None);
    case.when(&[Liaise("2026-06-03 10:00", Agency::Other)]);
    assert_eq!(summary(&case.state), Some(outcome));
    case.when(&[Determine("2026-07-01 09:00")]);
    assert_eq!(summary(&case.state), None);
}
