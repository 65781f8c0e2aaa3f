//! What tasks say, in words.

use crate::handover::Happened;
use chrono::NaiveDate;

/// How the prescribed note begins. Where fewer than two visits were made it names only the days on which somebody
/// called, and says why the case is treated as two.
pub(super) fn opening(days: &[NaiveDate]) -> String {
    let told: Vec<_> = days.iter().map(|day| day.format("%-d %B %Y").to_string()).collect();
    match told.as_slice() {
        [first, .., last] => format!("Following two ineffective visits on {first} and {last}"),
        [] => {
            "As DWP Visiting deems the area unsafe, which is treated as two ineffective visits although nobody called"
                .to_owned()
        }
        [called] => format!(
            "Following an ineffective visit on {called}, and as DWP Visiting deems the area unsafe, which is treated \
             as two ineffective visits"
        ),
    }
}

/// Something in the file, in words.
pub(in crate::conferencing) fn what_came(what: Happened) -> &'static str {
    match what {
        Happened::IneffectiveVisit { .. } | Happened::EffectiveVisit | Happened::BrokenOffVisit => "visit",
        Happened::UnsafeArea => "finding that the area is unsafe",
        Happened::LetterPosted => "letter",
        Happened::Contact { .. } => "contact",
        Happened::Concern => "concern",
        Happened::Consideration => "consideration of a visit",
        Happened::Triage => "triage",
        Happened::AddressTrace { .. } => "trace of an address",
        Happened::FollowUp => "follow-up",
        Happened::Booking => "booking",
    }
}
