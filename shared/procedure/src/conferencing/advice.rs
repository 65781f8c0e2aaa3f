//! What a caller is told beside the outcome: what would be allowed, and what is being waited for.

use super::{stage::Stage, state::State};
use crate::{
    benefit::{ClosingRecord, Conferencing, Held, Prescribed},
    desk::ASSIGN_TASK,
    task::COMPLETE_TASK,
};

/// The names of the commands, as contracts have them.
pub(super) mod verb {
    pub(in super::super) const CONSIDER_SUPPORT_MARKER: &str = "ConsiderSupportMarker";
    pub(in super::super) const RECORD_ASSURANCE_FINDING: &str = "RecordAssuranceFinding";
    pub(in super::super) const REQUIRE_FURTHER_INFORMATION: &str = "RequireFurtherInformation";
    pub(in super::super) const CONVENE_CONFERENCE: &str = "ConveneConference";
    pub(in super::super) const RECORD_CONFERENCE: &str = "RecordConference";
    pub(in super::super) const AGREE_ACTION: &str = "AgreeAction";
    pub(in super::super) const REPORT_ACTION: &str = "ReportAction";
    pub(in super::super) const RECORD_CONTACT: &str = "RecordContact";
    pub(in super::super) const CORRECT_FACT: &str = "CorrectFact";
    pub(in super::super) const RECORD_DETERMINATION: &str = "RecordDetermination";
    pub(in super::super) const RECORD_CLOSING_NOTE: &str = "RecordClosingNote";
    pub(in super::super) const ASSEMBLE_DOCUMENTATION: &str = "AssembleDocumentation";
    pub(in super::super) const RETURN_TO_DECISION_MAKER: &str = "ReturnToDecisionMaker";
    pub(in super::super) const RECORD_DECISION: &str = "RecordDecision";
    pub(in super::super) const REOPEN_CASE: &str = "ReopenCase";
}

use verb::*;

/// The commands allowed at a stage. What happened can always be recorded.
pub(super) fn allowed(state: &State) -> Vec<&'static str> {
    let mut allowed = vec![RECORD_ASSURANCE_FINDING, RECORD_CONFERENCE, AGREE_ACTION, REPORT_ACTION, RECORD_CONTACT];
    allowed.extend([RECORD_CLOSING_NOTE, ASSEMBLE_DOCUMENTATION]);
    if !state.facts.standing().is_empty() {
        allowed.push(CORRECT_FACT);
    }
    if !state.stage.has_ended() {
        allowed.push(CONSIDER_SUPPORT_MARKER);
    }
    if state.stage.is_with_lead() {
        allowed.extend([REQUIRE_FURTHER_INFORMATION, CONVENE_CONFERENCE, RECORD_DETERMINATION]);
    }
    match state.stage {
        Stage::ReturnDue => allowed.push(RETURN_TO_DECISION_MAKER),
        Stage::DecisionDue => allowed.extend([RECORD_DETERMINATION, RECORD_DECISION, REOPEN_CASE]),
        Stage::Decided => allowed.push(REOPEN_CASE),
        Stage::EndedTakenBack => allowed.push(RECORD_DETERMINATION),
        Stage::Assurance
        | Stage::ConferenceDue
        | Stage::DeterminationDue
        | Stage::Escalated
        | Stage::ClosingNoteDue
        | Stage::DocumentationDue
        | Stage::EndedDeath => {}
    }
    allowed.extend(state.customer.allowed());
    allowed.extend([COMPLETE_TASK, ASSIGN_TASK]);
    allowed
}

/// The commands that a benefit's guidance has no use for.
pub(super) fn not_prescribed(page: &Conferencing) -> Vec<&'static str> {
    let marker = match page.support_marker {
        Prescribed::Yes(_) => None,
        Prescribed::No => Some(CONSIDER_SUPPORT_MARKER),
    };
    let further = match page.conference.says.held {
        Held::WhereRequired => None,
        Held::Always => Some(REQUIRE_FURTHER_INFORMATION),
    };
    let closing = match page.closing.says.record {
        ClosingRecord::Note => ASSEMBLE_DOCUMENTATION,
        ClosingRecord::Documentation => RECORD_CLOSING_NOTE,
    };
    marker.into_iter().chain(further).chain([closing]).collect()
}

/// What the case waits for, where nobody at conferencing owes it.
pub(super) fn waiting(state: &State) -> Vec<String> {
    let mut waiting = Vec::new();
    if state.escalated && state.customer.death_is_confirmed() {
        waiting.push(
            "The customer's death is verified and the case has ended: nothing is held any more, and nothing waits for what \
             safeguarding did about the concern."
                .to_owned(),
        );
    } else if state.escalated {
        waiting.push(
            "The concern is with safeguarding, under the same case reference; its outcome comes back by itself. \
             Payment goes on."
                .to_owned(),
        );
    }
    if let Some(convened) = state.convened.last().filter(|convened| {
        let after = |held: &super::state::Signed<super::fact::ConferenceHeld>| held.what.occurred_at >= convened.at;
        matches!(state.stage, Stage::Assurance | Stage::ConferenceDue)
            && !state.conferences.iter().any(|(held, _)| after(held))
    }) {
        let at = convened.at.with_timezone(&chrono_tz::Europe::London).format("%A %-d %B %Y at %H:%M");
        waiting.push(format!("A case conference is called for {at}."));
    }
    waiting
}
