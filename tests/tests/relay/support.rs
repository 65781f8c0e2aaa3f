//! A kind of case that does nothing but cause calls, couriers that record and fail, and a look into the outbox.

use chrono::{DateTime, TimeDelta, Utc};
use holdfast::suite::{prepare_all, service_url};
use holdfast_chassis::{Clock, Failure, clock::ManualClock, peers::Refused};
use holdfast_procedure::{
    Actor, Award, Context, Decider, Decision, NarrativeRef, Recorded, Refusal, Role, Ruled, Task, Timer, Told,
    Workload,
    customer::{self, Customer},
    desk,
    guidance::Guidance,
    rule::rulings::R_WORKING_DAYS,
};
use holdfast_store::{
    Again, Brought, Calls, Case, Command, Connection, Courier, Delivering, Delivery, Event, Header, Ledger, Order,
    Parts, RequestKey, State, Store,
};
use holdfast_tests::{
    cluster::{TestCluster, cluster},
    suite::{FINGERPRINT_KEY, london},
};
use holdfast_visiting::SCHEMA;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row};
use std::{
    path::Path,
    sync::{Arc, Mutex},
};

/// A case that causes the calls it is told to cause.
pub(crate) struct Causing;

/// A call to cause: to whom, and whether it waits for no other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Caused {
    to: Workload,
    urgent: bool,
}

/// The calls of one command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CallsCaused(Vec<Caused>);

impl Told for CallsCaused {
    fn name(&self) -> &'static str {
        "calls_caused"
    }

    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        None
    }

    fn summary(&self) -> String {
        format!("{} calls were caused.", self.0.len())
    }

    fn narratives(&self) -> Vec<&NarrativeRef> {
        Vec::new()
    }
}

impl Decider for Causing {
    /// How many commands there were.
    type State = usize;
    type Command = Vec<Caused>;
    type Event = CallsCaused;

    fn decide(_: &usize, command: &Vec<Caused>, _: &Context<'_>) -> Result<Decision<CallsCaused>, Refusal> {
        let (event, version) = (CallsCaused(command.clone()), "1".to_owned());
        Ok(Decision { events: vec![Ruled { event, rules: vec![&R_WORKING_DAYS], version }], notes: vec![] })
    }

    fn evolve(state: &mut usize, _: &Recorded<'_, CallsCaused>) {
        *state += 1;
    }

    fn tasks(_: &usize, _: &Guidance) -> Vec<Task> {
        vec![]
    }

    fn timers(_: &usize) -> Vec<Timer> {
        vec![]
    }

    fn outlook(_: &usize) -> Vec<String> {
        vec![]
    }
}

/// The path of every call. No service has it.
pub(crate) const PATH: &str = "/holdfast.test.v1.TestService/Receive";

impl Ledger for Causing {
    type Decider = Self;

    const CASES: &str = "RELAY-";

    fn award(_: &State<Self>) -> Option<&Award> {
        None
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

    fn known_of_customer(_: &State<Self>) -> Option<&Customer> {
        None
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
        assert_eq!(*brought.after, brought.before + brought.events.len(), "before and after belong together");
        for caused in brought.events.iter().flat_map(|ruled| &ruled.event.0) {
            // Any message that is a string will do.
            let request = |id: String| format!("{id} {} {}", brought.actor.person, brought.case);
            if caused.urgent {
                calls.urgent(caused.to, PATH, request);
            } else {
                calls.add(caused.to, PATH, request);
            }
        }
    }
}

/// A call that waits for its turn.
pub(crate) fn usual(to: Workload) -> Caused {
    Caused { to, urgent: false }
}

/// A call that waits for no other.
pub(crate) fn urgent(to: Workload) -> Caused {
    Caused { to, urgent: true }
}

/// A database with the store's tables, and a clock.
pub(crate) struct World {
    pub(crate) clock: ManualClock,
    pub(crate) store: Store,
    database: String,
    cluster: &'static TestCluster,
}

impl World {
    pub(crate) async fn new() -> Self {
        let keeper = Path::new(env!("CARGO_BIN_EXE_cluster-keeper"));
        let cluster = tokio::task::spawn_blocking(move || cluster(keeper)).await.unwrap();
        cluster.template("suite", async |url: String| prepare_all(&url).await.unwrap()).await;
        let database = cluster.database_from_template("suite").await;
        let clock = ManualClock::at(london("2026-06-01 09:00"));
        let store = open(&cluster.admin_url(&database), Clock::Manual(clock.clone())).await;
        Self { clock, store, database, cluster }
    }

    /// Another process over the same database.
    pub(crate) async fn replica(&self, clock: Clock) -> Store {
        open(&self.admin_url(), clock).await
    }

    pub(crate) fn admin_url(&self) -> String {
        self.cluster.admin_url(&self.database)
    }

    pub(crate) fn advance(&self, milliseconds: i64) {
        self.clock.advance(TimeDelta::milliseconds(milliseconds));
    }

    /// Has a case cause calls, all in one command.
    pub(crate) async fn cause(&self, case: &str, calls: &[Caused]) {
        cause(&self.store, case, calls).await.unwrap();
    }

