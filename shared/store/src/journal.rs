//! The journal: loading it, adding to it, and the hash chain that shows whether it was tampered with.

use crate::{
    db::{Connection, DbFault},
    ledger::{Event, Ledger, State},
    merges, wire,
};
use chrono::{DateTime, Utc};
use holdfast_procedure::{Actor, Decider, Recorded, Ruled, Told};
use sha2::{Digest, Sha256};
use sqlx::{Row, postgres::PgRow};
use thiserror::Error;

/// What the hash of a case's first entry follows on.
const BEGINNING: [u8; 32] = [0; 32];
/// Tells these hashes from any others.
const DOMAIN: &[u8] = b"holdfast/journal/1";

/// One row of the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The case.
    pub case: String,
    /// Place in the case's journal, from 1.
    pub sequence: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Who brought it about.
    pub actor: Actor,
    /// The command it followed from.
    pub command: String,
    /// The request that brought the command.
    pub request_id: Option<String>,
    /// Place among the events of its command.
    pub ordinal: i16,
    /// The event's stable name.
    pub event_name: String,
    /// The event, as JSON.
    pub event: String,
    /// Ids of the rules it stands on.
    pub rules: Vec<String>,
    /// The version of the guidance that judged it.
    pub guidance_version: String,
    /// The trace it belongs to.
    pub trace_id: String,
    /// Hash of this entry and all before it.
    pub hash: Vec<u8>,
}

/// Where a hash chain breaks.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JournalFault {
    /// An entry is missing before this one.
    #[error("entry {0} does not follow on the one before it")]
    Gap(i64),
    /// The entry, or one before it, is not what was written.
    #[error("entry {0} is not what was written")]
    Altered(i64),
}

/// Checks a case's whole journal against its hashes.
///
/// # Errors
/// The first [`JournalFault`].
pub fn verify(entries: &[Entry]) -> Result<(), JournalFault> {
    let mut before = BEGINNING.to_vec();
    for (place, entry) in (1..).zip(entries) {
        if entry.sequence != place {
            return Err(JournalFault::Gap(entry.sequence));
        }
        if entry.hash != hash(&before, entry) {
            return Err(JournalFault::Altered(entry.sequence));
        }
        before.clone_from(&entry.hash);
    }
    Ok(())
}

/// Fixed order, every part preceded by its length: one entry has one form.
fn hash(before: &[u8], entry: &Entry) -> Vec<u8> {
    let mut hasher = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    part(DOMAIN);
    part(before);
    part(entry.case.as_bytes());
    part(&entry.sequence.to_be_bytes());
    part(&entry.recorded_at.timestamp_micros().to_be_bytes());
    part(&entry.occurred_at.timestamp_micros().to_be_bytes());
    part(entry.actor.person.as_bytes());
    part(wire::stored(&entry.actor.role).as_bytes());
    part(wire::stored(&entry.actor.workload).as_bytes());
    part(entry.command.as_bytes());
    part(entry.request_id.as_deref().unwrap_or_default().as_bytes());
    part(&entry.ordinal.to_be_bytes());
    part(entry.event_name.as_bytes());
    part(entry.event.as_bytes());
    part(entry.rules.join(",").as_bytes());
    part(entry.guidance_version.as_bytes());
    part(entry.trace_id.as_bytes());
    hasher.finalize().to_vec()
}

/// A case as its journal tells it.
#[derive(Debug, Clone)]
pub(crate) struct History<S> {
    pub(crate) state: S,
    pub(crate) head: Head,
    /// When the last entry was recorded.
    pub(crate) last_recorded: Option<DateTime<Utc>>,
}

/// The last entry of a case's journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) sequence: i64,
    pub(crate) hash: Vec<u8>,
}

impl Head {
    pub(crate) const fn none() -> Self {
        Self { sequence: 0, hash: Vec::new() }
    }

    /// The case's version, as callers see it.
    pub(crate) fn etag(&self) -> String {
        let digest: String = self.hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{digest}", self.sequence)
    }

    /// The same, shorter: what request ids have room for. In digits only, as letters and digits together may read like a
    /// National Insurance number, which no reference may.
    pub(crate) fn mark(&self) -> String {
        let first = self.hash.iter().take(4).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{}-{first}", self.sequence)
    }
}

