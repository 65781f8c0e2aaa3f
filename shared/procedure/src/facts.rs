//! Facts as people recorded them, by number. What is right takes the place of what was wrong, which stays readable.

use crate::{Actor, Fault, NarrativeRef, Refusal};
use chrono::{DateTime, Utc};
use chrono_tz::Europe::London;
use std::{collections::BTreeMap, mem::discriminant};

/// What was recorded, in a sentence for people; `None`: its number was not kept with it.
pub(crate) fn numbered(fact: Option<u32>, told: &str) -> String {
    match fact {
        Some(number) => format!("Fact {number}: {told}."),
        None => format!("Recorded: {told}."),
    }
}

/// That a fact was wrong, for people: what was wrong of it, where that was kept, and what is right.
pub(crate) fn put_right(fact: u32, wrong: Option<String>, right: Option<(u32, String)>) -> String {
    let wrong = wrong.map(|wrong| format!(", {wrong},")).unwrap_or_default();
    match right {
        Some((number, right)) => format!("Fact {fact}{wrong} was wrong; fact {number} takes its place: {right}"),
        None => format!("Fact {fact}{wrong} never happened"),
    }
}

/// The day and the time at which something happened, for people.
pub(crate) fn on(at: DateTime<Utc>) -> String {
    at.with_timezone(&London).format("on %-d %B %Y at %H:%M").to_string()
}

/// The refusal of a correction of what does not stand.
pub(crate) fn not_standing(number: u32) -> Refusal {
    Refusal::NoSuchPart(format!("fact {number} is not among the facts that stand"))
}

/// Refuses to put something of another kind in the place of what was wrong.
pub(crate) fn of_the_same_kind<T>(number: u32, right: &T, wrong: &T) -> Result<(), Refusal> {
    if discriminant(right) == discriminant(wrong) {
        return Ok(());
    }
    let why = format!("fact {number} is of another kind; the correction has to be of the same");
    Err(Refusal::Invalid(vec![Fault::new("right", why)]))
}

/// The facts of a case, numbered from 1 in the order they were recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts<T>(BTreeMap<u32, Kept<T>>);

/// A fact as it was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept<T> {
    /// What was recorded.
    pub what: T,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// The fact whose place it takes.
    pub corrects: Option<u32>,
    /// Why it stands no more; `None`: it stands.
    pub superseded: Option<Superseded>,
    /// The fact that was recorded first of those that it corrects, or itself, and when that was.
    place: (u32, DateTime<Utc>),
}

/// Why a fact stands no more.
#[derive(Debug, Clone, PartialEq)]
pub struct Superseded {
    /// The fact that takes its place; `None`: it never happened.
    pub by_fact: Option<u32>,
    /// Why it was wrong.
    pub reason: NarrativeRef,
    /// When that was said.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
}

impl<T> Default for Facts<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Kept<T> {
    /// When it, or what it corrects, was first on record.
    #[must_use]
    pub fn first_at(&self) -> DateTime<Utc> {
        self.place.1
    }
}

impl<T> Facts<T> {
    /// The number that the next fact gets.
    #[must_use]
    pub fn next(&self) -> u32 {
        self.0.last_key_value().map_or(1, |(number, _)| number.saturating_add(1))
    }

    /// Every fact with its number, those that stand no more among them, in the order they were recorded.
    pub fn all(&self) -> impl Iterator<Item = (u32, &Kept<T>)> {
        self.0.iter().map(|(number, kept)| (*number, kept))
    }

    /// The facts that stand, each in the place of what it corrects.
    #[must_use]
    pub fn standing(&self) -> Vec<&Kept<T>> {
        let mut standing: Vec<_> = self.0.values().filter(|kept| kept.superseded.is_none()).collect();
        standing.sort_by_key(|kept| kept.place.0);
        standing
    }

    /// The fact of this number, where it stands.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&Kept<T>> {
        self.0.get(&number).filter(|kept| kept.superseded.is_none())
    }

    /// Takes in what was recorded.
    pub(crate) fn record(&mut self, what: T, at: DateTime<Utc>, by: Actor) {
        let number = self.next();
        self.0.insert(number, Kept { what, at, by, corrects: None, superseded: None, place: (number, at) });
    }

    /// Puts what is right in the place of what was wrong; `None`: it never happened.
    pub(crate) fn supersede(&mut self, wrong: u32, right: Option<T>, why: Superseded) {
        let Some(place) = self.0.get(&wrong).map(|kept| kept.place) else { return };
        let (at, by) = (why.at, why.by.clone());
        if let (Some(number), Some(what)) = (why.by_fact, right) {
            self.0.insert(number, Kept { what, at, by, corrects: Some(wrong), superseded: None, place });
        }
        if let Some(kept) = self.0.get_mut(&wrong) {
            kept.superseded = Some(why);
        }
    }
}
