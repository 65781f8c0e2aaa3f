//! What the journal of a case amounts to.

use super::{
    command::Retracting,
    event::Event,
    fact::{AddressTrace, Ground, Happening, Outcome, Verdict, Visit, WithdrawalGround},
    form::VisitingForm,
};
use crate::{
    Actor, Award, NarrativeRef, Place, Recorded, Role,
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
    /// The referral; `None` before it is made, and once a concern after its effective visit goes back to triage.
    pub referral: Option<Referral>,
    /// The referral that led to an effective visit, while a concern that arose after the visit is triaged.
    pub spent: Option<Referral>,
    /// When the case was referred for the first time: what is recorded of those visits may still come.
    pub referred_first: Option<DateTime<Utc>>,
    /// What was recorded, by number, from 1.
    pub facts: BTreeMap<u32, Fact>,
    /// Decisions whether a second visit is needed, in the order they were recorded.
    pub decisions: Vec<Decided>,
    /// What the referrer decided on good cause, the latest; see [`State::good_cause_that_stands`].
    pub good_cause: Option<GoodCauseDecided>,
    /// The withdrawal, if there was one.
    pub withdrawn: Option<Withdrawal>,
    /// The last fact on record when it was withdrawn.
    pub withdrawn_after: u32,
    /// What somebody says was recorded in error, until a second person has confirmed or somebody declined it.
    pub retraction: Option<Retraction>,
    /// Who asked for what was confirmed just now, until it is put right: it is they who recorded that.
    confirmed: Option<Actor>,
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
        self.last_fact().saturating_add(1)
    }

    /// The number of the last fact on record; 0: there is none.
    fn last_fact(&self) -> u32 {
        self.facts.last_key_value().map_or(0, |(number, _)| *number)
    }

    /// Under which number something was first recorded; a correction takes its place.
    pub(super) fn first_number(&self, number: u32) -> u32 {
        let corrected = |number| self.facts.get(&number).and_then(|fact| fact.corrects);
        std::iter::successors(Some(number), |number| corrected(*number)).last().unwrap_or(number)
    }

    /// The facts that stand, by number.
    pub fn standing_facts(&self) -> impl Iterator<Item = (u32, &Fact)> {
        self.facts.iter().filter(|(_, fact)| !fact.superseded).map(|(number, fact)| (*number, fact))
    }

    /// The number of the visit that counts as effective.
    pub(super) fn effective_visit(&self) -> Option<u32> {
        let (number, _) = self.standing_facts().filter(|(_, fact)| fact.verdict == Some(Verdict::Effective)).last()?;
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

    /// Nobody is to be contacted about this case any more: the customer's death is verified, or there should never have
    /// been a case.
    pub(super) fn ended_in_death_or_error(&self) -> bool {
        let in_error = self.withdrawn.is_some_and(|withdrawn| withdrawn.ground == WithdrawalGround::RecordedInError);
        self.stage == Stage::EndedDeath || (self.stage == Stage::EndedWithdrawn && in_error)
    }

    /// The first ineffective visit, where the letter could not be left at it and has not been posted since. It is owed by
    /// post whatever becomes of the visits, but where the customer was seen or has got in touch: that is what it asks them
    /// for, so that no second visit is needed (PIP 2 and 3; ESA 120 to 122; Access to Work 7 to 9).
    pub(super) fn letter_to_post(&self) -> Option<(u32, &Visit)> {
        let by_contact = |withdrawn: Withdrawal| withdrawn.ground == WithdrawalGround::EffectiveContact;
        let in_touch = match self.stage {
            Stage::EndedVisitEffective | Stage::EndedNoSecondVisit => true,
            Stage::EndedWithdrawn => self.withdrawn.is_some_and(by_contact),
            Stage::ConsiderationDue
            | Stage::TriageDue
            | Stage::ConcernWithSpoc
            | Stage::WithAdviser
            | Stage::ReferralDue
            | Stage::FirstVisitDue
            | Stage::AwaitingContact
            | Stage::SecondVisitUndecided
            | Stage::SecondVisitDue
            | Stage::HandedOver
            | Stage::EndedVisitNotRequired
            | Stage::EndedDeath
            | Stage::EndedDecided => false,
        };
        let referral = self.referral.as_ref().filter(|_| !in_touch && !self.ended_in_death_or_error())?;
        let (fact, first) = self.standing_facts().find(|(number, fact)| {
            fact.verdict == Some(Verdict::FirstIneffective) && self.first_number(*number) > referral.after
        })?;
        let Happening::Visit(visit) = &first.happening else { return None };
        let not_left = match visit.outcome {
            Outcome::Ineffective { ground: Ground::UnsafeArea, .. } | Outcome::Effective | Outcome::BrokenOff => false,
            Outcome::Ineffective { letter_left, .. } => !letter_left,
        };
        let posted = |fact: &Fact| matches!(&fact.happening, Happening::Letter(letter) if letter.occurred_at >= visit.occurred_at);
        let owed = not_left && !self.standing_facts().any(|(_, fact)| posted(fact));
        owed.then_some((fact, visit))
    }

    /// Whether contact in time is on record.
    pub(super) fn contact_in_time(&self) -> bool {
        self.standing_facts().any(|(_, fact)| fact.verdict == Some(Verdict::InTime))
    }

    /// Whether what somebody says was recorded in error still stands, so that another person can confirm it.
    pub(super) fn can_be_confirmed(&self, asked: &Retraction) -> bool {
        match &asked.retracting {
            Retracting::Referral { .. } => true,
            Retracting::Fact(correction) => self.standing_facts().any(|(fact, _)| fact == correction.fact),
        }
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
                self.referred(ReferralMade { by: by(), occurred_at, circumstances }, *form, recorded.version);
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
                let asked_by = self.confirmed.take();
                if let Some((number, happening)) = right {
                    let right = new_fact(recorded, happening, narrative, Some(fact));
                    self.take(number, Fact { by: asked_by.unwrap_or_else(by), ..right });
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
                self.withdrawn_after = self.last_fact();
                self.confirmed = None;
            }
            Event::RetractionAsked { retracting } => self.retraction = Some(Retraction { retracting, at, by: by() }),
            Event::RetractionConfirmed { .. } => self.confirmed = self.retraction.take().map(|asked| asked.by),
            Event::RetractionDeclined { .. } => self.retraction = None,
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

    /// Takes in the referral. One after another that is spent counts what comes from then on.
    fn referred(&mut self, made: ReferralMade, form: VisitingForm, version: &str) {
        let ReferralMade { by, occurred_at, circumstances } = made;
        self.referred_first.get_or_insert(occurred_at);
        let after = if self.spent.take().is_some() { self.last_fact() } else { 0 };
        let version = version.to_owned();
        self.referral = Some(Referral { occurred_at, circumstances, form, by, version, after });
        // What was withdrawn before is not this one.
        self.withdrawn = None;
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
        if stage.is_before_referral() {
            self.spent = self.referral.take().or(self.spent.take());
        } else if self.referral.is_none() {
            self.referral = self.spent.take();
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
        let led_until = self.handover.as_ref().map(|handover| handover.since);
        let leads = |told_at| led_until.is_none_or(|until| told_at < until);
        self.customer.evolve(event, (recorded.at, recorded.by), &opened.award.customer, leads);
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
