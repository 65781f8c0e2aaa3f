//! What the journal of a case amounts to.

use super::{
    event::Event,
    fact::{Happening, SecondVisit, Verdict, WithdrawalGround},
};
use crate::case::{Award, NarrativeRef, Place};
use crate::{Actor, Deadline, Recorded, Role};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A case at DWP Visiting.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// The referral; `None` before the case is opened.
    pub referral: Option<Referral>,
    /// What was recorded, by number, from 1.
    pub facts: BTreeMap<u32, Fact>,
    /// Decisions whether a second visit is needed, in the order they were recorded.
    pub decisions: Vec<Settled<SecondVisit>>,
    /// The withdrawal, if there was one.
    pub withdrawn: Option<Settled<WithdrawalGround>>,
    /// Tasks done in other systems, by key.
    pub completed: BTreeMap<String, Completion>,
    /// The window for contact, once it has opened.
    pub window: Option<Window>,
    /// How far the case has come.
    pub stage: Stage,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// The facts on which the stage rests.
    pub basis: Vec<u32>,
    /// To whom the details are to be referred, once the handover is due.
    pub handover_to: Vec<Role>,
}

/// How the case was opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Referral {
    /// The award the visit is about.
    pub award: Award,
    /// Where.
    pub place: Place,
    /// When it was made.
    pub occurred_at: DateTime<Utc>,
    /// What prompted it.
    pub circumstances: NarrativeRef,
    /// The original referrer.
    pub by: Actor,
    /// The version of the guidance it was made under.
    pub version: String,
}

/// One recorded fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// What happened.
    pub happening: Happening,
    /// The words recorded with it.
    pub narrative: Option<NarrativeRef>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it.
    pub by: Actor,
    /// What the guidance makes of it; `None` where it needs no judgement.
    pub verdict: Option<Verdict>,
    /// The fact it corrects.
    pub corrects: Option<u32>,
    /// A correction took its place, or it never happened.
    pub superseded: bool,
}

/// Something settled by a person at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settled<T> {
    /// What was settled.
    pub what: T,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

/// A task done in another system.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// When it was done.
    pub occurred_at: DateTime<Utc>,
    /// In which system.
    pub system: String,
    /// Under which reference there.
    pub reference: String,
}

/// The time in which the customer may get in touch after the first ineffective visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The visit that opened it.
    pub fact: u32,
    /// When it ends.
    pub ends: Deadline,
    /// Whom the letter asks the customer to contact.
    pub contact: Role,
    /// The version of the guidance that opened it: a running term keeps the version that started it.
    pub version: String,
}

/// How far a case has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The first visit is due.
    #[default]
    FirstVisitDue,
    /// The customer has until the end of the window to get in touch.
    AwaitingContact,
    /// Contact in time; whether a second visit is needed is to be decided.
    SecondVisitUndecided,
    /// A second visit is due.
    SecondVisitDue,
    /// Two visits were ineffective, or count as such.
    HandoverDue,
    /// Ended: the customer was seen.
    EndedVisitEffective,
    /// Ended: contact in time made a second visit unnecessary.
    EndedNoSecondVisit,
    /// Ended: withdrawn.
    EndedWithdrawn,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 8] = [
        Self::FirstVisitDue,
        Self::AwaitingContact,
        Self::SecondVisitUndecided,
        Self::SecondVisitDue,
        Self::HandoverDue,
        Self::EndedVisitEffective,
        Self::EndedNoSecondVisit,
        Self::EndedWithdrawn,
    ];

    /// The stage's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FirstVisitDue => "FIRST_VISIT_DUE",
            Self::AwaitingContact => "AWAITING_CONTACT",
            Self::SecondVisitUndecided => "SECOND_VISIT_UNDECIDED",
            Self::SecondVisitDue => "SECOND_VISIT_DUE",
            Self::HandoverDue => "HANDOVER_DUE",
            Self::EndedVisitEffective => "ENDED_VISIT_EFFECTIVE",
            Self::EndedNoSecondVisit => "ENDED_NO_SECOND_VISIT",
            Self::EndedWithdrawn => "ENDED_WITHDRAWN",
        }
    }

    /// No visit is owed any more: the case has ended, or is to be handed over.
    #[must_use]
    pub fn visits_are_over(self) -> bool {
        match self {
            Self::FirstVisitDue | Self::AwaitingContact | Self::SecondVisitUndecided | Self::SecondVisitDue => false,
            Self::HandoverDue | Self::EndedVisitEffective | Self::EndedNoSecondVisit | Self::EndedWithdrawn => true,
        }
    }
}

