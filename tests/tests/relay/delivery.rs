//! `holdfast.delivery.v1.DeliveryService`, over two services' facts on one port.

use super::support::{Causing, Recording, World, cause, id, plain, relayed, usual};
use holdfast_chassis::{
    Clock,
    identity::{AUDIENCE, ISSUER, Verifier, WorkloadSource},
    issuer::Issuer,
    peers::Refused,
    serve::{LARGEST_REPLY, Limits, Services},
};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    delivery::v1::{
        ListUndeliveredRequest, ReplayCaseRequest, ReplayDestinationRequest, UndeliveredCall,
        delivery_service_client::DeliveryServiceClient, delivery_service_server::DeliveryServiceServer,
    },
};
use holdfast_procedure::Workload::{Conferencing, Safeguarding};
use holdfast_store::{CasesOf, Kinds, rpc::Deliveries};
use sqlx::Connection;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::{Code, Request, transport::Channel};
use tonic_types::StatusExt;

/// Two databases with one clock, and what both owe on one port.
struct Served {
    one: World,
    two: World,
    issuer: Issuer,
    client: DeliveryServiceClient<Channel>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Served {
    async fn start() -> Self {
        let (one, two) = (World::new().await, World::new().await);
        let clock = Clock::Manual(one.clock.clone());
        let issuer = Issuer::generate(clock.clone());
        let verifier = Verifier::new(&issuer.key_set(), ISSUER, AUDIENCE, WorkloadSource::Token, clock).unwrap();
        let mut services = Services::default();
        let deliveries = Deliveries::new(Kinds::new([&one.store, &two.store].map(CasesOf::<Causing>::kind).into()));
        services.add(DeliveryServiceServer::new(deliveries).max_encoding_message_size(LARGEST_REPLY));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { drop(stopped.await) };
        let serving = tokio::spawn(async move {
            services.serve(listener, verifier, Limits::default(), stopped).await.unwrap();
        });
        let client = DeliveryServiceClient::new(Channel::from_shared(address).unwrap().connect_lazy());
        Self { one, two, issuer, client, stop, serving }
    }

    fn request<T>(&self, role: Role, message: T) -> Request<T> {
        let token = self.issuer.token("p-1", Some(role), Workload::Operations, 86_400).unwrap();
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        request
    }

    /// Every undelivered call, page by page.
    async fn list(&self, parked_only: bool, page_size: u32) -> Vec<UndeliveredCall> {
        let (mut all, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListUndeliveredRequest { parked_only, page_size, page_token };
            let request = self.request(Role::Auditor, request);
            let page = self.client.clone().list_undelivered(request).await.unwrap().into_inner();
            assert!(page.calls.len() <= usize::try_from(page_size).unwrap());
            all.extend(page.calls);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return all;
            }
        }
    }

    fn replay(&self, id: &str, case: &str, validate_only: bool) -> Request<ReplayCaseRequest> {
        let (request_id, case_reference) = (id.to_owned(), case.to_owned());
        let request = ReplayCaseRequest { request_id, validate_only, case_reference, ..Default::default() };
        self.request(Role::Operator, request)
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        drop(self.client);
        self.serving.await.unwrap();
        self.one.end().await;
        self.two.end().await;
    }
}

#[tokio::test]
async fn what_several_services_owe_is_one_list_the_longest_waiting_first() {
    let served = Served::start().await;
    let mut expected = Vec::new();
    for minute in 0..6 {
        let (case, world) = match minute % 3 {
            0 => ("RELAY-b", &served.one),
            1 => ("RELAY-B", &served.two),
            _ => ("RELAY-a", &served.two),
        };
        // Every other pair of commands is recorded at the same instant.
        served.one.advance(if minute % 2 == 0 { 60_000 } else { 0 });
        served.two.clock.set(served.one.clock.now());
        cause(&world.store, case, &[usual(Safeguarding), usual(Safeguarding)]).await.unwrap();
        expected.extend([0, 1].map(|ordinal| (minute / 2, case, 1 + minute / 3, ordinal)));
    }
    expected.sort_unstable();
    let expected: Vec<_> = expected.iter().map(|(_, case, sequence, ordinal)| id(case, *sequence, *ordinal)).collect();
    for page_size in [1, 2, 5, 200] {
        let listed = served.list(false, page_size).await;
        let ids: Vec<_> = listed.iter().map(|call| plain(&call.request_id)).collect();
        assert_eq!(ids, expected, "by pages of {page_size}");
    }
    let first = served.list(false, 200).await.remove(0);
    assert_eq!((first.from(), first.to(), first.attempts), (Workload::Visiting, Workload::Safeguarding, 0));
    assert_eq!(first.method, super::support::PATH);
    assert!(served.list(true, 200).await.is_empty());
    let page_token = "x".to_owned();
    let request = ListUndeliveredRequest { page_token, ..Default::default() };
    let refused = served.client.clone().list_undelivered(served.request(Role::Operator, request)).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    served.end().await;
}

