//! The directory over the wire.

use crate::support::{World, fields, leader, refusal};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    safeguarding::v1 as pb,
};
use tonic::Code;
use tonic_types::StatusExt;

async fn find(world: &World, area: &str) -> Result<pb::FindLeaderResponse, tonic::Status> {
    let request = pb::FindLeaderRequest { area: area.to_owned() };
    world.directory().find_leader(world.by(Role::CesTeam, request)).await.map(tonic::Response::into_inner)
}

async fn list(world: &World, request: pb::ListLeadersRequest) -> (Vec<String>, String) {
    let reply = world.directory().list_leaders(world.by(Role::CesTeam, request)).await.expect("a list").into_inner();
    (reply.areas.into_iter().map(|area| area.area).collect(), reply.next_page_token)
}

#[tokio::test]
async fn leaders_are_named_found_listed_and_removed() {
    let world = World::new().await;
    // Longer than a reference may be once the case's own name is put before it.
    let long = "N".repeat(64);
    for (area, person) in [("North", "leader-1"), ("East", "leader-2"), ("South", "leader-1"), (&long, "leader-3")] {
        world.directory().set_leader(world.set_leader(area, person)).await.expect("a leader");
    }
    let found = find(&world, "North").await.expect("an area");
    assert_eq!(found.area.as_ref().unwrap().leader, Some(leader("leader-1")));
    assert_eq!(list(&world, pb::ListLeadersRequest::default()).await.0, ["East", &long, "North", "South"]);
    let of = pb::ListLeadersRequest { person: "leader-1".to_owned(), page_size: 1, ..Default::default() };
    let (first, page_token) = list(&world, of.clone()).await;
    assert_eq!(first, ["North"]);
    assert_eq!(
        list(&world, pb::ListLeadersRequest { page_token, ..of }).await,
        (vec!["South".to_owned()], String::new())
    );

    let remove = |etag: &str| {
        let (request_id, area, etag) = (world.id(), "North".to_owned(), etag.to_owned());
        let request = pb::RemoveLeaderRequest { request_id, area, etag, ..Default::default() };
        world.through(Some(Role::Operator), Workload::Operations, request)
    };
    let stale = world.directory().remove_leader(remove("1-0000000000000000")).await.unwrap_err();
    assert_eq!(refusal(&stale).1, "ETAG_MISMATCH");
    let removed = world.directory().remove_leader(remove(&found.effect.unwrap().etag)).await.expect("removed");
    assert_eq!(removed.into_inner().area.unwrap().leader, None);
    let twice = world.directory().remove_leader(remove("")).await.unwrap_err();
    assert_eq!((twice.code(), refusal(&twice).2), (Code::FailedPrecondition, vec!["R-NO-LEADER".to_owned()]));
    assert_eq!(find(&world, "North").await.unwrap().area.unwrap().leader, None);
    let nowhere = [
        find(&world, "Nowhere").await.unwrap_err(),
        find(&world, "north").await.unwrap_err(),
        world
            .directory()
            .remove_leader(world.through(
                Some(Role::Operator),
                Workload::Operations,
                pb::RemoveLeaderRequest { request_id: world.id(), area: "Nowhere".to_owned(), ..Default::default() },
            ))
            .await
            .unwrap_err(),
    ];
    for (refused, area) in nowhere.iter().zip(["Nowhere", "north", "Nowhere"]) {
        assert_eq!((refused.code(), refusal(refused).1.as_str()), (Code::NotFound, "AREA_NOT_FOUND"));
        let metadata = refused.get_details_error_info().expect("details").metadata;
        assert_eq!(metadata.get("area").map(String::as_str), Some(area), "in the caller's words: {metadata:?}");
        assert_eq!(metadata.len(), 1);
    }
    world.end().await;
}

#[tokio::test]
async fn nothing_that_could_be_words_gets_into_the_directory() {
    let world = World::new().await;
    for (given, fine) in [
        ("", true),
        ("0191 496 0000", true),
        ("+44 191 496 0000", true),
        ("ring after six", false),
        ("0191+496", false),
        ("+", false),
        (" ", false),
        ("0191-496", false),
        ("0191 496 0000 0191 496 000", false),
    ] {
        let mut request = world.set_leader("North", "leader-1");
        request.get_mut().leader.as_mut().unwrap().telephone = given.to_owned();
        let result = world.directory().set_leader(request).await;
        assert_eq!(result.is_ok(), fine, "{given:?}");
        if let Err(status) = result {
            assert_eq!(fields(&status), ["leader.telephone"], "{given:?}");
        }
    }
    let mut request = world.set_leader("a b", "leader-1");
    request.get_mut().leader.as_mut().unwrap().office = "the green door".to_owned();
    let status = world.directory().set_leader(request).await.unwrap_err();
    assert_eq!(fields(&status), ["area", "leader.office"]);
    world.end().await;
}

#[tokio::test]
async fn only_operators_change_the_directory() {
    let world = World::new().await;
    let request = world.set_leader("North", "leader-1").into_inner();
    for (role, workload) in [
        (Role::CesTeam, Workload::Casework),
        (Role::SafeguardingLeader, Workload::Operations),
        (Role::Operator, Workload::Casework),
    ] {
        let status =
            world.directory().set_leader(world.through(Some(role), workload, request.clone())).await.unwrap_err();
        assert_eq!(refusal(&status).1, "NOT_PERMITTED");
    }
    world.end().await;
}

#[tokio::test]
async fn the_same_request_again_gets_the_same_reply() {
    let world = World::new().await;
    let request = world.set_leader("North", "leader-1").into_inner();
    let set = async || {
        let request = world.through(Some(Role::Operator), Workload::Operations, request.clone());
        world.directory().set_leader(request).await.expect("set").into_inner()
    };
    assert_eq!(set().await, set().await);
    world.end().await;
}
