//! Whether a reply permits: pure functions of its bytes, so that they can be searched.

use crate::{
    boot::BootTime,
    question::Question,
    seal::opened,
    verdict::{Cause, Doubt, Permission, Verdict, Why},
};
use holdfast_contracts::holdfast::{common::v1::Citation, safeguarding::v1 as pb};
use std::time::Duration;

/// The longest that an answer may be valid. A longer one is not believed for a shorter time: it comes from somebody who
/// does not keep the contract.
pub const LONGEST: Duration = Duration::from_secs(5);

/// When something was asked, and when it is judged.
#[derive(Debug, Clone, Copy)]
struct Asked {
    at: BootTime,
    judged: BootTime,
}

/// What an encoded `CheckActionResponse` says to a question that was asked at `asked_at`, judged at `now`.
pub fn judge(asked: &Question, reply: &[u8], asked_at: BootTime, now: BootTime) -> Verdict {
    match opened::<pb::CheckActionResponse>(reply) {
        Ok(reply) => alone(asked, reply.answer, &reply.citations, Asked { at: asked_at, judged: now }),
        Err(doubt) => doubted(doubt),
    }
}

/// What an encoded `BatchCheckActionsResponse` says to each question, in their order. The reply is believed as a whole
/// or not at all.
#[must_use = "an action that is prohibited must not be taken"]
pub fn judge_all(asked: &[Question], reply: &[u8], asked_at: BootTime, now: BootTime) -> Vec<Verdict> {
    let reply = match opened::<pb::BatchCheckActionsResponse>(reply) {
        Ok(reply) if reply.answers.len() == asked.len() => reply,
        Ok(_) => return all(asked, Doubt::AnswersMiscounted),
        Err(doubt) => return all(asked, doubt),
    };
    if asked.iter().zip(&reply.answers).any(|(asked, answer)| !is_about(asked, answer)) {
        return all(asked, Doubt::AnotherQuestion);
    }
    let (when, citations) = (Asked { at: asked_at, judged: now }, reply.citations);
    asked.iter().zip(reply.answers).map(|(asked, answer)| verdict(asked, answer, &citations, when)).collect()
}

/// What an encoded `ConfirmActionResponse` says to a question that was first asked at `asked_at`, judged at `now`. It
/// permits only where a permit was written.
pub fn judge_confirmed(asked: &Question, reply: &[u8], asked_at: BootTime, now: BootTime) -> Verdict {
    let reply = match opened::<pb::ConfirmActionResponse>(reply) {
        Ok(reply) => reply,
        Err(doubt) => return doubted(doubt),
    };
    let is_written = reply.permit_expires_at.is_some() && !reply.validated_only;
    match alone(asked, reply.answer, &reply.citations, Asked { at: asked_at, judged: now }) {
        Verdict::Permitted(_) if !is_written => doubted(Doubt::NoPermit),
        verdict @ (Verdict::Permitted(_) | Verdict::Prohibited(_)) => verdict,
    }
}

/// The verdict on the one question that was asked.
fn alone(asked: &Question, answer: Option<pb::Answer>, citations: &[Citation], when: Asked) -> Verdict {
    match answer {
        Some(answer) if is_about(asked, &answer) => verdict(asked, answer, citations, when),
        Some(_) => doubted(Doubt::AnotherQuestion),
        None => doubted(Doubt::AnswersMiscounted),
    }
}

/// The same doubt about the answer to every question.
fn all(asked: &[Question], doubt: Doubt) -> Vec<Verdict> {
    asked.iter().map(|_| doubted(doubt)).collect()
}

fn doubted(doubt: Doubt) -> Verdict {
    Verdict::Prohibited(Why::of(Cause::Doubted(doubt)))
}

/// Whether an answer is about what was asked. Only what prohibits may come without the question.
fn is_about(asked: &Question, answer: &pb::Answer) -> bool {
    let may_lack_it = answer.decision != i32::from(pb::Decision::Permitted);
    answer.question.as_ref().map_or(may_lack_it, |question| *question == asked.to_wire())
}

fn verdict(asked: &Question, answer: pb::Answer, citations: &[Citation], when: Asked) -> Verdict {
    let cause = match pb::Decision::try_from(answer.decision) {
        Ok(pb::Decision::Permitted) => match expiry(asked, &answer, when) {
            Ok(expires) => return Verdict::Permitted(permission(answer, citations, expires)),
            Err(doubt) => Cause::Doubted(doubt),
        },
        Ok(pb::Decision::Prohibited) => Cause::Told(answer.reasons),
        Ok(pb::Decision::Unspecified) | Err(_) => Cause::Doubted(Doubt::Undecided),
    };
    let citations = cited(citations, cause_rules(&cause).chain(advisory_rules(&answer.advisories)));
    Verdict::Prohibited(Why { cause, advisories: answer.advisories, citations })
}

fn permission(answer: pb::Answer, citations: &[Citation], expires: BootTime) -> Permission {
    let citations = cited(citations, advisory_rules(&answer.advisories));
    Permission { decision_id: answer.decision_id, expires, advisories: answer.advisories, citations }
}

/// When a PERMITTED answer expires, where everything about it is as it has to be.
fn expiry(asked: &Question, answer: &pb::Answer, when: Asked) -> Result<BootTime, Doubt> {
    if !asked.is_whole() {
        return Err(Doubt::QuestionIncomplete);
    }
    if answer.decision_id.is_empty() {
        return Err(Doubt::NoDecisionId);
    }
    if !answer.reasons.is_empty() {
        return Err(Doubt::PermittedWithReasons);
    }
    let valid_for = answer.valid_for.as_ref().and_then(duration);
    let valid_for = valid_for.filter(|valid_for| !valid_for.is_zero() && *valid_for <= LONGEST);
    let valid_for = valid_for.ok_or(Doubt::ValidityOutOfBounds)?;
    let arrived_in_time = when.judged.since(when.at).is_some_and(|passed| passed < valid_for);
    if arrived_in_time { Ok(when.at.later(valid_for)) } else { Err(Doubt::TooLate) }
}

/// A length of time as the contract carries it; `None` where that is malformed or negative.
fn duration(carried: &prost_types::Duration) -> Option<Duration> {
    let nanos = u32::try_from(carried.nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
    Some(Duration::new(u64::try_from(carried.seconds).ok()?, nanos))
}

fn cause_rules(cause: &Cause) -> impl Iterator<Item = &str> {
    let reasons = match cause {
        Cause::Told(reasons) => reasons.as_slice(),
        Cause::NoAnswer(_) | Cause::Doubted(_) => &[],
    };
    reasons.iter().flat_map(|reason| reason.rules.iter().map(String::as_str))
}

fn advisory_rules(advisories: &[pb::Advisory]) -> impl Iterator<Item = &str> {
    advisories.iter().flat_map(|advisory| advisory.rules.iter().map(String::as_str))
}

/// Those of a reply's citations that one of its answers names: a batch tells each only once.
fn cited<'a>(citations: &[Citation], rules: impl Iterator<Item = &'a str>) -> Vec<Citation> {
    let rules: Vec<_> = rules.collect();
    citations.iter().filter(|citation| rules.contains(&citation.rule.as_str())).cloned().collect()
}
