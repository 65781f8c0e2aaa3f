//! What was done about a concern, as it goes back to whoever leads the case: by reference, without a word.

use super::{
    fact::AttemptOutcome,
    state::{Round, Said, State},
};
use crate::handover::{EscalationOutcome, SafeguardingStep, StepTaken};
use chrono::{DateTime, Utc};

/// What was done in the present round; `None` before it is concluded.
#[must_use]
pub fn summary(state: &State) -> Option<EscalationOutcome> {
    summary_of(state.round()?)
}

/// What was done in a round, as far as it stands; `None` before it is concluded.
#[must_use]
pub fn summary_of(round: &Round) -> Option<EscalationOutcome> {
    let concluded = round.concluded.as_ref()?;
    let mut steps: Vec<_> = attempts(round).chain(leader(round)).chain(agencies(round)).chain(reviews(round)).collect();
    // What was recorded after the conclusion is not part of it.
    steps.retain(|(recorded_at, _)| *recorded_at <= concluded.at);
    let mut steps: Vec<_> = steps.into_iter().map(|(_, step)| step).collect();
    steps.sort_by_key(|step| step.occurred_at);
    Some(EscalationOutcome {
        concluded_at: concluded.at,
        steps,
        leader: round.leader().map(|leader| leader.person.clone()),
        narrative: concluded.words.clone(),
    })
}

type Recorded = (DateTime<Utc>, StepTaken);

/// A step, with the instant at which it, or what it corrects, was first on record.
fn step<T>(said: &Said<T>, step: SafeguardingStep, occurred_at: DateTime<Utc>, with: &str) -> Recorded {
    (said.at, StepTaken { step, occurred_at, with: with.to_owned(), narrative: Some(said.words.clone()) })
}

fn attempts(round: &Round) -> impl Iterator<Item = Recorded> {
    round.attempts.iter().map(|attempt| {
        let made = &attempt.what.made;
        let kind = match made.outcome {
            AttemptOutcome::Reached => SafeguardingStep::ContactMade,
            AttemptOutcome::NoReply
            | AttemptOutcome::MessageLeft
            | AttemptOutcome::Refused
            | AttemptOutcome::NotDelivered => SafeguardingStep::ContactAttempted,
        };
        step(attempt, kind, made.occurred_at, made.whom.name())
    })
}

fn leader(round: &Round) -> impl Iterator<Item = Recorded> {
    let none = round.need.iter().filter(|need| !need.what && round.referrals.is_empty());
    let not_needed = none.map(|need| step(need, SafeguardingStep::LeaderNotNeeded, need.at, ""));
    let asked = round.referrals.iter().map(|referral| {
        let office = referral.what.leader.as_ref().map_or("", |leader| leader.office.as_str());
        step(referral, SafeguardingStep::LeaderAsked, referral.what.asked_at.unwrap_or(referral.at), office)
    });
    not_needed.chain(asked)
}

fn agencies(round: &Round) -> impl Iterator<Item = Recorded> {
    let liaisons = round
        .liaisons
        .iter()
        .map(|liaison| step(liaison, SafeguardingStep::Liaison, liaison.what.occurred_at, liaison.what.agency.name()));
    let disclosures = round.disclosures.iter().map(|disclosure| {
        step(disclosure, SafeguardingStep::Disclosure, disclosure.what.occurred_at, disclosure.what.to.name())
    });
    liaisons.chain(disclosures)
}

fn reviews(round: &Round) -> impl Iterator<Item = Recorded> {
    round.reviews.iter().map(|review| step(review, SafeguardingStep::Review, review.what.occurred_at, ""))
}