/// Folds entries, in order, into what they amount to.
pub(crate) fn fold<L: Ledger>(entries: &[Entry]) -> Result<History<State<L>>, DbFault> {
    let mut history = History { state: State::<L>::default(), head: Head::none(), last_recorded: None };
    for entry in entries {
        let event: Event<L> = serde_json::from_str(&entry.event).map_err(|_| {
            tracing::error!(event = entry.event_name, "an entry of the journal cannot be read");
            DbFault::Unreadable
        })?;
        evolve::<L>(&mut history.state, &event, entry);
        history.head = Head { sequence: entry.sequence, hash: entry.hash.clone() };
        history.last_recorded = Some(entry.recorded_at);
    }
    Ok(history)
}

fn evolve<L: Ledger>(state: &mut State<L>, event: &Event<L>, entry: &Entry) {
    let recorded =
        Recorded { event, at: entry.recorded_at, by: &entry.actor, version: entry.guidance_version.as_str() };
    L::Decider::evolve(state, &recorded);
}

/// What the entries of one command have in common.
pub(crate) struct Common<'a> {
    pub(crate) case: &'a str,
    pub(crate) at: DateTime<Utc>,
    pub(crate) actor: &'a Actor,
    pub(crate) command: &'a str,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) trace_id: &'a str,
}

/// The entries that these events become, and what the case then amounts to.
pub(crate) fn extend<L: Ledger>(
    history: &History<State<L>>,
    events: &[Ruled<Event<L>>],
    common: &Common<'_>,
) -> Result<(Vec<Entry>, History<State<L>>), DbFault> {
    let mut history = history.clone();
    let mut entries = Vec::with_capacity(events.len());
    for (ordinal, ruled) in events.iter().enumerate() {
        let mut entry = Entry {
            case: common.case.to_owned(),
            sequence: history.head.sequence + 1,
            recorded_at: common.at,
            occurred_at: ruled.event.occurred_at().unwrap_or(common.at),
            actor: common.actor.clone(),
            command: common.command.to_owned(),
            request_id: common.request_id.map(str::to_owned),
            ordinal: i16::try_from(ordinal).map_err(|_| DbFault::Refused)?,
            event_name: ruled.event.name().to_owned(),
            event: serde_json::to_string(&ruled.event).map_err(|_| DbFault::Refused)?,
            rules: ruled.rules.iter().map(|rule| rule.id.to_owned()).collect(),
            guidance_version: ruled.version.clone(),
            trace_id: common.trace_id.to_owned(),
            hash: Vec::new(),
        };
        let before = if history.head.sequence == 0 { BEGINNING.to_vec() } else { history.head.hash.clone() };
        entry.hash = hash(&before, &entry);
        evolve::<L>(&mut history.state, &ruled.event, &entry);
        history.head = Head { sequence: entry.sequence, hash: entry.hash.clone() };
        history.last_recorded = Some(entry.recorded_at);
        entries.push(entry);
    }
    Ok((entries, history))
}

/// Writes entries in one statement. Another replica that was first makes this a [`DbFault::Conflict`].
pub(crate) async fn append(connection: &mut Connection, entries: &[Entry]) -> Result<(), DbFault> {
    fn column<T>(entries: &[Entry], read: impl Fn(&Entry) -> T) -> Vec<T> {
        entries.iter().map(read).collect()
    }
    sqlx::query(
        "INSERT INTO journal (case_reference, sequence, recorded_at, occurred_at, person, role, workload, command,
             request_id, ordinal, event_name, event, rules, guidance_version, trace_id, hash)
         SELECT case_reference, sequence, recorded_at, occurred_at, person, role, workload, command,
             request_id, ordinal, event_name, event::json, string_to_array(rules, ','), guidance_version, trace_id, hash
         FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[], $7::text[],
             $8::text[], $9::text[], $10::smallint[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
             $16::bytea[])
             AS row (case_reference, sequence, recorded_at, occurred_at, person, role, workload, command, request_id,
             ordinal, event_name, event, rules, guidance_version, trace_id, hash)",
    )
    .bind(column(entries, |entry| entry.case.clone()))
    .bind(column(entries, |entry| entry.sequence))
    .bind(column(entries, |entry| entry.recorded_at))
    .bind(column(entries, |entry| entry.occurred_at))
    .bind(column(entries, |entry| entry.actor.person.clone()))
    .bind(column(entries, |entry| wire::stored(&entry.actor.role)))
    .bind(column(entries, |entry| wire::stored(&entry.actor.workload)))
    .bind(column(entries, |entry| entry.command.clone()))
    .bind(column(entries, |entry| entry.request_id.clone()))
    .bind(column(entries, |entry| entry.ordinal))
    .bind(column(entries, |entry| entry.event_name.clone()))
    .bind(column(entries, |entry| entry.event.clone()))
    .bind(column(entries, |entry| entry.rules.join(",")))
    .bind(column(entries, |entry| entry.guidance_version.clone()))
    .bind(column(entries, |entry| entry.trace_id.clone()))
    .bind(column(entries, |entry| entry.hash.clone()))
    .execute(connection)
    .await?;
    Ok(())
}

