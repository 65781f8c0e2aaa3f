//! That what happened at conferencing is on record once it was told.

use super::conferencing::ConferencingSubject;
use super::subject::Taken;
use holdfast_procedure::conferencing::Command;

/// What happened is on record once the command went through.
pub(crate) fn is_recorded(taken: &Taken<'_, ConferencingSubject>) -> bool {
    let (before, after) = (&taken.before.state, &taken.after.state);
    match &taken.step.command {
        Command::RecordFinding { .. } => after.findings.len() == before.findings.len() + 1,
        Command::RecordConference { .. } => after.conferences.len() == before.conferences.len() + 1,
        Command::RecordContact { .. } => after.contacts.len() == before.contacts.len() + 1,
        Command::AgreeAction { .. } => after.actions.len() == before.actions.len() + 1,
        Command::Correct(correction) => {
            let new = correction.right.as_ref().map(|_| before.facts.next());
            let right = new.and_then(|number| after.facts.get(number)).map(|kept| &kept.what.happening);
            after.facts.get(correction.fact).is_none() && right == correction.right.as_ref()
        }
        Command::RecordEscalationOutcome(outcome) => after.outcomes.contains(outcome),
        Command::TakeBack(taken) => after.taken_back.as_ref() == Some(taken),
        Command::Receive(_)
        | Command::ConsiderSupportMarker { .. }
        | Command::DecideFurtherInformation { .. }
        | Command::ConveneConference { .. }
        | Command::ReportAction { .. }
        | Command::Determine { .. }
        | Command::RecordClosingNote { .. }
        | Command::AssembleDocumentation { .. }
        | Command::Return
        | Command::Decide { .. }
        | Command::Reopen { .. }
        | Command::Customer(_)
        | Command::Desk(_)
        | Command::RaiseHold(_)
        | Command::CorrectPassedOn { .. }
        | Command::LetTimePass
        | Command::DeriveTermsAgain => true,
    }
}
