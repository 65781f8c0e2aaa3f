//! A case that is taken back and handed over anew: DWP Visiting and conferencing against each other, with every order in
//! which what each sends can arrive. What one service sends keeps its order; only what protects the award overtakes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "round_trip/world.rs"]
mod world;

use holdfast_procedure::conferencing::{self, Conferencing};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::protection::HoldGround::TwoIneffectiveVisits as TwoVisits;
use holdfast_procedure::visiting::Stage;
use holdfast_procedure::{Decider, Role, Workload};
use std::collections::BTreeSet;
use world::Done::{self, *};
use world::World;

/// More worlds than any of these scripts comes to: what goes to and fro for ever would go on beyond it.
const FAR_TOO_MANY: usize = 8_000;

/// Runs what is done at either service in every order, and every order of what arrives, and gives the worlds that are
/// left once everything is done and has arrived.
fn everything_that_may_come_of(visiting: &[Done], conferencing: &[Done]) -> Vec<World> {
    let mut ahead = vec![World::begun()];
    let (mut seen, mut settled) = (BTreeSet::new(), Vec::new());
    while let Some(world) = ahead.pop() {
        if !seen.insert(world.fingerprint()) {
            continue;
        }
        assert!(seen.len() < FAR_TOO_MANY, "it goes to and fro for ever: {}", world.told());
        world.check();
        let next = world.next(visiting, conferencing);
        if next.is_empty() {
            assert!(world.is_delivered(), "something is never delivered: {}", world.told());
            settled.push(world);
        }
        ahead.extend(next);
    }
    assert!(!settled.is_empty());
    settled
}

/// The hold is conferencing's, which has the case as it was handed over last.
fn is_with_conferencing(world: &World, times: u32) {
    assert_eq!((world.visiting.stage, world.visiting.times_taken_back), (Stage::HandedOver, times), "{}", world.told());
    let received = world.conferencing.received.as_ref().expect("a case");
    assert_eq!((received.file.times_taken_back, &world.conferencing.taken_back), (times, &None), "{}", world.told());
    let [there, here] = [&world.conferencing.protection, &world.visiting.protection].map(|own| own.get(TwoVisits));
    assert!(there.is_some_and(|hold| hold.stands_here()), "{}", world.told());
    assert_eq!(here.and_then(|hold| hold.handed_to), Some(Workload::Conferencing), "{}", world.told());
    let known = world.ledger.get(&TwoVisits).expect("a hold");
    assert!(known.state.protects() && known.holder == Workload::Conferencing, "{}", world.told());
    assert_eq!(Some(known.version), there.map(|hold| hold.version), "{}", world.told());
}

/// Who owes the question whether the decision is to be reconsidered as the case was taken back, if anybody does.
fn asked_to_reconsider(world: &World) -> Option<Role> {
    let tasks = Conferencing::tasks(&world.conferencing, &Guidance::published());
    let mut asks = tasks.iter().filter(|task| task.key.starts_with("taken-back") && task.what.contains("ReopenCase"));
    asks.next().map(|task| task.owner)
}

/// Nothing is held for two visits any more, and both services know it.
fn is_held_no_more(world: &World) {
    assert!(!world.ledger[&TwoVisits].state.protects(), "{}", world.told());
    let standing =
        |own: &holdfast_procedure::protection::Own| own.get(TwoVisits).is_some_and(|hold| hold.stands_here());
    assert!(!standing(&world.visiting.protection) && !standing(&world.conferencing.protection), "{}", world.told());
}

#[test]
fn a_case_that_is_taken_back_is_released_once() {
    for world in everything_that_may_come_of(&[FirstVisit, SecondVisit, Asked(2), Confirmed], &[]) {
        assert_eq!(world.visiting.stage, Stage::SecondVisitDue);
        assert_eq!(world.conferencing.stage, conferencing::Stage::EndedTakenBack);
        is_held_no_more(&world);
    }
    for world in everything_that_may_come_of(&[FirstVisit, SecondVisit, InError, Confirmed], &[]) {
        assert_eq!(world.visiting.stage, Stage::EndedWithdrawn);
        is_held_no_more(&world);
    }
}

