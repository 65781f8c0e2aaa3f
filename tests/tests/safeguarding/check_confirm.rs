//! An action confirmed at the moment of taking it.

use crate::{
    check_support::{BEGINNING, Payer, hold, kinds, question, sources},
    support::{fields, refusal},
};
use chrono::TimeDelta;
use holdfast_contracts::holdfast::{
    access::v1::Workload,
    common::v1 as common,
    safeguarding::v1::{ConfirmActionRequest, Decision, ReasonKind},
};
use holdfast_tests::suite::{london, timestamp};
use tonic::Code;
use tonic_types::StatusExt;

const CASE: &str = "HF-7K3M-9QXW-2D4F";

#[tokio::test]
async fn what_is_confirmed_has_a_permit_and_the_same_request_has_the_same() {
    let payer = Payer::new().await;
    let asked = question("C-1", "A-1");
    let told = payer.confirm("r-1", &asked).await.expect("an answer");
    let answer = told.answer.clone().expect("an answer");
    assert_eq!(answer.decision(), Decision::Permitted, "{answer:?}");
    assert_eq!(answer.question.as_ref(), Some(&asked));
    assert!(answer.valid_for.is_some() && !told.validated_only);
    let expires = timestamp(london(BEGINNING) + TimeDelta::seconds(300));
    assert_eq!(told.permit_expires_at, Some(expires));

    let decision = payer.decision(&answer.decision_id).await.expect("the decision");
    assert_eq!(decision.question.as_ref(), Some(&asked));
    assert_eq!((decision.decided_at, decision.permit_expires_at), (Some(timestamp(london(BEGINNING))), Some(expires)));
    assert_eq!(decision.asked_by.expect("who asked").workload(), Workload::Payments);

    payer.suite.clock.advance(TimeDelta::seconds(299));
    payer.prove().await;
    let again = payer.confirm("r-1", &asked).await.expect("an answer");
    assert_eq!(again.answer.expect("an answer").decision_id, answer.decision_id);
    assert_eq!(again.permit_expires_at, Some(expires));
    let other = payer.confirm("r-1", &question("C-1", "A-2")).await.expect_err("another request");
    assert_eq!(refusal(&other).0, Code::AlreadyExists);

    payer.suite.clock.advance(TimeDelta::seconds(1));
    payer.prove().await;
    let late = payer.confirm("r-1", &asked).await.expect_err("its permit is no more");
    assert_eq!(refusal(&late).1, "REQUEST_ID_REUSED");
    assert!(late.message().contains("has expired"), "{late:?}");
    assert_eq!(payer.count("SELECT count(*) FROM permits").await, 1);
    payer.end().await;
}

#[tokio::test]
async fn a_confirmation_that_is_only_tried_writes_nothing_and_permits_nothing() {
    let payer = Payer::new().await;
    let asked = Some(question("C-1", "A-1"));
    let request =
        ConfirmActionRequest { request_id: "r-1".into(), validate_only: true, question: asked, ..Default::default() };
    let told = payer.confirmed(request).await.expect("an answer");
    let answer = told.answer.expect("an answer");
    assert_eq!((answer.decision(), answer.decision_id.as_str(), answer.valid_for), (Decision::Permitted, "", None));
    assert!(told.validated_only && told.permit_expires_at.is_none());
    assert_eq!(payer.count("SELECT count(*) FROM permits").await, 0);
    let unnamed = payer.confirm("", &question("C-1", "A-1")).await.expect_err("no request id");
    assert_eq!(fields(&unnamed), ["request_id"]);
    let unasked = payer.confirmed(ConfirmActionRequest { request_id: "r-2".into(), ..Default::default() }).await;
    let answer = unasked.expect("an answer").answer.expect("an answer");
    assert_eq!((kinds(&answer), answer.question), (vec![ReasonKind::NotRecognised], None));
    payer.end().await;
}

