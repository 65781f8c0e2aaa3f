//! What is done about a safeguarding concern: every gate before the conclusion both ways, at its edges and out of order,
//! and what holds whatever is recorded.
//!
//! After every command a [`case::Case`] checks by itself what has to hold always: the journal replays to the same
//! state, the stage is that of the facts, nothing recorded is lost, and whoever owes the next step may take it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "escalation/case.rs"]
mod case;

#[path = "escalation/always.rs"]
mod always;
#[path = "escalation/contact.rs"]
mod contact;
#[path = "escalation/corrections.rs"]
mod corrections;
#[path = "escalation/customer.rs"]
mod customer;
#[path = "escalation/diagram.rs"]
mod diagram;
#[path = "escalation/directory.rs"]
mod directory;
#[path = "escalation/journal.rs"]
mod journal;
#[path = "docs/kept.rs"]
mod kept;
#[path = "escalation/leader.rs"]
mod leader;
#[path = "escalation/outcome.rs"]
mod outcome;
#[path = "escalation/overdue.rs"]
mod overdue;
#[path = "escalation/pages.rs"]
mod pages;
#[path = "escalation/paths.rs"]
mod paths;
#[path = "escalation/refused.rs"]
mod refused;
#[path = "escalation/rounds.rs"]
mod rounds;
#[path = "escalation/versions.rs"]
mod versions;