#[test]
fn a_case_that_is_handed_over_anew_is_protected_throughout() {
    for world in everything_that_may_come_of(&[FirstVisit, SecondVisit, Asked(2), Confirmed, ThirdVisit], &[]) {
        is_with_conferencing(&world, 1);
        assert_eq!(world.conferencing.stage, conferencing::Stage::Assurance);
    }
}

#[test]
fn a_case_that_is_taken_back_twice_is_protected_throughout() {
    let twice = [FirstVisit, SecondVisit, Asked(2), Confirmed, ThirdVisit, Asked(3), Confirmed, FourthVisit];
    for world in everything_that_may_come_of(&twice, &[]) {
        is_with_conferencing(&world, 2);
    }
}

#[test]
fn a_concern_that_is_found_meanwhile_goes_with_none_of_it() {
    for world in everything_that_may_come_of(
        &[FirstVisit, SecondVisit, Asked(2), Confirmed, ThirdVisit],
        &[ConcernFound, OutcomeBack],
    ) {
        is_with_conferencing(&world, 1);
    }
}

/// Whoever decided before they knew is asked to reconsider, whichever of the visits and the referral was an error, and
/// whichever of the two services hears of it first.
#[test]
fn whoever_decided_without_knowing_it_is_asked_to_reconsider() {
    for asked in [Asked(2), InError] {
        let mut decided = 0;
        for world in everything_that_may_come_of(&[FirstVisit, SecondVisit, asked, Confirmed], &[DecisionMade]) {
            let owner = asked_to_reconsider(&world);
            assert!(world.visiting.retraction.is_none(), "nothing is left to confirm: {}", world.told());
            if world.conferencing.decision.is_some() {
                // Where DWP Visiting knew of the decision before anybody said so, the referral is not withdrawn.
                let told = world.conferencing.taken_back.is_some();
                assert_eq!(owner, told.then_some(Role::CaseManager), "{asked:?}: {}", world.told());
                assert!(told || asked == InError, "{}", world.told());
                is_held_no_more(&world);
                decided += usize::from(told);
            } else {
                assert_eq!(world.conferencing.stage, conferencing::Stage::EndedTakenBack, "{}", world.told());
                assert_eq!(owner, None, "{asked:?}: {}", world.told());
            }
        }
        assert!(decided > 0, "{asked:?}");
    }
}

/// What was decided on the visits that were taken back ends nothing of the case as it is handed over anew.
#[test]
fn a_decision_meanwhile_is_not_one_on_the_visits_that_count_now() {
    let mut found = BTreeSet::new();
    for world in
        everything_that_may_come_of(&[FirstVisit, SecondVisit, Asked(2), Confirmed, ThirdVisit], &[DecisionMade])
    {
        found.insert((world.visiting.stage.name(), world.conferencing.stage.name(), world.visiting.times_taken_back));
        if world.conferencing.decision.is_none() {
            is_with_conferencing(&world, 1);
        } else {
            assert_eq!(world.visiting.stage, Stage::EndedDecided, "{}", world.told());
            is_held_no_more(&world);
        }
    }
    let names: Vec<_> = found.into_iter().collect();
    // Decided before it was confirmed, the correction leaves the case ended, and so does a decision on the new visits.
    assert_eq!(
        names,
        [("ENDED_DECIDED", "DECIDED", 0), ("ENDED_DECIDED", "DECIDED", 1), ("HANDED_OVER", "ASSURANCE", 1),]
    );
}

/// Whatever is decided and taken back in whatever order comes to rest, with nothing held by one service for the other.
#[test]
fn what_is_decided_and_taken_back_comes_to_rest() {
    let scripts: [&[Done]; 3] = [
        &[FirstVisit, SecondVisit, Asked(2), Confirmed, ThirdVisit, Asked(3), Confirmed],
        &[FirstVisit, SecondVisit, Asked(2), Confirmed, ThirdVisit, InError, Confirmed],
        &[FirstVisit, SecondVisit, Asked(2), Confirmed, ThirdVisit, Asked(3), Confirmed, FourthVisit],
    ];
    for script in scripts {
        for world in everything_that_may_come_of(script, &[DecisionMade]) {
            let handed_over = world.visiting.stage == Stage::HandedOver;
            let held = world.ledger[&TwoVisits].state.protects();
            assert!(handed_over == held, "{}", world.told());
        }
    }
}
