//! What people record between the handover and the decision.

use crate::{NarrativeRef, Role, visiting::Channel, visiting::ContactBy};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Something that the assurance check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssuranceItem {
    /// The circumstances that prompted the referral for a visit.
    Circumstances,
    /// Previous interactions, attendance at interventions among them.
    PreviousInteractions,
    /// Documents and notes held on systems, for example a medical report.
    Documents,
    /// Information held from third parties, for example a next of kin or social services.
    ThirdParties,
    /// Anything else that was looked at.
    Other,
}

impl AssuranceItem {
    /// The item's stable name, as keys of tasks carry it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Circumstances => "circumstances",
            Self::PreviousInteractions => "previous-interactions",
            Self::Documents => "documents",
            Self::ThirdParties => "third-parties",
            Self::Other => "other",
        }
    }

    /// The item as a case worker says it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Circumstances => "the circumstances that prompted the referral",
            Self::PreviousInteractions => "previous interactions, attendance at interventions among them",
            Self::Documents => "documents and notes held, for example a medical report",
            Self::ThirdParties => "information held from third parties",
            Self::Other => "something else",
        }
    }
}

/// What came of looking at one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What was looked at.
    pub item: AssuranceItem,
    /// Whether there was anything.
    pub result: FindingResult,
    /// When it was looked at.
    pub occurred_at: DateTime<Utc>,
    /// What was found.
    pub account: NarrativeRef,
}

/// Whether there was anything to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingResult {
    /// It was reviewed.
    Reviewed,
    /// Nothing of the kind is held.
    NothingHeld,
}

/// What was decided about the Additional Support marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Marker {
    /// It was put on the case.
    PutOn,
    /// It was not.
    NotPutOn,
}

/// A case conference that took place, or is to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConferenceHeld {
    /// When it took place.
    pub occurred_at: DateTime<Utc>,
    /// Who took part.
    pub participants: Vec<Participant>,
    /// The facts as they were determined.
    pub account: NarrativeRef,
}

/// Somebody at a case conference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// As what they take part.
    pub party: Party,
    /// The person, by an opaque subject or code.
    pub person: String,
}

/// As what somebody takes part in a case conference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// For the department, in this role.
    Department(Role),
    /// For health services.
    HealthServices,
    /// For social services.
    SocialServices,
    /// For the customer: an appointee, attorney or next of kin.
    Representative,
    /// For another organisation.
    Other,
}

/// What became of an agreed action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionResult {
    /// It was taken.
    Taken,
    /// It was overtaken by events and is needed no longer.
    Overtaken,
    /// It was not taken: it stays open.
    NotTaken,
}

/// Somebody got in touch while the case was being considered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactHeard {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// How.
    pub channel: Channel,
    /// Who.
    pub by: ContactBy,
    /// What was said.
    pub account: NarrativeRef,
}

/// What a decision maker decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Entitlement is disallowed.
    Disallow,
    /// Entitlement is not disallowed.
    NotDisallow,
}

impl Outcome {
    /// The outcome as a case worker says it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Disallow => "to disallow entitlement",
            Self::NotDisallow => "not to disallow entitlement",
        }
    }

    /// It takes something from the customer.
    #[must_use]
    pub fn is_adverse(self) -> bool {
        match self {
            Self::Disallow => true,
            Self::NotDisallow => false,
        }
    }
}
