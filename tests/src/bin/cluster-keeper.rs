//! Runs the tests' Postgres: `cluster-keeper keep <directory> <milliseconds to linger>` is started by the tests.
//!
//! `cluster-keeper hold <directory> <milliseconds to linger>` holds on to the cluster like a test, for something that
//! is none: it writes the URL and stays until its input ends.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use holdfast_tests::cluster::{TestCluster, keep};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            report(&reason);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let [mode, directory, linger] = arguments else { return Err(usage()) };
    let linger = linger.parse().map(Duration::from_millis).map_err(|_| usage())?;
    match mode.as_str() {
        "keep" => keep(Path::new(directory), linger, &mut report),
        "hold" => hold(&PathBuf::from(directory), linger),
        _ => Err(usage()),
    }
}

/// Holds on to the cluster until the input ends.
fn hold(directory: &Path, linger: Duration) -> Result<(), String> {
    let keeper = std::env::current_exe().map_err(|error| error.to_string())?;
    let cluster = TestCluster::join(directory, &keeper, linger)?;
    let mut output = std::io::stdout();
    writeln!(output, "{}", cluster.admin_url("postgres")).map_err(|error| error.to_string())?;
    output.flush().map_err(|error| error.to_string())?;
    std::io::stdin().read_to_end(&mut Vec::new()).map(|_| ()).map_err(|error| error.to_string())
}

fn usage() -> String {
    "usage: cluster-keeper keep|hold <directory> <milliseconds to linger>".to_owned()
}

/// Writes a line to the log, which is this process's standard error.
fn report(line: &str) {
    // When the log is gone, there is nowhere else to say so.
    let _ = writeln!(std::io::stderr(), "{line}");
}
