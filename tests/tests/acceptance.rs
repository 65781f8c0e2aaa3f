//! The guidance in caseworkers' words: every feature under `features`, played over gRPC against a whole suite on a real
//! Postgres, with a clock that the scenario moves.
//!
//! A scenario's tags name the rules it proves. A tag counts only when the rule was cited on the wire and a Then asserted
//! it in the way that the rule's `proof` says; a tag that was not earned fails the scenario, and a rule in force without
//! a scenario fails the run.
//!
//! Once all are green, the guidance is left without each of its gates in turn, and at least one scenario has to turn red.
//! `-- gates` looks at the gates alone, `-- gates WORDS` at those whose name has these words in it.
#![allow(clippy::expect_used, clippy::unwrap_used, missing_docs, reason = "tests fail by panicking")]
#![allow(clippy::print_stdout, reason = "the report is this program's output")]

#[path = "acceptance/canaries.rs"]
mod canaries;
#[path = "acceptance/conferencing.rs"]
mod conferencing;
#[path = "acceptance/corrected.rs"]
mod corrected;
#[path = "acceptance/coverage.rs"]
mod coverage;
#[path = "acceptance/customers.rs"]
mod customers;
#[path = "acceptance/elsewhere.rs"]
mod elsewhere;
#[path = "acceptance/gates.rs"]
mod gates;
#[path = "acceptance/given_when.rs"]
mod given_when;
#[path = "acceptance/handed_over.rs"]
mod handed_over;
#[path = "acceptance/kept.rs"]
mod kept;
#[path = "acceptance/merged.rs"]
mod merged;
#[path = "acceptance/overrides.rs"]
mod overrides;
#[path = "acceptance/parties.rs"]
mod parties;
#[path = "acceptance/protection.rs"]
mod protection;
#[path = "acceptance/read_back.rs"]
mod read_back;
#[path = "acceptance/referring.rs"]
mod referring;
#[path = "acceptance/retracted.rs"]
mod retracted;
#[path = "acceptance/safeguarding.rs"]
mod safeguarding;
#[path = "acceptance/sanction.rs"]
mod sanction;
#[path = "acceptance/shown.rs"]
mod shown;
#[path = "acceptance/then.rs"]
mod then;
#[path = "acceptance/ungated.rs"]
mod ungated;
#[path = "acceptance/visited.rs"]
mod visited;
#[path = "acceptance/world.rs"]
mod world;

use canaries::Canaries;
use coverage::Coverage;
use cucumber::{World as _, writer::Stats};
use futures::FutureExt;
use holdfast_tests::observed::Observed;
use std::{path::Path, process::ExitCode, sync::Arc, time::Instant};
use world::World;

/// Scenarios played at once.
const AT_ONCE: usize = 4;

#[tokio::main]
async fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "--list") {
        // Runners that list first see one test.
        if !std::env::args().any(|argument| argument == "--ignored") {
            println!("acceptance: test");
        }
        return ExitCode::SUCCESS;
    }
    let features = Path::new(env!("CARGO_MANIFEST_DIR")).join("features");
    let mut asked = std::env::args().skip_while(|argument| argument != "gates");
    let gates_alone = asked.next().is_some();
    if !gates_alone && !all_are_green(&features).await {
        return ExitCode::FAILURE;
    }
    let unprotected = ungated::look(&features, &asked.next().unwrap_or_default()).await;
    for gate in &unprotected {
        println!("UNPROTECTED: {gate}");
    }
    if unprotected.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Plays every scenario, and says what is wrong.
async fn all_are_green(features: &Path) -> bool {
    let observed = tokio::task::spawn_blocking(Observed::start).await.expect("telemetry");
    let (coverage, canaries) = (Arc::new(Coverage::default()), Arc::new(Canaries::default()));
    let (covered, planted) = (Arc::clone(&coverage), Arc::clone(&canaries));
    let begun = Instant::now();
    let played = World::cucumber()
        .with_default_cli()
        .max_concurrent_scenarios(AT_ONCE)
        .fail_on_skipped()
        .after(move |_, _, scenario, _, world| {
            let (covered, planted) = (Arc::clone(&covered), Arc::clone(&planted));
            async move {
                let Some(world) = world else { return };
                planted.look_behind_the_wire(world).await;
                world.stop().await;
                covered.earn(scenario, world);
            }
            .boxed_local()
        })
        .run(features)
        .await;
    let leaks = tokio::task::spawn_blocking(move || canaries.look_outside(&observed)).await.expect("a search");
    let missing = coverage.report(begun.elapsed());
    for leak in &leaks {
        println!("LEAK: {leak}");
    }
    for rule in &missing {
        println!("NOT PROVED: {rule} is in force and no scenario earned its tag");
    }
    !played.execution_has_failed() && leaks.is_empty() && missing.is_empty()
}
