//! Under which licences code may come in.

use crate::{
    faults::{Excused, Faults},
    lock::locked,
    metadata::{packages, text},
};

/// Licences that ask for no more than to be named.
const ALLOWED: [&str; 10] = [
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Zlib",
];

/// Packages under another licence.
const EXCUSED: &[(&str, &str)] = &[
    ("synthez: BlueOak-1.0.0", "permissive, as MIT; under cucumber, so in the tests only"),
    ("synthez-codegen: BlueOak-1.0.0", "permissive, as MIT; under cucumber, so in the tests only"),
    ("synthez-core: BlueOak-1.0.0", "permissive, as MIT; under cucumber, so in the tests only"),
];

#[test]
fn every_package_may_be_used() {
    let mut faults = Faults::new(
        "Take another package; or, where the licence is as harmless as those, add it to the list with a reason.",
    );
    let mut excused = Excused::new(EXCUSED);
    let packages = packages();
    for package in &packages {
        let (name, licence) = (text(package, "name"), text(package, "license"));
        let allowed = allows(licence);
        if allowed != Some(true) && !excused.has(&format!("{name}: {licence}")) {
            let why = if allowed.is_none() { "not a licence expression" } else { "not allowed" };
            faults.add(format!("{name} {}: `{licence}` is {why}", text(package, "version")));
        }
    }
    excused.stale(&mut faults);
    println!("{} packages in the lock, the licences of {} looked at", locked().len(), packages.len());
    faults.none();
}

/// Whether the list allows what an expression offers; nothing where it is not an expression.
fn allows(expression: &str) -> Option<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words: Vec<_> = spaced.split_whitespace().rev().collect();
    let allowed = either(&mut words)?;
    words.is_empty().then_some(allowed)
}

/// Alternatives: one that is allowed is enough. The words are taken from the end.
fn either(words: &mut Vec<&str>) -> Option<bool> {
    let mut allowed = both(words)?;
    while words.pop_if(|word| *word == "OR").is_some() {
        allowed |= both(words)?;
    }
    Some(allowed)
}

/// Licences that hold together: all must be allowed.
fn both(words: &mut Vec<&str>) -> Option<bool> {
    let mut allowed = single(words)?;
    while words.pop_if(|word| *word == "AND").is_some() {
        allowed &= single(words)?;
    }
    Some(allowed)
}

fn single(words: &mut Vec<&str>) -> Option<bool> {
    match words.pop()? {
        "(" => {
            let allowed = either(words)?;
            (words.pop()? == ")").then_some(allowed)
        }
        ")" | "AND" | "OR" | "WITH" => None,
        name if words.pop_if(|word| *word == "WITH").is_some() => {
            let whole = format!("{name} WITH {}", words.pop()?);
            Some(ALLOWED.contains(&whole.as_str()))
        }
        name => Some(ALLOWED.contains(&name)),
    }
}

#[test]
fn a_licence_expression_is_read_as_it_is_meant() {
    let allowed = [
        "MIT",
        "GPL-3.0-only OR MIT",
        "MIT/Apache-2.0",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "MIT OR GPL-3.0-only AND LGPL-3.0-only",
        "Apache-2.0 WITH LLVM-exception OR GPL-2.0-only",
    ];
    let refused = [
        "GPL-3.0-only",
        "MIT AND GPL-3.0-only",
        "(MIT OR ISC) AND MPL-2.0",
        "Apache-2.0 WITH Classpath-exception-2.0",
        "GPL-2.0-only WITH LLVM-exception",
    ];
    let unreadable = ["", "MIT Apache-2.0", "(MIT", "MIT)", "OR MIT", "MIT OR", "MIT WITH", "()"];
    allowed.iter().for_each(|expression| assert_eq!(allows(expression), Some(true), "{expression}"));
    refused.iter().for_each(|expression| assert_eq!(allows(expression), Some(false), "{expression}"));
    unreadable.iter().for_each(|expression| assert_eq!(allows(expression), None, "{expression}"));
}
