//! Which call goes when, and what is written with the facts.

use super::support::{PATH, Recording, World, cause, id, order, plain, relayed, urgent, usual};
use holdfast_chassis::{Clock, peers::Refused};
use holdfast_procedure::Workload::{Casework, Conferencing, Learning, Safeguarding};
use holdfast_store::{Order, Store};
use prost::Message;

#[tokio::test]
async fn calls_of_a_case_keep_their_order_across_services_and_commands() {
    let world = World::new().await;
    let first = [usual(Conferencing), usual(Safeguarding), usual(Conferencing)];
    world.cause("RELAY-1", &first).await;
    world.cause("RELAY-1", &[usual(Learning), usual(Safeguarding)]).await;
    let courier = Recording::new();
    // Only the head of a case is claimed at a time.
    assert_eq!(world.store.relay_once(&relayed(&courier)).await.unwrap(), 1);
    assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 4);
    let expected = [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1)].map(|(sequence, ordinal)| id("RELAY-1", sequence, ordinal));
    assert_eq!(courier.ids(), expected);
    let to: Vec<_> = courier.attempts().iter().map(|call| call.to).collect();
    assert_eq!(to, [Conferencing, Safeguarding, Conferencing, Learning, Safeguarding]);
    assert_eq!(world.undelivered().await, 0);
    assert_eq!(
        world.store.relay_all(&relayed(&courier)).await.unwrap(),
        0,
        "what was delivered is not delivered again"
    );
    world.end().await;
}

#[tokio::test]
async fn what_arrives_is_what_was_recorded() {
    let world = World::new().await;
    world.cause("RELAY-1", &[usual(Safeguarding)]).await;
    let courier = Recording::new();
    world.store.relay_all(&relayed(&courier)).await.unwrap();
    let [call] = <[_; 1]>::try_from(courier.attempts()).unwrap();
    assert_eq!(call.path, PATH);
    assert_eq!(plain(&call.request_id), id("RELAY-1", 1, 0));
    assert_eq!(call.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
    let expected = format!("{} p-1 RELAY-1", call.request_id).encode_to_vec();
    assert_eq!(call.request, expected, "the actor travels as data");
    let database = Store::identity(&mut world.admin().await).await.unwrap();
    assert_eq!(call.sent_from, database, "whoever receives it knows from where");
    world.end().await;
}

#[tokio::test]
async fn a_call_waits_while_an_earlier_one_fails_and_an_urgent_one_does_not() {
    let world = World::new().await;
    world.cause("RELAY-1", &[usual(Conferencing)]).await;
    world.cause("RELAY-1", &[usual(Safeguarding), urgent(Safeguarding), usual(Learning)]).await;
    world.cause("RELAY-2", &[usual(Conferencing)]).await;
    let stuck = id("RELAY-1", 1, 0);
    let courier = Recording::answering(move |call, _| {
        if plain(&call.request_id) == stuck { Err(Refused::not_now("UNAVAILABLE")) } else { Ok(()) }
    });
    world.store.relay_all(&relayed(&courier)).await.unwrap();
    let mut arrived = courier.ids();
    arrived.sort();
    assert_eq!(arrived, [id("RELAY-1", 1, 0), id("RELAY-1", 2, 1), id("RELAY-2", 1, 0)]);
    let delivered: Vec<_> = world.column("delivered_at IS NOT NULL").await;
    assert_eq!(delivered, ["false", "false", "true", "false", "true"]);
    world.end().await;
}

/// What releases a hold must not get there before what placed it, even though that one waits for nothing.
#[tokio::test]
async fn a_call_waits_for_an_urgent_one_before_it() {
    let world = World::new().await;
    world.cause("RELAY-1", &[urgent(Safeguarding), usual(Safeguarding)]).await;
    let courier = Recording::answering(|_, _| Err(Refused::not_now("UNAVAILABLE")));
    world.store.relay_all(&relayed(&courier)).await.unwrap();
    assert_eq!(courier.ids(), [id("RELAY-1", 1, 0)]);
    world.end().await;
}

#[tokio::test]
async fn a_service_that_hangs_keeps_no_calls_from_the_others() {
    let world = World::new().await;
    for case in 0..40 {
        world.cause(&format!("RELAY-C{case}"), &[usual(Conferencing)]).await;
    }
    for case in 0..5 {
        world.cause(&format!("RELAY-S{case}"), &[usual(Safeguarding)]).await;
    }
    world.cause("RELAY-LAST", &[urgent(Conferencing)]).await;
    let courier = Recording::new();
    world.store.relay_once(&relayed(&courier)).await.unwrap();
    let to = |workload| courier.attempts().iter().filter(|call| call.to == workload).count();
    assert_eq!((to(Conferencing), to(Safeguarding)), (32, 5));
    assert!(courier.ids().contains(&id("RELAY-LAST", 1, 0)), "what is urgent goes before what came earlier");
    world.end().await;
}

#[tokio::test]
async fn a_dry_run_and_a_failed_command_leave_no_call() {
    let world = World::new().await;
    let dry = order("RELAY-1", &[usual(Safeguarding)]);
    let mut header = dry.header.clone();
    header.validate_only = true;
    world.store.execute(vec![Order { header, ..dry }]).await.pop().unwrap().unwrap();
    assert_eq!(world.column("request_id").await, Vec::<String>::new());
    // No service answers as the case workers' desktop, and no request id is longer than 64 characters.
    assert!(cause(&world.store, "RELAY-1", &[usual(Casework)]).await.is_err());
    let long = format!("RELAY-{}", "x".repeat(50));
    assert!(cause(&world.store, &long, &[usual(Safeguarding)]).await.is_err());
    assert_eq!(world.column("request_id").await, Vec::<String>::new());
    world.end().await;
}

#[tokio::test]
async fn making_tables_anew_leaves_calls_alone() {
    let world = World::new().await;
    world.cause("RELAY-1", &[usual(Safeguarding), usual(Safeguarding)]).await;
    let courier = Recording::new();
    world.store.relay_once(&relayed(&courier)).await.unwrap();
    let before = world.column("outbox").await;
    world.store.rebuild::<super::support::Causing>().await.unwrap();
    assert_eq!(world.column("outbox").await, before);
    world.end().await;
}

/// With the machine's clock: nothing is awaited here but the deliveries themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_wakes_the_relay_and_so_does_each_delivery() {
    let world = World::new().await;
    let store = world.replica(Clock::System).await;
    let (sent, mut received) = tokio::sync::mpsc::unbounded_channel();
    let courier = Recording::answering(move |call, _| {
        sent.send(plain(&call.request_id)).unwrap();
        Ok(())
    });
    let (relaying, courier) = (store.clone(), relayed(&courier));
    let relay = tokio::spawn(async move { relaying.keep_relaying(&courier).await });
    let begun = std::time::Instant::now();
    for command in 1..=4 {
        cause(&store, "RELAY-1", &[usual(Safeguarding), usual(Conferencing), usual(Learning)]).await.unwrap();
        for ordinal in 0..3 {
            assert_eq!(received.recv().await.unwrap(), id("RELAY-1", command, ordinal));
        }
    }
    let taken = begun.elapsed();
    assert!(taken < std::time::Duration::from_secs(6), "twelve deliveries took {taken:?}: they waited for the poll");
    relay.abort();
    let _ = relay.await;
    store.close(std::time::Duration::from_secs(10)).await;
    assert_eq!(world.undelivered().await, 0, "what was begun is finished before the store is closed");
    world.end().await;
}
