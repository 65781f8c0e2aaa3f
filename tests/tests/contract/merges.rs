//! Merges that a service is told of, in whichever order they arrive, whether or not it has a case of the customer.

use super::{
    customers::{pass_on, passed_on},
    support::{at, suite, value},
};
use holdfast_contracts::holdfast::{access::v1::Workload, customers::v1 as pb};

/// Which reference was given up for which, and when that was told.
type Merge = (&'static str, &'static str, &'static str);

/// Merges as they arrive, and what leads where in the end.
const TOLD: &[(&[Merge], &str)] = &[
    (&[A_TO_B, B_TO_C, C_TO_D], "A>D B>D C>D"),
    (&[A_TO_B, C_TO_D, B_TO_C], "A>D B>D C>D"),
    (&[B_TO_C, A_TO_B, C_TO_D], "A>D B>D C>D"),
    (&[B_TO_C, C_TO_D, A_TO_B], "A>D B>D C>D"),
    (&[C_TO_D, A_TO_B, B_TO_C], "A>D B>D C>D"),
    (&[C_TO_D, B_TO_C, A_TO_B], "A>D B>D C>D"),
    (&[A_TO_B, A_TO_B], "A>B"),
    // One that was given up by mistake, and is taken again.
    (&[A_TO_B, ("B", "A", "2026-05-02 10:00")], "B>A"),
    (&[("B", "A", "2026-05-02 10:00"), A_TO_B], "B>A"),
    // Into one that was itself given up long ago.
    (&[B_TO_C, ("A", "B", "2026-05-20 10:00")], "A>C B>C"),
];
const A_TO_B: Merge = ("A", "B", "2026-05-01 10:00");
const B_TO_C: Merge = ("B", "C", "2026-05-02 10:00");
const C_TO_D: Merge = ("C", "D", "2026-05-03 10:00");

#[tokio::test]
async fn merges_lead_to_the_same_reference_in_whichever_order_they_are_told() {
    let suite = suite().await;
    for (number, (merges, expected)) in TOLD.iter().enumerate() {
        let name = |letter: &str| format!("{letter}-{number}");
        for (place, (former, into, told_at)) in merges.iter().enumerate() {
            let call = passed_on("HF-ELSEWHERE");
            let told = call.told.clone().map(|told| pb::ToldFirst { at: at(told_at), customer: name(former), ..told });
            let merged = pb::PassedOnMerge { into: name(into) };
            let call = pb::PassOnCustomerFactRequest {
                request_id: format!("m-{number}-{place}"),
                customer: name(former),
                told,
                fact: Some(pb::pass_on_customer_fact_request::Fact::Merged(merged)),
                ..call
            };
            pass_on(&suite, Workload::Conferencing, call).await.unwrap();
        }
        let kept = format!(
            "SELECT replace(string_agg(former || '>' || present, ' ' ORDER BY former), '-{number}', '')
             FROM visiting.customer_names WHERE former LIKE '%-{number}'"
        );
        assert_eq!(value(&suite, &kept).await, *expected, "{merges:?}");
    }
    suite.stop().await;
}
