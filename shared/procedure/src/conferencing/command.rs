//! What can be asked for or reported.

use super::fact::{
    ActionResult, ConferenceHeld, ContactHeard, Documentation, Finding, Happening, Marker, Outcome, Participant,
};
use crate::{
    Actor, NarrativeRef, Role, customer, desk,
    handover::{EscalationOutcome, File, TakenBack},
    protection,
};
use chrono::{DateTime, NaiveDate, Utc};

/// What can be asked of a case, or reported about it.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// DWP Visiting hands a case over, or what has come to light about it since.
    Receive(Box<File>),
    /// DWP Visiting takes the case back.
    TakeBack(TakenBack),
    /// Whether the Additional Support marker goes on the case.
    ConsiderSupportMarker {
        /// The decision.
        marker: Marker,
        /// Why.
        reason: NarrativeRef,
    },
    /// One item of the assurance check was looked at.
    RecordFinding {
        /// What came of it.
        finding: Finding,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// Whether further information is required.
    DecideFurtherInformation {
        /// It is.
        required: bool,
        /// What is missing, or why nothing is.
        reason: NarrativeRef,
    },
    /// A conference is called.
    ConveneConference {
        /// For when.
        at: DateTime<Utc>,
        /// Who is asked to take part.
        participants: Vec<Participant>,
    },
    /// A conference took place.
    RecordConference {
        /// The conference.
        conference: ConferenceHeld,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// Somebody is to do something.
    AgreeAction {
        /// What.
        what: NarrativeRef,
        /// Who, by role.
        owner: Role,
        /// By when, where a day was agreed.
        by: Option<NaiveDate>,
    },
    /// What became of an agreed action.
    ReportAction {
        /// Its number.
        action: u32,
        /// What became of it.
        result: ActionResult,
        /// When.
        occurred_at: DateTime<Utc>,
        /// How.
        account: NarrativeRef,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// Somebody got in touch.
    RecordContact {
        /// The contact.
        contact: ContactHeard,
        /// Who heard it while the concern was with safeguarding, which passed it on; `None` where it was heard here.
        passed_on_from: Option<Actor>,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// A fact was recorded wrongly.
    Correct(Correction),
    /// Contact that safeguarding had passed on was recorded wrongly there.
    CorrectPassedOn {
        /// The words of the contact that was wrong, which tell it apart.
        wrong: NarrativeRef,
        /// What is right; `None`: it never happened.
        right: Option<ContactHeard>,
        /// Why it was wrong.
        reason: NarrativeRef,
        /// Who corrected it.
        by: Actor,
    },
    /// Whether there is a safeguarding concern.
    Determine {
        /// Agreed actions were taken and all relevant information was adequately considered.
        satisfied: bool,
        /// There is a concern.
        concern: bool,
        /// Who of the participants in the conference is satisfied; it may be empty where the guidance asks the lead alone.
        assents: Vec<Participant>,
        /// Why.
        reasons: NarrativeRef,
    },
    /// Safeguarding hands back what was done about the concern.
    RecordEscalationOutcome(EscalationOutcome),
    /// The closing note was made.
    RecordClosingNote {
        /// When.
        occurred_at: DateTime<Utc>,
        /// In which system.
        system: String,
        /// Under which reference there.
        reference: String,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// The documentation for whoever decides was gathered.
    AssembleDocumentation {
        /// The documentation.
        documentation: Documentation,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// The file goes back to whoever decides.
    Return,
    /// The informed decision.
    Decide {
        /// What was decided.
        outcome: Outcome,
        /// What was weighed.
        weighed: NarrativeRef,
    },
    /// A reconsideration opens the case again.
    Reopen {
        /// Why.
        reason: NarrativeRef,
    },
    /// Something became known of the customer.
    Customer(customer::Command),
    /// Something was done about a task.
    Desk(desk::Command),
    /// The ledger knows more of a hold than it was told.
    RaiseHold(protection::Raise),
    /// Time has passed.
    LetTimePass,
    /// A newer calendar is in force.
    DeriveTermsAgain,
}

/// A fact was recorded wrongly.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// The number of the wrong fact.
    pub fact: u32,
    /// What is right; `None`: it never happened.
    pub right: Option<Happening>,
    /// Why it was wrong.
    pub reason: NarrativeRef,
}
