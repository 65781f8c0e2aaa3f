//! What is so, and what happens: the steps that caseworkers take, as RPCs.

use crate::world::World;
use chrono::{DateTime, Utc};
use cucumber::{given, when};
use holdfast_contracts::holdfast::{
    access::v1::Role,
    common::v1::{Award, Benefit, Nation, Place},
    tasks::v1::CompleteTaskRequest,
    visiting::v1 as pb,
};
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

#[given(regex = r"^a PIP claimant in (England|Wales|Scotland|Northern Ireland) was referred for a visit on (\S+ \S+)$")]
#[when(regex = r"^a PIP claimant in (England|Wales|Scotland|Northern Ireland) was referred for a visit on (\S+ \S+)$")]
async fn referred(world: &mut World, nation: String, at: String) {
    refer(world, "r.patel", &nation, "A-1", london(&at)).await;
}

/// Somebody refers the claimant for a visit about an award.
pub(crate) async fn refer(world: &mut World, by: &str, nation: &str, award: &str, at: DateTime<Utc>) {
    let nation = match nation {
        "England" => Nation::England,
        "Wales" => Nation::Wales,
        "Scotland" => Nation::Scotland,
        _ => Nation::NorthernIreland,
    };
    let request = pb::ReferForVisitRequest {
        request_id: world.request_id(),
        award: Some(Award { customer: "C-1".to_owned(), benefit: Benefit::Pip.into(), award: award.to_owned() }),
        place: Some(Place { nation: nation.into(), area: "Somewhere".to_owned() }),
        occurred_at: Some(timestamp(at)),
        circumstances: world.words(),
        ..Default::default()
    };
    let suite = world.suite().await;
    let request = suite.request(by, Role::Referrer, request);
    let answer = suite.visiting().refer_for_visit(request).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
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
        "sees the claimant" => pb::visit::Outcome::Effective(pb::EffectiveVisit { account }),
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

fn late_reason(world: &mut World, late: &str) -> String {
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
    regex = r"^(the claimant|an attorney|a neighbour) rings the (CES Team|Visiting Officer) on (\S+ \S+)(, and a second visit is needed|, and no second visit is needed)?(; recorded late)?$"
)]
async fn rings(world: &mut World, who: String, whom: String, at: String, second: String, late: String) {
    let by = match who.as_str() {
        "the claimant" => pb::ContactBy::Customer,
        "an attorney" => pb::ContactBy::Representative,
        _ => pb::ContactBy::ThirdParty,
    };
    let second_visit = match second.as_str() {
        ", and a second visit is needed" => pb::SecondVisit::Needed,
        ", and no second visit is needed" => pb::SecondVisit::NotNeeded,
        _ => pb::SecondVisit::Unspecified,
    };
    let contact = pb::Contact {
        occurred_at: Some(timestamp(london(&at))),
        channel: pb::Channel::Telephone.into(),
        by: by.into(),
        conversation: world.words(),
        second_visit: second_visit.into(),
    };
    let request = pb::RecordContactRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        contact: Some(contact),
        late_reason: late_reason(world, &late),
        ..Default::default()
    };
    let suite = world.suite().await;
    let request = suite.request("whoever.picks.up", role(&whom), request);
    let answer = suite.visiting().record_contact(request).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[when(regex = r"^the CES Team tells DWP Visiting that (a|no) second visit is needed$")]
async fn decides(world: &mut World, needed: String) {
    let second_visit = if needed == "a" { pb::SecondVisit::Needed } else { pb::SecondVisit::NotNeeded };
    let (_, read) = world.read().await;
    let request = pb::DecideSecondVisitRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        etag: read.etag,
        second_visit: second_visit.into(),
        reason: world.words(),
        ..Default::default()
    };
    let suite = world.suite().await;
    let request = suite.request("c.khan", Role::CesTeam, request);
    let answer = suite.visiting().decide_second_visit(request).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[when(regex = r"^the referrer withdraws the referral because (the customer is abroad|it was recorded in error)$")]
async fn withdraws(world: &mut World, why: String) {
    let ground =
        if why.ends_with("abroad") { pb::WithdrawalGround::Abroad } else { pb::WithdrawalGround::RecordedInError };
    let (_, read) = world.read().await;
    let request = pb::WithdrawReferralRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        etag: read.etag,
        ground: ground.into(),
        reason: world.words(),
        ..Default::default()
    };
    let suite = world.suite().await;
    let request = suite.request("r.patel", Role::Referrer, request);
    let answer = suite.visiting().withdraw_referral(request).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[when(
    regex = r"^fact (\d+) is corrected: the Visiting Officer called on (\S+ \S+) and (nobody answers|sees the claimant)(, leaving the letter)?$"
)]
async fn corrected(world: &mut World, fact: u32, at: String, how: String, letter: String) {
    let visit = visit(world, &at, &how, &letter);
    correct(world, fact, pb::correct_fact_request::Right::Visit(visit)).await;
}

#[when(regex = r"^fact (\d+) is corrected: it never happened$")]
async fn never_happened(world: &mut World, fact: u32) {
    correct(world, fact, pb::correct_fact_request::Right::NeverHappened(true)).await;
}

async fn correct(world: &mut World, fact: u32, right: pb::correct_fact_request::Right) {
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
    let request = suite.request("v.jones", Role::VisitingOfficer, request);
    let answer = suite.visiting().correct_fact(request).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[when(regex = r#"^the (Visiting Officer|CES Team) has done "([^"]+)" on (\S+ \S+) in (\S+)$"#)]
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
    let request = suite.request("whoever.did.it", role(&who), request);
    let answer = suite.tasks().complete_task(request).await;
    world.answered(answer, |reply| (None, reply.effect)).await;
}

/// A party by the name the scenarios use.
pub(crate) fn role(name: &str) -> Role {
    match name {
        "Visiting Officer" => Role::VisitingOfficer,
        "CES Team" => Role::CesTeam,
        "referrer" => Role::Referrer,
        "Case Manager" => Role::CaseManager,
        "officer" => Role::Officer,
        other => panic!("no party is called {other}"),
    }
}
