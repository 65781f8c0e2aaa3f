//! Everything that is kept, without what differs from run to run: instants at which things were recorded, hashes, traces,
//! and names given by chance.

use crate::world::{SERVICES, World, begin, stores};
use chrono::{DateTime, TimeDelta};
use holdfast::suite::Suite;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::collections::BTreeMap;

/// Every row of every table, by service and table.
pub(crate) type Picture = BTreeMap<String, Vec<String>>;

/// What is different each time, or tells of attempts rather than of what came of them. The ledger counts changes in the
/// order in which they arrive, which is another where something was repeated; a change as it came names its case.
const APART: [&str; 17] = [
    "counter",
    "hold",
    "hash",
    "trace_id",
    "fingerprint",
    "reply",
    "request",
    "tx",
    "id",
    "attempts",
    "refusals",
    "refused_at",
    "forgotten",
    "attempt_at",
    "last_failure",
    "calendar_revision",
    "etag",
];
/// Tables that tell how often somebody asked.
const ASKED: [&str; 1] = ["proofs"];
/// What a narrative's reference begins with.
const WORDS: &str = "N-";

/// Everything that is kept.
pub(crate) async fn picture(world: &World) -> Picture {
    let mut admin = world.admin().await;
    let names = names(&mut admin).await;
    let mut picture = Picture::new();
    for service in SERVICES {
        let schema = service.schema().name;
        let tables = sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = $1 ORDER BY 1");
        let tables: Vec<String> = tables.bind(schema).fetch_all(&mut admin).await.unwrap();
        let kept = |table: &&String| !table.starts_with('_') && !ASKED.contains(&table.as_str());
        for table in tables.iter().filter(kept) {
            let query = format!("SELECT to_jsonb(row)::text FROM {schema}.{table} AS row");
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&mut admin).await.unwrap();
            let mut rows: Vec<_> = rows.iter().map(|row| plain(row, &names)).collect();
            rows.sort();
            picture.insert(format!("{schema}.{table}"), rows);
        }
    }
    admin.close().await.unwrap();
    picture
}

/// The references of cases, and what they are called here: by their award.
async fn names(admin: &mut PgConnection) -> Vec<(String, String)> {
    let known = "SELECT case_reference, 'HF of ' || award FROM visiting.cases WHERE award IS NOT NULL";
    sqlx::query_as(known).fetch_all(admin).await.unwrap()
}

fn plain(row: &str, names: &[(String, String)]) -> String {
    let named = names.iter().fold(row.to_owned(), |row, (case, name)| row.replace(case, name));
    let mut value: Value = serde_json::from_str(&named).expect("a row");
    blur(&mut value);
    value.to_string()
}

/// Takes out what differs from run to run. Instants of the run itself are one as good as another; all others stay.
fn blur(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !APART.contains(&name.as_str()));
            fields.values_mut().for_each(blur);
        }
        Value::Array(values) => values.iter_mut().for_each(blur),
        Value::String(text) => {
            let during = begin()..begin() + TimeDelta::hours(2);
            if DateTime::parse_from_rfc3339(text).is_ok_and(|at| during.contains(&at.to_utc())) {
                "during the run".clone_into(text);
            } else if text.starts_with(WORDS) {
                "words".clone_into(text);
            } else if let Some(unmarked) = unmarked(text) {
                *text = unmarked;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The request id of a call between services, without the hash of the entry that it follows from.
fn unmarked(id: &str) -> Option<String> {
    let (before, ordinal) = id.rsplit_once('.')?;
    let (entry, hash) = before.rsplit_once('-')?;
    let is_hash = hash.parse::<u32>().is_ok();
    (is_hash && ordinal.parse::<usize>().is_ok()).then(|| format!("{entry}.{ordinal}"))
}

/// Fails where two pictures differ, and says in what.
pub(crate) fn differences(is: &Picture, should_be: &Picture) -> Vec<String> {
    let mut found = Vec::new();
    for (table, rows) in should_be {
        let there = is.get(table).map(Vec::as_slice).unwrap_or_default();
        let lacks = surplus(rows, there);
        let more = surplus(there, rows);
        found.extend(lacks.iter().map(|row| format!("{table} lacks {row}")));
        found.extend(more.iter().map(|row| format!("{table} has besides {row}")));
    }
    found
}

/// The rows of the one that the other does not have, or not as often.
fn surplus<'a>(one: &'a [String], other: &[String]) -> Vec<&'a String> {
    let mut left: Vec<_> = other.iter().collect();
    let mut surplus = Vec::new();
    for row in one {
        match left.iter().position(|there| *there == row) {
            Some(place) => drop(left.swap_remove(place)),
            None => surplus.push(row),
        }
    }
    surplus
}

/// What no run may break, whatever the undisturbed one looks like: hash chains without gaps, every call delivered, one
/// case for an award, a request carried out once.
pub(crate) async fn faults(world: &World, suite: &Suite) -> Vec<String> {
    let mut found = Vec::new();
    for (service, store) in stores(suite) {
        for kind in service.kinds(store) {
            found.extend(kind.audit().await.expect("an audit").findings);
        }
    }
    let mut admin = world.admin().await;
    for service in SERVICES {
        let schema = service.schema().name;
        for (what, query) in [
            (
                "undelivered calls",
                "outbox WHERE delivered_at IS NULL OR parked_at IS NOT NULL OR locked_by IS NOT NULL",
            ),
            (
                "awards with several cases",
                "(SELECT FROM cases WHERE award IS NOT NULL GROUP BY customer, benefit, award HAVING count(*) > 1) AS t",
            ),
            (
                "journals with gaps",
                "(SELECT FROM journal GROUP BY case_reference HAVING max(sequence) <> count(*)) AS t",
            ),
            (
                "requests carried out twice",
                "(SELECT FROM journal WHERE request_id IS NOT NULL AND ordinal = 0
                  GROUP BY workload, person, request_id HAVING count(*) > 1) AS t",
            ),
        ] {
            let query = format!("SET search_path = {schema}; SELECT count(*) FROM {query}");
            let (set, count) = query.split_once(';').expect("two statements");
            sqlx::query(AssertSqlSafe(set.to_owned())).execute(&mut admin).await.unwrap();
            let count: i64 = sqlx::query_scalar(AssertSqlSafe(count.to_owned())).fetch_one(&mut admin).await.unwrap();
            if count > 0 {
                found.push(format!("{schema}: {count} {what}"));
            }
        }
    }
    admin.close().await.unwrap();
    found
}

#[test]
fn what_is_taken_out_of_a_picture_is_what_differs_from_run_to_run() {
    let names = [("HF-1".to_owned(), "HF of A".to_owned())];
    let row = r#"{"a": "2026-06-10T12:30:00+00:00", "b": "2026-06-10T10:00:00Z", "c": "N-12", "d": ["HF-1.x", "HF-1.y.3-2892235346.0"], "hash": 1}"#;
    let seen = plain(row, &names);
    let expected = r#"{"a":"during the run","b":"2026-06-10T10:00:00Z","c":"words","d":["HF of A.x","HF of A.y.3.0"]}"#;
    assert_eq!(seen, expected);
    let of = |rows: &[&str]| Picture::from([("t".to_owned(), rows.iter().map(|row| (*row).to_owned()).collect())]);
    assert_eq!(differences(&of(&["a", "a"]), &of(&["a"])), ["t has besides a"]);
    assert_eq!(differences(&of(&["b"]), &of(&["a"])), ["t lacks a", "t has besides b"]);
}
