//! What holds whatever is recorded, in whatever order.

use super::case::{Case, Kept, actor, ids, words};
use holdfast_procedure::benefit::{Benefit, ClosingRecord, Held, Owed, Prescribed, Rules, Satisfied};
use holdfast_procedure::conferencing::*;
use holdfast_procedure::handover::Happened;
use holdfast_procedure::task::COMPLETE_TASK;
use holdfast_procedure::{Decider, Refusal, Role, Told};
use std::collections::BTreeSet;

/// The page in force at the case's present instant.
pub(crate) fn page(case: &Case) -> Rules {
    let received = case.state.received.as_ref();
    let benefit = received.map_or(Benefit::Pip, |received| received.file.award.benefit);
    case.guidance.in_force(benefit, case.now).expect("a version").rules
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
        assert!(!outcome.is_adverse() || !unheard, "nothing is taken from somebody who was not listened to");
        let settled = case.state.customer.death.as_ref().is_none_or(|death| death.confirmed_at.is_some());
        assert!(!outcome.is_adverse() || settled, "nothing is taken while nobody knows whether the customer lives");
    } else if let Event::Determined { satisfied, concern, assents, .. } = &ruled.event {
        assert!(*satisfied || *concern);
        assert!(!satisfied || considered(case), "nobody is satisfied before everything was looked at");
        assert!(!satisfied || assented(case, assents), "both participants are satisfied, where they have to be");
    }
}

/// Everything was looked at, decided on, held and taken.
fn considered(case: &Case) -> bool {
    let state = &case.state;
    let rules = page(case).conferencing;
    let counted = || state.conferences.iter().filter(|(_, counts)| *counts).map(|(held, _)| &held.what);
    let found = |item| {
        let deferral = item == AssuranceItem::Deferral && counted().any(|held| held.deferral.is_some());
        let since = state.received.as_ref().map(|received| received.file.since);
        let after_visits = |finding: &Finding| since.is_none_or(|since| finding.occurred_at >= since);
        let mut findings = state.findings.iter().map(|finding| &finding.what);
        deferral || findings.any(|finding| finding.item == item && after_visits(finding))
    };
    let required = state.further_information.last().map(|decided| decided.what);
    let talked = match (rules.conference.says.held, required) {
        (Held::Always, _) | (Held::WhereRequired, Some(true)) => counted().next().is_some(),
        (Held::WhereRequired, Some(false)) => true,
        (Held::WhereRequired, None) => false,
    };
    let manager =
        rules.partnership_manager == Prescribed::No || counted().any(|held| held.partnership_manager.is_some());
    let checked = rules.assurance.says.iter().all(|item| found(*item));
    checked && talked && manager && state.actions.values().all(|action| !action.is_open())
}

/// Where the participants have to be satisfied, two persons of different parties who were there are: those that the
/// guidance names or, where another version named others, those.
fn assented(case: &Case, assents: &[Participant]) -> bool {
    let rules = page(case).conferencing;
    let counted =
        || case.state.conferences.iter().filter(|(_, counts)| *counts).flat_map(|(held, _)| &held.what.participants);
    let there: Vec<_> = assents.iter().filter(|who| counted().any(|there| there == *who)).collect();
    let named = |role| {
        !counted().any(|who| who.party == Party::Department(role))
            || there.iter().any(|who| who.party == Party::Department(role))
    };
    let two = there.iter().any(|one| there.iter().any(|two| one.person != two.person && one.party != two.party));
    rules.satisfied.says == Satisfied::Lead || (two && rules.conference.says.between.into_iter().all(named))
}

/// What is put on record after all reasonable steps, where the page asks for it.
fn closed(case: &Case) -> bool {
    let (state, closing) = (&case.state, page(case).conferencing.closing.says);
    let owed = closing.owed == Owed::Always || state.concern_found;
    let made = match closing.record {
        ClosingRecord::Note => state.closing_note.is_some(),
        ClosingRecord::Documentation => state.documentation.is_some(),
    };
    made || !owed
}

