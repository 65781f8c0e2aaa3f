//! The words of holds, and what finds a hold by them.
//!
//! Awards and references of customers are found alike. Every mention of a word is linked to the next of the same word,
//! so that a table has to know one of them only.

use super::{Entry, Said, grow, room, screen::Screen};
use crate::protection::{Hold, HoldGround};
use hashbrown::HashTable;
use std::{
    hash::{BuildHasher, RandomState},
    iter::successors,
};

/// No mention, or no former reference.
const NONE: u32 = u32::MAX;

/// So much of the text may be out of use before it is written anew, whatever its length, in bytes.
const WASTE: usize = 4_096;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum What {
    /// An award.
    Award,
    /// A reference of a customer's.
    Name,
}

/// Where a word is mentioned. It fits into four bytes; there is no memory for as many holds as it has no number for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mention(u32);

/// The same, spelt out: the hold's place, or that of the former reference.
enum At {
    Award(usize),
    Customer(usize),
    Former(usize),
}

/// A reference under which a customer was known before.
#[derive(Debug, Clone)]
struct Former {
    /// Where it stands in the text, and how long it is.
    at: usize,
    length: u32,
    /// The hold that has it.
    hold: u32,
    /// The hold's next former reference.
    sibling: u32,
    /// The next mention of the same reference.
    next: u32,
}

/// The words themselves.
#[derive(Debug, Clone, Default)]
struct Words {
    text: String,
    formers: Vec<Former>,
    /// The former references that nothing has any more.
    free: Vec<u32>,
    /// How much of the text is out of use.
    wasted: usize,
}

/// The words, and the tables.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    words: Words,
    by_key: HashTable<u32>,
    by_word: HashTable<Mention>,
    /// Every word that is mentioned, and some that no longer are.
    screen: Screen,
    /// Drawn by chance: whoever chooses references must not choose what they are hashed to.
    hasher: RandomState,
}

impl Entry {
    /// A hold whose words have to be written yet.
    pub(super) fn unwritten(hold: &Hold, said: u32) -> Self {
        Self {
            version: hold.version,
            at: 0,
            case: 0,
            customer: 0,
            award: 0,
            said,
            next_of_award: NONE,
            next_of_customer: NONE,
            formerly: NONE,
            holder: hold.holder,
            state: hold.state,
        }
    }

    fn customer_at(&self) -> usize {
        self.at + self.case as usize
    }

    fn award_at(&self) -> usize {
        self.customer_at() + self.customer as usize
    }

    fn formerly_at(&self) -> usize {
        self.award_at() + self.award as usize
    }
}

impl Mention {
    fn award(place: usize) -> Self {
        Self((place as u32) << 2)
    }

    fn customer(place: usize) -> Self {
        Self((place as u32) << 2 | 1)
    }

    fn former(place: u32) -> Self {
        Self(place << 2 | 2)
    }

    fn at(self) -> At {
        let place = (self.0 >> 2) as usize;
        match self.0 & 3 {
            0 => At::Award(place),
            1 => At::Customer(place),
            _ => At::Former(place),
        }
    }

    fn what(self) -> What {
        match self.at() {
            At::Award(_) => What::Award,
            At::Customer(_) | At::Former(_) => What::Name,
        }
    }
}

impl Words {
    fn read(&self, at: usize, length: u32) -> &str {
        &self.text[at..at + length as usize]
    }

    /// The word that is mentioned.
    fn of(&self, entries: &[Entry], mention: Mention) -> &str {
        match mention.at() {
            At::Award(place) => self.read(entries[place].award_at(), entries[place].award),
            At::Customer(place) => self.read(entries[place].customer_at(), entries[place].customer),
            At::Former(place) => self.read(self.formers[place].at, self.formers[place].length),
        }
    }

    /// The place of the hold that mentions it.
    fn hold(&self, mention: Mention) -> usize {
        match mention.at() {
            At::Award(place) | At::Customer(place) => place,
            At::Former(place) => self.formers[place].hold as usize,
        }
    }

    fn next(&self, entries: &[Entry], mention: Mention) -> Option<Mention> {
        let next = match mention.at() {
            At::Award(place) => entries[place].next_of_award,
            At::Customer(place) => entries[place].next_of_customer,
            At::Former(place) => self.formers[place].next,
        };
        (next != NONE).then_some(Mention(next))
    }

    fn link(&mut self, entries: &mut [Entry], mention: Mention, next: Option<Mention>) {
        let link = match mention.at() {
            At::Award(place) => &mut entries[place].next_of_award,
            At::Customer(place) => &mut entries[place].next_of_customer,
            At::Former(place) => &mut self.formers[place].next,
        };
        *link = next.map_or(NONE, |next| next.0);
    }

