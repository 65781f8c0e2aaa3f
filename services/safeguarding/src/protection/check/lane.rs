//! The queue of requests, and the lanes that empty it.

use super::{Queue, Waiting, statement::Known};
use crate::protection::{Protection, copy::Copy};
use holdfast_procedure::protection::Arrival;
use sqlx::{PgConnection, postgres::PgConnectOptions};
use std::{
    sync::{
        Arc, Mutex as Lock, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Mutex, Notify, mpsc},
    time::Instant,
};

/// How many statements are on their way at once.
const LANES: usize = 2;
/// How many requests may wait. The server has room for fewer at once.
const WAITING: usize = 4_096;
/// How many questions one statement serves; the request that reaches it is served whole.
const FLUSH: usize = 8_192;
/// With this many questions a statement is sent while another is on its way. With fewer it is cheaper to wait for that
/// one to return, which takes no time to speak of, and to send what has come by then in one.
const ENOUGH: usize = 2_048;
/// How long that is waited for.
const A_MOMENT: Duration = Duration::from_millis(10);
/// How long those who were answered last are waited for, where they do not come back.
const AT_MOST: Duration = Duration::from_millis(1);
/// How long the ledger's database is given to answer. After that everything is prohibited.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);
/// How long it is given at least where a request has waited for a lane already: whoever asks is told that nothing can be
/// verified before they give up. Payers wait for one and a half seconds.
const BRIEFLY: Duration = Duration::from_millis(250);

/// How long a lane waits after the database did not answer.
const PAUSE: Duration = Duration::from_millis(50);

/// What the check is made of.
pub(crate) struct Check {
    queue: Queue,
    /// Its other end, until the lanes begin.
    waiting: Lock<Option<mpsc::Receiver<Waiting>>>,
    /// The ledger, in memory.
    pub(crate) copy: Arc<Copy>,
}

impl Default for Check {
    fn default() -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        let waiting = Lock::new(Some(waiting));
        Self { queue, waiting, copy: Arc::default() }
    }
}

impl Check {
    pub(super) fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Begins to answer. Has to be called within a runtime; a second time changes nothing.
    pub(crate) fn begin(protection: &Arc<Protection>) {
        let waiting = protection.check.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(waiting) = waiting else { return };
        let line = Arc::new(Mutex::new(Line { waiting, arrived: 0, under_way: Arc::default() }));
        for _ in 0..LANES {
            tokio::spawn(keep_going(Arc::downgrade(protection), Arc::clone(&line)));
        }
    }
}

/// Keeps one lane going until there is nobody left to ask, or the store is closed. A fault in one flush leaves its
/// requests without an answer, which prohibits, and must not leave those that follow without a lane.
async fn keep_going(protection: Weak<Protection>, line: Arc<Mutex<Line>>) {
    let Some(store) = protection.upgrade().map(|protection| protection.store.clone()) else { return };
    loop {
        let lane = Lane { protection: protection.clone(), connection: None, known: Known::default() };
        let mut going = tokio::spawn(lane.go(Arc::clone(&line)));
        tokio::select! {
            ended = &mut going => if ended.is_ok() { return },
            () = store.pool().close_event() => {
                going.abort();
                return;
            }
        }
    }
}

/// The end of the queue at which requests are taken.
pub(super) struct Line {
    waiting: mpsc::Receiver<Waiting>,
    /// How many have been taken.
    arrived: u64,
    under_way: Arc<UnderWay>,
}

/// How many flushes are under way, and word that one has ended.
#[derive(Default)]
pub(super) struct UnderWay {
    flushes: AtomicUsize,
    ended: Notify,
    /// How many requests there were, waiting or being answered, when answers were given last.
    expected: AtomicUsize,
}

/// A flush under way, however it ends.
pub(super) struct Flushing(pub(super) Arc<UnderWay>);

impl UnderWay {
    fn begin(self: &Arc<Self>) -> Flushing {
        self.flushes.fetch_add(1, Ordering::AcqRel);
        Flushing(Arc::clone(self))
    }

