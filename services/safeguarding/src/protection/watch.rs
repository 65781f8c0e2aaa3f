//! Changes of holds and recalls, told as they come to those who watch.
//!
//! Whoever changes the ledger locks it, so that the order of revisions is that of commits: what is seen at a place in the
//! ledger has no other behind it that is yet to come.

mod read;

use super::Protection;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_chassis::{Clock, Failure, Fields, Violation, page};
use holdfast_contracts::holdfast::{
    access::v1::Workload,
    safeguarding::v1::{self as pb, watch_holds_response::Told},
};
use holdfast_store::wire;
use read::{Found, Place, Position};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    time::Instant,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

/// Watchers of one server: each asks the database up to five times a second.
const WATCHERS: usize = 64;
/// How many of them only payments can be: a permit that is recalled has to be heard of, whoever else watches.
const PAYMENTS: usize = WATCHERS / 2;
/// How often the ledger is looked at where nothing wakes a watcher: another process may have changed it.
const POLL: Duration = Duration::from_secs(1);
/// The least between one look and the next.
const PAUSE: Duration = Duration::from_millis(200);
/// After how long without a message a checkpoint is sent.
const QUIET: Duration = Duration::from_secs(10);
/// How long a stream lasts, so that servers that come back get their share of watchers, and who may no longer see what is
/// told loses it.
const LONGEST: TimeDelta = TimeDelta::hours(1);
/// How long a reader may take no message before the stream is ended.
const PATIENCE: Duration = Duration::from_secs(30);
/// Messages that a slow reader may leave waiting before nothing more is read for it.
const WAITING: usize = 32;

/// What a watcher is told.
pub(crate) type Stream = ReceiverStream<Result<pb::WatchHoldsResponse, Status>>;

type Sender = mpsc::Sender<Result<pb::WatchHoldsResponse, Status>>;

/// Room for those who watch one server.
pub(super) struct Watchers {
    payments: Arc<Semaphore>,
    anybody: Arc<Semaphore>,
}

impl Default for Watchers {
    fn default() -> Self {
        let room = |places| Arc::new(Semaphore::new(places));
        Self { payments: room(PAYMENTS), anybody: room(WATCHERS - PAYMENTS) }
    }
}

impl Watchers {
    /// A place for whoever watches through this workload. Payments take their own first, and then anybody's.
    fn place(&self, workload: Workload) -> Result<OwnedSemaphorePermit, Failure> {
        let own = (workload == Workload::Payments).then_some(&self.payments);
        let mut rooms = own.into_iter().chain([&self.anybody]);
        let place = rooms.find_map(|room| Arc::clone(room).try_acquire_owned().ok());
        place.ok_or(Failure::Overloaded)
    }
}

/// `WatchHolds`: tells until the reader goes, the server stops or the stream has lasted long enough.
pub(crate) async fn watch_holds(
    protection: &Arc<Protection>,
    workload: Workload,
    request: &pb::WatchHoldsRequest,
) -> Result<Stream, Failure> {
    let mut fields = Fields::default();
    let from = page::resumed::<Place>(&mut fields, &request.recalls_only, &request.resume_token);
    let from = fields.finish(from)?;
    let room = protection.watchers.place(workload)?;
    let reached = match &from {
        Some(place) if read::is_known(protection.store.pool(), place).await? => place.clone(),
        Some(_) => return Err(of_another_history()),
        None => read::present(protection.store.pool()).await?,
    };
    let (sender, told) = mpsc::channel(WAITING);
    let clock = protection.store.clock().clone();
    let mut watch = Watch {
        protection: Arc::clone(protection),
        recalls_only: request.recalls_only,
        reached,
        ends_at: clock.now() + LONGEST,
        clock,
        sender,
        _room: room,
    };
    let stopping = protection.store.clone();
    tokio::spawn(async move {
        let (sender, gone) = (watch.sender.clone(), watch.sender.clone());
        tokio::select! {
            ended = watch.tell(from.is_none()) => if let Err(Ended::Failed(failure)) = ended {
                // A watcher that has gone has no need to know.
                let _ = sender.send_timeout(Err(failure.into()), PATIENCE).await;
            },
            () = gone.closed() => {}
            () = stopping.stopping() => {}
        }
    });
    Ok(ReceiverStream::new(told))
}

