//! Comparing: what a stream brings back, what keeps the check closed, what is only reported.

use super::samples::{HOME, LEDGER, placed};
use holdfast_procedure::Workload;
use holdfast_procedure::protection::{
    Compared, DatabaseIdentity, Hold, HoldGround, Holds, OnRecord, Reconciled, Reconciliation, Stream, StreamRefused,
    Version, Why, reconcile,
};

const OWED: OnRecord = OnRecord::Owed { id: 3 };

fn asked(source: Workload) -> Reconciliation {
    Reconciliation { source, ledger: LEDGER, owed: 3 }
}

fn compare(ledger: &[Hold], source: Workload, streamed: &[Hold]) -> (Holds, Compared) {
    let mut holds: Holds = ledger.iter().cloned().collect();
    let stream = Stream { source, identity: HOME, holds: streamed.to_vec(), complete: true };
    let compared = reconcile(&mut holds, &asked(source), &stream, &LEDGER, &OWED).unwrap();
    (holds, compared)
}

fn first() -> Hold {
    placed(HoldGround::TwoIneffectiveVisits)
}

#[test]
fn what_a_restored_ledger_lacks_comes_back_and_the_source_is_reconciled() {
    let released = first().released(Why::InformedDecision);
    for (ledger, streamed) in [(vec![], first()), (vec![], released.clone()), (vec![first()], released)] {
        let (holds, compared) = compare(&ledger, Workload::Visiting, std::slice::from_ref(&streamed));
        assert_eq!(holds.get(&streamed.key).as_ref(), Some(&streamed));
        assert_eq!(compared.taken_in, [streamed]);
        assert_eq!(compared.reconciled, Some(Reconciled { source: HOME, ledger: LEDGER }));
    }
}

#[test]
fn a_release_that_its_source_has_lost_keeps_the_check_closed_until_the_hold_is_written_again() {
    let released = first().released(Why::InformedDecision);
    let (holds, compared) = compare(&[released], Workload::Visiting, &[first()]);
    let difference = &compared.differences[0];
    assert_eq!((difference.known, difference.ask), (Version(2), Workload::Visiting));
    assert_eq!(compared.reconciled, None);
    let raised = first().raised_above(difference.known);
    let known: Vec<_> = holds.iter().collect();
    let (holds, compared) = compare(&known, Workload::Visiting, std::slice::from_ref(&raised));
    assert!(compared.reconciled.is_some() && holds.get(&raised.key) == Some(raised));
}

#[test]
fn a_source_that_lost_a_handover_does_not_release_what_its_receiver_holds() {
    let taken_over = first().taken_over(Workload::Conferencing);
    let above = Hold { version: Version(3), ..first().released(Why::EffectiveVisit) };
    let (holds, compared) = compare(std::slice::from_ref(&taken_over), Workload::Visiting, &[above]);
    assert_eq!(holds.get(&taken_over.key), Some(taken_over));
    assert_eq!((compared.orphans.len(), compared.taken_in), (1, vec![]));
}

#[test]
fn what_was_handed_over_is_restored_as_its_receivers_and_may_have_been_released_since() {
    let handed_on = Hold { holder: Workload::Conferencing, ..first() };
    let released = first().taken_over(Workload::Conferencing).released(Why::InformedDecision);
    for ledger in [vec![], vec![first()]] {
        let (holds, _) = compare(&ledger, Workload::Visiting, std::slice::from_ref(&handed_on));
        let known: Vec<_> = holds.iter().collect();
        assert_eq!(known, std::slice::from_ref(&handed_on));
        let (holds, compared) = compare(&known, Workload::Conferencing, std::slice::from_ref(&released));
        assert_eq!(holds.get(&released.key).as_ref(), Some(&released));
        assert!(compared.reconciled.is_some());
    }
    let (_, compared) = compare(&[released], Workload::Visiting, &[handed_on]);
    assert!(compared.differences.is_empty() && compared.reconciled.is_some());
}

#[test]
fn what_only_the_ledger_has_goes_on_protecting_and_is_reported() {
    let (holds, compared) = compare(&[first()], Workload::Visiting, &[]);
    assert!(holds.get(&first().key).unwrap().state.protects());
    assert_eq!(compared.orphans[0].key, first().key);
    assert!(compared.reconciled.is_some());
}

#[test]
fn a_stream_that_says_nothing_is_refused() {
    let stream = Stream { source: Workload::Visiting, identity: HOME, holds: vec![first()], complete: true };
    let asked = asked(Workload::Visiting);
    let restored = DatabaseIdentity { timeline: 2, ..LEDGER };
    let another = Stream { source: Workload::Conferencing, ..stream.clone() };
    let broken_off = Stream { complete: false, ..stream.clone() };
    let compared = OnRecord::Reconciled(Reconciled { source: HOME, ledger: LEDGER });
    let cases = [
        (&another, &LEDGER, OWED, StreamRefused::AnotherSource),
        (&broken_off, &LEDGER, OWED, StreamRefused::Incomplete),
        (&stream, &restored, OWED, StreamRefused::LedgerChanged),
        (&stream, &LEDGER, OnRecord::Owed { id: 4 }, StreamRefused::LedgerChanged),
        (&stream, &LEDGER, compared, StreamRefused::LedgerChanged),
    ];
    for (stream, ledger, on_record, refused) in cases {
        let mut holds = Holds::default();
        assert_eq!(reconcile(&mut holds, &asked, stream, ledger, &on_record), Err(refused));
        assert_eq!(holds, Holds::default());
    }
}