#[tokio::test]
async fn an_operator_replays_a_case_wherever_it_is_parked() {
    let served = Served::start().await;
    let courier =
        Recording::answering(|_, before| if before < 16 { Err(Refused::this_call("INTERNAL")) } else { Ok(()) });
    for world in [&served.one, &served.two] {
        cause(&world.store, "RELAY-1", &[usual(Safeguarding)]).await.unwrap();
        for _ in 0..8 {
            world.store.relay_all(&relayed(&courier)).await.unwrap();
            world.advance(30_001);
        }
    }
    assert_eq!(served.list(true, 200).await.len(), 2);
    let mut client = served.client.clone();
    for (id, validate_only, calls) in [("1", true, 2), ("1", false, 2), ("1", false, 2), ("2", false, 0)] {
        let reply = client.replay_case(served.replay(id, "RELAY-1", validate_only)).await.unwrap().into_inner();
        assert_eq!((reply.calls, reply.validated_only), (calls, validate_only));
    }
    assert!(served.list(true, 200).await.is_empty());
    for world in [&served.one, &served.two] {
        assert_eq!(world.store.relay_all(&relayed(&courier)).await.unwrap(), 1);
    }
    assert!(served.list(false, 200).await.is_empty());
    let unknown = client.replay_case(served.replay("3", "RELAY-2", false)).await.unwrap_err();
    assert_eq!(unknown.get_details_error_info().unwrap().reason, "CASE_NOT_FOUND");
    cause(&served.one.store, "RELAY-3", &[usual(Safeguarding)]).await.unwrap();
    let reused = client.replay_case(served.replay("1", "RELAY-3", false)).await.unwrap_err();
    assert_eq!(reused.get_details_error_info().unwrap().reason, "REQUEST_ID_REUSED");
    let refused = client.replay_case(served.request(Role::Operator, ReplayCaseRequest::default())).await.unwrap_err();
    let fields = refused.get_details_bad_request().unwrap().field_violations;
    assert_eq!(fields.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["request_id", "case_reference"]);
    let auditor = served.request(Role::Auditor, served.replay("3", "RELAY-1", false).into_inner());
    assert_eq!(client.replay_case(auditor).await.unwrap_err().code(), Code::PermissionDenied);
    served.end().await;
}

/// What a receiver that was restored has lost goes out to it again from every service, and to nobody else.
#[tokio::test]
async fn an_operator_sends_everything_to_one_service_again() {
    let served = Served::start().await;
    let courier = Recording::new();
    let deliver = async || {
        for world in [&served.one, &served.two] {
            world.store.relay_all(&relayed(&courier)).await.unwrap();
        }
    };
    cause(&served.one.store, "RELAY-OLD", &[usual(Safeguarding)]).await.unwrap();
    deliver().await;
    served.one.advance(60_000);
    served.two.clock.set(served.one.clock.now());
    let since = served.one.clock.now();
    for (world, case) in [(&served.one, "RELAY-1"), (&served.two, "RELAY-2")] {
        cause(&world.store, case, &[usual(Safeguarding), usual(Conferencing), usual(Safeguarding)]).await.unwrap();
    }
    deliver().await;
    let before = courier.ids().len();
    let ask = |request_id: &str, destination: Workload, validate_only| ReplayDestinationRequest {
        request_id: request_id.to_owned(),
        validate_only,
        destination: destination.into(),
        recorded_since: Some(holdfast_tests::suite::timestamp(since)),
        ..Default::default()
    };
    let mut client = served.client.clone();
    for (validate_only, calls) in [(true, 4), (false, 4), (false, 4)] {
        let request = served.request(Role::Operator, ask("1", Workload::Safeguarding, validate_only));
        let reply = client.replay_destination(request).await.unwrap().into_inner();
        assert_eq!((reply.calls, reply.validated_only), (calls, validate_only));
    }
    assert_eq!(served.list(false, 200).await.len(), 4, "a repeat of the request has no second effect");
    deliver().await;
    let again: Vec<_> = courier.ids().split_off(before);
    assert_eq!(again, [("RELAY-1", 0), ("RELAY-1", 2), ("RELAY-2", 0), ("RELAY-2", 2)].map(|(c, n)| id(c, 1, n)));
    let kept = "SELECT concat_ws(' ', person, role, workload, destination, recorded_since, calls, with_delivered, last)
         FROM visiting.replays";
    for world in [&served.one, &served.two] {
        let mut admin = world.admin().await;
        let kept: Vec<String> = sqlx::query_scalar(kept).fetch_all(&mut admin).await.unwrap();
        admin.close().await.unwrap();
        assert_eq!(kept, ["p-1 operator operations safeguarding 2026-06-01 08:01:00+00 2 t t"]);
    }
    let refused = client.replay_destination(served.request(Role::Operator, ask("2", Workload::Casework, false))).await;
    let fields = refused.unwrap_err().get_details_bad_request().unwrap().field_violations;
    assert_eq!(fields.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["destination"]);
    let auditor = served.request(Role::Auditor, ask("2", Workload::Safeguarding, false));
    assert_eq!(client.replay_destination(auditor).await.unwrap_err().code(), Code::PermissionDenied);
    served.end().await;
}
