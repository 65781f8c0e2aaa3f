//! Two replicas of each service, as processes of their own over one Postgres, killed and started again while cases go
//! from referral to decision.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "replicas/client.rs"]
mod client;
#[path = "replicas/fleet.rs"]
mod fleet;
#[path = "replicas/history.rs"]
mod history;

use client::{Client, Counted};
use fleet::Fleet;
use futures::{StreamExt, stream};
use std::{
    io::Write,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

/// Cases, every other one with a concern.
const CASES: usize = 200;
/// Cases worked on at once.
const CLIENTS: usize = 32;
/// How often a process is killed.
const KILL_EVERY: Duration = Duration::from_secs(2);
/// All of it takes no longer than this.
const WITHIN: Duration = Duration::from_secs(75);
/// How long after the last decision everything has to be delivered: what a killed process had claimed has to lapse first.
const DELIVERED_WITHIN: Duration = Duration::from_secs(60);

/// Numbers that look random and are the same in every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

/// To standard error itself, which shows while the tests run.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_is_decided_once_though_processes_are_killed_all_the_time() {
    let begun = Instant::now();
    let mut fleet = Fleet::start().await;
    let counted = Arc::new(Counted::default());
    let entrance = fleet.entrance.clone();
    let working = async {
        let mut kills = 0;
        let clients = stream::iter(0..CASES)
            .map(|number| Client::new(&entrance, number, &counted).work())
            .buffer_unordered(CLIENTS)
            .collect::<Vec<String>>();
        let mut clients = std::pin::pin!(clients);
        let mut chance = Seeded(0x5eed);
        loop {
            tokio::select! {
                cases = &mut clients => return (cases, kills),
                () = tokio::time::sleep(KILL_EVERY) => {
                    let killed = fleet.kill_and_restart(chance.below(fleet::REPLICAS)).await;
                    kills += 1;
                    let decided = counted.decided.load(Ordering::Relaxed);
                    tell(&format!("{decided} of {CASES} cases decided; killed {killed}, kill {kills}"));
                }
            }
        }
    };
    let (cases, kills) = tokio::time::timeout(WITHIN, working).await.expect("every case is decided in time");
    let decided_after = begun.elapsed();
    let waited = history::until_everything_is_delivered(&fleet, DELIVERED_WITHIN).await;
    history::check(&fleet, &cases).await;
    let (calls, cut) = (counted.calls.load(Ordering::Relaxed), counted.cut.load(Ordering::Relaxed));
    let refused = counted.refused.load(Ordering::Relaxed);
    tell(&format!(
        "{CASES} cases decided in {:.1} s with {calls} calls; {kills} processes killed, {cut} calls cut, {refused} put \
         off; everything delivered {:.1} s later",
        decided_after.as_secs_f32(),
        waited.as_secs_f32()
    ));
    assert!(kills >= 3, "only {kills} processes were killed");
    assert!(cut >= 1, "no call was in hand when a process was killed");
    fleet.end().await;
}
