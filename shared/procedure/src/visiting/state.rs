//! What the journal of a case amounts to.

use super::{
    event::Event,
    fact::{AddressTrace, Happening, Verdict},
};
use crate::{
    Award, NarrativeRef, Place, Recorded, Role,
    customer::{self, Customer},
    desk::Desk,
    handover::ReferralMade,
    protection::{HoldGround, Own},
};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

mod kept;
mod stage;

use kept::Move;
pub use kept::{
    Decided, Fact, FollowUpDue, FollowUpState, GoodCauseDecided, Handover, Joined, Opened, OpenedBy, Referral,
    Retraction, Window, Withdrawal,
};
pub use stage::Stage;

/// A case at DWP Visiting.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// What the case is about; `None` before it is opened.
    pub opened: Option<Opened>,
    /// The referral; `None` before it is made.
    pub referral: Option<Referral>,
    /// What was recorded, by number, from 1.
    pub facts: BTreeMap<u32, Fact>,
    /// Decisions whether a second visit is needed, in the order they were recorded.
    pub decisions: Vec<Decided>,
    /// What the referrer decided on good cause, the latest; see [`State::good_cause_that_stands`].
    pub good_cause: Option<GoodCauseDecided>,
    /// The withdrawal, if there was one.
    pub withdrawn: Option<Withdrawal>,
    /// What somebody says was recorded in error, until a second person has confirmed or somebody declined it.
    pub retraction: Option<Retraction>,
    /// Later referrals for the same award, in the order they joined.
    pub joined: Vec<Joined>,
    /// Since when the decision maker has decided; `None` before, and once the case is opened again.
    pub decided: Option<DateTime<Utc>>,
    /// What is known of the customer.
    pub customer: Customer,
    /// What was done and assigned of what is owed.
    pub desk: Desk,
    /// The window for contact, once it has opened.
    pub window: Option<Window>,
    /// The follow-up of the referral, where one is set.
    pub follow_up: Option<FollowUpState>,
    /// How far the case has come.
    pub stage: Stage,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// The facts on which the stage rests.
    pub basis: Vec<u32>,
    /// What protects the award at this stage beside an open referral.
    pub holds: Vec<HoldGround>,
    /// The handover, once two visits were ineffective or counted as such; it stays when the case ends after it, and only
    /// a retraction undoes it.
    pub handover: Option<Handover>,
    /// How often a retraction undid a handover.
    pub times_taken_back: u32,
    /// The holds of the case.
    pub protection: Own,
}

