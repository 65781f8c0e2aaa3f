//! What a search has met, so that none of it holds for want of trying.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// What a search has to have met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Permitted,
    Missing,
    Stale,
    NotReconciled,
    Held,
    HeldUndelivered,
    NotVerified,
    Reloaded,
    OldAnswerDropped,
    WrongSourceDropped,
    BehindRelease,
    Overtaken,
    Gap,
    NotHolder,
    ReleaseNotReconciled,
    AlreadyKnown,
    OutOfDate,
    Raised,
    Difference,
    Orphan,
    StreamRefused,
    Confirmed,
    HeldAtSource,
    Moved,
    Recalled,
    NotAtSource,
}

impl Event {
    /// Every one.
    pub(crate) const ALL: [Self; 26] = [
        Self::Permitted,
        Self::Missing,
        Self::Stale,
        Self::NotReconciled,
        Self::Held,
        Self::HeldUndelivered,
        Self::NotVerified,
        Self::Reloaded,
        Self::OldAnswerDropped,
        Self::WrongSourceDropped,
        Self::BehindRelease,
        Self::Overtaken,
        Self::Gap,
        Self::NotHolder,
        Self::ReleaseNotReconciled,
        Self::AlreadyKnown,
        Self::OutOfDate,
        Self::Raised,
        Self::Difference,
        Self::Orphan,
        Self::StreamRefused,
        Self::Confirmed,
        Self::HeldAtSource,
        Self::Moved,
        Self::Recalled,
        Self::NotAtSource,
    ];
}

/// What was met so far, by any thread.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen(Arc<AtomicU32>);

impl Seen {
    pub(crate) fn saw(&self, event: Event) {
        let bit = 1 << event as u32;
        if self.0.load(Ordering::Relaxed) & bit == 0 {
            self.0.fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// Everything met, in order.
    pub(crate) fn all(&self) -> Vec<Event> {
        let bits = self.0.load(Ordering::Relaxed);
        Event::ALL.into_iter().filter(|event| bits & (1 << *event as u32) != 0).collect()
    }
}
