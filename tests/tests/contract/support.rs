//! What the contract tests share: calls by method name with encoded messages, what a status says, and a look at
//! everything that is kept.

use futures::future::join_all;
use holdfast::suite::{Credentials, Suite};
use holdfast_chassis::{
    Clock,
    identity::{AUDIENCE, ISSUER, Verifier, WorkloadSource},
    serve::Limits,
};
use holdfast_contracts::{
    descriptor_pool,
    holdfast::{
        access::v1::{Role, Workload},
        common::v1::{Award, Benefit, Nation, Place},
        visiting::v1::{self as pb, visit::Outcome},
    },
};
use holdfast_procedure::guidance::Guidance;
use holdfast_tests::suite::{FINGERPRINT_KEY, TestSuite, london, timestamp};
use prost::Message;
use prost_reflect::{MethodDescriptor, ServiceDescriptor};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use std::{
    collections::{BTreeMap, HashMap},
    sync::OnceLock,
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::{Status, transport::Channel};
use tonic_types::StatusExt;

/// The service that most tests look into.
pub(crate) const VISITING: holdfast_procedure::Workload = holdfast_procedure::Workload::Visiting;

/// A suite on Monday 1 June 2026, nine o'clock.
pub(crate) async fn suite() -> TestSuite {
    TestSuite::start(env!("CARGO_BIN_EXE_cluster-keeper"), "2026-06-01 09:00").await
}

/// Paths of methods by service and name, as in `ConferencingService/GetTimeline`: several services have methods of the
/// same name.
pub(crate) fn paths() -> &'static HashMap<String, String> {
    static PATHS: OnceLock<HashMap<String, String>> = OnceLock::new();
    PATHS.get_or_init(|| {
        let services = descriptor_pool().unwrap().services().collect::<Vec<_>>();
        let methods = services.iter().flat_map(|service| service.methods().map(move |method| (service, method)));
        let of = |(service, method): (&ServiceDescriptor, MethodDescriptor)| {
            let path = format!("/{}/{}", service.full_name(), method.name());
            (format!("{}/{}", service.name(), method.name()), path)
        };
        let paths: HashMap<_, _> = methods.map(of).collect();
        assert_eq!(paths.len(), services.iter().map(|service| service.methods().len()).sum::<usize>());
        paths
    })
}

/// The path of a method, by service and name.
pub(crate) fn path(method: &str) -> &'static str {
    paths().get(method).unwrap_or_else(|| panic!("{method:?} is no Service/Method of the contracts"))
}

pub(crate) use holdfast_tests::raw::call;

/// One call, ready to be made: by whom, which method, which bytes.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) person: String,
    pub(crate) role: Role,
    pub(crate) workload: Workload,
    pub(crate) body: Vec<u8>,
}

/// A call by a person of a role, through the case workers' desktop.
pub(crate) fn ask(method: &'static str, role: Role, message: &impl Message) -> Ask {
    let workload = if role == Role::Operator { Workload::Operations } else { Workload::Casework };
    Ask { method, person: format!("p-{}", role as i32), role, workload, body: message.encode_to_vec() }
}

/// A call by another service, on nobody's behalf.
pub(crate) fn peer(method: &'static str, workload: Workload, message: &impl Message) -> Ask {
    Ask { method, person: "a-service".to_owned(), role: Role::Unspecified, workload, body: message.encode_to_vec() }
}

impl Ask {
    /// The same call by another person.
    pub(crate) fn by(self, person: &str) -> Self {
        Self { person: person.to_owned(), ..self }
    }

    /// The reply as it is on the wire, or the refusal.
    pub(crate) async fn send(&self, suite: &TestSuite) -> Result<Vec<u8>, Status> {
        let role = Some(self.role).filter(|role| *role != Role::Unspecified);
        let request = suite.request_through(&self.person, role, self.workload, self.body.clone());
        call(&suite.channel, path(self.method), request).await
    }

    /// The reply, decoded.
    pub(crate) async fn reply<R: Message + Default>(&self, suite: &TestSuite) -> R {
        let reply = self.send(suite).await.unwrap_or_else(|status| panic!("{}: {status:?}", self.method));
        R::decode(reply.as_slice()).unwrap()
    }

    /// The refusal.
    pub(crate) async fn refused(&self, suite: &TestSuite) -> Status {
        self.send(suite).await.map(|_| ()).expect_err(self.method)
    }
}

/// Makes all calls at once and gives their replies in the same order.
pub(crate) async fn send_all(suite: &TestSuite, asks: &[Ask]) -> Vec<Result<Vec<u8>, Status>> {
    join_all(asks.iter().map(|ask| ask.send(suite))).await
}

/// The stable reason of a refusal.
pub(crate) fn reason(status: &Status) -> String {
    let info = status.get_details_error_info().unwrap_or_else(|| panic!("no ErrorInfo: {status:?}"));
    assert_eq!(info.domain, "holdfast", "{status:?}");
    info.reason
}

