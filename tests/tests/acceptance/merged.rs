//! Two records that turn out to be one person's.

use crate::{
    given_when, protection,
    referring::{self, Claim, benefit},
    world::World,
};
use chrono::TimeDelta;
use cucumber::{given, when};
use holdfast_contracts::holdfast::{
    access::v1::Role,
    common::v1::{Action, Award, Benefit},
    customers::v1 as pb,
    safeguarding::v1::Question,
};
use holdfast_tests::suite::{london, timestamp};

/// The other record's award.
const OTHER_AWARD: &str = "A-2";

async fn refer(world: &mut World, of: &str, customer: &str, at: &str) {
    world.first_case = world.case.clone();
    let claim = Claim { customer, benefit: benefit(of), nation: "England", award: OTHER_AWARD };
    referring::referred(world, &claim, "both", london(at) - TimeDelta::days(3)).await;
}

#[given(regex = r#"^the death of a (PIP|UC) claimant on record as "([^"]+)" was verified$"#)]
async fn has_died(world: &mut World, of: String, customer: String) {
    let now = world.now.clone();
    refer(world, &of, &customer, &now).await;
    let (occurred_at, source) = (Some(timestamp(london(&now))), pb::DeathSource::Relative.into());
    let (request_id, case_reference, account) = (world.request_id(), world.case.clone(), world.words());
    let report = pb::ReportDeathRequest {
        request_id,
        case_reference: case_reference.clone(),
        occurred_at,
        source,
        account,
        ..Default::default()
    };
    let (request_id, evidence) = (world.request_id(), pb::DeathEvidence::Certificate.into());
    let reference = "CERT-2".to_owned();
    let confirmation =
        pb::ConfirmDeathRequest { request_id, case_reference, evidence, reference, ..Default::default() };
    let suite = world.suite().await;
    let reported = suite.customers().report_death(suite.request("o.ann", Role::Officer, report)).await;
    reported.expect("a report");
    let verified = suite.customers().confirm_death(suite.request("o.bob", Role::Officer, confirmation)).await;
    assert_eq!(verified.expect("verified").into_inner().customer.unwrap().death(), pb::DeathStanding::Confirmed);
}

#[given(regex = r#"^an? (PIP|UC) claimant on record as "([^"]+)" is held after visits on (\S+ \S+) and (\S+ \S+)$"#)]
#[when(regex = r#"^an? (PIP|UC) claimant on record as "([^"]+)" is held after visits on (\S+ \S+) and (\S+ \S+)$"#)]
async fn is_held(world: &mut World, of: String, customer: String, first: String, second: String) {
    refer(world, &of, &customer, &first).await;
    for at in [first, second] {
        given_when::calls(world, at, "nobody is at home".to_owned(), ", leaving the letter".to_owned(), String::new())
            .await;
        world.effect();
    }
}

#[when(regex = r#"^an officer says that the claimant( who failed the requirement)? is the same person as "([^"]+)"$"#)]
async fn merged(world: &mut World, who_failed: String, into: String) {
    let is_first = who_failed.is_empty() || world.case.starts_with("SC-");
    let case_reference = if is_first { world.case.clone() } else { world.first_case.clone() };
    let request =
        pb::MergeCustomerRequest { request_id: world.request_id(), case_reference, into, ..Default::default() };
    let suite = world.suite().await;
    let answer = suite.customers().merge_customer(suite.request("o.carl", Role::Officer, request)).await;
    world.replied(answer, |reply| reply.effect).await;
}

#[when(regex = r#"^payments ask whether they may sanction the award of "([^"]+)", who failed the requirement$"#)]
async fn asks(world: &mut World, customer: String) {
    let award = Award { customer, benefit: Benefit::UniversalCredit.into(), award: "A-1".to_owned() };
    let question = Question { award: Some(award), action: Action::Sanction.into(), ..Default::default() };
    let reply = protection::check(world, &question).await;
    world.checked = Some((question, reply));
}
