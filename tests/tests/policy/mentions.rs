//! A member depends on nothing that its code does not mention.

use crate::{
    faults::{Excused, Faults},
    manifests::{Table, dependencies, manifests},
    tree::{Text, below},
};

/// A member's directory and a dependency that no source of it mentions.
const EXCUSED: &[(&str, &str)] = &[
    ("shared/contracts prost", "the generated messages derive from it"),
    ("shared/contracts prost-types", "the generated messages hold its instants"),
    ("shared/contracts tonic-prost", "the generated clients and servers encode with it"),
];

#[test]
fn every_dependency_is_mentioned() {
    let mut faults = Faults::new(
        "Remove it from the manifest, or move it to the table of what mentions it: [dependencies] for src, \
         [dev-dependencies] for tests, [build-dependencies] for build.rs.",
    );
    let mut excused = Excused::new(EXCUSED);
    let mut looked_at = 0;
    for manifest in manifests() {
        let Some(home) = manifest.path.strip_suffix("/Cargo.toml") else { continue };
        let sources: Vec<_> = below(home).into_iter().filter(|file| file.path.ends_with(".rs")).collect();
        for need in dependencies(&manifest) {
            looked_at += 1;
            let mut concerned = sources.iter().filter(|file| concerns(need.table, home, file));
            let name = need.name.replace('-', "_");
            if !concerned.any(|file| mentions(&file.text, &name)) && !excused.has(&format!("{home} {}", need.name)) {
                faults.add(format!("{}:{}: {} is not mentioned", manifest.path, need.line, need.name));
            }
        }
    }
    excused.stale(&mut faults);
    println!("{looked_at} dependencies of members looked at");
    faults.none();
}

/// Whether a source is one for which a dependency of this table is there. In the crate of tests every source is.
fn concerns(table: Table, home: &str, file: &Text) -> bool {
    let below_home = file.path.strip_prefix(home).unwrap_or_default();
    match table {
        Table::Build => below_home == "/build.rs",
        Table::Run => home == "tests" || below_home.starts_with("/src/"),
        Table::Test | Table::Pins => below_home != "/build.rs",
    }
}

/// Whether code names a crate: `name::`, or `use name` by itself. Comments do not count.
fn mentions(source: &str, name: &str) -> bool {
    let part_of_a_name = |character: char| character.is_alphanumeric() || character == '_';
    source.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
        line.match_indices(name).any(|(at, _)| {
            let (before, after) = (&line[..at], &line[at + name.len()..]);
            let used = before.trim_start_matches("pub ").trim() == "use" && after.starts_with([';', ' ']);
            !before.ends_with(part_of_a_name) && (after.starts_with("::") || used)
        })
    })
}

#[test]
fn a_mention_is_told_from_a_name_that_contains_it() {
    for source in
        ["use serde::Serialize;", "    let x = serde::de();", "#[serde::main]", "use serde;", "use serde as s;"]
    {
        assert!(mentions(source, "serde"), "{source}");
    }
    for source in ["use serde_json::Value;", "// use serde::X;", "let serde = 1;", "my_serde::x()", "use other;"] {
        assert!(!mentions(source, "serde"), "{source}");
    }
}
