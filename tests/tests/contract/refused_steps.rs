//! Every refusal of conferencing, of escalations and of the directory that a caller can meet: the rules it stands on, the
//! present stage, and what would be allowed instead.

use super::{
    cases::{Way, documentation, handed_over, tell, told, with},
    support::{Ask, everything, metadata, paths, reason, suite},
};
use holdfast_contracts::holdfast::access::v1::Role::{
    self, AtwAdviser, CaseManager, Ceast, CesTeam, DecisionMaker, LineManager, Officer, Operator, Publisher, Referrer,
    SafeguardingLeader, TeamLeader,
};
use holdfast_contracts::holdfast::conferencing::v1::AssuranceItem;
use holdfast_procedure::Workload as Service;
use holdfast_tests::{
    pip::Step::{self, Attempt, ClosingNote, Conclusion, Decision, Determination, NoLeader},
    suite::TestSuite,
};
use serde_json::{Value, json};
use tonic::Code;
use tonic_types::StatusExt;

/// A method, who calls it, what they say beside the header, and the rules they are told.
pub(crate) type Row = (&'static str, Role, Value, &'static str);

/// Every call is refused at this stage, by these rules, with what is allowed, and leaves everything as it was.
pub(crate) async fn all_are_refused(way: &Way<'_>, at: Service, stage: &str, rows: Vec<Row>) {
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

pub(crate) fn words(field: &str) -> Value {
    json!({field: "why"})
}

fn never_happened(fact: u32) -> Value {
    json!({"fact": fact, "never_happened": true, "reason": "why"})
}

const MARKER: &str = "ConferencingService/ConsiderSupportMarker";
const FURTHER: &str = "ConferencingService/RequireFurtherInformation";
const CONVENE: &str = "ConferencingService/ConveneConference";
const DETERMINE: &str = "ConferencingService/RecordDetermination";
const NOTE: &str = "ConferencingService/RecordClosingNote";
const GATHER: &str = "ConferencingService/AssembleDocumentation";
const RETURN: &str = "ConferencingService/ReturnToDecisionMaker";
const DECIDE: &str = "ConferencingService/RecordDecision";
const REOPEN: &str = "ConferencingService/ReopenCase";
const CORRECT: &str = "ConferencingService/CorrectFact";
const REPORT: &str = "ConferencingService/ReportAction";

/// What stands in the way of every case that is new.
const UNCHECKED: &str = "PIP-10, R-ASSURANCE-ITEMS, PIP-11, R-FURTHER-INFORMATION";

#[tokio::test]
async fn a_case_under_enquiry_is_refused_what_is_another_party_s_and_what_comes_later() {
    let suite = suite().await;
    let way = Way::of(&suite, "A-1", false).until(Some(Step::NoFurtherInformation)).await;
    let unsatisfied = determined("NOT_YET", "NOT_IDENTIFIED");
    let owed = "PIP-11, R-FURTHER-INFORMATION, PIP-12, R-SATISFIED, PIP-17";
    let rows = vec![
        (MARKER, Ceast, marker(), "PIP-7, PIP-9"),
        (FURTHER, Ceast, further("REQUIRED"), "PIP-7, PIP-11, R-FURTHER-INFORMATION"),
        (CONVENE, Ceast, convened(), "PIP-7, PIP-11, R-FURTHER-INFORMATION"),
        (DETERMINE, Ceast, determined("SATISFIED", "NOT_IDENTIFIED"), "PIP-7, PIP-13"),
        (DETERMINE, Ceast, determined("SATISFIED", "IDENTIFIED"), "PIP-7, PIP-14"),
        (NOTE, Ceast, noted(), "PIP-17"),
        (GATHER, Referrer, documentation(), "R-NOT-PRESCRIBED, PIP-17"),
        (RETURN, Ceast, json!({}), "PIP-7, PIP-18"),
        (DECIDE, DecisionMaker, decided(), "PIP-18, R-DECISIONS, R-WEIGHED"),
        (DECIDE, AtwAdviser, decided(), "PIP-18, R-DECISIONS, R-WEIGHED"),
        (REOPEN, AtwAdviser, words("reason"), "R-RECONSIDERATION"),
        (DETERMINE, CesTeam, unsatisfied, "PIP-12, R-SATISFIED"),
        (DETERMINE, CesTeam, determined("SATISFIED", "NOT_IDENTIFIED"), "PIP-11, R-FURTHER-INFORMATION"),
        (RETURN, CesTeam, json!({}), owed),
        (DECIDE, CaseManager, decided(), "PIP-17, PIP-18, R-DECISIONS, R-WEIGHED"),
        (REOPEN, CesTeam, words("reason"), "R-RECONSIDERATION"),
    ];
    all_are_refused(&way, Service::Conferencing, "ASSURANCE", rows).await;
    let new = Way::of(&suite, "A-2", false).until(Some(Step::Finding(AssuranceItem::Circumstances))).await;
    let rows = vec![(DETERMINE, CesTeam, determined("SATISFIED", "NOT_IDENTIFIED"), UNCHECKED)];
    all_are_refused(&new, Service::Conferencing, "ASSURANCE", rows).await;
    suite.stop().await;
}

/// What one benefit's guidance asks for, another's may not know: the refusal says so, and who does what instead.
#[tokio::test]
async fn what_a_benefit_does_not_prescribe_is_refused_and_so_is_what_is_another_party_s() {
    let suite = suite().await;
    let mut way = Way::of(&suite, "U-1", false);
    way.case = handed_over(&suite, "U-1").await;
    let unchecked = "UC-4, R-ASSURANCE-ITEMS, UC-3, UC-5, UC-6, R-SATISFIED";
    let rows = vec![
        (MARKER, TeamLeader, marker(), "R-NOT-PRESCRIBED"),
        (FURTHER, TeamLeader, further("REQUIRED"), "R-NOT-PRESCRIBED, UC-3"),
        (NOTE, TeamLeader, noted(), "R-NOT-PRESCRIBED, UC-11"),
        (GATHER, TeamLeader, documentation(), "UC-11"),
        (CONVENE, CesTeam, convened(), "UC-1, UC-3"),
        (DETERMINE, CesTeam, determined("SATISFIED", "IDENTIFIED"), "UC-1, UC-8"),
        (DETERMINE, TeamLeader, determined("SATISFIED", "NOT_IDENTIFIED"), unchecked),
        (RETURN, TeamLeader, json!({}), "UC-11"),
        (DECIDE, DecisionMaker, decided(), "UC-11, UC-12, R-DECISIONS, R-WEIGHED"),
    ];
    all_are_refused(&way, Service::Conferencing, "CONFERENCE_DUE", rows).await;
    suite.stop().await;
}

#[tokio::test]
async fn an_agreed_action_is_its_owner_s_and_stands_in_the_way() {
    let suite = suite().await;
    let way = Way::of(&suite, "A-1", false).until(Some(Determination)).await;
    let agreed = with(way.header("agreed", ""), json!({"what": "ask the GP", "owner": "ROLE_REFERRER"}));
    told(&suite, &tell("ConferencingService/AgreeAction", CesTeam, agreed)).await;
    let taken = json!({
        "action": 1, "result": "ACTION_RESULT_TAKEN", "occurred_at": "2026-06-01T07:50:00Z", "account": "done",
    });
    let rows = vec![
        (REPORT, Officer, taken, "PIP-12, R-SATISFIED, R-OPEN-ACTION"),
        (DETERMINE, CesTeam, determined("SATISFIED", "NOT_IDENTIFIED"), "PIP-12, R-SATISFIED, R-OPEN-ACTION"),
    ];
    all_are_refused(&way, Service::Conferencing, "DETERMINATION_DUE", rows).await;
    suite.stop().await;
}

#[tokio::test]
async fn a_case_with_safeguarding_waits_for_its_outcome() {
    let suite = suite().await;
    let way = Way::of(&suite, "A-1", true).until(Some(Attempt)).await;
    let rows = vec![
        (DETERMINE, CesTeam, determined("SATISFIED", "NOT_IDENTIFIED"), "PIP-14"),
        (RETURN, CesTeam, json!({}), "PIP-14, PIP-17"),
    ];
    all_are_refused(&way, Service::Conferencing, "ESCALATED", rows).await;
    suite.stop().await;
}

#[tokio::test]
async fn a_file_that_was_returned_is_with_whoever_decides() {
    let suite = suite().await;
    let way = Way::of(&suite, "A-1", false).until(Some(Decision)).await;
    let rows = vec![
        (FURTHER, CesTeam, further("REQUIRED"), "PIP-11, R-FURTHER-INFORMATION"),
        (CONVENE, CesTeam, convened(), "PIP-11, R-FURTHER-INFORMATION"),
        (DETERMINE, CesTeam, determined("SATISFIED", "NOT_IDENTIFIED"), "PIP-13"),
        (RETURN, CesTeam, json!({}), "PIP-18"),
        // The closing note follows the four items of the assurance check.
        (CORRECT, Referrer, never_happened(5), "PIP-17"),
    ];
    all_are_refused(&way, Service::Conferencing, "DECISION_DUE", rows).await;
    let agreed = with(way.header("agreed", ""), json!({"what": "ask the GP", "owner": "ROLE_REFERRER"}));
    told(&suite, &tell("ConferencingService/AgreeAction", CesTeam, agreed)).await;
    let rows = vec![(DECIDE, CaseManager, decided(), "PIP-12, R-SATISFIED, R-OPEN-ACTION")];
    all_are_refused(&way, Service::Conferencing, "DECISION_DUE", rows).await;
    suite.stop().await;
}

#[tokio::test]
async fn a_case_that_is_decided_or_ended_takes_nothing_that_is_asked_for() {
    let suite = suite().await;
    let decided_on = Way::of(&suite, "A-1", false).until(None).await;
    let asked = |rules: &'static str| {
        vec![
            (FURTHER, CesTeam, further("REQUIRED"), rules),
            (CONVENE, CesTeam, convened(), rules),
            (DETERMINE, CesTeam, determined("SATISFIED", "IDENTIFIED"), rules),
            (RETURN, CesTeam, json!({}), rules),
            (DECIDE, CaseManager, decided(), rules),
        ]
    };
    all_are_refused(&decided_on, Service::Conferencing, "DECIDED", asked("R-RECONSIDERATION")).await;
    let died = Way::of(&suite, "A-2", false).until(Some(Determination)).await.with_death().await;
    let over = "GEN-3, R-DEATH-VERIFIED";
    let mut rows = asked(over);
    rows.extend([(MARKER, CesTeam, marker(), over), (REOPEN, CaseManager, words("reason"), over)]);
    all_are_refused(&died, Service::Conferencing, "ENDED_DEATH", rows).await;
    suite.stop().await;
}

