//! The references that a customer went by before.

use super::{Customer, Told};
use crate::{Actor, Fault, Refusal};
use chrono::{DateTime, Utc};

/// How many are kept: as many as a hold may tell the ledger, which would not take one that tells more.
pub const MOST_FORMER_NAMES: usize = 100;

/// That two references are one customer's, as a case was told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    /// The reference that is given up.
    pub former: String,
    /// When it was told first, wherever that was.
    pub at: DateTime<Utc>,
    /// Who said so.
    pub by: Actor,
    /// It is the one that the case knew its customer by; otherwise that of another record of theirs.
    pub own: bool,
}

impl Customer {
    /// Takes in that the customer, known by one reference so far, goes by another from now on; and that a third one, where
    /// it was told of that, was theirs as well.
    pub(super) fn take_merge(&mut self, known_as: &str, into: &str, told: &Told) {
        let merge = |former: &str, own| Merge { former: former.to_owned(), at: told.at, by: told.by.clone(), own };
        if known_as != into {
            self.rename(known_as, into);
            self.merges.push(merge(known_as, true));
        }
        if self.learns(into, &told.known_as) {
            self.formerly.push(told.known_as.clone());
            self.merges.push(merge(&told.known_as, false));
        }
    }

    /// Whether it is news that a customer who goes by `known_as` has another record, or had it, under `other`. Where as
    /// many as are kept are known, none is given up for it.
    pub(super) fn learns(&self, known_as: &str, other: &str) -> bool {
        let is_other = !other.is_empty() && other != known_as;
        is_other && self.formerly.len() < MOST_FORMER_NAMES && !self.formerly.iter().any(|name| name == other)
    }

    /// The reference that the customer, who goes by `known_as` now, went by in this case at an instant. At the very instant
    /// of a merge it is the former one.
    pub(super) fn known_as_at<'a>(&'a self, known_as: &'a str, at: DateTime<Utc>) -> &'a str {
        let given_up_since = self.merges.iter().filter(|merge| merge.own && merge.at >= at);
        given_up_since.min_by_key(|merge| merge.at).map_or(known_as, |merge| &merge.former)
    }

    /// Takes in that the customer, known by one reference so far, goes by another from now on. Where that makes too many,
    /// the one that was given up first is kept no more.
    fn rename(&mut self, known_as: &str, into: &str) {
        let mut names = self.given_up(known_as, into);
        names.drain(..names.len().saturating_sub(MOST_FORMER_NAMES));
        self.formerly = names;
    }

    /// Refuses what says nothing new, or would have a reference forgotten.
    pub(super) fn may_be_renamed(&self, known_as: &str, into: &str) -> Result<(), Refusal> {
        let why = if known_as == into {
            "is the reference this customer goes by already".to_owned()
        } else if self.given_up(known_as, into).len() > MOST_FORMER_NAMES {
            format!("makes more than {MOST_FORMER_NAMES} references that this customer went by before")
        } else {
            return Ok(());
        };
        Err(Refusal::Invalid(vec![Fault::new("into", why)]))
    }

    /// Each reference given up, once, in the order in which that last happened; the one that is taken is none.
    fn given_up(&self, known_as: &str, into: &str) -> Vec<String> {
        let others = self.formerly.iter().filter(|name| *name != known_as).map(String::as_str);
        others.chain([known_as]).filter(|name| *name != into).map(str::to_owned).collect()
    }
}
