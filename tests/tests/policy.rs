//! What Holdfast lets in from outside: under which licences, from where, in which versions, and nothing for nothing.
//!
//! What `Cargo.lock` says holds for every platform. Licences are read from the packages themselves, as far as they are
//! on this machine: after a build, those for its platform; after `cargo fetch --locked`, all.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests fail by panicking")]
#![allow(clippy::print_stdout, reason = "a test says how much it looked at")]

#[path = "policy/bans.rs"]
mod bans;
#[path = "policy/duplicates.rs"]
mod duplicates;
#[path = "tidy/faults.rs"]
mod faults;
#[path = "policy/licences.rs"]
mod licences;
#[path = "policy/lock.rs"]
mod lock;
#[path = "policy/manifests.rs"]
mod manifests;
#[path = "policy/mentions.rs"]
mod mentions;
#[path = "policy/metadata.rs"]
mod metadata;
#[path = "tidy/tree.rs"]
mod tree;
