//! What comes before a referral: a visit is considered, a concern is triaged, an address is traced.

use crate::Place;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A Core Visit is considered (ESA 106 to 111). What several of them considered adds up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consideration {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// What went before.
    pub situations: Vec<Situation>,
    /// Whether the records show an indicator; `None`: they were not checked.
    pub indicator: Option<Indicator>,
    /// The customer has not responded to any correspondence.
    pub no_response: bool,
    /// There is a safeguarding concern.
    pub safeguarding_concern: bool,
    /// There is an appointee or attorney.
    pub has_representative: bool,
    /// What was considered.
    pub considered: Vec<ConsideredItem>,
    /// What staff who spoke with the customer are; `None`: nobody has.
    pub understanding: Option<Understanding>,
    /// What it comes to.
    pub conclusion: Conclusion,
}

/// What went before a visit is thought of (ESA 107). The guidance's list is not exhaustive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Situation {
    /// Failed to attend a mandatory interview.
    FailedToAttendInterview,
    /// Failed to attend a Work Capability Assessment.
    FailedToAttendAssessment,
    /// Failed to provide medical or further evidence.
    EvidenceNotProvided,
    /// Contributory benefit is about to exhaust, with no response to the claim form.
    ContributoryBenefitExhausting,
    /// Failed to undertake work-related activity.
    WorkRelatedActivityNotUndertaken,
    /// Something else.
    Other,
}

/// Whether the records show something that could affect how well the customer understands or can comply, for example a
/// mental health marker or a learning difficulty (ESA 106, 107, 111).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Indicator {
    /// They show something. Which it is, the account says: what is said of somebody's health is kept apart.
    Found,
    /// They were checked, and show nothing.
    NoneFound,
}

/// What is to be considered before a sanction or a disallowance (ESA 106, 110).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsideredItem {
    /// The context of the interview or assessment, and whether it should be deferred.
    Deferral,
    /// Telling the customer its date, time and place, and asking them to get in touch if they cannot make it.
    Notification,
    /// Encouraging the support of an advocate.
    Advocacy,
    /// Issues, where known, that might affect attendance.
    AttendanceIssues,
    /// Reminding the customer before it.
    Reminder,
    /// Whom to contact to mitigate hardship, where there is a safeguarding concern.
    HardshipContacts,
    /// Whether the appointee or attorney fulfils their responsibilities, where there is one.
    RepresentativeResponsibilities,
}

impl ConsideredItem {
    /// The item as a task names it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Deferral => "the context of the interview or assessment, and whether it should be deferred",
            Self::Notification => "telling the claimant its date, time and place",
            Self::Advocacy => "encouraging the support of an advocate",
            Self::AttendanceIssues => "known issues that might affect attendance",
            Self::Reminder => "reminding the claimant before it",
            Self::HardshipContacts => "whom to contact to mitigate hardship",
            Self::RepresentativeResponsibilities => "whether the appointee or attorney fulfils their responsibilities",
        }
    }
}

/// What staff who spoke with the customer make of their understanding and their ability to comply (ESA 111).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Understanding {
    /// They are confident.
    Confident,
    /// They have a doubt, however small.
    Doubt,
}

/// What a consideration comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// It goes on.
    Open,
    /// A visit is right.
    Refer,
    /// No visit is required.
    NoVisit,
}

/// Whoever triages looked at a concern (Access to Work 3 to 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triage {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// What they found.
    pub result: TriageResult,
}

/// What a triage finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriageResult {
    /// A concern, and a visit is appropriate.
    VisitAppropriate,
    /// A concern, and no visit is appropriate.
    ConcernWithoutVisit,
    /// No concern.
    NoConcern,
}

/// Somebody tried to trace an address at which the customer lives (ESA 107).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressTrace {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// Where it is; `None`: none was found of which they are confident.
    pub found: Option<Place>,
}
