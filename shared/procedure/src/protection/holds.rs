//! Every hold that is known, in little memory: found by its key, by its award and by each reference of the customer's.
//!
//! A copy of the whole ledger is kept by whoever answers, so a hold takes some 130 bytes with all that finds it. Its
//! words stand in one text, and what its ground says is kept once for all holds that say the same.

mod index;
mod screen;

use super::{Applied, Change, DatabaseIdentity, Hold, HoldGround, HoldKey, Prohibits, Question, Standing, Version};
use crate::{Award, Benefit, Rule, Workload};
use index::{Index, What};
use std::fmt;

/// Every hold that the ledger knows, released ones included, by key, by award and by the customer's references. Holds
/// are never removed, only replaced by what is known of them next.
#[derive(Clone, Default)]
pub struct Holds {
    entries: Vec<Entry>,
    /// What holds say, each once. There are about as many as benefits times grounds.
    said: Vec<Said>,
    /// How many stand.
    standing: usize,
    index: Index,
}

/// A hold, but for its words and what it says.
#[derive(Debug, Clone)]
struct Entry {
    version: Version,
    /// Where its words begin: the case, the customer, the award, then the customer's former references.
    at: usize,
    /// The length of each, in bytes.
    case: u32,
    customer: u32,
    award: u32,
    /// Which of [`Holds::said`].
    said: u32,
    /// The next mention of the same award, of the same customer, and its first former reference: see [`index`].
    next_of_award: u32,
    next_of_customer: u32,
    formerly: u32,
    holder: Workload,
    state: Standing,
}

/// What holds of one ground and benefit have in common, nearly always.
#[derive(Debug, Clone)]
struct Said {
    ground: HoldGround,
    benefit: Benefit,
    rules: Vec<&'static Rule>,
    prohibits: Prohibits,
}

impl Said {
    fn is_of(&self, hold: &Hold) -> bool {
        (self.ground, self.benefit) == (hold.key.ground, hold.award.benefit)
            && self.prohibits == hold.prohibits
            && self.rules.iter().map(|rule| rule.id).eq(hold.rules.iter().map(|rule| rule.id))
    }
}

/// A hold where it is kept, without a copy of its words.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    holds: &'a Holds,
    entry: &'a Entry,
}

impl FromIterator<Hold> for Holds {
    fn from_iter<I: IntoIterator<Item = Hold>>(holds: I) -> Self {
        let mut all = Self::default();
        all.extend(holds);
        all
    }
}

/// Each in the place of what was known under its key: for a copy of the ledger that has fallen behind.
impl Extend<Hold> for Holds {
    fn extend<I: IntoIterator<Item = Hold>>(&mut self, holds: I) {
        holds.into_iter().for_each(|hold| self.put(&hold));
    }
}

/// By what is known, in whatever order it came.
impl PartialEq for Holds {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.all().all(|known| other.get(&known.key()) == Some(known.hold()))
    }
}

impl fmt::Debug for Holds {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_set().entries(self.iter()).finish()
    }
}

impl Holds {
    /// Takes a change in, or says why not. Applying it again changes nothing.
    pub fn apply(&mut self, change: &Change, reconciled: Option<&DatabaseIdentity>) -> Applied {
        let applied = change.judge(self.get(&change.hold.key).as_ref(), reconciled);
        if applied == Applied::Applied {
            self.put(&change.hold);
        }
        applied
    }

    /// The hold of this key, released or not.
    #[must_use]
    pub fn get(&self, key: &HoldKey) -> Option<Hold> {
        self.place_of(key).map(|place| self.known(place).hold())
    }

    /// Every hold, released ones included, by key. Sorts them all, and copies each.
    pub fn iter(&self) -> impl Iterator<Item = Hold> {
        let mut all: Vec<_> = self.all().collect();
        all.sort_unstable_by_key(Known::order);
        all.into_iter().map(|known| known.hold())
    }

    /// How many there are, released ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many stand.
    #[must_use]
    pub fn standing(&self) -> usize {
        self.standing
    }

