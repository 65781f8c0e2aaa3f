//! Replies to requests that had an effect.

use crate::{
    db::{Connection, DbFault},
    wire,
};
use chrono::{DateTime, Utc};
use holdfast_procedure::Actor;

/// What is kept of a request that had an effect.
pub(crate) struct Receipt<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) request_id: &'a str,
    pub(crate) fingerprint: &'a [u8],
    pub(crate) case: &'a str,
    pub(crate) reply: &'a [u8],
}

/// Keeps a receipt. A twin that was first makes this a [`DbFault::Conflict`].
pub(crate) async fn keep(
    connection: &mut Connection,
    receipt: &Receipt<'_>,
    now: DateTime<Utc>,
) -> Result<(), DbFault> {
    sqlx::query(
        "INSERT INTO receipts (workload, person, request_id, fingerprint, case_reference, recorded_at, reply)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(wire::stored(&receipt.actor.workload))
    .bind(&receipt.actor.person)
    .bind(receipt.request_id)
    .bind(receipt.fingerprint)
    .bind(receipt.case)
    .bind(now)
    .bind(receipt.reply)
    .execute(connection)
    .await?;
    Ok(())
}

/// The reply that was given to a request, if it is still kept.
pub(crate) async fn reply(
    connection: &mut Connection,
    actor: &Actor,
    request_id: &str,
) -> Result<Option<Vec<u8>>, DbFault> {
    let reply =
        sqlx::query_scalar("SELECT reply FROM receipts WHERE workload = $1 AND person = $2 AND request_id = $3")
            .bind(wire::stored(&actor.workload))
            .bind(&actor.person)
            .bind(request_id)
            .fetch_optional(connection)
            .await?;
    Ok(reply)
}

/// Puts another reply in the place of one that is kept.
pub(crate) async fn amend(
    connection: &mut Connection,
    actor: &Actor,
    request_id: &str,
    reply: &[u8],
) -> Result<(), DbFault> {
    sqlx::query("UPDATE receipts SET reply = $4 WHERE workload = $1 AND person = $2 AND request_id = $3")
        .bind(wire::stored(&actor.workload))
        .bind(&actor.person)
        .bind(request_id)
        .bind(reply)
        .execute(connection)
        .await?;
    Ok(())
}
