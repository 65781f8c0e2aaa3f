//! Confirming an action at the moment of taking it, and calling back a permit that a hold meets too late.

use super::{
    Answer, Arrival, DatabaseIdentity, Hold, HoldKey, Holds, Prohibited, Prohibition, Question, Reason, Sources, Ticks,
    Verified, answer, match_holds,
};
use crate::Workload;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;

/// The order in which cases flow, and in which the sources are asked: a case that moves on between two questions is
/// found at the later one.
const FLOW: [Workload; 3] = [Workload::Visiting, Workload::Conferencing, Workload::Safeguarding];

/// For how long a permit can be called back, in seconds: for longer than any payer takes from its confirmation to the
/// payment run that carries the action out.
pub const PERMIT_SECONDS: i64 = 300;

/// For how long beyond its expiry a permit is still called back, in seconds. Expiry is judged by the ledger database's
/// civil clock, which may be set; calling back too much costs a look, too little a payment.
pub const RECALL_MARGIN_SECONDS: i64 = 60;

/// What a source says of an award when it is asked itself, read in one statement on its primary.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceSays {
    /// The name it gives itself.
    pub source: Workload,
    /// Its database.
    pub identity: DatabaseIdentity,
    /// Every hold that stands there and concerns the award or its customer, and every one that was handed over without
    /// the receiver having acknowledged it.
    pub protects: Vec<Hold>,
    /// How many changes it has ever recorded that concern them. A case that came and went between two rounds shows in
    /// it, though neither round met it.
    pub changes: u64,
}

/// A confirmation under way: every source is asked in the order of the flow, and then again.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmation {
    question: Question,
    /// Whom to ask, both rounds.
    order: Vec<Workload>,
    /// What they said, in that order.
    said: Vec<SourceSays>,
}

/// Why an action is not confirmed. It may be asked again.
#[derive(Debug, Clone, PartialEq)]
pub enum Unconfirmed {
    /// The check itself prohibits it.
    Prohibited(Prohibited),
    /// Another service answered than was asked.
    AnotherSource(Workload),
    /// A source protects the award, whatever the ledger knows.
    HeldAt(Workload),
    /// Something concerning the award changed between the rounds.
    Moved(Workload),
    /// A source's database or the ledger's is another than those that were last compared.
    NotReconciled(Workload),
    /// Not every source has been asked twice.
    NotAsked(Workload),
}

/// That an action may be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmed {
    /// What was asked.
    pub question: Question,
}

impl Confirmation {
    /// Begins one: whom to ask, in order.
    #[must_use]
    pub fn of(question: Question, verified: &Verified<'_>, named: &Sources) -> Self {
        let required: BTreeSet<_> = verified.required(named).iter().collect();
        let flow = FLOW.into_iter().filter(|source| required.contains(source));
        let others = required.iter().copied().filter(|source| !FLOW.contains(source));
        let round: Vec<_> = flow.chain(others).collect();
        Self { question, order: [round.as_slice(), round.as_slice()].concat(), said: Vec::new() }
    }

    /// Whom to ask next; `None` once everybody was asked twice.
    #[must_use]
    pub fn next(&self) -> Option<Workload> {
        self.order.get(self.said.len()).copied()
    }

    /// Takes the next answer in. Whether it holds the customer under a reference that only others know is judged at the
    /// end.
    ///
    /// # Errors
    /// Where it settles that the action is not confirmed.
    pub fn heard(mut self, says: SourceSays) -> Result<Self, Unconfirmed> {
        let Some(asked) = self.next().filter(|asked| *asked == says.source) else {
            return Err(Unconfirmed::AnotherSource(says.source));
        };
        let protects: Holds = says.protects.iter().cloned().collect();
        if let Some(held) = held(&self.question, &Holds::default(), &[(asked, &protects)]) {
            return Err(held);
        }
        let before = self.said.iter().find(|before| before.source == asked);
        if before.is_some_and(|before| (before.changes, &before.identity) != (says.changes, &says.identity)) {
            return Err(Unconfirmed::Moved(asked));
        }
        self.said.push(says);
        Ok(self)
    }

