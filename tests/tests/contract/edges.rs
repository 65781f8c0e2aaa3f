//! Sizes and letters at the edge of what is taken.

use super::support::{ask, at, everything, fields, open, present, reason, referral, suite, visit};
use holdfast_contracts::holdfast::{
    access::v1::Role,
    common::v1::{Award, Nation, Place},
    visiting::v1::{self as pb, visit::Outcome},
};
use tonic::Code;

#[tokio::test]
async fn a_note_of_five_megabytes_is_refused_and_the_connection_goes_on() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let before = everything(&suite).await;
    let told = |bytes: usize| {
        let seen = pb::EffectiveVisit { account: "x".repeat(bytes), ..Default::default() };
        let visited = pb::Visit { occurred_at: at("2026-06-01 08:30"), outcome: Some(Outcome::Effective(seen)) };
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visit("large", &case, visited))
    };
    for (bytes, field) in [(5 << 20, "request"), (300 << 10, "request"), (200 << 10, "visit.effective.account")] {
        for _ in 0..5 {
            let status = told(bytes).refused(&suite).await;
            assert_eq!(status.code(), Code::InvalidArgument, "{bytes}: {status:?}");
            assert_eq!((reason(&status).as_str(), fields(&status)), ("INVALID_REQUEST", vec![field.to_owned()]));
            assert!(present(&suite, &case).await.referral.is_some());
        }
    }
    assert_eq!(everything(&suite).await, before);
    suite.stop().await;
}

/// The letters, digits and lengths that references may have, at their edges.
#[tokio::test]
async fn references_at_the_edge_are_taken_or_refused() {
    let suite = suite().await;
    for (customer, taken) in [
        ("c".repeat(64).as_str(), true),
        ("c".repeat(65).as_str(), false),
        ("a.b_c-1", true),
        ("QQ123456X", true),
        ("QQ 123456 C", false),
        ("qq-12-34-56-d", false),
        ("\u{ff11}23", false),
        ("x\n", false),
    ] {
        let award = Some(Award { customer: customer.to_owned(), ..referral("r").award.unwrap() });
        let asked = pb::ReferForVisitRequest { award, validate_only: true, ..referral("r") };
        let outcome = ask("VisitingService/ReferForVisit", Role::Referrer, &asked).send(&suite).await;
        let refused = outcome.as_ref().err().map(fields).unwrap_or_default();
        let expected: &[&str] = if taken { &[] } else { &["award.customer"] };
        assert_eq!(refused, expected, "{customer:?}");
    }
    for (area, taken) in [("North-West", true), ("north.1", true), ("North West", false), ("Ynys M\u{f4}n", false)] {
        let place = Some(Place { nation: Nation::Wales.into(), area: area.to_owned() });
        let asked = pb::ReferForVisitRequest { place, validate_only: true, ..referral("r") };
        assert_eq!(
            ask("VisitingService/ReferForVisit", Role::Referrer, &asked).send(&suite).await.is_ok(),
            taken,
            "{area}"
        );
    }
    suite.stop().await;
}
