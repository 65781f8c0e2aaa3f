//! What was heard while a concern was looked into, entry by entry, so that what was recorded wrongly is heard again as it
//! should have been told in the first place.

use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::Recorded;
use holdfast_procedure::escalation::*;
use holdfast_procedure::visiting::ContactBy;
use std::hash::{Hash, Hasher};
use std::mem::{Discriminant, discriminant};

/// Clocks need not agree to the minute.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// How far the present round has come.
#[derive(Debug, Clone, Default, Hash)]
pub(crate) struct Present {
    determined: Option<DateTime<Utc>>,
    pub(crate) attempted: bool,
    /// Texts that promised a call, and when they were sent.
    pub(crate) texts: Vec<DateTime<Utc>>,
    pub(crate) need: Option<bool>,
    /// When a leader was last asked, and whether the area has one.
    pub(crate) asked: Option<(DateTime<Utc>, bool)>,
    /// A day is set for a review.
    pub(crate) review_set: bool,
    pub(crate) reviewed: bool,
}

/// Something that was heard, as far as the guidance tells it from other things.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Entry {
    Attempt {
        at: DateTime<Utc>,
        calls_customer: bool,
        text: bool,
    },
    Contact {
        at: DateTime<Utc>,
        by_customer: bool,
    },
    Review {
        at: DateTime<Utc>,
        next: bool,
    },
    /// A fact that makes no difference, or never happened.
    Fact,
    /// A review that never happened, and the day that it set: whoever relies on the day still has it.
    DaySet,
    Needed(bool),
    Asked(DateTime<Utc>, bool),
    ReviewSet,
    /// It corrects the one that it stands in the place of, and has a number of its own.
    Correction,
}

impl Entry {
    pub(crate) fn of(recorded: &Recorded<'_, Event>) -> Option<Self> {
        let entry = match recorded.event {
            Event::ContactAttempted { made, .. } => Self::told(&Happening::ContactAttempt(made.clone()), false),
            Event::ContactRecorded { contact, .. } => Self::told(&Happening::Contact(contact.clone()), false),
            Event::Reviewed { review, next, .. } => Self::Review { at: review.occurred_at, next: next.is_some() },
            Event::LiaisonRecorded { .. } | Event::DisclosureRecorded { .. } => Self::Fact,
            Event::LeaderConsidered { needed, .. } => Self::Needed(*needed),
            Event::LeaderAsked { leader, .. } => Self::Asked(recorded.at, leader.is_some()),
            Event::LeaderNamed { .. } => Self::Asked(recorded.at, true),
            Event::ReviewDateSet { .. } => Self::ReviewSet,
            Event::Opened { .. }
            | Event::ReviewOverdue { .. }
            | Event::FactCorrected { .. }
            | Event::Concluded { .. }
            | Event::Customer(_)
            | Event::Task(_)
            | Event::StageReached { .. } => return None,
        };
        Some(entry)
    }

    /// A fact; a review sets the day of the next one, or none.
    fn told(happening: &Happening, next: bool) -> Self {
        match happening {
            Happening::ContactAttempt(made) => Self::Attempt {
                at: made.occurred_at,
                calls_customer: made.whom == Whom::Customer && made.channel != AttemptChannel::TextMessage,
                text: made.text_sent,
            },
            Happening::Contact(contact) => {
                Self::Contact { at: contact.occurred_at, by_customer: contact.by != ContactBy::ThirdParty }
            }
            Happening::Review { occurred_at } => Self::Review { at: *occurred_at, next },
            Happening::Liaison(_) | Happening::Disclosure(_) => Self::Fact,
        }
    }

    /// It has a number among the facts.
    pub(crate) fn is_fact(&self) -> bool {
        match self {
            Self::Attempt { .. }
            | Self::Contact { .. }
            | Self::Review { .. }
            | Self::DaySet
            | Self::Fact
            | Self::Correction => true,
            Self::Needed(_) | Self::Asked(..) | Self::ReviewSet => false,
        }
    }
}

/// What was heard, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log(pub(crate) Vec<Entry>);

impl Log {
    /// How many facts it holds.
    pub(crate) fn facts(&self) -> usize {
        self.0.iter().filter(|entry| entry.is_fact()).count()
    }

    /// Puts what is right in the place of the fact of this number in the round.
    pub(crate) fn correct(&mut self, number: usize, right: Option<&Happening>) {
        let mut facts = self.0.iter_mut().filter(|entry| entry.is_fact());
        let Some(wrong) = facts.nth(number.saturating_sub(1)) else { return };
        let next = matches!(wrong, Entry::Review { next: true, .. });
        let never = if next { Entry::DaySet } else { Entry::Fact };
        *wrong = right.map_or(never, |right| Entry::told(right, next));
        self.0.extend(right.map(|_| Entry::Correction));
    }
}

/// Contact on the one hand, leaders and reviews on the other go their own ways; whether a leader is needed was decided as
/// it stands, and of what was asked for or set twice on end the last counts.
impl Hash for Log {
    fn hash<H: Hasher>(&self, into: &mut H) {
        let contact = |entry: &&Entry| matches!(entry, Entry::Attempt { .. } | Entry::Contact { .. });
        let steps = |entry: &&Entry| matches!(entry, Entry::Asked(..) | Entry::ReviewSet | Entry::Review { .. });
        let mut later: Vec<_> = self.0.iter().filter(steps).rev().collect();
        later.dedup_by_key(|entry| discriminant_unless_review(entry));
        (self.0.iter().filter(contact).collect::<Vec<_>>(), later).hash(into);
    }
}

/// Two of a kind on end come to the same as the later one, but for reviews.
fn discriminant_unless_review(entry: &Entry) -> Result<Discriminant<Entry>, Entry> {
    if matches!(entry, Entry::Review { .. }) { Err(entry.clone()) } else { Ok(discriminant(entry)) }
}

impl Present {
    pub(crate) fn since(determined: DateTime<Utc>) -> Self {
        Self { determined: Some(determined), ..Self::default() }
    }

    /// As it is where this was heard, and nothing else.
    pub(crate) fn again(&self, log: &Log) -> Self {
        let mut present = Self { determined: self.determined, ..Self::default() };
        log.0.iter().for_each(|entry| present.take(entry));
        present
    }

    pub(crate) fn take(&mut self, entry: &Entry) {
        match *entry {
            Entry::Attempt { at, calls_customer, text } => {
                self.attempted |= self.determined.is_some_and(|since| at + SKEW >= since);
                if calls_customer {
                    self.texts.retain(|sent| *sent > at);
                }
                self.texts.extend(text.then_some(at));
            }
            // Of what happened and was recorded at one instant nobody can tell which came first.
            Entry::Contact { at, by_customer: true } => self.texts.retain(|sent| *sent >= at),
            Entry::Needed(needed) => self.need = Some(needed),
            // The day is set, and the review held, after the leader was asked.
            Entry::Asked(at, has_leader) => {
                (self.asked, self.reviewed, self.review_set) = (Some((at, has_leader)), false, false);
            }
            Entry::ReviewSet | Entry::DaySet => self.review_set = true,
            Entry::Review { at, next } => {
                let counts = self.review_set && self.asked.is_none_or(|(asked, _)| at + SKEW >= asked);
                self.reviewed |= counts;
                self.review_set = if counts || next { next } else { self.review_set };
            }
            Entry::Contact { by_customer: false, .. } | Entry::Fact | Entry::Correction => {}
        }
    }
}
