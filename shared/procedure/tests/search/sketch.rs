//! What of a state makes a difference, as numbers: two states with the same sketch go on alike.

use chrono::{DateTime, Utc};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A sketch in the making.
#[derive(Debug)]
pub(crate) struct Sketch(Vec<i64>);

impl Sketch {
    /// The sketch of what was heard.
    pub(crate) fn new(heard: &impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        heard.hash(&mut hasher);
        Self(vec![i64::from_ne_bytes(hasher.finish().to_ne_bytes())])
    }

    pub(crate) fn number(&mut self, number: i64) -> &mut Self {
        self.0.push(number);
        self
    }

    pub(crate) fn count(&mut self, count: usize) -> &mut Self {
        self.number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    pub(crate) fn flag(&mut self, flag: bool) -> &mut Self {
        self.number(i64::from(flag))
    }

    pub(crate) fn at(&mut self, at: DateTime<Utc>) -> &mut Self {
        self.number(at.timestamp_micros())
    }

    pub(crate) fn maybe_at(&mut self, at: Option<DateTime<Utc>>) -> &mut Self {
        self.number(at.map_or(i64::MIN, |at| at.timestamp_micros()))
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        self.number(i64::from_ne_bytes(hasher.finish().to_ne_bytes()))
    }

    /// By what a sketch is known: two hashes of it, so that no two sketches are taken for one.
    pub(crate) fn key(&self) -> (u64, u64) {
        let (mut one, mut other) = (DefaultHasher::new(), DefaultHasher::new());
        self.0.hash(&mut one);
        (self.0.len(), 0x5eed_u64, &self.0).hash(&mut other);
        (one.finish(), other.finish())
    }
}
