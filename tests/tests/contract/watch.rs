//! `WatchTasks`: what is owed, and every change of it, without loss.

use super::support::{Replica, admin, ask, open, reason, suite};
use holdfast_chassis::serve::Limits;
use holdfast_contracts::holdfast::{
    access::v1::Role,
    tasks::v1::{self as pb, WatchTasksRequest, task_service_client::TaskServiceClient, watch_tasks_response::Told},
};
use holdfast_tests::suite::TestSuite;
use sqlx::Connection;
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use tokio::time::timeout;
use tonic::{Code, Status, Streaming, transport::Channel};

/// Longer than anything here takes, other tests' transactions included.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) type Stream = Streaming<pb::WatchTasksResponse>;

/// A watch by a person of its own: nobody may have many.
async fn watch_at(suite: &TestSuite, channel: &Channel, request: WatchTasksRequest) -> Result<Stream, Status> {
    static WATCHERS: AtomicUsize = AtomicUsize::new(0);
    watch_as(suite, channel, &format!("watcher-{}", WATCHERS.fetch_add(1, Ordering::Relaxed)), request).await
}

pub(crate) async fn watch_as(
    suite: &TestSuite,
    channel: &Channel,
    person: &str,
    request: WatchTasksRequest,
) -> Result<Stream, Status> {
    let request = suite.request(person, Role::Officer, request);
    TaskServiceClient::new(channel.clone()).watch_tasks(request).await.map(tonic::Response::into_inner)
}

pub(crate) async fn watch(suite: &TestSuite, request: WatchTasksRequest) -> Stream {
    watch_at(suite, &suite.channel, request).await.expect("a stream")
}

pub(crate) fn from(resume_token: &str) -> WatchTasksRequest {
    WatchTasksRequest { resume_token: resume_token.to_owned(), ..Default::default() }
}

pub(crate) async fn next(stream: &mut Stream) -> (String, Told) {
    let message = timeout(PATIENCE, stream.message()).await.expect("a message").expect("no refusal").expect("no end");
    (message.resume_token, message.told.expect("something is told"))
}

/// What a watcher knows of tasks by their names: to whom they are given, or that they are settled.
pub(crate) type Known = BTreeMap<String, Option<String>>;

/// Takes messages in until a checkpoint, and gives its token.
pub(crate) async fn to_checkpoint(stream: &mut Stream, known: &mut Known) -> String {
    loop {
        let (token, told) = next(stream).await;
        match told {
            Told::Owed(task) => known.insert(task.name, Some(task.person)),
            Told::Settled(name) => known.insert(name, None),
            Told::Checkpoint(_) => return token,
        };
    }
}

/// Takes messages in until this is known: transactions of other tests on the same server may hold it back for a moment.
async fn to_know(stream: &mut Stream, known: &mut Known, expected: &Known) {
    let learning = async {
        while known != expected {
            match next(stream).await.1 {
                Told::Owed(task) => known.insert(task.name, Some(task.person)),
                Told::Settled(name) => known.insert(name, None),
                Told::Checkpoint(_) => continue,
            };
            assert!(known.keys().all(|name| expected.contains_key(name)), "{known:?}");
        }
    };
    // Checkpoints go on coming where what is waited for was lost.
    timeout(PATIENCE, learning).await.expect("nothing is lost");
}

/// Takes messages in until a task is known to be like this, and gives the token of that message.
async fn until(stream: &mut Stream, task: &str, like: &Option<String>) -> String {
    loop {
        let (token, told) = next(stream).await;
        let (name, is) = match told {
            Told::Owed(owed) => (owed.name, Some(owed.person)),
            Told::Settled(name) => (name, None),
            Told::Checkpoint(_) => continue,
        };
        if name == task && is == *like {
            return token;
        }
    }
}

pub(crate) async fn give(suite: &TestSuite, id: &str, task: &str, person: &str) {
    let (request_id, task, person) = (id.to_owned(), task.to_owned(), person.to_owned());
    let request = pb::AssignTaskRequest { request_id, task, person, ..Default::default() };
    ask("TaskService/AssignTask", Role::VisitingOfficer, &request).send(suite).await.unwrap();
}

