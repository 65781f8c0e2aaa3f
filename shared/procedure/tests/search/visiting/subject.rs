//! Visiting in small scopes: what is tried, and what of a state makes a difference.

use super::asks::{Asks, london};
use super::law::Law;
use super::people::{colleague_of, of, suite, verified, words};
use super::sketch::Sketch;
use super::subject::{Moment, Move, Subject, Taken};
use super::visiting_before;
use super::visiting_laws::{self, Heard};
use super::visiting_moves::{AFTER, CALLED, REFERRED, Step, record, refer, step, tell, told_elsewhere, visit};
use super::{visiting_retracted, visiting_sketch, visiting_state_laws};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::customer::DeathEvidence;
use holdfast_procedure::desk;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::task::COMPLETE_TASK;
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Recorded, Role, Task};

/// How much may happen, and of which kinds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    pub(crate) name: &'static str,
    /// How many facts are recorded of somebody's own accord.
    pub(crate) facts: usize,
    pub(crate) decisions: usize,
    pub(crate) corrections: usize,
    /// Facts come to light that happened earlier.
    pub(crate) earlier: bool,
    /// Areas are unsafe, letters posted, visits broken off.
    pub(crate) rarities: bool,
    /// What is told of the customer.
    pub(crate) told: bool,
    /// The ledger turns out to be ahead, and the customer goes by another reference.
    pub(crate) holds: bool,
    /// A concern arises, the referral is withdrawn or joined by another.
    pub(crate) concerns: bool,
    /// The search begins before any referral, with a visit considered or a concern triaged.
    pub(crate) before: bool,
    /// What is established at a visit at which the customer was seen, and arranged after it.
    pub(crate) seen: bool,
    /// What was said between the visits takes turns, so that more facts can be recorded.
    pub(crate) deep: bool,
    /// How often somebody says that two ineffective visits were recorded in error; the search begins after those.
    pub(crate) retractions: usize,
    /// A visit is right, and addresses are traced before the referral.
    pub(crate) traced: bool,
    /// The search begins after a visit at which the customer was seen.
    pub(crate) since_visit: bool,
}

/// Visiting, for one benefit.
pub(crate) struct VisitingSubject {
    pub(crate) asks: Asks,
    pub(crate) scope: Scope,
}

impl Subject for VisitingSubject {
    type D = Visiting;
    type Heard = Heard;
    const PAUSE: TimeDelta = TimeDelta::minutes(1);
    const DECIDED_ANEW: bool = false;

    fn begins(&self) -> DateTime<Utc> {
        let before_visits = if self.scope.since_visit { CALLED } else { REFERRED };
        london(if self.scope.retractions > 0 { visiting_retracted::HANDED_OVER } else { before_visits })
    }

    fn before(&self) -> Vec<Step> {
        if self.scope.retractions > 0 {
            return visiting_retracted::handed_over(&self.asks);
        }
        if self.scope.traced {
            return visiting_before::considered(&self.asks, self.begins());
        }
        if self.scope.since_visit {
            return visiting_before::seen(&self.asks, self.begins());
        }
        if self.scope.before { Vec::new() } else { visiting_before::triaged(&self.asks, self.begins()) }
    }

    fn instants(&self) -> Vec<DateTime<Utc>> {
        [CALLED, AFTER].map(london).to_vec()
    }

