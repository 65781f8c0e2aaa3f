//! Freshness: from when a proof counts, what it is worth, and that nothing proves nothing.

use super::samples::{HOME, placed};
use holdfast_procedure::Workload;
use holdfast_procedure::protection::{
    BOUND, Freshness, HoldGround, MOST_UNDELIVERED, NoProof, Proof, Proofs, Sources, Span, Statement, Ticks, freshness,
};
use proptest::prelude::*;

fn statement(source: Workload) -> Statement {
    Statement { source, identity: HOME, undelivered: Some(Vec::new()) }
}

pub(crate) fn proof(source: Workload, asked_at: u64) -> Proof {
    Proof::of(source, Ticks::from_millis(asked_at), statement(source)).unwrap()
}

pub(crate) fn proofs(all: &[(Workload, u64)]) -> Proofs {
    let mut proofs = Proofs::default();
    all.iter().for_each(|(source, at)| assert!(proofs.take_in(proof(*source, *at))));
    proofs
}

const BOTH: [Workload; 2] = [Workload::Visiting, Workload::Conferencing];

#[test]
fn the_bound_is_five_seconds() {
    assert_eq!(BOUND, Span::from_millis(5_000));
    assert_eq!(Sources::named(&BOTH).bound(), BOUND);
}

#[test]
fn a_proof_counts_from_when_it_was_asked_for_and_ends_before_the_bound() {
    let proofs = proofs(&[(Workload::Visiting, 1_000), (Workload::Conferencing, 3_000)]);
    let at = |now| freshness(&proofs, &Sources::named(&BOTH), Ticks::from_millis(now));
    let fresh = |left| Freshness::Fresh { oldest: Ticks::from_millis(1_000), left: Span::from_millis(left) };
    assert_eq!([at(3_000), at(5_999)], [fresh(3_000), fresh(1)]);
    let stale = Freshness::NotFresh { missing: vec![], stale: vec![Workload::Visiting] };
    assert_eq!([at(6_000), at(7_999)], [stale.clone(), stale]);
    assert_eq!(at(8_000), Freshness::NotFresh { missing: vec![], stale: BOTH.to_vec() });
    // An instant that has not come yet is nothing to go by.
    assert_eq!(at(2_999), Freshness::NotFresh { missing: vec![], stale: vec![Workload::Conferencing] });
}

#[test]
fn who_has_proved_nothing_is_missing_and_without_sources_nothing_is_proved() {
    let proofs = proofs(&[(Workload::Visiting, 0)]);
    let now = Ticks::from_millis(1);
    let missing = Freshness::NotFresh { missing: vec![Workload::Conferencing], stale: vec![] };
    assert_eq!(freshness(&proofs, &Sources::named(&BOTH), now), missing);
    assert_eq!(freshness(&proofs, &Sources::named(&[]), now), Freshness::NoSources);
    // One on record with the ledger is waited for by a build that does not know it.
    let on_record = Sources::named(&[Workload::Visiting]).and([Workload::Conferencing]);
    assert_eq!(freshness(&proofs, &on_record, now), missing);
}

#[test]
fn an_answer_to_an_older_question_is_dropped_with_its_list() {
    let mut proofs = proofs(&[(Workload::Visiting, 2_000)]);
    let listed = vec![placed(HoldGround::TwoIneffectiveVisits)];
    let older = Statement { undelivered: Some(listed), ..statement(Workload::Visiting) };
    for at in [1_000, 2_000] {
        let older = Proof::of(Workload::Visiting, Ticks::from_millis(at), older.clone()).unwrap();
        assert!(!proofs.take_in(older));
    }
    let held = proofs.get(Workload::Visiting).unwrap();
    assert_eq!((held.asked_at, held.undelivered.len()), (Ticks::from_millis(2_000), 0));
    let newer = Proof::of(Workload::Visiting, Ticks::from_millis(2_001), older).unwrap();
    assert!(proofs.take_in(newer));
    let held = proofs.get(Workload::Visiting).unwrap();
    assert_eq!((held.asked_at, held.undelivered.len()), (Ticks::from_millis(2_001), 1));
}

#[test]
fn another_source_proves_nothing_and_neither_does_a_list_without_an_end() {
    let at = Ticks::from_millis(0);
    let another = Proof::of(Workload::Visiting, at, statement(Workload::Conferencing));
    assert_eq!(another, Err(NoProof::AnotherSource));
    let listing = |count| Statement {
        undelivered: Some(vec![placed(HoldGround::ConcernOnRecord); count]),
        ..statement(Workload::Visiting)
    };
    assert!(Proof::of(Workload::Visiting, at, listing(MOST_UNDELIVERED)).is_ok());
    let too_many = [listing(MOST_UNDELIVERED + 1), Statement { undelivered: None, ..statement(Workload::Visiting) }];
    for statement in too_many {
        assert_eq!(Proof::of(Workload::Visiting, at, statement), Err(NoProof::TooManyUndelivered));
    }
}

proptest! {
    #[test]
    fn fresh_means_every_source_is_and_time_is_left(
        asked in prop::collection::vec(prop::option::of(0..8_000_u64), 3), now in 0..16_000_u64,
    ) {
        let all = [Workload::Visiting, Workload::Conferencing, Workload::Safeguarding];
        let known: Vec<_> = all.into_iter().zip(&asked).filter_map(|(source, at)| at.map(|at| (source, at))).collect();
        let found = freshness(&proofs(&known), &Sources::named(&all), Ticks::from_millis(now));
        let is_fresh = asked.iter().all(|at| at.is_some_and(|at| at <= now && now - at < 5_000));
        let oldest = asked.iter().flatten().min().copied().unwrap_or_default();
        match found {
            Freshness::Fresh { left, .. } => {
                prop_assert!(is_fresh && left.as_millis() > 0);
                prop_assert_eq!(now + left.as_millis(), oldest + 5_000);
            }
            Freshness::NotFresh { .. } | Freshness::NoSources => prop_assert!(!is_fresh),
        }
    }
}
