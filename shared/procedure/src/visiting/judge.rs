//! What the facts of a case together amount to, told in the order in which they happened.
//!
//! The walk starts from the referral and knows nothing of the order of recording. Three things temper it, all in the
//! customer's favour: a window that has opened does not move closer by itself; a term keeps the calendar and the
//! version of the guidance that started it; and once two visits are judged ineffective, a fact that comes to light
//! later changes nothing about them, only a correction does.

mod contact;
mod walk;

pub(super) use contact::understood;

use super::{
    before,
    fact::{Ground, Happening, Outcome, SecondVisit, Understanding, Verdict},
    state::{Decided, Fact, Stage, State, Window, Withdrawal},
};
use crate::{
    Benefit, Context, Role,
    benefit::AfterFirstVisit,
    draft::{Because, Footing},
    guidance::{Guidance, Version},
    protection::HoldGround,
};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use walk::Walk;

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
    /// What was settled between the visits, as far as it counts.
    pub(super) settled: Settled,
    /// What protects the award beside an open referral.
    pub(super) holds: Vec<HoldGround>,
}

/// What was said between the visits, as far as it counts: whether a second visit is needed, and what whoever spoke with
/// the customer last made of their understanding, where the guidance asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Settled {
    pub(super) second_visit: Option<SecondVisit>,
    pub(super) understanding: Option<Understanding>,
}

impl Settled {
    /// Whether a correction gives what somebody settled another effect, or takes it from them. A doubt that it brings in
    /// counts whoever has it, as one that is recorded anew does.
    pub(super) fn is_changed_to(self, corrected: Self) -> bool {
        let confident = |said: Self| said.understanding == Some(Understanding::Confident);
        let anything = |said: Self| said.second_visit.is_some() || confident(said);
        let in_doubt = corrected.understanding == Some(Understanding::Doubt);
        let stands =
            self.second_visit == corrected.second_visit && (self.understanding == corrected.understanding || in_doubt);
        (anything(self) || anything(corrected)) && !stands
    }
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
    let opened = state.opened.as_ref()?;
    let Some(referral) = state.referral.as_ref().or(state.spent.as_ref()) else {
        return Some(before::judge(state, opened, context));
    };
    let mut walk = Walk::from(state, (opened, referral), weight, context);
    for (at, step) in in_order(state) {
        walk.let_time_pass(at);
        match step {
            Step::Fact(number, fact) => walk.take(number, fact, known_since(state, fact)),
            Step::Decision(decision) => walk.decide(decision, at),
            Step::Withdrawal(withdrawal) => walk.withdraw(at, withdrawal.confirmed),
            Step::Death => walk.die(at),
        }
    }
    walk.let_time_pass(context.now);
    Some(before::judge_since_visit(state, opened, walk.judged(), context))
}

enum Step<'a> {
    Fact(u32, &'a Fact),
    Decision(&'a Decided),
    Withdrawal(&'a Withdrawal),
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
    let decisions = state.decisions.iter().map(|decision| (took_effect(state, decision.at), Step::Decision(decision)));
    let withdrawal = state.withdrawn.iter();
    let withdrawal = withdrawal.map(|withdrawn| (took_effect(state, withdrawn.at), Step::Withdrawal(withdrawn)));
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
    let referred = state.referral.as_ref().or(state.spent.as_ref()).map(|referral| referral.occurred_at);
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
        Happening::AddressTrace(trace) => trace.found.is_none(),
        Happening::Letter(_)
        | Happening::Contact(_)
        | Happening::Concern(_)
        | Happening::Consideration(_)
        | Happening::Triage(_)
        | Happening::FollowUp(_)
        | Happening::Booking(_) => false,
    }
}
