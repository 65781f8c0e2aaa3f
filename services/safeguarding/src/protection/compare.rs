//! Comparisons of a source with the ledger: everything that it ever placed, streamed, against everything that the ledger
//! knows.
//!
//! That a comparison is owed is on record before the stream is asked for, so that nothing that the source releases in
//! the meantime is taken in; and a stream that was asked for before something changed on either side says nothing.

use super::{
    Protection,
    holds::understood_at_least,
    ledger::{self, Came},
    raises::{self, Raise},
    sources::{self, Locked},
};
use futures::TryStreamExt;
use holdfast_chassis::{Failure, Fields};
use holdfast_contracts::holdfast::{
    common::v1 as common,
    delivery::v1::{ListOpenProtectionsRequest, ListOpenProtectionsResponse},
    safeguarding::v1::Discrepancy,
};
use holdfast_procedure::{
    Workload,
    protection::{
        Compared, DatabaseIdentity, Hold, HoldKey, Holds, OnRecord, Proofs, Reconciliation, Revision, Stream, reconcile,
    },
};
use holdfast_store::{Connection, DbFault, wire};
use prost::Message;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

/// The method by which a source is asked for everything.
const LIST: &str = "/holdfast.delivery.v1.DeliveryService/ListOpenProtections";
/// How many orphans are kept to be told.
const TOLD: usize = 100;

/// A stream that was taken in as far as it came: the holds as they are understood, and as they came.
#[derive(Default)]
struct Streamed {
    of: Option<(Workload, DatabaseIdentity)>,
    holds: Vec<Hold>,
    came: Vec<common::Hold>,
    complete: bool,
}

/// Compares every source with which a comparison is owed, in the order in which cases flow, and says whether none is
/// owed any more. None is compared before those from which its cases came: what they hold may have been handed on.
///
/// # Errors
/// What the database says. A source that does not answer, or differs, is compared again.
pub(super) async fn all_owed(protection: &Arc<Protection>) -> Result<bool, Failure> {
    for (source, on_record) in sources::on_record(protection.store.pool()).await? {
        if let OnRecord::Owed { id } = on_record
            && !compare(protection, source, id).await?
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Notes that a comparison with a source is owed, unless something else is on record of it than was seen.
pub(super) async fn owe(protection: &Arc<Protection>, source: Workload, seen: OnRecord) -> Result<(), Failure> {
    let ledger = Arc::clone(protection);
    let work = async move {
        let _turn = ledger.writing.lock().await;
        let mut transaction = ledger.store.pool().begin().await.map_err(DbFault::from)?;
        let locked = sources::lock(&mut transaction, ledger.store.clock()).await?;
        if sources::on_record(&mut *transaction).await?.get(&source) == Some(&seen) {
            sources::owe(&mut transaction, &locked, Some(source)).await?;
        }
        transaction.commit().await.map_err(DbFault::from)?;
        ledger.told();
        ledger.owed.notify_one();
        Ok(())
    };
    protection.store.in_own_task(work).await
}

/// Compares one source, and says whether nothing differs.
async fn compare(protection: &Arc<Protection>, source: Workload, owed: u128) -> Result<bool, Failure> {
    // Which database of the ledger's asks. That a comparison is owed was committed before.
    let ledger = sources::identity_now(protection.store.pool()).await?;
    let asked = Reconciliation { source, ledger, owed };
    let name = wire::stored(&source);
    let streamed = match stream(protection, source).await {
        Ok(streamed) => streamed,
        Err(reason) => {
            tracing::warn!(source = name, reason, "a source does not tell what it holds; it is asked again");
            return Ok(false);
        }
    };
    let keeper = Arc::clone(protection);
    let work = async move { take_in(&keeper, &asked, streamed).await };
    let Some(compared) = protection.store.in_own_task(work).await? else {
        tracing::info!(source = name, "what a source told is out of date already; it is asked again");
        return Ok(false);
    };
    let (taken_in, differences, orphans) =
        (compared.taken_in.len(), compared.differences.len(), compared.orphans.len());
    tracing::info!(source = name, taken_in, differences, orphans, "a source was compared with the ledger");
    protection.told();
    if differences > 0 {
        protection.raised.notify_one();
    }
    Ok(compared.reconciled.is_some())
}

/// Everything that a source holds, or why it does not tell.
async fn stream(protection: &Protection, source: Workload) -> Result<Streamed, &'static str> {
    let request = ListOpenProtectionsRequest { source: wire::workload(source).into() }.encode_to_vec();
    let begun = protection.peers.stream(wire::workload(source), LIST, request).await;
    let mut messages = begun.map_err(|refused| refused.reason)?;
    let mut streamed = Streamed::default();
    while let Some(message) = messages.try_next().await.map_err(|refused| refused.reason)? {
        let message = ListOpenProtectionsResponse::decode(message.as_slice()).map_err(|_| "NOT_UNDERSTOOD")?;
        streamed.add(message)?;
    }
    Ok(streamed)
}

impl Streamed {
    /// Takes a message in. All of them have to be of one database, and nothing comes after the last.
    fn add(&mut self, message: ListOpenProtectionsResponse) -> Result<(), &'static str> {
        let database = wire::holds::database_from(&mut Fields::default(), "database", message.database.as_ref());
        let of = wire::workload_from(message.source()).zip(database).ok_or("NOT_UNDERSTOOD")?;
        if self.complete || self.of.as_ref().is_some_and(|before| *before != of) {
            return Err("NOT_ONE_STREAM");
        }
        let source = of.0;
        self.of = Some(of);
        self.complete = message.complete;
        for hold in message.holds {
            let (hold, came) = understood_at_least(&hold, source).ok_or("NOT_UNDERSTOOD")?;
            self.holds.push(hold);
            self.came.push(came);
        }
        Ok(())
    }
}

