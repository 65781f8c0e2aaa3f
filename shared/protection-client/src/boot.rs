//! The clock by which answers grow old.

use std::time::Duration;

/// An instant of this machine's boot-time clock. It is never set, goes on while the machine is suspended (as the
/// standard library's does not), and means nothing on another machine or after a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BootTime(Duration);

impl BootTime {
    /// The present instant.
    #[must_use]
    pub fn now() -> Self {
        let up = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let (seconds, nanos) = (u64::try_from(up.tv_sec), u32::try_from(up.tv_nsec));
        Self(Duration::new(seconds.unwrap_or_default(), nanos.unwrap_or_default()))
    }

    /// The instant this long after the machine began.
    #[must_use]
    pub const fn since_boot(up: Duration) -> Self {
        Self(up)
    }

    /// What has passed since `earlier`; `None` where that lies ahead, which says that one of the two is wrong.
    #[must_use]
    pub fn since(self, earlier: Self) -> Option<Duration> {
        self.0.checked_sub(earlier.0)
    }

    /// The instant this much later; the end of time where there is none.
    pub(crate) fn later(self, by: Duration) -> Self {
        Self(self.0.saturating_add(by))
    }
}
