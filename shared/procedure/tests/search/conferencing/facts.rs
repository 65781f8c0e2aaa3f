//! What people recorded at conferencing and may have recorded wrongly, as whoever keeps account of it tells one fact from
//! another.

use super::conferencing_laws::HeardConference;
use chrono::{DateTime, Utc};
use std::hash::{DefaultHasher, Hash, Hasher};

/// One fact.
#[derive(Debug, Clone)]
pub(crate) struct HeardFact {
    pub(crate) what: What,
    /// When it, or what it corrects, was first on record, and the number of that.
    first: (DateTime<Utc>, usize),
    pub(crate) stands: bool,
}

/// What a fact says, as far as the guidance tells it from others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum What {
    /// What was looked at; `None`: before two visits had been ineffective.
    Finding(Option<&'static str>),
    /// A conference; `None`: one that is not between the two parties, as two persons.
    Conference(Option<HeardConference>),
    /// A report on an action, and whether the action is open after it.
    Report(usize, bool),
    /// Who heard it, by role.
    Contact(&'static str),
    /// A closing record, and whether it is the one that stands.
    Closing(bool),
}

/// All of them, by number from 1.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    all: Vec<HeardFact>,
    /// When it was last determined whether there is a concern.
    pub(crate) determined_at: Option<DateTime<Utc>>,
}

impl Facts {
    pub(crate) fn record(&mut self, what: What, at: DateTime<Utc>) {
        let first = (at, self.all.len());
        self.all.push(HeardFact { what, first, stands: true });
    }

    /// The number of the fact that was recorded last.
    pub(crate) fn last(&self) -> u32 {
        u32::try_from(self.all.len()).unwrap_or(u32::MAX)
    }

    /// The fact of this number, where it stands.
    pub(crate) fn get(&self, number: u32) -> Option<&HeardFact> {
        (number as usize).checked_sub(1).and_then(|place| self.all.get(place)).filter(|fact| fact.stands)
    }

    /// What is right stands in the place of what was wrong.
    pub(crate) fn supersede(&mut self, number: u32, right: Option<What>) {
        let Some(wrong) = (number as usize).checked_sub(1).and_then(|place| self.all.get_mut(place)) else { return };
        wrong.stands = false;
        let first = wrong.first;
        self.all.extend(right.map(|what| HeardFact { what, first, stands: true }));
    }

    /// What stands, in the order in which it was first told.
    pub(crate) fn standing(&self) -> impl Iterator<Item = &What> {
        let mut standing: Vec<_> = self.all.iter().filter(|fact| fact.stands).collect();
        standing.sort_by_key(|fact| fact.first.1);
        standing.into_iter().map(|fact| &fact.what)
    }

    /// The conferences that count.
    pub(crate) fn conferences(&self) -> impl Iterator<Item = &HeardConference> {
        self.standing().filter_map(|what| if let What::Conference(held) = what { held.as_ref() } else { None })
    }

    /// Whether an action is open, as it was last reported; it is until then.
    pub(crate) fn is_open(&self, action: usize) -> bool {
        let reported = self.standing().filter_map(|what| match what {
            What::Report(of, open) if *of == action => Some(*open),
            What::Report(..) | What::Finding(_) | What::Conference(_) | What::Contact(_) | What::Closing(_) => None,
        });
        reported.last().unwrap_or(true)
    }

    /// Every contact, by its place among them: who heard it, and whether it stands.
    pub(crate) fn contacts(&self) -> impl Iterator<Item = (&'static str, bool)> {
        self.all
            .iter()
            .filter_map(|fact| if let What::Contact(by) = fact.what { Some((by, fact.stands)) } else { None })
    }

    /// From now on this closing record stands, or none.
    pub(crate) fn closes(&mut self, last: bool) {
        for fact in &mut self.all {
            if let What::Closing(closes) = &mut fact.what {
                *closes = false;
            }
        }
        if let Some(HeardFact { what: What::Closing(closes), .. }) = self.all.last_mut() {
            *closes = last;
        }
    }
}

impl Facts {
    /// The last determination rested on a fact that counted, and that was on record when it was made.
    pub(crate) fn bears(&self, fact: &HeardFact) -> bool {
        let counts = matches!(fact.what, What::Finding(Some(_)) | What::Conference(Some(_)) | What::Report(..));
        counts && self.determined_at.is_some_and(|at| fact.first.0 <= at)
    }
}

/// What was recorded in another order, or once more, is the same, but for reports on actions and contact; and what was
/// wrong makes no difference any more, but for its number among contacts.
impl Hash for Facts {
    fn hash<H: Hasher>(&self, into: &mut H) {
        let key = |fact: &HeardFact| {
            let mut hasher = DefaultHasher::new();
            (&fact.what, fact.stands, self.bears(fact)).hash(&mut hasher);
            hasher.finish()
        };
        let in_order = |fact: &&HeardFact| matches!(fact.what, What::Report(..) | What::Contact(_));
        let ordered = self.all.iter().filter(in_order).filter(|fact| fact.stands || fact.what.is_contact());
        let mut others: Vec<_> = self.all.iter().filter(|fact| fact.stands && !in_order(fact)).map(key).collect();
        others.sort_unstable();
        others.dedup();
        (ordered.map(key).collect::<Vec<_>>(), others, self.determined_at).hash(into);
    }
}

impl What {
    fn is_contact(&self) -> bool {
        matches!(self, Self::Contact(_))
    }
}
