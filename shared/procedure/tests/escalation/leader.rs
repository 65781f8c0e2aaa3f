//! The leader: of which area, when there is none, when the customer moves, and the review after they were asked.

use super::case::Step::*;
use super::case::{Case, Step, cited, london};
use holdfast_procedure::Role;
use holdfast_procedure::escalation::Stage;

const CALLED: Step = Call("2026-06-01 10:00");

fn person(case: &Case) -> Option<&str> {
    case.round().leader().map(|leader| leader.person.as_str())
}

#[test]
fn the_leader_is_that_of_the_area_when_they_are_asked() {
    let case = Case::given(&[CALLED, Consider(true), Refer]);
    assert_eq!(person(&case), Some("leader-n"));
    assert_eq!(cited(case.last("leader_asked")), ["PIP-16", "R-LEADER-NEED", "R-LEADER-OF-AREA", "SSL-1"]);
    let moved = Case::given(&[CALLED, Consider(true), Moved("South"), Refer]);
    assert_eq!(person(&moved), Some("leader-s"));
    assert_eq!(moved.owed(), ["review-date:1:1"]);
}

#[test]
fn a_leader_is_asked_at_any_stage() {
    let rows: &[&[Step]] = &[
        &[],
        &[CALLED],
        &[CALLED, Consider(false)],
        &[CALLED, Refer],
        &[CALLED, Refer, ReviewOn("2026-06-15")],
        &[CALLED, Refer, ReviewOn("2026-06-15"), Review("2026-06-15 10:00")],
        &[CALLED, Consider(false), Conclude],
    ];
    for steps in rows {
        let mut case = Case::given(steps);
        let asked = case.round().referrals.len();
        case.when(&[Refer]);
        assert_eq!(case.round().referrals.len(), asked + 1, "{steps:?}");
        assert!(cited(case.last("leader_asked")).contains(&"R-LEADER-ANY-STAGE"), "{steps:?}");
    }
}

#[test]
fn what_is_asked_after_the_conclusion_is_reviewed_like_anything_else() {
    let mut case = Case::given(&[CALLED, Consider(false), Conclude, Refer]);
    assert_eq!((case.state.stage, case.owed()), (Stage::Concluded, vec!["review-date:1:1".to_owned()]));
    case.when(&[ReviewOn("2026-06-15")]);
    assert_eq!(case.owed(), ["review:2026-06-15"]);
    case.when(&[Review("2026-06-15 10:00")]);
    assert!(case.owed().is_empty());
}

#[test]
fn an_area_without_a_leader_is_loud_and_waits() {
    let mut case = Case::given(&[CALLED, Moved("Ulster"), Refer]);
    assert_eq!(case.state.stage, Stage::AwaitingLeader);
    assert_eq!((person(&case), case.round().referrals.len()), (None, 1));
    assert!(cited(case.last("leader_asked")).contains(&"R-NO-LEADER"));
    let task = case.task("name-leader:Ulster");
    assert_eq!((task.owner, task.blocking, task.discharged_by), (Role::Operator, true, "SetLeader"));
    assert_eq!((task.what.as_str(), task.rule.id), ("Name a leader for the area Ulster", "R-NO-LEADER"));
    let (rules, why) = case.refused(&Conclude);
    assert!(rules.contains(&"R-NO-LEADER") && why.contains("Ulster"), "{why}");
    case.when(&[Resolve("Ulster")]);
    assert_eq!((case.state.stage, person(&case)), (Stage::ReviewDateDue, Some("leader-x")));
    assert_eq!(cited(case.last("leader_named")), ["R-NO-LEADER", "R-LEADER-OF-AREA", "SSL-1"]);
}

#[test]
fn a_leader_named_settles_only_what_waits_for_that_area() {
    for steps in [
        &[CALLED][..],
        &[CALLED, Refer],
        &[CALLED, Moved("Ulster"), Refer, Resolve("Ulster")],
        &[CALLED, Moved("Abroad"), Refer],
    ] {
        let mut case = Case::given(steps);
        let before = case.journal.len();
        case.when(&[Resolve("Ulster")]);
        assert_eq!(case.journal.len(), before, "{steps:?}");
    }
}

#[test]
fn a_review_while_nobody_could_be_asked_is_owed_again_once_somebody_was() {
    let held = &[CALLED, Moved("Ulster"), Refer, ReviewOn("2026-06-15"), Review("2026-06-15 10:00")];
    let mut case = Case::given(held);
    assert_eq!(case.state.stage, Stage::AwaitingLeader);
    case.when(&[Resolve("Ulster")]);
    assert_eq!((case.state.stage, case.owed()), (Stage::ReviewDateDue, vec!["review-date:1:1".to_owned()]));
}

