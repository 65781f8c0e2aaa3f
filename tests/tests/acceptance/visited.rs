//! What follows a referral: the claimant is seen, gets in touch, or nothing comes back; what is agreed and decided then.

use crate::{
    given_when::{correct, late_reason},
    parties::{Party, party},
    referring::understanding,
    world::World,
};
use cucumber::{gherkin::Step, given, when};
use holdfast_contracts::holdfast::visiting::v1 as pb;
use holdfast_tests::suite::{london, timestamp};

/// A date and time that is agreed, as in "interview on 2026-06-20 10:00, confirmed".
fn booking(said: &str) -> pb::Booking {
    let (said, confirmed_by_referrer) = said.strip_suffix(", confirmed").map_or((said, false), |said| (said, true));
    let (what, at) = said.rsplit_once(" on ").expect("what, and when");
    let what = match what {
        "interview" => pb::Booked::Interview,
        "assessment" => pb::Booked::Assessment,
        "review of the work-related activity" => pb::Booked::WorkRelatedActivityReview,
        "next steps on the evidence" => pb::Booked::EvidenceNextSteps,
        other => panic!("nobody books {other}"),
    };
    pb::Booking { what: what.into(), agreed_for: Some(timestamp(london(at))), confirmed_by_referrer }
}

fn understands(said: &str) -> i32 {
    let name = format!("UNDERSTANDS_{}", crate::then::spelled(said));
    pb::Understands::from_str_name(&name).expect("an answer").into()
}

/// What the visit established, as the table says.
fn seen(world: &mut World, step: &Step) -> pb::EffectiveVisit {
    let mut seen = pb::EffectiveVisit { account: world.words(), ..Default::default() };
    let mut understood = pb::Understood::default();
    for row in step.table.iter().flat_map(|table| &table.rows) {
        let cell = row[1].as_str();
        match row[0].as_str() {
            "understands attendance" => understood.attendance = understands(cell),
            "understands work-related activity" => understood.work_related_activity = understands(cell),
            "understands evidence" => understood.evidence = understands(cell),
            "why and what follows" => seen.explained = cell == "explained",
            "appointee" => seen.representative_present = cell == "present",
            "reasons for not attending" => seen.good_cause_reasons = world.words(),
            "deferral" => seen.deferral_appropriate = cell == "looks appropriate",
            "lone parent with a child under one" => {
                let name = format!("ANSWER_{}", crate::then::spelled(cell));
                seen.lone_parent_with_child_under_one = pb::Answer::from_str_name(&name).expect("an answer").into();
            }
            "booked" => seen.bookings.push(booking(cell)),
            other => panic!("a visit establishes no {other:?}"),
        }
    }
    seen.understood = Some(understood);
    seen
}

