//! The ledger of holds and the protection check: may this payment be stopped?
//!
//! ```text
//! holders ── PlaceHold, ReleaseHold ──► ledger ──► tables ──► copy (in memory) ──► check ──► answer
//! holders ◄── "what is undelivered?" ── proofs ───────────────────────────────────┘
//! holders ── everything they hold ──► compare ──► tables
//! ```
//!
//! What is decided is decided in `holdfast_procedure::protection`, which a model searches; here it is carried out.

pub(crate) mod check;
mod compare;
pub(crate) mod confirm;
mod copy;
mod holds;
pub(crate) mod journal;
pub(crate) mod ledger;
mod names;
mod proofs;
mod raises;
mod seal;
mod seen;
mod sources;
pub(crate) mod views;
pub(crate) mod watch;

pub(crate) use proofs::Asking;

use holdfast_chassis::Peers;
use holdfast_procedure::{
    Workload,
    protection::{Proof, Proofs, Revision, Sources, Ticks},
};
use holdfast_store::Store;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{Notify, watch as signal};

/// The services that can protect somebody. Named here: configuration only says where they are.
const REQUIRED: [Workload; 2] = [Workload::Visiting, Workload::Conferencing];

/// Everything the check is made of.
pub(crate) struct Protection {
    pub(crate) store: Store,
    pub(crate) peers: Arc<Peers>,
    /// Whose proofs the check requires, beside those on record in the ledger's database.
    pub(crate) sources: Sources,
    /// Questions, and what answers them.
    pub(crate) check: check::Check,
    /// What they proved last. In memory, so that a process begins without any.
    proofs: Mutex<Proofs>,
    /// Tells those who watch in this process that the ledger has changed.
    changed: signal::Sender<()>,
    /// Why each source gave no proof when it was asked last.
    faults: Mutex<BTreeMap<Workload, &'static str>>,
    /// What each source was told of the ledger when its last proof was taken.
    accepted: Mutex<BTreeMap<Workload, Revision>>,
    /// Wakes the comparison: one may be owed.
    owed: Notify,
    /// Wakes whoever has holds written again: one may have to be.
    raised: Notify,
    /// Whoever in this process writes to the ledger, in turn.
    writing: tokio::sync::Mutex<()>,
    watchers: watch::Watchers,
}

impl Protection {
    /// The ledger in this store, filled by and answering for these services.
    pub(crate) fn new(store: Store, peers: Arc<Peers>) -> Self {
        Self {
            store,
            peers,
            sources: Sources::named(&REQUIRED),
            check: check::Check::default(),
            proofs: Mutex::default(),
            faults: Mutex::default(),
            accepted: Mutex::default(),
            changed: signal::Sender::new(()),
            owed: Notify::new(),
            raised: Notify::new(),
            writing: tokio::sync::Mutex::default(),
            watchers: watch::Watchers::default(),
        }
    }

    /// What every source proved last.
    pub(crate) fn proofs(&self) -> Proofs {
        self.proofs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps a proof, unless a later question was answered before.
    fn keep(&self, proof: Proof) {
        self.proofs.lock().unwrap_or_else(PoisonError::into_inner).take_in(proof);
    }

    /// Why a source gave no proof when it was asked last; empty where it gave one, or was not asked yet.
    fn fault(&self, source: Workload) -> &'static str {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).get(&source).copied().unwrap_or_default()
    }

    /// This process's own boot-time clock.
    pub(crate) fn ticks(&self) -> Ticks {
        Ticks::from_millis(self.store.clock().boot_millis())
    }

    /// Says in this process that the ledger has changed.
    fn told(&self) {
        self.changed.send_replace(());
    }
}
