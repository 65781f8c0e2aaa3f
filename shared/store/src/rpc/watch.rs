//! The stream behind `WatchTasks`.

use crate::{
    Store,
    kind::Kinds,
    tasks::Filter,
    watch::{Change, Position},
    wire,
};
use holdfast_chassis::{Failure, Fields, page};
use holdfast_contracts::holdfast::tasks::v1::{Checkpoint, WatchTasksResponse, watch_tasks_response::Told};
use std::{
    collections::BTreeMap,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch::Receiver},
    time::Instant,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

/// Watchers of one server.
const WATCHERS: usize = 64;
/// How often the changes are looked at where nothing wakes a watcher: another process may have made some.
const POLL: Duration = Duration::from_secs(1);
/// After how long without a message a checkpoint is sent.
const QUIET: Duration = Duration::from_secs(10);
/// How many tasks are read at a time in the beginning.
const PAGE: u32 = 200;
/// Messages that a slow reader may leave waiting before nothing more is read for it.
const WAITING: usize = 32;

/// What a watcher is told.
pub(super) type Stream = ReceiverStream<Result<WatchTasksResponse, Status>>;

/// How far a watcher has come in each store, by the store's service.
type Positions = BTreeMap<String, Position>;

/// Those who watch the tasks of one server.
pub(super) struct Watchers {
    room: Arc<Semaphore>,
}

impl Default for Watchers {
    fn default() -> Self {
        Self { room: Arc::new(Semaphore::new(WATCHERS)) }
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
pub(super) fn from(fields: &mut Fields, kinds: &Kinds, filter: &Filter, token: &str) -> Option<Option<Positions>> {
    let from: Option<Positions> = page::resumed(fields, filter, token)?;
    let here = concerned(kinds, filter);
    if from.as_ref().is_some_and(|from| from.len() != here.len() || here.iter().any(|s| !from.contains_key(&name(s)))) {
        fields.fault("resume_token", "was given by a server with other services; start again without one");
        return None;
    }
    Some(from)
}

impl Watchers {
    /// Begins to tell a watcher, until they go or the server stops.
    pub(super) fn begin(&self, kinds: &Kinds, filter: Filter, from: Option<Positions>) -> Result<Stream, Failure> {
        let room = Arc::clone(&self.room).try_acquire_owned().map_err(|_| Failure::Overloaded)?;
        let (sender, told) = mpsc::channel(WAITING);
        // The stores of one server stop together.
        let stopping = kinds.any_store()?.inner.stopping.clone();
        let mut watch = Watch { stores: concerned(kinds, &filter), filter, sender, _room: room };
        tokio::spawn(async move {
            let (sender, gone) = (watch.sender.clone(), watch.sender.clone());
            tokio::select! {
                ended = watch.tell(from) => if let Err(Ended::Failed(failure)) = ended {
                    // A watcher that has gone has no need to know.
                    let _ = sender.send(Err(failure.into())).await;
                },
                () = gone.closed() => {}
                () = stopping.cancelled() => {}
            }
        });
        Ok(ReceiverStream::new(told))
    }
}

/// Why a watch ended.
enum Ended {
    Gone,
    Failed(Failure),
}

impl<F: Into<Failure>> From<F> for Ended {
    fn from(failure: F) -> Self {
        Self::Failed(failure.into())
    }
}

struct Watch {
    stores: Vec<Store>,
    filter: Filter,
    sender: mpsc::Sender<Result<WatchTasksResponse, Status>>,
    _room: OwnedSemaphorePermit,
}

impl Watch {
    async fn tell(&mut self, from: Option<Positions>) -> Result<(), Ended> {
        let mut changed: Vec<_> = self.stores.iter().map(|store| store.inner.changed.subscribe()).collect();
        let mut at = match from {
            Some(at) => at,
            None => self.tell_beginning().await?,
        };
        let mut spoken: Option<Instant> = None;
        loop {
            changed.iter_mut().for_each(Receiver::mark_unchanged);
            let told = self.tell_changes(&mut at).await?;
            // Everybody hears at once when they have caught up for the first time.
            let quiet = spoken.is_none_or(|spoken| !told && spoken.elapsed() >= QUIET);
            if quiet {
                self.checkpoint(&at).await?;
            }
            if told || quiet {
                spoken = Some(Instant::now());
            }
            // Time only runs out; what came of the wait is seen by looking.
            let _ = tokio::time::timeout(POLL, any(&mut changed)).await;
        }
    }

    /// Everything owed now. What changes while it is read lies behind the position and is told again, so a token within
    /// it leads to no other place than the beginning.
    async fn tell_beginning(&self) -> Result<Positions, Ended> {
        let mut at = Positions::new();
        for store in &self.stores {
            at.insert(name(store), store.position().await.map_err(Failure::from)?);
        }
        for store in &self.stores {
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
        Ok(at)
    }

    /// Everything that changed since, and whether that was anything.
    async fn tell_changes(&self, at: &mut Positions) -> Result<bool, Ended> {
        let mut told = false;
        for store in &self.stores {
            let name = name(store);
            while let Some(after) = at.get(&name).copied() {
                let found = store.changes(&self.filter, after).await.map_err(Failure::from)?;
                for (position, change) in found.changes {
                    at.insert(name.clone(), position);
                    let change = match change {
                        Change::Owed(task) => Told::Owed(*task),
                        Change::Settled(name) => Told::Settled(name),
                    };
                    self.send(page::token(&self.filter, &*at), change).await?;
                    told = true;
                }
                if let Some(caught_up) = found.caught_up {
                    at.insert(name, caught_up);
                    break;
                }
            }
        }
        Ok(told)
    }

    async fn checkpoint(&self, at: &Positions) -> Result<(), Ended> {
        self.send(page::token(&self.filter, at), Told::Checkpoint(Checkpoint {})).await
    }

    async fn send(&self, resume_token: String, told: Told) -> Result<(), Ended> {
        let message = WatchTasksResponse { resume_token, told: Some(told) };
        self.sender.send(Ok(message)).await.map_err(|_| Ended::Gone)
    }
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
