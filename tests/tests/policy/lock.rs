//! `Cargo.lock`: every package that any platform would build.

use crate::tree::root;
use std::fs;

/// One package of the lock.
#[derive(Debug, Default)]
pub(crate) struct Locked {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// Where it comes from; nowhere: a member of the workspace.
    pub(crate) source: Option<String>,
    /// Its content is fixed.
    pub(crate) checked: bool,
    /// Names of what it depends on.
    pub(crate) needs: Vec<String>,
}

/// Every package of the lock, in its order.
pub(crate) fn locked() -> Vec<Locked> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock");
    let packages: Vec<_> = lock.split("[[package]]").skip(1).map(package).collect();
    assert!(packages.len() > 100, "only {} packages in Cargo.lock: they are not being seen", packages.len());
    packages
}

fn package(text: &str) -> Locked {
    let mut package = Locked::default();
    for line in text.lines() {
        let quoted = line.split('"').nth(1).unwrap_or_default().to_owned();
        match line.split(" = ").next().unwrap_or_default() {
            "name" => package.name = quoted,
            "version" => package.version = quoted,
            "source" => package.source = Some(quoted),
            "checksum" => package.checked = true,
            need if need.starts_with(" \"") => {
                package.needs.push(quoted.split(' ').next().unwrap_or_default().to_owned());
            }
            _ => {}
        }
    }
    package
}

/// A version's numbers, as far as they are numbers.
pub(crate) fn numbers(version: &str) -> Vec<u64> {
    let plain = version.split(['-', '+']).next().unwrap_or_default();
    plain.split('.').map_while(|part| part.parse().ok()).collect()
}

/// The part of a version within which versions are compatible: `1`, `0.14`, `0.0.3`.
pub(crate) fn line(version: &str) -> String {
    let numbers = numbers(version);
    let until = numbers.iter().position(|number| *number > 0).map_or(numbers.len(), |first| first + 1);
    numbers[..until].iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

#[test]
fn a_version_has_its_line() {
    let lines = ["1.2.3", "0.14.9", "0.0.3", "2.0.0+zstd", "10.1.0-rc.1"].map(line);
    assert_eq!(lines, ["1", "0.14", "0.0.3", "2", "10"]);
    assert!(numbers("0.4.20") > numbers("0.4.19") && numbers("0.10.0") > numbers("0.4.19"));
}
