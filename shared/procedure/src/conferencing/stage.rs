//! How far a case has come.

use serde::{Deserialize, Serialize};

/// How far a case has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The assurance check goes on, and whether further information is required is to be decided, where that is asked.
    #[default]
    Assurance,
    /// A conference is due: further information is required, or the guidance always asks for one.
    ConferenceDue,
    /// Everything was looked at: whether there is a concern is to be determined.
    DeterminationDue,
    /// The concern is with safeguarding.
    Escalated,
    /// All reasonable steps were taken: the closing note is due.
    ClosingNoteDue,
    /// All reasonable steps were taken: the documentation for whoever decides is to be gathered.
    DocumentationDue,
    /// The file is to go back to whoever decides.
    ReturnDue,
    /// The file is with whoever decides.
    DecisionDue,
    /// The informed decision was made.
    Decided,
    /// Ended: the customer has died.
    EndedDeath,
    /// Ended: DWP Visiting has taken the case back, as what counted as two ineffective visits was recorded in error.
    EndedTakenBack,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 11] = [
        Self::Assurance,
        Self::ConferenceDue,
        Self::DeterminationDue,
        Self::Escalated,
        Self::ClosingNoteDue,
        Self::DocumentationDue,
        Self::ReturnDue,
        Self::DecisionDue,
        Self::Decided,
        Self::EndedDeath,
        Self::EndedTakenBack,
    ];

    /// The stage's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Assurance => "ASSURANCE",
            Self::ConferenceDue => "CONFERENCE_DUE",
            Self::DeterminationDue => "DETERMINATION_DUE",
            Self::Escalated => "ESCALATED",
            Self::ClosingNoteDue => "CLOSING_NOTE_DUE",
            Self::DocumentationDue => "DOCUMENTATION_DUE",
            Self::ReturnDue => "RETURN_DUE",
            Self::DecisionDue => "DECISION_DUE",
            Self::Decided => "DECIDED",
            Self::EndedDeath => "ENDED_DEATH",
            Self::EndedTakenBack => "ENDED_TAKEN_BACK",
        }
    }

    /// Ended by the customer's death, or as it was taken back. A decision ends no case: it may be reconsidered.
    #[must_use]
    pub fn has_ended(self) -> bool {
        match self {
            Self::EndedDeath | Self::EndedTakenBack => true,
            Self::Assurance
            | Self::ConferenceDue
            | Self::DeterminationDue
            | Self::Escalated
            | Self::ClosingNoteDue
            | Self::DocumentationDue
            | Self::ReturnDue
            | Self::DecisionDue
            | Self::Decided => false,
        }
    }

    /// Whoever leads has the case in hand.
    #[must_use]
    pub fn is_with_lead(self) -> bool {
        match self {
            Self::Assurance
            | Self::ConferenceDue
            | Self::DeterminationDue
            | Self::Escalated
            | Self::ClosingNoteDue
            | Self::DocumentationDue
            | Self::ReturnDue => true,
            Self::DecisionDue | Self::Decided | Self::EndedDeath | Self::EndedTakenBack => false,
        }
    }
}
