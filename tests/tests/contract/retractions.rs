//! What counted as two ineffective visits was recorded in error: asked for, declined, confirmed by another, and told to
//! conferencing and back. Each has one effect; what is told twice changes nothing.

use super::{
    bad_input,
    cases::{Way, tell, told, with},
    one_effect::one_effect,
    refused_steps::{all_are_refused, words},
    support::{Ask, Replica, ask, everything, peer, present, reason, suite},
};
use holdfast_chassis::serve::Limits;
use holdfast_contracts::holdfast::{
    access::v1::{
        Role::{self, CaseManager, CesTeam, Referrer, VisitingOfficer},
        Workload,
    },
    common::v1::HeldAt,
    conferencing::v1 as conferencing,
    visiting::v1::{ReceiveCaseBackRequest, ReceiveCaseBackResponse, Stage},
};
use holdfast_procedure::Workload::{Conferencing, Visiting};
use holdfast_tests::{
    pip::Step::{Decision, Finding},
    suite::TestSuite,
};
use serde_json::{Value, json};
use tonic::Code;

const CORRECT: &str = "VisitingService/CorrectFact";
const WITHDRAW: &str = "VisitingService/WithdrawReferral";
const CONFIRM: &str = "VisitingService/ConfirmRetraction";
const DECLINE: &str = "VisitingService/DeclineRetraction";
const TAKE_BACK: &str = "ConferencingService/TakeBackCase";
const RECEIVE_BACK: &str = "VisitingService/ReceiveCaseBack";

/// The rules by which what is not for one person alone, or not on this ground, is refused.
const TWO_PERSONS: &str = "R-WITHDRAWAL, R-SECOND-PERSON";

fn never_happened(fact: u32) -> Value {
    json!({"fact": fact, "never_happened": true, "reason": "words"})
}

fn withdrawn(ground: &str) -> Value {
    json!({"ground": format!("WITHDRAWAL_GROUND_{ground}"), "reason": "words"})
}

/// A case that was handed over after two visits.
async fn handed_over<'a>(suite: &'a TestSuite, award: &str) -> Way<'a> {
    let looked_at = conferencing::AssuranceItem::Circumstances;
    Way::of(suite, award, false).until(Some(Finding(looked_at))).await
}

