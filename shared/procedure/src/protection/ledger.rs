//! The ledger of holds: what it takes in, what it refuses, and what a sender does about a refusal.
//!
//! A hold's versions are one line, whoever writes them, so what is known is always the highest that arrived. Outboxes of
//! different services are not ordered against each other: a receiver's place may come before its sender's, and the
//! sender's is then known already. A release is told from its place by being exactly one version on, by the holder.

use super::{DatabaseIdentity, Hold, Version};
use crate::Workload;

/// A change of a hold on its way to the ledger: `PlaceHold` where the hold stands, `ReleaseHold` where it does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The hold as it is after the change.
    pub hold: Hold,
    /// The service that sends it, as its identity was proved.
    pub from: Workload,
    /// The database it was sent from. It is read when the call goes out, by the statement that claims it, not when the
    /// call is written: a call that survives a promotion goes out under the new identity, one that was lost with the
    /// old primary's tail and is still on the wire bears the old.
    pub sent_from: DatabaseIdentity,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// The ledger knows it from now on. A hold that stands may meet a permit: see [`recalls`](super::recalls).
    Applied,
    /// The ledger knows this or better: acknowledged.
    AlreadyKnown,
    /// Not taken in and not acknowledged; [`settle`] says what the sender does.
    Refused(Refused),
}

/// Why a change was not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// A place, and the ledger knows the hold as released at this version or above: either a late copy, or one of the
    /// two has lost something.
    BehindRelease {
        /// The version that the ledger knows.
        known: Version,
        /// Who made it.
        holder: Workload,
    },
    /// A release, and the ledger knows another change at this version or above.
    Overtaken {
        /// The version that the ledger knows.
        known: Version,
        /// Who made it.
        holder: Workload,
    },
    /// A release that is not exactly one version on: what it releases has not arrived.
    Gap {
        /// The version that the ledger knows, if any.
        known: Option<Version>,
    },
    /// Only the holder changes a hold, and a sender never releases what it handed over.
    NotHolder {
        /// Who holds it, as far as the ledger knows.
        holder: Workload,
    },
    /// A release sent from a database that the ledger is not reconciled with.
    NotReconciled,
}

impl Refused {
    /// Whether the call itself is at fault, so that the case is parked when it keeps being refused. What is not waits
    /// and is tried again for as long as it takes.
    #[must_use]
    pub fn is_this_calls_fault(&self) -> bool {
        match self {
            Self::BehindRelease { .. } | Self::Overtaken { .. } | Self::Gap { .. } | Self::NotHolder { .. } => true,
            Self::NotReconciled => false,
        }
    }
}

impl Change {
    /// What becomes of it where the ledger knows `known` under its key. `reconciled` is the database of the sender that
    /// the ledger is reconciled with, `None` where that is owed.
    #[must_use]
    pub fn judge(&self, known: Option<&Hold>, reconciled: Option<&DatabaseIdentity>) -> Applied {
        if self.hold.holder != self.from {
            return Applied::Refused(Refused::NotHolder { holder: self.hold.holder });
        }
        if self.hold.state.protects() { self.judge_place(known) } else { self.judge_release(known, reconciled) }
    }

    /// A place is taken in from whoever holds by then, whatever it skips: it can only protect.
    fn judge_place(&self, known: Option<&Hold>) -> Applied {
        match known {
            Some(known) if known.version >= self.hold.version && known.state.protects() => Applied::AlreadyKnown,
            Some(known) if known.version >= self.hold.version => {
                Applied::Refused(Refused::BehindRelease { known: known.version, holder: known.holder })
            }
            Some(_) | None => Applied::Applied,
        }
    }

    /// A release has to fit exactly.
    fn judge_release(&self, known: Option<&Hold>, reconciled: Option<&DatabaseIdentity>) -> Applied {
        let Some(known) = known else { return Applied::Refused(Refused::Gap { known: None }) };
        let version = known.version;
        if version == self.hold.version && known.holder == self.from && !known.state.protects() {
            return Applied::AlreadyKnown;
        }
        let refused = if version >= self.hold.version {
            Refused::Overtaken { known: version, holder: known.holder }
        } else if version.next() != self.hold.version || !known.state.protects() {
            Refused::Gap { known: Some(version) }
        } else if known.holder != self.from {
            Refused::NotHolder { holder: known.holder }
        } else if reconciled != Some(&self.sent_from) {
            Refused::NotReconciled
        } else {
            return Applied::Applied;
        };
        Applied::Refused(refused)
    }
}

/// What a sender does about a refused change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settle {
    /// The call is out of date: its hold has changed since, and what changed it has a call of its own, or its receiver
    /// speaks for it. It counts as delivered.
    OutOfDate,
    /// The ledger is ahead: somebody has lost something. The hold is written again as it is, above this version, in the
    /// place of the refused call; a handover that waits behind it goes out with the new version.
    RaiseAbove(Version),
    /// Try again; in the meantime the call stands undelivered.
    TryAgain,
}

/// What a sender does about the refusal of `change`, given the hold as it has it now.
#[must_use]
pub fn settle(own: &Hold, change: &Change, refused: &Refused) -> Settle {
    let (known, holder) = match refused {
        Refused::BehindRelease { known, holder } | Refused::Overtaken { known, holder } => (*known, *holder),
        Refused::Gap { .. } | Refused::NotHolder { .. } | Refused::NotReconciled => return Settle::TryAgain,
    };
    // Handed over: the receiver has spoken, or else it is still this call that has to protect.
    let receiver_spoke = own.holder != change.from && holder != change.from;
    if own.version > change.hold.version || receiver_spoke { Settle::OutOfDate } else { Settle::RaiseAbove(known) }
}
