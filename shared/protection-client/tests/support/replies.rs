//! Replies of the protection check, and what is made of them.

use crate::seal::sealed;
use holdfast_contracts::holdfast::{access::v1::Workload, common::v1::HoldGround, safeguarding::v1 as pb};
use holdfast_protection_client::{
    Action, ActionGround, Advisory, AdvisoryKind, Benefit, BootTime, Cause, Citation, Doubt, Question, Reason,
    ReasonKind, Verdict, Why, judge,
};
use proptest::prelude::*;
use prost::Message;
use std::time::Duration;

pub(crate) const ASKED: BootTime = BootTime::since_boot(Duration::from_secs(1_000));
/// A moment that an answer valid for a millisecond still reaches.
pub(crate) const NOW: BootTime = BootTime::since_boot(Duration::from_micros(1_000_000_500));

pub(crate) fn question() -> Question {
    Question {
        customer: "C-2001".to_owned(),
        benefit: Benefit::Pip,
        award: "A-2001".to_owned(),
        action: Action::Stop,
        ground: ActionGround::NonAttendance,
        condition_known: false,
    }
}

pub(crate) fn echo(question: &Question) -> pb::Question {
    let Question { customer, benefit, award, action, ground, condition_known } = question.clone();
    let award = holdfast_contracts::holdfast::common::v1::Award { customer, benefit: benefit.into(), award };
    pb::Question { award: Some(award), action: action.into(), ground: ground.into(), condition_known }
}

pub(crate) fn permitted(question: &Question) -> pb::Answer {
    let advisory = Advisory {
        kind: AdvisoryKind::OpenReferral.into(),
        case_reference: "HF-7".to_owned(),
        rules: vec!["GEN-2".to_owned()],
    };
    pb::Answer {
        decision: pb::Decision::Permitted.into(),
        decision_id: "0198-ab".to_owned(),
        valid_for: Some(prost_types::Duration { seconds: 4, nanos: 250_000_000 }),
        question: Some(echo(question)),
        reasons: Vec::new(),
        advisories: vec![advisory],
    }
}

pub(crate) fn prohibited(question: &Question) -> pb::Answer {
    let held = Reason {
        kind: ReasonKind::Held.into(),
        case_reference: "HF-7".to_owned(),
        ground: HoldGround::TwoIneffectiveVisits.into(),
        rules: vec!["PIP-6".to_owned(), "R-ACTIONS".to_owned()],
        ..Reason::default()
    };
    let stale = Reason { kind: ReasonKind::SourceStale.into(), source: Workload::Visiting.into(), ..Reason::default() };
    pb::Answer {
        decision: pb::Decision::Prohibited.into(),
        question: Some(echo(question)),
        reasons: vec![held, stale],
        ..pb::Answer::default()
    }
}

pub(crate) fn citations() -> Vec<Citation> {
    let cite =
        |rule: &str| Citation { rule: rule.to_owned(), requires: "Keep paying.".to_owned(), ..Citation::default() };
    vec![cite("PIP-6"), cite("GEN-2")]
}

/// The reply to a check, without its seal.
pub(crate) fn unsealed(answer: pb::Answer) -> Vec<u8> {
    pb::CheckActionResponse { answer: Some(answer), citations: citations(), seal: 0 }.encode_to_vec()
}

pub(crate) fn reply(answer: pb::Answer) -> Vec<u8> {
    sealed(&unsealed(answer))
}

pub(crate) fn batch(answers: Vec<pb::Answer>) -> Vec<u8> {
    sealed(&pb::BatchCheckActionsResponse { answers, citations: citations(), seal: 0 }.encode_to_vec())
}

pub(crate) fn confirmation(permit_expires_at: Option<prost_types::Timestamp>, validated_only: bool) -> Vec<u8> {
    let (answer, citations) = (Some(permitted(&question())), citations());
    let reply = pb::ConfirmActionResponse { answer, permit_expires_at, citations, validated_only, seal: 0 };
    sealed(&reply.encode_to_vec())
}

pub(crate) fn asked(reply: &[u8]) -> Verdict {
    judge(&question(), reply, ASKED, NOW)
}

pub(crate) fn permits(reply: &[u8]) -> bool {
    matches!(asked(reply), Verdict::Permitted(_))
}

pub(crate) fn doubt(verdict: &Verdict) -> Option<Doubt> {
    match verdict {
        Verdict::Prohibited(Why { cause: Cause::Doubted(doubt), .. }) => Some(*doubt),
        Verdict::Prohibited(_) | Verdict::Permitted(_) => None,
    }
}

prop_compose! {
    pub(crate) fn questions()(
        customer in "[A-Za-z0-9._-]{1,64}",
        benefit in 1..=4,
        award in "[A-Za-z0-9._-]{1,64}",
        action in 1..=6,
        ground in 0..=3,
        condition_known: bool,
    ) -> Question {
        Question {
            customer,
            benefit: Benefit::try_from(benefit).unwrap(),
            award,
            action: Action::try_from(action).unwrap(),
            ground: ActionGround::try_from(ground).unwrap(),
            condition_known,
        }
    }
}
