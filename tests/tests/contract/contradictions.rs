//! Requests whose parts are right by themselves and contradict each other.

use super::{
    bad_input::{Bad, all_are_refused, concern},
    support::{ask, at, awaiting_contact, referral, suite},
};
use holdfast_contracts::holdfast::{access::v1::Role, visiting::v1 as pb};

/// Each with the fields that contradict.
fn contradictions(case: &str) -> Vec<Bad> {
    let referral = referral("r");
    let raised = pb::RaiseConcernRequest {
        award: referral.award.clone(),
        place: referral.place.clone(),
        ..concern(case, "2026-06-01 08:30")
    };
    let trace = pb::AddressTrace {
        occurred_at: at("2026-06-01 08:30"),
        result: pb::TraceResult::NotFound.into(),
        place: raised.place.clone(),
        account: "what was done".to_owned(),
    };
    let traced = pb::RecordAddressTraceRequest {
        request_id: "r".to_owned(),
        case_reference: case.to_owned(),
        address_trace: Some(trace),
        ..Default::default()
    };
    let condition = Some(pb::KnownOrNot { text: "what it is".to_owned(), not_known: true });
    let form = pb::VisitingForm {
        condition,
        representative: Some(pb::KnownOrNot::default()),
        telephone: "ask for Jo".to_owned(),
        ..Default::default()
    };
    let referred = pb::ReferForVisitRequest { form: Some(form), ..referral };
    vec![
        (ask("VisitingService/RaiseConcern", Role::Officer, &raised), &["award", "place"]),
        (ask("VisitingService/RecordAddressTrace", Role::Referrer, &traced), &["address_trace.place"]),
        (
            ask("VisitingService/ReferForVisit", Role::Referrer, &referred),
            &["form.condition.text", "form.representative.text", "form.telephone"],
        ),
    ]
}

#[tokio::test]
async fn parts_that_contradict_each_other_are_named() {
    let suite = suite().await;
    let (case, _) = awaiting_contact(&suite, "one").await;
    all_are_refused(&suite, contradictions(&case)).await;
    suite.stop().await;
}
