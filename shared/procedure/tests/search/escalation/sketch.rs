//! What of what is done about a concern makes a difference.

use super::sketch::Sketch;
use holdfast_procedure::escalation::*;

/// What of a state makes a difference, beside what was heard.
pub(crate) fn sketch(state: &State, into: &mut Sketch) {
    into.number(state.stage as i64).count(state.rounds.len()).flag(state.moved_at.is_some());
    let (customer, death) = (&state.customer, state.customer.death.as_ref());
    into.count(customer.mistaken_reports).count(customer.formerly.len()).flag(customer.death_is_confirmed());
    into.text(death.map_or("", |death| &death.reported_by.person));
    for key in state.desk.completed.keys() {
        into.text(key);
    }
    into.count(state.facts.all().filter(|(_, kept)| kept.superseded.is_some()).count());
    let Some(round) = state.round() else { return };
    into.flag(round.concluded.is_some()).count(round.need.as_ref().map_or(0, |need| 1 + usize::from(need.what)));
    into.count(round.liaisons.len()).count(round.disclosures.len()).count(round.reviews.len()).flag(round.reviewed);
    into.count(round.contacts.len()).flag(round.overdue.is_some()).text(&round.concern.place.area);
    into.maybe_at(round.review_date.as_ref().map(|review| review.ends.due.ends_at));
    for attempt in &round.attempts {
        into.flag(attempt.what.counts).flag(attempt.what.made.whom == Whom::Customer);
    }
    for (text, due) in round.open_call_backs() {
        into.count(text.number as usize).at(due.due.ends_at);
    }
    for referral in &round.referrals {
        into.text(&referral.what.area).flag(referral.what.leader.is_some()).maybe_at(referral.what.asked_at);
    }
}
