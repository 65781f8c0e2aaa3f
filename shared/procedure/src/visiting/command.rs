//! What can be asked for or reported.

use super::fact::{Happening, SecondVisit, WithdrawalGround};
use crate::case::{Award, NarrativeRef, Place};
use chrono::{DateTime, Utc};

/// What can be asked of a case at DWP Visiting, or reported about it.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// A customer is to be visited.
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
    /// Something owed was done in another system.
    CompleteTask {
        /// The task's key.
        key: String,
        /// When it was done.
        occurred_at: DateTime<Utc>,
        /// In which system.
        system: String,
        /// Under which reference there.
        reference: String,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
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
