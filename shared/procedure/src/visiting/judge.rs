//! What the facts of a case together amount to, told in the order in which they happened.
//!
//! The walk starts from the referral and knows nothing of the order of recording. Three things temper it, all in the
//! customer's favour: a window that has opened does not move closer by itself; a term keeps the calendar and the
//! version of the guidance that started it; and once two visits are judged ineffective, a fact that comes to light
//! later changes nothing about them, only a correction does.

use super::{
    fact::{Contact, ContactBy, Ground, Happening, Outcome, SecondVisit, Verdict},
    state::{Fact, Referral, Stage, State, Window},
};
use crate::{
    Benefit, Context, Deadline, Role, Rule,
    benefit::{AfterFirstVisit, ContactInTime, Rules},
    draft::{Because, Footing},
    guidance::{Guidance, Version},
    rule::rulings::{
        R_BROKEN_OFF, R_DEATH_VERIFIED, R_LATER_CONTACT, R_NOT_PRESCRIBED, R_RECORDED_ALWAYS, R_TOO_EARLY, R_WITHDRAWAL,
    },
};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// What the facts amount to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judgement {
    pub(super) stage: Stage,
    pub(super) since: DateTime<Utc>,
    pub(super) basis: Vec<u32>,
    /// To whom the case is handed over.
    pub(super) handover_to: Vec<Role>,
    pub(super) because: Footing,
    pub(super) window: Option<(Window, Because)>,
    pub(super) verdicts: BTreeMap<u32, (Verdict, Footing)>,
}

/// How much of the judgement before has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// A fact came to light: what protects the customer stays.
    NewFact,
    /// A fact was wrong: everything that rested on it is judged anew.
    Correction,
}

/// Judges a case as a whole, up to the present instant.
pub(super) fn judge(state: &State, weight: Weight, context: &Context<'_>) -> Option<Judgement> {
    let mut walk = Walk::from(state, state.referral.as_ref()?, weight, context);
    for (at, step) in in_order(state) {
        walk.let_time_pass(at);
        match step {
            Step::Fact(number, fact) => walk.take(number, fact, known_since(state, fact)),
            Step::Decision { what, recorded_at } => walk.decide(what, at, recorded_at),
            Step::Withdrawal => walk.withdraw(at),
            Step::Death => walk.die(at),
        }
    }
    walk.let_time_pass(context.now);
    Some(walk.judgement)
}

enum Step<'a> {
    Fact(u32, &'a Fact),
    Decision { what: SecondVisit, recorded_at: DateTime<Utc> },
    Withdrawal,
    Death,
}

/// What follows the first ineffective visit: as the version says that opened the window, or else as the one in force.
pub(super) fn after_first_visit<'a>(
    guidance: &'a Guidance,
    benefit: Benefit,
    window: Option<&Window>,
    at: DateTime<Utc>,
) -> Option<&'a AfterFirstVisit> {
    governing(guidance, benefit, window, at)?.rules.after_first_visit.as_option()
}

/// The version that governs what follows the first ineffective visit.
fn governing<'a>(
    guidance: &'a Guidance,
    benefit: Benefit,
    window: Option<&Window>,
    at: DateTime<Utc>,
) -> Option<&'a Version> {
    let opened_by = window.and_then(|window| guidance.versions().find(|version| version.name == window.version));
    opened_by.or_else(|| guidance.in_force(benefit, at))
}

/// What stands, in the order it happened; what was decided, withdrawn or verified took effect when it was recorded.
fn in_order(state: &State) -> Vec<(DateTime<Utc>, Step<'_>)> {
    let of_visits = state.standing_facts().filter(|(_, fact)| fact.happening.is_about_visits());
    let facts = of_visits.map(|(number, fact)| (fact.happening.occurred_at(), Step::Fact(number, fact)));
    let decisions = state.decisions.iter().map(|decision| {
        let step = Step::Decision { what: decision.what, recorded_at: decision.at };
        (took_effect(state, decision.at), step)
    });
    let withdrawal = state.withdrawn.iter().map(|withdrawn| (took_effect(state, withdrawn.at), Step::Withdrawal));
    let confirmed_at = state.customer.death.as_ref().and_then(|death| death.confirmed_at);
    let death = confirmed_at.map(|at| (took_effect(state, at), Step::Death));
    let mut steps: Vec<_> = facts.chain(decisions).chain(withdrawal).chain(death).collect();
    steps.sort_by_key(|(at, _)| *at);
    steps
}

/// When something settled at `at` takes its place: after everything that was on record then, even what a caller's
/// clock put a little ahead of ours.
fn took_effect(state: &State, at: DateTime<Utc>) -> DateTime<Utc> {
    let of_visits = state.standing_facts().filter(|(_, fact)| fact.happening.is_about_visits());
    let on_record = of_visits.filter(|(_, fact)| fact.recorded_at <= at);
    let latest = on_record.map(|(_, fact)| fact.happening.occurred_at()).max();
    let referred = state.referral.as_ref().map(|referral| referral.occurred_at);
    [latest, referred].into_iter().flatten().fold(at, DateTime::max)
}

