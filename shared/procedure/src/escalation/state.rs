//! What the journal of a concern amounts to.

use super::{
    event::Event,
    fact::{Attempt, AttemptChannel, Concern, Contact, Disclosure, Liaison, Review, Whom},
    stage::Stage,
};
use crate::{
    Actor, Deadline, NarrativeRef, Recorded,
    benefit::LeaderAsked,
    customer::{self, Customer},
    desk::Desk,
    directory::Leader,
    facts::Facts,
    visiting::ContactBy,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

mod corrected;

pub use corrected::Filed;

/// A case about which a concern was determined, once or more often.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// Every round, the present one last; none before a concern was determined.
    pub rounds: Vec<Round>,
    /// What people recorded, by number, with what was wrong of it. The lists of the rounds hold what stands.
    pub facts: Facts<Filed>,
    /// What is known of the customer.
    pub customer: Customer,
    /// Since when the customer has lived where they live now, if they moved.
    pub moved_at: Option<DateTime<Utc>>,
    /// What was done and assigned of what is owed.
    pub desk: Desk,
    /// How far the present round has come.
    pub stage: Stage,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// The version of the guidance that says so, and what is owed.
    pub judged_by: String,
}

/// What was done about one determined concern.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// The concern. Where the customer lives and is known as is kept up to date in the present round.
    pub concern: Concern,
    /// The version of the guidance it was opened under.
    pub version: String,
    /// When it was recorded here.
    pub opened_at: DateTime<Utc>,
    /// Attempts at contact, in the order they were recorded.
    pub attempts: Vec<Said<AttemptMade>>,
    /// Whether a leader is needed, as it was last decided.
    pub need: Option<Said<bool>>,
    /// Referrals to a leader, in order.
    pub referrals: Vec<Said<Referral>>,
    /// Dealings with agencies, in the order they were recorded.
    pub liaisons: Vec<Said<Liaison>>,
    /// Disclosures, in the order they were recorded.
    pub disclosures: Vec<Said<Disclosure>>,
    /// The day on which the next steps are to be considered.
    pub review_date: Option<ReviewDate>,
    /// The latest such day that has passed without a review, about which somebody is alerted until one counts.
    pub overdue: Option<ReviewDate>,
    /// Reviews, in the order they were recorded.
    pub reviews: Vec<Said<Review>>,
    /// A review that the guidance asks for was held since a leader was last asked.
    pub reviewed: bool,
    /// Who got in touch meanwhile, in the order it was recorded.
    pub contacts: Vec<Said<Contact>>,
    /// The conclusion: which steps were taken.
    pub concluded: Option<Said<()>>,
}

/// Something that a person recorded, with the words that go with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Said<T> {
    /// What.
    pub what: T,
    /// Who recorded it.
    pub by: Actor,
    /// When it was recorded; where it takes the place of what was wrong, when that was.
    pub at: DateTime<Utc>,
    /// The words.
    pub words: NarrativeRef,
}

/// An attempt at contact, and what it promised.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptMade {
    /// Its number within the case, from 1.
    pub number: u32,
    /// How it went.
    pub made: Attempt,
    /// By when the customer is to be called back.
    pub call_back: Option<Deadline>,
    /// It was made since the concern was determined, as far as clocks agree.
    pub counts: bool,
}

/// A referral to the leader of an area.
#[derive(Debug, Clone, PartialEq)]
pub struct Referral {
    /// The area.
    pub area: String,
    /// Its leader; `None` as long as it has none.
    pub leader: Option<Leader>,
    /// Since when that leader has been asked.
    pub asked_at: Option<DateTime<Utc>>,
}

/// A day on which the next steps are considered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewDate {
    /// The day, in London.
    pub date: NaiveDate,
    /// Its last instant.
    pub ends: Deadline,
}

impl AttemptMade {
    /// Whether this is the call that a text promised. Of two at the same instant, the one recorded later is the later.
    fn calls_back(&self, text: &Self) -> bool {
        let calls = self.made.whom == Whom::Customer && self.made.channel != AttemptChannel::TextMessage;
        calls && (self.made.occurred_at, self.number) > (text.made.occurred_at, text.number)
    }
}

