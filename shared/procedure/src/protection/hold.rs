//! What keeps an award from being acted on, and what makes it stop doing so.

use super::{Action, ActionGround, Subject, basis};
use crate::{Award, Rule, Workload};
use serde::{Deserialize, Serialize};

/// The hold-worthy facts: why an award is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldGround {
    /// A visiting referral is open; no concern is on record (R-OPEN-REFERRAL). Prohibits nothing: it is told.
    OpenReferral,
    /// A concern is on record while a visiting referral is open (GEN-2).
    ConcernOnRecord,
    /// Two visits were ineffective, or count as two (PIP 6 and its sisters).
    TwoIneffectiveVisits,
    /// A concern was determined (PIP 14 and its sisters).
    ConcernDetermined,
    /// The decision is reconsidered (R-RECONSIDERATION).
    Reconsideration,
    /// A condition or an indicator is known, and no Core Visit was considered yet (ESA 106).
    ConditionKnown,
    /// A Core Visit is due and its outcome not known (ESA 112).
    CoreVisitDue,
    /// One that this build has no name for, by its number on the wire, and never by one that has a name. It prohibits
    /// everything (GEN-2). Whoever stores grounds stores their numbers, so that a later build reads it by its name.
    Other(i32),
}

/// What a hold is known by: each ground of a case is held and released by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HoldKey {
    /// The case's reference; the same in every service that the case passes through.
    pub case: String,
    /// Why.
    pub ground: HoldGround,
}

/// How often a hold has changed: 1 when it is first placed, one more with each change, whoever makes it. It travels
/// with the handover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub u64);

impl Version {
    /// A hold's first.
    pub const FIRST: Self = Self(1);

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// Why a hold was released (R-HOLD-UNTIL). Time is not among the reasons (R-NO-LAPSE).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The decision maker's informed decision is recorded.
    InformedDecision,
    /// The outcome of an effective visit is back with the referrer.
    EffectiveVisit,
    /// Contact in time made the second visit unnecessary.
    ContactInTime,
    /// A second person verified the customer's death.
    VerifiedDeath,
    /// The referral was validly withdrawn; or it, or the concern, was recorded in error.
    Withdrawn,
    /// Another hold of the same case, which prohibits at least as much, has taken its place and was delivered first.
    Replaced,
    /// A Core Visit was considered, or its outcome is known (ESA 106, 112).
    VisitConsidered,
}

/// Whether a hold stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// It protects.
    Standing,
    /// It protects no more. What is left is a tombstone, so that a late copy cannot raise it again.
    Released {
        /// Why.
        why: Why,
    },
}

impl Standing {
    /// Whether it protects.
    #[must_use]
    pub fn protects(self) -> bool {
        match self {
            Self::Standing => true,
            Self::Released { .. } => false,
        }
    }
}

/// Which actions a hold prohibits, and on which of the payer's grounds. Data of the hold, so that whoever answers needs
/// no table of grounds.
///
/// There is no way to write an action or a ground here that this build has no name for. Whoever reads one off the wire
/// makes it [`Prohibits::everything`]: what is not understood prohibits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prohibits {
    /// These actions; none: the hold is only told.
    pub actions: Vec<Action>,
    /// Only where the payer acts on one of these; `None`: whatever the payer acts on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_on: Option<Vec<ActionGround>>,
}

impl Prohibits {
    /// Every action, whatever the payer acts on.
    #[must_use]
    pub fn everything() -> Self {
        Self { actions: Action::ALL.to_vec(), only_on: None }
    }

    /// Whether it prohibits an action on a ground. Any ground may be one of those that are meant (R-GROUND-NAMED).
    #[must_use]
    pub fn covers(&self, action: Action, ground: ActionGround) -> bool {
        let on = |only: &Vec<ActionGround>| ground == ActionGround::Any || only.contains(&ground);
        self.actions.contains(&action) && self.only_on.as_ref().is_none_or(on)
    }

    /// Whether it prohibits at least what another does.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        let actions = other.actions.iter().all(|action| self.actions.contains(action));
        let on = match (&self.only_on, &other.only_on) {
            (None, _) => true,
            (Some(_), None) => other.actions.is_empty(),
            (Some(own), Some(others)) => others.iter().all(|ground| own.contains(ground)),
        };
        actions && on
    }
}

/// A hold on an award, as of its latest change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// What it is known by.
    pub key: HoldKey,
    /// How often it has changed.
    pub version: Version,
    /// The award visited about (R-HOLD-ON).
    pub award: Award,
    /// References under which the customer was known before.
    pub formerly: Vec<String>,
    /// The service that alone may change it.
    pub holder: Workload,
    /// Whether it stands.
    #[serde(flatten)]
    pub state: Standing,
    /// The rules it stands on; the first is the one that answers cite.
    pub rules: Vec<&'static Rule>,
    /// What it prohibits.
    pub prohibits: Prohibits,
}

impl Hold {
    /// A hold placed for the first time by `holder`, with what the guidance of its benefit says of its ground.
    #[must_use]
    pub fn placed(key: HoldKey, award: Award, formerly: Vec<String>, holder: Workload) -> Self {
        let basis = basis(award.benefit, key.ground);
        let (rules, prohibits) = (basis.rules, basis.prohibits);
        Self { key, version: Version::FIRST, award, formerly, holder, state: Standing::Standing, rules, prohibits }
    }

    /// The same hold as its receiver places it on a handover: one version on, and the receiver's alone from now on.
    #[must_use]
    pub fn taken_over(&self, holder: Workload) -> Self {
        Self { version: self.version.next(), holder, state: Standing::Standing, ..self.clone() }
    }

    /// The same hold, placed again one version on: on a reopening, or after a change of what it says.
    #[must_use]
    pub fn placed_again(&self) -> Self {
        Self { version: self.version.next(), state: Standing::Standing, ..self.clone() }
    }

    /// The same hold released, one version on.
    #[must_use]
    pub fn released(&self, why: Why) -> Self {
        Self { version: self.version.next(), state: Standing::Released { why }, ..self.clone() }
    }

    /// The same hold above a version that the ledger turned out to know already.
    #[must_use]
    pub fn raised_above(&self, known: Version) -> Self {
        Self { version: known.max(self.version).next(), ..self.clone() }
    }

    /// Every reference of the customer's that it knows.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [self.award.customer.as_str()].into_iter().chain(self.formerly.iter().map(String::as_str))
    }

    /// Whom it is on, and which benefit.
    #[must_use]
    pub fn subject(&self) -> Subject<'_> {
        Subject { customer: &self.award.customer, benefit: self.award.benefit }
    }
}
