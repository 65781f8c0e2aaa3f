//! Words that every service uses about a case.

use crate::{benefit::Benefit, calendar::Nation};
use serde::{Deserialize, Serialize};

/// Reference to words kept as narrative, apart from everything else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NarrativeRef(pub String);

/// The award a visit is about, by opaque references.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    /// The customer.
    pub customer: String,
    /// The benefit.
    pub benefit: Benefit,
    /// The award, or the application where there is no award yet.
    pub award: String,
}

/// Where a visit is made, as far as the guidance needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The nation, for working days.
    pub nation: Nation,
    /// The safeguarding area.
    pub area: String,
}

/// Why something was recorded late; more than ten working days after it happened that has to be said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// The reason given, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_reason: Option<NarrativeRef>,
}

impl Late {
    /// With the reason that was given, if one was.
    pub(crate) fn because(reason: &Option<NarrativeRef>) -> Self {
        Self { late_reason: reason.clone() }
    }
}

/// Where Access to Work notes a case, by the reason for the visit (ATW 8, 13, 22).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteIn {
    /// In DISC.
    Disc,
    /// In ATWIS.
    Atwis,
    /// In both.
    Both,
}

impl NoteIn {
    /// The systems, as a case worker says them.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Disc => "DISC",
            Self::Atwis => "ATWIS",
            Self::Both => "DISC and ATWIS",
        }
    }
}
