//! What is asked.

use holdfast_contracts::holdfast::{
    common::v1::{Action, ActionGround, Award, Benefit},
    safeguarding::v1 as pb,
};

/// What a payer asks before acting on an award. References are the payer's own opaque ones, 1 to 64 letters, digits and
/// `. _ - :`, and nothing that reads like a National Insurance number. Where a part is empty or unspecified, the answer is always that the action is prohibited; the ground alone
/// may be, and is then judged as any ground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The customer.
    pub customer: String,
    /// The benefit.
    pub benefit: Benefit,
    /// The award; in Access to Work before an award, the application.
    pub award: String,
    /// What is to be done to it.
    pub action: Action,
    /// On what ground.
    pub ground: ActionGround,
    /// You know of a condition or an indicator that could affect the claimant's understanding or compliance (ESA 106): no
    /// sanction or disallowance then before a Core Visit was considered.
    pub condition_known: bool,
}

impl Question {
    /// As the contract carries it, and as it has to come back.
    #[must_use]
    pub fn to_wire(&self) -> pb::Question {
        let Self { customer, benefit, award, action, ground, condition_known } = self;
        let award = Award { customer: customer.clone(), benefit: (*benefit).into(), award: award.clone() };
        let (action, ground) = ((*action).into(), (*ground).into());
        pb::Question { award: Some(award), action, ground, condition_known: *condition_known }
    }

    /// Whether every part is there that an action can be permitted on.
    pub(crate) fn is_whole(&self) -> bool {
        let named = !self.customer.is_empty() && !self.award.is_empty();
        // The contract's 0 is what is not said.
        named && ![i32::from(self.benefit), i32::from(self.action)].contains(&0)
    }
}
