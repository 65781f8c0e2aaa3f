//! Something recorded wrongly is corrected by a superseding fact, and what follows from it is judged again.

use super::{Making, only, verb};
use crate::{
    Fault, Refusal,
    draft::Because,
    facts::{Kept, not_standing, of_the_same_kind},
    rule::{rulings::R_RECORDED_ALWAYS, universal_credit::UC_SAN},
    sanction::{
        command::{Correction, Other},
        event::Event,
        fact::{Failure, Happening, Outcome},
        state::{Stage, State},
    },
};
use chrono::{DateTime, Utc};

/// Whoever may record a fact of the kind may correct it; the wrong one stays readable.
pub(super) fn correct(draft: &mut Making<'_>, correction: &Correction) -> Result<(), Refusal> {
    const VERB: &str = verb::CORRECT_FACT;
    let number = correction.fact;
    let Some(wrong) = draft.state.facts.get(number).map(|kept| kept.what.clone()) else {
        return Err(not_standing(number));
    };
    only(draft, wrong.told_by(), VERB)?;
    if let (None, Happening::Failure(_)) = (&correction.right, &wrong) {
        let why = "a failure that never happened is not corrected: WithdrawSanctionCase ends its case as recorded in \
                   error, before a decision; after one that sanctions ReconsiderSanction has it taken anew";
        return Err(draft.refused(VERB, vec![&UC_SAN], why));
    }
    let mut because: Because = vec![&UC_SAN, &R_RECORDED_ALWAYS];
    if let Some(right) = &correction.right {
        of_the_same_kind(number, right, &wrong)?;
        because.extend(plausible(draft, right, correction)?);
    }
    let right = correction.right.clone().map(|right| (draft.state.facts.next(), under_this_award(draft, right)));
    let judged_at = right.as_ref().map_or(draft.context.now, |(_, right)| right.occurred_at().1);
    let before = draft.state.clone();
    let event = Event::FactCorrected { fact: number, right, reason: correction.reason.clone() };
    draft.add(event, because, judged_at);
    tell(draft, &before, number);
    Ok(())
}

/// The rules that what is right stands on where it is late; every fault where it cannot be right. The reason for the
/// correction is the reason for its lateness too.
fn plausible(draft: &Making<'_>, right: &Happening, correction: &Correction) -> Result<Because, Refusal> {
    let (field, at) = right.occurred_at();
    let late = Some(&correction.reason);
    let Happening::Failure(failure) = right else { return draft.happened(field, at, late) };
    let dated = draft.dated(field, at, DateTime::<Utc>::MIN_UTC, late);
    let mut faults = Vec::new();
    if !draft.state.is_about(&failure.award) {
        let why = "is not the award that the case is about, and a failure under another one is another case: record it \
                   with RecordFailedRequirement, and withdraw this one where it was recorded in error (UC-SAN)";
        faults.push(Fault::new("failure.award", why));
    }
    if let Some(other) = has_a_case(&draft.state, at, &correction.others) {
        let why = format!(
            "is when the failure of case {other} happened, and a failure has one case: where this is the same, \
             WithdrawSanctionCase ends the one that was recorded in error, before a decision (UC-SAN)"
        );
        faults.push(Fault::new(field, why));
    }
    if faults.is_empty() {
        return dated;
    }
    if let Err(Refusal::Invalid(more)) = dated {
        faults.extend(more);
    }
    Err(Refusal::Invalid(faults))
}

/// The other case of the award that is about a failure at the instant to which this one is moved.
fn has_a_case(state: &State, at: DateTime<Utc>, others: &[Other]) -> Option<String> {
    let stays = state.withdrawn.is_some() || state.failure.as_ref().is_some_and(|known| known.what.occurred_at == at);
    others.iter().filter(|_| !stays).find(|other| other.has(at)).map(|other| other.case.clone())
}

/// A failure under the reference that the customer goes by now.
fn under_this_award(draft: &Making<'_>, right: Happening) -> Happening {
    match (right, &draft.state.failure) {
        (Happening::Failure(right), Some(failure)) => {
            Happening::Failure(Box::new(Failure { award: failure.what.award.clone(), ..*right }))
        }
        (right, _) => right,
    }
}

/// Says what a correction changed of what follows.
fn tell(draft: &mut Making<'_>, before: &State, wrong: u32) {
    let after = &draft.state;
    let counted = |number| before.facts.get(number).is_some_and(|kept| before.fact_counts(kept));
    let lost = after.facts.all().filter(|(number, kept)| {
        let is_told = kept.corrects == Some(wrong) || counted(*number);
        kept.superseded.is_none() && is_told && !after.fact_counts(kept)
    });
    let told = |(number, kept): (u32, &Kept<Happening>)| {
        format!("Fact {number}, {}, does not count as what the letter asks for (UC-SAN).", kept.what.title())
    };
    let mut notes: Vec<_> = lost.map(told).collect();
    if after.unsupported_since.is_some() && before.unsupported_since.is_none() {
        notes.push(
            "The referral stays on record. As corrected, no conference opened the way to it: a sanction takes another \
             conference of work coach and site leader first; that none is warranted can be decided (UC-SAN)."
                .to_owned(),
        );
    }
    if after.stage() == Stage::Decided {
        let told = match after.decided() {
            Some(Outcome::Sanction) => {
                "Recorded. The decision stands until a reconsideration (ReconsiderSanction) has it taken anew; the \
                 Decision Maker is asked to consider one (UC-SAN)."
            }
            Some(Outcome::NoSanction) | None => {
                "Recorded. It was decided that no sanction is warranted, and that stands (UC-SAN)."
            }
        };
        notes.push(told.to_owned());
    }
    draft.notes.extend(notes);
}
