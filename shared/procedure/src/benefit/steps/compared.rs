//! Two pages side by side.

use super::{Part, Rules};
use crate::rule::Rule;

/// One step of two pages.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The part of the procedure it belongs to.
    pub part: Part,
    /// What the step settles.
    pub name: &'static str,
    /// What the one page prescribes.
    pub one: Told,
    /// What the other prescribes.
    pub other: Told,
}

/// What a page prescribes of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What is prescribed, in one sentence.
    pub prescribed: String,
    /// The rules behind it.
    pub rules: Vec<&'static Rule>,
}

impl Compared {
    /// Both prescribe the same, in whichever paragraph they do.
    #[must_use]
    pub fn same(&self) -> bool {
        self.one.prescribed == self.other.prescribed
    }
}

/// Two pages step by step. Both are told in the same steps.
#[must_use]
pub fn compare(one: &Rules, other: &Rules) -> Vec<Compared> {
    let told = |step: super::Step| Told { prescribed: step.prescribed, rules: step.rules };
    let pairs = one.steps().into_iter().zip(other.steps());
    pairs.map(|(one, other)| Compared { part: one.part, name: one.name, one: told(one), other: told(other) }).collect()
}
