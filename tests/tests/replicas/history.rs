//! What the journals tell at the end: each case once, each step once, in one order, and the same in every service.

use crate::fleet::{Fleet, SERVICES};
use holdfast::suite::Suite;
use holdfast_chassis::Clock;
use holdfast_conferencing::Conferences;
use holdfast_procedure::{Workload, conferencing, escalation, guidance::Guidance, visiting};
use holdfast_store::Store;
use holdfast_tests::suite::FINGERPRINT_KEY;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::{
    collections::{BTreeMap, HashSet},
    time::{Duration, Instant},
};

/// Completes when no call waits any more, and says how long that took.
pub(crate) async fn until_everything_is_delivered(fleet: &Fleet, within: Duration) -> Duration {
    let begun = Instant::now();
    let mut admin = PgConnection::connect(&fleet.url).await.unwrap();
    loop {
        let mut waiting = 0;
        for service in SERVICES {
            waiting += count(&mut admin, service.schema().name, "outbox WHERE delivered_at IS NULL").await;
        }
        if waiting == 0 {
            admin.close().await.unwrap();
            return begun.elapsed();
        }
        assert!(begun.elapsed() < within, "{waiting} calls still wait");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn count(admin: &mut PgConnection, schema: &str, what: &str) -> i64 {
    sqlx::query(AssertSqlSafe(format!("SET search_path = {schema}"))).execute(&mut *admin).await.unwrap();
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {what}"))).fetch_one(admin).await.unwrap()
}

/// Fails where any history is not the one that was worked for.
pub(crate) async fn check(fleet: &Fleet, cases: &[String]) {
    assert_eq!(cases.iter().collect::<HashSet<_>>().len(), crate::CASES, "a case was opened twice");
    let key = FINGERPRINT_KEY.to_owned();
    let suite = Suite::open(&fleet.url, Clock::System, Guidance::published(), key).await.unwrap();
    let mut admin = PgConnection::connect(&fleet.url).await.unwrap();
    for service in SERVICES {
        let schema = service.schema().name;
        let store = suite.store(service.workload()).unwrap();
        let mut audited = 0;
        for kind in service.kinds(store) {
            let audit = kind.audit().await.unwrap();
            assert_eq!(audit.findings, Vec::<String>::new(), "{schema}");
            audited += audit.cases;
        }
        let expected = if service.workload() == Workload::Safeguarding { crate::CASES / 2 } else { crate::CASES };
        assert_eq!(audited, expected, "{schema}");
        nothing_twice(&mut admin, schema).await;
        one_story(&mut admin, schema).await;
    }
    admin.close().await.unwrap();
    let store = |of| suite.store(of).unwrap();
    for case in cases {
        alike(case, store(Workload::Visiting), store(Workload::Conferencing), store(Workload::Safeguarding)).await;
    }
}

/// No journal with a gap, no request carried out twice, no second case about an award, no call parked.
async fn nothing_twice(admin: &mut PgConnection, schema: &str) {
    for what in [
        "(SELECT FROM journal GROUP BY case_reference HAVING max(sequence) <> count(*)) AS gaps",
        "(SELECT FROM journal WHERE request_id IS NOT NULL AND ordinal = 0
          GROUP BY workload, person, request_id HAVING count(*) > 1) AS twice",
        "(SELECT FROM receipts FULL JOIN (SELECT * FROM journal WHERE request_id IS NOT NULL AND ordinal = 0) AS kept
              USING (workload, person, request_id)
          WHERE receipts.case_reference IS DISTINCT FROM kept.case_reference) AS without_receipt",
        "(SELECT FROM cases WHERE award IS NOT NULL GROUP BY award HAVING count(*) > 1) AS awards",
        "outbox WHERE parked_at IS NOT NULL OR locked_by IS NOT NULL",
    ] {
        assert_eq!(count(admin, schema, what).await, 0, "{schema}: {what}");
    }
}

/// Cases that were worked on alike have journals that tell alike: the same commands with the same events, in the same
/// order, each once.
async fn one_story(admin: &mut PgConnection, schema: &str) {
    let query = format!(
        "SELECT string_agg(concat_ws(' ', command, ordinal, event_name, role, workload, array_to_string(rules, ',')), E'\\n'
                           ORDER BY sequence)
         FROM {schema}.journal GROUP BY case_reference"
    );
    let stories: Vec<String> = sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(admin).await.unwrap();
    let mut told = BTreeMap::<_, usize>::new();
    for story in &stories {
        *told.entry(story.as_str()).or_default() += 1;
    }
    // With a concern, and without.
    let kinds = if schema == "conferencing" { 2 } else { 1 };
    let each = stories.len() / kinds;
    assert!(told.len() == kinds && told.values().all(|count| *count == each), "{schema} tells otherwise: {told:#?}");
}

/// What the services hold of a case fits together.
async fn alike(case: &str, at_visiting: &Store, at_conferencing: &Store, at_safeguarding: &Store) {
    let visited = at_visiting.read::<holdfast_visiting::Referrals>(case).await.unwrap().state;
    let conferred = at_conferencing.read::<Conferences>(case).await.unwrap().state;
    assert_eq!(visited.stage, visiting::Stage::EndedDecided, "{case}");
    assert_eq!(conferred.stage, conferencing::Stage::Decided, "{case}");
    let file = visiting::file(&visited).expect("a file");
    assert_eq!(conferred.received.expect("it was received").file, file, "{case}");
    let concern = conferred.determination.expect("a determination").concern;
    let escalated = at_safeguarding.read::<holdfast_safeguarding::Escalations>(case).await;
    assert_eq!(escalated.is_ok(), concern, "{case}");
    assert_eq!(conferred.outcomes.len(), usize::from(concern), "{case}");
    if let Ok(escalated) = escalated {
        assert_eq!(escalated.state.rounds.len(), 1, "{case}: one escalation for one concern");
        assert_eq!(escalation::summary(&escalated.state).as_ref(), conferred.outcomes.first(), "{case}");
    }
}
