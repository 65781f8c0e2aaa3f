//! The configurations, and how they are searched.

use crate::{
    config::Config,
    model::{NOTHING, Protection},
    seen::{Event, Seen},
    state::Mishaps,
};
use stateright::{Checker, HasDiscoveries, Model};
use std::time::Instant;

/// A hold's whole life with one service and the next: handed over, released, placed again.
pub(crate) fn life(full: bool) -> Config {
    let mishaps = Mishaps { lost_acks: u8::from(full), late: 1, ..NOTHING };
    let (until, versions) = if full { (3, 3) } else { (2, 3) };
    Config { until, versions, mishaps, ..Config::least("life") }
}

/// Two holds of one case: the second takes the place of the first.
pub(crate) fn holds(full: bool) -> Config {
    let mishaps = Mishaps { lost_acks: u8::from(full), parked: 1, ..NOTHING };
    let (cases, opened_at): (&[u8], &[u8]) = (&[0, 0], &[0, 0]);
    let (sources, versions, advances) = (1, 2 + u8::from(full), true);
    Config {
        cases,
        opened_at,
        handovers: &[],
        versions,
        until: 2,
        advances,
        sources,
        mishaps,
        ..Config::least("holds")
    }
}

/// Two cases of two awards, whose transactions are slow.
pub(crate) fn slow(full: bool) -> Config {
    let (cases, opened_at): (&[u8], &[u8]) = (&[0, 1], &[0, 0]);
    let mishaps = Mishaps { parked: u8::from(full), crashes: 1, ..NOTHING };
    let (until, versions) = if full { (2, 2) } else { (1, 1) };
    let (sources, slow) = (1, true);
    let handovers: &[(u8, u8)] = &[];
    Config { cases, opened_at, handovers, sources, slow, until, versions, mishaps, ..Config::least("slow") }
}

/// Processes with copies of their own, verified; a ledger restored file by file, so that it keeps its timeline and the
/// restore has to be declared.
pub(crate) fn replicas(full: bool) -> Config {
    let mishaps = Mishaps { restores: 1, ..NOTHING };
    let (replicas, until) = (1, 1);
    Config {
        sources: 1,
        replicas,
        handovers: &[],
        until,
        versions: if full { 3 } else { 1 },
        verifies: true,
        begins_owed: true,
        declared: true,
        mishaps,
        ..Config::least("replicas")
    }
}

/// Answers drafted from a copy that is another by the time they are given out.
pub(crate) fn drafts(full: bool) -> Config {
    let (sources, handovers): (u8, &[(u8, u8)]) = if full { (2, &[(0, 1)]) } else { (1, &[]) };
    let (verifies, copies_anew) = (true, true);
    Config { sources, handovers, verifies, copies_anew, until: 1, versions: 2, ..Config::least("drafts") }
}

/// A source's standby takes over without the last of it.
pub(crate) fn promotion(full: bool) -> Config {
    let mishaps = Mishaps { promotions: 1, late: 1, ..NOTHING };
    let (sources, handovers): (u8, &[(u8, u8)]) = if full { (2, &[(0, 1)]) } else { (1, &[]) };
    Config { sources, handovers, until: 1, versions: 2, mishaps, ..Config::least("promotion") }
}

/// Sources that begin with nothing compared, and a ledger restored to a point in time.
pub(crate) fn restored(full: bool) -> Config {
    let mishaps = Mishaps { restores: 1, late: u8::from(!full), ..NOTHING };
    let (sources, handovers): (u8, &[(u8, u8)]) = if full { (2, &[(0, 1)]) } else { (1, &[]) };
    let (until, begins_owed) = (1, true);
    Config { sources, handovers, begins_owed, until, versions: 2, mishaps, ..Config::least("restored") }
}

/// Confirmation, with cases that go back and forth.
pub(crate) fn confirming(full: bool) -> Config {
    let handovers: &[(u8, u8)] = &[(0, 1), (1, 0)];
    let mishaps = Mishaps { promotions: u8::from(full), ..NOTHING };
    Config { handovers, confirms: true, until: 1, versions: 2, mishaps, ..Config::least("confirming") }
}

/// A source that comes with a deployment, two processes of the ledger, answers that come from the wrong place.
pub(crate) fn deployment(full: bool) -> Config {
    let mishaps = Mishaps { misrouted: 1, crashes: u8::from(full), ..NOTHING };
    Config {
        opened_at: &[1],
        handovers: &[],
        replicas: 1 + u8::from(full),
        deploys: true,
        versions: 2,
        until: 1,
        mishaps,
        ..Config::least("deployment")
    }
}

const ALL: [fn(bool) -> Config; 9] = [life, holds, slow, replicas, drafts, promotion, restored, confirming, deployment];

/// Searches one configuration to its end: how many states, and what was met.
fn search(config: Config) -> (usize, Seen) {
    let (name, seen, begun) = (config.name, Seen::default(), Instant::now());
    let model = Protection { config, seen: seen.clone() };
    let found = model.checker().threads(2).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let faults: Vec<_> = found.discoveries().into_iter().map(|(what, path)| (what, path.into_actions())).collect();
    assert!(faults.is_empty(), "{name}: not so: {faults:#?}");
    let (unique, all, depth) = (found.unique_state_count(), found.state_count(), found.max_depth());
    let seconds = begun.elapsed().as_secs_f32();
    println!("{name:12} {unique:>9} states of {all:>10} met, {depth:>3} deep, in {seconds:>6.1} s: {:?}", seen.all());
    (unique, seen)
}

#[test]
fn the_check_never_fails_open() {
    let (mut met, mut states) = (Vec::new(), 0);
    for config in ALL {
        let (unique, seen) = search(config(false));
        states += unique;
        met.extend(seen.all());
    }
    println!("{states} states in all");
    // These take a handover and a promotion together: the wide search meets them.
    let rare = [Event::NotHolder, Event::NotAtSource];
    let unmet: Vec<_> = Event::ALL.into_iter().filter(|event| !met.contains(event) && !rare.contains(event)).collect();
    assert!(unmet.is_empty(), "nothing ever led to {unmet:?}: the search proves less than it says");
}

macro_rules! searched_widely {
    ($($name:ident: $least:literal states;)*) => {
        mod searched_widely {
            $(#[test]
            #[ignore = "takes minutes and gigabytes: cargo test --release --test protection_model -- --ignored \
                        --test-threads 1 --nocapture, after a change of procedure::protection"]
            fn $name() {
                let unique = super::search(super::$name(true)).0;
                assert!(unique >= $least, "{unique} states: the configuration has become smaller");
            })*
        }
    };
}

searched_widely! {
    life: 950_000 states;
    holds: 1_800_000 states;
    slow: 230_000 states;
    replicas: 7_400_000 states;
    drafts: 390_000 states;
    promotion: 5_000_000 states;
    restored: 1_400_000 states;
    confirming: 9_600_000 states;
    deployment: 2_600_000 states;
}
