//! Calls that arrive twice, fail once before or after they took effect, and overtake those of other cases.

use crate::{
    picture::{Picture, differences, faults, picture},
    world::{Process, World, begin, pip, stores},
};
use futures::future::join_all;
use holdfast_chassis::{
    Clock, Peers,
    peers::{OwnTokens, Refused},
};
use holdfast_contracts::holdfast::safeguarding::v1::{PlaceHoldResponse, ReleaseHoldResponse};
use holdfast_procedure::Workload;
use holdfast_store::{Courier, Delivering, Delivery, Kinds, wire};
use holdfast_tests::pip::{Pip, Step, opened};
use prost::Message;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

/// What happens to calls on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Nothing.
    Undisturbed,
    /// Each is sent twice.
    Twice,
    /// The first attempt at each does not arrive.
    FailsBefore,
    /// The first attempt at each arrives, and nobody hears of it.
    FailsAfter,
    /// Any of these by chance, and each takes a while, so that calls of different cases overtake each other.
    ByChance(u64),
    /// Each is said to have been delivered, and was not: a relay that acknowledges before it delivers, and dies.
    NeverArrives,
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

/// What happened, over all couriers of a run.
pub(crate) struct Road {
    manner: Manner,
    chance: Mutex<Seeded>,
    attempted: Mutex<HashSet<String>>,
    /// Calls in the order in which attempts at them began, and in which they arrived.
    begun: Mutex<Vec<String>>,
    arrived: Mutex<Vec<String>>,
    /// How often something happened to a call.
    pub(crate) disturbed: Mutex<HashMap<&'static str, usize>>,
    /// Repeats that were answered otherwise.
    pub(crate) otherwise: Mutex<Vec<String>>,
}

impl Road {
    pub(crate) fn new(manner: Manner) -> Arc<Self> {
        let seed = if let Manner::ByChance(seed) = manner { seed } else { 1 };
        Arc::new(Self {
            manner,
            chance: Mutex::new(Seeded(seed)),
            attempted: Mutex::default(),
            begun: Mutex::default(),
            arrived: Mutex::default(),
            disturbed: Mutex::default(),
            otherwise: Mutex::default(),
        })
    }

    /// What happens to an attempt at a call, and how long it takes to be under way.
    fn manner(&self, call: &Delivery) -> (Manner, u64) {
        let first = self.attempted.lock().unwrap().insert(call.request_id.clone());
        let mut chance = self.chance.lock().unwrap();
        match self.manner {
            Manner::ByChance(_) => {
                let turns = chance.below(60);
                let manner = match chance.below(6) {
                    0 => Manner::Twice,
                    1 => Manner::FailsBefore,
                    2 => Manner::FailsAfter,
                    _ => Manner::Undisturbed,
                };
                (manner, turns)
            }
            Manner::FailsBefore | Manner::FailsAfter if !first => (Manner::Undisturbed, 0),
            Manner::Undisturbed | Manner::Twice | Manner::FailsBefore | Manner::FailsAfter | Manner::NeverArrives => {
                (self.manner, 0)
            }
        }
    }

    fn disturb(&self, what: &'static str) {
        *self.disturbed.lock().unwrap().entry(what).or_default() += 1;
    }
}

/// One service's way to the others.
struct Rough {
    peers: Peers,
    road: Arc<Road>,
}

impl Rough {
    async fn send(&self, call: &Delivery) -> Result<Vec<u8>, Refused> {
        let reply = self.peers.deliver(call).await?;
        self.road.arrived.lock().unwrap().push(call.request_id.clone());
        Ok(reply)
    }
}

/// Whether a repeat is told what it should be: the very same, or of a hold that it is known already.
fn is_repeat(call: &Delivery, first: &[u8], other: &[u8]) -> bool {
    match &call.path {
        path if path.ends_with("/PlaceHold") => PlaceHoldResponse::decode(other).unwrap().already_known,
        path if path.ends_with("/ReleaseHold") => ReleaseHoldResponse::decode(other).unwrap().already_known,
        _ => first == other,
    }
}

