//! A process whose log nobody reads goes on, and says what was lost once somebody does.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

use holdfast_chassis::telemetry::Telemetry;
use std::{
    env,
    io::{self, BufRead, BufReader, Read, Write},
    process::{Command, Stdio},
    sync::mpsc::{Receiver, sync_channel},
    thread,
    time::Duration,
};
use tracing::Level;

/// Set in the process that logs.
const LOGGING: &str = "HOLDFAST_TEST_LOGS_ALONE";
/// More than wait to be written and fit into a pipe, together.
const EVENTS: usize = 20_000;
/// What is said right before the process ends: more than fits into a pipe, and not too much to wait.
const AT_LAST: usize = 1_500;
const ALL_SAID: &str = "everything was said";
/// How long the next line may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// Says so many events, and that all of them were said; goes on once it is answered.
#[allow(clippy::print_stdout, reason = "it tells the other process how far it is")]
fn say(events: usize) {
    for event in 0..events {
        tracing::warn!(target: "holdfast_test", event, "said");
    }
    println!("\n{ALL_SAID}");
    io::stdin().read_line(&mut String::new()).unwrap();
}

/// Where it is not the process that logs, there is nothing to do.
#[test]
fn a_process_that_logs() {
    if env::var_os(LOGGING).is_none() {
        return;
    }
    let telemetry = Telemetry::to_stderr("unread", Level::WARN);
    let guard = Telemetry { json: true, ..telemetry }.start().unwrap();
    say(EVENTS);
    say(AT_LAST);
    drop(guard);
    // As where `main` returns: nothing waits for a thread.
    std::process::exit(0);
}

/// What a process writes. None of it is read before it is asked for, but for a buffer.
fn lines(of: impl Read + Send + 'static) -> Receiver<String> {
    let (line, lines) = sync_channel(0);
    thread::spawn(move || {
        let read = BufReader::new(of).lines().map_while(Result::ok);
        // Until nobody asks any more.
        read.map_while(|read| line.send(read).ok()).for_each(drop);
    });
    lines
}

fn next(lines: &Receiver<String>) -> String {
    lines.recv_timeout(PATIENCE).expect("another line")
}

#[test]
fn a_log_that_nobody_reads_stops_nothing_and_says_what_was_lost_once_it_is_read() {
    let mut logging = Command::new(env::current_exe().unwrap())
        .args(["--exact", "a_process_that_logs", "--nocapture"])
        .env(LOGGING, "")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut answer = logging.stdin.take().unwrap();
    let (out, log) = (lines(logging.stdout.take().unwrap()), lines(logging.stderr.take().unwrap()));

    while next(&out) != ALL_SAID {}
    let (mut events, mut lost) = (0, 0);
    while events + lost < EVENTS {
        let line: serde_json::Value = serde_json::from_str(&next(&log)).unwrap();
        match line["fields"]["lost"].as_u64() {
            Some(more) => lost += usize::try_from(more).unwrap(),
            None => events += 1,
        }
    }
    assert!(lost > 0, "everything found room: it proves nothing");
    assert_eq!(events + lost, EVENTS);

    answer.write_all(b"\n").unwrap();
    while next(&out) != ALL_SAID {}
    answer.write_all(b"\n").unwrap();
    assert_eq!(log.iter().count(), AT_LAST, "what was said last is written before the process ends");
    // Nobody reads what else the process may say.
    drop(out);
    assert!(logging.wait().unwrap().success());
}
