//! Two processes relay from one database.

use super::support::{World, id, plain, relayed, urgent, usual};
use holdfast_chassis::{Clock, peers::Refused};
use holdfast_procedure::Workload::{Conferencing, Learning, Safeguarding};
use holdfast_store::{Courier, Delivering, Delivery};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tokio::sync::{Notify, oneshot};

/// What happened to a call, in the order in which it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Begun,
    Failed,
    Arrived,
}

/// Numbers that look random and are the same in every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// Takes a while over each call, and fails some.
struct Slow {
    chance: Mutex<Seeded>,
    steps: Arc<Mutex<Vec<(String, Step)>>>,
}

impl Courier for Slow {
    fn deliver<'a>(&'a self, call: &'a Delivery) -> Delivering<'a> {
        Box::pin(async move {
            let (turns, fails) = {
                let mut chance = self.chance.lock().unwrap();
                (chance.below(40), chance.below(5) == 0)
            };
            let note = |step| self.steps.lock().unwrap().push((call.request_id.clone(), step));
            note(Step::Begun);
            for _ in 0..turns {
                tokio::task::yield_now().await;
            }
            note(if fails { Step::Failed } else { Step::Arrived });
            if fails { Err(Refused::not_now("UNAVAILABLE")) } else { Ok(vec![]) }
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_relays_deliver_every_call_once_and_in_order() {
    let world = World::new().await;
    let other = world.replica(Clock::Manual(world.clock.clone())).await;
    let mut chance = Seeded(0x5eed_cafe);
    for _ in 0..120 {
        let case = format!("RELAY-{}", chance.below(15));
        let services = [Conferencing, Safeguarding, Learning];
        let calls = (0..=chance.below(3)).map(|_| usual(services[usize::try_from(chance.below(3)).unwrap()]));
        let calls: Vec<_> = calls.collect();
        world.cause(&case, &calls).await;
    }
    let steps = Arc::new(Mutex::new(Vec::new()));
    let courier = |seed| {
        let slow = Slow { chance: Mutex::new(Seeded(seed)), steps: Arc::clone(&steps) };
        relayed(&Arc::new(slow))
    };
    let (one, two) = (courier(11), courier(13));
    let all = world.undelivered().await;
    assert!(all > 150, "{all}");
    while world.undelivered().await > 0 {
        let (first, second) = tokio::join!(world.store.relay_all(&one), other.relay_all(&two));
        first.unwrap();
        second.unwrap();
        world.advance(30_001);
    }
    let steps = std::mem::take(&mut *steps.lock().unwrap());
    let arrived = steps.iter().filter(|(_, step)| *step == Step::Arrived).count();
    assert_eq!(arrived, all, "each arrived once");
    let mut cases: BTreeMap<&str, Vec<(&str, Step)>> = BTreeMap::new();
    for (id, step) in &steps {
        cases.entry(id.split('.').next().unwrap()).or_default().push((id, *step));
    }
    for (case, steps) in cases {
        // Attempts of a case follow each other, and one that arrived is followed by a later call.
        for pair in steps.chunks(2) {
            assert!(pair[0].0 == pair[1].0 && pair[0].1 == Step::Begun, "{case}: {pair:?} overlap");
        }
        let arrived = steps.iter().filter(|(_, step)| *step == Step::Arrived).map(|(id, _)| place(id));
        assert!(arrived.clone().is_sorted() && steps.last().unwrap().1 == Step::Arrived, "{case}: {steps:?}");
    }
    other.close(std::time::Duration::from_secs(10)).await;
    world.end().await;
}

/// The place of a call in its case.
fn place(id: &str) -> (u64, u64) {
    let id = plain(id);
    let mut parts = id.rsplit('.').map(|part| part.parse().unwrap());
    let ordinal = parts.next().unwrap();
    (parts.next().unwrap(), ordinal)
}

/// Holds on to a call until it is let go.
struct Held {
    begun: Notify,
    release: Mutex<Option<oneshot::Receiver<Result<(), Refused>>>>,
}

impl Held {
    fn new() -> (Arc<Self>, oneshot::Sender<Result<(), Refused>>) {
        let (release, released) = oneshot::channel();
        (Arc::new(Self { begun: Notify::new(), release: Mutex::new(Some(released)) }), release)
    }
}

impl Courier for Held {
    fn deliver<'a>(&'a self, _: &'a Delivery) -> Delivering<'a> {
        let released = self.release.lock().unwrap().take().expect("one call only");
        self.begun.notify_one();
        Box::pin(async move { released.await.unwrap().map(|()| vec![]) })
    }
}

/// Both ways of a late word on how it went: the claim has lapsed, and somebody else has taken the call over.
#[tokio::test]
async fn a_claim_that_lapsed_is_taken_over_and_its_holder_has_no_say() {
    for late in [Ok(()), Err(Refused::this_call("INTERNAL"))] {
        let world = World::new().await;
        let other = world.replica(Clock::Manual(world.clock.clone())).await;
        world.cause("RELAY-1", &[usual(Safeguarding), usual(Conferencing)]).await;
        let ((slow, release_slow), (heir, release_heir)) = (Held::new(), Held::new());
        let relay = |store: &holdfast_store::Store, courier: &Arc<Held>| {
            let (store, courier) = (store.clone(), relayed(courier));
            tokio::spawn(async move { store.relay_once(&courier).await.unwrap() })
        };
        let first = relay(&world.store, &slow);
        slow.begun.notified().await;
        world.advance(29_999);
        assert_eq!(other.relay_once(&relayed(&heir)).await.unwrap(), 0, "the claim holds");
        world.advance(2);
        let second = relay(&other, &heir);
        heir.begun.notified().await;
        let before = world.column("outbox").await;
        release_slow.send(late).unwrap();
        assert_eq!(first.await.unwrap(), 1);
        assert_eq!(world.column("outbox").await, before, "who lost the claim changed the call: {late:?}");
        release_heir.send(Ok(())).unwrap();
        assert_eq!(second.await.unwrap(), 1);
        assert_eq!(world.column("attempts || ' ' || (delivered_at IS NOT NULL)").await, ["2 true", "0 false"]);
        other.close(std::time::Duration::from_secs(10)).await;
        world.end().await;
    }
}

/// What is being delivered holds back what comes after it, as what failed does.
#[tokio::test]
async fn nothing_overtakes_a_call_that_is_on_its_way() {
    let world = World::new().await;
    let other = world.replica(Clock::Manual(world.clock.clone())).await;
    world.cause("RELAY-1", &[usual(Safeguarding), usual(Conferencing), urgent(Safeguarding)]).await;
    let (held, release) = Held::new();
    let (store, courier) = (world.store.clone(), relayed(&held));
    // The urgent call goes first, so that one call is left to hold.
    let before = super::support::Recording::answering(|call, _| {
        if call.request_id.ends_with(".2") { Ok(()) } else { Err(Refused::not_now("UNAVAILABLE")) }
    });
    world.store.relay_once(&relayed(&before)).await.unwrap();
    world.advance(30_001);
    let relay = tokio::spawn(async move { store.relay_once(&courier).await.unwrap() });
    held.begun.notified().await;
    let after = super::support::Recording::new();
    assert_eq!(other.relay_all(&relayed(&after)).await.unwrap(), 0);
    release.send(Ok(())).unwrap();
    assert_eq!(relay.await.unwrap(), 1);
    assert_eq!(other.relay_all(&relayed(&after)).await.unwrap(), 1);
    assert_eq!(after.ids(), [id("RELAY-1", 1, 1)]);
    other.close(std::time::Duration::from_secs(10)).await;
    world.end().await;
}
