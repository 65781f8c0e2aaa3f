//! The answer: prohibited, or permitted for a few seconds.
//!
//! Answers are given from a copy of the ledger in memory, verified once for all requests that wait. A verification
//! serves only requests that had arrived before it was sent, with the proofs held before it was sent: a proof that comes
//! in later may speak of holds that the ledger was given after it was read.
//!
//! A server goes round like this, for a batch of questions at a time:
//!
//! 1. [`Verification::send`] with the last request to have arrived and the proofs as they are.
//! 2. [`Verification::draft`] with its copy: what each question meets, worked out once, and whether anything may be
//!    permitted at all. The draft keeps all that it went by, so the copy may be changed from here on.
//! 3. One statement on the ledger's primary. It reads the revision and the ledger's identity, and journals what
//!    [`Draft::to_journal`] names, provided that it finds [`Draft::revision`]. Nothing else can come to be permitted.
//! 4. [`Draft::returned`] with what was read and the time by then. The revision has to be that of the draft, or else the
//!    copy is read again and everything begins again with a new verification; and freshness and identities have to hold
//!    now, or else everything is prohibited, though the journal then says more than was permitted.
//! 5. Where the statement failed, [`Draft::not_returned`].
//!
//! Whoever has a copy that nobody can change, as in the transaction of a confirmation, uses [`Verification::returned`]
//! and [`answer`] for one question. Both ways go through the same few functions.

use super::{
    Advisory, DatabaseIdentity, Drafted, Holds, OnRecord, Prohibition, Proofs, Question, Sources, Span, Ticks, Trusted,
    Unrecognised,
};
use crate::{Rule, Workload};
use std::collections::BTreeMap;

/// Which state of the ledger: changed in the transaction of every change. A ledger restored to an earlier state counts
/// up to the same numbers again; the chance that it draws the same id is nil.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Revision {
    /// One more with each change.
    pub counter: u64,
    /// Drawn anew with each change.
    pub id: u128,
}

/// A copy of the ledger as it was at one revision.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The revision.
    pub revision: Revision,
    /// Every hold.
    pub holds: Holds,
    /// Every source on record, and what was compared with it.
    pub on_record: BTreeMap<Workload, OnRecord>,
}

/// What a verification reads from the ledger's primary, in one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRead {
    /// The revision.
    pub revision: Revision,
    /// The ledger's own database, as it names itself now.
    pub identity: DatabaseIdentity,
}

/// A request's place in the order in which requests reached this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arrival(pub u64);

/// A verification on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Verification {
    pub(super) last: Arrival,
    pub(super) proofs: Proofs,
}

/// A copy of the ledger that was current at some instant after every request it serves had arrived, with the proofs that
/// go with it.
#[derive(Debug, Clone)]
pub struct Verified<'a> {
    sent: Verification,
    kept: &'a Kept,
    identity: DatabaseIdentity,
}

/// The copy is out of date: read the ledger, and verify again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reload;

impl Verification {
    /// One about to be sent, when `last` was the last request to arrive and these were the proofs.
    #[must_use]
    pub fn send(last: Arrival, proofs: &Proofs) -> Self {
        Self { last, proofs: proofs.clone() }
    }

    /// What came of it.
    ///
    /// # Errors
    /// Where the copy is not what the ledger is.
    pub fn returned(self, read: LedgerRead, kept: &Kept) -> Result<Verified<'_>, Reload> {
        let LedgerRead { revision, identity } = read;
        (revision == kept.revision).then_some(Verified { sent: self, kept, identity }).ok_or(Reload)
    }
}

/// Why an action is prohibited.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// Parts of the question were missing or not recognised.
    NotRecognised(Unrecognised),
    /// The ledger could not be verified since the request arrived.
    NotVerified,
    /// No source is required, so nothing is proved.
    NoSources,
    /// A source has proved nothing since this process began.
    Missing(Workload),
    /// A source's proof is too old.
    Stale(Workload),
    /// A source's database or the ledger's is another than those that were last compared.
    NotReconciled(Workload),
    /// The award is held.
    Held(Prohibition),
    /// The question states a known condition, and the ledger does not know that a Core Visit was considered: the rules
    /// behind it.
    ConditionStated(Vec<&'static Rule>),
}

/// That an action is prohibited.
#[derive(Debug, Clone, PartialEq)]
pub struct Prohibited {
    /// Every reason; never empty.
    pub reasons: Vec<Reason>,
    /// What is told beside it.
    pub advisories: Vec<Advisory>,
}

/// That an action is permitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Permitted {
    /// For how long, counted by the caller from before it asked; never nothing, and at most the bound less the age of
    /// the stalest proof.
    pub valid_for: Span,
    /// What is told beside it.
    pub advisories: Vec<Advisory>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It must not be done.
    Prohibited(Prohibited),
    /// It may be done now.
    Permitted(Permitted),
}

/// The answer to what was asked at `arrived`, given now. `verified` is `None` where the ledger did not answer.
#[must_use]
pub fn answer(
    asked: &Result<Question, Unrecognised>,
    arrived: Arrival,
    verified: Option<&Verified<'_>>,
    sources: &Sources,
    now: Ticks,
) -> Answer {
    let Some(verified) = verified else { return Drafted::unverified(asked).finish(&Trusted::default()) };
    let Verified { sent, kept, identity } = verified;
    let trusted = Trusted::of(&sent.proofs, &kept.required(sources), &kept.on_record, Some(identity), now);
    Drafted::of(asked, arrived, sent, &kept.holds, &sent.proofs.undelivered()).finish(&trusted)
}

impl Kept {
    /// The sources that have to prove what they delivered: those named and those on record.
    pub(super) fn required(&self, named: &Sources) -> Sources {
        named.and(self.on_record.keys().copied())
    }
}

impl Verified<'_> {
    /// Whether a source's database, as it names itself, and the ledger's are those that were last compared.
    pub(super) fn is_reconciled_with(&self, source: Workload, identity: &DatabaseIdentity) -> bool {
        self.kept.on_record.get(&source).is_some_and(|on_record| on_record.is_of(identity, &self.identity))
    }

    /// The ledger's holds.
    pub(super) fn holds(&self) -> &Holds {
        &self.kept.holds
    }

    /// What the sources had not delivered.
    pub(super) fn undelivered(&self) -> Vec<(Workload, &Holds)> {
        self.sent.proofs.undelivered()
    }

    /// The sources that have to be asked, in their order.
    pub(super) fn required(&self, named: &Sources) -> Sources {
        self.kept.required(named)
    }
}
