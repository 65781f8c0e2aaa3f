//! What the journal of a case at conferencing amounts to.

use super::{
    event::Event,
    fact::{
        ActionResult, ClosingNote, ConferenceHeld, ContactHeard, Documentation, Fact, Finding, Happening, Marker,
        Outcome, Participant,
    },
    stage::Stage,
    tasks,
};
use crate::{
    Actor, Deadline, NarrativeRef, NoteIn, Recorded, Role,
    customer::Customer,
    desk::{Completion, Desk},
    facts::Facts,
    handover::{EscalationOutcome, File, TakenBack},
    protection::Own,
    term::london_date,
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};

mod corrected;
mod told;

/// A case between the handover and the decision.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// The case as DWP Visiting handed it over; `None` before.
    pub received: Option<ReceivedCase>,
    /// DWP Visiting has taken it back, and not handed it over anew since.
    pub taken_back: Option<TakenBack>,
    /// How often it did.
    pub times_taken_back: usize,
    /// The decision was made when nobody here knew that the case is taken back, and nobody has reopened the case since.
    pub decided_unaware: bool,
    /// Decisions on the Additional Support marker, the latest last.
    pub markers: Vec<Stated<Marker>>,
    /// What people recorded, by number, with what was wrong of it. The lists below hold what stands.
    pub facts: Facts<Fact>,
    /// Facts that were corrected since the decision, and nobody has reopened the case since.
    pub corrected_since_decision: BTreeSet<u32>,
    /// Outcomes that safeguarding corrected after they had come back, by when they were concluded.
    pub corrected_outcomes: Vec<DateTime<Utc>>,
    /// What the assurance check looked at, in the order it was recorded.
    pub findings: Vec<Signed<Finding>>,
    /// Whether further information is required, the latest decision last.
    pub further_information: Vec<Stated<bool>>,
    /// By when the conference takes place that was found to be required, where the guidance says.
    pub conference_by: Option<Deadline>,
    /// By when one was to take place, as it was last found to be required, whether or not it was since.
    pub conference_term: Option<Deadline>,
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
    /// Findings, and conferences that count, recorded since the file has been with whoever decides, by number.
    pub after_return: BTreeSet<u32>,
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
    /// When something was last recorded that safeguarding has to know of, too.
    pub last_new: Option<DateTime<Utc>>,
    /// A conference that counts was recorded since a concern last went to safeguarding.
    pub conferred_since_escalated: bool,
    /// The closing note that stands.
    pub closing_note: Option<ClosingNote>,
    /// The documentation that stands.
    pub documentation: Option<Documentation>,
    /// Since when the file is with whoever decides.
    pub returned_at: Option<DateTime<Utc>>,
    /// A concern was determined since the case was handed over, or opened again.
    pub concern_found: bool,
    /// A concern was determined, and neither ruled out nor followed by a decision since.
    pub concern_stands: bool,
    /// An informed decision was made, whether or not a reconsideration opened it again.
    pub decided_once: bool,
    /// The decision that stands.
    pub decision: Option<Signed<(Outcome, NarrativeRef)>>,
    /// Decisions that a reconsideration opened again, and that reconsideration.
    pub reopened: Vec<Stated<()>>,
    /// How often the file came back from whoever decides, with a reconsideration or with a concern found there, or the case
    /// was handed over anew.
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
    /// Who of the participants in the conference is satisfied.
    pub assents: Vec<Participant>,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
}

impl State {
    /// Where the case is noted, by the reason for the visit, where the file says.
    #[must_use]
    pub fn note_in(&self) -> Option<NoteIn> {
        self.received.as_ref()?.file.note_in
    }

    /// An instant from which on two visits had been ineffective: what was looked at before was not looked at for that.
    #[must_use]
    pub fn is_after_visits(&self, at: DateTime<Utc>) -> bool {
        self.received.as_ref().is_none_or(|received| at >= received.file.since)
    }

