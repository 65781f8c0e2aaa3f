//! What changed of what is owed, for those who watch. Transactions commit in another order than they begin in, so a
//! reader stays below the oldest that still runs, the horizon: what it has passed can never change behind its back.

use crate::{
    Store,
    db::DbFault,
    tasks::{self, Filter, bind, columns, matching},
    wire,
};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_contracts::holdfast::common::v1 as pb;
use serde::{Deserialize, Serialize};
use sqlx::{Row, postgres::PgRow};
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// How many changes are read at a time.
const BATCH: i64 = 200;
/// For how long the horizon may stand still while changes wait before somebody is warned: longer than any transaction of
/// ours takes.
const STANDSTILL: TimeDelta = TimeDelta::seconds(30);
/// How many moments a watcher remembers to tell which of them the horizon has passed.
const MOMENTS: i32 = 64;

/// A place among the changes of a store: all up to here have been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Position {
    /// The transaction.
    tx: u64,
    /// The change.
    id: i64,
}

/// A task that changed: as it is at present, or its name where it does not match any more.
pub(crate) enum Change {
    Owed(Box<pb::Task>),
    Settled(String),
}

/// What changed after a position.
pub(crate) struct Changes {
    /// Each change, with where to go on after it; `None` where it is no business of the watcher.
    pub(crate) changes: Vec<(Position, Option<Change>)>,
    /// Where to go on after all of them; `None` where there may be more at once.
    pub(crate) caught_up: Option<Position>,
    /// The moment at which they were read.
    pub(crate) moment: Moment,
}

/// What a store's transactions are like at one moment.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    /// Which history of the database they belong to: positions of another mean nothing in it.
    pub(crate) history: String,
    /// Before every change that may come to be seen later.
    pub(crate) horizon: Position,
    /// What was committed by then belongs to transactions before this one.
    newest: u64,
    /// When it was, at the latest.
    pub(crate) at: DateTime<Utc>,
    /// There are changes behind the horizon.
    waiting: bool,
}

/// A moment's columns. The file of the write-ahead log names the timeline: the control file lags a promotion. The
/// transaction begins before its snapshot is taken, so that whatever was committed by its beginning is seen.
macro_rules! moment {
    () => {
        "pg_snapshot_xmin(pg_current_snapshot()) AS horizon, pg_snapshot_xmax(pg_current_snapshot()) AS newest,
             (SELECT system_identifier FROM pg_control_system()) || '-'
                 || left(pg_walfile_name(pg_current_wal_lsn()), 8) || '-'
                 || (SELECT oid FROM pg_database WHERE datname = current_database()) AS history,
             EXISTS (SELECT FROM task_changes WHERE tx >= pg_snapshot_xmin(pg_current_snapshot())) AS waiting, "
    };
}

impl Store {
    /// The present moment. What is read from now on holds everything that was committed by then.
    pub(crate) async fn moment(&self) -> Result<Moment, DbFault> {
        let statement = concat!(
            "SELECT horizon::text, newest::text, history, waiting, at FROM (SELECT ",
            moment!(),
            "COALESCE($1, now()) AS at) AS moment",
        );
        let row =
            sqlx::query(statement).bind(self.inner.clock.instead_of_database()).fetch_one(&self.inner.pool).await?;
        moment(&row)
    }

