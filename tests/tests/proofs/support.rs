//! A kind of case whose commands are the changes of its holds, and the service that answers for it.

use chrono::{DateTime, Utc};
use holdfast::suite::{prepare_all, service_url};
use holdfast_chassis::{
    Clock, Peers,
    clock::ManualClock,
    identity::{AUDIENCE, ISSUER, Verifier, WorkloadSource},
    issuer::Issuer,
    peers::{OwnTokens, Refused},
    serve::{LARGEST_REPLY, Limits, Services},
};
use holdfast_contracts::holdfast::{
    access::v1::Workload as Named,
    common::v1 as pb,
    delivery::v1::{
        ProveAwardRequest, ProveAwardResponse, ProveDeliveryRequest, ProveDeliveryResponse,
        delivery_service_client::DeliveryServiceClient, delivery_service_server::DeliveryServiceServer,
    },
};
use holdfast_procedure::{
    Actor, Award, Benefit, Context, Decider, Decision, NarrativeRef, Recorded, Refusal, Role, Ruled, Task, Timer, Told,
    Workload,
    customer::{self, Customer},
    desk,
    guidance::Guidance,
    protection::{self, HoldGround, Own, Raise, Version, Why},
    rule::rulings::R_WORKING_DAYS,
};
use holdfast_store::{
    Brought, Calls, Case, CasesOf, Command, Connection, Courier, Delivering, Delivery, Event, Header, Kinds, Ledger,
    Order, Parts, State, Store, rpc::Deliveries,
};
use holdfast_tests::{
    cluster::{TestCluster, cluster},
    suite::{FINGERPRINT_KEY, london},
};
use holdfast_visiting::SCHEMA;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row};
use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::{Request, transport::Channel};

/// A case that holds what it is told to hold.
pub(crate) struct Holding;

/// What happens to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "happened", rename_all = "snake_case")]
pub(crate) enum Happened {
    /// It is about this award, whose customer had these references before.
    Opened { award: Award, formerly: Vec<String> },
    /// A hold of it changed.
    Held(protection::Event),
    /// Another service has to be called.
    Called { to: Workload },
}

