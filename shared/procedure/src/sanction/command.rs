//! What can be asked for or reported.

use super::fact::{Conference, Decided, Explanation, Failure, Invitation};
use crate::{NarrativeRef, customer, desk, protection::Hold};

/// What can be asked of a case about a failed requirement, or reported about it.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// A claimant failed a requirement.
    RecordFailure {
        /// The failure.
        failure: Box<Failure>,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
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
        /// The holds that are known to stand on the award, or on the customer's awards of the benefit, as they are when
        /// this is decided: to decide on a sanction is among the actions that they guard against (R-ACTIONS).
        holds: Vec<Hold>,
    },
    /// The claimant asks for the decision to be reconsidered.
    Reconsider {
        /// Why.
        reason: NarrativeRef,
    },
    /// Something became known of the customer.
    Customer(customer::Command),
    /// Something was done about a task.
    Desk(desk::Command),
}
