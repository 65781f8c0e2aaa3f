//! Cases about which a concern was determined.

use crate::convert::reply;
use chrono::{DateTime, Utc};
use holdfast_chassis::{Failure, page};
use holdfast_contracts::holdfast::safeguarding::v1 as pb;
use holdfast_procedure::{
    Award, Benefit, Place, Role,
    escalation::{Stage, State},
};
use holdfast_store::{Connection, DbFault, Store, wire};
use serde::{Deserialize, Serialize};
use sqlx::{Row, postgres::PgRow};

/// Brings a case's row up to its present state.
pub(crate) async fn project(connection: &mut Connection, case: &str, state: &State) -> Result<(), sqlx::Error> {
    let Some(round) = state.round() else { return Ok(()) };
    let concern = &round.concern;
    let waits = round.waits_for_leader().filter(|_| !state.customer.death_is_confirmed());
    sqlx::query(
        "INSERT INTO escalations (case_reference, customer, benefit, award, nation, area, stage, stage_since, lead,
             opened_at, leader, awaits_leader_of, awaits_since)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (case_reference) DO UPDATE
         SET customer = excluded.customer, benefit = excluded.benefit, award = excluded.award,
             nation = excluded.nation, area = excluded.area, stage = excluded.stage,
             stage_since = excluded.stage_since, lead = excluded.lead, opened_at = excluded.opened_at,
             leader = excluded.leader, awaits_leader_of = excluded.awaits_leader_of,
             awaits_since = excluded.awaits_since",
    )
    .bind(case)
    .bind(&concern.award.customer)
    .bind(wire::stored(&concern.award.benefit))
    .bind(&concern.award.award)
    .bind(wire::stored(&concern.place.nation))
    .bind(&concern.place.area)
    .bind(wire::stored(&state.stage))
    .bind(state.since.unwrap_or(round.opened_at))
    .bind(wire::stored(&concern.lead))
    .bind(concern.occurred_at)
    .bind(round.leader().map(|leader| leader.person.as_str()))
    .bind(waits.map(|referral| referral.what.area.as_str()))
    .bind(waits.map(|referral| referral.at))
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
    pub(crate) leader: Option<String>,
    pub(crate) lead: Option<Role>,
    pub(crate) opened_until: Option<DateTime<Utc>>,
}

/// Where a page of cases ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct After {
    opened_at: DateTime<Utc>,
    case: String,
}

/// Lists cases, the concern that was determined first at the head, and where to go on if there are more.
pub(crate) async fn list(
    store: &Store,
    filter: &Filter,
    after: Option<After>,
    limit: u32,
) -> Result<(Vec<pb::EscalationSummary>, Option<After>), Failure> {
    let more = i64::from(limit) + 1;
    let rows = sqlx::query(
        "SELECT case_reference, customer, benefit, award, nation, area, stage, stage_since, lead, opened_at, leader,
             awaits_leader_of
         FROM escalations
         WHERE ($1::text IS NULL OR customer = $1
                 OR customer = (SELECT present FROM customer_names WHERE former = $1))
             AND ($2::text IS NULL OR award = $2)
             AND ($3::text IS NULL OR benefit = $3) AND ($4::text IS NULL OR stage = $4)
             AND ($5::text IS NULL OR area = $5) AND ($6::text IS NULL OR leader = $6)
             AND ($7::text IS NULL OR lead = $7) AND ($8::timestamptz IS NULL OR opened_at <= $8)
             AND ($9::timestamptz IS NULL OR (opened_at, case_reference) > ($9, $10))
         ORDER BY opened_at, case_reference
         LIMIT $11",
    )
    .bind(filter.customer.as_deref())
    .bind(filter.award.as_deref())
    .bind(filter.benefit.as_ref().map(wire::stored))
    .bind(filter.stage.as_ref().map(wire::stored))
    .bind(filter.area.as_deref())
    .bind(filter.leader.as_deref())
    .bind(filter.lead.as_ref().map(wire::stored))
    .bind(filter.opened_until)
    .bind(after.as_ref().map(|after| after.opened_at))
    .bind(after.as_ref().map(|after| after.case.as_str()))
    .bind(more)
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

fn summary(row: &PgRow) -> Result<pb::EscalationSummary, DbFault> {
    let award = Award {
        customer: row.try_get("customer")?,
        benefit: wire::restored(row.try_get("benefit")?)?,
        award: row.try_get("award")?,
    };
    let place = Place { nation: wire::restored(row.try_get("nation")?)?, area: row.try_get("area")? };
    Ok(pb::EscalationSummary {
        case_reference: row.try_get("case_reference")?,
        award: Some(wire::award(&award)),
        place: Some(wire::place(&place)),
        stage: reply::stage(wire::restored(row.try_get("stage")?)?).into(),
        stage_since: Some(wire::timestamp(row.try_get("stage_since")?)),
        lead: wire::role(wire::restored(row.try_get("lead")?)?).into(),
        opened_at: Some(wire::timestamp(row.try_get("opened_at")?)),
        leader: row.try_get::<Option<String>, _>("leader")?.unwrap_or_default(),
        awaits_leader_of: row.try_get::<Option<String>, _>("awaits_leader_of")?.unwrap_or_default(),
    })
}
