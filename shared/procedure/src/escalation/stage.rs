//! How far a round has come.

use serde::{Deserialize, Serialize};

/// How far a round has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Contact has to be attempted, or a promised call made.
    #[default]
    ContactDue,
    /// Whether a leader is needed is to be decided.
    LeaderUndecided,
    /// A leader is needed and has to be asked.
    ReferralDue,
    /// The area has no leader; the referral waits for one.
    AwaitingLeader,
    /// A day has to be set on which the next steps are considered.
    ReviewDateDue,
    /// The next steps are to be considered on the day that was set.
    ReviewDue,
    /// Everything that the guidance asks for was done.
    ConclusionDue,
    /// Concluded, and handed back.
    Concluded,
    /// Ended: the customer's death is verified.
    EndedDeath,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 9] = [
        Self::ContactDue,
        Self::LeaderUndecided,
        Self::ReferralDue,
        Self::AwaitingLeader,
        Self::ReviewDateDue,
        Self::ReviewDue,
        Self::ConclusionDue,
        Self::Concluded,
        Self::EndedDeath,
    ];

    /// The stage's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ContactDue => "CONTACT_DUE",
            Self::LeaderUndecided => "LEADER_UNDECIDED",
            Self::ReferralDue => "REFERRAL_DUE",
            Self::AwaitingLeader => "AWAITING_LEADER",
            Self::ReviewDateDue => "REVIEW_DATE_DUE",
            Self::ReviewDue => "REVIEW_DUE",
            Self::ConclusionDue => "CONCLUSION_DUE",
            Self::Concluded => "CONCLUDED",
            Self::EndedDeath => "ENDED_DEATH",
        }
    }

    /// Nothing is to be decided any more.
    #[must_use]
    pub fn has_ended(self) -> bool {
        match self {
            Self::ContactDue
            | Self::LeaderUndecided
            | Self::ReferralDue
            | Self::AwaitingLeader
            | Self::ReviewDateDue
            | Self::ReviewDue
            | Self::ConclusionDue => false,
            Self::Concluded | Self::EndedDeath => true,
        }
    }
}