/// Takes a stream into the ledger; `None` where it says nothing.
async fn take_in(
    protection: &Arc<Protection>,
    asked: &Reconciliation,
    streamed: Streamed,
) -> Result<Option<Compared>, Failure> {
    let Streamed { of: Some((source, identity)), holds, came, complete } = streamed else { return Ok(None) };
    let stream = Stream { source, identity, holds, complete };
    let _turn = protection.writing.lock().await;
    // What concerns the source is read before the ledger is locked, and only what has changed since after it.
    let pool = protection.store.pool();
    let mut snapshot = ledger::snapshot(pool).await?;
    let mut concerned = Concerned::of(&stream);
    let read_at = ledger::revision(&mut *snapshot).await?;
    concerned.read(&mut snapshot, None).await?;
    snapshot.rollback().await.map_err(DbFault::from)?;
    let mut transaction = pool.begin().await.map_err(DbFault::from)?;
    let locked = sources::lock(&mut transaction, protection.store.clock()).await?;
    let on_record = sources::on_record(&mut *transaction).await?;
    let since = ledger::was(&mut transaction, read_at).await?;
    let (Some(on_record), true) = (on_record.get(&source), since) else { return Ok(None) };
    concerned.read(&mut transaction, Some(read_at)).await?;
    let mut holds = concerned.found;
    let Ok(compared) = reconcile(&mut holds, asked, &stream, &locked.identity, on_record) else { return Ok(None) };
    write(&mut transaction, &locked, &compared, (source, &came), &protection.proofs()).await?;
    transaction.commit().await.map_err(DbFault::from)?;
    Ok(Some(compared))
}

/// The holds of the ledger that a comparison is about: those that the source holds, and those that it told of.
struct Concerned<'a> {
    source: Workload,
    told: HashSet<&'a HoldKey>,
    found: Holds,
}

impl<'a> Concerned<'a> {
    fn of(stream: &'a Stream) -> Self {
        let told = stream.holds.iter().map(|hold| &hold.key).collect();
        Self { source: stream.source, told, found: Holds::default() }
    }

