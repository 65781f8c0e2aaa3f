//! What comes before a referral and at a visit, in words.

use crate::{
    term::london_date,
    visiting::{
        command::{Correction, DeferralDecision, GoodCause, GoodCauseDecision, Retracting},
        fact::{Booking, Conclusion, Consideration, Seen, TriageResult, Understanding},
    },
};
use chrono::{DateTime, Utc};
use chrono_tz::Europe::London;
use std::fmt::Display;

/// When something happened, as a clock in London showed it.
pub(super) fn when(at: DateTime<Utc>) -> impl Display {
    at.with_timezone(&London).format("%-d %B %Y at %H:%M")
}

pub(super) fn considered(consideration: &Consideration) -> String {
    let items = consideration.considered.len();
    let concluded = match consideration.conclusion {
        Conclusion::Open => "not concluded yet",
        Conclusion::Refer => "a visit is right",
        Conclusion::NoVisit => "no visit is required",
    };
    let understood = understood(consideration.understanding);
    format!("a visit is considered, {items} of what is to be looked at among it{understood}; {concluded}")
}

pub(super) fn understood(understanding: Option<Understanding>) -> &'static str {
    match understanding {
        Some(Understanding::Confident) => "; staff are confident that the customer understands and is able to comply",
        Some(Understanding::Doubt) => "; staff are in doubt whether the customer understands or is able to comply",
        None => "",
    }
}

pub(super) fn retracting(retracting: &Retracting) -> String {
    match retracting {
        Retracting::Referral { .. } => "Somebody says that the referral was made in error".to_owned(),
        Retracting::Fact(Correction { fact, right: Some(_), .. }) => {
            format!("Somebody says that fact {fact} was recorded in error")
        }
        Retracting::Fact(Correction { fact, right: None, .. }) => {
            format!("Somebody says that fact {fact} was recorded in error and never happened")
        }
    }
}

pub(super) fn triaged(result: TriageResult) -> &'static str {
    match result {
        TriageResult::VisitAppropriate => "triage: a concern, and a visit is appropriate",
        TriageResult::ConcernWithoutVisit => "triage: a concern, and no visit is appropriate",
        TriageResult::NoConcern => "triage: no concern",
    }
}

pub(super) fn booked(booking: &Booking) -> String {
    let confirmed = if booking.confirmed { ", confirmed by the referrer" } else { "" };
    format!("{} agreed for {}{confirmed}", booking.what.title(), london_date(booking.agreed_for))
}

pub(super) fn seen(seen: Option<&Seen>) -> String {
    let bookings: Option<String> =
        seen.map(|seen| seen.bookings.iter().map(|booking| format!("; {}", booked(booking))).collect());
    let deferral = seen.is_some_and(|seen| seen.deferral_appropriate);
    let deferral = if deferral { "; deferral looks appropriate" } else { "" };
    format!("visit, effective{deferral}{}", bookings.unwrap_or_default())
}

pub(super) fn good_cause(decision: GoodCauseDecision) -> String {
    let accepted = match decision.good_cause {
        GoodCause::Accepted => "good cause is accepted",
        GoodCause::NotAccepted => "good cause is not accepted",
    };
    let deferred = match decision.deferral {
        Some(DeferralDecision::Granted) => "; what was due is deferred",
        Some(DeferralDecision::NotGranted) => "; what was due is not deferred",
        None => "",
    };
    format!("{accepted}{deferred}")
}
