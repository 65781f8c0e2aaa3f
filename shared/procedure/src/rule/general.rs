//! What the guidance and the 2020 letter require of every benefit.

use super::{Proof, Rule, Service, Source, Standing, Strength};

/// What identifies and classes a paragraph, in the order in which [`Rule`] has it.
type Head = (&'static str, &'static str, Strength, Service, Proof, Standing);

/// One paragraph of this source, for every benefit.
const fn rule((id, paragraph, strength, service, proof, standing): Head, requires: &'static str) -> Rule {
    let (benefit, source) = (None, Source::CommitteeLetter);
    Rule { id, benefit, source, paragraph, strength, service, proof, standing, requires }
}

/// Head of the PIP guidance, and likewise of the Access to Work and ESA guidance.
pub static GEN_1: Rule = Rule {
    source: Source::PipGuidance,
    ..rule(
        (
            "GEN-1",
            "head, as in the Access to Work and ESA guidance",
            Strength::Must,
            Service::All,
            Proof::Derived,
            Standing::InForce,
        ),
        "Guidance changes over time, so each action is judged by the version that applies when the action is taken, \
         not by the one that applied when the case was opened. Every recorded event says which version it was judged \
         by.",
    )
};

/// Letter, question 1.
pub static GEN_2: Rule = rule(
    ("GEN-2", "Q1", Strength::MustNot, Service::Safeguarding, Proof::CheckProhibited, Standing::InForce),
    "Where there is a concern about the customer, do not stop a payment until every reasonable route has been tried, \
     and escalating the case to a Safeguarding Leader is one of those routes.",
);

/// Letter, questions 5 and 6.
pub static GEN_3: Rule = rule(
    ("GEN-3", "Q5-6", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "A family has to tell us of a death only once. From that report on every system takes it into account and stops \
     contacting the customer.",
);

/// Letter, question 12.
pub static GEN_4: Rule = rule(
    ("GEN-4", "Q12", Strength::May, Service::Conferencing, Proof::Recorded, Standing::InForce),
    "Health and social services may join a case conference and help to consider what should happen next.",
);

/// Every rule of this source, in its order.
pub static RULES: &[&Rule] = &[&GEN_1, &GEN_2, &GEN_3, &GEN_4];
