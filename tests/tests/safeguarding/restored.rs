//! A ledger whose disk was put back to what it was: its database does not tell, but what its sources were told does.

use crate::{
    holder::{CASE, Holder, at, hold, released, taken_over},
    support::{fields, refusal},
};
use holdfast_contracts::holdfast::{
    access::v1::Workload::{Conferencing, Visiting},
    common::v1 as common,
    safeguarding::v1::PlaceHoldResponse,
};
use holdfast_procedure::Workload as Service;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tonic::Response;

/// What the visiting service was told that the ledger holds.
async fn visiting_saw(holder: &Holder, seen: &common::LedgerRevision) {
    sqlx::query("INSERT INTO ledger_seen (counter, id) VALUES ($1, $2::uuid)")
        .bind(seen.counter.cast_signed())
        .bind(&seen.id)
        .execute(holder.suite.store(Service::Visiting).pool())
        .await
        .unwrap();
}

/// The hold, where the visiting service has it.
async fn visiting_holds(holder: &Holder) {
    sqlx::query(
        "INSERT INTO protections (case_reference, customer, benefit, award, formerly, ground, version, since)
         VALUES ($1, 'C-1', 'pip', 'A-1', '{}', 3, 1, $2)",
    )
    .bind(CASE)
    .bind(holder.suite.clock.now())
    .execute(holder.suite.store(Service::Visiting).pool())
    .await
    .unwrap();
}

/// Puts the ledger back to a count of its changes, as a snapshot of the disk would.
async fn put_back(holder: &Holder, to: u64) {
    let statements = format!(
        "SET search_path = safeguarding;
         DELETE FROM hold_changes WHERE counter > {to};
         DELETE FROM holds WHERE counter > {to};
         DELETE FROM revisions WHERE counter > {to};
         UPDATE ledger SET (counter, id) = (SELECT counter, id FROM revisions WHERE counter = {to})"
    );
    // No service may take back what it wrote.
    let mut admin = PgConnection::connect(&holder.suite.admin_url()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut admin).await.unwrap();
    admin.close().await.unwrap();
}

/// A ledger that was put back to before the hold was placed, and what it had acknowledged.
async fn restored() -> (Holder, common::LedgerRevision) {
    let holder = Holder::new().await;
    let before = holder.described().await.revision;
    let seen = holder.place(at(1)).await.unwrap().revision.expect("the state that holds it");
    visiting_holds(&holder).await;
    put_back(&holder, before).await;
    assert_eq!(holder.known().await, []);
    (holder, seen)
}

/// Another change from the conferencing service, which was told of that state.
async fn place_having_seen(holder: &Holder, seen: &str, version: u64) -> Result<PlaceHoldResponse, tonic::Status> {
    let other = common::Hold { case_reference: "HF-2".to_owned(), ..taken_over(at(version)) };
    let mut request = holder.from(Conferencing, holder.place_request(other)).await;
    request.metadata_mut().insert("holdfast-ledger-seen", seen.parse().unwrap());
    holder.suite.protection().place_hold(request).await.map(Response::into_inner)
}

#[tokio::test]
async fn an_acknowledgement_tells_the_state_that_holds_it() {
    let holder = Holder::new().await;
    let first = holder.place(at(1)).await.unwrap().revision.expect("a state");
    assert_eq!(first.counter, holder.described().await.revision);
    assert_eq!(holder.place(at(1)).await.unwrap().revision.as_ref(), Some(&first), "it was known already");
    let other = holder.place(common::Hold { case_reference: "HF-2".to_owned(), ..hold() }).await.unwrap();
    let other = other.revision.expect("a state");
    assert_eq!(other.counter, first.counter + 1);
    assert_eq!(holder.place(at(1)).await.unwrap().revision, Some(other), "the state now");
    let released = holder.release(released(2)).await.unwrap().revision.expect("a state");
    assert_eq!(released.counter, first.counter + 2);
    holder.suite.stop().await;
}

#[tokio::test]
async fn a_proof_that_tells_of_a_state_the_ledger_was_never_in_is_dropped_and_everything_compared() {
    let (holder, seen) = restored().await;
    visiting_saw(&holder, &seen).await;
    assert!(holder.source(Visiting).await.reconciled, "the database does not tell");
    holder.suite.settle().await;
    assert_eq!(holder.source(Visiting).await.fault, "LEDGER_RESTORED");
    assert_eq!(holder.known().await, [(1, true)], "it came back by comparison");
    let since = format!("SELECT count(*) FROM revisions WHERE counter > {}", seen.counter);
    assert_eq!(holder.count(&since).await, 3, "owed once, and two compared");
    let compared = holder.described().await.revision;
    holder.suite.settle().await;
    let visiting = holder.source(Visiting).await;
    assert_eq!((visiting.fault.as_str(), visiting.reconciled), ("", true));
    assert!(holder.source(Conferencing).await.reconciled);
    holder.suite.settle().await;
    assert_eq!(holder.described().await.revision, compared, "what was found out is found out once");
    holder.suite.stop().await;
}

/// The row of a source is raised by its count: before it is, whoever raises it has to have found out.
#[tokio::test]
async fn a_call_that_tells_of_such_a_state_finds_it_out_and_is_acknowledged_above_it() {
    let (holder, seen) = restored().await;
    let named = format!("{}/{}", seen.counter, seen.id);
    let told = place_having_seen(&holder, &named, 1).await.unwrap().revision.expect("a state");
    assert!(told.counter > seen.counter, "{told:?} above {seen:?}");
    assert!(!holder.source(Visiting).await.reconciled && !holder.source(Conferencing).await.reconciled);
    let again = place_having_seen(&holder, &named, 2).await.unwrap().revision.expect("a state");
    assert_eq!(again.counter, told.counter + 1, "nothing is found out twice");
    let release = common::Hold { case_reference: "HF-2".to_owned(), ..taken_over(released(3)) };
    assert_eq!(refusal(&holder.release(release).await.unwrap_err()).1, "NOT_RECONCILED");
    holder.suite.settle().await;
    assert_eq!(holder.known().await, [(1, true)]);
    assert!(holder.source(Visiting).await.reconciled && holder.source(Conferencing).await.reconciled);
    holder.suite.stop().await;
}

#[tokio::test]
async fn what_a_call_has_seen_is_read_or_refused() {
    let holder = Holder::new().await;
    for malformed in ["", "7", "7/", "x/00000000-0000-0000-0000-000000000007", "18446744073709551615/7"] {
        let refused = place_having_seen(&holder, malformed, 1).await.unwrap_err();
        assert_eq!(fields(&refused), ["holdfast-ledger-seen"], "{malformed}");
    }
    assert_eq!(holder.described().await.standing, 0);
    holder.suite.stop().await;
}
