//! A case is taken back and handed over anew, whatever happens to the calls on their way: the award is without its
//! protection only where the case was back with DWP Visiting for good.

use crate::{
    couriers::{Manner, Road, Settling, compared},
    picture::{Picture, differences, faults, picture},
    world::{World, pip},
};
use holdfast_contracts::holdfast::common::v1::{Hold, HoldGround, ReleaseReason};
use holdfast_tests::pip::{Step, opened};
use prost::Message;
use std::{collections::HashMap, sync::Arc};

/// When the calls that a step leads to are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delivered {
    /// Before the next step.
    AtOnce,
    /// The retraction together with the visit after it: conferencing hears of both at once.
    Late,
}

/// Takes a case through everything, and gives what is kept, and what the ledger was told: whether two ineffective visits
/// protected the award, change by change.
async fn lives(manner: Manner, delivered: Delivered) -> (Picture, Vec<bool>) {
    let world = World::from("suite").await;
    let process = compared(&world).await;
    let road = Road::new(manner);
    let settling = Settling::new(&world, &process, &road);
    let settle = async || process.spawn(Arc::clone(&settling).settle()).await.expect("it settles");
    let (pip, mut case) = (pip("A-1", false), String::new());
    for step in Step::retracted() {
        let call = process.prepare(&pip, step, &case, world.clock.now()).await;
        let reply = process.send(&call).await.unwrap_or_else(|status| panic!("{step:?}: {status:?}"));
        case = if step == Step::Referral { opened(&reply) } else { case };
        if step != Step::Retraction || delivered == Delivered::AtOnce {
            world.deliver_all(&settle).await;
        }
    }
    assert_eq!(faults(&world, &process.suite).await, Vec::<String>::new(), "{manner:?}, {delivered:?}");
    assert_eq!(*road.otherwise.lock().unwrap(), Vec::<String>::new(), "a repeat gets the same reply");
    let disturbed = road.disturbed.lock().unwrap().clone();
    assert_eq!(disturbed == HashMap::new(), manner == Manner::Undisturbed, "{manner:?}: {disturbed:?}");
    let seen = (picture(&world).await, protected(&world).await);
    process.kill();
    world.end().await;
    seen
}

/// Whether two ineffective visits protected the award, as the ledger was told, without what said the same again.
async fn protected(world: &World) -> Vec<bool> {
    let mut admin = world.admin().await;
    let changes = "SELECT hold FROM safeguarding.hold_changes WHERE ground = $1 ORDER BY counter, ordinal";
    let changes = sqlx::query_scalar::<_, Vec<u8>>(changes).bind(i32::from(HoldGround::TwoIneffectiveVisits));
    let changes = changes.fetch_all(&mut admin).await.unwrap();
    let stands = |hold: &Vec<u8>| Hold::decode(hold.as_slice()).unwrap().released() == ReleaseReason::Unspecified;
    let mut told: Vec<_> = changes.iter().map(stands).collect();
    told.dedup();
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_that_is_taken_back_and_handed_over_anew_ends_in_one_history() {
    for (delivered, expected) in [(Delivered::AtOnce, vec![true, false, true]), (Delivered::Late, vec![true])] {
        let (undisturbed, told) = lives(Manner::Undisturbed, delivered).await;
        assert_eq!(told, expected, "{delivered:?}");
        let led = undisturbed["conferencing.work_log"].join("\n");
        assert!(led.contains("\"stage\":\"assurance\""), "{delivered:?}: {led}");
        for manner in [Manner::Twice, Manner::FailsBefore, Manner::FailsAfter] {
            let (picture, told) = lives(manner, delivered).await;
            assert_eq!(told, expected, "{manner:?}, {delivered:?}");
            assert_eq!(differences(&picture, &undisturbed), Vec::<String>::new(), "{manner:?}, {delivered:?}");
        }
    }
}
