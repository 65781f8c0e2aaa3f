//! What Cargo knows of the packages that are on this machine.

use crate::tree::root;
use serde_json::Value;
use std::process::{Command, Output};

/// The packages of the lock that are on this machine, members included.
pub(crate) fn packages() -> Vec<Value> {
    let everything = metadata(&[]);
    let output = if everything.status.success() {
        everything
    } else {
        // A build leaves only what its own platform needs.
        metadata(&["--filter-platform", &host()])
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "where packages are missing, run `cargo fetch --locked` once\n{said}");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

fn metadata(further: &[&str]) -> Output {
    let arguments = ["metadata", "--format-version", "1", "--locked", "--offline"];
    Command::new(env!("CARGO")).args(arguments).args(further).current_dir(root()).output().expect("cargo can be run")
}

/// The platform of this machine.
fn host() -> String {
    let output = Command::new(env!("CARGO")).arg("-vV").output().expect("cargo can be run");
    let said = String::from_utf8(output.stdout).expect("cargo speaks UTF-8");
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("cargo names its host").to_owned()
}

/// A string of a package's description.
pub(crate) fn text<'a>(package: &'a Value, key: &str) -> &'a str {
    package[key].as_str().unwrap_or_default()
}
