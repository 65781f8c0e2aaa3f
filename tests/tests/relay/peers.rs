//! Couriers that go over the wire: to a running suite, as the visiting service by itself.

use holdfast_chassis::{
    Clock, Failure, Peers,
    peers::{Class, OwnTokens, Refused},
};
use holdfast_contracts::holdfast::access::v1::Workload;
use holdfast_procedure::{
    Workload as Ours,
    protection::{DatabaseIdentity, Revision},
};
use holdfast_store::{Courier, Delivery, ledger_seen, sent_from};
use holdfast_tests::{observed::Observed, suite::TestSuite};
use prost::Message;
use std::{
    collections::HashMap,
    convert::Infallible,
    future::{Ready, ready},
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};
use tokio::net::TcpListener;
use tonic::{
    Status,
    body::Body,
    metadata::MetadataMap,
    server::NamedService,
    transport::{Server, server::TcpIncoming},
};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus};

const HEALTH: &str = "/grpc.health.v1.Health/Check";
/// A method that the visiting service may not call, so that who is known is told from who is not.
const FOR_OTHERS: &str = "/holdfast.tasks.v1.TaskService/ListTasks";

async fn suite() -> TestSuite {
    TestSuite::start(env!("CARGO_BIN_EXE_cluster-keeper"), "2026-06-01 09:00").await
}

fn peers(suite: &TestSuite, tokens: bool) -> Peers {
    let addresses = HashMap::from([(Workload::Safeguarding, format!("http://{}", suite.address))]);
    let clock = Clock::Manual(suite.clock.clone());
    let tokens = tokens.then(|| OwnTokens::new(suite.issuer.clone(), Workload::Visiting, clock));
    Peers::new(&addresses, tokens).unwrap()
}

#[tokio::test]
async fn messages_go_over_the_wire_unchanged() {
    let suite = suite().await;
    let service = "holdfast.visiting.v1.VisitingService".to_owned();
    let request = HealthCheckRequest { service }.encode_to_vec();
    let reply = peers(&suite, true).call(Workload::Safeguarding, HEALTH, request, "").await.unwrap();
    assert_eq!(HealthCheckResponse::decode(reply.as_slice()).unwrap().status(), ServingStatus::Serving);
    suite.stop().await;
}

#[tokio::test]
async fn what_a_service_answers_tells_whether_asking_again_may_help() {
    let suite = suite().await;
    let peers = peers(&suite, true);
    let ask = async |to, path: &str| peers.call(to, path, vec![], "").await.unwrap_err();
    assert_eq!(ask(Workload::Safeguarding, FOR_OTHERS).await, Refused::not_now("NOT_PERMITTED"));
    let missing = "/holdfast.test.v1.TestService/Receive";
    assert_eq!(ask(Workload::Safeguarding, missing).await, Refused::amiss("UNKNOWN_METHOD"));
    assert_eq!(ask(Workload::Safeguarding, "no path").await, Refused::this_call("NO_PATH"));
    assert_eq!(ask(Workload::Learning, HEALTH).await, Refused::not_now("NO_ADDRESS"));
    let unknown = HealthCheckRequest { service: "none".to_owned() }.encode_to_vec();
    let unknown = peers.call(Workload::Safeguarding, HEALTH, unknown, "").await.unwrap_err();
    assert_eq!(unknown, Refused::amiss("NOT_FOUND"));
    let call = Delivery {
        to: Ours::Safeguarding,
        path: FOR_OTHERS.to_owned(),
        request: vec![],
        request_id: "1".to_owned(),
        trace_id: String::new(),
        sent_from: DatabaseIdentity { system: 1, timeline: 1 },
        ledger_seen: None,
    };
    assert_eq!(peers.deliver(&call).await.unwrap_err().reason, "NOT_PERMITTED", "the relay's way leads there too");
    let address = suite.address;
    suite.stop().await;
    let gone = HashMap::from([(Workload::Safeguarding, format!("http://{address}"))]);
    let gone = Peers::new(&gone, None).unwrap().call(Workload::Safeguarding, HEALTH, vec![], "").await.unwrap_err();
    assert_eq!((gone.class, gone.reason), (Class::NotNow, "UNAVAILABLE"));
}

