//! `RaiseHold`: a hold is written again above what the ledger knows.

use super::support::{World, key, placed};
use holdfast_contracts::holdfast::{
    access::v1::Workload,
    common::v1::{Effect, HoldGround},
    delivery::v1::RaiseHoldRequest,
};
use holdfast_procedure::protection::HoldGround::ConcernOnRecord;
use tonic::Code;

fn raise(request_id: &str) -> RaiseHoldRequest {
    RaiseHoldRequest {
        request_id: request_id.to_owned(),
        case_reference: "HELD-1".to_owned(),
        ground: HoldGround::ConcernOnRecord.into(),
        known_version: 7,
        known_released: true,
        holder: Workload::Visiting.into(),
        ..Default::default()
    }
}

async fn world() -> World {
    let world = World::new().await;
    world.open("HELD-1", ("C-1", "A-1"), &[]).await;
    world.happen("HELD-1", [placed(ConcernOnRecord, 1)]).await;
    world.relay(|_| Ok(())).await;
    world
}

async fn raised(world: &World, request: RaiseHoldRequest) -> Effect {
    let reply = world.client.clone().raise_hold(world.of_ledger(request)).await.unwrap();
    reply.into_inner().effect.unwrap()
}

#[tokio::test]
async fn a_repeat_is_answered_from_its_receipt_and_places_nothing_again() {
    let world = world().await;
    let dry = raised(&world, RaiseHoldRequest { validate_only: true, ..raise("r-1") }).await;
    assert!(dry.validated_only);
    assert_eq!(world.prove_delivery().await.unwrap().undelivered.len(), 0);
    let first = raised(&world, raise("r-1")).await;
    let again = raised(&world, raise("r-1")).await;
    assert_eq!(first, again);
    let proof = world.prove_delivery().await.unwrap();
    assert_eq!(proof.undelivered.iter().map(key).collect::<Vec<_>>(), [("HELD-1", HoldGround::ConcernOnRecord, 8)]);
    let other = RaiseHoldRequest { known_version: 8, ..raise("r-1") };
    let refused = world.client.clone().raise_hold(world.of_ledger(other)).await.unwrap_err();
    assert_eq!(refused.code(), Code::AlreadyExists);
    world.end().await;
}

#[tokio::test]
async fn what_is_missing_or_not_kept_here_is_said() {
    let world = world().await;
    for (request, code) in [
        (RaiseHoldRequest { case_reference: "HELD-2".to_owned(), ..raise("r-1") }, Code::NotFound),
        (RaiseHoldRequest { case_reference: "OTHER-1".to_owned(), ..raise("r-1") }, Code::NotFound),
        (RaiseHoldRequest { holder: Workload::Conferencing.into(), ..raise("r-1") }, Code::NotFound),
        (RaiseHoldRequest { holder: 0, ..raise("r-1") }, Code::InvalidArgument),
        (RaiseHoldRequest { ground: 0, ..raise("r-1") }, Code::InvalidArgument),
        (RaiseHoldRequest { known_version: 0, ..raise("r-1") }, Code::InvalidArgument),
        (raise(""), Code::InvalidArgument),
    ] {
        let refused = world.client.clone().raise_hold(world.of_ledger(request.clone())).await.unwrap_err();
        assert_eq!(refused.code(), code, "{request:?}");
    }
    world.end().await;
}
