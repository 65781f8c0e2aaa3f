//! Replicas as processes, what they are told, and how they are reached.

use holdfast::suite::{prepare_all, service_url};
use holdfast_chassis::{
    Clock,
    identity::{AUDIENCE, ISSUER},
    issuer::Issuer,
};
use holdfast_procedure::Workload;
use holdfast_store::process::Service;
use holdfast_tests::{
    cluster::{TestCluster, cluster},
    mesh::{Balancer, HEADER, sidecar},
    suite::FINGERPRINT_KEY,
};
use std::{
    collections::VecDeque,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
};
use tokio::sync::oneshot;

/// Every service.
pub(crate) const SERVICES: [&dyn Service; 3] =
    [&holdfast_visiting::Program, &holdfast_conferencing::Program, &holdfast_safeguarding::Program];
/// Replicas of each.
const EACH: usize = 2;
/// Replicas in all.
pub(crate) const REPLICAS: usize = SERVICES.len() * EACH;
/// What the mesh calls the case workers' desktop.
pub(crate) const DESK: &str = "desk.mesh";
/// What the mesh calls the services.
const IDENTITIES: [&str; 3] = ["visiting.mesh", "conferencing.mesh", "safeguarding.mesh"];
/// Lines of a log that are kept to be told.
const LAST_LINES: usize = 40;

/// A replica that runs. It ends with this value.
struct Replica {
    child: Child,
    log: Arc<Mutex<VecDeque<String>>>,
}

impl Drop for Replica {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            for line in self.log.lock().unwrap().iter() {
                crate::tell(line);
            }
        }
    }
}

/// How the services are reached from outside.
#[derive(Clone)]
pub(crate) struct Entrance {
    pub(crate) issuer: Issuer,
    balancers: Vec<Balancer>,
}

impl Entrance {
    /// Where a service is.
    pub(crate) fn of(&self, service: Workload) -> SocketAddr {
        let place = SERVICES.iter().position(|each| each.workload() == service).expect("a service");
        self.balancers[place].address
    }
}

/// All replicas of all services, over one database.
pub(crate) struct Fleet {
    pub(crate) entrance: Entrance,
    replicas: Vec<Option<Replica>>,
    /// For each service, where the others are, as it calls them.
    peers: Vec<[SocketAddr; SERVICES.len()]>,
    pub(crate) url: String,
    database: String,
    cluster: &'static TestCluster,
    keys: PathBuf,
}

impl Fleet {
    pub(crate) async fn start() -> Self {
        let keeper = Path::new(env!("CARGO_BIN_EXE_cluster-keeper"));
        let cluster = tokio::task::spawn_blocking(move || cluster(keeper)).await.unwrap();
        cluster.template("suite", async |url: String| prepare_all(&url).await.unwrap()).await;
        let database = cluster.database_from_template("suite").await;
        let issuer = Issuer::generate(Clock::System);
        let keys = std::env::temp_dir().join(format!("holdfast-keys-{}", uuid::Uuid::new_v4().simple()));
        std::fs::write(&keys, issuer.key_set()).unwrap();
        let mut balancers = Vec::new();
        for _ in SERVICES {
            balancers.push(Balancer::start(EACH).await);
        }
        let mut peers = Vec::new();
        for identity in IDENTITIES {
            let mut others = [balancers[0].address; SERVICES.len()];
            for (other, balancer) in others.iter_mut().zip(&balancers) {
                *other = sidecar(identity, balancer.address).await;
            }
            peers.push(others);
        }
        let url = cluster.admin_url(&database);
        let entrance = Entrance { issuer, balancers };
        let replicas = (0..REPLICAS).map(|_| None).collect();
        let mut fleet = Self { entrance, replicas, peers, url, database, cluster, keys };
        for number in 0..REPLICAS {
            fleet.start_replica(number).await;
        }
        fleet
    }

    /// Starts a replica, and completes when it listens.
    async fn start_replica(&mut self, number: usize) {
        let (place, service) = (number / EACH, SERVICES[number / EACH]);
        let mut command = Command::new(env!("CARGO_BIN_EXE_replica"));
        command.args(["serve", service.schema().name]).env_clear();
        let workloads =
            IDENTITIES.iter().zip(SERVICES).map(|(identity, of)| format!("{identity}={}", of.schema().name));
        let workloads = workloads.chain([format!("{DESK}=casework")]).collect::<Vec<_>>().join(",");
        command
            .env("DATABASE_URL", service_url(&self.url, &service.schema()))
            .env("HOLDFAST_LISTEN", "127.0.0.1:0")
            .env("HOLDFAST_MODE", "production")
            .env("HOLDFAST_LOG_FORMAT", "json")
            .env("HOLDFAST_FINGERPRINT_KEY", FINGERPRINT_KEY)
            .env("HOLDFAST_TOKEN_ISSUER", ISSUER)
            .env("HOLDFAST_TOKEN_AUDIENCE", AUDIENCE)
            .env("HOLDFAST_TOKEN_KEYS", &self.keys)
            .env("HOLDFAST_WORKLOADS", workloads)
            .env("HOLDFAST_WORKLOAD_HEADER", HEADER);
        for (other, address) in SERVICES.iter().zip(self.peers[place]) {
            let name = format!("HOLDFAST_{}_URL", other.schema().name.to_uppercase());
            command.env(name, format!("http://{address}"));
        }
        // Its input ends with this process, however that ends, and it with its input.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (listens, listening) = oneshot::channel();
        let log = Arc::<Mutex<VecDeque<String>>>::default();
        let (err, kept, name) = (child.stderr.take().unwrap(), Arc::clone(&log), format!("replica {number}"));
        std::thread::spawn(move || read_log(BufReader::new(err), &name, &kept, listens));
        self.replicas[number] = Some(Replica { child, log });
        let address = listening.await.expect("the replica listens");
        self.entrance.balancers[place].set(number % EACH, Some(address));
    }

    /// Kills a replica as nothing could be prepared for, starts it again, and gives its name.
    pub(crate) async fn kill_and_restart(&mut self, number: usize) -> String {
        let service = SERVICES[number / EACH].schema().name;
        let mut killed = self.replicas[number].take().expect("every replica runs");
        killed.child.kill().unwrap();
        killed.child.wait().unwrap();
        self.entrance.balancers[number / EACH].set(number % EACH, None);
        drop(killed);
        self.start_replica(number).await;
        format!("{service} {}", number % EACH)
    }

    pub(crate) async fn end(mut self) {
        self.replicas.clear();
        std::fs::remove_file(&self.keys).unwrap();
        self.cluster.drop_database(&self.database).await;
    }
}

/// Reads a replica's log to its end, keeps its last lines, and tells the address at which it listens.
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
        let mut kept = kept.lock().unwrap();
        kept.push_back(format!("{name}: {line}"));
        if kept.len() > LAST_LINES {
            kept.pop_front();
        }
    }
}
