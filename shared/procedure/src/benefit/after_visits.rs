//! What a benefit's guidance prescribes once two visits have been ineffective: who leads, what is checked, who is asked,
//! who decides.

use super::{Clause, Note, Prescribed};
use crate::{
    NoteIn,
    actor::Role,
    conferencing::{AssuranceItem, Gate, Outcome},
    escalation,
    rule::{Rule, rulings::R_NOT_PRESCRIBED},
    term::Term,
};

/// From the handover to the decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conferencing {
    /// Who leads until enquiries are complete.
    pub lead: Clause<Lead>,
    /// The note that keeps others from acting meanwhile.
    pub prescribed_note: Prescribed<Clause<PrescribedNote>>,
    /// Whether to put the Additional Support marker on the case is considered, and decided either way.
    pub support_marker: Prescribed<Clause<()>>,
    /// What the assurance check looks at, at least.
    pub assurance: Clause<&'static [AssuranceItem]>,
    /// The case conference, and when one takes place.
    pub conference: Clause<Conference>,
    /// The conference considers involving the local partnership manager.
    pub partnership_manager: Prescribed<Clause<()>>,
    /// Who has to be satisfied that agreed actions were taken and all relevant information was considered.
    pub satisfied: Clause<Satisfied>,
    /// What is noted of the actions considered and agreed, and by whom.
    pub review_note: Prescribed<Clause<Note>>,
    /// No concern: what comes next.
    pub no_concern: Clause<()>,
    /// A concern: nothing ends and nothing stops until further action has been taken.
    pub concern: Clause<()>,
    /// What puts on record, after all reasonable steps, which were taken.
    pub closing: Clause<Closing>,
    /// Who returns the file to whoever decides.
    pub returning: Clause<Role>,
    /// Who decides, and what they may decide.
    pub decision: Clause<Decision>,
    /// What has to be met before each step.
    pub gates: Gates,
}

/// What has to be met before each step of a case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gates {
    /// Before anybody can be satisfied, and a concern ruled out.
    pub determination: &'static [Gate],
    /// Before a closing record counts: all reasonable steps were taken.
    pub closing: &'static [Gate],
    /// Before the file returns.
    pub returning: &'static [Gate],
    /// Before any decision.
    pub decision: &'static [Gate],
    /// Before a decision that takes something from the customer, beside those.
    pub adverse_decision: &'static [Gate],
}

impl Gates {
    /// Where the lead enquires, and a conference takes place if further information is required.
    pub const BY_LEAD: Self = Self {
        determination: &[
            Gate::AssuranceCheck,
            Gate::FurtherInformation,
            Gate::Conference,
            Gate::ActionsTaken,
            Gate::LaterConsidered,
        ],
        closing: &[
            Gate::Determined,
            Gate::ConcernLookedInto,
            Gate::AssuranceCheck,
            Gate::FurtherInformation,
            Gate::Conference,
            Gate::ActionsTaken,
        ],
        returning: &[
            Gate::PrescribedNote,
            Gate::SupportMarker,
            Gate::AssuranceCheck,
            Gate::FurtherInformation,
            Gate::Conference,
            Gate::ActionsTaken,
            Gate::LaterConsidered,
            Gate::ConcernLookedInto,
            Gate::Determined,
            Gate::ClosingRecord,
        ],
        decision: &[Gate::ActionsTaken],
        adverse_decision: &[Gate::LaterWeighed, Gate::DeathSettled, Gate::VisitsStand],
    };

    /// Where a conference always takes place, and its participants have to be satisfied.
    pub const BY_PARTICIPANTS: Self = Self {
        determination: &[
            Gate::AssuranceCheck,
            Gate::Conference,
            Gate::PartnershipManager,
            Gate::ActionsTaken,
            Gate::LaterConsidered,
            Gate::ParticipantsSatisfied,
        ],
        closing: &[
            Gate::Determined,
            Gate::ConcernLookedInto,
            Gate::AssuranceCheck,
            Gate::Conference,
            Gate::PartnershipManager,
            Gate::ActionsTaken,
            Gate::ReviewNote,
        ],
        returning: &[
            Gate::AssuranceCheck,
            Gate::Conference,
            Gate::PartnershipManager,
            Gate::ActionsTaken,
            Gate::ReviewNote,
            Gate::LaterConsidered,
            Gate::ConcernLookedInto,
            Gate::Determined,
            Gate::ClosingRecord,
        ],
        decision: &[Gate::ActionsTaken],
        adverse_decision: &[Gate::LaterWeighed, Gate::DeathSettled, Gate::VisitsStand],
    };
}

