//! Mistakes in the directory of leaders, seeded one at a time: each has to break the law that stands against it.

use super::directory::DirectorySubject;
use super::law::Law;
use super::mutants::caught;
use super::subject::Run;
use chrono::TimeDelta;
use holdfast_procedure::directory::{Command, Directory, Event, State};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::{Context, Decider, Recorded};

const SUBJECT: DirectorySubject = DirectorySubject { changes: 2 };

fn shipped() -> Run<Directory> {
    Run::shipped(Guidance::published())
}

#[test]
fn a_handover_that_leaves_the_area_alone() {
    let evolve = |state: &mut State, recorded: &Recorded<'_, Event>| {
        let led = state.leader.is_some();
        Directory::evolve(state, recorded);
        if led && matches!(recorded.event, Event::LeaderSet { .. }) {
            state.leader = None;
        }
    };
    let by = &[Law::WhatHappenedIsRecorded, Law::OneLeaderAtATime];
    caught("a handover to nobody", &SUBJECT, &Run { evolve, ..shipped() }, by);
}

#[test]
fn a_leader_who_stays_after_they_were_removed() {
    let evolve = |state: &mut State, recorded: &Recorded<'_, Event>| {
        if !matches!(recorded.event, Event::LeaderRemoved) {
            Directory::evolve(state, recorded);
        }
    };
    let by = &[Law::WhatHappenedIsRecorded, Law::OneLeaderAtATime];
    caught("removed in vain", &SUBJECT, &Run { evolve, ..shipped() }, by);
}

#[test]
fn a_leader_of_tomorrow() {
    let decide = |state: &State, command: &Command, context: &Context<'_>| {
        Directory::decide(state, command, &Context { now: context.now + TimeDelta::days(1), ..*context })
    };
    caught("a leader of tomorrow", &SUBJECT, &Run { decide, ..shipped() }, &[Law::NobodyLeadsAheadOfTime]);
}
