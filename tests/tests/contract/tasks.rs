//! What is owed: given to teams and people, covered while somebody is away, listed for whoever owes it.

use super::support::{Ask, as_admin, ask, at, fields, open, reason, suite};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    common::v1::{Cover, Task},
    tasks::v1 as pb,
};
use holdfast_tests::suite::{TestSuite, london};
use tonic::Code;

const OFFICER: Role = Role::VisitingOfficer;

fn assign(id: &str, task: &str) -> pb::AssignTaskRequest {
    pb::AssignTaskRequest { request_id: id.to_owned(), task: task.to_owned(), ..Default::default() }
}

fn given_to(id: &str, task: &str, person: &str, cover: Option<(&str, &str)>) -> pb::AssignTaskRequest {
    let cover = cover.map(|(person, until)| Cover { person: person.to_owned(), until: at(until) });
    pb::AssignTaskRequest { team: "North-1".to_owned(), person: person.to_owned(), cover, ..assign(id, task) }
}

async fn listed(suite: &TestSuite, request: pb::ListTasksRequest) -> Vec<Task> {
    ask("TaskService/ListTasks", OFFICER, &request).reply::<pb::ListTasksResponse>(suite).await.tasks
}

async fn of_person(suite: &TestSuite, person: &str) -> Vec<String> {
    let asked = pb::ListTasksRequest { person: person.to_owned(), ..Default::default() };
    listed(suite, asked).await.into_iter().map(|task| task.name).collect()
}

async fn of_team(suite: &TestSuite, team: &str) -> Vec<String> {
    let asked = pb::ListTasksRequest { team: team.to_owned(), ..Default::default() };
    listed(suite, asked).await.into_iter().map(|task| task.name).collect()
}

#[tokio::test]
async fn a_task_is_given_covered_and_given_back() {
    let suite = suite().await;
    let (case, etag) = open(&suite, "one").await;
    open(&suite, "another").await;
    let name = format!("visiting/{case}/first-visit");
    let given = ask(
        "TaskService/AssignTask",
        OFFICER,
        &given_to("a-1", &name, "v.jones", Some(("v.smith", "2026-06-10 17:00"))),
    );
    let first = given.send(&suite).await.unwrap();
    let reply: pb::AssignTaskResponse = given.reply(&suite).await;
    assert_eq!(given.send(&suite).await.unwrap(), first);
    let effect = reply.effect.unwrap();
    assert_ne!(effect.etag, etag);
    let task = effect.tasks.iter().find(|task| task.name == name).expect("it is owed still");
    let cover = Cover { person: "v.smith".to_owned(), until: at("2026-06-10 17:00") };
    assert_eq!((task.team.as_str(), task.person.as_str(), task.cover.as_ref()), ("North-1", "v.jones", Some(&cover)));
    let asked = pb::ListTasksRequest { case_reference: case.clone(), ..Default::default() };
    assert_eq!(listed(&suite, asked).await, effect.tasks);

    let whole = std::slice::from_ref(&name);
    assert_eq!(of_team(&suite, "North-1").await, whole);
    assert_eq!(of_team(&suite, "North-2").await, [""; 0]);
    assert_eq!(of_person(&suite, "v.jones").await, whole);
    assert_eq!(of_person(&suite, "v.smith").await, whole);
    assert_eq!(of_person(&suite, "v.brown").await, [""; 0]);
    // Cover lasts to its last instant and no longer.
    suite.clock.set(london("2026-06-10 17:00"));
    assert_eq!(of_person(&suite, "v.smith").await, whole);
    suite.clock.set(london("2026-06-10 17:00:00.000001"));
    assert_eq!(of_person(&suite, "v.smith").await, [""; 0]);
    assert_eq!(of_person(&suite, "v.jones").await, whole);

    let back: pb::AssignTaskResponse =
        ask("TaskService/AssignTask", Role::LineManager, &assign("a-2", &name)).reply(&suite).await;
    let tasks = back.effect.unwrap().tasks;
    assert!(tasks.iter().all(|task| task.team.is_empty() && task.person.is_empty() && task.cover.is_none()));
    assert_eq!(of_team(&suite, "North-1").await, [""; 0]);
    assert_eq!(of_person(&suite, "v.jones").await, [""; 0]);
    suite.stop().await;
}

