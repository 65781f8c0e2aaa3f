//! What is refused although it is valid, with everything a program needs to go on, and what a repeated request gets.

use super::support::{
    Ask, as_admin, ask, at, awaiting_contact, contact, everything, ineffective, metadata, open, peer, present, reason,
    referral, rows_of, suite, visit,
};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    common::v1::{Award, Benefit},
    tasks::v1 as tasks,
    visiting::v1::{self as pb, correct_fact_request::Right},
};
use holdfast_procedure::guidance::Guidance;
use holdfast_tests::suite::TestSuite;
use prost::Message;
use tonic::Code;
use tonic_types::StatusExt;

/// A call, its code and reason, and what its metadata has to hold.
type Refusal = (Ask, Code, &'static str, Vec<(&'static str, String)>);

async fn all_are_refused(suite: &TestSuite, calls: Vec<Refusal>) {
    let before = everything(suite).await;
    for (call, code, why, holds) in calls {
        let status = call.refused(suite).await;
        assert_eq!((status.code(), reason(&status).as_str()), (code, why), "{}: {status:?}", call.method);
        for (key, value) in holds {
            assert_eq!(metadata(&status, key), value, "{} {why} {key}", call.method);
        }
        assert_eq!(everything(suite).await, before, "{} {why} left something behind", call.method);
    }
}

fn decide(id: &str, case: &str, etag: &str) -> pb::DecideSecondVisitRequest {
    pb::DecideSecondVisitRequest {
        request_id: id.to_owned(),
        etag: etag.to_owned(),
        case_reference: case.to_owned(),
        second_visit: pb::SecondVisit::NotNeeded.into(),
        reason: "settled on the telephone".to_owned(),
        ..Default::default()
    }
}

fn withdraw(id: &str, case: &str, etag: &str) -> pb::WithdrawReferralRequest {
    pb::WithdrawReferralRequest {
        request_id: id.to_owned(),
        etag: etag.to_owned(),
        case_reference: case.to_owned(),
        ground: pb::WithdrawalGround::Abroad.into(),
        reason: "moved abroad".to_owned(),
        ..Default::default()
    }
}

fn never_happened(id: &str, case: &str, etag: &str, fact: u32) -> pb::CorrectFactRequest {
    pb::CorrectFactRequest {
        request_id: id.to_owned(),
        etag: etag.to_owned(),
        case_reference: case.to_owned(),
        fact,
        right: Some(Right::NeverHappened(true)),
        reason: "another customer's".to_owned(),
        ..Default::default()
    }
}

fn done(id: &str, task: &str) -> tasks::CompleteTaskRequest {
    tasks::CompleteTaskRequest {
        request_id: id.to_owned(),
        task: task.to_owned(),
        occurred_at: at("2026-06-01 08:50"),
        system: "PIPCS".to_owned(),
        reference: "note-1".to_owned(),
        ..Default::default()
    }
}