    fn moves(&self, at: &Moment<Self>) -> Vec<Step> {
        let now = at.now;
        if at.state.referral.is_none() {
            let benefit = self.asks.benefit;
            let mut moves: Vec<_> = self.asks.referred_by.iter().map(|by| step(*by, refer(benefit, now))).collect();
            moves.push(step(Role::Auditor, refer(benefit, now)));
            moves.push(step(Role::Referrer, refer(benefit, now + TimeDelta::minutes(2))));
            moves.push(step(Role::Referrer, refer(benefit, now - TimeDelta::days(40))));
            moves.push(step(Role::Suite, Command::LetTimePass));
            if self.scope.told {
                let knowing = refer(benefit, now).knowing(told_elsewhere(now));
                moves.push(step(self.asks.referred_by[0], knowing));
            }
            moves.extend(self.before_referral(at));
            return moves;
        }
        let mut moves = vec![step(Role::Suite, Command::LetTimePass)];
        moves.extend(self.facts(at));
        moves.extend(self.decisions(at));
        if self.scope.retractions > 0 {
            moves.extend(self.retractions(at));
        }
        if self.scope.told {
            moves.extend(self.about_customer(at));
        }
        if self.scope.holds {
            moves.extend(self.holds(at));
        }
        if self.scope.concerns {
            moves.extend(self.withdrawals(at));
        }
        if self.scope.rarities {
            moves.extend([step(Role::Suite, Command::DeriveTermsAgain)]);
            moves.extend(self.refused(at));
            moves.extend(self.desk(at));
        }
        moves
    }

    fn discharge(&self, task: &Task, at: &Moment<Self>) -> Option<Step> {
        let command = match task.discharged_by {
            "RecordVisit" => {
                record(visit(at.now, Outcome::Ineffective { ground: Ground::NotAtHome, letter_left: true }))
            }
            "RecordLetter" => record(Happening::Letter(Letter { occurred_at: at.now })),
            "DecideSecondVisit" => {
                let confident = task.key == "confidence";
                let second_visit = if confident { SecondVisit::NotNeeded } else { SecondVisit::Needed };
                let understanding = confident.then_some(Understanding::Confident);
                Command::DecideSecondVisit { second_visit, understanding, reason: words() }
            }
            "ReferForVisit" => refer(self.asks.benefit, at.now),
            "TriageConcern" => visiting_before::triage(at.now, TriageResult::VisitAppropriate),
            "ConsiderVisit" => visiting_before::discharged(task, at.now),
            "RecordFollowUp" => record(Happening::FollowUp(FollowUp { occurred_at: at.now, review_on: None })),
            "RecordBooking" => {
                let (what, agreed_for) = (Booked::Interview, at.now + TimeDelta::days(7));
                let booking = Booking { what, agreed_for, confirmed: false };
                record(Happening::Booking(BookingMade { occurred_at: at.now, booking }))
            }
            "DecideGoodCause" => {
                let decision = GoodCauseDecision { good_cause: GoodCause::NotAccepted, deferral: None };
                Command::DecideGoodCause { decision, reason: words() }
            }
            "ConfirmRetraction" | "DeclineRetraction" => {
                let asked_by_other = at.state.retraction.as_ref().is_some_and(|asked| asked.by.role != task.owner);
                let by = if asked_by_other { of(task.owner) } else { colleague_of(task.owner) };
                return Some(Move { by, command: settled(at) });
            }
            "ConfirmDeath" => {
                let step = Move { by: colleague_of(task.owner), command: tell(verified(DeathEvidence::Register)) };
                return Some(step);
            }
            COMPLETE_TASK => {
                let (key, system, reference) = (task.key.clone(), "S".to_owned(), "1".to_owned());
                let done = desk::Command::Complete { key, occurred_at: at.now, system, reference, late_reason: None };
                Command::Desk(done)
            }
            _ => return None,
        };
        Some(step(task.owner, command))
    }

    fn is_beyond(&self, task: &Task, at: &Moment<Self>) -> bool {
        match task.discharged_by {
            "RecordVisit" => self.scope.traced || at.state.facts.len() >= self.scope.facts,
            "DecideSecondVisit" => at.state.decisions.len() >= self.scope.decisions,
            _ => true,
        }
    }

    /// The decision, and the reconsideration, are told by whoever leads the case after the handover.
    fn others_bring(&self, at: &Moment<Self>) -> Vec<Step> {
        if at.state.opened.is_none() {
            return Vec::new();
        }
        let back = visiting_retracted::comes_back(at);
        if !back.is_empty() {
            return back;
        }
        let times_taken_back = at.state.handover.as_ref().map_or(0, |handover| handover.times_taken_back);
        let note = |decided| Command::NoteDecision { decided, times_taken_back };
        [true, false].map(|decided| Move { by: suite(), command: note(decided) }).to_vec()
    }