    pub(crate) async fn admin(&self) -> PgConnection {
        PgConnection::connect(&self.admin_url()).await.unwrap()
    }

    /// Runs one statement as administrator.
    pub(crate) async fn as_admin(&self, statement: &str) {
        as_admin(&self.admin_url(), statement).await;
    }

    /// What a column of the outbox holds, as text, in the order of the calls.
    pub(crate) async fn column(&self, column: &str) -> Vec<String> {
        let query = format!(
            "SELECT COALESCE(({column})::text, '') FROM visiting.outbox ORDER BY case_reference, sequence, ordinal"
        );
        let mut admin = self.admin().await;
        let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(&mut admin).await.unwrap();
        admin.close().await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// How many calls were not delivered.
    pub(crate) async fn undelivered(&self) -> usize {
        self.column("delivered_at").await.iter().filter(|at| at.is_empty()).count()
    }

    pub(crate) async fn end(self) {
        self.store.close(std::time::Duration::from_secs(10)).await;
        self.cluster.drop_database(&self.database).await;
    }
}

pub(crate) async fn as_admin(url: &str, statement: &str) {
    let mut admin = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut admin).await.unwrap();
    admin.close().await.unwrap();
}

async fn open(admin_url: &str, clock: Clock) -> Store {
    let pool = SCHEMA.connect(&service_url(admin_url, &SCHEMA)).await.unwrap();
    let (guidance, fingerprint_key) = (Guidance::published(), FINGERPRINT_KEY.to_owned());
    Store::new(Parts { pool, clock, guidance, workload: Workload::Visiting, fingerprint_key })
}

/// A command that causes calls.
pub(crate) fn order(case: &str, calls: &[Caused]) -> Order<Causing> {
    let header = Header {
        actor: Actor { person: "p-1".to_owned(), role: Role::Referrer, workload: Workload::Casework },
        method: "Cause".to_owned(),
        request: None,
        etag: None,
        validate_only: false,
        trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".to_owned(),
        room: None,
    };
    let (case, command) = (Case::New(case.to_owned()), calls.to_vec());
    Order { case, command, narratives: vec![], notes: vec![], header, render: |_| vec![] }
}

pub(crate) async fn cause(store: &Store, case: &str, calls: &[Caused]) -> Result<(), Failure> {
    store.execute(vec![order(case, calls)]).await.pop().unwrap().map(drop)
}

/// How an attempt is to end.
type Answer = Box<dyn Fn(&Delivery, usize) -> Result<(), Refused> + Send + Sync>;

/// Records every attempt, and answers each as it is told to: by the call, and how many there were before.
pub(crate) struct Recording {
    attempts: Mutex<Vec<Delivery>>,
    answer: Answer,
}

impl Recording {
    /// One that answers like this.
    pub(crate) fn answering(
        answer: impl Fn(&Delivery, usize) -> Result<(), Refused> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { attempts: Mutex::default(), answer: Box::new(answer) })
    }

    /// One to whom everything gets through.
    pub(crate) fn new() -> Arc<Self> {
        Self::answering(|_, _| Ok(()))
    }

    /// Every attempt so far, by request id.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.attempts.lock().unwrap().iter().map(|call| plain(&call.request_id)).collect()
    }

    /// Every attempt so far.
    pub(crate) fn attempts(&self) -> Vec<Delivery> {
        self.attempts.lock().unwrap().clone()
    }
}

impl Courier for Recording {
    fn deliver<'a>(&'a self, call: &'a Delivery) -> Delivering<'a> {
        let before = {
            let mut attempts = self.attempts.lock().unwrap();
            attempts.push(call.clone());
            attempts.len() - 1
        };
        Box::pin(std::future::ready((self.answer)(call, before).map(|()| vec![])))
    }
}

/// The courier as the relay takes it.
pub(crate) fn relayed<C: Courier>(courier: &Arc<C>) -> Arc<dyn Courier> {
    Arc::<C>::clone(courier)
}

/// The request id of a call of this case, but for the hash of the entry that it follows from.
pub(crate) fn id(case: &str, sequence: usize, ordinal: usize) -> String {
    format!("{case}.visiting.{sequence}.{ordinal}")
}

/// A request id without the hash.
pub(crate) fn plain(id: &str) -> String {
    let (before, ordinal) = id.rsplit_once('.').unwrap();
    let (entry, hash) = before.rsplit_once('-').unwrap();
    assert!(hash.parse::<u32>().is_ok(), "{id}");
    assert!(id.len() <= 64, "{id}");
    format!("{entry}.{ordinal}")
}

/// Has calls go out again, as an operator asks for it under this request id.
pub(crate) async fn replay(store: &Store, id: &str, again: Again, validate_only: bool) -> Result<u64, Failure> {
    let request = Some(RequestKey { id: id.to_owned(), fingerprint: format!("{again:?}").into_bytes() });
    let actor = Actor { person: "o-1".to_owned(), role: Role::Operator, workload: Workload::Operations };
    let header = Header { actor, request, validate_only, ..order("", &[]).header };
    store.replay(again, header).await
}

/// A case's calls that wait or are parked.
pub(crate) fn stuck(case: &str) -> Again {
    Again::Case { case: case.to_owned(), with_delivered: false }
}
