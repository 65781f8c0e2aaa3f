//! How a Holdfast process runs, the same for every service: configuration before any port is bound, telemetry, the
//! gate that every call passes, one place that makes a status, health and reflection, and a bounded drain.
//!
//! ```text
//!  request ─► gate: span, method policy, person, workload, room, deadline ─► handler ─► Failure ─► status
//! ```

pub mod access;
pub mod clock;
pub mod config;
pub mod field;
pub mod gate;
pub mod identity;
pub mod issuer;
pub mod page;
pub mod peers;
pub mod serve;
pub mod status;
pub mod telemetry;

pub use access::{Caller, Policies, Policy};
pub use clock::Clock;
pub use field::Fields;
pub use peers::Peers;
pub use status::{Failure, Violation};
