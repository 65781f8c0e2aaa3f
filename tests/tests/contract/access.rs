//! Who may call what: exactly as the contracts' options say, no more and no less.

use super::support::{Ask, call, open, path, present, reason, suite};
use futures::{StreamExt, stream};
use holdfast_chassis::{
    Clock,
    access::{Policies, role_name, workload_name},
    identity::{AUDIENCE, ISSUER},
    issuer::Issuer,
};
use holdfast_contracts::{
    DESCRIPTORS, descriptor_pool,
    holdfast::access::v1::{Access, Effect, Role, Workload},
};
use holdfast_tests::{raw::begin, suite::TestSuite};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, ReflectMessage, Value};
use serde_json::json;
use std::collections::BTreeMap;
use tonic::{Code, Request, Status, transport::Channel};
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

/// What the contracts state of each method, by service and name, read without the product's help.
pub(crate) fn policies() -> BTreeMap<String, Access> {
    let pool = descriptor_pool().unwrap();
    let option = pool.get_extension_by_name("holdfast.access.v1.access").unwrap();
    let stated = |method: prost_reflect::MethodDescriptor| {
        let options = method.options();
        let stated = options.get_extension(&option);
        let stated = Access::decode(stated.as_message().unwrap().encode_to_vec().as_slice()).unwrap();
        (format!("{}/{}", method.parent_service().name(), method.name()), stated)
    };
    pool.services().flat_map(|service| service.methods().map(stated).collect::<Vec<_>>()).collect()
}

/// Methods that answer with a stream.
const STREAMS: [&str; 4] = [
    "DeliveryService/ListOpenProtections",
    "ProtectionService/StreamCheckActions",
    "ProtectionService/WatchHolds",
    "TaskService/WatchTasks",
];

#[test]
fn streams_are_known() {
    let pool = descriptor_pool().unwrap();
    let methods = pool.services().flat_map(|service| service.methods().collect::<Vec<_>>());
    let streams = methods.filter(|method| method.is_server_streaming() || method.is_client_streaming());
    let streams = streams.map(|method| format!("{}/{}", method.parent_service().name(), method.name()));
    assert_eq!(streams.collect::<Vec<_>>(), STREAMS);
}

fn roles() -> Vec<Option<Role>> {
    let all = (1..).map_while(|number| Role::try_from(number).ok());
    let all: Vec<_> = all.map(Some).chain([None]).collect();
    assert_eq!(all.len(), 25);
    all
}

fn workloads() -> Vec<Workload> {
    let all: Vec<_> = (1..).map_while(|number| Workload::try_from(number).ok()).collect();
    assert_eq!(all.len(), 7);
    all
}

/// What has to come of an empty request: `None` where it is to be let in.
fn expected(access: &Access, role: Option<Role>, workload: Workload) -> Option<Code> {
    let through = access.workloads().any(|allowed| allowed == workload);
    let open_to_workloads = access.roles.is_empty() && !access.any_person;
    match role {
        _ if !through => Some(Code::PermissionDenied),
        None if open_to_workloads || access.workload_alone => None,
        None => Some(Code::Unauthenticated),
        Some(role) if access.any_person || access.roles().any(|allowed| allowed == role) => None,
        Some(_) => Some(Code::PermissionDenied),
    }
}

/// Makes a call, and waits for its answer; where that is a stream, for its first message.
pub(crate) async fn attempt(channel: &Channel, method: &str, request: Request<Vec<u8>>) -> Result<Vec<u8>, Status> {
    match STREAMS.contains(&method) {
        true => begin(channel, path(method), request).await,
        false => call(channel, path(method), request).await,
    }
}

