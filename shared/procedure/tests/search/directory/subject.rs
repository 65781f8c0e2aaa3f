//! The directory of leaders in a small scope: one area, which is a case of its own.

use super::directory_laws::{self, Heard};
use super::law::Law;
use super::people::of;
use super::sketch::Sketch;
use super::subject::{Moment, Move, Subject, Taken};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::directory::*;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::{Decider, Recorded, Role, Task};

pub(crate) type Step = Move<Command>;

/// The directory, and how often who leads in an area changes.
pub(crate) struct DirectorySubject {
    pub(crate) changes: usize,
}

fn leader(person: &str, office: &str, telephone: Option<&str>, since: DateTime<Utc>) -> Leader {
    Leader { person: person.to_owned(), office: office.to_owned(), telephone: telephone.map(str::to_owned), since }
}

fn set(leader: Leader) -> Step {
    Move { by: of(Role::Operator), command: Command::SetLeader { area: "North".to_owned(), leader } }
}

impl Subject for DirectorySubject {
    type D = Directory;
    type Heard = Heard;
    const PAUSE: TimeDelta = TimeDelta::zero();
    const OWN_VERSION: Option<&'static str> = Some("directory/1");
    const DECIDED_ANEW: bool = true;

    fn begins(&self) -> DateTime<Utc> {
        super::asks::london("2026-06-01 09:00")
    }

    fn before(&self) -> Vec<Step> {
        Vec::new()
    }

    fn instants(&self) -> Vec<DateTime<Utc>> {
        [1, 2].map(|days| self.begins() + TimeDelta::days(days)).to_vec()
    }

    /// Two people, with and without what their office publishes, since before, on and after the present instant.
    fn moves(&self, at: &Moment<Self>) -> Vec<Step> {
        if at.heard.changes >= self.changes {
            return Vec::new();
        }
        let tick = TimeDelta::microseconds(1);
        let instants = [at.now - TimeDelta::days(1), at.now - tick, at.now, at.now + tick];
        let mut moves = vec![Move { by: of(Role::Operator), command: Command::RemoveLeader }];
        for since in instants {
            for (person, office) in [("p-1", "NE-1"), ("p-2", "NE-1"), ("p-1", "NE-2")] {
                moves.extend([None, Some("0191 496 0000")].map(|told| set(leader(person, office, told, since))));
            }
        }
        moves
    }

    fn discharge(&self, _: &Task, _: &Moment<Self>) -> Option<Step> {
        None
    }

    fn is_beyond(&self, _: &Task, _: &Moment<Self>) -> bool {
        false
    }

    /// An area without a leader gets one: what waits for it is owed by the cases that wait.
    fn others_bring(&self, at: &Moment<Self>) -> Vec<Step> {
        match at.state.leader {
            Some(_) => Vec::new(),
            None => vec![set(leader("p-3", "NE-3", None, at.now))],
        }
    }

    fn time_passes(&self) -> Option<Command> {
        None
    }

    fn terms(&self, _: &State) -> Vec<DateTime<Utc>> {
        Vec::new()
    }

    fn verb(command: &Command) -> &'static str {
        match command {
            Command::SetLeader { .. } => "SetLeader",
            Command::RemoveLeader => "RemoveLeader",
        }
    }

    fn stage(_: &Moment<Self>) -> &'static str {
        "LISTED"
    }

    /// An area is at rest once it has a leader.
    fn has_ended(at: &Moment<Self>) -> bool {
        at.state.leader.is_some()
    }

    fn waits(state: &State) -> bool {
        state.since.is_some()
    }

    fn sketch(state: &State, into: &mut Sketch) {
        into.text(state.area.as_deref().unwrap_or_default()).maybe_at(state.since);
        if let Some(leader) = &state.leader {
            into.text(&leader.person).text(&leader.office).at(leader.since).flag(leader.telephone.is_some());
        }
    }

    fn hear(&self, heard: &mut Heard, recorded: &Recorded<'_, Event>) {
        heard.hear(recorded);
    }

    fn broken_by(&self, taken: &Taken<'_, Self>) -> Vec<Law> {
        directory_laws::broken_by(taken)
    }

    fn broken_at(&self, at: &Moment<Self>, tasks: &[Task]) -> Vec<Law> {
        debug_assert!(Directory::timers(&at.state).is_empty(), "nothing comes about by itself");
        directory_laws::broken_at(at, tasks)
    }

    fn next_version(&self, from: DateTime<Utc>, turn: usize) -> Guidance {
        super::versions::next(super::asks::PIP.benefit, from, turn)
    }

    fn under_next_version(&self, _: usize) -> Self {
        Self { ..*self }
    }
}
