//! At safeguarding: contact, the leader of the area, the review date, the conclusion.

use super::{
    Fault,
    cast::Cast,
    client::{As, Client, LEADER},
    now, patiently,
    story::Story,
    timestamp,
    visits::AREA,
};
use chrono::TimeDelta;
use holdfast_contracts::holdfast::{common::v1::Effect, safeguarding::v1 as pb};
use tonic::Code;

/// Plays what is done about the concern, up to its conclusion.
pub(super) async fn play(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    arrived(client, case).await?;
    name_leader(client).await?;
    if cast.contact_attempt {
        attempt(client, story, cast, case).await?;
    }
    ask_leader(client, story, cast, case).await?;
    review(client, story, case).await?;
    conclude(client, story, cast, case).await
}

/// The concern, once it is there.
async fn arrived(client: &mut Client, case: &str) -> Result<String, Fault> {
    patiently(async || {
        let request = client.request(As::Leader, pb::GetEscalationRequest { case_reference: case.to_owned() })?;
        match client.escalations.get_escalation(request).await {
            Ok(reply) => Ok(Some(reply.into_inner().effect.map(|effect| effect.etag).unwrap_or_default())),
            Err(status) if status.code() == Code::NotFound => Ok(None),
            Err(status) => Err(status.into()),
        }
    })
    .await
}

/// The story's area has a leader in the directory.
async fn name_leader(client: &mut Client) -> Result<(), Fault> {
    let since = Some(timestamp(now() - TimeDelta::days(300)));
    let leader =
        pb::Leader { person: LEADER.to_owned(), office: "SSL-Yorkshire".to_owned(), since, ..pb::Leader::default() };
    let request = pb::SetLeaderRequest {
        request_id: client.request_id("leader"),
        area: AREA.to_owned(),
        leader: Some(leader),
        ..pb::SetLeaderRequest::default()
    };
    let request = client.request(As::Operator, request)?;
    client.directory.set_leader(request).await?;
    Ok(())
}

async fn attempt(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    let lead = cast.lead.name();
    let rings = format!("The {lead} rings the customer's community psychiatric nurse, who knows of a hospital stay.");
    story.step(now(), &rings)?;
    let attempt = pb::ContactAttempt {
        occurred_at: Some(timestamp(now())),
        whom: pb::ContactThrough::CommunityNurse.into(),
        channel: pb::AttemptChannel::Telephone.into(),
        outcome: pb::AttemptOutcome::Reached.into(),
        text_sent: false,
    };
    let request = pb::RecordContactAttemptRequest {
        request_id: client.request_id("attempt"),
        case_reference: case.to_owned(),
        attempt: Some(attempt),
        account: "The nurse tells of a hospital stay.".to_owned(),
        ..pb::RecordContactAttemptRequest::default()
    };
    let request = client.request(cast.lead, request)?;
    let reply = client.escalations.record_contact_attempt(request).await?.into_inner();
    told(story, reply.escalation, reply.effect)
}

async fn ask_leader(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    story.step(now(), "The case is referred to the Senior Safeguarding Leader of the area.")?;
    let request = pb::ReferToLeaderRequest {
        request_id: client.request_id("referral"),
        case_reference: case.to_owned(),
        asked: "Please liaise with the hospital's social worker.".to_owned(),
        ..pb::ReferToLeaderRequest::default()
    };
    let request = client.request(cast.lead, request)?;
    let reply = client.escalations.refer_to_leader(request).await?.into_inner();
    told(story, reply.escalation, reply.effect)
}

async fn review(client: &mut Client, story: &mut Story<'_>, case: &str) -> Result<(), Fault> {
    story.step(now(), "The leader sets a review date, hears back early, and considers the next steps.")?;
    let review_on = (now() + TimeDelta::days(7)).format("%Y-%m-%d").to_string();
    let (request_id, case_reference) = (client.request_id("date"), case.to_owned());
    let request =
        pb::SetReviewDateRequest { request_id, case_reference, review_on, ..pb::SetReviewDateRequest::default() };
    let request = client.request(As::Leader, request)?;
    client.escalations.set_review_date(request).await?;
    let request = pb::RecordReviewRequest {
        request_id: client.request_id("review"),
        case_reference: case.to_owned(),
        occurred_at: Some(timestamp(now())),
        next_steps: "The social worker helps with the letters from now on.".to_owned(),
        ..pb::RecordReviewRequest::default()
    };
    let request = client.request(As::Leader, request)?;
    let reply = client.escalations.record_review(request).await?.into_inner();
    told(story, reply.escalation, reply.effect)
}

async fn conclude(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    let back = format!("All reasonable steps were taken; the outcome goes back to the {}.", cast.lead.name());
    story.step(now(), &back)?;
    let request = pb::ConcludeEscalationRequest {
        request_id: client.request_id("conclusion"),
        etag: arrived(client, case).await?,
        case_reference: case.to_owned(),
        steps: "Nurse and social worker are involved.".to_owned(),
        ..pb::ConcludeEscalationRequest::default()
    };
    let request = client.request(As::Leader, request)?;
    let reply = client.escalations.conclude_escalation(request).await?.into_inner();
    told(story, reply.escalation, reply.effect)
}

fn told(story: &mut Story<'_>, escalation: Option<pb::Escalation>, effect: Option<Effect>) -> Result<(), Fault> {
    let escalation = escalation.ok_or("the reply holds no escalation")?;
    story.outcome(&escalation.case_reference, escalation.stage().as_str_name(), effect)
}