/// What came of an empty request: `None` where it was let in.
async fn probe(channel: &Channel, method: &str, token: Option<String>) -> Option<Code> {
    let mut request = Request::new(Vec::new());
    if let Some(token) = token {
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    let status = attempt(channel, method, request).await.err()?;
    let code = status.code();
    let refused = match reason(&status).as_str() {
        "UNAUTHENTICATED" => Some(Code::Unauthenticated),
        "NOT_PERMITTED" => Some(Code::PermissionDenied),
        "INVALID_REQUEST" => None,
        other => panic!("{method}: an empty request has {other}: {status:?}"),
    };
    assert_eq!(code, refused.unwrap_or(Code::InvalidArgument), "{status:?}");
    refused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_through_every_workload_is_let_in_exactly_as_the_contract_says() {
    let suite = suite().await;
    let policies = policies();
    let mut wrong = Vec::new();
    let mut let_in = 0;
    for role in roles() {
        // A connection for each: one on which thousands of calls are refused is closed as a flood.
        let channel = Channel::from_shared(format!("http://{}", suite.address)).unwrap().connect_lazy();
        for workload in workloads() {
            let token = suite.issuer.token("p-1", role, workload, 600).unwrap();
            let outcomes = stream::iter(&policies)
                .map(|(method, access)| {
                    let (channel, token) = (&channel, token.clone());
                    async move { (method, expected(access, role, workload), probe(channel, method, Some(token)).await) }
                })
                .buffer_unordered(8);
            for (method, expected, found) in outcomes.collect::<Vec<_>>().await {
                let_in += usize::from(found.is_none());
                if expected != found {
                    wrong.push(format!("{method} {role:?} {workload:?}: {found:?}, not {expected:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(policies.len() > 60 && let_in > 1_000, "{let_in} of {}", policies.len());
    suite.stop().await;
}

/// Tokens of a caller who would be let in, each wrong in one respect; and none at all.
fn not_believed(suite: &TestSuite, role: Option<Role>, workload: Workload) -> Vec<(&'static str, Option<String>)> {
    let now = suite.clock.now().timestamp();
    let right = |name: &'static str, value: serde_json::Value| {
        let mut claims = json!({
            "sub": "p-1", "iss": ISSUER, "aud": AUDIENCE, "exp": now + 600, "workload": workload_name(workload),
        });
        if let Some(role) = role {
            claims["role"] = json!(role_name(role));
        }
        claims[name] = value;
        (name, claims)
    };
    let wrong = [
        right("exp", json!(now - 60)),
        right("nbf", json!(now + 60)),
        right("aud", json!("another")),
        right("iss", json!("somebody")),
        right("role", json!("CHIEF")),
        right("workload", json!("TOASTER")),
    ];
    let signed = wrong.iter().map(|(name, claims)| (*name, Some(suite.issuer.sign(claims).unwrap())));
    let another = Issuer::generate(Clock::Manual(suite.clock.clone()));
    let forged = another.token("p-1", role, workload, 600).unwrap();
    signed.chain([("no token", None), ("a key of somebody else's", Some(forged))]).collect()
}

/// Whatever a caller might do otherwise: who they are comes first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_method_lets_anyone_in_whose_token_is_not_right() {
    let suite = suite().await;
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for (method, access) in &policies() {
        let role = access.roles().next().or(access.any_person.then_some(Role::Officer));
        let channel = Channel::from_shared(format!("http://{}", suite.address)).unwrap().connect_lazy();
        for workload in access.workloads() {
            let good = suite.issuer.token("p-1", role, workload, 600).unwrap();
            assert_eq!(probe(&channel, method, Some(good)).await, None, "{method} lets the right caller in");
            let outcomes = stream::iter(not_believed(&suite, role, workload))
                .map(|(what, token)| {
                    let channel = &channel;
                    async move { (what, probe(channel, method, token).await) }
                })
                .buffer_unordered(8);
            for (what, found) in outcomes.collect::<Vec<_>>().await {
                asked += 1;
                if found != Some(Code::Unauthenticated) {
                    wrong.push(format!("{method} {workload:?} {what}: {found:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty() && asked > 500, "{asked} asked: {wrong:#?}");
    suite.stop().await;
}

#[tokio::test]
async fn a_refusal_names_who_may() {
    let suite = suite().await;
    let refused = async |role, workload| {
        let (method, person) = ("VisitingService/RecordVisit", "p".to_owned());
        Ask { method, person, role, workload, body: vec![] }.refused(&suite).await
    };
    let by_role = refused(Role::Referrer, Workload::Casework).await;
    assert_eq!(super::support::metadata(&by_role, "caller"), "REFERRER");
    assert_eq!(super::support::metadata(&by_role, "allowed"), "VISITING_OFFICER");
    let by_workload = refused(Role::VisitingOfficer, Workload::Payments).await;
    assert_eq!(super::support::metadata(&by_workload, "caller"), "workload PAYMENTS");
    assert_eq!(super::support::metadata(&by_workload, "allowed"), "CASEWORK");
    suite.stop().await;
}

/// Other spellings of a path lead to no method: there is no way around the gate.
#[tokio::test]
async fn other_spellings_of_a_path_reach_nothing() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let service = "holdfast.visiting.v1.VisitingService";
    for path in [
        format!("/{service}/GetReferral/"),
        format!("//{service}/GetReferral"),
        format!("/{service}//GetReferral"),
        format!("/{service}/getReferral"),
        format!("/{service}/Get%52eferral"),
        format!("/{service}/GetReferral%20"),
        format!("/{service}/../{service}/GetReferral"),
        format!("/grpc.health.v1.Health/../{service}/GetReferral"),
        format!("/{service}/GetReferral?x=/grpc.health.v1.Health/"),
    ] {
        let message = holdfast_contracts::holdfast::visiting::v1::GetReferralRequest { case_reference: case.clone() };
        let status = call(&suite.channel, &path, Request::new(message.encode_to_vec())).await.expect_err(&path);
        assert!(matches!(status.code(), Code::Unimplemented | Code::Unauthenticated), "{path}: {status:?}");
        // What begins as health does is health's own to refuse.
        let is_told = || ["UNKNOWN_METHOD", "UNAUTHENTICATED"].contains(&reason(&status).as_str());
        assert!(path.starts_with("/grpc.") || is_told(), "{path}: {status:?}");
    }
    assert!(present(&suite, &case).await.referral.is_some());
    suite.stop().await;
}

/// A pool of the contracts in which one method states something else, or nothing.
fn contracts_with(method: &str, access: Option<&Access>) -> DescriptorPool {
    let pool = descriptor_pool().unwrap();
    let option = pool.get_extension_by_name("holdfast.access.v1.access").unwrap();
    let set = pool.get_message_by_name("google.protobuf.FileDescriptorSet").unwrap();
    let mut set = DynamicMessage::decode(set, DESCRIPTORS).unwrap();
    let each = |message: &mut DynamicMessage, field: &str, with: &mut dyn FnMut(&mut DynamicMessage)| {
        let Value::List(items) = message.get_field_by_name_mut(field).unwrap() else { unreachable!("a list") };
        items.iter_mut().for_each(|item| with(item.as_message_mut().unwrap()));
    };
    each(&mut set, "file", &mut |file| {
        each(file, "service", &mut |service| {
            each(service, "method", &mut |stated| {
                if stated.get_field_by_name("name").unwrap().as_str() != Some(method) {
                    return;
                }
                let options = stated.get_field_by_name_mut("options").unwrap().as_message_mut().unwrap();
                options.clear_extension(&option);
                if let Some(access) = access {
                    let message = option.kind().as_message().unwrap().clone();
                    let mut value = DynamicMessage::new(message.clone());
                    value.merge(access.encode_to_vec().as_slice()).unwrap();
                    assert_eq!(value.descriptor(), message);
                    options.set_extension(&option, Value::Message(value));
                }
            });
        });
    });
    DescriptorPool::decode(set.encode_to_vec().as_slice()).unwrap()
}

#[test]
fn a_server_with_a_method_that_does_not_state_who_may_call_does_not_start() {
    let whole = Access {
        roles: vec![Role::Referrer.into()],
        workloads: vec![Workload::Casework.into()],
        effect: Effect::Read.into(),
        ..Default::default()
    };
    let services = ["holdfast.visiting.v1.VisitingService"];
    let faults = |access: Option<Access>| {
        let pool = contracts_with("GetReferral", access.as_ref());
        Policies::from_pool(&pool, &services).map(|policies| policies.iter().count()).err().unwrap_or_default()
    };
    assert_eq!(faults(Some(whole.clone())), Vec::<String>::new());
    for access in [
        None,
        Some(Access::default()),
        Some(Access { workloads: vec![], ..whole.clone() }),
        Some(Access { workloads: vec![0], ..whole.clone() }),
        Some(Access { roles: vec![0], ..whole.clone() }),
        Some(Access { roles: vec![999], ..whole.clone() }),
        Some(Access { effect: 0, ..whole.clone() }),
        Some(Access { etag_required: true, ..whole.clone() }),
    ] {
        let faults = faults(access.clone());
        assert_eq!(faults.len(), 1, "{access:?}: {faults:?}");
        assert!(faults[0].starts_with("/holdfast.visiting.v1.VisitingService/GetReferral "), "{faults:?}");
    }
    assert!(Policies::of(&services).is_ok());
    assert_eq!(Policies::of(&["grpc.health.v1.Health"]).map(drop).unwrap_err().len(), 1);
}

#[tokio::test]
async fn health_answers_anyone() {
    let suite = suite().await;
    let pool = descriptor_pool().unwrap();
    let services = pool.services().map(|service| service.full_name().to_owned());
    for service in services.chain([String::new()]) {
        let request = HealthCheckRequest { service: service.clone() };
        let reply = HealthClient::new(suite.channel.clone()).check(request).await.unwrap().into_inner();
        assert_eq!(reply.status(), ServingStatus::Serving, "{service}");
    }
    suite.stop().await;
}

/// One test for both versions of the protocol, which differ in their package only.
macro_rules! reflection_tells {
    ($test:ident, $version:ident) => {
        #[tokio::test]
        async fn $test() {
            use tonic_reflection::pb::$version::{
                ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
                server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
            };
            let suite = suite().await;
            let ask = async |asked: MessageRequest| {
                let request = ServerReflectionRequest { host: String::new(), message_request: Some(asked) };
                let mut client = ServerReflectionClient::new(suite.channel.clone());
                let replies = client.server_reflection_info(tokio_stream::iter([request])).await.unwrap();
                replies.into_inner().message().await.unwrap().unwrap().message_response.unwrap()
            };
            let MessageResponse::ListServicesResponse(list) = ask(MessageRequest::ListServices(String::new())).await
            else {
                panic!("no list of services");
            };
            let listed: Vec<_> = list.service.into_iter().map(|service| service.name).collect();
            for service in descriptor_pool().unwrap().services() {
                assert!(listed.contains(&service.full_name().to_owned()), "{listed:?}");
            }
            for symbol in ["google.rpc.BadRequest", "google.rpc.ErrorInfo", "holdfast.visiting.v1.RecordVisitRequest"] {
                let found = ask(MessageRequest::FileContainingSymbol(symbol.to_owned())).await;
                assert!(matches!(found, MessageResponse::FileDescriptorResponse(_)), "{symbol}: {found:?}");
            }
            suite.stop().await;
        }
    };
}

reflection_tells!(reflection_answers_anyone, v1);
reflection_tells!(reflection_alpha_answers_anyone, v1alpha);
