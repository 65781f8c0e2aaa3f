//! Questions of payers into words of the procedure, and its answers back. Nothing that is asked is an error: what is not
//! understood is left out, and the procedure says what that amounts to.

use holdfast_chassis::field::is_reference;
use holdfast_contracts::holdfast::{common::v1 as common, safeguarding::v1 as pb};
use holdfast_procedure::{
    Rule, Workload,
    protection::{
        Advisory, AdvisoryReason, Answer, Asked, Permitted, Prohibited, Prohibition, Question, Reason, Span,
        Unconfirmed, Unrecognised,
    },
};
use holdfast_store::wire;

/// Where the fields of a question stand in its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Path {
    /// It is the request's only one.
    Only,
    /// It has this place in a batch.
    InBatch(usize),
}

/// A rule that a reply names, with the place of the answer that names it first.
pub(crate) type Cited = (usize, &'static Rule);

/// What was asked, as far as it is recognised.
pub(crate) fn question(asked: &pb::Question) -> Result<Question, Unrecognised> {
    let award = asked.award.as_ref();
    let reference = |value: &str| is_reference(value).then(|| value.to_owned());
    Question::of(Asked {
        customer: award.and_then(|award| reference(&award.customer)),
        benefit: award.and_then(|award| common::Benefit::try_from(award.benefit).ok()).and_then(wire::benefit_from),
        award: award.and_then(|award| reference(&award.award)),
        action: common::Action::try_from(asked.action).ok().and_then(wire::holds::action_from),
        ground: Some(wire::holds::action_ground_numbered(asked.ground)),
        condition_known: asked.condition_known,
    })
}

/// The answer to a question that has this place in its request. `decision` is the id under which it is journalled, where
/// it is: nothing else is told as permitted.
pub(crate) fn answer(
    question: pb::Question,
    answer: Answer,
    decision: Option<String>,
    (place, path): (usize, Path),
    cited: &mut Vec<Cited>,
) -> pb::Answer {
    match (answer, decision) {
        (Answer::Permitted(Permitted { valid_for, advisories }), Some(decision_id)) => pb::Answer {
            decision: pb::Decision::Permitted.into(),
            decision_id,
            valid_for: Some(duration(valid_for)),
            question: Some(question),
            reasons: Vec::new(),
            advisories: told(advisories, place, cited),
        },
        (Answer::Permitted(Permitted { advisories, .. }), None) => {
            let reasons = vec![reason(Reason::NotVerified, (place, path), cited)];
            prohibited(question, reasons, told(advisories, place, cited))
        }
        (Answer::Prohibited(Prohibited { reasons, advisories }), _) => {
            let reasons = reasons.into_iter().map(|why| reason(why, (place, path), cited)).collect();
            prohibited(question, reasons, told(advisories, place, cited))
        }
    }
}

/// The answer to the question of a confirmation that did not succeed.
pub(crate) fn unconfirmed(question: pb::Question, why: Unconfirmed, cited: &mut Vec<Cited>) -> pb::Answer {
    let kind = match &why {
        Unconfirmed::Prohibited(_) => pb::ReasonKind::Unspecified,
        Unconfirmed::AnotherSource(_) | Unconfirmed::NotAsked(_) => pb::ReasonKind::SourceUnreachable,
        Unconfirmed::HeldAt(_) => pb::ReasonKind::SourceProtects,
        Unconfirmed::Moved(_) => pb::ReasonKind::SourceChanged,
        Unconfirmed::NotReconciled(_) => pb::ReasonKind::SourceNotReconciled,
    };
    match why {
        Unconfirmed::Prohibited(why) => answer(question, Answer::Prohibited(why), None, (0, Path::Only), cited),
        Unconfirmed::AnotherSource(source)
        | Unconfirmed::HeldAt(source)
        | Unconfirmed::Moved(source)
        | Unconfirmed::NotReconciled(source)
        | Unconfirmed::NotAsked(source) => of_source(question, kind, source),
    }
}

/// The answer to a question that is prohibited because of one source.
pub(crate) fn of_source(question: pb::Question, kind: pb::ReasonKind, source: Workload) -> pb::Answer {
    prohibited(question, vec![about(kind, source)], Vec::new())
}

fn prohibited(question: pb::Question, reasons: Vec<pb::Reason>, advisories: Vec<pb::Advisory>) -> pb::Answer {
    pb::Answer {
        decision: pb::Decision::Prohibited.into(),
        decision_id: String::new(),
        valid_for: None,
        question: Some(question),
        reasons,
        advisories,
    }
}

fn reason(reason: Reason, (place, path): (usize, Path), cited: &mut Vec<Cited>) -> pb::Reason {
    match reason {
        Reason::NotRecognised(what) => pb::Reason {
            fields: what.fields().iter().map(|field| path.of(field)).collect(),
            ..of_kind(pb::ReasonKind::NotRecognised)
        },
        Reason::NotVerified => of_kind(pb::ReasonKind::NotVerified),
        Reason::NoSources => of_kind(pb::ReasonKind::NoSources),
        Reason::Missing(source) => about(pb::ReasonKind::SourceMissing, source),
        Reason::Stale(source) => about(pb::ReasonKind::SourceStale, source),
        Reason::NotReconciled(source) => about(pb::ReasonKind::SourceNotReconciled, source),
        Reason::Held(Prohibition { case, ground, rules, undelivered_at }) => pb::Reason {
            case_reference: case,
            ground: wire::holds::ground(ground),
            rules: named(&rules, place, cited),
            source: undelivered_at.map_or(0, |source| wire::workload(source).into()),
            ..of_kind(pb::ReasonKind::Held)
        },
        Reason::ConditionStated(rules) => pb::Reason {
            ground: common::HoldGround::ConditionKnown.into(),
            rules: named(&rules, place, cited),
            ..of_kind(pb::ReasonKind::ConditionStated)
        },
    }
}

fn of_kind(kind: pb::ReasonKind) -> pb::Reason {
    pb::Reason { kind: kind.into(), ..pb::Reason::default() }
}

fn about(kind: pb::ReasonKind, source: Workload) -> pb::Reason {
    pb::Reason { source: wire::workload(source).into(), ..of_kind(kind) }
}

fn told(advisories: Vec<Advisory>, place: usize, cited: &mut Vec<Cited>) -> Vec<pb::Advisory> {
    let told = advisories.into_iter().map(|Advisory { reason, case, rules }| {
        let kind = match reason {
            AdvisoryReason::OpenReferral => pb::AdvisoryKind::OpenReferral,
            AdvisoryReason::AnotherAwardHeld => pb::AdvisoryKind::AnotherAwardHeld,
            AdvisoryReason::OtherActionsHeld => pb::AdvisoryKind::OtherActionsHeld,
        };
        pb::Advisory { kind: kind.into(), case_reference: case, rules: named(&rules, place, cited) }
    });
    told.collect()
}

/// The ids of rules, noting each that no answer of the reply has named before.
fn named(rules: &[&'static Rule], place: usize, cited: &mut Vec<Cited>) -> Vec<String> {
    for rule in rules {
        if !cited.iter().any(|(_, known)| std::ptr::eq(*known, *rule)) {
            cited.push((place, rule));
        }
    }
    rules.iter().map(|rule| rule.id.to_owned()).collect()
}

/// For how long an answer holds.
fn duration(span: Span) -> prost_types::Duration {
    let millis = span.as_millis();
    prost_types::Duration {
        seconds: i64::try_from(millis / 1_000).unwrap_or_default(),
        nanos: i32::try_from(millis % 1_000 * 1_000_000).unwrap_or_default(),
    }
}

impl Path {
    /// The path of a field that the procedure knows by a name of its own.
    fn of(self, field: &str) -> String {
        let within = if field == "action" { "" } else { "award." };
        match self {
            Self::Only => format!("question.{within}{field}"),
            Self::InBatch(place) => format!("questions[{place}].{within}{field}"),
        }
    }
}

/// What rules say, in the order in which a reply names them first.
pub(crate) fn citations(cited: &[Cited]) -> Vec<common::Citation> {
    cited.iter().map(|(_, rule)| wire::citation(rule)).collect()
}