    async fn read(&mut self, connection: &mut Connection, since: Option<Revision>) -> Result<(), DbFault> {
        ledger::read(connection, since, |hold| {
            // One that was the source's when it was read before may be somebody else's by now.
            let concerns = hold.holder == self.source || self.told.contains(&hold.key);
            if concerns || self.found.get(&hold.key).is_some() {
                self.found.extend([hold]);
            }
        })
        .await
    }
}

/// Writes down what came of a comparison.
async fn write(
    connection: &mut Connection,
    locked: &Locked,
    compared: &Compared,
    (source, came): (Workload, &[common::Hold]),
    proofs: &Proofs,
) -> Result<(), DbFault> {
    let is_changed = !compared.taken_in.is_empty() || compared.reconciled.is_some();
    if is_changed {
        // As they came. The last word on a key is the one that counts.
        let came: HashMap<_, _> =
            came.iter().map(|hold| ((hold.case_reference.as_str(), hold.ground, hold.version), hold)).collect();
        let taken_in: BTreeMap<_, _> = compared.taken_in.iter().map(|hold| (&hold.key, hold)).collect();
        let changes = taken_in.into_values().map(|hold| {
            let key = (hold.key.case.as_str(), wire::holds::ground(hold.key.ground), hold.version.0);
            came.get(&key).map(|came| (hold, *came)).ok_or(DbFault::Unreadable)
        });
        let changes = changes.collect::<Result<Vec<_>, _>>()?;
        let found = Came { sender: source, request_id: None, trace_id: "" };
        ledger::put(connection, locked, &changes, &found, proofs).await?;
    }
    for difference in &compared.differences {
        let raise = Raise { key: &difference.key, holder: difference.ask, known: difference.known, released: true };
        raises::note(connection, &raise, locked.now).await?;
    }
    record(connection, locked, source, compared).await
}

/// Puts on record what was compared, and what differed.
async fn record(
    connection: &mut Connection,
    locked: &Locked,
    source: Workload,
    compared: &Compared,
) -> Result<(), DbFault> {
    let orphans = compared.orphans.iter().take(TOLD).map(|orphan| told(&orphan.key, 0, orphan.known.0));
    let differences = compared.differences.iter().take(TOLD);
    let differences = differences.map(|differs| told(&differs.key, differs.streamed.0, differs.known.0));
    let (of, ledger) = match &compared.reconciled {
        Some(reconciled) => (Some(&reconciled.source), Some(&reconciled.ledger)),
        None => (None, None),
    };
    let system = |of: Option<&DatabaseIdentity>| of.map(|of| of.system.to_string());
    let timeline = |of: Option<&DatabaseIdentity>| of.map(|of| i64::from(of.timeline));
    sqlx::query(
        "UPDATE sources SET owed = CASE WHEN $2::text IS NULL THEN owed END, source_system = $2, source_timeline = $3,
             ledger_system = $4, ledger_timeline = $5, compared_at = $6, differences = $7, orphans = $8,
             orphan_count = $9
         WHERE source = $1",
    )
    .bind(wire::stored(&source))
    .bind(system(of))
    .bind(timeline(of))
    .bind(system(ledger))
    .bind(timeline(ledger))
    .bind(locked.now)
    .bind(differences.map(|told| told.encode_to_vec()).collect::<Vec<_>>())
    .bind(orphans.map(|told| told.encode_to_vec()).collect::<Vec<_>>())
    .bind(i32::try_from(compared.orphans.len()).unwrap_or(i32::MAX))
    .execute(connection)
    .await?;
    Ok(())
}

fn told(key: &HoldKey, version_at_source: u64, version_in_ledger: u64) -> Discrepancy {
    Discrepancy {
        case_reference: key.case.clone(),
        ground: wire::holds::ground(key.ground),
        version_at_source,
        version_in_ledger,
    }
}
