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
    /// `None`: there is neither a concern nor a triage.
    pub(in crate::visiting) fn of(state: &State) -> Option<Self> {
        let latest = state.in_order().filter_map(|(number, fact)| Some((number, triage(&fact.happening)?))).last();
        let concerns = concerns(state).filter(|concern| !is_covered(state, *concern));
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

/// Whether somebody has triaged this concern: a triage since it arose, recorded when the concern was on record already.
/// Whoever triages cannot have looked at what nobody had told them.
fn is_covered(state: &State, (number, concern): Numbered<'_>) -> bool {
    let raised = first_number(state, (number, concern));
    state.standing_facts().any(|(number, fact)| {
        triage(&fact.happening).is_some()
            && fact.happening.occurred_at() >= concern.happening.occurred_at()
            && first_number(state, (number, fact)) > raised
    })
}

/// Under which number something was first recorded; a correction takes its place.
fn first_number(state: &State, (number, fact): Numbered<'_>) -> u32 {
    let (mut first, mut known) = (number, fact);
    while let Some((corrected, fact)) = known.corrects.and_then(|number| Some((number, state.facts.get(&number)?))) {
        (first, known) = (corrected, fact);
    }
    first
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
