//! The service on a port of its own, with a courier that records what it would send to others.

use holdfast::suite::service_url;
use holdfast_chassis::{
    Clock, Peers,
    clock::ManualClock,
    identity::{AUDIENCE, ISSUER, Verifier, WorkloadSource},
    issuer::Issuer,
    serve::{Limits, Services},
};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    common::v1 as common,
    guidance::v1::guidance_service_client::GuidanceServiceClient,
    safeguarding::v1::{
        self as pb, directory_service_client::DirectoryServiceClient,
        escalation_service_client::EscalationServiceClient,
    },
    tasks::v1::task_service_client::TaskServiceClient,
};
use holdfast_procedure::guidance::Guidance;
use holdfast_safeguarding::{Program, SCHEMA};
use holdfast_store::{Courier, Delivering, Delivery, Kinds, Store, prepare, process::Service, rpc};
use holdfast_tests::{
    cluster::{TestCluster, cluster},
    suite::{FINGERPRINT_KEY, london, timestamp},
};
use prost::Message;
use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::{Code, Request, Status, metadata::MetadataValue, transport::Channel};
use tonic_types::StatusExt;

/// When every test begins.
pub(crate) const BEGINNING: &str = "2026-06-01 09:00";
/// The case of most tests.
pub(crate) const CASE: &str = "HF-7K3M-9QXW-2D4F";

/// Keeps what it is given to deliver.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Vec<Delivery>>);

impl Courier for Kept {
    fn deliver<'a>(&'a self, call: &'a Delivery) -> Delivering<'a> {
        self.0.lock().unwrap().push(call.clone());
        Box::pin(std::future::ready(Ok(vec![])))
    }
}

pub(crate) struct World {
    pub(crate) clock: ManualClock,
    pub(crate) store: Store,
    pub(crate) kinds: Kinds,
    issuer: Issuer,
    channel: Channel,
    kept: Arc<Kept>,
    database: String,
    cluster: &'static TestCluster,
    requests: AtomicUsize,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let keeper = Path::new(env!("CARGO_BIN_EXE_cluster-keeper"));
        let cluster = tokio::task::spawn_blocking(move || cluster(keeper)).await.unwrap();
        let made = async |url: String| prepare(&url, &SCHEMA, password_of(&url)).await.unwrap();
        cluster.template("safeguarding", made).await;
        let database = cluster.database_from_template("safeguarding").await;
        let clock = ManualClock::at(london(BEGINNING));
        let store = open(&cluster.admin_url(&database), &clock).await;
        let kinds = Kinds::new(Program.kinds(&store));
        let issuer = Issuer::generate(Clock::Manual(clock.clone()));
        let civil = Clock::Manual(clock.clone());
        let verifier = Verifier::new(&issuer.key_set(), ISSUER, AUDIENCE, WorkloadSource::Token, civil).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let peers = Arc::new(Peers::new(&HashMap::new(), None).unwrap());
        let mut services = Services::default();
        Program.offer(&mut services, &store, &peers);
        rpc::offer(&mut services, &kinds);
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            services.serve(listener, verifier, Limits::default(), stopped).await.unwrap();
        });
        let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect_lazy();
        let (kept, requests) = (Arc::default(), AtomicUsize::new(0));
        Self { clock, store, kinds, issuer, channel, kept, database, cluster, requests, stop: Some(stop), server }
    }

    /// Another process over the same database.
    pub(crate) async fn replica(&self) -> Store {
        open(&self.cluster.admin_url(&self.database), &self.clock).await
    }

    pub(crate) fn escalations(&self) -> EscalationServiceClient<Channel> {
        EscalationServiceClient::new(self.channel.clone())
    }

    pub(crate) fn directory(&self) -> DirectoryServiceClient<Channel> {
        DirectoryServiceClient::new(self.channel.clone())
    }

    pub(crate) fn tasks(&self) -> TaskServiceClient<Channel> {
        TaskServiceClient::new(self.channel.clone())
    }

    pub(crate) fn guidance(&self) -> GuidanceServiceClient<Channel> {
        GuidanceServiceClient::new(self.channel.clone())
    }

    /// A request id of its own.
    pub(crate) fn id(&self) -> String {
        format!("r-{}", self.requests.fetch_add(1, Ordering::Relaxed))
    }

    /// A request of a person in a role, through the case workers' desktop.
    pub(crate) fn by<T>(&self, role: Role, message: T) -> Request<T> {
        self.through(Some(role), Workload::Casework, message)
    }

    pub(crate) fn through<T>(&self, role: Option<Role>, workload: Workload, message: T) -> Request<T> {
        let person = if role.is_some() { "p-1" } else { "service" };
        let token = self.issuer.token(person, role, workload, 20 * 365 * 24 * 60 * 60).unwrap();
        let mut request = Request::new(message);
        let value = MetadataValue::try_from(format!("Bearer {token}")).unwrap();
        request.metadata_mut().insert("authorization", value);
        request
    }

    /// Conferencing hands a concern over.
    pub(crate) async fn opened(&self, case: &str, area: &str) -> pb::OpenEscalationResponse {
        let request = pb::OpenEscalationRequest {
            request_id: self.id(),
            case_reference: case.to_owned(),
            concern: Some(concern(area, self.now())),
            ..pb::OpenEscalationRequest::default()
        };
        let request = self.through(None, Workload::Conferencing, request);
        self.escalations().open_escalation(request).await.expect("a concern").into_inner()
    }

    pub(crate) fn now(&self) -> prost_types::Timestamp {
        timestamp(Clock::Manual(self.clock.clone()).now())
    }

    /// Asks the leader of the area.
    pub(crate) async fn referred(&self, case: &str) -> pb::ReferToLeaderResponse {
        let request = pb::ReferToLeaderRequest {
            request_id: self.id(),
            case_reference: case.to_owned(),
            asked: "whether the police know them".to_owned(),
            ..pb::ReferToLeaderRequest::default()
        };
        self.escalations().refer_to_leader(self.by(Role::CesTeam, request)).await.expect("a referral").into_inner()
    }

    pub(crate) fn set_leader(&self, area: &str, person: &str) -> Request<pb::SetLeaderRequest> {
        let request = pb::SetLeaderRequest {
            request_id: self.id(),
            area: area.to_owned(),
            leader: Some(leader(person)),
            ..pb::SetLeaderRequest::default()
        };
        self.through(Some(Role::Operator), Workload::Operations, request)
    }

    /// The case as it is now.
    pub(crate) async fn case(&self, case: &str) -> pb::GetEscalationResponse {
        let request = pb::GetEscalationRequest { case_reference: case.to_owned() };
        self.escalations().get_escalation(self.by(Role::Auditor, request)).await.expect("the case").into_inner()
    }

    /// Names of the events in a case's journal.
    pub(crate) async fn journal(&self, case: &str) -> Vec<String> {
        let request = pb::GetTimelineRequest { case_reference: case.to_owned(), ..pb::GetTimelineRequest::default() };
        let told = self.escalations().get_timeline(self.by(Role::Auditor, request)).await.expect("the journal");
        told.into_inner().entries.into_iter().map(|entry| entry.event).collect()
    }

    /// Delivers everything, and gives the calls of a method among what was ever delivered, decoded.
    pub(crate) async fn delivered<M: Message + Default>(&self, method: &str) -> Vec<M> {
        let courier: Arc<dyn Courier> = Arc::<Kept>::clone(&self.kept);
        self.store.relay_all(&courier).await.expect("everything is delivered");
        let kept = self.kept.0.lock().unwrap();
        let calls = kept.iter().filter(|call| call.path.ends_with(&format!("/{method}")));
        calls.map(|call| M::decode(call.request.as_slice()).expect("a message of that method")).collect()
    }

    pub(crate) async fn end(mut self) {
        let _ = self.stop.take().unwrap().send(());
        drop(self.channel);
        self.server.await.unwrap();
        self.store.close(std::time::Duration::from_secs(10)).await;
        self.cluster.drop_database(&self.database).await;
    }
}

