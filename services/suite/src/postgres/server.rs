//! Starting the server process and waiting until it takes connections.

use std::fs::{self, File, OpenOptions};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::Error;
use super::account::{Account, command};
use super::binaries::Binaries;
use super::cluster::Durability;
use super::files::{beside, log_from};

/// How often to try again when a port turns out to be taken.
const ATTEMPTS: u32 = 10;

/// How long the server may take to be ready; recovery after a crash is part of it.
const READY_WITHIN: Duration = Duration::from_secs(120);

/// How long a stop may take before it is made a hard one.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// The log is moved aside at a start when it has grown beyond this.
const LARGEST_LOG: u64 = 8 << 20;

/// What became of a server that was started.
enum Outcome {
    Ready,
    TryAgain,
}

/// Starts the server on a free port of the loopback interface and returns it with that port when it is ready.
pub(super) fn start(
    binaries: &Binaries,
    data: &Path,
    durability: Durability,
    account: Option<&Account>,
) -> Result<(Child, u16), Error> {
    let log = beside(data, ".log");
    let mut attempt = 1;
    loop {
        let file = open_log(&log)?;
        let offset = file.metadata().map_err(Error::file("look at", &log))?.len();
        let port = free_port()?;
        let mut child = spawn(binaries, data, durability, account, port, file)?;
        let outcome = match wait_until_ready(&mut child, port, data, &log, offset) {
            Ok(outcome) => outcome,
            Err(error) => {
                let _ = end(&mut child, Signal::QUIT);
                return Err(error);
            }
        };
        match outcome {
            Outcome::Ready => return Ok((child, port)),
            Outcome::TryAgain if attempt < ATTEMPTS => attempt += 1,
            Outcome::TryAgain => return Err(Error::Exited { tail: log_from(&log, offset), log }),
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Stops the server: connections are closed and everything is written. The hard way if that takes too long.
pub(super) fn stop(child: &mut Child) -> Result<(), Error> {
    if end(child, Signal::INT).is_some() {
        return Ok(());
    }
    if end(child, Signal::QUIT).is_none() {
        let _ = child.kill();
        let _ = child.wait();
    }
    Err(Error::StoppedHard { seconds: STOP_WITHIN.as_secs() })
}

/// Signals the process and waits for its end, for a bounded time.
fn end(child: &mut Child, signal: Signal) -> Option<ExitStatus> {
    if let Ok(Some(status)) = child.try_wait() {
        return Some(status);
    }
    // It has not been waited for, so the number is still its own.
    let _ = kill_process(Pid::from_child(child), signal);
    let until = Instant::now() + STOP_WITHIN;
    while Instant::now() < until {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    None
}

/// Opens the log for appending; only the invoking account can read it.
fn open_log(log: &Path) -> Result<File, Error> {
    if fs::metadata(log).is_ok_and(|metadata| metadata.len() > LARGEST_LOG) {
        let older = beside(log, ".1");
        fs::rename(log, &older).map_err(Error::file("move aside", log))?;
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true).mode(0o600).open(log).map_err(Error::file("open", log))
}

/// A port that nobody listens on at this moment. Postgres cannot be told to choose one itself.
fn free_port() -> Result<u16, Error> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(Error::file("find a free port on", Path::new("127.0.0.1")))
}

/// Starts the process.
fn spawn(
    binaries: &Binaries,
    data: &Path,
    durability: Durability,
    account: Option<&Account>,
    port: u16,
    log: File,
) -> Result<Child, Error> {
    let program = binaries.program("postgres");
    let mut server = command(&program, account);
    server.arg("-D").arg(data).args(["-p", &port.to_string()]);
    for setting in SETTINGS.iter().chain(durability_settings(durability)) {
        server.args(["-c", setting]);
    }
    let second = log.try_clone().map_err(Error::file("open the log for", data))?;
    server.stdout(second).stderr(log);
    server.spawn().map_err(|source| Error::Run { program, source })
}

/// Settings of every cluster. They are given at each start, so that a cluster made by an earlier release has them too.
///
/// The log must hold no personal data, and statements, parameters, the details of an error ("Key (name)=(...) already
/// exists") and even its message can all carry some. So errors of clients are not logged at all: the client gets them,
/// and it knows what it may say about them. What the server itself has to say is logged, without details.
const SETTINGS: [&str; 16] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "shared_buffers=64MB",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_destination=stderr",
    "logging_collector=off",
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_statement=none",
    "log_duration=off",
    "log_min_duration_statement=-1",
    "log_min_duration_sample=-1",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
];

/// Settings that follow from what the data is worth.
fn durability_settings(durability: Durability) -> &'static [&'static str] {
    match durability {
        Durability::Durable => &["max_connections=100", "fsync=on", "full_page_writes=on", "synchronous_commit=on"],
        Durability::Throwaway => {
            &["max_connections=200", "fsync=off", "full_page_writes=off", "synchronous_commit=off"]
        }
    }
}

/// Waits until the server says in its pid file that it is ready, which is how Postgres's own tools tell.
fn wait_until_ready(child: &mut Child, port: u16, data: &Path, log: &Path, offset: u64) -> Result<Outcome, Error> {
    let until = Instant::now() + READY_WITHIN;
    while Instant::now() < until {
        if is_ready(data, child.id(), port) {
            return Ok(Outcome::Ready);
        }
        if let Ok(Some(_)) = child.try_wait() {
            let tail = log_from(log, offset);
            // The port was taken since it was looked for; or processes of a killed server are still about to end.
            let passing = ["could not create any TCP/IP sockets", "pre-existing shared memory block"];
            return match passing.iter().any(|message| tail.contains(message)) {
                true => Ok(Outcome::TryAgain),
                false => Err(Error::Exited { log: log.to_owned(), tail }),
            };
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Err(Error::NotReady { seconds: READY_WITHIN.as_secs(), log: log.to_owned(), tail: log_from(log, offset) })
}

/// Whether the pid file says that this process takes connections on this port. The port is looked at as well, because
/// in a container that was started anew the process may well have the number of the one that crashed.
fn is_ready(data: &Path, process: u32, port: u16) -> bool {
    let content = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let lines: Vec<&str> = content.lines().map(str::trim).collect();
    let line = |number: usize| lines.get(number - 1).copied().unwrap_or_default();
    line(1) == process.to_string() && line(4) == port.to_string() && line(8) == "ready"
}
