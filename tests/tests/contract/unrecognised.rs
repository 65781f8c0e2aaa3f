//! Questions of payers that are not recognised: no error, but an answer that prohibits and names what was not understood.

use holdfast_contracts::holdfast::safeguarding::v1::{Answer, Decision, ReasonKind};
use prost::Message;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MethodDescriptor};
use std::collections::BTreeSet;

/// The fields without which a question is not recognised; a ground that is not may be any.
const NEEDED: [&str; 4] = ["action", "award.award", "award.benefit", "award.customer"];

fn is_question(field: &FieldDescriptor) -> bool {
    matches!(field.kind(), Kind::Message(message) if message.full_name() == "holdfast.safeguarding.v1.Question")
}

/// Whether a fault in this place of a request is answered. That there are no questions, or too many, is an error.
pub(crate) fn is_answered(place: &[FieldDescriptor]) -> bool {
    let whole_list = place.last().is_some_and(|field| is_question(field) && field.is_list());
    place.iter().any(is_question) && !whole_list
}

/// The fields that an answer names where this one is missing or wrong.
pub(crate) fn named(field: &str) -> BTreeSet<String> {
    let (question, _) = field.split_once('.').unwrap_or((field, ""));
    let needed = NEEDED.map(|needed| format!("{question}.{needed}")).into_iter();
    needed.filter(|needed| needed == field || needed.starts_with(&format!("{field}."))).collect()
}

/// The fields that a reply names as not recognised; without the places in lists that lead to them.
pub(crate) fn unrecognised(method: &MethodDescriptor, reply: &[u8]) -> BTreeSet<String> {
    let reply = DynamicMessage::decode(method.output(), reply).unwrap();
    let answer = reply.get_field_by_name("answer").or_else(|| reply.get_field_by_name("answers")).expect("an answer");
    let answer = answer.as_list().map_or(&*answer, |answers| &answers[0]).as_message().unwrap().encode_to_vec();
    let answer = Answer::decode(answer.as_slice()).unwrap();
    assert_eq!(answer.decision(), Decision::Prohibited, "{}: {answer:?}", method.name());
    let reasons = answer.reasons.iter().filter(|reason| reason.kind() == ReasonKind::NotRecognised);
    reasons.flat_map(|reason| &reason.fields).map(|field| field.replace("[0]", "")).collect()
}