impl Said<Contact> {
    /// Whether the customer, or somebody who acts for them, got in touch after a text that promised a call: there is
    /// nobody left to call back. Of two at the same instant, the one recorded later is the later.
    fn answers(&self, text: &Said<AttemptMade>) -> bool {
        let theirs = match self.what.by {
            ContactBy::Customer | ContactBy::Representative => true,
            ContactBy::ThirdParty => false,
        };
        theirs && (self.what.occurred_at, self.at) > (text.what.made.occurred_at, text.at)
    }
}

impl Round {
    /// Whether contact was attempted since the concern was determined.
    #[must_use]
    pub fn contact_attempted(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.what.counts)
    }

    /// The texts whose promise to call back stands: the customer was not called since, nor got in touch themselves.
    /// Another text is no call.
    #[must_use]
    pub fn open_call_backs(&self) -> Vec<(&AttemptMade, &Deadline)> {
        let called = |text: &AttemptMade| self.attempts.iter().any(|later| later.what.calls_back(text));
        let rang = |text: &Said<AttemptMade>| self.contacts.iter().any(|contact| contact.answers(text));
        let open = self.attempts.iter().filter(|text| !called(&text.what) && !rang(text));
        open.filter_map(|text| Some((&text.what, text.what.call_back.as_ref()?))).collect()
    }

    /// Whether it is decided if a leader is needed: expressly, or because one was asked.
    #[must_use]
    pub fn need_is_decided(&self) -> bool {
        self.need.is_some() || !self.referrals.is_empty()
    }

    /// A leader has to be asked, always or as one is needed, and nobody has been asked yet.
    #[must_use]
    pub fn referral_is_due(&self, asked: LeaderAsked) -> bool {
        let needed = match asked {
            LeaderAsked::Always => true,
            LeaderAsked::WhereNeeded => self.need.as_ref().is_some_and(|need| need.what),
        };
        self.referrals.is_empty() && needed
    }

    /// The last referral, where its area has no leader yet.
    #[must_use]
    pub fn waits_for_leader(&self) -> Option<&Said<Referral>> {
        self.referrals.last().filter(|referral| referral.what.leader.is_none())
    }

    /// The leader who is responsible: the last who was asked. On a move they stay until the case is handed over.
    #[must_use]
    pub fn leader(&self) -> Option<&Leader> {
        self.referrals.iter().rev().find_map(|referral| referral.what.leader.as_ref())
    }

    /// A leader was asked, and since then no day stands or stood on which the next steps are considered.
    #[must_use]
    pub fn review_date_is_due(&self) -> bool {
        !self.referrals.is_empty() && self.review_date.is_none() && !self.reviewed
    }

    /// The area whose leader the customer's move makes responsible, once the case is handed over to them.
    #[must_use]
    pub fn moved_to(&self) -> Option<&str> {
        let asked = self.referrals.last()?;
        let area = self.concern.place.area.as_str();
        (asked.what.area != area && self.concluded.is_none()).then_some(area)
    }
}

impl State {
    /// The present round; `None` before a concern was determined.
    #[must_use]
    pub fn round(&self) -> Option<&Round> {
        self.rounds.last()
    }

    /// Whether the conclusion waits for a call that a text promised. Nobody calls a customer who is said to have died.
    #[must_use]
    pub fn owes_a_call(&self) -> bool {
        let open = self.round().is_some_and(|round| !round.open_call_backs().is_empty());
        open && self.customer.death.is_none()
    }

    /// The number the next attempt at contact gets.
    #[must_use]
    pub fn next_attempt(&self) -> u32 {
        let made = self.facts.all().filter(|(_, kept)| kept.corrects.is_none() && kept.what.attempt.is_some());
        u32::try_from(made.count()).unwrap_or(u32::MAX).saturating_add(1)
    }

    pub(super) fn evolve(&mut self, recorded: &Recorded<'_, Event>) {
        match recorded.event.clone() {
            Event::Opened { concern } => self.rounds.push(opened(*concern, recorded)),
            Event::FactCorrected { .. } => self.correct(recorded),
            Event::Customer(event) => self.learn(&event, recorded),
            Event::Task(event) => self.desk.evolve(event),
            Event::StageReached { stage, since } => {
                self.stage = stage;
                self.since = Some(since);
                self.judged_by = recorded.version.to_owned();
            }
            event @ (Event::ContactAttempted { .. }
            | Event::LeaderConsidered { .. }
            | Event::LeaderAsked { .. }
            | Event::LeaderNamed { .. }
            | Event::LiaisonRecorded { .. }
            | Event::DisclosureRecorded { .. }
            | Event::ReviewDateSet { .. }
            | Event::ReviewOverdue { .. }
            | Event::Reviewed { .. }
            | Event::ContactRecorded { .. }
            | Event::Concluded { .. }) => {
                self.file(&event, recorded);
                if let Some(round) = self.rounds.last_mut() {
                    round.evolve(event, recorded);
                }
            }
        }
    }

