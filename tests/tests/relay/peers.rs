//! Couriers that go over the wire: to a running suite, as the visiting service by itself.

use holdfast_chassis::{
    Clock, Peers,
    peers::{Class, OwnTokens, Refused},
};
use holdfast_contracts::holdfast::access::v1::Workload;
use holdfast_procedure::Workload as Ours;
use holdfast_store::{Courier, Delivery};
use holdfast_tests::{observed::Observed, suite::TestSuite};
use prost::Message;
use std::collections::HashMap;
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
    assert_eq!(ask(Workload::Safeguarding, missing).await, Refused::amiss("UNIMPLEMENTED"));
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
