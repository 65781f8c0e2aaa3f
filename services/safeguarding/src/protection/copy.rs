//! The ledger in memory: what answers are drafted from.
//!
//! It is never right by itself: only a verification says that it was the ledger at some instant. Where it was not, what
//! has changed since is read, or everything, where the copy's revision is of another history of the ledger.

use super::{
    holds,
    ledger::{self, All, Loaded},
    sources::{self, identity, own_identity, record, recorded, revision},
};
use holdfast_chassis::Failure;
use holdfast_procedure::{
    Workload,
    protection::{Hold, Kept, LedgerRead, OnRecord, Revision},
};
use holdfast_store::{DbFault, Store, wire};
use sqlx::{PgExecutor, Row, postgres::PgRow};
use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};
use tokio::sync::Mutex;
use uuid::Uuid;

/// A copy of the ledger; there is none until it has been read for the first time.
#[derive(Default)]
pub(crate) struct Copy {
    kept: RwLock<Option<Kept>>,
    /// Held by whoever reads all of the ledger, so that nobody else does so meanwhile.
    reading: Mutex<()>,
    /// Held by a lane that brings it on and drafts from it, so that it comes to its end however fast the ledger changes.
    pub(crate) catching_up: Mutex<()>,
}

/// What has changed since a revision.
struct Since {
    revision: Revision,
    on_record: BTreeMap<Workload, OnRecord>,
    changed: Vec<Hold>,
}

impl Copy {
    /// What somebody makes of the copy as it is now; `None` where there is none.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&Kept) -> T) -> Option<T> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(look)
    }

    /// The state of the ledger that it is a copy of.
    pub(crate) fn revision(&self) -> Option<Revision> {
        self.with(|kept| kept.revision)
    }

    /// Reads the ledger as a whole, or what has changed of it, unless somebody else has brought the copy on from `seen`
    /// meanwhile. This may take a while.
    pub(crate) async fn read_anew(&self, store: &Store, seen: Option<Revision>) -> Result<(), Failure> {
        let _one_at_a_time = self.reading.lock().await;
        if self.revision() != seen {
            return Ok(());
        }
        let Loaded { revision, on_record, holds } = ledger::all(store, seen).await?;
        match holds {
            All::Whole(holds) => {
                if seen.is_some() {
                    // It was in a state that it does not know of: somebody has put an older one back. What it lacks
                    // comes back from the sources before anything is permitted by it.
                    tracing::error!("the ledger was restored; the check permits nothing before it is compared");
                    sources::owe_all(store).await?;
                }
                let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
                *kept = Some(Kept { revision, holds: *holds, on_record });
            }
            All::Changed(changed) => self.take_in(seen, Since { revision, on_record, changed }),
        }
        Ok(())
    }

    /// Takes in what has changed since the copy was made, as one statement reads it. What the copy is then, the ledger
    /// was when the statement was carried out: it verifies the copy as any other does. `None` where that was not
    /// possible.
    pub(crate) async fn catch_up(&self, executor: impl PgExecutor<'_>) -> Result<Option<LedgerRead>, DbFault> {
        let Some(from) = self.revision() else { return Ok(None) };
        let Some((read, since)) = since(executor, from).await? else { return Ok(None) };
        self.take_in(Some(from), since);
        Ok(Some(read))
    }

    /// Brings a copy of one revision on to a later one. Somebody else may have brought it further meanwhile: then what
    /// was read would take it back.
    fn take_in(&self, from: Option<Revision>, since: Since) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.as_mut().filter(|kept| Some(kept.revision) == from) {
            let Since { revision, on_record, changed } = since;
            kept.holds.extend(changed);
            (kept.revision, kept.on_record) = (revision, on_record);
        }
    }
}

/// As many changes, or more, are not taken in by a statement that others wait for: the copy is read anew. The statement
/// reads no more, and what reads as many may lack some: one number for both.
macro_rules! too_many {
    () => {
        1000
    };
}

/// What has changed since a revision; `None` where the ledger was never in it, so that its numbers mean nothing, or where
/// that is too much.
async fn since(executor: impl PgExecutor<'_>, from: Revision) -> Result<Option<(LedgerRead, Since)>, DbFault> {
    // A change of a hold leaves its count on it, and no hold is ever taken away. The bound has the database go by the
    // count alone: without it a plan that is made for any count reads every hold.
    let rows = sqlx::query(concat!(
        "SELECT ledger.counter, ledger.id, ",
        identity!(),
        ", ",
        record!(),
        ", ",
        holds::columns!(),
        " FROM (VALUES (0), (1), (2)) AS part (number)
         JOIN ledger ON EXISTS (SELECT FROM revisions WHERE counter = $1 AND id = $2)
         LEFT JOIN sources ON part.number = 1
         LEFT JOIN (SELECT * FROM holds WHERE counter > $1 ORDER BY counter LIMIT ",
        too_many!(),
        ") AS holds ON part.number = 2"
    ))
    .bind(from.counter.cast_signed())
    .bind(Uuid::from_u128(from.id))
    .fetch_all(executor)
    .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let read = LedgerRead { revision: revision(first)?, identity: own_identity(first)? };
    let mut since = Since { revision: read.revision, on_record: BTreeMap::new(), changed: Vec::new() };
    for row in &rows {
        since.on_record.extend(record_of(row)?);
        since.changed.extend(hold_of(row)?);
    }
    Ok((since.changed.len() < too_many!()).then_some((read, since)))
}

fn record_of(row: &PgRow) -> Result<Option<(Workload, OnRecord)>, DbFault> {
    let Some(source) = row.try_get::<Option<String>, _>("source")? else { return Ok(None) };
    Ok(Some((wire::restored(source)?, recorded(row)?.ok_or(DbFault::Unreadable)?)))
}

fn hold_of(row: &PgRow) -> Result<Option<Hold>, DbFault> {
    let is_hold = row.try_get::<Option<&str>, _>("case_reference")?.is_some();
    is_hold.then(|| holds::known(row)).transpose()
}
