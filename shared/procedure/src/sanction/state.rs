//! What the journal of a failed requirement amounts to.

use super::{
    event::Event,
    fact::{Answer, Assurance, Conference, Decided, Explanation, Failure, GoodReason, Invitation},
};
use crate::{
    NarrativeRef, Recorded, Role, Rule,
    conferencing::{Party, Signed},
    customer::{self, Customer},
    desk::Desk,
    draft::CLOCK_SKEW,
    rule::rulings::{R_DIFFERENT_PERSONS, R_RECORDED_ALWAYS},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A failed requirement, and what came of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// The failure; `None` before it is recorded. Where the customer lives and under which reference they go is kept up
    /// to date.
    pub failure: Option<Signed<Failure>>,
    /// The version of the guidance that it was opened under, or else the procedure's own.
    pub version: String,
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
    /// What is known of the customer.
    pub customer: Customer,
    /// What was assigned of what is owed.
    pub desk: Desk,
}

/// How far a case about a failed requirement has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A conference of work coach and site leader comes before any referral.
    ConferenceDue,
    /// The latest conference saw a good reason, or a requirement that was not reasonable and achievable.
    NoReferral,
    /// The latest conference saw no good reason: the claimant may be referred.
    ReferralOpen,
    /// The claimant is to be invited to explain.
    InvitationDue,
    /// What they answer, or that no answer came, is to be recorded.
    ExplanationDue,
    /// The decision maker is to decide.
    DecisionDue,
    /// Decided.
    Decided,
    /// A second person has verified the customer's death.
    EndedDeath,
}

impl Stage {
    /// The stage's stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ConferenceDue => "CONFERENCE_DUE",
            Self::NoReferral => "NO_REFERRAL",
            Self::ReferralOpen => "REFERRAL_OPEN",
            Self::InvitationDue => "INVITATION_DUE",
            Self::ExplanationDue => "EXPLANATION_DUE",
            Self::DecisionDue => "DECISION_DUE",
            Self::Decided => "DECIDED",
            Self::EndedDeath => "ENDED_DEATH",
        }
    }
}

/// The parties that the letter's conference takes place between.
const BETWEEN: [Role; 2] = [Role::WorkCoach, Role::SiteLeader];

/// Those who took part for the department in this role.
fn present(conference: &Conference, role: Role) -> impl Iterator<Item = &str> {
    let there = conference.participants.iter().filter(move |there| there.party == Party::Department(role));
    there.map(|there| there.person.as_str())
}

/// Why a conference is not the one that the letter asks for, and the ruling that says so.
pub(super) fn missed(conference: &Conference) -> Option<(&'static Rule, &'static str)> {
    let mut pairs = BETWEEN.map(|role| present(conference, role).peekable());
    if pairs.iter_mut().any(|there| there.peek().is_none()) {
        return Some((&R_RECORDED_ALWAYS, "it takes the work coach and the site leader"));
    }
    let [coach, leader] = BETWEEN;
    let one = present(conference, coach).all(|person| present(conference, leader).all(|other| other == person));
    one.then_some((&R_DIFFERENT_PERSONS, "it takes the work coach and the site leader, as two persons"))
}

impl State {
    /// How far it has come.
    #[must_use]
    pub fn stage(&self) -> Stage {
        if self.customer.death_is_confirmed() {
            Stage::EndedDeath
        } else if self.decisions.len() > self.reconsiderations.len() {
            Stage::Decided
        } else if self.referral.is_some() {
            self.after_referral()
        } else {
            match self.finding() {
                None => Stage::ConferenceDue,
                Some(held) if held.what.opens_referral() => Stage::ReferralOpen,
                Some(_) => Stage::NoReferral,
            }
        }
    }

    fn after_referral(&self) -> Stage {
        if self.invited().is_none() {
            Stage::InvitationDue
        } else if self.answered().is_none() {
            Stage::ExplanationDue
        } else {
            Stage::DecisionDue
        }
    }

