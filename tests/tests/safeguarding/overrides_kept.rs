//! What is kept of an exception to the protection: the words apart, the task, the customer.

use crate::{
    overrides::{BEGINNING, approval, approve, asked, page, present, revoke, suite, wanted},
    support::refusal,
};
use holdfast_contracts::holdfast::{
    access::v1::Role::{self, PolicyOwner},
    common::v1 as common,
    customers::v1::MergeCustomerRequest,
    safeguarding::v1 as pb,
    tasks::v1 as tasks,
    visiting::v1::{self as visiting, ReadPurpose},
};
use holdfast_tests::suite::{TestSuite, london, timestamp};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tonic::Code;

/// Every row of every table that words do not belong in, as text.
async fn tables(suite: &TestSuite) -> String {
    let mut admin = PgConnection::connect(&suite.admin_url()).await.unwrap();
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'narrative'",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    let mut rows: Vec<String> = Vec::new();
    for name in names {
        let all = sqlx::query_scalar::<_, String>(AssertSqlSafe(format!("SELECT t::text FROM {name} AS t")));
        rows.extend(all.fetch_all(&mut admin).await.unwrap());
    }
    admin.close().await.unwrap();
    rows.join("\n")
}

#[tokio::test]
async fn what_is_said_is_kept_apart_and_read_on_the_record() {
    let suite = suite().await;
    let (told, etag) = asked(&suite, wanted("r-1")).await;
    let case = told.case_reference.clone();
    let approved = approve(&suite, "p.two", approval("r-2", &case, &etag)).await.unwrap();
    let revoked = revoke(&suite, "p.two", "r-3", &case).await.unwrap();
    let list = suite.request("a.reader", Role::Auditor, pb::ListOverridesRequest::default());
    let listed = suite.overrides().list_overrides(list).await.unwrap().into_inner();
    let asked = pb::OverrideServiceGetTimelineRequest { case_reference: case.clone(), ..Default::default() };
    let journal = suite.overrides().get_timeline(suite.request("a.reader", Role::Auditor, asked)).await.unwrap();
    let shown = format!("{told:?}{approved:?}{revoked:?}{listed:?}{:?}", journal.into_inner());
    let (canary, hex) = ("canary", "canary".bytes().map(|byte| format!("{byte:02x}")).collect::<String>());
    let kept = tables(&suite).await;
    assert!(!shown.contains(canary) && shown.contains(&told.reason));
    assert!(kept.contains(&case) && !kept.contains(canary) && !kept.contains(&hex));

    let (narrative, purpose) = (told.legal_basis.clone(), ReadPurpose::Audit.into());
    let asked = pb::OverrideServiceReadNarrativeRequest { case_reference: case.clone(), narrative, purpose };
    let read = async |role| suite.overrides().read_narrative(suite.request("a.reader", role, asked.clone())).await;
    assert_eq!(read(Role::PolicyOwner).await.unwrap().into_inner().text, "canary-basis");
    assert_eq!(read(Role::CesTeam).await.unwrap_err().code(), Code::PermissionDenied);
    assert!(tables(&suite).await.contains("a.reader,policy_owner,casework,AUDIT"));
    // Who reads of concerns does not read of exceptions there.
    let (narrative, case_reference) = (told.legal_basis, case);
    let asked = pb::ReadNarrativeRequest { case_reference, narrative, purpose };
    let elsewhere = suite.escalations().read_narrative(suite.request("a.reader", Role::Referrer, asked)).await;
    assert_eq!(elsewhere.unwrap_err().code(), Code::NotFound);
    suite.stop().await;
}

#[tokio::test]
async fn the_decision_is_given_to_a_person_and_made_here_alone() {
    let suite = suite().await;
    let (told, _) = asked(&suite, wanted("r-1")).await;
    let task = format!("safeguarding/{}/decision", told.case_reference);
    let person = "p.two".to_owned();
    let given =
        tasks::AssignTaskRequest { request_id: "t-1".to_owned(), task: task.clone(), person, ..Default::default() };
    suite.tasks().assign_task(suite.request("p.one", PolicyOwner, given)).await.expect("given");
    let owed = present(&suite, &told.case_reference).await.effect.unwrap().tasks;
    assert_eq!(owed[0].person, "p.two");
    let done = tasks::CompleteTaskRequest {
        request_id: "t-2".to_owned(),
        task,
        occurred_at: Some(timestamp(london(BEGINNING))),
        system: "PAYMENTS".to_owned(),
        reference: "R-1".to_owned(),
        ..Default::default()
    };
    let elsewhere = suite.tasks().complete_task(suite.request("p.two", PolicyOwner, done)).await.unwrap_err();
    assert_eq!(refusal(&elsewhere).2, ["R-EXCEPTION"]);
    suite.stop().await;
}

#[tokio::test]
async fn it_follows_the_customer_and_is_no_place_to_tell_of_them() {
    let suite = suite().await;
    let (told, _) = asked(&suite, wanted("r-1")).await;
    let referral = visiting::ReferForVisitRequest {
        request_id: "r-2".to_owned(),
        award: wanted("").award,
        place: Some(common::Place { nation: common::Nation::England.into(), area: "North".to_owned() }),
        occurred_at: Some(timestamp(london("2026-06-01 08:00"))),
        circumstances: "what prompted it".to_owned(),
        ..Default::default()
    };
    let referred = suite.visiting().refer_for_visit(suite.request("r.one", Role::Referrer, referral)).await;
    let visited = referred.expect("a case").into_inner().referral.unwrap().case_reference;
    let merged = |id: &str, case: &str| {
        let (request_id, case_reference, into) = (id.to_owned(), case.to_owned(), "C-2".to_owned());
        suite.request(
            "o.one",
            Role::Officer,
            MergeCustomerRequest { request_id, case_reference, into, ..Default::default() },
        )
    };
    let here = suite.customers().merge_customer(merged("m-1", &told.case_reference)).await.unwrap_err();
    assert_eq!(here.code(), Code::NotFound, "a customer is told of in their cases");
    suite.customers().merge_customer(merged("m-2", &visited)).await.expect("merged");
    suite.settle().await;
    let now = present(&suite, &told.case_reference).await.r#override.unwrap();
    assert_eq!(now.award.unwrap().customer, "C-2");
    let of = |customer: &str| pb::ListOverridesRequest { customer: customer.to_owned(), ..Default::default() };
    for customer in ["C-2", "C-1"] {
        assert_eq!(page(&suite, of(customer)).await.0, [told.case_reference.as_str()], "by either: {customer}");
    }
    assert_eq!(page(&suite, of("C-3")).await.0, [""; 0]);
    suite.stop().await;
}
