//! On which grounds a case at DWP Visiting protects its award, and why it does so no more.

use super::{
    fact::{Happening, TriageResult},
    state::{Fact, Stage, State},
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
    // A concern protects before the referral too, until it is triaged as none.
    let concern = || state.concern_is_on_record().then_some(HoldGround::ConcernOnRecord);
    let while_open =
        || [concern().unwrap_or(HoldGround::OpenReferral)].into_iter().chain(state.holds.clone()).collect();
    let before_referral = || concern().into_iter().chain(state.holds.clone()).collect();
    let (on, otherwise) = match state.stage {
        Stage::ConsiderationDue | Stage::TriageDue | Stage::ConcernWithSpoc => (before_referral(), Why::Withdrawn),
        Stage::ReferralDue => (before_referral(), Why::Replaced),
        Stage::FirstVisitDue
        | Stage::AwaitingContact
        | Stage::SecondVisitUndecided
        | Stage::SecondVisitDue
        | Stage::HandedOver => (while_open(), Why::Replaced),
        // Whoever referred acts on what they know: the outcome has to be back with them (R-HOLD-UNTIL).
        Stage::EndedVisitEffective if state.outcome_is_awaited() => (while_open(), Why::Replaced),
        Stage::EndedVisitEffective => (vec![], Why::EffectiveVisit),
        // Contact in time ends the protection only with the confidence that the guidance asks for, where it does.
        Stage::EndedNoSecondVisit if !state.holds.is_empty() => (while_open(), Why::Replaced),
        Stage::EndedNoSecondVisit => (vec![], Why::ContactInTime),
        Stage::WithAdviser if state.concern_is_on_record() => (vec![], Why::VisitConsidered),
        Stage::WithAdviser => (vec![], Why::Withdrawn),
        Stage::EndedVisitNotRequired => (vec![], Why::VisitConsidered),
        Stage::EndedWithdrawn => (vec![], Why::Withdrawn),
        Stage::EndedDeath => (vec![], Why::VerifiedDeath),
        Stage::EndedDecided => (vec![], Why::InformedDecision),
    };
    CallsFor { on, hands_over: None, otherwise }
}

impl State {
    /// Whether a concern that is recorded protects the award here: while the referral, or what comes before it, is open.
    pub(super) fn concern_protects(&self) -> bool {
        let until_confident = self.stage == Stage::EndedNoSecondVisit && !self.holds.is_empty();
        let goes_on = !self.stage.has_ended() || self.outcome_is_awaited() || until_confident;
        self.handover.is_none() && goes_on
    }

    /// A concern protects the award, and is on record no more: it does so until the command is done.
    pub(super) fn concern_protects_no_more(&self) -> bool {
        let hold = self.protection.get(HoldGround::ConcernOnRecord);
        hold.is_some_and(OwnHold::stands_here) && !self.concern_is_on_record()
    }

    /// Whether a concern about the customer is on record: raised, found by whoever triages, or said by whoever considers a
    /// visit. One that is to be triaged is, even where it is said never to have arisen.
    fn concern_is_on_record(&self) -> bool {
        let said = |fact: &Fact| match &fact.happening {
            Happening::Concern(_) => true,
            Happening::Triage(triage) => triage.result != TriageResult::NoConcern,
            Happening::Consideration(consideration) => consideration.safeguarding_concern,
            Happening::Visit(_)
            | Happening::UnsafeArea(_)
            | Happening::Letter(_)
            | Happening::Contact(_)
            | Happening::AddressTrace(_)
            | Happening::FollowUp(_)
            | Happening::Booking(_) => false,
        };
        self.stage == Stage::TriageDue || self.standing_facts().any(|(_, fact)| said(fact))
    }

    /// A referral was made, and nothing has come back of it: the visits go on, or their outcome is awaited.
    pub(super) fn nothing_is_back(&self) -> bool {
        self.referral.is_some() && (!self.stage.visits_are_over() || self.outcome_is_awaited())
    }

    /// The customer was seen, and whoever referred has not been told yet what came of it.
    pub(super) fn outcome_is_awaited(&self) -> bool {
        let awaited = |visit| !self.desk.completed.contains_key(&outcome_key(visit));
        self.stage == Stage::EndedVisitEffective && self.effective_visit().is_some_and(awaited)
    }
}
