//! Conferencing, from the handover to the informed decision: every step of the guidance, every gate, and what holds
//! whatever is recorded.
//!
//! After every command a [`case::Case`] checks by itself what has to hold always: the journal replays to the same
//! state, judging again adds nothing, nothing goes on before what has to come first, and no case comes to a dead end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "conferencing/case.rs"]
mod case;
#[path = "conferencing/step.rs"]
mod step;
#[path = "protection/told.rs"]
mod told;

#[path = "conferencing/access_to_work.rs"]
mod access_to_work;
#[path = "conferencing/always.rs"]
mod always;
#[path = "conferencing/conference.rs"]
mod conference;
#[path = "conferencing/corrections.rs"]
mod corrections;
#[path = "conferencing/customer.rs"]
mod customer;
#[path = "conferencing/dates.rs"]
mod dates;
#[path = "conferencing/decision.rs"]
mod decision;
#[path = "conferencing/determination.rs"]
mod determination;
#[path = "conferencing/diagram.rs"]
mod diagram;
#[path = "conferencing/documentation.rs"]
mod documentation;
#[path = "conferencing/file.rs"]
mod file;
#[path = "conferencing/file_samples.rs"]
mod file_samples;
#[path = "conferencing/journal.rs"]
mod journal;
#[path = "docs/kept.rs"]
mod kept;
#[path = "conferencing/later.rs"]
mod later;
#[path = "conferencing/lead.rs"]
mod lead;
#[path = "conferencing/note.rs"]
mod note;
#[path = "conferencing/protected.rs"]
mod protected;
#[path = "conferencing/reopened.rs"]
mod reopened;
#[path = "conferencing/sequences.rs"]
mod sequences;
#[path = "conferencing/taken_back.rs"]
mod taken_back;
#[path = "conferencing/tasks.rs"]
mod tasks;
#[path = "conferencing/together.rs"]
mod together;
#[path = "conferencing/versions.rs"]
mod versions;