const MADE: &str = "EscalationService/RecordContactAttempt";
const CONSIDER: &str = "EscalationService/ConsiderLeader";
const REFER: &str = "EscalationService/ReferToLeader";
const DATE: &str = "EscalationService/SetReviewDate";
const REVIEW: &str = "EscalationService/RecordReview";
const CORRECTED: &str = "EscalationService/CorrectFact";
const CONCLUDE: &str = "EscalationService/ConcludeEscalation";

fn made() -> Value {
    let attempt = json!({
        "occurred_at": "2026-06-01T07:59:00Z", "whom": "CONTACT_THROUGH_CUSTOMER",
        "channel": "ATTEMPT_CHANNEL_TELEPHONE", "outcome": "ATTEMPT_OUTCOME_NO_REPLY",
    });
    json!({"attempt": attempt, "account": "nobody answered"})
}

fn need(need: &str) -> Value {
    json!({"need": format!("LEADER_NEED_{need}"), "reason": "why"})
}

fn date() -> Value {
    json!({"review_on": "2026-06-10"})
}

#[tokio::test]
async fn an_escalation_is_refused_what_is_another_party_s_and_a_conclusion_that_comes_too_early() {
    let suite = suite().await;
    let way = Way::of(&suite, "A-1", true).until(Some(Attempt)).await;
    let review = json!({"occurred_at": "2026-06-01T07:59:00Z", "next_steps": "why"});
    let rows = vec![
        (MADE, Ceast, made(), "PIP-7, PIP-15, R-CONTACT-ATTEMPT"),
        (CONSIDER, Ceast, need("NEEDED"), "PIP-7, PIP-16, R-LEADER-NEED"),
        (REFER, Ceast, words("asked"), "PIP-7, PIP-16, R-LEADER-NEED"),
        (DATE, Ceast, date(), "PIP-7, PIP-16R"),
        (REVIEW, Ceast, review, "PIP-7, PIP-16R"),
        (CONCLUDE, Ceast, words("steps"), "PIP-7, PIP-17"),
        (CONCLUDE, CesTeam, words("steps"), "PIP-15, R-CONTACT-ATTEMPT, PIP-16, R-LEADER-NEED"),
        (CONCLUDE, SafeguardingLeader, words("steps"), "PIP-15, R-CONTACT-ATTEMPT, PIP-16, R-LEADER-NEED"),
    ];
    all_are_refused(&way, Service::Safeguarding, "CONTACT_DUE", rows).await;
    told(&suite, &tell(CONSIDER, CesTeam, with(way.header("need", ""), need("NEEDED")))).await;
    let rows = vec![(CONCLUDE, CesTeam, words("steps"), "PIP-15, R-CONTACT-ATTEMPT, PIP-16, R-LEADER-NEED")];
    all_are_refused(&way, Service::Safeguarding, "CONTACT_DUE", rows).await;
    told(&suite, &tell(REFER, CesTeam, with(way.header("refer", ""), words("asked")))).await;
    let rows = vec![
        (CONSIDER, CesTeam, need("NOT_NEEDED"), "R-LEADER-NEED"),
        (CONCLUDE, CesTeam, words("steps"), "PIP-15, R-CONTACT-ATTEMPT, R-NO-LEADER, PIP-16R"),
    ];
    all_are_refused(&way, Service::Safeguarding, "AWAITING_LEADER", rows).await;
    suite.stop().await;
}

