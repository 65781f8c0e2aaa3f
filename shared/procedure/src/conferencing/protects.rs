//! On which grounds a case at conferencing protects its award, and why it does so no more.

use super::state::State;
use crate::{
    Workload,
    protection::{CallsFor, HoldGround, Why},
};

/// What the facts call for. Until the informed decision there is always a ground, whatever becomes of a concern, so that
/// one which falls away is replaced. Nothing that is heard of the customer releases anything but their verified death.
///
/// A case that is taken back takes its hold with it: DWP Visiting releases it where nothing there calls for it. Once it
/// was decided it is not taken back any more, and what a reconsideration protects stays here.
pub(super) fn calls_for(state: &State) -> CallsFor {
    let none = |otherwise| CallsFor { on: vec![], hands_over: None, otherwise };
    if state.customer.death_is_confirmed() {
        return none(Why::VerifiedDeath);
    }
    if state.decision.is_some() {
        return none(Why::InformedDecision);
    }
    let grounds = [
        (HoldGround::TwoIneffectiveVisits, !state.decided_once && state.taken_back.is_none()),
        (HoldGround::ConcernDetermined, state.concern_stands),
        (HoldGround::Reconsideration, !state.reopened.is_empty()),
    ];
    let on = grounds.into_iter().filter(|(_, holds)| *holds).map(|(ground, _)| ground).collect();
    let hands_over = state.goes_back().then_some((HoldGround::TwoIneffectiveVisits, Workload::Visiting));
    CallsFor { on, hands_over, otherwise: Why::Replaced }
}
