//! A caller that gives up at any moment, and a database that goes away: everything or nothing, and no harm to others.

use super::support::{
    Ask, VISITING, admin, as_admin, ask, awaiting_contact, contact, everything, ineffective, open, paths, present,
    reason, send_all, suite, until_waiting, value, visit,
};
use holdfast_chassis::{
    access::Policies,
    gate::{Gate, GateLayer, Rooms},
    identity::{AUDIENCE, ISSUER, Verifier, WorkloadSource},
};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    visiting::v1 as pb,
};
use holdfast_store::verify;
use holdfast_tests::suite::TestSuite;
use sqlx::Connection;
use std::{
    collections::BTreeMap,
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::Semaphore;
use tonic::{Code, Status, body::Body};
use tower::{Layer, ServiceExt};

/// How many requests there are of each kind: one in a command, in a receipt, or both.
async fn halves(suite: &TestSuite) -> String {
    let halves = "SELECT count(*) FROM
        (SELECT request_id, min(ordinal) AS first, max(ordinal) + 1 AS entries, count(*) AS found
            FROM visiting.journal WHERE request_id IS NOT NULL GROUP BY request_id) AS command
        FULL JOIN visiting.receipts AS receipt USING (request_id)
        WHERE command.request_id IS NULL OR receipt.request_id IS NULL OR first <> 0 OR entries <> found";
    value(suite, halves).await
}

async fn in_transaction(suite: &TestSuite) -> String {
    let idle = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    value(suite, idle).await
}

/// Gives a caller's patience an end: after milliseconds, and between them, after as many turns of the runtime.
async fn patience(step: u64, place: u64) {
    match step.checked_sub(40) {
        None => drop(tokio::time::timeout(Duration::from_millis(step), std::future::pending::<()>()).await),
        Some(step) => {
            for _ in 0..step * 50 + place * 7 {
                tokio::task::yield_now().await;
            }
        }
    }
}

/// Calls at every moment from at once to forty milliseconds, and which of them were answered.
async fn given_up(suite: &TestSuite, cases: &[String]) -> BTreeMap<String, (Ask, bool)> {
    let mut calls = BTreeMap::new();
    for step in 0..80_u64 {
        let each = cases.iter().enumerate().map(|(place, case)| async move {
            let id = format!("given-up-{step}-{place}");
            let call = if (step as usize + place).is_multiple_of(2) {
                ask("VisitingService/RecordContact", Role::CesTeam, &contact(&id, case, "2026-06-01 08:45"))
            } else {
                ask(
                    "VisitingService/RecordVisit",
                    Role::VisitingOfficer,
                    &visit(&id, case, ineffective("2026-06-01 08:45")),
                )
            };
            let answered = tokio::select! {
                biased;
                reply = call.send(suite) => reply.map(|_| true).expect("a reply"),
                () = patience(step, place as u64) => false,
            };
            (id, (call, answered))
        });
        calls.extend(futures::future::join_all(each).await);
    }
    calls
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_given_up_at_any_moment_is_wholly_there_or_wholly_absent() {
    let suite = suite().await;
    let mut cases = Vec::new();
    for number in 0..7 {
        cases.push(awaiting_contact(&suite, &format!("case-{number}")).await.0);
    }
    let calls = given_up(&suite, &cases).await;
    let (answered, dropped) =
        calls.values().fold((0, 0), |(a, d), (_, answered)| if *answered { (a + 1, d) } else { (a, d + 1) });
    assert!(answered > 20 && dropped > 20, "{answered} answered, {dropped} given up");
    for (id, (call, answered)) in &calls {
        if *answered {
            let kept = format!("SELECT count(*) FROM visiting.journal WHERE request_id = '{id}' AND ordinal = 0");
            assert_eq!(value(&suite, &kept).await, "1", "{} {id} was acknowledged", call.method);
        }
    }
    assert_eq!(halves(&suite).await, "0");
    let again: Vec<_> = calls.values().map(|(call, _)| call.clone()).collect();
    for some in again.chunks(20) {
        for reply in send_all(&suite, some).await {
            reply.expect("a repeat is answered");
        }
    }
    assert_eq!(halves(&suite).await, "0");
    let once = "SELECT count(*) FROM visiting.journal WHERE request_id LIKE 'given-up-%' AND ordinal = 0";
    assert_eq!(value(&suite, once).await, calls.len().to_string());
    for case in &cases {
        verify(&suite.store(VISITING).timeline(case, 0, i64::MAX).await.unwrap()).unwrap();
        assert_eq!(present(&suite, case).await.referral.unwrap().facts.len(), 81);
    }
    assert_eq!(in_transaction(&suite).await, "0");

    // What is written now is really committed: it outlives every connection.
    let last = ask("VisitingService/RecordContact", Role::CesTeam, &contact("last", &cases[0], "2026-06-01 08:50"));
    last.send(&suite).await.unwrap();
    as_admin(&suite, END_ALL).await;
    assert_eq!(value(&suite, "SELECT count(*) FROM visiting.receipts WHERE request_id = 'last'").await, "1");
    suite.stop().await;
}

/// Whoever gives up drops only their wait for the answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_caller_gave_up_on_is_carried_out_all_the_same() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let mut admin = admin(&suite).await;
    let mut holding = admin.begin().await.unwrap();
    sqlx::query("LOCK TABLE visiting.receipts IN EXCLUSIVE MODE").execute(&mut *holding).await.unwrap();
    let visited =
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visit("v", &case, ineffective("2026-06-01 08:30")));
    tokio::select! {
        _ = visited.send(&suite) => panic!("it was answered"),
        () = until_waiting(&mut holding, 1) => {}
    }
    // The server hears of it before it answers what is asked next on the same connection.
    present(&suite, &case).await;
    suite.clock.advance(chrono::TimeDelta::minutes(1));
    holding.rollback().await.unwrap();
    let reply: pb::RecordVisitResponse = visited.reply(&suite).await;
    assert_eq!(reply.referral.unwrap().facts[0].recorded_at, super::support::at("2026-06-01 09:00"));
    suite.stop().await;
}