    /// Concludes in the transaction that writes the permit. `verified` is the ledger as that transaction reads it, under
    /// the lock that changes of holds take too.
    ///
    /// # Errors
    /// Where the action is not confirmed.
    pub fn conclude(
        self,
        arrived: Arrival,
        verified: &Verified<'_>,
        named: &Sources,
        now: Ticks,
    ) -> Result<Confirmed, Unconfirmed> {
        if let Some(unasked) = self.next() {
            return Err(Unconfirmed::NotAsked(unasked));
        }
        for says in &self.said {
            if !verified.is_reconciled_with(says.source, &says.identity) {
                return Err(Unconfirmed::NotReconciled(says.source));
            }
        }
        let required = verified.required(named);
        if let Some(unasked) = required.iter().find(|source| !self.order.contains(source)) {
            return Err(Unconfirmed::NotAsked(unasked));
        }
        // All that was said stands beside what the ledger knows: what one tells of who the customer is leads to what
        // another holds.
        let said: Vec<(_, Holds)> =
            self.said.iter().map(|says| (says.source, says.protects.iter().cloned().collect())).collect();
        let said = said.iter().map(|(source, holds)| (*source, holds));
        let around: Vec<_> = said.chain(verified.undelivered()).collect();
        let asked = Ok(self.question.clone());
        match answer(&asked, arrived, Some(verified), named, now) {
            Answer::Prohibited(prohibited) => Err(Unconfirmed::Prohibited(prohibited)),
            Answer::Permitted(_) => match held(&self.question, verified.holds(), &around) {
                Some(held) => Err(held),
                None => Ok(Confirmed { question: self.question }),
            },
        }
    }
}

/// What prohibits the action by every reference that anything here leads to: a source's hold, or one of the ledger's that
/// only a source's word leads to.
fn held(question: &Question, ledger: &Holds, said: &[(Workload, &Holds)]) -> Option<Unconfirmed> {
    let met = match_holds(question, ledger, said).prohibited_by;
    if let Some(source) = met.iter().find_map(|prohibition| prohibition.undelivered_at) {
        return Some(Unconfirmed::HeldAt(source));
    }
    let reasons: Vec<_> = met.into_iter().map(Reason::Held).collect();
    (!reasons.is_empty()).then(|| Unconfirmed::Prohibited(Prohibited { reasons, advisories: Vec::new() }))
}

/// A confirmed action, as it is written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Permit {
    /// The decision's id.
    pub decision: String,
    /// What was confirmed: customer, benefit, award, action, ground.
    pub question: Question,
    /// Until when it may be acted on, by the ledger database's civil clock.
    pub expires: DateTime<Utc>,
}

/// Word to the payer that a permit has met a hold: what was done on it has to be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recall {
    /// The permit's decision.
    pub decision: String,
    /// The hold that it met.
    pub hold: HoldKey,
}

/// The permits that the ledger prohibits once it has taken these changes in: written in the same transaction. It is
/// matched as a question is, by every reference that anything leads to, so that a hold recalls what was permitted under a
/// former reference, and word of such a reference what another hold prohibits by it. Each permit is recalled by every
/// changed hold that prohibits it, or else by one of the others.
///
/// `ledger` has to hold the changes, and whatever they and the permits lead to. What is undelivered tells who somebody is;
/// it recalls once it is taken in.
#[must_use]
pub fn recalls(
    permits: &[Permit],
    changed: &BTreeSet<&HoldKey>,
    ledger: &Holds,
    undelivered: &[(Workload, &Holds)],
    now: DateTime<Utc>,
) -> Vec<Recall> {
    let margin = TimeDelta::seconds(RECALL_MARGIN_SECONDS);
    let alive = permits.iter().filter(|permit| now.signed_duration_since(permit.expires) <= margin);
    let recalled = alive.flat_map(|permit| {
        let met = match_holds(&permit.question, ledger, undelivered).prohibited_by.into_iter();
        let in_ledger = met.filter(|prohibition| prohibition.undelivered_at.is_none());
        let (mut by, others): (Vec<_>, Vec<_>) = in_ledger
            .map(|Prohibition { case, ground, .. }| HoldKey { case, ground })
            .partition(|key| changed.contains(key));
        if by.is_empty() {
            by.extend(others.into_iter().next());
        }
        by.into_iter().map(|hold| Recall { decision: permit.decision.clone(), hold })
    });
    recalled.collect()
}
