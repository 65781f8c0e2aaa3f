//! What a payer is told.

use crate::boot::BootTime;
use holdfast_contracts::holdfast::{
    common::v1::Citation,
    safeguarding::v1::{Advisory, Reason},
};
use std::{fmt, time::Duration};
use tonic::Code;

/// Whether an action may be taken. Whatever went wrong on the way is [`Verdict::Prohibited`].
#[must_use = "an action that is prohibited must not be taken"]
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It may, for as long as the permission holds.
    Permitted(Permission),
    /// It must not.
    Prohibited(Why),
}

impl Verdict {
    /// Whether the action may be taken at this moment.
    #[must_use]
    pub fn may_act(&self) -> bool {
        match self {
            Self::Permitted(permission) => permission.still_holds(),
            Self::Prohibited(_) => false,
        }
    }
}

/// That an action may be taken, for a few seconds from before it was asked.
#[must_use = "a permission is for acting on, while it still holds"]
#[derive(Debug, Clone, PartialEq)]
pub struct Permission {
    pub(crate) decision_id: String,
    pub(crate) expires: BootTime,
    pub(crate) advisories: Vec<Advisory>,
    pub(crate) citations: Vec<Citation>,
}

impl Permission {
    /// Under which the answer is journalled; keep it with what is done on it.
    #[must_use]
    pub fn decision_id(&self) -> &str {
        &self.decision_id
    }

    /// Whether it holds at this moment. Ask right before acting.
    #[must_use]
    pub fn still_holds(&self) -> bool {
        self.holds_at(BootTime::now())
    }

    /// Whether it holds at an instant.
    #[must_use]
    pub fn holds_at(&self, at: BootTime) -> bool {
        at < self.expires
    }

    /// The first instant at which it holds no more.
    #[must_use]
    pub fn expires(&self) -> BootTime {
        self.expires
    }

    /// For how long it holds from now on; zero once it does not.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.expires.since(BootTime::now()).unwrap_or_default()
    }

    /// What is told beside it.
    #[must_use]
    pub fn advisories(&self) -> &[Advisory] {
        &self.advisories
    }

    /// What the rules say that the advisories name.
    #[must_use]
    pub fn citations(&self) -> &[Citation] {
        &self.citations
    }
}

/// Why an action is prohibited.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// What prohibits it.
    pub cause: Cause,
    /// What is told beside it.
    pub advisories: Vec<Advisory>,
    /// What the rules say that the reasons and the advisories name.
    pub citations: Vec<Citation>,
}

/// What prohibits an action.
#[derive(Debug, Clone, PartialEq)]
pub enum Cause {
    /// The protection check says so, for these reasons.
    Told(Vec<Reason>),
    /// There was no answer: what the last attempt came to.
    NoAnswer(Code),
    /// There was an answer that cannot be relied on.
    Doubted(Doubt),
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The reply has no seal, or not the one that matches it: it was damaged, or is not from the protection check.
    SealBroken,
    /// The reply is not what the contract says, though its seal matches: it is of one that this build does not know.
    Unreadable,
    /// It does not hold one answer for each question.
    AnswersMiscounted,
    /// An answer is to another question than the one asked in its place.
    AnotherQuestion,
    /// The question itself lacks a part.
    QuestionIncomplete,
    /// It decides nothing that this build has a name for.
    Undecided,
    /// It permits without a decision id.
    NoDecisionId,
    /// It permits and gives reasons why not.
    PermittedWithReasons,
    /// It permits for no time, or for longer than an answer may.
    ValidityOutOfBounds,
    /// It was valid for less time than it took to arrive.
    TooLate,
    /// It confirms without having written a permit.
    NoPermit,
}

impl Why {
    pub(crate) fn of(cause: Cause) -> Self {
        Self { cause, advisories: Vec::new(), citations: Vec::new() }
    }
}

impl Doubt {
    /// In one sentence.
    fn told(self) -> &'static str {
        match self {
            Self::SealBroken => "the reply was damaged, or is not the protection check's",
            Self::Unreadable => "the reply cannot be read",
            Self::AnswersMiscounted => "the reply does not answer each question once",
            Self::AnotherQuestion => "the answer is to another question",
            Self::QuestionIncomplete => "the question lacks the customer, the benefit, the award or the action",
            Self::Undecided => "the answer decides nothing that is known here",
            Self::NoDecisionId => "the answer permits without a decision id",
            Self::PermittedWithReasons => "the answer permits and says why not",
            Self::ValidityOutOfBounds => "the answer is valid for no time, or for too long",
            Self::TooLate => "the answer came when it was no longer valid",
            Self::NoPermit => "the confirmation wrote no permit",
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.told())
    }
}

impl fmt::Display for Why {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Told(reasons) if reasons.is_empty() => to.write_str("the protection check gives no reason"),
            Cause::Told(reasons) => {
                for (at, reason) in reasons.iter().enumerate() {
                    let between = if at == 0 { "" } else { ", " };
                    write!(to, "{between}{}", reason.kind().as_str_name())?;
                }
                Ok(())
            }
            Cause::NoAnswer(code) => write!(to, "the protection check gave no answer ({code:?})"),
            Cause::Doubted(doubt) => write!(to, "{doubt}"),
        }
    }
}
