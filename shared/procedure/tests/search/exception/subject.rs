//! The exception to the protection in a small scope: what is tried, and what of a state makes a difference.

use super::exception_laws::{self, Heard};
use super::law::Law;
use super::people::{assignment, colleague_of, died, mistaken, of, passed_on, suite, verified, words, words_by};
use super::sketch::Sketch;
use super::subject::{Moment, Move, Subject, Taken};
use super::visiting_moves::{EVIDENCE, SOURCES};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::customer::{self, Fact};
use holdfast_procedure::desk;
use holdfast_procedure::exception::*;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::protection::{Action, ActionGround};
use holdfast_procedure::{Actor, Award, Decider, Place, Recorded, Role, Task};

pub(crate) type Step = Move<Command>;

/// When an exception is asked for.
const ASKED: &str = "2026-06-01 09:00";

/// The exception, for one benefit.
pub(crate) struct ExceptionSubject {
    pub(crate) benefit: Benefit,
    /// No version of the benefit's guidance is in force.
    pub(crate) without_guidance: bool,
}

fn owner() -> Actor {
    of(Role::PolicyOwner)
}

fn other_owner() -> Actor {
    colleague_of(Role::PolicyOwner)
}

impl ExceptionSubject {
    fn request(&self, until: DateTime<Utc>, action: Action, ground: ActionGround) -> Command {
        let award = Award { customer: "C-1".to_owned(), benefit: self.benefit, award: "A-1".to_owned() };
        Command::Request { request: Request { award, action, ground, until, legal_basis: words() }, reason: words() }
    }

    /// Every action on every ground, every end before, on and after the earliest and the latest, by everybody.
    fn requests(&self, now: DateTime<Utc>) -> Vec<Step> {
        let (tick, week) = (TimeDelta::microseconds(1), now + TimeDelta::days(7));
        let grounds = [ActionGround::NonAttendance, ActionGround::MissingEvidence, ActionGround::Any];
        let all = Action::ALL.into_iter().flat_map(|action| grounds.map(|ground| (action, ground)));
        let mut moves: Vec<_> =
            all.map(|(action, ground)| Move { by: owner(), command: self.request(week, action, ground) }).collect();
        let request = |until| self.request(until, Action::Stop, ActionGround::Any);
        let last = now + LONGEST;
        moves.extend(
            [now - tick, now, now + tick, last, last + tick].map(|until| Move { by: owner(), command: request(until) }),
        );
        let others = [other_owner(), of(Role::LineManager), of(Role::SafeguardingLeader), of(Role::Auditor), suite()];
        moves.extend(others.map(|by| Move { by, command: request(week) }));
        moves
    }

    /// What is told of the customer, and given to somebody.
    fn beside(at: &Moment<Self>) -> Vec<Step> {
        let (now, turn) = (at.now, at.turn);
        let place = Place { nation: Nation::Wales, area: "North".to_owned() };
        let mut told = vec![
            died(now, SOURCES[turn % SOURCES.len()]),
            verified(EVIDENCE[turn % EVIDENCE.len()]),
            mistaken(turn),
            Fact::Moved { place, occurred_at: now },
        ];
        told.extend(at.state.customer.formerly.is_empty().then(|| Fact::Merged { into: "C-2".to_owned() }));
        let here = |fact| customer::Command { fact, passed_on: None };
        let commands = told.into_iter().flat_map(|fact| [passed_on(fact.clone(), now, at.turn), here(fact)]);
        let mut moves: Vec<_> = commands.map(|told| Move { by: suite(), command: Command::Customer(told) }).collect();
        let assign = |key: &str, to| Command::Desk(desk::Command::Assign { key: key.to_owned(), to });
        let given = (0..12).map(|turn| Move { by: owner(), command: assign("decision", assignment(turn, now)) });
        moves.extend(given);
        let others = [Role::LineManager, Role::Auditor];
        moves.extend(others.map(|by| Move { by: of(by), command: assign("decision", assignment(0, now)) }));
        moves.push(Move { by: owner(), command: assign("no-such-task", assignment(0, now)) });
        let (key, system, reference) = ("decision".to_owned(), "S".to_owned(), "1".to_owned());
        let late_reason = words_by(turn);
        let done = desk::Command::Complete { key, occurred_at: now, system, reference, late_reason };
        moves.push(Move { by: owner(), command: Command::Desk(done) });
        moves
    }
}