    /// The memory that they take, in bytes: all that was asked of the allocator, room to grow included.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let said = self.said.iter().map(|said| {
            let Prohibits { actions, only_on } = &said.prohibits;
            let only_on = only_on.as_ref().map_or(0, room);
            room(&said.rules) + room(actions) + only_on
        });
        size_of::<Self>() + room(&self.entries) + room(&self.said) + said.sum::<usize>() + self.index.bytes()
    }

    /// Puts a hold in the place of what was known under its key.
    pub(super) fn put(&mut self, hold: &Hold) {
        let said = self.say(hold);
        self.standing += usize::from(hold.state.protects());
        let Some(place) = self.place_of(&hold.key) else {
            grow(&mut self.entries);
            self.entries.push(Entry::unwritten(hold, said));
            return self.index.add(&mut self.entries, &self.said, hold);
        };
        let entry = &mut self.entries[place];
        self.standing -= usize::from(entry.state.protects());
        (entry.version, entry.holder, entry.state, entry.said) = (hold.version, hold.holder, hold.state, said);
        self.index.rewrite(&mut self.entries, place, hold);
    }

    /// The holds of an award.
    pub(super) fn of_award<'a>(&'a self, award: &str) -> impl Iterator<Item = Known<'a>> {
        self.index.of(&self.entries, What::Award, award).map(|place| self.known(place))
    }

    /// The holds that know a customer by this reference; one that has it twice may come twice.
    pub(super) fn of_name<'a>(&'a self, name: &str) -> impl Iterator<Item = Known<'a>> {
        self.index.of(&self.entries, What::Name, name).map(|place| self.known(place))
    }

    /// Of each question whether any hold may know the award or the customer as asked; where not, none does.
    pub(super) fn may_know<'a>(&self, asked: impl Iterator<Item = Option<&'a Question>>) -> Vec<bool> {
        let words = |question: &'a Question| [(What::Award, question.award()), (What::Name, question.customer())];
        self.index.may_mention(asked.map(|question| question.map(words)))
    }

    fn all(&self) -> impl Iterator<Item = Known<'_>> {
        self.entries.iter().map(|entry| Known { holds: self, entry })
    }

    fn known(&self, place: usize) -> Known<'_> {
        Known { holds: self, entry: &self.entries[place] }
    }

    fn place_of(&self, key: &HoldKey) -> Option<usize> {
        self.index.place_of(&self.entries, &self.said, &key.case, key.ground)
    }

    /// The place of what a hold says among all that is said.
    fn say(&mut self, hold: &Hold) -> u32 {
        let place = self.said.iter().position(|said| said.is_of(hold)).unwrap_or_else(|| {
            let Hold { key, award, rules, prohibits, .. } = hold.clone();
            self.said.push(Said { ground: key.ground, benefit: award.benefit, rules, prohibits });
            self.said.len() - 1
        });
        place as u32
    }
}

impl<'a> Known<'a> {
    pub(super) fn case(&self) -> &'a str {
        self.holds.index.case(self.entry)
    }

    pub(super) fn ground(&self) -> HoldGround {
        self.said().ground
    }

    pub(super) fn award(&self) -> &'a str {
        self.holds.index.award(self.entry)
    }

    pub(super) fn customer(&self) -> &'a str {
        self.holds.index.customer(self.entry)
    }

    pub(super) fn benefit(&self) -> Benefit {
        self.said().benefit
    }

    /// Every reference of the customer's that it knows.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        [self.customer()].into_iter().chain(self.holds.index.formerly(self.entry))
    }

    pub(super) fn state(&self) -> Standing {
        self.entry.state
    }

    pub(super) fn protects(&self) -> bool {
        self.state().protects()
    }

    pub(super) fn rules(&self) -> &'a [&'static Rule] {
        &self.said().rules
    }

    pub(super) fn prohibits(&self) -> &'a Prohibits {
        &self.said().prohibits
    }

    /// Holds are put in order by this: that of their keys.
    pub(super) fn order(&self) -> (&'a str, HoldGround) {
        (self.case(), self.ground())
    }

    fn key(&self) -> HoldKey {
        HoldKey { case: self.case().to_owned(), ground: self.ground() }
    }

    fn said(&self) -> &'a Said {
        &self.holds.said[self.entry.said as usize]
    }

    fn hold(&self) -> Hold {
        let words = |words: &str| words.to_owned();
        Hold {
            key: self.key(),
            version: self.entry.version,
            award: Award { customer: words(self.customer()), benefit: self.benefit(), award: words(self.award()) },
            formerly: self.holds.index.formerly(self.entry).map(words).collect(),
            holder: self.entry.holder,
            state: self.entry.state,
            rules: self.rules().to_vec(),
            prohibits: self.prohibits().clone(),
        }
    }
}

/// Makes room for one more without asking for twice as much: a list of everything is large.
fn grow<T>(list: &mut Vec<T>) {
    if list.len() == list.capacity() {
        list.reserve_exact(list.len() / 16 + 4);
    }
}

fn room<T>(list: &Vec<T>) -> usize {
    list.capacity() * size_of::<T>()
}
