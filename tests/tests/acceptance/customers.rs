//! What is told of the customer, whoever hears it.

use crate::{
    referring::{Claim, benefit},
    world::World,
};
use cucumber::{given, when};
use holdfast_contracts::holdfast::{
    access::v1::Role,
    common::v1::{Nation, Place},
    customers::v1 as pb,
};
use holdfast_tests::suite::{london, timestamp};

/// Sends something told of the customer, in the name of an officer.
macro_rules! told {
    ($world:ident, $person:expr, $case:expr, $method:ident, $request:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let case_reference = $case;
        let request = pb::$request { request_id: $world.request_id(), case_reference, $($field: $value,)* ..Default::default() };
        let suite = $world.suite().await;
        let answer = suite.customers().$method(suite.request($person, Role::Officer, request)).await;
        $world.replied(answer, |reply| reply.effect).await;
    }};
}

#[when(regex = r"^an officer reports the claimant's death( on the case with the CES Team)?$")]
async fn death(world: &mut World, with_lead: String) {
    let case = if with_lead.is_empty() { world.case.clone() } else { world.first_case.clone() };
    let occurred_at = Some(timestamp(london(&world.now)));
    told!(
        world,
        "o.brown",
        case,
        report_death,
        ReportDeathRequest {
            occurred_at: occurred_at,
            source: pb::DeathSource::Relative.into(),
            account: world.words(),
        }
    );
}

#[when(regex = r"^(the same|another) officer verifies the death$")]
async fn confirm(world: &mut World, who: String) {
    let person = if who == "the same" { "o.brown" } else { "o.green" };
    told!(
        world,
        person,
        world.case.clone(),
        confirm_death,
        ConfirmDeathRequest { evidence: pb::DeathEvidence::Certificate.into(), reference: "CERT-1".to_owned() }
    );
}

#[when("an officer says that the report of the death was mistaken")]
async fn mistaken(world: &mut World) {
    told!(
        world,
        "o.green",
        world.case.clone(),
        correct_death_report,
        CorrectDeathReportRequest { reason: world.words() }
    );
}

#[when(regex = r#"^the claimant moved to "([^"]+)"$"#)]
async fn moved(world: &mut World, area: String) {
    let occurred_at = Some(timestamp(london(&world.now)));
    told!(
        world,
        "o.brown",
        world.case.clone(),
        change_address,
        ChangeAddressRequest { place: Some(Place { nation: Nation::England.into(), area }), occurred_at: occurred_at }
    );
}

async fn refer(world: &mut World, who: &'static str, award: &str, at: &str) {
    let claim = Claim { customer: "C-1", benefit: benefit("PIP"), nation: "England", award };
    crate::referring::refer(world, (who, Role::Referrer), &claim, london(at), None).await;
}

#[given(regex = r"^the same claimant was referred for a visit about another award on (\S+ \S+)$")]
#[when(regex = r"^the same claimant was referred for a visit about another award on (\S+ \S+)$")]
async fn another_award(world: &mut World, at: String) {
    world.first_case = world.case.clone();
    refer(world, "r.patel", "A-2", &at).await;
    assert_ne!(world.case, world.first_case);
}

#[when(regex = r"^another referrer refers the same award on (\S+ \S+)$")]
async fn same_award(world: &mut World, at: String) {
    let case = world.case.clone();
    refer(world, "s.khan", "A-1", &at).await;
    assert_eq!(world.case, case, "the referral joined the case");
}
