//! A database of a case's own, processes over it that can be killed, and the way of the case.

use chrono::{DateTime, TimeDelta, Utc};
use holdfast::suite::{Connected, Credentials, Suite, prepare_all};
use holdfast_chassis::{
    Clock,
    clock::ManualClock,
    identity::{AUDIENCE, ISSUER, Verifier, WorkloadSource},
    issuer::Issuer,
    serve::Limits,
};
use holdfast_procedure::guidance::Guidance;
use holdfast_store::{Store, process::Service};
use holdfast_tests::{
    cluster::{TestCluster, cluster},
    fault_proxy::{FaultProxy, Fuse},
    pip::{Call, Pip, Step, opened, reading, standing},
    raw,
    suite::{FINGERPRINT_KEY, london},
};
use sqlx::{Connection as _, PgConnection};
use std::{net::SocketAddr, path::Path};
use tokio::{net::TcpListener, runtime::Runtime, task::JoinHandle};
use tonic::{Status, transport::Channel};

/// Every service, under its schema's name.
pub(crate) const SERVICES: [&dyn Service; 3] =
    [&holdfast_visiting::Program, &holdfast_conferencing::Program, &holdfast_safeguarding::Program];

/// When the tests begin: the second visit was an hour ago.
pub(crate) fn begin() -> DateTime<Utc> {
    london("2026-06-10 12:00")
}

/// The case of an award.
pub(crate) fn pip(award: &str, concern: bool) -> Pip {
    let [referred, first, second] = ["2026-06-01 10:00", "2026-06-01 14:00", "2026-06-10 11:00"].map(london);
    Pip { award: award.to_owned(), concern, referred, first, second }
}

/// The cluster of the run, with the template of an empty suite.
pub(crate) async fn the_cluster() -> &'static TestCluster {
    let keeper = Path::new(env!("CARGO_BIN_EXE_cluster-keeper"));
    let cluster = tokio::task::spawn_blocking(move || cluster(keeper)).await.unwrap();
    cluster.template("suite", async |url: String| prepare_all(&url).await.unwrap()).await;
    cluster
}

/// A database, and a clock.
pub(crate) struct World {
    pub(crate) clock: ManualClock,
    pub(crate) url: String,
    issuer: Issuer,
    database: String,
    cluster: &'static TestCluster,
}

impl World {
    /// A copy of a template.
    pub(crate) async fn from(template: &str) -> Self {
        let cluster = the_cluster().await;
        let database = cluster.database_from_template(template).await;
        let clock = ManualClock::at(begin());
        let issuer = Issuer::generate(Clock::Manual(clock.clone()));
        Self { url: cluster.admin_url(&database), clock, issuer, database, cluster }
    }

    pub(crate) fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    pub(crate) async fn admin(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    /// Completes when no connection of a killed process is left: what it had begun is rolled back then.
    pub(crate) async fn until_nobody_is_connected(&self) {
        let mut admin = self.admin().await;
        let others = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
        for _ in 0..20_000 {
            // Each look is a round trip to the database, so that this neither sleeps nor spins.
            if sqlx::query_scalar::<_, i64>(others).fetch_one(&mut admin).await.unwrap() == 0 {
                admin.close().await.unwrap();
                return;
            }
        }
        panic!("a killed process is still connected");
    }

    pub(crate) async fn end(self) {
        self.cluster.drop_database(&self.database).await;
    }

    /// A database that is to become a template, at this address.
    pub(crate) fn at(url: String, cluster: &'static TestCluster) -> Self {
        let clock = ManualClock::at(begin());
        let issuer = Issuer::generate(Clock::Manual(clock.clone()));
        Self { clock, url, issuer, database: String::new(), cluster }
    }

    /// The case of an award.
    pub(crate) async fn case_of(&self, award: &str) -> String {
        let mut admin = self.admin().await;
        let case = sqlx::query_scalar("SELECT case_reference FROM visiting.cases WHERE award = $1").bind(award);
        let case = case.fetch_one(&mut admin).await.unwrap();
        admin.close().await.unwrap();
        case
    }

    /// What is not delivered, and why.
    async fn undelivered(&self) -> Vec<String> {
        let mut admin = self.admin().await;
        let mut all = Vec::new();
        for service in SERVICES {
            let schema = service.schema().name;
            let query = format!(
                "SELECT concat_ws(' ', request_id, method, attempts, last_failure) FROM {schema}.outbox
                 WHERE delivered_at IS NULL"
            );
            all.extend(
                sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(query)).fetch_all(&mut admin).await.unwrap(),
            );
        }
        all
    }

    /// Settles, and moves the clock over every claim and every wait, until everything is delivered.
    pub(crate) async fn deliver_all(&self, settle: &impl AsyncFn()) {
        settle().await;
        let mut admin = self.admin().await;
        for _ in 0..20 {
            let mut waiting = 0;
            for service in SERVICES {
                let schema = service.schema().name;
                let query = format!("SELECT count(*) FROM {schema}.outbox WHERE delivered_at IS NULL");
                let query = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(query));
                waiting += query.fetch_one(&mut admin).await.unwrap();
            }
            if waiting == 0 {
                return admin.close().await.unwrap();
            }
            self.clock.advance(TimeDelta::seconds(31));
            settle().await;
        }
        panic!("calls are never delivered: {}", self.undelivered().await.join(", "));
    }
}