/// What goes on behind the sources, and what a payer is told of it.
const BEHIND: [(&str, &str, ReasonKind); 4] = [
    (
        "a hold that the ledger was never told of",
        "INSERT INTO visiting.protections (case_reference, ground, version, customer, benefit, award, formerly, since)
             VALUES ('HF-7K3M-9QXW-2D4F', 3, 1, 'C-1', 'pip', 'A-1', '{}', now())",
        ReasonKind::SourceProtects,
    ),
    (
        "a case that changes with every look",
        "INSERT INTO visiting.protections (case_reference, ground, version, customer, benefit, award, formerly, released, since)
             VALUES ('HF-7K3M-9QXW-2D4F', 3, 2, 'C-1', 'pip', 'A-1', '{}', 'withdrawn', now());
         CREATE FUNCTION visiting.moves() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN UPDATE visiting.protections SET version = version + 1; RETURN NULL; END';
         CREATE TRIGGER moves AFTER UPDATE ON visiting.proofs EXECUTE FUNCTION visiting.moves()",
        ReasonKind::SourceChanged,
    ),
    (
        "a source that cannot write",
        "CREATE FUNCTION visiting.fails() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN RAISE ''no''; END';
         CREATE TRIGGER fails AFTER UPDATE ON visiting.proofs EXECUTE FUNCTION visiting.fails()",
        ReasonKind::SourceUnreachable,
    ),
    (
        "a source that hangs",
        "CREATE FUNCTION visiting.hangs() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN PERFORM pg_sleep(20); RETURN NULL; END';
         CREATE TRIGGER hangs AFTER UPDATE ON visiting.proofs EXECUTE FUNCTION visiting.hangs()",
        ReasonKind::SourceUnreachable,
    ),
];

#[tokio::test]
async fn what_a_source_says_itself_prohibits_though_the_ledger_permits() {
    for (what, sql, kind) in BEHIND {
        let payer = Payer::new().await;
        payer.behind(sql).await;
        let asked = question("C-1", "A-1");
        assert_eq!(payer.check(&asked).await.decision(), Decision::Permitted, "{what}: the ledger knows nothing");
        let answer = payer.confirm("r-1", &asked).await.expect("an answer").answer.expect("an answer");
        assert_eq!((kinds(&answer), sources(&answer)), (vec![kind], vec![Workload::Visiting]), "{what}: {answer:?}");
        assert_eq!(payer.count("SELECT count(*) FROM permits").await, 0, "{what}");
        payer.end().await;
    }
}

#[tokio::test]
async fn what_the_check_prohibits_is_not_confirmed() {
    let payer = Payer::new().await;
    payer.place(hold(CASE, "C-1", "A-1")).await;
    let told = payer.confirm("r-1", &question("C-1", "A-1")).await.expect("an answer");
    assert_eq!(kinds(told.answer.as_ref().expect("an answer")), [ReasonKind::Held]);
    assert_eq!(told.citations[0].rule, "PIP-6");
    payer.suite.clock.advance(TimeDelta::seconds(5));
    let told = payer.confirm("r-2", &question("C-2", "A-2")).await.expect("an answer").answer.expect("an answer");
    assert_eq!(kinds(&told), [ReasonKind::SourceStale; 2]);
    payer.end().await;
}

#[tokio::test]
async fn a_hold_that_comes_later_recalls_the_permit() {
    let payer = Payer::new().await;
    let asked = question("C-1", "A-1");
    let permit = payer.confirm("r-1", &asked).await.expect("an answer").answer.expect("an answer");
    assert_eq!(payer.place(hold(CASE, "C-1", "A-1")).await.recalled, 1);
    let decision = payer.decision(&permit.decision_id).await.expect("the decision");
    let [recall] = decision.recalls.as_slice() else { panic!("one recall: {decision:?}") };
    assert_eq!((&recall.decision_id, &recall.question), (&permit.decision_id, &Some(asked.clone())));
    assert_eq!(recall.hold.as_ref().expect("the hold").case_reference, CASE);
    assert_eq!(recall.recorded_at, Some(timestamp(london(BEGINNING))));
    assert_eq!(recall.citations.iter().map(|cited| cited.rule.as_str()).collect::<Vec<_>>(), ["PIP-6", "R-HOLD-FROM"]);
    let again = payer.confirm("r-1", &asked).await.expect_err("a permit that was recalled is none");
    assert_eq!(refusal(&again).1, "REQUEST_ID_REUSED");
    assert!(again.message().contains("was recalled") && again.message().contains(CASE), "{again:?}");
    let metadata = again.get_details_error_info().expect("details").metadata;
    assert_eq!(metadata.get("decision_id"), Some(&permit.decision_id));
    assert_eq!(metadata.get("recalled_by").map(String::as_str), Some(CASE));
    payer.end().await;
}

