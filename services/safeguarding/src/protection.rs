//! The ledger of holds and the protection check: may this payment be stopped?
//!
//! ```text
//! holders ── PlaceHold, ReleaseHold ──► ledger ──► tables ──► copy (in memory) ──► check ──► answer
//! holders ◄── "what is undelivered?" ── proofs ───────────────────────────────────┘
//! holders ── everything they hold ──► compare ──► tables
//! ```
//!
//! What is decided is decided in `holdfast_procedure::protection`, which a model searches; here it is carried out.

mod check;
mod compare;
mod confirm;
mod copy;
mod journal;
mod ledger;
mod proofs;
mod views;
mod watch;

use holdfast_chassis::Peers;
use holdfast_store::Store;
use std::sync::Arc;

/// Everything the check is made of.
pub(crate) struct Protection {
    pub(crate) store: Store,
    pub(crate) peers: Arc<Peers>,
}