fn of_another_history() -> Failure {
    let why = "is of another history of the ledger, which was restored or moved; start again without one";
    Failure::Invalid(vec![Violation { field: "resume_token".to_owned(), why: why.to_owned() }])
}

/// Why a watch ended.
enum Ended {
    /// Nobody listens, or takes what is told.
    Gone,
    /// It has lasted long enough.
    Over,
    Failed(Failure),
}

impl<F: Into<Failure>> From<F> for Ended {
    fn from(failure: F) -> Self {
        Self::Failed(failure.into())
    }
}

/// A watcher, and how far it has come.
struct Watch {
    protection: Arc<Protection>,
    recalls_only: bool,
    reached: Place,
    clock: Clock,
    ends_at: DateTime<Utc>,
    sender: Sender,
    _room: OwnedSemaphorePermit,
}

impl Watch {
    async fn tell(&mut self, from_the_beginning: bool) -> Result<(), Ended> {
        let mut changed = self.protection.changed.subscribe();
        if from_the_beginning && !self.recalls_only {
            self.tell_beginning().await?;
        }
        let (mut spoken, mut caught_up_once): (Option<Instant>, bool) = (None, false);
        loop {
            changed.mark_unchanged();
            let looked = Instant::now();
            let found = read::changes(&self.protection.store, &self.reached, self.recalls_only).await?;
            let (as_of, is_more, tells) = (found.as_of, found.is_more, !found.told.is_empty());
            self.tell_found(found).await?;
            // Everybody hears at once when they have caught up for the first time.
            let is_due = !tells && spoken.is_none_or(|spoken| spoken.elapsed() >= QUIET);
            let quiet = !is_more && (is_due || !caught_up_once);
            if quiet {
                self.checkpoint(as_of).await?;
            }
            if tells || quiet {
                spoken = Some(Instant::now());
            }
            caught_up_once |= !is_more;
            if self.still_on().is_err() {
                return self.checkpoint(as_of).await;
            }
            tokio::time::sleep_until(looked + PAUSE).await;
            if !is_more {
                // Time only runs out; what came of the wait is seen by looking.
                let _ = tokio::time::timeout(POLL, changed.changed()).await;
            }
        }
    }

    /// Every hold that stands now. What changes while they are read lies behind the place and is told again, so a token
    /// within them leads to no other place than the beginning.
    async fn tell_beginning(&self) -> Result<(), Ended> {
        let mut after = None;
        loop {
            let (holds, next) = read::standing(self.protection.store.pool(), after.as_ref()).await?;
            for hold in holds {
                self.send(String::new(), Told::Change(hold)).await?;
            }
            after = Some(match next {
                Some(next) => next,
                None => return Ok(()),
            });
        }
    }

    async fn tell_found(&mut self, found: Found) -> Result<(), Ended> {
        for (position, told) in found.told {
            let before = std::mem::replace(&mut self.reached.at, position);
            if let Err(ended) = self.send(self.token(), told).await {
                self.reached.at = before;
                return Err(ended);
            }
        }
        if let Some(caught_up) = found.caught_up {
            self.reached.at = caught_up;
        }
        Ok(())
    }

    fn token(&self) -> String {
        page::token(&self.recalls_only, &self.reached)
    }

    async fn checkpoint(&self, as_of: DateTime<Utc>) -> Result<(), Ended> {
        let Position { counter, .. } = &self.reached.at;
        let checkpoint = pb::LedgerCheckpoint { revision: *counter, as_of: Some(wire::timestamp(as_of)) };
        hand(&self.sender, self.token(), Told::Checkpoint(checkpoint), PATIENCE).await
    }

    async fn send(&self, resume_token: String, told: Told) -> Result<(), Ended> {
        self.still_on()?;
        hand(&self.sender, resume_token, told, PATIENCE).await
    }

    fn still_on(&self) -> Result<(), Ended> {
        if self.clock.now() < self.ends_at { Ok(()) } else { Err(Ended::Over) }
    }
}

/// Hands a message to a reader who has some patience to take it.
async fn hand(sender: &Sender, resume_token: String, told: Told, patience: Duration) -> Result<(), Ended> {
    let message = pb::WatchHoldsResponse { resume_token, told: Some(told) };
    sender.send_timeout(Ok(message), patience).await.map_err(|unsent| {
        if matches!(unsent, mpsc::error::SendTimeoutError::Timeout(_)) {
            tracing::info!("a watcher takes nothing and is told nothing more");
        }
        Ended::Gone
    })
}
