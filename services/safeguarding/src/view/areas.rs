//! The directory: which area has which leader, and which has none.

use crate::convert::reply;
use chrono::{DateTime, Utc};
use holdfast_chassis::{Failure, page};
use holdfast_contracts::holdfast::safeguarding::v1 as pb;
use holdfast_procedure::directory::{Leader, Leaders, State};
use holdfast_store::{Connection, DbFault, Store, wire};
use serde::Serialize;
use sqlx::{Row, postgres::PgRow};

/// How many waiting cases are taken on at a time.
const BATCH: i64 = 100;

/// Brings an area's row up to its present state.
pub(crate) async fn project(connection: &mut Connection, state: &State) -> Result<(), sqlx::Error> {
    let (Some(area), Some(since)) = (&state.area, state.since) else { return Ok(()) };
    let leader = state.leader.as_ref();
    sqlx::query(
        "INSERT INTO areas (area, person, office, telephone, leader_since, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (area) DO UPDATE
         SET person = excluded.person, office = excluded.office, telephone = excluded.telephone,
             leader_since = excluded.leader_since, recorded_at = excluded.recorded_at",
    )
    .bind(area)
    .bind(leader.map(|leader| leader.person.as_str()))
    .bind(leader.map(|leader| leader.office.as_str()))
    .bind(leader.and_then(|leader| leader.telephone.as_deref()))
    .bind(leader.map(|leader| leader.since))
    .bind(since)
    .execute(connection)
    .await?;
    Ok(())
}

/// Who leads where, as the directory stands.
pub(crate) async fn leaders(store: &Store) -> Result<Leaders, Failure> {
    let rows = sqlx::query("SELECT area, person, office, telephone, leader_since FROM areas WHERE person IS NOT NULL")
        .fetch_all(store.pool())
        .await
        .map_err(DbFault::from)?;
    let entry = |row: &PgRow| Ok((row.try_get("area")?, leader(row)?));
    Ok(rows.iter().map(entry).collect::<Result<_, sqlx::Error>>().map_err(DbFault::from)?)
}

/// Cases that wait for an area which has a leader by now: the case, the area and the leader.
pub(crate) async fn waiting_with_leader(store: &Store) -> Result<Vec<(String, String, Leader)>, Failure> {
    let rows = sqlx::query(
        "SELECT case_reference, areas.area, person, office, telephone, leader_since
         FROM escalations JOIN areas ON areas.area = awaits_leader_of
         WHERE person IS NOT NULL
         ORDER BY awaits_since, case_reference LIMIT $1",
    )
    .bind(BATCH)
    .fetch_all(store.pool())
    .await
    .map_err(DbFault::from)?;
    let found = |row: &PgRow| Ok((row.try_get("case_reference")?, row.try_get("area")?, leader(row)?));
    Ok(rows.iter().map(found).collect::<Result<_, sqlx::Error>>().map_err(DbFault::from)?)
}

fn leader(row: &PgRow) -> Result<Leader, sqlx::Error> {
    Ok(Leader {
        person: row.try_get("person")?,
        office: row.try_get("office")?,
        telephone: row.try_get("telephone")?,
        since: row.try_get("leader_since")?,
    })
}

/// Which areas to list. All that is given must hold.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Filter {
    pub(crate) person: Option<String>,
    pub(crate) office: Option<String>,
}

/// Lists areas that have a leader, by code, and the last of them if there are more.
pub(crate) async fn list(
    store: &Store,
    filter: &Filter,
    after: Option<String>,
    limit: u32,
) -> Result<(Vec<pb::Area>, Option<String>), Failure> {
    let rows = sqlx::query(
        r#"SELECT area, person, office, telephone, leader_since, recorded_at
         FROM areas
         WHERE person IS NOT NULL AND ($1::text IS NULL OR person = $1) AND ($2::text IS NULL OR office = $2)
             AND ($3::text IS NULL OR area COLLATE "C" > $3)
         ORDER BY area COLLATE "C"
         LIMIT $4"#,
    )
    .bind(filter.person.as_deref())
    .bind(filter.office.as_deref())
    .bind(after)
    .bind(i64::from(limit) + 1)
    .fetch_all(store.pool())
    .await
    .map_err(DbFault::from)?;
    let (rows, is_more) = page::cut(rows, limit);
    let told = |row: &PgRow| {
        let recorded_at: DateTime<Utc> = row.try_get("recorded_at")?;
        let leader = reply::leader(&leader(row)?);
        Ok(pb::Area {
            area: row.try_get("area")?,
            leader: Some(leader),
            recorded_at: Some(wire::timestamp(recorded_at)),
        })
    };
    let areas: Vec<_> = rows.iter().map(told).collect::<Result<_, sqlx::Error>>().map_err(DbFault::from)?;
    let next = areas.last().filter(|_| is_more).map(|last| last.area.clone());
    Ok((areas, next))
}

/// Lists areas without a leader that a referral waits for, or that had one, by code, and the last if there are more.
pub(crate) async fn uncovered(
    store: &Store,
    after: Option<String>,
    limit: u32,
) -> Result<(Vec<pb::UncoveredArea>, Option<String>), Failure> {
    let rows = sqlx::query(
        r#"SELECT area, COALESCE(cases, 0) AS cases, waiting_since, recorded_at
         FROM (SELECT area, recorded_at FROM areas WHERE person IS NULL) AS vacant
         FULL JOIN (SELECT awaits_leader_of AS area, count(*) AS cases, min(awaits_since) AS waiting_since
             FROM escalations WHERE awaits_leader_of IS NOT NULL GROUP BY awaits_leader_of) AS waiting USING (area)
         WHERE NOT EXISTS (SELECT FROM areas AS led WHERE led.area = COALESCE(vacant.area, waiting.area)
             AND led.person IS NOT NULL)
             AND ($1::text IS NULL OR area COLLATE "C" > $1)
         ORDER BY area COLLATE "C"
         LIMIT $2"#,
    )
    .bind(after)
    .bind(i64::from(limit) + 1)
    .fetch_all(store.pool())
    .await
    .map_err(DbFault::from)?;
    let (rows, is_more) = page::cut(rows, limit);
    let told = |row: &PgRow| {
        let waiting_since: Option<DateTime<Utc>> = row.try_get("waiting_since")?;
        let vacant_since: Option<DateTime<Utc>> = row.try_get("recorded_at")?;
        Ok(pb::UncoveredArea {
            area: row.try_get("area")?,
            cases_waiting: u32::try_from(row.try_get::<i64, _>("cases")?).unwrap_or(u32::MAX),
            waiting_since: waiting_since.map(wire::timestamp),
            without_leader_since: vacant_since.map(wire::timestamp),
        })
    };
    let areas: Vec<_> = rows.iter().map(told).collect::<Result<_, sqlx::Error>>().map_err(DbFault::from)?;
    let next = areas.last().filter(|_| is_more).map(|last| last.area.clone());
    Ok((areas, next))
}
