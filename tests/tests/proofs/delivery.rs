//! `ProveDelivery`: what has not arrived, and from which database.

use super::support::{PATH, PLACE, World, called, handed_over, key, placed, released};
use holdfast_chassis::peers::Refused;
use holdfast_contracts::holdfast::{
    access::v1::Workload,
    common::v1::{DatabaseIdentity, HoldGround, LedgerRevision},
    delivery::v1::{ProveDeliveryRequest, ProveDeliveryResponse},
    safeguarding::v1::{PlaceHoldResponse, ReleaseHoldResponse},
};
use holdfast_procedure::{
    Workload::Conferencing,
    protection::HoldGround::{ConcernOnRecord, OpenReferral, TwoIneffectiveVisits},
};
use prost::Message;
use sqlx::Row;
use tonic::Code;

fn listed(proof: &ProveDeliveryResponse) -> Vec<(&str, HoldGround, u64)> {
    proof.undelivered.iter().map(key).collect()
}

#[tokio::test]
async fn a_place_is_listed_until_it_is_acknowledged_parked_or_not() {
    let world = World::new().await;
    world.open("HELD-1", ("C-1", "A-1"), &[]).await;
    assert_eq!(listed(&world.prove_delivery().await.unwrap()), []);
    world.happen("HELD-1", [placed(OpenReferral, 1)]).await;
    world.happen("HELD-1", [placed(ConcernOnRecord, 1), released(OpenReferral, 2)]).await;
    let both = [("HELD-1", HoldGround::OpenReferral, 1), ("HELD-1", HoldGround::ConcernOnRecord, 1)];
    assert_eq!(listed(&world.prove_delivery().await.unwrap()), both, "a release protects nobody, and is not listed");
    for attempt in 1..=8 {
        world.relay(|_| Err(Refused::this_call("STEP_NOT_ALLOWED"))).await;
        assert_eq!(listed(&world.prove_delivery().await.unwrap()), both, "attempt {attempt}");
        world.wait();
    }
    assert_eq!(
        world.rows("(SELECT FROM visiting.outbox WHERE parked_at IS NOT NULL)").await.len(),
        2,
        "both are parked"
    );
    assert_eq!(listed(&world.prove_delivery().await.unwrap()), both);
    world.as_admin("UPDATE outbox SET parked_at = NULL WHERE method LIKE '%PlaceHold' AND sequence = 2").await;
    world.relay(|_| Ok(())).await;
    let proof = world.prove_delivery().await.unwrap();
    assert_eq!(listed(&proof), [both[1]]);
    assert_eq!((proof.source(), proof.too_many), (Workload::Visiting, false));
    world.end().await;
}

/// Whoever receives it may have released it long ago, and not know that it is called for again.
#[tokio::test]
async fn what_was_handed_over_is_listed_until_its_receiver_has_it() {
    let world = World::new().await;
    world.open("HELD-1", ("C-1", "A-1"), &[]).await;
    world.happen("HELD-1", [placed(TwoIneffectiveVisits, 1)]).await;
    world.relay(|_| Ok(())).await;
    assert_eq!(listed(&world.prove_delivery().await.unwrap()), []);
    world.happen("HELD-1", [handed_over(TwoIneffectiveVisits, Conferencing), called(Conferencing)]).await;
    let on_its_way = [("HELD-1", HoldGround::TwoIneffectiveVisits, 1)];
    assert_eq!(listed(&world.prove_delivery().await.unwrap()), on_its_way);
    world.relay(|call| if call.path == PATH { Err(Refused::not_now("UNAVAILABLE")) } else { Ok(()) }).await;
    assert_eq!(listed(&world.prove_delivery().await.unwrap()), on_its_way);
    world.wait();
    world.relay(|_| Ok(())).await;
    assert_eq!(listed(&world.prove_delivery().await.unwrap()), []);
    world.end().await;
}

#[tokio::test]
async fn what_is_too_much_to_list_is_no_proof() {
    let world = World::new().await;
    world.open("HELD-1", ("C-1", "A-1"), &[]).await;
    world.happen("HELD-1", [placed(ConcernOnRecord, 1)]).await;
    let more = |first, last| {
        format!(
            "INSERT INTO outbox (case_reference, sequence, ordinal, destination, method, request, request_id, trace_id,
                 recorded_at, urgent, attempt_at)
             SELECT case_reference, number, 0, destination, method, request, request_id || number, trace_id,
                 recorded_at, urgent, attempt_at
             FROM outbox, generate_series({first}, {last}) AS number WHERE sequence = 2"
        )
    };
    world.as_admin(&more(10, 10_008)).await;
    let proof = world.prove_delivery().await.unwrap();
    assert_eq!((proof.undelivered.len(), proof.too_many), (10_000, false));
    world.as_admin(&more(20_000, 20_000)).await;
    let proof = world.prove_delivery().await.unwrap();
    assert_eq!((proof.undelivered.len(), proof.too_many), (0, true));
    world.end().await;
}

