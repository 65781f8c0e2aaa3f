//! The ledger, as people and payers look at it.

use crate::{
    holder::{CASE, Holder, at, award, hold, released},
    support::fields,
};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload::Visiting},
    common::v1 as common,
    safeguarding::v1 as pb,
};
use holdfast_tests::suite::{london, timestamp};
use tonic::Code;

/// Cases of a list.
fn cases(list: &pb::ListHoldsResponse) -> Vec<&str> {
    list.holds.iter().map(|change| change.hold.as_ref().unwrap().case_reference.as_str()).collect()
}

/// Three holds: of two customers, one of whom was known otherwise before, the last released.
async fn three() -> Holder {
    let holder = Holder::new().await;
    let another = common::Award { customer: "C-2".to_owned(), ..award("A-2") };
    let of = |case: &str, hold: common::Hold| common::Hold { case_reference: case.to_owned(), ..hold };
    holder.place(of("HF-1", hold())).await.unwrap();
    holder.suite.clock.set(london("2026-06-01 10:00"));
    let formerly = vec!["C-3".to_owned()];
    let ground = common::HoldGround::ConcernOnRecord.into();
    let second = common::Hold { award: Some(another), formerly, ground, ..hold() };
    holder.place(of("HF-2", second)).await.unwrap();
    holder.place(of("HF-3", hold())).await.unwrap();
    holder.release(of("HF-3", released(2))).await.unwrap();
    holder
}

#[tokio::test]
async fn holds_are_listed_by_every_filter_the_oldest_change_first() {
    let holder = three().await;
    let filter = |change: fn(&mut pb::ListHoldsRequest)| {
        let mut request = pb::ListHoldsRequest::default();
        change(&mut request);
        request
    };
    for (request, expected) in [
        (filter(|_| {}), vec!["HF-1", "HF-2"]),
        (filter(|all| all.with_released = true), vec!["HF-1", "HF-2", "HF-3"]),
        (filter(|of| of.customer = "C-1".to_owned()), vec!["HF-1"]),
        (filter(|of| of.customer = "C-3".to_owned()), vec!["HF-2"]),
        (filter(|of| of.award = "A-2".to_owned()), vec!["HF-2"]),
        (filter(|of| of.case_reference = "HF-1".to_owned()), vec!["HF-1"]),
        (filter(|of| of.ground = common::HoldGround::ConcernOnRecord.into()), vec!["HF-2"]),
        (filter(|of| of.benefit = common::Benefit::Esa.into()), vec![]),
        (filter(|of| of.holder = Visiting.into()), vec!["HF-1", "HF-2"]),
        (filter(|of| of.changed_by = Some(timestamp(london("2026-06-01 09:30")))), vec!["HF-1"]),
    ] {
        assert_eq!(cases(&holder.list(request.clone()).await.unwrap()), expected, "{request:?}");
    }
    holder.suite.stop().await;
}

#[tokio::test]
async fn pages_follow_on_each_other_and_belong_to_their_question() {
    let holder = three().await;
    let asked = |token: &str| pb::ListHoldsRequest {
        with_released: true,
        page_size: 1,
        page_token: token.to_owned(),
        ..Default::default()
    };
    let (mut found, mut token) = (Vec::new(), String::new());
    loop {
        let page = holder.list(asked(&token)).await.unwrap();
        found.extend(cases(&page).into_iter().map(str::to_owned));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
        let another = pb::ListHoldsRequest { with_released: false, ..asked(&token) };
        assert_eq!(fields(&holder.list(another).await.unwrap_err()), ["page_token"]);
    }
    assert_eq!(found, ["HF-1", "HF-2", "HF-3"]);
    let too_many = pb::ListHoldsRequest { page_size: 201, ..Default::default() };
    assert_eq!(holder.list(too_many).await.unwrap_err().code(), Code::InvalidArgument);
    holder.suite.stop().await;
}

#[tokio::test]
async fn protection_tells_every_hold_on_the_award_or_on_the_customer_and_the_sources() {
    let holder = three().await;
    let asked = async |award: common::Award| {
        let request = pb::GetProtectionRequest { award: Some(award) };
        let request = holder.suite.request("p.officer", Role::Officer, request);
        holder.suite.protection().get_protection(request).await.unwrap().into_inner()
    };
    let told = asked(award("A-1")).await;
    let of = |told: &pb::GetProtectionResponse| -> Vec<(String, bool)> {
        let holds = told.holds.iter().map(|change| change.hold.clone().unwrap());
        holds.map(|hold| (hold.case_reference, hold.released == 0)).collect()
    };
    assert_eq!(of(&told), [("HF-1".to_owned(), true), ("HF-3".to_owned(), false)], "the latest change last");
    assert!(told.sources.iter().all(|source| source.reconciled) && told.sources.len() == 2);
    assert!(told.citations.iter().any(|citation| citation.rule == "R-HOLD-FROM"), "{:?}", told.citations);
    // By a former reference, whatever the award.
    let formerly = common::Award { customer: "C-3".to_owned(), ..award("A-9") };
    assert_eq!(of(&asked(formerly).await), [("HF-2".to_owned(), true)]);
    // By one that only another hold of the customer's knows, released or not.
    let of_present = common::Hold {
        case_reference: "HF-4".to_owned(),
        award: Some(common::Award { customer: "C-2".to_owned(), ..award("A-4") }),
        ..hold()
    };
    holder.place(of_present).await.unwrap();
    let formerly = common::Award { customer: "C-3".to_owned(), ..award("A-9") };
    assert_eq!(of(&asked(formerly).await), [("HF-2".to_owned(), true), ("HF-4".to_owned(), true)]);
    let listed = pb::ListHoldsRequest { customer: "C-3".to_owned(), ..Default::default() };
    assert_eq!(cases(&holder.list(listed).await.unwrap()), ["HF-2", "HF-4"]);
    let other_benefit = common::Award { benefit: common::Benefit::Esa.into(), ..award("A-9") };
    assert_eq!(of(&asked(other_benefit).await), []);
    holder.suite.stop().await;
}

#[tokio::test]
async fn sources_are_told_with_their_proofs() {
    let holder = Holder::unsettled().await;
    let before = holder.source(Visiting).await;
    assert!(before.proof_age.is_none() && !before.reconciled, "nothing is proved yet");
    holder.suite.settle().await;
    holder.suite.clock.advance(chrono::TimeDelta::milliseconds(1_500));
    let proved = holder.source(Visiting).await;
    assert_eq!(proved.proof_age, Some(prost_types::Duration { seconds: 1, nanos: 500_000_000 }));
    assert!(proved.reconciled && proved.database == holder.described().await.database);
    holder.place(at(1)).await.unwrap();
    assert_eq!(holder.described().await.standing, 1);
    assert!(holder.count(&format!("SELECT count(*) FROM holds WHERE case_reference = '{CASE}'")).await == 1);
    holder.suite.stop().await;
}