fn noted(id: &str, case: &str, decision: pb::DecisionNoted) -> pb::NoteDecisionRequest {
    let (request_id, case_reference) = (id.to_owned(), case.to_owned());
    pb::NoteDecisionRequest { request_id, case_reference, decision: decision.into(), ..Default::default() }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let suite = suite().await;
    let (case, etag) = awaiting_contact(&suite, "one").await;
    let nobody = "HF-0000-0000-0000";
    let (officer, referrer, team) = (Role::VisitingOfficer, Role::Referrer, Role::CesTeam);
    let posted = pb::RecordLetterRequest {
        request_id: "r".to_owned(),
        case_reference: nobody.to_owned(),
        letter: Some(pb::Letter { occurred_at: at("2026-06-01 08:50") }),
        ..Default::default()
    };
    let unsafe_area = pb::RecordUnsafeAreaRequest {
        request_id: "r".to_owned(),
        case_reference: nobody.to_owned(),
        unsafe_area: Some(pb::UnsafeArea { occurred_at: at("2026-06-01 08:50"), account: "why".to_owned() }),
        ..Default::default()
    };
    let told = |case: &str| pb::GetTimelineRequest { case_reference: case.to_owned(), ..Default::default() };
    let read = |case: &str| pb::ReadNarrativeRequest {
        case_reference: case.to_owned(),
        narrative: "N-0000-0000-0000".to_owned(),
        purpose: pb::ReadPurpose::NextStep.into(),
    };
    let no_case = [
        ask("VisitingService/RecordVisit", officer, &visit("r", nobody, ineffective("2026-06-01 08:30"))),
        ask("VisitingService/RecordContact", team, &contact("r", nobody, "2026-06-01 08:45")),
        ask("VisitingService/RecordLetter", officer, &posted),
        ask("VisitingService/RecordUnsafeArea", officer, &unsafe_area),
        ask("VisitingService/DecideSecondVisit", team, &decide("r", nobody, "1-x")),
        ask("VisitingService/WithdrawReferral", referrer, &withdraw("r", nobody, "1-x")),
        ask("VisitingService/CorrectFact", officer, &never_happened("r", nobody, "1-x", 1)),
        ask("TaskService/CompleteTask", team, &done("r", &format!("visiting/{nobody}/first-visit"))),
        peer("VisitingService/NoteDecision", Workload::Conferencing, &noted("r", nobody, pb::DecisionNoted::Decided)),
        ask("VisitingService/GetReferral", team, &pb::GetReferralRequest { case_reference: nobody.to_owned() }),
        ask("VisitingService/GetTimeline", team, &told(nobody)),
    ];
    let no_case = no_case
        .into_iter()
        .map(|call| (call, Code::NotFound, "CASE_NOT_FOUND", vec![("case_reference", nobody.to_owned())]));
    let no_part = [
        ask("VisitingService/CorrectFact", officer, &never_happened("r", &case, &etag, 99)),
        ask("TaskService/CompleteTask", officer, &done("r", &format!("visiting/{case}/no-such-task"))),
        peer("VisitingService/NoteDecision", Workload::Conferencing, &noted("r", &case, pb::DecisionNoted::Decided)),
        peer("VisitingService/NoteDecision", Workload::Conferencing, &noted("r", &case, pb::DecisionNoted::Reopened)),
        ask("VisitingService/ReadNarrative", officer, &read(&case)),
        ask("VisitingService/ReadNarrative", officer, &read(nobody)),
    ];
    let no_part = no_part.into_iter().map(|call| (call, Code::NotFound, "PART_NOT_FOUND", vec![]));
    all_are_refused(&suite, no_case.chain(no_part).collect()).await;
    suite.stop().await;
}

