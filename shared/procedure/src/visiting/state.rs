//! What the journal of a case amounts to.

use super::{
    event::Event,
    fact::{Happening, SecondVisit, Verdict, WithdrawalGround},
};
use crate::{
    Actor, Award, Deadline, NarrativeRef, Place, Recorded, Role,
    customer::{self, Customer},
    desk::Desk,
    handover::ReferralMade,
    protection::Own,
};
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
    /// Later referrals for the same award, in the order they joined.
    pub joined: Vec<ReferralMade>,
    /// Since when the decision maker has decided; `None` before, and once the case is opened again.
    pub decided: Option<DateTime<Utc>>,
    /// What is known of the customer.
    pub customer: Customer,
    /// What was done and assigned of what is owed.
    pub desk: Desk,
    /// The window for contact, once it has opened.
    pub window: Option<Window>,
    /// How far the case has come.
    pub stage: Stage,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// The facts on which the stage rests.
    pub basis: Vec<u32>,
    /// The handover, once two visits were ineffective or counted as such; it stays when the case ends after it.
    pub handover: Option<Handover>,
    /// The holds of the case.
    pub protection: Own,
}

/// Two ineffective visits, and who leads the case since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Since when two visits have been ineffective, or have counted as such.
    pub since: DateTime<Utc>,
    /// The facts that count as two ineffective visits.
    pub facts: Vec<u32>,
    /// To whom the case goes; the first of them leads.
    pub to: Vec<Role>,
}

/// How the case was opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Referral {
    /// The award the visit is about.
    pub award: Award,
    /// Where the customer lives, as far as is known now.
    pub place: Place,
    /// Where they lived before each move, and when that move became known.
    pub lived: Vec<(Place, DateTime<Utc>)>,
    /// When it was made.
    pub occurred_at: DateTime<Utc>,
    /// What prompted it.
    pub circumstances: NarrativeRef,
    /// The original referrer.
    pub by: Actor,
    /// The version of the guidance it was made under.
    pub version: String,
}

impl Referral {
    /// Where the customer lived at an instant, as far as is known now.
    #[must_use]
    pub fn place_at(&self, at: DateTime<Utc>) -> &Place {
        self.lived.iter().find(|(_, moved)| at < *moved).map_or(&self.place, |(place, _)| place)
    }
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
    /// Two visits were ineffective, or count as such, and somebody else leads the case.
    HandedOver,
    /// Ended: the customer was seen.
    EndedVisitEffective,
    /// Ended: contact in time made a second visit unnecessary.
    EndedNoSecondVisit,
    /// Ended: withdrawn.
    EndedWithdrawn,
    /// Ended: a second person verified that the customer has died.
    EndedDeath,
    /// Ended: the decision maker has decided.
    EndedDecided,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 10] = [
        Self::FirstVisitDue,
        Self::AwaitingContact,
        Self::SecondVisitUndecided,
        Self::SecondVisitDue,
        Self::HandedOver,
        Self::EndedVisitEffective,
        Self::EndedNoSecondVisit,
        Self::EndedWithdrawn,
        Self::EndedDeath,
        Self::EndedDecided,
    ];

    /// The stage's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FirstVisitDue => "FIRST_VISIT_DUE",
            Self::AwaitingContact => "AWAITING_CONTACT",
            Self::SecondVisitUndecided => "SECOND_VISIT_UNDECIDED",
            Self::SecondVisitDue => "SECOND_VISIT_DUE",
            Self::HandedOver => "HANDED_OVER",
            Self::EndedVisitEffective => "ENDED_VISIT_EFFECTIVE",
            Self::EndedNoSecondVisit => "ENDED_NO_SECOND_VISIT",
            Self::EndedWithdrawn => "ENDED_WITHDRAWN",
            Self::EndedDeath => "ENDED_DEATH",
            Self::EndedDecided => "ENDED_DECIDED",
        }
    }

    /// No visit is owed any more: the case has ended, or was handed over.
    #[must_use]
    pub fn visits_are_over(self) -> bool {
        self.has_ended() || self == Self::HandedOver
    }

    /// The case has ended.
    #[must_use]
    pub fn has_ended(self) -> bool {
        match self {
            Self::FirstVisitDue
            | Self::AwaitingContact
            | Self::SecondVisitUndecided
            | Self::SecondVisitDue
            | Self::HandedOver => false,
            Self::EndedVisitEffective
            | Self::EndedNoSecondVisit
            | Self::EndedWithdrawn
            | Self::EndedDeath
            | Self::EndedDecided => true,
        }
    }
}

impl Stage {
    /// The visits go on, or were ended only by the decision that no second one is needed, which can be taken back.
    pub(super) fn second_visit_is_open(self) -> bool {
        !self.visits_are_over() || self == Self::EndedNoSecondVisit
    }
}

/// The award, while a further referral for it would join the case: until the case ends.
#[must_use]
pub fn open_award(state: &State) -> Option<&Award> {
    let referral = state.referral.as_ref().filter(|_| !state.stage.has_ended())?;
    Some(&referral.award)
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

    /// What the visits amount to, whatever has ended the case since it was handed over, and the facts that it rests on.
    pub(super) fn visits(&self) -> (Stage, &[u32]) {
        match &self.handover {
            Some(handover) => (Stage::HandedOver, &handover.facts),
            None => (self.stage, &self.basis),
        }
    }

    pub(super) fn evolve(&mut self, recorded: &Recorded<'_, Event>) {
        match recorded.event.clone() {
            Event::Referred { award, place, occurred_at, circumstances, late: _ } => {
                let (by, version) = (recorded.by.clone(), recorded.version.to_owned());
                let lived = Vec::new();
                self.referral = Some(Referral { award, place, lived, occurred_at, circumstances, by, version });
            }
            Event::ReferralJoined { occurred_at, circumstances, late: _ } => {
                self.joined.push(ReferralMade { by: recorded.by.clone(), occurred_at, circumstances });
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
            Event::DecisionNoted { decided } => self.decided = decided.then_some(recorded.at),
            Event::Customer(event) => self.learn(&event, recorded),
            Event::Task(event) => self.desk.evolve(event),
            Event::Protection(event) => self.protection.evolve(event, recorded.at),
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
                self.reach(stage, since, facts, handover_to);
            }
        }
    }

    fn reach(&mut self, stage: Stage, since: DateTime<Utc>, facts: Vec<u32>, handover_to: Vec<Role>) {
        // What ends a case after its handover takes nothing of that back.
        if stage == Stage::HandedOver {
            self.handover = Some(Handover { since, facts: facts.clone(), to: handover_to });
        }
        self.stage = stage;
        self.since = Some(since);
        self.basis = facts;
    }

    /// Takes in what became known of the customer.
    fn learn(&mut self, event: &customer::Event, recorded: &Recorded<'_, Event>) {
        let Some(referral) = &mut self.referral else { return };
        self.customer.evolve(event, recorded.at, recorded.by, &referral.award.customer);
        match &event.fact {
            customer::Fact::Moved { place, occurred_at } => {
                let before = std::mem::replace(&mut referral.place, place.clone());
                referral.lived.push((before, *occurred_at));
            }
            customer::Fact::Merged { into } => referral.award.customer.clone_from(into),
            customer::Fact::DeathReported { .. }
            | customer::Fact::DeathConfirmed { .. }
            | customer::Fact::DeathReportMistaken { .. } => {}
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
