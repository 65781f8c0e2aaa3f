//! Handovers between services, whatever goes wrong: each step run twice, failed once, reordered, and its process killed
//! between any two statements ends in the same state. On a real Postgres, over real connections, with a clock that the
//! tests move.
//!
//! An ordinary run takes a sample of the places where a process can be killed, evenly spread; with `HOLDFAST_EVERY_CUT`
//! set it takes every one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "handovers/couriers.rs"]
mod couriers;
#[path = "handovers/kills.rs"]
mod kills;
#[path = "handovers/picture.rs"]
mod picture;
#[path = "handovers/retractions.rs"]
mod retractions;
#[path = "handovers/world.rs"]
mod world;
