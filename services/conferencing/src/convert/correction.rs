//! A correction: the fact that was wrong, and what is right.

use super::{
    plain, read_conference, read_contact, read_documentation, read_finding, read_passed_on, reply::action_result_from,
};
use crate::Conferences;
use holdfast_chassis::Fields;
use holdfast_contracts::holdfast::conferencing::v1::{self as pb, correct_fact_request::Right};
use holdfast_procedure::{
    NarrativeRef,
    conferencing::{ActionReport, ClosingNote, Command, Correction, Happening},
};
use holdfast_store::{
    Asked, Narrative,
    reading::{account, actor, reason},
};

/// What a correction has to say.
pub(crate) const RIGHT: &str = "is required: what is right, or never_happened";
/// Which fact it has to name.
pub(crate) const NO_FACT: &str = "is required: the number of the fact, from 1";

/// A correction of something recorded here.
pub(super) fn read(fields: &mut Fields, asked: &pb::CorrectFactRequest) -> Option<Asked<Conferences>> {
    if asked.fact == 0 {
        fields.fault("fact", NO_FACT);
    }
    let right = right(fields, asked.right.as_ref());
    let why = reason(fields, "reason", &asked.reason);
    let ((right, words), why) = right.zip(why)?;
    let command = Command::Correct(Correction { fact: asked.fact, right, reason: why.reference() });
    Some(Asked { narratives: words.into_iter().chain([why]).collect(), ..plain(command) })
}

/// What is right, `None` where it never happened, and the words recorded with it.
fn right(fields: &mut Fields, right: Option<&Right>) -> Option<(Option<Happening>, Vec<Narrative>)> {
    let with = |happening, words| (Some(happening), words);
    match right {
        Some(Right::Finding(given)) => {
            read_finding(fields, given).map(|(finding, words)| with(Happening::Finding(finding), vec![words]))
        }
        Some(Right::Conference(given)) => {
            read_conference(fields, given).map(|(held, words)| with(Happening::Conference(held), words))
        }
        Some(Right::ActionReport(given)) => {
            action_report(fields, given).map(|(report, words)| with(Happening::ActionReport(report), vec![words]))
        }
        Some(Right::Contact(given)) => {
            read_contact(fields, given).map(|(contact, words)| with(Happening::Contact(contact), vec![words]))
        }
        Some(Right::ClosingNote(given)) => {
            closing_note(fields, given).map(|note| with(Happening::ClosingNote(note), vec![]))
        }
        Some(Right::Documentation(given)) => {
            read_documentation(fields, given).map(|gathered| with(Happening::Documentation(gathered), vec![]))
        }
        Some(Right::NeverHappened(true)) => Some((None, vec![])),
        Some(Right::NeverHappened(false)) | None => {
            fields.fault("right", RIGHT);
            None
        }
    }
}

fn action_report(fields: &mut Fields, given: &pb::ActionReport) -> Option<(ActionReport, Narrative)> {
    if given.action == 0 {
        fields.fault("action_report.action", "is required: the number of the action, from 1");
    }
    let result = fields.choice("action_report.result", given.result, action_result_from);
    let occurred_at = fields.instant("action_report.occurred_at", given.occurred_at);
    let words = account(fields, "action_report.account", &given.account)?;
    let (action, account) = (given.action, words.reference());
    Some((ActionReport { action, result: result?, occurred_at: occurred_at?, account }, words))
}

fn closing_note(fields: &mut Fields, given: &pb::ClosingNote) -> Option<ClosingNote> {
    let occurred_at = fields.instant("closing_note.occurred_at", given.occurred_at);
    let system = fields.reference("closing_note.system", &given.system);
    let reference = fields.reference("closing_note.reference", &given.reference);
    Some(ClosingNote { occurred_at: occurred_at?, system: system?, reference: reference? })
}

/// A correction of contact that safeguarding had passed on.
pub(super) fn passed_on(fields: &mut Fields, asked: &pb::ReceiveContactCorrectionRequest) -> Option<Command> {
    use pb::receive_contact_correction_request::Right;
    let wrong = fields.reference("corrects", &asked.corrects).map(NarrativeRef);
    let why = fields.reference("correction", &asked.correction).map(NarrativeRef);
    let by = actor(fields, "recorded_by", asked.recorded_by.as_ref());
    let right = match &asked.right {
        Some(Right::Contact(given)) => read_passed_on(fields, "contact.", given).map(Some),
        Some(Right::NeverHappened(true)) => Some(None),
        Some(Right::NeverHappened(false)) | None => {
            fields.fault("right", RIGHT);
            None
        }
    };
    Some(Command::CorrectPassedOn { wrong: wrong?, right: right?, reason: why?, by: by? })
}
