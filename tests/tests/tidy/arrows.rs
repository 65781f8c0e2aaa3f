//! Which crate of ours may depend on which, and where the heavy libraries may be.

use crate::{faults::Faults, tree::root};
use serde_json::Value;
use std::{collections::BTreeSet, path::Path, process::Command};

/// The crates that every service stands on.
const FOUNDATION: [&str; 4] = ["holdfast-chassis", "holdfast-contracts", "holdfast-procedure", "holdfast-store"];

/// A member of the workspace.
struct Member {
    /// Its directory below the root, for example `services/visiting`.
    home: String,
    /// Everything it depends on, in whatever way: to run, to build, to test.
    needs: BTreeSet<String>,
}

/// Every member, and the names of all of them.
fn members() -> (Vec<Member>, BTreeSet<String>) {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("the members");
    let member = |package: &Value| {
        let home = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().strip_prefix(root());
        let needs = package["dependencies"].as_array().unwrap().iter();
        Member {
            home: home.expect("members are below the root").to_string_lossy().replace('\\', "/"),
            needs: needs.map(|need| need["name"].as_str().unwrap().to_owned()).collect(),
        }
    };
    let names = packages.iter().map(|package| package["name"].as_str().unwrap().to_owned()).collect();
    (packages.iter().map(member).collect(), names)
}

/// What a member may depend on of ours; nothing where the design does not know the member.
fn allowed(home: &str, ours: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let of = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    match home {
        "shared/procedure" | "shared/contracts" => of(&[]),
        "shared/chassis" | "shared/protection-client" => of(&["holdfast-contracts"]),
        "shared/store" => of(&["holdfast-chassis", "holdfast-contracts", "holdfast-procedure"]),
        "services/suite" | "tests" => Some(ours.clone()),
        // It asks the check before a sanction is decided, as a payer does before one is applied.
        "services/conferencing" => of(&[&FOUNDATION[..], &["holdfast-protection-client"]].concat()),
        service if service.starts_with("services/") => of(&FOUNDATION),
        _ => None,
    }
}

#[test]
fn our_crates_depend_on_each_other_as_the_design_says() {
    let mut faults = Faults::new(
        "procedure and contracts stand alone; chassis and the payers' client stand on contracts; store on procedure, \
         contracts and chassis; a service on those four and never on another service, conferencing on the payers' \
         client too; only the suite and the tests stand on services. Move what is shared down, or call the other \
         service over its contract.",
    );
    let (members, ours) = members();
    for member in &members {
        let Some(allowed) = allowed(&member.home, &ours) else {
            faults.add(format!("{}/Cargo.toml: a crate that the design does not place: add it here", member.home));
            continue;
        };
        for need in member.needs.intersection(&ours).filter(|need| !allowed.contains(*need)) {
            faults.add(format!("{}/Cargo.toml: depends on {need}", member.home));
        }
    }
    assert!(members.iter().any(|member| member.home == "services/visiting"), "the services are not being seen");
    faults.none();
}

#[test]
fn the_database_and_the_wire_stay_where_they_belong() {
    let mut faults = Faults::new(
        "sqlx belongs to store, the services and the tests. procedure is pure: no wire, no database, no runtime, no \
         chance; hand it what it needs to know.",
    );
    for member in members().0 {
        let home = member.home.as_str();
        let keeps = home == "shared/store" || home.starts_with("services/") || home == "tests";
        let impure: &[&str] = match home {
            "shared/procedure" => &["tokio", "tonic", "sqlx", "rand", "uuid", "prost", "tracing", "getrandom"],
            _ if keeps => &[],
            _ => &["sqlx"],
        };
        for need in impure.iter().filter(|need| member.needs.contains(**need)) {
            faults.add(format!("{home}/Cargo.toml: depends on {need}"));
        }
    }
    faults.none();
}
