//! Which holds a case at conferencing has, from when and until when, and that none is ever missing.

use super::case::{Case, ids, two_visits};
use super::file_samples::{placed_again, placed_at_ours};
use super::step::Step::{self, *};
use super::told::Is::{self, Released, Standing};
use super::told::{holds, released, standing};
use holdfast_procedure::conferencing::{Event, Marker as OnCase, Outcome, Stage, State};
use holdfast_procedure::handover::File;
use holdfast_procedure::protection::HoldGround::TwoIneffectiveVisits as TwoVisits;
use holdfast_procedure::protection::HoldGround::{self, ConcernDetermined, ConcernOnRecord, Reconsideration};
use holdfast_procedure::protection::{HeldAt, Version, Why};
use holdfast_procedure::{Refusal, Told, Workload};

/// Checks a case that has just taken a command against what it was before.
pub(crate) fn check(before: &State, case: &Case) {
    let state = &case.state;
    let stands = standing(&state.protection);
    let over = state.customer.death_is_confirmed() || state.decision.is_some();
    let mut expected = Vec::new();
    let (mut decided, mut concern) = (false, false);
    for kept in &case.journal {
        if let Event::Determined { concern: found, .. } = kept.ruled.event {
            concern = found;
        } else if matches!(kept.ruled.event, Event::Decided { .. }) {
            (decided, concern) = (true, false);
        } else if matches!(kept.ruled.event, Event::Received { .. }) {
            decided = false;
        }
    }
    // What was taken back goes back with its hold, and is here again once that was handed over anew.
    let gone = state.protection.get(TwoVisits).is_some_and(|hold| hold.handed_to == Some(Workload::Visiting));
    let taken_back = state.taken_back.is_some();
    assert!(!gone || state.times_taken_back > 0, "only a case that is taken back gives its hold away");
    expected.extend((!over && !decided && !taken_back && !gone).then_some(TwoVisits));
    expected.extend((!over && concern).then_some(ConcernDetermined));
    expected.extend((!over && !state.reopened.is_empty()).then_some(Reconsideration));
    assert_eq!(stands, expected, "at {:?}", state.stage);
    assert_eq!(over || (gone && !concern && state.reopened.is_empty()), stands.is_empty(), "until it is decided");
    for why in released(&before.protection, &state.protection) {
        let says_so = match why {
            Why::InformedDecision => state.stage == Stage::Decided || decided,
            Why::VerifiedDeath => state.customer.death_is_confirmed(),
            Why::Replaced => !stands.is_empty() || gone,
            Why::EffectiveVisit | Why::ContactInTime | Why::Withdrawn | Why::VisitConsidered => false,
        };
        assert!(says_so, "released at {:?}: {why:?}", state.stage);
    }
}

