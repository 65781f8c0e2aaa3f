//! From the determination to the decision, and back.

use super::{Making, not_ended, only, only_lead, only_owner};
use crate::{
    NarrativeRef, Refusal, Role,
    benefit::{Held, Rules, Satisfied},
    conferencing::{
        advice::verb,
        event::Event,
        fact::{Outcome, Participant},
        gates::{Before, Unmet},
        stage::Stage,
    },
    draft::Because,
    handover::EscalationOutcome,
    rule::rulings::{R_DIFFERENT_PERSONS, R_LEADER_ANY_STAGE, R_RECONSIDERATION},
};

/// What is determined.
#[derive(Debug, Clone, Copy)]
pub(super) struct Determining<'a> {
    pub(super) satisfied: bool,
    pub(super) concern: bool,
    pub(super) assents: &'a [Participant],
    pub(super) reasons: &'a NarrativeRef,
}

/// A concern is taken up whenever it is found, also on a case that was taken back; that there is none, or that everything
/// was looked at, is determined once it was.
pub(super) fn determine(draft: &mut Making<'_>, page: &Rules, determining: &Determining<'_>) -> Result<(), Refusal> {
    const VERB: &str = verb::RECORD_DETERMINATION;
    let Determining { satisfied, concern, assents, reasons } = *determining;
    let rules = &page.conferencing;
    let about = if concern { rules.concern.rules } else { rules.no_concern.rules };
    only_lead(draft, page, VERB, about)?;
    if !(concern && draft.state.stage == Stage::EndedTakenBack) {
        not_ended(draft, VERB)?;
    }
    if draft.state.stage == Stage::DecisionDue && !concern {
        return Err(draft.refused(VERB, about.to_vec(), "the file is with whoever decides"));
    }
    if draft.state.escalated && (!concern || (satisfied && found_together(draft, page))) {
        let why = "the concern is with safeguarding; its outcome comes first";
        return Err(draft.refused(VERB, rules.concern.rules.to_vec(), why));
    }
    if !satisfied && !concern {
        let why = match rules.satisfied.says {
            Satisfied::Lead => {
                format!("the {} has to be satisfied before it can rule a concern out", rules.lead.says.role.title())
            }
            Satisfied::Participants => {
                "the participants in the case conference have to be satisfied before a concern can be ruled out"
                    .to_owned()
            }
        };
        return Err(draft.refused(VERB, rules.satisfied.rules.to_vec(), why));
    }
    if satisfied {
        let before = Before { state: &draft.state, page, assents };
        let unmet = before.unmet(rules.gates.determination).into_iter().chain(own_referral(draft, page));
        not_yet(draft, VERB, "a determination", unmet.collect())?;
    }
    let back = concern && draft.state.outcome_is_back;
    let settled = back && satisfied && was_looked_into(draft, page);
    let escalates = concern && !draft.state.escalated && !settled;
    let mut because = if satisfied { rules.satisfied.rules.to_vec() } else { vec![&R_LEADER_ANY_STAGE] };
    because.extend(about);
    let (assents, reasons) = (assents.to_vec(), reasons.clone());
    let event = Event::Determined { satisfied, concern, escalates, assents, reasons };
    draft.add(event, because, draft.context.now);
    if !satisfied {
        draft.notes.push(still_to_be_satisfied(page));
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

/// Where two persons have to be satisfied, nobody who referred determines what becomes of it.
fn own_referral(draft: &Making<'_>, page: &Rules) -> Option<Unmet> {
    let satisfied = page.conferencing.satisfied;
    let own = satisfied.says == Satisfied::Participants && draft.state.referred(&draft.context.actor.person);
    let what = "whoever referred the case does not determine it for the lead; this takes another person".to_owned();
    own.then(|| Unmet { rules: [satisfied.rules, &[&R_DIFFERENT_PERSONS]].concat(), what })
}

/// What is told where a concern is taken up before everything was looked at.
fn still_to_be_satisfied(page: &Rules) -> String {
    let rules = &page.conferencing;
    let who = match rules.satisfied.says {
        Satisfied::Lead => format!("the {} still has", rules.lead.says.role.title()),
        Satisfied::Participants => "the participants in the case conference still have".to_owned(),
    };
    format!(
        "The concern is with safeguarding now. The assurance check goes on, and {who} to be satisfied before the case can \
         return ({}).",
        rules.satisfied.rules[0].id,
    )
}

/// What was determined early and is back from safeguarding is determined once more without going there again, unless
/// something was recorded since that was not looked into there. Where there is always a conference, what it finds to be
/// still a concern is another one than was handed over before it.
fn was_looked_into(draft: &Making<'_>, page: &Rules) -> bool {
    let early = draft.state.determination.as_ref().is_some_and(|before| before.concern && !before.satisfied);
    early && !found_together(draft, page) && !draft.state.new_since_outcome
}

/// Where there is always a conference, one was held since a concern last went to safeguarding: what it finds to be still
/// a concern is referred after it.
fn found_together(draft: &Making<'_>, page: &Rules) -> bool {
    page.conferencing.conference.says.held == Held::Always && draft.state.conferred_since_escalated
}

/// Refuses a step with every rule that stands in its way.
fn not_yet(draft: &Making<'_>, verb: &'static str, step: &str, unmet: Vec<Unmet>) -> Result<(), Refusal> {
    if unmet.is_empty() {
        return Ok(());
    }
    let rules: Because = unmet.iter().flat_map(|unmet| unmet.rules.iter().copied()).collect();
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

pub(super) fn give_back(draft: &mut Making<'_>, page: &Rules) -> Result<(), Refusal> {
    const VERB: &str = verb::RETURN_TO_DECISION_MAKER;
    let rules = &page.conferencing;
    let because = only_owner(draft, page, rules.returning.says, VERB, rules.returning.rules)?;
    not_ended(draft, VERB)?;
    if !draft.state.stage.is_with_lead() {
        let why = format!("the file is with the {} already", rules.decision.says.by.title());
        return Err(draft.refused(VERB, because, why));
    }
    not_yet(draft, VERB, "the return", Before::of(&draft.state, page).unmet(rules.gates.returning))?;
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
        return Err(draft.refused(VERB, [page.conferencing.closing.rules, clause.rules].concat(), why));
    }
    if !clause.says.outcomes.contains(&outcome) {
        let may: Vec<_> = clause.says.outcomes.iter().map(|outcome| outcome.title()).collect();
        let why = format!("what may be decided here is {}", may.join(" or "));
        return Err(draft.refused(VERB, clause.rules.to_vec(), why));
    }
    let gates = &page.conferencing.gates;
    let adverse = if outcome.is_adverse() { gates.adverse_decision } else { &[] };
    let before = [gates.decision, adverse].concat();
    not_yet(draft, VERB, "the decision", Before::of(&draft.state, page).unmet(&before))?;
    draft.add(Event::Decided { outcome, weighed: weighed.clone() }, clause.rules.to_vec(), draft.context.now);
    Ok(())
}

pub(super) fn reopen(draft: &mut Making<'_>, page: &Rules, reason: &NarrativeRef) -> Result<(), Refusal> {
    const VERB: &str = verb::REOPEN_CASE;
    let rules = &page.conferencing;
    let [lead, other] = rules.conference.says.between;
    let may = [lead, rules.decision.says.by, other];
    if !may.contains(&draft.context.actor.role) {
        let why = format!("this is for the {} to do", may.map(Role::title).join(" or the "));
        return Err(draft.refused(VERB, vec![&R_RECONSIDERATION], why));
    }
    if draft.state.stage.has_ended() {
        not_ended(draft, VERB)?;
    }
    if !matches!(draft.state.stage, Stage::Decided | Stage::DecisionDue) {
        return Err(draft.refused(VERB, vec![&R_RECONSIDERATION], "the case has not gone to its decision"));
    }
    draft.add(Event::Reopened { reason: reason.clone() }, vec![&R_RECONSIDERATION], draft.context.now);
    Ok(())
}