#[tokio::test]
async fn a_token_is_sent_only_where_there_is_a_source_and_renewed_before_it_ends() {
    let suite = suite().await;
    let reason = async |peers: &Peers| {
        let refused = peers.call(Workload::Safeguarding, FOR_OTHERS, vec![], "").await.unwrap_err();
        assert_eq!(refused.class, Class::NotNow);
        refused.reason
    };
    assert_eq!(reason(&peers(&suite, false)).await, "UNAUTHENTICATED");
    let known = peers(&suite, true);
    for time in ["09:00", "09:04", "09:05", "09:30"] {
        suite.move_clock(&format!("2026-06-01 {time}")).await;
        assert_eq!(reason(&known).await, "NOT_PERMITTED", "{time}");
    }
    suite.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_receivers_span_joins_the_trace_that_was_kept() {
    let observed = tokio::task::spawn_blocking(Observed::start).await.unwrap();
    let suite = suite().await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let refused = peers(&suite, true).call(Workload::Safeguarding, FOR_OTHERS, vec![], trace).await;
    assert!(refused.is_err());
    suite.stop().await;
    let (_, exported) = tokio::task::spawn_blocking(move || observed.everything()).await.unwrap();
    let spans = exported.iter().flat_map(|request| &request.resource_spans).flat_map(|spans| &spans.scope_spans);
    let hex = |id: &[u8]| id.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let of_trace: Vec<_> = spans.flat_map(|spans| &spans.spans).filter(|span| hex(&span.trace_id) == trace).collect();
    let named = |name: &str| of_trace.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{of_trace:?}"));
    let (sent, received) = (named("handover"), named("rpc"));
    assert_eq!(received.parent_span_id, sent.span_id);
}

/// What a call says: the database it was sent from, and what that has seen of the ledger.
type Said = (Option<DatabaseIdentity>, Option<Option<Revision>>);

/// A service that notes what each call says, and refuses it.
#[derive(Clone, Default)]
struct Noting(Arc<Mutex<Vec<Said>>>);

impl NamedService for Noting {
    const NAME: &'static str = "holdfast.test.v1.TestService";
}

impl tower::Service<http::Request<Body>> for Noting {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let metadata = MetadataMap::from_headers(request.headers().clone());
        self.0.lock().unwrap().push((sent_from(&metadata), ledger_seen(&metadata)));
        ready(Ok(Status::from(Failure::NotReconciled).into_http()))
    }
}

#[tokio::test]
async fn a_call_that_was_kept_says_which_database_it_is_sent_from_and_what_that_has_seen_of_the_ledger() {
    let noting = Noting::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addresses = HashMap::from([(Workload::Safeguarding, format!("http://{}", listener.local_addr().unwrap()))]);
    let serving = Server::builder().add_service(noting.clone()).serve_with_incoming(TcpIncoming::from(listener));
    let serving = tokio::spawn(serving);
    let peers = Peers::new(&addresses, None).unwrap();
    let path = "/holdfast.test.v1.TestService/Receive";
    let identity = DatabaseIdentity { system: 7_340_021_884_172_316_675, timeline: 2 };
    let seen = Revision { counter: 7, id: u128::MAX };
    let call = Delivery {
        to: Ours::Safeguarding,
        path: path.to_owned(),
        request: vec![],
        request_id: "1".to_owned(),
        trace_id: String::new(),
        sent_from: identity.clone(),
        ledger_seen: Some(seen),
    };
    assert_eq!(peers.deliver(&call).await, Err(Refused::not_now("NOT_RECONCILED")));
    assert!(peers.call(Workload::Safeguarding, path, vec![], "").await.is_err());
    assert_eq!(*noting.0.lock().unwrap(), [(Some(identity), Some(Some(seen))), (None, Some(None))]);
    serving.abort();
}

#[tokio::test]
async fn a_caller_chooses_how_long_it_waits_for_a_service_that_hangs() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addresses = HashMap::from([(Workload::Safeguarding, format!("http://{}", listener.local_addr().unwrap()))]);
    let peers = Peers::new(&addresses, None).unwrap();
    let begun = std::time::Instant::now();
    let called = peers.call_within(Duration::from_millis(100), Workload::Safeguarding, HEALTH, vec![]).await;
    assert_eq!(called.unwrap_err().class, Class::NotNow);
    assert!(begun.elapsed() < Duration::from_secs(5), "it took {:?}", begun.elapsed());
}
