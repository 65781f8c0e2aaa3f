//! What was recorded wrongly at conferencing or at safeguarding, and what is right.

use crate::{
    conferencing::participants,
    parties::{Party, party},
    world::World,
};
use cucumber::{then, when};
use holdfast_contracts::holdfast::{
    common::v1::Superseded, conferencing::v1 as conferencing, safeguarding::v1 as safeguarding,
};
use holdfast_tests::suite::{london, timestamp};

#[when(regex = r"^at conferencing the (.+?) corrects fact (\d+): it never happened$")]
async fn never_happened(world: &mut World, who: String, fact: u32) {
    let right = conferencing::correct_fact_request::Right::NeverHappened(true);
    at_conferencing(world, party(&who), fact, right).await;
}

#[when(regex = r"^at conferencing the (.+?) corrects fact (\d+): the conference took place on (\S+ \S+) with (.+)$")]
async fn conference(world: &mut World, who: String, fact: u32, at: String, with: String) {
    let held = conferencing::Conference {
        occurred_at: Some(timestamp(london(&at))),
        participants: participants(&with),
        account: world.words(),
        ..Default::default()
    };
    let right = conferencing::correct_fact_request::Right::Conference(held);
    at_conferencing(world, party(&who), fact, right).await;
}

async fn at_conferencing(world: &mut World, who: Party, fact: u32, right: conferencing::correct_fact_request::Right) {
    let request = conferencing::CorrectFactRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        etag: world.conferencing_case().await.1.etag,
        fact,
        right: Some(right),
        reason: world.words(),
        ..Default::default()
    };
    let suite = world.suite().await;
    let answer = suite.conferencing().correct_fact(suite.request(who.0, who.1, request)).await;
    world.replied(answer, |reply| reply.effect).await;
}

#[when(regex = r"^at safeguarding the (.+?) corrects fact (\d+): it never happened$")]
async fn nothing(world: &mut World, who: String, fact: u32) {
    let right = safeguarding::correct_fact_request::Right::NeverHappened(true);
    at_safeguarding(world, party(&who), fact, right, String::new()).await;
}

#[when(regex = r"^at safeguarding the (.+?) corrects fact (\d+): the claimant was tried on (\S+ \S+)$")]
async fn tried(world: &mut World, who: String, fact: u32, at: String) {
    let attempt = safeguarding::ContactAttempt {
        occurred_at: Some(timestamp(london(&at))),
        whom: safeguarding::ContactThrough::Customer.into(),
        channel: safeguarding::AttemptChannel::Telephone.into(),
        outcome: safeguarding::AttemptOutcome::NoReply.into(),
        text_sent: false,
    };
    let (right, words) = (safeguarding::correct_fact_request::Right::Attempt(attempt), world.words());
    at_safeguarding(world, party(&who), fact, right, words).await;
}

async fn at_safeguarding(
    world: &mut World,
    who: Party,
    fact: u32,
    right: safeguarding::correct_fact_request::Right,
    account: String,
) {
    let request = safeguarding::CorrectFactRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        etag: world.escalation().await.1.etag,
        fact,
        right: Some(right),
        account,
        reason: world.words(),
        ..Default::default()
    };
    let suite = world.suite().await;
    let answer = suite.escalations().correct_fact(suite.request(who.0, who.1, request)).await;
    world.replied(answer, |reply| reply.effect).await;
}

/// Why a fact stands no more, as the case shows it.
async fn superseded(world: &mut World, service: &str, fact: u32) -> Option<Superseded> {
    if service == "conferencing" {
        let facts = world.conferencing_case().await.0.facts;
        return facts.into_iter().find(|kept| kept.fact == fact).expect("the fact is shown").superseded;
    }
    let facts = world.escalation().await.0.facts;
    facts.into_iter().find(|kept| kept.fact == fact).expect("the fact is shown").superseded
}

#[then(regex = r"^at (conferencing|safeguarding) fact (\d+) is read back as superseded by fact (\d+)$")]
async fn superseded_by(world: &mut World, service: String, fact: u32, by: u32) {
    let why = superseded(world, &service, fact).await.expect("it stands no more");
    assert_eq!((why.by_fact, why.narrative.is_empty()), (by, false));
}

#[then(regex = r"^at (conferencing|safeguarding) fact (\d+) is read back as never having happened$")]
async fn never(world: &mut World, service: String, fact: u32) {
    let why = superseded(world, &service, fact).await.expect("it stands no more");
    assert_eq!((why.by_fact, why.narrative.is_empty()), (0, false));
}
