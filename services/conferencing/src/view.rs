//! The read table, which is the work log, and the queries behind Get and List.

use chrono::{DateTime, Utc};
use holdfast_chassis::{Failure, page};
use holdfast_contracts::holdfast::conferencing::v1 as pb;
use holdfast_procedure::{
    Award, Benefit, Place, Role,
    conferencing::{Stage, State},
};
use holdfast_store::{Connection, DbFault, OwedNext, Store, wire};
use serde::{Deserialize, Serialize};
use sqlx::{Row, postgres::PgRow};

use crate::convert::reply;

/// Brings a case's row up to its present state.
pub(crate) async fn project(connection: &mut Connection, case: &str, state: &State) -> Result<(), sqlx::Error> {
    let Some(received) = &state.received else { return Ok(()) };
    let file = &received.file;
    sqlx::query(
        "INSERT INTO work_log (case_reference, customer, benefit, award, nation, area, stage, stage_since, lead,
             referred_by, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (case_reference) DO UPDATE
         SET customer = excluded.customer, benefit = excluded.benefit, award = excluded.award,
             nation = excluded.nation, area = excluded.area, stage = excluded.stage,
             stage_since = excluded.stage_since, lead = excluded.lead, referred_by = excluded.referred_by,
             received_at = excluded.received_at",
    )
    .bind(case)
    .bind(&file.award.customer)
    .bind(wire::stored(&file.award.benefit))
    .bind(&file.award.award)
    .bind(wire::stored(&file.place.nation))
    .bind(&file.place.area)
    .bind(wire::stored(&state.stage))
    .bind(state.since.unwrap_or(received.at))
    .bind(wire::stored(&file.lead))
    .bind(&file.referral.by.person)
    .bind(received.at)
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
    pub(crate) lead: Option<Role>,
    pub(crate) referred_by: Option<String>,
    pub(crate) received_until: Option<DateTime<Utc>>,
    pub(crate) team: Option<String>,
}

/// Where a page of cases ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct After {
    received_at: DateTime<Utc>,
    case: String,
}

/// Lists cases, the one handed over first at the head, and where to go on if there are more.
pub(crate) async fn list(
    store: &Store,
    filter: &Filter,
    after: Option<After>,
    limit: u32,
) -> Result<(Vec<pb::CaseSummary>, Option<After>), Failure> {
    let more = i64::from(limit) + 1;
    let rows = sqlx::query(
        "SELECT case_reference, customer, benefit, award, nation, area, stage, stage_since, lead, referred_by, received_at
         FROM work_log
         WHERE ($1::text IS NULL OR customer = $1
                 OR customer = (SELECT present FROM customer_names WHERE former = $1))
             AND ($2::text IS NULL OR award = $2)
             AND ($3::text IS NULL OR benefit = $3) AND ($4::text IS NULL OR stage = $4)
             AND ($5::text IS NULL OR area = $5) AND ($6::text IS NULL OR lead = $6)
             AND ($7::text IS NULL OR referred_by = $7) AND ($8::timestamptz IS NULL OR received_at <= $8)
             AND ($9::timestamptz IS NULL OR (received_at, case_reference) > ($9, $10))
             AND ($12::text IS NULL OR EXISTS (
                 SELECT FROM tasks WHERE tasks.case_reference = work_log.case_reference AND tasks.team = $12))
         ORDER BY received_at, case_reference
         LIMIT $11",
    )
    .bind(filter.customer.as_deref())
    .bind(filter.award.as_deref())
    .bind(filter.benefit.as_ref().map(wire::stored))
    .bind(filter.stage.as_ref().map(wire::stored))
    .bind(filter.area.as_deref())
    .bind(filter.lead.as_ref().map(wire::stored))
    .bind(filter.referred_by.as_deref())
    .bind(filter.received_until)
    .bind(after.as_ref().map(|after| after.received_at))
    .bind(after.as_ref().map(|after| after.case.as_str()))
    .bind(more)
    .bind(filter.team.as_deref())
    .fetch_all(store.pool())
    .await
    .map_err(DbFault::from)?;
    let (rows, is_more) = page::cut(rows, limit);
    let next = if is_more { rows.last().map(end).transpose().map_err(DbFault::from)? } else { None };
    let mut cases: Vec<_> = rows.iter().map(summary).collect::<Result<_, _>>()?;
    with_what_is_owed(store, &mut cases).await?;
    Ok((cases, next))
}

/// Adds to each case what is owed next on it: the work log is a view of the tasks.
async fn with_what_is_owed(store: &Store, cases: &mut [pb::CaseSummary]) -> Result<(), DbFault> {
    let listed: Vec<_> = cases.iter().map(|case| case.case_reference.clone()).collect();
    let mut owed = store.owed_next(&listed).await?;
    for case in cases {
        if let Some(OwedNext { task, of }) = owed.remove(&case.case_reference) {
            case.next_task = Some(task);
            case.tasks_owed = of;
        }
    }
    Ok(())
}

fn end(row: &PgRow) -> Result<After, sqlx::Error> {
    Ok(After { received_at: row.try_get("received_at")?, case: row.try_get("case_reference")? })
}

fn summary(row: &PgRow) -> Result<pb::CaseSummary, DbFault> {
    let award = Award {
        customer: row.try_get("customer")?,
        benefit: wire::restored(row.try_get("benefit")?)?,
        award: row.try_get("award")?,
    };
    let place = Place { nation: wire::restored(row.try_get("nation")?)?, area: row.try_get("area")? };
    Ok(pb::CaseSummary {
        case_reference: row.try_get("case_reference")?,
        award: Some(wire::award(&award)),
        place: Some(wire::place(&place)),
        stage: reply::stage(wire::restored(row.try_get("stage")?)?).into(),
        stage_since: Some(wire::timestamp(row.try_get("stage_since")?)),
        lead: wire::role(wire::restored(row.try_get("lead")?)?).into(),
        received_at: Some(wire::timestamp(row.try_get("received_at")?)),
        referred_by: row.try_get("referred_by")?,
        next_task: None,
        tasks_owed: 0,
    })
}
