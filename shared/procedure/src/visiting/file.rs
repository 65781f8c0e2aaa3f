//! The case's file, as it is handed over: everything by reference, nothing anybody said. However long a case has become,
//! its file can be read: it holds all that counts, and of the rest the latest. Everything stays readable here.

use super::{
    fact::{Happening, Outcome},
    state::State,
};
use crate::{
    Workload,
    handover::{Entry, File, Happened, ReferralMade},
};
use std::collections::BTreeSet;

/// The most facts that a file holds beside those that count: those recorded last.
const OTHER_ENTRIES: usize = 400;
/// The most referrals that a file holds beside the original one: those made known last.
const JOINED: usize = 100;

/// The case's file once two visits were ineffective or counted as such; `None` before. It stays when the case ends.
#[must_use]
pub fn file(state: &State) -> Option<File> {
    let (opened, referral, handover) = (state.opened.as_ref()?, state.referral.as_ref()?, state.handover.as_ref()?);
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
    keep_latest(&mut entries);
    entries.sort_by_key(|entry| entry.occurred_at);
    let joined = &state.joined;
    Some(File {
        award: opened.award.clone(),
        place: opened.place.clone(),
        referral: ReferralMade {
            by: referral.by.clone(),
            occurred_at: referral.occurred_at,
            circumstances: referral.circumstances.clone(),
        },
        joined: joined.iter().skip(joined.len().saturating_sub(JOINED)).map(|joined| joined.made.clone()).collect(),
        lead: *handover.to.first()?,
        note_in: referral.form.note_in,
        since: handover.since,
        times_taken_back: handover.times_taken_back,
        entries,
        holds: state.protection.handed_to(Workload::Conferencing),
    })
}

/// Keeps what counts, and of the rest what was recorded last.
fn keep_latest(entries: &mut Vec<Entry>) {
    let mut others: Vec<_> = entries.iter().filter(|entry| !entry.counts).map(|entry| entry.fact).collect();
    others.sort_unstable();
    let dropped: BTreeSet<_> = others.iter().take(others.len().saturating_sub(OTHER_ENTRIES)).copied().collect();
    entries.retain(|entry| !dropped.contains(&entry.fact));
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
        Happening::Concern(_) => Happened::Concern,
        Happening::Consideration(_) => Happened::Consideration,
        Happening::Triage(_) => Happened::Triage,
        Happening::AddressTrace(trace) => Happened::AddressTrace { found: trace.found.is_some() },
        Happening::FollowUp(_) => Happened::FollowUp,
        Happening::Booking(_) => Happened::Booking,
    }
}
