//! Every refusal of conferencing, of escalations and of the directory that a caller can meet: the rules it stands on, the
//! present stage, and what would be allowed instead.

use super::{
    cases::{Way, tell, told, with},
    support::{Ask, everything, metadata, paths, reason, suite},
};
use holdfast_contracts::holdfast::access::v1::Role::{
    self, AtwAdviser, CaseManager, Ceast, CesTeam, DecisionMaker, LineManager, Officer, Operator, Referrer,
    SafeguardingLeader,
};
use holdfast_procedure::Workload as Service;
use holdfast_tests::{
    pip::Step::{self, Attempt, ClosingNote, Conclusion, Decision, Determination, NoLeader, Return},
    suite::TestSuite,
};
use serde_json::{Value, json};
use tonic::Code;
use tonic_types::StatusExt;

/// A method, who calls it, what they say beside the header, and the rules they are told.
type Row = (&'static str, Role, Value, &'static str);

/// Every call is refused at this stage, by these rules, with what is allowed, and leaves everything as it was.
async fn all_are_refused(way: &Way<'_>, at: Service, stage: &str, rows: Vec<Row>) {
    let (found, etag) = way.standing(at).await;
    assert_eq!(found, stage);
    let before = everything(way.suite).await;
    let mut wrong = Vec::new();
    for (method, role, said, rules) in rows {
        let call = tell(method, role, with(way.header("refused", &etag), said.clone()));
        if let Some(fault) = told_otherwise(way.suite, &call, &way.case, stage, rules).await {
            wrong.push(format!("{method} {said} by {role:?}: {fault}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(everything(way.suite).await == before, "a refusal left something behind");
}

/// What is wrong with how a step is refused.
async fn told_otherwise(suite: &TestSuite, call: &Ask, case: &str, stage: &str, rules: &str) -> Option<String> {
    let Err(status) = call.send(suite).await else { return Some("was carried out".to_owned()) };
    if (status.code(), reason(&status).as_str()) != (Code::FailedPrecondition, "STEP_NOT_ALLOWED") {
        return Some(format!("{status:?}"));
    }
    let failure = status.get_details_precondition_failure().expect("a PreconditionFailure");
    let stands = |of: &tonic_types::PreconditionViolation| of.subject == case && !of.description.is_empty();
    let named: Vec<_> = failure.violations.iter().filter(|of| stands(of)).map(|of| of.r#type.clone()).collect();
    let (found, at) = (metadata(&status, "rules"), metadata(&status, "stage"));
    let (allowed, verb) = (metadata(&status, "allowed"), call.method.rsplit('/').next().unwrap());
    let allowed: Vec<_> = allowed.split(", ").collect();
    let known = |verb: &str| paths().keys().any(|method| method.rsplit('/').next() == Some(verb));
    if found != rules || named.join(", ") != rules || at != stage {
        return Some(format!("{found} ({}) at {at}, not {rules}: {}", named.join(", "), status.message()));
    }
    let sound = !allowed.is_empty() && allowed.iter().all(|verb| known(verb)) && !allowed.contains(&verb);
    (!sound).then(|| format!("allows {allowed:?}"))
}

fn further(required: &str) -> Value {
    json!({"further_information": format!("FURTHER_INFORMATION_{required}"), "reason": "why"})
}

fn marker() -> Value {
    json!({"support_marker": "SUPPORT_MARKER_PUT_ON", "reason": "why"})
}

fn convened() -> Value {
    json!({"at": "2026-06-10T09:00:00Z", "participants": [{"person": "p-1", "role": "ROLE_CES_TEAM"}]})
}

fn determined(satisfaction: &str, concern: &str) -> Value {
    let (satisfaction, concern) = (format!("SATISFACTION_{satisfaction}"), format!("CONCERN_{concern}"));
    json!({"satisfaction": satisfaction, "concern": concern, "reasons": "why"})
}

fn noted() -> Value {
    json!({"occurred_at": "2026-06-01T07:50:00Z", "system": "PIPCS", "reference": "N-1"})
}

fn decided() -> Value {
    json!({"outcome": "OUTCOME_DISALLOW", "weighed": "everything"})
}

fn words(field: &str) -> Value {
    json!({field: "why"})
}