#[tokio::test]
async fn an_escalation_whose_review_is_owed_is_not_concluded() {
    let suite = suite().await;
    let leader = json!({"person": "s.lead", "office": "NE-1", "since": "2024-04-01T00:00:00Z"});
    let set = json!({"request_id": "set", "area": "Somewhere", "leader": leader});
    told(&suite, &tell("DirectoryService/SetLeader", Operator, set)).await;
    let way = Way::of(&suite, "A-1", true).until(Some(NoLeader)).await;
    told(&suite, &tell(REFER, CesTeam, with(way.header("refer", ""), words("asked")))).await;
    let rows = vec![(CONCLUDE, CesTeam, words("steps"), "PIP-16R")];
    all_are_refused(&way, Service::Safeguarding, "REVIEW_DATE_DUE", rows).await;
    told(&suite, &tell(DATE, SafeguardingLeader, with(way.header("date", ""), date()))).await;
    let rows = vec![(CONCLUDE, SafeguardingLeader, words("steps"), "PIP-16R")];
    all_are_refused(&way, Service::Safeguarding, "REVIEW_DUE", rows).await;
    let mut text = with(way.header("text", ""), made());
    text["attempt"]["text_sent"] = json!(true);
    // After the attempt that was made before, which would be the promised call otherwise.
    text["attempt"]["occurred_at"] = json!("2026-06-01T08:00:00Z");
    told(&suite, &tell(MADE, CesTeam, text)).await;
    let rows = vec![(CONCLUDE, CesTeam, words("steps"), "PIP-15, R-CALL-BACK, PIP-16R")];
    all_are_refused(&way, Service::Safeguarding, "REVIEW_DUE", rows).await;
    suite.stop().await;
}

