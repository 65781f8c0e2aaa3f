//! What the ledger of holds is told when it asks: what has not arrived there, what is protected of an award, and
//! everything that is protected at all. Over connections of their own, so that no backlog keeps a proof from being given.

use crate::{
    Store,
    db::DbFault,
    holds::place_hold,
    identity::{self, identity},
    protections, seen, wire,
};
use holdfast_chassis::Failure;
use holdfast_contracts::holdfast::{common::v1::Hold, delivery::v1 as pb, safeguarding::v1::PlaceHoldRequest};
use holdfast_procedure::{Award, protection::MOST_UNDELIVERED};
use prost::Message;
use sqlx::{PgTransaction, Row, postgres::PgRow};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tonic::Status;
use tracing::Instrument;

/// How many holds a message of the stream carries.
const PAGE: usize = 500;
/// How long a reader may take no message before the stream is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whoever reads everything that is protected.
pub(crate) type Reader = mpsc::Sender<Result<pb::ListOpenProtectionsResponse, Status>>;

impl Store {
    /// Which holds have not arrived in the ledger.
    ///
    /// # Errors
    /// What the database says; none is a proof.
    pub(crate) async fn prove_delivery(&self) -> Result<pb::ProveDeliveryResponse, Failure> {
        let store = self.clone();
        self.in_own_task(async move { Ok(store.delivery_proof().await?) }).await
    }

    /// What is protected here of an award or of its customer.
    ///
    /// # Errors
    /// As [`Store::prove_delivery`].
    pub(crate) async fn prove_award(&self, award: Award) -> Result<pb::ProveAwardResponse, Failure> {
        let store = self.clone();
        self.in_own_task(async move { Ok(store.award_proof(&award).await?) }).await
    }

    /// One statement reads and writes, so that whoever cannot write has nothing to tell; and it is told only once it is
    /// committed, which a primary without its standby never is.
    async fn delivery_proof(&self) -> Result<pb::ProveDeliveryResponse, DbFault> {
        let mut transaction = self.inner.proving_delivery.begin().await?;
        let row = sqlx::query(concat!(
            "WITH written AS (UPDATE proofs SET given = given + 1 WHERE what = 'delivery' RETURNING given)
             SELECT ",
            identity::columns!(),
            ", ",
            seen::columns!(),
            ", ARRAY(SELECT request FROM outbox WHERE delivered_at IS NULL AND method = '",
            place_hold!(),
            "' ORDER BY case_reference, sequence, ordinal LIMIT $1) AS undelivered FROM written",
        ))
        .bind(i64::try_from(MOST_UNDELIVERED + 1).unwrap_or(i64::MAX))
        .fetch_one(&mut *transaction)
        .await?;
        let on_their_way = handed_over(&mut transaction).await?;
        transaction.commit().await?;
        let requests: Vec<Vec<u8>> = row.try_get("undelivered")?;
        let too_many = requests.len() + on_their_way.len() > MOST_UNDELIVERED;
        let mut undelivered: Vec<_> = requests.iter().map(|request| placed(request)).collect::<Result<_, _>>()?;
        for row in &on_their_way {
            undelivered.push(protections::hold(row, self.inner.workload)?);
        }
        Ok(pb::ProveDeliveryResponse {
            source: wire::workload(self.inner.workload).into(),
            database: Some(wire::holds::database(&identity(&row)?)),
            undelivered: if too_many { Vec::new() } else { undelivered },
            too_many,
            ledger_seen: seen::seen(&row)?.as_ref().map(wire::holds::revision),
        })
    }

