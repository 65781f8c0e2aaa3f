//! What is left behind when work is broken off: tests that are skipped, tests that wait, code that is not there.

use crate::{
    faults::{Excused, Faults},
    sources::{is_test, lines_with, rust, tokens},
};

/// Tests that may sleep: only ever a short while between two looks at something that ends by itself.
const SLEEPERS: &[(&str, &str)] = &[
    ("tests/load/measure.rs", "no test: measures on the real clock, for as long as it is told"),
    ("tests/load/rig.rs", "no test: looks again whether the check has opened, until a deadline"),
    ("tests/src/bin/handover-lag/load.rs", "no test: measures on the real clock, at a rate"),
    ("tests/src/bin/handover-lag/rig.rs", "no test: looks again whether every handover has arrived, until a deadline"),
    ("tests/src/cluster/databases.rs", "looks again whether another process has made the database, until a deadline"),
    ("tests/src/cluster/keeper.rs", "looks again whether the last test process is gone, then ends the cluster"),
    ("tests/src/cluster/meeting.rs", "looks again for the cluster that another process starts, until a deadline"),
    ("tests/tests/cluster.rs", "looks again whether a process outside is gone, until a deadline"),
    ("tests/tests/protection_faults/desk.rs", "sends again to a real process, until a deadline"),
    ("tests/tests/protection_faults/payments.rs", "asks real processes on the real clock again, until a deadline"),
    ("tests/tests/protection_faults/rig.rs", "looks again whether a real process has begun, until a deadline"),
    ("tests/tests/protection_faults/scenarios.rs", "looks again at real processes, until a deadline"),
    ("tests/tests/replicas.rs", "kills real processes at intervals of the real clock, until a deadline"),
    ("tests/tests/replicas/client.rs", "asks real processes again, until the test's deadline"),
    ("tests/tests/replicas/history.rs", "looks again whether processes delivered everything, until a deadline"),
];

#[test]
fn a_skipped_test_says_why() {
    let mut faults = Faults::new("Write #[ignore = \"why, and when it is run\"], or let it run.");
    for file in rust() {
        for line in lines_with(&tokens(&file), &["#", "[", "ignore", "]"]) {
            faults.add(format!("{}:{line}: #[ignore] without a reason", file.path));
        }
    }
    faults.none();
}

#[test]
fn no_test_sleeps() {
    let mut faults = Faults::new(
        "A test moves its clock and settles the suite. Where something outside has to be waited for, poll it with a \
         deadline and list the file here with the reason.",
    );
    let mut excused = Excused::new(SLEEPERS);
    for file in rust().into_iter().filter(|file| is_test(&file.path)) {
        let found = lines_with(&tokens(&file), &["sleep", "("]);
        if !found.is_empty() && !excused.has(&file.path) {
            found.iter().for_each(|line| faults.add(format!("{}:{line}: sleeps", file.path)));
        }
    }
    excused.stale(&mut faults);
    faults.none();
}

#[test]
fn nothing_is_left_undone() {
    let mut faults = Faults::new("Write it, or do not promise it. Old code is in the history, not in a comment.");
    for file in rust() {
        let tokens = tokens(&file);
        for name in ["todo", "unimplemented"] {
            for line in lines_with(&tokens, &[name, "!"]) {
                faults.add(format!("{}:{line}: {name}!", file.path));
            }
        }
        for (line, text) in (1..).zip(file.text.lines()).filter(|(_, text)| is_code(text)) {
            faults.add(format!("{}:{line}: commented out: {}", file.path, text.trim()));
        }
    }
    faults.none();
}

/// Whether a line is code behind a comment sign. A sentence that begins with `let` is none.
fn is_code(line: &str) -> bool {
    let Some(comment) = line.trim().strip_prefix("//") else { return false };
    let comment = comment.trim_start().trim_start_matches("pub ").trim_start_matches("async ");
    let binds = comment.starts_with("let ") && (comment.contains(" = ") || comment.ends_with(';'));
    let begins = comment.starts_with("fn ") && comment.contains('(');
    let imports = comment.starts_with("use ") && comment.ends_with(';');
    binds || begins || imports
}

#[test]
fn code_behind_a_comment_sign_is_told_from_a_sentence() {
    for code in ["// let x = 1;", "    // fn f() {", "//use a::b;", "// pub async fn g(x: u8)"] {
        assert!(is_code(code), "{code}");
    }
    for sentence in ["// let the caller decide", "/// let us = hope", "// use it sparingly", "let x = 1;"] {
        assert!(!is_code(sentence), "{sentence}");
    }
}