#[tokio::test]
async fn an_escalation_that_is_concluded_or_ended_takes_nothing_that_is_asked_for() {
    let suite = suite().await;
    let concluded = Way::of(&suite, "A-1", true).until(Some(ClosingNote)).await;
    let rows = vec![
        (CORRECTED, SafeguardingLeader, never_happened(1), "PIP-7, PIP-15, R-CONTACT-ATTEMPT"),
        (CORRECTED, CesTeam, never_happened(1), "PIP-15, R-CONTACT-ATTEMPT"),
        (CONSIDER, CesTeam, need("NEEDED"), "PIP-16, R-LEADER-NEED"),
        (CONCLUDE, CesTeam, words("steps"), "PIP-17"),
    ];
    all_are_refused(&concluded, Service::Safeguarding, "CONCLUDED", rows).await;
    let died = Way::of(&suite, "A-2", true).until(Some(Conclusion)).await.with_death().await;
    let rows = vec![
        (CONSIDER, CesTeam, need("NEEDED"), "PIP-16, R-LEADER-NEED"),
        (REFER, CesTeam, words("asked"), "PIP-16, R-LEADER-NEED"),
        (DATE, CesTeam, date(), "PIP-16R"),
        (CONCLUDE, CesTeam, words("steps"), "PIP-17"),
    ];
    all_are_refused(&died, Service::Safeguarding, "ENDED_DEATH", rows).await;
    suite.stop().await;
}

