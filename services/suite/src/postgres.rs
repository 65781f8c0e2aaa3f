//! A private Postgres for one machine: found or fetched, initialised, started, stopped.
//!
//! The suite needs no database set up beforehand: it takes the Postgres binaries it finds, makes a cluster of its own
//! beside its other data, and runs it on a free port of the loopback interface. Other accounts of the machine cannot
//! enter, because every connection needs a random password which only the invoking account can read.
//!
//! The whole module is synchronous; asynchronous callers go through `spawn_blocking`.

mod account;
mod binaries;
mod cluster;
mod error;
mod files;
mod initialise;
mod instance;
mod orphan;
mod server;
#[cfg(test)]
mod tests;
mod wheel;

pub use binaries::{Binaries, Places};
pub use cluster::{Cluster, Durability, Options, discard};
pub use error::Error;
pub use instance::{Instance, claim_instance, instances};

/// The superuser of every private cluster.
const ADMIN: &str = "holdfast_admin";

/// The oldest major version whose SQL the services may rely on.
const OLDEST_MAJOR: u32 = 15;
