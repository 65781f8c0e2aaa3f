//! What is done about a concern, in small scopes: what is tried, and what of a state makes a difference.

use super::asks::{Asks, day, london};
use super::escalation_laws::{self, Heard};
use super::escalation_moves::{DETERMINED, NEXT_DAY, Step, attempt, complete, directory, leader, review, step};
use super::escalation_sketch;
use super::law::Law;
use super::people::{colleague_of, suite, verified, words};
use super::sketch::Sketch;
use super::subject::{Moment, Move, Subject, Taken};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::customer::{self, DeathEvidence};
use holdfast_procedure::escalation::*;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::task::COMPLETE_TASK;
use holdfast_procedure::{Recorded, Role, Task};

/// How much may happen, and of which kinds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    pub(crate) name: &'static str,
    pub(crate) attempts: usize,
    /// Whether a leader is needed is decided this way and that, and not only as it is owed.
    pub(crate) leaders: bool,
    pub(crate) referrals: usize,
    pub(crate) reviews: usize,
    pub(crate) rounds: usize,
    /// How many facts turn out to have been recorded wrongly.
    pub(crate) corrections: usize,
    /// A death is told of the customer.
    pub(crate) told: bool,
    /// The customer moves, or goes by another reference.
    pub(crate) moves: bool,
    /// What is refused whatever the state.
    pub(crate) wrong: bool,
}

/// What is done about a concern, for one benefit.
pub(crate) struct EscalationSubject {
    pub(crate) asks: Asks,
    pub(crate) scope: Scope,
}

impl Subject for EscalationSubject {
    type D = Escalation;
    type Heard = Heard;
    const PAUSE: TimeDelta = TimeDelta::zero();
    const DECIDED_ANEW: bool = false;

    fn begins(&self) -> DateTime<Utc> {
        london(DETERMINED)
    }

    fn before(&self) -> Vec<Step> {
        // Where reviews turn out to have been otherwise, contact was attempted, and a leader found to be needed, before.
        if self.scope.reviews == 0 || self.scope.corrections == 0 {
            return Vec::new();
        }
        let now = self.begins();
        let mut steps = vec![step(Role::Suite, self.open(now))];
        if self.asks.call_back.is_some() {
            let call = attempt(now, Whom::Customer, AttemptChannel::Telephone, 0, false);
            steps.push(step(self.asks.lead, call));
        }
        if !self.asks.always_a_leader {
            let command = Command::ConsiderLeader { needed: true, reason: words() };
            steps.push(step(self.asks.lead, command));
        }
        steps
    }

    fn instants(&self) -> Vec<DateTime<Utc>> {
        vec![london(NEXT_DAY)]
    }

    fn moves(&self, at: &Moment<Self>) -> Vec<Step> {
        let Some(round) = at.state.round() else {
            let conclude = Command::Conclude { steps: words() };
            return vec![step(Role::Suite, self.open(at.now)), step(self.asks.lead, conclude)];
        };
        let mut moves = vec![step(Role::Suite, Command::LetTimePass)];
        moves.extend(self.attempts(at, round));
        if self.scope.leaders {
            moves.extend(self.leaders(at, round));
        }
        moves.extend(self.reviews(at, round));
        for by in [self.asks.lead, Role::SafeguardingLeader] {
            moves.push(step(by, Command::Conclude { steps: words() }));
        }
        if at.state.rounds.len() < self.scope.rounds || round.concluded.is_none() {
            moves.push(step(Role::Suite, self.open(at.now)));
        }
        if self.scope.corrections > 0 {
            moves.extend(self.corrections(at));
        }
        if self.scope.told {
            moves.extend(self.about_customer(at));
        }
        if self.scope.moves {
            moves.extend(Self::moves_away(at));
        }
        if self.scope.wrong {
            moves.extend(self.wrong(at));
        }
        moves
    }

