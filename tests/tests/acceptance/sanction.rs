//! A failed requirement, as work coaches, site leaders and Decision Makers say it.

use crate::{then::spelled, world::World};
use cucumber::{given, then, when};
use holdfast_contracts::holdfast::{
    access::v1::Role,
    common::v1::{Award, Benefit, Effect, Nation, Place},
    conferencing::v1::{self as pb, participant::AttendsFor, sanction_service_correct_fact_request::Right},
    tasks::v1::ListTasksRequest,
    visiting::v1::Channel,
};
use holdfast_procedure::rule::Proof;
use holdfast_tests::suite::{london, timestamp};

/// Who acts for a party where a scenario names nobody.
const COACH: &str = "w.coach";
const DECIDER: &str = "d.maker";

/// Sends what somebody asks or reports.
macro_rules! told {
    ($world:ident, $who:expr, $method:ident, $request:expr) => {{
        let (request, (person, role)) = ($request, $who);
        let suite = $world.suite().await;
        let answer = suite.sanctions().$method(suite.request(person, role, request)).await;
        $world.replied(answer, |reply| reply.effect).await;
    }};
}

/// The case as it stands, and what is owed on it.
async fn present(world: &mut World) -> (pb::SanctionCase, Effect) {
    let request = pb::GetSanctionCaseRequest { case_reference: world.case.clone() };
    let suite = world.suite().await;
    let request = suite.request("a.reader", Role::Officer, request);
    let reply = suite.sanctions().get_sanction_case(request).await.expect("the case").into_inner();
    world.heard(&reply);
    (reply.case.expect("a case"), reply.effect.expect("an effect"))
}

async fn failed(world: &mut World, benefit: Benefit, at: &str) {
    let request = pb::RecordFailedRequirementRequest {
        request_id: world.request_id(),
        award: Some(Award { customer: "C-1".to_owned(), benefit: benefit.into(), award: "A-1".to_owned() }),
        place: Some(Place { nation: Nation::England.into(), area: "Somewhere".to_owned() }),
        requirement: pb::Requirement::Interview.into(),
        failed_at: Some(timestamp(london(at))),
        account: world.words(),
        ..Default::default()
    };
    let suite = world.suite().await;
    let answer = suite.sanctions().record_failed_requirement(suite.request(COACH, Role::WorkCoach, request)).await;
    let opened = answer.as_ref().ok().and_then(|reply| reply.get_ref().case.as_ref());
    if let Some(case) = opened.map(|opened| opened.case_reference.clone()) {
        world.case = case;
    }
    world.replied(answer, |reply| reply.effect).await;
}

#[given(regex = r"^a Universal Credit claimant failed a requirement on (\S+ \S+)$")]
#[when(regex = r"^the same claimant failed a requirement on (\S+ \S+)$")]
async fn fails(world: &mut World, at: String) {
    failed(world, Benefit::UniversalCredit, &at).await;
}

#[when(regex = r"^the work coach records that an? (PIP|ESA|Access to Work) claimant failed a requirement$")]
async fn fails_elsewhere(world: &mut World, benefit: String) {
    let benefit = Benefit::from_str_name(&format!("BENEFIT_{}", spelled(&benefit))).expect("a benefit");
    let now = world.now.clone();
    failed(world, benefit, &now).await;
}

async fn confer(world: &mut World, there: Vec<(&str, Role)>, found: &str) {
    let (good_reason, requirement) = match found {
        "no good reason" => (pb::GoodReason::NotSeen, pb::RequirementAssurance::Reasonable),
        "a good reason" => (pb::GoodReason::Seen, pb::RequirementAssurance::Reasonable),
        _ => (pb::GoodReason::NotSeen, pb::RequirementAssurance::NotReasonable),
    };
    let participant = |(person, role): (&str, Role)| pb::Participant {
        person: person.to_owned(),
        attends_for: Some(AttendsFor::Role(role.into())),
    };
    let request = pb::HoldSanctionConferenceRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        occurred_at: Some(timestamp(london(&world.now))),
        participants: there.into_iter().map(participant).collect(),
        good_reason: good_reason.into(),
        requirement: requirement.into(),
        account: world.words(),
        ..Default::default()
    };
    told!(world, (COACH, Role::WorkCoach), hold_sanction_conference, request);
}

