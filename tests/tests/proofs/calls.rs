//! Which calls to the ledger follow from what changed, and when they go.

use super::support::{PATH, PLACE, RELEASE, World, called, handed_over, key, placed, released};
use holdfast_chassis::peers::Refused;
use holdfast_contracts::holdfast::{
    access::v1::Workload,
    common::v1::{Hold, HoldGround, ReleaseReason},
    safeguarding::v1::{PlaceHoldRequest, ReleaseHoldRequest},
};
use holdfast_procedure::{
    Workload::{Conferencing, Safeguarding},
    protection::HoldGround::{ConcernOnRecord, OpenReferral, TwoIneffectiveVisits},
};
use holdfast_store::Delivery;
use prost::Message;

fn hold(call: &Delivery) -> Hold {
    let request = call.request.as_slice();
    let (hold, id) = match call.path.as_str() {
        PLACE => PlaceHoldRequest::decode(request).map(|request| (request.hold, request.request_id)).unwrap(),
        RELEASE => ReleaseHoldRequest::decode(request).map(|request| (request.hold, request.request_id)).unwrap(),
        other => panic!("{other} is about no hold"),
    };
    assert_eq!((id, call.to), (call.request_id.clone(), Safeguarding));
    hold.unwrap()
}

#[tokio::test]
async fn places_go_first_and_releases_last() {
    let world = World::new().await;
    world.open("HELD-1", ("C-1", "A-1"), &["C-0"]).await;
    world.happen("HELD-1", [placed(OpenReferral, 1)]).await;
    let both = [called(Conferencing), released(OpenReferral, 2), placed(ConcernOnRecord, 1)];
    world.happen("HELD-1", both).await;
    let tried = world.relay(|_| Ok(())).await;
    let paths: Vec<_> = tried.iter().map(|call| call.path.as_str()).collect();
    // What is urgent is claimed whatever comes before it; the rest in the order of the case.
    let [first, second, third, fourth] = <[_; 4]>::try_from(tried.clone()).unwrap();
    assert_eq!((&paths[..2], &paths[2..]), (&[PLACE, PLACE][..], &[PATH, RELEASE][..]));
    let mut placed = [hold(&first), hold(&second)];
    placed.sort_by_key(|hold| hold.ground);
    assert_eq!(key(&placed[0]), ("HELD-1", HoldGround::OpenReferral, 1));
    let expected = Hold {
        case_reference: "HELD-1".to_owned(),
        ground: HoldGround::ConcernOnRecord.into(),
        version: 1,
        award: placed[0].award.clone(),
        formerly: vec!["C-0".to_owned()],
        holder: Workload::Visiting.into(),
        released: ReleaseReason::Unspecified.into(),
        rules: vec!["GEN-2".to_owned(), "R-HOLD-FROM-CONCERN".to_owned()],
        actions: (1..=6).collect(),
        only_on: vec![],
    };
    assert_eq!(placed[1], expected);
    assert_eq!(third.path, PATH);
    let gone = hold(&fourth);
    assert_eq!((key(&gone), gone.released()), (("HELD-1", HoldGround::OpenReferral, 2), ReleaseReason::EffectiveVisit));
    world.end().await;
}

#[tokio::test]
async fn what_is_handed_over_at_once_is_placed_here_first() {
    let world = World::new().await;
    world.open("HELD-1", ("C-1", "A-1"), &[]).await;
    let all = [placed(TwoIneffectiveVisits, 1), handed_over(TwoIneffectiveVisits, Conferencing)];
    world.happen("HELD-1", all).await;
    let [place] = <[_; 1]>::try_from(world.relay(|_| Ok(())).await).unwrap();
    let place = hold(&place);
    assert_eq!((place.version, place.holder()), (1, Workload::Visiting));
    world.happen("HELD-1", [called(Conferencing)]).await;
    let paths: Vec<_> = world.relay(|_| Ok(())).await.into_iter().map(|call| call.path).collect();
    assert_eq!(paths, [PATH], "a handover alone tells the ledger nothing: its receiver does");
    world.end().await;
}

/// A release is told from its place by being exactly one version on.
#[tokio::test]
async fn what_one_command_places_and_releases_is_told_as_two() {
    let world = World::new().await;
    world.open("HELD-1", ("C-1", "A-1"), &[]).await;
    world.happen("HELD-1", [placed(OpenReferral, 1), released(OpenReferral, 2)]).await;
    let tried = world.relay(|_| Ok(())).await;
    let told: Vec<_> = tried.iter().map(|call| (call.path.as_str(), hold(call).version)).collect();
    assert_eq!(told, [(PLACE, 1), (RELEASE, 2)]);
    world.end().await;
}

#[tokio::test]
async fn a_release_waits_for_the_case_and_a_place_overtakes_it() {
    let world = World::new().await;
    world.open("HELD-1", ("C-1", "A-1"), &[]).await;
    world.happen("HELD-1", [called(Conferencing)]).await;
    world.happen("HELD-1", [placed(ConcernOnRecord, 1)]).await;
    world.happen("HELD-1", [released(ConcernOnRecord, 2)]).await;
    let stuck = |call: &Delivery| if call.path == PATH { Err(Refused::not_now("UNAVAILABLE")) } else { Ok(()) };
    let mut tried: Vec<_> = world.relay(stuck).await.into_iter().map(|call| call.path).collect();
    tried.sort();
    assert_eq!(tried, [PLACE, PATH]);
    world.wait();
    let tried: Vec<_> = world.relay(|_| Ok(())).await.into_iter().map(|call| call.path).collect();
    assert_eq!(tried, [PATH, RELEASE]);
    world.end().await;
}
