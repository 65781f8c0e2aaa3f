//! Failed requirements: state into replies, and the words that both directions share.

use crate::convert::reply::participant;
use holdfast_contracts::holdfast::{common::v1 as common, conferencing::v1 as pb};
use holdfast_procedure::{
    NarrativeRef, Workload,
    conferencing::Signed,
    facts::Kept,
    sanction::{
        Answer, Assurance, Conference, Decided, Explanation, Failure, GoodReason, Happening, Invitation, Outcome,
        Requirement, Stage, State, Weighed, Withdrawal, WithdrawalGround,
    },
};
use holdfast_store::{Outcome as Brought, customers::standing, names, reading::channel, wire};
use prost::Message;

names! {
    /// How far a case has come.
    pub(super) stage, stage_from: Stage <=> pb::SanctionStage {
        ConferenceDue, NoReferral, ReferralOpen, ReferralUnsupported, InvitationDue, ExplanationDue, DecisionDue,
        Decided, EndedDeath, EndedWithdrawn,
    }
}
names! {
    /// What kind of requirement was failed.
    pub(super) requirement, requirement_from: Requirement <=> pb::Requirement { Interview, WorkRelated, Other }
}
names! {
    /// Whether a good reason was seen.
    pub(super) good_reason, good_reason_from: GoodReason <=> pb::GoodReason { Seen, NotSeen }
}
names! {
    /// Whether the requirement was reasonable and achievable.
    pub(super) assurance, assurance_from: Assurance <=> pb::RequirementAssurance { Reasonable, NotReasonable }
}
names! {
    /// What came of an invitation.
    pub(super) answer, answer_from: Answer <=> pb::Answer { Explained, NoAnswer }
}
names! {
    /// That something was taken into account.
    pub(super) weighed, weighed_from: Weighed <=> pb::Weighed { TakenIntoAccount, NothingKnown }
}
names! {
    /// Why a case is withdrawn.
    pub(super) ground, ground_from: WithdrawalGround <=> pb::SanctionWithdrawalGround {
        RecordedInError, GoodReasonKnown, ClaimClosed,
    }
}
names! {
    /// Whether a sanction is warranted.
    pub(super) outcome, outcome_from: Outcome <=> pb::SanctionOutcome { Sanction, NoSanction }
}

/// The reply of a command: the case, and what was brought about.
pub(super) trait Reply: Message {
    /// The reply with these parts.
    fn of(case: Option<pb::SanctionCase>, effect: Option<common::Effect>) -> Self;
}

macro_rules! replies {
    ($($reply:ident),+ $(,)?) => {
        $(impl Reply for pb::$reply {
            fn of(case: Option<pb::SanctionCase>, effect: Option<common::Effect>) -> Self {
                Self { case, effect }
            }
        })+
    };
}

replies! {
    RecordFailedRequirementResponse, HoldSanctionConferenceResponse, ReferForSanctionResponse,
    InviteExplanationResponse, RecordExplanationResponse, DecideSanctionResponse, ReconsiderSanctionResponse,
    SanctionServiceCorrectFactResponse, WithdrawSanctionCaseResponse, GetSanctionCaseResponse,
}

/// The encoded reply of a command.
pub(super) fn render<R: Reply>(brought: &Brought<State>) -> Vec<u8> {
    reply::<R>(brought).encode_to_vec()
}

/// The reply of a command.
pub(super) fn reply<R: Reply>(brought: &Brought<State>) -> R {
    let about = brought.state.failure.as_ref().map(|failure| &failure.what.award);
    R::of(told(&brought.case, &brought.state), Some(wire::effect(brought, about)))
}

fn told(case: &str, state: &State) -> Option<pb::SanctionCase> {
    let failure = state.failure.as_ref()?;
    Some(pb::SanctionCase {
        case_reference: case.to_owned(),
        stage: stage(state.stage()).into(),
        award: Some(wire::award(&failure.what.award)),
        place: Some(wire::place(&failure.what.place)),
        requirement: requirement(failure.what.requirement).into(),
        failed_at: Some(wire::timestamp(failure.what.occurred_at)),
        narrative: failure.what.account.0.clone(),
        recorded_at: Some(wire::timestamp(failure.at)),
        recorded_by: Some(wire::actor(&failure.by)),
        conferences: state.conferences.iter().map(|held| conference(held, state.counts(&held.what))).collect(),
        referral: state.referral.as_ref().map(|referred| pb::SanctionReferral {
            referred_at: Some(wire::timestamp(referred.at)),
            referred_by: Some(wire::actor(&referred.by)),
            narrative: referred.what.0.clone(),
        }),
        invitations: state.invitations.iter().map(|sent| invitation(sent, state.invites(&sent.what))).collect(),
        explanations: state.explanations.iter().map(|told| explanation(told, state.answers(&told.what))).collect(),
        decisions: state.decisions.iter().map(decision).collect(),
        reconsiderations: state.reconsiderations.iter().map(reconsideration).collect(),
        customer: Some(standing((Workload::Conferencing, case), &failure.what.award.customer, &state.customer)),
        facts: state.facts.all().map(|(number, kept)| fact(number, kept, state.fact_counts(kept))).collect(),
        withdrawal: state.withdrawn.as_ref().map(withdrawal),
    })
}