pub(crate) async fn first_visit(suite: &TestSuite, id: &str) -> String {
    format!("visiting/{}/first-visit", open(suite, id).await.0)
}

fn nobody() -> Option<String> {
    Some(String::new())
}

pub(crate) fn given_to(person: &str) -> Option<String> {
    Some(person.to_owned())
}

#[tokio::test]
async fn a_watcher_is_told_everything_then_every_change_and_goes_on_where_they_were() {
    let suite = suite().await;
    let (one, two) = (first_visit(&suite, "one").await, first_visit(&suite, "two").await);
    let mut stream = watch(&suite, WatchTasksRequest::default()).await;
    let mut known = Known::new();
    let after_beginning = to_checkpoint(&mut stream, &mut known).await;
    assert_eq!(known, Known::from([(one.clone(), nobody()), (two.clone(), nobody())]));
    assert!(!after_beginning.is_empty());

    give(&suite, "a-1", &one, "v.jones").await;
    let after_first = until(&mut stream, &one, &given_to("v.jones")).await;
    let three = first_visit(&suite, "three").await;
    until(&mut stream, &three, &nobody()).await;
    let withdrawn = super::support::withdrawn(&suite, "w", &two).await;
    assert_eq!(withdrawn, two);
    until(&mut stream, &two, &None).await;
    drop(stream);

    // Whoever comes back is told what they missed, as it is by now, and nothing that did not change.
    give(&suite, "a-2", &three, "v.smith").await;
    for (token, expected) in [
        (after_beginning, vec![(one, given_to("v.jones")), (two.clone(), None), (three.clone(), given_to("v.smith"))]),
        (after_first, vec![(two, None), (three, given_to("v.smith"))]),
    ] {
        to_know(&mut watch(&suite, from(&token)).await, &mut Known::new(), &Known::from_iter(expected)).await;
    }
    suite.stop().await;
}

/// A change that is not committed yet when a watcher catches up is told once it is, however many were committed since.
#[tokio::test]
async fn what_a_slow_transaction_changes_is_not_passed_over() {
    let suite = suite().await;
    let (slow, quick) = (first_visit(&suite, "slow").await, first_visit(&suite, "quick").await);
    let before = to_checkpoint(&mut watch(&suite, WatchTasksRequest::default()).await, &mut Known::new()).await;

    let mut admin = admin(&suite).await;
    let mut transaction = admin.begin().await.unwrap();
    let case = slow.split('/').nth(1).unwrap();
    for statement in [
        "UPDATE visiting.tasks SET person = 'v.slow' WHERE case_reference = $1",
        "UPDATE visiting.task_changes SET tx = DEFAULT, id = DEFAULT WHERE case_reference = $1",
    ] {
        sqlx::query(statement).bind(case).execute(&mut *transaction).await.unwrap();
    }
    give(&suite, "a-1", &quick, "v.quick").await;
    // One watcher catches up by changes, another begins anew: neither can know what the slow transaction does. Wherever
    // they break off, at a change or at a checkpoint, they have to hear of it.
    let mut caught_up = Vec::new();
    for request in [from(&before), WatchTasksRequest::default()] {
        let (mut stream, mut known) = (watch(&suite, request).await, Known::new());
        loop {
            let (token, told) = next(&mut stream).await;
            let is_checkpoint = matches!(told, Told::Checkpoint(_));
            if let Told::Owed(task) = told {
                known.insert(task.name, Some(task.person));
            }
            assert_ne!(known.get(&slow), Some(&given_to("v.slow")));
            if !token.is_empty() {
                caught_up.push((token, known.clone()));
            }
            if is_checkpoint {
                break;
            }
        }
    }
    transaction.commit().await.unwrap();
    for (token, mut known) in caught_up {
        let expected = Known::from([(slow.clone(), given_to("v.slow")), (quick.clone(), given_to("v.quick"))]);
        to_know(&mut watch(&suite, from(&token)).await, &mut known, &expected).await;
    }
    suite.stop().await;
}

