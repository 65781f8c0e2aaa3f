//! Files that cases are handed over with.

pub(crate) use super::case::two_visits;
use super::case::{NO_ANSWER, file_of};
use holdfast_procedure::handover::{File, Happened};
use holdfast_procedure::protection::Version;
use holdfast_procedure::visiting::{Channel, ContactBy};

/// One visit was made before the area was found unsafe.
pub(crate) fn one_call() -> File {
    file_of(&[(1, NO_ANSWER, "2026-06-01 10:00", true), (2, Happened::UnsafeArea, "2026-06-03 10:00", true)])
}

/// The customer rang after the handover.
pub(crate) fn with_contact() -> File {
    let rang = Happened::Contact { channel: Channel::Telephone, by: ContactBy::Customer };
    let mut file = two_visits();
    file.entries.extend(file_of(&[(3, rang, "2026-06-10 00:30", true)]).entries);
    file.entries[2].counts = false;
    file
}

/// The sender had to write its hold again, and came to the version that the receiver had come to.
pub(crate) fn placed_at_ours() -> File {
    let mut file = two_visits();
    file.holds[0].version = Version(2);
    file
}

/// The sender had to write its hold again, above what the ledger knew.
pub(crate) fn placed_again() -> File {
    let mut file = two_visits();
    file.holds[0].version = Version(5);
    file
}
