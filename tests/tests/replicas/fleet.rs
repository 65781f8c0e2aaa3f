//! Replicas as processes, what they are told, and how they are reached.

use holdfast::suite::{prepare_all, service_url};
use holdfast_chassis::{Clock, issuer::Issuer};
use holdfast_procedure::Workload;
use holdfast_tests::{
    cluster::{TestCluster, cluster},
    mesh::{Balancer, sidecar},
    program::{IDENTITIES, Program, Settings},
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

pub(crate) use holdfast_tests::program::SERVICES;

/// Replicas of each.
const EACH: usize = 2;
/// Replicas in all.
pub(crate) const REPLICAS: usize = SERVICES.len() * EACH;
/// What the mesh calls the case workers' desktop.
pub(crate) const DESK: &str = "desk.mesh";

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
    replicas: Vec<Option<Program>>,
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
        let settings = Settings {
            program: Path::new(env!("CARGO_BIN_EXE_replica")),
            service,
            database: service_url(&self.url, &service.schema()),
            peers: self.peers[place],
            keys: &self.keys,
        };
        let replica = Program::start(&format!("replica {number}"), &settings).await;
        self.entrance.balancers[place].set(number % EACH, Some(replica.address));
        self.replicas[number] = Some(replica);
    }

    /// Kills a replica as nothing could be prepared for, starts it again, and gives its name.
    pub(crate) async fn kill_and_restart(&mut self, number: usize) -> String {
        let service = SERVICES[number / EACH].schema().name;
        self.replicas[number].take().expect("every replica runs").kill();
        self.entrance.balancers[number / EACH].set(number % EACH, None);
        self.start_replica(number).await;
        format!("{service} {}", number % EACH)
    }

    pub(crate) async fn end(mut self) {
        self.replicas.clear();
        std::fs::remove_file(&self.keys).unwrap();
        self.cluster.drop_database(&self.database).await;
    }
}
