//! What a referrer is told whose referral joined the case that was open for the award.

use super::support::{Ask, ask, at, open, present, referral, suite};
use holdfast_contracts::holdfast::{
    access::v1::Role,
    common::v1::{Nation, Place},
    visiting::v1 as pb,
};
use holdfast_tests::suite::TestSuite;

/// A referral for the award of another, under a request id of its own.
fn again(id: &str, of: &str) -> pb::ReferForVisitRequest {
    pb::ReferForVisitRequest { award: referral(of).award, ..referral(id) }
}

async fn referred(suite: &TestSuite, call: &Ask) -> (pb::Referral, Vec<String>) {
    let reply: pb::ReferForVisitResponse = call.reply(suite).await;
    (reply.referral.unwrap(), reply.effect.unwrap().notes)
}

#[tokio::test]
async fn a_second_referral_joins_the_case_that_is_open() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let before = present(&suite, &case).await.referral.unwrap();
    suite.move_clock("2026-06-03 09:00").await;
    let elsewhere = Some(Place { nation: Nation::Wales.into(), area: "South".to_owned() });
    let second =
        pb::ReferForVisitRequest { place: elsewhere, occurred_at: at("2026-06-02 10:00"), ..again("two", "one") };
    let call = ask("VisitingService/ReferForVisit", Role::Referrer, &second).by("another-referrer");
    let (joined, notes) = referred(&suite, &call).await;
    assert_eq!(joined.case_reference, case);
    let by: Vec<_> = joined.joined.iter().map(|joined| joined.referred_by.as_ref().unwrap().person.as_str()).collect();
    assert_eq!(by, ["another-referrer"]);
    assert_eq!(joined.joined[0].referred_at, at("2026-06-02 10:00"));
    assert!(!joined.joined[0].circumstances.is_empty());
    assert_eq!((joined.referred_by, joined.place), (before.referred_by, before.place));
    assert!(notes[0].contains("has been open since 2026-06-01") && notes[1].contains("ChangeAddress"), "{notes:?}");
    assert_eq!(call.send(&suite).await.unwrap(), call.send(&suite).await.unwrap(), "and joins once");
    assert_eq!(present(&suite, &case).await.referral.unwrap().joined.len(), 1);
    suite.stop().await;
}
