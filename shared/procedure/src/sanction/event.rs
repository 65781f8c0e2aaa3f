//! What the journal of a failed requirement keeps.

use super::{
    fact::{
        Answer, Conference, Decided, Explanation, Failure, GoodReason, Happening, Invitation, Outcome, Withdrawal,
        WithdrawalGround,
    },
    narratives,
};
use crate::{Late, NarrativeRef, Told, customer, desk, term::london_date};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A claimant failed a requirement.
    Failed {
        /// The failure.
        #[serde(flatten)]
        failure: Box<Failure>,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// The failure was recorded again; it has one case.
    FailedAgain {
        /// The failure as it was told this time.
        #[serde(flatten)]
        failure: Box<Failure>,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// A case conference about it took place.
    Conferred {
        /// The conference.
        #[serde(flatten)]
        conference: Conference,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// The claimant was referred for a sanction.
    Referred {
        /// Why.
        reason: NarrativeRef,
    },
    /// The claimant was invited to explain.
    Invited {
        /// The invitation.
        #[serde(flatten)]
        invitation: Invitation,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// The claimant explained, or no answer came.
    Explained {
        /// The explanation.
        #[serde(flatten)]
        explanation: Explanation,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// It was decided whether a sanction is warranted.
    Decided(Decided),
    /// The claimant asked for a reconsideration.
    Reconsidered {
        /// Why.
        reason: NarrativeRef,
    },
    /// A fact was superseded.
    FactCorrected {
        /// The fact that was wrong.
        fact: u32,
        /// The number of the fact that takes its place, with what is right; `None`: it never happened.
        right: Option<(u32, Happening)>,
        /// Why it was wrong.
        reason: NarrativeRef,
    },
    /// The case was withdrawn.
    Withdrawn(Withdrawal),
    /// Something became known of the customer.
    Customer(customer::Event),
    /// Something was done about a task.
    Task(desk::Event),
}

impl Told for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Failed { .. } => "requirement_failed",
            Self::FailedAgain { .. } => "requirement_failed_again",
            Self::Conferred { .. } => "sanction_conference_held",
            Self::Referred { .. } => "sanction_referred",
            Self::Invited { .. } => "explanation_invited",
            Self::Explained { .. } => "explanation_recorded",
            Self::Decided(_) => "sanction_decided",
            Self::Reconsidered { .. } => "sanction_reconsidered",
            Self::FactCorrected { .. } => "fact_corrected",
            Self::Withdrawn(_) => "sanction_case_withdrawn",
            Self::Customer(event) => event.name(),
            Self::Task(event) => event.name(),
        }
    }

    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Failed { failure, .. } | Self::FailedAgain { failure, .. } => Some(failure.occurred_at),
            Self::Conferred { conference, .. } => Some(conference.occurred_at),
            Self::Invited { invitation, .. } => Some(invitation.occurred_at),
            Self::Explained { explanation, .. } => Some(explanation.occurred_at),
            Self::FactCorrected { right, .. } => right.as_ref().map(|(_, right)| right.occurred_at().1),
            Self::Referred { .. } | Self::Decided(_) | Self::Reconsidered { .. } | Self::Withdrawn(_) => None,
            Self::Customer(event) => event.occurred_at(),
            Self::Task(event) => event.occurred_at(),
        }
    }

    fn summary(&self) -> String {
        match self {
            Self::Failed { failure, .. } => {
                format!("The claimant failed a requirement on {}.", london_date(failure.occurred_at))
            }
            Self::FailedAgain { failure, .. } => {
                format!(
                    "That the claimant failed a requirement on {} was recorded again.",
                    london_date(failure.occurred_at)
                )
            }
            Self::Conferred { conference, .. } => format!(
                "A case conference about the failed requirement took place on {}; {}.",
                london_date(conference.occurred_at),
                if conference.opens_referral() {
                    "no good reason was seen"
                } else if conference.good_reason == GoodReason::Seen {
                    "a good reason was seen"
                } else {
                    "the requirement was not reasonable and achievable"
                }
            ),
            Self::Referred { .. } => "The claimant was referred for a sanction.".to_owned(),
            Self::Invited { invitation, .. } => {
                format!("The claimant was invited to explain on {}.", london_date(invitation.occurred_at))
            }
            Self::Explained { explanation, .. } => match explanation.answer {
                Answer::Explained => format!("The claimant explained on {}.", london_date(explanation.occurred_at)),
                Answer::NoAnswer => {
                    format!("By {} no answer had come from the claimant.", london_date(explanation.occurred_at))
                }
            },
            Self::Decided(decided) => match decided.outcome {
                Outcome::Sanction => "The Decision Maker decided that a sanction is warranted.".to_owned(),
                Outcome::NoSanction => "The Decision Maker decided that no sanction is warranted.".to_owned(),
            },
            Self::Reconsidered { .. } => {
                "The claimant asked for a reconsideration; the decision is taken anew.".to_owned()
            }
            Self::FactCorrected { fact, right, .. } => match right {
                Some((number, right)) => {
                    format!("Fact {fact} was wrong; fact {number}, {}, takes its place.", right.title())
                }
                None => format!("Fact {fact} never happened."),
            },
            Self::Withdrawn(withdrawal) => match withdrawal.ground {
                WithdrawalGround::RecordedInError => "The case was withdrawn: recorded in error.".to_owned(),
                WithdrawalGround::GoodReasonKnown => "The case was withdrawn: a good reason became known.".to_owned(),
                WithdrawalGround::ClaimClosed => "The case was withdrawn: the claim was closed.".to_owned(),
            },
            Self::Customer(event) => event.summary(),
            Self::Task(event) => event.summary(),
        }
    }

    fn narratives(&self) -> Vec<&NarrativeRef> {
        narratives::of(self)
    }
}
