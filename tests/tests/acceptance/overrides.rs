//! What owners of payments policy decide outside the check, and what everybody sees of it.

use crate::{then::spelled, world::World};
use cucumber::{then, when};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    common::v1::{Action, ActionGround, Effect, Task},
    safeguarding::v1 as pb,
    tasks::v1::ListTasksRequest,
};
use holdfast_procedure::rule::Proof;
use holdfast_tests::suite::{london, timestamp};

/// Sends what a policy owner asks or decides.
macro_rules! told {
    ($world:ident, $person:expr, $method:ident, $request:expr) => {{
        let request = $request;
        let suite = $world.suite().await;
        let answer = suite.overrides().$method(suite.request($person, Role::PolicyOwner, request)).await;
        $world.replied(answer, |reply| reply.effect).await;
    }};
}

/// The exception as payments read it, with nobody at their desk.
async fn present(world: &mut World) -> (pb::Override, Effect) {
    let request = pb::GetOverrideRequest { case_reference: world.exception.clone() };
    let suite = world.suite().await;
    let request = suite.request_through("payments", None, Workload::Payments, request);
    let reply = suite.overrides().get_override(request).await.expect("the exception").into_inner();
    world.heard(&reply);
    (reply.r#override.expect("an exception"), reply.effect.expect("an effect"))
}

#[when(regex = r#"^the policy owner "([^"]+)" asks for an exception to stop the award until (\S+ \S+)$"#)]
async fn asks(world: &mut World, person: String, until: String) {
    let award = world.read().await.0.award;
    let request = pb::RequestOverrideRequest {
        request_id: world.request_id(),
        award,
        action: Action::Stop.into(),
        ground: ActionGround::NonAttendance.into(),
        until: Some(timestamp(london(&until))),
        reason: world.words(),
        legal_basis: world.words(),
        ..Default::default()
    };
    let suite = world.suite().await;
    let answer = suite.overrides().request_override(suite.request(&person, Role::PolicyOwner, request)).await;
    let asked = answer.as_ref().ok().and_then(|reply| reply.get_ref().r#override.as_ref());
    if let Some(case) = asked.map(|asked| asked.case_reference.clone()) {
        world.exception = case;
    }
    world.replied(answer, |reply| reply.effect).await;
}

#[when(regex = r#"^the policy owner "([^"]+)" approves the exception$"#)]
async fn approves(world: &mut World, person: String) {
    let etag = present(world).await.1.etag;
    let (request_id, case_reference, reason) = (world.request_id(), world.exception.clone(), world.words());
    let request = pb::ApproveOverrideRequest { request_id, case_reference, etag, reason, ..Default::default() };
    told!(world, &person, approve_override, request);
}

#[when(regex = r#"^the policy owner "([^"]+)" declines the exception$"#)]
async fn declines(world: &mut World, person: String) {
    let (request_id, case_reference, reason) = (world.request_id(), world.exception.clone(), world.words());
    let request = pb::DeclineOverrideRequest { request_id, case_reference, reason, ..Default::default() };
    told!(world, &person, decline_override, request);
}

#[when(regex = r#"^the policy owner "([^"]+)" revokes the exception$"#)]
async fn revokes(world: &mut World, person: String) {
    let (request_id, case_reference, reason) = (world.request_id(), world.exception.clone(), world.words());
    let request = pb::RevokeOverrideRequest { request_id, case_reference, reason, ..Default::default() };
    told!(world, &person, revoke_override, request);
}

#[then(regex = r#"^the exception is "([^"]+)"$"#)]
async fn is_at(world: &mut World, stage: String) {
    let expected = pb::OverrideStage::from_str_name(&format!("OVERRIDE_STAGE_{}", spelled(&stage))).expect("a stage");
    assert_eq!(present(world).await.0.stage(), expected);
}

#[then("the exception was withdrawn")]
async fn withdrawn(world: &mut World) {
    let (told, _) = present(world).await;
    assert_eq!((told.stage(), told.withdrawn), (pb::OverrideStage::Declined, true));
    assert_eq!(told.decline.expect("a decision").decided_by, told.requested_by);
}

#[then(regex = r#"^"([^"]+)" asked for the exception and "([^"]+)" approved it$"#)]
async fn two_persons(world: &mut World, first: String, second: String) {
    let (told, _) = present(world).await;
    assert_eq!(told.requested_by.expect("a person").person, first);
    assert_eq!(told.approval.expect("an approval").decided_by.expect("a person").person, second);
}

/// What the policy owners owe, as the exception and the list of tasks tell it alike.
async fn owed(world: &mut World) -> Vec<Task> {
    let (_, effect) = present(world).await;
    let owner = Role::PolicyOwner.into();
    let listed = ListTasksRequest { owner, case_reference: world.exception.clone(), ..Default::default() };
    let suite = world.suite().await;
    let request = suite.request("o.bell", Role::PolicyOwner, listed);
    let listed = suite.tasks().list_tasks(request).await.expect("a list").into_inner().tasks;
    assert_eq!(listed, effect.tasks, "the exception and the list of tasks say the same");
    listed
}

#[then(regex = r#"^the policy owners owe "([^"]+)"$"#)]
async fn owe(world: &mut World, what: String) {
    let [task] = owed(world).await.try_into().expect("one task");
    assert!(task.what.starts_with(&what), "{task:?}");
    assert_eq!((task.discharged_by.as_str(), task.blocking), ("ApproveOverride", false));
}

#[then("the policy owners owe nothing")]
async fn owe_nothing(world: &mut World) {
    assert_eq!(owed(world).await, []);
}

#[then(regex = r#"^payments find the exception in the list of those "([^"]+)"$"#)]
async fn listed(world: &mut World, stage: String) {
    let (told, _) = present(world).await;
    let expected = pb::OverrideStage::from_str_name(&format!("OVERRIDE_STAGE_{}", spelled(&stage))).expect("a stage");
    let award = told.award.clone().expect("an award").award;
    let request = pb::ListOverridesRequest { award, stage: expected.into(), ..Default::default() };
    let suite = world.suite().await;
    let request = suite.request_through("payments", None, Workload::Payments, request);
    let reply = suite.overrides().list_overrides(request).await.expect("a list").into_inner();
    world.heard(&reply);
    let [found] = reply.overrides.try_into().expect("one exception");
    assert_eq!((found.case_reference.as_str(), found.stage()), (told.case_reference.as_str(), expected));
    assert_eq!((found.until, found.action()), (told.until, told.action()));
}

#[then(regex = r#"^the journal of the exception tells "([^"]+)" under (\S+)$"#)]
async fn journal(world: &mut World, events: String, rule: String) {
    let case_reference = world.exception.clone();
    let request = pb::OverrideServiceGetTimelineRequest { case_reference, ..Default::default() };
    let suite = world.suite().await;
    let request = suite.request("a.reader", Role::Auditor, request);
    let reply = suite.overrides().get_timeline(request).await.expect("the journal").into_inner();
    world.heard(&reply);
    let told: Vec<_> = reply.entries.iter().map(|entry| entry.event.as_str()).collect();
    assert_eq!(told.join(", "), events);
    for entry in &reply.entries {
        assert!(entry.rules.contains(&rule) && !entry.actor.as_ref().expect("an actor").person.is_empty(), "{entry:?}");
    }
    world.assert(&rule, Proof::Recorded);
}
