//! What a search has to have met, so that nothing holds for want of trying.

use super::arguments;
use super::graph::Found;
use holdfast_procedure::customer::Fact;
use holdfast_procedure::exception::Stage;
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

/// What every decider's commands can carry.
const CUSTOMER_ARGUMENTS: (&str, &str) = ("customer", CUSTOMER);
const DESK_ARGUMENTS: (&str, &str) = ("desk", DESK);
const PROTECTION_ARGUMENTS: (&str, &str) = ("protection", PROTECTION);

pub(crate) fn visiting(found: &Found) {
    let events = named(&[include_str!("../../src/visiting/event.rs"), CUSTOMER, DESK, PROTECTION]);
    let own = [
        include_str!("../../src/visiting/command.rs"),
        include_str!("../../src/visiting/fact.rs"),
        include_str!("../../src/visiting/fact/before.rs"),
        include_str!("../../src/visiting/fact/seen.rs"),
        include_str!("../../src/visiting/form.rs"),
        include_str!("../../src/case.rs"),
    ];
    every_argument("visiting", found, &own, &[CUSTOMER_ARGUMENTS, DESK_ARGUMENTS, PROTECTION_ARGUMENTS]);
    everything("visiting", found, &visiting::Stage::ALL.map(visiting::Stage::name), &events);
}

pub(crate) fn conferencing(found: &Found) {
    let events = named(&[include_str!("../../src/conferencing/event.rs"), CUSTOMER, DESK, PROTECTION]);
    let own = [include_str!("../../src/conferencing/command.rs"), include_str!("../../src/conferencing/fact.rs")];
    every_argument("conferencing", found, &own, &[CUSTOMER_ARGUMENTS, DESK_ARGUMENTS, PROTECTION_ARGUMENTS]);
    everything("conferencing", found, &conferencing::Stage::ALL.map(conferencing::Stage::name), &events);
}

pub(crate) fn escalation(found: &Found) {
    let events = named(&[include_str!("../../src/escalation/event.rs"), CUSTOMER, DESK]);
    let own = [include_str!("../../src/escalation/command.rs"), include_str!("../../src/escalation/fact.rs")];
    every_argument("escalation", found, &own, &[CUSTOMER_ARGUMENTS, DESK_ARGUMENTS]);
    everything("escalation", found, &escalation::Stage::ALL.map(escalation::Stage::name), &events);
}

pub(crate) fn exception(found: &Found) {
    let mut events = named(&[include_str!("../../src/exception/event.rs"), CUSTOMER, DESK]);
    // One of the words for what is to be done to an award looks like a name.
    events.remove("sanction");
    let stages = [Stage::Requested, Stage::Approved, Stage::Declined, Stage::Revoked, Stage::Expired];
    let own = [include_str!("../../src/exception/command.rs"), include_str!("../../src/protection/question.rs")];
    every_argument("exception", found, &own, &[CUSTOMER_ARGUMENTS, DESK_ARGUMENTS]);
    everything("exception", found, &stages.map(Stage::name), &events);
}

pub(crate) fn sanction(found: &Found) {
    let own = [include_str!("../../src/sanction/command.rs"), include_str!("../../src/sanction/fact.rs")];
    let visits = ("visiting", include_str!("../../src/visiting/fact.rs"));
    let parties = ("conferencing", include_str!("../../src/conferencing/fact.rs"));
    every_argument("sanction", found, &own, &[CUSTOMER_ARGUMENTS, DESK_ARGUMENTS, parties, visits]);
    let events = named(&[include_str!("../../src/sanction/event.rs"), CUSTOMER, DESK]);
    let stages = named_stages(include_str!("../../src/sanction/state/stage.rs"));
    everything("sanction", found, &stages, &events);
}

/// The names of stages in a source.
fn named_stages(source: &'static str) -> Vec<&'static str> {
    let names = source.split("=> \"").skip(1).filter_map(|arm| arm.split('"').next());
    names.filter(|name| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')).collect()
}

pub(crate) fn directory(found: &Found) {
    let own = include_str!("../../src/directory.rs");
    every_argument("directory", found, &[own], &[]);
    everything("directory", found, &["LISTED"], &named(&[own]));
}

/// Every value of every enumerated argument was tried in some state.
fn every_argument(decider: &str, found: &Found, own: &[&str], shared: &[(&str, &str)]) {
    let sources: Vec<_> = own.iter().map(|source| (decider, *source)).chain(shared.iter().copied()).collect();
    let wanted = arguments::wanted(&sources);
    let untried: Vec<_> = wanted.difference(&found.tried).cloned().collect();
    assert!(untried.is_empty(), "{decider}: nothing was ever tried with\n{}", untried.join("\n"));
}

const ELSEWHERE: &str = "what is told of the customer beside their reference is told of their cases";

/// What no search of a decider can reach, and why not.
const OUT_OF_REACH: &[(&str, &str, &str)] = &[
    ("conferencing", "protection_handed_over", "conferencing hands no hold over"),
    ("exception", "death_reported", ELSEWHERE),
    ("exception", "death_confirmed", ELSEWHERE),
    ("exception", "death_report_corrected", ELSEWHERE),
    ("exception", "customer_moved", ELSEWHERE),
    ("exception", "task_completed", "what is owed of an exception is decided, and nowhere else"),
    ("escalation", "task_completed", "what is owed here is done by recording it; of a review the case's lead is asked"),
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
