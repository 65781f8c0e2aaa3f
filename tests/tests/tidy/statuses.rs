//! A status is made in one place, so that every failure has a stable reason and says nothing it must not.

use crate::{
    faults::Faults,
    sources::{Token, is_test, rust, tokens},
};

/// The place.
const HOME: &str = "shared/chassis/src/status.rs";
/// What else a status may be asked for: to be read from a reply, or to be made from a failure by the place itself.
const HARMLESS: [&str; 2] = ["from", "from_header_map"];

#[test]
fn a_status_is_made_in_one_place() {
    let mut faults = Faults::new("Return a holdfast_chassis::status::Failure: it becomes the status, with its reason.");
    let services = rust().into_iter().filter(|file| !file.path.starts_with("tests/") && !is_test(&file.path));
    for file in services.filter(|file| file.path != HOME) {
        for (line, how) in made(&tokens(&file)) {
            faults.add(format!("{}:{line}: {how}", file.path));
        }
    }
    faults.none();
}

/// Where a status is made, and by what.
fn made(tokens: &[Token]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in tokens.windows(4) {
        let [first, second, third, fourth] = [0, 1, 2, 3].map(|place| at[place].text.as_str());
        if first == "Status" && (second, third) == (":", ":") && !HARMLESS.contains(&fourth) {
            found.push((at[0].line, format!("Status::{fourth}")));
        }
        if first.starts_with("with_error_details") {
            found.push((at[0].line, first.to_owned()));
        }
        if first == "for" && second == "Status" && third == "{" {
            found.push((at[0].line, "an impl for Status".to_owned()));
        }
    }
    found
}

#[test]
fn making_a_status_is_seen() {
    let all = |source: &str| made(&crate::sources::flat(source.parse().unwrap()));
    assert_eq!(all("fn f() { let s = tonic::Status::not_found(\"x\"); }").len(), 1);
    assert_eq!(all("fn f() { x.map_err(Status::from_error); }").len(), 1);
    assert_eq!(all("impl From<Fault> for Status { }").len(), 1);
    assert_eq!(all("// Status::internal\nfn f() { Status::from(failure); ServingStatus::Serving; }"), []);
}
