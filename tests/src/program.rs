//! A service as a process of its own, as a mesh runs it.

use crate::{mesh::HEADER, suite::FINGERPRINT_KEY};
use holdfast_chassis::identity::{AUDIENCE, ISSUER};
use holdfast_store::process::Service;
use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::oneshot;

/// Every service.
pub const SERVICES: [&dyn Service; 3] =
    [&holdfast_visiting::Program, &holdfast_conferencing::Program, &holdfast_safeguarding::Program];
/// What the mesh calls the services, in their order.
pub const IDENTITIES: [&str; 3] = ["visiting.mesh", "conferencing.mesh", "safeguarding.mesh"];
/// What the mesh calls others: the case workers' desktop, a payment system, those who run the suite.
pub const OTHERS: [(&str, &str); 3] =
    [("desk.mesh", "casework"), ("payments.mesh", "payments"), ("operations.mesh", "operations")];
/// Lines of a log that are kept to be told.
const LAST_LINES: usize = 40;

/// What a process is told.
pub struct Settings<'a> {
    /// The program `replica`: `env!("CARGO_BIN_EXE_replica")`.
    pub program: &'a Path,
    /// Which service it is.
    pub service: &'a dyn Service,
    /// Its database, under its own role.
    pub database: String,
    /// Where the services are, in their order.
    pub peers: [SocketAddr; SERVICES.len()],
    /// The file with the keys of those who issue tokens.
    pub keys: &'a Path,
}

/// A process that runs. It ends with this value.
pub struct Program {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
    log: Arc<Mutex<VecDeque<String>>>,
}

impl Program {
    /// Starts one, and completes when it listens.
    ///
    /// # Panics
    /// When it does not.
    pub async fn start(name: &str, settings: &Settings<'_>) -> Self {
        let Settings { program, service, database, peers, keys } = settings;
        let workloads =
            IDENTITIES.iter().zip(SERVICES).map(|(identity, of)| format!("{identity}={}", of.schema().name));
        let others = OTHERS.iter().map(|(identity, workload)| format!("{identity}={workload}"));
        let mut command = Command::new(program);
        command.args(["serve", service.schema().name]).env_clear();
        command
            .env("DATABASE_URL", database)
            .env("HOLDFAST_LISTEN", "127.0.0.1:0")
            .env("HOLDFAST_MODE", "production")
            .env("HOLDFAST_LOG_FORMAT", "json")
            .env("HOLDFAST_FINGERPRINT_KEY", FINGERPRINT_KEY)
            .env("HOLDFAST_TOKEN_ISSUER", ISSUER)
            .env("HOLDFAST_TOKEN_AUDIENCE", AUDIENCE)
            .env("HOLDFAST_TOKEN_KEYS", keys)
            .env("HOLDFAST_WORKLOADS", workloads.chain(others).collect::<Vec<_>>().join(","))
            .env("HOLDFAST_WORKLOAD_HEADER", HEADER);
        for (other, address) in SERVICES.iter().zip(peers) {
            let name = format!("HOLDFAST_{}_URL", other.schema().name.to_uppercase());
            command.env(name, format!("http://{address}"));
        }
        // Its input ends with this process, however that ends, and it with its input.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a process");
        let (listens, listening) = oneshot::channel();
        let log = Arc::<Mutex<VecDeque<String>>>::default();
        let (err, kept, name) = (child.stderr.take().expect("its log"), Arc::clone(&log), name.to_owned());
        std::thread::spawn(move || read_log(BufReader::new(err), &name, &kept, listens));
        let mut starting = Self { address: ([127, 0, 0, 1], 0).into(), child, log };
        starting.address = listening.await.expect("the process listens");
        starting
    }

    /// Its number among the processes of this machine.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it as nothing could be prepared for.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            for line in self.log.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                // To standard error itself, which shows while the tests run.
                let _ = writeln!(std::io::stderr(), "{line}");
            }
        }
    }
}

/// Reads a log to its end, keeps its last lines, and tells the address at which the process listens.
fn read_log(log: impl BufRead, name: &str, kept: &Mutex<VecDeque<String>>, listens: oneshot::Sender<SocketAddr>) {
    let mut listens = Some(listens);
    for line in log.lines().map_while(Result::ok) {
        let told: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let address = told["fields"]["listening"].as_str().or_else(|| told["listening"].as_str());
        if let Some(address) = address.and_then(|address| address.parse().ok())
            && let Some(listens) = listens.take()
        {
            // Nobody waits any more where the test has ended.
            let _ = listens.send(address);
        }
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back(format!("{name}: {line}"));
        if kept.len() > LAST_LINES {
            kept.pop_front();
        }
    }
}
