//! The relay: delivers what the outbox holds, at least once, in the order of each case.
//!
//! A claim takes the head of each case's calls, the urgent ones whatever comes before them, and marks them as being
//! delivered by nobody else for a while. No transaction is open while a service is called. Whoever claimed last has the
//! last word on how it went; the receiver carries a call out once, however often it arrives.

use crate::{
    Store,
    db::DbFault,
    identity::{self, identity},
    outbox::DESTINATIONS,
    seen, wire,
};
use holdfast_chassis::{
    Failure, Peers,
    peers::{Class, Refused},
};
use holdfast_procedure::{
    Workload,
    protection::{DatabaseIdentity, Revision},
};
use sqlx::{Row, postgres::PgRow};
use std::{
    future::pending,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// How often the outbox is looked at where nothing wakes the relay.
const POLL: Duration = Duration::from_secs(1);
/// Calls being delivered at once to one service, so that one that hangs does not keep calls from the others.
const ROOM: usize = 32;
/// How long a claim holds: longer than any call takes.
const LEASE_SECONDS: i64 = 30;
/// What is waited before the second attempt, and at most.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(30));
/// After how many refusals a call is parked.
const REFUSALS: i32 = 8;
/// How long a service that answers as it should not is given before its answers count as refusals: longer than a rolling
/// deployment, or a restore that is noticed, takes.
const AMISS_SECONDS: i64 = 3_600;
/// From which attempt on a failure is told as an error.
const LOUD: i32 = 10;

/// A call to another service, ready to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The service.
    pub to: Workload,
    /// The method's path.
    pub path: String,
    /// The encoded message.
    pub request: Vec<u8>,
    /// The request id within it: the same in every attempt.
    pub request_id: String,
    /// The trace that it belongs to; empty where there is none.
    pub trace_id: String,
    /// The database that it is sent from, as of this attempt: not that in which it was recorded.
    pub sent_from: DatabaseIdentity,
    /// What the ledger of holds had acknowledged last, as of this attempt.
    pub ledger_seen: Option<Revision>,
}

/// A call being made; gives the encoded reply.
pub type Delivering<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, Refused>> + Send + 'a>>;

/// Makes calls to other services.
pub trait Courier: Send + Sync + 'static {
    /// Makes one call, and completes when it is acknowledged or refused: well before a claim lapses.
    fn deliver<'a>(&'a self, call: &'a Delivery) -> Delivering<'a>;
}

impl Courier for Peers {
    fn deliver<'a>(&'a self, call: &'a Delivery) -> Delivering<'a> {
        Box::pin(async move {
            let Delivery { to, path, request, trace_id, sent_from, ledger_seen, .. } = call;
            let (to, sent_from) = (wire::workload(*to), identity::named(sent_from));
            let seen = ledger_seen.as_ref().map(seen::named);
            self.relay(to, path, request.clone(), trace_id, &sent_from, seen.as_deref()).await
        })
    }
}

/// A call that was claimed.
struct Claimed {
    case: String,
    sequence: i64,
    ordinal: i16,
    /// Claims begun, this one included.
    attempts: i32,
    call: Delivery,
}

/// How many calls each service is being sent, in the order of [`DESTINATIONS`].
#[derive(Clone, Default)]
struct Lanes(Arc<[AtomicUsize; DESTINATIONS.len()]>);

impl Lanes {
    /// How many calls each service may still be sent.
    fn room(&self) -> Vec<i64> {
        let room = |busy: &AtomicUsize| ROOM.saturating_sub(busy.load(Ordering::Acquire));
        self.0.iter().map(|busy| i64::try_from(room(busy)).unwrap_or_default()).collect()
    }

    fn enter(&self, to: Workload) -> InLane {
        let place = DESTINATIONS.iter().position(|destination| *destination == to);
        if let Some(busy) = place.and_then(|place| self.0.get(place)) {
            busy.fetch_add(1, Ordering::AcqRel);
        }
        InLane { lanes: self.clone(), place }
    }
}

