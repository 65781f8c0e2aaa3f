//! Confirming at the moment of stopping, and calling back.

use super::answers::{held, kept, sources, verified};
use super::samples::{HOME, placed, question};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::protection::{
    Arrival, Confirmation, Confirmed, DatabaseIdentity, Hold, HoldGround, Holds, Kept, Permit, RECALL_MARGIN_SECONDS,
    Recall, SourceSays, Ticks, Unconfirmed, Why, recalls,
};
use holdfast_procedure::{Award, Workload, benefit::Benefit};
use std::collections::BTreeSet;

fn says(source: Workload) -> SourceSays {
    SourceSays { source, identity: HOME, protects: vec![], changes: 3 }
}

fn begun(kept: &Kept) -> Confirmation {
    Confirmation::of(question("C-1", Benefit::Pip, "A-1"), &verified(&held(), kept), &sources())
}

fn concluded(kept: &Kept, confirmation: Confirmation) -> Result<Confirmed, Unconfirmed> {
    confirmation.conclude(Arrival(5), &verified(&held(), kept), &sources(), Ticks::from_millis(1_000))
}

/// Asks everybody, each time answered by `say`, and concludes.
fn run(kept: &Kept, say: impl Fn(usize, Workload) -> SourceSays) -> Result<Confirmed, Unconfirmed> {
    let mut confirmation = begun(kept);
    let mut turn = 0;
    while let Some(source) = confirmation.next() {
        confirmation = confirmation.heard(say(turn, source))?;
        turn += 1;
    }
    concluded(kept, confirmation)
}

#[test]
fn every_source_is_asked_twice_in_the_order_of_the_flow() {
    let mut confirmation = begun(&kept(&[]));
    let mut order = Vec::new();
    while let Some(source) = confirmation.next() {
        order.push(source);
        confirmation = confirmation.heard(says(source)).unwrap();
    }
    let once = [Workload::Visiting, Workload::Conferencing, Workload::Safeguarding];
    assert_eq!(order, [once, once].concat());
    assert!(concluded(&kept(&[]), confirmation).is_ok());
    assert_eq!(concluded(&kept(&[]), begun(&kept(&[]))), Err(Unconfirmed::NotAsked(Workload::Visiting)));
}

#[test]
fn what_any_source_protects_is_not_confirmed_whatever_the_ledger_knows() {
    for at in 0..6 {
        let refused = run(&kept(&[]), |turn, source| {
            let protects = if turn == at { vec![placed(HoldGround::TwoIneffectiveVisits)] } else { vec![] };
            SourceSays { protects, ..says(source) }
        });
        assert!(matches!(refused, Err(Unconfirmed::HeldAt(_))), "{at}: {refused:?}");
    }
}

#[test]
fn a_case_that_came_and_went_between_the_rounds_is_noticed() {
    for at in 3..6 {
        let moved =
            run(&kept(&[]), |turn, source| SourceSays { changes: if turn == at { 4 } else { 3 }, ..says(source) });
        assert!(matches!(moved, Err(Unconfirmed::Moved(_))), "{at}: {moved:?}");
    }
}

#[test]
fn a_source_that_was_not_compared_and_one_that_was_not_asked_confirm_nothing() {
    let promoted = DatabaseIdentity { timeline: 2, ..HOME };
    let refused = run(&kept(&[]), |_, source| SourceSays { identity: promoted.clone(), ..says(source) });
    assert_eq!(refused, Err(Unconfirmed::NotReconciled(Workload::Visiting)));
    let another = begun(&kept(&[])).heard(says(Workload::Conferencing));
    assert_eq!(another, Err(Unconfirmed::AnotherSource(Workload::Conferencing)));
}

#[test]
fn what_the_ledger_holds_by_then_is_not_confirmed() {
    let held = kept(&[placed(HoldGround::TwoIneffectiveVisits)]);
    assert!(matches!(run(&held, |_, source| says(source)), Err(Unconfirmed::Prohibited(_))));
}