#[tokio::test]
async fn a_step_that_is_not_allowed_yet_names_rule_stage_and_what_is_allowed() {
    let suite = suite().await;
    let (case, etag) = awaiting_contact(&suite, "one").await;
    let mut settled = contact("r", &case, "2026-06-01 08:45");
    settled.contact.as_mut().unwrap().second_visit = pb::SecondVisit::NotNeeded.into();
    let first_visit = format!("visiting/{case}/first-visit");
    let (waiting, _) = open(&suite, "two").await;
    let stage = ("stage", "AWAITING_CONTACT".to_owned());
    let allowed = "RecordVisit, RecordUnsafeArea, RecordLetter, RecordContact, RaiseConcern, CorrectFact, \
                   WithdrawReferral, ReferForVisit, ReportDeath, ChangeAddress, MergeCustomer, CompleteTask, AssignTask";
    let allowed = ("allowed", allowed.to_owned());
    let rules = |rules: &str| ("rules", rules.to_owned());
    let refused = |call: Ask, holds| (call, Code::FailedPrecondition, "STEP_NOT_ALLOWED", holds);
    let of_visit =
        ask("TaskService/CompleteTask", Role::VisitingOfficer, &done("r", &format!("visiting/{waiting}/first-visit")));
    let calls = vec![
        refused(
            ask("VisitingService/DecideSecondVisit", Role::CesTeam, &decide("r", &case, &etag)),
            vec![stage.clone(), allowed.clone(), rules("PIP-3")],
        ),
        refused(
            ask("VisitingService/DecideSecondVisit", Role::Referrer, &decide("r", &case, &etag)),
            vec![stage.clone(), allowed.clone(), rules("PIP-3")],
        ),
        refused(
            ask("VisitingService/RecordContact", Role::VisitingOfficer, &settled),
            vec![stage, allowed, rules("PIP-3")],
        ),
        refused(of_visit, vec![("stage", "FIRST_VISIT_DUE".to_owned()), rules("R-NOT-PRESCRIBED")]),
    ];
    let status = calls[0].0.refused(&suite).await;
    let failure = status.get_details_precondition_failure().expect("a PreconditionFailure");
    let named: Vec<_> = failure.violations.iter().map(|v| (v.r#type.as_str(), v.subject.as_str())).collect();
    assert_eq!(named, [("PIP-3", case.as_str())]);
    assert!(!failure.violations[0].description.is_empty());
    all_are_refused(&suite, calls).await;
    let gone = done("r", &first_visit);
    let gone = ask("TaskService/CompleteTask", Role::VisitingOfficer, &gone);
    all_are_refused(&suite, vec![(gone, Code::NotFound, "PART_NOT_FOUND", vec![])]).await;
    suite.stop().await;
}

#[tokio::test]
async fn a_benefit_that_is_not_in_force_is_refused() {
    let published = Guidance::published();
    let pip = published.versions().filter(|version| version.rules.benefit == holdfast_procedure::Benefit::Pip);
    let guidance = Guidance::of(pip.cloned().collect());
    let suite = TestSuite::start_under(env!("CARGO_BIN_EXE_cluster-keeper"), "2026-06-01 09:00", guidance).await;
    let calls = [(Benefit::Esa, "ESA"), (Benefit::UniversalCredit, "UNIVERSAL_CREDIT")].map(|(benefit, name)| {
        let award = Award { benefit: benefit.into(), ..referral("r").award.unwrap() };
        let call = ask(
            "VisitingService/ReferForVisit",
            Role::Referrer,
            &pb::ReferForVisitRequest { award: Some(award), ..referral("r") },
        );
        (call, Code::FailedPrecondition, "PROCEDURE_NOT_IN_FORCE", vec![("benefit", name.to_owned())])
    });
    all_are_refused(&suite, calls.into()).await;
    suite.stop().await;
}

#[tokio::test]
async fn a_stale_etag_is_refused_with_the_present_one() {
    let suite = suite().await;
    let (case, stale) = open(&suite, "one").await;
    let visited = visit("v", &case, ineffective("2026-06-01 08:30"));
    let reply: pb::RecordVisitResponse =
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visited).reply(&suite).await;
    let now = reply.effect.unwrap().etag;
    assert_ne!(now, stale);
    assert_eq!(present(&suite, &case).await.effect.unwrap().etag, now);
    let late = pb::RecordContactRequest { etag: stale.clone(), ..contact("r", &case, "2026-06-01 08:45") };
    let ended = tasks::CompleteTaskRequest { etag: stale.clone(), ..done("r", &format!("visiting/{case}/x")) };
    let calls = [
        ask("VisitingService/DecideSecondVisit", Role::CesTeam, &decide("r", &case, &stale)),
        ask("VisitingService/WithdrawReferral", Role::Referrer, &withdraw("r", &case, &stale)),
        ask("VisitingService/WithdrawReferral", Role::Referrer, &withdraw("r", &case, "garbage")),
        ask("VisitingService/CorrectFact", Role::VisitingOfficer, &never_happened("r", &case, &stale, 1)),
        ask("VisitingService/RecordContact", Role::CesTeam, &late),
        ask("TaskService/CompleteTask", Role::CesTeam, &ended),
    ];
    let calls = calls.into_iter().map(|call| (call, Code::Aborted, "ETAG_MISMATCH", vec![("etag", now.clone())]));
    all_are_refused(&suite, calls.collect()).await;
    let fresh = pb::RecordContactRequest { etag: now, ..contact("r", &case, "2026-06-01 08:45") };
    let _: pb::RecordContactResponse = ask("VisitingService/RecordContact", Role::CesTeam, &fresh).reply(&suite).await;
    suite.stop().await;
}

/// The decision, told by whoever leads: it ends a case that was handed over, until it is opened again.
#[tokio::test]
async fn the_decision_ends_a_case_that_was_handed_over() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let unsafe_area = pb::RecordUnsafeAreaRequest {
        request_id: "u".to_owned(),
        case_reference: case.clone(),
        unsafe_area: Some(pb::UnsafeArea { occurred_at: at("2026-06-01 08:50"), account: "why".to_owned() }),
        ..Default::default()
    };
    ask("VisitingService/RecordUnsafeArea", Role::VisitingOfficer, &unsafe_area).send(&suite).await.unwrap();
    let handed_over = present(&suite, &case).await.referral.unwrap();
    assert_eq!(handed_over.stage(), pb::Stage::HandedOver);
    let note = async |id: &str, decision| {
        let reply = peer("VisitingService/NoteDecision", Workload::Conferencing, &noted(id, &case, decision))
            .reply(&suite)
            .await;
        let pb::NoteDecisionResponse { referral, effect } = reply;
        (referral.unwrap(), effect.unwrap())
    };
    let (decided, effect) = note("d-1", pb::DecisionNoted::Decided).await;
    assert_eq!((decided.stage(), &decided.handover), (pb::Stage::EndedDecided, &handed_over.handover));
    assert!(effect.citations.iter().any(|citation| citation.rule == "R-HOLD-UNTIL"), "{:?}", effect.citations);
    let (again, repeated) = note("d-2", pb::DecisionNoted::Decided).await;
    assert_eq!((again, repeated.etag), (decided, effect.etag), "told twice, it changes nothing");
    let (reopened, effect) = note("d-3", pb::DecisionNoted::Reopened).await;
    assert_eq!(reopened, handed_over);
    assert!(effect.citations.iter().any(|citation| citation.rule == "R-RECONSIDERATION"), "{:?}", effect.citations);
    suite.stop().await;
}

