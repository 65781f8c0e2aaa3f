//! The civil clock, injected wherever an instant is needed.

use chrono::{DateTime, TimeDelta, Utc};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

/// The civil clock. In production facts are recorded at the database's instant and this clock serves what happens
/// before a database is asked (the expiry of tokens); in tests one movable clock serves both.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock, and the database's for facts.
    System,
    /// A clock that a test moves.
    Manual(ManualClock),
}

/// A clock that stands still until it is moved.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<Mutex<DateTime<Utc>>>);

impl ManualClock {
    /// A clock that shows `at`.
    #[must_use]
    pub fn at(at: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(at)))
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves it to `to`.
    pub fn set(&self, to: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }

    /// Moves it on by `by`.
    pub fn advance(&self, by: TimeDelta) {
        self.set(self.now() + by);
    }
}

impl Clock {
    /// The present instant on this machine.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => SystemTime::now().into(),
            Self::Manual(clock) => clock.now(),
        }
    }

    /// How long this machine has been up, in milliseconds, suspension included. It is never set and means nothing to
    /// another process: ages, leases and deadlines are counted by it. A clock that a test moves stands in for it.
    #[must_use]
    pub fn boot_millis(&self) -> u64 {
        let (seconds, nanos) = match self {
            Self::System => {
                let up = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
                (up.tv_sec, up.tv_nsec)
            }
            Self::Manual(clock) => (clock.now().timestamp(), clock.now().timestamp_subsec_nanos().into()),
        };
        let millis = seconds.saturating_mul(1_000).saturating_add(nanos / 1_000_000);
        u64::try_from(millis).unwrap_or_default()
    }

    /// The instant that takes the place of the database's, where a test sets one.
    #[must_use]
    pub fn instead_of_database(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::System => None,
            Self::Manual(clock) => Some(clock.now()),
        }
    }
}
