//! Documents that are generated stay current. `UPDATE=1 cargo test --workspace` writes them anew.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests fail by panicking")]

use holdfast_chassis::config::SETTINGS;
use std::{fmt::Write, fs, path::Path};

#[test]
fn the_readme_lists_every_setting() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let begin = "<!-- settings: generated from shared/chassis/src/config.rs -->\n";
    let end = "<!-- end of settings -->";
    let (before, rest) = readme.split_once(begin).expect("the README marks where settings begin");
    let (_, after) = rest.split_once(end).expect("the README marks where settings end");
    let mut table = "| setting | default | meaning |\n|---|---|---|\n".to_owned();
    for setting in SETTINGS {
        writeln!(table, "| `{}` | {} | {} |", setting.name, setting.default, setting.meaning).unwrap();
    }
    let current = format!("{before}{begin}{table}{end}{after}");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &current).unwrap();
    }
    assert!(current == readme || std::env::var_os("UPDATE").is_some(), "README.md is not current: run with UPDATE=1");
}

#[test]
fn settings_are_listed_in_order_and_once() {
    let names: Vec<_> = SETTINGS.iter().map(|setting| setting.name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted);
}
