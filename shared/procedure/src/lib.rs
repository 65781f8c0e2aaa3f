//! The guidance as pure functions and data.
//!
//! Nothing here knows a database, a network, a clock or chance: given the facts recorded so far, a command and the
//! [`Context`] it arrives in, a decider says what follows or why not. What differs between benefits is data in
//! [`benefit`]; what the texts require is data in [`rule`]; the deciders are written once.
//!
//! ```text
//!   State ──┐
//! Command ──┼─► decide ──► events ──► evolve ──► State' ──► tasks, timers
//! Context ──┘        └──► Refusal
//! ```

pub mod actor;
pub mod benefit;
pub mod calendar;
pub mod calendar_import;
pub mod case;
pub mod conferencing;
pub mod customer;
pub mod decider;
pub mod desk;
pub mod directory;
mod draft;
pub mod escalation;
pub mod exception;
pub mod facts;
pub mod guidance;
pub mod handover;
pub mod protection;
pub mod rule;
pub mod sanction;
pub mod task;
pub mod term;
pub mod visiting;

pub use actor::{Actor, Role, Workload};
pub use benefit::Benefit;
pub use case::{Award, Late, NarrativeRef, NoteIn, Place};
pub use decider::{Context, Decider, Decision, Fault, Recorded, Refusal, Ruled, Told};
pub use rule::Rule;
pub use task::{Cover, Deadline, Task, Timer};
