//! What is established at a visit at which the customer was seen, and arranged after it: each value of each detail.

use super::people::words;
use chrono::{DateTime, Days, TimeDelta, Utc};
use holdfast_procedure::visiting::*;

const WHAT: [Booked; 4] =
    [Booked::Interview, Booked::Assessment, Booked::WorkRelatedActivityReview, Booked::EvidenceNextSteps];
const SAID: [UnderstoodAnswer; 3] = [UnderstoodAnswer::Yes, UnderstoodAnswer::No, UnderstoodAnswer::NotDiscussed];
const ANSWERS: [Answer; 3] = [Answer::Yes, Answer::No, Answer::NotKnown];

pub(crate) fn booking(at: DateTime<Utc>, turn: usize) -> Booking {
    Booking {
        what: WHAT[turn % WHAT.len()],
        agreed_for: at + TimeDelta::days(7),
        confirmed: (turn / 4).is_multiple_of(2),
    }
}

/// What was established where nothing is left to find out or to arrange.
fn settled(turn: usize) -> Seen {
    let said = |turn: usize| SAID.get(turn % 4).copied();
    let understood =
        Understood { attendance: said(turn), work_related_activity: said(turn + 1), evidence: said(turn + 2) };
    Seen {
        understood,
        explained: turn.is_multiple_of(2),
        representative_present: turn.is_multiple_of(3),
        good_cause: turn.is_multiple_of(5).then(words),
        ..Seen::default()
    }
}

/// What was established: what makes a difference each by itself, and what comes to the same all at once.
pub(crate) fn established(at: DateTime<Utc>, turn: usize) -> Vec<Seen> {
    let mut all: Vec<_> = (0..6).map(|more| settled(turn + more)).collect();
    all.extend(ANSWERS.map(|answer| Seen { lone_parent_with_child_under_one: Some(answer), ..settled(turn) }));
    all.push(Seen { deferral_appropriate: true, ..settled(turn) });
    for bookings in [vec![booking(at, turn)], vec![booking(at, turn), booking(at, turn + 5)]] {
        all.push(Seen { bookings, ..settled(turn) });
    }
    all
}

/// What follows a visit: a date is agreed, a referral chased with another day set or none.
pub(crate) fn afterwards(at: DateTime<Utc>, turn: usize) -> Vec<Happening> {
    let review_on = Some(super::asks::day(at) + Days::new(1));
    vec![
        Happening::Booking(BookingMade { occurred_at: at, booking: booking(at, turn) }),
        Happening::FollowUp(FollowUp { occurred_at: at, review_on: None }),
        Happening::FollowUp(FollowUp { occurred_at: at, review_on }),
    ]
}

/// What whoever referred makes of the customer's reasons, by turns.
pub(crate) fn good_cause(turn: usize) -> GoodCauseDecision {
    GoodCauseDecision {
        good_cause: [GoodCause::Accepted, GoodCause::NotAccepted][turn % 2],
        deferral: [None, Some(DeferralDecision::Granted), Some(DeferralDecision::NotGranted)][turn % 3],
    }
}
