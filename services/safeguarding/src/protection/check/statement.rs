//! The one statement: which state the ledger is in, and what is journalled if it is that of the copy.

use crate::protection::sources::{identity_now, revision};
use chrono::{DateTime, Utc};
use holdfast_procedure::protection::{DatabaseIdentity, LedgerRead, Revision};
use holdfast_store::{Connection, DbFault};
use sqlx::{Row, postgres::PgRow};
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
    /// The row, which decision ids name.
    pub(crate) id: Uuid,
    /// How many decisions it holds.
    pub(crate) permitted: usize,
    /// Who asked what.
    pub(crate) body: Vec<u8>,
    /// The state of the ledger that it is right in.
    pub(crate) revision: Revision,
    /// The instant that takes the place of the database's, where a test sets one.
    pub(crate) at: Option<DateTime<Utc>>,
}

/// The ledger's state, and when the server started that says so.
macro_rules! present {
    () => {
        "SELECT counter, id, pg_postmaster_start_time() AS started FROM ledger"
    };
}

/// Journals what was verified already.
pub(crate) async fn keep(connection: &mut Connection, keeping: &Keeping) -> Result<(), DbFault> {
    let Keeping { id, permitted, body, revision, at } = keeping;
    sqlx::query(
        "INSERT INTO answers (id, decided_at, counter, permitted, body)
         VALUES ($1, COALESCE($2, clock_timestamp()), $5, $3, $4)",
    )
    .bind(id)
    .bind(at)
    .bind(i32::try_from(*permitted).unwrap_or(i32::MAX))
    .bind(body)
    .bind(revision.counter.cast_signed())
    .execute(connection)
    .await?;
    Ok(())
}

/// Reads the ledger's state, and journals in the same statement, where there is something to journal and the state is
/// that in which it is right.
pub(crate) async fn read_ledger(
    connection: &mut Connection,
    known: &mut Known,
    keeping: Option<&Keeping>,
) -> Result<LedgerRead, DbFault> {
    let Some(Keeping { id, permitted, body, revision, at }) = keeping else {
        let row = sqlx::query(present!()).fetch_one(&mut *connection).await?;
        return read(&row, connection, known).await;
    };
    // What is read and what the row hangs on are one state: a statement sees the database as it was when it began.
    let row = sqlx::query(concat!(
        "WITH present AS (",
        present!(),
        "), kept AS (
             INSERT INTO answers (id, decided_at, counter, permitted, body)
             SELECT $1, COALESCE($2, clock_timestamp()), counter, $3, $4 FROM present WHERE counter = $5 AND id = $6)
         SELECT * FROM present"
    ))
    .bind(id)
    .bind(at)
    .bind(i32::try_from(*permitted).unwrap_or(i32::MAX))
    .bind(body)
    .bind(revision.counter.cast_signed())
    .bind(Uuid::from_u128(revision.id))
    .fetch_one(&mut *connection)
    .await?;
    read(&row, connection, known).await
}

async fn read(row: &PgRow, connection: &mut Connection, known: &mut Known) -> Result<LedgerRead, DbFault> {
    let identity = known.of(connection, row.try_get("started")?).await?;
    Ok(LedgerRead { revision: revision(row)?, identity })
}
