//! What those who watch are told, read from the ledger.

use super::super::{
    confirm::permits,
    holds::{self, citations},
    sources,
};
use chrono::{DateTime, Utc};
use holdfast_chassis::Failure;
use holdfast_contracts::holdfast::{
    common::v1::{Hold, HoldChange},
    safeguarding::v1::{Recall, watch_holds_response::Told},
};
use holdfast_procedure::protection::DatabaseIdentity;
use holdfast_store::{DbFault, Store, wire};
use prost::Message;
use serde::{Deserialize, Serialize};
use sqlx::{PgPool, Row, postgres::PgRow};
use uuid::Uuid;

/// How much is read at a time.
const BATCH: i64 = 200;

/// A place in one history of the ledger: all up to here has been told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) at: Position,
    /// The ledger's database.
    system: String,
    timeline: u32,
}

/// How far something has been told: up to a change, and to the recalls that it brought with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    /// The revision.
    pub(super) counter: u64,
    /// The revision's id, by which its history is known again.
    id: String,
    /// The change within the revision.
    ordinal: u32,
    /// The last recall of that change that was told; `None`: only the change itself.
    decision: Option<String>,
}

impl Place {
    fn of(database: &DatabaseIdentity, at: Position) -> Self {
        Self { at, system: database.system.to_string(), timeline: database.timeline }
    }

    fn is_in(&self, database: &DatabaseIdentity) -> bool {
        (&self.system, self.timeline) == (&database.system.to_string(), database.timeline)
    }
}

impl Position {
    /// After everything of a revision.
    fn after(counter: i64, id: Uuid) -> Self {
        Self { counter: counter.unsigned_abs(), id: id.simple().to_string(), ordinal: u32::MAX, decision: None }
    }
}

/// What was found behind a place.
pub(super) struct Found {
    /// What is told, each with where to go on after it.
    pub(super) told: Vec<(Position, Told)>,
    /// Where to go on after all of them; `None` where there may be more at once.
    pub(super) caught_up: Option<Position>,
    pub(super) is_more: bool,
    pub(super) as_of: DateTime<Utc>,
}

/// The place at which the ledger is now.
pub(super) async fn present(pool: &PgPool) -> Result<Place, Failure> {
    const PRESENT: &str = concat!("SELECT counter, id, ", sources::identity!(), " FROM ledger");
    let row = sqlx::query(PRESENT).fetch_one(pool).await.map_err(DbFault::from)?;
    let present = || -> Result<_, DbFault> {
        let at = Position::after(row.try_get("counter")?, row.try_get("id")?);
        Ok(Place::of(&sources::own_identity(&row)?, at))
    };
    Ok(present()?)
}

/// Whether the ledger has come past a place in the history in which it is now.
pub(super) async fn is_known(pool: &PgPool, place: &Place) -> Result<bool, Failure> {
    const KNOWN: &str = concat!(
        "SELECT EXISTS (SELECT FROM revisions WHERE counter = $1 AND id = $2) AS known, ",
        sources::identity!()
    );
    let (Ok(id), Ok(counter)) = (place.at.id.parse::<Uuid>(), i64::try_from(place.at.counter)) else {
        return Ok(false);
    };
    let row = sqlx::query(KNOWN).bind(counter).bind(id).fetch_one(pool).await.map_err(DbFault::from)?;
    let known: bool = row.try_get("known").map_err(DbFault::from)?;
    Ok(known && place.is_in(&sources::own_identity(&row)?))
}

/// Holds that stand, by case and ground, with where to go on if there may be more.
pub(super) async fn standing(
    pool: &PgPool,
    after: Option<&(String, i32)>,
) -> Result<(Vec<HoldChange>, Option<(String, i32)>), Failure> {
    const STANDING: &str = concat!(
        "SELECT ",
        holds::columns!(),
        ", counter, recorded_at FROM holds
         WHERE released IS NULL AND ($1::text IS NULL OR (case_reference, ground) > ($1, $2))
         ORDER BY case_reference, ground LIMIT $3"
    );
    let rows = sqlx::query(STANDING)
        .bind(after.map(|(case, _)| case))
        .bind(after.map(|(_, ground)| ground))
        .bind(BATCH)
        .fetch_all(pool)
        .await
        .map_err(DbFault::from)?;
    let holds = rows.iter().map(super::super::views::change).collect::<Result<Vec<_>, _>>()?;
    let last = holds.last().and_then(|change| change.hold.as_ref()).filter(|_| rows.len() == usize_of(BATCH));
    let next = last.map(|hold| (hold.case_reference.clone(), hold.ground));
    Ok((holds, next))
}

fn usize_of(batch: i64) -> usize {
    usize::try_from(batch).unwrap_or(usize::MAX)
}

