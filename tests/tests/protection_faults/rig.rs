//! Three services, three databases, and everything between them.

use crate::clock::SetBack;
use holdfast::{postgres::Binaries, suite::service_url};
use holdfast_chassis::{Clock, issuer::Issuer};
use holdfast_procedure::Workload;
use holdfast_store::prepare;
use holdfast_tests::{
    link::Link,
    mesh::sidecar,
    own_postgres::OwnPostgres,
    program::{IDENTITIES, Program, SERVICES, Settings},
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// The password of the services' roles in these databases.
const PASSWORD: &str = "of-no-worth";

/// Whatever was claimed or put off by then is delivered within this time.
const DELIVERED_WITHIN: Duration = Duration::from_secs(60);

/// A service, its database, and how it is reached.
struct Place {
    program: Option<Program>,
    postgres: OwnPostgres,
    /// From the service to its database.
    to_database: Link,
    /// From outside to the service.
    entrance: Link,
    /// From each service to this one, in their order.
    from: Vec<Link>,
    /// Where the others are, as it calls them through the proxy beside it.
    peers: [SocketAddr; SERVICES.len()],
}

/// Everything that can break.
pub(crate) struct Rig {
    pub(crate) issuer: Issuer,
    pub(crate) clock: SetBack,
    places: Vec<Place>,
    keys: PathBuf,
}

fn number(of: Workload) -> usize {
    SERVICES.iter().position(|service| service.workload() == of).expect("a service")
}

impl Rig {
    pub(crate) async fn start() -> Self {
        let issuer = Issuer::generate(Clock::System);
        let keys = std::env::temp_dir().join(format!("holdfast-keys-{}", uuid::Uuid::new_v4().simple()));
        std::fs::write(&keys, issuer.key_set()).unwrap();
        let clock = SetBack::new();
        let mut places = Vec::new();
        for (number, service) in SERVICES.iter().enumerate() {
            // Visiting is the source whose clock is set back.
            let binaries = if number == 0 { clock.binaries() } else { Binaries::find(&mut |_| ()).unwrap() };
            let name = service.schema().name;
            let postgres = tokio::task::spawn_blocking(move || OwnPostgres::start_with(name, binaries)).await.unwrap();
            let nowhere = postgres.address();
            let to_database = Link::start(postgres.address()).await;
            prepare(&postgres.admin_url("postgres", postgres.address()), &service.schema(), PASSWORD).await.unwrap();
            let mut from = Vec::new();
            for _ in SERVICES {
                from.push(Link::start(nowhere).await);
            }
            let entrance = Link::start(nowhere).await;
            places.push(Place { program: None, postgres, to_database, entrance, from, peers: [nowhere; 3] });
        }
        for (number, identity) in IDENTITIES.iter().enumerate() {
            let mut peers = [places[0].entrance.address; SERVICES.len()];
            for (peer, place) in peers.iter_mut().zip(&places) {
                *peer = sidecar(identity, place.from[number].address).await;
            }
            places[number].peers = peers;
        }
        let mut rig = Self { issuer, clock, places, keys };
        for service in SERVICES {
            rig.start_service(service.workload()).await;
        }
        rig
    }

    /// Starts a service that was stopped; everything leads to it again.
    pub(crate) async fn start_service(&mut self, of: Workload) {
        let number = number(of);
        let service = SERVICES[number];
        let place = &mut self.places[number];
        let admin = place.postgres.admin_url("postgres", place.to_database.address);
        let settings = Settings {
            program: Path::new(env!("CARGO_BIN_EXE_replica")),
            service,
            database: service_url(&admin, &service.schema()).replace(&password(&admin), PASSWORD),
            peers: place.peers,
            keys: &self.keys,
        };
        let program = Program::start(service.schema().name, &settings).await;
        [&place.entrance].into_iter().chain(&place.from).for_each(|link| link.lead_to(program.address));
        place.program = Some(program);
    }

    /// Kills a service as nothing could be prepared for.
    pub(crate) fn kill_service(&mut self, of: Workload) {
        self.places[number(of)].program.take().expect("it runs").kill();
    }

    /// Where a service is, from outside.
    pub(crate) fn entrance(&self, of: Workload) -> SocketAddr {
        self.places[number(of)].entrance.address
    }

    /// What one service sends another.
    pub(crate) fn link(&self, from: Workload, to: Workload) -> &Link {
        &self.places[number(to)].from[number(from)]
    }

    /// Does something to a service's database that takes its process away for a while.
    pub(crate) async fn with_database(&mut self, of: Workload, work: impl FnOnce(&mut OwnPostgres) + Send) {
        let place = &mut self.places[number(of)];
        tokio::task::block_in_place(|| work(&mut place.postgres));
        place.to_database.lead_to(place.postgres.address());
    }

    /// Completes when no call waits any more, however much was lost and repeated on the way.
    pub(crate) async fn until_everything_is_delivered(&self) {
        self.until_delivered("true").await;
    }

    /// Completes when no call about a case waits any more, nor one that such a call led to at the service after it.
    pub(crate) async fn until_case_is_delivered(&self, case: &str) {
        self.until_delivered(&format!("case_reference = '{case}'")).await;
    }

    /// The services in the order in which a case passes through them.
    async fn until_delivered(&self, which: &str) {
        let begun = Instant::now();
        for service in SERVICES {
            let schema = service.schema().name;
            let waiting = format!("SELECT FROM {schema}.outbox WHERE delivered_at IS NULL AND {which}");
            loop {
                let waiting = self.statement(service.workload(), &waiting).await;
                if waiting == 0 {
                    break;
                }
                assert!(begun.elapsed() < DELIVERED_WITHIN, "{waiting} calls of {} wait", service.name());
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }

    /// Carries out a statement as a database's administrator.
    pub(crate) async fn statement(&self, of: Workload, statement: &str) -> u64 {
        let place = &self.places[number(of)];
        let url = place.postgres.admin_url("postgres", place.postgres.address());
        let mut admin = PgConnection::connect(&url).await.unwrap();
        let done = sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&mut admin).await.unwrap();
        admin.close().await.unwrap();
        done.rows_affected()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.keys);
    }
}

/// The password within a URL.
fn password(url: &str) -> String {
    let (_, rest) = url.split_once("://").unwrap();
    let (credentials, _) = rest.rsplit_once('@').unwrap();
    credentials.split_once(':').unwrap().1.to_owned()
}
