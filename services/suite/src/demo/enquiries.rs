//! With whoever leads after two visits: the assurance check, the conference, the determination.

use super::{
    Fault,
    cast::Cast,
    client::{As, Client},
    now, patiently,
    story::Story,
    timestamp,
};
use holdfast_contracts::holdfast::{common::v1::Effect, conferencing::v1 as pb, tasks::v1::CompleteTaskRequest};
use tonic::Code;

/// Plays the enquiries, up to the concern.
pub(super) async fn play(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    arrived(client, case, |_| true).await?;
    on_arrival(client, story, cast, case).await?;
    too_early(client, story, cast, case).await?;
    review(client, story, cast, case).await?;
    if cast.conference_where_required {
        further_information(client, story, cast, case).await?;
    }
    conference(client, story, cast, case).await?;
    if let Some(system) = cast.review_note {
        story.step(now(), &format!("The {} notes what was considered and agreed ({system}).", cast.lead.name()))?;
        complete(client, cast.lead, case, "/review-note", system).await?;
    }
    determine(client, story, cast, case).await
}

/// The case, once it is there and at a stage that is waited for.
pub(super) async fn arrived(
    client: &mut Client,
    case: &str,
    at: impl Fn(pb::Stage) -> bool,
) -> Result<(pb::Case, Effect), Fault> {
    patiently(async || {
        let request = client.request(As::Referrer, pb::GetCaseRequest { case_reference: case.to_owned() })?;
        match client.conferencing.get_case(request).await.map(tonic::Response::into_inner) {
            Ok(pb::GetCaseResponse { case: Some(there), effect: Some(effect) }) if at(there.stage()) => {
                Ok(Some((there, effect)))
            }
            Err(status) if status.code() != Code::NotFound => Err(status.into()),
            Ok(_) | Err(_) => Ok(None),
        }
    })
    .await
}

pub(super) async fn etag(client: &mut Client, case: &str) -> Result<String, Fault> {
    Ok(arrived(client, case, |_| true).await?.1.etag)
}

/// Something owed is done in another system.
async fn complete(client: &mut Client, party: As, case: &str, task: &str, system: &str) -> Result<(), Fault> {
    let (_, effect) = arrived(client, case, |_| true).await?;
    let owed = effect.tasks.into_iter().find(|owed| owed.name.contains(task));
    let request = CompleteTaskRequest {
        request_id: client.request_id("task"),
        task: owed.ok_or_else(|| format!("{task} is not owed"))?.name,
        occurred_at: Some(timestamp(now())),
        system: system.to_owned(),
        reference: "NOTE-8".to_owned(),
        ..CompleteTaskRequest::default()
    };
    let request = client.request(party, request)?;
    client.tasks.complete_task(request).await?;
    Ok(())
}

/// The note that nobody acts meanwhile is made, and the marker considered, where the guidance asks for them.
async fn on_arrival(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    let Some((notes, system)) = cast.prescribed_note else { return Ok(()) };
    let (notes_name, lead) = (notes.name(), cast.lead.name());
    let made =
        format!("The {notes_name} makes the note in {system}; the {lead} considers the Additional Support marker.");
    story.step(now(), &made)?;
    complete(client, notes, case, "/prescribed-note", system).await?;
    let request = pb::ConsiderSupportMarkerRequest {
        request_id: client.request_id("marker"),
        case_reference: case.to_owned(),
        support_marker: pb::SupportMarker::PutOn.into(),
        reason: "Letters stay unanswered.".to_owned(),
        ..pb::ConsiderSupportMarkerRequest::default()
    };
    let request = client.request(cast.lead, request)?;
    let reply = client.conferencing.consider_support_marker(request).await?.into_inner();
    told(story, reply.case, reply.effect)
}

fn determination(
    client: &mut Client,
    cast: &Cast,
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
        assents: [cast.lead, cast.confers_with].map(there).to_vec(),
        ..pb::RecordDeterminationRequest::default()
    }
}

async fn too_early(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    story.step(now(), "Somebody is in a hurry and rules a concern out before anything was looked at.")?;
    let etag = etag(client, case).await?;
    let message = determination(client, cast, case, etag, pb::Concern::NotIdentified);
    let request = client.request(cast.lead, message)?;
    match client.conferencing.record_determination(request).await {
        Ok(_) => Err("a determination was accepted before the assurance check was complete".into()),
        Err(status) => story.refused(&status),
    }
}

