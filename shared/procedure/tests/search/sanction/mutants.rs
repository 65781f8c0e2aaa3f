//! Mistakes in what comes before a sanction, seeded one at a time: each has to break the law that stands against it.

use super::law::Law;
use super::mutants::caught;
use super::people::colleague_of;
use super::sanction::{SanctionSubject, Scope};
use super::scopes::FAILED;
use super::subject::Run;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::sanction::{Check, Command, Decided, Event, GoodReason, Sanction, State, Weighed};
use holdfast_procedure::{Context, Decider, Recorded};

const HEARD: SanctionSubject = SanctionSubject { scope: Scope { heard: true, facts: 0, ..FAILED } };

fn shipped() -> Run<Sanction> {
    Run::shipped(Guidance::published())
}

#[test]
fn a_sanction_while_the_award_is_held() {
    let decide = |state: &State, command: &Command, context: &Context<'_>| {
        let Command::Decide { decided, .. } = command else { return Sanction::decide(state, command, context) };
        let unheld = Command::Decide { decided: decided.clone(), holds: Vec::new(), check: Check::Permits };
        Sanction::decide(state, &unheld, context)
    };
    caught("a sanction while held", &HEARD, &Run { decide, ..shipped() }, &[Law::NotWhileHeld]);
}

#[test]
fn a_sanction_by_whoever_referred() {
    let decide = |state: &State, command: &Command, context: &Context<'_>| {
        let actor = colleague_of(context.actor.role);
        let decides = matches!(command, Command::Decide { .. });
        let context = if decides { Context { actor: &actor, ..*context } } else { *context };
        Sanction::decide(state, command, &context)
    };
    caught("who referred decides", &HEARD, &Run { decide, ..shipped() }, &[Law::NoSidesTaken]);
}

#[test]
fn a_referral_after_a_good_reason_was_seen() {
    let evolve = |state: &mut State, recorded: &Recorded<'_, Event>| {
        let Event::Conferred { conference, late } = recorded.event else { return Sanction::evolve(state, recorded) };
        let (mut conference, late) = (conference.clone(), late.clone());
        conference.good_reason = GoodReason::NotSeen;
        let event = Event::Conferred { conference, late };
        Sanction::evolve(state, &Recorded { event: &event, ..*recorded });
    };
    let by = &[Law::SanctionConferenceFirst, Law::StageRestsOnFacts, Law::WhatHappenedIsRecorded];
    caught("a good reason is overlooked", &SanctionSubject { scope: FAILED }, &Run { evolve, ..shipped() }, by);
}

#[test]
fn a_reason_that_nobody_weighs() {
    let decide = |state: &State, command: &Command, context: &Context<'_>| {
        let Command::Decide { decided, holds, check } = command else {
            return Sanction::decide(state, command, context);
        };
        let (holds, check) = (holds.clone(), check.clone());
        let weighed = Decided { weighed_good_reason: Weighed::TakenIntoAccount, ..decided.clone() };
        let mut decision = Sanction::decide(state, &Command::Decide { decided: weighed, holds, check }, context)?;
        decision.events.iter_mut().for_each(|ruled| ruled.event = Event::Decided(decided.clone()));
        Ok(decision)
    };
    caught("a reason is not weighed", &HEARD, &Run { decide, ..shipped() }, &[Law::ReasonsWeighed]);
}
