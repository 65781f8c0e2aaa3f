//! What can be asked for or reported.

use super::fact::{Attempt, Concern, Contact, Disclosure, Happening, Liaison};
use crate::{
    NarrativeRef, customer, desk,
    directory::{Leader, Leaders},
};
use chrono::{DateTime, NaiveDate, Utc};

/// What can be asked about a concern, or reported about it.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// A concern was determined. Where the one before it was concluded a new round begins; an open one goes on.
    Open(Box<Concern>),
    /// Contact was attempted.
    RecordContactAttempt {
        /// The attempt.
        attempt: Attempt,
        /// What was said and done.
        account: NarrativeRef,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// Whether a leader is needed.
    ConsiderLeader {
        /// The decision.
        needed: bool,
        /// Why.
        reason: NarrativeRef,
    },
    /// The leader of the area is asked.
    ReferToLeader {
        /// What they are asked.
        asked: NarrativeRef,
        /// The directory as it stands; the area is that of the case when this is decided, whoever moved meanwhile.
        leaders: Leaders,
    },
    /// An area that had no leader has one.
    ResolveLeader {
        /// The area.
        area: String,
        /// Its leader.
        leader: Leader,
    },
    /// Somebody dealt with an agency.
    RecordLiaison {
        /// The dealings.
        liaison: Liaison,
        /// What was said and done.
        account: NarrativeRef,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// Personal data was disclosed.
    RecordDisclosure {
        /// The disclosure.
        disclosure: Disclosure,
        /// What was disclosed, and why.
        account: NarrativeRef,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// The next steps are to be considered on a day.
    SetReviewDate {
        /// The day, in London.
        date: NaiveDate,
    },
    /// The next steps were considered.
    RecordReview {
        /// When.
        occurred_at: DateTime<Utc>,
        /// The next steps.
        next_steps: NarrativeRef,
        /// The day of the next review, where there is to be one.
        next_date: Option<NaiveDate>,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// Somebody got in touch.
    RecordContact {
        /// The contact.
        contact: Contact,
        /// What was said.
        account: NarrativeRef,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// A fact was recorded wrongly.
    Correct(Correction),
    /// All reasonable steps were taken.
    Conclude {
        /// Which, and what came of them.
        steps: NarrativeRef,
    },
    /// Lets time have its consequences: a review that was not held on its day is overdue.
    LetTimePass,
    /// Something became known of the customer.
    Customer(customer::Command),
    /// Something is said about a task.
    Desk(desk::Command),
}

/// A fact was recorded wrongly.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// The number of the wrong fact.
    pub fact: u32,
    /// What is right, with words of its own where those of the wrong fact are not right either; `None`: it never
    /// happened.
    pub right: Option<(Happening, Option<NarrativeRef>)>,
    /// Why it was wrong.
    pub reason: NarrativeRef,
}