impl Told for Happened {
    fn name(&self) -> &'static str {
        "happened"
    }

    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        None
    }

    fn summary(&self) -> String {
        "Something happened.".to_owned()
    }

    fn narratives(&self) -> Vec<&NarrativeRef> {
        Vec::new()
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Held {
    award: Option<Award>,
    customer: Customer,
    holds: Own,
}

pub(crate) enum Asked {
    All(Vec<Happened>),
    Raise(Raise),
}

impl Decider for Holding {
    type State = Held;
    type Command = Asked;
    type Event = Happened;

    fn decide(_: &Held, command: &Asked, _: &Context<'_>) -> Result<Decision<Happened>, Refusal> {
        let events = match command {
            Asked::All(events) => events.clone(),
            Asked::Raise(Raise { ground, known, .. }) => vec![placed(*ground, known.0 + 1)],
        };
        let ruled = |event| Ruled { event, rules: vec![&R_WORKING_DAYS], version: "1".to_owned() };
        Ok(Decision { events: events.into_iter().map(ruled).collect(), notes: vec![] })
    }

    fn evolve(state: &mut Held, recorded: &Recorded<'_, Happened>) {
        match recorded.event {
            Happened::Opened { award, formerly } => {
                state.award = Some(award.clone());
                state.customer.formerly.clone_from(formerly);
            }
            Happened::Held(change) => state.holds.evolve(*change, recorded.at),
            Happened::Called { .. } => {}
        }
    }

    fn tasks(_: &Held, _: &Guidance) -> Vec<Task> {
        vec![]
    }

    fn timers(_: &Held) -> Vec<Timer> {
        vec![]
    }

    fn outlook(_: &Held) -> Vec<String> {
        vec![]
    }
}

/// The path of every call that places no hold and releases none.
pub(crate) const PATH: &str = "/holdfast.test.v1.TestService/Receive";
pub(crate) const PLACE: &str = "/holdfast.safeguarding.v1.ProtectionService/PlaceHold";
pub(crate) const RELEASE: &str = "/holdfast.safeguarding.v1.ProtectionService/ReleaseHold";

impl Ledger for Holding {
    type Decider = Self;

    const CASES: &str = "HELD-";

    fn award(state: &State<Self>) -> Option<&Award> {
        state.award.as_ref()
    }

    fn desk(_: desk::Command) -> Option<Command<Self>> {
        None
    }

    fn customer(_: customer::Command) -> Option<Command<Self>> {
        None
    }

    fn customer_event(_: &Event<Self>) -> Option<&customer::Event> {
        None
    }

    fn known_of_customer(state: &State<Self>) -> Option<&Customer> {
        Some(&state.customer)
    }

    fn holds(state: &State<Self>) -> Option<&Own> {
        Some(&state.holds)
    }

    fn raise_hold(raise: Raise) -> Option<Command<Self>> {
        Some(Asked::Raise(raise))
    }

    fn time_passed() -> Option<Command<Self>> {
        None
    }

    fn calendar_changed() -> Option<Command<Self>> {
        None
    }

    async fn project(_: &mut Connection, _: &str, _: &State<Self>) -> Result<(), sqlx::Error> {
        Ok(())
    }

    fn calls(brought: &Brought<'_, Self>, calls: &mut Calls) {
        for ruled in brought.events {
            if let Happened::Called { to } = ruled.event {
                calls.add(to, PATH, |id| id);
            }
        }
    }
}

pub(crate) fn placed(ground: HoldGround, version: u64) -> Happened {
    Happened::Held(protection::Event::Placed { ground, version: Version(version) })
}

pub(crate) fn released(ground: HoldGround, version: u64) -> Happened {
    let (version, why) = (Version(version), Why::EffectiveVisit);
    Happened::Held(protection::Event::Released { ground, version, why })
}

pub(crate) fn handed_over(ground: HoldGround, to: Workload) -> Happened {
    Happened::Held(protection::Event::HandedOver { ground, to })
}

pub(crate) fn called(to: Workload) -> Happened {
    Happened::Called { to }
}

/// A database with the store's tables, and the service that answers over the wire.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) client: DeliveryServiceClient<Channel>,
    pub(crate) peers: Peers,
    issuer: Issuer,
    clock: ManualClock,
    database: String,
    cluster: &'static TestCluster,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let keeper = Path::new(env!("CARGO_BIN_EXE_cluster-keeper"));
        let cluster = tokio::task::spawn_blocking(move || cluster(keeper)).await.unwrap();
        cluster.template("suite", async |url: String| prepare_all(&url).await.unwrap()).await;
        let database = cluster.database_from_template("suite").await;
        let manual = ManualClock::at(london("2026-06-01 09:00"));
        let clock = Clock::Manual(manual.clone());
        let pool = SCHEMA.connect(&service_url(&cluster.admin_url(&database), &SCHEMA)).await.unwrap();
        let (guidance, fingerprint_key) = (Guidance::published(), FINGERPRINT_KEY.to_owned());
        let parts = Parts { pool, clock: clock.clone(), guidance, workload: Workload::Visiting, fingerprint_key };
        let store = Store::new(parts);
        let issuer = Issuer::generate(clock.clone());
        let verifier = Verifier::new(&issuer.key_set(), ISSUER, AUDIENCE, WorkloadSource::Token, clock.clone());
        let verifier = verifier.unwrap();
        let deliveries = Deliveries::new(Kinds::new(vec![CasesOf::<Holding>::kind(&store)]));
        let mut services = Services::default();
        services.add(DeliveryServiceServer::new(deliveries).max_encoding_message_size(LARGEST_REPLY));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { drop(stopped.await) };
        let serving = tokio::spawn(async move {
            services.serve(listener, verifier, Limits::default(), stopped).await.unwrap();
        });
        let client = DeliveryServiceClient::new(Channel::from_shared(address.clone()).unwrap().connect_lazy());
        let tokens = OwnTokens::new(issuer.clone(), Named::Safeguarding, clock);
        let peers = Peers::new(&HashMap::from([(Named::Visiting, address)]), Some(tokens)).unwrap();
        Self { store, client, peers, issuer, clock: manual, database, cluster, stop, serving }
    }

    /// Opens a case about an award of a customer's, who had other references before.
    pub(crate) async fn open(&self, case: &str, (customer, award): (&str, &str), formerly: &[&str]) {
        let award = Award { customer: customer.to_owned(), benefit: Benefit::Pip, award: award.to_owned() };
        let formerly = formerly.iter().map(|name| (*name).to_owned()).collect();
        self.happen(case, [Happened::Opened { award, formerly }]).await;
    }

    /// Has all of this happen in one command.
    pub(crate) async fn happen<const N: usize>(&self, case: &str, all: [Happened; N]) {
        let header = Header {
            actor: Actor { person: "p-1".to_owned(), role: Role::Referrer, workload: Workload::Casework },
            method: "Happen".to_owned(),
            request: None,
            etag: None,
            validate_only: false,
            trace_id: String::new(),
            room: None,
        };
        let (case, command) = (Case::New(case.to_owned()), Asked::All(all.into()));
        let order = Order::<Holding> { case, command, narratives: vec![], notes: vec![], header, render: |_| vec![] };
        self.store.execute(vec![order]).await.pop().unwrap().unwrap();
    }

    /// A request of the service that keeps the ledger.
    pub(crate) fn of_ledger<T>(&self, message: T) -> Request<T> {
        let token = self.issuer.token("safeguarding", None, Named::Safeguarding, 86_400).unwrap();
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        request
    }

    pub(crate) async fn prove_delivery(&self) -> Result<ProveDeliveryResponse, tonic::Status> {
        let request = self.of_ledger(ProveDeliveryRequest { source: Named::Visiting.into() });
        self.client.clone().prove_delivery(request).await.map(tonic::Response::into_inner)
    }

    pub(crate) async fn prove_award(&self, customer: &str, award: &str) -> ProveAwardResponse {
        self.try_prove_award(customer, award).await.unwrap()
    }

    pub(crate) async fn try_prove_award(
        &self,
        customer: &str,
        award: &str,
    ) -> Result<ProveAwardResponse, tonic::Status> {
        let award = Some(pb::Award {
            customer: customer.to_owned(),
            benefit: pb::Benefit::Pip.into(),
            award: award.to_owned(),
        });
        let request = self.of_ledger(ProveAwardRequest { source: Named::Visiting.into(), award });
        self.client.clone().prove_award(request).await.map(tonic::Response::into_inner)
    }

    /// Delivers what can be delivered, to whoever answers like this by the path, and says what was tried in order.
    pub(crate) async fn relay(
        &self,
        answer: impl Fn(&Delivery) -> Result<(), Refused> + Send + Sync + 'static,
    ) -> Vec<Delivery> {
        self.relay_to(move |call| answer(call).map(|()| vec![])).await
    }

    /// The same to somebody who replies.
    pub(crate) async fn relay_to(
        &self,
        answer: impl Fn(&Delivery) -> Result<Vec<u8>, Refused> + Send + Sync + 'static,
    ) -> Vec<Delivery> {
        let postman = Arc::new(Postman { tried: Mutex::default(), answer: Box::new(answer) });
        let courier: Arc<dyn Courier> = Arc::<Postman>::clone(&postman);
        self.store.relay_all(&courier).await.unwrap();
        postman.tried.lock().unwrap().clone()
    }

    /// Lets every wait before a next attempt pass.
    pub(crate) fn wait(&self) {
        self.clock.advance(chrono::TimeDelta::minutes(1));
    }

    pub(crate) async fn admin(&self) -> PgConnection {
        PgConnection::connect(&self.cluster.admin_url(&self.database)).await.unwrap()
    }

    /// Runs one statement as administrator, in the service's schema.
    pub(crate) async fn as_admin(&self, statement: &str) {
        let mut admin = self.admin().await;
        let statement = format!("SET search_path = visiting; {statement}");
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut admin).await.unwrap();
        admin.close().await.unwrap();
    }

    /// The rows of a table or of a query, as text.
    pub(crate) async fn rows(&self, table: &str) -> Vec<String> {
        let mut admin = self.admin().await;
        let query = format!("SELECT row::text FROM {table} AS row ORDER BY 1");
        let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(&mut admin).await.unwrap();
        admin.close().await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    pub(crate) fn database(&self) -> &str {
        &self.database
    }

    pub(crate) async fn end(self) {
        let _ = self.stop.send(());
        drop((self.client, self.peers));
        self.serving.await.unwrap();
        self.store.end_watches();
        self.store.close(Duration::from_secs(10)).await;
        self.cluster.drop_database(&self.database).await;
    }
}

type Answer = Box<dyn Fn(&Delivery) -> Result<Vec<u8>, Refused> + Send + Sync>;

struct Postman {
    tried: Mutex<Vec<Delivery>>,
    answer: Answer,
}

impl Courier for Postman {
    fn deliver<'a>(&'a self, call: &'a Delivery) -> Delivering<'a> {
        self.tried.lock().unwrap().push(call.clone());
        Box::pin(std::future::ready((self.answer)(call)))
    }
}

/// A hold's case, ground and version.
pub(crate) fn key(hold: &pb::Hold) -> (&str, pb::HoldGround, u64) {
    (&hold.case_reference, hold.ground(), hold.version)
}
