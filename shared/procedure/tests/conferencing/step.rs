//! What can be done to a case, in one line each. Times are London readings of the clock, `2026-06-10 12:00`; an empty
//! one is the present instant.

use super::case::{actor, london, words};
use chrono::{DateTime, Utc};
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::conferencing::{
    ActionResult, AssuranceItem, Command, ConferenceHeld, ContactHeard, Deferral, Documentation, Documented, Finding,
    FindingResult, Marker, Outcome, Participant, PartnershipManager, PartnershipManagerConsidered, Party,
};
use holdfast_procedure::customer::{self, DeathEvidence, DeathSource};
use holdfast_procedure::desk::{self, Assignment};
use holdfast_procedure::handover::{EscalationOutcome, File, SafeguardingStep, StepTaken, TakenBack};
use holdfast_procedure::protection::{HoldGround, Raise, Version};
use holdfast_procedure::visiting::{Channel, ContactBy};
use holdfast_procedure::{NarrativeRef, Place, Role};

/// A participant of a conference, and the person.
pub(crate) type There = (Party, &'static str);

pub(crate) const CES: There = (Party::Department(Role::CesTeam), "c.morgan");
pub(crate) const REFERRER: There = (Party::Department(Role::Referrer), "s.khan");
pub(crate) const CEAST: There = (Party::Department(Role::Ceast), "d.reed");
pub(crate) const SPOC: There = (Party::Department(Role::AtwSpoc), "p.webb");
pub(crate) const TEAM_LEADER: There = (Party::Department(Role::TeamLeader), "l.novak");
pub(crate) const HEO: There = (Party::Department(Role::Heo), "h.ellis");

/// Whether the documentation holds safeguarding steps, referrals, the outcome of the conference, subsequent actions.
pub(crate) type Gathered = [bool; 4];

/// Documentation that holds everything.
pub(crate) const EVERYTHING: Gathered = [true; 4];

/// One thing that is done to a case.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// The clock moves to this reading.
    Now(&'static str),
    Receive(fn() -> File),
    /// DWP Visiting takes the case back; what it tells was confirmed then.
    TakeBack(&'static str),
    Support(Marker),
    Find(AssuranceItem, FindingResult, &'static str),
    Further(bool),
    Convene(&'static str),
    Conference(&'static str, &'static [There]),
    /// A conference that considers the partnership manager, and a deferral.
    Considered(&'static str, &'static [There], Option<PartnershipManager>, Option<Deferral>),
    Agree(Role, Option<&'static str>),
    Report(u32, ActionResult, &'static str),
    Contact(&'static str),
    /// Contact that this role heard at safeguarding, which passes it on.
    PassedOn(Role, &'static str),
    /// Whether the lead is satisfied, and whether there is a concern.
    Determine(bool, bool),
    /// Whether there is a concern, once these participants are satisfied.
    Assented(bool, &'static [There]),
    /// Safeguarding hands back what was done.
    Concluded(&'static str),
    Note(&'static str),
    /// The documentation is gathered.
    Gather(&'static str, Gathered),
    /// The lead does what it owes since the case arrived: it makes the note and considers the marker.
    Arrival,
    Return,
    Decide(Outcome),
    Reopen,
    Complete(&'static str, &'static str),
    /// A task is given to this person.
    Assign(&'static str, &'static str),
    /// Somebody says that the customer has died.
    Died(&'static str),
    ConfirmDeath,
    DeathMistaken,
    Moved(Nation),
    Merged(&'static str),
    /// The ledger knows this version of a hold, and whether as released.
    RaiseHold(HoldGround, u64, bool),
    TimePasses,
    /// The step is done by this role rather than by the one that usually does it.
    As(Role, &'static Step),
    /// A late record with its reason.
    Late(&'static Step),
}

use Step::*;

impl Step {
    pub(crate) fn role(&self) -> Role {
        match self {
            As(role, _) => *role,
            Late(step) => step.role(),
            Receive(_) | TakeBack(_) | Concluded(_) | PassedOn(..) | TimePasses | Now(_) | Arrival | RaiseHold(..) => {
                Role::Suite
            }
            Decide(_) | Reopen => Role::CaseManager,
            Died(_) | DeathMistaken | Moved(_) | Merged(_) => Role::Officer,
            ConfirmDeath | Assign(..) => Role::LineManager,
            Gather(..) => Role::Referrer,
            Support(_) | Find(..) | Further(_) | Convene(_) | Conference(..) | Considered(..) | Agree(..)
            | Report(..) | Contact(_) | Determine(..) | Assented(..) | Note(_) | Return | Complete(..) => Role::CesTeam,
        }
    }

    /// When what the step tells of happened, where it says and does not lie ahead by its nature.
    pub(crate) fn at(&self) -> Option<&'static str> {
        let at = match self {
            Now(at) | Find(_, _, at) | Conference(at, _) | Report(_, _, at) | Contact(at) | PassedOn(_, at) => at,
            TakeBack(at)
            | Considered(at, ..)
            | Gather(at, _)
            | Concluded(at)
            | Note(at)
            | Complete(_, at)
            | Died(at) => at,
            As(_, step) | Late(step) => return step.at(),
            Receive(_) | Support(_) | Further(_) | Convene(_) | Agree(..) | Determine(..) | Assented(..) | Return
            | Decide(_) | Reopen | Assign(..) | ConfirmDeath | DeathMistaken | Moved(_) | Merged(_) | TimePasses
            | Arrival | RaiseHold(..) => "",
        };
        (!at.is_empty()).then_some(at)
    }

    pub(crate) fn command(&self, now: DateTime<Utc>) -> Command {
        let late = matches!(self, Late(_)).then(|| words("secret: the officer was ill"));
        match self.inner() {
            As(..) | Late(_) | Now(_) | TimePasses | Arrival => Command::LetTimePass,
            Receive(file) => Command::Receive(Box::new(file())),
            TakeBack(at) => Command::TakeBack(taken_back(when(at, now))),
            Support(marker) => Command::ConsiderSupportMarker { marker, reason: words("secret: marker") },
            Find(item, result, at) => {
                let finding = Finding { item, result, occurred_at: when(at, now), account: words("secret: found") };
                Command::RecordFinding { finding, late_reason: late }
            }
            Further(required) => Command::DecideFurtherInformation { required, reason: words("secret: further") },
            Convene(at) => Command::ConveneConference { at: when(at, now), participants: people(&[CES, REFERRER]) },
            Conference(at, there) => Considered(at, there, None, None).conference(now, late),
            Considered(..) => self.conference(now, late),
            Agree(owner, by) => {
                let by = by.map(|by| by.parse().expect("a day"));
                Command::AgreeAction { what: words("secret: action"), owner, by }
            }
            Report(action, result, at) => {
                let (occurred_at, account) = (when(at, now), words("secret: report"));
                Command::ReportAction { action, result, occurred_at, account, late_reason: late }
            }
            Contact(at) => {
                Command::RecordContact { contact: heard(when(at, now)), passed_on_from: None, late_reason: late }
            }
            PassedOn(role, at) => {
                let passed_on_from = Some(actor(role));
                Command::RecordContact { contact: heard(when(at, now)), passed_on_from, late_reason: None }
            }
            Determine(satisfied, concern) => {
                Command::Determine { satisfied, concern, assents: vec![], reasons: words("secret: why") }
            }
            Assented(concern, assents) => {
                let (assents, reasons) = (people(assents), words("secret: why"));
                Command::Determine { satisfied: true, concern, assents, reasons }
            }
            Concluded(at) => Command::RecordEscalationOutcome(concluded(when(at, now))),
            Note(at) => {
                let (occurred_at, system, reference) = (when(at, now), "PIPCS".to_owned(), "note 7".to_owned());
                Command::RecordClosingNote { occurred_at, system, reference, late_reason: late }
            }
            Gather(at, held) => gathered(when(at, now), held, late),
            Return => Command::Return,
            Decide(outcome) => Command::Decide { outcome, weighed: words("secret: weighed") },
            Reopen => Command::Reopen { reason: words("secret: reconsidered") },
            Complete(..) | Assign(..) => self.at_the_desk(now),
            Died(_) | ConfirmDeath | DeathMistaken | Moved(_) | Merged(_) => self.told(now),
            RaiseHold(ground, known, known_released) => {
                Command::RaiseHold(Raise { ground, known: Version(known), known_released })
            }
        }
    }

    fn conference(&self, now: DateTime<Utc>, late_reason: Option<NarrativeRef>) -> Command {
        let Considered(at, there, manager, deferral) = self.inner() else { unreachable!("{self:?} is no conference") };
        let considered = |decided| PartnershipManagerConsidered { decided, reason: words("secret: manager") };
        let conference = ConferenceHeld {
            occurred_at: when(at, now),
            participants: people(there),
            account: words("secret: facts"),
            partnership_manager: manager.map(considered),
            deferral,
        };
        Command::RecordConference { conference, late_reason }
    }

    fn inner(&self) -> Self {
        if let As(_, step) | Late(step) = self { step.inner() } else { *self }
    }

    fn at_the_desk(&self, now: DateTime<Utc>) -> Command {
        let command = if let Assign(key, person) = self.inner() {
            let to = Assignment { person: Some(person.to_owned()), ..Assignment::default() };
            desk::Command::Assign { key: key.to_owned(), to }
        } else if let Complete(key, at) = self.inner() {
            complete(key, when(at, now))
        } else {
            unreachable!("{self:?} is not done at the desk")
        };
        Command::Desk(command)
    }

    fn told(&self, now: DateTime<Utc>) -> Command {
        let step = self.inner();
        let fact = if let Died(at) = step {
            let (source, account) = (DeathSource::Relative, Some(words("secret: she said so")));
            customer::Fact::DeathReported { occurred_at: when(at, now), source, account }
        } else if let Moved(nation) = step {
            customer::Fact::Moved { place: Place { nation, area: "South".to_owned() }, occurred_at: now }
        } else if let Merged(into) = step {
            customer::Fact::Merged { into: into.to_owned() }
        } else if matches!(step, ConfirmDeath) {
            let (evidence, reference) = (DeathEvidence::Certificate, "D-1".to_owned());
            customer::Fact::DeathConfirmed { evidence, reference }
        } else {
            customer::Fact::DeathReportMistaken { reason: None }
        };
        Command::Customer(customer::Command { fact, passed_on: None })
    }
}

/// The task with this key was done in another system.
pub(crate) fn complete(key: &str, occurred_at: DateTime<Utc>) -> desk::Command {
    let (key, system, reference) = (key.to_owned(), "PIPCS".to_owned(), "note 1".to_owned());
    desk::Command::Complete { key, occurred_at, system, reference, late_reason: None }
}

fn when(at: &str, now: DateTime<Utc>) -> DateTime<Utc> {
    if at.is_empty() { now } else { london(at) }
}

fn people(there: &[There]) -> Vec<Participant> {
    there.iter().map(|(party, person)| Participant { party: *party, person: (*person).to_owned() }).collect()
}

fn heard(occurred_at: DateTime<Utc>) -> ContactHeard {
    let (channel, by) = (Channel::Telephone, ContactBy::Customer);
    ContactHeard { occurred_at, channel, by, account: words("secret: said") }
}

pub(crate) fn concluded(concluded_at: DateTime<Utc>) -> EscalationOutcome {
    let step = SafeguardingStep::ContactAttempted;
    let taken = StepTaken { step, occurred_at: concluded_at, with: "CUSTOMER".to_owned(), narrative: None };
    EscalationOutcome { concluded_at, steps: vec![taken], leader: None, narrative: words("secret: done") }
}

/// What counted as two ineffective visits was recorded in error, as a visiting officer and another person say.
pub(crate) fn taken_back(at: DateTime<Utc>) -> TakenBack {
    let (asked_by, confirmed_by) = (actor(Role::VisitingOfficer), actor(Role::LineManager));
    TakenBack { asked_by, confirmed_by, at, narrative: words("secret: another door") }
}

fn gathered(occurred_at: DateTime<Utc>, held: Gathered, late_reason: Option<NarrativeRef>) -> Command {
    let said = held.map(|held| if held { Documented::Included } else { Documented::None });
    let [safeguarding_steps, referrals, conference_outcome, subsequent_actions] = said;
    let (system, reference) = ("STORE".to_owned(), "folder 7".to_owned());
    let documentation = Documentation {
        occurred_at,
        safeguarding_steps,
        referrals,
        conference_outcome,
        subsequent_actions,
        system,
        reference,
    };
    Command::AssembleDocumentation { documentation, late_reason }
}
