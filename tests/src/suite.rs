//! A whole suite for one test: its own database, its own port, a clock that the test moves.

use crate::cluster::{TestCluster, cluster};
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use holdfast::suite::{Connected, Credentials, Suite, prepare_all};
use holdfast_chassis::{
    Clock,
    clock::ManualClock,
    identity::{AUDIENCE, ISSUER, Verifier, WorkloadSource},
    issuer::Issuer,
    serve::Limits,
};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    conferencing::v1::{
        conferencing_service_client::ConferencingServiceClient, sanction_service_client::SanctionServiceClient,
    },
    customers::v1::customer_service_client::CustomerServiceClient,
    guidance::v1::guidance_service_client::GuidanceServiceClient,
    safeguarding::v1::{
        directory_service_client::DirectoryServiceClient, escalation_service_client::EscalationServiceClient,
        override_service_client::OverrideServiceClient, protection_service_client::ProtectionServiceClient,
    },
    tasks::v1::task_service_client::TaskServiceClient,
    visiting::v1::visiting_service_client::VisitingServiceClient,
};
use holdfast_procedure::{Workload as Service, guidance::Guidance};
use holdfast_store::Store;
use std::{net::SocketAddr, path::Path};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::{Request, metadata::MetadataValue, transport::Channel};

/// Keys fingerprints in tests.
pub const FINGERPRINT_KEY: &str = "a key for tests, of no worth whatever";
/// How often a call that failed in passing goes out again before a test goes on without it.
const HURRIES: usize = 3;
/// How long tokens are valid, in seconds: longer than any test moves its clock.
const VALID: i64 = 20 * 365 * 24 * 60 * 60;

/// A running suite.
pub struct TestSuite {
    /// The clock; move it with [`TestSuite::move_clock`].
    pub clock: ManualClock,
    /// Makes tokens that the suite believes.
    pub issuer: Issuer,
    /// The suite's facts, for looking behind the wire.
    pub suite: Suite,
    /// The services as they call each other.
    pub connected: Connected,
    /// Where it listens.
    pub address: SocketAddr,
    /// A connection to it.
    pub channel: Channel,
    /// The name of its database.
    pub database: String,
    cluster: &'static TestCluster,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

/// An instant from London's wall clock, `2026-06-01 09:00` or with seconds.
///
/// # Panics
/// When it does not read.
#[must_use]
pub fn london(text: &str) -> DateTime<Utc> {
    let read = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f"));
    let local = read.unwrap_or_else(|_| panic!("{text:?} is no time"));
    chrono_tz::Europe::London.from_local_datetime(&local).earliest().expect("a time that London had").to_utc()
}

/// An instant, as contracts carry it.
#[must_use]
pub fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    holdfast_store::wire::timestamp(at)
}

