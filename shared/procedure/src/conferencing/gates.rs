//! What has to be met before the next step, and how far a case has come by what is met.

use super::{
    state::{Stage, State},
    tasks,
};
use crate::{
    Rule,
    benefit::Rules,
    draft::Because,
    rule::{
        general::GEN_3,
        rulings::{R_DEATH_VERIFIED, R_LATER_CONTACT, R_OPEN_ACTION},
    },
};

/// Something that stands in the way.
pub(super) struct Unmet {
    /// The rules that ask for it.
    pub(super) rules: Because,
    /// What is missing, to follow on "… is not possible yet: ".
    pub(super) what: String,
}

/// What the lead owes since the case arrived and has not done: it stands in the way of the return.
pub(super) fn on_arrival(state: &State, page: &Rules) -> Vec<Unmet> {
    let rules = &page.conferencing;
    let mut unmet = Vec::new();
    if !tasks::prescribed_note_was_made(state) {
        let what = format!("the note for {} has not been made", rules.prescribed_note.says.place);
        unmet.push(Unmet { rules: rules.prescribed_note.rules.to_vec(), what });
    }
    if state.markers.is_empty() {
        let what = "the Additional Support marker was not considered".to_owned();
        unmet.push(Unmet { rules: rules.support_marker.rules.to_vec(), what });
    }
    unmet
}

/// What came to light or was said since the handover and nobody has considered, under the paragraph that asks for it.
pub(super) fn unconsidered(state: &State, page: &Rules, rules: &'static [&'static Rule]) -> Option<Unmet> {
    let keys = tasks::unconsidered(state, &page.conferencing);
    let rules = || rules.iter().take(1).copied().chain([&R_LATER_CONTACT]).collect();
    let what = || format!("nobody has considered what came to light later: {}", keys.join(", "));
    (!keys.is_empty()).then(|| Unmet { rules: rules(), what: what() })
}

/// What stands in the way of being satisfied that all relevant information was considered.
pub(super) fn unmet(state: &State, page: &Rules) -> Vec<Unmet> {
    let rules = &page.conferencing;
    let mut unmet = Vec::new();
    let looked_at = |item| state.findings.iter().any(|finding| finding.what.item == item);
    let missing: Vec<_> =
        rules.assurance.says.iter().filter(|item| !looked_at(**item)).map(|item| item.title()).collect();
    if !missing.is_empty() {
        let what = format!("the assurance check has not looked at {}", missing.join("; "));
        unmet.push(Unmet { rules: rules.assurance.rules.to_vec(), what });
    }
    match state.further_information_required() {
        None => {
            let what = "whether further information is required is not decided".to_owned();
            unmet.push(Unmet { rules: rules.conference.rules.to_vec(), what });
        }
        Some(true) if !state.conference_held() => {
            let [lead, other] = rules.conference.says.between.map(crate::Role::title);
            let what = format!(
                "further information is required, and no case conference between the {lead} and the {other} has taken place"
            );
            unmet.push(Unmet { rules: rules.conference.rules.to_vec(), what });
        }
        Some(_) => {}
    }
    unmet.extend(open_actions(state, page));
    unmet
}

/// Agreed actions that are neither taken nor overtaken by events, if there are any.
pub(super) fn open_actions(state: &State, page: &Rules) -> Option<Unmet> {
    let open: Vec<_> = state.open_actions().map(|(number, _)| number.to_string()).collect();
    let rules = || [page.conferencing.satisfied.rules, &[&R_OPEN_ACTION]].concat();
    (!open.is_empty()).then(|| Unmet { rules: rules(), what: format!("agreed actions are open: {}", open.join(", ")) })
}

/// The paragraph that returns the case to whoever decides, without what it says of the decision itself.
pub(super) fn returning(page: &Rules) -> &'static [&'static Rule] {
    page.conferencing.decision.rules.get(..1).unwrap_or_default()
}

/// How far a case has come, and the rules that say so.
pub(super) fn stage(state: &State, page: &Rules) -> (Stage, Because) {
    let rules = &page.conferencing;
    let satisfied = state.determination.as_ref().filter(|determination| determination.satisfied);
    if state.customer.death_is_confirmed() {
        (Stage::EndedDeath, vec![&GEN_3, &R_DEATH_VERIFIED])
    } else if state.decision.is_some() {
        (Stage::Decided, rules.decision.rules.to_vec())
    } else if state.escalated {
        (Stage::Escalated, rules.concern.rules.to_vec())
    } else if state.returned_at.is_some() {
        (Stage::DecisionDue, rules.decision.rules.to_vec())
    } else if let Some(determination) = satisfied {
        let due = if state.closing_note.is_some() {
            (Stage::ReturnDue, returning(page).to_vec())
        } else {
            (Stage::ClosingNoteDue, rules.closing_note.rules.to_vec())
        };
        let straight_on = if determination.concern { &[] } else { rules.no_concern.rules };
        (due.0, [straight_on, due.1.as_slice()].concat())
    } else {
        still_to_determine(state, page)
    }
}

fn still_to_determine(state: &State, page: &Rules) -> (Stage, Because) {
    let rules = &page.conferencing;
    let checked = rules.assurance.says.iter().all(|item| state.findings.iter().any(|found| found.what.item == *item));
    match state.further_information_required() {
        Some(true) if checked && !state.conference_held() => (Stage::ConferenceDue, rules.conference.rules.to_vec()),
        Some(_) if checked => (Stage::DeterminationDue, rules.satisfied.rules.to_vec()),
        Some(_) | None => (Stage::Assurance, [rules.lead.rules, rules.assurance.rules].concat()),
    }
}
