//! What is told at conferencing: its file, the customer, the holds.

use super::asks::{Asks, london};
use super::conferencing::ConferencingSubject;
use super::conferencing_moves::{Step, step};
use super::people::{colleague_of, died, mistaken, of, passed_on, verified, words};
use super::subject::Moment;
use super::visiting_moves::{EVIDENCE, REFERRED, SOURCES, award, place};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::Role;
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::conferencing::*;
use holdfast_procedure::customer::{self, Fact};
use holdfast_procedure::handover::{
    Entry, EscalationOutcome, File, Happened, ReferralMade, SafeguardingStep, StepTaken, TakenBack,
};
use holdfast_procedure::protection::{HeldAt, HoldGround, Raise, Version};
use holdfast_procedure::visiting::Ground;

/// The file of two ineffective visits, with concerns that came to light later.
pub(crate) fn file(asks: &Asks, later: &[u32]) -> File {
    let entry = |fact, what, at, counts| Entry { fact, what, occurred_at: london(at), narrative: None, counts };
    let call = Happened::IneffectiveVisit { ground: Ground::NotAtHome, letter_left: true };
    let mut entries = vec![entry(1, call, "2026-06-01 10:00", true), entry(2, call, "2026-06-09 10:00", true)];
    entries.extend(later.iter().map(|fact| entry(*fact, Happened::Concern, "2026-06-02 10:00", false)));
    File {
        award: award(asks.benefit),
        place: place(Nation::England),
        referral: ReferralMade { by: of(asks.referred_by[0]), occurred_at: london(REFERRED), circumstances: words() },
        joined: vec![],
        lead: asks.lead,
        note_in: None,
        since: london("2026-06-09 10:00"),
        entries,
        times_taken_back: 0,
        holds: vec![HeldAt { ground: HoldGround::TwoIneffectiveVisits, version: Version(1) }],
    }
}

/// What safeguarding did about a concern.
pub(crate) fn concluded(now: DateTime<Utc>, number: usize) -> EscalationOutcome {
    // No two conclusions are of one instant; an outcome is told apart by it.
    let concluded_at = now + TimeDelta::microseconds(i64::try_from(number).unwrap_or_default());
    let step = SafeguardingStep::ContactAttempted;
    let taken = StepTaken { step, occurred_at: concluded_at, with: "CUSTOMER".to_owned(), narrative: None };
    let leader = Some(format!("leader-{number}"));
    EscalationOutcome { concluded_at, steps: vec![taken], leader, narrative: words() }
}

fn tell(fact: Fact) -> Command {
    Command::Customer(customer::Command { fact, passed_on: None })
}

pub(crate) fn about_customer(at: &Moment<ConferencingSubject>) -> Vec<Step> {
    let (now, turn) = (at.now, at.turn);
    let (source, evidence) = (SOURCES[turn % SOURCES.len()], EVIDENCE[turn % EVIDENCE.len()]);
    let known = &at.state.customer;
    let mut moves = vec![
        step(Role::LineManager, tell(verified(evidence))),
        step(Role::Officer, tell(verified(evidence))),
        step(Role::Officer, tell(mistaken(turn))),
    ];
    if known.mistaken_reports == 0 {
        moves.push(step(Role::Officer, tell(died(now, source))));
        moves.push(step(Role::Officer, tell(died(now + TimeDelta::minutes(2), source))));
        moves.push(step(Role::Suite, Command::Customer(passed_on(died(now, source), now, at.turn))));
    }
    moves
}

/// DWP Visiting takes the case back, as one person said there and another confirmed.
pub(crate) fn taken_back(at: &Moment<ConferencingSubject>) -> Vec<Step> {
    let (asked_by, confirmed_by) = (of(Role::VisitingOfficer), colleague_of(Role::VisitingOfficer));
    let taken = TakenBack { asked_by, confirmed_by, at: at.now, narrative: words() };
    at.state.taken_back.is_none().then(|| step(Role::Suite, Command::TakeBack(taken))).into_iter().collect()
}

/// The ledger turns out to be ahead.
pub(crate) fn holds(at: &Moment<ConferencingSubject>) -> Vec<Step> {
    let grounds = [HoldGround::TwoIneffectiveVisits, HoldGround::ConcernDetermined];
    let raise = |ground, known_released| {
        let known = at.state.protection.get(ground).map_or(Version(2), |hold| hold.version);
        (known.0 < 3).then(|| step(Role::Suite, Command::RaiseHold(Raise { ground, known, known_released })))
    };
    let raised = grounds.iter().flat_map(|ground| [raise(*ground, true), raise(*ground, false)]).flatten();
    let mut moves: Vec<_> = raised.collect();
    let (now, known) = (at.now, &at.state.customer);
    if known.moved_at.is_none() {
        moves.push(step(Role::Officer, tell(Fact::Moved { place: place(Nation::Wales), occurred_at: now })));
    }
    if known.formerly.is_empty() {
        moves.push(step(Role::Officer, tell(Fact::Merged { into: "C-2".to_owned() })));
    }
    moves
}

pub(crate) fn verb(command: &Command) -> &'static str {
    match command {
        Command::Receive(_) => "Receive",
        Command::TakeBack(_) => "TakeBack",
        Command::ConsiderSupportMarker { .. } => "ConsiderSupportMarker",
        Command::RecordFinding { .. } => "RecordAssuranceFinding",
        Command::DecideFurtherInformation { .. } => "RequireFurtherInformation",
        Command::ConveneConference { .. } => "ConveneConference",
        Command::RecordConference { .. } => "RecordConference",
        Command::AgreeAction { .. } => "AgreeAction",
        Command::ReportAction { .. } => "ReportAction",
        Command::RecordContact { .. } => "RecordContact",
        Command::Correct(_) => "CorrectFact",
        Command::CorrectPassedOn { .. } => "CorrectPassedOn",
        Command::Determine { .. } => "RecordDetermination",
        Command::RecordEscalationOutcome(_) => "RecordEscalationOutcome",
        Command::RecordClosingNote { .. } => "RecordClosingNote",
        Command::AssembleDocumentation { .. } => "AssembleDocumentation",
        Command::Return => "ReturnToDecisionMaker",
        Command::Decide { .. } => "RecordDecision",
        Command::Reopen { .. } => "ReopenCase",
        Command::Customer(command) => super::coverage::customer_verb(&command.fact),
        Command::Desk(command) => super::coverage::desk_verb(command),
        Command::RaiseHold(_) => "RaiseHold",
        Command::LetTimePass => "LetTimePass",
        Command::DeriveTermsAgain => "DeriveTermsAgain",
    }
}
