//! What the journal of a case at conferencing amounts to.

use super::{
    event::Event,
    fact::{ActionResult, ConferenceHeld, ContactHeard, Finding, Marker, Outcome, Participant},
};
use crate::{
    Actor, NarrativeRef, Recorded, Role,
    customer::{self, Customer},
    desk::Desk,
    handover::{EscalationOutcome, File},
    protection::Own,
    term::london_date,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A case between the handover and the decision.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// The case as DWP Visiting handed it over; `None` before.
    pub received: Option<ReceivedCase>,
    /// Decisions on the Additional Support marker, the latest last.
    pub markers: Vec<Stated<Marker>>,
    /// What the assurance check looked at, in the order it was recorded.
    pub findings: Vec<Signed<Finding>>,
    /// Whether further information is required, the latest decision last.
    pub further_information: Vec<Stated<bool>>,
    /// Conferences that were called, the latest last.
    pub convened: Vec<Convened>,
    /// Conferences that took place, and whether they count.
    pub conferences: Vec<(Signed<ConferenceHeld>, bool)>,
    /// Agreed actions, by number, from 1.
    pub actions: BTreeMap<u32, Action>,
    /// Contact heard since the handover, in the order it was recorded.
    pub contacts: Vec<Signed<ContactHeard>>,
    /// Facts of the file that came to light after the handover.
    pub came_to_light: BTreeSet<u32>,
    /// The determination that stands.
    pub determination: Option<Determination>,
    /// What safeguarding did, conclusion by conclusion.
    pub outcomes: Vec<EscalationOutcome>,
    /// The concern is with safeguarding.
    pub escalated: bool,
    /// What was done about the concern last determined has come back from there.
    pub outcome_is_back: bool,
    /// Something was recorded since then that safeguarding did not look into.
    pub new_since_outcome: bool,
    /// The closing note that stands.
    pub closing_note: Option<ClosingNote>,
    /// Since when the file is with whoever decides.
    pub returned_at: Option<DateTime<Utc>>,
    /// A concern was determined, and neither ruled out nor followed by a decision since.
    pub concern_stands: bool,
    /// An informed decision was made, whether or not a reconsideration opened it again.
    pub decided_once: bool,
    /// The decision that stands.
    pub decision: Option<Signed<(Outcome, NarrativeRef)>>,
    /// Decisions that a reconsideration opened again, and that reconsideration.
    pub reopened: Vec<Stated<()>>,
    /// How often the file came back from whoever decides: with a reconsideration, or with a concern found there.
    pub came_back: usize,
    /// How far the case has come.
    pub stage: Stage,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// The version of the guidance that says so, and what is owed.
    pub judged_by: String,
    /// What is known of the customer.
    pub customer: Customer,
    /// What was done and assigned of what is owed.
    pub desk: Desk,
    /// The holds of the case.
    pub protection: Own,
}

/// A case as it was handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceivedCase {
    /// Its file, as it is now.
    pub file: File,
    /// When it was received.
    pub at: DateTime<Utc>,
    /// The version of the guidance it was received under.
    pub version: String,
}

/// Something that a person recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Signed<T> {
    /// What.
    pub what: T,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
}

/// Something that a person decided, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated<T> {
    /// What.
    pub what: T,
    /// Why.
    pub reason: NarrativeRef,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
}

/// A conference that was called.
#[derive(Debug, Clone, PartialEq)]
pub struct Convened {
    /// For when.
    pub at: DateTime<Utc>,
    /// Who was asked to take part.
    pub participants: Vec<Participant>,
}

/// An agreed action, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// What is to be done.
    pub what: NarrativeRef,
    /// Who, by role.
    pub owner: Role,
    /// By when, where a day was agreed.
    pub by: Option<NaiveDate>,
    /// When it was agreed.
    pub agreed_at: DateTime<Utc>,
    /// What became of it, so far as it was reported, the latest last.
    pub reports: Vec<Signed<(ActionResult, NarrativeRef)>>,
}

impl Action {
    /// Neither taken nor overtaken by events.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.reports.last().is_none_or(|report| report.what.0 == ActionResult::NotTaken)
    }
}

/// Whether there is a concern, and whether whoever leads is satisfied.
#[derive(Debug, Clone, PartialEq)]
pub struct Determination {
    /// Agreed actions were taken and all relevant information was adequately considered.
    pub satisfied: bool,
    /// There is a concern.
    pub concern: bool,
    /// Why.
    pub reasons: NarrativeRef,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
}

