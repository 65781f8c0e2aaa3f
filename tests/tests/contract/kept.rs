//! What every service keeps: journals that verify to their end, and everything that follows from them made anew.

use super::{
    cases::{Way, tell, told, with},
    one_effect::{commands, header},
    support::{as_admin, rows_of, suite, value},
};
use holdfast_contracts::holdfast::access::v1::Role::{Operator, PolicyOwner, WorkCoach};
use holdfast_store::{Cases, process::Service};
use holdfast_tests::{
    pip::Step::{self, Attempt, ClosingNote, Decision, Determination},
    suite::TestSuite,
};
use serde_json::json;
use std::sync::Arc;

const SERVICES: [&dyn Service; 3] =
    [&holdfast_visiting::Program, &holdfast_conferencing::Program, &holdfast_safeguarding::Program];

/// What is derived from the journal, by service; the cases' heads beside.
const DERIVED: [&str; 12] = [
    "visiting.referrals",
    "visiting.tasks",
    "visiting.timers",
    "conferencing.work_log",
    "conferencing.sanction_cases",
    "conferencing.tasks",
    "conferencing.timers",
    "safeguarding.escalations",
    "safeguarding.areas",
    "safeguarding.overrides",
    "safeguarding.tasks",
    "safeguarding.timers",
];

/// An exception to the protection that was asked for; its reference.
async fn exception(suite: &TestSuite, id: &str) -> String {
    let asked = json!({
        "request_id": id, "award": {"customer": "C-1", "benefit": "BENEFIT_PIP", "award": "A-1"},
        "action": "ACTION_STOP", "ground": "ACTION_GROUND_OTHER", "until": "2026-06-20T09:00:00Z",
        "reason": "words", "legal_basis": "words",
    });
    let reply = told(suite, &tell("OverrideService/RequestOverride", PolicyOwner, asked)).await;
    reply["override"]["case_reference"].as_str().unwrap().to_owned()
}

/// A failed requirement that was recorded; its reference.
async fn failure(suite: &TestSuite, id: &str, failed_at: &str) -> String {
    let failed = json!({
        "request_id": id, "award": {"customer": "C-SC", "benefit": "BENEFIT_UNIVERSAL_CREDIT", "award": "A-SC"},
        "place": {"nation": "NATION_WALES", "area": "West"}, "requirement": "REQUIREMENT_INTERVIEW",
        "failed_at": failed_at, "account": "words",
    });
    let reply = told(suite, &tell("SanctionService/RecordFailedRequirement", WorkCoach, failed)).await;
    reply["case"]["case_reference"].as_str().unwrap().to_owned()
}

/// Cases at many stages, each with a command of its own; leaders who came and went; exceptions asked for and approved;
/// failed requirements, with and without a conference.
async fn some_cases(suite: &TestSuite) -> usize {
    let leader = |office: &str| json!({"person": "s.lead", "office": office, "since": "2024-04-01T00:00:00Z"});
    for (id, area, office) in [("l-1", "North", "NE-1"), ("l-2", "South", "SE-1"), ("l-3", "North", "NE-2")] {
        let set = json!({"request_id": id, "area": area, "leader": leader(office)});
        told(suite, &tell("DirectoryService/SetLeader", Operator, set)).await;
    }
    let removed = json!({"request_id": "l-4", "area": "South"});
    told(suite, &tell("DirectoryService/RemoveLeader", Operator, removed)).await;
    exception(suite, "ex-1").await;
    let case_reference = exception(suite, "ex-2").await;
    let read = tell("OverrideService/GetOverride", PolicyOwner, json!({"case_reference": case_reference}));
    let etag = told(suite, &read).await["effect"]["etag"].clone();
    let approved = json!({"request_id": "ex-3", "case_reference": case_reference, "etag": etag, "reason": "words"});
    told(suite, &tell("OverrideService/ApproveOverride", PolicyOwner, approved).by("another")).await;
    failure(suite, "sc-1", "2026-05-30T09:00:00Z").await;
    let case_reference = failure(suite, "sc-2", "2026-05-31T09:00:00Z").await;
    let held = json!({
        "request_id": "sc-3", "case_reference": case_reference, "occurred_at": "2026-06-01T07:59:00Z",
        "participants": [{"person": "p-1", "role": "ROLE_WORK_COACH"}, {"person": "p-2", "role": "ROLE_SITE_LEADER"}],
        "good_reason": "GOOD_REASON_NOT_SEEN", "requirement": "REQUIREMENT_ASSURANCE_REASONABLE", "account": "words",
    });
    told(suite, &tell("SanctionService/HoldSanctionConference", WorkCoach, held)).await;
    let mut cases = 0;
    for (number, (method, role, step, said)) in commands().into_iter().enumerate() {
        let way = Way::of(suite, &format!("A-{number}"), true).until(step).await;
        let said = with(header(&way, method, &format!("r-{number}")).await, said);
        told(suite, &tell(method, role, said)).await;
        cases += 1;
    }
    let ends = [Some(Step::SecondVisit), Some(Determination), Some(Attempt), Some(ClosingNote), Some(Decision), None];
    for (number, step) in ends.into_iter().enumerate() {
        Way::of(suite, &format!("B-{number}"), true).until(step).await;
        cases += 1;
    }
    suite.settle().await;
    cases
}

