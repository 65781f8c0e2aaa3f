//! The protection check, searched exhaustively: several sources that place, hand over and release holds, outboxes,
//! a network that loses, delays, repeats and reorders, a ledger of two processes, crashes, promotions and restores. What
//! decides in it is the shipped code of `procedure::protection`.
//!
//! Needs no database. The ordinary run keeps to small bounds; the full one is asked for by `--ignored`.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests fail by panicking")]
#![allow(clippy::print_stdout, reason = "how much was searched is a result")]

#[path = "protection_model/config.rs"]
mod config;
#[path = "protection_model/ledger.rs"]
mod ledger;
#[path = "protection_model/lift.rs"]
mod lift;
#[path = "protection_model/model.rs"]
mod model;
#[path = "protection_model/mutants.rs"]
mod mutants;
#[path = "protection_model/replica.rs"]
mod replica;
#[path = "protection_model/search.rs"]
mod search;
#[path = "protection_model/seen.rs"]
mod seen;
#[path = "protection_model/service.rs"]
mod service;
#[path = "protection_model/state.rs"]
mod state;
#[path = "protection_model/step.rs"]
mod step;
