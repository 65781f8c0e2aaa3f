//! Mistakes seeded one at a time, in a page or in a decider: each has to break the law that stands against it.

use super::asks::{self, Asks};
use super::conferencing::ConferencingSubject;
use super::escalation::EscalationSubject;
use super::graph::{Limits, search};
use super::law::Law;
use super::people::colleague_of;
use super::scopes::{ENQUIRIES, STEPS, VISITS};
use super::subject::{Run, Subject};
use super::versions::{instead, letter_within, page, second_visit_by};
use super::{conferencing, escalation, visiting};
use holdfast_procedure::benefit::{LeaderAsked, Prescribed, Rules};
use holdfast_procedure::conferencing::{Gate, Outcome};
use holdfast_procedure::escalation::{self as concern, Escalation};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::protection::{self, Why};
use holdfast_procedure::term::Term;
use holdfast_procedure::visiting::{self as visits, Visiting};
use holdfast_procedure::{Context, Decider, Recorded, Role};

/// The shortest way to a law that a mistake breaks; it has to be one of these.
pub(crate) fn caught<S: Subject>(name: &str, subject: &S, run: &Run<S::D>, by: &[Law]) {
    caught_within(name, subject, run, by, Limits { states: 40_000, continued: false, first: true });
}

/// The same, of a mistake that shows only under a next version of the guidance.
fn caught_later<S: Subject>(name: &str, subject: &S, run: &Run<S::D>, by: &[Law]) {
    caught_within(name, subject, run, by, Limits { states: 40_000, continued: true, first: true });
}

fn caught_within<S: Subject>(name: &str, subject: &S, run: &Run<S::D>, by: &[Law], limits: Limits) {
    let found = search(subject, run, limits);
    let laws: Vec<_> = found.broken.keys().copied().collect();
    println!("{name}: {} states, broken {laws:?}", found.states);
    assert!(laws.iter().any(|law| by.contains(law)), "{name} was not caught by {by:?}, but by {:#?}", found.broken);
}

fn visiting_with(name: &str, rules: Rules, by: &[Law]) {
    let asks = asks_of(rules);
    let scope = visiting::Scope { rarities: true, ..VISITS };
    caught(name, &visiting::VisitingSubject { asks, scope }, &Run::shipped(instead(rules)), by);
}

fn conferencing_with(name: &str, rules: Rules, scope: conferencing::Scope, by: &[Law]) {
    caught(name, &ConferencingSubject { asks: asks_of(rules), scope }, &Run::shipped(instead(rules)), by);
}

fn escalation_with(name: &str, rules: Rules, by: &[Law]) {
    caught(name, &EscalationSubject { asks: asks_of(rules), scope: STEPS }, &Run::shipped(instead(rules)), by);
}

fn asks_of(rules: Rules) -> Asks {
    *asks::ALL.iter().find(|asks| asks.benefit == rules.benefit).expect("a benefit that is searched")
}

fn pip() -> Rules {
    page(asks::PIP.benefit).0
}

/// A page without a gate, wherever it stands.
fn without(gate: Gate) -> Rules {
    let mut rules = pip();
    let gates = &mut rules.conferencing.gates;
    for list in [
        &mut gates.determination,
        &mut gates.closing,
        &mut gates.returning,
        &mut gates.decision,
        &mut gates.adverse_decision,
    ] {
        let left: Vec<_> = list.iter().copied().filter(|other| *other != gate).collect();
        *list = left.leak();
    }
    rules
}

pub(crate) const CHECKED: conferencing::Scope = conferencing::Scope { checked: true, conferences: 0, ..ENQUIRIES };

#[test]
fn a_window_that_is_too_short() {
    visiting_with("four working days", letter_within(pip(), Term::WorkingDays(4)), &[Law::WindowAsPrescribed]);
    visiting_with("five days of any kind", letter_within(pip(), Term::CalendarDays(5)), &[Law::WindowAsPrescribed]);
}

#[test]
fn no_window_at_all() {
    let rules = Rules { after_first_visit: Prescribed::No, ..pip() };
    visiting_with("a page without a window", rules, &[Law::TwoVisitsFirst, Law::StageRestsOnFacts]);
}

#[test]
fn a_second_visit_decided_by_the_officer() {
    let rules = second_visit_by(pip(), &[Role::VisitingOfficer]);
    let by = &[Law::DecidedByWhomTheGuidanceNames, Law::OwedByWhomTheGuidanceNames];
    visiting_with("the officer decides", rules, by);
}

