//! What the ledger takes in: versions, holders, tombstones, in any order.

use super::samples::{HOME, change, placed};
use holdfast_procedure::Workload;
use holdfast_procedure::protection::{
    Applied, Change, DatabaseIdentity, Hold, HoldGround, Holds, Refused, Settle, Version, Why, settle,
};
use proptest::prelude::*;

fn apply(holds: &mut Holds, hold: &Hold) -> Applied {
    holds.apply(&change(hold), Some(&HOME))
}

fn stands(holds: &Holds, hold: &Hold) -> Option<bool> {
    holds.get(&hold.key).map(|hold| hold.state.protects())
}

#[test]
fn a_change_applies_once() {
    let (mut holds, first) = (Holds::default(), placed(HoldGround::TwoIneffectiveVisits));
    let released = first.released(Why::InformedDecision);
    for (hold, stood) in [(&first, true), (&released, false)] {
        assert_eq!(apply(&mut holds, hold), Applied::Applied);
        assert_eq!(apply(&mut holds, hold), Applied::AlreadyKnown);
        assert_eq!(stands(&holds, hold), Some(stood));
    }
}

#[test]
fn a_late_copy_of_a_place_does_not_raise_what_was_released_and_is_not_acknowledged_either() {
    let (mut holds, first) = (Holds::default(), placed(HoldGround::TwoIneffectiveVisits));
    let released = first.released(Why::InformedDecision);
    apply(&mut holds, &first);
    apply(&mut holds, &released);
    let refused = Refused::BehindRelease { known: Version(2), holder: Workload::Visiting };
    assert_eq!(apply(&mut holds, &first), Applied::Refused(refused.clone()));
    assert_eq!(stands(&holds, &first), Some(false));
    // Whoever has released it since is done; whoever has not has lost something, or the ledger has.
    assert_eq!(settle(&released, &change(&first), &refused), Settle::OutOfDate);
    assert_eq!(settle(&first, &change(&first), &refused), Settle::RaiseAbove(Version(2)));
    let raised = first.raised_above(Version(2));
    assert_eq!((raised.version, apply(&mut holds, &raised)), (Version(3), Applied::Applied));
    assert_eq!(stands(&holds, &first), Some(true));
}

#[test]
fn a_receivers_place_may_come_first() {
    let (mut holds, first) = (Holds::default(), placed(HoldGround::TwoIneffectiveVisits));
    let taken_over = first.taken_over(Workload::Conferencing);
    assert_eq!(apply(&mut holds, &taken_over), Applied::Applied);
    assert_eq!(apply(&mut holds, &first), Applied::AlreadyKnown);
    assert_eq!(holds.get(&first.key), Some(taken_over));
}

#[test]
fn a_sender_never_releases_what_it_handed_over() {
    let (mut holds, first) = (Holds::default(), placed(HoldGround::TwoIneffectiveVisits));
    let taken_over = first.taken_over(Workload::Conferencing);
    apply(&mut holds, &first);
    apply(&mut holds, &taken_over);
    let at_once = first.released(Why::EffectiveVisit);
    assert_eq!(
        apply(&mut holds, &at_once),
        Applied::Refused(Refused::Overtaken { known: Version(2), holder: Workload::Conferencing })
    );
    let above = Hold { version: Version(3), ..at_once };
    let holder = Refused::NotHolder { holder: Workload::Conferencing };
    assert_eq!(apply(&mut holds, &above), Applied::Refused(holder));
    let from_another = Change { from: Workload::Visiting, ..change(&taken_over) };
    assert!(matches!(holds.apply(&from_another, Some(&HOME)), Applied::Refused(Refused::NotHolder { .. })));
    assert_eq!(stands(&holds, &first), Some(true));
    assert_eq!(apply(&mut holds, &taken_over.released(Why::InformedDecision)), Applied::Applied);
}

