//! What is told of a customer once reaches all their cases; a death takes two persons to verify.

use super::support::{Ask, as_admin, ask, at, handed_over, open, present, reason, referral, rows_of, suite, value};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    common::v1::{Award, Benefit, Nation, Place},
    customers::v1 as pb,
    visiting::v1 as visiting,
};
use holdfast_tests::suite::TestSuite;
use prost::Message;
use tonic::Code;

pub(crate) fn death(id: &str, case: &str) -> pb::ReportDeathRequest {
    pb::ReportDeathRequest {
        request_id: id.to_owned(),
        case_reference: case.to_owned(),
        occurred_at: at("2026-06-01 08:50"),
        source: pb::DeathSource::Relative.into(),
        account: "what the daughter said".to_owned(),
        ..Default::default()
    }
}

pub(crate) fn confirmation(id: &str, case: &str) -> pb::ConfirmDeathRequest {
    pb::ConfirmDeathRequest {
        request_id: id.to_owned(),
        case_reference: case.to_owned(),
        evidence: pb::DeathEvidence::Certificate.into(),
        reference: "D-1".to_owned(),
        ..Default::default()
    }
}

fn merge(id: &str, case: &str, into: &str) -> pb::MergeCustomerRequest {
    let (request_id, case_reference, into) = (id.to_owned(), case.to_owned(), into.to_owned());
    pb::MergeCustomerRequest { request_id, case_reference, into, ..Default::default() }
}

/// Opens a case of another customer.
async fn open_for(suite: &TestSuite, id: &str, customer: &str, award: &str) -> String {
    let (customer, award) = (customer.to_owned(), award.to_owned());
    let award = Some(Award { customer, benefit: Benefit::Pip.into(), award });
    let request = visiting::ReferForVisitRequest { award, ..referral(id) };
    let reply: visiting::ReferForVisitResponse =
        ask("VisitingService/ReferForVisit", Role::Referrer, &request).reply(suite).await;
    reply.referral.unwrap().case_reference
}

/// The keys of what is owed on a case at DWP Visiting.
async fn owed(suite: &TestSuite, case: &str) -> Vec<String> {
    let tasks = present(suite, case).await.effect.unwrap().tasks;
    let mut keys: Vec<_> = tasks.iter().map(|task| task.name.rsplit('/').next().unwrap().to_owned()).collect();
    keys.sort();
    keys
}

/// How often a service's journal of a case holds an event.
async fn times(suite: &TestSuite, service: &str, case: &str, event: &str) -> String {
    let count =
        format!("SELECT count(*) FROM {service}.journal WHERE case_reference = '{case}' AND event_name = '{event}'");
    value(suite, &count).await
}

#[tokio::test]
async fn a_death_told_once_stops_contact_everywhere() {
    let suite = suite().await;
    let (one, _) = open(&suite, "one").await;
    let (two, _) = open(&suite, "two").await;
    let strangers = open_for(&suite, "strangers", "C-2", "A-one").await;
    let before = owed(&suite, &two).await;
    assert_eq!(before, ["first-visit"]);

    let told = ask("CustomerService/ReportDeath", Role::Officer, &death("d-1", &one));
    let first = told.send(&suite).await.unwrap();
    let reply = pb::ReportDeathResponse::decode(first.as_slice()).unwrap();
    let standing = reply.customer.unwrap();
    assert_eq!((reply.case_reference.as_str(), standing.customer.as_str()), (one.as_str(), "C-1"));
    assert_eq!((standing.death(), standing.death_reported_at), (pb::DeathStanding::Reported, at("2026-06-01 09:00")));
    assert_eq!(standing.death_confirmed_at, None);
    assert_eq!(owed(&suite, &one).await, ["confirm-death", "consider-review"]);
    suite.settle().await;
    assert_eq!(owed(&suite, &two).await, ["confirm-death", "consider-review"]);
    assert_eq!(owed(&suite, &strangers).await, before);

    // Once: not again to the case it was told of, not on from the case it was passed on to, not by a repeat.
    assert_eq!(told.send(&suite).await.unwrap(), first);
    suite.settle().await;
    for case in [&one, &two] {
        assert_eq!(times(&suite, "visiting", case, "death_reported").await, "1");
    }
    assert_eq!(
        value(&suite, "SELECT count(*) FROM visiting.outbox WHERE method LIKE '%/PassOnCustomerFact'").await,
        "3"
    );
    assert_eq!(value(&suite, "SELECT count(*) FROM visiting.outbox WHERE delivered_at IS NULL").await, "0");
    // The words stay where they were said.
    assert_eq!(value(&suite, "SELECT count(*) FROM visiting.narrative WHERE text LIKE '%daughter%'").await, "1");

    let mistaken = pb::CorrectDeathReportRequest {
        request_id: "m-1".to_owned(),
        case_reference: two.clone(),
        reason: "the customer rang".to_owned(),
        ..Default::default()
    };
    let reply: pb::CorrectDeathReportResponse =
        ask("CustomerService/CorrectDeathReport", Role::Officer, &mistaken).reply(&suite).await;
    assert_eq!(reply.customer.unwrap().death(), pb::DeathStanding::NotReported);
    suite.settle().await;
    for case in [&one, &two] {
        assert_eq!(owed(&suite, case).await, before);
    }
    suite.stop().await;
}

