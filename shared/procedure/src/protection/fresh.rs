//! Freshness: up to which instant every source has proved that its holds are delivered.

use super::{Hold, Holds};
use crate::Workload;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// An instant of one process's own boot-time clock, in milliseconds. It counts through suspension, is never set, means
/// nothing to another process, and is never written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticks(u64);

/// A length of time, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(u64);

/// How old a proof may be: 5 seconds. What was committed longer ago than that is never overlooked.
pub const BOUND: Span = Span(5_000);

/// How many undelivered holds a source may list. Beyond that it has no proof to give.
pub const MOST_UNDELIVERED: usize = 10_000;

impl Ticks {
    /// This many milliseconds of boot time.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// How long ago an instant was; `None` where it has not come yet, which no proof of this process can have.
    #[must_use]
    pub fn since(self, earlier: Self) -> Option<Span> {
        self.0.checked_sub(earlier.0).map(Span)
    }
}

impl Span {
    /// This many milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// In milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// What is left of it after another; `None` where that is nothing.
    #[must_use]
    pub fn less(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).filter(|left| *left > 0).map(Self)
    }
}

/// Which database somebody speaks from. The timeline is that of the write-ahead log file being written: the control
/// file still names the old one for a while after a promotion.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DatabaseIdentity {
    /// The system identifier that the database was created with.
    pub system: u64,
    /// The timeline; each promotion and each restore to a point in time begins another.
    pub timeline: u32,
}

/// What a source answers when asked what is undelivered: read in one statement on its primary.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The name it gives itself.
    pub source: Workload,
    /// Its database.
    pub identity: DatabaseIdentity,
    /// The holds of every `PlaceHold` that was not acknowledged, parked ones included; `None`: too many to list.
    pub undelivered: Option<Vec<Hold>>,
}

/// Proof that all a source had committed before an instant was delivered, but for what it lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// The source.
    pub source: Workload,
    /// When it was asked, by the asker's own clock, noted before asking. It counts from here; when the answer came, and
    /// what clock the source has, is of no account.
    pub asked_at: Ticks,
    /// The source's database.
    pub identity: DatabaseIdentity,
    /// What is undelivered. It protects as if it were in the ledger.
    pub undelivered: Holds,
}

/// An answer that proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoProof {
    /// Another source answered.
    AnotherSource,
    /// More is undelivered than can be listed.
    TooManyUndelivered,
}

impl Proof {
    /// What an answer proves, to a question put to `source` at `asked_at`.
    ///
    /// # Errors
    /// Where it proves nothing.
    pub fn of(source: Workload, asked_at: Ticks, statement: Statement) -> Result<Self, NoProof> {
        if statement.source != source {
            return Err(NoProof::AnotherSource);
        }
        let listed = statement.undelivered.filter(|listed| listed.len() <= MOST_UNDELIVERED);
        let undelivered = listed.ok_or(NoProof::TooManyUndelivered)?.into_iter().collect();
        Ok(Self { source, asked_at, identity: statement.identity, undelivered })
    }
}

/// The latest proof of each source. It lives in memory, so that a process begins without any.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Proofs(BTreeMap<Workload, Arc<Proof>>);

impl Proofs {
    /// Takes a proof in, its list and its instant together, in the place of what its source proved before; says whether
    /// it did. An answer to an older question is dropped.
    pub fn take_in(&mut self, proof: Proof) -> bool {
        let is_newer = self.get(proof.source).is_none_or(|held| held.asked_at < proof.asked_at);
        if is_newer {
            self.0.insert(proof.source, Arc::new(proof));
        }
        is_newer
    }

    /// A source's latest proof.
    #[must_use]
    pub fn get(&self, source: Workload) -> Option<&Proof> {
        self.0.get(&source).map(Arc::as_ref)
    }

    /// Every source's latest proof.
    pub fn iter(&self) -> impl Iterator<Item = &Proof> {
        self.0.values().map(Arc::as_ref)
    }

    /// What the sources have not delivered. A proof of a source that is not required can only prohibit.
    #[must_use]
    pub fn undelivered(&self) -> Vec<(Workload, &Holds)> {
        self.iter().map(|proof| (proof.source, &proof.undelivered)).collect()
    }
}

/// The sources that must have proved what they delivered, and how old a proof may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    required: BTreeSet<Workload>,
    bound: Span,
}

impl Sources {
    /// These sources, named in code; configuration only says where they are.
    #[must_use]
    pub fn named(required: &[Workload]) -> Self {
        Self { required: required.iter().copied().collect(), bound: BOUND }
    }

    /// The same with another bound, for tests and the model.
    #[must_use]
    pub fn within(self, bound: Span) -> Self {
        Self { bound, ..self }
    }

    /// The same and those that the ledger's database has on record, so that a process of an older build waits for a
    /// source that a newer one brought.
    #[must_use]
    pub fn and(&self, on_record: impl IntoIterator<Item = Workload>) -> Self {
        Self { required: self.required.iter().copied().chain(on_record).collect(), bound: self.bound }
    }

    /// The sources, in their order.
    pub fn iter(&self) -> impl Iterator<Item = Workload> {
        self.required.iter().copied()
    }

    /// How old a proof may be.
    #[must_use]
    pub fn bound(&self) -> Span {
        self.bound
    }
}

/// Whether every required source is fresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Freshness {
    /// Every one is.
    Fresh {
        /// When the stalest proof was asked for.
        oldest: Ticks,
        /// For how long they all stay fresh from now on; never nothing.
        left: Span,
    },
    /// At least one is not.
    NotFresh {
        /// Those that have proved nothing yet.
        missing: Vec<Workload>,
        /// Those whose proof is too old.
        stale: Vec<Workload>,
    },
    /// None is required, so nothing is proved.
    NoSources,
}

/// Whether every required source is fresh now. A proof lasts for less than the bound from when it was asked for: once
/// it is as old as that there is no time left to act in.
#[must_use]
pub fn freshness(proofs: &Proofs, required: &Sources, now: Ticks) -> Freshness {
    let (mut missing, mut stale, mut oldest) = (Vec::new(), Vec::new(), None);
    for source in required.iter() {
        let Some(proof) = proofs.get(source) else {
            missing.push(source);
            continue;
        };
        match now.since(proof.asked_at).and_then(|age| required.bound.less(age)) {
            Some(left) => oldest = [oldest, Some((proof.asked_at, left))].into_iter().flatten().min(),
            None => stale.push(source),
        }
    }
    match oldest {
        Some((oldest, left)) if missing.is_empty() && stale.is_empty() => Freshness::Fresh { oldest, left },
        None if missing.is_empty() && stale.is_empty() => Freshness::NoSources,
        Some(_) | None => Freshness::NotFresh { missing, stale },
    }
}
