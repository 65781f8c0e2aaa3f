//! Permits, as they are kept and told again.

use super::Asked;
use crate::protection::{Protection, holds};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_chassis::{Clock, Failure};
use holdfast_contracts::holdfast::{
    common::v1 as common,
    safeguarding::v1::{self as pb, Recall},
};
use holdfast_procedure::{Actor, protection::PERMIT_SECONDS};
use holdfast_store::{Connection, DbFault, Header, wire};
use prost::Message;
use sqlx::{PgExecutor, Row, postgres::PgRow};
use uuid::Uuid;

/// A permit that was written.
pub(super) struct Written {
    /// Its decision; empty where it was only tried.
    pub(super) decision: String,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

/// The permit that the same request got before.
///
/// # Errors
/// [`Failure::RequestIdReused`] where its id was used for another request, and [`Failure::PermitOver`] where that permit
/// has expired or was recalled: it is no permit any more, and the id names it for ever.
pub(super) async fn earlier(
    executor: impl PgExecutor<'_>,
    clock: &Clock,
    header: &Header,
) -> Result<Option<Written>, Failure> {
    let request = header.request.as_ref().ok_or(Failure::Internal)?;
    let row = sqlx::query(
        "SELECT decision, expires_at, fingerprint = $4 AS is_same,
                 expires_at > COALESCE($5, clock_timestamp()) AS is_alive,
                 (SELECT case_reference FROM recalls WHERE recalls.decision = permits.decision
                     ORDER BY counter, ordinal LIMIT 1) AS recalled_by
         FROM permits WHERE workload = $1 AND person = $2 AND request_id = $3",
    )
    .bind(wire::stored(&header.actor.workload))
    .bind(&header.actor.person)
    .bind(&request.id)
    .bind(&request.fingerprint)
    .bind(clock.instead_of_database())
    .fetch_optional(executor)
    .await
    .map_err(DbFault::from)?;
    row.map(|row| still_valid(&row, &request.id)).transpose()
}

fn still_valid(row: &PgRow, request: &str) -> Result<Written, Failure> {
    let is = |column| row.try_get::<bool, _>(column).map_err(DbFault::from);
    if !is("is_same")? {
        return Err(Failure::RequestIdReused(request.to_owned()));
    }
    let decision = row.try_get("decision").map_err(DbFault::from)?;
    let recalled_by: Option<String> = row.try_get("recalled_by").map_err(DbFault::from)?;
    if recalled_by.is_some() || !is("is_alive")? {
        return Err(Failure::PermitOver { request: request.to_owned(), decision, recalled_by });
    }
    Ok(Written { decision, expires_at: row.try_get("expires_at").map_err(DbFault::from)? })
}

/// Writes a permit.
pub(super) async fn write(connection: &mut Connection, now: DateTime<Utc>, asked: &Asked) -> Result<Written, DbFault> {
    let (decision, expires_at) = (Uuid::now_v7().simple().to_string(), now + TimeDelta::seconds(PERMIT_SECONDS));
    let Asked { header, told, question } = asked;
    let request = header.request.as_ref();
    sqlx::query(
        "INSERT INTO permits (decision, customer, benefit, award, action, ground, condition_known, confirmed_at,
             expires_at, person, role, workload, request_id, fingerprint, trace_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(&decision)
    .bind(question.customer())
    .bind(wire::stored(&question.subject().benefit))
    .bind(question.award())
    .bind(told.action)
    .bind(told.ground)
    .bind(told.condition_known)
    .bind(now)
    .bind(expires_at)
    .bind(&header.actor.person)
    .bind(wire::stored(&header.actor.role))
    .bind(wire::stored(&header.actor.workload))
    .bind(request.map(|request| &request.id))
    .bind(request.map(|request| &request.fingerprint))
    .bind(&header.trace_id)
    .execute(connection)
    .await?;
    Ok(Written { decision, expires_at: Some(expires_at) })
}

/// The decision that a permit is; `None` where there is none of this id.
pub(in crate::protection) async fn told(
    protection: &Protection,
    decision: &str,
) -> Result<Option<pb::GetDecisionResponse>, DbFault> {
    let rows = sqlx::query(
        "SELECT permit.customer, permit.benefit, permit.award, permit.action, permit.ground, permit.condition_known,
             permit.confirmed_at, permit.expires_at, permit.person, permit.role, permit.workload, recall.recorded_at,
             change.hold
         FROM permits AS permit
         LEFT JOIN recalls AS recall USING (decision)
         -- The hold as it was by then: it may have been another's change that led to it.
         LEFT JOIN LATERAL (SELECT hold FROM hold_changes
             WHERE case_reference = recall.case_reference AND ground = recall.ground AND counter <= recall.counter
             ORDER BY counter DESC LIMIT 1) AS change ON true
         WHERE permit.decision = $1
         ORDER BY recall.counter, recall.ordinal",
    );
    let rows = rows.bind(decision).fetch_all(protection.store.pool()).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let question = question(first)?;
    let actor = Actor {
        person: first.try_get("person")?,
        role: wire::restored(first.try_get("role")?)?,
        workload: wire::restored(first.try_get("workload")?)?,
    };
    let recalls = rows.iter().filter_map(|row| recall(row, decision, &question).transpose()).collect::<Result<_, _>>();
    Ok(Some(pb::GetDecisionResponse {
        decided_at: Some(wire::timestamp(first.try_get("confirmed_at")?)),
        asked_by: Some(wire::actor(&actor)),
        permit_expires_at: Some(wire::timestamp(first.try_get("expires_at")?)),
        recalls: recalls?,
        question: Some(question),
    }))
}

/// What a permit was asked with.
pub(in crate::protection) fn question(row: &PgRow) -> Result<pb::Question, DbFault> {
    Ok(pb::Question {
        award: Some(wire::award(&holds::award(row)?)),
        action: row.try_get("action")?,
        ground: row.try_get("ground")?,
        condition_known: row.try_get("condition_known")?,
    })
}

/// The recall in a row, if there is one.
fn recall(row: &PgRow, decision: &str, question: &pb::Question) -> Result<Option<Recall>, DbFault> {
    let Some(at) = row.try_get::<Option<DateTime<Utc>>, _>("recorded_at")? else { return Ok(None) };
    let hold = common::Hold::decode(row.try_get::<&[u8], _>("hold")?).map_err(|_| DbFault::Unreadable)?;
    Ok(Some(Recall {
        decision_id: decision.to_owned(),
        question: Some(question.clone()),
        recorded_at: Some(wire::timestamp(at)),
        citations: holds::citations([&hold].into_iter()),
        hold: Some(hold),
    }))
}