    /// Generous: whoever asks judges what is told, and nothing may be missing from it.
    async fn award_proof(&self, award: &Award) -> Result<pb::ProveAwardResponse, DbFault> {
        let mut transaction = self.inner.proving.begin().await?;
        let rows = sqlx::query(concat!(
            "WITH RECURSIVE names (name) AS (
                 SELECT $1::text
                 UNION
                 SELECT other.name FROM names CROSS JOIN LATERAL (
                     SELECT present FROM customer_names WHERE former = names.name
                     UNION ALL SELECT former FROM customer_names WHERE present = names.name
                     UNION ALL SELECT unnest(formerly) FROM protections WHERE customer = names.name
                     UNION ALL SELECT unnest(formerly || customer) FROM protections
                         WHERE formerly <> '{}' AND formerly @> ARRAY[names.name]) AS other (name)),
             concerned AS MATERIALIZED (
                 SELECT * FROM protections WHERE award = $2 OR customer IN (SELECT name FROM names)),
             -- A change raises the one part by two and lowers the other by one at most.
             changes AS (
                 SELECT COALESCE(sum(2 * version + (handed_to IS NOT NULL)::integer), 0)::bigint AS changes
                 FROM concerned),
             protects AS (
                 SELECT * FROM concerned WHERE released IS NULL AND (handed_to IS NULL OR EXISTS (
                     SELECT FROM outbox AS call
                     WHERE call.case_reference = concerned.case_reference AND call.destination = concerned.handed_to
                         AND call.delivered_at IS NULL))),
             written AS (UPDATE proofs SET given = given + 1 WHERE what = 'award' RETURNING given)
             SELECT ",
            identity::columns!(),
            ", changes, case_reference IS NOT NULL AS protects, ",
            protections::columns!(),
            " FROM written CROSS JOIN changes LEFT JOIN protects ON true ORDER BY case_reference, ground",
        ))
        .bind(&award.customer)
        .bind(&award.award)
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        let first = rows.first().ok_or(DbFault::Unreadable)?;
        let changes: i64 = first.try_get("changes")?;
        let mut protects = Vec::new();
        for row in &rows {
            if row.try_get("protects")? {
                protects.push(protections::hold(row, self.inner.workload)?);
            }
        }
        Ok(pb::ProveAwardResponse {
            source: wire::workload(self.inner.workload).into(),
            database: Some(wire::holds::database(&identity(first)?)),
            protects,
            changes: changes.unsigned_abs(),
        })
    }

    /// Tells a reader everything that is protected, in a task of the store's own.
    ///
    /// # Errors
    /// [`Failure::Overloaded`] where others are being told already.
    pub(crate) fn list_protections(&self, reader: Reader) -> Result<(), Failure> {
        let place = self.inner.listing.clone().try_acquire_owned().map_err(|_| Failure::Overloaded)?;
        let store = self.clone();
        let work = async move { store.tell_protections(&reader, place).await };
        self.inner.in_hand.spawn(work.in_current_span());
        Ok(())
    }

    async fn tell_protections(&self, reader: &Reader, _place: OwnedSemaphorePermit) {
        // Whoever went, or does not read, has no need to know; without the last message nothing is complete.
        if let Err(Ended::Failed(fault)) = self.tell_all(reader).await {
            let _ = reader.send_timeout(Err(Failure::from(fault).into()), PATIENCE).await;
        }
    }

    async fn tell_all(&self, reader: &Reader) -> Result<(), Ended> {
        let mut transaction = self.inner.proving.begin().await?;
        let told = self.tell_pages(&mut transaction, reader).await;
        transaction.rollback().await?;
        told
    }

    /// One snapshot, in pages. What the statements read is in hand before it is told, so that none is ever cut off.
    async fn tell_pages(&self, transaction: &mut PgTransaction<'_>, reader: &Reader) -> Result<(), Ended> {
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").execute(&mut **transaction).await?;
        // Longer than a reader's patience, as it is the reader that is waited for.
        sqlx::query("SET LOCAL idle_in_transaction_session_timeout = '60s'").execute(&mut **transaction).await?;
        let database = Some(wire::holds::database(&Self::identity(transaction).await?));
        let mut after = (String::new(), 0);
        loop {
            let rows = sqlx::query(concat!(
                "SELECT ",
                protections::columns!(),
                " FROM protections WHERE (case_reference, ground) > ($1, $2) ORDER BY case_reference, ground LIMIT $3",
            ))
            .bind(&after.0)
            .bind(after.1)
            .bind(i64::try_from(PAGE).unwrap_or(i64::MAX))
            .fetch_all(&mut **transaction)
            .await?;
            let holds = rows.iter().map(|row| protections::hold(row, self.inner.workload));
            let holds: Vec<_> = holds.collect::<Result<_, _>>()?;
            let complete = holds.len() < PAGE;
            if let Some(last) = holds.last() {
                after = (last.case_reference.clone(), last.ground);
            }
            let source = wire::workload(self.inner.workload).into();
            let message = pb::ListOpenProtectionsResponse { source, database, holds, complete };
            tokio::select! {
                sent = reader.send_timeout(Ok(message), PATIENCE) => sent.map_err(|_| Ended::Gone)?,
                () = self.stopping() => return Err(Ended::Gone),
            }
            if complete {
                return Ok(());
            }
        }
    }
}

/// Why a stream ended before everything was told.
enum Ended {
    /// Nobody reads, or the server stops.
    Gone,
    Failed(DbFault),
}

impl<F: Into<DbFault>> From<F> for Ended {
    fn from(fault: F) -> Self {
        Self::Failed(fault.into())
    }
}

/// The hold that a kept call places. One that cannot be read cannot be listed either, so nothing is proved.
/// Holds that went over to another service with a case which has not all arrived there. Whoever is to hold them may have
/// released them for good before, and does not know yet that they are called for again.
async fn handed_over(transaction: &mut PgTransaction<'_>) -> Result<Vec<PgRow>, DbFault> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        protections::columns!(),
        " FROM protections WHERE released IS NULL AND (case_reference, handed_to) IN (
             SELECT case_reference, destination FROM outbox WHERE delivered_at IS NULL)
         ORDER BY case_reference, ground LIMIT $1",
    ))
    .bind(i64::try_from(MOST_UNDELIVERED + 1).unwrap_or(i64::MAX))
    .fetch_all(&mut **transaction)
    .await?;
    Ok(rows)
}

fn placed(request: &[u8]) -> Result<Hold, DbFault> {
    let request = PlaceHoldRequest::decode(request).ok();
    request.and_then(|request| request.hold).ok_or_else(|| {
        tracing::error!("a call that places a hold is kept, and cannot be read: nothing is proved before it is gone");
        DbFault::Unreadable
    })
}
