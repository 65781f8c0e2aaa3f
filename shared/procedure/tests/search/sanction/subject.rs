//! What comes before a sanction, in small scopes: what is tried, and what of a state makes a difference.

use super::asks::{UNIVERSAL_CREDIT, london};
use super::law::Law;
use super::people::{colleague_of, verified, words};
use super::sanction_laws::{self, Heard};
use super::sanction_moves::{BEGINS, Step, conference, decided, explained, failure, invited, met, step};
use super::sketch::Sketch;
use super::subject::{Moment, Move, Subject, Taken};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::customer::{self, DeathEvidence};
use holdfast_procedure::desk;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::sanction::*;
use holdfast_procedure::task::COMPLETE_TASK;
use holdfast_procedure::{Decider, Recorded, Role, Task};

/// How much may happen, and of which kinds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    pub(crate) name: &'static str,
    /// How many facts are recorded of somebody's own accord, beside the failure.
    pub(crate) facts: usize,
    pub(crate) reconsiderations: usize,
    pub(crate) corrections: usize,
    /// The claimant was referred, invited and heard before.
    pub(crate) heard: bool,
    /// What is told of the customer.
    pub(crate) told: bool,
    /// What is refused whatever the state, and what is done at the desk.
    pub(crate) wrong: bool,
    /// No version of the benefit's guidance is in force.
    pub(crate) without_guidance: bool,
}

/// What comes before a sanction: the letter's procedure is for Universal Credit alone.
pub(crate) struct SanctionSubject {
    pub(crate) scope: Scope,
}

impl Subject for SanctionSubject {
    type D = Sanction;
    type Heard = Heard;
    const PAUSE: TimeDelta = TimeDelta::minutes(1);
    const OWN_VERSION: Option<&'static str> = Some("sanction/1");
    const DECIDED_ANEW: bool = true;

    fn begins(&self) -> DateTime<Utc> {
        london(BEGINS)
    }

    fn before(&self) -> Vec<Step> {
        if !self.scope.heard {
            return Vec::new();
        }
        let now = self.begins();
        vec![
            step(Role::WorkCoach, failure(UNIVERSAL_CREDIT.benefit, now, 0)),
            step(Role::WorkCoach, conference(met(now))),
            step(Role::WorkCoach, Command::Refer { reason: words() }),
            step(Role::DecisionMaker, invited(now, 0)),
            step(Role::DecisionMaker, explained(now, Answer::Explained)),
        ]
    }

    fn guidance(&self) -> Guidance {
        if self.scope.without_guidance { Guidance::of(Vec::new()) } else { Guidance::published() }
    }

    fn instants(&self) -> Vec<DateTime<Utc>> {
        vec![self.begins() + TimeDelta::days(1)]
    }

    fn moves(&self, at: &Moment<Self>) -> Vec<Step> {
        if at.state.failure.is_none() {
            return Self::failures(at);
        }
        let mut moves = self.facts(at);
        moves.extend(self.asked_for(at));
        moves.extend(Self::decisions(at));
        moves.extend(self.corrections(at));
        if self.scope.told {
            moves.extend(Self::about_customer(at));
        }
        if self.scope.wrong {
            moves.extend(self.wrong(at));
        }
        moves
    }

    fn discharge(&self, task: &Task, at: &Moment<Self>) -> Option<Step> {
        let command = match task.discharged_by {
            "HoldSanctionConference" => conference(met(at.now)),
            "InviteExplanation" => invited(at.now, at.turn),
            "RecordExplanation" => explained(at.now, Answer::NoAnswer),
            // Somebody who has not conferred about the claimant.
            "DecideSanction" => {
                let command = decided(Outcome::NoSanction, Weighed::TakenIntoAccount, at.turn);
                return Some(Move { by: colleague_of(task.owner), command });
            }
            "ConfirmDeath" => {
                let fact = verified(DeathEvidence::Register);
                let command = Command::Customer(customer::Command { fact, passed_on: None });
                return Some(Move { by: colleague_of(task.owner), command });
            }
            COMPLETE_TASK => {
                let (key, system, reference) = (task.key.clone(), "S".to_owned(), "1".to_owned());
                let done =
                    desk::Command::Complete { key, occurred_at: at.now, system, reference, late_reason: Some(words()) };
                Command::Desk(done)
            }
            _ => return None,
        };
        Some(step(task.owner, command))
    }

