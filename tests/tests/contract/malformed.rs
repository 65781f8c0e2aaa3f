//! Bad input for every method of every service, made from the contracts themselves: a request in which nothing is at
//! fault, then each of its fields missing, too long, out of range, or too often there. Every fault is named by its path,
//! and nothing is kept.

use super::{
    access::{attempt, policies},
    support::{at, everything, fields, reason, suite},
};
use futures::{StreamExt, stream};
use holdfast_contracts::{
    descriptor_pool,
    holdfast::access::v1::{Access, Role, Workload},
};
use holdfast_tests::suite::TestSuite;
use prost::Message;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor, ReflectMessage, Value,
};
use std::collections::BTreeSet;
use tonic::{Code, Status};

/// Fields that may be missing, by name wherever they are, or within their message. All others have to be there.
const OPTIONAL: &[&str] = &[
    "late_reason",
    "page_size",
    "page_token",
    "AssignTaskRequest.cover",
    "AssignTaskRequest.person",
    "AssignTaskRequest.team",
    "Actor.person",
    "Actor.role",
    "AgreeActionRequest.due_on",
    "CaseFile.entries",
    "CaseFile.joined",
    "Concern.concern",
    "Contact.second_visit",
    "EscalationOutcome.leader",
    "EscalationOutcome.steps",
    "FileEntry.fact",
    "FileEntry.narrative",
    "GetProcedureRequest.at",
    "IneffectiveCall.letter",
    "IneffectiveVisit.account",
    "Leader.telephone",
    "PassedOnDeathCorrection.narrative",
    "PassedOnDeathReport.narrative",
    "RecordReviewRequest.next_review_on",
    "ReportDeathRequest.account",
    "StepTaken.narrative",
    "StepTaken.with",
];

/// What a field is called in a refusal, where that is not its path.
const NAMED_OTHERWISE: &[(&str, &str)] =
    &[("term.length", "term"), ("term.working_days", "term"), ("term.calendar_days", "term"), ("term.minutes", "term")];

/// A field within a request: the fields that lead to it, the first element standing for all of a list.
type Place = Vec<FieldDescriptor>;