/// From which stage, what is done then, and the holds that come of it.
type Row = (&'static str, Stage, &'static [Step], &'static [(HoldGround, u64, Is)]);

use Stage::*;

#[rustfmt::skip] // one case a row
const ROWS: &[Row] = &[
    ("received", Assurance, &[], &[(TwoVisits, 2, Standing)]),
    ("received twice", Assurance, &[Receive(two_visits)], &[(TwoVisits, 2, Standing)]),
    ("contact", Assurance, &[Contact("")], &[(TwoVisits, 2, Standing)]),
    ("no concern", ClosingNoteDue, &[], &[(TwoVisits, 2, Standing)]),
    ("a concern", Escalated, &[], &[(TwoVisits, 2, Standing), (ConcernDetermined, 1, Standing)]),
    ("a concern before everything was looked at", Assurance, &[Determine(false, true)],
        &[(TwoVisits, 2, Standing), (ConcernDetermined, 1, Standing)]),
    ("a concern twice", Assurance, &[Determine(false, true), Determine(false, true)],
        &[(TwoVisits, 2, Standing), (ConcernDetermined, 1, Standing)]),
    ("its outcome", Escalated, &[Concluded("2026-06-12 10:00")], &[(TwoVisits, 2, Standing), (ConcernDetermined, 1, Standing)]),
    ("contact during an escalation", Escalated, &[Contact("")], &[(TwoVisits, 2, Standing), (ConcernDetermined, 1, Standing)]),
    ("no concern after all", Escalated, &[Concluded("2026-06-12 10:00"), Determine(true, false)],
        &[(TwoVisits, 2, Standing), (ConcernDetermined, 2, Released(Why::Replaced))]),
    ("and a concern again", Escalated, &[Concluded("2026-06-12 10:00"), Determine(true, false), Determine(true, true)],
        &[(TwoVisits, 2, Standing), (ConcernDetermined, 3, Standing)]),
    ("returned", DecisionDue, &[], &[(TwoVisits, 2, Standing)]),
    ("decided", Decided, &[], &[(TwoVisits, 3, Released(Why::InformedDecision))]),
    ("decided after a concern", Escalated,
        &[Concluded("2026-06-12 10:00"), Note(""), Support(OnCase::PutOn), Arrival, Return, Decide(Outcome::Disallow)],
        &[(TwoVisits, 3, Released(Why::InformedDecision)), (ConcernDetermined, 2, Released(Why::InformedDecision))]),
    ("contact after the decision", Decided, &[Contact("")], &[(TwoVisits, 3, Released(Why::InformedDecision))]),
    ("reconsidered", Decided, &[Reopen], &[(TwoVisits, 3, Released(Why::InformedDecision)), (Reconsideration, 1, Standing)]),
    ("reconsidered before the decision", DecisionDue, &[Reopen], &[(TwoVisits, 2, Standing), (Reconsideration, 1, Standing)]),
    ("a concern, reconsidered before the decision", Escalated,
        &[Concluded("2026-06-12 10:00"), Note(""), Arrival, Return, Reopen],
        &[(TwoVisits, 2, Standing), (ConcernDetermined, 1, Standing), (Reconsideration, 1, Standing)]),
    ("a concern on reconsideration", Decided, &[Reopen, Determine(false, true)],
        &[(TwoVisits, 3, Released(Why::InformedDecision)), (ConcernDetermined, 1, Standing), (Reconsideration, 1, Standing)]),
    ("decided again", Decided, &[Reopen, Determine(true, false), Note(""), Arrival, Return, Decide(Outcome::Disallow)],
        &[(TwoVisits, 3, Released(Why::InformedDecision)), (Reconsideration, 2, Released(Why::InformedDecision))]),
    ("reconsidered again", Decided,
        &[Reopen, Determine(true, false), Note(""), Arrival, Return, Decide(Outcome::Disallow), Reopen],
        &[(TwoVisits, 3, Released(Why::InformedDecision)), (Reconsideration, 3, Standing)]),
    ("a death reported", Assurance, &[Died("")], &[(TwoVisits, 2, Standing)]),
    ("a death verified", EndedDeath, &[], &[(TwoVisits, 3, Released(Why::VerifiedDeath))]),
    ("a death by mistake", EndedDeath, &[DeathMistaken], &[(TwoVisits, 4, Standing)]),
    ("a death after a concern, by mistake", Escalated, &[Died(""), ConfirmDeath, DeathMistaken],
        &[(TwoVisits, 4, Standing), (ConcernDetermined, 3, Standing)]),
    ("a death after the decision, by mistake", Decided, &[Died(""), ConfirmDeath, DeathMistaken],
        &[(TwoVisits, 3, Released(Why::InformedDecision))]),
    ("a merge", Escalated, &[Merged("C-2")], &[(TwoVisits, 3, Standing), (ConcernDetermined, 2, Standing)]),
    ("a merge after the decision", Decided, &[Merged("C-2")], &[(TwoVisits, 3, Released(Why::InformedDecision))]),
    ("placed again by the sender", Assurance, &[Receive(placed_again)], &[(TwoVisits, 6, Standing)]),
    ("placed again by the sender, as far as here", Assurance, &[Receive(placed_at_ours)], &[(TwoVisits, 3, Standing)]),
    ("placed again by the sender, told twice", Assurance, &[Receive(placed_again), Receive(placed_again)], &[(TwoVisits, 6, Standing)]),
    ("and told late of what was before", Assurance, &[Receive(placed_again), Receive(two_visits)], &[(TwoVisits, 6, Standing)]),
    ("placed again by the sender after the decision", Decided, &[Receive(placed_again)],
        &[(TwoVisits, 7, Released(Why::InformedDecision))]),
    ("placed again by the sender after a death, by mistake", EndedDeath, &[Receive(placed_again), DeathMistaken],
        &[(TwoVisits, 8, Standing)]),
    ("another ground handed over", Assurance, &[Receive(with_concern)],
        &[(ConcernOnRecord, 4, Released(Why::Replaced)), (TwoVisits, 2, Standing)]),
    ("a ledger that knows the same", Assurance, &[RaiseHold(TwoVisits, 2, false)], &[(TwoVisits, 2, Standing)]),
    ("a ledger that is behind", Assurance, &[RaiseHold(TwoVisits, 1, false)], &[(TwoVisits, 2, Standing)]),
    ("a ledger that is ahead", Assurance, &[RaiseHold(TwoVisits, 4, true)], &[(TwoVisits, 5, Standing)]),
    ("a ledger that is ahead of a release", Decided, &[RaiseHold(TwoVisits, 4, false)],
        &[(TwoVisits, 5, Released(Why::InformedDecision))]),
    ("a release that is further on there", Decided, &[RaiseHold(TwoVisits, 4, true)],
        &[(TwoVisits, 6, Released(Why::InformedDecision))]),
];

/// A file with a hold that commonly stays with the sender.
fn with_concern() -> File {
    let mut file = two_visits();
    file.holds.push(HeldAt { ground: ConcernOnRecord, version: Version(2) });
    file
}

#[test]
fn an_award_is_protected_from_the_handover_until_the_informed_decision() {
    for (name, stage, steps, expected) in ROWS {
        assert_eq!(holds(&Case::at(*stage).then(steps).state.protection), *expected, "{name}");
    }
}

#[test]
fn a_hold_is_never_lost_on_the_way_however_far_the_sender_had_got() {
    for version in [1, 2, 9] {
        let mut case = Case::unopened(super::case::RECEIVED);
        let mut file = two_visits();
        file.holds[0].version = Version(version);
        let command = holdfast_procedure::conferencing::Command::Receive(Box::new(file));
        case.apply(holdfast_procedure::Role::Suite, &command).expect("a file");
        assert_eq!(holds(&case.state.protection), [(TwoVisits, version + 1, Standing)]);
    }
}

/// What is told of holds alone is nothing that somebody has to consider.
#[test]
fn a_version_that_was_raised_is_no_news_of_the_customer() {
    let mut case = Case::at(ReturnDue);
    let owed = case.owed();
    case.when(&[Receive(placed_again)]);
    assert_eq!((case.owed(), case.state.came_to_light.len()), (owed, 0));
    assert_eq!(case.journal.last().map(|kept| kept.ruled.event.name()), Some("award_protected"));
}

#[test]
fn protection_cites_the_paragraph_of_its_ground() {
    let case = Case::at(Escalated);
    let cited: Vec<_> = case
        .journal
        .iter()
        .filter(|kept| kept.ruled.event.name() == "award_protected")
        .map(|kept| ids(&kept.ruled.rules))
        .collect();
    assert_eq!(cited, [vec!["PIP-6", "R-HOLD-FROM"], vec!["PIP-14", "GEN-2"]]);
    let case = Case::at(Decided);
    assert_eq!(case.cited("protection_released"), ["PIP-6", "R-HOLD-FROM", "R-HOLD-UNTIL"]);
    let summary = "The award was held because two visits were ineffective or count as such; on this ground it is held no \
                   longer, as the informed decision is recorded.";
    assert_eq!(case.last("protection_released").event.summary(), summary);
    assert_eq!(case.then(&[Reopen]).cited("award_protected"), ["R-RECONSIDERATION"]);
}

#[test]
fn only_a_hold_that_the_case_has_is_written_again() {
    let refused = Case::at(Assurance).attempt(&RaiseHold(Reconsideration, 3, true));
    assert!(matches!(refused, Err(Refusal::NoSuchPart(_))), "{refused:?}");
}
