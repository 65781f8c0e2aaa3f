//! With the CES Team: the assurance check, the conference, the determination; and what follows a concern.

use super::{
    Fault,
    client::{As, Client},
    now, patiently,
    story::Story,
    timestamp,
};
use holdfast_contracts::holdfast::{
    access::v1::Role, common::v1::Effect, conferencing::v1 as pb, tasks::v1::CompleteTaskRequest,
};
use tonic::Code;

/// Plays the enquiries, up to the concern.
pub(super) async fn play(client: &mut Client, story: &mut Story<'_>, case: &str) -> Result<(), Fault> {
    arrived(client, case, pb::Stage::Assurance).await?;
    on_arrival(client, story, case).await?;
    too_early(client, story, case).await?;
    for item in
        [pb::AssuranceItem::Circumstances, pb::AssuranceItem::PreviousInteractions, pb::AssuranceItem::Documents]
    {
        finding(client, item, pb::FindingResult::Reviewed, case).await?;
    }
    story.step(now(), "The CES Team reviews all it holds: the assurance check is complete.")?;
    let reply = finding(client, pb::AssuranceItem::ThirdParties, pb::FindingResult::NothingHeld, case).await?;
    told(story, reply.case, reply.effect)?;
    further_information(client, story, case).await?;
    conference(client, story, case).await?;
    determine(client, story, case).await
}

/// The case, once it has reached a stage.
async fn arrived(client: &mut Client, case: &str, stage: pb::Stage) -> Result<String, Fault> {
    patiently(async || {
        let request = client.request(As::CesTeam, pb::GetCaseRequest { case_reference: case.to_owned() })?;
        match client.conferencing.get_case(request).await.map(tonic::Response::into_inner) {
            Ok(pb::GetCaseResponse { case: Some(there), effect: Some(effect) }) if there.stage() == stage => {
                Ok(Some(effect.etag))
            }
            Err(status) if status.code() != Code::NotFound => Err(status.into()),
            Ok(_) | Err(_) => Ok(None),
        }
    })
    .await
}

/// The CES Team makes the note that nobody acts meanwhile, and considers the marker.
async fn on_arrival(client: &mut Client, story: &mut Story<'_>, case: &str) -> Result<(), Fault> {
    story.step(now(), "The CES Team makes the note in PIPCS, and considers the Additional Support marker.")?;
    let request = client.request(As::CesTeam, pb::GetCaseRequest { case_reference: case.to_owned() })?;
    let owed = client.conferencing.get_case(request).await?.into_inner().effect.map(|effect| effect.tasks);
    let note = owed.into_iter().flatten().find(|task| task.name.contains("/prescribed-note"));
    let request = CompleteTaskRequest {
        request_id: client.request_id("prescribed-note"),
        task: note.ok_or("the prescribed note is not owed")?.name,
        occurred_at: Some(timestamp(now())),
        system: "PIPCS".to_owned(),
        reference: "NOTE-8".to_owned(),
        ..CompleteTaskRequest::default()
    };
    let request = client.request(As::CesTeam, request)?;
    client.tasks.complete_task(request).await?;
    let request = pb::ConsiderSupportMarkerRequest {
        request_id: client.request_id("marker"),
        case_reference: case.to_owned(),
        support_marker: pb::SupportMarker::PutOn.into(),
        reason: "Letters stay unanswered.".to_owned(),
        ..pb::ConsiderSupportMarkerRequest::default()
    };
    let request = client.request(As::CesTeam, request)?;
    let reply = client.conferencing.consider_support_marker(request).await?.into_inner();
    told(story, reply.case, reply.effect)
}

async fn etag(client: &mut Client, case: &str) -> Result<String, Fault> {
    let request = client.request(As::CesTeam, pb::GetCaseRequest { case_reference: case.to_owned() })?;
    let effect = client.conferencing.get_case(request).await?.into_inner().effect;
    Ok(effect.map(|effect| effect.etag).unwrap_or_default())
}

fn determination(
    client: &mut Client,
    case: &str,
    etag: String,
    concern: pb::Concern,
) -> pb::RecordDeterminationRequest {
    pb::RecordDeterminationRequest {
        request_id: client.request_id("determination"),
        etag,
        case_reference: case.to_owned(),
        satisfaction: pb::Satisfaction::Satisfied.into(),
        concern: concern.into(),
        reasons: "Alone, unwell, and seen by nobody for weeks.".to_owned(),
        ..pb::RecordDeterminationRequest::default()
    }
}

async fn too_early(client: &mut Client, story: &mut Story<'_>, case: &str) -> Result<(), Fault> {
    story.step(now(), "Somebody is in a hurry and rules a concern out before anything was looked at.")?;
    let etag = etag(client, case).await?;
    let message = determination(client, case, etag, pb::Concern::NotIdentified);
    let request = client.request(As::CesTeam, message)?;
    match client.conferencing.record_determination(request).await {
        Ok(_) => Err("a determination was accepted before the assurance check was complete".into()),
        Err(status) => story.refused(&status),
    }
}

