//! The holds of the ledger, read row by row: there may be hundreds of thousands, and memory is bounded.

use super::super::{holds, sources};
use futures::TryStreamExt;
use holdfast_chassis::Failure;
use holdfast_procedure::{
    Workload,
    protection::{Hold, Holds, OnRecord, Revision},
};
use holdfast_store::{Connection, DbFault, Store};
use sqlx::{PgExecutor, PgPool, Postgres, Transaction};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The ledger as it was at one revision.
pub(crate) struct Loaded {
    /// The revision.
    pub(crate) revision: Revision,
    /// Every source on record, and what was compared with it.
    pub(crate) on_record: BTreeMap<Workload, OnRecord>,
    /// Its holds.
    pub(crate) holds: All,
}

/// Holds of the ledger, released ones included.
pub(crate) enum All {
    /// Every one.
    Whole(Box<Holds>),
    /// Those that have changed since the revision that was asked for, as they are now.
    Changed(Vec<Hold>),
}

/// Everything as of one revision: all holds, or only those that have changed since `since` where the ledger proves that
/// it was in that state before. One that was restored counts up to the same numbers, but never under the same id.
///
/// # Errors
/// What the database says.
pub(crate) async fn all(store: &Store, since: Option<Revision>) -> Result<Loaded, Failure> {
    let pool = store.pool().clone();
    let load = async move {
        let mut snapshot = snapshot(&pool).await?;
        let loaded = load(&mut snapshot, since).await?;
        snapshot.rollback().await.map_err(DbFault::from)?;
        Ok(loaded)
    };
    store.in_own_task(load).await
}

/// A transaction that reads one state of the ledger, whatever is written meanwhile.
pub(crate) async fn snapshot(pool: &PgPool) -> Result<Transaction<'static, Postgres>, DbFault> {
    Ok(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
}

async fn load(connection: &mut Connection, since: Option<Revision>) -> Result<Loaded, DbFault> {
    let revision = revision(&mut *connection).await?;
    let on_record = sources::on_record(&mut *connection).await?;
    let since = match since {
        Some(since) if was(connection, since).await? => Some(since),
        Some(_) | None => None,
    };
    let holds = if since.is_some() {
        let mut changed = Vec::new();
        read(connection, since, |hold| changed.push(hold)).await?;
        All::Changed(changed)
    } else {
        let mut whole = Holds::default();
        read(connection, None, |hold| whole.extend([hold])).await?;
        All::Whole(Box::new(whole))
    };
    Ok(Loaded { revision, on_record, holds })
}

/// Which state the ledger is in.
pub(crate) async fn revision(executor: impl PgExecutor<'_>) -> Result<Revision, DbFault> {
    sources::revision(&sqlx::query("SELECT counter, id FROM ledger").fetch_one(executor).await?)
}

/// Whether the ledger has ever been in this state.
pub(crate) async fn was(connection: &mut Connection, state: Revision) -> Result<bool, DbFault> {
    let was = sqlx::query_scalar("SELECT EXISTS (SELECT FROM revisions WHERE counter = $1 AND id = $2)");
    Ok(was.bind(state.counter.cast_signed()).bind(Uuid::from_u128(state.id)).fetch_one(connection).await?)
}

/// Reads holds one by one: all, or those that have changed since a state that the ledger was in.
pub(crate) async fn read(
    connection: &mut Connection,
    since: Option<Revision>,
    mut take: impl FnMut(Hold),
) -> Result<(), DbFault> {
    const ALL: &str = concat!("SELECT ", holds::columns!(), " FROM holds");
    const CHANGED: &str = concat!("SELECT ", holds::columns!(), " FROM holds WHERE counter > $1");
    let query = match since {
        Some(since) => sqlx::query(CHANGED).bind(since.counter.cast_signed()),
        None => sqlx::query(ALL),
    };
    let mut rows = query.fetch(connection);
    while let Some(row) = rows.try_next().await? {
        take(holds::known(&row)?);
    }
    Ok(())
}