    fn time_passes(&self) -> Option<Command> {
        Some(Command::LetTimePass)
    }

    fn terms(&self, state: &State) -> Vec<DateTime<Utc>> {
        state.window.iter().map(|window| window.ends.due.ends_at).collect()
    }

    fn verb(command: &Command) -> &'static str {
        match command {
            Command::Refer { .. } => "Refer",
            Command::Record(record) => match record.happening {
                Happening::Visit(_) => "RecordVisit",
                Happening::UnsafeArea(_) => "RecordUnsafeArea",
                Happening::Letter(_) => "RecordLetter",
                Happening::Contact(_) => "RecordContact",
                Happening::Concern(_) => "RaiseConcern",
                Happening::Consideration(_) => "ConsiderVisit",
                Happening::Triage(_) => "TriageConcern",
                Happening::AddressTrace(_) => "RecordAddressTrace",
                Happening::FollowUp(_) => "RecordFollowUp",
                Happening::Booking(_) => "RecordBooking",
            },
            Command::Open(_) => "Open",
            Command::DecideGoodCause { .. } => "DecideGoodCause",
            Command::DecideSecondVisit { .. } => "DecideSecondVisit",
            Command::Withdraw { .. } => "Withdraw",
            Command::Correct(_) => "Correct",
            Command::ConfirmRetraction { .. } => "ConfirmRetraction",
            Command::DeclineRetraction { .. } => "DeclineRetraction",
            Command::ReceiveBack { .. } => "ReceiveBack",
            Command::NoteDecision { .. } => "NoteDecision",
            Command::Customer(command) => super::coverage::customer_verb(&command.fact),
            Command::Desk(command) => super::coverage::desk_verb(command),
            Command::RaiseHold(_) => "RaiseHold",
            Command::LetTimePass => "LetTimePass",
            Command::DeriveTermsAgain => "DeriveTermsAgain",
        }
    }

    fn stage(at: &Moment<Self>) -> &'static str {
        at.state.stage.name()
    }

    /// A case is also at rest with an adviser, or with whoever triaged a concern for which no visit is right.
    fn has_ended(at: &Moment<Self>) -> bool {
        at.state.stage.has_ended() || matches!(at.state.stage, Stage::WithAdviser | Stage::ConcernWithSpoc)
    }

    fn waits(state: &State) -> bool {
        state.opened.is_some() && (!state.stage.has_ended() || state.stage == Stage::EndedNoSecondVisit)
    }

    fn sketch(state: &State, into: &mut Sketch) {
        visiting_sketch::sketch(state, into);
    }

    fn hear(&self, heard: &mut Heard, recorded: &Recorded<'_, Event>) {
        heard.hear(recorded);
    }

    fn broken_by(&self, taken: &Taken<'_, Self>) -> Vec<Law> {
        visiting_laws::broken_by(&self.asks, taken)
    }

    fn broken_at(&self, at: &Moment<Self>, tasks: &[Task]) -> Vec<Law> {
        visiting_state_laws::broken_at(&self.asks, at, tasks)
    }

    fn next_version(&self, from: DateTime<Utc>, turn: usize) -> Guidance {
        super::versions::next(self.asks.benefit, from, turn)
    }

    fn under_next_version(&self, turn: usize) -> Self {
        Self { asks: super::versions::asked_next(self.asks, turn), scope: self.scope }
    }
}

/// What is asked for is confirmed; of a fact that was put right meanwhile, it is declined.
fn settled(at: &Moment<VisitingSubject>) -> Command {
    match at.state.retraction.as_ref().map(|asked| &asked.retracting) {
        Some(Retracting::Fact(correction)) if !at.state.standing_facts().any(|(fact, _)| fact == correction.fact) => {
            Command::DeclineRetraction { reason: words() }
        }
        Some(Retracting::Referral { .. } | Retracting::Fact(_)) | None => {
            Command::ConfirmRetraction { reason: words() }
        }
    }
}
