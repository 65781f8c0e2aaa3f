//! The journal: a chain of hashes that shows tampering, with everything needed to say who did what under which text.

use super::support::{
    VISITING, admin, as_admin, ask, awaiting_contact, call, contact, ineffective, path, suite, value, visit,
};
use holdfast_contracts::holdfast::{access::v1::Role, common::v1 as common, visiting::v1 as pb};
use holdfast_store::{Audit, Entry, JournalFault, verify};
use holdfast_tests::{observed::Observed, suite::TestSuite};
use holdfast_visiting::Referrals;
use prost::Message;
use sqlx::{AssertSqlSafe, Connection, Row, postgres::PgRow};

/// A case with a journal of many entries.
async fn long_case(suite: &TestSuite) -> String {
    let (case, _) = awaiting_contact(suite, "one").await;
    for number in 0..10 {
        let minute = format!("2026-06-01 08:{}", 35 + number);
        let visited = visit(&format!("v-{number}"), &case, ineffective(&minute));
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visited).send(suite).await.unwrap();
        let told = contact(&format!("c-{number}"), &case, &minute);
        ask("VisitingService/RecordContact", Role::CesTeam, &told).send(suite).await.unwrap();
    }
    suite.move_clock("2026-06-09 00:00").await;
    case
}

async fn entries(suite: &TestSuite, case: &str) -> Vec<Entry> {
    suite.store(VISITING).timeline(case, 0, i64::MAX).await.unwrap()
}

/// Every change that an administrator could make to what is kept, and what shows it.
fn changes() -> Vec<(String, Result<(), JournalFault>)> {
    let altered = Err(JournalFault::Altered(5));
    let in_place = [
        "recorded_at = recorded_at + interval '1 microsecond'",
        "occurred_at = occurred_at - interval '1 hour'",
        "person = 'somebody-else'",
        "role = 'referrer'",
        "workload = 'payments'",
        "command = 'RecordLetter'",
        "request_id = 'another'",
        "request_id = NULL",
        "ordinal = ordinal + 1",
        "event_name = 'letter_recorded'",
        "event = (event::text || ' ')::json",
        "rules = rules || '{PIP-99}'::text[]",
        "guidance_version = 'pip/2'",
        "trace_id = 'x'",
        "hash = sha256(hash)",
    ];
    let changes =
        in_place.map(|set| (format!("UPDATE visiting.journal SET {set} WHERE sequence = 5"), altered.clone()));
    let moved = [
        ("DELETE FROM visiting.journal WHERE sequence = 5", Err(JournalFault::Gap(6))),
        ("DELETE FROM visiting.journal WHERE sequence = 1", Err(JournalFault::Gap(2))),
        (
            "DELETE FROM visiting.journal WHERE sequence = 5;
          UPDATE visiting.journal SET sequence = -sequence WHERE false;
          UPDATE visiting.journal SET sequence = 5 WHERE sequence = 6",
            altered.clone(),
        ),
        (
            "UPDATE visiting.journal SET sequence = 9005 WHERE sequence = 5;
          UPDATE visiting.journal SET sequence = 5 WHERE sequence = 6;
          UPDATE visiting.journal SET sequence = 6 WHERE sequence = 9005",
            altered.clone(),
        ),
        ("UPDATE visiting.journal SET case_reference = 'HF-OTHER' WHERE sequence = 5", Err(JournalFault::Gap(6))),
    ];
    changes.into_iter().chain(moved.map(|(change, found)| (change.to_owned(), found))).collect()
}

#[tokio::test]
async fn tampering_shows() {
    let suite = suite().await;
    let case = long_case(&suite).await;
    let written = entries(&suite, &case).await;
    assert!(written.len() > 30, "{}", written.len());
    verify(&written).unwrap();
    for (change, found) in changes() {
        // Within a transaction that is given up, so that each change meets the journal as it was written.
        let mut admin = admin(&suite).await;
        let mut changing = admin.begin().await.unwrap();
        for statement in change.split(';') {
            sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&mut *changing).await.unwrap();
        }
        let rows =
            "SELECT case_reference, sequence, recorded_at, occurred_at, person, role, workload, command, request_id,
            ordinal, event_name, event::text AS event, rules, guidance_version, trace_id, hash
            FROM visiting.journal WHERE case_reference = $1 ORDER BY sequence";
        let rows = sqlx::query(rows).bind(&case).fetch_all(&mut *changing).await.unwrap();
        let read: Vec<_> = rows.iter().map(entry).collect();
        assert_eq!(verify(&read), found, "{change}");
    }
    assert_eq!(entries(&suite, &case).await, written);
    suite.stop().await;
}

