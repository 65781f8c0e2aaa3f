//! The read table of failed requirements, and the query behind the list.

use super::reply;
use chrono::{DateTime, Utc};
use holdfast_chassis::{Failure, page};
use holdfast_contracts::holdfast::conferencing::v1 as pb;
use holdfast_procedure::{
    Award, Place,
    sanction::{self, Other, Stage, State},
};
use holdfast_store::{Connection, DbFault, Store, wire};
use serde::{Deserialize, Serialize};
use sqlx::{Row, postgres::PgRow};

/// Brings a case's row up to its present state.
pub(super) async fn project(connection: &mut Connection, case: &str, state: &State) -> Result<(), sqlx::Error> {
    let Some(failure) = &state.failure else { return Ok(()) };
    let failed = &failure.what;
    sqlx::query(
        "INSERT INTO sanction_cases (case_reference, customer, benefit, award, nation, area, stage, requirement,
             failed_at, opened_at, opened_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (case_reference) DO UPDATE
         SET customer = excluded.customer, benefit = excluded.benefit, award = excluded.award,
             nation = excluded.nation, area = excluded.area, stage = excluded.stage,
             requirement = excluded.requirement, failed_at = excluded.failed_at, opened_at = excluded.opened_at,
             opened_by = excluded.opened_by",
    )
    .bind(case)
    .bind(&failed.award.customer)
    .bind(wire::stored(&failed.award.benefit))
    .bind(&failed.award.award)
    .bind(wire::stored(&failed.place.nation))
    .bind(&failed.place.area)
    .bind(wire::stored(&state.stage()))
    .bind(wire::stored(&failed.requirement))
    .bind(failed.occurred_at)
    .bind(failure.at)
    .bind(&failure.by.person)
    .execute(connection)
    .await?;
    Ok(())
}

/// The case of a failure: of the same award, under whichever reference the customer is known, and at the same instant. One
/// that was withdrawn bars no other. Whoever records the same failure meanwhile waits until the transaction has ended, and
/// then finds the case that it opened.
pub(super) async fn of_failure(
    connection: &mut Connection,
    failed: &sanction::Failure,
) -> Result<Option<String>, sqlx::Error> {
    let (award, benefit) = (&failed.award, wire::stored(&failed.award.benefit));
    sqlx::query(
        "SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(chr(31), 'sanction case', COALESCE((
             SELECT present FROM customer_names WHERE former = $1), $1), $2::text, $3::text, $4::text), 0))",
    )
    .bind(&award.customer)
    .bind(&benefit)
    .bind(&award.award)
    .bind(failed.occurred_at.timestamp_micros().to_string())
    .execute(&mut *connection)
    .await?;
    // A statement of its own: it sees what was there once the lock was had.
    sqlx::query_scalar(
        "SELECT case_reference FROM sanction_cases
         WHERE customer IN ($1, (SELECT present FROM customer_names WHERE former = $1)) AND benefit = $2 AND award = $3
             AND failed_at = $4 AND stage <> $5
         ORDER BY opened_at, case_reference LIMIT 1",
    )
    .bind(&award.customer)
    .bind(&benefit)
    .bind(&award.award)
    .bind(failed.occurred_at)
    .bind(wire::stored(&Stage::EndedWithdrawn))
    .fetch_optional(connection)
    .await
}

/// The cases of an award, the one that was opened first at the head, but for the one at hand.
pub(super) async fn others(store: &Store, award: &Award, but_for: &str) -> Result<Vec<Other>, Failure> {
    let rows = sqlx::query(
        "SELECT case_reference, failed_at, stage FROM sanction_cases
         WHERE customer IN ($1, (SELECT present FROM customer_names WHERE former = $1)) AND benefit = $2 AND award = $3
             AND case_reference <> $4
         ORDER BY opened_at, case_reference",
    )
    .bind(&award.customer)
    .bind(wire::stored(&award.benefit))
    .bind(&award.award)
    .bind(but_for)
    .fetch_all(store.pool())
    .await
    .map_err(DbFault::from)?;
    Ok(rows.iter().map(other).collect::<Result<_, _>>()?)
}

