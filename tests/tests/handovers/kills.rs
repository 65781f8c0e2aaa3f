//! A process is killed before and after every statement, and before and after everything it sends to another service.

use crate::{
    picture::{Picture, differences, faults, picture},
    world::{Faults, Process, World, begin, pip, the_cluster},
};
use futures::{FutureExt, StreamExt, stream};
use holdfast_tests::{
    fault_proxy::Cut,
    pip::{Call, Step},
};
use std::{collections::BTreeMap, io::Write, panic::AssertUnwindSafe, sync::Mutex, time::Instant};

/// Runs at once.
const AT_ONCE: usize = 4;
/// Every how manieth place an ordinary run takes.
const STRIDE: usize = 4;

/// Between whom a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// The services and Postgres.
    Database,
    /// The relays and the services that they call.
    Calls,
}

/// A command, and the handover that it leads to.
struct Scenario {
    step: Step,
    template: String,
    /// What is kept where nothing goes wrong.
    expected: Picture,
    /// Chunks that go to Postgres, and to the services.
    chunks: (usize, usize),
}

impl Scenario {
    async fn new(step: Step) -> Self {
        let cluster = the_cluster().await;
        let template = format!("handover_{}", uuid::Uuid::new_v4().simple());
        let mut ways = [Step::all(true), Step::retracted()].into_iter();
        let steps = ways.find(|steps| steps.contains(&step)).expect("a step of a case");
        let before = steps.iter().position(|each| *each == step).expect("a step of the case");
        cluster
            .template(&template, async |url: String| {
                holdfast::suite::prepare_all(&url).await.unwrap();
                let world = World::at(url, cluster);
                let process = Process::start(&world).await;
                process.go(&pip("A-1", true), &steps[..before]).await;
                process.kill();
                world.until_nobody_is_connected().await;
            })
            .await;
        let mut scenario = Self { step, template, expected: Picture::new(), chunks: (0, 0) };
        (scenario.expected, scenario.chunks) = scenario.undisturbed().await;
        scenario
    }

    /// The command, and everything after it, where nothing goes wrong.
    async fn undisturbed(&self) -> (Picture, (usize, usize)) {
        let (world, process, proxies, call) = self.begin().await;
        proxies.database.arm(None);
        proxies.calls.arm(None);
        process.send(&call).await.expect("the command is carried out");
        process.settle().await.expect("what is due happens");
        let chunks = (proxies.database.chunks(), proxies.calls.chunks());
        assert_eq!(faults(&world, &process.suite).await, Vec::<String>::new());
        let expected = picture(&world).await;
        process.kill();
        world.end().await;
        (expected, chunks)
    }

    async fn begin(&self) -> (World, Process, Faults, Call) {
        let world = World::from(&self.template).await;
        let case = world.case_of("A-1").await;
        let (process, proxies) = Process::start_behind(&world).await;
        let call = process.prepare(&pip("A-1", true), self.step, &case, begin()).await;
        (world, process, proxies, call)
    }

    /// Kills the process there, starts another, and has the client ask again. Says whether it came to that, and
    /// everything that is not as it should be.
    async fn killed(&self, place: Place, cut: Cut) -> (bool, Vec<String>) {
        let (world, process, proxies, call) = self.begin().await;
        match place {
            Place::Database => proxies.database.arm(Some(cut)),
            Place::Calls => proxies.calls.arm(Some(cut)),
        }
        let acknowledged = Mutex::new(None);
        let life = async {
            if let Ok(reply) = process.send(&call).await {
                *acknowledged.lock().unwrap() = Some(reply);
                // It ends in an error where a connection is cut, which is why it is here.
                let _ = process.settle().await;
            }
        };
        tokio::select! {
            biased;
            () = proxies.fuse.blown() => {}
            () = life => {}
        }
        let fired = proxies.fuse.is_blown();
        proxies.fuse.blow();
        process.kill();
        world.until_nobody_is_connected().await;
        let heir = Process::start(&world).await;
        let mut wrong = Vec::new();
        match (heir.send(&call).await, acknowledged.into_inner().unwrap()) {
            (Ok(now), Some(before)) if now != before => wrong.push("the same request got another reply".to_owned()),
            (Ok(_), _) => {}
            (Err(status), _) => wrong.push(format!("the repeated request is refused: {status:?}")),
        }
        world.deliver_all(&async || heir.settle().await.expect("what is due happens")).await;
        wrong.extend(faults(&world, &heir.suite).await);
        wrong.extend(differences(&picture(&world).await, &self.expected));
        heir.kill();
        world.end().await;
        (fired, wrong)
    }
}

