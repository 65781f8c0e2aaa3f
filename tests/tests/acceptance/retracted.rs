//! What counted as two ineffective visits was recorded in error, as one person says and another confirms or denies.

use crate::{
    parties::{Party, party},
    world::World,
};
use cucumber::{then, when};
use holdfast_contracts::holdfast::{common::v1::Actor, visiting::v1 as pb};

/// A party, or a colleague of theirs in the same role.
fn whoever(which: &str, name: &str) -> Party {
    let (person, role) = party(name);
    (if which == "another" { "a.nother" } else { person }, role)
}

#[when(regex = r"^(the|another) (Visiting Officer|referrer|CES Team|SPOC) confirms that it was recorded in error$")]
async fn confirms(world: &mut World, which: String, who: String) {
    let request = pb::ConfirmRetractionRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        etag: world.read().await.1.etag,
        reason: world.words(),
        ..Default::default()
    };
    let (person, role) = whoever(&which, &who);
    let suite = world.suite().await;
    let answer = suite.visiting().confirm_retraction(suite.request(person, role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[when(regex = r"^(the|another) (Visiting Officer|referrer|CES Team|SPOC) says that nothing was recorded in error$")]
async fn declines(world: &mut World, which: String, who: String) {
    let request = pb::DeclineRetractionRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        etag: world.read().await.1.etag,
        reason: world.words(),
        ..Default::default()
    };
    let (person, role) = whoever(&which, &who);
    let suite = world.suite().await;
    let answer = suite.visiting().decline_retraction(suite.request(person, role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

/// Whether somebody is who the scenario says.
fn is(actor: Option<Actor>, (person, role): Party) {
    let actor = actor.expect("somebody");
    assert_eq!((actor.person.as_str(), actor.role()), (person, role));
}

#[then(
    regex = r"^the case shows that the (Visiting Officer|referrer) said that (?:the referral|fact (\d+)) was recorded in error$"
)]
async fn asked(world: &mut World, who: String, fact: String) {
    let (referral, _) = world.read().await;
    let asked = referral.retraction.expect("what somebody said");
    assert_eq!(asked.fact, fact.parse().unwrap_or(0));
    assert!(!asked.narrative.is_empty() && asked.asked_at.is_some(), "{asked:?}");
    is(asked.asked_by, party(&who));
}

#[then("nobody says that anything was recorded in error")]
async fn nobody(world: &mut World) {
    assert_eq!(world.read().await.0.retraction, None);
}

#[then("at conferencing the case shows that the Visiting Officer and another Visiting Officer took it back")]
async fn taken_back(world: &mut World) {
    let taken = world.conferencing_case().await.0.taken_back.expect("it was taken back");
    assert!(!taken.narrative.is_empty() && taken.taken_back_at.is_some(), "{taken:?}");
    is(taken.asked_by, party("Visiting Officer"));
    is(taken.confirmed_by, whoever("another", "Visiting Officer"));
}

#[then("at conferencing nobody took the case back")]
async fn not_taken_back(world: &mut World) {
    assert_eq!(world.conferencing_case().await.0.taken_back, None);
}
