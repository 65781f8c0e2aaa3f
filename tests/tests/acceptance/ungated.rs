//! The scenarios once more, under guidance that lacks one gate: at least one of them has to turn red.

use crate::{
    gates::{self, Without},
    world::World,
};
use cucumber::{
    Event, Parser as _, World as _, Writer, cli,
    event::{Cucumber, Feature as Of, Hook, Scenario as In, Step, StepError},
    gherkin::{Feature, Scenario},
    parser, writer,
};
use futures::{FutureExt, StreamExt, stream};
use holdfast_procedure::guidance::Guidance;
use std::{fmt::Write, panic, path::Path, time::Instant};

/// Gates that are tried at once.
const AT_ONCE: usize = 4;

/// Leaves out each gate whose name has these words in it, and says for which of them no scenario turns red.
pub(crate) async fn look(features: &Path, words: &str) -> Vec<String> {
    let begun = Instant::now();
    let parsed = parser::Basic::new().parse(features, parser::basic::Cli::default());
    let features: Vec<_> = parsed.map(|feature| feature.expect("a feature")).collect().await;
    let mut gates = gates::all();
    let prefixes: Vec<_> = gates.iter().map(prefix).collect();
    gates.retain(|without| format!("{} {}", without.version, without.gate).contains(words));
    // Red is what is looked for; what a step says of it goes into the report.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let tried = stream::iter(&gates).map(|without| try_without(without, &features, &prefixes));
    let tried: Vec<_> = tried.buffered(AT_ONCE).collect().await;
    panic::set_hook(hook);
    report(&gates, &tried, begun)
}

/// What the names of a page's features begin with.
fn prefix(without: &Without) -> String {
    without.version.split_once('/').map_or("", |(page, _)| page).to_owned() + "-"
}

/// Plays the scenarios in which a rule refuses under which the gate does; where they stay green, every other of its page.
async fn try_without(without: &Without, features: &[Feature], prefixes: &[String]) -> Heard {
    let own = prefix(without);
    let begins = |feature: &Feature, with: &String| {
        let file = feature.path.as_ref().and_then(|path| path.file_name()).and_then(|name| name.to_str());
        file.is_some_and(|name| name.starts_with(with))
    };
    let of_page = |feature: &&Feature| begins(feature, &own) || !prefixes.iter().any(|prefix| begins(feature, prefix));
    let refuses = |scenario: &Scenario| {
        let refused =
            |step: &str| without.rules.iter().any(|rule| step.contains(&format!("refused under {} ", rule.id)));
        scenario.steps.iter().any(|step| refused(&step.value))
    };
    let chosen = |first: bool| -> Vec<Feature> {
        let features = features.iter().filter(of_page).cloned().map(|mut feature| {
            feature.scenarios.retain(|scenario| refuses(scenario) == first);
            feature
        });
        features.collect()
    };
    let mut heard = play(&without.guidance, chosen(true)).await;
    if heard.red.is_none() && heard.broken.is_none() {
        let others = play(&without.guidance, chosen(false)).await;
        heard = Heard { played: heard.played + others.played, ..others };
    }
    if let Some((feature, told)) = &heard.red {
        let with_all = play(&Guidance::published(), vec![feature.clone()]).await;
        if with_all.red.is_some() || with_all.broken.is_some() {
            heard.broken = Some(format!("{told} (red with every gate, too)"));
        }
    }
    heard
}

/// Plays scenarios one by one under this guidance until one is red.
async fn play(guidance: &Guidance, features: Vec<Feature>) -> Heard {
    let guidance = guidance.clone();
    let played = World::cucumber::<&Path>()
        .with_parser(Parsed)
        .with_writer(Heard::default())
        .with_default_cli()
        .max_concurrent_scenarios(1)
        .fail_fast()
        .before(move |_, _, _, world| {
            world.guidance = guidance.clone();
            async {}.boxed_local()
        })
        .after(|_, _, _, _, world| {
            async move {
                if let Some(world) = world {
                    world.stop().await;
                }
            }
            .boxed_local()
        });
    played.run(features).await
}

/// Features that were read already.
struct Parsed;

impl cucumber::Parser<Vec<Feature>> for Parsed {
    type Cli = cli::Empty;
    type Output = stream::Iter<std::vec::IntoIter<parser::Result<Feature>>>;

    fn parse(self, input: Vec<Feature>, _: cli::Empty) -> Self::Output {
        stream::iter(input.into_iter().map(Ok).collect::<Vec<_>>())
    }
}

/// What came of the scenarios.
#[derive(Default)]
struct Heard {
    played: usize,
    /// A feature of the one scenario that failed, and the step at which it did.
    red: Option<(Feature, String)>,
    /// What kept a scenario from being played to its end, which says nothing of the gate.
    broken: Option<String>,
}

impl Writer<World> for Heard {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<Cucumber<World>>>, _: &cli::Empty) {
        let event = event.expect("features that were read").into_inner();
        let Cucumber::Feature(feature, Of::Scenario(scenario, event)) = event else { return };
        match event.event {
            In::Started => self.played += 1,
            In::Background(step, event) | In::Step(step, event) => {
                let told = format!("{}: {} {}", scenario.name, step.keyword.trim(), step.value);
                match event {
                    Step::Failed(_, _, _, StepError::Panic(_)) => {
                        let scenarios = vec![Scenario::clone(&scenario)];
                        self.red = Some((Feature { scenarios, ..Feature::clone(&feature) }, told));
                    }
                    Step::Failed(_, _, _, why) => self.broken = Some(format!("{told}: {why}")),
                    Step::Skipped => self.broken = Some(format!("{told}: nobody knows this step")),
                    Step::Started | Step::Passed(..) => {}
                }
            }
            In::Hook(_, Hook::Failed(..)) => self.broken = Some(format!("{}: a hook failed", scenario.name)),
            In::Hook(_, Hook::Started | Hook::Passed) | In::Log(_) | In::Finished => {}
        }
    }
}

impl writer::Normalized for Heard {}

/// Writes which scenario defends which gate, and gives the gates that none does.
fn report(gates: &[Without], tried: &[Heard], begun: Instant) -> Vec<String> {
    let mut text =
        "# Gates and a scenario that turns red without each\n\n| page | gate | scenario |\n|---|---|---|\n".to_owned();
    let mut unprotected = Vec::new();
    for (Without { version, gate, rules, .. }, heard) in gates.iter().zip(tried) {
        let rules: Vec<_> = rules.iter().map(|rule| rule.id).collect();
        let name = format!("{version}: {gate} ({})", rules.join(", "));
        match (&heard.broken, &heard.red) {
            (Some(broken), _) => {
                unprotected.push(format!("{name}: a scenario breaks off, which says nothing of it: {broken}"))
            }
            (None, None) => unprotected.push(format!("{name}: without it all {} scenarios stay green", heard.played)),
            (None, Some((_, red))) => writeln!(text, "| {version} | {gate} | {red} |").unwrap(),
        }
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gates-and-scenarios.md");
    std::fs::write(&path, text).unwrap();
    println!(
        "{} of {} gates are defended by a scenario; {} scenarios in {:.1?}; report: {}",
        gates.len() - unprotected.len(),
        gates.len(),
        tried.iter().map(|heard| heard.played).sum::<usize>(),
        begun.elapsed(),
        path.display()
    );
    unprotected
}
