//! How far a case has come, and since when.

use super::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How far a case about a failed requirement has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A conference of work coach and site leader comes before any referral.
    ConferenceDue,
    /// The latest conference saw a good reason, or a requirement that was not reasonable and achievable.
    NoReferral,
    /// The latest conference saw no good reason: the claimant may be referred.
    ReferralOpen,
    /// Referred, but as what was recorded stands corrected no conference opened the way to it.
    ReferralUnsupported,
    /// The claimant is to be invited to explain.
    InvitationDue,
    /// What they answer, or that no answer came, is to be recorded.
    ExplanationDue,
    /// The decision maker is to decide.
    DecisionDue,
    /// Decided.
    Decided,
    /// A second person has verified the customer's death.
    EndedDeath,
    /// The case was withdrawn.
    EndedWithdrawn,
}

impl Stage {
    /// The stage's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ConferenceDue => "CONFERENCE_DUE",
            Self::NoReferral => "NO_REFERRAL",
            Self::ReferralOpen => "REFERRAL_OPEN",
            Self::ReferralUnsupported => "REFERRAL_UNSUPPORTED",
            Self::InvitationDue => "INVITATION_DUE",
            Self::ExplanationDue => "EXPLANATION_DUE",
            Self::DecisionDue => "DECISION_DUE",
            Self::Decided => "DECIDED",
            Self::EndedDeath => "ENDED_DEATH",
            Self::EndedWithdrawn => "ENDED_WITHDRAWN",
        }
    }
}

impl State {
    /// How far it has come.
    #[must_use]
    pub fn stage(&self) -> Stage {
        if self.customer.death_is_confirmed() {
            Stage::EndedDeath
        } else if self.withdrawn.is_some() {
            Stage::EndedWithdrawn
        } else if self.decided().is_some() {
            Stage::Decided
        } else if self.referral.is_some() {
            self.after_referral()
        } else {
            match self.finding() {
                None => Stage::ConferenceDue,
                Some(held) if held.what.opens_referral() => Stage::ReferralOpen,
                Some(_) => Stage::NoReferral,
            }
        }
    }

    fn after_referral(&self) -> Stage {
        if !self.referral_is_supported() {
            Stage::ReferralUnsupported
        } else if self.invited().is_none() {
            Stage::InvitationDue
        } else if self.answered().is_none() {
            Stage::ExplanationDue
        } else {
            Stage::DecisionDue
        }
    }

    /// Since when the present stage has been owed, as it was recorded.
    pub(in crate::sanction) fn since(&self) -> Option<DateTime<Utc>> {
        let reopened_at = self.reconsiderations.last().map(|reopened| reopened.at);
        let at = match self.stage() {
            Stage::ConferenceDue => self.failure.as_ref()?.at,
            Stage::NoReferral | Stage::ReferralOpen => self.finding()?.at,
            Stage::ReferralUnsupported => reopened_at.max(self.unsupported_since)?,
            Stage::InvitationDue => reopened_at.max(Some(self.referral.as_ref()?.at))?,
            Stage::ExplanationDue => reopened_at.max(Some(self.invited()?.at))?,
            Stage::DecisionDue => reopened_at.max(self.answered().map(|answered| answered.at))?,
            Stage::Decided => self.decisions.last()?.at,
            Stage::EndedDeath => self.customer.death.as_ref()?.confirmed_at?,
            Stage::EndedWithdrawn => self.withdrawn.as_ref()?.at,
        };
        Some(at)
    }
}
