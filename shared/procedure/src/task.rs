//! What the guidance owes, and when time itself has consequences.

use crate::{actor::Role, rule::Rule, term::Due, term::Term};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Something the guidance owes and nobody has done yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Stable within the case, for example `letter:2`.
    pub key: String,
    /// What is to be done, in one sentence.
    pub what: String,
    /// The role that owes it.
    pub owner: Role,
    /// Since when it is owed.
    pub since: DateTime<Utc>,
    /// Until when; `None` where the guidance prescribes no date.
    pub due: Option<Deadline>,
    /// The case cannot go on while it stands.
    pub blocking: bool,
    /// The command that discharges it; [`COMPLETE_TASK`] where the act is done in another system.
    pub discharged_by: &'static str,
    /// The rule or ruling it stands on.
    pub rule: &'static Rule,
}

/// The verb for acts in systems outside the suite.
pub const COMPLETE_TASK: &str = "CompleteTask";

/// A date and what it was derived from. The term is what is kept; the date follows from the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The term.
    pub term: Term,
    /// The instant it runs from.
    pub from: DateTime<Utc>,
    /// The derived date.
    pub due: Due,
}

/// An instant at which time itself has consequences for a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// Stable within the case: what the timer is for. It has one effect.
    pub key: String,
    /// When it fires.
    pub at: DateTime<Utc>,
}