/// The closing note.
#[derive(Debug, Clone, PartialEq)]
pub struct ClosingNote {
    /// When it was made.
    pub occurred_at: DateTime<Utc>,
    /// In which system.
    pub system: String,
    /// Under which reference there.
    pub reference: String,
}

/// How far a case has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The assurance check goes on, and whether further information is required is to be decided.
    #[default]
    Assurance,
    /// Further information is required: a conference is due.
    ConferenceDue,
    /// Everything was looked at: whether there is a concern is to be determined.
    DeterminationDue,
    /// The concern is with safeguarding.
    Escalated,
    /// All reasonable steps were taken: the closing note is due.
    ClosingNoteDue,
    /// The file is to go back to whoever decides.
    ReturnDue,
    /// The file is with whoever decides.
    DecisionDue,
    /// The informed decision was made.
    Decided,
    /// Ended: the customer has died.
    EndedDeath,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 9] = [
        Self::Assurance,
        Self::ConferenceDue,
        Self::DeterminationDue,
        Self::Escalated,
        Self::ClosingNoteDue,
        Self::ReturnDue,
        Self::DecisionDue,
        Self::Decided,
        Self::EndedDeath,
    ];

    /// The stage's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Assurance => "ASSURANCE",
            Self::ConferenceDue => "CONFERENCE_DUE",
            Self::DeterminationDue => "DETERMINATION_DUE",
            Self::Escalated => "ESCALATED",
            Self::ClosingNoteDue => "CLOSING_NOTE_DUE",
            Self::ReturnDue => "RETURN_DUE",
            Self::DecisionDue => "DECISION_DUE",
            Self::Decided => "DECIDED",
            Self::EndedDeath => "ENDED_DEATH",
        }
    }

    /// Whoever leads has the case in hand.
    #[must_use]
    pub fn is_with_lead(self) -> bool {
        match self {
            Self::Assurance
            | Self::ConferenceDue
            | Self::DeterminationDue
            | Self::Escalated
            | Self::ClosingNoteDue
            | Self::ReturnDue => true,
            Self::DecisionDue | Self::Decided | Self::EndedDeath => false,
        }
    }
}

impl State {
    /// The number the next agreed action gets.
    #[must_use]
    pub fn next_action(&self) -> u32 {
        self.actions.last_key_value().map_or(1, |(number, _)| number.saturating_add(1))
    }

    /// Agreed actions that are neither taken nor overtaken by events.
    pub fn open_actions(&self) -> impl Iterator<Item = (u32, &Action)> {
        self.actions.iter().filter(|(_, action)| action.is_open()).map(|(number, action)| (*number, action))
    }

    /// Whether further information is required; `None`: not decided.
    #[must_use]
    pub fn further_information_required(&self) -> Option<bool> {
        self.further_information.last().map(|decided| decided.what)
    }

    /// Since which day, in London, further information has been required, as it was last found.
    #[must_use]
    pub fn required_since(&self) -> Option<NaiveDate> {
        self.further_information.iter().rev().find(|decided| decided.what).map(|decided| london_date(decided.at))
    }

    /// Whether a conference took place between the parties that the guidance names, on the day on which further
    /// information was last found to be required, or after it: what is missing now was not talked about before.
    #[must_use]
    pub fn conference_held(&self) -> bool {
        let required = self.required_since();
        let since =
            |held: &Signed<ConferenceHeld>| required.is_none_or(|day| london_date(held.what.occurred_at) >= day);
        self.conferences.iter().any(|(held, counts)| *counts && since(held))
    }

    /// What the determination rested on has changed, so that it has to be made once more, unless the file has gone on.
    fn is_to_be_determined_again(&mut self) {
        if self.returned_at.is_none() {
            self.closing_note = None;
            if let Some(determination) = &mut self.determination {
                determination.satisfied = false;
            }
        }
    }