#[test]
fn a_hold_that_meets_a_permit_calls_it_back_until_after_it_expires() {
    let expires = DateTime::from_timestamp(1_000, 0).unwrap();
    let permit = |award| {
        let question = question("C-1", Benefit::Pip, award);
        Permit { decision: format!("D-{award}"), question, expires }
    };
    let hold = placed(HoldGround::TwoIneffectiveVisits);
    let other = Permit { question: question("C-2", Benefit::Pip, "A-2"), ..permit("A-2") };
    let permits = [permit("A-1"), other];
    let at = |hold: &Hold, seconds| recalled(&permits, hold, &[], &[], expires + TimeDelta::seconds(seconds));
    let recalled = vec![Recall { decision: "D-A-1".into(), hold: hold.key.clone() }];
    assert_eq!(at(&hold, -5), recalled);
    assert_eq!(at(&hold, RECALL_MARGIN_SECONDS), recalled);
    assert_eq!(at(&hold, RECALL_MARGIN_SECONDS + 1), []);
    assert_eq!(at(&hold.released(Why::InformedDecision), 0), []);
}

/// What is recalled as the ledger takes in a change, with these holds in it beside.
fn recalled(
    permits: &[Permit],
    changed: &Hold,
    beside: &[Hold],
    undelivered: &[Hold],
    now: DateTime<Utc>,
) -> Vec<Recall> {
    let ledger: Holds = beside.iter().chain([changed]).cloned().collect();
    let undelivered: Holds = undelivered.iter().cloned().collect();
    recalls(permits, &BTreeSet::from([&changed.key]), &ledger, &[(Workload::Visiting, &undelivered)], now)
}

/// A hold of another case, on another award, of the customer who was C-1 and is C-0.
fn of_present(ground: HoldGround, formerly: &[&str]) -> Hold {
    let mut hold = placed(ground);
    hold.key.case = "HF-OTHER".into();
    hold.award = Award { customer: "C-0".into(), benefit: Benefit::Pip, award: "A-7".into() };
    hold.formerly = formerly.iter().map(|name| (*name).to_owned()).collect();
    hold
}

#[test]
fn a_permit_under_a_former_reference_is_recalled_whoever_knows_of_the_reference() {
    let question = question("C-1", Benefit::Pip, "A-9");
    let permits = [Permit { decision: "D".into(), question, expires: DateTime::UNIX_EPOCH }];
    let at = |changed: &Hold, beside: &[Hold], undelivered: &[Hold]| {
        recalled(&permits, changed, beside, undelivered, DateTime::UNIX_EPOCH)
    };
    let by = |hold: &Hold| vec![Recall { decision: "D".into(), hold: hold.key.clone() }];
    let (held, mut link) =
        (of_present(HoldGround::TwoIneffectiveVisits, &[]), of_present(HoldGround::OpenReferral, &["C-1"]));
    link.key.case = "HF-LINK".into();
    assert_eq!(at(&held, &[], &[]), [], "nobody knows that they are one customer");
    assert_eq!(at(&held, std::slice::from_ref(&link), &[]), by(&held), "another hold knows it");
    assert_eq!(at(&held, &[link.released(Why::Withdrawn)], &[]), by(&held), "one that was released knows it still");
    assert_eq!(at(&held, &[], std::slice::from_ref(&link)), by(&held), "one that is undelivered knows it");
    assert_eq!(at(&link, std::slice::from_ref(&held), &[]), by(&held), "the word of it comes last");
    assert_eq!(at(&link, &[], std::slice::from_ref(&held)), [], "what is undelivered recalls when it arrives");
}

#[test]
fn what_a_source_protects_under_another_reference_is_not_confirmed() {
    let held = of_present(HoldGround::TwoIneffectiveVisits, &[]);
    let say = |_, source| {
        let protects = if source == Workload::Visiting { vec![held.clone()] } else { vec![] };
        SourceSays { protects, ..says(source) }
    };
    assert!(run(&kept(&[]), say).is_ok(), "nobody knows that they are one customer");
    let link = of_present(HoldGround::OpenReferral, &["C-1"]);
    let refused = run(&kept(std::slice::from_ref(&link)), say);
    assert_eq!(refused, Err(Unconfirmed::HeldAt(Workload::Visiting)), "the ledger knows it");
    let told = run(&kept(&[]), |turn, source| {
        if source == Workload::Conferencing {
            return SourceSays { protects: vec![link.clone()], ..says(source) };
        }
        say(turn, source)
    });
    assert_eq!(told, Err(Unconfirmed::HeldAt(Workload::Visiting)), "another source knows it");
    let link_alone = |_, source| {
        let protects = if source == Workload::Conferencing { vec![link.clone()] } else { vec![] };
        SourceSays { protects, ..says(source) }
    };
    let in_ledger = run(&kept(std::slice::from_ref(&held)), link_alone);
    assert!(
        matches!(in_ledger, Err(Unconfirmed::Prohibited(_))),
        "the ledger holds what a source leads to: {in_ledger:?}"
    );
}
