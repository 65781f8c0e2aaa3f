//! What `WatchTasks` does not tell, to whom, and for how long.

use super::{
    support::{admin, as_admin, fields, reason, suite, withdrawn},
    watch::{Known, Stream, first_visit, from, give, given_to, next, to_checkpoint, watch, watch_as},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use holdfast_contracts::holdfast::tasks::v1::{WatchTasksRequest, watch_tasks_response::Told};
use holdfast_tests::{observed::Observed, suite::timestamp};
use sqlx::Connection;
use std::time::{Duration, Instant};
use tonic::Code;

fn of_jones(resume_token: &str) -> WatchTasksRequest {
    WatchTasksRequest { person: "v.jones".to_owned(), ..from(resume_token) }
}

/// The next thing that is told of a task, checkpoints aside.
async fn told(stream: &mut Stream) -> (String, Option<String>) {
    loop {
        match next(stream).await.1 {
            Told::Owed(task) => return (task.name, Some(task.person)),
            Told::Settled(name) => return (name, None),
            Told::Checkpoint(_) => {}
        }
    }
}

#[tokio::test]
async fn nobody_hears_of_tasks_that_were_never_theirs() {
    let suite = suite().await;
    let (own, other) = (first_visit(&suite, "own").await, first_visit(&suite, "other").await);
    let mut stream = watch(&suite, of_jones("")).await;
    let before = to_checkpoint(&mut stream, &mut Known::new()).await;
    give(&suite, "a-1", &other, "v.smith").await;
    give(&suite, "a-2", &other, "v.brown").await;
    withdrawn(&suite, "w", &other).await;
    first_visit(&suite, "another").await;
    give(&suite, "a-3", &own, "v.jones").await;
    assert_eq!(told(&mut stream).await, (own.clone(), given_to("v.jones")));
    give(&suite, "a-4", &own, "v.smith").await;
    assert_eq!(told(&mut stream).await, (own.clone(), None));
    let after = to_checkpoint(&mut watch(&suite, of_jones("")).await, &mut Known::new()).await;
    // Once it has gone to somebody else, what they do with it is no business of whoever had it.
    give(&suite, "a-5", &own, "v.brown").await;
    let third = first_visit(&suite, "third").await;
    give(&suite, "a-6", &third, "v.jones").await;
    assert_eq!(told(&mut stream).await, (third.clone(), given_to("v.jones")));
    drop(stream);
    assert_eq!(told(&mut watch(&suite, of_jones(&after)).await).await, (third.clone(), given_to("v.jones")));
    // Whoever was away while it came and went hears that it is gone, in whatever order others had it since.
    let mut resumed = watch(&suite, of_jones(&before)).await;
    assert_eq!(told(&mut resumed).await, (own, None));
    assert_eq!(told(&mut resumed).await, (third, given_to("v.jones")));
    suite.stop().await;
}

/// Of a task that changed more often than is remembered it is told that it does not match: nothing is lost.
#[tokio::test]
async fn a_task_that_changed_many_times_is_told_to_whoever_may_have_had_it() {
    let suite = suite().await;
    let own = first_visit(&suite, "own").await;
    give(&suite, "a", &own, "v.jones").await;
    let token = to_checkpoint(&mut watch(&suite, of_jones("")).await, &mut Known::new()).await;
    for time in 0..40 {
        give(&suite, &format!("a-{time}"), &own, &format!("v.{time}")).await;
    }
    assert_eq!(told(&mut watch(&suite, of_jones(&token)).await).await, (own.clone(), None));
    let kept = super::support::value(&suite, "SELECT max(jsonb_array_length(before)) FROM visiting.task_changes").await;
    assert_eq!(kept, "16");
    suite.stop().await;
}

#[tokio::test]
async fn a_token_of_another_history_is_refused() {
    let suite = suite().await;
    let token = to_checkpoint(&mut watch(&suite, from("")).await, &mut Known::new()).await;
    let read: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&token).unwrap()).unwrap();
    let mut ahead = read.clone();
    let tx = &mut ahead["after"]["visiting"]["at"]["tx"];
    *tx = (tx.as_u64().unwrap() + 1_000_000_000).into();
    let mut elsewhere = read.clone();
    let of = &mut elsewhere["after"]["visiting"]["of"];
    *of = of.as_str().unwrap().replace("-00000001-", "-00000002-").into();
    assert_ne!(elsewhere, read, "the timeline is part of it");
    for altered in [ahead, elsewhere] {
        let token = URL_SAFE_NO_PAD.encode(altered.to_string());
        let status = watch_as(&suite, &suite.channel, "p", from(&token)).await.expect_err("a token of another history");
        assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "INVALID_REQUEST"));
        assert_eq!(fields(&status), ["resume_token"]);
        assert!(status.message().contains("start again without one"), "{status:?}");
    }
    suite.stop().await;
}

