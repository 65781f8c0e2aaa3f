//! `ListOpenProtections`: every hold, as it is here now.

use super::support::{Holding, World, handed_over, key, placed, released};
use holdfast_contracts::holdfast::{
    access::v1::Workload as Named,
    common::v1::{Hold, HoldGround, ReleaseReason},
    delivery::v1::{ListOpenProtectionsRequest, ListOpenProtectionsResponse},
};
use holdfast_procedure::{
    Workload::Conferencing,
    protection::HoldGround::{ConcernOnRecord, OpenReferral, TwoIneffectiveVisits},
};
use prost::Message;
use std::collections::BTreeSet;
use tokio_stream::StreamExt;

async fn listed(world: &World) -> Vec<ListOpenProtectionsResponse> {
    let request = world.of_ledger(ListOpenProtectionsRequest { source: Named::Visiting.into() });
    let mut stream = world.client.clone().list_open_protections(request).await.unwrap().into_inner();
    let mut all = Vec::new();
    while let Some(message) = stream.message().await.unwrap() {
        all.push(message);
    }
    all
}

fn holds(messages: &[ListOpenProtectionsResponse]) -> Vec<&Hold> {
    messages.iter().flat_map(|message| &message.holds).collect()
}

#[tokio::test]
async fn holds_are_told_as_they_are_here_and_the_end_is_said() {
    let world = World::new().await;
    let [only] = <[_; 1]>::try_from(listed(&world).await).unwrap();
    assert!(only.complete && only.holds.is_empty(), "nothing is a complete answer");
    world.open("HELD-1", ("C-1", "A-1"), &[]).await;
    let changes = [
        placed(OpenReferral, 1),
        placed(ConcernOnRecord, 1),
        placed(TwoIneffectiveVisits, 1),
        released(OpenReferral, 2),
        handed_over(TwoIneffectiveVisits, Conferencing),
    ];
    world.happen("HELD-1", changes).await;
    let all = listed(&world).await;
    let told: Vec<_> = holds(&all).iter().map(|hold| (key(hold), hold.holder(), hold.released())).collect();
    let (own, stands) = (Named::Visiting, ReleaseReason::Unspecified);
    let expected = [
        (("HELD-1", HoldGround::OpenReferral, 2), own, ReleaseReason::EffectiveVisit),
        (("HELD-1", HoldGround::ConcernOnRecord, 1), own, stands),
        (("HELD-1", HoldGround::TwoIneffectiveVisits, 1), Named::Conferencing, stands),
    ];
    assert_eq!(told, expected);
    assert!(all.last().unwrap().complete);
    world.end().await;
}

#[tokio::test]
async fn a_long_list_comes_in_parts_of_one_state() {
    let world = World::new().await;
    world
        .as_admin(
            "INSERT INTO protections (case_reference, ground, version, customer, benefit, award, formerly, since)
             SELECT 'HELD-' || number, ground, 1, 'C-1', 'pip', 'A-1', '{}', now()
             FROM generate_series(1, 600) AS number, generate_series(1, 2) AS ground",
        )
        .await;
    let request = ListOpenProtectionsRequest { source: Named::Visiting.into() }.encode_to_vec();
    let path = "/holdfast.delivery.v1.DeliveryService/ListOpenProtections";
    let mut stream = world.peers.stream(Named::Visiting, path, request).await.unwrap();
    let mut all = Vec::new();
    while let Some(message) = stream.next().await {
        all.push(ListOpenProtectionsResponse::decode(message.unwrap().as_slice()).unwrap());
        world.as_admin("UPDATE protections SET version = version + 1").await;
    }
    let parts: Vec<_> = all.iter().map(|message| (message.holds.len(), message.complete)).collect();
    assert_eq!(parts, [(500, false), (500, false), (200, true)]);
    let keys: BTreeSet<_> = holds(&all).into_iter().map(key).collect();
    assert_eq!(keys.len(), 1_200);
    assert_eq!(holds(&all).iter().map(|hold| hold.version).collect::<BTreeSet<_>>(), BTreeSet::from([1]));
    let database = world.prove_delivery().await.unwrap().database;
    for message in &all {
        assert_eq!((message.source(), &message.database), (Named::Visiting, &database));
    }
    world.end().await;
}

#[tokio::test]
async fn what_is_protected_is_made_anew_from_the_journal() {
    let world = World::new().await;
    world.open("HELD-1", ("C-1", "A-1"), &["C-0"]).await;
    world.happen("HELD-1", [placed(OpenReferral, 1), placed(TwoIneffectiveVisits, 1)]).await;
    world.happen("HELD-1", [released(OpenReferral, 2), handed_over(TwoIneffectiveVisits, Conferencing)]).await;
    let kept = world.rows("visiting.protections").await;
    assert_eq!(kept.len(), 2);
    let wrong = [
        "DELETE FROM protections",
        "UPDATE protections SET version = 9, handed_to = NULL, released = NULL, customer = 'x', formerly = '{}'",
        "INSERT INTO protections SELECT case_reference, 5, version, customer, benefit, award, formerly, released,
             handed_to, since FROM protections WHERE ground = 1",
    ];
    for wrong in wrong {
        world.as_admin(wrong).await;
        assert_ne!(world.rows("visiting.protections").await, kept);
        world.store.rebuild::<Holding>().await.unwrap();
        assert_eq!(world.rows("visiting.protections").await, kept, "{wrong}");
    }
    world.end().await;
}