#[test]
fn a_release_fits_exactly_or_waits() {
    let (mut holds, first) = (Holds::default(), placed(HoldGround::TwoIneffectiveVisits));
    let released = first.released(Why::InformedDecision);
    assert_eq!(apply(&mut holds, &released), Applied::Refused(Refused::Gap { known: None }));
    apply(&mut holds, &first);
    let later = released.placed_again().released(Why::InformedDecision);
    let gap = Refused::Gap { known: Some(Version(1)) };
    assert_eq!(apply(&mut holds, &later), Applied::Refused(gap.clone()));
    assert_eq!(settle(&later, &change(&later), &gap), Settle::TryAgain);
    // The urgent place overtakes the release before it, which is out of date then.
    let again = released.placed_again();
    assert_eq!(apply(&mut holds, &again), Applied::Applied);
    let overtaken = Refused::Overtaken { known: Version(3), holder: Workload::Visiting };
    assert_eq!(apply(&mut holds, &released), Applied::Refused(overtaken.clone()));
    assert_eq!(settle(&again, &change(&released), &overtaken), Settle::OutOfDate);
}

#[test]
fn a_release_from_a_database_that_is_gone_is_not_taken_in() {
    let (mut holds, first) = (Holds::default(), placed(HoldGround::TwoIneffectiveVisits));
    apply(&mut holds, &first);
    let release = change(&first.released(Why::InformedDecision));
    let promoted = DatabaseIdentity { timeline: 2, ..HOME };
    for reconciled in [None, Some(&promoted)] {
        let applied = holds.apply(&release, reconciled);
        assert_eq!(applied, Applied::Refused(Refused::NotReconciled));
    }
    assert!(!Refused::NotReconciled.is_this_calls_fault(), "it waits and is not parked");
    assert_eq!(stands(&holds, &first), Some(true));
}

#[test]
fn what_was_handed_over_is_the_receivers_to_say() {
    let first = placed(HoldGround::TwoIneffectiveVisits);
    let handed_on = Hold { holder: Workload::Conferencing, ..first.clone() };
    let settled = |holder| settle(&handed_on, &change(&first), &Refused::BehindRelease { known: Version(3), holder });
    assert_eq!(settled(Workload::Conferencing), Settle::OutOfDate);
    // Before the receiver has spoken the sender's place is all that protects.
    assert_eq!(settled(Workload::Visiting), Settle::RaiseAbove(Version(3)));
}

/// A hold's whole line: every change that its holders make, one after the other.
fn line() -> impl Strategy<Value = Vec<Hold>> {
    prop::collection::vec(0..3_u8, 1..8).prop_map(|turns| {
        let mut line = vec![placed(HoldGround::TwoIneffectiveVisits)];
        for turn in turns {
            let last = line.last().expect("a first").clone();
            let next = match (last.state.protects(), turn) {
                (true, 0) => last.taken_over(Workload::Conferencing),
                (true, 1) => last.released(Why::InformedDecision),
                (true, _) | (false, _) => last.placed_again(),
            };
            line.push(next);
        }
        line
    })
}

proptest! {
    #[test]
    fn no_order_lowers_a_version_or_releases_what_stands(
        line in line(), order in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
    ) {
        let (mut holds, mut version, mut arrived) = (Holds::default(), Version(0), Version(0));
        for index in order {
            let hold = index.get(&line);
            if apply(&mut holds, hold) == Applied::Applied {
                arrived = arrived.max(hold.version);
            }
            let known = holds.get(&hold.key);
            let now = known.as_ref().map_or(Version(0), |known| known.version);
            prop_assert!(now >= version);
            version = now;
            // What is known is exactly what was made at that version.
            prop_assert_eq!(known, line.iter().find(|made| made.version == now).cloned());
        }
        prop_assert_eq!(version, arrived);
        // In their order at last, they end where the line ends, whatever came before.
        for hold in &line {
            apply(&mut holds, hold);
        }
        prop_assert_eq!(holds.get(&line[0].key), line.last().cloned());
    }
}
