//! What goes wrong, one thing at a time.

use super::support::{Recording, World, as_admin, id, plain, relayed, replay, stuck, urgent, usual};
use holdfast_chassis::{Failure, peers::Refused};
use holdfast_procedure::Workload::{Conferencing, Safeguarding};
use holdfast_store::Undelivered;
use holdfast_tests::observed::Observed;

/// Longer than any wait before the next attempt, in milliseconds.
const LONG: i64 = 30_001;

fn unavailable() -> Result<(), Refused> {
    Err(Refused::not_now("UNAVAILABLE"))
}

fn refused() -> Result<(), Refused> {
    Err(Refused::this_call("STEP_NOT_ALLOWED"))
}

#[tokio::test]
async fn the_next_attempt_waits_for_its_time() {
    let world = World::new().await;
    world.cause("RELAY-1", &[usual(Safeguarding)]).await;
    let courier = Recording::answering(|_, before| if before < 12 { unavailable() } else { Ok(()) });
    let relay = relayed(&courier);
    let mut most = 100;
    for attempt in 1..=12 {
        assert_eq!(world.store.relay_all(&relay).await.unwrap(), 1, "attempt {attempt}");
        // At least half of the wait, at most all of it.
        world.advance(most / 2 - 1);
        assert_eq!(world.store.relay_all(&relay).await.unwrap(), 0, "attempt {attempt} came back early");
        world.advance(most / 2 + 1);
        most = (most * 2).min(30_000);
    }
    assert_eq!(world.store.relay_all(&relay).await.unwrap(), 1);
    assert_eq!(world.column("attempts || last_failure || refusals").await, ["13UNAVAILABLE0"]);
    assert_eq!(world.undelivered().await, 0);
    world.end().await;
}

#[tokio::test]
async fn a_service_that_cannot_answer_never_parks_a_case() {
    let world = World::new().await;
    world.cause("RELAY-1", &[usual(Safeguarding)]).await;
    let courier = Recording::answering(|_, before| if before < 50 { unavailable() } else { Ok(()) });
    for _ in 0..50 {
        assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 1);
        world.advance(LONG);
    }
    assert_eq!(world.column("parked_at").await, [""]);
    assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 1);
    assert_eq!(world.undelivered().await, 0);
    world.end().await;
}

#[tokio::test]
async fn a_call_that_keeps_being_refused_parks_its_own_case_and_says_so() {
    let observed = tokio::task::spawn_blocking(Observed::start).await.unwrap();
    let world = World::new().await;
    world.cause("RELAY-PARKED", &[usual(Conferencing), usual(Safeguarding)]).await;
    world.cause("RELAY-OTHER", &[usual(Conferencing), usual(Safeguarding)]).await;
    let stuck = id("RELAY-PARKED", 1, 0);
    let courier =
        Recording::answering(move |call, _| if plain(&call.request_id) == stuck { refused() } else { Ok(()) });
    let tries = |courier: &Recording| courier.ids().iter().filter(|id| id.starts_with("RELAY-PARKED")).count();
    for _ in 0..12 {
        world.store.relay_all(&relayed(&courier)).await.unwrap();
        world.advance(LONG);
    }
    assert_eq!(tries(&courier), 8);
    let parked_only = Undelivered { parked_only: true };
    let parked = world.store.parked(parked_only, None, 10).await.unwrap();
    let [(_, call)] = parked.as_slice() else { panic!("{parked:?}") };
    assert_eq!(
        (call.case_reference.as_str(), call.attempts, call.last_failure.as_str()),
        ("RELAY-PARKED", 8, "STEP_NOT_ALLOWED")
    );
    assert!(call.parked_at.is_some() && call.next_attempt_at.is_none());
    assert_eq!(world.store.parked(Undelivered::default(), None, 10).await.unwrap().len(), 2);
    // Whoever is in danger is protected all the same.
    world.cause("RELAY-PARKED", &[urgent(Safeguarding), usual(Safeguarding)]).await;
    world.store.relay_all(&relayed(&courier)).await.unwrap();
    assert_eq!(courier.ids().last().unwrap(), &id("RELAY-PARKED", 2, 0));
    assert_eq!(world.undelivered().await, 3);
    let logs = tokio::task::spawn_blocking(move || observed.everything().0).await.unwrap();
    let parked = |line: &&str| line.contains("the case is parked") && line.contains("RELAY-PARKED");
    let parked: Vec<_> = logs.lines().filter(parked).collect();
    let [line] = parked.as_slice() else { panic!("{parked:?}") };
    for told in ["ERROR", "RELAY-PARKED", "conferencing", "/holdfast.test.v1.TestService/Receive", "STEP_NOT_ALLOWED"] {
        assert!(line.contains(told), "{told}: {line}");
    }
    world.end().await;
}

/// Outages before it do not bring a refused call any nearer to being parked.
#[tokio::test]
async fn only_refusals_count_towards_parking() {
    let world = World::new().await;
    world.cause("RELAY-1", &[usual(Safeguarding)]).await;
    let courier = Recording::answering(|_, before| if before < 20 { unavailable() } else { refused() });
    for attempt in 1..=27 {
        assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 1, "attempt {attempt}");
        world.advance(LONG);
    }
    assert_eq!(world.column("parked_at").await, [""]);
    assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 1);
    assert_ne!(world.column("parked_at").await, [""]);
    world.end().await;
}

