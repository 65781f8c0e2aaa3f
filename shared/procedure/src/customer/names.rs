//! The references that a customer went by before.

use super::Customer;
use crate::{Fault, Refusal};

/// How many are kept: as many as a hold may tell the ledger, which would not take one that tells more.
pub const MOST_FORMER_NAMES: usize = 100;

impl Customer {
    /// Takes in that the customer, known by one reference so far, goes by another from now on. Where that makes too many,
    /// the one that was given up first is kept no more.
    pub(super) fn rename(&mut self, known_as: &str, into: &str) {
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
