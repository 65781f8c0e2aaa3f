//! The ledger, compared with what its sources hold.

use crate::{
    holder::{CASE, Holder, at, hold, released},
    support::refusal,
};
use holdfast_contracts::holdfast::{
    access::v1::Workload::{Conferencing, Visiting},
    common::v1 as common,
    safeguarding::v1::PlaceHoldRequest,
};
use holdfast_procedure::Workload as Service;
use prost::Message;

/// What the visiting service has on record of its own hold.
async fn visiting_holds(holder: &Holder, case: &str, version: i64, released: Option<&str>) {
    let pool = holder.suite.store(Service::Visiting).pool();
    sqlx::query(
        "INSERT INTO protections (case_reference, customer, benefit, award, formerly, ground, version, released,
             handed_to, since)
         VALUES ($1, 'C-1', 'pip', 'A-1', '{}', 3, $2, $3, NULL, $4)
         ON CONFLICT (case_reference, ground) DO UPDATE SET version = excluded.version, released = excluded.released",
    )
    .bind(case)
    .bind(version)
    .bind(released)
    .bind(holder.suite.clock.now())
    .execute(pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn what_the_ledger_lacks_is_taken_in_and_recalls_what_it_meets() {
    let holder = Holder::unsettled().await;
    visiting_holds(&holder, CASE, 4, None).await;
    holder.permit("d-1", "A-1", 3).await;
    holder.suite.settle().await;
    assert_eq!(holder.known().await, [(4, true)]);
    assert!(holder.source(Visiting).await.reconciled && holder.source(Conferencing).await.reconciled);
    let found = "SELECT count(*) FROM hold_changes JOIN recalls USING (counter, ordinal)
        WHERE version = 4 AND sender = 'visiting' AND request_id IS NULL";
    assert_eq!(holder.count(found).await, 1);
    let before = holder.described().await.revision;
    holder.suite.settle().await;
    assert_eq!(holder.described().await.revision, before, "what was compared is not compared again");
    holder.suite.stop().await;
}

#[tokio::test]
async fn many_holds_are_compared_in_one_revision() {
    const MANY: usize = 1_203;
    let holder = Holder::unsettled().await;
    for number in 0..MANY {
        visiting_holds(&holder, &format!("HF-{number}"), 2, (number % 3 == 0).then_some("withdrawn")).await;
    }
    holder.suite.settle().await;
    let described = holder.described().await;
    assert_eq!(usize::try_from(described.standing).unwrap(), MANY - MANY.div_ceil(3));
    assert_eq!(holder.count("SELECT count(DISTINCT counter) FROM hold_changes").await, 1);
    assert_eq!(holder.count("SELECT max(ordinal)::bigint + 1 FROM hold_changes").await, i64::try_from(MANY).unwrap());
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_hold_that_differs_keeps_its_source_unreconciled_until_it_is_written_again() {
    let holder = Holder::new().await;
    holder.place(at(1)).await.unwrap();
    holder.release(released(2)).await.unwrap();
    // The source has lost its release.
    visiting_holds(&holder, CASE, 1, None).await;
    holder.declare_restore("restore-1").await.unwrap();
    holder.suite.settle().await;
    let visiting = holder.source(Visiting).await;
    assert!(!visiting.reconciled);
    assert!(!holder.source(Conferencing).await.reconciled, "it is not compared before those before it");
    assert_eq!(visiting.raises_awaited, 1);
    let [differs] = visiting.differences.as_slice() else { panic!("{:?}", visiting.differences) };
    assert_eq!((differs.version_at_source, differs.version_in_ledger), (1, 2));
    assert_eq!((differs.case_reference.as_str(), differs.ground()), (CASE, common::HoldGround::TwoIneffectiveVisits));
    let asked = "SELECT count(*) FROM raises WHERE holder = 'visiting' AND known_version = 2 AND known_released";
    assert_eq!(holder.count(asked).await, 1, "the visiting service has no such case here, and is asked again");
    assert_eq!(refusal(&holder.release(released(3)).await.unwrap_err()).1, "HOLD_NOT_PLACED");
    // It writes the hold again.
    visiting_holds(&holder, CASE, 3, None).await;
    holder.suite.settle().await;
    assert!(holder.source(Visiting).await.reconciled && holder.source(Conferencing).await.reconciled);
    assert_eq!(holder.known().await, [(3, true)]);
    assert!(holder.source(Visiting).await.differences.is_empty());
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_hold_that_its_source_does_not_know_goes_on_protecting_and_is_reported() {
    let holder = Holder::new().await;
    for number in 0..120 {
        holder.place(common::Hold { case_reference: format!("HF-{number}"), ..hold() }).await.unwrap();
    }
    visiting_holds(&holder, "HF-7", 1, None).await;
    holder.declare_restore("restore-1").await.unwrap();
    holder.suite.settle().await;
    let visiting = holder.source(Visiting).await;
    assert!(visiting.reconciled, "an orphan keeps nothing closed");
    assert_eq!((visiting.orphan_count, visiting.orphans.len()), (119, 100));
    let orphan = &visiting.orphans[0];
    assert_eq!((orphan.version_at_source, orphan.version_in_ledger), (0, 1));
    assert_eq!(holder.described().await.standing, 120);
    holder.suite.stop().await;
}

#[tokio::test]
async fn another_database_on_either_side_is_compared_again() {
    for column in ["source_timeline", "ledger_timeline"] {
        let holder = Holder::new().await;
        // What is on record is of the time before a promotion.
        holder.sql(&format!("UPDATE sources SET {column} = 99 WHERE source = 'visiting'")).await;
        assert!(!holder.source(Visiting).await.reconciled);
        visiting_holds(&holder, CASE, 1, None).await;
        let before = holder.described().await.revision;
        holder.suite.settle().await;
        assert!(holder.source(Visiting).await.reconciled, "{column}");
        assert_eq!(holder.known().await, [(1, true)]);
        assert_eq!(holder.described().await.revision, before + 2, "it was owed first, and compared then");
        holder.suite.stop().await;
    }
}

#[tokio::test]
async fn a_source_that_a_newer_build_brought_stays_required() {
    let holder = Holder::new().await;
    holder.sql("INSERT INTO sources (source, owed) VALUES ('learning', gen_random_uuid())").await;
    holder.suite.settle().await;
    let learning = holder.source(holdfast_contracts::holdfast::access::v1::Workload::Learning).await;
    assert!(!learning.reconciled && learning.proof_age.is_none());
    assert_eq!(learning.fault, "NO_ADDRESS");
    assert!(holder.source(Visiting).await.reconciled);
    holder.suite.stop().await;
}

/// A hold that the visiting service says has not arrived.
async fn undelivered(holder: &Holder, hold: common::Hold) {
    let request_id = hold.case_reference.clone();
    let request = PlaceHoldRequest { request_id: request_id.clone(), hold: Some(hold), ..Default::default() };
    sqlx::query(
        "INSERT INTO outbox (case_reference, sequence, ordinal, destination, method, request, request_id, trace_id,
             recorded_at, urgent, attempt_at, parked_at)
         VALUES ($1, 1, 0, 'safeguarding', '/holdfast.safeguarding.v1.ProtectionService/PlaceHold', $2, $1, '', $3, true,
             $3, $3)",
    )
    .bind(request_id)
    .bind(request.encode_to_vec())
    .bind(holder.suite.clock.now())
    .execute(holder.suite.store(Service::Visiting).pool())
    .await
    .unwrap();
}

#[tokio::test]
async fn a_listed_hold_that_is_not_understood_closes_its_own_award_alone() {
    let holder = Holder::unsettled().await;
    let of = |case: &str| common::Hold { case_reference: case.to_owned(), ..hold() };
    for strange in [
        common::Hold { formerly: vec!["C-0".to_owned(); 101], ..of("HF-1") },
        common::Hold { version: 0, ..of("HF-2") },
        common::Hold { rules: vec!["PIP-6".to_owned(); 21], ..of("HF-3") },
        common::Hold { ground: 0, holder: 99, released: 99, ..of("HF-4") },
    ] {
        undelivered(&holder, strange).await;
    }
    holder.suite.settle().await;
    let visiting = holder.source(Visiting).await;
    assert_eq!((visiting.fault.as_str(), visiting.undelivered), ("", 4));
    undelivered(&holder, common::Hold { award: None, ..of("HF-5") }).await;
    holder.suite.settle().await;
    assert_eq!(holder.source(Visiting).await.fault, "NOT_UNDERSTOOD", "it could be anybody's");
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_streamed_hold_that_is_not_understood_is_taken_in_as_far_as_it_can_be() {
    let holder = Holder::unsettled().await;
    visiting_holds(&holder, CASE, 1, None).await;
    sqlx::query("UPDATE protections SET formerly = array_fill('C-0'::text, ARRAY[101])")
        .execute(holder.suite.store(Service::Visiting).pool())
        .await
        .unwrap();
    holder.suite.settle().await;
    assert!(holder.source(Visiting).await.reconciled);
    assert_eq!(holder.known().await, [(1, true)]);
    assert_eq!(holder.count("SELECT cardinality(formerly)::bigint FROM holds").await, 100);
    holder.suite.stop().await;
}
