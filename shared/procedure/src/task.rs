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
    /// When what gives rise to it happened, where that was before it was owed here: somebody may have done it since then.
    pub arose_at: Option<DateTime<Utc>>,
    /// Until when; `None` where the guidance prescribes no date.
    pub due: Option<Deadline>,
    /// The case cannot go on while it stands.
    pub blocking: bool,
    /// Doing it means getting in touch with the customer.
    pub contacts_customer: bool,
    /// The team it was given to, by its code.
    pub team: Option<String>,
    /// The one person who owes it or was given it; `None`: anybody in the role.
    pub person: Option<String>,
    /// Who stands in for that person.
    pub cover: Option<Cover>,
    /// The command that discharges it; [`COMPLETE_TASK`] where the act is done in another system.
    pub discharged_by: &'static str,
    /// The rule or ruling it stands on.
    pub rule: &'static Rule,
}

impl Task {
    /// A task for acts in other systems, without a date, that stands in nobody's way.
    pub(crate) fn new(key: &str, what: &str, owner: Role, since: DateTime<Utc>, rule: &'static Rule) -> Self {
        Self {
            key: key.to_owned(),
            what: what.to_owned(),
            owner,
            since,
            arose_at: None,
            due: None,
            blocking: false,
            contacts_customer: false,
            team: None,
            person: None,
            cover: None,
            discharged_by: COMPLETE_TASK,
            rule,
        }
    }
}

/// The key of a task that is owed anew each time something begins again: as it is the first time, and numbered from then
/// on, for example `ownership:again-1`. What was done or assigned before says nothing of what is owed now.
pub(crate) fn again(key: &str, times: usize) -> String {
    if times == 0 { key.to_owned() } else { format!("{key}:again-{times}") }
}

/// Who stands in for somebody who is away, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// The person, by their subject.
    pub person: String,
    /// The last instant for which they stand in.
    pub until: DateTime<Utc>,
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
