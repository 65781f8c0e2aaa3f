//! Conferencing in small scopes: what is tried, and what of a state makes a difference.

use super::asks::{Asks, london};
use super::conferencing_laws::{self, Heard};
use super::conferencing_moves::{LATE, NEXT_DAY, RECEIVED, Step, complete, step};
use super::conferencing_told::{self, about_customer, concluded, file};
use super::law::Law;
use super::people::{colleague_of, suite, verified, words};
use super::sketch::Sketch;
use super::subject::{Moment, Move, Subject, Taken};
use super::{conferencing_sketch, conferencing_state_laws};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::conferencing::*;
use holdfast_procedure::customer::{self, DeathEvidence};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::task::COMPLETE_TASK;
use holdfast_procedure::{Decider, Recorded, Role, Task};

/// How much may happen, and of which kinds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    pub(crate) name: &'static str,
    /// Everything was looked at, held and decided on before.
    pub(crate) checked: bool,
    /// How many conferences are held, and decisions on further information made.
    pub(crate) conferences: usize,
    pub(crate) actions: usize,
    pub(crate) contacts: usize,
    /// How often a concern goes to safeguarding.
    pub(crate) concerns: usize,
    pub(crate) reopenings: usize,
    /// What turns out to have been recorded wrongly.
    pub(crate) wrongly: Wrongly,
    /// What is told of the customer, and what comes to light of the visits.
    pub(crate) told: bool,
    /// The ledger turns out to be ahead; the customer moves or goes by another reference.
    pub(crate) holds: bool,
    /// DWP Visiting takes the case back.
    pub(crate) retracted: bool,
    /// What is refused whatever the state: the wrong party, the wrong instant.
    pub(crate) wrong: bool,
}

/// What turns out to have been recorded wrongly, once in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrongly {
    Nothing,
    /// A finding, the conference, the record that closes the case.
    Checked,
    Reported,
    /// Contact, heard here or passed on.
    Heard,
    /// What safeguarding concluded.
    Concluded,
}

/// Conferencing, for one benefit.
pub(crate) struct ConferencingSubject {
    pub(crate) asks: Asks,
    pub(crate) scope: Scope,
}

impl Subject for ConferencingSubject {
    type D = Conferencing;
    type Heard = Heard;
    const PAUSE: TimeDelta = TimeDelta::zero();
    const DECIDED_ANEW: bool = true;

    fn begins(&self) -> DateTime<Utc> {
        london(RECEIVED)
    }

    fn before(&self) -> Vec<Step> {
        if !self.scope.checked {
            return Vec::new();
        }
        let (now, lead) = (london(RECEIVED), self.asks.lead);
        let both = vec![self.there(0, "p-1"), self.there(1, "p-2"), self.referrer_leads()];
        let mut steps = vec![step(Role::Suite, Command::Receive(Box::new(file(&self.asks, &[]))))];
        steps.extend(self.asks.items.iter().map(|item| step(lead, Self::find(*item, now, 0))));
        steps.push(match self.asks.always_a_conference {
            true => step(lead, self.conference(now, both, true)),
            false => step(lead, Command::DecideFurtherInformation { required: false, reason: words() }),
        });
        // When the marker is considered makes a difference to the return alone, which other scopes search.
        let scope = &self.scope;
        let beside = scope.actions + scope.reopenings > 0 || scope.told || scope.holds;
        if self.asks.marker && (beside || scope.wrongly != Wrongly::Nothing) {
            steps.push(step(lead, Command::ConsiderSupportMarker { marker: Marker::PutOn, reason: words() }));
        }
        steps
    }

    fn instants(&self) -> Vec<DateTime<Utc>> {
        let mut all = vec![london(NEXT_DAY)];
        all.extend(self.scope.wrong.then(|| london(LATE)));
        all
    }

    fn moves(&self, at: &Moment<Self>) -> Vec<Step> {
        let receive = |entries: &[u32]| step(Role::Suite, Command::Receive(Box::new(file(&self.asks, entries))));
        if at.state.received.is_none() {
            let mut moves = vec![receive(&[]), step(Role::Suite, Command::LetTimePass)];
            moves.push(step(self.asks.lead, Command::Return));
            return moves;
        }
        let tasks = Conferencing::tasks(&at.state, &Guidance::published());
        let mut moves = vec![step(Role::Suite, Command::LetTimePass), step(Role::Suite, Command::DeriveTermsAgain)];
        moves.extend(self.enquiries(at));
        moves.extend(self.actions(at));
        moves.extend(self.conclusion(at));
        moves.extend(self.contacts(at));
        // What the return waits for is left to whoever owes it, where the enquiries are searched.
        if self.scope.checked {
            moves.extend(self.desk(at, &tasks));
            moves.extend(self.marker(at));
        }
        moves.extend(self.corrections(at));
        if self.scope.wrong {
            moves.extend(self.wrong(at));
        }
        if self.scope.told {
            moves.extend([receive(&[3]), receive(&[])]);
            moves.extend(about_customer(at));
        }
        if self.scope.retracted {
            moves.extend(conferencing_told::taken_back(at));
            let known = at.state.taken_back.is_some() || !at.state.came_to_light.is_empty();
            moves.extend((!known).then(|| receive(&[3])));
        }
        if self.scope.holds {
            moves.extend(conferencing_told::holds(at));
        }
        moves
    }

