//! What the ledger of holds acknowledged last, as this service was told of it: so that a ledger that was restored
//! without its database telling so is found out.
//!
//! Replies come back in any order, so the row is only ever raised by its count. That alone would overlook a restored
//! ledger that has counted beyond the row already: what was lost would be forgotten with the old row. So each call names
//! the row as it was claimed, and a ledger that was never in that state owes every comparison, and counts on above it, in
//! the very transaction in which it takes the call in. Whatever raises the row after that is of a ledger that knows what
//! it has lost. (A call that is on its way while the database is put back breaks off, and is claimed again.)

use crate::{
    Delivery,
    db::{Connection, DbFault},
    holds::{RELEASE_HOLD, place_hold},
    wire::holds::{revision, revision_from},
};
use holdfast_chassis::peers::LEDGER_SEEN;
use holdfast_contracts::holdfast::{
    common::v1::LedgerRevision,
    safeguarding::v1::{PlaceHoldResponse, ReleaseHoldResponse},
};
use holdfast_procedure::protection::Revision;
use prost::Message;
use sqlx::{Row, postgres::PgRow};
use tonic::metadata::MetadataMap;
use uuid::Uuid;

/// The row, as columns for [`seen`].
macro_rules! columns {
    () => {
        "(SELECT counter FROM ledger_seen) AS seen_counter, (SELECT id FROM ledger_seen) AS seen_id"
    };
}
pub(crate) use columns;

/// What a row that holds its columns says; `None` where the ledger has acknowledged nothing yet.
pub(crate) fn seen(row: &PgRow) -> Result<Option<Revision>, DbFault> {
    let (counter, id): (Option<i64>, Option<Uuid>) = (row.try_get("seen_counter")?, row.try_get("seen_id")?);
    Ok(counter.zip(id).map(|(counter, id)| Revision { counter: counter.unsigned_abs(), id: id.as_u128() }))
}

/// The state of the ledger that a reply says holds what the call told it.
pub(crate) fn told(call: &Delivery, reply: &[u8]) -> Option<Revision> {
    let told = match call.path.as_str() {
        place_hold!() => PlaceHoldResponse::decode(reply).ok()?.revision,
        RELEASE_HOLD => ReleaseHoldResponse::decode(reply).ok()?.revision,
        _ => None,
    };
    revision_from(&told?)
}

/// Raises the row.
pub(crate) async fn raise(connection: &mut Connection, to: Revision) -> Result<(), DbFault> {
    let raise = sqlx::query(
        "INSERT INTO ledger_seen (counter, id) VALUES ($1, $2)
         ON CONFLICT (single) DO UPDATE SET counter = excluded.counter, id = excluded.id
         WHERE ledger_seen.counter < excluded.counter",
    );
    raise.bind(to.counter.cast_signed()).bind(Uuid::from_u128(to.id)).execute(connection).await?;
    Ok(())
}

/// How a call names the row.
pub(crate) fn named(seen: &Revision) -> String {
    let LedgerRevision { counter, id } = revision(seen);
    format!("{counter}/{id}")
}

/// What the sender of a call was told of the ledger, by the call's metadata: inside, `None` where it was told of
/// nothing yet; outside, where it cannot be read.
#[must_use]
pub fn ledger_seen(metadata: &MetadataMap) -> Option<Option<Revision>> {
    let mut values = metadata.get_all(LEDGER_SEEN).iter();
    let Some(value) = values.next() else { return Some(None) };
    let (counter, id) = value.to_str().ok()?.split_once('/').filter(|_| values.next().is_none())?;
    let stated = LedgerRevision { counter: counter.parse().ok()?, id: id.to_owned() };
    revision_from(&stated).map(Some)
}