    /// This person asked for the visits, and does not stand for whoever leads as well.
    #[must_use]
    pub fn referred(&self, person: &str) -> bool {
        self.received.iter().flat_map(|received| received.file.referrers()).any(|by| by.person == person)
    }

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
        self.counted_conferences().any(since)
    }

    /// The conferences that count, in the order they were recorded. Those that were about visits which were taken back do
    /// not, where the case was handed over anew.
    pub fn counted_conferences(&self) -> impl Iterator<Item = &Signed<ConferenceHeld>> {
        let counted = self.conferences.iter().filter(|(_, counts)| *counts).map(|(held, _)| held);
        counted.filter(|held| self.is_after_visits(held.what.occurred_at))
    }

    /// The note of the actions considered and agreed at the last conference that counts; `None` where it was not made.
    #[must_use]
    pub fn review_note(&self) -> Option<&Completion> {
        self.desk.completed.get(&tasks::review_note_key(self))
    }

    /// What the determination rested on has changed, so that it has to be made once more, unless the file has gone on.
    fn is_to_be_determined_again(&mut self) {
        if self.returned_at.is_none() {
            (self.closing_note, self.documentation) = (None, None);
            if let Some(determination) = &mut self.determination {
                determination.satisfied = false;
            }
        }
    }

    pub(super) fn evolve(&mut self, recorded: &Recorded<'_, Event>) {
        let (at, by) = (recorded.at, recorded.by.clone());
        if recorded.event.is_new_to_safeguarding() {
            (self.new_since_outcome, self.last_new) = (true, Some(at));
        }
        match recorded.event.clone() {
            Event::Received { file } => self.receive(*file, recorded),
            Event::TakenBack { taken } => {
                (self.taken_back, self.decided_unaware) = (Some(taken), self.decision.is_some());
                self.times_taken_back += 1;
            }
            Event::FileUpdated { file, differs: _ } => self.update(*file),
            Event::SupportMarkerConsidered { marker, reason } => {
                self.markers.push(Stated { what: marker, reason, at, by })
            }
            Event::FindingRecorded { fact: _, finding, late: _ } => {
                let counts = self.is_after_visits(finding.occurred_at);
                self.keep_judged(Happening::Finding(finding.clone()), counts, at, &by);
                self.findings.push(Signed { what: finding, at, by });
            }
            Event::FurtherInformationDecided { required, reason, conference_by } => {
                self.conference_term = conference_by.clone().or(self.conference_term.take());
                self.conference_by = conference_by;
                self.further_information.push(Stated { what: required, reason, at, by });
                if required && !self.conference_held() {
                    self.is_to_be_determined_again();
                }
            }
            Event::ConferenceConvened { at, participants } => self.convened.push(Convened { at, participants }),
            Event::ConferenceRecorded { fact: _, conference, counts, late: _ } => {
                self.keep_judged(Happening::Conference(conference.clone()), counts, at, &by);
                self.conferences.push((Signed { what: conference, at, by }, counts));
                self.conferred_since_escalated |= counts;
            }
            Event::ActionAgreed { action, what, owner, by: until } => {
                self.actions.insert(action, Action { what, owner, by: until, agreed_at: at, reports: vec![] });
                self.is_to_be_determined_again();
            }
            Event::ActionReported { .. } => self.report(recorded),
            Event::ContactRecorded { .. } => self.hear_from(recorded),
            Event::FactCorrected { .. } => self.correct(recorded),
            Event::Customer(event) => self.hear(&event, at, &by),
            Event::Task(event) => self.desk.evolve(event),
            Event::Protection(event) => self.protection.evolve(event, at),
            Event::LeadTakenOver { lead } => self.received.iter_mut().for_each(|received| received.file.lead = lead),
            Event::StageReached { stage } => {
                if self.stage != stage || self.since.is_none() {
                    (self.stage, self.since) = (stage, Some(at));
                }
                self.judged_by = recorded.version.to_owned();
            }
            Event::Determined { .. }
            | Event::EscalationConcluded { .. }
            | Event::ClosingNoteRecorded { .. }
            | Event::DocumentationAssembled { .. }
            | Event::Returned
            | Event::Decided { .. }
            | Event::Reopened { .. } => self.evolve_to_decision(recorded),
        }
    }

    /// What leads from the determination to the decision, and back.
    fn evolve_to_decision(&mut self, recorded: &Recorded<'_, Event>) {
        let (at, by) = (recorded.at, recorded.by.clone());
        if let Event::Determined { satisfied, concern, escalates, assents, reasons } = recorded.event.clone() {
            self.determination = Some(Determination { satisfied, concern, reasons, assents, at, by });
            self.concern_stands = concern;
            self.concern_found |= concern;
            // What was noted or returned before rested on another determination.
            self.come_back();
            self.escalated |= escalates;
            self.conferred_since_escalated &= !escalates;
            self.outcome_is_back &= concern && !escalates;
        } else if let Event::EscalationConcluded { outcome } = recorded.event.clone() {
            if self.outcome_is_corrected(&outcome) {
                return;
            }
            if self.escalated {
                // Safeguarding looked into what had been recorded when it concluded.
                self.new_since_outcome = self.last_new.is_some_and(|last| last > outcome.concluded_at);
            }
            self.outcomes.push(outcome);
            self.outcome_is_back |= self.escalated;
            self.escalated = false;
        } else if let Event::ClosingNoteRecorded { fact: _, occurred_at, system, reference, counts, late: _ } =
            recorded.event.clone()
        {
            let note = Happening::ClosingNote(ClosingNote { occurred_at, system, reference });
            self.closes(&note, counts);
            self.keep_judged(note, counts, at, &by);
        } else if let Event::DocumentationAssembled { fact: _, documentation, counts, late: _ } = recorded.event.clone()
        {
            let gathered = Happening::Documentation(documentation);
            self.closes(&gathered, counts);
            self.keep_judged(gathered, counts, at, &by);
        } else if let Event::Decided { outcome, weighed } = recorded.event.clone() {
            self.decision = Some(Signed { what: (outcome, weighed), at, by });
            (self.decided_once, self.decided_unaware, self.concern_stands) = (true, false, false);
            self.corrected_since_decision.clear();
        } else if let Event::Reopened { reason } = recorded.event.clone() {
            self.reopened.push(Stated { what: (), reason, at, by });
            (self.determination, self.outcome_is_back, self.concern_found) = (None, false, false);
            self.come_back();
            (self.decision, self.decided_unaware) = (None, false);
            self.corrected_since_decision.clear();
        } else if matches!(recorded.event, Event::Returned) {
            self.returned_at = Some(at);
        }
    }

    /// What was noted or gathered stands no more, and a file that had gone on is with the lead again.
    fn come_back(&mut self) {
        self.came_back += usize::from(self.returned_at.is_some());
        (self.closing_note, self.documentation, self.returned_at) = (None, None, None);
        self.after_return.clear();
    }
}
