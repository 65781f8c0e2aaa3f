//! Calls to other services, on their way: written in the transaction of the facts they follow from, each a row of its
//! own that says by itself whether it was delivered. There is no cursor to run ahead of a slower transaction.

use crate::{
    Store,
    db::{Connection, DbFault},
    journal::Head,
    wire,
};
use chrono::{DateTime, Utc};
use holdfast_chassis::{Failure, page};
use holdfast_contracts::holdfast::{access::v1 as access, delivery::v1 as pb};
use holdfast_procedure::Workload;
use prost::Message;
use serde::{Deserialize, Serialize};
use sqlx::{Row, postgres::PgRow};

/// The services that can be called: one that is not listed would never be relayed to.
pub(crate) const DESTINATIONS: [Workload; 4] =
    [Workload::Visiting, Workload::Conferencing, Workload::Safeguarding, Workload::Learning];
/// The longest request id that the contracts take.
const LONGEST_ID: usize = 64;

/// The calls that follow from what a command brought about, in order.
pub struct Calls {
    case: String,
    from: Workload,
    sequence: i64,
    /// Tells the command from any other that was ever recorded in its place.
    mark: String,
    calls: Vec<Call>,
    fault: Option<&'static str>,
}

struct Call {
    to: Workload,
    path: &'static str,
    request: Vec<u8>,
    request_id: String,
    urgent: bool,
}

impl Calls {
    /// None yet, of the service `from`, about the command whose last entry is the head of the case's journal.
    pub(crate) fn new(case: &str, from: Workload, head: &Head) -> Self {
        Self { case: case.to_owned(), from, sequence: head.sequence, mark: head.mark(), calls: Vec::new(), fault: None }
    }

    /// Adds a call to a service's method, by its path. It is delivered once every earlier call of the case has been.
    /// `request` makes the message under the request id it is given. It names the entry that the command made by place
    /// and hash, so that no other call ever has it: not even where the journal was cut back and went on otherwise.
    pub fn add<M: Message>(&mut self, to: Workload, path: &'static str, request: impl FnOnce(String) -> M) {
        self.put(to, path, false, request);
    }

    /// Adds a call that waits for no other: one that protects a person.
    pub fn urgent<M: Message>(&mut self, to: Workload, path: &'static str, request: impl FnOnce(String) -> M) {
        self.put(to, path, true, request);
    }

    fn put<M: Message>(&mut self, to: Workload, path: &'static str, urgent: bool, request: impl FnOnce(String) -> M) {
        let (from, ordinal) = (wire::stored(&self.from), self.calls.len());
        let request_id = format!("{}.{from}.{}.{ordinal}", self.case, self.mark);
        if request_id.len() > LONGEST_ID {
            self.fault = Some("the case's reference leaves no room for a request id");
        }
        if !DESTINATIONS.contains(&to) {
            self.fault = Some("the workload is no service");
        }
        let request = request(request_id.clone()).encode_to_vec();
        self.calls.push(Call { to, path, request, request_id, urgent });
    }

    /// Has the whole command refused: a slip of the ledger that it comes from.
    pub(crate) fn refuse(&mut self, fault: &'static str) {
        self.fault = Some(fault);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Whether every call can be delivered. One that cannot is a slip of the ledger that adds it.
    pub(crate) fn check(&self) -> Result<(), DbFault> {
        let Some(fault) = self.fault else { return Ok(()) };
        tracing::error!(case = self.case, fault, "a call cannot be made");
        Err(DbFault::Refused)
    }
}

/// Keeps calls, in one statement. `at` is when they are recorded; `clock` takes the place of the database's clock.
pub(crate) async fn keep(
    connection: &mut Connection,
    calls: &Calls,
    trace_id: &str,
    at: DateTime<Utc>,
    clock: Option<DateTime<Utc>>,
) -> Result<(), DbFault> {
    if calls.is_empty() {
        return Ok(());
    }
    fn column<'a, T>(calls: &'a Calls, read: impl Fn(&'a Call) -> T) -> Vec<T> {
        calls.calls.iter().map(read).collect()
    }
    sqlx::query(
        "INSERT INTO outbox (case_reference, sequence, ordinal, destination, method, request, request_id, trace_id,
             recorded_at, urgent, attempt_at)
         SELECT $1, $2, ordinal - 1, destination, method, request, request_id, $3, $4, urgent,
             COALESCE($5, clock_timestamp())
         FROM unnest($6::text[], $7::text[], $8::bytea[], $9::text[], $10::boolean[]) WITH ORDINALITY
             AS row (destination, method, request, request_id, urgent, ordinal)",
    )
    .bind(&calls.case)
    .bind(calls.sequence)
    .bind(trace_id)
    .bind(at)
    .bind(clock)
    .bind(column(calls, |call| wire::stored(&call.to)))
    .bind(column(calls, |call| call.path))
    .bind(column(calls, |call| call.request.as_slice()))
    .bind(column(calls, |call| call.request_id.as_str()))
    .bind(column(calls, |call| call.urgent))
    .execute(connection)
    .await?;
    Ok(())
}