/// A call's place among those that its service is being sent; given back however the call ends.
struct InLane {
    lanes: Lanes,
    place: Option<usize>,
}

impl Drop for InLane {
    fn drop(&mut self) {
        if let Some(busy) = self.place.and_then(|place| self.lanes.0.get(place)) {
            busy.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

impl Store {
    /// Delivers what can be delivered now, once, and says how many calls that were, however they went. What a caller
    /// that gives up has begun goes on.
    ///
    /// # Errors
    /// What the database says; what was claimed is delivered later then.
    pub async fn relay_once(&self, courier: &Arc<dyn Courier>) -> Result<usize, Failure> {
        let begun = self.begin_deliveries(courier, &Lanes::default()).await?;
        let count = begun.len();
        for delivery in begun {
            // One that panicked is claimed again once its claim lapses; the panic hook has said where.
            let _ = delivery.await;
        }
        Ok(count)
    }

    /// Delivers until nothing can be delivered now, and says how many attempts that took: for tests, which move the
    /// clock themselves.
    ///
    /// # Errors
    /// As [`Store::relay_once`].
    pub async fn relay_all(&self, courier: &Arc<dyn Courier>) -> Result<usize, Failure> {
        let mut all = 0;
        loop {
            match self.relay_once(courier).await? {
                0 => return Ok(all),
                some => all += some,
            }
        }
    }

    /// Delivers for as long as the future is polled: at once what is committed by this process, within a second what
    /// another left behind.
    pub async fn keep_relaying(&self, courier: &Arc<dyn Courier>) {
        if self.inner.clock.instead_of_database().is_some() {
            // Whoever moves the clock relays what follows.
            return pending().await;
        }
        let lanes = Lanes::default();
        loop {
            // What fails was logged where it failed, and is tried again. A full lane may have left calls behind: each
            // delivery that ends wakes this.
            let _ = self.begin_deliveries(courier, &lanes).await;
            tokio::select! {
                () = self.inner.wake.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Claims what there is room for, and begins to deliver it, all in tasks of the store's own.
    async fn begin_deliveries(
        &self,
        courier: &Arc<dyn Courier>,
        lanes: &Lanes,
    ) -> Result<Vec<JoinHandle<()>>, Failure> {
        let (store, courier, lanes) = (self.clone(), Arc::clone(courier), lanes.clone());
        let begun = self.inner.in_hand.spawn(async move {
            let token = Uuid::new_v4();
            let claimed = store.claim(token, lanes.room()).await?;
            let begun = claimed.into_iter().map(|claimed| {
                let (delivering, courier, in_lane) =
                    (store.clone(), Arc::clone(&courier), lanes.enter(claimed.call.to));
                store.inner.in_hand.spawn(async move {
                    delivering.deliver(&claimed, token, courier.as_ref()).await;
                    drop(in_lane);
                    delivering.inner.wake.notify_one();
                })
            });
            Ok::<_, DbFault>(begun.collect())
        });
        Ok(begun.await.map_err(|_| Failure::Internal)??)
    }

    /// Claims calls, in one statement. One that another claims at the same moment is passed over; one that it has
    /// claimed, delivered or parked by the time it is locked is looked at again and left.
    async fn claim(&self, token: Uuid, room: Vec<i64>) -> Result<Vec<Claimed>, DbFault> {
        let mut transaction = self.inner.relaying.begin().await?;
        let rows = sqlx::query(concat!(
            "WITH instant AS MATERIALIZED (SELECT COALESCE($1, clock_timestamp()) AS now, ",
            identity::columns!(),
            ", ",
            seen::columns!(),
            "),
             head AS MATERIALIZED (
                 SELECT call.case_reference, call.sequence, call.ordinal
                 FROM instant
                 CROSS JOIN unnest($2::text[], $3::bigint[]) AS lane (destination, room)
                 CROSS JOIN LATERAL (
                     SELECT case_reference, sequence, ordinal FROM outbox AS waiting
                     WHERE destination = lane.destination AND delivered_at IS NULL AND parked_at IS NULL
                         AND attempt_at <= instant.now AND (locked_until IS NULL OR locked_until <= instant.now)
                         AND (urgent OR NOT EXISTS (
                             SELECT FROM outbox AS earlier
                             WHERE earlier.case_reference = waiting.case_reference AND earlier.delivered_at IS NULL
                                 AND (earlier.sequence, earlier.ordinal) < (waiting.sequence, waiting.ordinal)))
                     ORDER BY urgent DESC, attempt_at LIMIT lane.room FOR UPDATE SKIP LOCKED) AS call)
             UPDATE outbox SET attempts = attempts + 1, locked_by = $4,
                 locked_until = instant.now + $5 * interval '1 second'
             FROM head, instant
             WHERE (outbox.case_reference, outbox.sequence, outbox.ordinal)
                 = (head.case_reference, head.sequence, head.ordinal)
             RETURNING outbox.case_reference, outbox.sequence, outbox.ordinal, destination, method, request, request_id,
                 trace_id, attempts, instant.system, instant.timeline, seen_counter, seen_id",
        ))
        .bind(self.inner.clock.instead_of_database())
        .bind(DESTINATIONS.iter().map(wire::stored).collect::<Vec<_>>())
        .bind(room)
        .bind(token)
        .bind(LEASE_SECONDS)
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        rows.iter().map(claimed).collect()
    }

    /// Makes a call and keeps how it went. What cannot be kept, because the database does not answer, is as if it had
    /// not been tried: the claim lapses and the call is made again.
    async fn deliver(&self, claimed: &Claimed, token: Uuid, courier: &dyn Courier) {
        let kept = match courier.deliver(&claimed.call).await {
            Ok(reply) => self.acknowledge(claimed, token, seen::told(&claimed.call, &reply)).await,
            // The hold has changed since, and what changed it has a call of its own.
            Err(refused) if self.is_overtaken(&claimed.call, refused).await => {
                self.acknowledge(claimed, token, None).await
            }
            Err(refused) => self.put_off(claimed, token, refused).await,
        };
        // The fault itself was logged where it arose.
        let last_word = kept.unwrap_or_default();
        if !last_word {
            let (case, request) = (&claimed.case, &claimed.call.request_id);
            tracing::warn!(case, request, "how a call went was not kept; it may be made again");
        }
    }

    /// Keeps that a call was delivered, unless somebody else has claimed it since, and in which state that left the
    /// ledger of holds.
    async fn acknowledge(&self, claimed: &Claimed, token: Uuid, seen: Option<Revision>) -> Result<bool, DbFault> {
        let mut transaction = self.inner.relaying.begin().await?;
        let kept = sqlx::query(
            "UPDATE outbox SET delivered_at = COALESCE($5, clock_timestamp()), locked_by = NULL, locked_until = NULL
             WHERE case_reference = $1 AND sequence = $2 AND ordinal = $3 AND locked_by = $4",
        )
        .bind(&claimed.case)
        .bind(claimed.sequence)
        .bind(claimed.ordinal)
        .bind(token)
        .bind(self.inner.clock.instead_of_database())
        .execute(&mut *transaction)
        .await?;
        if let Some(seen) = seen {
            seen::raise(&mut transaction, seen).await?;
        }
        transaction.commit().await?;
        Ok(kept.rows_affected() == 1)
    }

    /// Keeps that a call failed, and when it is tried again, if at all; unless somebody else has claimed it since.
    async fn put_off(&self, claimed: &Claimed, token: Uuid, refused: Refused) -> Result<bool, DbFault> {
        let wait = back_off(claimed.attempts);
        let mut transaction = self.inner.relaying.begin().await?;
        let parked: Option<bool> = sqlx::query_scalar(
            "WITH instant AS MATERIALIZED (SELECT COALESCE($6, clock_timestamp()) AS now),
             refused AS (
                 SELECT now, CASE WHEN $8 OR $9 THEN COALESCE(refused_at, now) ELSE refused_at END AS since,
                     $8 OR ($9 AND refused_at <= now - $10 * interval '1 second') AS counts
                 FROM outbox, instant WHERE case_reference = $1 AND sequence = $2 AND ordinal = $3)
             UPDATE outbox SET locked_by = NULL, locked_until = NULL, last_failure = $5,
                 refused_at = refused.since, refusals = refusals + COALESCE(counts, false)::integer,
                 attempt_at = refused.now + $7 * interval '1 millisecond',
                 parked_at = CASE WHEN counts AND refusals + 1 >= $11 THEN refused.now END
             FROM refused
             WHERE case_reference = $1 AND sequence = $2 AND ordinal = $3 AND locked_by = $4
             RETURNING parked_at IS NOT NULL",
        )
        .bind(&claimed.case)
        .bind(claimed.sequence)
        .bind(claimed.ordinal)
        .bind(token)
        .bind(refused.reason)
        .bind(self.inner.clock.instead_of_database())
        .bind(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
        .bind(refused.class == Class::ThisCall)
        .bind(refused.class == Class::Amiss)
        .bind(AMISS_SECONDS)
        .bind(REFUSALS)
        .fetch_optional(&mut *transaction)
        .await?;
        transaction.commit().await?;
        if let Some(parked) = parked {
            tell(claimed, refused, parked);
            if !parked {
                self.wake_after(wait);
            }
        }
        Ok(parked.is_some())
    }

    /// Wakes the relay when a call's next attempt is due sooner than it would look by itself.
    fn wake_after(&self, wait: Duration) {
        if wait < POLL && self.inner.clock.instead_of_database().is_none() {
            let store = self.clone();
            // Not in hand: nothing is lost with it.
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                store.inner.wake.notify_one();
            });
        }
    }
}

fn claimed(row: &PgRow) -> Result<Claimed, DbFault> {
    Ok(Claimed {
        case: row.try_get("case_reference")?,
        sequence: row.try_get("sequence")?,
        ordinal: row.try_get("ordinal")?,
        attempts: row.try_get("attempts")?,
        call: Delivery {
            to: wire::restored(row.try_get("destination")?)?,
            path: row.try_get("method")?,
            request: row.try_get("request")?,
            request_id: row.try_get("request_id")?,
            trace_id: row.try_get("trace_id")?,
            sent_from: identity(row)?,
            ledger_seen: seen::seen(row)?,
        },
    })
}

/// How long to wait after this many attempts: twice as long each time, up to a bound, half of it by chance, so that
/// calls that failed together do not come back together.
fn back_off(attempts: i32) -> Duration {
    let (first, most) = BACK_OFF;
    let doublings = attempts.saturating_sub(1).clamp(0, 16).unsigned_abs();
    let whole = first.saturating_mul(1 << doublings).min(most);
    // Any four bytes of the lower half of a version 4 UUID are random but for two bits at its top.
    let chance = u32::try_from(Uuid::new_v4().as_u128() & u128::from(u32::MAX)).unwrap_or_default();
    whole / 2 + (whole / 2).mul_f64(f64::from(chance) / f64::from(u32::MAX))
}

/// Logs a failure, the louder the longer it lasts.
fn tell(claimed: &Claimed, refused: Refused, parked: bool) {
    let Claimed { case, attempts, call, .. } = claimed;
    let (destination, method, reason) = (wire::stored(&call.to), &call.path, refused.reason);
    if parked {
        tracing::error!(
            case,
            destination,
            method,
            reason,
            attempts,
            "the case is parked: a call keeps being refused, and none after it goes out before it is replayed"
        );
    } else if *attempts >= LOUD {
        tracing::error!(case, destination, method, reason, attempts, "a call still fails; it is tried again");
    } else {
        tracing::warn!(case, destination, method, reason, attempts, "a call failed; it is tried again");
    }
}