/// Something that people recorded, whether or not it stands.
fn fact(number: u32, kept: &Kept<Happening>, counts: bool) -> pb::SanctionFact {
    use pb::sanction_fact::Kind;
    let (at, by) = (kept.at, kept.by.clone());
    let kind = match kept.what.clone() {
        Happening::Failure(failure) => Kind::Failure(recorded_failure(&failure)),
        Happening::Conference(what) => Kind::Conference(conference(&Signed { what, at, by }, counts)),
        Happening::Invitation(what) => Kind::Invitation(invitation(&Signed { what, at, by }, counts)),
        Happening::Explanation(what) => Kind::Explanation(explanation(&Signed { what, at, by }, counts)),
    };
    pb::SanctionFact {
        fact: number,
        counts,
        corrects: kept.corrects.unwrap_or_default(),
        superseded: kept.superseded.as_ref().map(wire::superseded),
        recorded_at: Some(wire::timestamp(kept.at)),
        recorded_by: Some(wire::actor(&kept.by)),
        kind: Some(kind),
    }
}

fn recorded_failure(failure: &Failure) -> pb::RecordedFailure {
    pb::RecordedFailure {
        award: Some(wire::award(&failure.award)),
        place: Some(wire::place(&failure.place)),
        requirement: requirement(failure.requirement).into(),
        failed_at: Some(wire::timestamp(failure.occurred_at)),
        narrative: failure.account.0.clone(),
    }
}

fn conference(held: &Signed<Conference>, counts: bool) -> pb::SanctionConference {
    let Signed { what, at, by } = held;
    pb::SanctionConference {
        occurred_at: Some(wire::timestamp(what.occurred_at)),
        participants: what.participants.iter().map(participant).collect(),
        good_reason: good_reason(what.good_reason).into(),
        requirement: assurance(what.requirement).into(),
        narrative: what.account.0.clone(),
        counts,
        recorded_at: Some(wire::timestamp(*at)),
        recorded_by: Some(wire::actor(by)),
    }
}

fn invitation(sent: &Signed<Invitation>, counts: bool) -> pb::Invitation {
    let Signed { what, at, by } = sent;
    pb::Invitation {
        occurred_at: Some(wire::timestamp(what.occurred_at)),
        channel: channel(what.channel).into(),
        counts,
        recorded_at: Some(wire::timestamp(*at)),
        recorded_by: Some(wire::actor(by)),
    }
}

fn explanation(told: &Signed<Explanation>, counts: bool) -> pb::Explanation {
    let Signed { what, at, by } = told;
    pb::Explanation {
        occurred_at: Some(wire::timestamp(what.occurred_at)),
        answer: answer(what.answer).into(),
        narrative: what.account.0.clone(),
        counts,
        recorded_at: Some(wire::timestamp(*at)),
        recorded_by: Some(wire::actor(by)),
    }
}

fn decision(decided: &Signed<Decided>) -> pb::SanctionDecision {
    let Signed { what, at, by } = decided;
    pb::SanctionDecision {
        outcome: outcome(what.outcome).into(),
        circumstances: weighed(what.weighed_circumstances).into(),
        health: weighed(what.weighed_health).into(),
        good_reason: weighed(what.weighed_good_reason).into(),
        weighed: what.weighed.0.clone(),
        decided_at: Some(wire::timestamp(*at)),
        decided_by: Some(wire::actor(by)),
    }
}

fn reconsideration(reopened: &Signed<NarrativeRef>) -> pb::Reconsideration {
    let Signed { what, at, by } = reopened;
    pb::Reconsideration {
        reopened_at: Some(wire::timestamp(*at)),
        recorded_by: Some(wire::actor(by)),
        narrative: what.0.clone(),
    }
}

fn withdrawal(withdrawn: &Signed<Withdrawal>) -> pb::SanctionWithdrawal {
    let Signed { what, at, by } = withdrawn;
    pb::SanctionWithdrawal {
        ground: ground(what.ground).into(),
        narrative: what.reason.0.clone(),
        withdrawn_at: Some(wire::timestamp(*at)),
        withdrawn_by: Some(wire::actor(by)),
    }
}
