//! The stream behind `WatchTasks`.

use crate::{
    Store,
    kind::Kinds,
    tasks::Filter,
    watch::{AsOf, Change, Moment, Position},
    wire,
};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_chassis::{Clock, Failure, Fields, Violation, page};
use holdfast_contracts::holdfast::tasks::v1::{Checkpoint, WatchTasksResponse, watch_tasks_response::Told};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, HashMap},
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch::Receiver},
    time::Instant,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

/// Watchers of one server: each asks every store up to five times a second, and they share its connections with commands.
const WATCHERS: usize = 64;
/// Watchers of one person: a few windows, so that nobody takes the room of all.
const PER_PERSON: usize = 4;
/// How often the changes are looked at where nothing wakes a watcher: another process may have made some.
const POLL: Duration = Duration::from_secs(1);
/// The least between one look and the next, however many commits there are: soon enough for a person.
const PAUSE: Duration = Duration::from_millis(200);
/// After how long without a message a checkpoint is sent.
const QUIET: Duration = Duration::from_secs(10);
/// How long a stream lasts, so that servers that come back get their share of watchers, and who may no longer see what is
/// told loses it.
const LONGEST: TimeDelta = TimeDelta::hours(1);
/// How long a reader may take no message before the stream is ended: it holds room that others wait for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many tasks are read at a time in the beginning.
const PAGE: u32 = 200;
/// Messages that a slow reader may leave waiting before nothing more is read for it.
const WAITING: usize = 32;

/// What a watcher is told.
pub(super) type Stream = ReceiverStream<Result<WatchTasksResponse, Status>>;

type Sender = mpsc::Sender<Result<WatchTasksResponse, Status>>;

/// How far a watcher has come in a store: a place in one history of its database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reached {
    of: String,
    at: Position,
}

/// How far a watcher has come, by the stores' services: what a token holds.
pub(super) type Token = BTreeMap<String, Reached>;

/// Those who watch the tasks of one server: how many streams each person has.
#[derive(Default)]
pub(super) struct Watchers(Arc<Mutex<HashMap<String, usize>>>);

/// A watcher's place among them, given back however the watch ends.
struct Place {
    watchers: Arc<Mutex<HashMap<String, usize>>>,
    person: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        match watchers.get_mut(&self.person) {
            Some(more) if *more > 1 => *more -= 1,
            _ => drop(watchers.remove(&self.person)),
        }
    }
}

/// The stores that a filter concerns.
fn concerned(kinds: &Kinds, filter: &Filter) -> Vec<Store> {
    let concerned = |store: &&Store| filter.service.is_none_or(|service| service == store.workload());
    kinds.stores().into_iter().filter(concerned).cloned().collect()
}

fn name(store: &Store) -> String {
    wire::stored(&store.workload())
}

/// Where a watch goes on: `Some(None)` from the beginning.
pub(super) fn from(fields: &mut Fields, kinds: &Kinds, filter: &Filter, token: &str) -> Option<Option<Token>> {
    let from: Option<Token> = page::resumed(fields, filter, token)?;
    let here = concerned(kinds, filter);
    if from.as_ref().is_some_and(|from| from.len() != here.len() || here.iter().any(|s| !from.contains_key(&name(s)))) {
        fields.fault("resume_token", "was given by a server with other services; start again without one");
        return None;
    }
    Some(from)
}

impl Watchers {
    /// Begins to tell a person, until they go, the server stops or the stream has lasted long enough.
    pub(super) async fn begin(
        &self,
        kinds: &Kinds,
        person: &str,
        filter: Filter,
        from: Option<Token>,
    ) -> Result<Stream, Failure> {
        let place = self.enter(person)?;
        let mut followed = Vec::new();
        for store in concerned(kinds, &filter) {
            let reached = from.as_ref().and_then(|from| from.get(&name(&store)));
            followed.push(Followed::begin(store, reached).await?);
        }
        let (sender, told) = mpsc::channel(WAITING);
        // The stores of one server stop together, and have one clock.
        let any = kinds.any_store()?;
        let (stopping, clock) = (any.inner.stopping.clone(), any.clock().clone());
        let ends_at = clock.now() + LONGEST;
        let mut watch = Watch { followed, filter, sender, clock, ends_at, _place: place };
        tokio::spawn(async move {
            let (sender, gone) = (watch.sender.clone(), watch.sender.clone());
            tokio::select! {
                ended = watch.tell(from.is_none()) => if let Err(Ended::Failed(failure)) = ended {
                    // A watcher that has gone has no need to know.
                    let _ = sender.send_timeout(Err(failure.into()), PATIENCE).await;
                },
                () = gone.closed() => {}
                () = stopping.cancelled() => {}
            }
        });
        Ok(ReceiverStream::new(told))
    }

