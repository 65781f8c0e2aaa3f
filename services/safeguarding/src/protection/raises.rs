//! Holders that have to write a hold again, because the ledger knows it otherwise at a version above theirs. They are
//! asked until they answer. Whoever is asked twice compares, and does nothing where they are further on: several replicas
//! that ask at once do no harm.

use super::Protection;
use chrono::{DateTime, Utc};
use holdfast_chassis::{Failure, telemetry};
use holdfast_contracts::holdfast::delivery::v1::RaiseHoldRequest;
use holdfast_procedure::{
    Workload,
    protection::{HoldKey, Version},
};
use holdfast_store::{Connection, DbFault, wire};
use prost::Message;
use sqlx::{Row, postgres::PgRow};
use uuid::Uuid;

/// The method by which a holder is asked.
const RAISE: &str = "/holdfast.delivery.v1.DeliveryService/RaiseHold";
/// How many are asked at a time. Chance picks them, so that those that cannot be answered keep nobody waiting for long.
const BATCH: i64 = 50;

/// What a holder is told that the ledger knows.
pub(super) struct Raise<'a> {
    pub(super) key: &'a HoldKey,
    pub(super) holder: Workload,
    pub(super) known: Version,
    pub(super) released: bool,
}

/// Notes that a holder has to be asked, in the transaction that found it out.
pub(super) async fn note(connection: &mut Connection, raise: &Raise<'_>, now: DateTime<Utc>) -> Result<(), DbFault> {
    sqlx::query(
        "INSERT INTO raises AS noted
             (case_reference, ground, holder, known_version, known_released, request_id, recorded_at)
         VALUES ($1, $2, $3, $4, $5, gen_random_uuid(), $6)
         ON CONFLICT (case_reference, ground, holder) DO UPDATE
         SET known_version = excluded.known_version, known_released = excluded.known_released,
             request_id = excluded.request_id
         WHERE (noted.known_version, noted.known_released) <> (excluded.known_version, excluded.known_released)",
    )
    .bind(&raise.key.case)
    .bind(wire::holds::ground(raise.key.ground))
    .bind(wire::stored(&raise.holder))
    .bind(raise.known.0.cast_signed())
    .bind(raise.released)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// One that was noted.
struct Noted {
    holder: Workload,
    request: RaiseHoldRequest,
}

/// Asks some of the holders, and says whether each of them answered.
///
/// # Errors
/// What the database says. A holder that does not answer is asked again.
pub(super) async fn ask(protection: &Protection) -> Result<bool, Failure> {
    let noted = sqlx::query(
        "SELECT case_reference, ground, holder, known_version, known_released, request_id FROM raises
         ORDER BY random() LIMIT $1",
    );
    let rows = noted.bind(BATCH).fetch_all(protection.store.pool()).await.map_err(DbFault::from)?;
    let mut all = true;
    for row in &rows {
        let Noted { holder, request } = read(row)?;
        let (to, bytes) = (wire::workload(holder), request.encode_to_vec());
        match protection.peers.call(to, RAISE, bytes, &telemetry::trace_id()).await {
            Ok(_) => {
                forget(protection, holder, request).await?;
            }
            Err(refused) => {
                all = false;
                let (holder, reason, case) = (wire::stored(&holder), refused.reason, &request.case_reference);
                tracing::warn!(holder, reason, case, "a holder does not write its hold again yet; it is asked again");
            }
        }
    }
    Ok(all)
}

fn read(row: &PgRow) -> Result<Noted, DbFault> {
    let holder: Workload = wire::restored(row.try_get("holder")?)?;
    let request = RaiseHoldRequest {
        request_id: row.try_get::<Uuid, _>("request_id")?.to_string(),
        case_reference: row.try_get("case_reference")?,
        ground: row.try_get("ground")?,
        known_version: row.try_get::<i64, _>("known_version")?.unsigned_abs(),
        known_released: row.try_get("known_released")?,
        holder: wire::workload(holder).into(),
        ..RaiseHoldRequest::default()
    };
    Ok(Noted { holder, request })
}

/// What was answered need not be asked again, unless something else was noted meanwhile.
async fn forget(protection: &Protection, holder: Workload, answered: RaiseHoldRequest) -> Result<(), Failure> {
    let pool = protection.store.pool().clone();
    let forgotten = async move {
        let mut transaction = pool.begin().await.map_err(DbFault::from)?;
        let forget = sqlx::query(
            "DELETE FROM raises WHERE case_reference = $1 AND ground = $2 AND holder = $3 AND request_id = $4::uuid",
        );
        forget
            .bind(answered.case_reference)
            .bind(answered.ground)
            .bind(wire::stored(&holder))
            .bind(answered.request_id)
            .execute(&mut *transaction)
            .await
            .map_err(DbFault::from)?;
        Ok(transaction.commit().await.map_err(DbFault::from)?)
    };
    protection.store.in_own_task(forgotten).await
}
