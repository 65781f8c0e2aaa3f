//! The guidance as it is served: rules and rulings, procedures side by side, and every date that anybody is given.

use super::{
    cases::{Way, tell, told},
    support::{awaiting_contact, reason, suite},
};
use holdfast_contracts::holdfast::access::v1::Role::{Auditor, CesTeam};
use holdfast_procedure::{
    benefit::{AfterFirstVisit, Clause, Letter, Prescribed, Rules, pip},
    guidance::{Guidance, Version},
    rule::{self, Source},
    term::Term,
};
use holdfast_tests::{
    pip::Step,
    suite::{TestSuite, london},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn asked(suite: &TestSuite, method: &'static str, fields: Value) -> Value {
    told(suite, &tell(method, Auditor, fields)).await
}

/// The ids of the rules that are listed.
async fn rules(suite: &TestSuite, fields: Value) -> Vec<String> {
    let reply = asked(suite, "GuidanceService/ListRules", fields).await;
    let listed = reply["rules"].as_array().unwrap().iter();
    listed.map(|rule| rule["citation"]["rule"].as_str().unwrap().to_owned()).collect()
}

/// A second version of the PIP guidance, which allows seven working days from 3 June 2026.
fn changed() -> Guidance {
    let Prescribed::Yes(after) = pip::RULES.after_first_visit else { panic!("a letter is prescribed") };
    let letter =
        Clause { says: Letter { within: Term::WorkingDays(7), ..after.letter.says }, rules: after.letter.rules };
    let after_first_visit = Prescribed::Yes(AfterFirstVisit { letter, ..after });
    let rules = Rules { after_first_visit, ..pip::RULES };
    let effective_from = Some(london("2026-06-03 00:00"));
    Guidance::published().with(Version { name: "pip/2".to_owned(), source: Source::PipGuidance, effective_from, rules })
}

#[tokio::test]
async fn rulings_are_served_beside_the_rules_and_by_themselves() {
    let suite = suite().await;
    let all: Vec<_> = rule::all().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(rules(&suite, json!({})).await, all);
    let (rulings, paragraphs): (Vec<_>, Vec<_>) = rule::all().partition(|rule| rule.source == Source::Ruling);
    let listed = rules(&suite, json!({"strength": "STRENGTH_RULING"})).await;
    assert_eq!(listed, rulings.iter().map(|rule| rule.id).collect::<Vec<_>>());
    assert!(listed.len() > 50);
    let mut others = BTreeSet::new();
    for strength in ["MUST", "MUST_NOT", "MAY", "DEFINITION"] {
        let listed = rules(&suite, json!({"strength": format!("STRENGTH_{strength}")})).await;
        assert!(!listed.is_empty() && listed.iter().all(|rule| !rule.starts_with("R-")), "{strength}: {listed:?}");
        others.extend(listed);
    }
    assert_eq!(others, paragraphs.iter().map(|rule| rule.id.to_owned()).collect());
    let ruled = asked(&suite, "GuidanceService/ListRules", json!({"strength": "STRENGTH_RULING"})).await;
    for (rule, told) in rulings.iter().zip(ruled["rules"].as_array().unwrap()) {
        assert_eq!(told["citation"]["requires"], json!(rule.requires));
        assert_eq!(told["citation"]["source"], json!("Holdfast ruling"));
    }
    suite.stop().await;
}

#[tokio::test]
async fn a_procedure_is_told_from_the_referral_to_the_decision() {
    let suite = suite().await;
    let reply = asked(&suite, "GuidanceService/GetProcedure", json!({"benefit": "BENEFIT_PIP"})).await;
    let steps = reply["steps"].as_array().unwrap();
    let parts: Vec<_> = steps.iter().map(|step| step["part"].as_str().unwrap()).collect();
    let known = ["VISITING", "CONFERENCING", "ESCALATION", "DECISION", "PROTECTION"].map(|part| format!("PART_{part}"));
    assert_eq!(parts.iter().collect::<BTreeSet<_>>().len(), known.len());
    assert!(parts.is_sorted_by_key(|part| known.iter().position(|known| known == part)), "{parts:?}");
    assert!(steps.iter().all(|step| !step["citations"].as_array().unwrap().is_empty()));
    let silent =
        steps.iter().find(|step| step["prescribed"] == json!("not prescribed")).expect("PIP is silent somewhere");
    assert_eq!(silent["citations"][0]["rule"], json!("R-NOT-PRESCRIBED"));
    suite.stop().await;
}

#[tokio::test]
async fn two_versions_of_one_benefit_differ_in_what_was_changed() {
    let suite = TestSuite::start_under(env!("CARGO_BIN_EXE_cluster-keeper"), "2026-06-04 09:00", changed()).await;
    let side = |at: Value| json!({"benefit": "BENEFIT_PIP", "at": at});
    let then = || side(json!("2026-06-02T09:00:00Z"));
    let compare = async |one: Value, other: Value, different_only: bool| {
        let fields = json!({"one": one, "other": other, "different_only": different_only});
        asked(&suite, "GuidanceService/CompareProcedures", fields).await
    };
    let reply = compare(then(), json!({"benefit": "BENEFIT_PIP"}), true).await;
    assert_eq!([&reply["one"]["version"], &reply["other"]["version"]], ["pip/1", "pip/2"]);
    assert_eq!(reply["other"]["effective_from"], json!("2026-06-02T23:00:00Z"));
    let [step] = reply["steps"].as_array().unwrap().as_slice() else { panic!("{reply}") };
    assert_eq!((&step["name"], &step["same"]), (&json!("First visit ineffective"), &json!(false)));
    for (side, days) in [("one", "5 working days"), ("other", "7 working days")] {
        assert!(step[side]["prescribed"].as_str().unwrap().ends_with(days), "{step}");
        assert_eq!(step[side]["citations"][0]["rule"], json!("PIP-2"));
    }
    let all = compare(then(), json!({"benefit": "BENEFIT_PIP"}), false).await;
    let whole = asked(&suite, "GuidanceService/GetProcedure", then()).await;
    assert_eq!(all["steps"].as_array().unwrap().len(), whole["steps"].as_array().unwrap().len());
    let alike = all["steps"].as_array().unwrap().iter().filter(|step| step["same"] == json!(true));
    assert_eq!(alike.count() + 1, whole["steps"].as_array().unwrap().len());
    let itself = compare(then(), then(), true).await;
    assert_eq!(itself["steps"], json!([]));
    suite.stop().await;
}

#[tokio::test]
async fn what_is_not_in_force_is_not_compared() {
    let guidance = Guidance::of(Guidance::published().versions().take(1).cloned().collect());
    let suite = TestSuite::start_under(env!("CARGO_BIN_EXE_cluster-keeper"), "2026-06-01 09:00", guidance).await;
    let (one, other) = (json!({"benefit": "BENEFIT_PIP"}), json!({"benefit": "BENEFIT_ESA"}));
    let ask = tell("GuidanceService/CompareProcedures", Auditor, json!({"one": one, "other": other}));
    assert_eq!(reason(&ask.refused(&suite).await), "PROCEDURE_NOT_IN_FORCE");
    suite.stop().await;
}

/// Asks for the explanation of a date with what it carries, and finds the same date.
async fn is_explained(suite: &TestSuite, due: &Value) -> Vec<Value> {
    let fields = json!({"from": due["from"], "term": due["term"], "nation": due["nation"]});
    let reply = asked(suite, "GuidanceService/ExplainDeadline", fields).await;
    assert_eq!(reply["due"]["at"], due["at"], "{due}");
    reply["days"].as_array().unwrap().clone()
}

#[tokio::test]
async fn every_date_that_a_task_carries_is_explained_with_what_it_carries() {
    let suite = suite().await;
    let way = Way::of(&suite, "A-1", true).until(Some(Step::Attempt)).await;
    let said = |more: Value| super::cases::with(json!({"case_reference": way.case}), more);
    let attempt = json!({
        "occurred_at": "2026-06-01T08:00:00Z", "whom": "CONTACT_THROUGH_CUSTOMER", "outcome": "ATTEMPT_OUTCOME_NO_REPLY",
        "channel": "ATTEMPT_CHANNEL_TELEPHONE", "text_sent": true,
    });
    let tried = said(json!({"request_id": "t", "attempt": attempt, "account": "Rang."}));
    told(&suite, &tell("EscalationService/RecordContactAttempt", CesTeam, tried)).await;
    let review = said(json!({"request_id": "r", "review_on": "2030-06-03"}));
    told(&suite, &tell("EscalationService/SetReviewDate", CesTeam, review)).await;
    for (id, due_on) in [("today", "2026-06-01"), ("later", "2026-06-05")] {
        let agreed = said(json!({"request_id": id, "owner": "ROLE_REFERRER", "what": "Ring.", "due_on": due_on}));
        told(&suite, &tell("ConferencingService/AgreeAction", CesTeam, agreed)).await;
    }
    let listed = asked(&suite, "TaskService/ListTasks", json!({"page_size": 200})).await;
    let dated: Vec<_> = listed["tasks"].as_array().unwrap().iter().filter(|task| !task["due"].is_null()).collect();
    let named = |key: &str| dated.iter().find(|task| task["name"].as_str().unwrap().ends_with(key)).expect(key);
    assert_eq!(dated.len(), 4, "{dated:?}");
    assert_eq!(is_explained(&suite, &named("/call-back:1")["due"]).await, Vec::<Value>::new());
    assert_eq!(is_explained(&suite, &named("/review:2030-06-03")["due"]).await.len(), 1_463, "past any usual length");
    assert_eq!(is_explained(&suite, &named("/action:1")["due"]).await.len(), 0, "on the day itself");
    assert_eq!(is_explained(&suite, &named("/action:2")["due"]).await.len(), 4);
    suite.stop().await;
}

#[tokio::test]
async fn a_window_carries_the_nation_whose_working_days_count() {
    let suite = suite().await;
    let (case, _) = awaiting_contact(&suite, "one").await;
    let referral = asked(&suite, "VisitingService/GetReferral", json!({"case_reference": case})).await;
    let ends = &referral["referral"]["contact_window"]["ends"];
    assert_eq!(ends["nation"], json!("NATION_ENGLAND"));
    assert_eq!(is_explained(&suite, ends).await.len(), 7, "a weekend is skipped");
    let unstated = json!({"from": ends["from"], "term": ends["term"]});
    let refused = tell("GuidanceService/ExplainDeadline", Auditor, unstated).refused(&suite).await;
    assert_eq!(super::support::fields(&refused), ["nation"]);
    suite.stop().await;
}