/// Asks DWP Visiting for something about the case as it is now, in the name of a role, and lets everything follow.
async fn asks(way: &Way<'_>, id: &str, (method, role): (&'static str, Role), said: Value) -> Value {
    let header = way.header(id, &way.standing(Visiting).await.1);
    let reply = told(way.suite, &tell(method, role, with(header, said))).await;
    way.suite.settle().await;
    reply
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_step_of_a_retraction_has_one_effect() {
    let suite = suite().await;
    let way = handed_over(&suite, "A-1").await;
    one_effect(&way, "asked", CORRECT, VisitingOfficer, never_happened(2)).await;
    one_effect(&way, "declined", DECLINE, VisitingOfficer, words("reason")).await;
    one_effect(&way, "withdrawn", WITHDRAW, Referrer, withdrawn("RECORDED_IN_ERROR")).await;
    assert_eq!(way.standing(Visiting).await.0, "HANDED_OVER");
    one_effect(&way, "confirmed", CONFIRM, VisitingOfficer, words("reason")).await;
    assert_eq!(way.standing(Visiting).await.0, "ENDED_WITHDRAWN");
    assert_eq!(way.standing(Conferencing).await.0, "ENDED_TAKEN_BACK");
    suite.stop().await;
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let suite = suite().await;
    let calls: Vec<bad_input::Bad> = vec![
        (ask(CONFIRM, VisitingOfficer, &()), &["case_reference", "etag", "reason", "request_id"]),
        (ask(DECLINE, CesTeam, &()), &["case_reference", "etag", "reason", "request_id"]),
        (peer(RECEIVE_BACK, Workload::Conferencing, &()), &["case_reference", "holds", "request_id"]),
        (peer(TAKE_BACK, Workload::Visiting, &()), &["case_reference", "request_id", "taken_back"]),
    ];
    bad_input::all_are_refused(&suite, calls).await;
    suite.stop().await;
}

#[tokio::test]
async fn what_one_person_may_not_undo_is_refused() {
    let suite = suite().await;
    let way = handed_over(&suite, "A-1").await;
    let rows = vec![
        (CONFIRM, VisitingOfficer, words("reason"), "R-SECOND-PERSON"),
        (DECLINE, VisitingOfficer, words("reason"), "R-SECOND-PERSON"),
        (WITHDRAW, Referrer, withdrawn("ABROAD"), TWO_PERSONS),
        (WITHDRAW, Referrer, withdrawn("EFFECTIVE_CONTACT"), TWO_PERSONS),
        (WITHDRAW, Referrer, withdrawn("CLAIM_WITHDRAWN"), TWO_PERSONS),
    ];
    all_are_refused(&way, Visiting, "HANDED_OVER", rows).await;
    asks(&way, "asked", (CORRECT, VisitingOfficer), never_happened(2)).await;
    let rows = vec![
        (CONFIRM, VisitingOfficer, words("reason"), "R-SECOND-PERSON"),
        (CORRECT, Referrer, never_happened(1), "R-SECOND-PERSON"),
        (WITHDRAW, Referrer, withdrawn("RECORDED_IN_ERROR"), "R-SECOND-PERSON"),
    ];
    all_are_refused(&way, Visiting, "HANDED_OVER", rows).await;
    asks(&way, "confirmed", (CONFIRM, Referrer), words("reason")).await;
    let rows = vec![
        ("ConferencingService/ConsiderSupportMarker", CesTeam, marker(), TWO_PERSONS),
        ("ConferencingService/RequireFurtherInformation", CesTeam, further(), TWO_PERSONS),
        ("ConferencingService/RecordDetermination", CesTeam, no_concern(), TWO_PERSONS),
        ("ConferencingService/ReturnToDecisionMaker", CesTeam, json!({}), TWO_PERSONS),
        ("ConferencingService/RecordDecision", CaseManager, disallowed(), TWO_PERSONS),
        ("ConferencingService/ReopenCase", CaseManager, words("reason"), TWO_PERSONS),
    ];
    all_are_refused(&way, Conferencing, "ENDED_TAKEN_BACK", rows).await;
    suite.stop().await;
}

fn marker() -> Value {
    json!({"support_marker": "SUPPORT_MARKER_PUT_ON", "reason": "words"})
}

fn further() -> Value {
    json!({"further_information": "FURTHER_INFORMATION_REQUIRED", "reason": "words"})
}

fn no_concern() -> Value {
    json!({"satisfaction": "SATISFACTION_SATISFIED", "concern": "CONCERN_NOT_IDENTIFIED", "reasons": "words"})
}

fn disallowed() -> Value {
    json!({"outcome": "OUTCOME_DISALLOW", "weighed": "words"})
}

/// A decision stands, and so does what was asked for before it was made: whoever decided is told once it is confirmed.
#[tokio::test]
async fn a_decision_made_meanwhile_keeps_nobody_from_confirming_that_a_referral_was_made_in_error() {
    let suite = suite().await;
    let way = Way::of(&suite, "A-1", false).until(Some(Decision)).await;
    asks(&way, "asked", (WITHDRAW, Referrer), withdrawn("RECORDED_IN_ERROR")).await;
    way.call(Decision).await.send(&suite).await.unwrap();
    suite.settle().await;
    let confirmed = asks(&way, "confirmed", (CONFIRM, VisitingOfficer), words("reason")).await;
    assert_eq!(confirmed["referral"]["retraction"], Value::Null);
    let stages = (way.standing(Visiting).await.0, way.standing(Conferencing).await.0);
    assert_eq!((stages.0.as_str(), stages.1.as_str()), ("ENDED_DECIDED", "DECIDED"));
    suite.stop().await;
}

/// One colleague confirms while another declines, each at a server of their own: one of them has read what no longer holds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retraction_is_settled_once() {
    let suite = suite().await;
    let other = Replica::start(&suite, Limits::default()).await;
    let way = handed_over(&suite, "A-1").await;
    asks(&way, "asked", (CORRECT, VisitingOfficer), never_happened(2)).await;
    let header = way.header("settled", &way.standing(Visiting).await.1);
    let settles = |method, role| tell(method, role, with(header.clone(), words("reason")));
    let (confirms, declines) = (settles(CONFIRM, Referrer), settles(DECLINE, CesTeam));
    let (confirmed, declined) = tokio::join!(confirms.send(&suite), other.send(&suite, &declines));
    let is_confirmed = confirmed.is_ok();
    let (Ok(_), Err(status)) = (if is_confirmed { (confirmed, declined) } else { (declined, confirmed) }) else {
        panic!("one of the two was to be carried out")
    };
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    suite.settle().await;
    let expected = if is_confirmed { ("SECOND_VISIT_DUE", "ENDED_TAKEN_BACK") } else { ("HANDED_OVER", "ASSURANCE") };
    let stages = (way.standing(Visiting).await.0, way.standing(Conferencing).await.0);
    assert_eq!((stages.0.as_str(), stages.1.as_str()), expected);
    other.stop().await.unwrap();
    suite.stop().await;
}

