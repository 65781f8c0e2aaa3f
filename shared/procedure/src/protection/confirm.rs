//! Confirming an action at the moment of taking it, and calling back a permit that a hold meets too late.

use super::{Answer, Arrival, DatabaseIdentity, Hold, HoldKey, Holds, Prohibited, Question, Sources, Ticks, Verified};
use super::{answer, match_holds};
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

    /// Takes the next answer in.
    ///
    /// # Errors
    /// Where it settles that the action is not confirmed.
    pub fn heard(mut self, says: SourceSays) -> Result<Self, Unconfirmed> {
        let Some(asked) = self.next().filter(|asked| *asked == says.source) else {
            return Err(Unconfirmed::AnotherSource(says.source));
        };
        let protects: Holds = says.protects.iter().cloned().collect();
        if !match_holds(&self.question, &protects, &[]).prohibited_by.is_empty() {
            return Err(Unconfirmed::HeldAt(asked));
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
        let asked = Ok(self.question.clone());
        match answer(&asked, arrived, Some(verified), named, now) {
            Answer::Prohibited(prohibited) => Err(Unconfirmed::Prohibited(prohibited)),
            Answer::Permitted(_) => Ok(Confirmed { question: self.question }),
        }
    }
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

/// The permits that a hold meets as the ledger takes it in: written in the same transaction.
#[must_use]
pub fn recalls(hold: &Hold, permits: &[Permit], now: DateTime<Utc>) -> Vec<Recall> {
    let met = Holds::from_iter([hold.clone()]);
    let margin = TimeDelta::seconds(RECALL_MARGIN_SECONDS);
    let alive = permits.iter().filter(|permit| now.signed_duration_since(permit.expires) <= margin);
    let meets = alive.filter(|permit| !match_holds(&permit.question, &met, &[]).prohibited_by.is_empty());
    meets.map(|permit| Recall { decision: permit.decision.clone(), hold: hold.key.clone() }).collect()
}
