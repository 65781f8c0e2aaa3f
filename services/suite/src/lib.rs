//! All Holdfast services in one process, on one port and one Postgres, and the command line client beside them.

pub mod address;
pub mod check;
pub mod demo;
pub mod postgres;
pub mod story;
pub mod suite;
pub mod welcome;