impl Courier for Rough {
    fn deliver<'a>(&'a self, call: &'a Delivery) -> Delivering<'a> {
        Box::pin(async move {
            let road = &self.road;
            road.begun.lock().unwrap().push(call.request_id.clone());
            let (manner, turns) = road.manner(call);
            for _ in 0..turns {
                tokio::task::yield_now().await;
            }
            match manner {
                Manner::Twice => {
                    road.disturb("twice");
                    let (one, other) = (self.send(call).await?, self.send(call).await?);
                    if !is_repeat(call, &one, &other) {
                        road.otherwise.lock().unwrap().push(call.request_id.clone());
                    }
                    Ok(one)
                }
                Manner::FailsBefore => {
                    road.disturb("before");
                    Err(Refused::not_now("UNAVAILABLE"))
                }
                Manner::FailsAfter => {
                    self.send(call).await?;
                    road.disturb("after");
                    Err(Refused::not_now("UNAVAILABLE"))
                }
                Manner::NeverArrives => {
                    road.disturb("never");
                    Ok(vec![])
                }
                Manner::Undisturbed | Manner::ByChance(_) => self.send(call).await,
            }
        })
    }
}

/// Settles a process whose services reach each other this way.
pub(crate) struct Settling {
    kinds: Kinds,
    relays: Vec<(holdfast_store::Store, Arc<dyn Courier>)>,
}

impl Settling {
    pub(crate) fn new(world: &World, process: &Process, road: &Arc<Road>) -> Arc<Self> {
        let services: Vec<_> = stores(&process.suite).collect();
        let workloads = services.iter().map(|(service, _)| wire::workload(service.workload()));
        let addresses: HashMap<_, _> = workloads.map(|of| (of, format!("http://{}", process.address))).collect();
        let relays = services.iter().map(|(service, store)| {
            let (of, clock) = (wire::workload(service.workload()), Clock::Manual(world.clock.clone()));
            let tokens = OwnTokens::new(world.issuer().clone(), of, clock);
            let peers = Peers::new(&addresses, Some(tokens)).unwrap();
            let courier: Arc<dyn Courier> = Arc::new(Rough { peers, road: Arc::clone(road) });
            ((*store).clone(), courier)
        });
        let kinds = services.iter().flat_map(|(service, store)| service.kinds(store));
        Arc::new(Self { kinds: Kinds::new(kinds.collect()), relays: relays.collect() })
    }

    pub(crate) async fn settle(self: Arc<Self>) {
        loop {
            let mut done = self.kinds.settle().await.expect("what is due happens");
            for (store, courier) in &self.relays {
                done += store.relay_all(courier).await.expect("calls are delivered");
            }
            if done == 0 {
                return;
            }
        }
    }
}

/// A process whose ledger was compared with every service, while there was nothing to deliver.
pub(crate) async fn compared(world: &World) -> Process {
    let process = Process::start(world).await;
    process.settle().await.expect("the services are compared");
    process
}

/// The cases of a run: every other one with a concern.
fn cases(how_many: usize) -> Vec<Pip> {
    (0..how_many).map(|number| pip(&format!("A-{number}"), number % 2 == 0)).collect()
}

/// Takes cases from referral to decision, all of them a step at a time, over such a road.
async fn lives(how_many: usize, manner: Manner) -> (Picture, Arc<Road>) {
    let world = World::from("suite").await;
    let process = compared(&world).await;
    let road = Road::new(manner);
    let settling = Settling::new(&world, &process, &road);
    let settle = async || process.spawn(Arc::clone(&settling).settle()).await.expect("it settles");
    let cases = cases(how_many);
    let mut references = vec![String::new(); how_many];
    for step in Step::all(true) {
        let concerned = |pip: &&Pip| pip.concern || step.service() != Workload::Safeguarding;
        let now = cases.iter().zip(&mut references).filter(|(pip, _)| concerned(pip));
        let steps = now.map(|(pip, case)| async {
            let call = process.prepare(pip, step, case, world.clock.now()).await;
            let reply = process.send(&call).await.unwrap_or_else(|status| panic!("{step:?}: {status:?}"));
            if step == Step::Referral {
                *case = opened(&reply);
            }
        });
        join_all(steps).await;
        world.deliver_all(&settle).await;
    }
    assert_eq!(faults(&world, &process.suite).await, Vec::<String>::new());
    let picture = picture(&world).await;
    process.kill();
    world.end().await;
    (picture, road)
}

