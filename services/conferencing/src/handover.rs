//! Which facts become calls to other services: a concern goes to safeguarding; DWP Visiting is told of the decision, and
//! of a reconsideration, so that it knows whether a new referral joins this case, and is given back what was held for a
//! case that it took back.

use crate::Conferences;
use holdfast_contracts::holdfast::{safeguarding::v1 as safeguarding, visiting::v1 as visiting};
use holdfast_procedure::{
    Workload,
    conferencing::{Event, ReceivedCase},
    protection,
};
use holdfast_store::{Brought, Calls, customers::introduce, handing::held, wire};

/// Where safeguarding takes a concern up.
const OPEN_ESCALATION: &str = "/holdfast.safeguarding.v1.EscalationService/OpenEscalation";
/// Where DWP Visiting takes back what was held for a case that it took back.
const RECEIVE_CASE_BACK: &str = "/holdfast.visiting.v1.VisitingService/ReceiveCaseBack";
/// Where DWP Visiting hears what became of a case.
const NOTE_DECISION: &str = "/holdfast.visiting.v1.VisitingService/NoteDecision";

pub(crate) fn calls(brought: &Brought<'_, Conferences>, calls: &mut Calls) {
    let Some(received) = &brought.after.received else { return };
    for ruled in brought.events {
        match &ruled.event {
            Event::Determined { escalates: true, reasons, .. } => {
                let concern = concern(brought, received, &reasons.0);
                calls.add(Workload::Safeguarding, OPEN_ESCALATION, |request_id| safeguarding::OpenEscalationRequest {
                    request_id,
                    case_reference: brought.case.to_owned(),
                    concern: Some(concern),
                    ..safeguarding::OpenEscalationRequest::default()
                });
                let customer = &received.file.award.customer;
                let line = (Workload::Conferencing, Workload::Safeguarding);
                introduce(brought.case, customer, &brought.after.customer, line, calls);
            }
            Event::Decided { .. } => note(brought, visiting::DecisionNoted::Decided, calls),
            Event::Reopened { .. } => note(brought, visiting::DecisionNoted::Reopened, calls),
            Event::Protection(protection::Event::HandedOver { to: Workload::Visiting, .. }) => {
                let holds = held(&brought.after.protection.handed_to(Workload::Visiting));
                calls.add(Workload::Visiting, RECEIVE_CASE_BACK, |request_id| visiting::ReceiveCaseBackRequest {
                    request_id,
                    case_reference: brought.case.to_owned(),
                    holds,
                    ..visiting::ReceiveCaseBackRequest::default()
                });
            }
            Event::Determined { .. }
            | Event::Received { .. }
            | Event::FileUpdated { .. }
            | Event::TakenBack { .. }
            | Event::SupportMarkerConsidered { .. }
            | Event::FindingRecorded { .. }
            | Event::FurtherInformationDecided { .. }
            | Event::ConferenceConvened { .. }
            | Event::ConferenceRecorded { .. }
            | Event::ActionAgreed { .. }
            | Event::ActionReported { .. }
            | Event::ContactRecorded { .. }
            | Event::FactCorrected { .. }
            | Event::EscalationConcluded { .. }
            | Event::ClosingNoteRecorded { .. }
            | Event::DocumentationAssembled { .. }
            | Event::LeadTakenOver { .. }
            | Event::Returned
            | Event::Customer(_)
            | Event::Task(_)
            | Event::Protection(_)
            | Event::StageReached { .. } => {}
        }
    }
}

fn note(brought: &Brought<'_, Conferences>, decision: visiting::DecisionNoted, calls: &mut Calls) {
    let times_taken_back = brought.after.received.as_ref().map_or(0, |received| received.file.times_taken_back);
    calls.add(Workload::Visiting, NOTE_DECISION, |request_id| visiting::NoteDecisionRequest {
        request_id,
        case_reference: brought.case.to_owned(),
        decision: decision.into(),
        times_taken_back,
        ..visiting::NoteDecisionRequest::default()
    });
}

/// The concern as it is handed over: by reference, its words stay here.
fn concern(brought: &Brought<'_, Conferences>, received: &ReceivedCase, reasons: &str) -> safeguarding::Concern {
    let file = &received.file;
    safeguarding::Concern {
        award: Some(wire::award(&file.award)),
        place: Some(wire::place(&file.place)),
        lead: wire::role(file.lead).into(),
        concern: reasons.to_owned(),
        determined_by: Some(wire::actor(brought.actor)),
        occurred_at: Some(wire::timestamp(brought.at)),
    }
}
