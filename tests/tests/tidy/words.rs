//! The repository stands by itself: its top level holds what the design names, and nothing in it speaks of the place
//! where it happens to be worked on.

use crate::{
    faults::{Excused, Faults},
    tree::{Text, below, read, root},
};
use std::{fs, process::Command};

/// What the top level may hold, beside files whose names begin with a dot.
const TOP: [&str; 10] =
    ["Cargo.lock", "Cargo.toml", "LICENSE", "README.md", "deploy", "proto", "services", "shared", "target", "tests"];

/// Directories of somebody's machine, and words of somebody's way of working. In two parts each, so that this file does
/// not contain them.
const FOREIGN: [(&str, &str); 9] = [
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/Use", "rs/"),
    ("sub", "agent"),
    ("sub-", "agent"),
    ("sess", "ion 1"),
    ("sess", "ion 2"),
    ("this sess", "ion"),
];

/// Files that have to name such a directory.
const EXCUSED: &[(&str, &str)] = &[];

#[test]
fn the_top_level_holds_what_the_design_names() {
    let mut faults = Faults::new("Put it where it belongs: deploy, proto, services, shared or tests.");
    for entry in fs::read_dir(root()).expect("the top level").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && !TOP.contains(&name.as_str()) {
            faults.add(name);
        }
    }
    faults.none();
}

#[test]
fn nothing_speaks_of_the_place_where_it_was_written() {
    let mut faults =
        Faults::new("Say it without the machine and the way of working, or list the file with its reason.");
    let foreign = FOREIGN.map(|(one, other)| format!("{one}{other}").to_lowercase());
    let mut excused = Excused::new(EXCUSED);
    let files = kept();
    assert!(files.len() > 100, "only {} files found: the tests look in the wrong place", files.len());
    for file in files {
        for (line, text) in (1..).zip(file.text.lines()) {
            let text = text.to_lowercase();
            let found = foreign.iter().find(|word| text.contains(word.as_str()));
            if let Some(word) = found.filter(|_| !excused.has(&file.path)) {
                faults.add(format!("{}:{line}: {word}", file.path));
            }
        }
    }
    excused.stale(&mut faults);
    faults.none();
}

/// Every text file that is kept or would be: as git sees it, or all there is where there is no git.
fn kept() -> Vec<Text> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .ok()
        .filter(|output| output.status.success() && !output.stdout.is_empty());
    let Some(listed) = listed else { return below("") };
    let listed = String::from_utf8(listed.stdout).expect("paths are UTF-8");
    listed.split('\0').filter(|path| !path.is_empty()).filter_map(read).collect()
}