/// Ends every connection of the service.
const END_ALL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'visiting'";

#[tokio::test]
async fn lost_connections_are_told_as_unavailable_and_soon_made_good() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let visited =
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visit("v", &case, ineffective("2026-06-01 08:30")));
    // More connections than one, so that there are several to lose.
    let reads: Vec<_> = (0..8).map(|_| present(&suite, &case)).collect();
    futures::future::join_all(reads).await;
    assert!(as_admin(&suite, END_ALL).await >= 1);
    let mut failures = 0;
    while let Err(status) = visited.send(&suite).await {
        assert_eq!((status.code(), reason(&status).as_str()), (Code::Unavailable, "UNAVAILABLE"), "{status:?}");
        failures += 1;
        assert!(failures <= 12, "there are no more connections than that");
    }
    assert_eq!(present(&suite, &case).await.referral.unwrap().facts.len(), 1);
    suite.stop().await;
}

/// A lock that somebody else holds is not waited for without end, and what was waiting leaves nothing behind.
#[tokio::test]
async fn a_database_that_is_held_up_is_told_as_unavailable() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let before = everything(&suite).await;
    let visited =
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visit("v", &case, ineffective("2026-06-01 08:30")));
    let mut admin = admin(&suite).await;
    let mut holding = admin.begin().await.unwrap();
    sqlx::query("LOCK TABLE visiting.receipts IN EXCLUSIVE MODE").execute(&mut *holding).await.unwrap();
    let status = visited.refused(&suite).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unavailable, "UNAVAILABLE"), "{status:?}");
    holding.rollback().await.unwrap();
    assert_eq!(everything(&suite).await, before);
    let reply: pb::RecordVisitResponse = visited.reply(&suite).await;
    assert!(!reply.effect.unwrap().replayed);
    suite.stop().await;
}

/// A gate before services that count who got through, and never answer. Calls that protect have room for one.
fn silent_gate(suite: &TestSuite, room: &Arc<Semaphore>) -> (GateLayer, Arc<AtomicUsize>) {
    let clock = holdfast_chassis::Clock::Manual(suite.clock.clone());
    let verifier = Verifier::new(&suite.issuer.key_set(), ISSUER, AUDIENCE, WorkloadSource::Token, clock).unwrap();
    let policies = Policies::of(&[
        "holdfast.visiting.v1.VisitingService",
        "holdfast.safeguarding.v1.ProtectionService",
        "holdfast.delivery.v1.DeliveryService",
    ])
    .unwrap();
    let gate = Gate { policies, verifier, rooms: Rooms { casework: Arc::clone(room), ..Rooms::of(1) } };
    (GateLayer(Arc::new(gate)), Arc::default())
}

