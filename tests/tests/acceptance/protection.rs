//! What payments ask before they act, and what they are told.

use crate::{then::spelled, world::World};
use cucumber::{given, then, when};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    common::v1::{Action, ActionGround, Award, Benefit, Hold, ReleaseReason},
    safeguarding::v1::{
        AdvisoryKind, Answer, CheckActionRequest, CheckActionResponse, Decision, GetProtectionRequest, Question,
        ReasonKind,
    },
    visiting::v1::{Concern, RaiseConcernRequest},
};
use holdfast_procedure::rule::{self, Proof};
use holdfast_tests::suite::{london, timestamp};

/// What can be done to an award.
const ACTIONS: [Action; 6] =
    [Action::Suspend, Action::Stop, Action::End, Action::Disallow, Action::Sanction, Action::Reduce];
/// On what grounds.
const GROUNDS: [ActionGround; 4] =
    [ActionGround::Unspecified, ActionGround::NonAttendance, ActionGround::MissingEvidence, ActionGround::Other];

/// The award that the scenario is about.
async fn award(world: &mut World) -> Award {
    world.read().await.0.award.expect("an award")
}

/// Asks in the name of a payment system, with nobody at its desk.
pub(crate) async fn check(world: &mut World, question: &Question) -> CheckActionResponse {
    let suite = world.suite().await;
    let request = CheckActionRequest { question: Some(question.clone()) };
    let request = suite.request_through("payments", None, Workload::Payments, request);
    let reply = suite.protection().check_action(request).await.expect("an answer").into_inner();
    let answer = reply.answer.as_ref().expect("an answer");
    assert_eq!(answer.question.as_ref(), Some(question), "the question is told back");
    world.heard(&reply);
    reply
}

#[when(
    regex = r"^payments ask whether they may (suspend|stop|end|disallow|sanction|reduce) the (award|claimant's Universal Credit)(?: because of (a missed appointment|missing evidence))?(, knowing of a condition)?$"
)]
async fn ask(world: &mut World, action: String, what: String, ground: String, condition: String) {
    let visited = award(world).await;
    let award = match what.as_str() {
        "award" => visited,
        _ => Award { benefit: Benefit::UniversalCredit.into(), award: "A-UC".to_owned(), ..visited },
    };
    let action = Action::from_str_name(&format!("ACTION_{}", spelled(&action))).expect("an action");
    let ground = match ground.as_str() {
        "a missed appointment" => ActionGround::NonAttendance,
        "missing evidence" => ActionGround::MissingEvidence,
        _ => ActionGround::Unspecified,
    };
    let (award, action, ground) = (Some(award), action.into(), ground.into());
    let question = Question { award, action, ground, condition_known: !condition.is_empty() };
    let reply = check(world, &question).await;
    world.checked = Some((question, reply));
}

