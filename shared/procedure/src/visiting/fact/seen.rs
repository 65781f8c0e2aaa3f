//! What a visit at which the customer was seen establishes, and what follows it.

use super::super::form::Answer;
use crate::NarrativeRef;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What the officer established and arranged (ESA 108, 109, 113 to 115).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What the customer understands.
    pub understood: Understood,
    /// The officer explained why the customer has to take part, and what follows from not doing so.
    pub explained: bool,
    /// The appointee or attorney was there.
    pub representative_present: bool,
    /// The customer's reasons for not attending or taking part; the officer decides nothing about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good_cause: Option<NarrativeRef>,
    /// Deferring the interview or assessment looks appropriate.
    pub deferral_appropriate: bool,
    /// Whether the customer is a lone parent with a child under one, where that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lone_parent_with_child_under_one: Option<Answer>,
    /// What was agreed with the customer and the referrer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bookings: Vec<Booking>,
}

/// What the customer understands of what is required; `None` where nothing is said of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understood {
    /// Attending and taking part in the interview or assessment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance: Option<UnderstoodAnswer>,
    /// Undertaking work-related activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_related_activity: Option<UnderstoodAnswer>,
    /// Providing the evidence or information asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<UnderstoodAnswer>,
}

/// Whether the customer understands a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnderstoodAnswer {
    /// They do.
    Yes,
    /// They do not.
    No,
    /// It was not discussed.
    NotDiscussed,
}

/// A date and time agreed with the customer and the referrer (ESA 114).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// What for.
    pub what: Booked,
    /// The date and time agreed.
    pub agreed_for: DateTime<Utc>,
    /// The referrer has confirmed that it is booked.
    pub confirmed: bool,
}

/// What an appointment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Booked {
    /// The mandatory interview, rebooked.
    Interview,
    /// The assessment, rebooked.
    Assessment,
    /// An interview to review the work-related activity.
    WorkRelatedActivityReview,
    /// The next steps on missing evidence.
    EvidenceNextSteps,
}

impl Booked {
    /// What for, as a case worker says it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Interview => "the interview",
            Self::Assessment => "the assessment",
            Self::WorkRelatedActivityReview => "the review of the work-related activity",
            Self::EvidenceNextSteps => "the next steps on the missing evidence",
        }
    }
}

/// A booking agreed or confirmed after the visit (ESA 114, 116).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingMade {
    /// When that was settled.
    pub occurred_at: DateTime<Utc>,
    /// What was agreed.
    pub booking: Booking,
}

/// A referral of which nothing was back was chased (ESA 112).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// The day on which to look again; `None`: the date is not extended.
    pub review_on: Option<NaiveDate>,
}
