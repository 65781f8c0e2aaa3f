//! What can be asked for or reported.

use super::{
    fact::{Happening, SecondVisit, Understanding, WithdrawalGround},
    form::VisitingForm,
};
use crate::{
    case::{Award, NarrativeRef, Place},
    customer, desk, protection,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What can be asked of a case at DWP Visiting, or reported about it.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// A customer is to be visited. Where a case is open for the award already, the referral joins it.
    Refer {
        /// The award the visit is about.
        award: Award,
        /// Where.
        place: Place,
        /// When the referral was made.
        occurred_at: DateTime<Utc>,
        /// What prompted it.
        circumstances: NarrativeRef,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
        /// What else the referrer tells DWP Visiting.
        form: Box<VisitingForm>,
        /// What was told of the customer's death, in order, where another case knows of it.
        of_death: Vec<customer::Command>,
    },
    /// Something happened that may open a case before any referral. Where a case is open for the award already, it is
    /// recorded there.
    Open(Opening),
    /// Something happened.
    Record(Record),
    /// Whether a second visit is needed after contact in time.
    DecideSecondVisit {
        /// The decision.
        second_visit: SecondVisit,
        /// What whoever spoke with the customer makes of their understanding, where that is said.
        understanding: Option<Understanding>,
        /// Why.
        reason: NarrativeRef,
    },
    /// What the referrer makes of the customer's reasons once the outcome of the visit is back.
    DecideGoodCause {
        /// The decision.
        decision: GoodCauseDecision,
        /// Why.
        reason: NarrativeRef,
    },
    /// The visit is no longer right.
    Withdraw {
        /// On which ground.
        ground: WithdrawalGround,
        /// What is known of it.
        reason: NarrativeRef,
    },
    /// A fact was recorded wrongly.
    Correct(Correction),
    /// A second person confirms that what counts as two ineffective visits was recorded in error.
    ConfirmRetraction {
        /// How they know.
        reason: NarrativeRef,
    },
    /// It was not recorded in error, or whoever said so takes that back.
    DeclineRetraction {
        /// Why.
        reason: NarrativeRef,
    },
    /// A case that was taken back from whoever led it: what they held for it comes back.
    ReceiveBack {
        /// The holds that come back; from now on only this service changes them.
        holds: Vec<protection::HeldAt>,
    },
    /// The decision maker has decided, or the case was opened again; told by whoever leads it.
    NoteDecision {
        /// Whether it is decided.
        decided: bool,
        /// How often the case had been taken back before the handover that this is about.
        times_taken_back: u32,
    },
    /// Something became known of the customer.
    Customer(customer::Command),
    /// Something is said about a task.
    Desk(desk::Command),
    /// The ledger knows more of a hold than it was told.
    RaiseHold(protection::Raise),
    /// Time has passed.
    LetTimePass,
    /// A newer calendar is in force.
    DeriveTermsAgain,
}

/// What may open a case before any referral: that a visit is considered, or that a concern arose.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// The award it is about.
    pub award: Award,
    /// Where the customer lives.
    pub place: Place,
    /// What happened.
    pub record: Record,
    /// What was told of the customer's death, in order, where another case knows of it.
    pub of_death: Vec<customer::Command>,
}

impl Command {
    /// The same, where it may open a case, with what another case knows of the customer's death.
    #[must_use]
    pub fn knowing(mut self, told: Vec<customer::Command>) -> Self {
        if let Self::Refer { of_death, .. } | Self::Open(Opening { of_death, .. }) = &mut self {
            *of_death = told;
        }
        self
    }

    /// What it tells of the customer's death.
    pub(super) fn of_death(&self) -> &[customer::Command] {
        let (Self::Refer { of_death, .. } | Self::Open(Opening { of_death, .. })) = self else { return &[] };
        of_death
    }
}

/// A report of something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What happened.
    pub happening: Happening,
    /// The words recorded with it.
    pub narrative: Option<NarrativeRef>,
    /// Why it is recorded late.
    pub late_reason: Option<NarrativeRef>,
}

/// What a referrer decides after a visit (ESA 117).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodCauseDecision {
    /// Whether the customer had good cause.
    pub good_cause: GoodCause,
    /// Whether the interview or assessment is deferred, where that is in question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferral: Option<DeferralDecision>,
}

/// Whether the customer had good cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoodCause {
    /// It is accepted.
    Accepted,
    /// It is not accepted.
    NotAccepted,
}

/// Whether the interview or assessment is deferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeferralDecision {
    /// It is deferred.
    Granted,
    /// It is not deferred.
    NotGranted,
}

/// A fact was recorded wrongly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The number of the wrong fact.
    pub fact: u32,
    /// What is right; `None`: it never happened.
    pub right: Option<Happening>,
    /// The words recorded with what is right.
    pub narrative: Option<NarrativeRef>,
    /// Why it was wrong.
    pub reason: NarrativeRef,
}

/// What counts as two ineffective visits was recorded in error. It takes a second person to say so (R-SECOND-PERSON).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Retracting {
    /// The referral was: nobody was to be visited.
    Referral {
        /// What is known of it.
        reason: NarrativeRef,
    },
    /// A fact was, without which there are no two ineffective visits.
    Fact(Correction),
}

impl Retracting {
    /// What is known of the error.
    #[must_use]
    pub fn reason(&self) -> &NarrativeRef {
        match self {
            Self::Referral { reason } => reason,
            Self::Fact(correction) => &correction.reason,
        }
    }
}
