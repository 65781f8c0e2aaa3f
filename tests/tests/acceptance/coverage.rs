//! Which rules the scenarios prove.

use crate::world::World;
use cucumber::gherkin::Scenario;
use holdfast_procedure::rule::{self, Standing, Strength};
use std::{collections::BTreeMap, fmt::Write, path::Path, sync::Mutex, time::Duration};

/// A scenario that names more rules than this tells no story.
const MOST_TAGS: usize = 4;

/// What was proved so far: rule id to the scenarios that earned it.
#[derive(Default)]
pub(crate) struct Coverage {
    earned: Mutex<BTreeMap<&'static str, Vec<String>>>,
    times: Mutex<Vec<Duration>>,
}

impl Coverage {
    /// Credits a scenario's tags, or fails it where one was not earned.
    pub(crate) fn earn(&self, scenario: &Scenario, world: &World) {
        let rules: Vec<_> = scenario.tags.iter().filter_map(|tag| rule::find(tag)).collect();
        let unknown: Vec<_> = scenario.tags.iter().filter(|tag| rule::find(tag).is_none()).collect();
        assert!(unknown.is_empty(), "{:?} names no rules: {unknown:?}", scenario.name);
        assert!(!rules.is_empty(), "{:?} names no rule", scenario.name);
        assert!(rules.len() <= MOST_TAGS, "{:?} names more than {MOST_TAGS} rules", scenario.name);
        assert!(!world.refusal_unasserted(), "{:?}: something was refused, and no Then says so", scenario.name);
        for rule in rules {
            assert!(
                world.asserted(rule),
                "{:?} does not earn its tag {}: no Then asserted it as {:?} where it was cited",
                scenario.name,
                rule.id,
                rule.proof
            );
            self.earned.lock().unwrap().entry(rule.id).or_default().push(scenario.name.clone());
        }
        self.times.lock().unwrap().push(world.age());
    }

    /// Writes the report and gives the rules in force that no scenario proves.
    pub(crate) fn report(&self, took: Duration) -> Vec<&'static str> {
        let earned = self.earned.lock().unwrap();
        let mut text =
            "# Rules and the scenarios that prove them\n\n| rule | proof | in force | scenarios |\n|---|---|---|---|\n"
                .to_owned();
        let mut missing = Vec::new();
        let mut in_force = 0;
        for rule in rule::all() {
            let scenarios = earned.get(rule.id).map(|names| names.join("; ")).unwrap_or_default();
            let standing = rule.standing == Standing::InForce;
            if standing && rule.strength != Strength::Ruling {
                in_force += 1;
                if scenarios.is_empty() {
                    missing.push(rule.id);
                }
            }
            let says = if standing { "yes" } else { "not yet" };
            writeln!(text, "| {} | {:?} | {says} | {scenarios} |", rule.id, rule.proof).unwrap();
        }
        let mut times = self.times.lock().unwrap();
        times.sort();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rules-and-scenarios.md");
        std::fs::write(&path, text).unwrap();
        println!(
            "{} of {in_force} rules in force proved, {} rulings too; {} scenarios in {took:.1?}, median {median:.0?}; \
             report: {}",
            in_force - missing.len(),
            earned.keys().filter(|id| id.starts_with("R-")).count(),
            times.len(),
            path.display()
        );
        missing
    }
}