/// Every command that there is, in an order in which each is carried out.
async fn every_command(suite: &TestSuite) -> Vec<Ask> {
    let refer = ask("VisitingService/ReferForVisit", Role::Referrer, &referral("c-1"));
    let opened = pb::ReferForVisitResponse::decode(refer.send(suite).await.unwrap().as_slice()).unwrap();
    let case = opened.referral.unwrap().case_reference;
    let posted = pb::RecordLetterRequest {
        request_id: "c-3".to_owned(),
        case_reference: case.clone(),
        letter: Some(pb::Letter { occurred_at: at("2026-06-01 08:40") }),
        ..Default::default()
    };
    let unsafe_area = pb::RecordUnsafeAreaRequest {
        request_id: "c-8".to_owned(),
        case_reference: case.clone(),
        unsafe_area: Some(pb::UnsafeArea { occurred_at: at("2026-06-01 08:50"), account: "why".to_owned() }),
        ..Default::default()
    };
    let concern = pb::RaiseConcernRequest {
        request_id: "c-11".to_owned(),
        case_reference: case.clone(),
        concern: Some(pb::Concern { occurred_at: at("2026-06-01 08:45"), specifics: "what".to_owned() }),
        ..Default::default()
    };
    let etag = async || present(suite, &case).await.effect.unwrap().etag;
    let mut asks = vec![refer];
    for (method, role) in [
        ("VisitingService/RecordVisit", Role::VisitingOfficer),
        ("VisitingService/RecordLetter", Role::VisitingOfficer),
        ("VisitingService/RecordContact", Role::CesTeam),
        ("TaskService/CompleteTask", Role::CesTeam),
        ("VisitingService/DecideSecondVisit", Role::CesTeam),
        ("VisitingService/CorrectFact", Role::VisitingOfficer),
        ("VisitingService/RaiseConcern", Role::Officer),
        ("VisitingService/RecordUnsafeArea", Role::VisitingOfficer),
    ] {
        let call = match method {
            "VisitingService/RecordVisit" => ask(method, role, &visit("c-2", &case, ineffective("2026-06-01 08:30"))),
            "VisitingService/RecordLetter" => ask(method, role, &posted),
            "VisitingService/RecordContact" => ask(method, role, &contact("c-4", &case, "2026-06-01 08:45")),
            "TaskService/CompleteTask" => {
                ask(method, role, &done("c-5", &format!("visiting/{case}/communications-note:3")))
            }
            "VisitingService/DecideSecondVisit" => ask(method, role, &decide("c-6", &case, &etag().await)),
            "VisitingService/CorrectFact" => ask(method, role, &never_happened("c-7", &case, &etag().await, 2)),
            "VisitingService/RaiseConcern" => ask(method, role, &concern),
            _ => ask(method, role, &unsafe_area),
        };
        call.send(suite).await.unwrap_or_else(|status| panic!("{method}: {status:?}"));
        asks.push(call);
    }
    let (other, etag) = open(suite, "c-9").await;
    let withdrawn = ask("VisitingService/WithdrawReferral", Role::Referrer, &withdraw("c-10", &other, &etag));
    withdrawn.send(suite).await.unwrap();
    asks.push(withdrawn);
    asks
}