/// Every item that the benefit's assurance check still owes is looked at.
async fn review(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    story.step(now(), &format!("The {} reviews all that is held: the assurance check.", cast.lead.name()))?;
    let (_, effect) = arrived(client, case, |_| true).await?;
    let item = |task: &str| task.split_once("/assurance:").map(|(_, item)| item.replace('-', "_").to_uppercase());
    let owed = effect.tasks.iter().filter_map(|task| item(&task.name));
    let items: Vec<_> =
        owed.filter_map(|name| pb::AssuranceItem::from_str_name(&format!("ASSURANCE_ITEM_{name}"))).collect();
    let mut last = None;
    for item in items {
        last = Some(finding(client, cast, item, case).await?);
    }
    let reply = last.ok_or("the assurance check owes nothing")?;
    told(story, reply.case, reply.effect)
}

async fn finding(
    client: &mut Client,
    cast: &Cast,
    item: pb::AssuranceItem,
    case: &str,
) -> Result<pb::RecordAssuranceFindingResponse, Fault> {
    let held = item != pb::AssuranceItem::ThirdParties;
    let result = if held { pb::FindingResult::Reviewed } else { pb::FindingResult::NothingHeld };
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
    let request = client.request(cast.lead, request)?;
    Ok(client.conferencing.record_assurance_finding(request).await?.into_inner())
}

async fn further_information(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    story.step(now(), "A GP's letter is missing: further information is required, so a case conference is due.")?;
    let request = pb::RequireFurtherInformationRequest {
        request_id: client.request_id("information"),
        case_reference: case.to_owned(),
        further_information: pb::FurtherInformation::Required.into(),
        reason: "The GP's letter is missing.".to_owned(),
        ..pb::RequireFurtherInformationRequest::default()
    };
    let request = client.request(cast.lead, request)?;
    let reply = client.conferencing.require_further_information(request).await?.into_inner();
    told(story, reply.case, reply.effect)
}

/// A party at a conference.
fn there(party: As) -> pb::Participant {
    use pb::participant::AttendsFor;
    let (person, role) = party.who();
    pb::Participant { person: person.to_owned(), attends_for: Some(AttendsFor::Role(role.into())) }
}

async fn conference(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    use pb::participant::AttendsFor;
    let (lead, other) = (cast.lead.name(), cast.confers_with.name());
    story.step(now(), &format!("The {lead} and the {other} meet; social services join them."))?;
    let from_outside = AttendsFor::Organisation(pb::Organisation::SocialServices.into());
    let outside = pb::Participant { person: "sw-4".to_owned(), attends_for: Some(from_outside) };
    let mut conference = pb::Conference {
        occurred_at: Some(timestamp(now())),
        participants: vec![there(cast.lead), there(cast.confers_with), outside],
        account: "The facts as they were determined.".to_owned(),
        ..pb::Conference::default()
    };
    if !cast.conference_where_required {
        conference.partnership_manager = pb::PartnershipManager::Involved.into();
        conference.partnership_manager_reason = "May know who can offer support locally.".to_owned();
        conference.deferral = pb::Deferral::Appropriate.into();
    }
    let request = pb::RecordConferenceRequest {
        request_id: client.request_id("conference"),
        case_reference: case.to_owned(),
        conference: Some(conference),
        ..pb::RecordConferenceRequest::default()
    };
    let request = client.request(cast.lead, request)?;
    let reply = client.conferencing.record_conference(request).await?.into_inner();
    told(story, reply.case, reply.effect)
}

async fn determine(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    story.step(now(), "Those who have to be are satisfied that everything was considered. There is a concern.")?;
    let etag = etag(client, case).await?;
    let message = determination(client, cast, case, etag, pb::Concern::Identified);
    let request = client.request(cast.lead, message)?;
    let reply = client.conferencing.record_determination(request).await?.into_inner();
    told(story, reply.case, reply.effect)
}

/// Tells what a call brought about.
pub(super) fn told(story: &mut Story<'_>, case: Option<pb::Case>, effect: Option<Effect>) -> Result<(), Fault> {
    let case = case.ok_or("the reply holds no case")?;
    story.outcome(&case.case_reference, case.stage().as_str_name(), effect)
}
