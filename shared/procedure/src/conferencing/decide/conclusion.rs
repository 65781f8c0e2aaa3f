//! From the determination to the decision, and back.

use super::{Making, not_ended, only, only_lead};
use crate::{
    Late, NarrativeRef, Refusal, Role,
    benefit::Rules,
    conferencing::{
        advice::verb,
        command::Command,
        event::Event,
        fact::Outcome,
        gates::{self, Unmet},
        state::Stage,
    },
    draft::Because,
    handover::EscalationOutcome,
    rule::rulings::{R_LEADER_ANY_STAGE, R_RECONSIDERATION, R_RECORDED_ALWAYS},
    term::london_date,
};
use chrono::{DateTime, Utc};

/// A concern is taken up whenever it is found; that there is none, or that everything was looked at, is determined once
/// it was.
pub(super) fn determine(
    draft: &mut Making<'_>,
    page: &Rules,
    satisfied: bool,
    concern: bool,
    reasons: &NarrativeRef,
) -> Result<(), Refusal> {
    const VERB: &str = verb::RECORD_DETERMINATION;
    let rules = &page.conferencing;
    let about = if concern { rules.concern.rules } else { rules.no_concern.rules };
    only_lead(draft, page, VERB, about)?;
    not_ended(draft, VERB)?;
    if draft.state.stage == Stage::DecisionDue && !concern {
        return Err(draft.refused(VERB, about.to_vec(), "the file is with whoever decides"));
    }
    if draft.state.escalated && !concern {
        let why = "the concern is with safeguarding; its outcome comes first";
        return Err(draft.refused(VERB, rules.concern.rules.to_vec(), why));
    }
    if !satisfied && !concern {
        let why = format!("the {} has to be satisfied before it can rule a concern out", rules.lead.says.role.title());
        return Err(draft.refused(VERB, rules.satisfied.rules.to_vec(), why));
    }
    if satisfied {
        not_yet(draft, VERB, "a determination", gates::unmet(&draft.state, page))?;
    }
    let back = concern && draft.state.outcome_is_back;
    let settled = back && satisfied && was_looked_into(draft);
    let escalates = concern && !draft.state.escalated && !settled;
    let mut because = if satisfied { rules.satisfied.rules.to_vec() } else { vec![&R_LEADER_ANY_STAGE] };
    because.extend(about);
    let event = Event::Determined { satisfied, concern, escalates, reasons: reasons.clone() };
    draft.add(event, because, draft.context.now);
    if !satisfied {
        draft.notes.push(format!(
            "The concern is with safeguarding now. The assurance check goes on, and the {} still has to be satisfied \
             before the case can return ({}).",
            rules.lead.says.role.title(),
            rules.satisfied.rules[0].id,
        ));
    }
    if back {
        let rule = rules.concern.rules[0].id;
        draft.notes.push(if settled {
            format!(
                "This is the concern that safeguarding has looked into, and nothing was recorded since its outcome came \
                 back: it does not go there again ({rule})."
            )
        } else {
            format!("This concern goes to safeguarding anew, whatever came back from there before ({rule}).")
        });
    }
    Ok(())
}

/// What was determined early and is back from safeguarding is determined once more without going there again, unless
/// something was recorded since that was not looked into there.
fn was_looked_into(draft: &Making<'_>) -> bool {
    let early = draft.state.determination.as_ref().is_some_and(|before| before.concern && !before.satisfied);
    early && !draft.state.new_since_outcome
}

/// Refuses a step with every rule that stands in its way.
fn not_yet(draft: &Making<'_>, verb: &'static str, step: &str, unmet: Vec<Unmet>) -> Result<(), Refusal> {
    if unmet.is_empty() {
        return Ok(());
    }
    let mut rules: Because = Vec::new();
    for rule in unmet.iter().flat_map(|unmet| &unmet.rules) {
        if !rules.contains(rule) {
            rules.push(rule);
        }
    }
    let missing: Vec<_> = unmet.into_iter().map(|unmet| unmet.what).collect();
    Err(draft.refused(verb, rules, format!("{step} is not possible yet: {}", missing.join("; "))))
}

pub(super) fn escalation_concluded(
    draft: &mut Making<'_>,
    page: &Rules,
    outcome: &EscalationOutcome,
) -> Result<(), Refusal> {
    if draft.state.outcomes.contains(outcome) {
        return Ok(());
    }
    let rules = page.conferencing.concern.rules.to_vec();
    draft.add(Event::EscalationConcluded { outcome: outcome.clone() }, rules, draft.context.now);
    Ok(())
}

