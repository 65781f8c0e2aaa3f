//! The ledger of holds, as the services that keep cases tell it of every change: calls that follow from what a case held
//! before a command and after it, and from nothing else.

use crate::{
    Delivery, Store,
    db::DbFault,
    ledger::{Brought, Ledger},
    outbox::Calls,
    protections,
    wire::{self, holds},
};
use holdfast_chassis::{Failure, Fields, peers};
use holdfast_contracts::holdfast::{
    common::v1::Hold,
    safeguarding::v1::{PlaceHoldRequest, ReleaseHoldRequest},
};
use holdfast_procedure::{
    Workload,
    protection::{Change, Hold as Known, Own, OwnHold, Refused, Settle, Version, settle},
};
use prost::Message;

/// The method that places a hold, as a literal: an index is made for it.
macro_rules! place_hold {
    () => {
        "/holdfast.safeguarding.v1.ProtectionService/PlaceHold"
    };
}
pub(crate) use place_hold;

/// The method that releases one.
pub(crate) const RELEASE_HOLD: &str = "/holdfast.safeguarding.v1.ProtectionService/ReleaseHold";
/// The service that keeps the ledger.
const LEDGER: Workload = Workload::Safeguarding;

/// Adds the calls that place holds: before any other of the command, as they wait for none.
pub(crate) fn place<L: Ledger>(brought: &Brought<'_, L>, here: Workload, calls: &mut Calls) {
    for hold in changed(brought, here, calls, true) {
        let hold = Some(hold);
        calls.urgent(LEDGER, place_hold!(), |request_id| PlaceHoldRequest { request_id, hold, ..Default::default() });
    }
}

/// Adds the calls that release holds: after any other of the command, as they wait for all.
pub(crate) fn release<L: Ledger>(brought: &Brought<'_, L>, here: Workload, calls: &mut Calls) {
    for hold in changed(brought, here, calls, false) {
        let hold = Some(hold);
        calls.add(LEDGER, RELEASE_HOLD, |request_id| ReleaseHoldRequest { request_id, hold, ..Default::default() });
    }
}

/// What the ledger is to be told of: the holds that stand, or those that do not, as `here`, which keeps the case, had
/// them last. What the same command handed over was its own until then, and is its receiver's one version on.
fn changed<L: Ledger>(brought: &Brought<'_, L>, here: Workload, calls: &mut Calls, standing: bool) -> Vec<Hold> {
    let none = Own::default();
    let Some(after) = L::holds(brought.after) else { return Vec::new() };
    let mut told = after.told_since(L::holds(brought.before).unwrap_or(&none));
    told.retain(|(_, hold)| hold.state.protects() == standing);
    let Some(about) = L::award(brought.after) else {
        if !told.is_empty() {
            calls.refuse("a hold is on no award");
        }
        return Vec::new();
    };
    let formerly = L::known_of_customer(brought.after).map_or(&[][..], |known| &known.formerly);
    let own = |hold: OwnHold| OwnHold { handed_to: None, ..hold };
    let told = told.into_iter().map(|(ground, hold)| own(hold).told(brought.case, ground, about, formerly, here));
    told.map(|hold| holds::hold(&hold)).collect()
}

impl Store {
    /// Whether a place that the ledger refused, since it knows the hold as released, is out of date: the hold has changed
    /// here since, or whoever took it over has spoken for it. Where it is not, it waits until the hold is written again.
    pub(crate) async fn is_overtaken(&self, call: &Delivery, refused: peers::Refused) -> bool {
        let Some(known) = refused.released.filter(|_| call.path == place_hold!()) else { return false };
        let Some(holder) = wire::workload_from(known.holder) else { return false };
        let Some(change) = placed(call, self.workload()) else { return false };
        // What cannot be read now is tried again with the call.
        let Ok(Some(own)) = self.own_hold(&change.hold).await else { return false };
        let refused = Refused::BehindRelease { known: Version(known.version), holder };
        settle(&own, &change, &refused) == Settle::OutOfDate
    }

    /// The holds of this service's cases that stand on the award which `case` is about, whoever is said to have it, or on
    /// its customer in the same benefit, under any reference that one of the holds knows them by. What other services
    /// hold is not among them: only the ledger knows that.
    ///
    /// # Errors
    /// What the database says, or that a row cannot be read.
    pub async fn holds_about(&self, case: &str) -> Result<Vec<Known>, Failure> {
        let query = "SELECT protections.*
             FROM protections
             WHERE released IS NULL AND handed_to IS NULL AND EXISTS (
                 SELECT FROM cases AS asking
                 WHERE asking.case_reference = $1 AND (asking.award = protections.award
                     OR asking.benefit = protections.benefit
                         AND (asking.customer = protections.customer OR asking.customer = ANY (formerly))))
             ORDER BY case_reference, ground";
        let rows = sqlx::query(query).bind(case).fetch_all(self.pool()).await.map_err(DbFault::from)?;
        let hold = |row| read(&protections::hold(row, self.workload())?).ok_or(DbFault::Unreadable);
        Ok(rows.iter().map(hold).collect::<Result<_, _>>()?)
    }

    /// The hold of this key as it is here now.
    async fn own_hold(&self, of: &Known) -> Result<Option<Known>, sqlx::Error> {
        let query =
            concat!("SELECT ", protections::columns!(), " FROM protections WHERE case_reference = $1 AND ground = $2");
        let row = sqlx::query(query)
            .bind(&of.key.case)
            .bind(holds::ground(of.key.ground))
            .fetch_optional(self.pool())
            .await?;
        let own = row.and_then(|row| protections::hold(&row, self.workload()).ok());
        Ok(own.and_then(|own| read(&own)))
    }
}

/// The change that a call tells the ledger of.
fn placed(call: &Delivery, from: Workload) -> Option<Change> {
    let told = PlaceHoldRequest::decode(call.request.as_slice()).ok()?.hold?;
    Some(Change { hold: read(&told)?, from, sent_from: call.sent_from.clone() })
}

/// A hold of our own, as it was put on the wire.
fn read(told: &Hold) -> Option<Known> {
    let mut fields = Fields::default();
    holds::hold_from(&mut fields, "hold", Some(told))
}
