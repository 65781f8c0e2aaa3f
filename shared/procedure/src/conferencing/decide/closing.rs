//! What puts on record, after all reasonable steps, which were taken: the closing note, or the documentation.

use super::{Making, only};
use crate::{
    Late, NarrativeRef, Refusal,
    benefit::{ClosingRecord, Rules},
    conferencing::{
        advice::verb,
        command::Command,
        event::Event,
        fact::Documentation,
        gates::{self, Before},
        state::State,
    },
    rule::rulings::{R_NOT_PRESCRIBED, R_RECORDED_ALWAYS},
    term::london_date,
};
use chrono::{DateTime, Utc};

/// The note is made in another system, so that it is recorded whenever it was; it counts once all reasonable steps
/// were taken.
pub(super) fn closing_note(draft: &mut Making<'_>, page: &Rules, command: &Command) -> Result<(), Refusal> {
    let Command::RecordClosingNote { occurred_at, system, reference, late_reason } = command else { return Ok(()) };
    let clause = page.conferencing.closing;
    let instead = "a closing note is not prescribed here; AssembleDocumentation records the documentation that is";
    prescribed(draft, page, ClosingRecord::Note, verb::RECORD_CLOSING_NOTE, instead)?;
    only(draft, clause.says.owner, verb::RECORD_CLOSING_NOTE, clause.rules)?;
    let late = draft.happened("occurred_at", *occurred_at, late_reason.as_ref())?;
    let mut because = [clause.rules.to_vec(), late].concat();
    let missed = missed(draft, page, *occurred_at);
    if let Some(why) = &missed {
        because.push(&R_RECORDED_ALWAYS);
        let rule = clause.rules[0].id;
        draft.notes.push(format!("Recorded. This does not count as the closing note: {why} ({rule})."));
    }
    let counts = missed.is_none();
    let (occurred_at, system, reference) = (*occurred_at, system.clone(), reference.clone());
    let (fact, late) = (Some(draft.state.facts.next()), Late::because(late_reason));
    let event = Event::ClosingNoteRecorded { fact, occurred_at, system, reference, counts, late };
    draft.add(event, because, occurred_at);
    Ok(())
}

/// The documentation is recorded whenever it was gathered; it counts once all reasonable steps were taken, and where it
/// tells of all that is on record.
pub(super) fn documentation(
    draft: &mut Making<'_>,
    page: &Rules,
    documentation: &Documentation,
    late_reason: &Option<NarrativeRef>,
) -> Result<(), Refusal> {
    let clause = page.conferencing.closing;
    let instead = "documentation is not prescribed here; RecordClosingNote records the note that is";
    prescribed(draft, page, ClosingRecord::Documentation, verb::ASSEMBLE_DOCUMENTATION, instead)?;
    only(draft, clause.says.owner, verb::ASSEMBLE_DOCUMENTATION, clause.rules)?;
    let occurred_at = documentation.occurred_at;
    let late = draft.happened("documentation.occurred_at", occurred_at, late_reason.as_ref())?;
    let mut because = [clause.rules.to_vec(), late].concat();
    let left_out = gates::left_out(&draft.state, documentation);
    let incomplete = || format!("it leaves out what is on record of {}", left_out.join(", "));
    let missed = missed(draft, page, occurred_at).or_else(|| (!left_out.is_empty()).then(incomplete));
    if let Some(why) = &missed {
        because.push(&R_RECORDED_ALWAYS);
        let rule = clause.rules[0].id;
        draft.notes.push(format!("Recorded. This does not count as the documentation: {why} ({rule})."));
    }
    let (documentation, counts) = (documentation.clone(), missed.is_none());
    let (fact, late) = (Some(draft.state.facts.next()), Late::because(late_reason));
    let event = Event::DocumentationAssembled { fact, documentation, counts, late };
    draft.add(event, because, occurred_at);
    Ok(())
}

/// Refuses a record that the guidance does not ask for, and says which it does.
fn prescribed(
    draft: &Making<'_>,
    page: &Rules,
    record: ClosingRecord,
    verb: &'static str,
    instead: &str,
) -> Result<(), Refusal> {
    let clause = page.conferencing.closing;
    if clause.says.record == record {
        return Ok(());
    }
    Err(draft.refused(verb, [&[&R_NOT_PRESCRIBED], clause.rules].concat(), instead))
}

/// Why a closing record of this instant is not the one that the guidance asks for.
fn missed(draft: &Making<'_>, page: &Rules, occurred_at: DateTime<Utc>) -> Option<String> {
    if !draft.state.stage.is_with_lead() {
        Some(format!("the file is not with the {}", page.conferencing.lead.says.role.title()))
    } else {
        too_early(&draft.state, page, occurred_at)
    }
}

/// Why a closing record of this instant was made before there was everything to put on record.
pub(super) fn too_early(state: &State, page: &Rules, occurred_at: DateTime<Utc>) -> Option<String> {
    let early = steps_taken_at(state, page).is_none_or(|at| london_date(occurred_at) < london_date(at));
    early.then(|| "not all reasonable steps had been taken".to_owned())
}

/// Since when all reasonable steps have been taken; `None`: they have not.
fn steps_taken_at(state: &State, page: &Rules) -> Option<DateTime<Utc>> {
    if !Before::of(state, page).unmet(page.conferencing.gates.closing).is_empty() {
        return None;
    }
    let determined = state.determination.as_ref()?.at;
    let back = state.outcomes.last().filter(|_| state.outcome_is_back).map(|outcome| outcome.concluded_at);
    back.into_iter().chain([determined]).max()
}
