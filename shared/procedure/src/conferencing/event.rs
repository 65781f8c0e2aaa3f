//! What the journal of a case at conferencing keeps.

use super::{
    fact::{ActionResult, ConferenceHeld, ContactHeard, Documentation, Fact, Finding, Marker, Outcome, Participant},
    narratives,
    stage::Stage,
    summary,
};
use crate::{
    Actor, Deadline, Late, NarrativeRef, Role, Told, customer, desk,
    handover::{Differs, EscalationOutcome, File, TakenBack},
    protection,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The case was handed over: for the first time, or anew after it was taken back.
    Received {
        /// Its file.
        file: Box<File>,
    },
    /// Something came to light at DWP Visiting after the handover.
    FileUpdated {
        /// The file as it is now.
        file: Box<File>,
        /// How it differs from the one before; `None` in entries from before that was kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        differs: Option<Differs>,
    },
    /// DWP Visiting took the case back.
    TakenBack {
        /// Why, and who says so.
        taken: TakenBack,
    },
    /// The Additional Support marker was considered.
    SupportMarkerConsidered {
        /// The decision.
        marker: Marker,
        /// Why.
        reason: NarrativeRef,
    },
    /// One item of the assurance check was looked at.
    FindingRecorded {
        /// Its number among the facts; `None` in entries from before numbers were kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<u32>,
        /// What came of it.
        finding: Finding,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// It was decided whether further information is required.
    FurtherInformationDecided {
        /// It is.
        required: bool,
        /// What is missing, or why nothing is.
        reason: NarrativeRef,
        /// By when the conference takes place, where the guidance says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conference_by: Option<Deadline>,
    },
    /// A conference was called.
    ConferenceConvened {
        /// For when.
        at: DateTime<Utc>,
        /// Who was asked to take part.
        participants: Vec<Participant>,
    },
    /// A conference took place.
    ConferenceRecorded {
        /// Its number among the facts; `None` in entries from before numbers were kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<u32>,
        /// The conference.
        conference: ConferenceHeld,
        /// It took place between the parties that the guidance names.
        counts: bool,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// An action was agreed.
    ActionAgreed {
        /// Its number within the case, from 1.
        action: u32,
        /// What is to be done.
        #[serde(rename = "narrative")]
        what: NarrativeRef,
        /// Who, by role.
        owner: Role,
        /// By when, where a day was agreed.
        by: Option<NaiveDate>,
    },
    /// It was reported what became of an action.
    ActionReported {
        /// Its number among the facts; `None` in entries from before numbers were kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<u32>,
        /// Its number.
        action: u32,
        /// What became of it.
        result: ActionResult,
        /// When.
        occurred_at: DateTime<Utc>,
        /// How.
        account: NarrativeRef,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// Somebody got in touch.
    ContactRecorded {
        /// Its number among the facts; `None` in entries from before numbers were kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<u32>,
        /// The contact.
        contact: ContactHeard,
        /// Who heard it at safeguarding, which passed it on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        passed_on_from: Option<Actor>,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// A fact was superseded.
    FactCorrected {
        /// The fact that was wrong.
        fact: u32,
        /// The number of the fact that takes its place, with what is right; `None`: it never happened.
        right: Option<(u32, Fact)>,
        /// What was wrong; `None` in entries from before that was kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrong: Option<Box<Fact>>,
        /// Why it was wrong.
        reason: NarrativeRef,
        /// Who corrected it at safeguarding, which passed it on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        passed_on_from: Option<Actor>,
        /// The determination rested on it, and has to be made once more.
        determined_again: bool,
        /// The file had gone to whoever decides, and is with the lead again.
        comes_back: bool,
    },
    /// It was determined whether there is a safeguarding concern.
    Determined {
        /// Agreed actions were taken and all relevant information was adequately considered.
        satisfied: bool,
        /// There is.
        concern: bool,
        /// The concern goes to safeguarding with it.
        escalates: bool,
        /// Who of the participants in the conference is satisfied.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        assents: Vec<Participant>,
        /// Why.
        reasons: NarrativeRef,
    },
    /// Safeguarding handed back what was done about the concern.
    EscalationConcluded {
        /// What was done.
        outcome: EscalationOutcome,
    },
    /// The closing note was made.
    ClosingNoteRecorded {
        /// Its number among the facts; `None` in entries from before numbers were kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<u32>,
        /// When.
        occurred_at: DateTime<Utc>,
        /// In which system.
        system: String,
        /// Under which reference there.
        reference: String,
        /// All reasonable steps had been taken by then.
        counts: bool,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// The documentation for whoever decides was gathered.
    DocumentationAssembled {
        /// Its number among the facts; `None` in entries from before numbers were kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<u32>,
        /// The documentation.
        documentation: Documentation,
        /// All reasonable steps had been taken by then, and it tells of all that is on record.
        counts: bool,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// The file went back to whoever decides.
    Returned,
    /// The informed decision was made.
    Decided {
        /// What was decided.
        outcome: Outcome,
        /// What was weighed.
        weighed: NarrativeRef,
    },
    /// A reconsideration opened the case again.
    Reopened {
        /// Why.
        reason: NarrativeRef,
    },
    /// Something became known of the customer.
    Customer(customer::Event),
    /// Something was done about a task.
    Task(desk::Event),
    /// A hold of the case changed.
    Protection(protection::Event),
    /// Another party leads than before, as the guidance in force has it.
    LeadTakenOver {
        /// The party.
        lead: Role,
    },
    /// The case reached a stage.
    StageReached {
        /// The stage.
        stage: Stage,
    },
}

impl Event {
    /// It tells something about the customer or the enquiries that safeguarding has to know of, too.
    pub(super) fn is_new_to_safeguarding(&self) -> bool {
        match self {
            Self::FileUpdated { .. }
            | Self::FindingRecorded { .. }
            | Self::FurtherInformationDecided { .. }
            | Self::ConferenceRecorded { .. }
            | Self::ActionAgreed { .. }
            | Self::ActionReported { .. }
            | Self::ContactRecorded { .. }
            | Self::FactCorrected { .. } => true,
            Self::Received { .. }
            | Self::TakenBack { .. }
            | Self::SupportMarkerConsidered { .. }
            | Self::ConferenceConvened { .. }
            | Self::Determined { .. }
            | Self::EscalationConcluded { .. }
            | Self::ClosingNoteRecorded { .. }
            | Self::DocumentationAssembled { .. }
            | Self::Returned
            | Self::Decided { .. }
            | Self::Reopened { .. }
            | Self::Customer(_)
            | Self::Task(_)
            | Self::Protection(_)
            | Self::LeadTakenOver { .. }
            | Self::StageReached { .. } => false,
        }
    }
}

impl Told for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Received { .. } => "case_received",
            Self::FileUpdated { .. } => "file_updated",
            Self::TakenBack { .. } => "case_taken_back",
            Self::SupportMarkerConsidered { .. } => "support_marker_considered",
            Self::FindingRecorded { .. } => "finding_recorded",
            Self::FurtherInformationDecided { .. } => "further_information_decided",
            Self::ConferenceConvened { .. } => "conference_convened",
            Self::ConferenceRecorded { .. } => "conference_recorded",
            Self::ActionAgreed { .. } => "action_agreed",
            Self::ActionReported { .. } => "action_reported",
            Self::ContactRecorded { .. } => "contact_recorded",
            Self::FactCorrected { .. } => "fact_corrected",
            Self::Determined { .. } => "determination_recorded",
            Self::EscalationConcluded { .. } => "escalation_outcome_recorded",
            Self::ClosingNoteRecorded { .. } => "closing_note_recorded",
            Self::DocumentationAssembled { .. } => "documentation_assembled",
            Self::Returned => "returned_to_decision_maker",
            Self::Decided { .. } => "decision_recorded",
            Self::Reopened { .. } => "case_reopened",
            Self::Customer(event) => event.name(),
            Self::Task(event) => event.name(),
            Self::Protection(event) => event.name(),
            Self::LeadTakenOver { .. } => "lead_taken_over",
            Self::StageReached { .. } => "stage_reached",
        }
    }

    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Received { file } => Some(file.since),
            Self::TakenBack { taken } => Some(taken.at),
            Self::FindingRecorded { finding, .. } => Some(finding.occurred_at),
            Self::ConferenceRecorded { conference, .. } => Some(conference.occurred_at),
            Self::ContactRecorded { contact, .. } => Some(contact.occurred_at),
            Self::ActionReported { occurred_at, .. } | Self::ClosingNoteRecorded { occurred_at, .. } => {
                Some(*occurred_at)
            }
            Self::EscalationConcluded { outcome } => Some(outcome.concluded_at),
            Self::FactCorrected { right, .. } => right.as_ref().map(|(_, fact)| fact.happening.occurred_at().1),
            Self::DocumentationAssembled { documentation, .. } => Some(documentation.occurred_at),
            Self::Customer(event) => event.occurred_at(),
            Self::Task(event) => event.occurred_at(),
            Self::FileUpdated { .. }
            | Self::SupportMarkerConsidered { .. }
            | Self::FurtherInformationDecided { .. }
            | Self::ConferenceConvened { .. }
            | Self::ActionAgreed { .. }
            | Self::Determined { .. }
            | Self::Returned
            | Self::Decided { .. }
            | Self::Reopened { .. }
            | Self::Protection(_)
            | Self::LeadTakenOver { .. }
            | Self::StageReached { .. } => None,
        }
    }

    fn summary(&self) -> String {
        summary::of(self)
    }

    fn narratives(&self) -> Vec<&NarrativeRef> {
        narratives::of(self)
    }
}