/// Since when a fact has been on record, corrections of it included.
fn known_since(state: &State, fact: &Fact) -> DateTime<Utc> {
    let mut first = fact;
    while let Some(corrected) = first.corrects.and_then(|number| state.facts.get(&number)) {
        first = corrected;
    }
    first.recorded_at
}

/// Whether the visit that a window runs from still stands as one that opens a window.
fn still_runs(state: &State, window: &Window) -> bool {
    state.standing_facts().any(|(_, fact)| {
        let Happening::Visit(visit) = &fact.happening else { return false };
        let opens = match visit.outcome {
            Outcome::Ineffective { ground, .. } => ground != Ground::UnsafeArea,
            Outcome::Effective | Outcome::BrokenOff => false,
        };
        opens && visit.occurred_at == window.ends.from
    })
}

/// Whether a visit, or an area found unsafe, still counts. After it was decided that no second visit is needed, it
/// does where it shows that the customer was seen after all, or that nobody can call.
fn counts(happening: &Happening, stage: Stage) -> bool {
    if stage != Stage::EndedNoSecondVisit {
        return !stage.visits_are_over();
    }
    match happening {
        Happening::UnsafeArea(_) => true,
        Happening::Visit(visit) => match visit.outcome {
            Outcome::Effective => true,
            Outcome::Ineffective { ground, .. } => ground == Ground::UnsafeArea,
            Outcome::BrokenOff => false,
        },
        Happening::Letter(_) | Happening::Contact(_) | Happening::Concern(_) => false,
    }
}

struct Walk<'a> {
    context: &'a Context<'a>,
    referral: &'a Referral,
    /// The window judged before, where it still has to be honoured.
    before: Option<&'a Window>,
    /// The first ineffective visit.
    first: Option<u32>,
    /// Since when contact in time has been on record.
    contact_on_record: Option<DateTime<Utc>>,
    judgement: Judgement,
}

impl<'a> Walk<'a> {
    fn from(state: &'a State, referral: &'a Referral, weight: Weight, context: &'a Context<'a>) -> Self {
        let judgement = Judgement {
            stage: Stage::FirstVisitDue,
            since: referral.occurred_at,
            basis: Vec::new(),
            handover_to: Vec::new(),
            because: Footing::default(),
            window: None,
            verdicts: BTreeMap::new(),
        };
        let honoured = |window: &&Window| weight == Weight::NewFact || still_runs(state, window);
        let before = state.window.as_ref().filter(honoured);
        let mut walk = Self { context, referral, before, first: None, contact_on_record: None, judgement };
        walk.judgement.because = walk.page(referral.occurred_at, |rules| rules.referral.rules).into();
        walk
    }

