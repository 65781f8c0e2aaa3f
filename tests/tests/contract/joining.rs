//! A second referral for the same award joins the first.

use super::support::{Ask, ask, everything, open, present, referral, send_all, suite, value, withdrawn};
use holdfast_contracts::holdfast::{
    access::v1::Role,
    common::v1::{Award, Benefit},
    customers::v1::MergeCustomerRequest,
    visiting::v1 as pb,
};
use holdfast_tests::suite::TestSuite;
use prost::Message;

/// A referral for an award, whoever refers.
fn refer(id: &str, customer: &str, award: &str) -> Ask {
    let (customer, award) = (customer.to_owned(), award.to_owned());
    let award = Some(Award { customer, benefit: Benefit::Pip.into(), award });
    ask("VisitingService/ReferForVisit", Role::Referrer, &pb::ReferForVisitRequest { award, ..referral(id) }).by(id)
}

async fn case_of(suite: &TestSuite, call: &Ask) -> String {
    call.reply::<pb::ReferForVisitResponse>(suite).await.referral.unwrap().case_reference
}

#[tokio::test]
async fn a_second_referral_is_the_first_ones_until_that_has_ended() {
    let suite = suite().await;
    let first = refer("one", "C-1", "A-1");
    let case = case_of(&suite, &first).await;
    let second = refer("two", "C-1", "A-1");
    let reply = second.send(&suite).await.unwrap();
    assert_eq!(case_of(&suite, &second).await, case);
    assert_eq!(second.send(&suite).await.unwrap(), reply);
    // A try joins nothing.
    let before = everything(&suite).await;
    let request = pb::ReferForVisitRequest::decode(refer("three", "C-1", "A-1").body.as_slice()).unwrap();
    let dry = pb::ReferForVisitRequest { validate_only: true, ..request };
    assert_eq!(case_of(&suite, &ask("VisitingService/ReferForVisit", Role::Referrer, &dry)).await, case);
    assert_eq!(everything(&suite).await, before);
    for (id, customer, award) in [("other-award", "C-1", "A-2"), ("other-customer", "C-2", "A-1")] {
        assert_ne!(case_of(&suite, &refer(id, customer, award)).await, case);
    }
    withdrawn(&suite, "w", &format!("visiting/{case}/first-visit")).await;
    let next = case_of(&suite, &refer("four", "C-1", "A-1")).await;
    assert_ne!(next, case);
    assert_eq!(case_of(&suite, &refer("five", "C-1", "A-1")).await, next);
    suite.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn referrals_at_once_for_one_award_make_one_case() {
    let suite = suite().await;
    // As many as can lose to each other and still get their turn within the attempts that each has.
    for round in 0..10 {
        let award = format!("A-{round}");
        let calls: Vec<_> = (0..4).map(|place| refer(&format!("r-{round}-{place}"), "C-1", &award)).collect();
        for reply in send_all(&suite, &calls).await {
            reply.expect("it is carried out");
        }
        let cases =
            format!("SELECT count(DISTINCT case_reference) FROM visiting.journal WHERE request_id LIKE 'r-{round}-%'");
        assert_eq!(value(&suite, &cases).await, "1");
    }
    suite.stop().await;
}

/// Customers who turn out to be one may have two open cases of one award: both go on, and a further referral joins one.
#[tokio::test]
async fn a_merge_that_leaves_two_open_cases_is_no_error() {
    let suite = suite().await;
    let (one, two) = (refer("one", "C-1", "A-1"), refer("two", "C-2", "A-1"));
    let (one, two) = (case_of(&suite, &one).await, case_of(&suite, &two).await);
    let merge = MergeCustomerRequest {
        request_id: "m".to_owned(),
        case_reference: two.clone(),
        into: "C-1".to_owned(),
        ..Default::default()
    };
    ask("CustomerService/MergeCustomer", Role::Officer, &merge).send(&suite).await.unwrap();
    suite.settle().await;
    assert_eq!(present(&suite, &two).await.referral.unwrap().award.unwrap().customer, "C-1");
    assert_eq!(case_of(&suite, &refer("three", "C-1", "A-1")).await, one);
    let (unrelated, _) = open(&suite, "unrelated").await;
    assert!(![one, two].contains(&unrelated));
    suite.stop().await;
}
