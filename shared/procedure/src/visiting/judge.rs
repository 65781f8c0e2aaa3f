//! What the facts of a case together amount to, told in the order in which they happened.
//!
//! The walk starts from the referral and knows nothing of the order of recording. Three things temper it, all in the
//! customer's favour: a window that has opened does not move closer by itself; a term keeps the calendar and the
//! version of the guidance that started it; and two ineffective visits, once judged, are not undone by a fact that
//! comes to light later, only by a correction.

use super::{
    fact::{Contact, ContactBy, Ground, Happening, Outcome, SecondVisit, Verdict},
    state::{Referral, Stage, State, Window},
};
use crate::{
    Context, Deadline, Rule,
    benefit::{ContactInTime, Rules},
    rule::rulings::{R_BROKEN_OFF, R_LATER_CONTACT, R_TOO_EARLY, R_WITHDRAWAL},
};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// The rules that a judgement stands on.
pub(super) type Because = Vec<&'static Rule>;

/// What the facts amount to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judgement {
    pub(super) stage: Stage,
    pub(super) since: DateTime<Utc>,
    pub(super) basis: Vec<u32>,
    pub(super) because: Because,
    pub(super) window: Option<(Window, Because)>,
    pub(super) verdicts: BTreeMap<u32, (Verdict, Because)>,
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
pub(super) fn judge(state: &State, referral: &Referral, weight: Weight, context: &Context<'_>) -> Judgement {
    let mut walk = Walk::from(state, referral, weight, context);
    for (at, step) in in_order(state) {
        walk.let_time_pass(at);
        match step {
            Step::Fact(number, happening) => walk.take(number, happening),
            Step::Decision(second_visit) => walk.decide(second_visit, at),
            Step::Withdrawal => walk.withdraw(at),
        }
    }
    walk.let_time_pass(context.now);
    walk.judgement
}

enum Step<'a> {
    Fact(u32, &'a Happening),
    Decision(SecondVisit),
    Withdrawal,
}

/// What stands, in the order it happened; what was decided or withdrawn took effect when it was recorded.
fn in_order(state: &State) -> Vec<(DateTime<Utc>, Step<'_>)> {
    let facts = state
        .standing_facts()
        .map(|(number, fact)| (fact.happening.occurred_at(), Step::Fact(number, &fact.happening)));
    let decisions = state.decisions.iter().map(|decision| (decision.at, Step::Decision(decision.what)));
    let withdrawal = state.withdrawn.iter().map(|withdrawn| (withdrawn.at, Step::Withdrawal));
    let mut steps: Vec<_> = facts.chain(decisions).chain(withdrawal).collect();
    steps.sort_by_key(|(at, _)| *at);
    steps
}

struct Walk<'a> {
    context: &'a Context<'a>,
    referral: &'a Referral,
    /// The window judged before, where it still has to be honoured.
    before: Option<&'a Window>,
    weight: Weight,
    /// The first ineffective visit.
    first: Option<u32>,
    /// Contact was made in time.
    contact_in_time: bool,
    judgement: Judgement,
}

impl<'a> Walk<'a> {
    fn from(state: &'a State, referral: &'a Referral, weight: Weight, context: &'a Context<'a>) -> Self {
        let judgement = Judgement {
            stage: Stage::FirstVisitDue,
            since: referral.occurred_at,
            basis: Vec::new(),
            because: Vec::new(),
            window: None,
            verdicts: BTreeMap::new(),
        };
        let before = state.window.as_ref();
        let mut walk = Self { context, referral, before, weight, first: None, contact_in_time: false, judgement };
        walk.judgement.because = walk.page(referral.occurred_at, |rules| rules.referral.rules);
        walk
    }