    /// The conference that says whether a referral may follow: of those that count the one that took place last.
    #[must_use]
    pub fn finding(&self) -> Option<&Signed<Conference>> {
        let counted = self.conferences.iter().filter(|held| missed(&held.what).is_none());
        counted.max_by_key(|held| held.what.occurred_at)
    }

    /// Whether a conference is the one that the letter asks for.
    #[must_use]
    pub fn counts(&self, held: &Conference) -> bool {
        missed(held).is_none()
    }

    /// Whether an invitation is the one that the letter asks for: it followed the referral.
    #[must_use]
    pub fn invites(&self, invitation: &Invitation) -> bool {
        self.referral.as_ref().is_some_and(|referred| invitation.occurred_at + CLOCK_SKEW >= referred.at)
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

    /// Whether a person recorded the failure, conferred about the claimant as work coach or site leader, or referred them.
    #[must_use]
    pub fn took_sides(&self, person: &str) -> bool {
        let conferred = self.conferences.iter().filter(|held| missed(&held.what).is_none());
        let mut conferred = conferred.flat_map(|held| BETWEEN.into_iter().flat_map(|role| present(&held.what, role)));
        conferred.any(|there| there == person)
            || self.failure.as_ref().is_some_and(|failure| failure.by.person == person)
            || self.referral.as_ref().is_some_and(|referred| referred.by.person == person)
    }

    /// Since when the present stage has been owed, as it was recorded.
    pub(super) fn since(&self) -> Option<DateTime<Utc>> {
        let at = match self.stage() {
            Stage::ConferenceDue => self.failure.as_ref()?.at,
            Stage::NoReferral | Stage::ReferralOpen => self.finding()?.at,
            Stage::InvitationDue => self.reopened_at().max(Some(self.referral.as_ref()?.at))?,
            Stage::ExplanationDue => self.reopened_at().max(Some(self.invited()?.at))?,
            Stage::DecisionDue => self.reopened_at().max(self.answered().map(|answered| answered.at))?,
            Stage::Decided => self.decisions.last()?.at,
            Stage::EndedDeath => self.customer.death.as_ref()?.confirmed_at?,
        };
        Some(at)
    }

    fn reopened_at(&self) -> Option<DateTime<Utc>> {
        self.reconsiderations.last().map(|reopened| reopened.at)
    }

    pub(super) fn evolve(&mut self, recorded: &Recorded<'_, Event>) {
        let (by, at) = (recorded.by.clone(), recorded.at);
        match recorded.event.clone() {
            Event::Failed { failure, late: _ } => {
                self.failure = Some(Signed { what: *failure, at, by });
                recorded.version.clone_into(&mut self.version);
            }
            Event::Conferred { conference, late: _ } => self.conferences.push(Signed { what: conference, at, by }),
            Event::Referred { reason } => self.referral = Some(Signed { what: reason, at, by }),
            Event::Invited { invitation, late: _ } => self.invitations.push(Signed { what: invitation, at, by }),
            Event::Explained { explanation, late: _ } => self.explanations.push(Signed { what: explanation, at, by }),
            Event::Decided(decided) => self.decisions.push(Signed { what: decided, at, by }),
            Event::Reconsidered { reason } => self.reconsiderations.push(Signed { what: reason, at, by }),
            Event::Customer(event) => self.learn(&event, recorded),
            Event::Task(event) => self.desk.evolve(event),
        }
    }

    /// Takes in what became known of the customer: where they live, and under which reference they go now.
    fn learn(&mut self, event: &customer::Event, recorded: &Recorded<'_, Event>) {
        let Some(failure) = &mut self.failure else { return };
        self.customer.evolve(event, recorded.at, recorded.by, &failure.what.award.customer);
        match &event.fact {
            customer::Fact::Moved { place, .. } => failure.what.place.clone_from(place),
            customer::Fact::Merged { into } => failure.what.award.customer.clone_from(into),
            customer::Fact::DeathReported { .. }
            | customer::Fact::DeathConfirmed { .. }
            | customer::Fact::DeathReportMistaken { .. } => {}
        }
    }
}