/// Reads an entry from a row that holds the journal's columns; `None` where an outer join found none.
pub(crate) fn entry(row: &PgRow) -> Result<Option<Entry>, DbFault> {
    let Some(sequence) = row.try_get::<Option<i64>, _>("sequence")? else { return Ok(None) };
    let actor = Actor {
        person: row.try_get("person")?,
        role: wire::restored(row.try_get("role")?)?,
        workload: wire::restored(row.try_get("workload")?)?,
    };
    Ok(Some(Entry {
        case: row.try_get("case_reference")?,
        sequence,
        recorded_at: row.try_get("recorded_at")?,
        occurred_at: row.try_get("occurred_at")?,
        actor,
        command: row.try_get("command")?,
        request_id: row.try_get("request_id")?,
        ordinal: row.try_get("ordinal")?,
        event_name: row.try_get("event_name")?,
        event: row.try_get("event")?,
        rules: row.try_get("rules")?,
        guidance_version: row.try_get("guidance_version")?,
        trace_id: row.try_get("trace_id")?,
        hash: row.try_get("hash")?,
    }))
}

/// A part of a case's journal, from the entry after `after`, at most `limit` entries.
pub(crate) async fn entries(
    connection: &mut Connection,
    case: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Entry>, DbFault> {
    let rows = sqlx::query(
        "SELECT case_reference, sequence, recorded_at, occurred_at, person, role, workload, command, request_id,
             ordinal, event_name, event::text AS event, rules, guidance_version, trace_id, hash
         FROM journal WHERE case_reference = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
    )
    .bind(case)
    .bind(after)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter().filter_map(|row| entry(row).transpose()).collect()
}

/// Moves a case's head, notes with which calendars its running terms were derived, and what it is about. Another case
/// about the award that was opened first makes one that is `new` a [`DbFault::Conflict`]; a merge of customers may leave
/// two open, of which one is marked so.
pub(crate) async fn keep_head<L: Ledger>(
    connection: &mut Connection,
    case: &str,
    history: &History<State<L>>,
    calendar_revision: i64,
    is_new: bool,
) -> Result<(), DbFault> {
    let about = L::award(&history.state);
    sqlx::query(
        "INSERT INTO cases (case_reference, sequence, hash, calendar_revision, kind, customer, benefit, award, open)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9 AND ($10 OR NOT EXISTS (
             SELECT FROM cases AS other WHERE other.open AND other.customer = $6 AND other.benefit = $7
                 AND other.award = $8 AND other.kind = $5 AND other.case_reference <> $1)))
         ON CONFLICT (case_reference) DO UPDATE
         SET sequence = excluded.sequence, hash = excluded.hash, calendar_revision = excluded.calendar_revision,
             customer = excluded.customer, benefit = excluded.benefit, award = excluded.award, open = excluded.open",
    )
    .bind(case)
    .bind(history.head.sequence)
    .bind(&history.head.hash)
    .bind(calendar_revision)
    .bind(L::CASES)
    .bind(about.map(|about| about.customer.as_str()))
    .bind(about.map(|about| wire::stored(&about.benefit)))
    .bind(about.map(|about| about.award.as_str()))
    .bind(L::open_award(&history.state).is_some())
    .bind(is_new)
    .execute(&mut *connection)
    .await?;
    if let Some((about, known)) = about.zip(L::known_of_customer(&history.state)) {
        merges::keep_names(connection, known, &about.customer).await?;
    }
    Ok(())
}

/// Notes with which calendars a case's running terms were found right, unless somebody moved the case meanwhile.
pub(crate) async fn derived_with(
    connection: &mut Connection,
    case: &str,
    head: &Head,
    calendar_revision: i64,
) -> Result<(), DbFault> {
    sqlx::query("UPDATE cases SET calendar_revision = $3 WHERE case_reference = $1 AND sequence = $2")
        .bind(case)
        .bind(head.sequence)
        .bind(calendar_revision)
        .execute(connection)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These bytes read like a National Insurance number in hexadecimal, and the receiver would refuse them for ever.
    #[test]
    fn the_mark_of_an_entry_is_of_digits_only() {
        let head = Head { sequence: 20, hash: vec![0xac, 0x64, 0x02, 0x52, 0xff] };
        assert_eq!(head.mark(), "20-2892235346");
        let (part, digits) = (head.mark(), |c: char| c.is_ascii_digit() || c == '-');
        assert!(part.chars().all(digits), "{part}");
    }
}