    pub(super) fn evolve(&mut self, recorded: &Recorded<'_, Event>) {
        let (at, by) = (recorded.at, recorded.by.clone());
        self.new_since_outcome |= recorded.event.is_new_to_safeguarding();
        match recorded.event.clone() {
            Event::Received { file } => {
                self.received = Some(ReceivedCase { file: *file, at, version: recorded.version.to_owned() });
            }
            Event::FileUpdated { file } => self.update(*file),
            Event::SupportMarkerConsidered { marker, reason } => {
                self.markers.push(Stated { what: marker, reason, at, by })
            }
            Event::FindingRecorded { finding, late: _ } => self.findings.push(Signed { what: finding, at, by }),
            Event::FurtherInformationDecided { required, reason } => {
                self.further_information.push(Stated { what: required, reason, at, by });
                if required && !self.conference_held() {
                    self.is_to_be_determined_again();
                }
            }
            Event::ConferenceConvened { at, participants } => self.convened.push(Convened { at, participants }),
            Event::ConferenceRecorded { conference, counts, late: _ } => {
                self.conferences.push((Signed { what: conference, at, by }, counts));
            }
            Event::ActionAgreed { action, what, owner, by: until } => {
                self.actions.insert(action, Action { what, owner, by: until, agreed_at: at, reports: vec![] });
                self.is_to_be_determined_again();
            }
            Event::ActionReported { action, result, occurred_at: _, account, late: _ } => {
                if let Some(action) = self.actions.get_mut(&action) {
                    action.reports.push(Signed { what: (result, account), at, by });
                }
                if result == ActionResult::NotTaken {
                    self.is_to_be_determined_again();
                }
            }
            Event::ContactRecorded { contact, passed_on_from, late: _ } => {
                self.contacts.push(Signed { what: contact, at, by: passed_on_from.unwrap_or(by) });
            }
            Event::Customer(event) => self.hear(&event, at, &by),
            Event::Task(event) => self.desk.evolve(event),
            Event::Protection(event) => self.protection.evolve(event, at),
            Event::StageReached { stage } => {
                if self.stage != stage || self.since.is_none() {
                    (self.stage, self.since) = (stage, Some(at));
                }
                self.judged_by = recorded.version.to_owned();
            }
            Event::Determined { .. }
            | Event::EscalationConcluded { .. }
            | Event::ClosingNoteRecorded { .. }
            | Event::Returned
            | Event::Decided { .. }
            | Event::Reopened { .. } => self.evolve_to_decision(recorded),
        }
    }

    /// What leads from the determination to the decision, and back.
    fn evolve_to_decision(&mut self, recorded: &Recorded<'_, Event>) {
        let (at, by) = (recorded.at, recorded.by.clone());
        if let Event::Determined { satisfied, concern, escalates, reasons } = recorded.event.clone() {
            self.determination = Some(Determination { satisfied, concern, reasons, at, by });
            self.concern_stands = concern;
            // What was noted or returned before rested on another determination.
            self.come_back();
            self.escalated |= escalates;
            self.outcome_is_back &= concern && !escalates;
        } else if let Event::EscalationConcluded { outcome } = recorded.event.clone() {
            self.outcomes.push(outcome);
            self.outcome_is_back |= self.escalated;
            self.new_since_outcome &= !self.escalated;
            self.escalated = false;
        } else if let Event::ClosingNoteRecorded { occurred_at, system, reference, counts: true, late: _ } =
            recorded.event.clone()
        {
            self.closing_note = Some(ClosingNote { occurred_at, system, reference });
        } else if let Event::Decided { outcome, weighed } = recorded.event.clone() {
            self.decision = Some(Signed { what: (outcome, weighed), at, by });
            (self.decided_once, self.concern_stands) = (true, false);
        } else if let Event::Reopened { reason } = recorded.event.clone() {
            self.reopened.push(Stated { what: (), reason, at, by });
            (self.determination, self.outcome_is_back) = (None, false);
            self.come_back();
            self.decision = None;
        } else if matches!(recorded.event, Event::Returned) {
            self.returned_at = Some(at);
        }
    }

    /// What was noted stands no more, and a file that had gone on is with the lead again.
    fn come_back(&mut self) {
        self.came_back += usize::from(self.returned_at.is_some());
        (self.closing_note, self.returned_at) = (None, None);
    }

    fn update(&mut self, file: File) {
        let Some(received) = &mut self.received else { return };
        let known: BTreeSet<_> = received.file.entries.iter().map(|entry| entry.fact).collect();
        let new = file.entries.iter().map(|entry| entry.fact).filter(|fact| !known.contains(fact));
        self.came_to_light.extend(new);
        // What became known of the customer here is not undone by a file from elsewhere.
        let (award, place) = (received.file.award.clone(), received.file.place.clone());
        let joined = received.file.with_joined(&file.joined);
        received.file = File { award, place, joined, ..file };
    }

    fn hear(&mut self, event: &customer::Event, at: DateTime<Utc>, by: &Actor) {
        let Some(received) = &mut self.received else { return };
        self.customer.evolve(event, at, by, &received.file.award.customer);
        match &event.fact {
            customer::Fact::Moved { place, .. } => received.file.place = place.clone(),
            customer::Fact::Merged { into } => received.file.award.customer.clone_from(into),
            customer::Fact::DeathReported { .. }
            | customer::Fact::DeathConfirmed { .. }
            | customer::Fact::DeathReportMistaken { .. } => {}
        }
    }
}
