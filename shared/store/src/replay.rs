//! Calls that go out again because somebody asks for it: what was parked once its cause is mended, and what had arrived
//! once its receiver has lost it. The receiver carries each call out once, however often it arrives.

use crate::{
    Header, Store,
    db::{Connection, DbFault},
    header::RequestKey,
    wire,
};
use chrono::{DateTime, Utc};
use holdfast_chassis::Failure;
use holdfast_procedure::Workload;
use sqlx::Row;
use tracing::Instrument;

/// How many calls one statement sends again: few enough that nobody waits long for the rows it holds.
const BATCH: i64 = 500;

/// Which calls go out again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Again {
    /// Those of a case that are parked or wait for their next attempt.
    Case {
        /// The case.
        case: String,
        /// Those that have arrived, too.
        with_delivered: bool,
    },
    /// Every call to one service, those that have arrived included.
    Destination {
        /// The service.
        to: Workload,
        /// Only what was recorded then or later.
        since: DateTime<Utc>,
    },
}

impl Again {
    fn case(&self) -> Option<&str> {
        match self {
            Self::Case { case, .. } => Some(case),
            Self::Destination { .. } => None,
        }
    }

    fn destination(&self) -> Option<(String, DateTime<Utc>)> {
        match self {
            Self::Case { .. } => None,
            Self::Destination { to, since } => Some((wire::stored(to), *since)),
        }
    }

    fn with_delivered(&self) -> bool {
        match self {
            Self::Case { with_delivered, .. } => *with_delivered,
            Self::Destination { .. } => true,
        }
    }
}

/// A call's place among all of them.
type Place = (String, i64, i16);

impl Store {
    /// Has calls go out again, in the order of each case, and says how many they are. Who asked is kept. A request that
    /// was carried out before gets the same answer; one that was cut off begins anew. A dry run only counts.
    ///
    /// # Errors
    /// [`Failure::CaseNotFound`], [`Failure::RequestIdReused`], or what the database says.
    pub async fn replay(&self, again: Again, header: Header) -> Result<u64, Failure> {
        let store = self.clone();
        let work = async move { store.replay_now(&again, &header).await };
        self.inner.in_hand.spawn(work.in_current_span()).await.map_err(|_| Failure::Internal)?
    }

    async fn replay_now(&self, again: &Again, header: &Header) -> Result<u64, Failure> {
        if let Some(case) = again.case()
            && !self.knows(case).await?
        {
            return Err(Failure::CaseNotFound(case.to_owned()));
        }
        let request = header.request.as_ref().ok_or(Failure::Internal)?;
        if !header.validate_only
            && let Some(calls) = self.replayed_before(header, request).await?
        {
            return Ok(calls);
        }
        // In front of every call of the case, or of all.
        let mut after = (again.case().unwrap_or_default().to_owned(), 0, 0);
        let mut all = 0;
        loop {
            let batch = self.replay_batch(again, header, request, &after).await?;
            all += batch.len() as u64;
            match batch.last() {
                Some(last) if !is_last(&batch) => after = last.clone(),
                _ => break,
            }
            if self.inner.stopping.is_cancelled() {
                return Err(Failure::Unavailable);
            }
        }
        if !header.validate_only && all > 0 {
            let (case, destination) = (again.case(), again.destination().map(|(to, _)| to));
            tracing::info!(case, destination, calls = all, "calls go out again");
        }
        Ok(all)
    }

    async fn knows(&self, case: &str) -> Result<bool, DbFault> {
        let known = sqlx::query_scalar("SELECT EXISTS (SELECT FROM cases WHERE case_reference = $1)");
        Ok(known.bind(case).fetch_one(&self.inner.pool).await?)
    }

    /// How many calls a request sent again that was carried out before.
    async fn replayed_before(&self, header: &Header, request: &RequestKey) -> Result<Option<u64>, Failure> {
        let before = sqlx::query(
            "SELECT COALESCE(sum(calls), 0)::bigint AS calls, COALESCE(bool_or(last), false) AS carried_out,
                 COALESCE(bool_and(fingerprint = $4), true) AS is_same
             FROM replays WHERE workload = $1 AND person = $2 AND request_id = $3",
        )
        .bind(wire::stored(&header.actor.workload))
        .bind(&header.actor.person)
        .bind(&request.id)
        .bind(&request.fingerprint)
        .fetch_one(&self.inner.pool)
        .await
        .map_err(DbFault::from)?;
        if !before.try_get::<bool, _>("is_same").map_err(DbFault::from)? {
            return Err(Failure::RequestIdReused(request.id.clone()));
        }
        let calls: i64 = before.try_get("calls").map_err(DbFault::from)?;
        let carried_out: bool = before.try_get("carried_out").map_err(DbFault::from)?;
        Ok(carried_out.then_some(calls.unsigned_abs()))
    }

