//! What of a case at conferencing makes a difference.

use super::asks::day;
use super::sketch::Sketch;
use holdfast_procedure::conferencing::*;
use holdfast_procedure::protection::Standing;

/// What of a state makes a difference, beside what was heard.
pub(crate) fn sketch(state: &State, into: &mut Sketch) {
    into.number(state.stage as i64).flag(state.received.is_some()).count(state.markers.len().min(1));
    into.count(state.further_information.len()).count(state.convened.len()).count(state.conferences.len());
    for (held, counts) in &state.conferences {
        into.at(held.what.occurred_at).flag(*counts).flag(held.what.partnership_manager.is_some());
    }
    for action in state.actions.values() {
        into.flag(action.is_open()).count(action.reports.len());
    }
    if let Some(determination) = &state.determination {
        into.flag(determination.satisfied).flag(determination.concern);
        into.text(&day(determination.at).to_string());
    }
    into.count(state.outcomes.len()).flag(state.escalated).flag(state.outcome_is_back).flag(state.new_since_outcome);
    into.flag(state.closing_note.is_some()).flag(state.documentation.is_some()).flag(state.returned_at.is_some());
    into.flag(state.concern_stands).flag(state.decided_once).flag(state.decision.is_some());
    into.count(state.reopened.len()).count(state.came_back).count(state.came_to_light.len()).text(&state.judged_by);
    into.count(state.facts.all().filter(|(_, kept)| kept.superseded.is_some()).count());
    into.flag(state.taken_back.is_some());
    into.count(state.corrected_since_decision.len()).count(state.corrected_outcomes.len());
    into.maybe_at(state.conference_by.as_ref().map(|by| by.due.ends_at));
    let (customer, death) = (&state.customer, state.customer.death.as_ref());
    into.count(customer.mistaken_reports).count(customer.formerly.len()).flag(customer.moved_at.is_some());
    into.text(death.map_or("", |death| &death.reported_by.person)).flag(customer.death_is_confirmed());
    for key in state.desk.completed.keys() {
        into.text(key);
    }
    for (ground, hold) in state.protection.iter() {
        into.text(&format!("{ground:?}")).flag(hold.state == Standing::Standing);
        into.flag(hold.handed_to.is_some());
        into.number(i64::try_from(hold.version.0).unwrap_or_default());
    }
}
