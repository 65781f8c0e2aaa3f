//! Back from safeguarding: the note or the documentation, the return, the informed decision.

use super::{
    Fault,
    cast::{Cast, Closing},
    client::{As, Client},
    enquiries::{arrived, etag, told},
    now,
    story::Story,
    timestamp,
};
use holdfast_contracts::holdfast::conferencing::v1 as pb;

/// Plays what follows once safeguarding has handed back what was done.
pub(super) async fn play(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    let due = |stage| matches!(stage, pb::Stage::ClosingNoteDue | pb::Stage::DocumentationDue);
    arrived(client, case, due).await?;
    let returns = match cast.closing {
        Closing::Note(notes, system) => {
            note(client, story, notes, system, case).await?;
            cast.lead
        }
        Closing::Documentation => {
            document(client, story, case).await?;
            As::Referrer
        }
    };
    give_back(client, story, cast, returns, case).await?;
    decide(client, story, cast, case).await
}

async fn note(client: &mut Client, story: &mut Story<'_>, notes: As, system: &str, case: &str) -> Result<(), Fault> {
    story.step(now(), &format!("The {} notes the steps taken ({system}).", notes.name()))?;
    let request = pb::RecordClosingNoteRequest {
        request_id: client.request_id("note"),
        case_reference: case.to_owned(),
        occurred_at: Some(timestamp(now())),
        system: system.to_owned(),
        reference: "NOTE-17".to_owned(),
        ..pb::RecordClosingNoteRequest::default()
    };
    let request = client.request(notes, request)?;
    let reply = client.conferencing.record_closing_note(request).await?.into_inner();
    told(story, reply.case, reply.effect)
}

async fn document(client: &mut Client, story: &mut Story<'_>, case: &str) -> Result<(), Fault> {
    story.step(now(), "The referrer gathers the documentation for the Decision Maker.")?;
    let included = pb::Documented::Included.into();
    let documentation = pb::Documentation {
        occurred_at: Some(timestamp(now())),
        safeguarding_steps: included,
        referrals: included,
        conference_outcome: included,
        subsequent_actions: pb::Documented::None.into(),
        system: "DRS".to_owned(),
        reference: "DOC-1".to_owned(),
    };
    let request = pb::AssembleDocumentationRequest {
        request_id: client.request_id("documentation"),
        case_reference: case.to_owned(),
        documentation: Some(documentation),
        ..pb::AssembleDocumentationRequest::default()
    };
    let request = client.request(As::Referrer, request)?;
    let reply = client.conferencing.assemble_documentation(request).await?.into_inner();
    told(story, reply.case, reply.effect)
}

async fn give_back(
    client: &mut Client,
    story: &mut Story<'_>,
    cast: &Cast,
    returns: As,
    case: &str,
) -> Result<(), Fault> {
    story.step(now(), &format!("The case goes to the {}.", cast.decides.name()))?;
    let (request_id, etag) = (client.request_id("return"), etag(client, case).await?);
    let case_reference = case.to_owned();
    let request = pb::ReturnToDecisionMakerRequest { request_id, etag, case_reference, validate_only: false };
    let request = client.request(returns, request)?;
    let reply = client.conferencing.return_to_decision_maker(request).await?.into_inner();
    told(story, reply.case, reply.effect)
}

async fn decide(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    let outcome = cast.outcome.as_str_name().trim_start_matches("OUTCOME_").replace('_', " ").to_lowercase();
    story.step(now(), &format!("The {} decides on the full circumstances: {outcome}.", cast.decides.name()))?;
    let request = pb::RecordDecisionRequest {
        request_id: client.request_id("decision"),
        etag: etag(client, case).await?,
        case_reference: case.to_owned(),
        outcome: cast.outcome.into(),
        weighed: "Illness explains the silence; support is in place.".to_owned(),
        ..pb::RecordDecisionRequest::default()
    };
    let request = client.request(cast.decides, request)?;
    let reply = client.conferencing.record_decision(request).await?.into_inner();
    told(story, reply.case, reply.effect)
}
