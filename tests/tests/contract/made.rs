//! Requests made from the contracts themselves: one in which nothing is at fault, and the values that its fields cannot
//! have.

use super::support::at;
use holdfast_contracts::holdfast::access::v1::Workload;
use prost::Message;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor, ReflectMessage, Value,
};
use std::collections::BTreeSet;

/// Fields in which a number that has no name here says something: a newer build has one, and what it says prohibits.
const OPEN: &[&str] = &[
    "Hold.actions",
    "Hold.ground",
    "Hold.only_on",
    "HeldAt.ground",
    "ListHoldsRequest.ground",
    "RaiseHoldRequest.ground",
];

/// Fields that a whole request of a method is without.
const UNFIT: &[(&str, &str)] = &[
    ("ConsiderVisit", "case_reference"),
    ("PlaceHold", "released"),
    ("RaiseConcern", "case_reference"),
    ("ReferForVisit", "not_known"),
];

/// A field within a request: the fields that lead to it, the first element standing for all of a list.
pub(crate) type Place = Vec<FieldDescriptor>;

/// A field by its message and its own name.
pub(crate) fn within(field: &FieldDescriptor) -> String {
    format!("{}.{}", field.parent_message().name(), field.name())
}

fn is_instant(field: &FieldDescriptor) -> bool {
    matches!(field.kind(), Kind::Message(message) if message.full_name() == "google.protobuf.Timestamp")
}

fn holds_words(field: &FieldDescriptor) -> bool {
    field.options().get_field_by_name("debug_redact").is_some_and(|mark| mark.as_bool() == Some(true))
}

/// A value in which nothing is at fault; none where the field is best left out.
#[expect(clippy::wildcard_enum_match_arm, reason = "the library may add kinds")]
fn right(field: &FieldDescriptor, pick: usize) -> Option<Value> {
    Some(match field.kind() {
        Kind::String if holds_words(field) => Value::String("words".to_owned()),
        Kind::String => Value::String(
            match field.name() {
                "page_token" | "resume_token" => return None,
                "etag" => "1-x",
                "task" => "visiting/HF-0000-0000-0000/first-visit",
                "date" | "due_on" | "review_on" | "next_review_on" => "2026-06-10",
                "telephone" => "+44 191 496 0000",
                _ => "x-1",
            }
            .to_owned(),
        ),
        Kind::Bool => Value::Bool(true),
        Kind::Uint32 => Value::U32(1),
        Kind::Uint64 => Value::U64(1),
        // A service, not the case workers' desktop.
        Kind::Enum(_) if ["destination", "holder", "source"].contains(&field.name()) => {
            Value::EnumNumber(Workload::Visiting.into())
        }
        Kind::Enum(_) => Value::EnumNumber(1),
        Kind::Message(message) if is_instant(field) => {
            // An end lies ahead; what is told lies behind.
            let when = if field.name() == "until" { "2026-06-10 08:30" } else { "2026-06-01 08:30" };
            let mut instant = DynamicMessage::new(message);
            instant.merge(at(when).unwrap().encode_to_vec().as_slice()).unwrap();
            Value::Message(instant)
        }
        Kind::Message(message) => Value::Message(filled(&message, pick)),
        other => panic!("{}: no value for {other:?}", field.full_name()),
    })
}

/// A message with everything in it; of every choice, the member whose turn it is.
fn filled(message: &MessageDescriptor, pick: usize) -> DynamicMessage {
    let mut filled = DynamicMessage::new(message.clone());
    for field in message.fields() {
        let chosen = field.containing_oneof().is_none_or(|choice| {
            let members: Vec<_> = choice.fields().collect();
            members[pick % members.len()] == field
        });
        if let Some(value) = chosen.then(|| right(&field, pick)).flatten() {
            filled.set_field(&field, if field.is_list() { Value::List(vec![value]) } else { value });
        }
    }
    filled
}