async fn open(admin_url: &str, clock: &ManualClock) -> Store {
    let pool = SCHEMA.connect(&service_url(admin_url, &SCHEMA)).await.unwrap();
    Program.store(pool, Clock::Manual(clock.clone()), Guidance::published(), FINGERPRINT_KEY.to_owned())
}

/// The password within an address; the service's role gets the administrator's.
fn password_of(url: &str) -> &str {
    let credentials = url.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@')).map(|(left, _)| left);
    credentials.and_then(|left| left.split_once(':')).map_or("", |(_, password)| password)
}

/// A concern about a customer in an area.
pub(crate) fn concern(area: &str, occurred_at: prost_types::Timestamp) -> pb::Concern {
    let actor = |person: &str, role: Role| common::Actor {
        person: person.to_owned(),
        role: role.into(),
        workload: Workload::Casework.into(),
    };
    pb::Concern {
        award: Some(common::Award {
            customer: "C-1".to_owned(),
            benefit: common::Benefit::Pip.into(),
            award: "A-1".to_owned(),
        }),
        place: Some(common::Place { nation: common::Nation::England.into(), area: area.to_owned() }),
        lead: Role::CesTeam.into(),
        concern: "N-1".to_owned(),
        determined_by: Some(actor("p-8", Role::CesTeam)),
        occurred_at: Some(occurred_at),
    }
}

pub(crate) fn leader(person: &str) -> pb::Leader {
    pb::Leader {
        person: person.to_owned(),
        office: "NE-1".to_owned(),
        telephone: "+44 191 496 0000".to_owned(),
        since: Some(timestamp(london("2024-04-01 00:00"))),
    }
}

/// A failure's code, its reason and the rules that it names.
pub(crate) fn refusal(status: &Status) -> (Code, String, Vec<String>) {
    let reason = status.get_details_error_info().map(|info| info.reason).unwrap_or_default();
    let failure = status.get_details_precondition_failure().map(|failure| failure.violations).unwrap_or_default();
    (status.code(), reason, failure.into_iter().map(|violation| violation.r#type).collect())
}

/// The fields that a failure names.
pub(crate) fn fields(status: &Status) -> Vec<String> {
    let faults = status.get_details_bad_request().map(|request| request.field_violations).unwrap_or_default();
    faults.into_iter().map(|fault| fault.field).collect()
}

/// The keys of the tasks that a reply says are owed.
pub(crate) fn owed(effect: Option<&common::Effect>) -> Vec<String> {
    let tasks = effect.expect("an effect").tasks.iter();
    tasks.map(|task| task.name.rsplit_once('/').expect("a case and a key").1.to_owned()).collect()
}