/// A row of the journal, read without the product's help.
fn entry(row: &PgRow) -> Entry {
    let name = |column: &str| serde_json::Value::String(row.get(column));
    Entry {
        case: row.get("case_reference"),
        sequence: row.get("sequence"),
        recorded_at: row.get("recorded_at"),
        occurred_at: row.get("occurred_at"),
        actor: holdfast_procedure::Actor {
            person: row.get("person"),
            role: serde_json::from_value(name("role")).unwrap(),
            workload: serde_json::from_value(name("workload")).unwrap(),
        },
        command: row.get("command"),
        request_id: row.get("request_id"),
        ordinal: row.get("ordinal"),
        event_name: row.get("event_name"),
        event: row.get("event"),
        rules: row.get("rules"),
        guidance_version: row.get("guidance_version"),
        trace_id: row.get("trace_id"),
        hash: row.get("hash"),
    }
}

/// The chain alone cannot show that its end is missing; the case's head can.
#[tokio::test]
async fn a_missing_end_shows_against_the_head() {
    let suite = suite().await;
    let case = long_case(&suite).await;
    let head = "SELECT encode(hash, 'hex') FROM visiting.cases";
    let last = "SELECT encode(hash, 'hex') FROM visiting.journal ORDER BY sequence DESC LIMIT 1";
    assert_eq!(value(&suite, head).await, value(&suite, last).await);
    let store = suite.store(VISITING);
    assert_eq!(store.audit::<Referrals>().await.unwrap(), Audit { cases: 1, findings: vec![] });
    let cut = "DELETE FROM visiting.journal WHERE sequence = (SELECT max(sequence) FROM visiting.journal)";
    assert_eq!(as_admin(&suite, cut).await, 1);
    verify(&entries(&suite, &case).await).unwrap();
    assert_ne!(value(&suite, head).await, value(&suite, last).await);
    let found = store.audit::<Referrals>().await.unwrap().findings;
    assert_eq!(found, [format!("{case}: the journal does not end where the case's head says")]);
    as_admin(&suite, "DELETE FROM visiting.journal WHERE sequence = 5").await;
    let found = store.audit::<Referrals>().await.unwrap().findings;
    assert_eq!(found, [format!("{case}: entry 6 does not follow on the one before it")]);
    as_admin(&suite, "DELETE FROM visiting.journal").await;
    assert_eq!(store.audit::<Referrals>().await.unwrap().findings.len(), 1);
    suite.stop().await;
}

#[tokio::test]
async fn every_entry_says_who_when_why_and_under_which_text() {
    let _telemetry = tokio::task::spawn_blocking(Observed::start).await.unwrap();
    let suite = suite().await;
    let (case, _) = awaiting_contact(&suite, "one").await;
    suite.clock.advance(chrono::TimeDelta::minutes(5));
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let told = contact("traced", &case, "2026-06-01 08:45");
    let mut request = suite.request("p-7", Role::CesTeam, told.encode_to_vec());
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    request.metadata_mut().insert("traceparent", parent.parse().unwrap());
    call(&suite.channel, path("VisitingService/RecordContact"), request).await.unwrap();

    let entries: Vec<_> = entries(&suite, &case)
        .await
        .into_iter()
        .filter(|entry| entry.request_id.as_deref() == Some("traced"))
        .collect();
    assert!(entries.len() > 1);
    for entry in &entries {
        assert_eq!(entry.trace_id, trace);
        assert_eq!(entry.command, "RecordContact");
        assert_eq!(entry.guidance_version, "pip/1");
        assert_eq!(entry.actor.person, "p-7");
        assert_eq!(entry.recorded_at, suite.clock.now());
    }
    let asked = pb::GetTimelineRequest { case_reference: case.clone(), ..Default::default() };
    let reply: pb::GetTimelineResponse = ask("VisitingService/GetTimeline", Role::Auditor, &asked).reply(&suite).await;
    let told: &common::TimelineEntry = reply.entries.iter().find(|entry| entry.request_id == "traced").unwrap();
    assert_eq!((told.event.as_str(), told.guidance_version.as_str()), ("contact_recorded", "pip/1"));
    assert_eq!(told.occurred_at, super::support::at("2026-06-01 08:45"));
    assert_eq!(told.recorded_at, super::support::at("2026-06-01 09:05"));
    let actor = told.actor.clone().unwrap();
    assert_eq!((actor.person.as_str(), actor.role()), ("p-7", Role::CesTeam));
    assert_eq!(told.hash.len(), 64);
    suite.stop().await;
}