#[when(
    regex = r#"^"([^"]+)" as work coach and "([^"]+)" as site leader confer and see (no good reason|a good reason|a requirement out of reach)$"#
)]
async fn confers(world: &mut World, coach: String, leader: String, found: String) {
    confer(world, vec![(&coach, Role::WorkCoach), (&leader, Role::SiteLeader)], &found).await;
}

#[when(regex = r#"^"([^"]+)" as work coach confers alone$"#)]
async fn confers_alone(world: &mut World, coach: String) {
    confer(world, vec![(&coach, Role::WorkCoach)], "no good reason").await;
}

#[when(regex = r#"^"([^"]+)" refers the claimant for a sanction$"#)]
async fn refers(world: &mut World, coach: String) {
    let etag = present(world).await.1.etag;
    let (request_id, case_reference, reason) = (world.request_id(), world.case.clone(), world.words());
    let request = pb::ReferForSanctionRequest { request_id, case_reference, etag, reason, ..Default::default() };
    told!(world, (&coach, Role::WorkCoach), refer_for_sanction, request);
}

#[when("the Decision Maker invites the claimant to explain")]
async fn invites(world: &mut World) {
    let request = pb::InviteExplanationRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        occurred_at: Some(timestamp(london(&world.now))),
        channel: Channel::Letter.into(),
        ..Default::default()
    };
    told!(world, (DECIDER, Role::DecisionMaker), invite_explanation, request);
}

#[when(regex = r"^(the claimant explains|no answer comes from the claimant)$")]
async fn explains(world: &mut World, answer: String) {
    let answer = if answer.starts_with("no ") { pb::Answer::NoAnswer } else { pb::Answer::Explained };
    let request = pb::RecordExplanationRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        occurred_at: Some(timestamp(london(&world.now))),
        answer: answer.into(),
        account: world.words(),
        ..Default::default()
    };
    told!(world, (DECIDER, Role::DecisionMaker), record_explanation, request);
}

#[when(regex = r#"^"([^"]+)" decides that (a|no) sanction is warranted(, with nothing known of a good reason)?$"#)]
async fn decides(world: &mut World, person: String, which: String, unheard: String) {
    let outcome = if which == "no" { pb::SanctionOutcome::NoSanction } else { pb::SanctionOutcome::Sanction };
    let good_reason = if unheard.is_empty() { pb::Weighed::TakenIntoAccount } else { pb::Weighed::NothingKnown };
    let etag = present(world).await.1.etag;
    let request = pb::DecideSanctionRequest {
        request_id: world.request_id(),
        etag,
        case_reference: world.case.clone(),
        outcome: outcome.into(),
        circumstances: pb::Weighed::TakenIntoAccount.into(),
        health: pb::Weighed::NothingKnown.into(),
        good_reason: good_reason.into(),
        weighed: world.words(),
        ..Default::default()
    };
    told!(world, (&person, Role::DecisionMaker), decide_sanction, request);
}

#[when("the claimant asks for a reconsideration of the sanction")]
async fn disagrees(world: &mut World) {
    let etag = present(world).await.1.etag;
    let (request_id, case_reference, reason) = (world.request_id(), world.case.clone(), world.words());
    let request = pb::ReconsiderSanctionRequest { request_id, case_reference, etag, reason, ..Default::default() };
    told!(world, (COACH, Role::WorkCoach), reconsider_sanction, request);
}

