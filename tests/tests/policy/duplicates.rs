//! Packages of which more than one version comes in: each is code that is built, and mended, twice.

use crate::{
    faults::Faults,
    lock::{line, locked},
};
use std::collections::{BTreeMap, BTreeSet};

/// Why several versions are here: whoever needs the older one.
const TOKENS: &str = "jsonwebtoken, p256 and what is below them are on digest 0.10; sqlx-postgres is on digest 0.11";
const CHANCE: &str = "jsonwebtoken is on rand 0.8, opentelemetry_sdk on 0.9, sqlx-postgres and uuid are on the newest";
const TABLES: &str = "dashmap, petgraph, sqlx and indexmap each move at their own pace";
const MACROS: &str = "built for macros only: half of them have not moved to 3 yet";
const FIRMWARE: &str = "only built for UEFI, under getrandom";
const PRINTING: &str = "miette, under protox, is on 0.1: built to compile the contracts only";

/// A package, the lines of versions that come in, and why.
const ALLOWED: &[(&str, &[&str], &str)] = &[
    ("block-buffer", &["0.10", "0.12"], TOKENS),
    ("cpufeatures", &["0.2", "0.3"], TOKENS),
    ("crypto-common", &["0.1", "0.2"], TOKENS),
    ("digest", &["0.10", "0.11"], TOKENS),
    ("foldhash", &["0.1", "0.2"], TABLES),
    ("getrandom", &["0.2", "0.3", "0.4"], CHANCE),
    ("hashbrown", &["0.14", "0.15", "0.16", "0.17"], TABLES),
    ("hkdf", &["0.12", "0.13"], TOKENS),
    ("hmac", &["0.12", "0.13"], TOKENS),
    ("r-efi", &["5", "6"], FIRMWARE),
    ("rand", &["0.8", "0.9", "0.10"], CHANCE),
    ("rand_chacha", &["0.3", "0.9"], CHANCE),
    ("rand_core", &["0.6", "0.9", "0.10"], CHANCE),
    ("sha2", &["0.10", "0.11"], TOKENS),
    ("syn", &["2", "3"], MACROS),
    ("unicode-width", &["0.1", "0.2"], PRINTING),
];

#[test]
fn a_package_comes_in_once_or_with_a_reason() {
    let mut faults = Faults::new(
        "Bring the versions together (`cargo tree --duplicates` shows who needs which), or list the package here with \
         every line of versions and the reason. What is no longer there leaves the list.",
    );
    let mut lines: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut versions: BTreeMap<String, usize> = BTreeMap::new();
    for package in locked() {
        *versions.entry(package.name.clone()).or_default() += 1;
        lines.entry(package.name).or_default().insert(line(&package.version));
    }
    for (name, present) in lines.iter().filter(|(name, _)| versions[*name] > 1) {
        let allowed = ALLOWED.iter().find(|(allowed, _, _)| allowed == name);
        let allowed: BTreeSet<_> =
            allowed.into_iter().flat_map(|(_, lines, _)| *lines).map(ToString::to_string).collect();
        let told = |lines: &BTreeSet<String>| lines.iter().cloned().collect::<Vec<_>>().join(", ");
        if *present != allowed || versions[name] != present.len() {
            let listed =
                if allowed.is_empty() { "not listed".to_owned() } else { format!("listed: {}", told(&allowed)) };
            faults.add(format!("{name}: {} versions, of {}; {listed}", versions[name], told(present)));
        }
    }
    for (name, _, why) in ALLOWED {
        if versions.get(*name).is_none_or(|count| *count < 2) {
            faults.add(format!("{name}: listed as a duplicate ({why}), but comes in once or not at all"));
        }
    }
    faults.none();
}
