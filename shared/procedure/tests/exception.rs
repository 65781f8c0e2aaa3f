//! The lawful exception to the protection: who may decide what at which stage, when it is over, what it owes, and what the
//! journal keeps of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "exception/case.rs"]
mod case;

#[path = "exception/customer.rs"]
mod customer;
#[path = "exception/decisions.rs"]
mod decisions;
#[path = "exception/journal.rs"]
mod journal;
#[path = "exception/time.rs"]
mod time;