/// What came of killing a process in many places.
#[derive(Default)]
struct Tally {
    runs: usize,
    /// Processes that came to be killed where they were meant to be: by place, and whether before a chunk.
    reached: BTreeMap<(Place, bool), usize>,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, (place, cut): (Place, Cut), fired: bool, wrong: &[String]) {
        self.runs += 1;
        *self.reached.entry((place, matches!(cut, Cut::Before(_)))).or_default() += usize::from(fired);
        if !wrong.is_empty() {
            self.wrong.push(format!("{place:?} {cut:?}:\n    {}", wrong.join("\n    ")));
        }
    }

    /// Fails where a process that was killed left something else behind, or too few were killed to say so.
    fn check(&self, planned: usize, of_database: usize) {
        let Self { runs, reached, wrong } = self;
        assert!(wrong.is_empty(), "{} of {runs} kills end otherwise:\n  {}", wrong.len(), wrong.join("\n  "));
        assert_eq!(*runs, planned);
        for place in [Place::Database, Place::Calls] {
            for before in [true, false] {
                assert!(reached.get(&(place, before)).is_some_and(|count| *count > 0), "{reached:?}");
            }
        }
        // Connections come about a little differently from run to run, so that the last places may not be reached.
        let there: usize = [true, false].iter().filter_map(|before| reached.get(&(Place::Database, *before))).sum();
        assert!(
            there * 100 >= of_database * 90,
            "only {there} of {of_database} were killed where they were meant to be"
        );
    }
}

fn every_place(chunks: usize, stride: usize) -> impl Iterator<Item = Cut> {
    // Both ways are sampled in different places, so that a sample sees more of them.
    let before = (1..=chunks).step_by(stride).map(Cut::Before);
    before.chain((1 + stride / 2..=chunks).step_by(stride).map(Cut::After))
}

async fn kill_everywhere(step: Step, plausible: (usize, usize)) {
    let begun = Instant::now();
    let scenario = Scenario::new(step).await;
    let (statements, calls) = scenario.chunks;
    assert!(statements >= plausible.0, "{step:?}: only {statements} chunks go to Postgres");
    assert!(calls >= plausible.1, "{step:?}: only {calls} chunks go to other services");
    let stride = if std::env::var_os("HOLDFAST_EVERY_CUT").is_some() { 1 } else { STRIDE };
    let database: Vec<_> = every_place(statements, stride).map(|cut| (Place::Database, cut)).collect();
    let of_database = database.len();
    // There are few of these, so that every one is taken.
    let calls_cut = every_place(calls, 1).map(|cut| (Place::Calls, cut));
    let all: Vec<_> = database.into_iter().chain(calls_cut).collect();
    let planned = all.len();
    let mut runs = stream::iter(all)
        .map(|(place, cut)| {
            // The processes have threads of their own, so that one task is enough for what is done to them.
            let run = AssertUnwindSafe(scenario.killed(place, cut)).catch_unwind();
            async move { (place, cut, run.await) }
        })
        .buffer_unordered(AT_ONCE);
    let mut tally = Tally::default();
    while let Some((place, cut, run)) = runs.next().await {
        let (fired, wrong) = run.unwrap_or_else(|_| (true, vec!["it panicked, as told above".to_owned()]));
        tally.add((place, cut), fired, &wrong);
        if tally.runs.is_multiple_of(50) {
            tell(&format!("{step:?}: {} of {planned} kills", tally.runs));
        }
    }
    let seconds = begun.elapsed().as_secs_f32();
    tell(&format!(
        "{step:?}: {statements} chunks to Postgres, {calls} to services; {} kills in {seconds:.1} s, by place and \
         whether before: {:?}",
        tally.runs, tally.reached
    ));
    tally.check(planned, of_database);
}

/// To standard error itself, which shows while the tests run.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_ineffective_visits_reach_conferencing_wherever_the_process_dies() {
    kill_everywhere(Step::SecondVisit, (100, 2)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_determined_concern_reaches_safeguarding_wherever_the_process_dies() {
    kill_everywhere(Step::Determination, (100, 2)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conclusion_reaches_conferencing_wherever_the_process_dies() {
    kill_everywhere(Step::Conclusion, (100, 2)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retraction_takes_the_case_back_wherever_the_process_dies() {
    kill_everywhere(Step::Retraction, (100, 2)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_reaches_dwp_visiting_wherever_the_process_dies() {
    kill_everywhere(Step::Decision, (100, 2)).await;
}