async fn through(suite: &TestSuite, gate: &(GateLayer, Arc<AtomicUsize>), timeout: Option<&str>) -> Status {
    call_through(suite, gate, "/holdfast.visiting.v1.VisitingService/GetReferral", timeout).await
}

async fn call_through(
    suite: &TestSuite,
    (gate, reached): &(GateLayer, Arc<AtomicUsize>),
    path: &str,
    timeout: Option<&str>,
) -> Status {
    let counted = Arc::clone(reached);
    let silent = tower::service_fn(move |_: http::Request<Body>| {
        counted.fetch_add(1, Ordering::SeqCst);
        std::future::pending::<Result<http::Response<Body>, Infallible>>()
    });
    let workload = gate.0.policies.get(path).unwrap().workloads[0];
    let role = (workload == Workload::Casework).then_some(Role::Auditor);
    let token = suite.issuer.token("p", role, workload, 60).unwrap();
    let request = http::Request::post(path);
    let request = request.header("authorization", format!("Bearer {token}"));
    let request = timeout.into_iter().fold(request, |request, timeout| request.header("grpc-timeout", timeout));
    let reply = gate.layer(silent).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    Status::from_header_map(reply.headers()).expect("a status")
}

#[tokio::test]
async fn a_callers_deadline_is_kept_and_too_short_a_one_is_refused_at_once() {
    let suite = suite().await;
    let room = Arc::new(Semaphore::new(2));
    let gate = silent_gate(&suite, &room);
    for too_short in ["0S", "49m", "49999u", "1n", "0H"] {
        let status = through(&suite, &gate, Some(too_short)).await;
        assert_eq!((status.code(), reason(&status).as_str()), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
        assert_eq!(gate.1.load(Ordering::SeqCst), 0, "{too_short} was begun");
    }
    for (begun, timeout) in [(1, "50m"), (2, "60000u"), (3, "70000000n")] {
        let status = through(&suite, &gate, Some(timeout)).await;
        assert_eq!((status.code(), reason(&status).as_str()), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
        assert_eq!(gate.1.load(Ordering::SeqCst), begun, "{timeout}");
        assert!(!status.message().contains("request_id"), "a read has none: {}", status.message());
    }
    // Whoever gave up left their room.
    assert_eq!(room.available_permits(), 2);
    suite.stop().await;
}

#[tokio::test]
async fn more_calls_than_there_is_room_for_are_refused_as_overload() {
    let suite = suite().await;
    let room = Arc::new(Semaphore::new(1));
    let gate = silent_gate(&suite, &room);
    let held = Arc::clone(&room).try_acquire_owned().unwrap();
    let status = through(&suite, &gate, None).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::ResourceExhausted, "OVERLOADED"));
    assert_eq!(gate.1.load(Ordering::SeqCst), 0);
    drop(held);
    let status = through(&suite, &gate, Some("50m")).await;
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert_eq!(gate.1.load(Ordering::SeqCst), 1);
    suite.stop().await;
}

#[tokio::test]
async fn however_much_casework_there_is_calls_that_protect_have_room_of_their_own() {
    let suite = suite().await;
    let room = Arc::new(Semaphore::new(1));
    let gate = silent_gate(&suite, &room);
    let held = Arc::clone(&room).try_acquire_owned().unwrap();
    let status = through(&suite, &gate, Some("50m")).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::ResourceExhausted, "OVERLOADED"));
    let protecting: Vec<_> = gate.0.0.rooms.apart().into_iter().flat_map(|(paths, _)| paths).copied().collect();
    for (before, path) in protecting.iter().copied().enumerate() {
        assert!(paths().values().any(|known| known == path), "{path} is in no contract");
        assert_eq!(call_through(&suite, &gate, path, Some("50m")).await.code(), Code::DeadlineExceeded, "{path}");
        assert_eq!(gate.1.load(Ordering::SeqCst), before + 1, "{path}");
    }
    drop(held);
    // Nor do they take any of the others' room, of which they would have enough now.
    let held = Arc::clone(&gate.0.0.rooms.checks).try_acquire_owned().unwrap();
    let status = call_through(&suite, &gate, protecting[0], None).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::ResourceExhausted, "OVERLOADED"));
    drop(held);
    suite.stop().await;
}