#[tokio::test]
async fn a_death_is_verified_by_a_second_person() {
    let suite = suite().await;
    let (one, _) = open(&suite, "one").await;
    let (two, _) = open(&suite, "two").await;
    let confirm =
        |case: &str, by: &str| ask("CustomerService/ConfirmDeath", Role::Officer, &confirmation("c-1", case)).by(by);
    let status = confirm(&one, "o.first").refused(&suite).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "STEP_NOT_ALLOWED"));
    ask("CustomerService/ReportDeath", Role::Officer, &death("d-1", &one)).by("o.first").send(&suite).await.unwrap();
    suite.settle().await;
    // Not even on another case of the customer.
    for case in [&one, &two] {
        let status = confirm(case, "o.first").refused(&suite).await;
        assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "STEP_NOT_ALLOWED"));
    }
    let reply: pb::ConfirmDeathResponse = confirm(&two, "o.second").reply(&suite).await;
    assert_eq!(reply.customer.unwrap().death(), pb::DeathStanding::Confirmed);
    suite.settle().await;
    for case in [&one, &two] {
        assert_eq!(times(&suite, "visiting", case, "death_confirmed").await, "1");
        assert_eq!(owed(&suite, case).await, ["consider-review"]);
    }
    suite.stop().await;
}

/// On one port, whoever leads a case records what is told of it, and the other services hear of it.
#[tokio::test]
async fn whoever_leads_records_it_and_the_others_hear() {
    let suite = suite().await;
    let case = handed_over(&suite, "one").await;
    let (other, _) = open(&suite, "two").await;
    ask("CustomerService/ReportDeath", Role::Officer, &death("d-1", &case)).send(&suite).await.unwrap();
    assert_eq!(times(&suite, "conferencing", &case, "death_reported").await, "1");
    assert_eq!(times(&suite, "visiting", &case, "death_reported").await, "0");
    suite.settle().await;
    for case in [&case, &other] {
        assert_eq!(times(&suite, "visiting", case, "death_reported").await, "1");
    }
    assert_eq!(times(&suite, "conferencing", &case, "death_reported").await, "1");
    suite.stop().await;
}

/// A request that was carried out before the case was handed over is known again after.
#[tokio::test]
async fn a_repeat_finds_the_service_that_recorded_it() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let told = ask("CustomerService/MergeCustomer", Role::Officer, &merge("m-1", &case, "C-9"));
    let first = told.send(&suite).await.unwrap();
    super::support::hand_over(&suite, "one", &case).await;
    assert_eq!(told.send(&suite).await.unwrap(), first);
    suite.stop().await;
}

#[tokio::test]
async fn customers_known_twice_go_by_one_reference_in_every_case() {
    let suite = suite().await;
    let (one, _) = open(&suite, "one").await;
    let (two, _) = open(&suite, "two").await;
    let reply: pb::MergeCustomerResponse =
        ask("CustomerService/MergeCustomer", Role::Officer, &merge("m-1", &one, "C-9")).reply(&suite).await;
    let standing = reply.customer.unwrap();
    assert_eq!((standing.customer.as_str(), standing.formerly), ("C-9", vec!["C-1".to_owned()]));
    suite.settle().await;
    let asked = visiting::ListReferralsRequest { customer: "C-9".to_owned(), ..Default::default() };
    let listed: visiting::ListReferralsResponse =
        ask("VisitingService/ListReferrals", Role::Officer, &asked).reply(&suite).await;
    let mut cases: Vec<_> = listed.referrals.into_iter().map(|referral| referral.case_reference).collect();
    cases.sort();
    let mut expected = vec![one.clone(), two.clone()];
    expected.sort();
    assert_eq!(cases, expected);
    let formerly = visiting::ListReferralsRequest { customer: "C-1".to_owned(), ..Default::default() };
    let listed: visiting::ListReferralsResponse =
        ask("VisitingService/ListReferrals", Role::Officer, &formerly).reply(&suite).await;
    assert_eq!(listed.referrals.len(), 2);
    assert_eq!(value(&suite, "SELECT count(*) FROM visiting.tasks WHERE customer <> 'C-9'").await, "0");
    // What is told from now on finds them under the new reference.
    ask("CustomerService/ReportDeath", Role::Officer, &death("d-1", &two)).send(&suite).await.unwrap();
    suite.settle().await;
    assert_eq!(times(&suite, "visiting", &one, "death_reported").await, "1");
    let kept = rows_of(&suite, &["visiting.cases"]).await;
    suite.store(super::support::VISITING).rebuild::<holdfast_visiting::Referrals>().await.unwrap();
    // The calendars' revision is looked at again; all else is what it was.
    as_admin(&suite, "UPDATE visiting.cases SET calendar_revision = 0").await;
    assert_eq!(rows_of(&suite, &["visiting.cases"]).await, kept);
    suite.stop().await;
}