/// Who leads, and what they own meanwhile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lead {
    /// The party.
    pub role: Role,
    /// What they take ownership of, as a task says it.
    pub takes_over: Prescribed<&'static str>,
}

/// The note that keeps others from acting while the lead considers the case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrescribedNote {
    /// Who owes it.
    pub owner: Role,
    /// Where it goes.
    pub place: NotePlace,
    /// What it says after the dates of the visits.
    pub wording: &'static str,
}

/// Where a note goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NotePlace {
    /// Always here, as in "Note PIPCS (…)".
    In(&'static str),
    /// Where the reason for the visit says, as the file tells it.
    ByVisitingReason,
}

impl NotePlace {
    /// The place, as in "Note DISC and ATWIS"; where the file does not say which, both stand for choice.
    #[must_use]
    pub fn title(self, note_in: Option<NoteIn>) -> &'static str {
        match (self, note_in) {
            (Self::In(place), _) => place,
            (Self::ByVisitingReason, Some(note_in)) => note_in.title(),
            (Self::ByVisitingReason, None) => "DISC and/or ATWIS, depending on the visiting reason",
        }
    }
}

/// The case conference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conference {
    /// The two parties that it takes place between, as two persons: the lead, and whoever asked for the visit.
    pub between: [Role; 2],
    /// When it takes place.
    pub held: Held,
    /// Within what time of the finding that it is required, where the guidance says.
    pub within: Option<Term>,
}

/// When a case conference takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Where further information is required, which is decided either way.
    WhereRequired,
    /// Always.
    Always,
}

/// Who has to be satisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Satisfied {
    /// Whoever leads.
    Lead,
    /// The participants in the conference: both of its parties, as two persons.
    Participants,
}

/// What puts on record which steps were taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closing {
    /// What it is.
    pub record: ClosingRecord,
    /// Who owes it.
    pub owner: Role,
    /// What is to be done, in one sentence.
    pub what: &'static str,
    /// When it is owed.
    pub owed: Owed,
}

/// What a closing record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClosingRecord {
    /// A note in the benefit's own system.
    Note,
    /// The documentation for whoever decides.
    Documentation,
}

/// When a closing record is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owed {
    /// Always.
    Always,
    /// Where a concern was identified.
    AfterConcern,
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
    pub contact: Prescribed<Clause<ContactAttempt>>,
    /// When a leader is asked.
    pub leader: Clause<LeaderAsked>,
    /// A date is set on which the next steps are considered after a leader was asked.
    pub review_date: Clause<()>,
    /// Disclosure to relevant authorities in good faith.
    pub disclosure: Prescribed<Clause<()>>,
    /// What agencies find in enquiries of their own is never reported back, nor recorded.
    pub nothing_reported_back: Prescribed<Clause<()>>,
    /// What has to be met before the conclusion, in the order of the guidance.
    pub gates: &'static [escalation::Gate],
}

/// An attempt at contact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContactAttempt {
    /// Within what time a text to the customer promises another call.
    pub call_back: Term,
}

/// When a leader is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaderAsked {
    /// Wherever further guidance or support is needed, which is decided either way.
    WhereNeeded,
    /// Always.
    Always,
}

/// What a step stands on where the text is silent.
static SILENCE: &[&Rule] = &[&R_NOT_PRESCRIBED];

impl<T> Prescribed<Clause<T>> {
    /// The rules behind it; where the text is silent, the ruling that nothing is invented.
    #[must_use]
    pub fn rules(&self) -> &'static [&'static Rule] {
        self.as_option().map_or(SILENCE, |clause| clause.rules)
    }
}
