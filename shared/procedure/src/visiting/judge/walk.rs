//! The walk through the facts, in the order in which they happened.

use super::{Judgement, Settled, Weight, after_first_visit, counts, governing, still_runs};
use crate::{
    Context, Deadline, Rule,
    benefit::{AfterFirstVisit, ContactInTime, Rules},
    draft::{Because, Footing},
    protection::HoldGround,
    rule::rulings::{
        R_BROKEN_OFF, R_DEATH_VERIFIED, R_LATER_CONTACT, R_NOT_PRESCRIBED, R_RECORDED_ALWAYS, R_SECOND_PERSON,
        R_TOO_EARLY, R_WITHDRAWAL,
    },
    visiting::{
        fact::{Ground, Happening, Outcome, Verdict},
        state::{Fact, Opened, Referral, Stage, State, Window},
    },
};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

pub(super) struct Walk<'a> {
    pub(super) state: &'a State,
    pub(super) context: &'a Context<'a>,
    opened: &'a Opened,
    referral: &'a Referral,
    /// The window judged before, where it still has to be honoured.
    before: Option<&'a Window>,
    /// The first ineffective visit.
    first: Option<u32>,
    /// Since when contact in time has been on record.
    pub(super) contact_on_record: Option<DateTime<Utc>>,
    /// The last trace before the referral: an address that was found since then takes the place of none.
    traced: Option<u32>,
    pub(super) judgement: Judgement,
}

impl<'a> Walk<'a> {
    pub(super) fn from(
        state: &'a State,
        (opened, referral): (&'a Opened, &'a Referral),
        weight: Weight,
        context: &'a Context<'a>,
    ) -> Self {
        let judgement = Judgement {
            stage: Stage::FirstVisitDue,
            since: referral.occurred_at,
            basis: Vec::new(),
            handover_to: Vec::new(),
            because: Footing::default(),
            window: None,
            verdicts: BTreeMap::new(),
            settled: Settled::default(),
            holds: Vec::new(),
        };
        let honoured = |window: &&Window| weight == Weight::NewFact || still_runs(state, window);
        let before = state.window.as_ref().filter(honoured);
        let (first, contact_on_record) = (None, None);
        let traces = state.in_order().filter(|(_, fact)| matches!(fact.happening, Happening::AddressTrace(_)));
        let traced = traces.filter(|(_, fact)| fact.happening.occurred_at() <= referral.occurred_at).last();
        let traced = traced.map(|(number, _)| number);
        let mut walk = Self { state, context, opened, referral, before, first, contact_on_record, traced, judgement };
        walk.judgement.because = walk.page(referral.occurred_at, |rules| rules.referral.rules).into();
        walk
    }

