//! What the members' manifests say: versions are pinned in one place, and every pin is used.

use crate::{
    faults::Faults,
    tree::{Text, below},
};
use std::collections::BTreeSet;

/// A line of a manifest that names a dependency.
pub(crate) struct Dependency {
    /// The manifest's line.
    pub(crate) line: usize,
    /// The name it goes by.
    pub(crate) name: String,
    /// For what it is there.
    pub(crate) table: Table,
    /// The version comes from the workspace.
    inherited: bool,
}

/// For what a dependency is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    /// To run.
    Run,
    /// To build.
    Build,
    /// To test.
    Test,
    /// The pins that members take from.
    Pins,
}

/// The manifests of the root and of every member.
pub(crate) fn manifests() -> Vec<Text> {
    let members = ["services", "shared", "tests"].into_iter().flat_map(below);
    let found = members.filter(|file| file.path.ends_with("/Cargo.toml")).chain(crate::tree::read("Cargo.toml"));
    let found: Vec<_> = found.collect();
    assert!(found.len() > 7, "only {} manifests found: they are not being seen", found.len());
    found
}

fn table(header: &str) -> Option<Table> {
    let last = header.trim_end_matches(']').rsplit(['.', '[']).next().unwrap_or_default();
    match last {
        _ if header == "[workspace.dependencies]" => Some(Table::Pins),
        "dependencies" => Some(Table::Run),
        "build-dependencies" => Some(Table::Build),
        "dev-dependencies" => Some(Table::Test),
        _ => None,
    }
}

/// The dependencies that a manifest names.
///
/// # Panics
/// Where a dependency has a table of its own, which this does not read.
pub(crate) fn dependencies(manifest: &Text) -> Vec<Dependency> {
    let (mut found, mut within) = (Vec::new(), None);
    for (line, text) in (1..).zip(manifest.text.lines()).map(|(line, text)| (line, text.trim())) {
        if text.starts_with('#') {
            continue;
        }
        if text.starts_with('[') {
            within = table(text);
            let own = within.is_none() && text.contains("dependencies");
            assert!(!own, "{}:{line}: write dependencies one to a line, not as {text}", manifest.path);
        } else if let (Some(table), Some((key, value))) = (within, text.split_once('=')) {
            let key = key.trim();
            let whole = key.ends_with(".workspace") && value.trim() == "true";
            let inherited = whole || value.replace(' ', "").contains("workspace=true");
            let name = key.split('.').next().unwrap_or_default().trim_matches('"').to_owned();
            found.push(Dependency { line, name, table, inherited });
        }
    }
    found
}

#[test]
fn versions_are_pinned_in_one_place() {
    let mut faults = Faults::new("Pin it in [workspace.dependencies] of the root and write `name.workspace = true`.");
    for manifest in manifests() {
        let own = |need: &Dependency| need.table != Table::Pins && !need.inherited;
        for need in dependencies(&manifest).into_iter().filter(own) {
            faults.add(format!("{}:{}: {}", manifest.path, need.line, need.name));
        }
    }
    faults.none();
}

#[test]
fn every_pin_is_used() {
    let mut faults = Faults::new("No member uses it: remove the pin.");
    let manifests = manifests();
    let all: Vec<_> = manifests.iter().flat_map(dependencies).collect();
    let pins: Vec<_> = all.iter().filter(|need| need.table == Table::Pins).collect();
    assert!(pins.len() > 20, "only {} pins found: they are not being seen", pins.len());
    let used: BTreeSet<_> = all.iter().filter(|need| need.table != Table::Pins).map(|need| &need.name).collect();
    for pin in pins.iter().filter(|pin| !used.contains(&pin.name)) {
        faults.add(format!("Cargo.toml:{}: {}", pin.line, pin.name));
    }
    faults.none();
}

#[test]
fn a_manifest_is_read_as_it_is_written() {
    let text = "[package]\nname = \"x\"\n[dependencies]\n# a = 1\na.workspace = true\nb = { workspace = true, features \
                = [] }\nc = \"1\"\n[target.'cfg(unix)'.dev-dependencies]\nd = { version = \"1\" }\n[lints]\ne = 1\n";
    let manifest = Text { path: "Cargo.toml".to_owned(), text: text.to_owned() };
    let found: Vec<_> =
        dependencies(&manifest).into_iter().map(|need| (need.name, need.table, need.inherited)).collect();
    let expected =
        [("a", Table::Run, true), ("b", Table::Run, true), ("c", Table::Run, false), ("d", Table::Test, false)];
    assert_eq!(found, expected.map(|(name, table, inherited)| (name.to_owned(), table, inherited)));
}
