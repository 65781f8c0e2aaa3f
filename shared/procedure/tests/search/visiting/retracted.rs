//! What counts as two ineffective visits is said to have been recorded in error: asked for, confirmed and declined.

use super::asks::{Asks, london};
use super::people::{colleague_of, of, suite, words};
use super::subject::{Moment, Move};
use super::visiting::VisitingSubject;
use super::visiting_before::triaged;
use super::visiting_moves::{CALLED, REFERRED, Step, record, refer, step, visit};
use holdfast_procedure::protection::{HeldAt, Version};
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Actor, Role, Workload};

/// When the search begins: two visits were ineffective, and the case is with whoever leads it.
pub(crate) const HANDED_OVER: &str = "2026-06-11 09:00";

pub(crate) fn handed_over(asks: &Asks) -> Vec<Step> {
    let referred = london(REFERRED);
    let missed = Outcome::Ineffective { ground: Ground::NotAtHome, letter_left: true };
    let mut steps = triaged(asks, referred);
    steps.push(step(asks.referred_by[0], refer(asks.benefit, referred)));
    let called = [CALLED, "2026-06-09 10:00"].map(|at| record(visit(london(at), missed)));
    steps.extend(called.map(|called| step(Role::VisitingOfficer, called)));
    steps
}

impl VisitingSubject {
    /// It is said of the referral and of each visit, this way and that, by two people, and settled by either of them.
    pub(crate) fn retractions(&self, at: &Moment<Self>) -> Vec<Step> {
        let state = &at.state;
        let mut moves = Vec::new();
        let corrected = state.facts.values().filter(|fact| fact.superseded).count();
        if at.heard.asked_to_retract < self.scope.retractions && corrected < self.scope.retractions {
            let referrer = self.asks.referred_by[0];
            for ground in [WithdrawalGround::RecordedInError, WithdrawalGround::Abroad] {
                moves.push(step(referrer, Command::Withdraw { ground, reason: words() }));
            }
            let seen = Outcome::Effective;
            for (fact, known) in state.standing_facts() {
                if let Happening::Visit(known) = &known.happening {
                    let otherwise = visit(known.occurred_at, seen);
                    for right in [None, Some(otherwise)] {
                        let correction = Correction { fact, right, narrative: None, reason: words() };
                        moves.push(step(Role::VisitingOfficer, Command::Correct(correction)));
                    }
                }
            }
        }
        for by in self.confirming() {
            moves.push(Move { by: by.clone(), command: Command::ConfirmRetraction { reason: words() } });
            moves.push(Move { by, command: Command::DeclineRetraction { reason: words() } });
        }
        moves.extend(comes_back(at));
        moves.push(Move { by: suite(), command: Command::ReceiveBack { holds: Vec::new() } });
        moves.extend(Self::others_told());
        moves
    }

    /// Whoever may have said so, a colleague of theirs, and somebody whom neither concerns.
    fn confirming(&self) -> Vec<Actor> {
        let referrer = self.asks.referred_by[0];
        vec![of(Role::VisitingOfficer), colleague_of(Role::VisitingOfficer), of(referrer), colleague_of(referrer)]
    }

    /// What was decided before the case was taken back, or that it was opened again, is told late.
    fn others_told() -> Vec<Step> {
        [true, false]
            .map(|decided| Move { by: suite(), command: Command::NoteDecision { decided, times_taken_back: 0 } })
            .to_vec()
    }
}

/// Whoever led the case hands back what they held for it, written once since.
pub(crate) fn comes_back(at: &Moment<VisitingSubject>) -> Vec<Step> {
    let written = |held: HeldAt| HeldAt { version: Version(held.version.0 + 1), ..held };
    let holds = at.state.protection.handed_to(Workload::Conferencing).into_iter().map(written).collect();
    let taken_back = at.heard.retracted && !at.heard.came_back;
    let back = |holds| Move { by: suite(), command: Command::ReceiveBack { holds } };
    taken_back.then(|| back(holds)).into_iter().collect()
}