fn may_return(case: &Case) {
    let state = &case.state;
    assert!(considered(case) && !state.escalated && closed(case), "returned too early");
    assert!(state.determination.as_ref().is_some_and(|determination| determination.satisfied));
    let rules = page(case).conferencing;
    let own = [rules.prescribed_note.rules(), rules.support_marker.rules(), rules.review_note.rules()];
    let undone: Vec<_> = own.iter().map(|rules| rules[0].id).chain(["R-LATER-CONTACT"]).collect();
    let owed: Vec<_> = case.tasks().into_iter().map(|task| task.rule.id).filter(|id| undone.contains(id)).collect();
    assert!(owed.is_empty(), "returned with {owed:?} undone");
}

/// Checks a case that has just taken a command against what it was before.
pub(crate) fn check(before: &State, case: &Case) {
    let state = &case.state;
    assert_eq!(case.replayed(), *state, "the journal replays to the same state");
    let again = case.decide(&actor(Role::Suite), &Command::LetTimePass).expect("time passes");
    assert_eq!(again.events, [], "judging again at the same instant adds nothing");
    let corrected = |state: &State| state.facts.all().filter(|(_, kept)| kept.superseded.is_some()).count();
    if corrected(before) == corrected(state) {
        assert!(state.findings.starts_with(&before.findings) && state.conferences.starts_with(&before.conferences));
        assert!(state.contacts.starts_with(&before.contacts));
    }
    assert!(state.facts.all().count() >= before.facts.all().count(), "nothing that was recorded is lost");
    assert_eq!(state.outcomes.len().min(before.outcomes.len()), before.outcomes.len());
    assert!(Stage::ALL.contains(&state.stage) && state.since.is_some());
    stages(case);
    owed(case);
}

fn stages(case: &Case) {
    let state = &case.state;
    let dead = state.customer.death_is_confirmed();
    assert_eq!(state.stage == Stage::EndedDeath, dead);
    assert_eq!(state.stage == Stage::Decided, !dead && state.decision.is_some());
    assert_eq!(state.stage == Stage::Escalated, !dead && state.escalated);
    assert!(!state.escalated || (state.returned_at.is_none() && state.decision.is_none()));
    let open = !dead && state.decision.is_none();
    let kept = state.decided_once || state.concern_stands || state.escalated || concern_is_unconsidered(state);
    let taken_back = open && state.taken_back.is_some() && !kept;
    assert_eq!(state.stage == Stage::EndedTakenBack, taken_back, "nothing keeps what was taken back");
    let returned = open && !taken_back && state.returned_at.is_some();
    assert_eq!(state.stage == Stage::DecisionDue, returned);
    assert!(state.stage != Stage::ReturnDue || state.open_actions().next().is_none());
    let lead = state.received.as_ref().map(|received| received.file.lead);
    let over = matches!(state.stage, Stage::Decided | Stage::EndedDeath | Stage::EndedTakenBack);
    assert!(over || lead == Some(page(case).conferencing.lead.says.role), "the file says who leads");
}

/// A concern came to light after the handover, and nobody has said that they considered it.
fn concern_is_unconsidered(state: &State) -> bool {
    let entries = state.received.iter().flat_map(|received| &received.file.entries);
    let mut concerns = entries.filter(|entry| entry.what == Happened::Concern).map(|entry| entry.fact);
    let considered = |fact| state.desk.completed.contains_key(&format!("came-to-light:{fact}"));
    concerns.any(|fact| state.came_to_light.contains(&fact) && !considered(fact))
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
        Stage::Decided | Stage::EndedDeath | Stage::EndedTakenBack => assert!(!blocked),
        Stage::Assurance | Stage::ConferenceDue | Stage::DeterminationDue => assert!(blocked, "nobody owes a step"),
        Stage::ClosingNoteDue | Stage::DocumentationDue => assert!(blocked, "nobody owes a step"),
        Stage::ReturnDue | Stage::DecisionDue => assert!(blocked, "nobody owes a step"),
    }
}

/// Everything that would be allowed, as refusals of others' steps tell it.
pub(crate) fn allowed(case: &Case) -> BTreeSet<&'static str> {
    let reasons = words("secret: why");
    let asked = [Command::Return, Command::Determine { satisfied: true, concern: true, assents: vec![], reasons }];
    let told = asked.iter().map(|command| match case.decide(&actor(Role::Auditor), command) {
        Err(Refusal::NotAllowed { allowed, .. }) => allowed,
        other => panic!("an auditor changes nothing: {other:?}"),
    });
    told.flatten().collect()
}