#[tokio::test]
async fn the_database_is_named_as_postgres_names_it() {
    let world = World::new().await;
    let mut admin = world.admin().await;
    let query = "SELECT (SELECT system_identifier FROM pg_control_system()) AS system,
                     (SELECT timeline_id FROM pg_control_checkpoint()) AS timeline";
    let row = sqlx::query(query).fetch_one(&mut admin).await.unwrap();
    let system = row.get::<i64, _>("system").cast_unsigned();
    let timeline = row.get::<i32, _>("timeline").cast_unsigned();
    let expected = Some(DatabaseIdentity { system, timeline });
    assert_eq!(world.prove_delivery().await.unwrap().database, expected);
    assert_eq!(world.prove_award("C-1", "A-1").await.database, expected);
    world.end().await;
}

/// As on a standby.
#[tokio::test]
async fn whoever_cannot_write_proves_nothing() {
    let world = World::new().await;
    let before = world.rows("visiting.proofs").await;
    world.prove_delivery().await.unwrap();
    assert_ne!(world.rows("visiting.proofs").await, before, "a proof is written down");
    let database = world.database();
    let read_only = format!("ALTER ROLE visiting IN DATABASE \"{database}\" SET default_transaction_read_only = on");
    world.as_admin(&read_only).await;
    world
        .as_admin(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND usename = 'visiting'",
        )
        .await;
    let mut refused = world.prove_delivery().await.unwrap_err();
    if refused.code() == Code::Internal || refused.message().contains("database") {
        // The connection that was cut off shows itself first.
        refused = world.prove_delivery().await.unwrap_err();
    }
    assert_eq!(refused.code(), Code::Unavailable);
    world.end().await;
}

#[tokio::test]
async fn a_server_proves_only_what_it_keeps() {
    let world = World::new().await;
    for (source, code) in [
        (Workload::Conferencing.into(), Code::NotFound),
        (Workload::Unspecified.into(), Code::InvalidArgument),
        (99, Code::InvalidArgument),
    ] {
        let request = world.of_ledger(ProveDeliveryRequest { source });
        assert_eq!(world.client.clone().prove_delivery(request).await.unwrap_err().code(), code, "{source}");
    }
    world.end().await;
}

fn state(counter: u64, last: u8) -> LedgerRevision {
    LedgerRevision { counter, id: format!("00000000-0000-0000-0000-0000000000{last:02x}") }
}

/// What the ledger replies to whatever it is told.
fn in_state(method: &str, revision: LedgerRevision) -> Vec<u8> {
    let revision = Some(revision);
    match method {
        PLACE => PlaceHoldResponse { revision, ..Default::default() }.encode_to_vec(),
        _ => ReleaseHoldResponse { revision, ..Default::default() }.encode_to_vec(),
    }
}

#[tokio::test]
async fn what_the_ledger_acknowledged_is_told_and_only_ever_raised() {
    let world = World::new().await;
    world.open("HELD-1", ("C-1", "A-1"), &[]).await;
    let mut before = None;
    for (happened, told, kept) in [
        (placed(OpenReferral, 1), state(7, 1), state(7, 1)),
        (placed(ConcernOnRecord, 1), state(9, 2), state(9, 2)),
        // A reply that came late, and one of a ledger that counts up to the same numbers again.
        (released(OpenReferral, 2), state(8, 3), state(9, 2)),
        (placed(OpenReferral, 3), state(9, 4), state(9, 2)),
        (released(OpenReferral, 4), state(11, 5), state(11, 5)),
    ] {
        world.happen("HELD-1", [happened]).await;
        assert_eq!(world.prove_delivery().await.unwrap().ledger_seen, before, "nothing was acknowledged since");
        let [call] =
            <[_; 1]>::try_from(world.relay_to(move |call| Ok(in_state(&call.path, told.clone()))).await).unwrap();
        let said = call.ledger_seen.as_ref().map(holdfast_store::wire::holds::revision);
        assert_eq!(said, before, "a call says what was told by then");
        before = Some(kept);
        assert_eq!(world.prove_delivery().await.unwrap().ledger_seen, before);
    }
    world.end().await;
}

#[tokio::test]
async fn no_proof_about_an_award_keeps_the_proof_of_delivery_waiting() {
    let world = World::new().await;
    world.open("HELD-1", ("C-1", "A-1"), &[]).await;
    let mut admin = world.admin().await;
    sqlx::raw_sql("BEGIN; UPDATE visiting.proofs SET given = given WHERE what = 'award'")
        .execute(&mut admin)
        .await
        .unwrap();
    let awards = async {
        tokio::join!(
            world.try_prove_award("C-1", "A-1"),
            world.try_prove_award("C-1", "A-1"),
            world.try_prove_award("C-1", "A-1"),
            world.try_prove_award("C-1", "A-1"),
        )
    };
    let delivery = async {
        let waiting = "(SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')";
        while world.rows(waiting).await.len() < 4 {
            tokio::task::yield_now().await;
        }
        let proof = world.prove_delivery().await;
        sqlx::raw_sql("COMMIT").execute(&mut admin).await.unwrap();
        proof
    };
    let ((one, two, three, four), proof) = tokio::join!(awards, delivery);
    proof.expect("a proof of delivery");
    for award in [one, two, three, four] {
        award.expect("a proof, once it could be given: nothing waited for long");
    }
    world.end().await;
}