fn other(row: &PgRow) -> Result<Other, DbFault> {
    let stage = wire::restored(row.try_get("stage")?)?;
    Ok(Other { case: row.try_get("case_reference")?, failed_at: row.try_get("failed_at")?, stage })
}

/// Which cases to list. All that is given must hold.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Filter {
    pub(super) customer: Option<String>,
    pub(super) award: Option<String>,
    pub(super) area: Option<String>,
    pub(super) stage: Option<Stage>,
    pub(super) opened_by: Option<String>,
    pub(super) opened_until: Option<DateTime<Utc>>,
}

/// Where a page of cases ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct After {
    opened_at: DateTime<Utc>,
    case: String,
}

/// Lists cases, the one that was opened first at the head, and where to go on if there are more.
pub(super) async fn list(
    store: &Store,
    filter: &Filter,
    after: Option<After>,
    limit: u32,
) -> Result<(Vec<pb::SanctionCaseSummary>, Option<After>), Failure> {
    let rows = sqlx::query(
        "SELECT case_reference, customer, benefit, award, nation, area, stage, requirement, failed_at, opened_at,
             opened_by
         FROM sanction_cases
         WHERE ($1::text IS NULL OR customer = $1
                 OR customer = (SELECT present FROM customer_names WHERE former = $1))
             AND ($2::text IS NULL OR award = $2)
             AND ($3::text IS NULL OR area = $3) AND ($4::text IS NULL OR stage = $4)
             AND ($5::text IS NULL OR opened_by = $5) AND ($6::timestamptz IS NULL OR opened_at <= $6)
             AND ($7::timestamptz IS NULL OR (opened_at, case_reference) > ($7, $8))
         ORDER BY opened_at, case_reference
         LIMIT $9",
    )
    .bind(filter.customer.as_deref())
    .bind(filter.award.as_deref())
    .bind(filter.area.as_deref())
    .bind(filter.stage.as_ref().map(wire::stored))
    .bind(filter.opened_by.as_deref())
    .bind(filter.opened_until)
    .bind(after.as_ref().map(|after| after.opened_at))
    .bind(after.as_ref().map(|after| after.case.as_str()))
    .bind(i64::from(limit) + 1)
    .fetch_all(store.pool())
    .await
    .map_err(DbFault::from)?;
    let (rows, is_more) = page::cut(rows, limit);
    let next = if is_more { rows.last().map(end).transpose().map_err(DbFault::from)? } else { None };
    Ok((rows.iter().map(summary).collect::<Result<_, _>>()?, next))
}

fn end(row: &PgRow) -> Result<After, sqlx::Error> {
    Ok(After { opened_at: row.try_get("opened_at")?, case: row.try_get("case_reference")? })
}

fn summary(row: &PgRow) -> Result<pb::SanctionCaseSummary, DbFault> {
    let award = Award {
        customer: row.try_get("customer")?,
        benefit: wire::restored(row.try_get("benefit")?)?,
        award: row.try_get("award")?,
    };
    let place = Place { nation: wire::restored(row.try_get("nation")?)?, area: row.try_get("area")? };
    Ok(pb::SanctionCaseSummary {
        case_reference: row.try_get("case_reference")?,
        stage: reply::stage(wire::restored(row.try_get("stage")?)?).into(),
        award: Some(wire::award(&award)),
        place: Some(wire::place(&place)),
        requirement: reply::requirement(wire::restored(row.try_get("requirement")?)?).into(),
        failed_at: Some(wire::timestamp(row.try_get("failed_at")?)),
        opened_at: Some(wire::timestamp(row.try_get("opened_at")?)),
        opened_by: row.try_get("opened_by")?,
    })
}
