//! The safeguarding service by itself, over the wire and on a real Postgres: concerns from their handover to the outcome
//! that goes back, the directory, referrals that wait for a leader, and exceptions to the protection.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "safeguarding/another.rs"]
mod another;
#[path = "safeguarding/holder.rs"]
mod holder;
#[path = "safeguarding/support.rs"]
mod support;

#[path = "safeguarding/check.rs"]
mod check;
#[path = "safeguarding/check_condition.rs"]
mod check_condition;
#[path = "safeguarding/check_confirm.rs"]
mod check_confirm;
#[path = "safeguarding/check_stream.rs"]
mod check_stream;
#[path = "safeguarding/check_support.rs"]
mod check_support;
#[path = "safeguarding/compared.rs"]
mod compared;
#[path = "safeguarding/directory.rs"]
mod directory;
#[path = "safeguarding/escalation.rs"]
mod escalation;
#[path = "safeguarding/holds_listed.rs"]
mod holds_listed;
#[path = "safeguarding/holds_watched.rs"]
mod holds_watched;
#[path = "safeguarding/ledger.rs"]
mod ledger;
#[path = "safeguarding/overdue.rs"]
mod overdue;
#[path = "safeguarding/overrides.rs"]
mod overrides;
#[path = "safeguarding/overrides_kept.rs"]
mod overrides_kept;
#[path = "safeguarding/restored.rs"]
mod restored;
#[path = "safeguarding/unanswered.rs"]
mod unanswered;
#[path = "safeguarding/waiting.rs"]
mod waiting;