/// What is owed is done by whoever owes it, with the verb that discharges it.
#[tokio::test]
async fn a_task_is_refused_to_whoever_does_not_owe_it() {
    let suite = suite().await;
    let way = Way::of(&suite, "A-1", true).until(Some(Attempt)).await;
    let listed = tell("TaskService/ListTasks", Officer, json!({"case_reference": way.case}));
    let tasks = told(&suite, &listed).await["tasks"].as_array().unwrap().clone();
    let (mut services, mut verbs) = (std::collections::BTreeSet::new(), 0);
    for task in tasks {
        let (name, rule) = (task["name"].as_str().unwrap(), task["citation"]["rule"].as_str().unwrap());
        let service = name.split('/').next().unwrap();
        let at = if service == "safeguarding" { Service::Safeguarding } else { Service::Conferencing };
        let stage = way.standing(at).await.0;
        let assign = json!({"request_id": "r", "task": name, "person": "p-9"});
        let call = tell("TaskService/AssignTask", Publisher, assign);
        assert_eq!(told_otherwise(&suite, &call, &way.case, &stage, rule).await, None, "{name}");
        services.insert(service.to_owned());
        if task["discharged_by"] != "CompleteTask" {
            verbs += 1;
            let done = json!({
                "request_id": "r", "task": name, "system": "PIPCS", "reference": "N-1",
                "occurred_at": "2026-06-01T08:00:00Z",
            });
            let status = tell("TaskService/CompleteTask", LineManager, done).refused(&suite).await;
            assert_eq!(metadata(&status, "rules"), rule, "{name}");
        }
    }
    assert!(services.len() == 2 && verbs > 0, "{services:?} {verbs}");
    suite.stop().await;
}

#[tokio::test]
async fn an_area_without_a_leader_has_none_to_remove() {
    let suite = suite().await;
    let leader = json!({"person": "s.lead", "office": "NE-1", "since": "2024-04-01T00:00:00Z"});
    let set = json!({"request_id": "set", "area": "North", "leader": leader});
    told(&suite, &tell("DirectoryService/SetLeader", Operator, set)).await;
    let remove = |id: &str| tell("DirectoryService/RemoveLeader", Operator, json!({"request_id": id, "area": "North"}));
    told(&suite, &remove("one")).await;
    let before = everything(&suite).await;
    let fault = told_otherwise(&suite, &remove("two"), "AREA-North", "LISTED", "R-NO-LEADER").await;
    assert_eq!(fault, None);
    assert!(everything(&suite).await == before);
    suite.stop().await;
}
