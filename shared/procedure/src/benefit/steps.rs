//! A benefit's page told step by step, for people.
//!
//! Every page is told in the same steps, in the same order; a step about which its text is silent says so. So two pages
//! can be set side by side.

use super::{Clause, Prescribed, Rules};
use crate::{
    actor::Role,
    rule::{Rule, rulings::R_NOT_PRESCRIBED},
};
use std::collections::BTreeSet;

mod after_visits;
mod compared;
mod protection;
mod visiting;

pub use compared::{Compared, Told, compare};

/// One step of a procedure.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The part of the procedure it belongs to.
    pub part: Part,
    /// What the step settles.
    pub name: &'static str,
    /// What is prescribed, in one sentence.
    pub prescribed: String,
    /// The rules behind it.
    pub rules: Vec<&'static Rule>,
}

/// A part of a procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// From the referral to the outcome of the visits.
    Visiting,
    /// From the handover until all is known that there is to know.
    Conferencing,
    /// What is done about a safeguarding concern.
    Escalation,
    /// The closing record, the return and the decision.
    Decision,
    /// What must not be done to the award meanwhile.
    Protection,
}

impl Part {
    /// Every part, in order.
    pub const ALL: [Self; 5] = [Self::Visiting, Self::Conferencing, Self::Escalation, Self::Decision, Self::Protection];

    /// The part as a heading says it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Visiting => "Visiting",
            Self::Conferencing => "Case conference",
            Self::Escalation => "Safeguarding concern",
            Self::Decision => "Decision",
            Self::Protection => "Protection of the award",
        }
    }
}

/// What a step says where the text is silent.
const NOT_PRESCRIBED: &str = "not prescribed";

impl Rules {
    /// The procedure, step by step.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = visiting::steps(self);
        steps.extend(after_visits::conferencing(&self.conferencing));
        steps.extend(after_visits::escalation(&self.escalation));
        steps.extend(after_visits::decision(&self.conferencing, self.benefit));
        steps.extend(protection::steps(self.benefit));
        steps
    }
}

/// Makes the steps of one part.
#[derive(Clone, Copy)]
struct Teller(Part);

/// What a text says of a step, and the rules behind it.
type Said = (Vec<&'static Rule>, String);

impl Teller {
    /// A step with what stands behind it. Where that is but the ruling that nothing is invented, the text is silent.
    fn told(self, name: &'static str, (mut rules, prescribed): Said) -> Step {
        let mut seen = BTreeSet::new();
        rules.retain(|rule| seen.insert(rule.id));
        if rules.iter().all(|rule| rule.id == R_NOT_PRESCRIBED.id) {
            return self.silent(name);
        }
        Step { part: self.0, name, prescribed, rules }
    }

    /// A step that texts prescribe.
    fn says<T>(self, name: &'static str, clause: &Clause<T>, prescribed: impl Into<String>) -> Step {
        self.told(name, said(clause, prescribed))
    }

    /// A step about which the text is silent.
    fn silent(self, name: &'static str) -> Step {
        Step { part: self.0, name, prescribed: NOT_PRESCRIBED.to_owned(), rules: vec![&R_NOT_PRESCRIBED] }
    }

    /// A step about which some texts are silent.
    fn may_say<T>(
        self,
        name: &'static str,
        clause: &Prescribed<Clause<T>>,
        prescribed: impl FnOnce(&T) -> String,
    ) -> Step {
        match clause {
            Prescribed::Yes(clause) => self.says(name, clause, prescribed(&clause.says)),
            Prescribed::No => self.silent(name),
        }
    }

    /// Steps about all of which some texts are silent.
    fn may_say_all<T, const N: usize>(
        self,
        names: [&'static str; N],
        page: &Prescribed<T>,
        told: impl FnOnce(&T) -> [Said; N],
    ) -> Vec<Step> {
        match page {
            Prescribed::Yes(page) => {
                names.into_iter().zip(told(page)).map(|(name, said)| self.told(name, said)).collect()
            }
            Prescribed::No => names.map(|name| self.silent(name)).into(),
        }
    }
}

fn said<T>(clause: &Clause<T>, prescribed: impl Into<String>) -> Said {
    (clause.rules.to_vec(), prescribed.into())
}

fn titles(roles: &[Role]) -> String {
    roles.iter().map(|role| role.title()).collect::<Vec<_>>().join(", ")
}