/// How many calls overtook others: arrived earlier among the first arrivals than they set out among the first attempts.
fn overtakings(road: &Road) -> usize {
    let first = |all: &Mutex<Vec<String>>| {
        let mut seen = HashSet::new();
        all.lock().unwrap().iter().filter(|id| seen.insert((*id).clone())).cloned().collect::<Vec<_>>()
    };
    let (begun, arrived) = (first(&road.begun), first(&road.arrived));
    begun.iter().zip(&arrived).filter(|(one, other)| one != other).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_arrives_twice_or_fails_once_leads_to_the_same() {
    let (expected, undisturbed) = lives(2, Manner::Undisturbed).await;
    let calls = undisturbed.attempted.lock().unwrap().len();
    // What is known of the customer, the handover, the concern, its outcome and the decision of the one case; what is
    // known of the customer, the handover and the decision of the other. And of both the holds: while the referral was
    // open, of two visits at the one service and then the other, and of the concern; each that stood is released.
    assert_eq!(calls, 8 + 7 + 5);
    for (manner, what) in [(Manner::Twice, "twice"), (Manner::FailsBefore, "before"), (Manner::FailsAfter, "after")] {
        let (picture, road) = lives(2, manner).await;
        assert_eq!(differences(&picture, &expected), Vec::<String>::new(), "{manner:?}");
        assert_eq!(*road.disturbed.lock().unwrap(), HashMap::from([(what, calls)]), "{manner:?}");
        assert_eq!(*road.otherwise.lock().unwrap(), Vec::<String>::new(), "a repeat gets the same reply");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_of_different_cases_lead_to_the_same_in_any_order() {
    const CASES: usize = 8;
    let (expected, _) = lives(CASES, Manner::Undisturbed).await;
    for seed in [11, 13, 17] {
        let (picture, road) = lives(CASES, Manner::ByChance(seed)).await;
        assert_eq!(differences(&picture, &expected), Vec::<String>::new(), "seed {seed}");
        let disturbed = road.disturbed.lock().unwrap().clone();
        assert!(["twice", "before", "after"].iter().all(|what| disturbed.contains_key(what)), "{disturbed:?}");
        assert!(overtakings(&road) > 0, "seed {seed}: no call overtook another");
        assert_eq!(*road.otherwise.lock().unwrap(), Vec::<String>::new(), "a repeat gets the same reply");
    }
}

/// What these tests look at shows what they are for: a relay that loses a call is seen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_was_lost_is_seen() {
    let world = World::from("suite").await;
    let process = compared(&world).await;
    let road = Road::new(Manner::NeverArrives);
    let settling = Settling::new(&world, &process, &road);
    let pip = pip("A-0", true);
    let mut case = String::new();
    for step in [Step::Referral, Step::FirstVisit, Step::SecondVisit] {
        let call = process.prepare(&pip, step, &case, begin()).await;
        let reply = process.send(&call).await.unwrap();
        case = if step == Step::Referral { opened(&reply) } else { case };
    }
    process.spawn(Arc::clone(&settling).settle()).await.unwrap();
    // What is known of the customer, and the handover; two holds, and the release of the one.
    assert_eq!(*road.disturbed.lock().unwrap(), HashMap::from([("never", 5)]));
    let lost = picture(&world).await;
    let honest = Settling::new(&world, &process, &Road::new(Manner::Undisturbed));
    let mut admin = world.admin().await;
    let again = "UPDATE visiting.outbox SET delivered_at = NULL";
    sqlx::query(again).execute(&mut admin).await.unwrap();
    process.spawn(honest.settle()).await.unwrap();
    let differences = differences(&lost, &picture(&world).await);
    assert!(differences.iter().any(|row| row.starts_with("conferencing.journal lacks")), "{differences:?}");
    process.kill();
    world.end().await;
}