async fn finding(
    client: &mut Client,
    item: pb::AssuranceItem,
    result: pb::FindingResult,
    case: &str,
) -> Result<pb::RecordAssuranceFindingResponse, Fault> {
    let finding = pb::Finding {
        item: item.into(),
        result: result.into(),
        occurred_at: Some(timestamp(now())),
        account: "Looked at for a demonstration.".to_owned(),
    };
    let request = pb::RecordAssuranceFindingRequest {
        request_id: client.request_id("finding"),
        case_reference: case.to_owned(),
        finding: Some(finding),
        ..pb::RecordAssuranceFindingRequest::default()
    };
    let request = client.request(As::CesTeam, request)?;
    Ok(client.conferencing.record_assurance_finding(request).await?.into_inner())
}

async fn further_information(client: &mut Client, story: &mut Story<'_>, case: &str) -> Result<(), Fault> {
    story.step(now(), "A GP's letter is missing: further information is required, so a case conference is due.")?;
    let request = pb::RequireFurtherInformationRequest {
        request_id: client.request_id("information"),
        case_reference: case.to_owned(),
        further_information: pb::FurtherInformation::Required.into(),
        reason: "The GP's letter is missing.".to_owned(),
        ..pb::RequireFurtherInformationRequest::default()
    };
    let request = client.request(As::CesTeam, request)?;
    let reply = client.conferencing.require_further_information(request).await?.into_inner();
    told(story, reply.case, reply.effect)
}

async fn conference(client: &mut Client, story: &mut Story<'_>, case: &str) -> Result<(), Fault> {
    use pb::participant::AttendsFor;
    story.step(now(), "The CES Team and the referrer meet; social services join them.")?;
    let there =
        |person: &str, attends_for| pb::Participant { person: person.to_owned(), attends_for: Some(attends_for) };
    let participants = vec![
        there("c.morgan", AttendsFor::Role(Role::CesTeam.into())),
        there("r.patel", AttendsFor::Role(Role::Referrer.into())),
        there("sw-4", AttendsFor::Organisation(pb::Organisation::SocialServices.into())),
    ];
    let account = "The facts as they were determined.".to_owned();
    let request = pb::RecordConferenceRequest {
        request_id: client.request_id("conference"),
        case_reference: case.to_owned(),
        conference: Some(pb::Conference { occurred_at: Some(timestamp(now())), participants, account }),
        ..pb::RecordConferenceRequest::default()
    };
    let request = client.request(As::CesTeam, request)?;
    let reply = client.conferencing.record_conference(request).await?.into_inner();
    told(story, reply.case, reply.effect)
}

async fn determine(client: &mut Client, story: &mut Story<'_>, case: &str) -> Result<(), Fault> {
    story.step(now(), "The CES Team is satisfied that everything was considered. There is a safeguarding concern.")?;
    let etag = etag(client, case).await?;
    let message = determination(client, case, etag, pb::Concern::Identified);
    let request = client.request(As::CesTeam, message)?;
    let reply = client.conferencing.record_determination(request).await?.into_inner();
    told(story, reply.case, reply.effect)
}

/// Plays what follows once safeguarding has handed back what was done.
pub(super) async fn conclude(client: &mut Client, story: &mut Story<'_>, case: &str) -> Result<(), Fault> {
    arrived(client, case, pb::Stage::ClosingNoteDue).await?;
    story.step(now(), "The CES Team notes PIPCS with the steps taken.")?;
    let request = pb::RecordClosingNoteRequest {
        request_id: client.request_id("note"),
        case_reference: case.to_owned(),
        occurred_at: Some(timestamp(now())),
        system: "PIPCS".to_owned(),
        reference: "NOTE-17".to_owned(),
        ..pb::RecordClosingNoteRequest::default()
    };
    let request = client.request(As::CesTeam, request)?;
    let reply = client.conferencing.record_closing_note(request).await?.into_inner();
    told(story, reply.case, reply.effect)?;

    story.step(now(), "The case goes back to the Case Manager.")?;
    let (request_id, etag) = (client.request_id("return"), etag(client, case).await?);
    let case_reference = case.to_owned();
    let request = pb::ReturnToDecisionMakerRequest { request_id, etag, case_reference, validate_only: false };
    let request = client.request(As::CesTeam, request)?;
    let reply = client.conferencing.return_to_decision_maker(request).await?.into_inner();
    told(story, reply.case, reply.effect)?;
    decide(client, story, case).await
}

async fn decide(client: &mut Client, story: &mut Story<'_>, case: &str) -> Result<(), Fault> {
    story.step(now(), "The Case Manager decides on the full circumstances: not to disallow.")?;
    let request = pb::RecordDecisionRequest {
        request_id: client.request_id("decision"),
        etag: etag(client, case).await?,
        case_reference: case.to_owned(),
        outcome: pb::Outcome::NotDisallow.into(),
        weighed: "Illness explains the silence; support is in place.".to_owned(),
        ..pb::RecordDecisionRequest::default()
    };
    let request = client.request(As::CaseManager, request)?;
    let reply = client.conferencing.record_decision(request).await?.into_inner();
    told(story, reply.case, reply.effect)
}

fn told(story: &mut Story<'_>, case: Option<pb::Case>, effect: Option<Effect>) -> Result<(), Fault> {
    let case = case.ok_or("the reply holds no case")?;
    story.outcome(&case.case_reference, case.stage().as_str_name(), effect)
}