    fn formers(&self, entry: &Entry) -> impl Iterator<Item = u32> {
        let next = |place: u32| (place != NONE).then_some(place);
        successors(next(entry.formerly), move |place| next(self.formers[*place as usize].sibling))
    }

    fn formerly(&self, entry: &Entry) -> impl Iterator<Item = &str> {
        self.formers(entry).map(|place| &self.formers[place as usize]).map(|former| self.read(former.at, former.length))
    }

    /// Every mention that a hold makes.
    fn mentions(&self, entries: &[Entry], place: usize) -> Vec<Mention> {
        let formers = self.formers(&entries[place]).map(Mention::former);
        [Mention::award(place), Mention::customer(place)].into_iter().chain(formers).collect()
    }

    /// The length of all words of a hold.
    fn length(&self, entry: &Entry) -> usize {
        entry.formerly_at() - entry.at + self.formerly(entry).map(str::len).sum::<usize>()
    }

    /// Writes a hold's words at the end.
    fn write(&mut self, entries: &mut [Entry], place: usize, hold: &Hold) {
        let names = || hold.formerly.iter().map(String::as_str);
        let its = [hold.key.case.as_str(), &hold.award.customer, &hold.award.award];
        self.make_room(its.into_iter().chain(names()).map(str::len).sum());
        let entry = &mut entries[place];
        entry.at = self.text.len();
        its.into_iter().for_each(|word| self.text.push_str(word));
        [entry.case, entry.customer, entry.award] = its.map(|word| word.len() as u32);
        entry.formerly = NONE;
        let mut at = self.text.len() + names().map(str::len).sum::<usize>();
        names().for_each(|name| self.text.push_str(name));
        for name in names().rev() {
            at -= name.len();
            let hold = place as u32;
            let former = Former { at, length: name.len() as u32, hold, sibling: entry.formerly, next: NONE };
            entry.formerly = self.keep(former);
        }
    }

    fn make_room(&mut self, length: usize) {
        if self.text.capacity() - self.text.len() < length {
            self.text.reserve_exact(length + self.text.len() / 16);
        }
    }

    fn keep(&mut self, former: Former) -> u32 {
        if let Some(place) = self.free.pop() {
            self.formers[place as usize] = former;
            return place;
        }
        grow(&mut self.formers);
        self.formers.push(former);
        (self.formers.len() - 1) as u32
    }

    /// Gives a hold's words up.
    fn erase(&mut self, entry: &Entry) {
        self.wasted += self.length(entry);
        let formers: Vec<_> = self.formers(entry).collect();
        self.free.extend(formers);
    }

    /// Writes the text anew once too much of it is out of use.
    fn tidy(&mut self, entries: &mut [Entry]) {
        if self.wasted < WASTE.max(self.text.len() / 8) {
            return;
        }
        let mut text = String::with_capacity(self.text.len() - self.wasted);
        for entry in entries {
            let (from, to) = (entry.at, text.len());
            text.push_str(&self.text[from..from + self.length(entry)]);
            let formers: Vec<_> = self.formers(entry).collect();
            for place in formers {
                let at = &mut self.formers[place as usize].at;
                *at = *at - from + to;
            }
            entry.at = to;
        }
        (self.text, self.wasted) = (text, 0);
    }
}

impl Index {
    pub(super) fn case(&self, entry: &Entry) -> &str {
        self.words.read(entry.at, entry.case)
    }

    pub(super) fn customer(&self, entry: &Entry) -> &str {
        self.words.read(entry.customer_at(), entry.customer)
    }

    pub(super) fn award(&self, entry: &Entry) -> &str {
        self.words.read(entry.award_at(), entry.award)
    }

    pub(super) fn formerly(&self, entry: &Entry) -> impl Iterator<Item = &str> {
        self.words.formerly(entry)
    }

    pub(super) fn bytes(&self) -> usize {
        let Words { text, formers, free, wasted: _ } = &self.words;
        let tables = self.by_key.allocation_size() + self.by_word.allocation_size();
        text.capacity() + room(formers) + room(free) + tables + self.screen.bytes()
    }

    /// The place of the hold of a key.
    pub(super) fn place_of(&self, entries: &[Entry], said: &[Said], case: &str, ground: HoldGround) -> Option<usize> {
        let is_it = |place: &u32| {
            let entry = &entries[*place as usize];
            said[entry.said as usize].ground == ground && self.case(entry) == case
        };
        self.by_key.find(self.hasher.hash_one((case, ground)), is_it).map(|place| *place as usize)
    }

