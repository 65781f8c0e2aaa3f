//! The words that the journal keeps with its entries. Every field is named, so that none is added without its words.

use super::{
    event::Event,
    fact::{ActionReport, ConferenceHeld, ContactHeard, Fact, Finding, Happening, PartnershipManagerConsidered},
};
use crate::{Late, NarrativeRef};

/// The references of the words kept with an entry, in the order that [`crate::Told::narratives`] gives. What DWP Visiting
/// and safeguarding hand over or pass on, they keep themselves.
pub(super) fn of(event: &Event) -> Vec<&NarrativeRef> {
    match event {
        Event::FindingRecorded { fact: _, finding, late: Late { late_reason } } => {
            [of_finding(finding)].into_iter().chain(late_reason).collect()
        }
        Event::ConferenceRecorded { fact: _, conference, counts: _, late: Late { late_reason } } => {
            of_conference(conference).chain(late_reason).collect()
        }
        Event::ActionReported {
            fact: _,
            action: _,
            result: _,
            occurred_at: _,
            account,
            late: Late { late_reason },
        } => [account].into_iter().chain(late_reason).collect(),
        Event::ContactRecorded { fact: _, contact, passed_on_from: None, late: Late { late_reason } } => {
            [of_contact(contact)].into_iter().chain(late_reason).collect()
        }
        Event::FactCorrected {
            fact: _,
            wrong: _,
            right,
            reason,
            passed_on_from: None,
            determined_again: _,
            comes_back: _,
        } => of_correction(right.as_ref(), reason),
        Event::ClosingNoteRecorded {
            fact: _,
            occurred_at: _,
            system: _,
            reference: _,
            counts: _,
            late: Late { late_reason },
        }
        | Event::DocumentationAssembled { fact: _, documentation: _, counts: _, late: Late { late_reason } } => {
            late_reason.iter().collect()
        }
        Event::SupportMarkerConsidered { marker: _, reason }
        | Event::FurtherInformationDecided { required: _, reason, conference_by: _ }
        | Event::ActionAgreed { action: _, what: reason, owner: _, by: _ }
        | Event::Determined { satisfied: _, concern: _, escalates: _, assents: _, reasons: reason }
        | Event::Decided { outcome: _, weighed: reason }
        | Event::Reopened { reason } => vec![reason],
        Event::Customer(event) => event.narratives(),
        Event::Task(event) => event.narratives(),
        Event::Received { file: _ }
        | Event::FileUpdated { file: _, differs: _ }
        | Event::TakenBack { taken: _ }
        | Event::ContactRecorded { fact: _, contact: _, passed_on_from: Some(_), late: _ }
        | Event::FactCorrected { passed_on_from: Some(_), .. }
        | Event::EscalationConcluded { outcome: _ }
        | Event::ConferenceConvened { at: _, participants: _ }
        | Event::Returned
        | Event::Protection(_)
        | Event::LeadTakenOver { lead: _ }
        | Event::StageReached { stage: _ } => Vec::new(),
    }
}

/// What was wrong keeps its words with its own entry.
fn of_correction<'a>(right: Option<&'a (u32, Fact)>, reason: &'a NarrativeRef) -> Vec<&'a NarrativeRef> {
    let right = right.map(|(_, Fact { happening, counts: _, passed_on: _ })| of_happening(happening));
    right.into_iter().flatten().chain([reason]).collect()
}

fn of_happening(happening: &Happening) -> Vec<&NarrativeRef> {
    match happening {
        Happening::Finding(finding) => vec![of_finding(finding)],
        Happening::Conference(conference) => of_conference(conference).collect(),
        Happening::ActionReport(ActionReport { action: _, result: _, occurred_at: _, account }) => vec![account],
        Happening::Contact(contact) => vec![of_contact(contact)],
        Happening::ClosingNote(_) | Happening::Documentation(_) => Vec::new(),
    }
}

fn of_finding(Finding { item: _, result: _, occurred_at: _, account }: &Finding) -> &NarrativeRef {
    account
}

fn of_contact(ContactHeard { occurred_at: _, channel: _, by: _, account }: &ContactHeard) -> &NarrativeRef {
    account
}

fn of_conference(held: &ConferenceHeld) -> impl Iterator<Item = &NarrativeRef> {
    let ConferenceHeld { occurred_at: _, participants: _, account, partnership_manager, deferral: _ } = held;
    let manager = partnership_manager.as_ref();
    [account].into_iter().chain(manager.map(|PartnershipManagerConsidered { decided: _, reason }| reason))
}
