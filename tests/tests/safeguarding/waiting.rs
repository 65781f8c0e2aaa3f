//! Referrals that wait for a leader: loud, listed, and settled once when the area gets one, whatever happens between.

use crate::support::{CASE, World, owed};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    safeguarding::v1 as pb,
};
use holdfast_procedure::directory::{Command, Leader};
use holdfast_safeguarding::{Areas, Program};
use holdfast_store::{Case, Header, Kinds, Order, process::Service};
use holdfast_tests::suite::london;

async fn uncovered(world: &World) -> Vec<(String, u32)> {
    let request = pb::ListUncoveredAreasRequest::default();
    let reply = world.directory().list_uncovered_areas(world.by(Role::CesTeam, request)).await.expect("a list");
    reply.into_inner().areas.into_iter().map(|area| (area.area, area.cases_waiting)).collect()
}

fn named(journal: &[String]) -> usize {
    journal.iter().filter(|event| *event == "leader_named").count()
}

/// A leader is named, and the process dies before it settles what waited.
async fn named_before_a_crash(world: &World, area: &str) {
    let since = london("2024-04-01 00:00");
    let leader = Leader { person: "leader-u".to_owned(), office: "NI-1".to_owned(), telephone: None, since };
    let header = Header {
        actor: holdfast_procedure::Actor::suite(holdfast_procedure::Workload::Operations),
        method: "SetLeader".to_owned(),
        request: None,
        etag: None,
        validate_only: false,
        trace_id: String::new(),
        room: None,
    };
    let command = Command::SetLeader { area: area.to_owned(), leader };
    let case = Case::New(format!("AREA-{area}"));
    let order = Order::<Areas> { case, command, narratives: vec![], notes: vec![], header, render: |_| vec![] };
    world.store.execute(vec![order]).await.pop().unwrap().expect("a leader");
}

#[tokio::test]
async fn an_area_without_a_leader_is_listed_and_the_operator_owes_one() {
    let world = World::new().await;
    for case in ["HF-1", "HF-2"] {
        world.opened(case, "Ulster").await;
        let referred = world.referred(case).await;
        assert_eq!(referred.escalation.unwrap().stage(), pb::EscalationStage::AwaitingLeader);
        assert!(owed(referred.effect.as_ref()).contains(&"name-leader:Ulster".to_owned()));
        assert!(referred.effect.unwrap().notes.iter().any(|note| note.contains("R-NO-LEADER")));
    }
    assert_eq!(uncovered(&world).await, [("Ulster".to_owned(), 2)]);
    let awaiting =
        pb::ListEscalationsRequest { stage: pb::EscalationStage::AwaitingLeader.into(), ..Default::default() };
    let listed = world.escalations().list_escalations(world.by(Role::Auditor, awaiting)).await.unwrap().into_inner();
    assert!(listed.escalations.iter().all(|case| case.awaits_leader_of == "Ulster"));
    assert_eq!(listed.escalations.len(), 2);

    world.directory().set_leader(world.set_leader("Ulster", "leader-u")).await.expect("a leader");
    for case in ["HF-1", "HF-2"] {
        let told = world.case(case).await.escalation.unwrap();
        assert_eq!(told.round.unwrap().leader.unwrap().person, "leader-u", "at once");
        assert_eq!(named(&world.journal(case).await), 1);
    }
    assert_eq!(uncovered(&world).await, []);
    let remove = pb::RemoveLeaderRequest { request_id: world.id(), area: "Ulster".to_owned(), ..Default::default() };
    let remove = world.through(Some(Role::Operator), Workload::Operations, remove);
    world.directory().remove_leader(remove).await.expect("removed");
    assert_eq!(uncovered(&world).await, [("Ulster".to_owned(), 0)], "it had one");
    world.end().await;
}

#[tokio::test]
async fn what_waits_is_settled_though_whoever_named_the_leader_crashed() {
    let world = World::new().await;
    world.opened(CASE, "Ulster").await;
    world.referred(CASE).await;
    named_before_a_crash(&world, "Ulster").await;
    assert_eq!(named(&world.journal(CASE).await), 0);
    world.kinds.settle().await.expect("what is due happens");
    assert_eq!(named(&world.journal(CASE).await), 1);
    assert_eq!(world.kinds.settle().await.expect("nothing is left"), 0);
    world.end().await;
}

#[tokio::test]
async fn several_replicas_settle_what_waits_once() {
    let world = World::new().await;
    let cases: Vec<_> = (0..8).map(|number| format!("HF-{number}")).collect();
    for case in &cases {
        world.opened(case, "Ulster").await;
        world.referred(case).await;
    }
    named_before_a_crash(&world, "Ulster").await;
    let (one, two) = (world.replica().await, world.replica().await);
    let (one, two) = (Kinds::new(Program.kinds(&one)), Kinds::new(Program.kinds(&two)));
    let (first, second, third) = tokio::join!(world.kinds.settle(), one.settle(), two.settle());
    first.and(second).and(third).expect("what is due happens");
    for case in &cases {
        assert_eq!(named(&world.journal(case).await), 1, "{case}");
    }
    for kinds in [one, two] {
        for store in kinds.stores() {
            store.close(std::time::Duration::from_secs(10)).await;
        }
    }
    world.end().await;
}

#[tokio::test]
async fn a_referral_that_saw_the_area_without_its_new_leader_does_not_wait_for_ever() {
    let world = World::new().await;
    world.opened(CASE, "Ulster").await;
    world.referred(CASE).await;
    // The leader was named while the referral was being decided: nobody was there to be settled then.
    named_before_a_crash(&world, "Ulster").await;
    // Naming somebody for quite another area settles it too.
    world.directory().set_leader(world.set_leader("North", "leader-n")).await.expect("a leader");
    assert_eq!(named(&world.journal(CASE).await), 1);
    world.end().await;
}