/// The award, while a further referral for it would join the case: until the case ends.
#[must_use]
pub fn open_award(state: &State) -> Option<&Award> {
    let opened = state.opened.as_ref().filter(|_| !state.stage.has_ended())?;
    Some(&opened.award)
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

    /// The number of the visit that counts as effective.
    pub(super) fn effective_visit(&self) -> Option<u32> {
        let (number, _) = self.standing_facts().find(|(_, fact)| fact.verdict == Some(Verdict::Effective))?;
        Some(number)
    }

    /// What was decided on good cause after the effective visit that stands. What was decided after a visit that turned
    /// out to be another, or none, says nothing of it (ESA 117).
    #[must_use]
    pub fn good_cause_that_stands(&self) -> Option<&GoodCauseDecided> {
        let visit = self.effective_visit()?;
        self.good_cause.as_ref().filter(|decided| decided.visit == Some(visit))
    }

    /// The facts that stand, in the order in which they happened.
    pub(super) fn in_order(&self) -> impl Iterator<Item = (u32, &Fact)> {
        let mut facts: Vec<_> = self.standing_facts().collect();
        facts.sort_by_key(|(number, fact)| (fact.happening.occurred_at(), *number));
        facts.into_iter()
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
        let (at, by) = (recorded.at, || recorded.by.clone());
        match recorded.event.clone() {
            Event::CaseOpened { award, place, occurred_at, by } => self.open(award, place, occurred_at, by, recorded),
            Event::Referred { award, place, occurred_at, circumstances, late: _, form } => {
                self.open(award, place.clone(), occurred_at, OpenedBy::Referral, recorded);
                self.moved(place, occurred_at, at);
                let (form, version) = (*form, recorded.version.to_owned());
                self.referral = Some(Referral { occurred_at, circumstances, form, by: by(), version });
            }
            Event::ReferralJoined { occurred_at, circumstances, late: _, form } => {
                let made = ReferralMade { by: by(), occurred_at, circumstances };
                self.joined.push(Joined { made, form: *form });
            }
            Event::FactRecorded { fact, happening, narrative, late: _ } => {
                self.take(fact, new_fact(recorded, happening, narrative, None));
            }
            Event::FactCorrected { fact, right, narrative, reason: _ } => {
                if let Some(wrong) = self.facts.get_mut(&fact) {
                    wrong.superseded = true;
                }
                if let Some((number, happening)) = right {
                    self.take(number, new_fact(recorded, happening, narrative, Some(fact)));
                }
                self.find_place();
            }
            Event::SecondVisitDecided { second_visit: what, understanding, reason: _ } => {
                self.decisions.push(Decided { what, understanding, at, by: by() });
            }
            Event::GoodCauseDecided { decision: what, visit, reason } => {
                let visit = visit.or_else(|| self.effective_visit());
                self.good_cause = Some(GoodCauseDecided { what, visit, reason, at, by: by() });
            }
            Event::Withdrawn { ground, reason: _, confirmed } => {
                self.withdrawn = Some(Withdrawal { ground, at, confirmed });
            }
            Event::RetractionAsked { retracting } => self.retraction = Some(Retraction { retracting, at, by: by() }),
            Event::RetractionConfirmed { .. } | Event::RetractionDeclined { .. } => self.retraction = None,
            Event::DecisionNoted { decided } => self.decided = decided.then_some(at),
            Event::Customer(event) => self.learn(&event, recorded),
            Event::Task(event) => self.desk.evolve(event),
            Event::Protection(event) => self.protection.evolve(event, at),
            Event::FactJudged { fact, verdict } => self.judged(fact, verdict),
            Event::ContactWindowOpened { window } | Event::ContactWindowDerivedAgain { window } => {
                self.window = Some(window);
            }
            Event::ContactWindowCancelled => self.window = None,
            Event::FollowUpSet { follow_up: due } => self.follow_up = Some(FollowUpState { due, matured: None }),
            Event::FollowUpMatured { since } => self.matured(since),
            Event::FollowUpEnded => self.follow_up = None,
            Event::StageReached { stage, since, facts, handover_to, holds } => {
                self.reach(stage, since, facts, handover_to);
                self.holds = holds;
            }
        }
    }

    /// Takes in what the case is about. One that was open before its referral stays what it is about.
    fn open(
        &mut self,
        award: Award,
        place: Place,
        occurred_at: DateTime<Utc>,
        how: OpenedBy,
        recorded: &Recorded<'_, Event>,
    ) {
        let (by, version, first) = (recorded.by.clone(), recorded.version.to_owned(), place.clone());
        let (lived, moves) = (Vec::new(), Vec::new());
        self.opened.get_or_insert(Opened { award, place, lived, first, moves, occurred_at, how, by, version });
    }

    /// Takes in that the customer lives elsewhere.
    fn moved(&mut self, place: Place, since: DateTime<Utc>, recorded_at: DateTime<Utc>) {
        if let Some(opened) = self.opened.as_mut().filter(|opened| opened.place != place) {
            opened.moves.push(Move { place, since, recorded_at });
        }
        self.find_place();
    }

    /// Where the customer lives and lived, by every trace that stands and every move.
    fn find_place(&mut self) {
        let traced = self.facts.values().filter(|fact| !fact.superseded).filter_map(|fact| {
            let Happening::AddressTrace(AddressTrace { occurred_at, found: Some(place) }) = &fact.happening else {
                return None;
            };
            Some(Move { place: place.clone(), since: *occurred_at, recorded_at: fact.recorded_at })
        });
        if let Some(opened) = &mut self.opened {
            opened.lives_by(traced);
        }
    }

    fn judged(&mut self, fact: u32, verdict: Verdict) {
        if let Some(fact) = self.facts.get_mut(&fact) {
            fact.verdict = Some(verdict);
        }
    }

    fn matured(&mut self, since: DateTime<Utc>) {
        if let Some(follow_up) = &mut self.follow_up {
            follow_up.matured = Some(since);
        }
    }

    fn reach(&mut self, stage: Stage, since: DateTime<Utc>, facts: Vec<u32>, to: Vec<Role>) {
        match stage {
            // The visits that count now were not decided on before, whatever was decided on others.
            Stage::HandedOver => {
                let anew = self.handover.is_none();
                self.decided = self.decided.filter(|_| !anew);
                let times_taken_back = self.times_taken_back;
                self.handover = Some(Handover { since, facts: facts.clone(), to, times_taken_back });
            }
            // What ends a case after its handover takes nothing of that back.
            Stage::EndedDeath | Stage::EndedDecided => {}
            Stage::ConsiderationDue
            | Stage::TriageDue
            | Stage::ConcernWithSpoc
            | Stage::WithAdviser
            | Stage::ReferralDue
            | Stage::FirstVisitDue
            | Stage::AwaitingContact
            | Stage::SecondVisitUndecided
            | Stage::SecondVisitDue
            | Stage::EndedVisitNotRequired
            | Stage::EndedVisitEffective
            | Stage::EndedNoSecondVisit
            | Stage::EndedWithdrawn => self.times_taken_back += u32::from(self.handover.take().is_some()),
        }
        (self.stage, self.since, self.basis) = (stage, Some(since), facts);
    }

    /// Takes in a fact. An address that was traced is where the customer lives.
    fn take(&mut self, number: u32, fact: Fact) {
        self.facts.insert(number, fact);
        self.find_place();
    }

    /// Takes in what became known of the customer.
    fn learn(&mut self, event: &customer::Event, recorded: &Recorded<'_, Event>) {
        let Some(opened) = &mut self.opened else { return };
        self.customer.evolve(event, recorded.at, recorded.by, &opened.award.customer);
        match &event.fact {
            customer::Fact::Moved { place, occurred_at } => {
                opened.moves.push(Move { place: place.clone(), since: *occurred_at, recorded_at: recorded.at });
                self.find_place();
            }
            customer::Fact::Merged { into } => opened.award.customer.clone_from(into),
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
