//! `ProveAward`: what is protected of an award or of its customer.

use super::support::{PATH, World, called, handed_over, key, placed, released};
use holdfast_chassis::peers::Refused;
use holdfast_contracts::holdfast::{common::v1::HoldGround, delivery::v1::ProveAwardResponse};
use holdfast_procedure::{
    Workload::Conferencing,
    protection::HoldGround::{ConcernOnRecord, TwoIneffectiveVisits},
};

fn cases(says: &ProveAwardResponse) -> Vec<&str> {
    says.protects.iter().map(|hold| key(hold).0).collect()
}

#[tokio::test]
async fn a_customer_is_known_by_every_reference_they_had() {
    let world = World::new().await;
    for (case, about, formerly) in [
        ("HELD-1", ("C-2", "A-1"), &["C-1"][..]),
        ("HELD-2", ("C-3", "A-2"), &["C-2"]),
        ("HELD-3", ("C-9", "A-9"), &[]),
    ] {
        world.open(case, about, formerly).await;
        world.happen(case, [placed(ConcernOnRecord, 1)]).await;
    }
    let mine = ["HELD-1", "HELD-2"];
    for (customer, award, expected) in [
        ("C-1", "A-0", &mine[..]),
        ("C-2", "A-0", &mine),
        ("C-3", "A-0", &mine),
        ("C-0", "A-1", &mine[..1]),
        ("C-9", "A-2", &["HELD-2", "HELD-3"]),
        ("C-0", "A-0", &[]),
    ] {
        assert_eq!(cases(&world.prove_award(customer, award).await), expected, "{customer} {award}");
    }
    // Each of the two ways by itself leads there, too.
    world.as_admin("DELETE FROM customer_names").await;
    assert_eq!(cases(&world.prove_award("C-1", "A-0").await), mine);
    world.as_admin("UPDATE protections SET formerly = '{}'").await;
    world.as_admin("INSERT INTO customer_names VALUES ('C-1', 'C-2'), ('C-2', 'C-3')").await;
    assert_eq!(cases(&world.prove_award("C-1", "A-0").await), mine);
    world.end().await;
}

#[tokio::test]
async fn what_was_handed_over_protects_until_its_receiver_has_it() {
    let world = World::new().await;
    world.open("HELD-1", ("C-1", "A-1"), &[]).await;
    world.happen("HELD-1", [placed(TwoIneffectiveVisits, 1)]).await;
    world.relay(|_| Ok(())).await;
    let all = [handed_over(TwoIneffectiveVisits, Conferencing), called(Conferencing)];
    world.happen("HELD-1", all).await;
    let expected = [("HELD-1", HoldGround::TwoIneffectiveVisits, 1)];
    let protects = async || world.prove_award("C-1", "A-1").await.protects.iter().map(|hold| key(hold).2).collect();
    assert_eq!(world.prove_award("C-1", "A-1").await.protects.iter().map(key).collect::<Vec<_>>(), expected);
    world.relay(|call| if call.path == PATH { Err(Refused::not_now("UNAVAILABLE")) } else { Ok(()) }).await;
    let held: Vec<u64> = protects().await;
    assert_eq!(held, [1]);
    world.wait();
    world.relay(|_| Ok(())).await;
    let held: Vec<u64> = protects().await;
    assert_eq!(held, Vec::<u64>::new());
    world.end().await;
}

#[tokio::test]
async fn every_change_is_counted_and_nothing_else() {
    let world = World::new().await;
    world.open("HELD-1", ("C-1", "A-1"), &[]).await;
    world.open("HELD-9", ("C-9", "A-9"), &[]).await;
    let mut last = world.prove_award("C-1", "A-1").await.changes;
    assert_eq!(last, 0);
    for (change, stands) in [
        (placed(ConcernOnRecord, 1), true),
        (placed(TwoIneffectiveVisits, 1), true),
        (released(ConcernOnRecord, 2), true),
        (handed_over(TwoIneffectiveVisits, Conferencing), false),
        (placed(TwoIneffectiveVisits, 2), true),
    ] {
        world.happen("HELD-1", [change.clone()]).await;
        world.happen("HELD-9", [called(Conferencing)]).await;
        let says = world.prove_award("C-1", "A-1").await;
        assert!(says.changes > last, "{change:?}: {} after {last}", says.changes);
        assert_eq!(!says.protects.is_empty(), stands, "{change:?}");
        last = says.changes;
    }
    world.happen("HELD-1", [called(Conferencing)]).await;
    assert_eq!(world.prove_award("C-1", "A-1").await.changes, last);
    world.end().await;
}
