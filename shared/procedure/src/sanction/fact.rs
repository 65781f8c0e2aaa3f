//! What people record between a failed requirement and the decision on a sanction.

use crate::{Award, NarrativeRef, Place, Role, conferencing::Participant, visiting::Channel};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What kind of requirement the claimant failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// To take part in an interview or a review.
    Interview,
    /// Another work-related requirement.
    WorkRelated,
    /// Another requirement.
    Other,
}

/// A requirement that was failed, with no good reason in sight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The award.
    #[serde(flatten)]
    pub award: Award,
    /// Where the customer lives.
    pub place: Place,
    /// What kind of requirement it is.
    pub requirement: Requirement,
    /// When it was failed.
    pub occurred_at: DateTime<Utc>,
    /// What was agreed and what happened.
    pub account: NarrativeRef,
}

/// Whether there was a good reason for the failure, as a conference saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoodReason {
    /// One was seen.
    Seen,
    /// None was seen.
    NotSeen,
}

/// Whether the requirement was reasonable and achievable for this claimant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// It was.
    Reasonable,
    /// It was not.
    NotReasonable,
}

/// A case conference about the failure that took place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conference {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// Who took part.
    pub participants: Vec<Participant>,
    /// Whether a good reason was seen.
    pub good_reason: GoodReason,
    /// Whether the requirement was reasonable and achievable.
    pub requirement: Assurance,
    /// What was found.
    pub account: NarrativeRef,
}

impl Conference {
    /// Whether a referral may follow: no good reason was seen, and the requirement was reasonable and achievable.
    #[must_use]
    pub fn opens_referral(&self) -> bool {
        (self.good_reason, self.requirement) == (GoodReason::NotSeen, Assurance::Reasonable)
    }
}

/// The claimant was invited to explain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// How.
    pub channel: Channel,
}

/// What came of an invitation to explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The claimant, or somebody for them, explained.
    Explained,
    /// No answer came.
    NoAnswer,
}

/// The claimant explained, or no answer came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// When they explained, or when it was established that no answer came.
    pub occurred_at: DateTime<Utc>,
    /// Whether an answer came.
    pub answer: Answer,
    /// What was said, or how it is known that no answer came.
    pub account: NarrativeRef,
}

/// Something that people recorded, and that can have been recorded wrongly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happening {
    /// A requirement was failed.
    Failure(Box<Failure>),
    /// A case conference about it took place.
    Conference(Conference),
    /// The claimant was invited to explain.
    Invitation(Invitation),
    /// The claimant explained, or no answer came.
    Explanation(Explanation),
}

impl Happening {
    /// When it happened, and the field of a correction that says so.
    #[must_use]
    pub fn occurred_at(&self) -> (&'static str, DateTime<Utc>) {
        match self {
            Self::Failure(failure) => ("failure.failed_at", failure.occurred_at),
            Self::Conference(held) => ("conference.occurred_at", held.occurred_at),
            Self::Invitation(sent) => ("invitation.occurred_at", sent.occurred_at),
            Self::Explanation(told) => ("explanation.occurred_at", told.occurred_at),
        }
    }

    /// What it is, as a case worker says it.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::Failure(_) => "the failed requirement",
            Self::Conference(_) => "a case conference",
            Self::Invitation(_) => "an invitation to explain",
            Self::Explanation(_) => "what came of an invitation to explain",
        }
    }

    /// Those who record facts of this kind, and correct them.
    pub(super) fn told_by(&self) -> &'static [Role] {
        match self {
            Self::Failure(_) | Self::Conference(_) => &[Role::WorkCoach, Role::SiteLeader],
            Self::Invitation(_) => &[Role::DecisionMaker],
            Self::Explanation(_) => &[Role::DecisionMaker, Role::WorkCoach],
        }
    }
}

/// Why a case is withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawalGround {
    /// It was recorded in error.
    RecordedInError,
    /// A good reason became known, and the failure is not pursued.
    GoodReasonKnown,
    /// The claim was closed.
    ClaimClosed,
}

/// That the case is not pursued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// On which ground.
    pub ground: WithdrawalGround,
    /// What is known of it.
    pub reason: NarrativeRef,
}

/// That something was taken into account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weighed {
    /// It was weighed.
    TakenIntoAccount,
    /// It was looked for, and nothing of the kind is known.
    NothingKnown,
}

/// Whether a sanction is warranted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is.
    Sanction,
    /// It is not.
    NoSanction,
}

/// The decision, with what was taken into account: everything that the letter names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What was decided.
    pub outcome: Outcome,
    /// The claimant's individual circumstances.
    pub weighed_circumstances: Weighed,
    /// Health conditions and disabilities.
    pub weighed_health: Weighed,
    /// Evidence of good reason.
    pub weighed_good_reason: Weighed,
    /// What was weighed, and how.
    pub weighed: NarrativeRef,
}
