//! Which facts become calls to other services: the outcome goes back to whoever leads the case, and so does contact that
//! was heard here.

use crate::Escalations;
use holdfast_contracts::holdfast::conferencing::v1::{self as pb, receive_contact_correction_request::Right};
use holdfast_procedure::{
    Workload,
    escalation::{Contact, Event, Happening, summary, summary_of},
    handover::EscalationOutcome,
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

/// Where conferencing hears that contact was otherwise.
const CORRECT_CONTACT: &str = "/holdfast.conferencing.v1.ConferencingService/ReceiveContactCorrection";

/// The most steps that an outcome is told with: the latest.
const STEPS: usize = 500;

pub(crate) fn calls(brought: &Brought<'_, Escalations>, calls: &mut Calls) {
    for ruled in brought.events {
        match &ruled.event {
            Event::Concluded { .. } => conclusion(brought, summary(brought.after), calls),
            Event::ContactRecorded { contact, account, .. } => heard(brought, contact, &account.0, calls),
            Event::FactCorrected { fact, reason, .. } => corrected(brought, *fact, &reason.0, calls),
            Event::Opened { .. }
            | Event::ContactAttempted { .. }
            | Event::LeaderConsidered { .. }
            | Event::LeaderAsked { .. }
            | Event::LeaderNamed { .. }
            | Event::LiaisonRecorded { .. }
            | Event::DisclosureRecorded { .. }
            | Event::ReviewDateSet { .. }
            | Event::ReviewOverdue { .. }
            | Event::Reviewed { .. }
            | Event::Customer(_)
            | Event::Task(_)
            | Event::StageReached { .. } => {}
        }
    }
}

/// What is right goes where what was wrong had gone: contact to whoever leads, and the outcome again as it stands now.
fn corrected(brought: &Brought<'_, Escalations>, fact: u32, reason: &str, calls: &mut Calls) {
    let facts = &brought.after.facts;
    let Some((_, wrong)) = facts.all().find(|(number, _)| *number == fact) else { return };
    let Happening::Contact(_) = &wrong.what.fact.happening else {
        return conclusion(brought, brought.after.rounds.get(wrong.what.round).and_then(summary_of), calls);
    };
    let instead = wrong.superseded.as_ref().and_then(|superseded| facts.get(superseded.by_fact?));
    let right = instead.and_then(|kept| match &kept.what.fact.happening {
        Happening::Contact(contact) => Some(Right::Contact(passed_on(contact, &kept.what.fact.account.0))),
        Happening::ContactAttempt(_) | Happening::Liaison(_) | Happening::Disclosure(_) | Happening::Review { .. } => {
            None
        }
    });
    calls.add(Workload::Conferencing, CORRECT_CONTACT, |request_id| pb::ReceiveContactCorrectionRequest {
        request_id,
        case_reference: brought.case.to_owned(),
        corrects: wrong.what.fact.account.0.clone(),
        right: Some(right.unwrap_or(Right::NeverHappened(true))),
        correction: reason.to_owned(),
        recorded_by: Some(wire::actor(brought.actor)),
        ..pb::ReceiveContactCorrectionRequest::default()
    });
}

fn conclusion(brought: &Brought<'_, Escalations>, told: Option<EscalationOutcome>, calls: &mut Calls) {
    let Some(mut told) = told else { return };
    told.steps.drain(..told.steps.len().saturating_sub(STEPS));
    calls.add(Workload::Conferencing, RECORD_OUTCOME, |request_id| pb::RecordEscalationOutcomeRequest {
        request_id,
        case_reference: brought.case.to_owned(),
        outcome: Some(handing::escalation_outcome(&told)),
        ..pb::RecordEscalationOutcomeRequest::default()
    });
}

fn heard(brought: &Brought<'_, Escalations>, contact: &Contact, narrative: &str, calls: &mut Calls) {
    let told = passed_on(contact, narrative);
    calls.add(Workload::Conferencing, RECEIVE_CONTACT, |request_id| pb::ReceiveContactRequest {
        request_id,
        case_reference: brought.case.to_owned(),
        occurred_at: told.occurred_at,
        channel: told.channel,
        by: told.by,
        narrative: told.narrative,
        recorded_by: Some(wire::actor(brought.actor)),
        ..pb::ReceiveContactRequest::default()
    });
}

fn passed_on(contact: &Contact, narrative: &str) -> pb::PassedOnContact {
    pb::PassedOnContact {
        occurred_at: Some(wire::timestamp(contact.occurred_at)),
        channel: channel(contact.channel).into(),
        by: contact_by(contact.by).into(),
        narrative: narrative.to_owned(),
    }
}