#[tokio::test]
async fn a_person_has_room_for_a_few_streams() {
    let suite = suite().await;
    let open = async |person| watch_as(&suite, &suite.channel, person, from("")).await;
    let mut streams = Vec::new();
    for _ in 0..4 {
        streams.push(open("one").await.unwrap());
    }
    let status = open("one").await.expect_err("no room");
    assert_eq!((status.code(), reason(&status).as_str()), (Code::ResourceExhausted, "OVERLOADED"));
    to_checkpoint(&mut open("another").await.unwrap(), &mut Known::new()).await;
    drop(streams.pop());
    let patience = Instant::now() + Duration::from_secs(60);
    // The server hears of it a moment later.
    while open("one").await.is_err() {
        assert!(Instant::now() < patience, "the room is not given back");
    }
    suite.stop().await;
}

#[tokio::test]
async fn a_stream_ends_after_an_hour_with_a_last_checkpoint() {
    let suite = suite().await;
    let task = first_visit(&suite, "one").await;
    let mut stream = watch(&suite, from("")).await;
    to_checkpoint(&mut stream, &mut Known::new()).await;
    suite.clock.advance(TimeDelta::minutes(61));
    let last = to_checkpoint(&mut stream, &mut Known::new()).await;
    assert!(stream.message().await.expect("an end, not a failure").is_none());
    give(&suite, "a", &task, "v.jones").await;
    assert_eq!(told(&mut watch(&suite, from(&last)).await).await, (task, given_to("v.jones")));
    suite.stop().await;
}

/// Each change is made once the one before it was told, so that each takes a look of its own.
#[tokio::test]
async fn changes_are_looked_for_five_times_a_second_at_most() {
    let suite = suite().await;
    let task = first_visit(&suite, "one").await;
    let mut stream = watch(&suite, from("")).await;
    to_checkpoint(&mut stream, &mut Known::new()).await;
    let begun = Instant::now();
    for time in 0..10 {
        let person = format!("v.{time}");
        give(&suite, &format!("a-{time}"), &task, &person).await;
        while told(&mut stream).await != (task.clone(), given_to(&person)) {}
    }
    assert!(begun.elapsed() >= Duration::from_millis(9 * 200), "{:?}", begun.elapsed());
    suite.stop().await;
}

/// A transaction that nobody sees writing, somewhere on the server, keeps what came after it from being told. A
/// checkpoint does not claim otherwise, and somebody is warned.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_says_up_to_when_it_holds() {
    let observed = tokio::task::spawn_blocking(Observed::start).await.unwrap();
    let suite = suite().await;
    let task = first_visit(&suite, "one").await;
    let begun = suite.clock.now();
    let mut stream = watch(&suite, from("")).await;
    let (token, first) = next(&mut stream).await;
    assert!(token.is_empty() && matches!(first, Told::Owed(_)), "{first:?}");
    let (token, Told::Checkpoint(first)) = next(&mut stream).await else { panic!("a checkpoint comes next") };
    assert_eq!(first.as_of, Some(timestamp(begun)));
    let mut admin = admin(&suite).await;
    let mut transaction = admin.begin().await.unwrap();
    sqlx::query("SELECT pg_current_xact_id()").execute(&mut *transaction).await.unwrap();
    give(&suite, "a", &task, "v.jones").await;
    // Transactions of other tests may stand before it for a while.
    let warned = async {
        while !tokio::task::block_in_place(|| observed.everything().0).contains("watchers are not told what changed") {
            suite.clock.advance(TimeDelta::seconds(31));
            // Who resumes has looked once when the first checkpoint comes.
            to_checkpoint(&mut watch(&suite, from(&token)).await, &mut Known::new()).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), warned).await.expect("a warning");
    suite.clock.advance(TimeDelta::minutes(61));
    let mut last = None;
    while let Some(message) = stream.message().await.unwrap() {
        let Some(Told::Checkpoint(checkpoint)) = message.told else { panic!("{message:?}") };
        last = Some((message.resume_token, checkpoint.as_of));
    }
    let (token, as_of) = last.expect("a last checkpoint");
    assert_eq!(as_of, Some(timestamp(begun)));
    transaction.rollback().await.unwrap();
    assert_eq!(told(&mut watch(&suite, from(&token)).await).await, (task, given_to("v.jones")));
    suite.stop().await;
}

/// Migrations of ours change until there is a baseline: data of an earlier build say so.
#[tokio::test]
async fn data_of_an_earlier_build_are_told_as_such() {
    let suite = suite().await;
    as_admin(&suite, "UPDATE visiting._sqlx_migrations SET checksum = '\\x00' WHERE version = 1").await;
    let fault = holdfast::suite::prepare_all(&suite.admin_url()).await.unwrap_err();
    let why = holdfast_store::of_another_build(&fault).expect("a sentence");
    assert!(why.contains("an earlier build, whose journals this one does not read"), "{why}");
    assert!(holdfast_store::of_another_build(&sqlx::Error::PoolClosed).is_none());
    suite.stop().await;
}
