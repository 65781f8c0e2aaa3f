//! What is read back of a referral, of its form and of its facts.

use crate::{
    parties::{Party, party},
    world::World,
};
use cucumber::then;
use holdfast_contracts::holdfast::{
    common::v1::Nation,
    visiting::v1::{self as pb, recorded_fact::Kind, visit::Outcome},
};
use holdfast_procedure::rule::Proof;

async fn fact(world: &mut World, number: u32) -> pb::RecordedFact {
    let (referral, _) = world.read().await;
    referral.facts.into_iter().find(|recorded| recorded.fact == number).expect("the fact")
}

async fn form(world: &mut World) -> pb::KeptForm {
    world.read().await.0.form.expect("a form")
}

async fn seen(world: &mut World, number: u32) -> pb::EffectiveVisit {
    let Some(Kind::Visit(visit)) = fact(world, number).await.kind else { panic!("fact {number} is a visit") };
    let Some(Outcome::Effective(seen)) = visit.outcome else { panic!("the claimant was seen") };
    seen
}

/// The words behind a reference, read for the next step on the case.
async fn words(world: &mut World, (person, role): Party, narrative: String) -> String {
    let purpose = pb::ReadPurpose::NextStep.into();
    let request = pb::ReadNarrativeRequest { case_reference: world.case.clone(), narrative, purpose };
    let suite = world.suite().await;
    let reply = suite.visiting().read_narrative(suite.request(person, role, request)).await;
    reply.expect("the words").into_inner().text
}

#[then(regex = r"^under ESA-106N whoever deals with the claimant next reads the steps taken in fact (\d+)$")]
async fn steps_taken(world: &mut World, number: u32) {
    let recorded = fact(world, number).await;
    let Some(Kind::Consideration(told)) = recorded.kind else { panic!("fact {number} is a consideration") };
    assert!(told.considered.len() >= 5 && told.account.is_empty(), "{told:?}");
    assert!(words(world, party("Decision Maker"), recorded.narrative).await.contains("CANARY"));
    let timeline = world.timeline().await;
    let about = format!("Fact {number}: ");
    let entry = timeline.iter().find(|entry| entry.summary.starts_with(&about)).expect("the fact");
    assert!(entry.rules.contains(&"ESA-106N".to_owned()), "{:?}", entry.rules);
    world.assert("ESA-106N", Proof::Derived);
}

#[then("the Visiting Officer reads the referring officer's number")]
async fn telephone(world: &mut World) {
    let form = form(world).await;
    assert_eq!((form.telephone.as_str(), form.telephone_staffed), ("020 7946 0000", true));
    let condition = form.condition.expect("the condition").narrative;
    assert!(words(world, party("Visiting Officer"), condition).await.contains("CANARY"));
}

#[then(regex = r"^the form names the activity that was due on (\S+)$")]
async fn activity(world: &mut World, due_on: String) {
    let activity = form(world).await.activity.expect("the activity");
    assert_eq!(activity.due_on, due_on);
    assert!(words(world, party("Visiting Officer"), activity.narrative).await.contains("CANARY"));
}

#[then("the form tells that legislation requires a face to face meeting")]
async fn face_to_face(world: &mut World) {
    let form = form(world).await;
    assert!(form.face_to_face_required && form.support_exhausted, "{form:?}");
    assert_eq!(form.note_in(), pb::NoteIn::Both);
}

#[then(regex = r"^the visit is due in (England|Scotland)$")]
async fn due_in(world: &mut World, nation: String) {
    let (referral, _) = world.read().await;
    let expected = if nation == "Scotland" { Nation::Scotland } else { Nation::England };
    assert_eq!(referral.place.expect("a place").nation(), expected);
}

#[then(regex = r"^fact (\d+) tells that attendance is understood, evidence is not, and that an appointee was present$")]
async fn understood(world: &mut World, number: u32) {
    let seen = seen(world, number).await;
    let understood = seen.understood.expect("what is understood");
    assert_eq!(understood.attendance(), pb::Understands::Yes);
    assert_eq!(understood.work_related_activity(), pb::Understands::NotDiscussed);
    assert_eq!(understood.evidence(), pb::Understands::No);
    assert!(seen.representative_present && seen.explained && seen.good_cause_reasons.is_empty());
}

#[then(regex = r"^fact (\d+) tells that the claimant is a lone parent with a child under one$")]
async fn lone_parent(world: &mut World, number: u32) {
    assert_eq!(seen(world, number).await.lone_parent_with_child_under_one(), pb::Answer::Yes);
}

#[then(regex = r"^the reasons for not attending are read by the referrer in fact (\d+)$")]
async fn reasons(world: &mut World, number: u32) {
    let narrative = fact(world, number).await.good_cause_reasons;
    assert!(words(world, party("referrer"), narrative).await.contains("CANARY"));
}

#[then(regex = r#"^good cause is read back as (accepted|not accepted), decided by "([^"]+)"$"#)]
async fn good_cause(world: &mut World, what: String, person: String) {
    let decided = world.read().await.0.good_cause.expect("a decision");
    let expected = if what == "accepted" { pb::GoodCause::Accepted } else { pb::GoodCause::NotAccepted };
    assert_eq!(decided.good_cause(), expected);
    assert_eq!(decided.decided_by.expect("somebody").person, person);
}

#[then(regex = r"^it was (?:the )?(CEAST|SPOC) who said that (a|no) second visit is needed$")]
async fn said_by(world: &mut World, who: String, needed: String) {
    let (person, role) = party(&who);
    let decided = world.read().await.0.second_visit_decisions.pop().expect("a decision");
    let expected = if needed == "a" { pb::SecondVisit::Needed } else { pb::SecondVisit::NotNeeded };
    assert_eq!(decided.second_visit(), expected);
    let by = decided.decided_by.expect("somebody");
    assert_eq!((by.person.as_str(), by.role()), (person, role));
}
