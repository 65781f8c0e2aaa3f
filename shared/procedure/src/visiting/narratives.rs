//! The words that the journal keeps with its entries. Every field is named, so that none is added without its words.

use super::{
    command::{Correction, Retracting},
    event::Event,
    fact::{Happening, Seen, Visit},
    form::{Activity, FormText, VisitingForm},
};
use crate::{Late, NarrativeRef};

/// The references of the words kept with an entry, in the order that [`crate::Told::narratives`] gives.
pub(super) fn of(event: &Event) -> Vec<&NarrativeRef> {
    match event {
        Event::Referred { award: _, place: _, occurred_at: _, circumstances, late: Late { late_reason }, form }
        | Event::ReferralJoined { occurred_at: _, circumstances, late: Late { late_reason }, form } => {
            let form = of_form(form);
            [circumstances].into_iter().chain(form).chain(late_reason).collect()
        }
        Event::FactRecorded { fact: _, happening, narrative, late: Late { late_reason } } => {
            narrative.iter().chain(of_happening(happening)).chain(late_reason).collect()
        }
        Event::FactCorrected { fact: _, right, narrative, reason } => {
            let right = right.as_ref().and_then(|(_, right)| of_happening(right));
            narrative.iter().chain(right).chain([reason]).collect()
        }
        Event::RetractionAsked { retracting: Retracting::Fact(Correction { fact: _, right, narrative, reason }) } => {
            narrative.iter().chain(right.as_ref().and_then(of_happening)).chain([reason]).collect()
        }
        Event::RetractionAsked { retracting: Retracting::Referral { reason } }
        | Event::RetractionConfirmed { reason, takes_back: _ }
        | Event::RetractionDeclined { reason }
        | Event::SecondVisitDecided { second_visit: _, understanding: _, reason }
        | Event::GoodCauseDecided { decision: _, visit: _, reason }
        | Event::Withdrawn { ground: _, reason, confirmed: _ } => vec![reason],
        Event::Customer(event) => event.narratives(),
        Event::Task(event) => event.narratives(),
        Event::CaseOpened { award: _, place: _, occurred_at: _, by: _ }
        | Event::DecisionNoted { decided: _ }
        | Event::Protection(_)
        | Event::FactJudged { fact: _, verdict: _ }
        | Event::ContactWindowOpened { window: _ }
        | Event::ContactWindowDerivedAgain { window: _ }
        | Event::ContactWindowCancelled
        | Event::FollowUpSet { follow_up: _ }
        | Event::FollowUpMatured { since: _ }
        | Event::FollowUpEnded
        | Event::StageReached { stage: _, since: _, facts: _, handover_to: _, holds: _ } => Vec::new(),
    }
}

fn of_happening(happening: &Happening) -> Option<&NarrativeRef> {
    match happening {
        Happening::Visit(Visit { occurred_at: _, outcome: _, seen }) => seen.as_ref().and_then(of_seen),
        Happening::UnsafeArea(_)
        | Happening::Letter(_)
        | Happening::Contact(_)
        | Happening::Concern(_)
        | Happening::Consideration(_)
        | Happening::Triage(_)
        | Happening::AddressTrace(_)
        | Happening::FollowUp(_)
        | Happening::Booking(_) => None,
    }
}

fn of_seen(seen: &Seen) -> Option<&NarrativeRef> {
    let Seen {
        understood: _,
        explained: _,
        representative_present: _,
        good_cause,
        deferral_appropriate: _,
        lone_parent_with_child_under_one: _,
        bookings: _,
    } = seen;
    good_cause.as_ref()
}

fn of_form(form: &VisitingForm) -> impl Iterator<Item = &NarrativeRef> {
    let VisitingForm {
        condition,
        representative,
        contact_attempts,
        previous_visit: _,
        good_cause_considered: _,
        lone_parent_with_child_under_one: _,
        has_representative: _,
        activity,
        situations: _,
        telephone: _,
        telephone_staffed: _,
        care_of: _,
        eligibility: _,
        face_to_face_required: _,
        support_exhausted: _,
        note_in: _,
    } = form;
    let known = [condition, representative, contact_attempts].into_iter().flatten().filter_map(|text| match text {
        FormText::Known(words) => Some(words),
        FormText::NotKnown => None,
    });
    known.chain(activity.as_ref().map(|Activity { what, due_on: _ }| what))
}