/// A hold on an award, by a case of its own.
fn standing(case: &str, award: &str) -> common::Hold {
    hold(case, "C-2", award)
}

/// Word that C-2 was C-1, by a hold that itself prohibits nothing.
fn merged() -> common::Hold {
    common::Hold {
        ground: common::HoldGround::OpenReferral.into(),
        formerly: vec!["C-1".to_owned()],
        rules: vec!["R-OPEN-REFERRAL".to_owned()],
        actions: Vec::new(),
        ..hold("HF-2222-2222-2222", "C-2", "A-2")
    }
}

#[tokio::test]
async fn a_permit_under_a_former_reference_is_recalled_by_the_hold_that_prohibits_it() {
    let payer = Payer::new().await;
    payer.place(merged()).await;
    let mut permits = Vec::new();
    for (id, customer) in [("r-1", "C-1"), ("r-2", "C-2")] {
        let asked = question(customer, "A-9");
        permits.push(payer.confirm(id, &asked).await.expect("an answer").answer.expect("an answer"));
    }
    assert_eq!(payer.place(standing(CASE, "A-3")).await.recalled, 2);
    for (permit, customer) in permits.iter().zip(["C-1", "C-2"]) {
        assert_eq!(payer.check(&question(customer, "A-9")).await.decision(), Decision::Prohibited);
        let decision = payer.decision(&permit.decision_id).await.expect("the decision");
        let by: Vec<_> = decision.recalls.iter().map(|recall| recall.hold.clone()).collect();
        assert_eq!(by, [Some(standing(CASE, "A-3"))], "{customer}");
    }
    payer.end().await;
}

#[tokio::test]
async fn a_permit_is_recalled_when_the_word_comes_last_of_who_its_customer_is() {
    let payer = Payer::new().await;
    payer.place(standing(CASE, "A-3")).await;
    let permit = payer.confirm("r-1", &question("C-1", "A-9")).await.expect("an answer").answer.expect("an answer");
    assert_eq!(permit.decision(), Decision::Permitted, "nobody knows that they are one customer");
    assert_eq!(payer.place(merged()).await.recalled, 1);
    assert_eq!(payer.check(&question("C-1", "A-9")).await.decision(), Decision::Prohibited);
    let decision = payer.decision(&permit.decision_id).await.expect("the decision");
    assert_eq!(decision.recalls.len(), 1, "{decision:?}");
    assert_eq!(decision.recalls[0].hold, Some(standing(CASE, "A-3")), "the hold that prohibits, not the word");
    assert_eq!(decision.recalls[0].citations[0].rule, "PIP-6");
    payer.end().await;
}

/// A case at visiting of which the ledger has not heard, under the customer's present reference.
const UNHEARD: &str = "INSERT INTO visiting.protections
         (case_reference, ground, version, customer, benefit, award, formerly, released, since)
     VALUES ('HF-7K3M-9QXW-2D4F', 3, 1, 'C-2', 'pip', 'A-3', '{}', NULL, now()),
         ('HF-3333-3333-3333', 1, 2, 'C-2', 'pip', 'A-2', '{C-1}', 'withdrawn', now())";

#[tokio::test]
async fn what_a_source_protects_under_the_present_reference_is_not_confirmed_under_the_former() {
    let payer = Payer::new().await;
    payer.place(merged()).await;
    payer.behind(UNHEARD).await;
    let answer = payer.confirm("r-1", &question("C-1", "A-9")).await.expect("an answer").answer.expect("an answer");
    assert_eq!((kinds(&answer), sources(&answer)), (vec![ReasonKind::SourceProtects], vec![Workload::Visiting]));
    payer.end().await;
}

#[tokio::test]
async fn of_twins_of_a_confirmation_one_writes_the_permit() {
    let payer = Payer::new().await;
    let asked = question("C-1", "A-1");
    let twins = futures::future::join_all((0..8).map(|_| payer.confirm("r-1", &asked))).await;
    let ids = twins.into_iter().map(|told| told.expect("an answer").answer.expect("an answer").decision_id);
    assert_eq!(ids.collect::<std::collections::BTreeSet<_>>().len(), 1);
    assert_eq!(payer.count("SELECT count(*) FROM permits").await, 1);
    payer.end().await;
}