/// An empty list says that nothing is owed, and nothing else.
#[tokio::test]
async fn a_case_that_nobody_keeps_is_not_told_to_owe_nothing() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let of = |case: &str| pb::ListTasksRequest { case_reference: case.to_owned(), ..Default::default() };
    let refused = async |case: &str| ask("TaskService/ListTasks", OFFICER, &of(case)).refused(&suite).await;
    for malformed in ["XX", &case.to_lowercase(), "HF"] {
        let status = refused(malformed).await;
        assert_eq!((status.code(), fields(&status)), (Code::InvalidArgument, vec!["case_reference".to_owned()]));
    }
    let status = refused("HF-0000-0000-0000").await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "CASE_NOT_FOUND"));
    let nothing = pb::ListTasksRequest { owner: Role::CesTeam.into(), ..of(&case) };
    assert_eq!(listed(&suite, nothing).await, []);
    assert_eq!(listed(&suite, of(&case)).await.len(), 1);
    suite.stop().await;
}

#[tokio::test]
async fn a_task_is_not_given_by_just_anybody_to_just_anybody() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let name = format!("visiting/{case}/first-visit");
    let of = |role: Role, request: &pb::AssignTaskRequest| ask("TaskService/AssignTask", role, request);
    let calls: [(Ask, Code, &str, &[&str]); 8] = [
        (of(Role::Referrer, &given_to("r", &name, "p", None)), Code::FailedPrecondition, "STEP_NOT_ALLOWED", &[]),
        (of(OFFICER, &assign("r", &format!("visiting/{case}/none"))), Code::NotFound, "PART_NOT_FOUND", &[]),
        (of(OFFICER, &assign("r", "visiting/HF-0000-0000-0000/first-visit")), Code::NotFound, "CASE_NOT_FOUND", &[]),
        (of(OFFICER, &assign("r", &format!("learning/{case}/first-visit"))), Code::NotFound, "CASE_NOT_FOUND", &[]),
        (
            of(OFFICER, &assign("r", &format!("{case}/first-visit"))),
            Code::InvalidArgument,
            "INVALID_REQUEST",
            &["task"],
        ),
        (
            of(OFFICER, &given_to("r", &name, "", Some(("p", "2026-06-02 09:00")))),
            Code::InvalidArgument,
            "INVALID_REQUEST",
            &["cover.person"],
        ),
        (
            of(OFFICER, &given_to("r", &name, "p", Some(("p", "2026-06-01 09:00")))),
            Code::InvalidArgument,
            "INVALID_REQUEST",
            &["cover.person", "cover.until"],
        ),
        (
            of(
                OFFICER,
                &pb::AssignTaskRequest { cover: Some(Cover::default()), team: "a b".to_owned(), ..assign("", "") },
            ),
            Code::InvalidArgument,
            "INVALID_REQUEST",
            &["cover.person", "cover.until", "request_id", "task", "team"],
        ),
    ];
    for (call, code, why, at_fault) in calls {
        let status = call.refused(&suite).await;
        assert_eq!((status.code(), reason(&status).as_str()), (code, why), "{status:?}");
        assert_eq!(fields(&status), at_fault, "{status:?}");
    }
    suite.stop().await;
}

/// One port, several services: each task under its service's name, in one order, on pages of every size.
#[tokio::test]
async fn tasks_of_several_services_make_one_list() {
    let suite = suite().await;
    for number in 0..4 {
        super::support::handed_over(&suite, &format!("handed-{number}")).await;
        open(&suite, &format!("open-{number}")).await;
    }
    // The same dates in both services, so that every part of the order has to tell.
    for service in ["visiting", "conferencing"] {
        let dated =
            "due_at = timestamptz '2026-06-05 09:00Z' + (ascii(right(case_reference, 1)) % 2) * interval '1 day'";
        as_admin(&suite, &format!("UPDATE {service}.tasks SET {dated} WHERE length(key) % 2 = 0")).await;
    }
    let whole = listed(&suite, pb::ListTasksRequest { page_size: 200, ..Default::default() }).await;
    let of = |service: &str| whole.iter().filter(|task| task.name.starts_with(&format!("{service}/"))).count();
    assert!(of("visiting") > 0 && of("conferencing") > 0 && of("visiting") + of("conferencing") == whole.len());
    for service in [Workload::Visiting, Workload::Conferencing] {
        let name = holdfast_chassis::access::workload_name(service).to_lowercase();
        let asked = pb::ListTasksRequest { service: service.into(), page_size: 200, ..Default::default() };
        assert_eq!(listed(&suite, asked).await.len(), of(&name));
    }
    for page_size in [1, 2, 3, 7] {
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let asked = pb::ListTasksRequest { page_size, page_token, ..Default::default() };
            let page: pb::ListTasksResponse = ask("TaskService/ListTasks", OFFICER, &asked).reply(&suite).await;
            found.extend(page.tasks);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(found, whole, "by {page_size}");
    }
    suite.stop().await;
}
