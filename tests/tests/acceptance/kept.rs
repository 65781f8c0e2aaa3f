//! Whatever words a scenario had kept, some entry of a case's history gives their reference to those who read it.

use holdfast_contracts::holdfast::{
    access::v1::Role, conferencing::v1 as conferencing, safeguarding::v1 as safeguarding, visiting::v1 as visiting,
};
use holdfast_tests::suite::TestSuite;
use sqlx::{AssertSqlSafe, PgConnection};
use std::collections::BTreeSet;

/// The references that a case's history gives.
macro_rules! told {
    ($suite:expr, $client:ident, $of:ident::$request:ident, $case:expr) => {{
        let asked = $of::$request { case_reference: $case.to_owned(), page_size: 500, page_token: String::new() };
        let reply = $suite.$client().get_timeline($suite.request("a.auditor", Role::Auditor, asked)).await;
        reply.expect("a history").into_inner().entries.into_iter().flat_map(|entry| entry.narratives).collect()
    }};
}

/// All words that are kept can be found by whoever reads a history.
pub(crate) async fn all_words_are_told_of(suite: &TestSuite, connection: &mut PgConnection) {
    for service in ["visiting", "conferencing", "safeguarding"] {
        let kept =
            format!("SELECT case_reference, array_agg(reference) FROM {service}.narrative GROUP BY case_reference");
        let kept: Vec<(String, Vec<String>)> =
            sqlx::query_as(AssertSqlSafe(kept)).fetch_all(&mut *connection).await.expect("what is kept");
        for (case, references) in kept {
            let told: BTreeSet<String> = match (service, case.split('-').next()) {
                ("visiting", _) => told!(suite, visiting, visiting::GetTimelineRequest, case),
                ("conferencing", Some("SC")) => {
                    told!(suite, sanctions, conferencing::SanctionServiceGetTimelineRequest, case)
                }
                ("conferencing", _) => told!(suite, conferencing, conferencing::GetTimelineRequest, case),
                (_, Some("EX")) => told!(suite, overrides, safeguarding::OverrideServiceGetTimelineRequest, case),
                _ => told!(suite, escalations, safeguarding::GetTimelineRequest, case),
            };
            let lost: Vec<_> = references.iter().filter(|reference| !told.contains(*reference)).collect();
            assert!(lost.is_empty(), "no entry of {service}'s history of {case} tells of the words {lost:?}");
        }
    }
}
