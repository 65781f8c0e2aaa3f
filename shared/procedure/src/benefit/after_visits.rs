//! What a benefit's guidance prescribes once two visits have been ineffective: who leads, what is checked, who is asked,
//! who decides.

use super::{Clause, Note};
use crate::{actor::Role, conferencing::AssuranceItem, conferencing::Outcome, term::Term};

/// From the handover to the decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conferencing {
    /// Who leads and owns the tasks in the benefit's own system until enquiries are complete.
    pub lead: Clause<Lead>,
    /// The note that keeps others from acting meanwhile.
    pub prescribed_note: Clause<PrescribedNote>,
    /// Whether to put the Additional Support marker on the case is considered, and decided either way.
    pub support_marker: Clause<()>,
    /// What the assurance check looks at, at least.
    pub assurance: Clause<&'static [AssuranceItem]>,
    /// The conference where further information is required.
    pub conference: Clause<Conference>,
    /// Agreed actions were taken and all relevant information was considered, to the lead's satisfaction.
    pub satisfied: Clause<()>,
    /// No concern: on to the closing note.
    pub no_concern: Clause<()>,
    /// A concern: nothing ends and nothing stops until further action has been taken.
    pub concern: Clause<()>,
    /// What is noted after all reasonable steps, and by whom.
    pub closing_note: Clause<Note>,
    /// Who decides, and what they may decide.
    pub decision: Clause<Decision>,
}

/// Who leads, and what they own meanwhile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lead {
    /// The party.
    pub role: Role,
    /// What they take ownership of, as a task says it.
    pub takes_over: &'static str,
}

/// The note that keeps others from acting while the lead considers the case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrescribedNote {
    /// Who owes it.
    pub owner: Role,
    /// Where it goes, as in "Note PIPCS (…)".
    pub place: &'static str,
    /// What it says after the dates of the visits.
    pub wording: &'static str,
}

/// The case conference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conference {
    /// The two parties that it takes place between.
    pub between: [Role; 2],
}

/// Who decides, and what they may decide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// The decision maker.
    pub by: Role,
    /// What they may decide.
    pub outcomes: &'static [Outcome],
}

/// What a safeguarding concern asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Escalation {
    /// Contact has to be attempted, through whomever the lead chooses.
    pub contact: Clause<ContactAttempt>,
    /// A leader is asked wherever further guidance or support is needed.
    pub leader: Clause<()>,
    /// A date is set on which the next steps are considered after a leader was asked.
    pub review_date: Clause<()>,
    /// Disclosure to relevant authorities in good faith.
    pub disclosure: Clause<()>,
}

/// An attempt at contact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContactAttempt {
    /// Within what time a text to the customer promises another call.
    pub call_back: Term,
}