    /// What the version in force at `at` says, read off its page.
    fn page<T: PartialEq + Copy + 'static>(&self, at: DateTime<Utc>, read: impl Fn(&Rules) -> &'static [T]) -> Vec<T> {
        self.version(at).map(|rules| read(rules).to_vec()).unwrap_or_default()
    }

    fn version(&self, at: DateTime<Utc>) -> Option<&Rules> {
        self.context.guidance.in_force(self.referral.award.benefit, at).map(|version| &version.rules)
    }

    /// The page that governs contact: the one that opened the window.
    fn contact_rules(&self, at: DateTime<Utc>) -> Option<(ContactInTime, Because)> {
        let opened_by = self.judgement.window.as_ref().map(|(window, _)| window.version.as_str());
        let version = match opened_by {
            Some(name) => self.context.guidance.versions().find(|version| version.name == name),
            None => self.context.guidance.in_force(self.referral.award.benefit, at),
        };
        let clause = version?.rules.after_first_visit.as_option()?.contact_in_time;
        Some((clause.says, clause.rules.to_vec()))
    }

    fn reach(&mut self, stage: Stage, since: DateTime<Utc>, basis: Vec<u32>, because: Because) {
        self.judgement.stage = stage;
        self.judgement.since = since;
        self.judgement.basis = basis;
        self.judgement.because = because;
    }

    fn give(&mut self, fact: u32, verdict: Verdict, because: Because) {
        self.judgement.verdicts.insert(fact, (verdict, because));
    }

    /// A window that has ended without contact makes the second visit due.
    fn let_time_pass(&mut self, to: DateTime<Utc>) {
        let Some((window, _)) = &self.judgement.window else { return };
        let (fact, ended) = (window.fact, window.ends.due.ends_at);
        if self.judgement.stage == Stage::AwaitingContact && ended < to {
            let because = self.page(ended, |rules| match rules.after_first_visit.as_option() {
                Some(after) => after.no_contact.rules,
                None => &[],
            });
            self.reach(Stage::SecondVisitDue, ended, vec![fact], because);
        }
    }

    fn take(&mut self, fact: u32, happening: &Happening) {
        match happening {
            Happening::Letter(_) => {}
            Happening::Contact(contact) => self.take_contact(fact, contact),
            _ if self.judgement.stage.visits_are_over() => {
                self.give(fact, Verdict::Afterwards, vec![&R_LATER_CONTACT]);
            }
            Happening::UnsafeArea(area) => self.take_unsafe_area(fact, area.occurred_at),
            Happening::Visit(visit) => match visit.outcome {
                Outcome::BrokenOff => self.give(fact, Verdict::Neither, vec![&R_BROKEN_OFF]),
                Outcome::Effective => {
                    let because = self.page(visit.occurred_at, |rules| rules.ineffective.rules);
                    self.give(fact, Verdict::Effective, because.clone());
                    self.reach(Stage::EndedVisitEffective, visit.occurred_at, vec![fact], because);
                }
                Outcome::Ineffective { ground: Ground::UnsafeArea, .. } => {
                    self.take_unsafe_area(fact, visit.occurred_at);
                }
                Outcome::Ineffective { .. } => self.take_ineffective(fact, visit.occurred_at),
            },
        }
    }

    fn take_unsafe_area(&mut self, fact: u32, at: DateTime<Utc>) {
        let unsafe_area = self.page(at, |rules| rules.unsafe_area.rules);
        self.give(fact, Verdict::CountsAsTwo, unsafe_area.clone());
        let basis = self.first.into_iter().chain([fact]).collect();
        let because = [unsafe_area, self.page(at, |rules| rules.handover.rules)].concat();
        self.reach(Stage::HandoverDue, at, basis, because);
    }

    fn take_ineffective(&mut self, fact: u32, at: DateTime<Utc>) {
        let ineffective = self.page(at, |rules| rules.ineffective.rules);
        match (self.judgement.stage, self.first) {
            (Stage::SecondVisitDue, Some(first)) => {
                self.give(fact, Verdict::SecondIneffective, ineffective);
                let because = self.page(at, |rules| rules.handover.rules);
                self.reach(Stage::HandoverDue, at, vec![first, fact], because);
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
        let Some(after) = version.rules.after_first_visit.as_option() else {
            // The text prescribes nothing between the visits.
            self.reach(Stage::SecondVisitDue, at, vec![fact], ineffective);
            return;
        };
        let letter = after.letter;
        let fresh = || {
            let term = letter.says.within;
            let due = term.due(at, self.referral.place.nation, self.context.calendars);
            let ends = Deadline { term, from: at, due };
            Window { fact, ends, contact: letter.says.contact, version: version.name.clone() }
        };
        let window = match self.before {
            Some(before) if before.fact == fact && before.ends.from == at => before.clone(),
            Some(before) if self.weight == Weight::NewFact => lengthened(fresh(), before),
            Some(_) | None => fresh(),
        };
        let because = letter.rules.to_vec();
        self.judgement.window = Some((window, because.clone()));
        self.reach(Stage::AwaitingContact, at, vec![fact], [ineffective, because].concat());
    }

    fn take_contact(&mut self, fact: u32, contact: &Contact) {
        if self.judgement.stage.visits_are_over() {
            return self.give(fact, Verdict::Afterwards, vec![&R_LATER_CONTACT]);
        }
        let at = contact.occurred_at;
        let Some((rules, because)) = self.contact_rules(at) else {
            return self.give(fact, Verdict::NotInTime, Vec::new());
        };
        if contact.by == ContactBy::ThirdParty {
            return self.give(fact, Verdict::NotTheCustomer, because);
        }
        let in_time = self.judgement.window.as_ref().is_some_and(|(window, _)| at <= window.ends.due.ends_at);
        if !in_time {
            return self.give(fact, Verdict::NotInTime, because);
        }
        self.contact_in_time = true;
        self.give(fact, Verdict::InTime, because.clone());
        match contact.second_visit.or(rules.unless_decided) {
            Some(second_visit) => self.settle(second_visit, at, vec![fact], because),
            // A decision already made stays until it is made anew.
            None if self.judgement.stage == Stage::AwaitingContact => {
                self.reach(Stage::SecondVisitUndecided, at, vec![fact], because);
            }
            None => {}
        }
    }

    fn decide(&mut self, second_visit: SecondVisit, at: DateTime<Utc>) {
        if self.contact_in_time && !self.judgement.stage.visits_are_over() {
            let because = self.contact_rules(at).map(|(_, because)| because).unwrap_or_default();
            let basis = self.judgement.basis.clone();
            self.settle(second_visit, at, basis, because);
        }
    }

    fn settle(&mut self, second_visit: SecondVisit, at: DateTime<Utc>, basis: Vec<u32>, because: Because) {
        let stage = match second_visit {
            SecondVisit::Needed => Stage::SecondVisitDue,
            SecondVisit::NotNeeded => Stage::EndedNoSecondVisit,
        };
        self.reach(stage, at, basis, because);
    }

    /// A withdrawal recorded before a pair of ineffective visits came to light does not undo them.
    fn withdraw(&mut self, at: DateTime<Utc>) {
        if !self.judgement.stage.visits_are_over() {
            self.reach(Stage::EndedWithdrawn, at, Vec::new(), vec![&R_WITHDRAWAL]);
        }
    }
}

/// The customer was told one date; another visit that comes to light must not take days away.
fn lengthened(fresh: Window, before: &Window) -> Window {
    if fresh.ends.due.ends_at < before.ends.due.ends_at { Window { ends: before.ends.clone(), ..fresh } } else { fresh }
}