#[test]
fn on_a_move_the_old_leader_stays_until_the_case_is_handed_over() {
    let mut case = Case::given(&[CALLED, Refer, ReviewOn("2026-06-15"), Moved("South")]);
    let task = case.task("new-leader:South");
    assert_eq!((task.rule.id, task.discharged_by, task.blocking), ("R-LEADER-ON-MOVE", "ReferToLeader", false));
    assert_eq!(person(&case), Some("leader-n"));
    case.when(&[Refer]);
    assert_eq!(person(&case), Some("leader-s"));
    assert!(cited(case.last("leader_asked")).contains(&"R-LEADER-ON-MOVE"));
    assert_eq!(case.owed(), ["review-date:1:2"], "a review date follows the referral to the new leader");
}

#[test]
fn on_a_move_to_an_area_without_a_leader_the_old_one_stays() {
    let case = Case::given(&[CALLED, Refer, Moved("Ulster"), Refer]);
    assert_eq!((case.state.stage, person(&case)), (Stage::AwaitingLeader, Some("leader-n")));
}

#[test]
fn a_move_back_without_a_referral_or_after_the_conclusion_owes_nothing() {
    const CONCLUDED: &[Step] =
        &[CALLED, Refer, ReviewOn("2026-06-15"), Review("2026-06-15 10:00"), Conclude, Moved("South")];
    for steps in [&[CALLED, Refer, Moved("South"), Moved("North")][..], &[CALLED, Moved("South")], CONCLUDED] {
        let case = Case::given(steps);
        assert!(!case.owed().iter().any(|key| key.starts_with("new-leader")), "{:?}", case.owed());
    }
}

#[test]
fn a_review_is_due_at_the_end_of_its_day_in_london() {
    // The clocks go back on the night before.
    let case = Case::given(&[Refer, Now("2026-10-20 10:00"), ReviewOn("2026-10-25")]);
    let due = case.task("review:2026-10-25").due.expect("a date");
    assert_eq!(due.due.ends_at, london("2026-10-25 23:59:59.999999"));
    let mut today = Case::given(&[Refer, Now("2026-06-10 23:30")]);
    today.when(&[ReviewOn("2026-06-10")]);
    assert_eq!(today.task("review:2026-06-10").due.unwrap().due.ends_at, london("2026-06-10 23:59:59.999999"));
}

#[test]
fn a_review_date_lies_ahead_and_within_reach() {
    let mut case = Case::given(&[Refer, Now("2026-06-10 10:00")]);
    assert_eq!(case.faults(&ReviewOn("2026-06-09")), ["review_on"]);
    assert_eq!(case.faults(&ReviewOn("2400-01-01")), ["review_on"]);
    case.when(&[ReviewOn("2026-06-10")]);
    assert_eq!(case.faults(&ReviewThen("2026-06-10 10:00", "2026-06-09")), ["next_review_on"]);
}

#[test]
fn a_review_counts_on_a_date_set_for_it_and_after_the_leader_was_asked() {
    let rows: &[(&str, &[Step], bool)] = &[
        ("no date", &[Refer, Review("2026-06-15 10:00")], false),
        ("a date", &[Refer, ReviewOn("2026-06-15"), Review("2026-06-15 10:00")], true),
        ("before its day", &[Refer, ReviewOn("2026-06-15"), Review("2026-06-12 10:00")], true),
        (
            "held before the referral",
            &[Now("2026-06-02 10:00"), Refer, ReviewOn("2026-06-15"), Review("2026-06-01 12:00")],
            false,
        ),
        (
            "by a clock more than a minute behind",
            &[Now("2026-06-02 10:00"), Refer, ReviewOn("2026-06-15"), Review("2026-06-02 09:58:59.999999")],
            false,
        ),
        (
            "by a clock a minute behind",
            &[Now("2026-06-02 10:00"), Refer, ReviewOn("2026-06-15"), Review("2026-06-02 09:59")],
            true,
        ),
        (
            "the instant of the referral",
            &[Now("2026-06-02 10:00"), Refer, ReviewOn("2026-06-15"), Review("2026-06-02 10:00")],
            true,
        ),
        ("no leader needed", &[Consider(false), ReviewOn("2026-06-15"), Review("2026-06-15 10:00")], true),
    ];
    for (name, steps, counts) in rows {
        let case = Case::given(steps);
        let review = case.round().reviews.last().expect("a review");
        assert_eq!((review.what.counts, case.round().reviewed), (*counts, *counts), "{name}");
        assert_eq!(case.notes.is_empty(), *counts, "{name}: {:?}", case.notes);
        assert_eq!(case.round().review_date.is_none(), *counts || *name == "no date", "{name}");
    }
}
