//! What a configuration of the model lets happen, and the mistakes that can be seeded.

use crate::state::{Mishaps, Tick};

/// A mistake that a search has to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutant {
    /// None: what is shipped.
    None,
    StampedAtReceipt,
    Heartbeat,
    Cursor,
    ReleaseWithoutVersion,
    MissingMeansFresh,
    ReleaseBeforeNextHold,
    ProofSwappedIn,
    DraftOfAnotherCopy,
    NumericRevision,
    ControlFile,
    AnswersForAnother,
    ParkedNotListed,
    SourceBeforeLedger,
    IdentityIgnored,
    OldDatabaseReleases,
    StreamFromBeforeRestore,
    AskedBeforeOwed,
    LedgerOnlyConfirms,
    NoRecall,
    PlaceBehindReleaseAcknowledged,
}

/// One configuration.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) name: &'static str,
    pub(crate) mutant: Mutant,
    /// How many sources there are.
    pub(crate) sources: u8,
    /// How many replicas the ledger has.
    pub(crate) replicas: u8,
    /// The last instant.
    pub(crate) until: Tick,
    /// How old a proof may be, in ticks.
    pub(crate) bound: u64,
    /// The case of each hold; as many as there are holds.
    pub(crate) cases: &'static [u8],
    /// Where each hold may be placed: the source.
    pub(crate) opened_at: &'static [u8],
    /// Handovers, from and to.
    pub(crate) handovers: &'static [(u8, u8)],
    /// The highest version at which a hold may still be placed, handed over or released.
    pub(crate) versions: u8,
    /// A hold of the case may take another's place.
    pub(crate) advances: bool,
    /// Sequence numbers are drawn before they are committed.
    pub(crate) slow: bool,
    /// Answers that may be on their way from one source to one replica.
    pub(crate) outstanding: usize,
    /// Requests, verifications and copies are steps of their own.
    pub(crate) verifies: bool,
    /// A copy may be brought up to date while a verification is on its way.
    pub(crate) copies_anew: bool,
    pub(crate) confirms: bool,
    /// The last source comes with a deployment.
    pub(crate) deploys: bool,
    /// No source has been compared yet.
    pub(crate) begins_owed: bool,
    /// A restored ledger keeps its timeline, and the restore is declared.
    pub(crate) declared: bool,
    pub(crate) mishaps: Mishaps,
}

impl Config {
    /// Two sources, one replica, one hold: the least there is.
    pub(crate) fn least(name: &'static str) -> Self {
        Self {
            name,
            mutant: Mutant::None,
            sources: 2,
            replicas: 1,
            until: 3,
            bound: 2,
            cases: &[0],
            opened_at: &[0],
            handovers: &[(0, 1)],
            versions: 3,
            advances: false,
            slow: false,
            outstanding: 1,
            verifies: false,
            copies_anew: false,
            confirms: false,
            deploys: false,
            begins_owed: false,
            declared: false,
            mishaps: Mishaps::default(),
        }
    }

    pub(crate) fn with(self, mutant: Mutant) -> Self {
        Self { mutant, ..self }
    }

    pub(crate) fn same_case(&self, one: u8, other: u8) -> bool {
        self.cases[usize::from(one)] == self.cases[usize::from(other)]
    }

    /// The holds of a case.
    pub(crate) fn keys_of(&self, case: u8) -> impl Iterator<Item = u8> {
        (0..).zip(self.cases).filter(move |(_, of)| **of == case).map(|(key, _)| key)
    }

    /// How many cases there are.
    pub(crate) fn case_count(&self) -> u8 {
        self.cases.iter().max().map_or(0, |last| last + 1)
    }
}
