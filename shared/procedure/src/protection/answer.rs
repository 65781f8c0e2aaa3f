//! The answer: prohibited, or permitted for a few seconds.
//!
//! Answers are given from a copy of the ledger in memory, verified once for all requests that wait. A verification
//! serves only requests that had arrived before it was sent, with the proofs held before it was sent: a proof that comes
//! in later may speak of holds that the ledger was given after it was read.

use super::{
    Advisory, DatabaseIdentity, Freshness, Holds, Matched, OnRecord, Prohibition, Proofs, Question, Sources, Span,
    Ticks, Unrecognised, freshness, match_holds,
};
use crate::Workload;
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
    last: Arrival,
    proofs: Proofs,
}

/// A copy of the ledger that was current at some instant after every request it serves had arrived, with the proofs that
/// go with it.
#[derive(Debug, Clone)]
pub struct Verified<'a> {
    last: Arrival,
    proofs: Proofs,
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
        let Self { last, proofs } = self;
        let LedgerRead { revision, identity } = read;
        (revision == kept.revision).then_some(Verified { last, proofs, kept, identity }).ok_or(Reload)
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
    let question = match asked {
        Ok(question) => question,
        Err(unrecognised) => return prohibited(vec![Reason::NotRecognised(unrecognised.clone())]),
    };
    let Some(verified) = verified.filter(|verified| arrived <= verified.last) else {
        return prohibited(vec![Reason::NotVerified]);
    };
    let Matched { prohibited_by, advisories } = verified.matched(question);
    let (mut reasons, left) = verified.trusted(sources, now);
    reasons.extend(prohibited_by.into_iter().map(Reason::Held));
    match left {
        Some(valid_for) if reasons.is_empty() => Answer::Permitted(Permitted { valid_for, advisories }),
        Some(_) | None => Answer::Prohibited(Prohibited { reasons, advisories }),
    }
}

fn prohibited(reasons: Vec<Reason>) -> Answer {
    Answer::Prohibited(Prohibited { reasons, advisories: Vec::new() })
}

impl Verified<'_> {
    /// What a question meets, undelivered holds included. A proof of a source that is not required can only prohibit.
    fn matched(&self, question: &Question) -> Matched {
        let undelivered: Vec<_> = self.proofs.iter().map(|proof| (proof.source, &proof.undelivered)).collect();
        match_holds(question, &self.kept.holds, &undelivered)
    }

    /// Why nothing may be permitted now whatever is asked, or else for how long something may. There is a reason
    /// wherever there is no time left.
    fn trusted(&self, named: &Sources, now: Ticks) -> (Vec<Reason>, Option<Span>) {
        let required = named.and(self.kept.on_record.keys().copied());
        let (mut reasons, left) = match freshness(&self.proofs, &required, now) {
            Freshness::Fresh { oldest: _, left } => (Vec::new(), Some(left)),
            Freshness::NotFresh { missing, stale } => {
                let missing = missing.into_iter().map(Reason::Missing);
                (missing.chain(stale.into_iter().map(Reason::Stale)).collect(), None)
            }
            Freshness::NoSources => (vec![Reason::NoSources], None),
        };
        // A source without a proof is missing already.
        let proved = required.iter().filter_map(|source| self.proofs.get(source));
        let differs = proved.filter(|proof| !self.is_reconciled_with(proof.source, &proof.identity));
        reasons.extend(differs.map(|proof| Reason::NotReconciled(proof.source)));
        (reasons, left)
    }

    /// Whether a source's database, as it names itself, and the ledger's are those that were last compared.
    pub(super) fn is_reconciled_with(&self, source: Workload, identity: &DatabaseIdentity) -> bool {
        self.kept.on_record.get(&source).is_some_and(|on_record| on_record.is_of(identity, &self.identity))
    }

    /// The sources that have to be asked, in their order.
    pub(super) fn required(&self, named: &Sources) -> Sources {
        named.and(self.kept.on_record.keys().copied())
    }
}