/// The conference that stands, by its number.
async fn conference_on_record(world: &mut World) -> u32 {
    use pb::sanction_fact::Kind;
    let (case, _) = present(world).await;
    let stands = |fact: &&pb::SanctionFact| fact.superseded.is_none() && matches!(fact.kind, Some(Kind::Conference(_)));
    case.facts.iter().rfind(stands).expect("a conference").fact
}

async fn corrects(world: &mut World, person: &str, right: Right) {
    let (fact, etag) = (conference_on_record(world).await, present(world).await.1.etag);
    let request = pb::SanctionServiceCorrectFactRequest {
        request_id: world.request_id(),
        etag,
        case_reference: world.case.clone(),
        fact,
        right: Some(right),
        reason: world.words(),
        ..Default::default()
    };
    told!(world, (person, Role::WorkCoach), correct_fact, request);
}

#[when(regex = r#"^"([^"]+)" corrects the conference to have been without the site leader$"#)]
async fn corrects_who_was_there(world: &mut World, person: String) {
    let alone = pb::CorrectedConference {
        occurred_at: Some(timestamp(london(&world.now))),
        participants: vec![pb::Participant {
            person: person.clone(),
            attends_for: Some(AttendsFor::Role(Role::WorkCoach.into())),
        }],
        good_reason: pb::GoodReason::NotSeen.into(),
        requirement: pb::RequirementAssurance::Reasonable.into(),
        account: world.words(),
    };
    corrects(world, &person, Right::Conference(alone)).await;
}

#[when(regex = r#"^"([^"]+)" corrects that the conference never took place$"#)]
async fn corrects_that_it_took_place(world: &mut World, person: String) {
    corrects(world, &person, Right::NeverHappened(true)).await;
}

#[when(
    regex = r#"^"([^"]+)" withdraws the case, as (it was recorded in error|a good reason became known|the claim was closed)$"#
)]
async fn withdraws(world: &mut World, person: String, why: String) {
    let ground = match why.as_str() {
        "it was recorded in error" => pb::SanctionWithdrawalGround::RecordedInError,
        "a good reason became known" => pb::SanctionWithdrawalGround::GoodReasonKnown,
        _ => pb::SanctionWithdrawalGround::ClaimClosed,
    };
    let (etag, request_id) = (present(world).await.1.etag, world.request_id());
    let (case_reference, ground, reason) = (world.case.clone(), ground.into(), world.words());
    let request =
        pb::WithdrawSanctionCaseRequest { request_id, case_reference, etag, ground, reason, ..Default::default() };
    told!(world, (&person, Role::WorkCoach), withdraw_sanction_case, request);
}

#[then("the conference as it was recorded first is still on record")]
async fn still_on_record(world: &mut World) {
    let (case, _) = present(world).await;
    let wrong = &case.facts[1];
    let superseded = wrong.superseded.as_ref().expect("it was wrong");
    assert!(!wrong.counts && !superseded.narrative.is_empty(), "{wrong:?}");
    assert_eq!(superseded.recorded_by.as_ref().expect("a person").person, COACH);
    let Some(pb::sanction_fact::Kind::Conference(held)) = &wrong.kind else { panic!("{wrong:?}") };
    assert_eq!(held.participants.len(), 2);
}

fn stage(name: &str) -> pb::SanctionStage {
    pb::SanctionStage::from_str_name(&format!("SANCTION_STAGE_{}", spelled(name))).expect("a stage")
}

#[then(regex = r#"^the failed requirement is at "([^"]+)"$"#)]
async fn is_at(world: &mut World, name: String) {
    assert_eq!(present(world).await.0.stage(), stage(&name));
}

/// What a party owes, as the case and the list of tasks tell it alike.
async fn owed(world: &mut World, owner: Role) -> Vec<(String, String)> {
    let (_, effect) = present(world).await;
    let listed = ListTasksRequest { owner: owner.into(), case_reference: world.case.clone(), ..Default::default() };
    let suite = world.suite().await;
    let request = suite.request("a.reader", owner, listed);
    let listed = suite.tasks().list_tasks(request).await.expect("a list").into_inner().tasks;
    let on_case: Vec<_> = effect.tasks.into_iter().filter(|task| task.owner() == owner).collect();
    assert_eq!(listed, on_case, "the case and the list of tasks say the same");
    listed.into_iter().map(|task| (task.what, task.citation.expect("a citation").rule)).collect()
}

