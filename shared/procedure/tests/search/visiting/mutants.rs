//! Mistakes in what the guidance asks of understanding, of concerns and of considering a visit, seeded one at a time:
//! each has to break the law that stands against it.

use super::asks;
use super::law::Law;
use super::mutants::caught;
use super::people::{colleague_of, of, words};
use super::scopes::VISITS;
use super::subject::Run;
use super::versions::{instead, page};
use super::visiting::{Scope, VisitingSubject};
use holdfast_procedure::benefit::Prescribed;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::visiting::{Command, Event, Gate, Happening, State, Visiting, WithdrawalGround};
use holdfast_procedure::{Context, Decider, Decision, Recorded, Role};

const BEFORE: Scope = Scope { before: true, decisions: 0, facts: 1, ..VISITS };

#[test]
fn confidence_of_whoever_is_not_asked() {
    let evolve = |state: &mut State, recorded: &Recorded<'_, Event>| {
        Visiting::evolve(state, &Recorded { by: &of(Role::Referrer), ..*recorded });
    };
    let run = Run { evolve, ..Run::shipped(Guidance::published()) };
    let scope = Scope { rarities: true, ..VISITS };
    let by = &[Law::NothingReleasedEarly, Law::NeverUnprotected];
    caught("the officer is confident", &VisitingSubject { asks: asks::ESA, scope }, &run, by);
}

#[test]
fn no_visit_before_the_records_were_checked() {
    let mut rules = page(asks::ESA.benefit).0;
    if let Prescribed::Yes(considering) = &mut rules.consideration {
        let left = considering.no_visit.iter().copied().filter(|clause| clause.says != Gate::IndicatorsChecked);
        considering.no_visit = left.collect::<Vec<_>>().leak();
    }
    let (run, subject) = (Run::shipped(instead(rules)), VisitingSubject { asks: asks::ESA, scope: BEFORE });
    let by = &[Law::ConsideredFirst, Law::NothingReleasedEarly];
    caught("the records are not checked", &subject, &run, by);
}

#[test]
fn a_withdrawal_that_needs_nothing() {
    let decide = |state: &State, command: &Command, context: &Context<'_>| {
        let Command::Withdraw { ground: WithdrawalGround::EffectiveContact, reason } = command else {
            return Visiting::decide(state, command, context);
        };
        let (ground, reason) = (WithdrawalGround::Abroad, reason.clone());
        let mut decision = Visiting::decide(state, &Command::Withdraw { ground, reason }, context)?;
        for ruled in &mut decision.events {
            if let Event::Withdrawn { ground, .. } = &mut ruled.event {
                *ground = WithdrawalGround::EffectiveContact;
            }
        }
        Ok(decision)
    };
    for asks in [asks::ESA, asks::ACCESS_TO_WORK] {
        let run = Run { decide, ..Run::shipped(Guidance::published()) };
        let subject = VisitingSubject { asks, scope: BEFORE };
        caught("contact ends the case", &subject, &run, &[Law::NothingReleasedEarly]);
    }
}

#[test]
fn a_concern_that_is_forgotten() {
    // The case stays ended when a concern arises.
    let evolve = |state: &mut State, recorded: &Recorded<'_, Event>| {
        let concern = state.facts.values().any(|fact| matches!(fact.happening, Happening::Concern(_)));
        if !(concern && matches!(recorded.event, Event::StageReached { .. } | Event::Protection(_))) {
            Visiting::evolve(state, recorded);
        }
    };
    let run = Run { evolve, ..Run::shipped(Guidance::published()) };
    let subject = VisitingSubject { asks: asks::ESA, scope: BEFORE };
    let by = &[Law::ConsideredFirst, Law::NeverUnprotected, Law::TimeAddsNothingTwice];
    caught("a concern is forgotten", &subject, &run, by);
}

#[test]
fn a_retraction_by_one_person() {
    let decide = |state: &State, command: &Command, context: &Context<'_>| {
        let actor = colleague_of(context.actor.role);
        let confirms = matches!(command, Command::ConfirmRetraction { .. });
        Visiting::decide(state, command, &if confirms { Context { actor: &actor, ..*context } } else { *context })
    };
    let run = Run { decide, ..Run::shipped(Guidance::published()) };
    let scope = Scope { retractions: 1, facts: 2, decisions: 0, ..VISITS };
    caught("one person retracts", &VisitingSubject { asks: asks::PIP, scope }, &run, &[Law::RetractionTakesTwo]);
}

#[test]
fn a_retraction_that_nobody_confirms() {
    // What was asked for is done at once.
    let decide = |state: &State, command: &Command, context: &Context<'_>| {
        let decision = Visiting::decide(state, command, context)?;
        let Some(asked) = decision.events.iter().find(|ruled| matches!(ruled.event, Event::RetractionAsked { .. }))
        else {
            return Ok(decision);
        };
        let mut after = state.clone();
        let (at, by, version) = (context.now, context.actor, asked.version.as_str());
        Visiting::evolve(&mut after, &Recorded { event: &asked.event, at, by, version });
        let (actor, reason) = (colleague_of(by.role), words());
        let confirmed =
            Visiting::decide(&after, &Command::ConfirmRetraction { reason }, &Context { actor: &actor, ..*context })?;
        Ok(Decision { events: [decision.events, confirmed.events].concat(), notes: decision.notes })
    };
    let run = Run { decide, ..Run::shipped(Guidance::published()) };
    let scope = Scope { retractions: 1, facts: 2, decisions: 0, ..VISITS };
    caught("nobody confirms", &VisitingSubject { asks: asks::PIP, scope }, &run, &[Law::RetractionTakesTwo]);
}
