//! What a service that keeps cases tells the ledger of holds: by calls that follow from what changed, and in answer to
//! what the ledger asks. On a real Postgres, over the wire, with a kind of case that does nothing but hold.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "proofs/support.rs"]
mod support;

#[path = "proofs/award.rs"]
mod award;
#[path = "proofs/calls.rs"]
mod calls;
#[path = "proofs/delivery.rs"]
mod delivery;
#[path = "proofs/everything.rs"]
mod everything;
#[path = "proofs/raise.rs"]
mod raise;
#[path = "proofs/wire.rs"]
mod wire;