fn party(name: &str) -> Role {
    if name == "work coach" { Role::WorkCoach } else { Role::DecisionMaker }
}

#[then(regex = r#"^under (\S+) the (work coach|Decision Maker) owes "([^"]+)" on the failed requirement$"#)]
async fn owes(world: &mut World, rule: String, name: String, what: String) {
    let [(owes, under)] = owed(world, party(&name)).await.try_into().expect("one task");
    assert!(owes.starts_with(&what), "{owes}");
    assert_eq!(under, rule);
    world.assert(&rule, Proof::TaskOwed);
}

#[then(regex = r"^the (work coach|Decision Maker) owes nothing on the failed requirement$")]
async fn owes_nothing(world: &mut World, name: String) {
    assert_eq!(owed(world, party(&name)).await, []);
}

#[then("nothing is owed on the failed requirement")]
async fn nothing_owed(world: &mut World) {
    assert_eq!(present(world).await.1.tasks, []);
}

#[then(regex = r#"^the decisions on the sanction are "([^"]+)"$"#)]
async fn decisions(world: &mut World, expected: String) {
    let (case, _) = present(world).await;
    let name = |decided: &pb::SanctionDecision| match decided.outcome() {
        pb::SanctionOutcome::Sanction => "sanction",
        pb::SanctionOutcome::NoSanction => "no sanction",
        pb::SanctionOutcome::Unspecified => "unspecified",
    };
    assert_eq!(case.decisions.iter().map(name).collect::<Vec<_>>().join(", "), expected);
    for decided in &case.decisions {
        assert_eq!(decided.decided_by.as_ref().expect("a person").person, DECIDER);
        assert_eq!(
            (decided.circumstances(), decided.health()),
            (pb::Weighed::TakenIntoAccount, pb::Weighed::NothingKnown)
        );
    }
}

#[then(regex = r#"^the failed requirement is found in the list of those "([^"]+)"$"#)]
async fn listed(world: &mut World, name: String) {
    let (case, _) = present(world).await;
    let award = case.award.clone().expect("an award");
    let (area, opened_by) = ("Somewhere".to_owned(), COACH.to_owned());
    let asked = pb::ListSanctionCasesRequest {
        customer: award.customer.clone(),
        award: award.award.clone(),
        area,
        stage: stage(&name).into(),
        opened_by,
        ..Default::default()
    };
    let suite = world.suite().await;
    let request = suite.request("a.reader", Role::Officer, asked);
    let reply = suite.sanctions().list_sanction_cases(request).await.expect("a list").into_inner();
    world.heard(&reply);
    let [found] = reply.cases.try_into().expect("one case");
    assert_eq!((found.case_reference, found.award), (case.case_reference, case.award));
    assert_eq!((found.stage, found.requirement, found.failed_at), (case.stage, case.requirement, case.failed_at));
}

#[then(regex = r"^the journal of the failed requirement stands on (\S+) throughout$")]
async fn journal(world: &mut World, rule: String) {
    let request = pb::SanctionServiceGetTimelineRequest { case_reference: world.case.clone(), ..Default::default() };
    let suite = world.suite().await;
    let request = suite.request("a.reader", Role::Auditor, request);
    let reply = suite.sanctions().get_timeline(request).await.expect("the journal").into_inner();
    world.heard(&reply);
    assert!(!reply.entries.is_empty());
    for entry in &reply.entries {
        assert!(entry.rules.contains(&rule) && !entry.actor.as_ref().expect("an actor").person.is_empty(), "{entry:?}");
    }
}
