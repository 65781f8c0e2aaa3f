//! What is so, and what happens: the steps that caseworkers take, as RPCs.

use crate::{
    parties::{Party, party},
    world::World,
};
use cucumber::{given, when};
use holdfast_contracts::holdfast::{access::v1::Role, tasks::v1::CompleteTaskRequest, visiting::v1 as pb};
use holdfast_procedure::{
    benefit::{AfterFirstVisit, Clause, Letter, Prescribed, Rules, pip},
    guidance::Version,
    rule::Source,
    term::Term,
};
use holdfast_tests::suite::{london, timestamp};

#[given(regex = r"^it is (\S+ \S+)$")]
#[when(regex = r"^it is (\S+ \S+)$")]
async fn it_is(world: &mut World, now: String) {
    world.move_clock(&now).await;
}

#[given(regex = r"^from (\S+ \S+) a newer version of the PIP guidance allows (\d+) working days$")]
async fn newer_version(world: &mut World, from: String, days: u16) {
    let Prescribed::Yes(after) = pip::RULES.after_first_visit else { panic!("PIP prescribes a letter") };
    let letter = Clause { says: Letter { within: Term::WorkingDays(days), ..after.letter.says }, ..after.letter };
    let rules = Rules { after_first_visit: Prescribed::Yes(AfterFirstVisit { letter, ..after }), ..pip::RULES };
    let version =
        Version { name: "pip/2".to_owned(), source: Source::PipGuidance, effective_from: Some(london(&from)), rules };
    world.guidance = world.guidance.with(version);
}

fn ground(text: &str) -> pb::IneffectiveGround {
    match text {
        "nobody is at home" => pb::IneffectiveGround::NotAtHome,
        "nobody answers" => pb::IneffectiveGround::NoAnswer,
        "the claimant refuses to cooperate" => pb::IneffectiveGround::RefusedToCooperate,
        _ => pb::IneffectiveGround::UnsafeArea,
    }
}

fn visit(world: &mut World, at: &str, how: &str, letter: &str) -> pb::Visit {
    let account = world.words();
    let outcome = match how {
        "sees the claimant" => pb::visit::Outcome::Effective(pb::EffectiveVisit { account, ..Default::default() }),
        "has to break off" => pb::visit::Outcome::BrokenOff(pb::BrokenOffVisit { account }),
        _ => {
            let letter = match letter {
                ", leaving the letter" => pb::LetterLeft::Left,
                ", unable to leave the letter" => pb::LetterLeft::NotLeft,
                _ => pb::LetterLeft::Unspecified,
            };
            let (ground, letter) = (ground(how).into(), letter.into());
            pb::visit::Outcome::Ineffective(pb::IneffectiveVisit { ground, letter, account })
        }
    };
    pb::Visit { occurred_at: Some(timestamp(london(at))), outcome: Some(outcome) }
}

pub(crate) fn late_reason(world: &mut World, late: &str) -> String {
    if late.is_empty() { String::new() } else { world.words() }
}

#[given(
    regex = r"^the Visiting Officer called on (\S+ \S+) and (nobody is at home|nobody answers|the claimant refuses to cooperate|finds the area unsafe|sees the claimant|has to break off)(, leaving the letter|, unable to leave the letter)?(; recorded late)?$"
)]
#[when(
    regex = r"^the Visiting Officer calls on (\S+ \S+) and (nobody is at home|nobody answers|the claimant refuses to cooperate|finds the area unsafe|sees the claimant|has to break off)(, leaving the letter|, unable to leave the letter)?(; recorded late)?$"
)]
pub(crate) async fn calls(world: &mut World, at: String, how: String, letter: String, late: String) {
    let visit = visit(world, &at, &how, &letter);
    let request = pb::RecordVisitRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        visit: Some(visit),
        late_reason: late_reason(world, &late),
        ..Default::default()
    };
    let suite = world.suite().await;
    let request = suite.request("v.jones", Role::VisitingOfficer, request);
    let answer = suite.visiting().record_visit(request).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[when(regex = r"^DWP Visiting deems the area unsafe on (\S+ \S+) without a visit$")]
async fn unsafe_area(world: &mut World, at: String) {
    let account = world.words();
    let request = pb::RecordUnsafeAreaRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        unsafe_area: Some(pb::UnsafeArea { occurred_at: Some(timestamp(london(&at))), account }),
        ..Default::default()
    };
    let suite = world.suite().await;
    let request = suite.request("v.jones", Role::VisitingOfficer, request);
    let answer = suite.visiting().record_unsafe_area(request).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[when(regex = r"^the letter is posted on (\S+ \S+)$")]
async fn posted(world: &mut World, at: String) {
    let request = pb::RecordLetterRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        letter: Some(pb::Letter { occurred_at: Some(timestamp(london(&at))) }),
        ..Default::default()
    };
    let suite = world.suite().await;
    let request = suite.request("v.jones", Role::VisitingOfficer, request);
    let answer = suite.visiting().record_letter(request).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[when(
    regex = r"^fact (\d+) is corrected: the Visiting Officer called on (\S+ \S+) and (nobody answers|sees the claimant)(, leaving the letter)?$"
)]
async fn corrected(world: &mut World, fact: u32, at: String, how: String, letter: String) {
    let visit = visit(world, &at, &how, &letter);
    correct(world, party("Visiting Officer"), fact, pb::correct_fact_request::Right::Visit(visit)).await;
}

#[when(regex = r"^fact (\d+) is corrected: it never happened$")]
async fn never_happened(world: &mut World, fact: u32) {
    correct(world, party("Visiting Officer"), fact, pb::correct_fact_request::Right::NeverHappened(true)).await;
}

/// Somebody puts a fact right.
pub(crate) async fn correct(world: &mut World, by: Party, fact: u32, right: pb::correct_fact_request::Right) {
    let (_, read) = world.read().await;
    let request = pb::CorrectFactRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        etag: read.etag,
        fact,
        right: Some(right),
        reason: world.words(),
        ..Default::default()
    };
    let suite = world.suite().await;
    let answer = suite.visiting().correct_fact(suite.request(by.0, by.1, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[when(regex = r#"^(?:the )?([A-Z][\w ]*?|referrer|team leader|officer) has done "([^"]+)" on (\S+ \S+) in (\S+)$"#)]
async fn done(world: &mut World, who: String, what: String, at: String, system: String) {
    let (_, read) = world.read().await;
    let task = read.tasks.iter().find(|task| task.what.starts_with(&what)).expect("the task is owed").name.clone();
    let request = CompleteTaskRequest {
        request_id: world.request_id(),
        task,
        occurred_at: Some(timestamp(london(&at))),
        system,
        reference: "NOTE-1".to_owned(),
        ..Default::default()
    };
    let suite = world.suite().await;
    let (_, role) = party(&who);
    let request = suite.request("whoever.did.it", role, request);
    let answer = suite.tasks().complete_task(request).await;
    world.answered(answer, |reply| (None, reply.effect)).await;
}

/// The role of a party by the name that the scenarios use.
pub(crate) fn role(name: &str) -> Role {
    crate::parties::party(name).1
}