#[given(regex = r"^the Visiting Officer saw the claimant on (\S+ \S+)$")]
#[when(regex = r"^the Visiting Officer sees the claimant on (\S+ \S+)$")]
async fn sees(world: &mut World, #[step] step: &Step, at: String) {
    let outcome = Some(pb::visit::Outcome::Effective(seen(world, step)));
    let request = pb::RecordVisitRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        visit: Some(pb::Visit { occurred_at: Some(timestamp(london(&at))), outcome }),
        ..Default::default()
    };
    let (person, role) = party("Visiting Officer");
    let suite = world.suite().await;
    let answer = suite.visiting().record_visit(suite.request(person, role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[when(regex = r#"^the (Visiting Officer|referrer) records on (\S+ \S+) that "([^"]+)" is booked$"#)]
async fn books(world: &mut World, who: String, at: String, what: String) {
    let request = pb::RecordBookingRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        booking: Some(pb::BookingMade { occurred_at: Some(timestamp(london(&at))), booking: Some(booking(&what)) }),
        ..Default::default()
    };
    let (person, role) = party(&who);
    let suite = world.suite().await;
    let answer = suite.visiting().record_booking(suite.request(person, role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[when(regex = r"^the (Visiting Officer|referrer) (accepts|does not accept) good cause(, and defers the interview)?$")]
async fn good_cause(world: &mut World, who: String, accepted: String, deferred: String) {
    let (_, read) = world.read().await;
    let good_cause = if accepted == "accepts" { pb::GoodCause::Accepted } else { pb::GoodCause::NotAccepted };
    let deferral = if deferred.is_empty() { pb::Deferral::NotGranted } else { pb::Deferral::Granted };
    let request = pb::DecideGoodCauseRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        etag: read.etag,
        good_cause: good_cause.into(),
        deferral: deferral.into(),
        reason: world.words(),
        ..Default::default()
    };
    let (person, role) = party(&who);
    let suite = world.suite().await;
    let answer = suite.visiting().decide_good_cause(suite.request(person, role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[when(regex = r"^the referrer chases the referral on (\S+ \S+)(?:, to look again on (\S+))?$")]
async fn chases(world: &mut World, at: String, review_on: String) {
    let (occurred_at, account) = (Some(timestamp(london(&at))), world.words());
    let request = pb::RecordFollowUpRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        follow_up: Some(pb::FollowUp { occurred_at, review_on, account }),
        ..Default::default()
    };
    let (person, role) = party("referrer");
    let suite = world.suite().await;
    let answer = suite.visiting().record_follow_up(suite.request(person, role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[when(
    regex = r"^(the claimant|an attorney|a neighbour) rings (?:the )?(CES Team|CEAST|SPOC|referrer|Visiting Officer) on (\S+ \S+)(?:, and staff are (confident|in doubt))?(, and a second visit is needed|, and no second visit is needed)?(; recorded late)?$"
)]
async fn rings(world: &mut World, who: String, whom: String, at: String, staff: String, second: String, late: String) {
    let contact = contact(world, &who, &at, &staff, &second);
    let request = pb::RecordContactRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        contact: Some(contact),
        late_reason: late_reason(world, &late),
        ..Default::default()
    };
    let (_, role) = party(&whom);
    let suite = world.suite().await;
    let answer = suite.visiting().record_contact(suite.request("whoever.picks.up", role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

fn contact(world: &mut World, who: &str, at: &str, staff: &str, second: &str) -> pb::Contact {
    let by = match who {
        "the claimant" => pb::ContactBy::Customer,
        "an attorney" => pb::ContactBy::Representative,
        _ => pb::ContactBy::ThirdParty,
    };
    let second_visit = match second {
        ", and a second visit is needed" => pb::SecondVisit::Needed,
        ", and no second visit is needed" => pb::SecondVisit::NotNeeded,
        _ => pb::SecondVisit::Unspecified,
    };
    pb::Contact {
        occurred_at: Some(timestamp(london(at))),
        channel: pb::Channel::Telephone.into(),
        by: by.into(),
        conversation: world.words(),
        second_visit: second_visit.into(),
        understanding: understanding(staff).into(),
    }
}

#[when(
    regex = r"^the (CES Team|Visiting Officer) corrects fact (\d+): (the claimant|a neighbour) rang on (\S+ \S+)(, and no second visit is needed)$"
)]
async fn rang(world: &mut World, who: String, fact: u32, by: String, at: String, second: String) {
    let right = pb::correct_fact_request::Right::Contact(contact(world, &by, &at, "", &second));
    correct(world, party(&who), fact, right).await;
}

#[when(
    regex = r"^(?:the )?(CES Team|CEAST|SPOC|referrer) tells DWP Visiting that (a|no) second visit is needed(?:, and is (confident|in doubt))?$"
)]
async fn decides(world: &mut World, who: String, needed: String, staff: String) {
    let second_visit = if needed == "a" { pb::SecondVisit::Needed } else { pb::SecondVisit::NotNeeded };
    let (_, read) = world.read().await;
    let request = pb::DecideSecondVisitRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        etag: read.etag,
        second_visit: second_visit.into(),
        reason: world.words(),
        understanding: understanding(&staff).into(),
        ..Default::default()
    };
    let (person, role): Party = party(&who);
    let suite = world.suite().await;
    let answer = suite.visiting().decide_second_visit(suite.request(person, role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[given(
    regex = r"^the (referrer|SPOC) withdrew the referral because (the customer is abroad|it was recorded in error|the claim was withdrawn|effective contact was made)$"
)]
#[when(
    regex = r"^the (referrer|SPOC) withdraws the referral because (the customer is abroad|it was recorded in error|the claim was withdrawn|effective contact was made)$"
)]
async fn withdraws(world: &mut World, who: String, why: String) {
    let ground = match why.as_str() {
        "the customer is abroad" => pb::WithdrawalGround::Abroad,
        "it was recorded in error" => pb::WithdrawalGround::RecordedInError,
        "the claim was withdrawn" => pb::WithdrawalGround::ClaimWithdrawn,
        _ => pb::WithdrawalGround::EffectiveContact,
    };
    let (_, read) = world.read().await;
    let request = pb::WithdrawReferralRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        etag: read.etag,
        ground: ground.into(),
        reason: world.words(),
        ..Default::default()
    };
    let (person, role) = party(&who);
    let suite = world.suite().await;
    let answer = suite.visiting().withdraw_referral(suite.request(person, role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}