    fn enter(&self, person: &str) -> Result<Place, Failure> {
        let mut watchers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = watchers.get(person).copied().unwrap_or_default();
        if own >= PER_PERSON || watchers.values().sum::<usize>() >= WATCHERS {
            return Err(Failure::Overloaded);
        }
        watchers.insert(person.to_owned(), own + 1);
        Ok(Place { watchers: Arc::clone(&self.0), person: person.to_owned() })
    }
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

/// A store, and how far its watcher has come in it.
struct Followed {
    store: Store,
    name: String,
    reached: Reached,
    as_of: AsOf,
}

impl Followed {
    /// Goes on where a token says, or begins with the present moment.
    async fn begin(store: Store, from: Option<&Reached>) -> Result<Self, Failure> {
        let moment = store.moment().await?;
        let name = name(&store);
        let (reached, as_of) = match from {
            None => (Reached { of: moment.history.clone(), at: moment.horizon }, AsOf::told_at(&moment)),
            Some(from) if is_of(from, &moment) => (from.clone(), AsOf::default()),
            Some(_) => {
                let why = "is of another history of the database, which was restored or moved; start again without one";
                return Err(Failure::Invalid(vec![Violation {
                    field: "resume_token".to_owned(),
                    why: why.to_owned(),
                }]));
            }
        };
        Ok(Self { store, name, reached, as_of })
    }
}

/// Whether a place was reached in the history that a moment belongs to. Nobody has come further than its horizon.
fn is_of(reached: &Reached, moment: &Moment) -> bool {
    reached.of == moment.history && reached.at <= moment.horizon
}

struct Watch {
    followed: Vec<Followed>,
    filter: Filter,
    sender: Sender,
    clock: Clock,
    ends_at: DateTime<Utc>,
    _place: Place,
}

impl Watch {
    async fn tell(&mut self, from_the_beginning: bool) -> Result<(), Ended> {
        let mut changed: Vec<_> =
            self.followed.iter().map(|followed| followed.store.inner.changed.subscribe()).collect();
        if from_the_beginning {
            self.tell_beginning().await?;
        }
        match self.tell_changes(&mut changed).await {
            Err(Ended::Over) => self.checkpoint().await,
            ended => ended,
        }
    }

