//! Something recorded wrongly is corrected by a superseding fact, and what is owed is worked out again.
//!
//! A conclusion is relied on by whoever leads the case, who may have taken the file on. A correction that leaves every
//! must of it met is recorded, and the outcome handed over again as it stands; one that would leave a must unmet is
//! refused until the concern is determined again, which begins a round in which everything is owed anew and protects as
//! a concern does. So no conclusion falls behind the back of those who rely on it.

use super::{
    Making, only_lead, only_lead_or_leader, review_counts,
    told::{attempt_counts, promised, text_is_to_the_customer},
};
use crate::{
    Recorded, Refusal,
    benefit::Rules,
    draft::Because,
    escalation::{
        advice::verb,
        alert,
        command::Correction,
        event::Event,
        fact::{Fact, Happening},
        gates::{self, Unmet},
        state::{Filed, State},
    },
    facts::{Kept, not_standing, of_the_same_kind},
    rule::rulings::R_RECORDED_ALWAYS,
};
use chrono::{DateTime, Utc};

/// Whoever may record a fact of the kind may correct it; the wrong one stays readable.
pub(super) fn correct(draft: &mut Making<'_>, page: &Rules, correction: &Correction) -> Result<(), Refusal> {
    let number = correction.fact;
    let Some(wrong) = draft.state.facts.get(number).cloned() else {
        return Err(not_standing(number));
    };
    may_tell(draft, page, &wrong.what.fact.happening)?;
    let mut because = vec![&R_RECORDED_ALWAYS];
    if let Some((right, _)) = &correction.right {
        of_the_same_kind(number, right, &wrong.what.fact.happening)?;
        if let Happening::ContactAttempt(attempt) = right {
            text_is_to_the_customer(attempt)?;
        }
        // The reason for the correction is the reason for its lateness too.
        let (field, at) = right.occurred_at();
        because.extend(draft.dated(field, at, DateTime::<Utc>::MIN_UTC, Some(&correction.reason))?);
    }
    let right = correction.right.clone().map(|(happening, account)| {
        let (counts, call_back) = judged(draft, page, &wrong.what, &happening);
        let account = account.unwrap_or_else(|| wrong.what.fact.account.clone());
        (draft.state.facts.next(), Fact { happening, account, counts, call_back })
    });
    let judged_at = right.as_ref().map_or(draft.context.now, |(_, fact)| fact.happening.occurred_at().1);
    if right.as_ref().is_some_and(|(_, right)| !right.counts) {
        let why = "Recorded. What is right does not count as what the guidance asks for (R-RECORDED-ALWAYS).";
        draft.notes.push(why.to_owned());
    }
    let (was, reason) = (Some(Box::new(wrong.what.fact.clone())), correction.reason.clone());
    let event = Event::FactCorrected { fact: number, wrong: was, right, reason };
    conclusion_stands(draft, page, &wrong, &event)?;
    draft.add(event, because, judged_at);
    // A review that was not held may have been due already.
    alert::let_time_pass(draft);
    Ok(())
}

/// Some facts are told by the lead alone, some by the leader too.
fn may_tell(draft: &Making<'_>, page: &Rules, happening: &Happening) -> Result<(), Refusal> {
    match happening {
        Happening::ContactAttempt(_) => only_lead(draft, page, verb::CORRECT_FACT, page.escalation.contact.rules()),
        Happening::Review { .. } => {
            only_lead_or_leader(draft, page, verb::CORRECT_FACT, page.escalation.review_date.rules)
        }
        Happening::Liaison(_) | Happening::Disclosure(_) | Happening::Contact(_) => Ok(()),
    }
}

/// Whether what is right is what the guidance asks for, and by when it promises another call.
fn judged(draft: &Making<'_>, page: &Rules, wrong: &Filed, right: &Happening) -> (bool, Option<crate::Deadline>) {
    let at = right.occurred_at().1;
    let round = draft.state.rounds.get(wrong.round);
    match right {
        Happening::ContactAttempt(attempt) => {
            let counts = round.is_some_and(|round| attempt_counts(page, &round.concern, at));
            (counts, promised(draft, page, at).filter(|_| attempt.text_sent))
        }
        Happening::Review { .. } => {
            let referrals = round.map_or(&[][..], |round| &round.referrals);
            let asked = referrals.iter().take(wrong.asked.0).next_back();
            (review_counts(wrong.set.as_ref(), asked, at), None)
        }
        Happening::Liaison(_) | Happening::Disclosure(_) | Happening::Contact(_) => (true, None),
    }
}

/// Refuses a correction that would leave a must of the present conclusion unmet.
fn conclusion_stands(draft: &mut Making<'_>, page: &Rules, wrong: &Kept<Filed>, event: &Event) -> Result<(), Refusal> {
    let before = &draft.state;
    let present = wrong.what.round + 1 == before.rounds.len();
    if before.rounds.get(wrong.what.round).is_none_or(|round| round.concluded.is_none()) {
        return Ok(());
    }
    let mut after = before.clone();
    let (at, by) = (draft.context.now, draft.context.actor);
    after.correct(&Recorded { event, at, by, version: &before.judged_by });
    let missing = |state: &State| if present { gates::unmet(state, page) } else { Vec::new() };
    let known: Vec<_> = missing(before).into_iter().map(|unmet| unmet.what).collect();
    let unmet: Vec<Unmet> = missing(&after).into_iter().filter(|unmet| !known.contains(&unmet.what)).collect();
    if unmet.is_empty() {
        let lead = page.conferencing.lead.says.role.title();
        draft
            .notes
            .push(format!("Recorded. The outcome goes to the {lead} again, as it stands now (R-RECORDED-ALWAYS)."));
        return Ok(());
    }
    let rules: Because = unmet.iter().flat_map(|unmet| unmet.rules.iter().copied()).collect();
    let owed: Vec<_> = unmet.into_iter().map(|unmet| unmet.what).collect();
    let why = format!(
        "the conclusion, which was handed over, rests on this fact: without it {}. Let the concern be determined again \
         (RecordDetermination of the ConferencingService; after a decision ReopenCase comes first): everything is owed \
         anew then, and the correction is recorded",
        owed.join("; ")
    );
    Err(draft.refused(verb::CORRECT_FACT, rules, why))
}
