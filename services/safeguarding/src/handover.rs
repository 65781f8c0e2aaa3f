//! Which facts become calls to other services: the outcome goes back to whoever leads the case, and so does contact that
//! was heard here.

use crate::Escalations;
use holdfast_contracts::holdfast::conferencing::v1 as pb;
use holdfast_procedure::{
    Workload,
    escalation::{Contact, Event, summary},
};
use holdfast_store::{
    Brought, Calls, handing,
    reading::{channel, contact_by},
    wire,
};

/// Where conferencing takes an outcome over.
const RECORD_OUTCOME: &str = "/holdfast.conferencing.v1.ConferencingService/RecordEscalationOutcome";
/// Where conferencing hears of contact.
const RECEIVE_CONTACT: &str = "/holdfast.conferencing.v1.ConferencingService/ReceiveContact";

/// The most steps that an outcome is told with: the latest.
const STEPS: usize = 500;

pub(crate) fn calls(brought: &Brought<'_, Escalations>, calls: &mut Calls) {
    for ruled in brought.events {
        match &ruled.event {
            Event::Concluded { .. } => conclusion(brought, calls),
            Event::ContactRecorded { contact, account, .. } => heard(brought, contact, &account.0, calls),
            Event::Opened { .. }
            | Event::ContactAttempted { .. }
            | Event::LeaderConsidered { .. }
            | Event::LeaderAsked { .. }
            | Event::LeaderNamed { .. }
            | Event::LiaisonRecorded { .. }
            | Event::DisclosureRecorded { .. }
            | Event::ReviewDateSet { .. }
            | Event::Reviewed { .. }
            | Event::Customer(_)
            | Event::Task(_)
            | Event::StageReached { .. } => {}
        }
    }
}

fn conclusion(brought: &Brought<'_, Escalations>, calls: &mut Calls) {
    let Some(mut told) = summary(brought.after) else { return };
    told.steps.drain(..told.steps.len().saturating_sub(STEPS));
    calls.add(Workload::Conferencing, RECORD_OUTCOME, |request_id| pb::RecordEscalationOutcomeRequest {
        request_id,
        case_reference: brought.case.to_owned(),
        outcome: Some(handing::escalation_outcome(&told)),
        ..pb::RecordEscalationOutcomeRequest::default()
    });
}

fn heard(brought: &Brought<'_, Escalations>, contact: &Contact, narrative: &str, calls: &mut Calls) {
    calls.add(Workload::Conferencing, RECEIVE_CONTACT, |request_id| pb::ReceiveContactRequest {
        request_id,
        case_reference: brought.case.to_owned(),
        occurred_at: Some(wire::timestamp(contact.occurred_at)),
        channel: channel(contact.channel).into(),
        by: contact_by(contact.by).into(),
        narrative: narrative.to_owned(),
        recorded_by: Some(wire::actor(brought.actor)),
        ..pb::ReceiveContactRequest::default()
    });
}
