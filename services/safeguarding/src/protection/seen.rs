//! What sources were told that the ledger holds, held against what it does: a copy of the disk that is put back does not
//! show in the database's identity, and a process that starts on it remembers nothing.
//!
//! A ledger that was never in a state that a source was told of has lost something. From the transaction that finds it
//! out on a comparison is owed with every source, and the ledger counts on above that state, so that sources can tell by
//! the count which state is the later one. The state is kept, so that each is found out once.

use super::{
    Protection,
    sources::{self, Locked},
};
use holdfast_chassis::Failure;
use holdfast_procedure::protection::Revision;
use holdfast_store::{Connection, DbFault};
use sqlx::PgExecutor;
use std::sync::Arc;
use uuid::Uuid;

/// Whether the ledger was ever in this state, or knows that it has lost it.
pub(super) async fn is_known(executor: impl PgExecutor<'_>, state: Revision) -> Result<bool, DbFault> {
    let known = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM revisions WHERE counter = $1 AND id = $2)
             OR EXISTS (SELECT FROM lost_revisions WHERE counter = $1 AND id = $2)",
    );
    Ok(known.bind(state.counter.cast_signed()).bind(Uuid::from_u128(state.id)).fetch_one(executor).await?)
}

/// Has every source compared where a ledger that is locked has lost a state; says whether it has.
pub(super) async fn found_lost(connection: &mut Connection, locked: &Locked, seen: Revision) -> Result<bool, DbFault> {
    if is_known(&mut *connection, seen).await? {
        return Ok(false);
    }
    let (counter, id) = (seen.counter.cast_signed(), Uuid::from_u128(seen.id));
    let lost = sqlx::query("INSERT INTO lost_revisions (counter, id, recorded_at) VALUES ($1, $2, $3)");
    lost.bind(counter).bind(id).bind(locked.now).execute(&mut *connection).await?;
    let above = sqlx::query("UPDATE ledger SET counter = $1 WHERE counter < $1");
    above.bind(counter).execute(&mut *connection).await?;
    sources::owe(connection, locked, None).await?;
    tracing::error!(
        lost = seen.counter,
        "the ledger was restored: it lacks what a source was told that it holds; the check permits nothing before every \
         source is compared"
    );
    Ok(true)
}

/// Looks into what a source says it was told, by the primary, and says whether the ledger holds it.
pub(super) async fn holds(protection: &Arc<Protection>, seen: Revision) -> Result<bool, Failure> {
    if is_known(protection.store.pool(), seen).await? {
        return Ok(true);
    }
    let ledger = Arc::clone(protection);
    let work = async move {
        let _turn = ledger.writing.lock().await;
        let mut transaction = ledger.store.pool().begin().await.map_err(DbFault::from)?;
        let locked = sources::lock(&mut transaction, ledger.store.clock()).await?;
        let was_lost = found_lost(&mut transaction, &locked, seen).await?;
        transaction.commit().await.map_err(DbFault::from)?;
        if was_lost {
            ledger.told();
            ledger.owed.notify_one();
        }
        Ok(!was_lost)
    };
    protection.store.in_own_task(work).await
}
