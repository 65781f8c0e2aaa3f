//! What the concerns and triages of a case together amount to.

use crate::visiting::{
    fact::{Happening, TriageResult},
    state::{Fact, State},
};

/// Where the latest concern, or the triage of it, has come to.
pub(in crate::visiting) struct Triaged {
    /// The fact that it rests on.
    pub(in crate::visiting) fact: u32,
    /// What the latest triage found; `None`: a concern is to be triaged.
    pub(in crate::visiting) found: Option<TriageResult>,
}

/// A concern or a triage: its number and what it says.
type Numbered<'a> = (u32, &'a Fact);

impl Triaged {
    /// `None`: there is neither a concern nor a triage; nor is there where the customer was seen at this `visit`, and
    /// neither has come since.
    pub(in crate::visiting) fn of(state: &State, visit: Option<u32>) -> Option<Self> {
        let since = visit.map_or(0, |visit| state.first_number(visit).max(state.withdrawn_after));
        let goes_on = |number| visit.is_none() || state.first_number(number) > since;
        let triages = state.in_order().filter_map(|(number, fact)| Some((number, triage(&fact.happening)?)));
        let latest = triages.filter(|(number, _)| goes_on(*number)).last();
        let seen = visit.and_then(|visit| Some((visit, state.facts.get(&visit)?)));
        let concerns = concerns(state).filter(|concern| {
            let disposed_of = seen.is_some_and(|seen| {
                covers(state, seen, *concern) || state.first_number(concern.0) <= state.withdrawn_after
            });
            !disposed_of && !is_triaged(state, *concern)
        });
        let to_triage = concerns.max_by_key(|(number, concern)| (concern.happening.occurred_at(), *number));
        match (to_triage, latest) {
            (Some((fact, _)), _) => Some(Self { fact, found: None }),
            (None, Some((fact, result))) => Some(Self { fact, found: Some(result) }),
            (None, None) => None,
        }
    }
}

/// Every concern that was raised, as it stands, and those that are said never to have arisen: anybody may say so, but only
/// whoever triages disposes of a concern (Access to Work 4).
fn concerns(state: &State) -> impl Iterator<Item = Numbered<'_>> {
    let raised = state.facts.iter().filter(|(_, fact)| matches!(fact.happening, Happening::Concern(_)));
    let replaced = |number| state.facts.values().any(|fact| fact.corrects == Some(number));
    raised.filter(move |(number, _)| !replaced(**number)).map(|(number, fact)| (*number, fact))
}

/// Whether somebody has triaged this concern.
fn is_triaged(state: &State, concern: Numbered<'_>) -> bool {
    state.standing_facts().any(|fact| triage(&fact.1.happening).is_some() && covers(state, fact, concern))
}

/// Whether a triage, or a visit at which the customer was seen, is since a concern arose, and was recorded when that was
/// on record already. Nobody can have looked at what nobody had told them.
fn covers(state: &State, (number, fact): Numbered<'_>, (concern, arose): Numbered<'_>) -> bool {
    fact.happening.occurred_at() >= arose.happening.occurred_at()
        && state.first_number(number) > state.first_number(concern)
}

fn triage(happening: &Happening) -> Option<TriageResult> {
    match happening {
        Happening::Triage(triage) => Some(triage.result),
        Happening::Concern(_)
        | Happening::Visit(_)
        | Happening::UnsafeArea(_)
        | Happening::Letter(_)
        | Happening::Contact(_)
        | Happening::Consideration(_)
        | Happening::AddressTrace(_)
        | Happening::FollowUp(_)
        | Happening::Booking(_) => None,
    }
}