/// The note is made in another system, so that it is recorded whenever it was; it counts once all reasonable steps
/// were taken.
pub(super) fn closing_note(draft: &mut Making<'_>, page: &Rules, command: &Command) -> Result<(), Refusal> {
    let Command::RecordClosingNote { occurred_at, system, reference, late_reason } = command else { return Ok(()) };
    let clause = page.conferencing.closing_note;
    only(draft, clause.says.owner, verb::RECORD_CLOSING_NOTE, clause.rules)?;
    let late = draft.happened("occurred_at", *occurred_at, late_reason.as_ref())?;
    let mut because = [clause.rules.to_vec(), late].concat();
    let missed = if !draft.state.stage.is_with_lead() {
        Some(format!("the file is not with the {}", page.conferencing.lead.says.role.title()))
    } else if steps_taken_at(draft, page).is_none_or(|at| london_date(*occurred_at) < london_date(at)) {
        Some("not all reasonable steps had been taken".to_owned())
    } else {
        None
    };
    if let Some(why) = &missed {
        because.push(&R_RECORDED_ALWAYS);
        let rule = clause.rules[0].id;
        draft.notes.push(format!("Recorded. This does not count as the closing note: {why} ({rule})."));
    }
    let counts = missed.is_none();
    let (occurred_at, system, reference) = (*occurred_at, system.clone(), reference.clone());
    let event = Event::ClosingNoteRecorded { occurred_at, system, reference, counts, late: Late::because(late_reason) };
    draft.add(event, because, occurred_at);
    Ok(())
}

/// Since when all reasonable steps have been taken; `None`: they have not.
fn steps_taken_at(draft: &Making<'_>, page: &Rules) -> Option<DateTime<Utc>> {
    let state = &draft.state;
    let determination = state.determination.as_ref().filter(|determination| determination.satisfied)?;
    if state.escalated || !gates::unmet(state, page).is_empty() {
        return None;
    }
    let back = state.outcomes.last().filter(|_| state.outcome_is_back).map(|outcome| outcome.concluded_at);
    back.into_iter().chain([determination.at]).max()
}

pub(super) fn give_back(draft: &mut Making<'_>, page: &Rules) -> Result<(), Refusal> {
    const VERB: &str = verb::RETURN_TO_DECISION_MAKER;
    let rules = &page.conferencing;
    let because = only_lead(draft, page, VERB, gates::returning(page))?;
    not_ended(draft, VERB)?;
    if !draft.state.stage.is_with_lead() {
        let why = format!("the file is with the {} already", rules.decision.says.by.title());
        return Err(draft.refused(VERB, because, why));
    }
    let mut unmet = gates::on_arrival(&draft.state, page);
    unmet.extend(gates::unmet(&draft.state, page));
    unmet.extend(gates::unconsidered(&draft.state, page, rules.satisfied.rules));
    if draft.state.escalated {
        let what = "the concern is with safeguarding, which has not concluded".to_owned();
        unmet.push(Unmet { rules: rules.concern.rules.to_vec(), what });
    }
    if !draft.state.determination.as_ref().is_some_and(|determination| determination.satisfied) {
        let what = "whether there is a safeguarding concern is not determined".to_owned();
        unmet.push(Unmet { rules: rules.satisfied.rules.to_vec(), what });
    }
    if draft.state.closing_note.is_none() {
        let what = "the closing note has not been made".to_owned();
        unmet.push(Unmet { rules: rules.closing_note.rules.to_vec(), what });
    }
    not_yet(draft, VERB, "the return", unmet)?;
    draft.add(Event::Returned, because, draft.context.now);
    Ok(())
}

pub(super) fn decision(
    draft: &mut Making<'_>,
    page: &Rules,
    outcome: Outcome,
    weighed: &NarrativeRef,
) -> Result<(), Refusal> {
    const VERB: &str = verb::RECORD_DECISION;
    let clause = page.conferencing.decision;
    only(draft, clause.says.by, VERB, clause.rules)?;
    not_ended(draft, VERB)?;
    if draft.state.stage != Stage::DecisionDue {
        let why = format!("the case is not with the {}; it has to be returned first", clause.says.by.title());
        return Err(draft.refused(VERB, [page.conferencing.closing_note.rules, clause.rules].concat(), why));
    }
    if !clause.says.outcomes.contains(&outcome) {
        let may: Vec<_> = clause.says.outcomes.iter().map(|outcome| outcome.title()).collect();
        let why = format!("what may be decided here is {}", may.join(" or "));
        return Err(draft.refused(VERB, clause.rules.to_vec(), why));
    }
    let unheard = outcome.is_adverse().then(|| gates::unconsidered(&draft.state, page, clause.rules)).flatten();
    not_yet(draft, VERB, "the decision", gates::open_actions(&draft.state, page).into_iter().chain(unheard).collect())?;
    draft.add(Event::Decided { outcome, weighed: weighed.clone() }, clause.rules.to_vec(), draft.context.now);
    Ok(())
}

pub(super) fn reopen(draft: &mut Making<'_>, page: &Rules, reason: &NarrativeRef) -> Result<(), Refusal> {
    const VERB: &str = verb::REOPEN_CASE;
    let rules = &page.conferencing;
    let may = [rules.lead.says.role, rules.decision.says.by, Role::Referrer];
    if !may.contains(&draft.context.actor.role) {
        let why = format!("this is for the {} to do", may.map(Role::title).join(" or the "));
        return Err(draft.refused(VERB, vec![&R_RECONSIDERATION], why));
    }
    if draft.state.stage == Stage::EndedDeath {
        not_ended(draft, VERB)?;
    }
    if !matches!(draft.state.stage, Stage::Decided | Stage::DecisionDue) {
        return Err(draft.refused(VERB, vec![&R_RECONSIDERATION], "the case has not gone to its decision"));
    }
    draft.add(Event::Reopened { reason: reason.clone() }, vec![&R_RECONSIDERATION], draft.context.now);
    Ok(())
}