#[tokio::test]
async fn a_repeat_has_no_second_effect_whatever_became_of_the_case() {
    let suite = suite().await;
    let asks = every_command(&suite).await;
    let before = everything(&suite).await;
    let first = super::support::send_all(&suite, &asks).await;
    for (ask, reply) in asks.iter().zip(&first) {
        assert!(reply.is_ok(), "{}: {reply:?}", ask.method);
        assert_eq!(ask.send(&suite).await.unwrap(), *reply.as_ref().unwrap(), "{}", ask.method);
    }
    assert_eq!(everything(&suite).await, before);
    // The same id for something else: another body, another method.
    for ask in &asks {
        let mut other = ask.clone();
        other.body.extend([0x10, 0x01]);
        let status = other.refused(&suite).await;
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::AlreadyExists, "REQUEST_ID_REUSED"),
            "{}",
            ask.method
        );
        assert!(metadata(&status, "request_id").starts_with("c-"), "{}", ask.method);
    }
    assert_eq!(everything(&suite).await, before);
    suite.stop().await;
}

#[tokio::test]
async fn a_repeat_gets_the_very_reply_that_the_first_got() {
    let suite = suite().await;
    let refer = ask("VisitingService/ReferForVisit", Role::Referrer, &referral("c-1"));
    let opened = refer.send(&suite).await.unwrap();
    let case = pb::ReferForVisitResponse::decode(opened.as_slice()).unwrap().referral.unwrap().case_reference;
    let visited = ask(
        "VisitingService/RecordVisit",
        Role::VisitingOfficer,
        &visit("c-2", &case, ineffective("2026-06-01 08:30")),
    );
    let told = visited.send(&suite).await.unwrap();
    suite.move_clock("2026-07-01 09:00").await;
    assert_eq!(refer.send(&suite).await.unwrap(), opened);
    assert_eq!(visited.send(&suite).await.unwrap(), told);
    // Another person may use the same id.
    let another = ask(
        "VisitingService/RecordVisit",
        Role::VisitingOfficer,
        &visit("c-2", &case, ineffective("2026-06-30 08:30")),
    );
    another.by("somebody-else").send(&suite).await.unwrap();
    suite.stop().await;
}

#[tokio::test]
async fn a_repeat_whose_receipt_is_gone_gets_the_present_state() {
    let suite = suite().await;
    let asks = every_command(&suite).await;
    assert!(as_admin(&suite, "DELETE FROM visiting.receipts").await >= 9);
    let before = everything(&suite).await;
    for ask in &asks {
        let reply = ask.send(&suite).await.unwrap_or_else(|status| panic!("{}: {status:?}", ask.method));
        let (case, effect) = if ask.method == "TaskService/CompleteTask" {
            (None, tasks::CompleteTaskResponse::decode(reply.as_slice()).unwrap().effect.unwrap())
        } else {
            // All other replies have the same shape.
            let reply = pb::RecordVisitResponse::decode(reply.as_slice()).unwrap();
            (Some(reply.referral.unwrap()), reply.effect.unwrap())
        };
        assert!(effect.replayed && !effect.validated_only, "{}", ask.method);
        if let Some(case) = case {
            let now = present(&suite, &case.case_reference).await;
            assert_eq!((Some(case), effect.etag), (now.referral, now.effect.unwrap().etag), "{}", ask.method);
        }
    }
    // The id still belongs to the method and the case it was used for.
    let status = ask("VisitingService/ReferForVisit", Role::Referrer, &referral("c-10")).refused(&suite).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::AlreadyExists, "REQUEST_ID_REUSED"));
    let elsewhere = visit("c-2", "HF-0000-0000-0000", ineffective("2026-06-01 08:30"));
    let status = ask("VisitingService/RecordVisit", Role::VisitingOfficer, &elsewhere).refused(&suite).await;
    assert_eq!(status.code(), Code::AlreadyExists);
    assert_eq!(everything(&suite).await, before);
    assert!(rows_of(&suite, &["visiting.receipts"]).await["visiting.receipts"].is_empty());
    suite.stop().await;
}
