//! The case's file, as it is handed over: everything by reference, nothing anybody said.

use super::{
    fact::{Happening, Outcome},
    state::State,
};
use crate::handover::{Entry, File, Happened, ReferralMade};

/// The case's file once two visits were ineffective or counted as such; `None` before. It stays when the case ends.
#[must_use]
pub fn file(state: &State) -> Option<File> {
    let (referral, handover) = (state.referral.as_ref()?, state.handover.as_ref()?);
    let mut entries: Vec<_> = state
        .standing_facts()
        .map(|(fact, standing)| Entry {
            fact,
            what: happened(&standing.happening),
            occurred_at: standing.happening.occurred_at(),
            narrative: standing.narrative.clone(),
            counts: handover.facts.contains(&fact),
        })
        .collect();
    entries.sort_by_key(|entry| entry.occurred_at);
    Some(File {
        award: referral.award.clone(),
        place: referral.place.clone(),
        referral: ReferralMade {
            by: referral.by.clone(),
            occurred_at: referral.occurred_at,
            circumstances: referral.circumstances.clone(),
        },
        joined: state.joined.clone(),
        lead: *handover.to.first()?,
        since: handover.since,
        entries,
    })
}

fn happened(happening: &Happening) -> Happened {
    match happening {
        Happening::Visit(visit) => match visit.outcome {
            Outcome::Effective => Happened::EffectiveVisit,
            Outcome::Ineffective { ground, letter_left } => Happened::IneffectiveVisit { ground, letter_left },
            Outcome::BrokenOff => Happened::BrokenOffVisit,
        },
        Happening::UnsafeArea(_) => Happened::UnsafeArea,
        Happening::Letter(_) => Happened::LetterPosted,
        Happening::Contact(contact) => Happened::Contact { channel: contact.channel, by: contact.by },
    }
}
