//! Every method that records something looks the same to its caller: how it is asked, and how it answers.

use crate::{
    contracts::pool,
    faults::{Excused, Faults},
};
use holdfast_chassis::access::Policies;
use holdfast_contracts::holdfast::access::v1::Effect;
use prost_reflect::{Kind, MessageDescriptor, MethodDescriptor};
use std::collections::BTreeSet;

/// What a reply to a command says of the case.
const EFFECT: &str = "holdfast.common.v1.Effect";

/// Methods that record something and answer otherwise.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    (
        "/holdfast.customers.v1.CustomerService/PassOnCustomerFact",
        "concerns any number of a customer's cases, so there is no one etag; each case owes its own tasks",
    ),
    (
        "/holdfast.customers.v1.CustomerService/ShareCustomerFacts",
        "concerns any number of a customer's cases, so there is no one etag; each case owes its own tasks",
    ),
    (
        "/holdfast.delivery.v1.DeliveryService/ReplayCase",
        "changes when calls go out, not the case: its etag and tasks stay as they are",
    ),
    (
        "/holdfast.delivery.v1.DeliveryService/ReplayDestination",
        "changes when calls go out, not the cases: their etags and tasks stay as they are",
    ),
    ("/holdfast.guidance.v1.GuidanceService/ImportCalendar", "concerns no case, so there is no etag and no task"),
    (
        "/holdfast.safeguarding.v1.ProtectionService/ConfirmAction",
        "writes a permit, which changes no case: nothing is owed that was not owed before",
    ),
    (
        "/holdfast.safeguarding.v1.ProtectionService/DeclareRestore",
        "concerns the ledger as a whole and no case, so there is no etag and no task",
    ),
    (
        "/holdfast.safeguarding.v1.ProtectionService/PlaceHold",
        "tells the ledger of a hold whose case another service keeps: its etag and tasks are told there",
    ),
    (
        "/holdfast.safeguarding.v1.ProtectionService/ReleaseHold",
        "tells the ledger of a hold whose case another service keeps: its etag and tasks are told there",
    ),
];

/// Methods whose caller decides on what they have read.
const ETAG_REQUIRED: [&str; 19] = [
    "/holdfast.conferencing.v1.ConferencingService/CorrectFact",
    "/holdfast.conferencing.v1.ConferencingService/RecordDecision",
    "/holdfast.conferencing.v1.ConferencingService/RecordDetermination",
    "/holdfast.conferencing.v1.ConferencingService/ReopenCase",
    "/holdfast.conferencing.v1.ConferencingService/ReturnToDecisionMaker",
    "/holdfast.conferencing.v1.SanctionService/CorrectFact",
    "/holdfast.conferencing.v1.SanctionService/DecideSanction",
    "/holdfast.conferencing.v1.SanctionService/ReconsiderSanction",
    "/holdfast.conferencing.v1.SanctionService/ReferForSanction",
    "/holdfast.conferencing.v1.SanctionService/WithdrawSanctionCase",
    "/holdfast.safeguarding.v1.EscalationService/ConcludeEscalation",
    "/holdfast.safeguarding.v1.EscalationService/CorrectFact",
    "/holdfast.safeguarding.v1.OverrideService/ApproveOverride",
    "/holdfast.visiting.v1.VisitingService/ConfirmRetraction",
    "/holdfast.visiting.v1.VisitingService/CorrectFact",
    "/holdfast.visiting.v1.VisitingService/DecideGoodCause",
    "/holdfast.visiting.v1.VisitingService/DecideSecondVisit",
    "/holdfast.visiting.v1.VisitingService/DeclineRetraction",
    "/holdfast.visiting.v1.VisitingService/WithdrawReferral",
];

/// Every method of ours by its path, and what the contract says of it.
fn methods() -> Vec<(String, MethodDescriptor)> {
    let pool = pool();
    let services = pool.services().filter(|service| service.package_name().starts_with("holdfast."));
    let methods = services.flat_map(|service| service.methods().collect::<Vec<_>>());
    methods.map(|method| (format!("/{}/{}", method.parent_service().full_name(), method.name()), method)).collect()
}

fn policies() -> Policies {
    let pool = pool();
    let names: Vec<_> = pool.services().map(|service| service.full_name().to_owned()).collect();
    let names = names.iter().map(String::as_str).filter(|name| name.starts_with("holdfast.")).collect::<Vec<_>>();
    Policies::of(&names).unwrap_or_else(|faults| panic!("{}", faults.join("\n")))
}

#[test]
fn every_command_is_asked_and_answers_alike() {
    let mut faults = Faults::new(
        "A method that records something is asked with request_id = 1, validate_only = 2 and etag = 3, and answers \
         with one holdfast.common.v1.Effect named effect. A method that reads is asked with none of the three.",
    );
    let mut excused = Excused::new(WITHOUT_EFFECT);
    let policies = policies();
    let methods = methods();
    assert!(methods.len() > 15, "only {} methods found: they are not being seen", methods.len());
    for (path, method) in methods {
        let writes = policies.get(&path).is_some_and(|policy| policy.effect == Effect::Write);
        if !writes {
            let asked = method.input();
            let kept = ["request_id", "validate_only", "etag"];
            let found = kept.iter().filter(|name| asked.get_field_by_name(name).is_some());
            found.for_each(|name| faults.add(format!("{path}: reads, but {} has {name}", asked.full_name())));
            continue;
        }
        question(&method.input()).into_iter().for_each(|fault| faults.add(format!("{path}: {fault}")));
        if let Some(fault) = answer(&method.output()).filter(|_| !excused.has(&path)) {
            faults.add(format!("{path}: {fault}"));
        }
    }
    excused.stale(&mut faults);
    faults.none();
}

/// What is wrong with how a command is asked.
fn question(asked: &MessageDescriptor) -> Vec<String> {
    let expected = [("request_id", 1, Kind::String), ("validate_only", 2, Kind::Bool), ("etag", 3, Kind::String)];
    let missing = expected.into_iter().filter(|(name, number, kind)| {
        let field = asked.get_field(*number);
        !field.is_some_and(|field| field.name() == *name && field.kind() == *kind && !field.is_list())
    });
    missing.map(|(name, number, _)| format!("{} lacks {name} = {number}", asked.full_name())).collect()
}

/// What is wrong with how a command answers.
fn answer(told: &MessageDescriptor) -> Option<String> {
    let is_effect = |kind: Kind| kind.as_message().is_some_and(|message| message.full_name() == EFFECT);
    let effects: Vec<_> = told.fields().filter(|field| is_effect(field.kind())).collect();
    match effects.as_slice() {
        [effect] if effect.name() == "effect" && !effect.is_list() => None,
        _ => Some(format!("{} has no single {EFFECT} named effect", told.full_name())),
    }
}

#[test]
fn who_decides_on_what_they_read_shows_the_etag() {
    let expected: BTreeSet<_> = ETAG_REQUIRED.map(str::to_owned).into();
    let policies = policies();
    let stated: BTreeSet<_> =
        policies.iter().filter(|policy| policy.etag_required).map(|policy| policy.path.clone()).collect();
    let mut faults = Faults::new(
        "etag_required stands on the methods whose caller decides on what they have read, and on no other. Whichever \
         is right, the contract or the list in this test, change the other.",
    );
    stated.difference(&expected).for_each(|path| faults.add(format!("{path}: requires the etag, but is not listed")));
    expected.difference(&stated).for_each(|path| faults.add(format!("{path}: listed, but requires no etag")));
    faults.none();
}