    /// The places of the holds that mention a word; nothing is allocated.
    pub(super) fn of(&self, entries: &[Entry], what: What, word: &str) -> impl Iterator<Item = usize> {
        let first = self.first(entries, what, word);
        successors(first, |mention| self.words.next(entries, *mention)).map(|mention| self.words.hold(mention))
    }

    /// Of each of these pairs of words whether any hold may mention one of them; where not, none does. All are hashed
    /// before the first is looked up, so that the looks need not wait for one another.
    pub(super) fn may_mention<'a>(&self, words: impl Iterator<Item = Option<[(What, &'a str); 2]>>) -> Vec<bool> {
        let hashed = words.map(|words| words.map(|words| words.map(|word| self.hasher.hash_one(word))));
        let hashed: Vec<_> = hashed.collect();
        let may_hold = |hashes: &[u64; 2]| self.screen.may_hold(hashes[0]) | self.screen.may_hold(hashes[1]);
        hashed.iter().map(|hashes| hashes.as_ref().is_some_and(may_hold)).collect()
    }

    /// Writes and links the words of the last hold, which is new.
    pub(super) fn add(&mut self, entries: &mut [Entry], said: &[Said], hold: &Hold) {
        let place = entries.len() - 1;
        self.words.write(entries, place, hold);
        let (words, hasher) = (&self.words, &self.hasher);
        let hash = |place: &u32| {
            let entry = &entries[*place as usize];
            hasher.hash_one((words.read(entry.at, entry.case), said[entry.said as usize].ground))
        };
        self.by_key.insert_unique(hash(&(place as u32)), place as u32, hash);
        self.link(entries, place);
    }

    /// Writes and links the words of a hold that is known already, where they are others than before.
    pub(super) fn rewrite(&mut self, entries: &mut [Entry], place: usize, hold: &Hold) {
        let entry = &entries[place];
        let same = (self.customer(entry), self.award(entry)) == (&hold.award.customer, &hold.award.award);
        if same && self.formerly(entry).eq(hold.formerly.iter().map(String::as_str)) {
            return;
        }
        for mention in self.words.mentions(entries, place) {
            self.unlink(entries, mention);
        }
        self.words.erase(&entries[place]);
        self.words.write(entries, place, hold);
        self.link(entries, place);
        self.words.tidy(entries);
    }

    /// The first mention of a word.
    fn first(&self, entries: &[Entry], what: What, word: &str) -> Option<Mention> {
        if self.by_word.is_empty() {
            return None;
        }
        let is_it = |mention: &Mention| mention.what() == what && self.words.of(entries, *mention) == word;
        self.by_word.find(self.hasher.hash_one((what, word)), is_it).copied()
    }

    /// Puts every mention of a hold before the others of the same word.
    fn link(&mut self, entries: &mut [Entry], place: usize) {
        for mention in self.words.mentions(entries, place) {
            let first = self.first(entries, mention.what(), self.words.of(entries, mention));
            self.words.link(entries, mention, first);
            let (words, hasher) = (&self.words, &self.hasher);
            let hash = |mention: &Mention| hasher.hash_one((mention.what(), words.of(entries, *mention)));
            match first.and_then(|first| self.by_word.find_mut(hash(&first), |known| *known == first)) {
                Some(known) => *known = mention,
                None => {
                    let hashed = hash(&mention);
                    self.by_word.insert_unique(hashed, mention, hash);
                    if self.screen.is_full() {
                        self.screen = Screen::for_twice(self.by_word.len());
                        self.by_word.iter().for_each(|mention| self.screen.add(hash(mention)));
                    } else {
                        self.screen.add(hashed);
                    }
                }
            }
        }
    }

    fn unlink(&mut self, entries: &mut [Entry], mention: Mention) {
        let word = self.words.of(entries, mention);
        let (hash, first) = (self.hasher.hash_one((mention.what(), word)), self.first(entries, mention.what(), word));
        let next = self.words.next(entries, mention);
        if first != Some(mention) {
            let mut before = successors(first, |before| self.words.next(entries, *before));
            let before = before.find(|before| self.words.next(entries, *before) == Some(mention));
            before.into_iter().for_each(|before| self.words.link(entries, before, next));
            return;
        }
        let Ok(mut known) = self.by_word.find_entry(hash, |known| *known == mention) else { return };
        match next {
            Some(next) => *known.get_mut() = next,
            None => drop(known.remove()),
        }
    }
}
