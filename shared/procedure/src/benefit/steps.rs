//! A benefit's page told step by step, for people.

use super::{Clause, Prescribed, Rules};
use crate::{
    actor::Role,
    rule::{Rule, rulings::R_NOT_PRESCRIBED},
    visiting::SecondVisit,
};

/// One step of a procedure.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What the step settles.
    pub name: &'static str,
    /// What is prescribed, in one sentence.
    pub prescribed: String,
    /// The rules behind it.
    pub rules: &'static [&'static Rule],
}

/// What a step says where the text is silent.
const NOT_PRESCRIBED: &str = "not prescribed";

/// What it stands on then.
static SILENCE: &[&Rule] = &[&R_NOT_PRESCRIBED];

impl Rules {
    /// The procedure, step by step.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = vec![
            step("Who refers for a visit", &self.referral, titles(self.referral.says)),
            step("When a visit is ineffective", &self.ineffective, {
                self.ineffective.says.iter().map(|ground| ground.title()).collect::<Vec<_>>().join("; ")
            }),
            step("Unsafe area", &self.unsafe_area, "counts as two ineffective visits".to_owned()),
        ];
        steps.extend(self.after_first_visit_steps());
        steps.push(step(
            "Two ineffective visits",
            &self.handover,
            format!("the details are referred back to {} and to the original referrer", titles(self.handover.says)),
        ));
        steps
    }

    fn after_first_visit_steps(&self) -> Vec<Step> {
        let names = ["First visit ineffective", "Contact in time", "No contact in time"];
        let Prescribed::Yes(after) = &self.after_first_visit else {
            let silent = |name| Step { name, prescribed: NOT_PRESCRIBED.to_owned(), rules: SILENCE };
            return names.map(silent).into();
        };
        let letter = &after.letter.says;
        let contact = &after.contact_in_time.says;
        let note = contact.note.as_option().map_or(NOT_PRESCRIBED, |note| note.what);
        let unless = match contact.unless_decided {
            Some(SecondVisit::Needed) => "; it is needed unless they say otherwise",
            Some(SecondVisit::NotNeeded) => "; it is not needed unless they say otherwise",
            None => "",
        };
        vec![
            step(
                names[0],
                &after.letter,
                format!("a letter asks the customer to contact {} within {}", letter.contact.title(), letter.within),
            ),
            step(
                names[1],
                &after.contact_in_time,
                format!(
                    "note of the conversation: {note}; {} tells DWP Visiting whether a second visit is needed{unless}",
                    titles(contact.second_visit_decided_by)
                ),
            ),
            step(names[2], &after.no_contact, "the Visiting Officer attempts another visit".to_owned()),
        ]
    }
}

fn step<T>(name: &'static str, clause: &Clause<T>, prescribed: String) -> Step {
    Step { name, prescribed, rules: clause.rules }
}

fn titles(roles: &[Role]) -> String {
    roles.iter().map(|role| role.title()).collect::<Vec<_>>().join(", ")
}