/// The proxies that a process is behind.
pub(crate) struct Faults {
    pub(crate) fuse: Fuse,
    /// Between the services and Postgres.
    pub(crate) database: FaultProxy,
    /// Between the relays and the services.
    pub(crate) calls: FaultProxy,
}

/// A process that holds all services.
pub(crate) struct Process {
    runtime: Runtime,
    pub(crate) suite: Suite,
    connected: Connected,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    issuer: Issuer,
    channel: Channel,
}

/// The host and port within an address of a database.
fn place_of(url: &str) -> &str {
    let (_, rest) = url.rsplit_once('@').expect("credentials");
    rest.split_once('/').expect("a database").0
}

impl Process {
    /// One that nothing happens to.
    pub(crate) async fn start(world: &World) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self::over(world, world.url.clone(), listener, address).await
    }

    /// One behind proxies, not armed yet.
    pub(crate) async fn start_behind(world: &World) -> (Self, Faults) {
        let fuse = Fuse::default();
        let postgres = place_of(&world.url);
        let database = FaultProxy::start(postgres.parse().unwrap(), &fuse).await;
        let url = world.url.replace(postgres, &database.address.to_string());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let calls = FaultProxy::start(listener.local_addr().unwrap(), &fuse).await;
        let process = Self::over(world, url, listener, calls.address).await;
        (process, Faults { fuse, database, calls })
    }

    async fn over(world: &World, url: String, listener: TcpListener, seen_at: SocketAddr) -> Self {
        // A runtime of its own, so that all of it can end at once.
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (clock, issuer) = (Clock::Manual(world.clock.clone()), world.issuer.clone());
        let address = listener.local_addr().unwrap();
        let listener = listener.into_std().unwrap();
        let signer = issuer.clone();
        let started = runtime.spawn(async move {
            let key = FINGERPRINT_KEY.to_owned();
            let suite = Suite::open(&url, clock.clone(), Guidance::published(), key).await.unwrap();
            let verifier = Verifier::new(&issuer.key_set(), ISSUER, AUDIENCE, WorkloadSource::Token, clock.clone());
            let connected = suite.connect(seen_at, &Credentials::Tokens(&issuer, clock)).unwrap();
            let (serving, peers, verifier) = (suite.clone(), connected.clone(), verifier.unwrap());
            let listener = TcpListener::from_std(listener).unwrap();
            tokio::spawn(async move {
                let never = std::future::pending();
                serving.serve(listener, verifier, Limits::default(), &peers, never).await.unwrap();
            });
            (suite, connected)
        });
        let (suite, connected) = started.await.unwrap();
        let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect_lazy();
        Self { runtime, suite, connected, address, issuer: signer, channel }
    }

    /// Ends it as a killed process ends: at once, whatever it is doing.
    pub(crate) fn kill(self) {
        self.runtime.shutdown_background();
    }

    /// Runs something within it.
    pub(crate) fn spawn<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.runtime.spawn(work)
    }

    /// Lets everything that is due happen and delivers what can be delivered.
    pub(crate) async fn settle(&self) -> Result<(), String> {
        let (suite, connected) = (self.suite.clone(), self.connected.clone());
        let settled = self.spawn(async move { suite.settle(&connected).await });
        settled.await.map_err(|fault| fault.to_string())?.map_err(|failure| format!("{failure:?}"))
    }

    /// Makes a call from outside.
    pub(crate) async fn send(&self, call: &Call) -> Result<Vec<u8>, Status> {
        raw::attempt(&self.channel, call.path, call.request(&self.issuer)).await
    }

    /// A step of a case as it is to be called now.
    pub(crate) async fn prepare(&self, pip: &Pip, step: Step, case: &str, now: DateTime<Utc>) -> Call {
        let Some((at, stage)) = step.before() else { return pip.call(step, case, "", now) };
        let reply = self.send(&reading(at, case)).await.unwrap_or_else(|status| panic!("{step:?}: {status:?}"));
        let (reached, etag) = standing(at, &reply);
        assert_eq!(reached, stage, "before {step:?}");
        pip.call(step, case, &etag, now)
    }

    /// Takes a case through some of its steps, each followed by what it leads to, and gives its reference.
    pub(crate) async fn go(&self, pip: &Pip, steps: &[Step]) -> String {
        let mut case = String::new();
        for step in steps {
            let call = self.prepare(pip, *step, &case, begin()).await;
            let reply = self.send(&call).await.unwrap_or_else(|status| panic!("{step:?}: {status:?}"));
            if *step == Step::Referral {
                case = opened(&reply);
            }
            self.settle().await.expect("what is due happens");
        }
        case
    }
}

/// Every service of the suite's, with its facts.
pub(crate) fn stores(suite: &Suite) -> impl Iterator<Item = (&'static dyn Service, &Store)> {
    SERVICES.into_iter().map(|service| (service, suite.store(service.workload()).expect("every service")))
}
