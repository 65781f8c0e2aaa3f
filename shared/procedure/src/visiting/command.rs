//! What can be asked for or reported.

use super::fact::{Happening, SecondVisit, WithdrawalGround};
use crate::{
    case::{Award, NarrativeRef, Place},
    customer, desk, protection,
};
use chrono::{DateTime, Utc};

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
    },
    /// Something happened.
    Record(Record),
    /// Whether a second visit is needed after contact in time.
    DecideSecondVisit {
        /// The decision.
        second_visit: SecondVisit,
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
    /// The decision maker has decided, or the case was opened again; told by whoever leads it.
    NoteDecision {
        /// Whether it is decided.
        decided: bool,
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

/// A fact was recorded wrongly.
#[derive(Debug, Clone, PartialEq)]
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