    /// What the version in force at `at` says, read off its page.
    fn page<T: PartialEq + Copy + 'static>(&self, at: DateTime<Utc>, read: impl Fn(&Rules) -> &'static [T]) -> Vec<T> {
        self.version(at).map(|rules| read(rules).to_vec()).unwrap_or_default()
    }

    /// The version in force at `at`; the first there is may have begun only between a fact and the referral.
    fn version(&self, at: DateTime<Utc>) -> Option<&Rules> {
        let in_force = |at| self.context.guidance.in_force(self.referral.award.benefit, at);
        in_force(at).or_else(|| in_force(self.referral.occurred_at)).map(|version| &version.rules)
    }

    /// What the page says that governs contact, which is that of the version that opened the window.
    fn contact_rules(&self, at: DateTime<Utc>) -> Option<(ContactInTime, Footing)> {
        let (after, version) = self.running(at)?;
        let rules = after.contact_in_time.rules.to_vec();
        Some((after.contact_in_time.says, Footing { rules, version: Some(version) }))
    }

    /// What governs a window that is running, and the version that says so.
    fn running(&self, at: DateTime<Utc>) -> Option<(&AfterFirstVisit, String)> {
        let window = self.judgement.window.as_ref().map(|(window, _)| window);
        let version = governing(self.context.guidance, self.referral.award.benefit, window, at)?;
        Some((version.rules.after_first_visit.as_option()?, version.name.clone()))
    }

    /// The case reaches a stage; what happened before the referral takes effect with it.
    fn reach(&mut self, stage: Stage, since: DateTime<Utc>, basis: Vec<u32>, because: impl Into<Footing>) {
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

    fn give(&mut self, fact: u32, verdict: Verdict, because: impl Into<Footing>) {
        self.judgement.verdicts.insert(fact, (verdict, because.into()));
    }

    /// The visits were over when it happened.
    fn give_afterwards(&mut self, fact: u32) {
        let handed_over = self.judgement.stage == Stage::HandedOver;
        let because: &'static Rule = if handed_over { &R_LATER_CONTACT } else { &R_RECORDED_ALWAYS };
        self.give(fact, Verdict::Afterwards, vec![because]);
    }

    /// A window that has ended without contact makes the second visit due.
    fn let_time_pass(&mut self, to: DateTime<Utc>) {
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

    fn take(&mut self, number: u32, fact: &Fact, known_since: DateTime<Utc>) {
        match &fact.happening {
            Happening::Letter(_) | Happening::Concern(_) => {}
            Happening::Contact(contact) => self.take_contact(number, contact, known_since),
            happening if !counts(happening, self.judgement.stage) => self.give_afterwards(number),
            Happening::UnsafeArea(area) => self.take_unsafe_area(number, area.occurred_at),
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

    fn take_unsafe_area(&mut self, fact: u32, at: DateTime<Utc>) {
        let unsafe_area = self.page(at, |rules| rules.unsafe_area.rules);
        self.give(fact, Verdict::CountsAsTwo, unsafe_area.clone());
        let basis = self.first.into_iter().chain([fact]).collect();
        self.hand_over(at, basis, unsafe_area);
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
        let Some(version) = self.context.guidance.in_force(self.referral.award.benefit, at) else { return };
        // A version that is published later, with effect from before, does not touch a window that has opened.
        let opened = self.before.filter(|before| before.fact == fact && before.ends.from == at);
        let Some(after) = after_first_visit(self.context.guidance, self.referral.award.benefit, opened, at) else {
            // The text prescribes nothing between the visits.
            self.reach(Stage::SecondVisitDue, at, vec![fact], ineffective);
            return;
        };
        let letter = after.letter;
        let fresh = || {
            let term = letter.says.within;
            let due = term.due(at, self.referral.place_at(at).nation, self.context.calendars);
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

    fn take_contact(&mut self, fact: u32, contact: &Contact, known_since: DateTime<Utc>) {
        let (at, stage) = (contact.occurred_at, self.judgement.stage);
        let third_party = contact.by == ContactBy::ThirdParty;
        let in_time = self.judgement.window.as_ref().is_some_and(|(window, _)| at <= window.ends.due.ends_at);
        // That no second visit is needed can be taken back, so further contact in time still counts.
        let counts = in_time && !third_party && stage == Stage::EndedNoSecondVisit;
        if stage.visits_are_over() && !counts {
            return self.give_afterwards(fact);
        }
        let Some((rules, because)) = self.contact_rules(at) else {
            return self.give(fact, Verdict::NotInTime, vec![&R_NOT_PRESCRIBED]);
        };
        if third_party {
            return self.give(fact, Verdict::NotTheCustomer, because);
        }
        if !in_time {
            return self.give(fact, Verdict::NotInTime, because);
        }
        self.contact_on_record = self.contact_on_record.into_iter().chain([known_since]).min();
        self.give(fact, Verdict::InTime, because.clone());
        // A decision already made stays until it is made anew.
        let undecided = stage == Stage::AwaitingContact;
        match contact.second_visit.or(rules.unless_decided.filter(|_| undecided)) {
            Some(second_visit) => self.settle(second_visit, at, vec![fact], because),
            None if undecided => self.reach(Stage::SecondVisitUndecided, at, vec![fact], because),
            None => {}
        }
    }

    /// A decision is about contact on record when it was made, not about another that comes to light later.
    fn decide(&mut self, second_visit: SecondVisit, at: DateTime<Utc>, recorded_at: DateTime<Utc>) {
        let about = self.contact_on_record.is_some_and(|on_record| on_record <= recorded_at);
        if about && self.judgement.stage.second_visit_is_open() {
            // A decision is judged by the version in force when it is recorded.
            let because = self.contact_rules(at).map(|(_, because)| because.rules).unwrap_or_default();
            let basis = self.judgement.basis.clone();
            self.settle(second_visit, at, basis, because);
        }
    }

    fn settle(&mut self, second_visit: SecondVisit, at: DateTime<Utc>, basis: Vec<u32>, because: impl Into<Footing>) {
        let stage = match second_visit {
            SecondVisit::Needed => Stage::SecondVisitDue,
            SecondVisit::NotNeeded => Stage::EndedNoSecondVisit,
        };
        self.reach(stage, at, basis, because);
    }

    /// A withdrawal recorded before a pair of ineffective visits came to light does not undo them. It stands where it
    /// comes to light that no second visit was needed, so that none can fall due on a referral that was withdrawn.
    fn withdraw(&mut self, at: DateTime<Utc>) {
        if self.judgement.stage.second_visit_is_open() {
            self.reach(Stage::EndedWithdrawn, at, Vec::new(), vec![&R_WITHDRAWAL]);
        }
    }

    /// A verified death ends the case. It does not undo two ineffective visits: that they were handed over stays so.
    fn die(&mut self, at: DateTime<Utc>) {
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