    /// So many requests are answered now, while so many wait: they may all ask again.
    pub(super) fn answers(&self, answered: usize, waiting: usize) {
        self.expected.store(answered + waiting, Ordering::Release);
    }

    /// Completes once none is under way.
    async fn ended(self: Arc<Self>) {
        while self.flushes.load(Ordering::Acquire) > 0 {
            self.ended.notified().await;
        }
    }
}

impl Drop for Flushing {
    fn drop(&mut self) {
        self.0.flushes.fetch_sub(1, Ordering::AcqRel);
        self.0.ended.notify_one();
    }
}

/// Requests that are answered together, in the order in which they arrived.
pub(super) struct Taken {
    /// The last of them: what arrives later is none of theirs.
    pub(super) last: Arrival,
    pub(super) requests: Vec<(Arrival, Waiting)>,
    /// How many questions they ask.
    pub(super) questions: usize,
    /// Until they are answered.
    pub(super) flushing: Option<Flushing>,
}

impl Taken {
    /// How long the ledger's database is given for these: they have waited together since the first of them came.
    pub(super) fn patience(&self, now: Instant) -> Duration {
        let waited = self.requests.iter().map(|(_, request)| now.saturating_duration_since(request.since)).max();
        PATIENCE.saturating_sub(waited.unwrap_or_default()).max(BRIEFLY)
    }
}

impl Line {
    /// Everything that waits, as soon as something does; `None` once nobody is left to ask.
    ///
    /// The more is asked at once, the less each question costs: the statement's price hardly depends on how many it
    /// serves. So those who were answered a moment ago are waited for, as they come back all at once; nobody who asks
    /// alone waits for anybody.
    pub(super) async fn take(&mut self) -> Option<Taken> {
        let first = self.waiting.recv().await?;
        let mut taken = Taken { last: Arrival(self.arrived), requests: Vec::new(), questions: 0, flushing: None };
        self.add(&mut taken, first);
        self.drain(&mut taken);
        if taken.questions < ENOUGH && self.under_way.flushes.load(Ordering::Acquire) > 0 {
            // A statement that hangs holds nobody up but its own.
            let ended = tokio::time::timeout(A_MOMENT, Arc::clone(&self.under_way).ended());
            self.gather(&mut taken, usize::MAX, ended).await;
        }
        let expected = self.under_way.expected.load(Ordering::Acquire) * 3 / 4;
        if taken.requests.len() < expected {
            self.gather(&mut taken, expected, tokio::time::sleep(AT_MOST)).await;
            if taken.requests.len() < expected {
                // They have not come back: not as many ask any more.
                self.under_way.expected.store(taken.requests.len(), Ordering::Release);
            }
        }
        taken.flushing = Some(self.under_way.begin());
        Some(taken)
    }

    /// Adds what comes, until there are so many requests, or enough questions, or something else has happened.
    async fn gather<T>(&mut self, taken: &mut Taken, requests: usize, until: impl Future<Output = T>) {
        let mut until = std::pin::pin!(until);
        while taken.requests.len() < requests && taken.questions < ENOUGH {
            tokio::select! {
                _ = &mut until => break,
                next = self.waiting.recv() => match next {
                    Some(next) => self.add(taken, next),
                    None => break,
                },
            }
        }
        self.drain(taken);
    }

    fn drain(&mut self, taken: &mut Taken) {
        while taken.questions < FLUSH
            && let Ok(next) = self.waiting.try_recv()
        {
            self.add(taken, next);
        }
    }

    fn add(&mut self, taken: &mut Taken, request: Waiting) {
        self.arrived += 1;
        taken.questions += request.questions.len();
        taken.last = Arrival(self.arrived);
        taken.requests.push((taken.last, request));
    }
}

/// Whether the ledger's database answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Verified,
    Unverified,
}

