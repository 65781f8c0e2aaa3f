//! Whether the ledger holds everything that a source protects, after either of them may have lost something.

use super::{DatabaseIdentity, Hold, HoldKey, Holds, Version};
use crate::Workload;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the ledger has on record of a source, in its own database: so that a restored ledger finds a record of the one
/// it was restored from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnRecord {
    /// A comparison is owed. It becomes so when the source is first heard of, when the check finds another database on
    /// either side than was compared, and when a restore of the ledger is declared. From that transaction on nothing
    /// that the source releases is taken in, and only then is its stream asked for.
    Owed {
        /// Drawn in that transaction.
        id: u128,
    },
    /// The two were compared.
    Reconciled(Reconciled),
}

/// Which databases were compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciled {
    /// The source's.
    pub source: DatabaseIdentity,
    /// The ledger's own.
    pub ledger: DatabaseIdentity,
}

impl OnRecord {
    /// Whether these two databases were compared.
    #[must_use]
    pub fn is_of(&self, source: &DatabaseIdentity, ledger: &DatabaseIdentity) -> bool {
        self.source_under(ledger) == Some(source)
    }

    /// The source's database that was compared with this one of the ledger's: what a release has to be sent from to be
    /// taken in.
    #[must_use]
    pub fn source_under(&self, ledger: &DatabaseIdentity) -> Option<&DatabaseIdentity> {
        match self {
            Self::Owed { .. } => None,
            Self::Reconciled(compared) => (compared.ledger == *ledger).then_some(&compared.source),
        }
    }
}

/// A stream being asked for: what it has to be about when it has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// The source asked.
    pub source: Workload,
    /// The ledger's database as it asked. A stream asked for before a restore says nothing of what the restored ledger
    /// lacks.
    pub ledger: DatabaseIdentity,
    /// Since when the comparison was owed as it asked.
    pub owed: u128,
}

/// Every hold that a source ever placed and has not forgotten, as it is there now, read in one statement: standing ones,
/// released ones, and those handed over, with their receiver as the holder and the version they had.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// Who sent it.
    pub source: Workload,
    /// From which database.
    pub identity: DatabaseIdentity,
    /// The holds.
    pub holds: Vec<Hold>,
    /// It was sent to its end.
    pub complete: bool,
}

/// A stream that says nothing. The source stays unreconciled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamRefused {
    /// It came from another service than was asked.
    AnotherSource,
    /// It broke off.
    Incomplete,
    /// The ledger is another by now, or has begun again.
    LedgerChanged,
}

/// A hold that the source says protects, and that the ledger knows as released later: it cannot be told by the ledger
/// who is right, so it has to be written again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The hold.
    pub key: HoldKey,
    /// The version at the source.
    pub streamed: Version,
    /// The version that the ledger knows; the hold is written again above it.
    pub known: Version,
    /// Who has to write it again: the holder.
    pub ask: Workload,
}

/// A hold that stands in the ledger though its source knows it as released, or not at all. It goes on protecting; people
/// have to look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    /// The hold.
    pub key: HoldKey,
    /// The version that the ledger knows.
    pub known: Version,
}

/// What a stream brought about.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What the ledger did not know: it does now. Those that stand may meet permits.
    pub taken_in: Vec<Hold>,
    /// What keeps the source unreconciled.
    pub differences: Vec<Difference>,
    /// What is reported beside it.
    pub orphans: Vec<Orphan>,
    /// To be kept, in the same transaction as the holds, where nothing differs.
    pub reconciled: Option<Reconciled>,
}

/// Takes a source's stream in and compares. `ledger` and
/// `on_record` are the ledger's database and what it has of the source, as the transaction that does it reads them.
///
/// # Errors
/// Where the stream says nothing.
pub fn reconcile(
    holds: &mut Holds,
    asked: &Reconciliation,
    stream: &Stream,
    ledger: &DatabaseIdentity,
    on_record: &OnRecord,
) -> Result<Compared, StreamRefused> {
    if stream.source != asked.source {
        return Err(StreamRefused::AnotherSource);
    }
    if !stream.complete {
        return Err(StreamRefused::Incomplete);
    }
    if asked.ledger != *ledger || *on_record != (OnRecord::Owed { id: asked.owed }) {
        return Err(StreamRefused::LedgerChanged);
    }
    let mut outcome = Compared { taken_in: vec![], differences: vec![], orphans: vec![], reconciled: None };
    for hold in &stream.holds {
        take_in(holds, stream.source, hold, &mut outcome);
    }
    let streamed: BTreeSet<&HoldKey> = stream.holds.iter().map(|hold| &hold.key).collect();
    let its_own = holds.iter().filter(|known| known.holder == stream.source && known.state.protects());
    let unknown_there = its_own.filter(|known| !streamed.contains(&known.key));
    outcome.orphans.extend(unknown_there.map(|known| Orphan { key: known.key, known: known.version }));
    if outcome.differences.is_empty() {
        outcome.reconciled = Some(Reconciled { source: stream.identity.clone(), ledger: ledger.clone() });
    }
    Ok(outcome)
}

fn take_in(holds: &mut Holds, source: Workload, hold: &Hold, outcome: &mut Compared) {
    let Some(known) = holds.get(&hold.key) else { return put(holds, hold, outcome) };
    let (key, version) = (hold.key.clone(), known.version);
    // A holder's own word is the last, and so is a place that is further on. But a source that has lost the tail in
    // which it handed a case over still thinks it may release it.
    let is_holders = known.holder == source || hold.state.protects() || !known.state.protects();
    if hold.version > version && is_holders {
        return put(holds, hold, outcome);
    }
    // The holder's word that it handed the hold over; what the receiver says of it is further on.
    if hold.version == version && known.holder == source && hold.holder != source && known.state.protects() {
        return put(holds, hold, outcome);
    }
    // What was handed over may have been released since, by whoever took it over. A release by the one that streams it
    // as standing has been lost there.
    let released_by_receiver = hold.holder != source && known.holder != source;
    match (hold.state.protects(), known.state.protects()) {
        (true, false) if !released_by_receiver => {
            outcome.differences.push(Difference { key, streamed: hold.version, known: version, ask: hold.holder });
        }
        (false, true) => outcome.orphans.push(Orphan { key, known: version }),
        (true | false, true | false) => {}
    }
}

fn put(holds: &mut Holds, hold: &Hold, outcome: &mut Compared) {
    holds.put(hold);
    outcome.taken_in.push(hold.clone());
}
