//! Bad input for every method of every service, made from the contracts themselves: a request in which nothing is at
//! fault, then each of its fields missing, too long, out of range, or too often there. Every fault is named by its path,
//! and nothing is kept.

use super::{
    access::{attempt, policies},
    made::{Place, holder, places, turns, whole, within, wrong},
    support::{Dump, fields, reason, suite},
    unrecognised::{is_answered, unrecognised},
};
use futures::{StreamExt, stream};
use holdfast_contracts::{
    descriptor_pool,
    holdfast::access::v1::{Access, Role, Workload},
};
use holdfast_tests::suite::TestSuite;
use prost::Message;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MethodDescriptor, Value};
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
    "CaseFile.holds",
    "CaseFile.joined",
    "CaseFile.note_in",
    "CaseFile.times_taken_back",
    "Concern.concern",
    "Conference.deferral",
    "Consideration.considered",
    "Consideration.indicator",
    "Consideration.situations",
    "Consideration.understanding",
    "Contact.second_visit",
    "ToldFirst.customer",
    "Contact.understanding",
    "CorrectFactRequest.account",
    "DecideGoodCauseRequest.deferral",
    "DecideSecondVisitRequest.understanding",
    "EffectiveVisit.bookings",
    "EffectiveVisit.good_cause_reasons",
    "EffectiveVisit.lone_parent_with_child_under_one",
    "EffectiveVisit.understood",
    "EscalationOutcome.leader",
    "EscalationOutcome.steps",
    "FileEntry.fact",
    "FileEntry.narrative",
    "ExplainDeadlineRequest.nation",
    "FollowUp.review_on",
    "GetProcedureRequest.at",
    "Hold.actions",
    "Hold.formerly",
    "Hold.only_on",
    "Hold.rules",
    "IneffectiveCall.letter",
    "IneffectiveVisit.account",
    "Leader.telephone",
    "NoteDecisionRequest.times_taken_back",
    "PassedOnDeathCorrection.narrative",
    "PassedOnDeathReport.narrative",
    "ProcedureAt.at",
    "RecordDeterminationRequest.assents",
    "RecordReviewRequest.next_review_on",
    "ReferForVisitRequest.form",
    "ReportDeathRequest.account",
    "StepTaken.narrative",
    "StepTaken.with",
    "Term.calendar_days",
    "Term.minutes",
    "Term.working_days",
    "Understood.attendance",
    "Understood.evidence",
    "Understood.work_related_activity",
    "VisitingForm.activity",
    "VisitingForm.condition",
    "VisitingForm.contact_attempts",
    "VisitingForm.eligibility",
    "VisitingForm.good_cause_considered",
    "VisitingForm.has_representative",
    "VisitingForm.lone_parent_with_child_under_one",
    "VisitingForm.note_in",
    "VisitingForm.previous_visit",
    "VisitingForm.representative",
    "VisitingForm.situations",
    "VisitingForm.telephone",
];

/// What a field is called in a refusal, where that is not its path.
const NAMED_OTHERWISE: &[(&str, &str)] =
    &[("term.length", "term"), ("term.working_days", "term"), ("term.calendar_days", "term"), ("term.minutes", "term")];

/// A request with a fault, what was done to it, and the field that has to be named.
struct Bad {
    what: String,
    body: Vec<u8>,
    named: String,
    /// It is no error: the reply names the field.
    is_answered: bool,
}

