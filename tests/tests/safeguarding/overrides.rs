//! Exceptions to the protection over the wire, as two owners of payments policy decide on them.

use crate::support::{fields, refusal};
use holdfast_contracts::holdfast::{
    access::v1::{
        Role::{self, PolicyOwner},
        Workload,
    },
    common::v1 as common,
    safeguarding::v1 as pb,
};
use holdfast_tests::suite::{TestSuite, london, timestamp};
use tonic::{Code, Response, Status};

/// When every test begins.
pub(crate) const BEGINNING: &str = "2026-06-01 09:00";
/// When most exceptions end.
const END: &str = "2026-06-08 09:00";

pub(crate) async fn suite() -> TestSuite {
    TestSuite::start(env!("CARGO_BIN_EXE_cluster-keeper"), BEGINNING).await
}

pub(crate) fn wanted(id: &str) -> pb::RequestOverrideRequest {
    pb::RequestOverrideRequest {
        request_id: id.to_owned(),
        award: Some(common::Award {
            customer: "C-1".to_owned(),
            benefit: common::Benefit::Pip.into(),
            award: "A-1".to_owned(),
        }),
        action: common::Action::Stop.into(),
        ground: common::ActionGround::MissingEvidence.into(),
        until: Some(timestamp(london(END))),
        reason: "canary-reason".to_owned(),
        legal_basis: "canary-basis".to_owned(),
        ..Default::default()
    }
}

