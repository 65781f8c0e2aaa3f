//! The protection check, function by function: what a question meets, what the ledger takes in, what freshness means,
//! what is answered, what is confirmed. How they work together is searched by a model of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "protection/reference.rs"]
mod reference;
#[path = "protection/samples.rs"]
mod samples;

#[path = "protection/answers.rs"]
mod answers;
#[path = "protection/confirming.rs"]
mod confirming;
#[path = "protection/drafts.rs"]
mod drafts;
#[path = "protection/fresh.rs"]
mod fresh;
#[path = "protection/holds.rs"]
mod holds;
#[path = "protection/ledger.rs"]
mod ledger;
#[path = "protection/matching.rs"]
mod matching;
#[path = "protection/reconciling.rs"]
mod reconciling;
#[path = "protection/stated.rs"]
mod stated;
