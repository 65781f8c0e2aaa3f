//! The one statement: which state the ledger is in, and what is journalled if it is that of the copy.

use crate::protection::{
    journal::Row,
    sources::{identity_now, revision},
};
use chrono::{DateTime, Utc};
use holdfast_procedure::protection::{DatabaseIdentity, LedgerRead, Revision};
use holdfast_store::{Connection, DbFault};
use sqlx::{Postgres, Row as _, postgres::PgArguments, query::Query};
use uuid::Uuid;

/// Which database a server is, by when the server started. A primary keeps its identity for as long as it runs, and a
/// standby has none to read before it is promoted: it is read once a start, not once a statement, as it costs more than
/// all the rest.
#[derive(Default)]
pub(crate) struct Known(Option<(DateTime<Utc>, DatabaseIdentity)>);

impl Known {
    /// The identity of the server that started then, which is the one at the other end of the connection.
    async fn of(&mut self, connection: &mut Connection, started: DateTime<Utc>) -> Result<DatabaseIdentity, DbFault> {
        if let Some((_, identity)) = self.0.as_ref().filter(|(known, _)| *known == started) {
            return Ok(identity.clone());
        }
        let identity = identity_now(connection).await?;
        self.0 = Some((started, identity.clone()));
        Ok(identity)
    }
}

/// What is to be journalled.
pub(crate) struct Keeping {
    /// The rows, which decision ids name.
    pub(crate) rows: Vec<Row>,
    /// The state of the ledger that they are right in.
    pub(crate) revision: Revision,
    /// The instant that takes the place of the database's, where a test sets one.
    pub(crate) at: Option<DateTime<Utc>>,
}

impl Keeping {
    /// A statement with its parameters: the rows' ids, how many decisions each holds, and their bodies; the instant; and
    /// the state's count.
    fn bound(&self, statement: &'static str) -> Query<'_, Postgres, PgArguments> {
        let Self { rows, revision, at } = self;
        let permitted = |row: &Row| i32::try_from(row.permitted).unwrap_or(i32::MAX);
        sqlx::query(statement)
            .bind(rows.iter().map(|row| row.id).collect::<Vec<_>>())
            .bind(rows.iter().map(permitted).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.body.as_slice()).collect::<Vec<_>>())
            .bind(at)
            .bind(revision.counter.cast_signed())
    }
}

/// Journals what was verified already.
pub(crate) async fn keep(connection: &mut Connection, keeping: &Keeping) -> Result<(), DbFault> {
    let kept = keeping.bound(
        "INSERT INTO answers (id, decided_at, counter, permitted, body)
         SELECT kept.id, COALESCE($4, clock_timestamp()), $5, kept.permitted, kept.body
         FROM unnest($1::uuid[], $2::integer[], $3::bytea[]) AS kept (id, permitted, body)",
    );
    kept.execute(connection).await?;
    Ok(())
}

/// Reads the ledger's state.
pub(crate) async fn read_ledger(connection: &mut Connection, known: &mut Known) -> Result<LedgerRead, DbFault> {
    let present = "SELECT counter, id, pg_postmaster_start_time() AS started FROM ledger";
    let row = sqlx::query(present).fetch_one(&mut *connection).await?;
    let identity = known.of(connection, row.try_get("started")?).await?;
    Ok(LedgerRead { revision: revision(&row)?, identity })
}

/// Journals, provided that the ledger is in the state in which that is right, and gives what was read of it; `None`
/// where it is in another.
pub(crate) async fn keep_if_current(
    connection: &mut Connection,
    known: &mut Known,
    keeping: &Keeping,
) -> Result<Option<LedgerRead>, DbFault> {
    // What is read and what the rows hang on are one state: a statement sees the database as it was when it began.
    let kept = keeping.bound(
        "INSERT INTO answers (id, decided_at, counter, permitted, body)
         SELECT kept.id, COALESCE($4, clock_timestamp()), ledger.counter, kept.permitted, kept.body
         FROM ledger, unnest($1::uuid[], $2::integer[], $3::bytea[]) AS kept (id, permitted, body)
         WHERE ledger.counter = $5 AND ledger.id = $6
         RETURNING pg_postmaster_start_time() AS started",
    );
    let rows = kept.bind(Uuid::from_u128(keeping.revision.id)).fetch_all(&mut *connection).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let identity = known.of(connection, row.try_get("started")?).await?;
    Ok(Some(LedgerRead { revision: keeping.revision, identity }))
}