/// A request with a fault, what was done to it, and the field that has to be named.
struct Bad {
    what: String,
    body: Vec<u8>,
    named: String,
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
        // A service, not the case workers' desktop.
        Kind::Enum(_) if field.name() == "destination" => Value::EnumNumber(Workload::Visiting.into()),
        Kind::Enum(_) => Value::EnumNumber(1),
        Kind::Message(message) if is_instant(field) => {
            let mut instant = DynamicMessage::new(message);
            instant.merge(at("2026-06-01 08:30").unwrap().encode_to_vec().as_slice()).unwrap();
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

/// Every field that is there, however deep.
fn places(message: &DynamicMessage, above: &[FieldDescriptor], found: &mut Vec<Place>) {
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
fn holder<'a>(message: &'a mut DynamicMessage, place: &[FieldDescriptor]) -> &'a mut DynamicMessage {
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
fn wrong(field: &FieldDescriptor) -> Vec<(String, Value)> {
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
        Kind::Enum(_) => [99, -1, i32::MAX].map(|n| (n.to_string(), Value::EnumNumber(n))).into(),
        Kind::Uint32 if field.name() == "page_size" => vec![("a huge page".to_owned(), Value::U32(u32::MAX))],
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

/// The name of a place in refusals.
fn name(place: &[FieldDescriptor]) -> String {
    let names: Vec<_> = place.iter().map(FieldDescriptor::name).collect();
    let name = names.join(".");
    NAMED_OTHERWISE.iter().find(|(path, _)| *path == name).map_or(name, |(_, named)| (*named).to_owned())
}

/// A field without the places in lists that lead to it: `participants[0].person` is `participants.person`.
fn anywhere_in_list(field: &str) -> String {
    let parts = field.split('.').map(|part| part.split_once('[').map_or(part, |(list, _)| list));
    parts.collect::<Vec<_>>().join(".")
}

/// Whether a request may come without a field.
fn may_be_missing(method: &MethodDescriptor, access: &Access, field: &FieldDescriptor) -> bool {
    let within = format!("{}.{}", field.parent_message().name(), field.name());
    let asks = ["List", "Watch"].iter().any(|verb| method.name().starts_with(verb));
    let is_etag = field.name() == "etag" && !access.etag_required;
    asks || is_etag
        || field.kind() == Kind::Bool
        || OPTIONAL.iter().any(|name| *name == field.name() || *name == within)
}

/// Every fault that one field of a request can have.
fn faults_at(method: &MethodDescriptor, access: &Access, whole: &DynamicMessage, place: &Place) -> Vec<Bad> {
    let field = place.last().unwrap();
    let changed = |what: String, named: String, change: &dyn Fn(&mut DynamicMessage)| {
        let mut request = whole.clone();
        change(holder(&mut request, place));
        Bad { what: format!("{} {what}", name(place)), body: request.encode_to_vec(), named }
    };
    let mut bad = Vec::new();
    if !may_be_missing(method, access, field) {
        let named = match field.containing_oneof() {
            Some(choice) => {
                let above: Vec<_> = place[..place.len() - 1].iter().map(FieldDescriptor::name).collect();
                let path = above.into_iter().chain([choice.name()]).collect::<Vec<_>>().join(".");
                NAMED_OTHERWISE.iter().find(|(of, _)| *of == path).map_or(path, |(_, named)| (*named).to_owned())
            }
            None => name(place),
        };
        bad.push(changed("missing".to_owned(), named, &|request| request.clear_field(field)));
    }
    for (what, value) in wrong(field) {
        let value = if field.is_list() { Value::List(vec![value]) } else { value };
        bad.push(changed(what, name(place), &|request| request.set_field(field, value.clone())));
    }
    if field.is_list() {
        bad.push(changed("too often".to_owned(), name(place), &|request| {
            let Value::List(list) = request.get_field_mut(field) else { unreachable!("a list") };
            *list = vec![list[0].clone(); 1_001];
        }));
    }
    bad
}

/// How many requests it takes so that every member of every choice has its turn.
fn turns(message: &MessageDescriptor, seen: &mut BTreeSet<String>) -> usize {
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

fn methods() -> Vec<(String, MethodDescriptor, Access)> {
    let (pool, policies) = (descriptor_pool().unwrap(), policies());
    let methods = pool.services().flat_map(|service| service.methods().collect::<Vec<_>>());
    let named = methods.map(|method| (format!("{}/{}", method.parent_service().name(), method.name()), method));
    named.map(|(name, method)| (name.clone(), method, policies[&name].clone())).collect()
}

/// The answer to a request by somebody who may ask it.
async fn answer(suite: &TestSuite, method: &str, access: &Access, body: Vec<u8>) -> Result<(), Status> {
    let role = access.roles().next().or(access.any_person.then_some(Role::Officer));
    let workload: Workload = access.workloads().next().unwrap();
    attempt(&suite.channel, method, suite.request_through("p", role, workload, body)).await
}

/// What is wrong with how a fault is answered.
fn judged(method: &str, bad: &Bad, answer: &Result<(), Status>, besides: &[String]) -> Option<String> {
    let Err(status) = answer else { return Some(format!("{method}: {}: taken", bad.what)) };
    let mut expected: Vec<_> = besides.iter().cloned().chain([bad.named.clone()]).collect();
    expected.sort();
    expected.dedup();
    let mut found: Vec<_> = fields(status).iter().map(|field| anywhere_in_list(field)).collect();
    found.dedup();
    let valid = status.code() == Code::InvalidArgument && reason(status) == "INVALID_REQUEST" && found == expected;
    (!valid).then(|| format!("{method}: {}: {:?} {} {found:?}", bad.what, status.code(), status.message()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_of_every_field_of_every_method_is_named() {
    let suite = suite().await;
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for (method, descriptor, access) in methods() {
        let before = everything(&suite).await;
        for turn in 0..turns(&descriptor.input(), &mut BTreeSet::new()) {
            let whole = filled(&descriptor.input(), turn);
            let besides = match answer(&suite, &method, &access, whole.encode_to_vec()).await {
                Err(status) if status.code() == Code::InvalidArgument => fields(&status),
                _ => vec![],
            };
            // A document is no reference; whatever else is at fault in a whole request is the test's own fault.
            assert!(besides.is_empty() || besides == ["gov_uk_json"], "{method} as it should be: {besides:?}");
            let mut all = Vec::new();
            places(&whole, &[], &mut all);
            let bad: Vec<_> = all.iter().flat_map(|place| faults_at(&descriptor, &access, &whole, place)).collect();
            asked += bad.len();
            let answers = stream::iter(&bad)
                .map(|bad| {
                    let (suite, method, access) = (&suite, &method, &access);
                    async move { (bad, answer(suite, method, access, bad.body.clone()).await) }
                })
                .buffer_unordered(8);
            let answers = answers.collect::<Vec<_>>().await;
            wrong.extend(answers.iter().filter_map(|(bad, answer)| judged(&method, bad, answer, &besides)));
        }
        assert!(everything(&suite).await == before, "{method} left something behind");
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(asked > 2_000, "{asked}");
    suite.stop().await;
}

/// A request in which everything is wrong at once is told of everything.
#[tokio::test]
async fn all_faults_of_a_request_are_named_at_once() {
    let suite = suite().await;
    let before = everything(&suite).await;
    let mut missed = Vec::new();
    for (method, descriptor, access) in methods() {
        for turn in 0..turns(&descriptor.input(), &mut BTreeSet::new()) {
            let mut request = filled(&descriptor.input(), turn);
            let mut all = Vec::new();
            places(&request, &[], &mut all);
            // A document is no reference.
            let mut expected: BTreeSet<_> =
                all.iter().map(|place| name(place)).filter(|name| name == "gov_uk_json").collect();
            for place in &all {
                let field = place.last().unwrap();
                if let Some((_, value)) = wrong(field).into_iter().next().filter(|_| !field.is_list()) {
                    holder(&mut request, place).set_field(field, value);
                    expected.insert(name(place));
                }
            }
            let Err(status) = answer(&suite, &method, &access, request.encode_to_vec()).await else {
                missed.extend((!expected.is_empty()).then(|| format!("{method}: taken")));
                continue;
            };
            let found: BTreeSet<_> = fields(&status).iter().map(|field| anywhere_in_list(field)).collect();
            // A refusal has room for so many; it says how many more there are.
            let told =
                if status.message().contains("more faults") { found.is_subset(&expected) } else { found == expected };
            missed.extend((!told).then(|| format!("{method}: {found:?} and not {expected:?}")));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert!(everything(&suite).await == before);
    suite.stop().await;
}

/// Bytes that are no message: an unknown wire type, a field that ends too early, text that is not UTF-8.
#[tokio::test]
async fn bytes_that_do_not_decode_are_refused_by_every_method() {
    let suite = suite().await;
    let before = everything(&suite).await;
    for (method, _, access) in methods() {
        for body in [&[0xff; 10][..], &[0x0a, 0x05, b'a'], &[0x0a, 0x02, 0xff, 0xfe], &[0x07]] {
            let status = answer(&suite, &method, &access, body.to_vec()).await.expect_err(&method);
            // Where the first field is no text, not being UTF-8 shows as another fault of it.
            assert_eq!(status.code(), Code::InvalidArgument, "{method} {body:?}: {status:?}");
            assert_eq!(reason(&status), "INVALID_REQUEST", "{method} {body:?}");
            assert_eq!(fields(&status), ["request"], "{method} {body:?}");
        }
    }
    assert_eq!(everything(&suite).await, before);
    suite.stop().await;
}
