//! What whoever leads and the Senior Safeguarding Leader do about a concern, and who leads where.

use crate::{parties::party, world::World};
use cucumber::{given, when};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    safeguarding::v1 as pb,
    visiting::v1::{Channel, ContactBy},
};
use holdfast_tests::suite::{london, timestamp};

/// Sends a command about the scenario's case to safeguarding, in the name of a person in a role.
macro_rules! escalation {
    ($world:ident, $who:expr, $method:ident, $request:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let (person, role) = $who;
        let request = pb::$request {
            request_id: $world.request_id(),
            case_reference: $world.case.clone(),
            $($field: $value,)*
            ..Default::default()
        };
        let suite = $world.suite().await;
        let answer = suite.escalations().$method(suite.request(person, role, request)).await;
        $world.replied(answer, |reply| reply.effect).await;
    }};
}

#[given(regex = r#"^the leader of "([^"]+)" is "([^"]+)"$"#)]
#[when(regex = r#"^the leader of "([^"]+)" becomes "([^"]+)"$"#)]
async fn leader(world: &mut World, area: String, person: String) {
    let since = Some(timestamp(london(&world.now)));
    let leader = pb::Leader { person, office: "SSL-North".to_owned(), since, ..Default::default() };
    let request_id = world.request_id();
    let request = pb::SetLeaderRequest { request_id, area, leader: Some(leader), ..Default::default() };
    let suite = world.suite().await;
    let request = suite.request_through("o.admin", Some(Role::Operator), Workload::Operations, request);
    let answer = suite.directory().set_leader(request).await;
    world.replied(answer, |reply| reply.effect).await;
    world.effect();
}

#[given(regex = r#"^the area "([^"]+)" has no leader$"#)]
async fn no_leader(world: &mut World, area: String) {
    let request_id = world.request_id();
    let suite = world.suite().await;
    let request = pb::RemoveLeaderRequest { request_id, area, ..Default::default() };
    let request = suite.request_through("o.admin", Some(Role::Operator), Workload::Operations, request);
    let answer = suite.directory().remove_leader(request).await;
    world.replied(answer, |reply| reply.effect).await;
    world.effect();
}

#[when(
    regex = r"^(?:the )?([\w ]+?) tried (the claimant|social services) on (\S+ \S+) (without a reply|with success)(, and sent a text)?$"
)]
async fn attempt(world: &mut World, who: String, whom: String, at: String, how: String, text: String) {
    let whom = if whom == "the claimant" { pb::ContactThrough::Customer } else { pb::ContactThrough::SocialServices };
    let outcome = if how == "with success" { pb::AttemptOutcome::Reached } else { pb::AttemptOutcome::NoReply };
    let attempt = pb::ContactAttempt {
        occurred_at: Some(timestamp(london(&at))),
        whom: whom.into(),
        channel: pb::AttemptChannel::Telephone.into(),
        outcome: outcome.into(),
        text_sent: !text.is_empty(),
    };
    escalation!(
        world,
        party(&who),
        record_contact_attempt,
        RecordContactAttemptRequest { attempt: Some(attempt), account: world.words() }
    );
}

#[when(regex = r"^the claimant rings (?:the )?([\w ]+?) at safeguarding on (\S+ \S+)$")]
async fn rings(world: &mut World, whom: String, at: String) {
    let contact = pb::Contact {
        occurred_at: Some(timestamp(london(&at))),
        channel: Channel::Telephone.into(),
        by: ContactBy::Customer.into(),
        conversation: world.words(),
    };
    escalation!(world, party(&whom), record_contact, RecordContactRequest { contact: Some(contact) });
}

#[when(regex = r"^(?:the )?([\w ]+?) decides that (no|a) leader is needed$")]
async fn consider(world: &mut World, who: String, needed: String) {
    let need = if needed == "a" { pb::LeaderNeed::Needed } else { pb::LeaderNeed::NotNeeded };
    escalation!(
        world,
        party(&who),
        consider_leader,
        ConsiderLeaderRequest { need: need.into(), reason: world.words() }
    );
}

#[when(regex = r"^(?:the )?([\w ]+?) refers the case to the leader$")]
async fn refer(world: &mut World, who: String) {
    escalation!(world, party(&who), refer_to_leader, ReferToLeaderRequest { asked: world.words() });
}

/// An agency by the name that the scenarios use.
fn agency(name: &str) -> pb::Agency {
    if name == "the police" { pb::Agency::Police } else { pb::Agency::SocialServices }
}

#[when(regex = r"^(?:the )?([\w ]+?) disclosed data to (the police|social services) on (\S+ \S+)(, who received it)?$")]
async fn disclose(world: &mut World, who: String, to: String, at: String, received: String) {
    let disclosure = pb::Disclosure {
        occurred_at: Some(timestamp(london(&at))),
        to: agency(&to).into(),
        basis: pb::DisclosureBasis::GoodFaithSafeguarding.into(),
        received: !received.is_empty(),
    };
    escalation!(
        world,
        party(&who),
        record_disclosure,
        RecordDisclosureRequest { disclosure: Some(disclosure), account: world.words() }
    );
}

#[when(
    regex = r"^(?:the )?([\w ]+?) liaised with (the police|social services) on (\S+ \S+)(, who received what was shared)?$"
)]
async fn liaise(world: &mut World, who: String, with: String, at: String, received: String) {
    let (occurred_at, agency) = (Some(timestamp(london(&at))), agency(&with).into());
    let liaison = pb::Liaison { occurred_at, agency, received: !received.is_empty() };
    escalation!(
        world,
        party(&who),
        record_liaison,
        RecordLiaisonRequest { liaison: Some(liaison), account: world.words() }
    );
}

#[when(regex = r"^the leader sets the review date to (\S+)$")]
async fn review_date(world: &mut World, date: String) {
    escalation!(world, party("leader"), set_review_date, SetReviewDateRequest { review_on: date });
}

#[when(regex = r"^the leader reviewed the case on (\S+ \S+)$")]
async fn review(world: &mut World, at: String) {
    escalation!(
        world,
        party("leader"),
        record_review,
        RecordReviewRequest { occurred_at: Some(timestamp(london(&at))), next_steps: world.words() }
    );
}

#[when(regex = r"^(?:the )?([\w ]+?) concludes the escalation$")]
async fn conclude(world: &mut World, who: String) {
    let who = party(&who);
    let etag = world.escalation().await.1.etag;
    escalation!(world, who, conclude_escalation, ConcludeEscalationRequest { etag: etag, steps: world.words() });
}
