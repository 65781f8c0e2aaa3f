//! What comes before a sanction: who may do what at which stage, what counts, what is owed, and what the journal keeps.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "sanction/case.rs"]
mod case;

#[path = "sanction/again.rs"]
mod again;
#[path = "sanction/conference.rs"]
mod conference;
#[path = "sanction/corrections.rs"]
mod corrections;
#[path = "sanction/customer.rs"]
mod customer;
#[path = "sanction/decision.rs"]
mod decision;
#[path = "sanction/journal.rs"]
mod journal;
#[path = "sanction/stages.rs"]
mod stages;
#[path = "sanction/withdrawal.rs"]
mod withdrawal;