/// Everything that is kept. That a proof was given is counted, as nobody but a primary can, and tells nothing else.
async fn everything(suite: &TestSuite) -> Dump {
    let mut kept = super::support::everything(suite).await;
    kept.retain(|table, _| !table.ends_with(".proofs"));
    kept
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
    let within = within(field);
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
        let (what, body) = (format!("{} {what}", name(place)), request.encode_to_vec());
        Bad { what, body, named, is_answered: is_answered(place) }
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

fn methods() -> Vec<(String, MethodDescriptor, Access)> {
    let (pool, policies) = (descriptor_pool().unwrap(), policies());
    let methods = pool.services().flat_map(|service| service.methods().collect::<Vec<_>>());
    let named = methods.map(|method| (format!("{}/{}", method.parent_service().name(), method.name()), method));
    named.map(|(name, method)| (name.clone(), method, policies[&name].clone())).collect()
}

/// The answer to a request by somebody who may ask it.
async fn answer(suite: &TestSuite, method: &str, access: &Access, body: Vec<u8>) -> Result<Vec<u8>, Status> {
    let role = access.roles().next().or(access.any_person.then_some(Role::Officer));
    let workload: Workload = access.workloads().next().unwrap();
    attempt(&suite.channel, method, suite.request_through("p", role, workload, body)).await
}

/// What is wrong with how a fault is answered.
fn judged(
    (method, descriptor): (&str, &MethodDescriptor),
    bad: &Bad,
    answer: &Result<Vec<u8>, Status>,
    besides: &[String],
) -> Option<String> {
    let status = match answer {
        Ok(reply) if bad.is_answered => {
            let (found, expected) = (unrecognised(descriptor, reply), super::unrecognised::named(&bad.named));
            return (found != expected).then(|| format!("{method}: {}: {found:?} and not {expected:?}", bad.what));
        }
        Ok(_) => return Some(format!("{method}: {}: taken", bad.what)),
        Err(status) => status,
    };
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
            let whole = whole(&descriptor, turn);
            let besides = match answer(&suite, &method, &access, whole.encode_to_vec()).await {
                Err(status) if status.code() == Code::InvalidArgument => fields(&status),
                _ => vec![],
            };
            // A document is no reference, nor does every reference begin as those of cases do, which tasks are asked for
            // by; whatever else is at fault in a whole request is the test's own fault.
            let is_of_tasks = method.ends_with("/ListTasks") || method.ends_with("/WatchTasks");
            let expected = if is_of_tasks { "case_reference" } else { "gov_uk_json" };
            assert!(besides.is_empty() || besides == [expected], "{method} as it should be: {besides:?}");
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
            wrong.extend(
                answers.iter().filter_map(|(bad, answer)| judged((&method, &descriptor), bad, answer, &besides)),
            );
        }
        let after = everything(&suite).await;
        let changed: Vec<_> = after.iter().filter(|(table, rows)| before[*table] != **rows).collect();
        assert!(changed.is_empty(), "{method} left something behind: {changed:?}");
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
            let mut request = whole(&descriptor, turn);
            let mut all = Vec::new();
            places(&request, &[], &mut all);
            // A document is no reference.
            let mut expected: BTreeSet<_> =
                all.iter().map(|place| name(place)).filter(|name| name == "gov_uk_json").collect();
            let mut answered = BTreeSet::new();
            for place in &all {
                let field = place.last().unwrap();
                if let Some((_, value)) = wrong(field).into_iter().next().filter(|_| !field.is_list()) {
                    holder(&mut request, place).set_field(field, value);
                    match is_answered(place) {
                        true => answered.extend(super::unrecognised::named(&name(place))),
                        false => drop(expected.insert(name(place))),
                    }
                }
            }
            let status = match answer(&suite, &method, &access, request.encode_to_vec()).await {
                Err(status) => status,
                Ok(reply) => {
                    let named = if answered.is_empty() { BTreeSet::new() } else { unrecognised(&descriptor, &reply) };
                    let told = expected.is_empty() && named == answered;
                    missed.extend((!told).then(|| format!("{method}: taken")));
                    continue;
                }
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
    for (method, descriptor, access) in methods() {
        // Where there is no first field, what would be in it is a newer build's.
        let is_empty = descriptor.input().fields().len() == 0;
        let bodies = [&[0xff; 10][..], &[0x0a, 0x05, b'a'], &[0x07], &[0x0a, 0x02, 0xff, 0xfe]];
        for body in &bodies[..bodies.len() - usize::from(is_empty)] {
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