#[tokio::test]
async fn a_move_is_told_to_every_case() {
    let suite = suite().await;
    let (one, _) = open(&suite, "one").await;
    let (two, _) = open(&suite, "two").await;
    let place = Place { nation: Nation::Scotland.into(), area: "Highland".to_owned() };
    let moved = pb::ChangeAddressRequest {
        request_id: "m-1".to_owned(),
        case_reference: one,
        place: Some(place.clone()),
        occurred_at: at("2026-06-01 08:55"),
        ..Default::default()
    };
    ask("CustomerService/ChangeAddress", Role::Officer, &moved).send(&suite).await.unwrap();
    suite.settle().await;
    assert_eq!(present(&suite, &two).await.referral.unwrap().place, Some(place));
    suite.stop().await;
}

/// A call as a service makes it of another.
pub(crate) fn passed_on(from_case: &str) -> pb::PassOnCustomerFactRequest {
    let by = holdfast_contracts::holdfast::common::v1::Actor {
        person: "o.first".to_owned(),
        role: Role::Officer.into(),
        workload: Workload::Casework.into(),
    };
    let told = pb::ToldFirst {
        service: Workload::Conferencing.into(),
        case_reference: from_case.to_owned(),
        by: Some(by),
        at: at("2026-06-01 08:55"),
        customer: "C-1".to_owned(),
    };
    let report = pb::PassedOnDeathReport {
        occurred_at: at("2026-06-01 08:50"),
        source: pb::DeathSource::Relative.into(),
        narrative: String::new(),
    };
    pb::PassOnCustomerFactRequest {
        request_id: "p-1".to_owned(),
        service: Workload::Visiting.into(),
        customer: "C-1".to_owned(),
        from_case: from_case.to_owned(),
        told: Some(told),
        fact: Some(pb::pass_on_customer_fact_request::Fact::DeathReported(report)),
        ..Default::default()
    }
}

pub(crate) async fn pass_on(
    suite: &TestSuite,
    from: Workload,
    request: pb::PassOnCustomerFactRequest,
) -> Result<pb::PassOnCustomerFactResponse, tonic::Status> {
    let request = suite.request_through("a-service", None, from, request);
    suite.customers().pass_on_customer_fact(request).await.map(tonic::Response::into_inner)
}

/// One case that fails does not keep it from the others, and has the whole call repeated until none fails.
#[tokio::test]
async fn what_is_passed_on_fails_as_a_whole_and_is_told_once() {
    let suite = suite().await;
    let mut cases = Vec::new();
    for number in 0..3 {
        cases.push(open(&suite, &format!("case-{number}")).await.0);
    }
    cases.sort();
    let damaged = format!("case_reference = '{}'", cases[0]);
    let kept = value(&suite, &format!("SELECT event FROM visiting.journal WHERE {damaged} AND sequence = 1")).await;
    as_admin(&suite, &format!("UPDATE visiting.journal SET event = '{{}}' WHERE {damaged} AND sequence = 1")).await;
    let status = pass_on(&suite, Workload::Conferencing, passed_on(&cases[2])).await.expect_err("one case fails");
    assert_eq!(reason(&status), "INTERNAL");
    let told = async |case: &str| times(&suite, "visiting", case, "death_reported").await;
    // The case of that reference in another service is no reason to leave out this service's own.
    assert_eq!(
        (told(&cases[0]).await, told(&cases[1]).await, told(&cases[2]).await),
        ("0".into(), "1".into(), "1".into())
    );
    as_admin(&suite, &format!("UPDATE visiting.journal SET event = '{kept}' WHERE {damaged} AND sequence = 1")).await;
    for _ in 0..2 {
        let reply = pass_on(&suite, Workload::Conferencing, passed_on(&cases[2])).await.unwrap();
        assert_eq!(reply.cases, 3);
        for case in &cases {
            assert_eq!(told(case).await, "1");
        }
    }
    let mut told_here = passed_on(&cases[2]);
    told_here.request_id = "p-2".to_owned();
    told_here.told = told_here.told.map(|told| pb::ToldFirst { service: Workload::Visiting.into(), ..told });
    let reply = pass_on(&suite, Workload::Visiting, told_here).await.unwrap();
    assert_eq!(reply.cases, 2, "the case of which it was told is left out");
    let elsewhere = pb::PassOnCustomerFactRequest { service: Workload::Learning.into(), ..passed_on(&cases[2]) };
    let status = pass_on(&suite, Workload::Visiting, elsewhere).await.expect_err("not offered here");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "PART_NOT_FOUND"));
    suite.stop().await;
}

