//! The read table, and the queries behind Get and List.

use chrono::{DateTime, Utc};
use holdfast_chassis::{Failure, page};
use holdfast_contracts::holdfast::visiting::v1 as pb;
use holdfast_procedure::{
    Award, Benefit, Place,
    visiting::{Stage, State},
};
use holdfast_store::{Connection, DbFault, Store, wire};
use serde::{Deserialize, Serialize};
use sqlx::{Row, postgres::PgRow};

use crate::convert::words;

/// Brings a case's row up to its present state.
pub(crate) async fn project(connection: &mut Connection, case: &str, state: &State) -> Result<(), sqlx::Error> {
    let Some(opened) = &state.opened else { return Ok(()) };
    let referral = state.referral.as_ref();
    sqlx::query(
        "INSERT INTO referrals
             (case_reference, customer, benefit, award, nation, area, stage, opened_at, referred_at, referred_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (case_reference) DO UPDATE
         SET customer = excluded.customer, benefit = excluded.benefit, award = excluded.award,
             nation = excluded.nation, area = excluded.area, stage = excluded.stage,
             opened_at = excluded.opened_at, referred_at = excluded.referred_at, referred_by = excluded.referred_by",
    )
    .bind(case)
    .bind(&opened.award.customer)
    .bind(wire::stored(&opened.award.benefit))
    .bind(&opened.award.award)
    .bind(wire::stored(&opened.place.nation))
    .bind(&opened.place.area)
    .bind(wire::stored(&state.stage))
    .bind(opened.occurred_at)
    .bind(referral.map(|referral| referral.occurred_at))
    .bind(referral.map(|referral| &referral.by.person))
    .execute(connection)
    .await?;
    Ok(())
}

/// Which cases to list. All that is given must hold.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Filter {
    pub(crate) customer: Option<String>,
    pub(crate) award: Option<String>,
    pub(crate) benefit: Option<Benefit>,
    pub(crate) stage: Option<Stage>,
    pub(crate) area: Option<String>,
    pub(crate) referred_by: Option<String>,
    pub(crate) referred_until: Option<DateTime<Utc>>,
}

/// Where a page of cases ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct After {
    opened_at: DateTime<Utc>,
    case: String,
}

/// Lists cases, the one opened longest ago first, and where to go on if there are more.
pub(crate) async fn list(
    store: &Store,
    filter: &Filter,
    after: Option<After>,
    limit: u32,
) -> Result<(Vec<pb::ReferralSummary>, Option<After>), Failure> {
    let more = i64::from(limit) + 1;
    let rows = sqlx::query(
        "SELECT case_reference, customer, benefit, award, nation, area, stage, opened_at, referred_at, referred_by
         FROM referrals
         WHERE ($1::text IS NULL OR customer = $1
                 OR customer = (SELECT present FROM customer_names WHERE former = $1))
             AND ($2::text IS NULL OR award = $2)
             AND ($3::text IS NULL OR benefit = $3) AND ($4::text IS NULL OR stage = $4)
             AND ($5::text IS NULL OR area = $5) AND ($6::text IS NULL OR referred_by = $6)
             AND ($7::timestamptz IS NULL OR referred_at <= $7)
             AND ($8::timestamptz IS NULL OR (opened_at, case_reference) > ($8, $9))
         ORDER BY opened_at, case_reference
         LIMIT $10",
    )
    .bind(filter.customer.as_deref())
    .bind(filter.award.as_deref())
    .bind(filter.benefit.as_ref().map(wire::stored))
    .bind(filter.stage.as_ref().map(wire::stored))
    .bind(filter.area.as_deref())
    .bind(filter.referred_by.as_deref())
    .bind(filter.referred_until)
    .bind(after.as_ref().map(|after| after.opened_at))
    .bind(after.as_ref().map(|after| after.case.as_str()))
    .bind(more)
    .fetch_all(store.pool())
    .await
    .map_err(DbFault::from)?;
    let (rows, is_more) = page::cut(rows, limit);
    let next = if is_more { rows.last().map(end).transpose().map_err(DbFault::from)? } else { None };
    let referrals = rows.iter().map(summary).collect::<Result<_, _>>()?;
    Ok((referrals, next))
}

fn end(row: &PgRow) -> Result<After, sqlx::Error> {
    Ok(After { opened_at: row.try_get("opened_at")?, case: row.try_get("case_reference")? })
}

fn summary(row: &PgRow) -> Result<pb::ReferralSummary, DbFault> {
    let award = Award {
        customer: row.try_get("customer")?,
        benefit: wire::restored(row.try_get("benefit")?)?,
        award: row.try_get("award")?,
    };
    let place = Place { nation: wire::restored(row.try_get("nation")?)?, area: row.try_get("area")? };
    let opened_at: DateTime<Utc> = row.try_get("opened_at")?;
    let referred_at: Option<DateTime<Utc>> = row.try_get("referred_at")?;
    let referred_by: Option<String> = row.try_get("referred_by")?;
    Ok(pb::ReferralSummary {
        case_reference: row.try_get("case_reference")?,
        award: Some(wire::award(&award)),
        place: Some(wire::place(&place)),
        stage: words::stage(wire::restored(row.try_get("stage")?)?).into(),
        referred_at: referred_at.map(wire::timestamp),
        referred_by: referred_by.unwrap_or_default(),
        opened_at: Some(wire::timestamp(opened_at)),
    })
}
