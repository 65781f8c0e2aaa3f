//! What a payer asks before acting on an award.

use crate::benefit::Benefit;
use serde::{Deserialize, Serialize};

/// What is done to an award or its payment (R-ACTIONS).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Hold payment back for a while; a suspended payment is a stopped one (R-SUSPENDED-IS-STOPPED).
    Suspend,
    /// Stop payment.
    Stop,
    /// End the award, letting it lapse included.
    End,
    /// Disallow the award or the claim.
    Disallow,
    /// Sanction: to decide one as well as to apply it.
    Sanction,
    /// Pay less.
    Reduce,
}

impl Action {
    /// Every action, in order.
    pub const ALL: [Self; 6] = [Self::Suspend, Self::Stop, Self::End, Self::Disallow, Self::Sanction, Self::Reduce];

    /// The action as a sentence says it, after "may".
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Suspend => "suspend payment",
            Self::Stop => "stop payment",
            Self::End => "end the award",
            Self::Disallow => "disallow",
            Self::Sanction => "sanction",
            Self::Reduce => "reduce payment",
        }
    }
}

/// What the payer acts on (R-GROUND-NAMED).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionGround {
    /// A missed interview or assessment.
    NonAttendance,
    /// Evidence that was not sent.
    MissingEvidence,
    /// Another ground, none, or one that was not recognised: judged as if it were any of them.
    Any,
}

impl ActionGround {
    /// The ground as a sentence says it, after "on account of".
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::NonAttendance => "a missed interview or assessment",
            Self::MissingEvidence => "evidence that was not sent",
            Self::Any => "anything",
        }
    }
}

/// A person as a payer or a case knows them, with one benefit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject<'a> {
    /// The customer's opaque reference.
    pub customer: &'a str,
    /// The benefit.
    pub benefit: Benefit,
}

/// What was asked, as far as the caller's words could be read. `None` is something missing or not recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The customer's opaque reference.
    pub customer: Option<String>,
    /// The benefit.
    pub benefit: Option<Benefit>,
    /// The award's opaque reference, or the application's where there is no award yet (R-HOLD-APPLICATION).
    pub award: Option<String>,
    /// What is to be done to it.
    pub action: Option<Action>,
    /// On what ground; `None` is any ground (R-GROUND-NAMED).
    pub ground: Option<ActionGround>,
    /// Whoever asks knows of a condition or an indicator that could affect understanding or compliance (ESA 106).
    pub condition_known: bool,
}

/// A question that was understood in every part. There is no other way to one than [`Question::of`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    customer: String,
    benefit: Benefit,
    award: String,
    action: Action,
    ground: ActionGround,
    condition_known: bool,
}

/// The parts of a question that were missing or not recognised, by their field; never empty. An answer to it is always
/// that the action is prohibited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrecognised(Vec<&'static str>);

impl Unrecognised {
    /// The fields, in order.
    #[must_use]
    pub fn fields(&self) -> &[&'static str] {
        &self.0
    }
}

impl Question {
    /// The question that was asked.
    ///
    /// # Errors
    /// What of it was not recognised. [`answer`](super::answer) takes that as it is, so that it cannot be dropped on
    /// the way.
    pub fn of(asked: Asked) -> Result<Self, Unrecognised> {
        let Asked { customer, benefit, award, action, ground, condition_known } = asked;
        let customer = customer.filter(|reference| !reference.is_empty());
        let award = award.filter(|reference| !reference.is_empty());
        let missing: Vec<_> = [
            ("customer", customer.is_none()),
            ("benefit", benefit.is_none()),
            ("award", award.is_none()),
            ("action", action.is_none()),
        ]
        .into_iter()
        .filter_map(|(field, is_missing)| is_missing.then_some(field))
        .collect();
        let (Some(customer), Some(benefit), Some(award), Some(action)) = (customer, benefit, award, action) else {
            return Err(Unrecognised(missing));
        };
        let ground = ground.unwrap_or(ActionGround::Any);
        Ok(Self { customer, benefit, award, action, ground, condition_known })
    }

    /// The customer's opaque reference.
    #[must_use]
    pub fn customer(&self) -> &str {
        &self.customer
    }

    /// The award's opaque reference, or the application's.
    #[must_use]
    pub fn award(&self) -> &str {
        &self.award
    }

    /// What is to be done to it.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// On what ground.
    #[must_use]
    pub fn ground(&self) -> ActionGround {
        self.ground
    }

    /// Whether it states a known condition (ESA 106).
    #[must_use]
    pub fn condition_known(&self) -> bool {
        self.condition_known
    }

    /// Whom it is about, and which benefit.
    #[must_use]
    pub fn subject(&self) -> Subject<'_> {
        Subject { customer: &self.customer, benefit: self.benefit }
    }

    /// The same question under another of the customer's references.
    #[must_use]
    pub fn subject_as<'a>(&self, customer: &'a str) -> Subject<'a> {
        Subject { customer, benefit: self.benefit }
    }
}