#[test]
fn gates_removed() {
    let actions = conferencing::Scope { actions: 1, ..CHECKED };
    let concerns = conferencing::Scope { concerns: 1, ..CHECKED };
    let contacts = conferencing::Scope { contacts: 1, ..CHECKED };
    let told = conferencing::Scope { told: true, ..CHECKED };
    for (gate, scope, law) in [
        (Gate::AssuranceCheck, ENQUIRIES, Law::AssuranceFirst),
        (Gate::FurtherInformation, ENQUIRIES, Law::InformationFirst),
        (Gate::Conference, ENQUIRIES, Law::ConferenceFirst),
        (Gate::ActionsTaken, actions, Law::ActionsFirst),
        (Gate::PrescribedNote, CHECKED, Law::PrescribedNoteFirst),
        (Gate::SupportMarker, CHECKED, Law::MarkerFirst),
        (Gate::ConcernLookedInto, concerns, Law::StageRestsOnFacts),
        (Gate::ClosingRecord, CHECKED, Law::ClosingRecordFirst),
        (Gate::LaterConsidered, contacts, Law::HeardFirst),
        (Gate::LaterWeighed, contacts, Law::HeardFirst),
        (Gate::DeathSettled, told, Law::DeathSettledFirst),
    ] {
        conferencing_with(&format!("without {gate:?}"), without(gate), scope, &[law]);
    }
}

#[test]
fn a_conference_between_others() {
    let mut rules = pip();
    rules.conferencing.conference.says.between = [Role::CesTeam, Role::CaseManager];
    let by = &[Law::ConferenceFirst, Law::WhoeverOwesMay, Law::StageRestsOnFacts];
    conferencing_with("a conference between others", rules, ENQUIRIES, by);
}

#[test]
fn a_decision_by_whoever_leads() {
    let mut rules = pip();
    rules.conferencing.decision.says.by = Role::CesTeam;
    let by = &[Law::DecidedByWhomTheGuidanceNames, Law::OwedByWhomTheGuidanceNames];
    conferencing_with("the lead decides", rules, CHECKED, by);
}

#[test]
fn another_outcome() {
    let mut rules = pip();
    rules.conferencing.decision.says.outcomes = &[Outcome::Disallow, Outcome::NotDisallow, Outcome::Sanction];
    conferencing_with("a sanction in PIP", rules, CHECKED, &[Law::OutcomeAsPrescribed]);
}

#[test]
fn a_call_promised_for_later() {
    let mut rules = pip();
    if let Prescribed::Yes(contact) = &mut rules.escalation.contact {
        contact.says.call_back = Term::Minutes(60);
    }
    escalation_with("a call within the hour", rules, &[Law::CallInTime]);
}

#[test]
fn gates_before_the_conclusion_removed() {
    for (gate, law) in [
        (concern::Gate::ContactAttempted, Law::ContactFirst),
        (concern::Gate::CallBack, Law::CallFirst),
        (concern::Gate::LeaderNeed, Law::LeaderFirst),
        (concern::Gate::ReviewDate, Law::ReviewFirst),
        (concern::Gate::Review, Law::ReviewFirst),
    ] {
        let mut rules = pip();
        let left: Vec<_> = rules.escalation.gates.iter().copied().filter(|other| *other != gate).collect();
        rules.escalation.gates = left.leak();
        escalation_with(&format!("without {gate:?}"), rules, &[law]);
    }
}

#[test]
fn a_leader_only_where_needed() {
    let mut rules = page(asks::UNIVERSAL_CREDIT.benefit).0;
    rules.escalation.leader.says = LeaderAsked::WhereNeeded;
    let by = &[Law::LeaderFirst, Law::StageRestsOnFacts];
    escalation_with("no leader in Universal Credit", rules, by);
}

fn visiting_run() -> Run<Visiting> {
    Run::shipped(Guidance::published())
}

fn visiting_caught(name: &str, run: &Run<Visiting>, by: &[Law]) {
    let scope = visiting::Scope { told: true, facts: 1, decisions: 0, ..VISITS };
    caught(name, &visiting::VisitingSubject { asks: asks::PIP, scope }, run, by);
}

#[test]
fn a_fact_that_is_lost() {
    let decide = |state: &visits::State, command: &visits::Command, context: &Context<'_>| {
        let mut decision = Visiting::decide(state, command, context)?;
        decision.events.retain(|ruled| !matches!(ruled.event, visits::Event::FactRecorded { .. }));
        Ok(decision)
    };
    visiting_caught("a fact is lost", &Run { decide, ..visiting_run() }, &[Law::WhatHappenedIsRecorded]);
}

#[test]
fn a_visit_that_comes_too_early() {
    let evolve = |state: &mut visits::State, recorded: &Recorded<'_, visits::Event>| {
        Visiting::evolve(state, recorded);
        if let Some(window) = state.window.as_mut() {
            window.ends.due.ends_at = window.ends.from;
        }
    };
    let by = &[Law::WindowAsPrescribed, Law::TwoVisitsFirst];
    visiting_caught("the window ends as it begins", &Run { evolve, ..visiting_run() }, by);
}

#[test]
fn protection_that_ends_at_the_handover() {
    let evolve = |state: &mut visits::State, recorded: &Recorded<'_, visits::Event>| {
        Visiting::evolve(state, recorded);
        if let visits::Event::Protection(protection::Event::HandedOver { ground, .. }) = recorded.event {
            let version = state.protection.get(*ground).map(|hold| hold.version.next());
            let (ground, why) = (*ground, Why::Replaced);
            let released = version.map(|version| protection::Event::Released { ground, version, why });
            released.into_iter().for_each(|event| state.protection.evolve(event, recorded.at));
        }
    };
    let by = &[Law::NeverUnprotected, Law::NothingReleasedEarly];
    visiting_caught("released at the handover", &Run { evolve, ..visiting_run() }, by);
}

