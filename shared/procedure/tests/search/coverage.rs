//! What a search has to have met, so that nothing holds for want of trying.

use super::graph::Found;
use holdfast_procedure::customer::Fact;
use holdfast_procedure::{conferencing, desk, escalation, visiting};
use std::collections::BTreeSet;

/// The verb of what is told of the customer.
pub(crate) fn customer_verb(fact: &Fact) -> &'static str {
    match fact {
        Fact::DeathReported { .. } => "ReportDeath",
        Fact::DeathConfirmed { .. } => "ConfirmDeath",
        Fact::DeathReportMistaken { .. } => "CorrectDeathReport",
        Fact::Moved { .. } => "ChangeAddress",
        Fact::Merged { .. } => "MergeCustomer",
    }
}

/// The verb of what is said about a task.
pub(crate) fn desk_verb(command: &desk::Command) -> &'static str {
    match command {
        desk::Command::Complete { .. } => "CompleteTask",
        desk::Command::Assign { .. } => "AssignTask",
    }
}

/// The table of every refusal that there is to reach: decider, verb, and the rules or the fields.
const REFUSALS: &str = include_str!("refusals.txt");

/// What has names in these sources.
fn named(sources: &[&'static str]) -> BTreeSet<&'static str> {
    let is_name = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let arms = sources.iter().flat_map(|source| source.split("=> \"").skip(1));
    arms.filter_map(|arm| arm.split('"').next()).filter(is_name).collect()
}

const CUSTOMER: &str = include_str!("../../src/customer.rs");
const DESK: &str = include_str!("../../src/desk.rs");
const PROTECTION: &str = include_str!("../../src/protection/own.rs");

pub(crate) fn visiting(found: &Found) {
    let events = named(&[include_str!("../../src/visiting/event.rs"), CUSTOMER, DESK, PROTECTION]);
    everything("visiting", found, &visiting::Stage::ALL.map(visiting::Stage::name), &events);
}

pub(crate) fn conferencing(found: &Found) {
    let events = named(&[include_str!("../../src/conferencing/event.rs"), CUSTOMER, DESK, PROTECTION]);
    everything("conferencing", found, &conferencing::Stage::ALL.map(conferencing::Stage::name), &events);
}

pub(crate) fn escalation(found: &Found) {
    let events = named(&[include_str!("../../src/escalation/event.rs"), CUSTOMER, DESK]);
    everything("escalation", found, &escalation::Stage::ALL.map(escalation::Stage::name), &events);
}

/// What no search of a decider can reach, and why not.
const OUT_OF_REACH: &[(&str, &str, &str)] = &[
    ("conferencing", "protection_handed_over", "conferencing hands no hold over"),
    ("conferencing", "lead_taken_over", "another party leads only under a next version, which is continued by itself"),
];

/// Every stage and every event was met, and every refusal of the table; and no refusal that the table does not name.
fn everything(decider: &str, found: &Found, stages: &[&'static str], events: &BTreeSet<&'static str>) {
    let stages: BTreeSet<_> = stages.iter().copied().collect();
    let unstaged: Vec<_> = stages.difference(&found.stages).collect();
    assert!(unstaged.is_empty(), "{decider}: no state is at {unstaged:?}");
    let reachable = |event: &&&str| !OUT_OF_REACH.iter().any(|(of, name, _)| *of == decider && *name == **event);
    let unmet: Vec<_> = events.difference(&found.events).filter(reachable).collect();
    assert!(unmet.is_empty(), "{decider}: nothing ever came to {unmet:?}");
    let listed: BTreeSet<_> = REFUSALS.lines().filter(|line| line.starts_with(decider)).map(str::to_owned).collect();
    let line = |(verb, rules): &(&str, Vec<&str>)| format!("{decider} {verb}: {}", rules.join(" "));
    let refused: BTreeSet<_> = found.refused.iter().map(line).collect();
    let unlisted: Vec<_> = refused.difference(&listed).map(|line| format!("+{line}")).collect();
    let unreached: Vec<_> = listed.difference(&refused).map(|line| format!("-{line}")).collect();
    let other = [unlisted, unreached].concat();
    assert!(other.is_empty(), "{decider}: refusals.txt lists other refusals than are reached:\n{}", other.join("\n"));
}