/// What comes after a place, in the order of the ledger: each change, then the recalls that it brought with it.
///
/// The statement begins before its snapshot is taken, so that whatever was committed by its beginning is seen.
pub(super) async fn changes(store: &Store, after: &Place, recalls_only: bool) -> Result<Found, Failure> {
    const CHANGES: &str = concat!(
        "WITH told AS (
             (SELECT counter, ordinal, NULL::text COLLATE \"C\" AS decision, case_reference, ground FROM hold_changes
             WHERE NOT $5 AND (counter, ordinal) > ($1, $3)
             ORDER BY counter, ordinal LIMIT $6)
             UNION ALL
             (SELECT counter, ordinal, decision COLLATE \"C\", case_reference, ground FROM recalls
             WHERE (counter, ordinal, decision COLLATE \"C\") > ($1, $3, COALESCE($4, '') COLLATE \"C\")
             ORDER BY counter, ordinal, decision COLLATE \"C\" LIMIT $6)
             ORDER BY counter, ordinal, decision NULLS FIRST LIMIT $6)
         SELECT ledger.counter AS ledger_counter, ledger.id AS ledger_id, COALESCE($7, now()) AS as_of, ",
        sources::identity!(),
        ", EXISTS (SELECT FROM revisions WHERE counter = $1 AND id = $2) AS known,
           told.counter, told.ordinal, told.decision, revisions.id, revisions.recorded_at, change.hold,
           permits.customer, permits.benefit, permits.award, permits.action, permits.ground,
           permits.condition_known
         FROM ledger LEFT JOIN told ON true
             LEFT JOIN revisions ON revisions.counter = told.counter
             -- The hold as it was by then: a permit may be recalled by one to which another's change led.
             LEFT JOIN LATERAL (SELECT hold FROM hold_changes
                 WHERE case_reference = told.case_reference AND ground = told.ground AND counter <= told.counter
                 ORDER BY counter DESC LIMIT 1) AS change ON true
             LEFT JOIN permits ON permits.decision = told.decision
         ORDER BY told.counter, told.ordinal, told.decision NULLS FIRST"
    );
    let Position { counter, id, ordinal, decision } = &after.at;
    let rows = sqlx::query(CHANGES)
        .bind(counter.cast_signed())
        .bind(id.parse::<Uuid>().unwrap_or_default())
        .bind(i32::try_from(*ordinal).unwrap_or(i32::MAX))
        .bind(decision)
        .bind(recalls_only)
        .bind(BATCH)
        .bind(store.clock().instead_of_database())
        .fetch_all(store.pool())
        .await
        .map_err(DbFault::from)?;
    let first = rows.first().ok_or(Failure::Internal)?;
    if !first.try_get::<bool, _>("known").map_err(DbFault::from)? || !after.is_in(&sources::own_identity(first)?) {
        // Whoever comes back with their token hears why.
        return Err(Failure::Unavailable);
    }
    Ok(found(first, &rows)?)
}

fn found(first: &PgRow, rows: &[PgRow]) -> Result<Found, DbFault> {
    let told = rows.iter().filter_map(|row| told(row).transpose()).collect::<Result<Vec<_>, _>>()?;
    let is_more = told.len() == usize_of(BATCH);
    let caught_up = Position::after(first.try_get("ledger_counter")?, first.try_get("ledger_id")?);
    Ok(Found { told, is_more, caught_up: (!is_more).then_some(caught_up), as_of: first.try_get("as_of")? })
}

/// One thing that is told; `None` where nothing was found.
fn told(row: &PgRow) -> Result<Option<(Position, Told)>, DbFault> {
    let Some(counter) = row.try_get::<Option<i64>, _>("counter")? else { return Ok(None) };
    let decision: Option<String> = row.try_get("decision")?;
    let hold = Hold::decode(row.try_get::<&[u8], _>("hold")?).map_err(|_| DbFault::Unreadable)?;
    let recorded_at = Some(wire::timestamp(row.try_get("recorded_at")?));
    let position = Position {
        counter: counter.unsigned_abs(),
        id: row.try_get::<Uuid, _>("id")?.simple().to_string(),
        ordinal: row.try_get::<i32, _>("ordinal")?.unsigned_abs(),
        decision: decision.clone(),
    };
    let told = match decision {
        None => Told::Change(HoldChange { hold: Some(hold), recorded_at, revision: position.counter }),
        Some(decision_id) => Told::Recall(Recall {
            decision_id,
            question: Some(permits::question(row)?),
            citations: citations([&hold].into_iter()),
            hold: Some(hold),
            recorded_at,
        }),
    };
    Ok(Some((position, told)))
}
