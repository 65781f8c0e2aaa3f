//! Request ids, etags and dry runs: one effect for every request, however often and however many at once ask for it.

use super::support::{
    Ask, Replica, VISITING, ask, awaiting_contact, contact, everything, ineffective, open, present, referral, rows_of,
    send_all, suite, value, visit,
};
use holdfast_chassis::serve::Limits;
use holdfast_contracts::holdfast::{access::v1::Role, visiting::v1 as pb};
use holdfast_store::verify;
use prost::Message;
use std::collections::BTreeSet;

/// The commands for which the contracts require an etag. A change here is a change for callers.
#[test]
fn an_etag_is_required_where_somebody_decides_on_what_they_have_read() {
    let policies = super::access::policies();
    let required: Vec<_> =
        policies.iter().filter(|(_, access)| access.etag_required).map(|(method, _)| method.as_str()).collect();
    let expected = [
        "ConferencingService/CorrectFact",
        "ConferencingService/RecordDecision",
        "ConferencingService/RecordDetermination",
        "ConferencingService/ReopenCase",
        "ConferencingService/ReturnToDecisionMaker",
        "EscalationService/ConcludeEscalation",
        "EscalationService/CorrectFact",
        "OverrideService/ApproveOverride",
        "SanctionService/CorrectFact",
        "SanctionService/DecideSanction",
        "SanctionService/ReconsiderSanction",
        "SanctionService/ReferForSanction",
        "SanctionService/WithdrawSanctionCase",
        "VisitingService/ConfirmRetraction",
        "VisitingService/CorrectFact",
        "VisitingService/DecideGoodCause",
        "VisitingService/DecideSecondVisit",
        "VisitingService/DeclineRetraction",
        "VisitingService/WithdrawReferral",
    ];
    assert_eq!(required, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_twins_have_one_effect_and_one_reply() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let twins = [
        ask(
            "VisitingService/RecordVisit",
            Role::VisitingOfficer,
            &visit("twin", &case, ineffective("2026-06-01 08:30")),
        ),
        ask("VisitingService/ReferForVisit", Role::Referrer, &referral("twin")),
    ];
    for twin in twins {
        let replies = send_all(&suite, &vec![twin.clone(); 20]).await;
        let replies: BTreeSet<_> = replies.into_iter().map(|reply| reply.expect(twin.method)).collect();
        assert_eq!(replies.len(), 1, "{}", twin.method);
    }
    let commands = "SELECT count(*) FROM visiting.journal WHERE ordinal = 0";
    assert_eq!(value(&suite, commands).await, "3");
    assert_eq!(value(&suite, "SELECT count(*) FROM visiting.receipts").await, "3");
    assert_eq!(value(&suite, "SELECT count(*) FROM visiting.narrative").await, "3");
    assert_eq!(value(&suite, "SELECT count(*) FROM visiting.cases").await, "2");
    suite.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twins_that_meet_in_the_database_only_have_one_effect_and_one_reply() {
    let suite = suite().await;
    let replica = Replica::start(&suite, Limits::default()).await;
    for round in 0..10 {
        let twin = ask("VisitingService/ReferForVisit", Role::Referrer, &referral(&format!("twin-{round}")));
        let (one, other) = tokio::join!(twin.send(&suite), replica.send(&suite, &twin));
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(one, other, "round {round}");
        let case = pb::ReferForVisitResponse::decode(one.as_slice()).unwrap().referral.unwrap().case_reference;
        let visited = visit(&format!("visit-{round}"), &case, ineffective("2026-06-01 08:30"));
        let twin = ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visited);
        let (one, other) = tokio::join!(replica.send(&suite, &twin), twin.send(&suite));
        assert_eq!(one.unwrap(), other.unwrap(), "round {round}");
    }
    assert_eq!(value(&suite, "SELECT count(*) FROM visiting.journal WHERE ordinal = 0").await, "20");
    assert_eq!(value(&suite, "SELECT count(*) FROM visiting.cases").await, "10");
    replica.stop().await.unwrap();
    suite.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_commands_at_once_on_one_case_are_all_recorded() {
    let suite = suite().await;
    let (case, _) = awaiting_contact(&suite, "one").await;
    let mut asks: Vec<Ask> = Vec::new();
    for number in 0..10 {
        let minute = format!("2026-06-01 08:{}", 35 + number);
        asks.push(ask(
            "VisitingService/RecordContact",
            Role::CesTeam,
            &contact(&format!("c-{number}"), &case, &minute),
        ));
        let visited = visit(&format!("v-{number}"), &case, ineffective(&minute));
        asks.push(ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visited));
    }
    for reply in send_all(&suite, &asks).await {
        reply.unwrap();
    }
    let entries = suite.store(VISITING).timeline(&case, 0, i64::MAX).await.unwrap();
    verify(&entries).unwrap();
    let requests: BTreeSet<_> = entries.iter().filter_map(|entry| entry.request_id.clone()).collect();
    assert_eq!(requests.len(), 22);
    assert_eq!(present(&suite, &case).await.referral.unwrap().facts.len(), 21);
    // What followed from one command stands together.
    let mut seen = BTreeSet::new();
    for pair in entries.windows(2) {
        if pair[0].request_id != pair[1].request_id {
            assert_eq!(pair[1].ordinal, 0);
            assert!(seen.insert(pair[0].request_id.clone()), "{:?} is in two places", pair[0].request_id);
        } else {
            assert_eq!(pair[1].ordinal, pair[0].ordinal + 1);
        }
    }
    suite.stop().await;
}

#[tokio::test]
async fn a_dry_run_tells_what_would_follow_and_records_nothing() {
    let suite = suite().await;
    let (case, etag) = open(&suite, "one").await;
    let before = everything(&suite).await;
    let dry = |message: pb::RecordVisitRequest| pb::RecordVisitRequest { validate_only: true, ..message };
    let visited = visit("v", &case, ineffective("2026-06-01 08:30"));
    let would: pb::RecordVisitResponse =
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &dry(visited.clone())).reply(&suite).await;
    let dry_referral = pb::ReferForVisitRequest { validate_only: true, ..referral("r") };
    let referred: pb::ReferForVisitResponse =
        ask("VisitingService/ReferForVisit", Role::Referrer, &dry_referral).reply(&suite).await;
    assert_eq!(everything(&suite).await, before, "a dry run left something behind");
    let effect = referred.effect.unwrap();
    assert!(effect.validated_only && !effect.tasks.is_empty());

    let did: pb::RecordVisitResponse =
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visited).reply(&suite).await;
    let (would_effect, did_effect) = (would.effect.unwrap(), did.effect.unwrap());
    assert!(would_effect.validated_only && !did_effect.validated_only);
    assert_eq!(would_effect.tasks, did_effect.tasks);
    assert_eq!(would_effect.citations, did_effect.citations);
    assert_ne!(did_effect.etag, etag);
    let (would, did) = (would.referral.unwrap(), did.referral.unwrap());
    assert_eq!((would.stage(), would.contact_window.clone()), (pb::Stage::AwaitingContact, did.contact_window.clone()));
    assert_eq!(would.stage(), did.stage());
    // And the same id, dry or not, is then taken.
    let status = ask("VisitingService/RecordVisit", Role::VisitingOfficer, &dry(visited.clone())).refused(&suite).await;
    assert_eq!(super::support::reason(&status), "REQUEST_ID_REUSED");
    let real: pb::ReferForVisitResponse =
        ask("VisitingService/ReferForVisit", Role::Referrer, &referral("r")).reply(&suite).await;
    assert!(!real.effect.unwrap().validated_only);
    assert_eq!(rows_of(&suite, &["visiting.cases"]).await["visiting.cases"].len(), 2);
    suite.stop().await;
}

/// A dry run is refused as the real command would be.
#[tokio::test]
async fn a_dry_run_is_refused_as_the_command_would_be() {
    let suite = suite().await;
    let (case, etag) = awaiting_contact(&suite, "one").await;
    for (etag, reason) in [(etag.as_str(), "STEP_NOT_ALLOWED"), ("1-stale", "ETAG_MISMATCH"), ("", "INVALID_REQUEST")] {
        let asked = pb::DecideSecondVisitRequest {
            request_id: "r".to_owned(),
            validate_only: true,
            etag: etag.to_owned(),
            case_reference: case.clone(),
            second_visit: pb::SecondVisit::Needed.into(),
            reason: "why".to_owned(),
            ..Default::default()
        };
        let status = ask("VisitingService/DecideSecondVisit", Role::CesTeam, &asked).refused(&suite).await;
        assert_eq!(super::support::reason(&status), reason, "{status:?}");
    }
    suite.stop().await;
}