#[test]
fn an_owner_forgotten() {
    let tasks = |state: &visits::State, guidance: &Guidance| {
        let mut tasks = Visiting::tasks(state, guidance);
        tasks.iter_mut().filter(|task| task.key == "second-visit").for_each(|task| task.owner = Role::Suite);
        tasks
    };
    visiting_caught("nobody calls again", &Run { tasks, ..visiting_run() }, &[Law::OwedByWhomTheGuidanceNames]);
    let tasks = |state: &visits::State, guidance: &Guidance| {
        let mut tasks = Visiting::tasks(state, guidance);
        tasks.retain(|task| task.key != "second-visit");
        tasks
    };
    let by = &[Law::SomebodyOwesTheNextStep];
    visiting_caught("the second visit is not owed", &Run { tasks, ..visiting_run() }, by);
}

#[test]
fn a_death_verified_by_one_person() {
    let decide = |state: &visits::State, command: &visits::Command, context: &Context<'_>| {
        let actor = colleague_of(context.actor.role);
        Visiting::decide(state, command, &Context { actor: &actor, ..*context })
            .or_else(|_| Visiting::decide(state, command, context))
    };
    let run = Run { decide, ..visiting_run() };
    visiting_caught("one person verifies", &run, &[Law::DeathTakesASecondPerson]);
}

#[test]
fn the_dead_called_upon() {
    let tasks = |state: &visits::State, guidance: &Guidance| {
        let mut alive = state.clone();
        alive.customer.death = None;
        Visiting::tasks(&alive, guidance)
    };
    visiting_caught("the dead are called upon", &Run { tasks, ..visiting_run() }, &[Law::NobodyContactsTheDead]);
}

#[test]
fn a_stage_that_is_never_reached() {
    let evolve = |state: &mut visits::State, recorded: &Recorded<'_, visits::Event>| {
        if !matches!(recorded.event, visits::Event::StageReached { stage: visits::Stage::SecondVisitDue, .. }) {
            Visiting::evolve(state, recorded);
        }
    };
    let by = &[Law::TimeAddsNothingTwice, Law::NoDeadEnd, Law::SomebodyOwesTheNextStep];
    visiting_caught("the second visit never falls due", &Run { evolve, ..visiting_run() }, by);
}

#[test]
fn a_conclusion_that_is_not_kept() {
    let evolve = |state: &mut concern::State, recorded: &Recorded<'_, concern::Event>| {
        let concluded = matches!(
            recorded.event,
            concern::Event::Concluded { .. } | concern::Event::StageReached { stage: concern::Stage::Concluded, .. }
        );
        if !concluded {
            Escalation::evolve(state, recorded);
        }
    };
    let run = Run { evolve, ..Run::shipped(Guidance::published()) };
    let scope = escalation::Scope { attempts: 0, referrals: 0, ..STEPS };
    let by = &[Law::NoDeadEnd, Law::WhoeverOwesMay];
    caught("nothing is ever concluded", &EscalationSubject { asks: asks::PIP, scope }, &run, by);
}

#[test]
fn a_conclusion_that_loses_what_it_rested_on() {
    let decide = |state: &concern::State, command: &concern::Command, context: &Context<'_>| {
        let mut open = state.clone();
        if let (concern::Command::Correct(_), Some(round)) = (command, open.rounds.last_mut()) {
            round.concluded = None;
        }
        Escalation::decide(&open, command, context)
    };
    let run = Run { decide, ..Run::shipped(Guidance::published()) };
    let subject =
        EscalationSubject { asks: asks::PIP, scope: escalation::Scope { corrections: 1, referrals: 0, ..STEPS } };
    caught("a conclusion on nothing", &subject, &run, &[Law::CorrectedIsJudgedAgain]);
}

#[test]
fn a_next_version_that_owes_nothing() {
    let tasks = |state: &visits::State, guidance: &Guidance| {
        let changed = guidance.versions().any(|version| version.name.ends_with("-next"));
        if changed { Vec::new() } else { Visiting::tasks(state, guidance) }
    };
    let subject = visiting::VisitingSubject { asks: asks::PIP, scope: VISITS };
    let by = &[Law::GoesOnUnderNextVersion, Law::SomebodyOwesTheNextStep];
    caught_later("nothing is owed later", &subject, &Run { tasks, ..visiting_run() }, by);
}

#[test]
fn a_next_version_that_releases() {
    let evolve = |state: &mut visits::State, recorded: &Recorded<'_, visits::Event>| {
        Visiting::evolve(state, recorded);
        if recorded.version.ends_with("-next") {
            state.protection = protection::Own::default();
        }
    };
    let subject = visiting::VisitingSubject { asks: asks::ESA, scope: VISITS };
    caught_later("nothing is held later", &subject, &Run { evolve, ..visiting_run() }, &[Law::NeverUnprotected]);
}