fn kinds(suite: &TestSuite) -> Vec<Arc<dyn Cases>> {
    SERVICES.iter().flat_map(|service| service.kinds(suite.store(service.workload()))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_journal_verifies_and_what_follows_from_it_is_made_anew_as_it_was() {
    let suite = suite().await;
    let made = some_cases(&suite).await;
    let schemas = ["visiting", "conferencing", "safeguarding"];
    let mut audited = Vec::new();
    for kind in kinds(&suite) {
        let audit = kind.audit().await.unwrap();
        assert_eq!(audit.findings, Vec::<String>::new());
        audited.push(audit.cases);
    }
    assert_eq!(audited.len(), 6);
    assert!(audited[..3] == [made, made - 1, 2] && audited[3] > 10 && audited[4..] == [2, 2], "{audited:?} of {made}");

    let before = rows_of(&suite, &DERIVED).await;
    for table in DERIVED.iter().filter(|table| !table.ends_with(".timers")) {
        assert!(!before[*table].is_empty(), "{table}");
    }
    let head = |schema: &str| {
        format!(
            "SELECT string_agg(concat_ws('|', case_reference, sequence, encode(hash, 'hex'), kind, customer, benefit, award, open), ',' ORDER BY case_reference) FROM {schema}.cases"
        )
    };
    let mut heads = Vec::new();
    for schema in schemas {
        heads.push(value(&suite, &head(schema)).await);
    }
    // Gone, and then wrong.
    let gone = DERIVED.map(|table| format!("DELETE FROM {table}")).into_iter();
    let gone: Vec<_> = gone.chain(schemas.map(|schema| format!("DELETE FROM {schema}.cases"))).collect();
    let wrong = [
        "UPDATE conferencing.work_log SET stage = 'decided', area = 'Elsewhere', lead = 'heo'",
        "UPDATE conferencing.sanction_cases SET stage = 'decided', area = 'Elsewhere', opened_by = 'nobody'",
        "UPDATE safeguarding.escalations SET stage = 'concluded', leader = 'nobody'",
        "UPDATE safeguarding.areas SET recorded_at = now()",
        "UPDATE safeguarding.overrides SET stage = 'approved', approved_by = 'nobody', until = now()",
        "UPDATE conferencing.tasks SET key = 'stale-' || key",
        "UPDATE safeguarding.tasks SET what = 'something else'",
        "INSERT INTO conferencing.timers SELECT case_reference, 'stale', now() FROM conferencing.cases",
    ];
    for changes in [gone, wrong.map(str::to_owned).into()] {
        for change in changes {
            assert!(as_admin(&suite, &change).await > 0 || change.contains("timers"), "{change}");
        }
        for kind in kinds(&suite) {
            kind.rebuild().await.unwrap();
        }
        let after = rows_of(&suite, &DERIVED).await;
        for table in DERIVED {
            assert_eq!(after[table], before[table], "{table}");
        }
        for (schema, before) in schemas.iter().zip(&heads) {
            assert_eq!(value(&suite, &head(schema)).await, *before, "{schema}.cases");
        }
    }
    suite.stop().await;
}

/// A change of any entry shows, whichever service keeps it.
#[tokio::test]
async fn a_change_shows_in_every_service() {
    let suite = suite().await;
    let leader = json!({"person": "s.lead", "office": "NE-1", "since": "2024-04-01T00:00:00Z"});
    let set = json!({"request_id": "l-1", "area": "North", "leader": leader});
    told(&suite, &tell("DirectoryService/SetLeader", Operator, set)).await;
    let exception = exception(&suite, "ex-1").await;
    let failure = failure(&suite, "sc-1", "2026-05-31T09:00:00Z").await;
    let way = Way::of(&suite, "A-1", true).until(Some(ClosingNote)).await;
    for (number, kind) in kinds(&suite).into_iter().enumerate() {
        let [conferencing, safeguarding] = ["conferencing", "safeguarding"];
        let schema = ["visiting", conferencing, conferencing, safeguarding, safeguarding, safeguarding][number];
        let case = [way.case.as_str(), &way.case, &failure, &way.case, "AREA-North", &exception][number];
        let change =
            format!("UPDATE {schema}.journal SET person = 'x' WHERE sequence = 1 AND case_reference = '{case}'");
        assert_eq!(as_admin(&suite, &change).await, 1, "{change}");
        let findings = kind.audit().await.unwrap().findings;
        assert!(findings.len() == 1 && findings[0].starts_with(case), "{findings:?}");
    }
    suite.stop().await;
}
