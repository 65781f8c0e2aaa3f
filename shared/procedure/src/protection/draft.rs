//! Answers drafted before a verification returns, and given out once it has.

use super::{
    Answer, Arrival, DatabaseIdentity, Freshness, Holds, Kept, LedgerRead, Matched, OnRecord, Permitted, Prohibited,
    Proofs, Question, Reason, Reload, Revision, Sources, Span, Ticks, Unrecognised, Verification, freshness,
    match_holds, stated_condition,
};
use crate::{Rule, Workload};
use std::collections::BTreeMap;

/// The answers to a batch of questions, drafted against a copy of the ledger while its verification is on its way. None
/// of them is an answer before [`returned`](Self::returned). It keeps all that it went by.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    revision: Revision,
    proofs: Proofs,
    required: Sources,
    on_record: BTreeMap<Workload, OnRecord>,
    /// What there was to go by as the verification was sent, whatever the ledger's database turns out to be.
    trusted: Trusted,
    drafted: Vec<Drafted>,
}

impl Verification {
    /// What is asked, drafted against the copy as it is now, in the order asked. `now` is the time before the
    /// verification is sent.
    #[must_use]
    pub fn draft<'a>(
        self,
        kept: &Kept,
        named: &Sources,
        asked: impl IntoIterator<Item = (Arrival, &'a Result<Question, Unrecognised>)>,
        now: Ticks,
    ) -> Draft {
        let required = kept.required(named);
        let trusted = Trusted::of(&self.proofs, &required, &kept.on_record, None, now);
        let undelivered = self.proofs.undelivered();
        let asked: Vec<_> = asked.into_iter().collect();
        let may_meet = kept.holds.may_know(asked.iter().map(|(_, asked)| asked.as_ref().ok()));
        // What is undelivered may lead from a customer to another reference, and by that to a hold of the ledger.
        let all_delivered = undelivered.iter().all(|(_, holds)| holds.is_empty());
        let none = Holds::default();
        let drafted = asked.into_iter().zip(may_meet).map(|((arrived, asked), may_meet)| {
            let holds = if may_meet || !all_delivered { &kept.holds } else { &none };
            Drafted::of(asked, arrived, &self, holds, &undelivered)
        });
        let (drafted, on_record) = (drafted.collect(), kept.on_record.clone());
        Draft { revision: kept.revision, proofs: self.proofs, required, on_record, trusted, drafted }
    }
}

impl Draft {
    /// The revision of the copy. What is to be journalled must only be written where the ledger is at it.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The places, from 0 in the order asked, of the questions that may come to be permitted; no other can be. Nothing
    /// is named while a source has nothing fresh to show.
    pub fn to_journal(&self) -> impl Iterator<Item = usize> {
        let permits = |drafted: &Drafted| self.trusted.left().is_some() && drafted.is_met_by_nothing();
        self.drafted.iter().enumerate().filter(move |(_, drafted)| permits(drafted)).map(|(place, _)| place)
    }

    /// For how long at most anything will be permitted; `None`: nothing will be.
    #[must_use]
    pub fn most(&self) -> Option<Span> {
        self.trusted.left()
    }

    /// The answers, in the order asked, given what the verification read and the time by now.
    ///
    /// # Errors
    /// Where the copy was not what the ledger is: none of it counts.
    pub fn returned(self, read: &LedgerRead, now: Ticks) -> Result<Vec<Answer>, Reload> {
        if read.revision != self.revision {
            return Err(Reload);
        }
        let by_now = Trusted::of(&self.proofs, &self.required, &self.on_record, Some(&read.identity), now);
        let trusted = by_now.and(&self.trusted);
        Ok(self.drafted.into_iter().map(|drafted| drafted.finish(&trusted)).collect())
    }

    /// The answers, in the order asked, where the ledger did not answer: nothing is permitted.
    #[must_use]
    pub fn not_returned(self) -> Vec<Answer> {
        let unverified = self.drafted.into_iter().map(Drafted::not_verified);
        unverified.map(|drafted| drafted.finish(&self.trusted)).collect()
    }
}

/// What one question meets; not an answer yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Drafted {
    /// It was not understood.
    NotRecognised(Unrecognised),
    /// It arrived after the verification was sent, or there is none.
    NotVerified,
    /// What it meets in the copy and among what is undelivered, and what it states itself that prohibits.
    Matched(Matched, Option<Vec<&'static Rule>>),
}

