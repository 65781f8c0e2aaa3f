//! State into replies, and the words that both directions share.

use holdfast_contracts::holdfast::{common::v1 as common, visiting::v1 as pb};
use holdfast_procedure::{
    NarrativeRef,
    handover::ReferralMade,
    visiting::{
        Contact, Fact, Happening, Outcome, SecondVisit, Stage, State, Verdict, Visit, Window, WithdrawalGround,
    },
};
use holdfast_store::{
    Outcome as Brought,
    customers::standing,
    handing::ground,
    names,
    reading::{channel, contact_by},
    wire,
};
use prost::Message;

names! {
    /// How far a case has come.
    pub(crate) stage, stage_from: Stage <=> pb::Stage {
        FirstVisitDue, AwaitingContact, SecondVisitUndecided, SecondVisitDue, HandedOver, EndedVisitEffective,
        EndedNoSecondVisit, EndedWithdrawn, EndedDeath, EndedDecided,
    }
}
names! {
    /// Whether a second visit is needed.
    pub(crate) second_visit, second_visit_from: SecondVisit <=> pb::SecondVisit { Needed, NotNeeded }
}

/// What the guidance makes of a fact. Superseded facts are told apart by the case, not by a judgement.
fn verdict(verdict: Verdict) -> pb::Verdict {
    match verdict {
        Verdict::Effective => pb::Verdict::Effective,
        Verdict::FirstIneffective => pb::Verdict::FirstIneffective,
        Verdict::SecondIneffective => pb::Verdict::SecondIneffective,
        Verdict::CountsAsTwo => pb::Verdict::CountsAsTwo,
        Verdict::TooEarly => pb::Verdict::TooEarly,
        Verdict::Neither => pb::Verdict::Neither,
        Verdict::InTime => pb::Verdict::InTime,
        Verdict::NotInTime => pb::Verdict::NotInTime,
        Verdict::NotTheCustomer => pb::Verdict::NotTheCustomer,
        Verdict::Afterwards => pb::Verdict::Afterwards,
    }
}

/// Why a referral is withdrawn.
pub(crate) fn withdrawal_from(ground: pb::WithdrawalGround) -> Option<WithdrawalGround> {
    match ground {
        pb::WithdrawalGround::EffectiveContact => Some(WithdrawalGround::EffectiveContact),
        pb::WithdrawalGround::Abroad => Some(WithdrawalGround::Abroad),
        pb::WithdrawalGround::ClaimWithdrawn => Some(WithdrawalGround::ClaimWithdrawn),
        pb::WithdrawalGround::RecordedInError => Some(WithdrawalGround::RecordedInError),
        pb::WithdrawalGround::Unspecified => None,
    }
}

/// Whether the decision maker has decided, or the case was opened again.
pub(crate) fn decided_from(noted: pb::DecisionNoted) -> Option<bool> {
    match noted {
        pb::DecisionNoted::Decided => Some(true),
        pb::DecisionNoted::Reopened => Some(false),
        pb::DecisionNoted::Unspecified => None,
    }
}

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
    GetReferralResponse,
}

/// The encoded reply of a command.
pub(crate) fn render<R: Reply>(outcome: &Brought<State>) -> Vec<u8> {
    reply::<R>(outcome).encode_to_vec()
}

/// The reply of a command.
pub(crate) fn reply<R: Reply>(outcome: &Brought<State>) -> R {
    let about = outcome.state.referral.as_ref().map(|referral| &referral.award);
    R::of(referral(&outcome.case, &outcome.state), Some(wire::effect(outcome, about)))
}

fn referral(case: &str, state: &State) -> Option<pb::Referral> {
    let referral = state.referral.as_ref()?;
    let since = state.since.unwrap_or(referral.occurred_at);
    let mut facts: Vec<_> = state.facts.iter().collect();
    facts.sort_by_key(|(number, fact)| (fact.happening.occurred_at(), **number));
    Some(pb::Referral {
        case_reference: case.to_owned(),
        award: Some(wire::award(&referral.award)),
        place: Some(wire::place(&referral.place)),
        stage: stage(state.stage).into(),
        stage_since: Some(wire::timestamp(since)),
        referred_at: Some(wire::timestamp(referral.occurred_at)),
        referred_by: Some(wire::actor(&referral.by)),
        circumstances: referral.circumstances.0.clone(),
        facts: facts.into_iter().map(|(number, fact)| recorded(*number, fact)).collect(),
        contact_window: state.window.as_ref().map(window),
        handover: handover(state),
        joined: state.joined.iter().map(joined).collect(),
        customer: Some(standing(&referral.award.customer, &state.customer)),
    })
}

fn recorded(number: u32, fact: &Fact) -> pb::RecordedFact {
    let judged = if fact.superseded { pb::Verdict::Superseded } else { fact.verdict.map(verdict).unwrap_or_default() };
    pb::RecordedFact {
        fact: number,
        recorded_at: Some(wire::timestamp(fact.recorded_at)),
        recorded_by: Some(wire::actor(&fact.by)),
        verdict: judged.into(),
        kind: Some(kind(&fact.happening)),
        narrative: fact.narrative.clone().unwrap_or_else(|| NarrativeRef(String::new())).0,
        corrects: fact.corrects.unwrap_or_default(),
    }
}

fn kind(happening: &Happening) -> pb::recorded_fact::Kind {
    use pb::recorded_fact::Kind;
    let at = Some(wire::timestamp(happening.occurred_at()));
    match happening {
        Happening::Visit(visit) => Kind::Visit(pb::Visit { occurred_at: at, outcome: Some(outcome(visit)) }),
        Happening::UnsafeArea(_) => Kind::UnsafeArea(pb::UnsafeArea { occurred_at: at, account: String::new() }),
        Happening::Letter(_) => Kind::Letter(pb::Letter { occurred_at: at }),
        Happening::Contact(contact) => Kind::Contact(told_contact(contact, at)),
        Happening::Concern(_) => Kind::Concern(pb::Concern { occurred_at: at, specifics: String::new() }),
    }
}

fn outcome(visit: &Visit) -> pb::visit::Outcome {
    let account = String::new();
    match visit.outcome {
        Outcome::Effective => pb::visit::Outcome::Effective(pb::EffectiveVisit { account }),
        Outcome::BrokenOff => pb::visit::Outcome::BrokenOff(pb::BrokenOffVisit { account }),
        Outcome::Ineffective { ground: why, letter_left } => {
            let letter = if letter_left { pb::LetterLeft::Left } else { pb::LetterLeft::NotLeft };
            let (ground, letter) = (ground(why).into(), letter.into());
            pb::visit::Outcome::Ineffective(pb::IneffectiveVisit { ground, letter, account })
        }
    }
}

fn told_contact(contact: &Contact, occurred_at: Option<prost_types::Timestamp>) -> pb::Contact {
    pb::Contact {
        occurred_at,
        channel: channel(contact.channel).into(),
        by: contact_by(contact.by).into(),
        conversation: String::new(),
        second_visit: contact.second_visit.map(second_visit).unwrap_or_default().into(),
    }
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

fn joined(referral: &ReferralMade) -> pb::JoinedReferral {
    pb::JoinedReferral {
        referred_by: Some(wire::actor(&referral.by)),
        referred_at: Some(wire::timestamp(referral.occurred_at)),
        circumstances: referral.circumstances.0.clone(),
    }
}
