//! The safeguarding service by itself, over the wire and on a real Postgres: concerns from their handover to the outcome
//! that goes back, the directory, and referrals that wait for a leader.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "safeguarding/support.rs"]
mod support;

#[path = "safeguarding/directory.rs"]
mod directory;
#[path = "safeguarding/escalation.rs"]
mod escalation;
#[path = "safeguarding/waiting.rs"]
mod waiting;
