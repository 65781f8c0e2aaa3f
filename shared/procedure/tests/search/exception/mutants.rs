//! Mistakes in how an exception to the protection is decided, seeded one at a time: each has to break the law that stands
//! against it.

use super::asks;
use super::exception::ExceptionSubject;
use super::law::Law;
use super::mutants::caught;
use super::people::{colleague_of, of};
use super::subject::Run;
use chrono::TimeDelta;
use holdfast_procedure::exception::{Command, Event, Exception, State};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::{Context, Decider, Recorded, Role};

const SUBJECT: ExceptionSubject = ExceptionSubject { benefit: asks::PIP.benefit, without_guidance: false };

fn shipped() -> Run<Exception> {
    Run::shipped(Guidance::published())
}

#[test]
fn an_exception_approved_by_whoever_asked_for_it() {
    let decide = |state: &State, command: &Command, context: &Context<'_>| {
        let actor = colleague_of(context.actor.role);
        let second = matches!(command, Command::Approve { .. }) && *context.actor == of(Role::PolicyOwner);
        let context = if second { Context { actor: &actor, ..*context } } else { *context };
        Exception::decide(state, command, &context)
    };
    caught("one person approves", &SUBJECT, &Run { decide, ..shipped() }, &[Law::ExceptionTakesTwo]);
}

#[test]
fn an_exception_approved_after_its_end() {
    let decide = |state: &State, command: &Command, context: &Context<'_>| {
        let asked = state.request.as_ref().map_or(context.now, |request| request.at);
        Exception::decide(state, command, &Context { now: asked, ..*context })
    };
    caught("the clock stands still", &SUBJECT, &Run { decide, ..shipped() }, &[Law::OverInTime]);
}

#[test]
fn an_exception_that_is_revoked_in_vain() {
    let evolve = |state: &mut State, recorded: &Recorded<'_, Event>| {
        if !matches!(recorded.event, Event::Revoked { .. }) {
            Exception::evolve(state, recorded);
        }
    };
    let by = &[Law::NothingElseOpensIt, Law::StageRestsOnFacts];
    caught("revoked in vain", &SUBJECT, &Run { evolve, ..shipped() }, by);
}

#[test]
fn an_exception_that_lasts_longer_than_it_was_asked_for() {
    let evolve = |state: &mut State, recorded: &Recorded<'_, Event>| {
        Exception::evolve(state, recorded);
        if let (Event::Approved { .. }, Some(request)) = (recorded.event, state.request.as_mut()) {
            request.what.until += TimeDelta::days(1);
        }
    };
    let by = &[Law::NothingElseOpensIt, Law::OverInTime];
    caught("longer by a day", &SUBJECT, &Run { evolve, ..shipped() }, by);
}