/// A receiver of another build, a proxy before it or a wrong address answer like this for a while.
#[tokio::test]
async fn answers_that_may_lie_with_the_receiver_count_only_once_they_have_lasted_for_an_hour() {
    let world = World::new().await;
    world.cause("RELAY-1", &[usual(Safeguarding)]).await;
    let courier = Recording::answering(|_, _| Err(Refused::amiss("UNIMPLEMENTED")));
    let begun = world.clock.now();
    let last = begun + chrono::TimeDelta::hours(1);
    while world.clock.now() + chrono::TimeDelta::milliseconds(LONG) < last {
        world.store.relay_all(&relayed(&courier)).await.unwrap();
        world.advance(LONG);
    }
    assert!(courier.ids().len() > 100);
    assert_eq!(world.column("refusals || ' ' || (parked_at IS NULL)").await, ["0 true"]);
    world.clock.set(last);
    for attempt in 1..=8 {
        assert_eq!(world.column("parked_at").await, [""], "before attempt {attempt}");
        assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 1);
        world.advance(LONG);
    }
    assert_ne!(world.column("parked_at").await, [""]);
    // A replay gives it an hour again.
    assert_eq!(replay(&world.store, "r-1", stuck("RELAY-1"), false).await.unwrap(), 1);
    for _ in 0..9 {
        assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 1);
        world.advance(LONG);
    }
    assert_eq!(world.column("parked_at").await, [""]);
    world.end().await;
}

#[tokio::test]
async fn a_replayed_case_goes_on() {
    let world = World::new().await;
    world.cause("RELAY-1", &[usual(Conferencing), usual(Safeguarding)]).await;
    let courier = Recording::answering(|_, before| if before < 8 { refused() } else { Ok(()) });
    for _ in 0..9 {
        world.store.relay_all(&relayed(&courier)).await.unwrap();
        world.advance(LONG);
    }
    assert_eq!(courier.ids(), vec![id("RELAY-1", 1, 0); 8]);
    assert_eq!(replay(&world.store, "r-1", stuck("RELAY-1"), true).await.unwrap(), 1, "a dry run");
    assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 0, "a dry run replays nothing");
    assert_eq!(replay(&world.store, "r-1", stuck("RELAY-1"), false).await.unwrap(), 1);
    assert_eq!(replay(&world.store, "r-2", stuck("RELAY-1"), false).await.unwrap(), 0, "once is enough");
    assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 2);
    assert_eq!(courier.ids()[8..], [id("RELAY-1", 1, 0), id("RELAY-1", 1, 1)]);
    assert_eq!(world.column("attempts").await, ["1", "1"]);
    assert!(world.store.parked(Undelivered::default(), None, 10).await.unwrap().is_empty());
    let unknown = replay(&world.store, "r-3", stuck("RELAY-2"), false).await.unwrap_err();
    assert_eq!(unknown, Failure::CaseNotFound("RELAY-2".to_owned()));
    world.end().await;
}

#[tokio::test]
async fn a_replay_hurries_a_call_that_waits() {
    let world = World::new().await;
    world.cause("RELAY-1", &[usual(Safeguarding)]).await;
    let courier = Recording::answering(|_, before| if before == 0 { unavailable() } else { Ok(()) });
    assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 1);
    assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 0);
    assert_eq!(replay(&world.store, "r-1", stuck("RELAY-1"), false).await.unwrap(), 1);
    assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 1);
    assert_eq!(world.undelivered().await, 0);
    world.end().await;
}

/// The receiver knows the second delivery by its request id.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_delivered_but_not_kept_is_delivered_again_under_the_same_id() {
    let world = World::new().await;
    world.cause("RELAY-1", &[usual(Safeguarding), usual(Conferencing)]).await;
    let url = world.admin_url();
    let courier = Recording::answering(move |_, before| {
        if before == 0 {
            // The database takes nothing more from the service until somebody mends it.
            let sabotage = as_admin(&url, "REVOKE UPDATE ON visiting.outbox FROM visiting");
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(sabotage));
        }
        Ok(())
    });
    assert_eq!(world.store.relay_once(&relayed(&courier)).await.unwrap(), 1);
    world.as_admin("GRANT UPDATE ON visiting.outbox TO visiting").await;
    assert_eq!(world.undelivered().await, 2);
    world.advance(29_999);
    assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 0, "the claim holds");
    world.advance(2);
    assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 2);
    assert_eq!(courier.ids(), [id("RELAY-1", 1, 0), id("RELAY-1", 1, 0), id("RELAY-1", 1, 1)]);
    assert_eq!(courier.attempts()[0], courier.attempts()[1]);
    assert_eq!(world.undelivered().await, 0);
    world.end().await;
}

#[tokio::test]
async fn a_courier_that_panics_stops_nothing() {
    let world = World::new().await;
    world.cause("RELAY-1", &[usual(Safeguarding)]).await;
    world.cause("RELAY-2", &[usual(Safeguarding)]).await;
    let courier = Recording::answering(|call, before| {
        assert!(before > 1 || plain(&call.request_id) != id("RELAY-1", 1, 0), "as it was told to");
        Ok(())
    });
    assert_eq!(world.store.relay_once(&relayed(&courier)).await.unwrap(), 2);
    assert_eq!(world.undelivered().await, 1);
    world.advance(LONG);
    assert_eq!(world.store.relay_once(&relayed(&courier)).await.unwrap(), 1);
    assert_eq!(world.undelivered().await, 0);
    world.end().await;
}
