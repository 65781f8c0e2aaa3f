//! The structure of the repository, held by tests: which crate may depend on which, how long a file and a function may
//! be, where a benefit may be told from another, where a status is made, what the contracts must say of themselves.
//!
//! Needs no database. A failing test names every place at once and what to do about it. A list of exceptions carries a
//! reason with every entry, and an entry that excuses nothing any more fails too.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests fail by panicking")]
#![allow(clippy::wildcard_enum_match_arm, reason = "only a few of a grammar's many forms concern a check")]

#[path = "tidy/arrows.rs"]
mod arrows;
#[path = "tidy/benefits.rs"]
mod benefits;
#[path = "tidy/contracts.rs"]
mod contracts;
#[path = "tidy/faults.rs"]
mod faults;
#[path = "tidy/journal.rs"]
mod journal;
#[path = "tidy/mutations.rs"]
mod mutations;
#[path = "tidy/remains.rs"]
mod remains;
#[path = "tidy/sensitive.rs"]
mod sensitive;
#[path = "tidy/size.rs"]
mod size;
#[path = "tidy/sources.rs"]
mod sources;
#[path = "tidy/statuses.rs"]
mod statuses;
#[path = "tidy/strings.rs"]
mod strings;
#[path = "tidy/tree.rs"]
mod tree;
#[path = "tidy/words.rs"]
mod words;
