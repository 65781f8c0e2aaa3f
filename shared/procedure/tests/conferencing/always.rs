//! What holds whatever is recorded, in whatever order.

use super::case::{Case, Kept, actor, ids, words};
use holdfast_procedure::benefit::{Benefit, Rules};
use holdfast_procedure::conferencing::*;
use holdfast_procedure::task::COMPLETE_TASK;
use holdfast_procedure::{Decider, Refusal, Role, Told};
use std::collections::BTreeSet;

/// The page in force at the case's present instant.
pub(crate) fn page(case: &Case) -> Rules {
    case.guidance.in_force(Benefit::Pip, case.now).expect("a version").rules
}

/// A refusal by the guidance names its rules, and why.
pub(crate) fn check_refusal(refusal: &Refusal) {
    match refusal {
        Refusal::NotAllowed { rules, why, stage, .. } => {
            assert!(!rules.is_empty() && !why.is_empty() && !stage.is_empty(), "{refusal:?}");
            let mut seen = BTreeSet::new();
            assert!(rules.iter().all(|rule| seen.insert(rule.id)), "a rule is named once: {refusal:?}");
        }
        Refusal::Invalid(faults) => assert!(!faults.is_empty()),
        Refusal::NotInForce(_) | Refusal::NoSuchPart(_) => {}
    }
}

/// Checks an event against the state that it is about to change.
pub(crate) fn check_event(case: &Case, kept: &Kept) {
    let ruled = &kept.ruled;
    assert!(!ruled.rules.is_empty(), "{:?} stands on rules", ruled.event);
    assert!(case.guidance.versions().any(|version| version.name == ruled.version), "{}", ruled.version);
    if let Some(received) = &case.state.received {
        let by_another = ruled.version != received.version;
        assert_eq!(ids(&ruled.rules).contains(&"GEN-1"), by_another, "{:?}", ruled.event);
    }
    let summary = ruled.event.summary();
    assert!(!ruled.event.name().is_empty() && summary.ends_with('.'), "{summary}");
    assert!(!summary.contains("secret"), "what somebody said is not in a summary: {summary}");
    let written = serde_json::to_string(&ruled.event).expect("an event can be written");
    assert_eq!(serde_json::from_str::<Event>(&written).expect(&written), ruled.event);
    if ruled.event == Event::Returned {
        may_return(case);
    } else if let Event::Decided { outcome, .. } = ruled.event {
        assert!(case.state.returned_at.is_some() && case.state.open_actions().next().is_none());
        let unheard = case.tasks().into_iter().any(|task| task.rule.id == "R-LATER-CONTACT");
        assert!(outcome == Outcome::NotDisallow || !unheard, "nothing is taken from somebody who was not listened to");
    } else if let Event::Determined { satisfied, concern, .. } = ruled.event {
        assert!(satisfied || concern);
        assert!(!satisfied || considered(case), "nobody is satisfied before everything was looked at");
    }
}

/// Everything was looked at, decided on, held and taken.
fn considered(case: &Case) -> bool {
    let state = &case.state;
    let found = |item| state.findings.iter().any(|finding| finding.what.item == item);
    let talked = match state.further_information.last().map(|decided| decided.what) {
        Some(true) => state.conferences.iter().any(|(_, counts)| *counts),
        Some(false) => true,
        None => false,
    };
    let checked = page(case).conferencing.assurance.says.iter().all(|item| found(*item));
    checked && talked && state.actions.values().all(|action| !action.is_open())
}

fn may_return(case: &Case) {
    let state = &case.state;
    assert!(considered(case) && !state.escalated && state.closing_note.is_some(), "returned too early");
    assert!(state.determination.as_ref().is_some_and(|determination| determination.satisfied));
    let undone = ["PIP-8", "PIP-9", "R-LATER-CONTACT"];
    let owed: Vec<_> = case.tasks().into_iter().map(|task| task.rule.id).filter(|id| undone.contains(id)).collect();
    assert!(owed.is_empty(), "returned with {owed:?} undone");
}

/// Checks a case that has just taken a command against what it was before.
pub(crate) fn check(before: &State, case: &Case) {
    let state = &case.state;
    assert_eq!(case.replayed(), *state, "the journal replays to the same state");
    let again = case.decide(&actor(Role::Suite), &Command::LetTimePass).expect("time passes");
    assert_eq!(again.events, [], "judging again at the same instant adds nothing");
    assert!(state.findings.starts_with(&before.findings) && state.conferences.starts_with(&before.conferences));
    assert!(state.contacts.starts_with(&before.contacts) && state.outcomes.starts_with(&before.outcomes));
    assert!(Stage::ALL.contains(&state.stage) && state.since.is_some());
    stages(state);
    owed(case);
}

fn stages(state: &State) {
    let dead = state.customer.death_is_confirmed();
    assert_eq!(state.stage == Stage::EndedDeath, dead);
    assert_eq!(state.stage == Stage::Decided, !dead && state.decision.is_some());
    assert_eq!(state.stage == Stage::Escalated, !dead && state.escalated);
    assert!(!state.escalated || (state.returned_at.is_none() && state.decision.is_none()));
    let returned = !dead && state.returned_at.is_some() && state.decision.is_none();
    assert_eq!(state.stage == Stage::DecisionDue, returned);
    let noted = matches!(state.stage, Stage::ReturnDue | Stage::DecisionDue | Stage::Decided);
    assert!(!noted || state.closing_note.is_some());
    assert!(state.stage != Stage::ReturnDue || state.open_actions().next().is_none());
}

/// Somebody owes the next step and can take it, or safeguarding does.
fn owed(case: &Case) {
    let tasks = case.tasks();
    let mut seen = BTreeSet::new();
    assert!(tasks.iter().all(|task| seen.insert(task.key.clone())), "keys are unique: {tasks:?}");
    let allowed = allowed(case);
    for task in &tasks {
        let may = task.discharged_by == COMPLETE_TASK || allowed.contains(task.discharged_by);
        assert!(may, "{} cannot be discharged at {:?}: {allowed:?}", task.key, case.state.stage);
    }
    let blocked = tasks.iter().any(|task| task.blocking);
    match case.state.stage {
        Stage::Escalated => assert!(!Conferencing::outlook(&case.state).is_empty()),
        Stage::Decided | Stage::EndedDeath => assert!(!blocked),
        Stage::Assurance | Stage::ConferenceDue | Stage::DeterminationDue => assert!(blocked, "nobody owes a step"),
        Stage::ClosingNoteDue | Stage::ReturnDue | Stage::DecisionDue => assert!(blocked, "nobody owes a step"),
    }
}

/// Everything that would be allowed, as refusals of others' steps tell it.
pub(crate) fn allowed(case: &Case) -> BTreeSet<&'static str> {
    let reasons = words("secret: why");
    let asked = [Command::Return, Command::Determine { satisfied: true, concern: true, reasons }];
    let told = asked.iter().map(|command| match case.decide(&actor(Role::Auditor), command) {
        Err(Refusal::NotAllowed { allowed, .. }) => allowed,
        other => panic!("an auditor changes nothing: {other:?}"),
    });
    told.flatten().collect()
}