/// What is decided of an exception, by whoever asked for it, another of their role, and others.
fn decisions() -> impl Iterator<Item = Step> {
    let people = [owner(), other_owner(), of(Role::LineManager), of(Role::SafeguardingLeader), suite()];
    people.into_iter().flat_map(|by| {
        let decisions = [
            Command::Approve { reason: words() },
            Command::Decline { reason: words() },
            Command::Revoke { reason: words() },
        ];
        decisions.map(|command| Move { by: by.clone(), command })
    })
}

impl Subject for ExceptionSubject {
    type D = Exception;
    type Heard = Heard;
    const PAUSE: TimeDelta = TimeDelta::zero();
    const OWN_VERSION: Option<&'static str> = Some("exception/1");
    const DECIDED_ANEW: bool = true;

    fn begins(&self) -> DateTime<Utc> {
        super::asks::london(ASKED)
    }

    fn before(&self) -> Vec<Step> {
        Vec::new()
    }

    fn guidance(&self) -> Guidance {
        if self.without_guidance { Guidance::of(Vec::new()) } else { Guidance::published() }
    }

    fn instants(&self) -> Vec<DateTime<Utc>> {
        [TimeDelta::days(3), LONGEST + TimeDelta::days(1)].map(|passed| self.begins() + passed).to_vec()
    }

    fn moves(&self, at: &Moment<Self>) -> Vec<Step> {
        let mut moves = self.requests(at.now);
        moves.extend(decisions());
        moves.extend(Self::beside(at));
        moves
    }

    /// Another owner decides; what its end has overtaken is declined.
    fn discharge(&self, task: &Task, at: &Moment<Self>) -> Option<Step> {
        let request = at.state.request.as_ref()?;
        let by = if request.by == owner() { other_owner() } else { owner() };
        let over = at.now >= request.what.until;
        let command = match task.key.as_str() {
            "decision" if over => Command::Decline { reason: words() },
            "decision" => Command::Approve { reason: words() },
            _ => return None,
        };
        Some(Move { by, command })
    }

    fn is_beyond(&self, _: &Task, _: &Moment<Self>) -> bool {
        false
    }

    fn others_bring(&self, _: &Moment<Self>) -> Vec<Step> {
        Vec::new()
    }

    /// Its end is compared with the clock whenever it is read.
    fn time_passes(&self) -> Option<Command> {
        None
    }

    fn terms(&self, state: &State) -> Vec<DateTime<Utc>> {
        state.request.iter().map(|request| request.what.until).collect()
    }

    fn verb(command: &Command) -> &'static str {
        match command {
            Command::Request { .. } => "RequestOverride",
            Command::Approve { .. } => "ApproveOverride",
            Command::Decline { .. } => "DeclineOverride",
            Command::Revoke { .. } => "RevokeOverride",
            Command::Customer(command) => super::coverage::customer_verb(&command.fact),
            Command::Desk(command) => super::coverage::desk_verb(command),
        }
    }

    fn stage(at: &Moment<Self>) -> &'static str {
        at.state.stage(at.now).name()
    }

    fn has_ended(at: &Moment<Self>) -> bool {
        matches!(at.state.stage(at.now), Stage::Declined | Stage::Revoked | Stage::Expired)
    }

    fn waits(state: &State) -> bool {
        state.request.is_some()
    }

    fn sketch(state: &State, into: &mut Sketch) {
        if let Some(request) = &state.request {
            into.text(&request.by.person).at(request.at).at(request.what.until).text(&request.what.award.customer);
        }
        let decided = [state.approved.is_some(), state.declined.is_some(), state.revoked.is_some()];
        decided.into_iter().for_each(|decided| _ = into.flag(decided));
        into.text(&state.version).count(state.customer.formerly.len());
        for (key, given) in &state.desk.assigned {
            into.text(key).flag(given.to.cover.is_some()).flag(given.to.person.is_some());
        }
    }

    fn hear(&self, heard: &mut Heard, recorded: &Recorded<'_, Event>) {
        heard.hear(recorded);
    }

    fn broken_by(&self, taken: &Taken<'_, Self>) -> Vec<Law> {
        exception_laws::broken_by(taken)
    }

    fn broken_at(&self, at: &Moment<Self>, tasks: &[Task]) -> Vec<Law> {
        debug_assert!(Exception::timers(&at.state).is_empty(), "its end needs nobody to notice it");
        exception_laws::broken_at(at, tasks)
    }

    fn next_version(&self, from: DateTime<Utc>, turn: usize) -> Guidance {
        super::versions::next(self.benefit, from, turn)
    }

    fn under_next_version(&self, _: usize) -> Self {
        Self { ..*self }
    }
}
