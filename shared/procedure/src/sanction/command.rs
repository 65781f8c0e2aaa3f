//! What can be asked for or reported.

use super::{
    fact::{Conference, Decided, Explanation, Failure, Happening, Invitation, Withdrawal},
    state::Stage,
};
use crate::{NarrativeRef, Rule, customer, desk, protection::Hold};
use chrono::{DateTime, Utc};

/// What can be asked of a case about a failed requirement, or reported about it.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// A claimant failed a requirement. Where the failure has a case already, this is that case's.
    RecordFailure {
        /// The failure.
        failure: Box<Failure>,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
        /// The cases of the award, as they are when this is decided.
        others: Vec<Other>,
    },
    /// A case conference about it took place.
    HoldConference {
        /// The conference.
        conference: Conference,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// The claimant is referred for a sanction.
    Refer {
        /// Why.
        reason: NarrativeRef,
    },
    /// The claimant was invited to explain.
    Invite {
        /// The invitation.
        invitation: Invitation,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// The claimant explained, or no answer came.
    RecordExplanation {
        /// The explanation.
        explanation: Explanation,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// Whether a sanction is warranted.
    Decide {
        /// The decision.
        decided: Decided,
        /// The holds of conferencing's own that are known to stand on the award, or on the customer's awards of the
        /// benefit, as they are when this is decided: to decide on a sanction is among the actions that they guard
        /// against (R-ACTIONS).
        holds: Vec<Hold>,
        /// What the check of protection, which knows what every service holds, says to a sanction at that moment.
        check: Check,
    },
    /// The claimant asks for the decision to be reconsidered.
    Reconsider {
        /// Why.
        reason: NarrativeRef,
    },
    /// Something recorded was wrong.
    Correct(Correction),
    /// The case is not pursued.
    Withdraw(Withdrawal),
    /// Something became known of the customer.
    Customer(customer::Command),
    /// Something was done about a task.
    Desk(desk::Command),
}

/// What the check of protection says to a sanction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// It permits one.
    Permits,
    /// The award is held: each case that holds it, and the rules behind that.
    Held(Vec<(String, Vec<&'static Rule>)>),
    /// It was not asked, did not answer, or could not say. No sanction is decided on that.
    CannotSay,
}

/// A correction of a fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// The fact that is wrong.
    pub fact: u32,
    /// What is right; `None`: it never happened.
    pub right: Option<Happening>,
    /// Why it was wrong.
    pub reason: NarrativeRef,
    /// The other cases of the award, as they are when this is decided; looked up where a failure is corrected.
    pub others: Vec<Other>,
}

/// A case about a failed requirement of the same award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// Its reference.
    pub case: String,
    /// When the requirement was failed.
    pub failed_at: DateTime<Utc>,
    /// How far it has come.
    pub stage: Stage,
}

impl Other {
    /// Whether it is the case of a failure at this instant. One that was withdrawn bars no other.
    pub(super) fn has(&self, failed_at: DateTime<Utc>) -> bool {
        self.failed_at == failed_at && self.stage != Stage::EndedWithdrawn
    }
}