/// A request of a method in which nothing is at fault.
pub(crate) fn whole(method: &MethodDescriptor, pick: usize) -> DynamicMessage {
    let mut whole = filled(&method.input(), pick);
    let mut all = Vec::new();
    places(&whole, &[], &mut all);
    for place in all {
        let field = place.last().unwrap();
        if UNFIT.contains(&(method.name(), field.name())) {
            holder(&mut whole, &place).clear_field(field);
        }
    }
    whole
}

/// Every field that is there, however deep.
pub(crate) fn places(message: &DynamicMessage, above: &[FieldDescriptor], found: &mut Vec<Place>) {
    for field in message.descriptor().fields().filter(|field| message.has_field(field)) {
        let place = [above, std::slice::from_ref(&field)].concat();
        found.push(place.clone());
        let value = message.get_field(&field);
        let value = value.as_list().map_or(&*value, |list| &list[0]);
        if let Some(inner) = value.as_message().filter(|_| !is_instant(&field)) {
            places(inner, &place, found);
        }
    }
}

/// The message that holds the last field of a place.
#[expect(clippy::wildcard_enum_match_arm, reason = "the library may add kinds")]
pub(crate) fn holder<'a>(message: &'a mut DynamicMessage, place: &[FieldDescriptor]) -> &'a mut DynamicMessage {
    let [field, below @ ..] = place else { return message };
    if below.is_empty() {
        return message;
    }
    let value = message.get_field_mut(field);
    let inner = match value {
        Value::List(list) => list[0].as_message_mut(),
        other => other.as_message_mut(),
    };
    holder(inner.unwrap(), below)
}

/// Values that a field cannot have, each with what is wrong with it.
#[expect(clippy::wildcard_enum_match_arm, reason = "the library may add kinds")]
pub(crate) fn wrong(field: &FieldDescriptor) -> Vec<(String, Value)> {
    let text = |what: &str, text: String| (what.to_owned(), Value::String(text));
    match field.kind() {
        Kind::String if field.name() == "etag" => vec![text("long", "x".repeat(65))],
        Kind::String if field.name() == "gov_uk_json" => vec![],
        Kind::String if holds_words(field) => vec![
            text("a control character", "bell \u{7}".to_owned()),
            text("nul", "nul \u{0}".to_owned()),
            text("long", "x".repeat(4_001)),
            text("huge", "x".repeat(200 << 10)),
        ],
        Kind::String => vec![
            text("nul", "nul\u{0}".to_owned()),
            text("a line break", "x\n".to_owned()),
            text("long", "x".repeat(301)),
            text("huge", "x".repeat(200 << 10)),
        ],
        Kind::Enum(_) if OPEN.contains(&within(field).as_str()) => vec![],
        Kind::Enum(_) => [99, -1, i32::MAX].map(|n| (n.to_string(), Value::EnumNumber(n))).into(),
        Kind::Uint32 if field.name() == "page_size" => vec![("a huge page".to_owned(), Value::U32(u32::MAX))],
        Kind::Uint64 => vec![("a huge number".to_owned(), Value::U64(u64::MAX))],
        Kind::Message(message) if is_instant(field) => {
            let instants =
                [(0, -1), (0, 1_000_000_000), (i64::MAX, 0), (i64::MIN, 0), (631_151_999, 0), (4_133_980_800, 0)];
            let wrong = instants.map(|(seconds, nanos)| {
                let mut instant = DynamicMessage::new(message.clone());
                instant.merge(prost_types::Timestamp { seconds, nanos }.encode_to_vec().as_slice()).unwrap();
                (format!("{seconds} s {nanos} ns"), Value::Message(instant))
            });
            wrong.into()
        }
        _ => vec![],
    }
}

/// How many requests it takes so that every member of every choice has its turn.
pub(crate) fn turns(message: &MessageDescriptor, seen: &mut BTreeSet<String>) -> usize {
    if !seen.insert(message.full_name().to_owned()) {
        return 1;
    }
    let choices = message.oneofs().map(|choice| choice.fields().len());
    let mut most = choices.max().unwrap_or(1);
    for field in message.fields() {
        if let Kind::Message(inner) = field.kind() {
            most = most.max(turns(&inner, seen));
        }
    }
    most
}
