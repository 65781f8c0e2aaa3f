//! What differs between benefits, as data: one page each. Deciders read these pages; they never ask which benefit it is.

use crate::{
    actor::Role,
    protection::HoldGround,
    rule::Rule,
    term::Term,
    visiting::{Gate, Ground, SecondVisit},
};
use serde::{Deserialize, Serialize};

pub mod access_to_work;
mod after_visits;
mod before_visits;
pub mod esa;
pub mod pip;
mod steps;
pub mod universal_credit;

pub use after_visits::{
    Closing, ClosingRecord, Conference, Conferencing, ContactAttempt, Decision, Escalation, Gates, Held, Lead,
    LeaderAsked, NotePlace, Owed, PrescribedNote, Satisfied,
};
pub use before_visits::{Confidence, Considering, CoreVisit, FollowingUp, Triaging};
pub use steps::{Compared, Part, Step, Told, compare};

/// The benefits whose guidance the suite carries out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Benefit {
    /// Personal Independence Payment.
    Pip,
    /// Employment and Support Allowance.
    Esa,
    /// Universal Credit.
    UniversalCredit,
    /// Access to Work.
    AccessToWork,
}

/// What one version of one benefit's guidance prescribes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// The benefit.
    pub benefit: Benefit,
    /// A visit is considered before a sanction or a disallowance.
    pub consideration: Prescribed<Considering>,
    /// A concern is triaged before any referral.
    pub triage: Prescribed<Triaging>,
    /// Who may refer for a visit.
    pub referral: Clause<&'static [Role]>,
    /// What has to be met before a referral, the items of its form among it.
    pub before_referral: &'static [Clause<Gate>],
    /// What protects the award while a visit is due, beside a concern.
    pub visit_due: Prescribed<Clause<HoldGround>>,
    /// Somebody looks again, where nothing has come back of a referral.
    pub follow_up: Prescribed<Clause<FollowingUp>>,
    /// What is established and arranged where the customer is seen.
    pub core_visit: Prescribed<CoreVisit>,
    /// The outcome of an effective visit goes back to whoever referred.
    pub returned: Clause<()>,
    /// On which grounds a visit is ineffective.
    pub ineffective: Clause<&'static [Ground]>,
    /// An unsafe area counts as two ineffective visits.
    pub unsafe_area: Clause<()>,
    /// That no address can be traced at which the customer lives counts as two ineffective visits.
    pub untraceable: Prescribed<Clause<()>>,
    /// What follows the first ineffective visit, before a second is due.
    pub after_first_visit: Prescribed<AfterFirstVisit>,
    /// To whom the details are referred after two ineffective visits; the original referrer is always told.
    pub handover: Clause<&'static [Role]>,
    /// That they are referred to the original referrer too.
    pub to_original_referrer: Prescribed<Clause<()>>,
    /// From the handover to the decision.
    pub conferencing: Conferencing,
    /// What a safeguarding concern asks for.
    pub escalation: Escalation,
}

/// What follows the first ineffective visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AfterFirstVisit {
    /// The letter left at the address.
    pub letter: Clause<Letter>,
    /// What contact within the letter's term requires.
    pub contact_in_time: Clause<ContactInTime>,
    /// No contact within the term: another visit is attempted without anybody asking for it.
    pub no_contact: Clause<()>,
}

/// The letter left after the first ineffective visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Letter {
    /// Whom it asks the customer to contact.
    pub contact: Role,
    /// Within what time of the visit.
    pub within: Term,
}

/// What contact in time requires.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContactInTime {
    /// The note of the conversation that is owed in another system.
    pub note: Prescribed<Note>,
    /// Who tells DWP Visiting whether a second visit is needed.
    pub second_visit_decided_by: &'static [Role],
    /// What holds where nobody has said; `None`: the decision is owed.
    pub unless_decided: Option<SecondVisit>,
    /// Whether whoever spoke with the customer is confident of their understanding.
    pub confidence: Prescribed<Clause<Confidence>>,
}

/// A note owed in another system.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Note {
    /// Who owes it.
    pub owner: Role,
    /// What is to be done, in one sentence.
    pub what: &'static str,
}

/// Something the guidance says, with the paragraphs that say it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clause<T: 'static> {
    /// What it says.
    pub says: T,
    /// The rules behind it; the first is the one that tasks cite.
    pub rules: &'static [&'static Rule],
}

/// Something the guidance may be silent about. Where it is silent nothing is invented.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Prescribed<T> {
    /// The guidance prescribes this.
    Yes(T),
    /// The guidance is silent.
    No,
}

impl<T> Prescribed<T> {
    /// What is prescribed, if anything is.
    #[must_use]
    pub fn as_option(&self) -> Option<&T> {
        match self {
            Self::Yes(prescribed) => Some(prescribed),
            Self::No => None,
        }
    }
}
