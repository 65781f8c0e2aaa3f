//! Calls that rest on each other take no room from each other, so that a check is answered whatever else goes on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

use holdfast_chassis::{
    Clock,
    access::Policies,
    gate::{Gate, GateLayer, Rooms},
    identity::{AUDIENCE, ISSUER, Verifier, WorkloadSource},
    issuer::Issuer,
};
use holdfast_contracts::holdfast::access::v1::{Role, Workload};
use std::{convert::Infallible, sync::Arc};
use tokio::sync::Semaphore;
use tonic::{Code, Status, body::Body};
use tower::{Layer, ServiceExt};

const CASEWORK: &str = "/holdfast.visiting.v1.VisitingService/GetReferral";

/// A gate, and whoever makes the tokens that it believes.
struct Guarded {
    gate: GateLayer,
    issuer: Issuer,
}

impl Guarded {
    fn new(rooms: Rooms) -> Self {
        let issuer = Issuer::generate(Clock::System);
        let verifier =
            Verifier::new(&issuer.key_set(), ISSUER, AUDIENCE, WorkloadSource::Token, Clock::System).unwrap();
        let services = [
            "holdfast.visiting.v1.VisitingService",
            "holdfast.safeguarding.v1.ProtectionService",
            "holdfast.delivery.v1.DeliveryService",
        ];
        let policies = Policies::of(&services).unwrap();
        Self { gate: GateLayer(Arc::new(Gate { policies, verifier, rooms })), issuer }
    }

    /// The gate's refusal of a call; `None` where it got through to a service that answers at once.
    async fn refused(&self, path: &str) -> Option<Code> {
        let answers = tower::service_fn(|_: http::Request<Body>| async {
            Ok::<_, Infallible>(http::Response::new(Body::empty()))
        });
        let policy = self.gate.0.policies.get(path).expect("a method of the contracts");
        let workload = policy.workloads[0];
        let role = (workload == Workload::Casework).then_some(Role::Auditor);
        let token = self.issuer.token("p", role, workload, 60).unwrap();
        let request = http::Request::post(path).header("authorization", format!("Bearer {token}"));
        let reply = self.gate.layer(answers).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        Status::from_header_map(reply.headers()).map(|status| status.code())
    }
}

/// Every room by its methods.
fn all(rooms: &Rooms) -> Vec<(Vec<&'static str>, Arc<Semaphore>)> {
    let apart = rooms.apart().map(|(paths, room)| (paths.to_vec(), Arc::clone(room)));
    apart.into_iter().chain([(vec![CASEWORK], Arc::clone(&rooms.casework))]).collect()
}

#[tokio::test]
async fn a_room_that_is_full_leaves_every_other_free() {
    let guarded = Guarded::new(Rooms::of(2));
    let rooms = all(&guarded.gate.0.rooms);
    assert_eq!(rooms.iter().flat_map(|(paths, _)| paths).count(), 11);
    for (full, room) in &rooms {
        let places = u32::try_from(room.available_permits()).unwrap();
        let taken = Arc::clone(room).try_acquire_many_owned(places).unwrap();
        for path in rooms.iter().flat_map(|(paths, _)| paths) {
            let expected = full.contains(path).then_some(Code::ResourceExhausted);
            assert_eq!(guarded.refused(path).await, expected, "{path} while {full:?} are full");
        }
        drop(taken);
        for path in full {
            assert_eq!(guarded.refused(path).await, None, "{path} once there is room again");
        }
    }
}

/// A stream that nobody asks on keeps its place for long: what is answered at once must not wait for it.
#[test]
fn streams_of_checks_are_few_and_among_themselves() {
    let rooms = Rooms::of(256);
    let own = |path: &str| rooms.apart().into_iter().find(|(paths, _)| paths.iter().any(|own| own.ends_with(path)));
    let (paths, room) = own("/StreamCheckActions").expect("a room");
    assert_eq!((paths.len(), room.available_permits()), (1, 64));
    let (paths, room) = own("/CheckAction").expect("a room");
    assert_eq!((paths.len(), room.available_permits()), (3, 256));
    let (paths, room) = own("/PlaceHold").expect("a room");
    assert_eq!((paths.len(), room.available_permits()), (6, 256));
}