    /// Sends the next calls again and keeps who asked, in one transaction.
    async fn replay_batch(
        &self,
        again: &Again,
        header: &Header,
        request: &RequestKey,
        after: &Place,
    ) -> Result<Vec<Place>, DbFault> {
        let now = self.inner.clock.instead_of_database();
        let mut transaction = self.inner.pool.begin().await?;
        let batch = next(&mut transaction, again, after, now).await?;
        if header.validate_only {
            transaction.rollback().await?;
            return Ok(batch);
        }
        send_again(&mut transaction, &batch, now).await?;
        keep(&mut transaction, again, (header, request), &batch, now).await?;
        transaction.commit().await?;
        self.inner.wake.notify_one();
        Ok(batch)
    }
}

/// Whether nothing is left after a batch.
fn is_last(batch: &[Place]) -> bool {
    batch.len() < usize::try_from(BATCH).unwrap_or(usize::MAX)
}

/// The calls after a place that are to go out again, held until the transaction ends.
async fn next(
    connection: &mut Connection,
    again: &Again,
    (case, sequence, ordinal): &Place,
    now: Option<DateTime<Utc>>,
) -> Result<Vec<Place>, DbFault> {
    let (destination, since) = again.destination().unzip();
    let rows = sqlx::query_as(
        "SELECT case_reference, sequence, ordinal FROM outbox
         WHERE (case_reference, sequence, ordinal) > ($1, $2, $3)
             AND ($4::text IS NULL OR case_reference = $4)
             AND ($5::text IS NULL OR (destination = $5 AND recorded_at >= $6))
             AND CASE WHEN delivered_at IS NOT NULL THEN $7
                 ELSE parked_at IS NOT NULL OR attempt_at > COALESCE($8, clock_timestamp()) END
         ORDER BY case_reference, sequence, ordinal LIMIT $9 FOR UPDATE",
    )
    .bind(case)
    .bind(sequence)
    .bind(ordinal)
    .bind(again.case())
    .bind(destination)
    .bind(since)
    .bind(again.with_delivered())
    .bind(now)
    .bind(BATCH)
    // Planned for what is asked: a case is found by its reference, a destination by going through all of them.
    .persistent(false)
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Makes calls undelivered and due.
async fn send_again(connection: &mut Connection, batch: &[Place], now: Option<DateTime<Utc>>) -> Result<(), DbFault> {
    sqlx::query(
        "UPDATE outbox SET delivered_at = NULL, parked_at = NULL, attempts = 0, refusals = 0, refused_at = NULL,
             attempt_at = COALESCE($4, clock_timestamp())
         FROM unnest($1::text[], $2::bigint[], $3::smallint[]) AS again (of_case, at_sequence, at_ordinal)
         WHERE (case_reference, sequence, ordinal) = (of_case, at_sequence, at_ordinal)",
    )
    .bind(batch.iter().map(|(case, ..)| case.as_str()).collect::<Vec<_>>())
    .bind(batch.iter().map(|(_, sequence, _)| *sequence).collect::<Vec<_>>())
    .bind(batch.iter().map(|(.., ordinal)| *ordinal).collect::<Vec<_>>())
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps who had calls go out again.
async fn keep(
    connection: &mut Connection,
    again: &Again,
    (header, request): (&Header, &RequestKey),
    batch: &[Place],
    now: Option<DateTime<Utc>>,
) -> Result<(), DbFault> {
    let (destination, since) = again.destination().unzip();
    sqlx::query(
        "INSERT INTO replays (asked_at, person, role, workload, request_id, fingerprint, trace_id, case_reference,
             destination, recorded_since, with_delivered, calls, last)
         VALUES (COALESCE($1, clock_timestamp()), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(now)
    .bind(&header.actor.person)
    .bind(wire::stored(&header.actor.role))
    .bind(wire::stored(&header.actor.workload))
    .bind(&request.id)
    .bind(&request.fingerprint)
    .bind(&header.trace_id)
    .bind(again.case())
    .bind(destination)
    .bind(since)
    .bind(again.with_delivered())
    .bind(i64::try_from(batch.len()).unwrap_or(i64::MAX))
    .bind(is_last(batch))
    .execute(connection)
    .await?;
    Ok(())
}