fn takes_back(id: &str, case: &str, taken_back: Option<conferencing::TakenBack>) -> Ask {
    let (request_id, case_reference) = (id.to_owned(), case.to_owned());
    let request = conferencing::TakeBackCaseRequest { request_id, case_reference, taken_back, ..Default::default() };
    peer(TAKE_BACK, Workload::Visiting, &request)
}

fn brings_back(id: &str, case: &str, version: u64) -> Ask {
    let (request_id, case_reference) = (id.to_owned(), case.to_owned());
    let ground = holdfast_contracts::holdfast::common::v1::HoldGround::TwoIneffectiveVisits.into();
    let holds = vec![HeldAt { ground, version }];
    let request = ReceiveCaseBackRequest { request_id, case_reference, holds, ..Default::default() };
    peer(RECEIVE_BACK, Workload::Conferencing, &request)
}

/// The services tell each other; said again under another id, as after a restore, it changes nothing.
#[tokio::test]
async fn what_the_services_tell_each_other_twice_changes_nothing() {
    let suite = suite().await;
    let way = handed_over(&suite, "A-1").await;
    asks(&way, "asked", (CORRECT, VisitingOfficer), never_happened(2)).await;
    asks(&way, "confirmed", (CONFIRM, Referrer), words("reason")).await;
    let read = tell("ConferencingService/GetCase", CesTeam, json!({"case_reference": way.case}));
    let case: conferencing::GetCaseResponse = read.reply(&suite).await;
    let taken = case.case.as_ref().unwrap().taken_back.clone();
    let again: conferencing::TakeBackCaseResponse = takes_back("again", &way.case, taken.clone()).reply(&suite).await;
    suite.settle().await;
    assert_eq!((&again.case, again.effect.unwrap().etag), (&case.case, case.effect.unwrap().etag));
    let back = present(&suite, &way.case).await;
    let held: ReceiveCaseBackResponse = brings_back("back", &way.case, 2).reply(&suite).await;
    suite.settle().await;
    assert_eq!((&held.referral, held.effect.unwrap().etag), (&back.referral, back.effect.unwrap().etag));
    assert_eq!(held.referral.unwrap().stage(), Stage::SecondVisitDue);

    let open = Way::of(&suite, "A-2", false).until(Some(holdfast_tests::pip::Step::SecondVisit)).await;
    let before = everything(&suite).await;
    for (call, why) in [
        (takes_back("r", "HF-0000-0000-0000", taken.clone()), "CASE_NOT_FOUND"),
        (takes_back("r", &open.case, taken), "CASE_NOT_FOUND"),
        (brings_back("r", "HF-0000-0000-0000", 1), "CASE_NOT_FOUND"),
        (brings_back("r", &open.case, 1), "PART_NOT_FOUND"),
    ] {
        let status = call.refused(&suite).await;
        assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, why), "{}", call.method);
    }
    assert!(everything(&suite).await == before, "a refusal left something behind");
    suite.stop().await;
}
