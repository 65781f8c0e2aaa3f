//! The ledger's own state in its database: which revision it is in, which database that is, and what was compared with
//! each source.

use chrono::{DateTime, Utc};
use holdfast_chassis::{Clock, Failure};
use holdfast_procedure::{
    Workload,
    protection::{DatabaseIdentity, OnRecord, Reconciled, Revision, Sources},
};
use holdfast_store::{Connection, DbFault, Store, wire};
use sqlx::{PgExecutor, Row, postgres::PgRow};
use std::collections::BTreeMap;
use uuid::Uuid;

// Which database the ledger is in.
pub(super) use holdfast_store::{identity as own_identity, identity_columns as identity};

/// Numbers of the database's that it has no unsigned types for.
fn named(system: &str, timeline: i64) -> Result<DatabaseIdentity, DbFault> {
    let system = system.parse::<u64>().or_else(|_| system.parse::<i64>().map(i64::cast_unsigned));
    let timeline = u32::try_from(timeline).map_err(|_| DbFault::Unreadable)?;
    Ok(DatabaseIdentity { system: system.map_err(|_| DbFault::Unreadable)?, timeline })
}

/// A revision out of its columns.
pub(super) fn revision(row: &PgRow) -> Result<Revision, DbFault> {
    let counter: i64 = row.try_get("counter")?;
    Ok(Revision { counter: counter.unsigned_abs(), id: row.try_get::<Uuid, _>("id")?.as_u128() })
}

/// The ledger, as a transaction finds it that has locked it: nobody else changes it before that one ends.
pub(super) struct Locked {
    pub(super) revision: Revision,
    pub(super) identity: DatabaseIdentity,
    pub(super) now: DateTime<Utc>,
}

/// Locks the ledger. What is read of it by later statements of the transaction is as it stays.
pub(super) async fn lock(connection: &mut Connection, clock: &Clock) -> Result<Locked, DbFault> {
    const LOCK: &str =
        concat!("SELECT counter, id, COALESCE($1, clock_timestamp()) AS now, ", identity!(), " FROM ledger FOR UPDATE");
    let row = sqlx::query(LOCK).bind(clock.instead_of_database()).fetch_one(connection).await?;
    Ok(Locked { revision: revision(&row)?, identity: own_identity(&row)?, now: row.try_get("now")? })
}

/// Begins the next revision of a ledger that is locked, and gives its count.
pub(super) async fn next_revision(connection: &mut Connection, locked: &Locked) -> Result<i64, DbFault> {
    let next = sqlx::query_scalar(
        "WITH next AS (UPDATE ledger SET counter = counter + 1, id = gen_random_uuid() RETURNING counter, id)
         INSERT INTO revisions (counter, id, recorded_at) SELECT counter, id, $1 FROM next RETURNING counter",
    );
    Ok(next.bind(locked.now).fetch_one(connection).await?)
}

/// The columns of a source's record.
macro_rules! record {
    () => {
        "sources.source, sources.owed, sources.source_system, sources.source_timeline, sources.ledger_system, \
         sources.ledger_timeline"
    };
}
pub(super) use record;

/// What is on record of a source, out of its row; `None` where there is none.
pub(super) fn recorded(row: &PgRow) -> Result<Option<OnRecord>, DbFault> {
    if let Some(id) = row.try_get::<Option<Uuid>, _>("owed")? {
        return Ok(Some(OnRecord::Owed { id: id.as_u128() }));
    }
    let Some(system) = row.try_get::<Option<String>, _>("source_system")? else { return Ok(None) };
    let source = named(&system, row.try_get("source_timeline")?)?;
    let ledger = named(&row.try_get::<String, _>("ledger_system")?, row.try_get("ledger_timeline")?)?;
    Ok(Some(OnRecord::Reconciled(Reconciled { source, ledger })))
}

/// What is on record of every source.
pub(super) async fn on_record(executor: impl PgExecutor<'_>) -> Result<BTreeMap<Workload, OnRecord>, DbFault> {
    let rows = sqlx::query(concat!("SELECT ", record!(), " FROM sources")).fetch_all(executor).await?;
    let record = |row: &PgRow| {
        let source: Workload = wire::restored(row.try_get("source")?)?;
        Ok((source, recorded(row)?.ok_or(DbFault::Unreadable)?))
    };
    rows.iter().map(record).collect()
}

/// The ledger's own database, as it names itself now.
pub(super) async fn identity_now(executor: impl PgExecutor<'_>) -> Result<DatabaseIdentity, DbFault> {
    own_identity(&sqlx::query(concat!("SELECT ", identity!())).fetch_one(executor).await?)
}

/// Puts every required source on record that is not yet: a comparison is owed with it. What is on record already stays.
pub(super) async fn put_on_record(store: &Store, required: &Sources) -> Result<(), Failure> {
    let known = on_record(store.pool()).await?;
    let missing: Vec<_> = required.iter().filter(|source| !known.contains_key(source)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (of, missing) = (store.clone(), missing.iter().map(wire::stored).collect::<Vec<_>>());
    let put = async move {
        let mut transaction = of.pool().begin().await.map_err(DbFault::from)?;
        let locked = lock(&mut transaction, of.clock()).await?;
        let put = sqlx::query(
            "INSERT INTO sources (source, owed) SELECT source, gen_random_uuid() FROM unnest($1::text[]) AS source
             ON CONFLICT DO NOTHING",
        );
        let put = put.bind(missing).execute(&mut *transaction).await.map_err(DbFault::from)?;
        if put.rows_affected() > 0 {
            next_revision(&mut transaction, &locked).await?;
        }
        Ok(transaction.commit().await.map_err(DbFault::from)?)
    };
    store.in_own_task(put).await
}

/// Notes that a comparison is owed with every source.
pub(super) async fn owe_all(store: &Store) -> Result<(), Failure> {
    let of = store.clone();
    let work = async move {
        let mut transaction = of.pool().begin().await.map_err(DbFault::from)?;
        let locked = lock(&mut transaction, of.clock()).await?;
        owe(&mut transaction, &locked, None).await?;
        Ok(transaction.commit().await.map_err(DbFault::from)?)
    };
    store.in_own_task(work).await
}

/// Notes that a comparison is owed with these sources, or with all of them, under one id.
pub(super) async fn owe(
    connection: &mut Connection,
    locked: &Locked,
    source: Option<Workload>,
) -> Result<u128, DbFault> {
    let id = Uuid::new_v4();
    let owed = sqlx::query(
        "UPDATE sources SET owed = $1, source_system = NULL, source_timeline = NULL, ledger_system = NULL,
             ledger_timeline = NULL
         WHERE $2::text IS NULL OR source = $2",
    );
    owed.bind(id).bind(source.as_ref().map(wire::stored)).execute(&mut *connection).await?;
    next_revision(connection, locked).await?;
    Ok(id.as_u128())
}
