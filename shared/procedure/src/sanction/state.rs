//! What the journal of a failed requirement amounts to.

mod corrected;
mod stage;

use super::{
    event::Event,
    fact::{
        Answer, Assurance, Conference, Decided, Explanation, Failure, GoodReason, Happening, Invitation, Outcome,
        Withdrawal,
    },
};
use crate::{
    Award, NarrativeRef, Recorded, Role, Rule,
    conferencing::{Party, Signed},
    customer::{self, Customer},
    desk::Desk,
    draft::CLOCK_SKEW,
    facts::{Facts, Kept},
    rule::rulings::{R_DIFFERENT_PERSONS, R_RECORDED_ALWAYS},
};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

pub use stage::Stage;

/// A failed requirement, and what came of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// The failure, by whom and when it was first recorded; `None` before that. What was wrong of it is corrected, and
    /// where the customer lives and under which reference they go is kept up to date.
    pub failure: Option<Signed<Failure>>,
    /// Everybody who recorded the failure again.
    pub recorded_again_by: BTreeSet<String>,
    /// The version of the guidance that it was opened under, or else the procedure's own.
    pub version: String,
    /// Everything that people recorded, by number. The failure and the lists below hold what stands of it.
    pub facts: Facts<Happening>,
    /// Conferences that took place, in the order they were recorded.
    pub conferences: Vec<Signed<Conference>>,
    /// The referral for a sanction.
    pub referral: Option<Signed<NarrativeRef>>,
    /// Invitations to explain, in the order they were recorded.
    pub invitations: Vec<Signed<Invitation>>,
    /// What was explained, or that no answer came, in the order it was recorded.
    pub explanations: Vec<Signed<Explanation>>,
    /// The decisions, the first to the last.
    pub decisions: Vec<Signed<Decided>>,
    /// The reconsiderations, the first to the last.
    pub reconsiderations: Vec<Signed<NarrativeRef>>,
    /// The withdrawal.
    pub withdrawn: Option<Signed<Withdrawal>>,
    /// The facts that were corrected since a sanction was decided.
    pub corrected_since_decision: BTreeSet<u32>,
    /// Since when no conference opens the way to the referral.
    pub unsupported_since: Option<DateTime<Utc>>,
    /// What is known of the customer.
    pub customer: Customer,
    /// What was assigned of what is owed.
    pub desk: Desk,
}

/// The parties that the letter's conference takes place between.
const BETWEEN: [Role; 2] = [Role::WorkCoach, Role::SiteLeader];

/// Those who took part for the department in this role.
fn present(conference: &Conference, role: Role) -> impl Iterator<Item = &str> {
    let there = conference.participants.iter().filter(move |there| there.party == Party::Department(role));
    there.map(|there| there.person.as_str())
}

/// Why those who took part do not make a conference the one that the letter asks for, and the ruling that says so.
fn lacks(conference: &Conference) -> Option<(&'static Rule, &'static str)> {
    let mut pairs = BETWEEN.map(|role| present(conference, role).peekable());
    if pairs.iter_mut().any(|there| there.peek().is_none()) {
        return Some((&R_RECORDED_ALWAYS, "it takes the work coach and the site leader"));
    }
    let [coach, leader] = BETWEEN;
    let one = present(conference, coach).all(|person| present(conference, leader).all(|other| other == person));
    one.then_some((&R_DIFFERENT_PERSONS, "it takes the work coach and the site leader, as two persons"))
}

impl State {
    /// The conference that says whether a referral may follow: of those that count the one that took place last.
    #[must_use]
    pub fn finding(&self) -> Option<&Signed<Conference>> {
        self.finding_among(&self.conferences)
    }

