//! How far a case has come.

use serde::{Deserialize, Serialize};

/// How far a case has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Whether a visit is to be made is being considered; there is no referral yet.
    ConsiderationDue,
    /// A concern is to be triaged; there is no referral yet.
    TriageDue,
    /// A concern for which no visit is appropriate stays with whoever triages.
    ConcernWithSpoc,
    /// There is no concern: the case is with an adviser.
    WithAdviser,
    /// A visit is right: the referral is due.
    ReferralDue,
    /// The first visit is due.
    #[default]
    FirstVisitDue,
    /// The customer has until the end of the window to get in touch.
    AwaitingContact,
    /// Contact in time; whether a second visit is needed is to be decided.
    SecondVisitUndecided,
    /// A second visit is due.
    SecondVisitDue,
    /// Two visits were ineffective, or count as such, and somebody else leads the case.
    HandedOver,
    /// Ended: a visit was considered and is not required.
    EndedVisitNotRequired,
    /// Ended: the customer was seen.
    EndedVisitEffective,
    /// Ended: contact in time made a second visit unnecessary.
    EndedNoSecondVisit,
    /// Ended: withdrawn.
    EndedWithdrawn,
    /// Ended: a second person verified that the customer has died.
    EndedDeath,
    /// Ended: the decision maker has decided.
    EndedDecided,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 16] = [
        Self::ConsiderationDue,
        Self::TriageDue,
        Self::ConcernWithSpoc,
        Self::WithAdviser,
        Self::ReferralDue,
        Self::FirstVisitDue,
        Self::AwaitingContact,
        Self::SecondVisitUndecided,
        Self::SecondVisitDue,
        Self::HandedOver,
        Self::EndedVisitNotRequired,
        Self::EndedVisitEffective,
        Self::EndedNoSecondVisit,
        Self::EndedWithdrawn,
        Self::EndedDeath,
        Self::EndedDecided,
    ];

    /// The stage's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ConsiderationDue => "CONSIDERATION_DUE",
            Self::TriageDue => "TRIAGE_DUE",
            Self::ConcernWithSpoc => "CONCERN_WITH_SPOC",
            Self::WithAdviser => "WITH_ADVISER",
            Self::ReferralDue => "REFERRAL_DUE",
            Self::FirstVisitDue => "FIRST_VISIT_DUE",
            Self::AwaitingContact => "AWAITING_CONTACT",
            Self::SecondVisitUndecided => "SECOND_VISIT_UNDECIDED",
            Self::SecondVisitDue => "SECOND_VISIT_DUE",
            Self::HandedOver => "HANDED_OVER",
            Self::EndedVisitNotRequired => "ENDED_VISIT_NOT_REQUIRED",
            Self::EndedVisitEffective => "ENDED_VISIT_EFFECTIVE",
            Self::EndedNoSecondVisit => "ENDED_NO_SECOND_VISIT",
            Self::EndedWithdrawn => "ENDED_WITHDRAWN",
            Self::EndedDeath => "ENDED_DEATH",
            Self::EndedDecided => "ENDED_DECIDED",
        }
    }

    /// There is no referral yet.
    #[must_use]
    pub fn is_before_referral(self) -> bool {
        match self {
            Self::ConsiderationDue
            | Self::TriageDue
            | Self::ConcernWithSpoc
            | Self::WithAdviser
            | Self::ReferralDue => true,
            Self::FirstVisitDue
            | Self::AwaitingContact
            | Self::SecondVisitUndecided
            | Self::SecondVisitDue
            | Self::HandedOver
            | Self::EndedVisitNotRequired
            | Self::EndedVisitEffective
            | Self::EndedNoSecondVisit
            | Self::EndedWithdrawn
            | Self::EndedDeath
            | Self::EndedDecided => false,
        }
    }

    /// No visit is owed any more: the case has ended, or was handed over.
    #[must_use]
    pub fn visits_are_over(self) -> bool {
        self.has_ended() || self == Self::HandedOver
    }

    /// The case has ended.
    #[must_use]
    pub fn has_ended(self) -> bool {
        match self {
            Self::ConsiderationDue
            | Self::TriageDue
            | Self::ConcernWithSpoc
            | Self::WithAdviser
            | Self::ReferralDue
            | Self::FirstVisitDue
            | Self::AwaitingContact
            | Self::SecondVisitUndecided
            | Self::SecondVisitDue
            | Self::HandedOver => false,
            Self::EndedVisitNotRequired
            | Self::EndedVisitEffective
            | Self::EndedNoSecondVisit
            | Self::EndedWithdrawn
            | Self::EndedDeath
            | Self::EndedDecided => true,
        }
    }

    /// The visits go on, or were ended only by the decision that no second one is needed, which can be taken back.
    pub(in crate::visiting) fn second_visit_is_open(self) -> bool {
        !self.visits_are_over() || self == Self::EndedNoSecondVisit
    }
}