/// One value of a refusal's metadata.
pub(crate) fn metadata(status: &Status, key: &str) -> String {
    let info = status.get_details_error_info().expect("an ErrorInfo");
    info.metadata.get(key).unwrap_or_else(|| panic!("no {key}: {info:?}")).clone()
}

/// The fields that a refusal names, sorted.
pub(crate) fn fields(status: &Status) -> Vec<String> {
    let named = status.get_details_bad_request().map(|bad| bad.field_violations).unwrap_or_default();
    let mut fields: Vec<_> = named.into_iter().map(|violation| violation.field).collect();
    fields.sort();
    fields
}

/// A connection of the database's administrator.
pub(crate) async fn admin(suite: &TestSuite) -> PgConnection {
    PgConnection::connect(&suite.admin_url()).await.unwrap()
}

/// Runs one statement as administrator and says how many rows it touched.
pub(crate) async fn as_admin(suite: &TestSuite, statement: &str) -> u64 {
    let mut admin = admin(suite).await;
    let done = sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&mut admin).await;
    let rows = done.unwrap_or_else(|fault| panic!("{statement}: {fault}")).rows_affected();
    admin.close().await.unwrap();
    rows
}

/// The first column of the first row, as text.
pub(crate) async fn value(suite: &TestSuite, query: &str) -> String {
    let mut admin = admin(suite).await;
    let row = sqlx::query(AssertSqlSafe(format!("SELECT ({query})::text"))).fetch_one(&mut admin).await.unwrap();
    admin.close().await.unwrap();
    row.get::<Option<String>, _>(0).unwrap_or_default()
}

/// Every row of tables, as text, by schema and table.
pub(crate) type Dump = BTreeMap<String, Vec<String>>;

/// Everything that every service keeps.
pub(crate) async fn everything(suite: &TestSuite) -> Dump {
    let mut admin = admin(suite).await;
    let tables = sqlx::query_scalar(
        "SELECT schemaname || '.' || tablename FROM pg_tables
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'public') AND tablename <> '_sqlx_migrations'",
    );
    let tables: Vec<String> = tables.fetch_all(&mut admin).await.unwrap();
    admin.close().await.unwrap();
    for journal in ["visiting.journal", "conferencing.journal", "safeguarding.journal"] {
        assert!(tables.iter().any(|table| table == journal), "{tables:?}");
    }
    rows_of(suite, &tables.iter().map(String::as_str).collect::<Vec<_>>()).await
}

/// Every row of some of the tables, each named with its schema, as they are at one instant.
pub(crate) async fn rows_of(suite: &TestSuite, tables: &[&str]) -> Dump {
    let mut admin = admin(suite).await;
    let rows = tables.iter().map(|table| format!("SELECT '{table}', row::text FROM {table} AS row"));
    let query = format!("{} ORDER BY 1, 2", rows.collect::<Vec<_>>().join(" UNION ALL "));
    let mut dump: Dump = tables.iter().map(|table| ((*table).to_owned(), Vec::new())).collect();
    let rows: Vec<(String, String)> = sqlx::query_as(AssertSqlSafe(query)).fetch_all(&mut admin).await.unwrap();
    admin.close().await.unwrap();
    for (table, row) in rows {
        dump.get_mut(&table).unwrap().push(row);
    }
    dump
}

/// An instant on London's clocks, as requests carry it.
pub(crate) fn at(text: &str) -> Option<prost_types::Timestamp> {
    Some(timestamp(london(text)))
}

/// A referral that is valid on 1 June 2026, for an award of its own.
pub(crate) fn referral(id: &str) -> pb::ReferForVisitRequest {
    pb::ReferForVisitRequest {
        request_id: id.to_owned(),
        award: Some(Award { customer: "C-1".to_owned(), benefit: Benefit::Pip.into(), award: format!("A-{id}") }),
        place: Some(Place { nation: Nation::England.into(), area: "North".to_owned() }),
        occurred_at: at("2026-06-01 08:00"),
        circumstances: "what prompted it".to_owned(),
        ..Default::default()
    }
}

/// An ineffective visit, with the letter left.
pub(crate) fn ineffective(when: &str) -> pb::Visit {
    let outcome = pb::IneffectiveVisit {
        ground: pb::IneffectiveGround::NoAnswer.into(),
        letter: pb::LetterLeft::Left.into(),
        account: "nobody came to the door".to_owned(),
    };
    pb::Visit { occurred_at: at(when), outcome: Some(Outcome::Ineffective(outcome)) }
}

/// A report of a visit.
pub(crate) fn visit(id: &str, case: &str, visit: pb::Visit) -> pb::RecordVisitRequest {
    let (request_id, case_reference) = (id.to_owned(), case.to_owned());
    pb::RecordVisitRequest { request_id, case_reference, visit: Some(visit), ..Default::default() }
}

