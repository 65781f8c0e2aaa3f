//! Tokens that verified, so that a signature is checked once and not with every call.

use crate::access::{role_named, workload_named};
use holdfast_contracts::holdfast::access::v1::{Role, Workload};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

/// Parts that are locked each by itself, so that callers do not queue for one lock.
const PARTS: usize = 16;
/// Tokens kept in each part; 4,096 in all.
const IN_A_PART: usize = 256;

/// What a token says whose signature, issuer and audience are right. Whether it is valid now is judged at each use.
#[derive(Debug)]
pub(super) struct Believed {
    /// Until when, in seconds since 1970.
    pub(super) until: i64,
    /// From when, in seconds since 1970.
    pub(super) from: Option<i64>,
    /// The person's opaque subject; empty where there is no person.
    pub(super) person: String,
    /// The role the person acts in.
    pub(super) role: Option<Role>,
    /// The workload that it names; `None` where nobody knows it by that name.
    pub(super) workload: Option<Workload>,
}

impl Believed {
    /// What these claims say; `None` where they name an unknown role.
    pub(super) fn of(claims: super::Claims) -> Option<Self> {
        let super::Claims { sub, exp: until, nbf: from, role, workload } = claims;
        let workload = workload.map_or(Some(Workload::Casework), |name| workload_named(&name));
        let (person, role) = match role {
            None => (String::new(), None),
            Some(role) => (sub, Some(role_named(&role)?)),
        };
        Some(Self { until, from, person, role, workload })
    }
}

/// A token, by the digest of all its bytes. The token itself is kept nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(super) fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

type Part = RwLock<HashMap<Fingerprint, Arc<Believed>>>;

/// Tokens that verified, a bounded number of them.
#[derive(Default)]
pub(super) struct Known([Part; PARTS]);

impl Known {
    /// What the token with this fingerprint says, where it verified before.
    pub(super) fn get(&self, token: &Fingerprint) -> Option<Arc<Believed>> {
        self.part(token).read().unwrap_or_else(PoisonError::into_inner).get(token).map(Arc::clone)
    }

    /// Keeps what a token says that verified now. Where there is no place left, those that have expired by `now` go, or
    /// else all of that part: they are verified again when they come again.
    pub(super) fn keep(&self, token: Fingerprint, believed: &Arc<Believed>, now: i64) {
        let mut part = self.part(&token).write().unwrap_or_else(PoisonError::into_inner);
        if part.len() >= IN_A_PART {
            part.retain(|_, known| known.until > now);
        }
        if part.len() >= IN_A_PART {
            part.clear();
        }
        part.insert(token, Arc::clone(believed));
    }

    /// Forgets a token that has expired.
    pub(super) fn forget(&self, token: &Fingerprint) {
        self.part(token).write().unwrap_or_else(PoisonError::into_inner).remove(token);
    }

    fn part(&self, token: &Fingerprint) -> &Part {
        let Fingerprint([first, ..]) = token;
        &self.0[usize::from(*first) % PARTS]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn until(until: i64) -> Arc<Believed> {
        Arc::new(Believed { until, from: None, person: String::new(), role: None, workload: None })
    }

    #[test]
    fn however_many_tokens_come_a_bounded_number_is_kept() {
        let known = Known::default();
        let kept = || known.0.iter().map(|part| part.read().unwrap().len()).sum::<usize>();
        for number in 0..20_000 {
            known.keep(Fingerprint::of(&format!("token {number}")), &until(i64::MAX), 0);
            assert!(kept() <= PARTS * IN_A_PART, "{} are kept", kept());
        }
        assert!(known.get(&Fingerprint::of("token 19999")).is_some());
    }

    #[test]
    fn those_that_have_expired_make_room_first() {
        let known = Known::default();
        let lasting = Fingerprint::of("lasting");
        known.keep(lasting, &until(i64::MAX), 0);
        let in_its_part = |token: &Fingerprint| std::ptr::eq(known.part(token), known.part(&lasting));
        let expiring = (0..).map(|number| Fingerprint::of(&format!("{number}"))).filter(in_its_part);
        for token in expiring.take(IN_A_PART * 3) {
            known.keep(token, &until(5), 5);
        }
        assert!(known.get(&lasting).is_some());
    }
}