    fn discharge(&self, task: &Task, at: &Moment<Self>) -> Option<Step> {
        let now = at.now;
        let command = match task.discharged_by {
            "RecordContactAttempt" => attempt(now, Whom::Customer, AttemptChannel::Telephone, at.turn, false),
            "ConsiderLeader" => {
                // Where reviews are searched, one is needed: what a leader was asked is reviewed.
                Command::ConsiderLeader { needed: self.scope.reviews > 0, reason: words() }
            }
            "ReferToLeader" => Command::ReferToLeader { asked: words(), leaders: directory(true) },
            "SetReviewDate" => Command::SetReviewDate { date: day(now) },
            "RecordReview" => review(now, None),
            "ConcludeEscalation" => Command::Conclude { steps: words() },
            // The directory hears of it, and passes it on.
            "SetLeader" => {
                let area = at.state.round()?.waits_for_leader()?.what.area.clone();
                return Some(Move { by: suite(), command: Command::ResolveLeader { area, leader: leader() } });
            }
            "ConfirmDeath" => {
                let fact = verified(DeathEvidence::Register);
                let command = Command::Customer(customer::Command { fact, passed_on: None });
                return Some(Move { by: colleague_of(task.owner), command });
            }
            COMPLETE_TASK => complete(&task.key, now),
            _ => return None,
        };
        Some(step(task.owner, command))
    }

    fn is_beyond(&self, _: &Task, _: &Moment<Self>) -> bool {
        true
    }

    fn others_bring(&self, _: &Moment<Self>) -> Vec<Step> {
        Vec::new()
    }

    fn time_passes(&self) -> Option<Command> {
        Some(Command::LetTimePass)
    }

    fn terms(&self, _: &State) -> Vec<DateTime<Utc>> {
        Vec::new()
    }

    fn verb(command: &Command) -> &'static str {
        match command {
            Command::Open(_) => "Open",
            Command::RecordContactAttempt { .. } => "RecordContactAttempt",
            Command::ConsiderLeader { .. } => "ConsiderLeader",
            Command::ReferToLeader { .. } => "ReferToLeader",
            Command::ResolveLeader { .. } => "ResolveLeader",
            Command::RecordLiaison { .. } => "RecordLiaison",
            Command::RecordDisclosure { .. } => "RecordDisclosure",
            Command::SetReviewDate { .. } => "SetReviewDate",
            Command::RecordReview { .. } => "RecordReview",
            Command::RecordContact { .. } => "RecordContact",
            Command::Correct(_) => "CorrectFact",
            Command::Conclude { .. } => "ConcludeEscalation",
            Command::LetTimePass => "LetTimePass",
            Command::Customer(command) => super::coverage::customer_verb(&command.fact),
            Command::Desk(command) => super::coverage::desk_verb(command),
        }
    }

    fn stage(at: &Moment<Self>) -> &'static str {
        at.state.stage.name()
    }

    fn has_ended(at: &Moment<Self>) -> bool {
        at.state.stage.has_ended()
    }

    fn waits(state: &State) -> bool {
        state.round().is_some() && !state.stage.has_ended()
    }

    fn sketch(state: &State, into: &mut Sketch) {
        escalation_sketch::sketch(state, into);
    }

    fn hear(&self, heard: &mut Heard, recorded: &Recorded<'_, Event>) {
        heard.hear(recorded, self.scope.corrections);
    }

    fn broken_by(&self, taken: &Taken<'_, Self>) -> Vec<Law> {
        escalation_laws::broken_by(&self.asks, taken)
    }

    fn broken_at(&self, at: &Moment<Self>, tasks: &[Task]) -> Vec<Law> {
        escalation_laws::broken_at(&self.asks, at, tasks)
    }

    fn next_version(&self, from: DateTime<Utc>, turn: usize) -> Guidance {
        super::versions::next(self.asks.benefit, from, turn)
    }

    fn under_next_version(&self, turn: usize) -> Self {
        Self { asks: super::versions::asked_next(self.asks, turn), scope: self.scope }
    }
}