    /// What the version in force at `at` says, read off its page.
    pub(super) fn page<T: PartialEq + Copy + 'static>(
        &self,
        at: DateTime<Utc>,
        read: impl Fn(&Rules) -> &'static [T],
    ) -> Vec<T> {
        self.version(at).map(|rules| read(rules).to_vec()).unwrap_or_default()
    }

    /// The version in force at `at`; the first there is may have begun only between a fact and the referral.
    fn version(&self, at: DateTime<Utc>) -> Option<&Rules> {
        let in_force = |at| self.context.guidance.in_force(self.opened.award.benefit, at);
        in_force(at).or_else(|| in_force(self.referral.occurred_at)).map(|version| &version.rules)
    }

    /// What the page says that governs contact, which is that of the version that opened the window.
    pub(super) fn contact_rules(&self, at: DateTime<Utc>) -> Option<(ContactInTime, Footing)> {
        let (after, version) = self.running(at)?;
        let rules = after.contact_in_time.rules.to_vec();
        Some((after.contact_in_time.says, Footing { rules, version: Some(version) }))
    }

    /// What governs a window that is running, and the version that says so.
    pub(super) fn running(&self, at: DateTime<Utc>) -> Option<(&AfterFirstVisit, String)> {
        let window = self.judgement.window.as_ref().map(|(window, _)| window);
        let version = governing(self.context.guidance, self.opened.award.benefit, window, at)?;
        Some((version.rules.after_first_visit.as_option()?, version.name.clone()))
    }

    /// The case reaches a stage; what happened before the referral takes effect with it.
    pub(super) fn reach(&mut self, stage: Stage, since: DateTime<Utc>, basis: Vec<u32>, because: impl Into<Footing>) {
        self.judgement.stage = stage;
        self.judgement.since = since.max(self.referral.occurred_at);
        self.judgement.basis = basis;
        self.judgement.because = because.into();
    }

    /// Two visits were ineffective, or count as such: the version in force at `at` says to whom the case goes.
    fn hand_over(&mut self, at: DateTime<Utc>, basis: Vec<u32>, because: Because) {
        let at = at.max(self.referral.occurred_at);
        let because = [because, self.page(at, |rules| rules.handover.rules)].concat();
        self.reach(Stage::HandedOver, at, basis, because);
        self.judgement.handover_to = self.page(at, |rules| rules.handover.says);
    }

    pub(super) fn give(&mut self, fact: u32, verdict: Verdict, because: impl Into<Footing>) {
        self.judgement.verdicts.insert(fact, (verdict, because.into()));
    }

    /// The visits were over when it happened.
    pub(super) fn give_afterwards(&mut self, fact: u32) {
        let handed_over = self.judgement.stage == Stage::HandedOver;
        let because: &'static Rule = if handed_over { &R_LATER_CONTACT } else { &R_RECORDED_ALWAYS };
        self.give(fact, Verdict::Afterwards, vec![because]);
    }

    /// A window that has ended without contact makes the second visit due.
    pub(super) fn let_time_pass(&mut self, to: DateTime<Utc>) {
        let Some((window, _)) = &self.judgement.window else { return };
        let (fact, ended) = (window.fact, window.ends.due.ends_at);
        if self.judgement.stage == Stage::AwaitingContact && ended < to {
            let because = self.running(ended).map(|(after, version)| {
                let rules = after.no_contact.rules.to_vec();
                Footing { rules, version: Some(version) }
            });
            self.reach(Stage::SecondVisitDue, ended, vec![fact], because.unwrap_or_default());
        }
    }

    pub(super) fn take(&mut self, number: u32, fact: &Fact, known_since: DateTime<Utc>) {
        match &fact.happening {
            Happening::Letter(_)
            | Happening::Concern(_)
            | Happening::Consideration(_)
            | Happening::Triage(_)
            | Happening::FollowUp(_)
            | Happening::Booking(_) => {}
            Happening::Visit(_) | Happening::Contact(_) if self.is_of_earlier_referral(number, fact) => {}
            Happening::Contact(contact) => self.take_contact(number, contact, (fact, known_since)),
            happening if !counts(happening, self.judgement.stage) => self.give_afterwards(number),
            Happening::UnsafeArea(area) => self.take_unsafe_area(number, area.occurred_at),
            Happening::AddressTrace(trace) => self.take_trace(number, trace.occurred_at),
            Happening::Visit(visit) => match visit.outcome {
                Outcome::BrokenOff => self.give(number, Verdict::Neither, vec![&R_BROKEN_OFF]),
                Outcome::Effective => {
                    let because = self.page(visit.occurred_at, |rules| rules.ineffective.rules);
                    self.give(number, Verdict::Effective, because.clone());
                    self.reach(Stage::EndedVisitEffective, visit.occurred_at, vec![number], because);
                }
                Outcome::Ineffective { ground: Ground::UnsafeArea, .. } => {
                    self.take_unsafe_area(number, visit.occurred_at);
                }
                Outcome::Ineffective { .. } => self.take_ineffective(number, visit.occurred_at),
            },
        }
    }

    /// Whether it belongs to the visits of an earlier referral, which are over and stay as they were judged.
    fn is_of_earlier_referral(&self, number: u32, fact: &Fact) -> bool {
        let is_before = self.referral.after > 0 && fact.happening.occurred_at() < self.referral.occurred_at;
        is_before || self.state.first_number(number) <= self.referral.after
    }

    fn take_unsafe_area(&mut self, fact: u32, at: DateTime<Utc>) {
        let unsafe_area = self.page(at, |rules| rules.unsafe_area.rules);
        self.count_as_two(fact, at, unsafe_area);
    }

    fn count_as_two(&mut self, fact: u32, at: DateTime<Utc>, because: Because) {
        self.give(fact, Verdict::CountsAsTwo, because.clone());
        let basis = self.first.into_iter().chain([fact]).collect();
        self.hand_over(at, basis, because);
    }

    /// No address could be traced. Before the referral only the last trace speaks of the address that it names, and none
    /// does where the referral names one of which they are confident: that is the one to visit.
    fn take_trace(&mut self, fact: u32, at: DateTime<Utc>) {
        let untraceable = self.page(at, |rules| rules.untraceable.as_option().map_or(&[], |clause| clause.rules));
        let superseded = at <= self.referral.occurred_at && (self.traced != Some(fact) || !self.referral.form.care_of);
        if untraceable.is_empty() || superseded {
            let because: &'static Rule = if superseded { &R_RECORDED_ALWAYS } else { &R_NOT_PRESCRIBED };
            self.give(fact, Verdict::Neither, vec![because]);
        } else {
            self.count_as_two(fact, at, untraceable);
        }
    }

    fn take_ineffective(&mut self, fact: u32, at: DateTime<Utc>) {
        let ineffective = self.page(at, |rules| rules.ineffective.rules);
        match (self.judgement.stage, self.first) {
            // Contact in time lifts the wait for the window's end, whether or not it was decided what follows.
            (Stage::SecondVisitDue | Stage::SecondVisitUndecided, Some(first)) => {
                self.give(fact, Verdict::SecondIneffective, ineffective);
                self.hand_over(at, vec![first, fact], vec![]);
            }
            (_, Some(_)) => self.give(fact, Verdict::TooEarly, vec![&R_TOO_EARLY]),
            (_, None) => {
                self.first = Some(fact);
                self.give(fact, Verdict::FirstIneffective, ineffective.clone());
                self.open_window(fact, at, ineffective);
            }
        }
    }

    fn open_window(&mut self, fact: u32, at: DateTime<Utc>, ineffective: Because) {
        let Some(version) = self.context.guidance.in_force(self.opened.award.benefit, at) else { return };
        // A version that is published later, with effect from before, does not touch a window that has opened.
        let opened = self.before.filter(|before| before.fact == fact && before.ends.from == at);
        let Some(after) = after_first_visit(self.context.guidance, self.opened.award.benefit, opened, at) else {
            // The text prescribes nothing between the visits.
            self.reach(Stage::SecondVisitDue, at, vec![fact], ineffective);
            return;
        };
        let letter = after.letter;
        let fresh = || {
            let term = letter.says.within;
            let due = term.due(at, self.opened.place_at(at).nation, self.context.calendars);
            let ends = Deadline { term, from: at, due };
            Window { fact, ends, contact: letter.says.contact, version: version.name.clone() }
        };
        let window = match (opened, self.before) {
            (Some(opened), _) => opened.clone(),
            (None, Some(before)) => lengthened(fresh(), before),
            (None, None) => fresh(),
        };
        let because = [letter.rules, letter.says.within.reckoned_by()].concat();
        self.judgement.window = Some((window, because.clone()));
        self.reach(Stage::AwaitingContact, at, vec![fact], [ineffective, because].concat());
    }

    /// A withdrawal recorded before a pair of ineffective visits came to light does not undo them. It stands where it
    /// comes to light that no second visit was needed, so that none can fall due on a referral that was withdrawn.
    /// Where a second person has confirmed that there should never have been a referral, it undoes them.
    pub(super) fn withdraw(&mut self, at: DateTime<Utc>, confirmed: bool) {
        if confirmed {
            self.reach(Stage::EndedWithdrawn, at, Vec::new(), vec![&R_WITHDRAWAL, &R_SECOND_PERSON]);
        } else if self.judgement.stage.second_visit_is_open() {
            self.reach(Stage::EndedWithdrawn, at, Vec::new(), vec![&R_WITHDRAWAL]);
        }
    }

    /// What the facts amount to, with what protects the award.
    pub(super) fn judged(mut self) -> Judgement {
        self.judgement.holds = self.holds();
        self.judgement
    }

    /// What protects the award beside an open referral: the visit that is due, until its outcome is known. Contact in
    /// time ends that where nobody asks for confidence, or somebody has it.
    fn holds(&self) -> Vec<HoldGround> {
        let Some(page) = self.version(self.referral.occurred_at) else { return Vec::new() };
        let protects = match self.judgement.stage {
            Stage::FirstVisitDue
            | Stage::AwaitingContact
            | Stage::SecondVisitUndecided
            | Stage::SecondVisitDue
            | Stage::EndedVisitEffective => true,
            Stage::EndedNoSecondVisit => !self.is_confident(),
            Stage::ConsiderationDue
            | Stage::TriageDue
            | Stage::ConcernWithSpoc
            | Stage::WithAdviser
            | Stage::ReferralDue
            | Stage::HandedOver
            | Stage::EndedVisitNotRequired
            | Stage::EndedWithdrawn
            | Stage::EndedDeath
            | Stage::EndedDecided => false,
        };
        page.visit_due.says().copied().filter(|_| protects).into_iter().collect()
    }

    /// A verified death ends the case. It does not undo two ineffective visits: that they were handed over stays so.
    pub(super) fn die(&mut self, at: DateTime<Utc>) {
        if self.judgement.stage != Stage::HandedOver {
            self.reach(Stage::EndedDeath, at, Vec::new(), vec![&R_DEATH_VERIFIED]);
        }
    }
}

/// The customer was told one date; another visit that comes to light must not take days away. But where the visit they
/// were told by was made after the earlier one's window had ended, it is the second, and no window runs from it.
fn lengthened(fresh: Window, before: &Window) -> Window {
    let own_end = fresh.ends.due.ends_at;
    let told_later = own_end < before.ends.due.ends_at && before.ends.from <= own_end;
    if told_later { Window { ends: before.ends.clone(), ..fresh } } else { fresh }
}