impl Stage {
    /// The visits go on, or were ended only by the decision that no second one is needed, which can be taken back.
    pub(super) fn second_visit_is_open(self) -> bool {
        !self.visits_are_over() || self == Self::EndedNoSecondVisit
    }
}

impl State {
    /// The number the next fact gets.
    #[must_use]
    pub fn next_fact(&self) -> u32 {
        self.facts.last_key_value().map_or(1, |(number, _)| number.saturating_add(1))
    }

    /// The facts that stand, by number.
    pub fn standing_facts(&self) -> impl Iterator<Item = (u32, &Fact)> {
        self.facts.iter().filter(|(_, fact)| !fact.superseded).map(|(number, fact)| (*number, fact))
    }

    /// Whether contact in time is on record.
    pub(super) fn contact_in_time(&self) -> bool {
        self.standing_facts().any(|(_, fact)| fact.verdict == Some(Verdict::InTime))
    }

    /// Who leads the case and is to be told of a fact that came to light after two ineffective visits; `None` where
    /// that is whoever recorded it.
    pub(super) fn lead_to_tell(&self, fact: &Fact) -> Option<Role> {
        let after_two = self.stage == Stage::HandoverDue && fact.verdict == Some(Verdict::Afterwards);
        self.handover_to.first().copied().filter(|lead| after_two && fact.by.role != *lead)
    }

    pub(super) fn evolve(&mut self, recorded: &Recorded<'_, Event>) {
        match recorded.event.clone() {
            Event::Referred { award, place, occurred_at, circumstances, late: _ } => {
                let (by, version) = (recorded.by.clone(), recorded.version.to_owned());
                self.referral = Some(Referral { award, place, occurred_at, circumstances, by, version });
            }
            Event::FactRecorded { fact, happening, narrative, late: _ } => {
                self.facts.insert(fact, new_fact(recorded, happening, narrative, None));
            }
            Event::FactCorrected { fact, right, narrative, reason: _ } => {
                if let Some(wrong) = self.facts.get_mut(&fact) {
                    wrong.superseded = true;
                }
                if let Some((number, happening)) = right {
                    self.facts.insert(number, new_fact(recorded, happening, narrative, Some(fact)));
                }
            }
            Event::SecondVisitDecided { second_visit, reason: _ } => {
                self.decisions.push(Settled { what: second_visit, at: recorded.at });
            }
            Event::Withdrawn { ground, reason: _ } => {
                self.withdrawn = Some(Settled { what: ground, at: recorded.at });
            }
            Event::TaskCompleted { key, occurred_at, system, reference, late: _ } => {
                self.completed.insert(key, Completion { occurred_at, system, reference });
            }
            Event::FactJudged { fact, verdict } => {
                if let Some(fact) = self.facts.get_mut(&fact) {
                    fact.verdict = Some(verdict);
                }
            }
            Event::ContactWindowOpened { window } | Event::ContactWindowDerivedAgain { window } => {
                self.window = Some(window);
            }
            Event::ContactWindowCancelled => self.window = None,
            Event::StageReached { stage, since, facts, handover_to } => {
                self.stage = stage;
                self.handover_to = handover_to;
                self.since = Some(since);
                self.basis = facts;
            }
        }
    }
}

fn new_fact(
    recorded: &Recorded<'_, Event>,
    happening: Happening,
    narrative: Option<NarrativeRef>,
    corrects: Option<u32>,
) -> Fact {
    Fact {
        happening,
        narrative,
        recorded_at: recorded.at,
        by: recorded.by.clone(),
        verdict: None,
        corrects,
        superseded: false,
    }
}
