//! Holds and questions to test with.

use holdfast_procedure::protection::{
    Action, ActionGround, Asked, Change, DatabaseIdentity, Hold, HoldGround, HoldKey, Question, Unrecognised,
};
use holdfast_procedure::{Award, Benefit, Workload};

pub(crate) const HOME: DatabaseIdentity = DatabaseIdentity { system: 7, timeline: 1 };
pub(crate) const LEDGER: DatabaseIdentity = DatabaseIdentity { system: 9, timeline: 1 };

pub(crate) fn award(customer: &str, benefit: Benefit, award: &str) -> Award {
    Award { customer: customer.to_owned(), benefit, award: award.to_owned() }
}

/// A hold on `A-1`, the PIP award of `C-1`, placed by visiting.
pub(crate) fn placed(ground: HoldGround) -> Hold {
    on(ground, award("C-1", Benefit::Pip, "A-1"))
}

pub(crate) fn on(ground: HoldGround, award: Award) -> Hold {
    Hold::placed(HoldKey { case: "V-1".to_owned(), ground }, award, Vec::new(), Workload::Visiting)
}

pub(crate) fn asked(award: &Award, action: Action, ground: ActionGround) -> Result<Question, Unrecognised> {
    Question::of(Asked {
        customer: Some(award.customer.clone()),
        benefit: Some(award.benefit),
        award: Some(award.award.clone()),
        action: Some(action),
        ground: Some(ground),
        condition_known: false,
    })
}

pub(crate) fn question(customer: &str, benefit: Benefit, reference: &str) -> Question {
    asked(&award(customer, benefit, reference), Action::Stop, ActionGround::Any).unwrap()
}

pub(crate) fn change(hold: &Hold) -> Change {
    Change { hold: hold.clone(), from: hold.holder, sent_from: HOME }
}