    /// What changed after a position, as far as that can be told yet.
    pub(crate) async fn changes(&self, filter: &Filter, after: Position) -> Result<Changes, DbFault> {
        // The horizon and the changes below it are read by one statement, so that they are of one moment.
        let statement = concat!(
            "SELECT moment.horizon::text AS horizon, moment.newest::text AS newest, moment.history, moment.waiting,
                 moment.at, change.tx::text AS tx, change.id, change.case_reference AS changed_case,
                 change.key AS changed_key,
                 COALESCE(change.forgotten >= $9::text::xid8, false) OR EXISTS (
                     SELECT FROM jsonb_to_recordset(change.before) AS state (tx text, owner text, benefit text,
                         due_at timestamptz, team text, person text, cover_person text)
                     WHERE state.tx::xid8 >= $9::text::xid8 AND ",
            matching!(before),
            ") AS did_match, ",
            columns!(),
            " FROM (SELECT ",
            moment!(),
            "COALESCE($6, now()) AS at) AS moment
             LEFT JOIN LATERAL (
                 SELECT tx, id, case_reference, key, before, forgotten FROM task_changes
                 WHERE (tx, id) > ($9::text::xid8, $10) AND tx < moment.horizon
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
        let moment = moment(rows.first().ok_or(DbFault::Unreadable)?)?;
        self.inner.horizon.note(&moment, &wire::stored(&self.inner.workload));
        let changes = rows.iter().filter_map(|row| self.change(row).transpose()).collect::<Result<Vec<_>, _>>()?;
        let caught_up = (changes.len() < usize::try_from(BATCH).unwrap_or(usize::MAX)).then_some(moment.horizon);
        Ok(Changes { changes, caught_up, moment })
    }

    fn change(&self, row: &PgRow) -> Result<Option<(Position, Option<Change>)>, DbFault> {
        let Some(tx) = row.try_get::<Option<String>, _>("tx")? else { return Ok(None) };
        let position = Position { id: row.try_get("id")?, tx: number(&tx)? };
        let change = if row.try_get::<Option<String>, _>("case_reference")?.is_some() {
            Some(Change::Owed(Box::new(tasks::task(row, self.inner.workload)?)))
        } else if row.try_get("did_match")? {
            let (case, key): (String, String) = (row.try_get("changed_case")?, row.try_get("changed_key")?);
            Some(Change::Settled(wire::task_name(self.inner.workload, &case, &key)))
        } else {
            None
        };
        Ok(Some((position, change)))
    }
}

fn moment(row: &PgRow) -> Result<Moment, DbFault> {
    Ok(Moment {
        history: row.try_get("history")?,
        horizon: Position { tx: number(row.try_get("horizon")?)?, id: 0 },
        newest: number(row.try_get("newest")?)?,
        at: row.try_get("at")?,
        waiting: row.try_get("waiting")?,
    })
}

/// The number of a transaction, which the driver has no type for.
fn number(tx: &str) -> Result<u64, DbFault> {
    tx.parse().map_err(|_| DbFault::Unreadable)
}

/// Up to which instant a watcher has been told everything.
#[derive(Debug, Default)]
pub(crate) struct AsOf {
    /// Moments that the horizon has not passed: what was committed by then belongs to transactions before these.
    moments: VecDeque<(u64, DateTime<Utc>)>,
    /// How far apart they have to be: the longer the horizon stands still, the farther.
    apart: TimeDelta,
    instant: Option<DateTime<Utc>>,
}

impl AsOf {
    /// For a watcher who is told everything that is owed at a moment, or later.
    pub(crate) fn told_at(moment: &Moment) -> Self {
        Self { instant: Some(moment.at), ..Self::default() }
    }

    /// The instant; `None` where it is not known.
    pub(crate) const fn instant(&self) -> Option<DateTime<Utc>> {
        self.instant
    }

    /// Notes a moment, and whether everything before its horizon has been told.
    pub(crate) fn note(&mut self, moment: &Moment, is_told: bool) {
        let passed = |newest: u64| is_told && newest <= moment.horizon.tx;
        while let Some((_, at)) = self.moments.front().copied().filter(|(newest, _)| passed(*newest)) {
            self.instant = self.instant.max(Some(at));
            self.moments.pop_front();
            // Whatever comes next is worth remembering again.
            if self.moments.is_empty() {
                self.apart = TimeDelta::zero();
            }
        }
        if passed(moment.newest) {
            self.instant = self.instant.max(Some(moment.at));
        } else {
            self.remember(moment);
        }
    }

    fn remember(&mut self, moment: &Moment) {
        match self.moments.back_mut() {
            Some((newest, at)) if *newest == moment.newest => *at = moment.at,
            Some((_, at)) if moment.at - *at < self.apart => {}
            _ => self.moments.push_back((moment.newest, moment.at)),
        }
        if let (true, Some((_, first))) = (self.moments.len() > MOMENTS as usize, self.moments.front().copied()) {
            // With every other one forgotten the instant is told too early at worst.
            self.apart = (moment.at - first) / (MOMENTS / 2);
            let mut keeps = false;
            self.moments.retain(|_| {
                keeps = !keeps;
                keeps
            });
        }
    }
}

/// How long a store's horizon has stood still while changes wait behind it.
#[derive(Default)]
pub(crate) struct Horizon(Mutex<Option<(Position, DateTime<Utc>)>>);

impl Horizon {
    /// Warns where it has stood still for too long, and again each time it has for as long again.
    fn note(&self, moment: &Moment, service: &str) {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match since.as_mut().filter(|(horizon, _)| *horizon == moment.horizon && moment.waiting) {
            None => *since = moment.waiting.then_some((moment.horizon, moment.at)),
            Some((_, since)) if moment.at - *since >= STANDSTILL => {
                *since = moment.at;
                tracing::warn!(
                    service,
                    "watchers are not told what changed: an old transaction, of whomever on this server, still writes"
                );
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(horizon: u64, newest: u64, second: i64) -> Moment {
        let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(second);
        Moment { history: String::new(), horizon: Position { tx: horizon, id: 0 }, newest, at, waiting: false }
    }

    fn seconds(as_of: &AsOf) -> Option<i64> {
        as_of.instant().map(|at| at.timestamp())
    }

    #[test]
    fn everything_is_told_up_to_the_last_moment_that_the_horizon_has_passed() {
        let mut as_of = AsOf::default();
        as_of.note(&moment(5, 8, 1), true);
        assert_eq!(seconds(&as_of), None, "nothing is known of what transactions 5 to 7 did before");
        as_of.note(&moment(5, 9, 2), true);
        as_of.note(&moment(5, 9, 3), true);
        as_of.note(&moment(8, 10, 4), true);
        assert_eq!(seconds(&as_of), Some(1));
        as_of.note(&moment(10, 11, 5), false);
        assert_eq!(seconds(&as_of), Some(1), "it has not been told yet");
        as_of.note(&moment(10, 12, 6), true);
        assert_eq!(seconds(&as_of), Some(4));
        as_of.note(&moment(12, 12, 7), true);
        assert_eq!(seconds(&as_of), Some(7), "no transaction runs");
    }

    #[test]
    fn a_horizon_that_stands_still_fills_no_memory() {
        let mut as_of = AsOf::told_at(&moment(1, 1, 0));
        for second in 1..10_000_u32 {
            as_of.note(&moment(5, 10 + u64::from(second), second.into()), true);
            assert!(as_of.moments.len() <= MOMENTS as usize);
        }
        assert_eq!(seconds(&as_of), Some(0));
        as_of.note(&moment(9_000, 20_000, 10_000), true);
        let told = seconds(&as_of).unwrap_or_default();
        assert!((8_000..=8_990).contains(&told), "{told}");
    }
}