/// An exception that `p.one` asked for, and its etag.
pub(crate) async fn asked(suite: &TestSuite, request: pb::RequestOverrideRequest) -> (pb::Override, String) {
    let reply = suite.overrides().request_override(suite.request("p.one", PolicyOwner, request)).await;
    let reply = reply.expect("an exception").into_inner();
    (reply.r#override.unwrap(), reply.effect.unwrap().etag)
}

pub(crate) fn approval(id: &str, case: &str, etag: &str) -> pb::ApproveOverrideRequest {
    let (request_id, case_reference) = (id.to_owned(), case.to_owned());
    let (etag, reason) = (etag.to_owned(), "canary-approval".to_owned());
    pb::ApproveOverrideRequest { request_id, case_reference, etag, reason, ..Default::default() }
}

pub(crate) async fn approve(
    suite: &TestSuite,
    person: &str,
    request: pb::ApproveOverrideRequest,
) -> Result<pb::ApproveOverrideResponse, Status> {
    let reply = suite.overrides().approve_override(suite.request(person, PolicyOwner, request)).await;
    reply.map(Response::into_inner)
}

async fn decline(suite: &TestSuite, person: &str, id: &str, case: &str) -> Result<pb::Override, Status> {
    let (request_id, case_reference) = (id.to_owned(), case.to_owned());
    let reason = "canary-decline".to_owned();
    let request = pb::DeclineOverrideRequest { request_id, case_reference, reason, ..Default::default() };
    let reply = suite.overrides().decline_override(suite.request(person, PolicyOwner, request)).await?;
    Ok(reply.into_inner().r#override.unwrap())
}

pub(crate) async fn revoke(suite: &TestSuite, person: &str, id: &str, case: &str) -> Result<pb::Override, Status> {
    let (request_id, case_reference) = (id.to_owned(), case.to_owned());
    let reason = "canary-revocation".to_owned();
    let request = pb::RevokeOverrideRequest { request_id, case_reference, reason, ..Default::default() };
    let reply = suite.overrides().revoke_override(suite.request(person, PolicyOwner, request)).await?;
    Ok(reply.into_inner().r#override.unwrap())
}

/// An exception as a payment system reads it, with nobody at its desk.
pub(crate) async fn present(suite: &TestSuite, case: &str) -> pb::GetOverrideResponse {
    let request = pb::GetOverrideRequest { case_reference: case.to_owned() };
    let request = suite.request_through("payments", None, Workload::Payments, request);
    suite.overrides().get_override(request).await.expect("the exception").into_inner()
}

async fn stage(suite: &TestSuite, case: &str) -> pb::OverrideStage {
    present(suite, case).await.r#override.unwrap().stage()
}

/// The references on a page, and the token of the next.
pub(crate) async fn page(suite: &TestSuite, asked: pb::ListOverridesRequest) -> (Vec<String>, String) {
    let request = suite.request_through("payments", None, Workload::Payments, asked);
    let reply = suite.overrides().list_overrides(request).await.expect("a list").into_inner();
    (reply.overrides.into_iter().map(|each| each.case_reference).collect(), reply.next_page_token)
}

#[tokio::test]
async fn two_different_persons_decide_and_both_are_told() {
    let suite = suite().await;
    let (told, etag) = asked(&suite, wanted("r-1")).await;
    let case = told.case_reference.as_str();
    assert!(case.starts_with("EX-") && told.stage() == pb::OverrideStage::Requested, "{told:?}");
    assert_eq!((told.award.clone(), told.until), (wanted("").award, wanted("").until));
    let [task] = present(&suite, case).await.effect.unwrap().tasks.try_into().unwrap();
    assert_eq!((task.owner(), task.discharged_by.as_str(), task.award), (PolicyOwner, "ApproveOverride", told.award));

    let same = approve(&suite, "p.one", approval("r-2", case, &etag)).await.unwrap_err();
    let rules = ["R-EXCEPTION", "R-DIFFERENT-PERSONS"].map(str::to_owned).to_vec();
    assert_eq!(refusal(&same), (Code::FailedPrecondition, "STEP_NOT_ALLOWED".to_owned(), rules));
    let blind = approve(&suite, "p.two", approval("r-3", case, "")).await.unwrap_err();
    assert_eq!((blind.code(), fields(&blind)), (Code::InvalidArgument, vec!["etag".to_owned()]));
    let stale = approve(&suite, "p.two", approval("r-4", case, "1-stale")).await.unwrap_err();
    assert_eq!(refusal(&stale).1, "ETAG_MISMATCH");

    let approved = approve(&suite, "p.two", approval("r-5", case, &etag)).await.expect("approved");
    let (now, effect) = (approved.r#override.unwrap(), approved.effect.unwrap());
    assert_eq!((now.stage(), effect.tasks.len()), (pb::OverrideStage::Approved, 0));
    let person = |actor: Option<common::Actor>| actor.unwrap().person;
    assert_eq!((person(now.requested_by), person(now.approval.unwrap().decided_by)), ("p.one".into(), "p.two".into()));
    let third = approve(&suite, "p.three", approval("r-6", case, &effect.etag)).await.unwrap_err();
    assert_eq!(refusal(&third).2, ["R-EXCEPTION"], "it is approved already");

    let revoked = revoke(&suite, "p.three", "r-7", case).await.expect("revoked");
    assert_eq!(
        (revoked.stage(), person(revoked.revocation.unwrap().decided_by)),
        (pb::OverrideStage::Revoked, "p.three".into())
    );
    assert_eq!(refusal(&revoke(&suite, "p.one", "r-8", case).await.unwrap_err()).2, ["R-EXCEPTION"]);
    suite.stop().await;
}

#[tokio::test]
async fn it_is_told_who_declined_and_who_withdrew() {
    let suite = suite().await;
    for (number, (person, withdrawn)) in [("p.two", false), ("p.one", true)].into_iter().enumerate() {
        let (told, _) = asked(&suite, wanted(&format!("r-{number}"))).await;
        let case = told.case_reference.as_str();
        let declined = decline(&suite, person, &format!("d-{number}"), case).await.expect("declined");
        assert_eq!((declined.stage(), declined.withdrawn), (pb::OverrideStage::Declined, withdrawn));
        assert_eq!(declined.decline.unwrap().decided_by.unwrap().person, person);
        assert_eq!(present(&suite, case).await.effect.unwrap().tasks, []);
        let etag = present(&suite, case).await.effect.unwrap().etag;
        let late = approve(&suite, "p.two", approval(&format!("a-{number}"), case, &etag)).await.unwrap_err();
        assert_eq!(refusal(&late).2, ["R-EXCEPTION"]);
    }
    suite.stop().await;
}

#[tokio::test]
async fn it_ends_by_the_clock_and_stays_listed() {
    let suite = suite().await;
    let (approved, etag) = asked(&suite, wanted("r-1")).await;
    approve(&suite, "p.two", approval("r-2", &approved.case_reference, &etag)).await.expect("approved");
    let (open, open_etag) = asked(&suite, wanted("r-3")).await;
    let (case, other) = (approved.case_reference.as_str(), open.case_reference.as_str());
    let at = |stage: pb::OverrideStage| pb::ListOverridesRequest { stage: stage.into(), ..Default::default() };
    suite.move_clock("2026-06-08 08:59:59.999999").await;
    assert_eq!(stage(&suite, case).await, pb::OverrideStage::Approved);
    assert_eq!(page(&suite, at(pb::OverrideStage::Approved)).await.0, [case]);
    assert_eq!(page(&suite, at(pb::OverrideStage::Requested)).await.0, [other]);
    assert_eq!(page(&suite, at(pb::OverrideStage::Expired)).await.0, [""; 0]);

    suite.move_clock(END).await;
    for reference in [case, other] {
        assert_eq!(stage(&suite, reference).await, pb::OverrideStage::Expired);
    }
    for stage in [pb::OverrideStage::Approved, pb::OverrideStage::Requested] {
        assert_eq!(page(&suite, at(stage)).await.0, [""; 0], "{stage:?}");
    }
    let mut both = vec![case.to_owned(), other.to_owned()];
    let mut listed = page(&suite, at(pb::OverrideStage::Expired)).await.0;
    both.sort();
    listed.sort();
    assert_eq!(listed, both);
    let late = approve(&suite, "p.two", approval("r-4", other, &open_etag)).await.unwrap_err();
    assert_eq!(refusal(&late).2, ["R-EXCEPTION"]);
    assert_eq!(decline(&suite, "p.two", "r-5", other).await.expect("declined").stage(), pb::OverrideStage::Declined);
    assert_eq!(revoke(&suite, "p.two", "r-6", case).await.expect("revoked").stage(), pb::OverrideStage::Revoked);
    suite.stop().await;
}

#[tokio::test]
async fn it_is_listed_in_pages_and_by_every_filter() {
    let suite = suite().await;
    let mut all = Vec::new();
    for number in 0..7_i64 {
        let mut request = wanted(&format!("r-{number}"));
        let award = request.award.as_mut().unwrap();
        award.customer = format!("C-{}", number % 2);
        award.award = format!("A-{}", number % 3);
        award.benefit = [common::Benefit::Pip, common::Benefit::Esa][usize::from(number > 4)].into();
        let person = if number < 3 { "p.one" } else { "p.two" };
        let reply = suite.overrides().request_override(suite.request(person, PolicyOwner, request)).await;
        all.push(reply.expect("an exception").into_inner().r#override.unwrap().case_reference);
        suite.clock.advance(chrono::TimeDelta::minutes(1));
    }
    decline(&suite, "p.three", "d-1", &all[2]).await.expect("declined");
    let none = pb::ListOverridesRequest::default();
    for (asked, left) in [
        (none.clone(), vec![0, 1, 2, 3, 4, 5, 6]),
        (pb::ListOverridesRequest { customer: "C-1".to_owned(), ..none.clone() }, vec![1, 3, 5]),
        (pb::ListOverridesRequest { award: "A-0".to_owned(), ..none.clone() }, vec![0, 3, 6]),
        (pb::ListOverridesRequest { benefit: common::Benefit::Esa.into(), ..none.clone() }, vec![5, 6]),
        (pb::ListOverridesRequest { requested_by: "p.two".to_owned(), ..none.clone() }, vec![3, 4, 5, 6]),
        (pb::ListOverridesRequest { stage: pb::OverrideStage::Declined.into(), ..none.clone() }, vec![2]),
        (pb::ListOverridesRequest { stage: pb::OverrideStage::Revoked.into(), ..none.clone() }, vec![]),
        (
            pb::ListOverridesRequest { requested_by: "p.one".to_owned(), award: "A-0".to_owned(), ..none.clone() },
            vec![0],
        ),
    ] {
        let expected: Vec<_> = left.into_iter().map(|number: usize| all[number].clone()).collect();
        assert_eq!(page(&suite, asked.clone()).await, (expected.clone(), String::new()), "{asked:?}");
        for page_size in 1..=4 {
            let (mut found, mut page_token) = (Vec::new(), String::new());
            loop {
                let (items, next) =
                    page(&suite, pb::ListOverridesRequest { page_size, page_token, ..asked.clone() }).await;
                found.extend(items);
                page_token = next;
                if page_token.is_empty() {
                    break;
                }
            }
            assert_eq!(found, expected, "{asked:?} by {page_size}");
        }
    }
    let (_, page_token) = page(&suite, pb::ListOverridesRequest { page_size: 2, ..none.clone() }).await;
    for wrong in [
        pb::ListOverridesRequest { page_token: page_token.clone(), customer: "C-1".to_owned(), ..none.clone() },
        pb::ListOverridesRequest { page_token: "garbage".to_owned(), ..none },
    ] {
        let request = suite.request("a.reader", Role::Auditor, wrong);
        assert_eq!(fields(&suite.overrides().list_overrides(request).await.unwrap_err()), ["page_token"]);
    }
    suite.stop().await;
}

#[tokio::test]
async fn what_is_missing_or_too_long_is_refused() {
    let suite = suite().await;
    let refused = async |request| {
        let reply = suite.overrides().request_override(suite.request("p.one", PolicyOwner, request)).await;
        fields(&reply.expect_err("refused"))
    };
    let empty = pb::RequestOverrideRequest { request_id: "r-1".to_owned(), ..Default::default() };
    assert_eq!(refused(empty).await, ["award", "action", "ground", "until", "reason", "legal_basis"]);
    for until in [BEGINNING, "2026-05-31 09:00", "2026-06-29 09:00:00.000001"] {
        let request = pb::RequestOverrideRequest { until: Some(timestamp(london(until))), ..wanted("r-2") };
        assert_eq!(refused(request).await, ["until"], "{until}");
    }
    let longest = pb::RequestOverrideRequest { until: Some(timestamp(london("2026-06-29 09:00"))), ..wanted("r-2") };
    asked(&suite, longest).await;
    assert_eq!(page(&suite, pb::ListOverridesRequest::default()).await.0.len(), 1);
    suite.stop().await;
}

#[tokio::test]
async fn no_other_role_decides_and_only_those_concerned_read() {
    let suite = suite().await;
    let (told, etag) = asked(&suite, wanted("r-1")).await;
    let case = told.case_reference;
    let get = pb::GetOverrideRequest { case_reference: case.clone() };
    for (role, workload, may_read) in [
        (Some(Role::DecisionMaker), Workload::Casework, true),
        (Some(Role::CaseManager), Workload::Casework, true),
        (Some(Role::Auditor), Workload::Casework, true),
        (Some(Role::Operator), Workload::Operations, true),
        (Some(Role::Officer), Workload::Casework, false),
        (Some(Role::SafeguardingLeader), Workload::Casework, false),
        (None, Workload::Payments, true),
        (None, Workload::Visiting, false),
    ] {
        let through = |message| suite.request_through("p.two", role, workload, message);
        let reply = suite.overrides().approve_override(through(approval("r-2", &case, &etag))).await;
        let denied = [Code::PermissionDenied, Code::Unauthenticated];
        assert!(denied.contains(&reply.expect_err("no owner of policy").code()), "{role:?}");
        let request = suite.request_through("p.two", role, workload, get.clone());
        let reply = suite.overrides().get_override(request).await;
        assert_eq!(reply.is_ok(), may_read, "{role:?} through {workload:?}");
    }
    assert_eq!(stage(&suite, &case).await, pb::OverrideStage::Requested);
    suite.stop().await;
}

#[tokio::test]
async fn a_repeat_has_one_effect_and_a_dry_run_none() {
    let suite = suite().await;
    let dry = pb::RequestOverrideRequest { validate_only: true, ..wanted("r-1") };
    let reply = suite.overrides().request_override(suite.request("p.one", PolicyOwner, dry)).await.unwrap();
    let effect = reply.into_inner().effect.unwrap();
    assert_eq!((effect.validated_only, effect.tasks.len()), (true, 1));
    assert_eq!(page(&suite, pb::ListOverridesRequest::default()).await.0, [""; 0]);

    let first = asked(&suite, wanted("r-1")).await;
    assert_eq!(asked(&suite, wanted("r-1")).await, first, "the same reply again");
    let other = pb::RequestOverrideRequest { action: common::Action::End.into(), ..wanted("r-1") };
    let reused = suite.overrides().request_override(suite.request("p.one", PolicyOwner, other)).await.unwrap_err();
    assert_eq!(refusal(&reused).1, "REQUEST_ID_REUSED");
    let (case, etag) = (first.0.case_reference, first.1);
    let dry = pb::ApproveOverrideRequest { validate_only: true, ..approval("r-2", &case, &etag) };
    assert!(approve(&suite, "p.two", dry).await.unwrap().effect.unwrap().validated_only);
    assert_eq!(stage(&suite, &case).await, pb::OverrideStage::Requested);
    let approved = approve(&suite, "p.two", approval("r-2", &case, &etag)).await.unwrap();
    assert_eq!(approve(&suite, "p.two", approval("r-2", &case, &etag)).await.unwrap(), approved);
    assert_eq!(journal(&suite, &case).await, ["override_requested", "override_approved"]);
    asked(&suite, wanted("r-3")).await;
    assert_eq!(page(&suite, pb::ListOverridesRequest::default()).await.0.len(), 2, "several are allowed");
    suite.stop().await;
}

/// Names of the events in the journal of an exception.
async fn journal(suite: &TestSuite, case: &str) -> Vec<String> {
    let asked = pb::OverrideServiceGetTimelineRequest { case_reference: case.to_owned(), ..Default::default() };
    let told =
        suite.overrides().get_timeline(suite.request("a.reader", Role::Auditor, asked)).await.expect("a journal");
    told.into_inner().entries.into_iter().map(|entry| entry.event).collect()
}
