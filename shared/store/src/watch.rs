//! What changed of what is owed, for those who watch. Transactions commit in another order than they begin in, so a
//! reader stays below the oldest that still runs: what it has passed can never change behind its back.

use crate::{
    Store,
    db::DbFault,
    tasks::{self, Filter, bind, columns, matching},
    wire,
};
use holdfast_contracts::holdfast::common::v1 as pb;
use serde::{Deserialize, Serialize};
use sqlx::{Row, postgres::PgRow};

/// How many changes are read at a time.
const BATCH: i64 = 200;

/// A place among the changes of a store: all up to here have been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// The transaction.
    tx: u64,
    /// The change.
    id: i64,
}

/// A task that changed: as it is at present, or its name where it is not owed any more or does not match.
pub(crate) enum Change {
    Owed(Box<pb::Task>),
    Settled(String),
}

/// What changed after a position.
pub(crate) struct Changes {
    /// Each change, with where to go on after it.
    pub(crate) changes: Vec<(Position, Change)>,
    /// Where to go on after all of them; `None` where there may be more at once.
    pub(crate) caught_up: Option<Position>,
}

impl Store {
    /// Where changes begin that are not in what is read from now on.
    pub(crate) async fn position(&self) -> Result<Position, DbFault> {
        let horizon: String = sqlx::query_scalar("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
            .fetch_one(&self.inner.pool)
            .await?;
        before(&horizon)
    }

    /// What changed after a position, as far as that can be told yet.
    pub(crate) async fn changes(&self, filter: &Filter, after: Position) -> Result<Changes, DbFault> {
        // The horizon and the changes below it are read by one statement, so that they are of one moment.
        let statement = concat!(
            "SELECT now.horizon::text AS horizon, change.tx::text AS tx, change.id,
                 change.case_reference AS changed_case, change.key AS changed_key, ",
            columns!(),
            " FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS horizon) AS now
             LEFT JOIN LATERAL (
                 SELECT tx, id, case_reference, key FROM task_changes
                 WHERE (tx, id) > ($9::text::xid8, $10) AND tx < now.horizon
                     AND ($2::text IS NULL OR case_reference = $2)
                 ORDER BY tx, id LIMIT $11) AS change ON true
             LEFT JOIN tasks ON tasks.case_reference = change.case_reference AND tasks.key = change.key AND ",
            matching!(),
            " ORDER BY change.tx, change.id",
        );
        let rows = bind!(statement, self, filter)
            .bind(after.tx.to_string())
            .bind(after.id)
            .bind(BATCH)
            .fetch_all(&self.inner.pool)
            .await?;
        let Some(first) = rows.first() else { return Err(DbFault::Unreadable) };
        let horizon = before(&first.try_get::<String, _>("horizon")?)?;
        let changes = rows.iter().filter_map(|row| self.change(row).transpose()).collect::<Result<Vec<_>, _>>()?;
        let caught_up = (changes.len() < usize::try_from(BATCH).unwrap_or(usize::MAX)).then_some(horizon);
        Ok(Changes { changes, caught_up })
    }

    fn change(&self, row: &PgRow) -> Result<Option<(Position, Change)>, DbFault> {
        let Some(tx) = row.try_get::<Option<String>, _>("tx")? else { return Ok(None) };
        let position = Position { id: row.try_get("id")?, ..before(&tx)? };
        let owed: Option<String> = row.try_get("case_reference")?;
        let change = if owed.is_some() {
            Change::Owed(Box::new(tasks::task(row, self.inner.workload)?))
        } else {
            let (case, key): (String, String) = (row.try_get("changed_case")?, row.try_get("changed_key")?);
            Change::Settled(wire::task_name(self.inner.workload, &case, &key))
        };
        Ok(Some((position, change)))
    }
}

/// The place before every change of a transaction.
fn before(tx: &str) -> Result<Position, DbFault> {
    Ok(Position { tx: tx.parse().map_err(|_| DbFault::Unreadable)?, id: 0 })
}
