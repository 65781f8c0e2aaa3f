//! What the journal of a concern keeps: what people recorded and decided, and the stages that it reached.

use super::{
    fact::{Attempt, Concern, Contact, Disclosure, Fact, Liaison, Review},
    narratives,
    stage::Stage,
    state::ReviewDate,
    words,
};
use crate::{Deadline, Late, NarrativeRef, Told, customer, desk, directory::Leader};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A concern was determined; a round of steps begins.
    Opened {
        /// The concern.
        #[serde(flatten)]
        concern: Box<Concern>,
    },
    /// Contact was attempted.
    ContactAttempted {
        /// Its number among the facts; `None` in entries from before numbers were kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<u32>,
        /// The attempt's number within the case, from 1.
        attempt: u32,
        /// How it went.
        #[serde(flatten)]
        made: Attempt,
        /// By when the customer is to be called back, where a text promised it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call_back: Option<Deadline>,
        /// It was made since the concern was determined.
        counts: bool,
        /// What was said and done.
        account: NarrativeRef,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// Whether a leader is needed was decided.
    LeaderConsidered {
        /// The decision.
        needed: bool,
        /// Why.
        reason: NarrativeRef,
    },
    /// The leader of the area was asked.
    LeaderAsked {
        /// The area.
        area: String,
        /// Its leader; `None`: it has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        leader: Option<Leader>,
        /// What they are asked.
        account: NarrativeRef,
    },
    /// The area that had no leader has one, who is asked now.
    LeaderNamed {
        /// The area.
        area: String,
        /// Its leader.
        leader: Leader,
    },
    /// Somebody dealt with an agency.
    LiaisonRecorded {
        /// Its number among the facts; `None` in entries from before numbers were kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<u32>,
        /// The dealings.
        #[serde(flatten)]
        liaison: Liaison,
        /// What was said and done.
        account: NarrativeRef,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// Personal data was disclosed.
    DisclosureRecorded {
        /// Its number among the facts; `None` in entries from before numbers were kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<u32>,
        /// The disclosure.
        #[serde(flatten)]
        disclosure: Disclosure,
        /// What was disclosed, and why.
        account: NarrativeRef,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// A day was set on which the next steps are considered.
    ReviewDateSet {
        /// The day.
        review: ReviewDate,
    },
    /// The day set for a review has passed without one.
    ReviewOverdue {
        /// The day.
        date: NaiveDate,
    },
    /// The next steps were considered.
    Reviewed {
        /// Its number among the facts; `None` in entries from before numbers were kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<u32>,
        /// When, and whether that is what the guidance asks for.
        #[serde(flatten)]
        review: Review,
        /// The next steps.
        account: NarrativeRef,
        /// The day of the next review.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<ReviewDate>,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// Somebody got in touch.
    ContactRecorded {
        /// Its number among the facts; `None` in entries from before numbers were kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<u32>,
        /// The contact.
        #[serde(flatten)]
        contact: Contact,
        /// What was said.
        account: NarrativeRef,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// A fact was superseded.
    FactCorrected {
        /// The fact that was wrong.
        fact: u32,
        /// The number of the fact that takes its place, with what is right; `None`: it never happened.
        right: Option<(u32, Fact)>,
        /// What was wrong; `None` in entries from before that was kept with them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrong: Option<Box<Fact>>,
        /// Why it was wrong.
        reason: NarrativeRef,
    },
    /// All reasonable steps were taken.
    Concluded {
        /// Which, and what came of them.
        account: NarrativeRef,
    },
    /// Something became known of the customer.
    Customer(customer::Event),
    /// Something was done about a task.
    Task(desk::Event),
    /// The case reached a stage.
    StageReached {
        /// The stage.
        stage: Stage,
        /// Since when it holds.
        since: DateTime<Utc>,
    },
}

impl Told for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "escalation_opened",
            Self::ContactAttempted { .. } => "contact_attempted",
            Self::LeaderConsidered { .. } => "leader_considered",
            Self::LeaderAsked { .. } => "leader_asked",
            Self::LeaderNamed { .. } => "leader_named",
            Self::LiaisonRecorded { .. } => "liaison_recorded",
            Self::DisclosureRecorded { .. } => "disclosure_recorded",
            Self::ReviewDateSet { .. } => "review_date_set",
            Self::ReviewOverdue { .. } => "review_overdue",
            Self::Reviewed { .. } => "review_recorded",
            Self::ContactRecorded { .. } => "contact_recorded",
            Self::FactCorrected { .. } => "fact_corrected",
            Self::Concluded { .. } => "escalation_concluded",
            Self::Customer(event) => event.name(),
            Self::Task(event) => event.name(),
            Self::StageReached { .. } => "stage_reached",
        }
    }

    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Opened { concern } => Some(concern.occurred_at),
            Self::ContactAttempted { made, .. } => Some(made.occurred_at),
            Self::LiaisonRecorded { liaison, .. } => Some(liaison.occurred_at),
            Self::DisclosureRecorded { disclosure, .. } => Some(disclosure.occurred_at),
            Self::Reviewed { review, .. } => Some(review.occurred_at),
            Self::ContactRecorded { contact, .. } => Some(contact.occurred_at),
            Self::FactCorrected { right, .. } => right.as_ref().map(|(_, fact)| fact.happening.occurred_at().1),
            Self::Customer(event) => event.occurred_at(),
            Self::Task(event) => event.occurred_at(),
            Self::StageReached { since, .. } => Some(*since),
            Self::LeaderConsidered { .. }
            | Self::LeaderAsked { .. }
            | Self::LeaderNamed { .. }
            | Self::ReviewDateSet { .. }
            | Self::ReviewOverdue { .. }
            | Self::Concluded { .. } => None,
        }
    }

    fn summary(&self) -> String {
        words::of(self)
    }

    fn narratives(&self) -> Vec<&NarrativeRef> {
        narratives::of(self)
    }
}
