//! Mistakes seeded in the decider of conferencing, one at a time: each has to break the law that stands against it.

use super::asks;
use super::conferencing::{self, ConferencingSubject, Wrongly};
use super::law::Law;
use super::mutants::{CHECKED, caught};
use super::people::colleague_of;
use super::scopes::ENQUIRIES;
use super::subject::Run;
use chrono::TimeDelta;
use holdfast_procedure::conferencing::{self as case, Conferencing};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::protection::{self, HoldGround, Why};
use holdfast_procedure::{Context, Decider, Recorded, Role, Ruled};

fn conferencing_run() -> Run<Conferencing> {
    Run::shipped(Guidance::published())
}

fn conferencing_caught(name: &str, run: &Run<Conferencing>, by: &[Law]) {
    caught(name, &ConferencingSubject { asks: asks::PIP, scope: CHECKED }, run, by);
}

#[test]
fn steps_swapped() {
    // The decision comes before the return.
    let decide = |state: &case::State, command: &case::Command, context: &Context<'_>| {
        let mut ahead = state.clone();
        if matches!(command, case::Command::Decide { .. }) && ahead.stage == case::Stage::ReturnDue {
            ahead.stage = case::Stage::DecisionDue;
        }
        Conferencing::decide(&ahead, command, context)
    };
    let run = Run { decide, ..conferencing_run() };
    conferencing_caught("the decision before the return", &run, &[Law::ReturnFirst]);
    // The closing note comes before the determination.
    let decide = |state: &case::State, command: &case::Command, context: &Context<'_>| {
        let mut decision = Conferencing::decide(state, command, context)?;
        for ruled in &mut decision.events {
            if let case::Event::ClosingNoteRecorded { counts, .. } = &mut ruled.event {
                *counts = true;
            }
        }
        Ok(decision)
    };
    let by = &[Law::StageRestsOnFacts, Law::ClosingRecordFirst];
    conferencing_caught("a closing note that comes first", &Run { decide, ..conferencing_run() }, by);
}

#[test]
fn protection_that_ends_with_the_return() {
    let decide = |state: &case::State, command: &case::Command, context: &Context<'_>| {
        let mut decision = Conferencing::decide(state, command, context)?;
        if let Some(returned) = decision.events.iter().find(|ruled| ruled.event == case::Event::Returned) {
            let (ground, why) = (HoldGround::TwoIneffectiveVisits, Why::InformedDecision);
            let version = state.protection.get(ground).map_or(protection::Version::FIRST, |hold| hold.version.next());
            let event = case::Event::Protection(protection::Event::Released { ground, version, why });
            let released = Ruled { event, ..returned.clone() };
            decision.events.push(released);
        }
        Ok(decision)
    };
    let run = Run { decide, ..conferencing_run() };
    conferencing_caught("released with the return", &run, &[Law::NothingReleasedEarly]);
}

#[test]
fn whoever_referred_leads() {
    // Nobody is known to have referred.
    let decide = |state: &case::State, command: &case::Command, context: &Context<'_>| {
        let mut other = state.clone();
        if let Some(received) = &mut other.received {
            received.file.referral.by = colleague_of(Role::Auditor);
        }
        Conferencing::decide(&other, command, context)
    };
    let subject = |asks, scope| ConferencingSubject { asks, scope };
    let by = &[Law::ConferenceFirst, Law::StageRestsOnFacts];
    let run = Run { decide, ..conferencing_run() };
    caught("whoever referred confers for the lead", &subject(asks::PIP, ENQUIRIES), &run, by);
    let by = &[Law::ParticipantsSatisfiedFirst];
    caught("whoever referred is satisfied for the lead", &subject(asks::UNIVERSAL_CREDIT, CHECKED), &run, by);
}

#[test]
fn what_was_looked_at_before_the_visits() {
    let decide = |state: &case::State, command: &case::Command, context: &Context<'_>| {
        let mut early = state.clone();
        if let Some(received) = &mut early.received {
            received.file.since -= TimeDelta::days(7);
        }
        Conferencing::decide(&early, command, context)
    };
    let run = Run { decide, ..conferencing_run() };
    let by = &[Law::AssuranceFirst, Law::StageRestsOnFacts, Law::ConferenceFirst];
    caught("looked at before the visits", &ConferencingSubject { asks: asks::PIP, scope: ENQUIRIES }, &run, by);
}

#[test]
fn a_conclusion_that_is_told_late() {
    // What was recorded meanwhile counts as looked into.
    let evolve = |state: &mut case::State, recorded: &Recorded<'_, case::Event>| {
        Conferencing::evolve(state, recorded);
        state.new_since_outcome &= !matches!(recorded.event, case::Event::EscalationConcluded { .. });
    };
    let run = Run { evolve, ..conferencing_run() };
    let scope = conferencing::Scope { concerns: 2, contacts: 1, ..CHECKED };
    caught("told late", &ConferencingSubject { asks: asks::PIP, scope }, &run, &[Law::EscalationFirst]);
}

#[test]
fn a_concern_that_ends_with_the_case_that_is_taken_back() {
    // Nobody considers what came to light before that.
    let tasks = |state: &case::State, guidance: &Guidance| {
        let mut tasks = Conferencing::tasks(state, guidance);
        tasks.retain(|task| state.taken_back.is_none() || !task.key.starts_with("came-to-light"));
        tasks
    };
    let (run, scope) = (Run { tasks, ..conferencing_run() }, conferencing::Scope { retracted: true, ..CHECKED });
    let subject = ConferencingSubject { asks: asks::PIP, scope };
    caught("a concern nobody owes", &subject, &run, &[Law::NoConcernForgotten, Law::WhoeverOwesMay]);
}

const CORRECTED: conferencing::Scope = conferencing::Scope { wrongly: Wrongly::Checked, ..CHECKED };

#[test]
fn a_determination_that_rests_on_what_never_happened() {
    let decide = |state: &case::State, command: &case::Command, context: &Context<'_>| {
        let mut decision = Conferencing::decide(state, command, context)?;
        for ruled in &mut decision.events {
            if let case::Event::FactCorrected { determined_again, comes_back, .. } = &mut ruled.event {
                (*determined_again, *comes_back) = (false, false);
            }
        }
        Ok(decision)
    };
    let (run, subject) =
        (Run { decide, ..conferencing_run() }, ConferencingSubject { asks: asks::PIP, scope: CORRECTED });
    caught("a determination left as it was", &subject, &run, &[Law::CorrectedIsJudgedAgain]);
}

#[test]
fn a_decision_undone_by_a_correction() {
    let evolve = |state: &mut case::State, recorded: &Recorded<'_, case::Event>| {
        Conferencing::evolve(state, recorded);
        if matches!(recorded.event, case::Event::FactCorrected { .. }) && state.decision.take().is_some() {
            state.stage = case::Stage::DecisionDue;
        }
    };
    let (run, subject) =
        (Run { evolve, ..conferencing_run() }, ConferencingSubject { asks: asks::PIP, scope: CORRECTED });
    caught("a decision undone", &subject, &run, &[Law::StageRestsOnFacts]);
}