/// Which undelivered calls to list.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Undelivered {
    /// Only those that are parked.
    pub parked_only: bool,
}

/// The place of an undelivered call in the list: the longest waiting first. Its request id tells it from those of other
/// services.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PlaceInLine {
    recorded_at: DateTime<Utc>,
    case: String,
    sequence: i64,
    ordinal: i16,
    request_id: String,
}

impl Store {
    /// Lists calls that were not acknowledged, parked or not, each with its place: at most `limit`, after `after`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn parked(
        &self,
        which: Undelivered,
        after: Option<&PlaceInLine>,
        limit: u32,
    ) -> Result<Vec<(PlaceInLine, pb::UndeliveredCall)>, Failure> {
        // Lists of several services are merged, so their order must not depend on a database's collation.
        let rows = sqlx::query(
            r#"SELECT case_reference, sequence, ordinal, destination, method, request_id, recorded_at, urgent, attempts,
                 last_failure, attempt_at, parked_at
             FROM outbox
             WHERE delivered_at IS NULL AND (NOT $1 OR parked_at IS NOT NULL)
                 AND ($2::timestamptz IS NULL
                     OR (recorded_at, case_reference COLLATE "C", sequence, ordinal, request_id COLLATE "C")
                         > ($2, $3, $4, $5, $6))
             ORDER BY recorded_at, case_reference COLLATE "C", sequence, ordinal, request_id COLLATE "C"
             LIMIT $7"#,
        )
        .bind(which.parked_only)
        .bind(after.map(|after| after.recorded_at))
        .bind(after.map(|after| after.case.as_str()))
        .bind(after.map(|after| after.sequence))
        .bind(after.map(|after| after.ordinal))
        .bind(after.map(|after| after.request_id.as_str()))
        .bind(i64::from(limit))
        .fetch_all(&self.inner.pool)
        .await
        .map_err(DbFault::from)?;
        let from = wire::workload(self.inner.workload);
        Ok(rows.iter().map(|row| told(row, from)).collect::<Result<_, _>>()?)
    }
}

fn told(row: &PgRow, from: access::Workload) -> Result<(PlaceInLine, pb::UndeliveredCall), DbFault> {
    let place = PlaceInLine {
        recorded_at: row.try_get("recorded_at")?,
        case: row.try_get("case_reference")?,
        sequence: row.try_get("sequence")?,
        ordinal: row.try_get("ordinal")?,
        request_id: row.try_get("request_id")?,
    };
    let attempts: i32 = row.try_get("attempts")?;
    let failure: Option<String> = row.try_get("last_failure")?;
    let parked_at: Option<DateTime<Utc>> = row.try_get("parked_at")?;
    // What is parked is not tried next.
    let next = if parked_at.is_none() { Some(row.try_get("attempt_at")?) } else { None };
    let call = pb::UndeliveredCall {
        case_reference: place.case.clone(),
        from: from.into(),
        // One of a newer build has no name here.
        to: wire::restored(row.try_get("destination")?).map(wire::workload).unwrap_or_default().into(),
        method: row.try_get("method")?,
        request_id: place.request_id.clone(),
        recorded_at: Some(wire::timestamp(place.recorded_at)),
        urgent: row.try_get("urgent")?,
        attempts: attempts.unsigned_abs(),
        last_failure: failure.unwrap_or_default(),
        next_attempt_at: next.map(wire::timestamp),
        parked_at: parked_at.map(wire::timestamp),
    };
    Ok((place, call))
}

/// One page out of the lists of several services, and where to go on if there are more.
pub(crate) fn merged(
    mut found: Vec<(PlaceInLine, pb::UndeliveredCall)>,
    limit: u32,
) -> (Vec<pb::UndeliveredCall>, Option<PlaceInLine>) {
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    let (found, is_more) = page::cut(found, limit);
    let next = found.last().map(|(place, _)| place.clone()).filter(|_| is_more);
    (found.into_iter().map(|(_, call)| call).collect(), next)
}
