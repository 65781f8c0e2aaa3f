//! One side's database was restored to an earlier moment.

use super::support::{Recording, World, id, plain, relayed, replay, urgent, usual};
use holdfast_chassis::Failure;
use holdfast_procedure::Workload::{Conferencing, Safeguarding};
use holdfast_store::Again;

/// The sender: what it recorded after that moment is gone, the receiver's receipts are not.
#[tokio::test]
async fn a_sender_that_goes_on_otherwise_uses_no_request_id_twice() {
    let world = World::new().await;
    let courier = Recording::new();
    world.cause("RELAY-1", &[usual(Safeguarding)]).await;
    world.cause("RELAY-1", &[usual(Safeguarding)]).await;
    world.store.relay_all(&relayed(&courier)).await.unwrap();
    let lost = courier.attempts()[1].request_id.clone();
    for statement in [
        "DELETE FROM visiting.journal WHERE sequence = 2",
        "DELETE FROM visiting.outbox WHERE sequence = 2",
        "UPDATE visiting.cases SET sequence = 1, hash = (SELECT hash FROM visiting.journal)",
    ] {
        world.as_admin(statement).await;
    }
    // The same place in the journal, and the same content but for the instant.
    world.advance(1);
    world.cause("RELAY-1", &[usual(Safeguarding)]).await;
    assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 1);
    let attempts = courier.attempts();
    assert_eq!(plain(&attempts[2].request_id), plain(&lost));
    assert_ne!(attempts[2].request_id, lost, "the receiver would take it for the call that it knows");
    assert_eq!(world.undelivered().await, 0);
    world.end().await;
}

/// The receiver: nothing is undelivered, yet it has lost what it was told.
#[tokio::test]
async fn a_case_goes_out_again_to_a_receiver_that_has_lost_it() {
    let world = World::new().await;
    world.cause("RELAY-1", &[usual(Safeguarding), usual(Conferencing)]).await;
    world.cause("RELAY-1", &[usual(Conferencing), urgent(Safeguarding)]).await;
    world.cause("RELAY-2", &[usual(Conferencing)]).await;
    let courier = Recording::new();
    world.store.relay_all(&relayed(&courier)).await.unwrap();
    let again = |with_delivered| Again::Case { case: "RELAY-1".to_owned(), with_delivered };
    assert_eq!(replay(&world.store, "r-1", again(false), false).await.unwrap(), 0);
    assert_eq!(replay(&world.store, "r-2", again(true), true).await.unwrap(), 4, "a dry run");
    assert_eq!(world.undelivered().await, 0);
    assert_eq!(replay(&world.store, "r-2", again(true), false).await.unwrap(), 4);
    assert_eq!(replay(&world.store, "r-2", again(true), false).await.unwrap(), 4, "the same request");
    let reused = replay(&world.store, "r-2", again(false), false).await.unwrap_err();
    assert_eq!(reused, Failure::RequestIdReused("r-2".to_owned()));
    let before = courier.attempts().len();
    assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 4);
    let mut sent = courier.ids().split_off(before);
    // What waits for nothing may go at any time.
    sent.retain(|call| *call != id("RELAY-1", 2, 1));
    assert_eq!(sent, [(1, 0), (1, 1), (2, 0)].map(|(sequence, ordinal)| id("RELAY-1", sequence, ordinal)));
    assert_eq!(world.undelivered().await, 0);
    world.end().await;
}

/// More calls than one statement sends again: each is sent once, and who asked is kept with every part.
#[tokio::test]
async fn a_long_replay_is_made_of_short_statements() {
    let world = World::new().await;
    let calls = vec![usual(Safeguarding); 300];
    for case in ["RELAY-1", "RELAY-2", "RELAY-3", "RELAY-4"] {
        world.cause(case, &calls).await;
    }
    world.as_admin("UPDATE visiting.outbox SET delivered_at = recorded_at").await;
    let again = Again::Destination { to: Safeguarding, since: world.clock.now() };
    assert_eq!(replay(&world.store, "r-1", again.clone(), true).await.unwrap(), 1_200);
    assert_eq!(replay(&world.store, "r-1", again, false).await.unwrap(), 1_200);
    assert_eq!(world.undelivered().await, 1_200);
    let later = Again::Destination { to: Safeguarding, since: world.clock.now() + chrono::TimeDelta::microseconds(1) };
    assert_eq!(replay(&world.store, "r-2", later, false).await.unwrap(), 0);
    let mut admin = world.admin().await;
    let parts: Vec<i64> =
        sqlx::query_scalar("SELECT calls FROM visiting.replays ORDER BY id").fetch_all(&mut admin).await.unwrap();
    assert_eq!(parts, [500, 500, 200, 0]);
    world.end().await;
}