    fn discharge(&self, task: &Task, at: &Moment<Self>) -> Option<Step> {
        let (now, asks) = (at.now, &self.asks);
        let both = vec![self.there(0, "p-1"), self.there(1, "p-2")];
        let command = match (task.discharged_by, task.key.split_once(':')) {
            ("RecordAssuranceFinding", Some((_, name))) => {
                let item = asks.items.iter().find(|item| item.name() == name)?;
                Self::find(*item, now, at.turn)
            }
            ("ReportAction", Some((_, number))) => {
                let (action, result, late_reason) = (number.parse().ok()?, ActionResult::Taken, None);
                Command::ReportAction { action, result, occurred_at: now, account: words(), late_reason }
            }
            ("RequireFurtherInformation", _) => Command::DecideFurtherInformation { required: false, reason: words() },
            ("RecordConference", _) => self.conference(now, both, true),
            ("RecordDetermination", _) => Self::determine(true, false, self.assents()),
            ("ConsiderSupportMarker", _) => Command::ConsiderSupportMarker { marker: Marker::PutOn, reason: words() },
            ("RecordClosingNote" | "AssembleDocumentation", _) => self.closing(now, true),
            ("ReturnToDecisionMaker", _) => Command::Return,
            ("RecordDecision", _) => {
                let outcome = *asks.outcomes.iter().find(|outcome| !outcome.is_adverse())?;
                Command::Decide { outcome, weighed: words() }
            }
            ("ConfirmDeath", _) => {
                let fact = verified(DeathEvidence::Register);
                let command = Command::Customer(customer::Command { fact, passed_on: None });
                return Some(Move { by: colleague_of(task.owner), command });
            }
            (COMPLETE_TASK, _) => complete(&task.key, now),
            _ => return None,
        };
        Some(step(task.owner, command))
    }

    fn is_beyond(&self, task: &Task, at: &Moment<Self>) -> bool {
        // What was looked at too early is looked at again.
        task.discharged_by != "RecordAssuranceFinding" || at.state.findings.len() >= self.asks.items.len()
    }

    /// Safeguarding concludes what it was handed.
    fn others_bring(&self, at: &Moment<Self>) -> Vec<Step> {
        let early = at.state.received.is_some() && at.state.outcomes.is_empty() && self.scope.wrong;
        if !at.state.escalated && !early {
            return Vec::new();
        }
        let command = Command::RecordEscalationOutcome(concluded(at.now, at.state.outcomes.len()));
        let mut told = vec![Move { by: suite(), command }];
        // What it concluded earlier is told late, and something was recorded meanwhile.
        let determined = at.state.determination.as_ref().filter(|determined| determined.at < at.now);
        if let Some(determined) = determined.filter(|_| self.scope.concerns > 0) {
            let outcome = concluded(determined.at, at.state.outcomes.len());
            told.push(Move { by: suite(), command: Command::RecordEscalationOutcome(outcome) });
        }
        told
    }

    fn time_passes(&self) -> Option<Command> {
        Some(Command::LetTimePass)
    }

    fn terms(&self, _: &State) -> Vec<DateTime<Utc>> {
        Vec::new()
    }

    fn verb(command: &Command) -> &'static str {
        conferencing_told::verb(command)
    }

    fn stage(at: &Moment<Self>) -> &'static str {
        at.state.stage.name()
    }

    fn has_ended(at: &Moment<Self>) -> bool {
        is_over(at.state.stage)
    }

    fn waits(state: &State) -> bool {
        state.received.is_some() && !is_over(state.stage)
    }

    fn sketch(state: &State, into: &mut Sketch) {
        conferencing_sketch::sketch(state, into);
    }

    fn hear(&self, heard: &mut Heard, recorded: &Recorded<'_, Event>) {
        heard.hear(&self.asks, recorded);
    }

    fn broken_by(&self, taken: &Taken<'_, Self>) -> Vec<Law> {
        conferencing_laws::broken_by(&self.asks, taken)
    }

    fn broken_at(&self, at: &Moment<Self>, tasks: &[Task]) -> Vec<Law> {
        conferencing_state_laws::broken_at(&self.asks, at, tasks)
    }

    fn next_version(&self, from: DateTime<Utc>, turn: usize) -> Guidance {
        super::versions::next(self.asks.benefit, from, turn)
    }

    fn under_next_version(&self, turn: usize) -> Self {
        Self { asks: super::versions::asked_next(self.asks, turn), scope: self.scope }
    }
}

/// It waits for nobody, unless something else comes up.
fn is_over(stage: Stage) -> bool {
    matches!(stage, Stage::Decided | Stage::EndedDeath | Stage::EndedTakenBack)
}