#[tokio::test]
async fn every_fault_of_what_is_told_is_named() {
    let suite = suite().await;
    let calls: [(Ask, &[&str]); 5] = [
        (
            ask("CustomerService/ReportDeath", Role::Officer, &pb::ReportDeathRequest::default()),
            &["case_reference", "occurred_at", "request_id", "source"],
        ),
        (
            ask("CustomerService/ConfirmDeath", Role::Officer, &pb::ConfirmDeathRequest::default()),
            &["case_reference", "evidence", "reference", "request_id"],
        ),
        (
            ask("CustomerService/CorrectDeathReport", Role::Officer, &pb::CorrectDeathReportRequest::default()),
            &["case_reference", "reason", "request_id"],
        ),
        (
            ask("CustomerService/ChangeAddress", Role::Officer, &pb::ChangeAddressRequest::default()),
            &["case_reference", "occurred_at", "place", "request_id"],
        ),
        (
            ask("CustomerService/MergeCustomer", Role::Officer, &pb::MergeCustomerRequest::default()),
            &["case_reference", "into", "request_id"],
        ),
    ];
    for (call, at_fault) in calls {
        let status = call.refused(&suite).await;
        assert_eq!(
            (status.code(), super::support::fields(&status)),
            (Code::InvalidArgument, at_fault.iter().map(|f| (*f).to_owned()).collect())
        );
    }
    let status =
        ask("CustomerService/ReportDeath", Role::Officer, &death("d", "HF-0000-0000-0000")).refused(&suite).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "CASE_NOT_FOUND"));
    suite.stop().await;
}

/// What is told of another case while a handover is on its way finds no case there yet; it goes after the file.
#[tokio::test]
async fn what_is_told_while_a_case_is_on_its_way_arrives_with_it() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let area = visiting::UnsafeArea { occurred_at: at("2026-06-01 08:40"), account: "why".to_owned() };
    let handed_over = visiting::RecordUnsafeAreaRequest {
        request_id: "unsafe".to_owned(),
        case_reference: case.clone(),
        unsafe_area: Some(area),
        ..Default::default()
    };
    ask("VisitingService/RecordUnsafeArea", Role::VisitingOfficer, &handed_over).send(&suite).await.unwrap();
    // Conferencing is told first, and has no case to tell it of; then DWP Visiting, whose file is still on its way.
    for (id, service) in [("p-1", Workload::Conferencing), ("p-2", Workload::Visiting)] {
        let mut request = passed_on("HF-0000-0000-0000");
        (request.request_id, request.service) = (id.to_owned(), service.into());
        pass_on(&suite, Workload::Safeguarding, request).await.unwrap();
    }
    assert_eq!(times(&suite, "conferencing", &case, "death_reported").await, "0");
    suite.settle().await;
    assert_eq!(times(&suite, "conferencing", &case, "death_reported").await, "1");
    suite.stop().await;
}

#[tokio::test]
async fn a_referral_under_a_reference_that_was_given_up_joins_and_takes_the_present_one() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    ask("CustomerService/MergeCustomer", Role::Officer, &merge("m", &case, "C-9")).send(&suite).await.unwrap();
    suite.settle().await;
    let award =
        |award: &str| Some(Award { customer: "C-1".to_owned(), benefit: Benefit::Pip.into(), award: award.to_owned() });
    let again = visiting::ReferForVisitRequest { award: award("A-one"), ..referral("again") };
    let reply: visiting::ReferForVisitResponse =
        ask("VisitingService/ReferForVisit", Role::Referrer, &again).reply(&suite).await;
    assert_eq!(reply.referral.unwrap().case_reference, case, "it joins the open case");
    let other = visiting::ReferForVisitRequest { award: award("A-other"), ..referral("other") };
    let reply: visiting::ReferForVisitResponse =
        ask("VisitingService/ReferForVisit", Role::Referrer, &other).reply(&suite).await;
    let other = reply.referral.unwrap().case_reference;
    suite.settle().await;
    let about = present(&suite, &other).await.referral.unwrap().award.unwrap();
    assert_eq!(about.customer, "C-9", "it goes by the present reference");
    suite.stop().await;
}
