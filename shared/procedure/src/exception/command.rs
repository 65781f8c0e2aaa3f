//! What can be asked for or decided.

use super::event::Request;
use crate::{NarrativeRef, customer, desk};

/// What can be asked about an exception, or decided about it.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Somebody asks for an exception.
    Request {
        /// What they ask for.
        request: Request,
        /// Why.
        reason: NarrativeRef,
    },
    /// A second person approves it.
    Approve {
        /// Why.
        reason: NarrativeRef,
    },
    /// A second person declines it, or the one who asked for it withdraws it.
    Decline {
        /// Why.
        reason: NarrativeRef,
    },
    /// Its approval is taken back.
    Revoke {
        /// Why.
        reason: NarrativeRef,
    },
    /// Something became known of the customer.
    Customer(customer::Command),
    /// Something is said about a task.
    Desk(desk::Command),
}
