//! What one service owes another arrives: in the order of the case, again after whatever went wrong, once to the
//! receiver's mind, and loudly where it cannot. On a real Postgres, with a clock that the tests move and couriers that
//! fail as they are told.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "relay/support.rs"]
mod support;

#[path = "relay/delivery.rs"]
mod delivery;
#[path = "relay/failures.rs"]
mod failures;
#[path = "relay/order.rs"]
mod order;
#[path = "relay/peers.rs"]
mod peers;
#[path = "relay/replicas.rs"]
mod replicas;
#[path = "relay/restored.rs"]
mod restored;
