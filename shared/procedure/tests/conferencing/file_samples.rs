//! Files that cases are handed over with.

pub(crate) use super::case::two_visits;
use super::case::{NO_ANSWER, file_of};
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::handover::{File, Happened};
use holdfast_procedure::protection::Version;
use holdfast_procedure::visiting::{Channel, ContactBy};
use holdfast_procedure::{NoteIn, Role};

/// The file as it is handed over in this benefit.
pub(crate) fn in_benefit(mut file: File, benefit: Benefit) -> File {
    file.award.benefit = benefit;
    (file.lead, file.referral.by.role, file.note_in) = match benefit {
        Benefit::Pip => (Role::CesTeam, Role::Referrer, None),
        Benefit::Esa => (Role::Heo, Role::Referrer, None),
        Benefit::UniversalCredit => (Role::TeamLeader, Role::Referrer, None),
        Benefit::AccessToWork => (Role::Ceast, Role::AtwSpoc, Some(NoteIn::Both)),
    };
    file
}

/// An ESA case after two visits.
pub(crate) fn esa() -> File {
    in_benefit(two_visits(), Benefit::Esa)
}

/// A Universal Credit case after two visits.
pub(crate) fn universal_credit() -> File {
    in_benefit(two_visits(), Benefit::UniversalCredit)
}

/// An Access to Work case after two visits, noted in both systems.
pub(crate) fn access_to_work() -> File {
    in_benefit(two_visits(), Benefit::AccessToWork)
}

/// Files of every benefit after two visits.
pub(crate) const EVERY_BENEFIT: [fn() -> File; 4] = [two_visits, esa, universal_credit, access_to_work];

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

/// The case as it is handed over anew, with two visits of its own, after it was taken back. The hold has not come back
/// to the sender, which tells of it as before.
pub(crate) fn anew() -> File {
    let mut file = file_of(&[(1, NO_ANSWER, "2026-06-01 10:00", true), (3, NO_ANSWER, "2026-06-09 11:00", true)]);
    file.times_taken_back = 1;
    file
}

/// The case as it is handed over anew in this benefit.
pub(crate) fn anew_in(benefit: Benefit) -> fn() -> File {
    match benefit {
        Benefit::Pip => anew,
        Benefit::Esa => || in_benefit(anew(), Benefit::Esa),
        Benefit::UniversalCredit => || in_benefit(anew(), Benefit::UniversalCredit),
        Benefit::AccessToWork => || in_benefit(anew(), Benefit::AccessToWork),
    }
}