/// A report of a telephone call by the customer.
pub(crate) fn contact(id: &str, case: &str, when: &str) -> pb::RecordContactRequest {
    let contact = pb::Contact {
        occurred_at: at(when),
        channel: pb::Channel::Telephone.into(),
        by: pb::ContactBy::Customer.into(),
        conversation: "the conversation".to_owned(),
        ..Default::default()
    };
    let (request_id, case_reference) = (id.to_owned(), case.to_owned());
    pb::RecordContactRequest { request_id, case_reference, contact: Some(contact), ..Default::default() }
}

/// Opens a case, and gives its reference and etag.
pub(crate) async fn open(suite: &TestSuite, id: &str) -> (String, String) {
    let reply: pb::ReferForVisitResponse =
        ask("VisitingService/ReferForVisit", Role::Referrer, &referral(id)).reply(suite).await;
    (reply.referral.unwrap().case_reference, reply.effect.unwrap().etag)
}

/// Opens a case with one ineffective visit: the window for contact runs. Gives its reference and etag.
pub(crate) async fn awaiting_contact(suite: &TestSuite, id: &str) -> (String, String) {
    let (case, _) = open(suite, id).await;
    let request = visit(&format!("{id}-visit"), &case, ineffective("2026-06-01 08:30"));
    let reply: pb::RecordVisitResponse =
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &request).reply(suite).await;
    (case, reply.effect.unwrap().etag)
}

/// Withdraws the case that a task belongs to, and gives the task's name.
pub(crate) async fn withdrawn(suite: &TestSuite, id: &str, task: &str) -> String {
    let case = task.split('/').nth(1).unwrap().to_owned();
    let request = pb::WithdrawReferralRequest {
        request_id: id.to_owned(),
        etag: present(suite, &case).await.effect.unwrap().etag,
        case_reference: case,
        ground: pb::WithdrawalGround::EffectiveContact.into(),
        reason: "seen elsewhere".to_owned(),
        ..Default::default()
    };
    ask("VisitingService/WithdrawReferral", Role::Referrer, &request).send(suite).await.unwrap();
    task.to_owned()
}

/// Has a case that is with DWP Visiting handed over to conferencing: its area is unsafe.
pub(crate) async fn hand_over(suite: &TestSuite, id: &str, case: &str) {
    let area = pb::UnsafeArea { occurred_at: at("2026-06-01 08:40"), account: "why it is unsafe".to_owned() };
    let request = pb::RecordUnsafeAreaRequest {
        request_id: format!("{id}-unsafe"),
        case_reference: case.to_owned(),
        unsafe_area: Some(area),
        ..Default::default()
    };
    ask("VisitingService/RecordUnsafeArea", Role::VisitingOfficer, &request).send(suite).await.unwrap();
    suite.settle().await;
}

/// Opens a case and has it handed over, and gives its reference.
pub(crate) async fn handed_over(suite: &TestSuite, id: &str) -> String {
    let (case, _) = open(suite, id).await;
    hand_over(suite, id, &case).await;
    case
}

/// A case as it is now.
pub(crate) async fn present(suite: &TestSuite, case: &str) -> pb::GetReferralResponse {
    let request = pb::GetReferralRequest { case_reference: case.to_owned() };
    ask("VisitingService/GetReferral", Role::Auditor, &request).reply(suite).await
}

/// A second process over the same database: its own connections, caches and locks, its own address.
pub(crate) struct Replica {
    pub(crate) suite: Suite,
    pub(crate) channel: Channel,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Replica {
    pub(crate) async fn start(of: &TestSuite, limits: Limits) -> Self {
        let clock = Clock::Manual(of.clock.clone());
        let key = FINGERPRINT_KEY.to_owned();
        let suite = Suite::open(&of.admin_url(), clock.clone(), Guidance::published(), key).await.unwrap();
        let verifier = Verifier::new(&of.issuer.key_set(), ISSUER, AUDIENCE, WorkloadSource::Token, clock).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let credentials = Credentials::Tokens(&of.issuer, Clock::Manual(of.clock.clone()));
        let connected = suite.connect(address, &credentials).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = suite.clone();
        let serving = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            server.serve(listener, verifier, limits, &connected, stopped).await.unwrap();
        });
        let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect_lazy();
        Self { suite, channel, stop, serving }
    }

    /// Makes a call that was meant for the suite here instead.
    pub(crate) async fn send(&self, suite: &TestSuite, ask: &Ask) -> Result<Vec<u8>, Status> {
        let request = suite.request_through(&ask.person, Some(ask.role), ask.workload, ask.body.clone());
        call(&self.channel, path(ask.method), request).await
    }

    /// Asks it to stop; completes when it has.
    pub(crate) fn stop(self) -> JoinHandle<()> {
        self.stop.send(()).expect("it runs");
        self.serving
    }
}

/// Completes when this many statements of the service wait for a lock.
pub(crate) async fn until_waiting(admin: &mut PgConnection, statements: i64) {
    let waiting = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'visiting' AND wait_event_type = 'Lock'";
    for _ in 0..100_000 {
        // Each look is a round trip to the database, so that this neither sleeps nor spins.
        if sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut *admin).await.unwrap() >= statements {
            return;
        }
    }
    panic!("{statements} statements never came to wait");
}
