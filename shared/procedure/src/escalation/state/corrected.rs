//! Facts by number, and what a correction makes of the round that they belong to.

use super::{AttemptMade, ReviewDate, Round, Said, State};
use crate::{
    Recorded,
    escalation::{
        event::Event,
        fact::{Fact, Happening, Review},
    },
    facts::{Kept, Superseded},
};

/// A fact, with what it found when it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The fact.
    pub fact: Fact,
    /// The place of its round among the rounds, from 0.
    pub round: usize,
    /// Its number among the attempts at contact, where it is one.
    pub attempt: Option<u32>,
    /// The day that was set for a review when it was recorded.
    pub set: Option<ReviewDate>,
    /// The day that had passed without a review when it was recorded.
    pub overdue: Option<ReviewDate>,
    /// The day of the next review that it set.
    pub next: Option<ReviewDate>,
    /// How often a leader had been asked, and whether the last of them was there.
    pub asked: (usize, bool),
}

impl Round {
    fn asked(&self) -> (usize, bool) {
        (self.referrals.len(), self.referrals.last().is_some_and(|referral| referral.what.leader.is_some()))
    }
}

/// What an event records that can be corrected, the number of an attempt, and the day that a review set.
fn told(event: &Event) -> Option<(Fact, Option<u32>, Option<ReviewDate>)> {
    let (happening, account) = match event {
        Event::ContactAttempted { fact: _, attempt, made, call_back, counts, account, late: _ } => {
            let (happening, account) = (Happening::ContactAttempt(made.clone()), account.clone());
            let fact = Fact { happening, account, counts: *counts, call_back: call_back.clone() };
            return Some((fact, Some(*attempt), None));
        }
        Event::Reviewed { fact: _, review, account, next, late: _ } => {
            let happening = Happening::Review { occurred_at: review.occurred_at };
            let fact = Fact { happening, account: account.clone(), counts: review.counts, call_back: None };
            return Some((fact, None, next.clone()));
        }
        Event::LiaisonRecorded { fact: _, liaison, account, late: _ } => (Happening::Liaison(liaison.clone()), account),
        Event::DisclosureRecorded { fact: _, disclosure, account, late: _ } => {
            (Happening::Disclosure(disclosure.clone()), account)
        }
        Event::ContactRecorded { fact: _, contact, account, late: _ } => (Happening::Contact(contact.clone()), account),
        Event::Opened { .. }
        | Event::LeaderConsidered { .. }
        | Event::LeaderAsked { .. }
        | Event::LeaderNamed { .. }
        | Event::ReviewDateSet { .. }
        | Event::ReviewOverdue { .. }
        | Event::FactCorrected { .. }
        | Event::Concluded { .. }
        | Event::Customer(_)
        | Event::Task(_)
        | Event::StageReached { .. } => return None,
    };
    Some((Fact { happening, account: account.clone(), counts: true, call_back: None }, None, None))
}

impl State {
    /// Takes in what was recorded, before the round does.
    pub(super) fn file(&mut self, event: &Event, recorded: &Recorded<'_, Event>) {
        let Some(((fact, attempt, next), present)) = told(event).zip(self.rounds.last()) else { return };
        let (round, asked) = (self.rounds.len().saturating_sub(1), present.asked());
        let (set, overdue) = (present.review_date.clone(), present.overdue.clone());
        let filed = Filed { fact, round, attempt, set, overdue, next, asked };
        self.facts.record(filed, recorded.at, recorded.by.clone());
    }

    /// What is right takes the place of what was wrong.
    pub(in crate::escalation) fn correct(&mut self, recorded: &Recorded<'_, Event>) {
        let Event::FactCorrected { fact, wrong: _, right, reason } = recorded.event.clone() else { return };
        let Some(wrong) = self.facts.get(fact).map(|kept| kept.what.clone()) else { return };
        let (by_fact, right) = right.unzip();
        let right = right.map(|right| Filed { fact: right, ..wrong.clone() });
        let reviewed = right.as_ref().is_some_and(|right| right.fact.counts);
        let why = Superseded { by_fact, reason, at: recorded.at, by: recorded.by.clone() };
        self.facts.supersede(fact, right, why);
        let Some(round) = self.rounds.get_mut(wrong.round) else { return };
        round.list(self.facts.standing().into_iter().filter(|kept| kept.what.round == wrong.round).collect());
        if matches!(wrong.fact.happening, Happening::Review { .. }) && wrong.fact.counts != reviewed {
            // The day was done with by a review that was not held, or is done with by one that was after all.
            let (was, is) = if reviewed { (wrong.set, wrong.next) } else { (wrong.next, wrong.set) };
            // A day that was set before a leader was asked is not set again.
            if round.review_date == was && wrong.asked == round.asked() {
                round.review_date = is;
                round.overdue = if reviewed { None } else { wrong.overdue.or_else(|| round.overdue.take()) };
            }
        }
    }
}

impl Round {
    /// Lists what stands.
    fn list(&mut self, standing: Vec<&Kept<Filed>>) {
        self.attempts.clear();
        self.liaisons.clear();
        self.disclosures.clear();
        self.reviews.clear();
        self.contacts.clear();
        self.reviewed = false;
        for kept in standing {
            let Filed { fact, attempt, asked, .. } = kept.what.clone();
            let (by, at, words) = (kept.by.clone(), kept.first_at(), fact.account);
            match fact.happening {
                Happening::ContactAttempt(made) => {
                    let (number, counts, call_back) = (attempt.unwrap_or_default(), fact.counts, fact.call_back);
                    let what = AttemptMade { number, made, call_back, counts };
                    self.attempts.push(Said { what, by, at, words });
                }
                Happening::Liaison(what) => self.liaisons.push(Said { what, by, at, words }),
                Happening::Disclosure(what) => self.disclosures.push(Said { what, by, at, words }),
                Happening::Review { occurred_at } => {
                    self.reviewed |= fact.counts && asked == self.asked();
                    let what = Review { occurred_at, counts: fact.counts };
                    self.reviews.push(Said { what, by, at, words });
                }
                Happening::Contact(what) => self.contacts.push(Said { what, by, at, words }),
            }
        }
    }
}