    /// Everything owed now. What changes while it is read lies behind the position and is told again, so a token within
    /// it leads to no other place than the beginning.
    async fn tell_beginning(&self) -> Result<(), Ended> {
        for Followed { store, .. } in &self.followed {
            let mut after = None;
            loop {
                let page = store.list_tasks(&self.filter, after.as_ref(), PAGE).await.map_err(Failure::from)?;
                let is_last = page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
                after = page.last().map(|(place, _)| place.clone());
                for (_, task) in page {
                    self.send(String::new(), Told::Owed(task)).await?;
                }
                if is_last {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Looks for changes, and tells them, for as long as the stream lasts.
    async fn tell_changes(&mut self, changed: &mut [Receiver<()>]) -> Result<(), Ended> {
        let mut spoken: Option<Instant> = None;
        let mut caught_up_once = false;
        loop {
            changed.iter_mut().for_each(Receiver::mark_unchanged);
            let looked = Instant::now();
            let Look { told, is_more } = self.look().await?;
            // Everybody hears at once when they have caught up for the first time.
            let is_due = !told && spoken.is_none_or(|spoken| spoken.elapsed() >= QUIET);
            let quiet = !is_more && (is_due || !caught_up_once);
            if quiet {
                self.checkpoint().await?;
            }
            if told || quiet {
                spoken = Some(Instant::now());
            }
            caught_up_once |= !is_more;
            self.still_on()?;
            tokio::time::sleep_until(looked + PAUSE).await;
            if !is_more {
                // Time only runs out; what came of the wait is seen by looking.
                let _ = tokio::time::timeout(POLL, any(changed)).await;
            }
        }
    }

    /// Tells the next changes of every store.
    async fn look(&mut self) -> Result<Look, Ended> {
        let mut look = Look { told: false, is_more: false };
        for place in 0..self.followed.len() {
            let followed = &self.followed[place];
            let found = followed.store.changes(&self.filter, followed.reached.at).await.map_err(Failure::from)?;
            if !is_of(&followed.reached, &found.moment) {
                // Whoever comes back with their token hears why.
                return Err(Failure::Unavailable.into());
            }
            for (position, change) in found.changes {
                let before = std::mem::replace(&mut self.followed[place].reached.at, position);
                let Some(change) = change else { continue };
                let change = match change {
                    Change::Owed(task) => Told::Owed(*task),
                    Change::Settled(name) => Told::Settled(name),
                };
                if let Err(ended) = self.send(self.token(), change).await {
                    self.followed[place].reached.at = before;
                    return Err(ended);
                }
                look.told = true;
            }
            let followed = &mut self.followed[place];
            followed.as_of.note(&found.moment, found.caught_up.is_some());
            match found.caught_up {
                Some(caught_up) => followed.reached.at = caught_up,
                None => look.is_more = true,
            }
        }
        Ok(look)
    }

    fn token(&self) -> String {
        let reached = self.followed.iter().map(|followed| (&followed.name, &followed.reached));
        page::token(&self.filter, reached.collect::<BTreeMap<_, _>>())
    }

    async fn checkpoint(&self) -> Result<(), Ended> {
        let as_of = self.followed.iter().map(|followed| followed.as_of.instant()).min().flatten();
        let checkpoint = Told::Checkpoint(Checkpoint { as_of: as_of.map(wire::timestamp) });
        hand(&self.sender, WatchTasksResponse { resume_token: self.token(), told: Some(checkpoint) }, PATIENCE).await
    }

    async fn send(&self, resume_token: String, told: Told) -> Result<(), Ended> {
        self.still_on()?;
        hand(&self.sender, WatchTasksResponse { resume_token, told: Some(told) }, PATIENCE).await
    }

    fn still_on(&self) -> Result<(), Ended> {
        if self.clock.now() < self.ends_at { Ok(()) } else { Err(Ended::Over) }
    }
}

/// What came of looking for changes.
struct Look {
    /// Some were told.
    told: bool,
    /// There may be more at once.
    is_more: bool,
}

/// Hands a message to a reader who has some patience to take it.
async fn hand(sender: &Sender, message: WatchTasksResponse, patience: Duration) -> Result<(), Ended> {
    sender.send_timeout(Ok(message), patience).await.map_err(|unsent| {
        if matches!(unsent, mpsc::error::SendTimeoutError::Timeout(_)) {
            tracing::info!("a watcher takes nothing and is told nothing more");
        }
        Ended::Gone
    })
}

/// Completes when any of these stores has committed something in this process.
async fn any(changed: &mut [Receiver<()>]) {
    type Wait<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
    // A store that is gone commits nothing more.
    let wait = |store| -> Wait<'_> { Box::pin(async move { Receiver::changed(store).await.is_ok() }) };
    let mut waits: Vec<Wait<'_>> = changed.iter_mut().map(wait).collect();
    poll_fn(|context| {
        let woken = waits.iter_mut().any(|wait| wait.as_mut().poll(context).is_ready());
        if woken { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reader_who_takes_nothing_is_not_waited_for() {
        let (sender, told) = mpsc::channel(1);
        let patience = Duration::from_millis(20);
        assert!(hand(&sender, WatchTasksResponse::default(), patience).await.is_ok(), "there is room for one");
        assert!(matches!(hand(&sender, WatchTasksResponse::default(), patience).await, Err(Ended::Gone)));
        drop(told);
        assert!(matches!(hand(&sender, WatchTasksResponse::default(), PATIENCE).await, Err(Ended::Gone)));
    }

    #[test]
    fn places_are_given_back() {
        let watchers = Watchers::default();
        let all: Vec<_> = (0..WATCHERS).map(|number| watchers.enter(&(number / PER_PERSON).to_string())).collect();
        assert!(all.iter().all(Result::is_ok));
        assert!(watchers.enter("another").is_err());
        drop(all);
        let own: Vec<_> = (0..PER_PERSON).map(|_| watchers.enter("one")).collect();
        assert!(own.iter().all(Result::is_ok) && watchers.enter("one").is_err() && watchers.enter("another").is_ok());
        drop(own);
        assert!(watchers.0.lock().unwrap().is_empty());
    }
}