impl TestSuite {
    /// A suite whose clock shows `at` (London), under the published guidance. `keeper` is the path of the program
    /// `cluster-keeper`: `env!("CARGO_BIN_EXE_cluster-keeper")`.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(keeper: &str, at: &str) -> Self {
        Self::start_under(keeper, at, Guidance::published()).await
    }

    /// A suite under other guidance.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_under(keeper: &str, at: &str, guidance: Guidance) -> Self {
        let keeper = keeper.to_owned();
        let cluster = tokio::task::spawn_blocking(move || cluster(Path::new(&keeper))).await.expect("a cluster");
        cluster.template("suite", async |url: String| prepare_all(&url).await.expect("schemas")).await;
        let database = cluster.database_from_template("suite").await;
        let clock = ManualClock::at(london(at));
        let civil = Clock::Manual(clock.clone());
        let issuer = Issuer::generate(civil.clone());
        let url = cluster.admin_url(&database);
        let suite = Suite::open(&url, civil.clone(), guidance, FINGERPRINT_KEY.to_owned()).await.expect("a suite");
        let verifier = Verifier::new(&issuer.key_set(), ISSUER, AUDIENCE, WorkloadSource::Token, civil);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let connected = suite.connect(address, &Credentials::Tokens(&issuer, Clock::Manual(clock.clone())));
        let connected = connected.expect("peers");
        let (stop, stopped) = oneshot::channel();
        let (serving, verifier, peers) = (suite.clone(), verifier.expect("a verifier"), connected.clone());
        let server = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            serving.serve(listener, verifier, Limits::default(), &peers, stopped).await.expect("the suite serves");
        });
        let channel = Channel::from_shared(format!("http://{address}")).expect("a URL").connect_lazy();
        Self { clock, issuer, suite, connected, address, channel, database, cluster, stop: Some(stop), server }
    }

    /// Moves the clock to a time in London and lets everything that is due by then happen.
    ///
    /// # Panics
    /// When something due fails.
    pub async fn move_clock(&self, to: &str) {
        self.clock.set(london(to));
        self.settle().await;
    }

    /// Lets everything that is due happen, and delivers every call from one service to another.
    ///
    /// # Panics
    /// When something due fails.
    pub async fn settle(&self) {
        for _ in 0..HURRIES {
            self.suite.settle(&self.connected).await.expect("what is due happens");
            if self.hurry().await == 0 {
                return;
            }
        }
    }

    /// A call that failed in passing, on a busy machine, waits by the clock, which stands still here: it goes out again
    /// at once. Says how many there are.
    async fn hurry(&self) -> u64 {
        let mut hurried = 0;
        for service in [Service::Visiting, Service::Conferencing, Service::Safeguarding] {
            let waiting = sqlx::query(
                "UPDATE outbox SET attempt_at = $1
                 WHERE delivered_at IS NULL AND parked_at IS NULL AND locked_by IS NULL AND attempts > 0",
            );
            let hurry = waiting.bind(self.clock.now()).execute(self.store(service).pool()).await;
            hurried += hurry.expect("the outbox is there").rows_affected();
        }
        hurried
    }

    /// The facts of a service.
    ///
    /// # Panics
    /// When the suite does not hold it.
    #[must_use]
    pub fn store(&self, of: Service) -> &Store {
        self.suite.store(of).expect("the service")
    }

    /// A request of a person in a role, through the case workers' desktop.
    ///
    /// # Panics
    /// When no token can be signed.
    pub fn request<T>(&self, person: &str, role: Role, message: T) -> Request<T> {
        self.request_through(person, Some(role), Workload::Casework, message)
    }

    /// A request through any workload.
    ///
    /// # Panics
    /// When no token can be signed.
    pub fn request_through<T>(&self, person: &str, role: Option<Role>, workload: Workload, message: T) -> Request<T> {
        let token = self.issuer.token(person, role, workload, VALID).expect("a token");
        let mut request = Request::new(message);
        let value = MetadataValue::try_from(format!("Bearer {token}")).expect("a header");
        request.metadata_mut().insert("authorization", value);
        request
    }

    /// The visiting service.
    #[must_use]
    pub fn visiting(&self) -> VisitingServiceClient<Channel> {
        VisitingServiceClient::new(self.channel.clone())
    }

    /// The conferencing service.
    #[must_use]
    pub fn conferencing(&self) -> ConferencingServiceClient<Channel> {
        ConferencingServiceClient::new(self.channel.clone())
    }

    /// Failed requirements at the conferencing service.
    #[must_use]
    pub fn sanctions(&self) -> SanctionServiceClient<Channel> {
        SanctionServiceClient::new(self.channel.clone())
    }

    /// Escalations at the safeguarding service.
    #[must_use]
    pub fn escalations(&self) -> EscalationServiceClient<Channel> {
        EscalationServiceClient::new(self.channel.clone())
    }

    /// The directory of leaders at the safeguarding service.
    #[must_use]
    pub fn directory(&self) -> DirectoryServiceClient<Channel> {
        DirectoryServiceClient::new(self.channel.clone())
    }

    /// The protection check and the ledger of holds.
    #[must_use]
    pub fn protection(&self) -> ProtectionServiceClient<Channel> {
        ProtectionServiceClient::new(self.channel.clone())
    }

    /// Exceptions to the protection check.
    #[must_use]
    pub fn overrides(&self) -> OverrideServiceClient<Channel> {
        OverrideServiceClient::new(self.channel.clone())
    }

    /// The tasks.
    #[must_use]
    pub fn tasks(&self) -> TaskServiceClient<Channel> {
        TaskServiceClient::new(self.channel.clone())
    }

    /// What is told about customers.
    #[must_use]
    pub fn customers(&self) -> CustomerServiceClient<Channel> {
        CustomerServiceClient::new(self.channel.clone())
    }

    /// The guidance.
    #[must_use]
    pub fn guidance(&self) -> GuidanceServiceClient<Channel> {
        GuidanceServiceClient::new(self.channel.clone())
    }

    /// The URL by which an administrator enters its database.
    #[must_use]
    pub fn admin_url(&self) -> String {
        self.cluster.admin_url(&self.database)
    }

    /// Stops the suite and drops its database.
    ///
    /// # Panics
    /// When it does not stop.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        drop(self.channel);
        self.server.await.expect("the suite stops");
        self.cluster.drop_database(&self.database).await;
    }
}
