//! Exceptions to the protection that were ever asked for.

use crate::convert::overrides as convert;
use chrono::{DateTime, Utc};
use holdfast_chassis::{Failure, page};
use holdfast_contracts::holdfast::safeguarding::v1 as pb;
use holdfast_procedure::{
    Award, Benefit,
    exception::{Stage, State},
};
use holdfast_store::{Connection, DbFault, Store, wire};
use serde::{Deserialize, Serialize};
use sqlx::{Row, postgres::PgRow};

/// Brings an override's row up to its present state.
pub(crate) async fn project(connection: &mut Connection, case: &str, state: &State) -> Result<(), sqlx::Error> {
    let Some(request) = &state.request else { return Ok(()) };
    let asked = &request.what;
    sqlx::query(
        "INSERT INTO overrides (case_reference, customer, benefit, award, action, ground, stage, until, requested_by,
             requested_at, approved_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (case_reference) DO UPDATE
         SET customer = excluded.customer, benefit = excluded.benefit, award = excluded.award,
             action = excluded.action, ground = excluded.ground, stage = excluded.stage, until = excluded.until,
             requested_by = excluded.requested_by, requested_at = excluded.requested_at,
             approved_by = excluded.approved_by",
    )
    .bind(case)
    .bind(&asked.award.customer)
    .bind(wire::stored(&asked.award.benefit))
    .bind(&asked.award.award)
    .bind(wire::stored(&asked.action))
    .bind(wire::stored(&asked.ground))
    .bind(wire::stored(&state.recorded()))
    .bind(asked.until)
    .bind(&request.by.person)
    .bind(request.at)
    .bind(state.approved.as_ref().map(|approved| approved.by.person.as_str()))
    .execute(connection)
    .await?;
    Ok(())
}

/// The instant by which it is told what is over: the same clock that facts are recorded by.
pub(crate) async fn now(store: &Store) -> Result<DateTime<Utc>, Failure> {
    let now = sqlx::query_scalar("SELECT COALESCE($1::timestamptz, clock_timestamp())");
    Ok(now.bind(store.clock().instead_of_database()).fetch_one(store.pool()).await.map_err(DbFault::from)?)
}

/// Which overrides to list. All that is given must hold.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Filter {
    pub(crate) customer: Option<String>,
    pub(crate) award: Option<String>,
    pub(crate) benefit: Option<Benefit>,
    pub(crate) stage: Option<Stage>,
    pub(crate) requested_by: Option<String>,
}

/// Where a page of overrides ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct After {
    requested_at: DateTime<Utc>,
    case: String,
}

/// The stages on record behind the stage that is asked for, and whether the end lies ahead, has passed or is the same.
fn behind(stage: Stage) -> (Vec<String>, Option<bool>) {
    let (recorded, ahead): (&[Stage], _) = match stage {
        Stage::Requested => (&[Stage::Requested], Some(true)),
        Stage::Approved => (&[Stage::Approved], Some(true)),
        Stage::Expired => (&[Stage::Requested, Stage::Approved], Some(false)),
        Stage::Declined => (&[Stage::Declined], None),
        Stage::Revoked => (&[Stage::Revoked], None),
    };
    (recorded.iter().map(wire::stored).collect(), ahead)
}

/// Lists overrides as they are at `now`, the one that was asked for first at the head, and where to go on if there are
/// more.
pub(crate) async fn list(
    store: &Store,
    filter: &Filter,
    after: Option<After>,
    limit: u32,
) -> Result<(Vec<pb::OverrideSummary>, Option<After>), Failure> {
    let now = now(store).await?;
    let (stages, ahead) = filter.stage.map(behind).unzip();
    let rows = sqlx::query(
        "SELECT case_reference, customer, benefit, award, action, ground, stage, until, requested_by, requested_at,
             approved_by
         FROM overrides
         WHERE ($1::text IS NULL OR customer = $1
                 OR customer = (SELECT present FROM customer_names WHERE former = $1))
             AND ($2::text IS NULL OR award = $2)
             AND ($3::text IS NULL OR benefit = $3) AND ($4::text IS NULL OR requested_by = $4)
             AND ($5::text[] IS NULL OR stage = ANY($5)) AND ($6::boolean IS NULL OR (until > $7) = $6)
             AND ($8::timestamptz IS NULL OR (requested_at, case_reference) > ($8, $9))
         ORDER BY requested_at, case_reference
         LIMIT $10",
    )
    .bind(filter.customer.as_deref())
    .bind(filter.award.as_deref())
    .bind(filter.benefit.as_ref().map(wire::stored))
    .bind(filter.requested_by.as_deref())
    .bind(stages)
    .bind(ahead.flatten())
    .bind(now)
    .bind(after.as_ref().map(|after| after.requested_at))
    .bind(after.as_ref().map(|after| after.case.as_str()))
    .bind(i64::from(limit) + 1)
    .fetch_all(store.pool())
    .await
    .map_err(DbFault::from)?;
    let (rows, is_more) = page::cut(rows, limit);
    let next = if is_more { rows.last().map(end).transpose().map_err(DbFault::from)? } else { None };
    Ok((rows.iter().map(|row| summary(row, now)).collect::<Result<_, _>>()?, next))
}

fn end(row: &PgRow) -> Result<After, sqlx::Error> {
    Ok(After { requested_at: row.try_get("requested_at")?, case: row.try_get("case_reference")? })
}

fn summary(row: &PgRow, now: DateTime<Utc>) -> Result<pb::OverrideSummary, DbFault> {
    let award = Award {
        customer: row.try_get("customer")?,
        benefit: wire::restored(row.try_get("benefit")?)?,
        award: row.try_get("award")?,
    };
    let (recorded, until): (Stage, DateTime<Utc>) = (wire::restored(row.try_get("stage")?)?, row.try_get("until")?);
    Ok(pb::OverrideSummary {
        case_reference: row.try_get("case_reference")?,
        stage: convert::stage(recorded.at(now, until)).into(),
        award: Some(wire::award(&award)),
        action: convert::action(wire::restored(row.try_get("action")?)?).into(),
        ground: convert::ground(wire::restored(row.try_get("ground")?)?).into(),
        until: Some(wire::timestamp(until)),
        requested_by: row.try_get("requested_by")?,
        requested_at: Some(wire::timestamp(row.try_get("requested_at")?)),
        approved_by: row.try_get::<Option<String>, _>("approved_by")?.unwrap_or_default(),
    })
}
