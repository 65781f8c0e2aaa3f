//! How facts are kept: one transaction for every command, a journal that is the truth, and tables that follow from it.
//!
//! ```text
//! Order ─► execute (own task) ─► load journal ─► decide ─► journal, narrative, receipt, outbox, tasks, timers, read table ─► reply
//!                                                          outbox ─► relay ─► another service
//! ```
//!
//! The only crate that knows a SQLSTATE. What every service offers alike (tasks, guidance, delivery) is served from here.

mod audit;
mod calendars;
pub mod customers;
mod db;
mod execute;
mod header;
mod holds;
mod identity;
mod journal;
mod kind;
mod ledger;
mod merges;
mod narrative;
mod order;
mod outbox;
mod proofs;
mod protections;
mod read;
mod rebuild;
mod receipts;
mod records;
mod refused;
mod relay;
mod replay;
mod request;
mod schema;
mod seen;
mod tasks;
mod timers;
mod watch;

pub mod handing;
pub mod process;
pub mod reading;
pub mod rpc;
pub mod wire;

pub use audit::Audit;
pub use calendars::CalendarLedger;
pub use customers::Told;
pub use db::{Connection, DbFault};
pub use execute::{Case, Order, Outcome};
pub use header::{Header, RequestKey};
pub use identity::{identity, sent_from};
pub use journal::{Entry, JournalFault, verify};
pub use kind::{Cases, CasesOf, Claim, Kinds, OfAnyKind};
pub use ledger::{Brought, Command, Event, Ledger, State};
pub use narrative::Narrative;
pub use order::{Asked, For, Given};
pub use outbox::{Calls, PlaceInLine, Undelivered};
pub use relay::{Courier, Delivering, Delivery};
pub use replay::Again;
pub use request::new_reference;
pub use schema::{Schema, of_another_build, prepare};
pub use seen::ledger_seen;
pub use tasks::OwedNext;

use calendars::InForce;
use holdfast_chassis::{Clock, Failure};
use holdfast_procedure::{Workload, guidance::Guidance};
use sqlx::PgPool;
use std::sync::{Arc, RwLock};
use std::time::Duration;
use tokio::sync::{Mutex, Notify, Semaphore, watch as signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

/// Commands on one case wait for each other here, so that replicas only meet in the database.
const LANES: usize = 256;
/// Connections of the relay's own, so that commands cannot keep calls from being delivered.
const RELAYING: u32 = 6;
/// Connections of the proofs' own, so that neither commands nor calls can keep the ledger of holds from being answered.
const PROVING: u32 = 4;
/// Connections of the delivery proofs' own, beside those: without one the check is closed for everybody, so it waits for
/// no proof that is about one award.
const PROVING_DELIVERY: u32 = 2;
/// How many of those may be taken by whoever reads everything, at their own pace.
const LISTING: usize = 2;
/// How long a statement that proves something may take: whoever asks waits for no longer. The commit that follows is not
/// cut short by it, so that what is not committed everywhere is not told.
const PROOF_BOUND: &str = "2s";

/// The facts of one service.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    pool: PgPool,
    /// What the relay works over.
    relaying: PgPool,
    /// What proofs are given over.
    proving: PgPool,
    /// What proofs of delivery are given over.
    proving_delivery: PgPool,
    /// Room for those who read everything that is protected.
    listing: Arc<Semaphore>,
    clock: Clock,
    guidance: Guidance,
    workload: Workload,
    fingerprint_key: Vec<u8>,
    calendars: RwLock<InForce>,
    lanes: Vec<Mutex<()>>,
    /// Held by whoever derives terms again.
    deriving: Mutex<()>,
    /// Commands and deliveries in hand: they outlive the calls that asked for them.
    in_hand: TaskTracker,
    /// Wakes the relay: there may be something to deliver.
    wake: Notify,
    /// Tells those who watch that something was committed.
    changed: signal::Sender<()>,
    /// How far they can be told what was.
    horizon: watch::Horizon,
    /// Ends what would go on for as long as somebody listens.
    stopping: CancellationToken,
}

/// What a store is made of.
pub struct Parts {
    /// Connections under the service's own role, from [`Schema::connect`].
    pub pool: PgPool,
    /// The civil clock.
    pub clock: Clock,
    /// The versions of the guidance.
    pub guidance: Guidance,
    /// The service as which the suite acts by itself.
    pub workload: Workload,
    /// Keys the fingerprints of requests.
    pub fingerprint_key: String,
}

impl Store {
    /// A store over these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { pool, clock, guidance, workload, fingerprint_key } = parts;
        let inner = Inner {
            relaying: Schema::beside(&pool, RELAYING, &[]),
            proving: Schema::beside(&pool, PROVING, &[("statement_timeout", PROOF_BOUND)]),
            proving_delivery: Schema::beside(&pool, PROVING_DELIVERY, &[("statement_timeout", PROOF_BOUND)]),
            listing: Arc::new(Semaphore::new(LISTING)),
            pool,
            clock,
            guidance,
            workload,
            fingerprint_key: fingerprint_key.into_bytes(),
            calendars: RwLock::new(InForce::embedded()),
            lanes: (0..LANES).map(|_| Mutex::new(())).collect(),
            deriving: Mutex::new(()),
            in_hand: TaskTracker::new(),
            wake: Notify::new(),
            changed: signal::Sender::new(()),
            horizon: watch::Horizon::default(),
            stopping: CancellationToken::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The versions of the guidance that judge.
    #[must_use]
    pub fn guidance(&self) -> &Guidance {
        &self.inner.guidance
    }

    /// The connections, for a service's own read tables.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.inner.pool
    }

    /// The civil clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Does work in a task of the store's own, which a caller that gives up cannot end half-way: a service's own writes,
    /// in a transaction each.
    ///
    /// # Errors
    /// What the work says; [`Failure::Internal`] where it panicked.
    pub async fn in_own_task<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> Result<T, Failure> {
        // A task that panicked has rolled back; the panic hook has said where.
        self.inner.in_hand.spawn(work.in_current_span()).await.unwrap_or(Err(Failure::Internal))
    }

    /// Completes once the server is asked to stop.
    pub async fn stopping(&self) {
        self.inner.stopping.cancelled().await;
    }

    /// Ends every watch, so that none of them holds up a server that is asked to stop.
    pub fn end_watches(&self) {
        self.inner.stopping.cancel();
    }

    /// Waits until no command and no delivery is in hand any more, then closes the connections; no longer than `within`.
    /// What is cut off then was not acknowledged, and rolls back.
    pub async fn close(&self, within: Duration) {
        let closing = async {
            self.inner.in_hand.close();
            self.inner.in_hand.wait().await;
            let Inner { pool, relaying, proving, proving_delivery, .. } = self.inner.as_ref();
            for pool in [pool, relaying, proving, proving_delivery] {
                pool.close().await;
            }
        };
        if tokio::time::timeout(within, closing).await.is_err() {
            tracing::warn!(seconds = within.as_secs(), "commands in hand did not finish; stopping");
        }
    }
}
