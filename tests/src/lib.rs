//! What the tests stand on: one Postgres for a run, a suite for each test, and eyes on everything it emits.
//!
//! Failing here means panicking: this crate is for tests only.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests fail by panicking")]

pub mod cluster;
pub mod fault_proxy;
pub mod link;
pub mod mesh;
pub mod observed;
pub mod own_postgres;
pub mod pip;
pub mod program;
pub mod raw;
pub mod suite;