    fn finding_among<'a>(&self, held: &'a [Signed<Conference>]) -> Option<&'a Signed<Conference>> {
        let counted = held.iter().filter(|held| self.counts(&held.what));
        counted.max_by_key(|held| held.what.occurred_at)
    }

    /// Whether a conference is the one that the letter asks for.
    #[must_use]
    pub fn counts(&self, held: &Conference) -> bool {
        self.missed(held).is_none()
    }

    /// Why a conference is not the one that the letter asks for, and the ruling that says so.
    pub(super) fn missed(&self, held: &Conference) -> Option<(&'static Rule, &'static str)> {
        let early = self.precedes_failure(held.occurred_at);
        early.then_some((&R_RECORDED_ALWAYS, "it took place before the requirement was failed")).or_else(|| lacks(held))
    }

    /// Whether a conference opened the way to the referral: the finding when the claimant was referred, as it stands
    /// corrected, or a later one. What a conference finds otherwise after that is for the decision maker to weigh.
    #[must_use]
    pub fn referral_is_supported(&self) -> bool {
        let Some(referred) = &self.referral else { return false };
        let before =
            |kept: &&&Kept<Happening>| matches!(kept.what, Happening::Conference(_)) && kept.first_at() <= referred.at;
        let before = self.facts.standing().iter().filter(before).count();
        let found = |until| self.conferences.get(..until).and_then(|held| self.finding_among(held));
        (before..=self.conferences.len()).any(|until| found(until).is_some_and(|held| held.what.opens_referral()))
    }

    /// Whether an invitation is the one that the letter asks for: it followed the referral.
    #[must_use]
    pub fn invites(&self, invitation: &Invitation) -> bool {
        let followed = |at| invitation.occurred_at + CLOCK_SKEW >= at;
        self.referral.as_ref().is_some_and(|referred| followed(referred.at))
            && !self.precedes_failure(invitation.occurred_at)
    }

    /// Whether a fact stands and is what the letter asks for, judged by all that stands now.
    #[must_use]
    pub fn fact_counts(&self, kept: &Kept<Happening>) -> bool {
        let counts = match &kept.what {
            Happening::Failure(_) => true,
            Happening::Conference(held) => self.counts(held),
            Happening::Invitation(sent) => self.invites(sent),
            Happening::Explanation(told) => self.answers(told),
        };
        kept.superseded.is_none() && counts
    }

    /// Whether the case can still be withdrawn: it goes on, and nothing was ever decided.
    #[must_use]
    pub fn may_be_withdrawn(&self) -> bool {
        self.decisions.is_empty() && !matches!(self.stage(), Stage::EndedDeath | Stage::EndedWithdrawn)
    }

    /// Whether the case is about this award, under any reference that the customer has gone by.
    #[must_use]
    pub fn is_about(&self, award: &Award) -> bool {
        self.failure.as_ref().is_some_and(|failure| {
            let known = &failure.what.award;
            let is_known_as = known.customer == award.customer || self.customer.formerly.contains(&award.customer);
            is_known_as && (known.benefit, &known.award) == (award.benefit, &award.award)
        })
    }

    /// What is recorded since lies after the failure; it may not any more where that was corrected.
    fn precedes_failure(&self, at: DateTime<Utc>) -> bool {
        self.failure.as_ref().is_some_and(|failure| at < failure.what.occurred_at)
    }

    /// The first invitation that counts.
    #[must_use]
    pub fn invited(&self) -> Option<&Signed<Invitation>> {
        let counted = self.invitations.iter().filter(|invitation| self.invites(&invitation.what));
        counted.min_by_key(|invitation| invitation.what.occurred_at)
    }

    /// Whether an explanation, or that none came, answers an invitation. That none came takes some time to show: in the
    /// very instant of the invitation nobody can know it.
    #[must_use]
    pub fn answers(&self, explanation: &Explanation) -> bool {
        self.invited().is_some_and(|invited| match explanation.answer {
            Answer::Explained => explanation.occurred_at >= invited.what.occurred_at,
            Answer::NoAnswer => explanation.occurred_at > invited.what.occurred_at,
        })
    }

    /// The first that answers an invitation.
    #[must_use]
    pub fn answered(&self) -> Option<&Signed<Explanation>> {
        self.explanations.iter().find(|explanation| self.answers(&explanation.what))
    }

    /// Somebody told of a reason: the claimant explained at any time, or a conference saw a good reason, or a requirement
    /// that was not reasonable and achievable.
    #[must_use]
    pub fn reason_was_told(&self) -> bool {
        self.explanations.iter().any(|explanation| explanation.what.answer == Answer::Explained)
            || self.conferences.iter().any(|held| {
                held.what.good_reason == GoodReason::Seen || held.what.requirement == Assurance::NotReasonable
            })
    }

    /// Whether a person recorded the failure, conferred about the claimant, or referred them: rightly or wrongly, and in
    /// whatever role, as to have made up one's mind takes no role.
    #[must_use]
    pub fn took_sides(&self, person: &str) -> bool {
        let took = |kept: &Kept<Happening>| match &kept.what {
            Happening::Failure(_) => kept.by.person == person,
            Happening::Conference(held) => held.participants.iter().any(|there| there.person == person),
            Happening::Invitation(_) | Happening::Explanation(_) => false,
        };
        self.facts.all().any(|(_, kept)| took(kept))
            || self.recorded_again_by.contains(person)
            || self.referral.as_ref().is_some_and(|referred| referred.by.person == person)
    }

    /// The outcome of the decision that stands, until a reconsideration takes it anew.
    #[must_use]
    pub fn decided(&self) -> Option<Outcome> {
        let stands = self.decisions.len() > self.reconsiderations.len();
        self.decisions.last().filter(|_| stands).map(|decided| decided.what.outcome)
    }

    pub(super) fn evolve(&mut self, recorded: &Recorded<'_, Event>) {
        let (by, at) = (recorded.by.clone(), recorded.at);
        match recorded.event.clone() {
            Event::Failed { failure, late: _ } => {
                self.facts.record(Happening::Failure(failure.clone()), at, by.clone());
                self.failure = Some(Signed { what: *failure, at, by });
                recorded.version.clone_into(&mut self.version);
            }
            Event::FailedAgain { .. } => {
                self.recorded_again_by.insert(by.person);
            }
            Event::Conferred { conference, late: _ } => self.keep(Happening::Conference(conference), recorded),
            Event::Referred { reason } => self.referral = Some(Signed { what: reason, at, by }),
            Event::Invited { invitation, late: _ } => self.keep(Happening::Invitation(invitation), recorded),
            Event::Explained { explanation, late: _ } => self.keep(Happening::Explanation(explanation), recorded),
            Event::Decided(decided) => {
                self.decisions.push(Signed { what: decided, at, by });
                self.corrected_since_decision.clear();
            }
            Event::Reconsidered { reason } => {
                self.reconsiderations.push(Signed { what: reason, at, by });
                self.corrected_since_decision.clear();
            }
            Event::FactCorrected { fact, right, reason } => self.correct((fact, right, reason), recorded),
            Event::Withdrawn(withdrawal) => self.withdrawn = Some(Signed { what: withdrawal, at, by }),
            Event::Customer(event) => self.learn(&event, recorded),
            Event::Task(event) => self.desk.evolve(event),
        }
    }

    /// Takes in what became known of the customer: where they live, and under which reference they go now.
    fn learn(&mut self, event: &customer::Event, recorded: &Recorded<'_, Event>) {
        let Some(failure) = &mut self.failure else { return };
        let known_as = failure.what.award.customer.as_str();
        self.customer.evolve(event, (recorded.at, recorded.by), known_as, |_| true);
        match &event.fact {
            customer::Fact::Moved { place, .. } => failure.what.place.clone_from(place),
            customer::Fact::Merged { into } => failure.what.award.customer.clone_from(into),
            customer::Fact::DeathReported { .. }
            | customer::Fact::DeathConfirmed { .. }
            | customer::Fact::DeathReportMistaken { .. } => {}
        }
    }
}