/// One of those that answer: it has one statement on its way at a time.
pub(super) struct Lane {
    protection: Weak<Protection>,
    /// A connection of its own, so that no other work of the service keeps the check waiting, and no check keeps other
    /// work waiting.
    ///
    /// Its statements run by themselves, without BEGIN and COMMIT, which nothing else of ours does. What is wrong with
    /// that elsewhere is that the driver (sqlx 0.9) leaves a connection inside a transaction when a BEGIN is dropped
    /// half-way, so that the next statement of somebody else is acknowledged and rolled back. None is ever begun here,
    /// nobody else uses it, no caller can drop a statement of this task, and one that takes too long goes together with
    /// its connection.
    pub(super) connection: Option<PgConnection>,
    /// Which database is at its other end.
    pub(super) known: Known,
}

impl Lane {
    async fn go(mut self, line: Arc<Mutex<Line>>) {
        loop {
            let taken = line.lock().await.take().await;
            let (Some(taken), Some(protection)) = (taken, self.protection.upgrade()) else { return };
            if self.flush(&protection, taken).await == Verdict::Unverified {
                // Whoever asks now waits for the others, so that a database that refuses is not asked for each of them.
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// How a lane connects: as the store does, with no patience. It has few statements, which are planned once: whatever they
/// are asked with, the same few rows are read in the same way, and to plan one takes longer than to carry it out.
pub(super) fn options(protection: &Protection) -> PgConnectOptions {
    let as_store = PgConnectOptions::clone(&protection.store.pool().connect_options());
    as_store.options([
        ("statement_timeout", "1s"),
        ("lock_timeout", "500ms"),
        ("plan_cache_mode", "force_generic_plan"),
    ])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::protection::journal::tests::caller;
    use holdfast_contracts::holdfast::{access::v1::Role, safeguarding::v1 as pb};
    use tokio::sync::oneshot;

    fn line() -> (Queue, Line) {
        let (queue, waiting) = mpsc::channel(WAITING);
        (queue, Line { waiting, arrived: 0, under_way: Arc::default() })
    }

    fn arrives(queue: &Queue, questions: usize) {
        let (reply, _) = oneshot::channel();
        let questions = vec![pb::Question::default(); questions];
        let caller = caller("p-1", Role::CaseManager);
        assert!(queue.try_send(Waiting { questions, is_batch: true, since: Instant::now(), caller, reply }).is_ok());
    }

    fn arrivals(taken: &Taken) -> Vec<u64> {
        taken.requests.iter().map(|(arrived, _)| arrived.0).collect()
    }

    #[tokio::test]
    async fn what_arrives_after_a_flush_was_taken_is_none_of_its_own() {
        let (queue, mut line) = line();
        (0..3).for_each(|_| arrives(&queue, 1));
        let first = line.take().await.unwrap();
        (0..2).for_each(|_| arrives(&queue, 1));
        let second = line.take().await.unwrap();
        assert_eq!((arrivals(&first), first.last), (vec![1, 2, 3], Arrival(3)));
        assert_eq!((arrivals(&second), second.last), (vec![4, 5], Arrival(5)));
        drop(queue);
        assert!(line.take().await.is_none(), "nobody is left to ask");
    }

    #[tokio::test]
    async fn who_has_waited_for_a_lane_does_not_wait_as_long_again() {
        let (queue, mut line) = line();
        arrives(&queue, 1);
        let after = Instant::now();
        arrives(&queue, 1);
        let taken = line.take().await.unwrap();
        let patience = |waited| taken.patience(after + Duration::from_millis(waited));
        assert!((BRIEFLY..=Duration::from_millis(400)).contains(&patience(600)), "{:?}", patience(600));
        assert_eq!(patience(5_000), BRIEFLY);
    }

    #[tokio::test]
    async fn a_flush_takes_no_more_than_it_serves_and_splits_no_request() {
        let (queue, mut line) = line();
        (0..20).for_each(|_| arrives(&queue, 1_000));
        let first = line.take().await.unwrap();
        assert_eq!((arrivals(&first), first.last), ((1..=9).collect(), Arrival(9)));
        assert_eq!(arrivals(&line.take().await.unwrap()), (10..=18).collect::<Vec<_>>());
        assert_eq!(arrivals(&line.take().await.unwrap()), [19, 20]);
    }
}