#[tokio::test]
async fn a_filter_is_judged_by_how_a_task_is_now() {
    let suite = suite().await;
    let (one, two) = (first_visit(&suite, "one").await, first_visit(&suite, "two").await);
    give(&suite, "a-1", &one, "v.jones").await;
    let request = WatchTasksRequest { person: "v.jones".to_owned(), ..Default::default() };
    let mut stream = watch(&suite, request.clone()).await;
    let mut known = Known::new();
    let token = to_checkpoint(&mut stream, &mut known).await;
    assert_eq!(known, Known::from([(one.clone(), given_to("v.jones"))]));
    give(&suite, "a-2", &one, "v.smith").await;
    until(&mut stream, &one, &None).await;
    give(&suite, "a-3", &two, "v.jones").await;
    until(&mut stream, &two, &given_to("v.jones")).await;
    drop(stream);

    // Another case's changes are no business of whoever watches one.
    let of_case = WatchTasksRequest { case_reference: two.split('/').nth(1).unwrap().to_owned(), ..Default::default() };
    let mut known = Known::new();
    let of_two = to_checkpoint(&mut watch(&suite, of_case.clone()).await, &mut known).await;
    give(&suite, "a-4", &one, "v.brown").await;
    give(&suite, "a-5", &two, "v.brown").await;
    let again = WatchTasksRequest { resume_token: of_two, ..of_case };
    to_know(&mut watch(&suite, again.clone()).await, &mut known, &Known::from([(two, given_to("v.brown"))])).await;

    // A token is for the question it was given for.
    for resume_token in [token, "garbage".to_owned(), "e30".to_owned()] {
        let request = WatchTasksRequest { resume_token, ..again.clone() };
        let status = watch_at(&suite, &suite.channel, request).await.expect_err("a token of another question");
        assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "INVALID_REQUEST"));
        assert_eq!(super::support::fields(&status), ["resume_token"]);
    }
    suite.stop().await;
}

/// One stream over both services of a port, with one token for both.
#[tokio::test]
async fn one_watch_tells_of_every_service() {
    let suite = suite().await;
    let one = first_visit(&suite, "one").await;
    let mut stream = watch(&suite, WatchTasksRequest::default()).await;
    let token = to_checkpoint(&mut stream, &mut Known::new()).await;
    let handed = super::support::handed_over(&suite, "two").await;
    give(&suite, "a-1", &one, "v.jones").await;
    let mut known = Known::new();
    let mut resumed = watch(&suite, from(&token)).await;
    loop {
        let of = |service: &str| known.keys().any(|name: &String| name.starts_with(&format!("{service}/{handed}/")));
        if of("visiting") && of("conferencing") && known.get(&one) == Some(&given_to("v.jones")) {
            break;
        }
        match next(&mut resumed).await.1 {
            Told::Owed(task) => known.insert(task.name, Some(task.person)),
            Told::Settled(name) => known.insert(name, None),
            Told::Checkpoint(_) => continue,
        };
    }
    suite.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_room_for_so_many_watchers_and_none_of_them_keeps_a_server_from_stopping() {
    let suite = suite().await;
    let replica = Replica::start(&suite, Limits { drain: PATIENCE, ..Limits::default() }).await;
    let mut streams = Vec::new();
    for _ in 0..64 {
        let mut stream = watch_at(&suite, &replica.channel, WatchTasksRequest::default()).await.unwrap();
        to_checkpoint(&mut stream, &mut Known::new()).await;
        streams.push(stream);
    }
    let status = watch_at(&suite, &replica.channel, WatchTasksRequest::default()).await.expect_err("no room");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::ResourceExhausted, "OVERLOADED"));
    timeout(PATIENCE / 2, replica.stop()).await.expect("it stops before its time is up").unwrap();
    for mut stream in streams {
        while let Some(message) = stream.message().await.expect("an end, not a failure") {
            assert!(matches!(message.told, Some(Told::Checkpoint(_))), "{message:?}");
        }
    }
    suite.stop().await;
}