    /// Takes in what became known of the customer.
    fn learn(&mut self, event: &customer::Event, recorded: &Recorded<'_, Event>) {
        let Some(round) = self.rounds.last_mut() else { return };
        // Whoever leads the case hears of it, too.
        let known_as = round.concern.award.customer.as_str();
        self.customer.evolve(event, (recorded.at, recorded.by), known_as, |_| false);
        match &event.fact {
            customer::Fact::Moved { place, .. } => {
                round.concern.place = place.clone();
                self.moved_at = Some(recorded.at);
            }
            customer::Fact::Merged { into } => round.concern.award.customer.clone_from(into),
            customer::Fact::DeathReported { .. }
            | customer::Fact::DeathConfirmed { .. }
            | customer::Fact::DeathReportMistaken { .. } => {}
        }
    }
}

impl Round {
    /// A leader is asked: a day that was set before, or a review held before, is not the one that follows it.
    fn leader_is_asked(&mut self) {
        self.review_date = None;
        self.reviewed = false;
    }

    fn evolve(&mut self, event: Event, recorded: &Recorded<'_, Event>) {
        let (by, at) = (recorded.by.clone(), recorded.at);
        match event {
            Event::ContactAttempted { fact: _, attempt: number, made, call_back, counts, account: words, late: _ } => {
                self.attempts.push(Said { what: AttemptMade { number, made, call_back, counts }, by, at, words });
            }
            Event::LeaderConsidered { needed, reason: words } => {
                self.need = Some(Said { what: needed, by, at, words });
            }
            Event::LeaderAsked { area, leader, account: words } => {
                let asked_at = leader.as_ref().map(|_| at);
                self.referrals.push(Said { what: Referral { area, leader, asked_at }, by, at, words });
                self.leader_is_asked();
            }
            Event::LeaderNamed { area: _, leader } => {
                if let Some(referral) = self.referrals.last_mut() {
                    referral.what.leader = Some(leader);
                    referral.what.asked_at = Some(at);
                }
                self.leader_is_asked();
            }
            Event::LiaisonRecorded { fact: _, liaison: what, account: words, late: _ } => {
                self.liaisons.push(Said { what, by, at, words });
            }
            Event::DisclosureRecorded { fact: _, disclosure: what, account: words, late: _ } => {
                self.disclosures.push(Said { what, by, at, words });
            }
            Event::ReviewDateSet { review } => self.review_date = Some(review),
            Event::ReviewOverdue { date: _ } => self.overdue.clone_from(&self.review_date),
            Event::Reviewed { fact: _, review: what, account: words, next, late: _ } => {
                // A review that does not count leaves the day that was set for one as it is.
                if what.counts || next.is_some() {
                    self.review_date = next;
                }
                if what.counts {
                    self.overdue = None;
                }
                self.reviewed |= what.counts;
                self.reviews.push(Said { what, by, at, words });
            }
            Event::ContactRecorded { fact: _, contact: what, account: words, late: _ } => {
                self.contacts.push(Said { what, by, at, words });
            }
            Event::Concluded { account: words } => self.concluded = Some(Said { what: (), by, at, words }),
            Event::Opened { .. }
            | Event::FactCorrected { .. }
            | Event::Customer(_)
            | Event::Task(_)
            | Event::StageReached { .. } => {}
        }
    }
}

fn opened(concern: Concern, recorded: &Recorded<'_, Event>) -> Round {
    Round {
        concern,
        version: recorded.version.to_owned(),
        opened_at: recorded.at,
        attempts: Vec::new(),
        need: None,
        referrals: Vec::new(),
        liaisons: Vec::new(),
        disclosures: Vec::new(),
        review_date: None,
        overdue: None,
        reviews: Vec::new(),
        reviewed: false,
        contacts: Vec::new(),
        concluded: None,
    }
}
