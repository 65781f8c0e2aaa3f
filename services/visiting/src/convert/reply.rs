//! State into replies.

use super::{
    form, shown,
    words::{deferral, good_cause, opening, second_visit, stage, understanding},
};
use holdfast_contracts::holdfast::{common::v1 as common, visiting::v1 as pb};
use holdfast_procedure::{
    Workload,
    visiting::{Decided, Fact, GoodCauseDecided, Joined, Retracting, Retraction, State, Window},
};
use holdfast_store::{Outcome as Brought, customers::standing, wire};
use prost::Message;

/// The reply of a command: the case, and what was brought about.
pub(crate) trait Reply: Message {
    /// The reply with these parts.
    fn of(referral: Option<pb::Referral>, effect: Option<common::Effect>) -> Self;
}

macro_rules! replies {
    ($($reply:ident),+ $(,)?) => {
        $(impl Reply for pb::$reply {
            fn of(referral: Option<pb::Referral>, effect: Option<common::Effect>) -> Self {
                Self { referral, effect }
            }
        })+
    };
}

replies! {
    ReferForVisitResponse, RecordVisitResponse, RecordUnsafeAreaResponse, RecordLetterResponse, RecordContactResponse,
    RaiseConcernResponse, DecideSecondVisitResponse, WithdrawReferralResponse, CorrectFactResponse, NoteDecisionResponse,
    ConfirmRetractionResponse, DeclineRetractionResponse, ReceiveCaseBackResponse,
    GetReferralResponse, ConsiderVisitResponse, TriageConcernResponse, RecordAddressTraceResponse,
    RecordFollowUpResponse, RecordBookingResponse, DecideGoodCauseResponse,
}

/// The encoded reply of a command.
pub(crate) fn render<R: Reply>(outcome: &Brought<State>) -> Vec<u8> {
    reply::<R>(outcome).encode_to_vec()
}

/// The reply of a command.
pub(crate) fn reply<R: Reply>(outcome: &Brought<State>) -> R {
    let about = outcome.state.opened.as_ref().map(|opened| &opened.award);
    R::of(referral(&outcome.case, &outcome.state), Some(wire::effect(outcome, about)))
}

fn referral(case: &str, state: &State) -> Option<pb::Referral> {
    let opened = state.opened.as_ref()?;
    let referral = state.referral.as_ref();
    let since = state.since.unwrap_or(opened.occurred_at);
    let mut facts: Vec<_> = state.facts.iter().collect();
    facts.sort_by_key(|(number, fact)| (fact.happening.occurred_at(), **number));
    Some(pb::Referral {
        case_reference: case.to_owned(),
        award: Some(wire::award(&opened.award)),
        place: Some(wire::place(&opened.place)),
        stage: stage(state.stage).into(),
        stage_since: Some(wire::timestamp(since)),
        referred_at: referral.map(|referral| wire::timestamp(referral.occurred_at)),
        referred_by: referral.map(|referral| wire::actor(&referral.by)),
        circumstances: referral.map(|referral| referral.circumstances.0.clone()).unwrap_or_default(),
        facts: facts.into_iter().map(|(number, fact)| shown::recorded(*number, fact)).collect(),
        contact_window: state.window.as_ref().map(window),
        handover: handover(state),
        joined: state.joined.iter().map(joined).collect(),
        customer: Some(standing((Workload::Visiting, case), &opened.award.customer, &state.customer)),
        opening: opening(opened.how).into(),
        opened_at: Some(wire::timestamp(opened.occurred_at)),
        opened_by: Some(wire::actor(&opened.by)),
        form: referral.map(|referral| form::kept(&referral.form)),
        follow_up_due: state.follow_up.as_ref().map(|follow_up| wire::due(&follow_up.due.ends)),
        second_visit_decisions: state.decisions.iter().map(decided).collect(),
        good_cause: state.good_cause_that_stands().map(decided_good_cause),
        retraction: state.retraction.as_ref().map(retraction),
    })
}

fn retraction(asked: &Retraction) -> pb::Retraction {
    pb::Retraction {
        fact: match &asked.retracting {
            Retracting::Referral { .. } => 0,
            Retracting::Fact(correction) => correction.fact,
        },
        narrative: asked.retracting.reason().0.clone(),
        asked_at: Some(wire::timestamp(asked.at)),
        asked_by: Some(wire::actor(&asked.by)),
        right: right(asked),
    }
}

/// What is to take the place of the fact that was recorded in error, as it would be shown.
fn right(asked: &Retraction) -> Option<pb::RecordedFact> {
    let Retracting::Fact(correction) = &asked.retracting else { return None };
    let to_be = Fact {
        happening: correction.right.clone()?,
        narrative: correction.narrative.clone(),
        recorded_at: asked.at,
        by: asked.by.clone(),
        verdict: None,
        corrects: Some(correction.fact),
        superseded: false,
    };
    Some(shown::recorded(0, &to_be))
}

fn window(window: &Window) -> pb::ContactWindow {
    pb::ContactWindow {
        fact: window.fact,
        ends: Some(wire::due(&window.ends)),
        contact: wire::role(window.contact).into(),
        guidance_version: window.version.clone(),
    }
}

fn handover(state: &State) -> Option<pb::Handover> {
    let (referral, handover) = (state.referral.as_ref()?, state.handover.as_ref()?);
    Some(pb::Handover {
        since: Some(wire::timestamp(handover.since)),
        to: handover.to.iter().map(|to| wire::role(*to).into()).collect(),
        original_referrer: referral.by.person.clone(),
        facts: handover.facts.clone(),
    })
}

fn joined(joined: &Joined) -> pb::JoinedReferral {
    pb::JoinedReferral {
        referred_by: Some(wire::actor(&joined.made.by)),
        referred_at: Some(wire::timestamp(joined.made.occurred_at)),
        circumstances: joined.made.circumstances.0.clone(),
        form: Some(form::kept(&joined.form)),
    }
}

fn decided(decided: &Decided) -> pb::SecondVisitDecision {
    pb::SecondVisitDecision {
        second_visit: second_visit(decided.what).into(),
        decided_at: Some(wire::timestamp(decided.at)),
        decided_by: Some(wire::actor(&decided.by)),
        understanding: decided.understanding.map(understanding).unwrap_or_default().into(),
    }
}

fn decided_good_cause(decided: &GoodCauseDecided) -> pb::GoodCauseDecision {
    pb::GoodCauseDecision {
        good_cause: good_cause(decided.what.good_cause).into(),
        deferral: decided.what.deferral.map(deferral).unwrap_or_default().into(),
        narrative: decided.reason.0.clone(),
        decided_at: Some(wire::timestamp(decided.at)),
        decided_by: Some(wire::actor(&decided.by)),
    }
}
