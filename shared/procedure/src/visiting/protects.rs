//! On which grounds a case at DWP Visiting protects its award, and why it does so no more.

use super::{
    fact::{Happening, Verdict},
    state::{Stage, State},
    tasks::outcome_key,
};
use crate::{
    Workload,
    protection::{CallsFor, HoldGround, OwnHold, Why},
};

/// What the facts call for.
///
/// A ground is replaced by another; a concern that was recorded in error is not, as an open referral prohibits nothing.
///
/// Two ineffective visits protect the award at conferencing, where the case goes with them: nothing that comes to light
/// here afterwards changes that. Until then an open referral does, by a concern where one is on record.
pub(super) fn calls_for(state: &State) -> CallsFor {
    if state.handover.is_some() {
        let hands_over = Some((HoldGround::TwoIneffectiveVisits, Workload::Conferencing));
        return CallsFor { on: vec![], hands_over, otherwise: Why::Replaced };
    }
    let while_open =
        || vec![if state.concern_is_on_record() { HoldGround::ConcernOnRecord } else { HoldGround::OpenReferral }];
    let (on, otherwise) = match state.stage {
        Stage::FirstVisitDue
        | Stage::AwaitingContact
        | Stage::SecondVisitUndecided
        | Stage::SecondVisitDue
        | Stage::HandedOver => (while_open(), Why::Replaced),
        // Whoever referred acts on what they know: the outcome has to be back with them (R-HOLD-UNTIL).
        Stage::EndedVisitEffective if state.outcome_is_awaited() => (while_open(), Why::Replaced),
        Stage::EndedVisitEffective => (vec![], Why::EffectiveVisit),
        Stage::EndedNoSecondVisit => (vec![], Why::ContactInTime),
        Stage::EndedWithdrawn => (vec![], Why::Withdrawn),
        Stage::EndedDeath => (vec![], Why::VerifiedDeath),
        Stage::EndedDecided => (vec![], Why::InformedDecision),
    };
    CallsFor { on, hands_over: None, otherwise }
}

impl State {
    /// A concern protects the award, and is on record no more: it does so until the command is done.
    pub(super) fn concern_protects_no_more(&self) -> bool {
        let hold = self.protection.get(HoldGround::ConcernOnRecord);
        hold.is_some_and(OwnHold::stands_here) && !self.concern_is_on_record()
    }

    /// Whether a concern about the customer is on record.
    fn concern_is_on_record(&self) -> bool {
        self.standing_facts().any(|(_, fact)| matches!(fact.happening, Happening::Concern(_)))
    }

    /// The customer was seen, and whoever referred has not been told yet what came of it.
    pub(super) fn outcome_is_awaited(&self) -> bool {
        let mut seen = self.standing_facts().filter(|(_, fact)| fact.verdict == Some(Verdict::Effective));
        let awaited = |(visit, _)| !self.desk.completed.contains_key(&outcome_key(visit));
        self.stage == Stage::EndedVisitEffective && seen.next().is_some_and(awaited)
    }
}