impl Drafted {
    pub(super) fn of(
        asked: &Result<Question, Unrecognised>,
        arrived: Arrival,
        sent: &Verification,
        holds: &Holds,
        undelivered: &[(Workload, &Holds)],
    ) -> Self {
        match asked {
            Err(unrecognised) => Self::NotRecognised(unrecognised.clone()),
            Ok(_) if arrived > sent.last => Self::NotVerified,
            Ok(question) => {
                let stated = stated_condition(question, holds);
                Self::Matched(match_holds(question, holds, undelivered), stated)
            }
        }
    }

    /// What becomes of a question while there is no verification.
    pub(super) fn unverified(asked: &Result<Question, Unrecognised>) -> Self {
        asked.as_ref().map_or_else(|unrecognised| Self::NotRecognised(unrecognised.clone()), |_| Self::NotVerified)
    }

    fn not_verified(self) -> Self {
        match self {
            Self::NotRecognised(unrecognised) => Self::NotRecognised(unrecognised),
            Self::NotVerified | Self::Matched(..) => Self::NotVerified,
        }
    }

    fn is_met_by_nothing(&self) -> bool {
        match self {
            Self::NotRecognised(_) | Self::NotVerified => false,
            Self::Matched(matched, stated) => matched.prohibited_by.is_empty() && stated.is_none(),
        }
    }

    /// The answer.
    pub(super) fn finish(self, trusted: &Trusted) -> Answer {
        let prohibited = |reason| Answer::Prohibited(Prohibited { reasons: vec![reason], advisories: Vec::new() });
        let (Matched { prohibited_by, advisories }, stated) = match self {
            Self::NotRecognised(unrecognised) => return prohibited(Reason::NotRecognised(unrecognised)),
            Self::NotVerified => return prohibited(Reason::NotVerified),
            Self::Matched(matched, stated) => (matched, stated),
        };
        match trusted.left() {
            Some(valid_for) if prohibited_by.is_empty() && stated.is_none() => {
                Answer::Permitted(Permitted { valid_for, advisories })
            }
            Some(_) | None => {
                let held = prohibited_by.into_iter().map(Reason::Held);
                let stated = stated.map(Reason::ConditionStated);
                let reasons = trusted.reasons.iter().cloned().chain(held).chain(stated).collect();
                Answer::Prohibited(Prohibited { reasons, advisories })
            }
        }
    }
}

/// Why nothing may be permitted now whatever is asked, or else for how long something may. The same for every question
/// of a batch. There is a reason wherever there is no time left.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Trusted {
    reasons: Vec<Reason>,
    left: Option<Span>,
}

impl Trusted {
    /// `ledger` is the ledger's own database; `None`: not known yet, so that it is taken to be the one compared.
    pub(super) fn of(
        proofs: &Proofs,
        required: &Sources,
        on_record: &BTreeMap<Workload, OnRecord>,
        ledger: Option<&DatabaseIdentity>,
        now: Ticks,
    ) -> Self {
        let (mut reasons, left) = match freshness(proofs, required, now) {
            Freshness::Fresh { oldest: _, left } => (Vec::new(), Some(left)),
            Freshness::NotFresh { missing, stale } => {
                let missing = missing.into_iter().map(Reason::Missing);
                (missing.chain(stale.into_iter().map(Reason::Stale)).collect(), None)
            }
            Freshness::NoSources => (vec![Reason::NoSources], None),
        };
        // A source without a proof is missing already.
        let proved = required.iter().filter_map(|source| proofs.get(source));
        let is_reconciled = |source, identity: &DatabaseIdentity| match on_record.get(&source) {
            Some(OnRecord::Reconciled(compared)) => {
                compared.source == *identity && ledger.is_none_or(|ledger| compared.ledger == *ledger)
            }
            Some(OnRecord::Owed { .. }) | None => false,
        };
        let differs = proved.filter(|proof| !is_reconciled(proof.source, &proof.identity));
        reasons.extend(differs.map(|proof| Reason::NotReconciled(proof.source)));
        Self { reasons, left }
    }

    /// This, and never more than another.
    fn and(self, other: &Self) -> Self {
        let reasons = if self.reasons.is_empty() { other.reasons.clone() } else { self.reasons };
        let left = self.left.and_then(|left| other.left.map(|other| left.min(other)));
        Self { reasons, left }
    }

    /// For how long something may be permitted.
    fn left(&self) -> Option<Span> {
        self.left.filter(|_| self.reasons.is_empty())
    }
}
