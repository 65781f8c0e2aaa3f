//! Lists of conferencing, escalations and the directory: pages of every size, every filter, and tokens that only fit their
//! question.

use super::{
    cases::{described, tell, told},
    pages::{Page, forgeries, pages_make_the_whole},
    support::{Ask, everything, fields, reason, suite},
};
use holdfast_contracts::holdfast::access::v1::{
    Role::{self, Auditor, CesTeam, Operator},
    Workload,
};
use holdfast_tests::suite::TestSuite;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const CASES: &str = "ConferencingService/ListCases";
const ESCALATIONS: &str = "EscalationService/ListEscalations";
const LEADERS: &str = "DirectoryService/ListLeaders";
const UNCOVERED: &str = "DirectoryService/ListUncoveredAreas";

/// A filter, and the numbers of the cases or areas that it leaves.
type Filtered = (Value, &'static [usize]);

/// A call by another service, with these fields.
fn handed(method: &'static str, workload: Workload, said: Value) -> Ask {
    Ask { role: Role::Unspecified, workload, ..tell(method, Auditor, said) }
}

fn case(number: usize) -> String {
    format!("HF-0000-0000-000{number}")
}

fn place(number: usize) -> Value {
    json!({"nation": "NATION_WALES", "area": (["North", "South"][number % 2])})
}

fn award(number: usize) -> Value {
    json!({"customer": format!("C-{}", number % 3), "benefit": "BENEFIT_PIP", "award": format!("A-{number}")})
}

fn actor(person: &str) -> Value {
    json!({"person": person, "role": "ROLE_REFERRER", "workload": "WORKLOAD_CASEWORK"})
}

/// Seven cases, two of which came at a time.
async fn some_cases(suite: &TestSuite) {
    for number in 0..7 {
        let referred_by = actor(["r.one", "r.other"][usize::from(number > 3)]);
        let file = json!({
            "award": award(number), "place": place(number), "lead": "ROLE_CES_TEAM", "since": "2026-05-20T09:00:00Z",
            "referral": {"referred_by": referred_by, "occurred_at": "2026-05-05T09:00:00Z", "circumstances": "N-1"},
        });
        let received = json!({"request_id": format!("f-{number}"), "case_reference": case(number), "file": file});
        told(suite, &handed("ConferencingService/ReceiveCase", Workload::Visiting, received)).await;
        suite.clock.advance(chrono::TimeDelta::hours([0, 1][number % 2]));
    }
    let etag = told(suite, &tell("ConferencingService/GetCase", Auditor, json!({"case_reference": case(3)}))).await;
    let determined = json!({
        "request_id": "d", "case_reference": case(3), "etag": etag["effect"]["etag"], "reasons": "words",
        "satisfaction": "SATISFACTION_NOT_YET", "concern": "CONCERN_IDENTIFIED",
    });
    told(suite, &tell("ConferencingService/RecordDetermination", CesTeam, determined)).await;
    let task = format!("conferencing/{}/support-marker", case(2));
    told(suite, &tell("TaskService/AssignTask", CesTeam, json!({"request_id": "t", "task": task, "team": "T-2"})))
        .await;
    suite.settle().await;
}

/// Seven concerns, two of which were determined at a time; one in the North and one in the South went to a leader.
async fn some_escalations(suite: &TestSuite) {
    let leader = json!({"person": "s.north", "office": "N-1", "since": "2024-04-01T00:00:00Z"});
    let set = json!({"request_id": "l", "area": "North", "leader": leader});
    told(suite, &tell("DirectoryService/SetLeader", Operator, set)).await;
    for number in 0..7 {
        let concern = json!({
            "award": award(number), "place": place(number), "lead": "ROLE_CES_TEAM", "determined_by": actor("c.one"),
            "occurred_at": format!("2026-05-{}T09:00:00Z", 20 + number.div_ceil(2)),
        });
        let opened = json!({"request_id": format!("o-{number}"), "case_reference": case(number), "concern": concern});
        told(suite, &handed("EscalationService/OpenEscalation", Workload::Conferencing, opened)).await;
    }
    for number in [0, 1] {
        let asked = json!({"request_id": format!("a-{number}"), "case_reference": case(number), "asked": "words"});
        told(suite, &tell("EscalationService/ReferToLeader", CesTeam, asked)).await;
    }
}

/// Seven areas with a leader and seven that had one.
async fn some_areas(suite: &TestSuite) {
    for number in 0..14 {
        let leader = json!({
            "person": format!("s.{}", number % 3), "office": (["N-1", "S-1"][number % 2]),
            "since": "2024-04-01T00:00:00Z",
        });
        let set = json!({"request_id": format!("s-{number}"), "area": format!("area-{number:02}"), "leader": leader});
        told(suite, &tell("DirectoryService/SetLeader", Operator, set)).await;
    }
    for number in 7..14 {
        let removed = json!({"request_id": format!("r-{number}"), "area": format!("area-{number:02}")});
        told(suite, &tell("DirectoryService/RemoveLeader", Operator, removed)).await;
    }
}

fn asked(method: &'static str, filter: &Value, size: u32, token: &str) -> Ask {
    let mut asked = filter.clone();
    asked["page_size"] = json!(size);
    asked["page_token"] = json!(token);
    tell(method, Auditor, asked)
}

/// One page: the references or areas on it, and the token of the next.
async fn page(suite: &TestSuite, method: &'static str, filter: &Value, size: u32, token: &str) -> Page {
    let reply = told(suite, &asked(method, filter, size, token)).await;
    let lists = reply.as_object().unwrap().values().find_map(Value::as_array).expect("a list");
    let name = |item: &Value| item.get("case_reference").unwrap_or(&item["area"]).as_str().unwrap().to_owned();
    (lists.iter().map(name).collect(), reply["next_page_token"].as_str().unwrap().to_owned())
}

/// Pages make the whole, every filter leaves what it should and has been tried, and no token fits another question.
async fn is_a_list(suite: &TestSuite, method: &'static str, name: fn(usize) -> String, filters: &[Filtered]) {
    let all = json!({});
    pages_make_the_whole(method, async |size, token| page(suite, method, &all, size, &token).await).await;
    let mut tried: BTreeSet<String> = ["page_size", "page_token"].map(str::to_owned).into();
    for (filter, left) in filters {
        let expected: Vec<_> = left.iter().map(|number| name(*number)).collect();
        assert_eq!(page(suite, method, filter, 0, "").await.0, expected, "{method} {filter}");
        tried.extend(filter.as_object().unwrap().keys().cloned());
    }
    let known = described(method).input().fields().map(|field| field.name().to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(tried, known, "{method}: every filter was tried");

    let before = everything(suite).await;
    let token = page(suite, method, &all, 2, "").await.1;
    let mut wrong: Vec<_> = filters.iter().map(|(filter, _)| asked(method, filter, 2, &token)).collect();
    let garbage = ["garbage", "e30", "nul \u{0}"].map(str::to_owned).into_iter();
    wrong.extend(garbage.chain(forgeries(&token)).map(|token| asked(method, &all, 2, &token)));
    let other = if method == LEADERS { UNCOVERED } else { LEADERS };
    wrong.push(asked(other, &all, 2, &token));
    for ask in wrong {
        let Err(status) = ask.send(suite).await else { panic!("{}: taken: {:?}", ask.method, ask.body) };
        assert_eq!((reason(&status).as_str(), fields(&status)), ("INVALID_REQUEST", vec!["page_token".to_owned()]));
    }
    assert!(everything(suite).await == before);
}

#[tokio::test]
async fn the_work_log_is_listed_in_pages_and_by_every_filter() {
    let suite = suite().await;
    some_cases(&suite).await;
    let filters: [Filtered; 11] = [
        (json!({"team": "T-2"}), &[2]),
        (json!({"customer": "C-1"}), &[1, 4]),
        (json!({"award": "A-5"}), &[5]),
        (json!({"benefit": "BENEFIT_PIP", "area": "North"}), &[0, 2, 4, 6]),
        (json!({"benefit": "BENEFIT_ESA"}), &[]),
        (json!({"stage": "STAGE_ESCALATED"}), &[3]),
        (json!({"stage": "STAGE_DECIDED"}), &[]),
        (json!({"lead": "ROLE_CES_TEAM", "customer": "C-0", "area": "South"}), &[3]),
        (json!({"lead": "ROLE_HEO"}), &[]),
        (json!({"referred_by": "r.other"}), &[4, 5, 6]),
        (json!({"received_until": "2026-06-01T09:00:00Z"}), &[0, 1, 2, 3]),
    ];
    is_a_list(&suite, CASES, case, &filters).await;
    suite.stop().await;
}

#[tokio::test]
async fn an_entry_of_the_work_log_is_a_view_of_the_tasks() {
    let suite = suite().await;
    some_cases(&suite).await;
    let agreed = json!({
        "request_id": "g", "case_reference": case(0), "owner": "ROLE_REFERRER", "what": "Ring the GP.",
        "due_on": "2026-06-20",
    });
    told(&suite, &tell("ConferencingService/AgreeAction", CesTeam, agreed)).await;
    let listed = told(&suite, &tell(CASES, CesTeam, json!({"lead": "ROLE_CES_TEAM"}))).await;
    let listed = listed["cases"].as_array().unwrap();
    assert_eq!(listed.len(), 7);
    for (number, entry) in listed.iter().enumerate() {
        let asked = json!({"case_reference": case(number), "service": "WORKLOAD_CONFERENCING", "page_size": 200});
        let tasks = told(&suite, &tell("TaskService/ListTasks", CesTeam, asked)).await;
        let tasks = tasks["tasks"].as_array().unwrap();
        assert_eq!(entry["tasks_owed"], json!(tasks.len()), "{entry}");
        assert!(tasks.contains(&entry["next_task"]), "{entry}");
        // A date comes first; then what the case waits for.
        let next = &entry["next_task"];
        assert_eq!(next["name"].as_str().unwrap().ends_with("/action:1"), number == 0, "{next}");
        assert_eq!(next["blocking"], json!(true), "{next}");
    }
    suite.stop().await;
}

#[tokio::test]
async fn escalations_are_listed_in_pages_and_by_every_filter() {
    let suite = suite().await;
    some_escalations(&suite).await;
    let filters: [Filtered; 9] = [
        (json!({"customer": "C-1"}), &[1, 4]),
        (json!({"award": "A-5"}), &[5]),
        (json!({"benefit": "BENEFIT_PIP", "area": "South"}), &[1, 3, 5]),
        (json!({"benefit": "BENEFIT_UNIVERSAL_CREDIT"}), &[]),
        (json!({"stage": "ESCALATION_STAGE_AWAITING_LEADER"}), &[1]),
        (json!({"leader": "s.north"}), &[0]),
        (json!({"lead": "ROLE_CES_TEAM", "customer": "C-2"}), &[2, 5]),
        (json!({"lead": "ROLE_HEO"}), &[]),
        (json!({"opened_until": "2026-05-21T09:00:00Z"}), &[0, 1, 2]),
    ];
    is_a_list(&suite, ESCALATIONS, case, &filters).await;
    // The area that a referral waits for has no leader, and never had one.
    let uncovered = told(&suite, &tell(UNCOVERED, Auditor, json!({}))).await;
    let [south] = uncovered["areas"].as_array().unwrap().as_slice() else { panic!("{uncovered}") };
    assert_eq!((&south["area"], &south["cases_waiting"]), (&json!("South"), &json!(1)));
    assert!(south["waiting_since"].is_string() && south["without_leader_since"].is_null(), "{south}");
    suite.stop().await;
}

#[tokio::test]
async fn areas_with_and_without_a_leader_are_listed_in_pages() {
    let suite = suite().await;
    some_areas(&suite).await;
    let filters: [Filtered; 4] = [
        (json!({"person": "s.1"}), &[1, 4]),
        (json!({"office": "S-1"}), &[1, 3, 5]),
        (json!({"person": "s.0", "office": "N-1"}), &[0, 6]),
        (json!({"person": "nobody"}), &[]),
    ];
    is_a_list(&suite, LEADERS, |number| format!("area-{number:02}"), &filters).await;
    is_a_list(&suite, UNCOVERED, |number| format!("area-{number:02}"), &[]).await;
    suite.stop().await;
}