#[given(regex = r"^an officer raises a concern that arose on (\S+ \S+)$")]
#[when(regex = r"^an officer raises a concern that arose on (\S+ \S+)$")]
async fn concern(world: &mut World, at: String) {
    let request = RaiseConcernRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        concern: Some(Concern { occurred_at: Some(timestamp(london(&at))), specifics: world.words() }),
        ..Default::default()
    };
    let suite = world.suite().await;
    let answer = suite.visiting().raise_concern(suite.request("o.brown", Role::Officer, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

fn told(world: &World) -> (&CheckActionResponse, &Answer) {
    let (_, reply) = world.checked.as_ref().expect("payments asked");
    (reply, reply.answer.as_ref().expect("an answer"))
}

/// A rule counts where an answer cited it, in the way that it shows itself.
fn cited(world: &mut World, id: &str) {
    let proof = rule::find(id).expect("a rule").proof;
    assert!(matches!(proof, Proof::CheckProhibited | Proof::Derived), "{id} shows itself as {proof:?}");
    world.assert(id, proof);
}

#[then(regex = r"^under (\S+) it is prohibited$")]
async fn prohibited(world: &mut World, id: String) {
    let case = world.case.clone();
    let (reply, answer) = told(world);
    assert_eq!(answer.decision(), Decision::Prohibited, "{answer:?}");
    assert!(answer.decision_id.is_empty() && answer.valid_for.is_none(), "{answer:?}");
    let mut held = answer.reasons.iter().filter(|reason| reason.kind() == ReasonKind::Held);
    assert!(held.all(|reason| reason.case_reference == case), "{answer:?}");
    assert!(answer.reasons.iter().any(|reason| reason.rules.contains(&id)), "no reason names {id}: {answer:?}");
    assert!(reply.citations.iter().any(|citation| citation.rule == id), "{id} is not cited: {reply:?}");
    cited(world, &id);
}

#[then("it is permitted")]
async fn permitted(world: &mut World) {
    let (_, answer) = told(world);
    assert_eq!(answer.decision(), Decision::Permitted, "{answer:?}");
    assert!(!answer.decision_id.is_empty() && answer.valid_for.is_some() && answer.reasons.is_empty(), "{answer:?}");
}

#[then(regex = r#"^under (\S+) the answer tells of "([^"]+)"$"#)]
async fn advisory(world: &mut World, id: String, kind: String) {
    let kind = AdvisoryKind::from_str_name(&format!("ADVISORY_KIND_{}", spelled(&kind))).expect("an advisory");
    let case = world.case.clone();
    let (reply, answer) = told(world);
    let advisory = answer.advisories.iter().find(|advisory| advisory.kind() == kind && advisory.case_reference == case);
    assert!(advisory.expect("the advisory").rules.contains(&id), "{answer:?}");
    assert!(reply.citations.iter().any(|citation| citation.rule == id), "{id} is not cited: {reply:?}");
    cited(world, &id);
}

#[then("under R-ACTIONS every action is prohibited on every ground")]
async fn every_action(world: &mut World) {
    let award = award(world).await;
    for action in ACTIONS {
        for ground in GROUNDS {
            let (award, action, ground) = (Some(award.clone()), action.into(), ground.into());
            let question = Question { award, action, ground, condition_known: false };
            let answer = check(world, &question).await.answer.expect("an answer");
            assert_eq!(answer.decision(), Decision::Prohibited, "{question:?}");
        }
    }
    cited(world, "R-ACTIONS");
}

/// The holds because of the case, the latest change last.
async fn holds(world: &mut World) -> Vec<Hold> {
    let request = GetProtectionRequest { award: Some(award(world).await) };
    let suite = world.suite().await;
    let request = suite.request_through("payments", None, Workload::Payments, request);
    let reply = suite.protection().get_protection(request).await.expect("what stands").into_inner();
    world.heard(&reply);
    reply.holds.into_iter().filter_map(|change| change.hold).collect()
}

#[then("under R-HOLD-ON the hold names the award that was visited about")]
async fn names_award(world: &mut World) {
    let award = award(world).await;
    let holds = holds(world).await;
    let standing: Vec<_> = holds.iter().filter(|hold| hold.released() == ReleaseReason::Unspecified).collect();
    assert!(!standing.is_empty() && standing.iter().all(|hold| hold.award.as_ref() == Some(&award)), "{holds:?}");
    cited(world, "R-HOLD-ON");
}

#[then("under R-NO-LAPSE the protection still stands")]
async fn stands(world: &mut World) {
    let holds = holds(world).await;
    assert!(holds.iter().any(|hold| hold.released() == ReleaseReason::Unspecified), "{holds:?}");
    cited(world, "R-NO-LAPSE");
}

#[then(regex = r#"^under R-HOLD-UNTIL the protection ended with "([^"]+)"$"#)]
async fn ended(world: &mut World, why: String) {
    let why = ReleaseReason::from_str_name(&format!("RELEASE_REASON_{}", spelled(&why))).expect("a reason");
    let holds = holds(world).await;
    assert!(holds.iter().all(|hold| hold.released() != ReleaseReason::Unspecified), "{holds:?}");
    assert!(holds.iter().any(|hold| hold.released() == why), "{holds:?}");
    let journals = [world.timeline().await, released_elsewhere(world).await].concat();
    let ended = journals.iter().rfind(|entry| entry.event == "protection_released").expect("a release in a journal");
    assert!(ended.rules.contains(&"R-HOLD-UNTIL".to_owned()), "{:?}", ended.rules);
    cited(world, "R-HOLD-UNTIL");
}

/// The journal at conferencing, where the case has gone there.
async fn released_elsewhere(world: &mut World) -> Vec<holdfast_contracts::holdfast::common::v1::TimelineEntry> {
    let handed_over = world.timeline().await.iter().any(|entry| entry.event == "protection_handed_over");
    if handed_over { world.conferencing_timeline().await } else { Vec::new() }
}
