//! Every way from a concern to its conclusion, step by step.

use super::case::Step::*;
use super::case::{Case, Step, cited};
use holdfast_procedure::escalation::{Agency, AttemptChannel, AttemptOutcome, Basis, Stage, Whom};

/// A row: what was done, and the stage and tasks that it comes to.
struct Row(&'static str, &'static [Step], Stage, &'static [&'static str]);

const CALLED: Step = Call("2026-06-01 10:00");
const REVIEWED: Step = Review("2026-06-15 10:00");
const ASKED_SOCIAL_SERVICES: Step =
    Try("2026-06-01 10:00", Whom::SocialServices, AttemptChannel::Email, AttemptOutcome::Reached, false);

const ROWS: &[Row] = &[
    Row("nothing yet", &[], Stage::ContactDue, &["contact:1", "leader-need:1"]),
    Row("no reply is an answer", &[CALLED], Stage::LeaderUndecided, &["leader-need:1"]),
    Row("through anybody", &[ASKED_SOCIAL_SERVICES], Stage::LeaderUndecided, &["leader-need:1"]),
    Row("no leader needed", &[CALLED, Consider(false)], Stage::ConclusionDue, &["conclusion:1"]),
    Row("none needed, no contact", &[Consider(false)], Stage::ContactDue, &["contact:1"]),
    Row("leader needed", &[CALLED, Consider(true)], Stage::ReferralDue, &["leader:1"]),
    Row("decided otherwise later", &[CALLED, Consider(true), Consider(false)], Stage::ConclusionDue, &["conclusion:1"]),
    Row("leader asked", &[CALLED, Consider(true), Refer], Stage::ReviewDateDue, &["review-date:1:1"]),
    Row("asking implies needing", &[CALLED, Refer], Stage::ReviewDateDue, &["review-date:1:1"]),
    Row("asked before any contact", &[Refer], Stage::ContactDue, &["contact:1", "review-date:1:1"]),
    Row("date set", &[CALLED, Refer, ReviewOn("2026-06-15")], Stage::ReviewDue, &["review:2026-06-15"]),
    Row("reviewed", &[CALLED, Refer, ReviewOn("2026-06-15"), REVIEWED], Stage::ConclusionDue, &["conclusion:1"]),
    Row(
        "reviewed, and again later",
        &[CALLED, Refer, ReviewOn("2026-06-15"), ReviewThen("2026-06-15 10:00", "2026-06-22")],
        Stage::ReviewDue,
        &["review:2026-06-22"],
    ),
    Row(
        "another date takes the place of the first",
        &[CALLED, Refer, ReviewOn("2026-06-15"), ReviewOn("2026-06-16")],
        Stage::ReviewDue,
        &["review:2026-06-16"],
    ),
    Row(
        "the leader is asked again after the review",
        &[CALLED, Refer, ReviewOn("2026-06-15"), REVIEWED, Refer],
        Stage::ReviewDateDue,
        &["review-date:1:2"],
    ),
    Row(
        "a date that was set before the leader was asked does not follow the referral",
        &[CALLED, Consider(false), ReviewOn("2026-06-15"), Refer],
        Stage::ReviewDateDue,
        &["review-date:1:1"],
    ),
    Row(
        "nor does one that was set before the area had a leader",
        &[CALLED, Moved("Ulster"), Refer, ReviewOn("2026-06-15"), Resolve("Ulster")],
        Stage::ReviewDateDue,
        &["review-date:1:1"],
    ),
    Row(
        "a review on the day that was set before does not count",
        &[CALLED, ReviewOn("2026-06-15"), Refer, REVIEWED],
        Stage::ReviewDateDue,
        &["review-date:1:1"],
    ),
    Row(
        "a date without a leader is kept to",
        &[CALLED, Consider(false), ReviewOn("2026-06-15")],
        Stage::ReviewDue,
        &["review:2026-06-15"],
    ),
    Row(
        "agencies and disclosures settle nothing that is owed",
        &[
            CALLED,
            Liaise("2026-06-01 11:00", Agency::LocalAuthority),
            Disclose("2026-06-01 11:00", Agency::Police, Basis::GoodFaithSafeguarding),
        ],
        Stage::LeaderUndecided,
        &["leader-need:1"],
    ),
    Row("concluded", &[CALLED, Consider(false), Conclude], Stage::Concluded, &[]),
];

#[test]
fn every_path_comes_to_its_stage_and_owes_what_is_left() {
    let mut wrong = Vec::new();
    for Row(name, steps, stage, owed) in ROWS {
        let case = Case::given(steps);
        if case.state.stage != *stage || case.owed() != *owed {
            wrong.push(format!("{name}: {:?}, {:?}", case.state.stage, case.owed()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_stage_rests_on_the_paragraphs_it_is_from() {
    let rests_on = |steps: &[Step]| {
        let case = Case::given(steps);
        let event = case.last("stage_reached");
        (case.state.stage, cited(event).join(" "))
    };
    assert_eq!(rests_on(&[]), (Stage::ContactDue, "PIP-14 PIP-15 R-CONTACT-ATTEMPT".to_owned()));
    assert_eq!(rests_on(&[CALLED]), (Stage::LeaderUndecided, "PIP-16 R-LEADER-NEED".to_owned()));
    assert_eq!(rests_on(&[CALLED, Refer]), (Stage::ReviewDateDue, "PIP-16R".to_owned()));
    assert_eq!(rests_on(&[CALLED, Consider(false)]), (Stage::ConclusionDue, "PIP-17".to_owned()));
}

#[test]
fn a_task_says_who_owes_it_and_what_discharges_it() {
    let of = |steps: &[Step], key| {
        let task = Case::given(steps).task(key);
        (task.owner.title(), task.discharged_by, task.rule.id, task.blocking, task.contacts_customer)
    };
    assert_eq!(of(&[], "contact:1"), ("CES Team", "RecordContactAttempt", "PIP-15", true, true));
    assert_eq!(of(&[], "leader-need:1"), ("CES Team", "ConsiderLeader", "PIP-16", true, false));
    assert_eq!(of(&[Consider(true)], "leader:1"), ("CES Team", "ReferToLeader", "PIP-16", true, false));
    assert_eq!(of(&[Refer], "review-date:1:1"), ("CES Team", "SetReviewDate", "PIP-16R", true, false));
    assert_eq!(of(&[ReviewOn("2026-06-15")], "review:2026-06-15").1, "RecordReview");
    assert_eq!(
        of(&[CALLED, Consider(false)], "conclusion:1"),
        ("CES Team", "ConcludeEscalation", "PIP-17", true, false)
    );
}