    fn is_beyond(&self, task: &Task, at: &Moment<Self>) -> bool {
        task.discharged_by == "DecideSanction" || at.state.facts.all().count() > self.scope.facts
    }

    /// Nobody has to refer a claimant, and whoever may does.
    fn others_bring(&self, at: &Moment<Self>) -> Vec<Step> {
        let may = at.state.stage() == Stage::ReferralOpen;
        may.then(|| step(Role::WorkCoach, Command::Refer { reason: words() })).into_iter().collect()
    }

    fn time_passes(&self) -> Option<Command> {
        None
    }

    fn terms(&self, _: &State) -> Vec<DateTime<Utc>> {
        Vec::new()
    }

    fn verb(command: &Command) -> &'static str {
        match command {
            Command::RecordFailure { .. } => "RecordFailedRequirement",
            Command::HoldConference { .. } => "HoldSanctionConference",
            Command::Refer { .. } => "ReferForSanction",
            Command::Invite { .. } => "InviteExplanation",
            Command::RecordExplanation { .. } => "RecordExplanation",
            Command::Decide { .. } => "DecideSanction",
            Command::Reconsider { .. } => "ReconsiderSanction",
            Command::Correct(_) => "CorrectFact",
            Command::Withdraw(_) => "WithdrawSanctionCase",
            Command::Customer(command) => super::coverage::customer_verb(&command.fact),
            Command::Desk(command) => super::coverage::desk_verb(command),
        }
    }

    fn stage(at: &Moment<Self>) -> &'static str {
        at.state.stage().name()
    }

    /// A case is also at rest where nobody may be referred.
    fn has_ended(at: &Moment<Self>) -> bool {
        let ends = [Stage::NoReferral, Stage::Decided, Stage::EndedDeath, Stage::EndedWithdrawn];
        ends.contains(&at.state.stage())
    }

    fn waits(state: &State) -> bool {
        state.failure.is_some() && !matches!(state.stage(), Stage::EndedDeath | Stage::EndedWithdrawn)
    }

    /// Everything that was recorded is in what was heard.
    fn sketch(state: &State, into: &mut Sketch) {
        into.number(state.stage() as i64).text(&state.version).maybe_at(state.unsupported_since);
        into.count(state.corrected_since_decision.len()).count(state.customer.mistaken_reports);
        into.count(state.customer.formerly.len()).flag(state.customer.moved_at.is_some());
        let death = state.customer.death.as_ref();
        into.text(death.map_or("", |death| &death.reported_by.person));
        for key in state.desk.completed.keys().chain(state.desk.assigned.keys()) {
            into.text(key);
        }
    }

    fn hear(&self, heard: &mut Heard, recorded: &Recorded<'_, Event>) {
        heard.hear(recorded);
    }

    fn broken_by(&self, taken: &Taken<'_, Self>) -> Vec<Law> {
        sanction_laws::broken_by(taken)
    }

    fn broken_at(&self, at: &Moment<Self>, tasks: &[Task]) -> Vec<Law> {
        debug_assert!(Sanction::timers(&at.state).is_empty(), "the letter gives no term");
        sanction_laws::broken_at(at, tasks)
    }

    fn next_version(&self, from: DateTime<Utc>, turn: usize) -> Guidance {
        super::versions::next(UNIVERSAL_CREDIT.benefit, from, turn)
    }

    fn under_next_version(&self, _: usize) -> Self {
        Self { ..*self }
    }
}
