//! How the process starts, bounds its work and stops.

use super::support::{
    Ask, Replica, admin, ask, call, everything, ineffective, open, path, present, reason, suite, until_waiting, visit,
};
use holdfast_chassis::{
    config::{Config, EXIT_CONFIG, Mode, SETTINGS},
    serve::Limits,
};
use holdfast_contracts::holdfast::{access::v1::Role, visiting::v1 as pb};
use holdfast_tests::suite::TestSuite;
use sqlx::Connection;
use std::{collections::HashMap, fs, time::Duration};
use tokio::task::JoinHandle;
use tonic::{Code, Status};
use uuid::Uuid;

/// Sends a call to a replica without waiting for its answer.
fn begin(suite: &TestSuite, replica: &Replica, asked: &Ask) -> JoinHandle<Result<Vec<u8>, Status>> {
    let channel = replica.channel.clone();
    let request = suite.request_through(&asked.person, Some(asked.role), asked.workload, asked.body.clone());
    let path = path(asked.method);
    tokio::spawn(async move { call(&channel, path, request).await })
}

/// A call that is in hand when the process is asked to stop is carried out and answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_in_hand_finishes_while_the_server_stops() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let replica = Replica::start(&suite, Limits::default()).await;
    let visited =
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visit("v", &case, ineffective("2026-06-01 08:30")));
    let mut admin = admin(&suite).await;
    let mut holding = admin.begin().await.unwrap();
    sqlx::query("LOCK TABLE visiting.receipts IN EXCLUSIVE MODE").execute(&mut *holding).await.unwrap();
    let in_hand = begin(&suite, &replica, &visited);
    until_waiting(&mut holding, 1).await;
    let stopping = replica.stop();
    assert!(!in_hand.is_finished());
    holding.rollback().await.unwrap();
    let reply = in_hand.await.unwrap().expect("the call in hand is answered");
    stopping.await.unwrap();
    assert_eq!(visited.send(&suite).await.unwrap(), reply);
    assert_eq!(present(&suite, &case).await.referral.unwrap().facts.len(), 1);
    suite.stop().await;
}

/// A call that does not finish in time does not keep the process from stopping, and what it asked is whole or absent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_does_not_finish_in_time_keeps_nobody_from_stopping() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let before = everything(&suite).await;
    let limits = Limits { drain: Duration::ZERO, ..Limits::default() };
    let replica = Replica::start(&suite, limits).await;
    let visited =
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visit("v", &case, ineffective("2026-06-01 08:30")));
    let mut admin = admin(&suite).await;
    let mut holding = admin.begin().await.unwrap();
    sqlx::query("LOCK TABLE visiting.receipts IN EXCLUSIVE MODE").execute(&mut *holding).await.unwrap();
    let in_hand = begin(&suite, &replica, &visited);
    until_waiting(&mut holding, 1).await;
    // The lock is held until the process has stopped: the database's own bound on waiting ends the wait.
    replica.stop().await.unwrap();
    assert!(in_hand.await.unwrap().is_err());
    holding.rollback().await.unwrap();
    assert_eq!(everything(&suite).await, before);
    visited.send(&suite).await.unwrap();
    suite.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_takes_no_more_calls_in_hand_than_it_is_told() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let replica = Replica::start(&suite, Limits { in_flight: 1, ..Limits::default() }).await;
    let visited =
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visit("v", &case, ineffective("2026-06-01 08:30")));
    let read =
        ask("VisitingService/GetReferral", Role::Auditor, &pb::GetReferralRequest { case_reference: case.clone() });
    let mut admin = admin(&suite).await;
    let mut holding = admin.begin().await.unwrap();
    sqlx::query("LOCK TABLE visiting.receipts IN EXCLUSIVE MODE").execute(&mut *holding).await.unwrap();
    let meanwhile = async {
        until_waiting(&mut holding, 1).await;
        let status = replica.send(&suite, &read).await.expect_err("there is no room");
        assert_eq!((status.code(), reason(&status).as_str()), (Code::ResourceExhausted, "OVERLOADED"));
        holding.rollback().await.unwrap();
    };
    let (reply, ()) = tokio::join!(replica.send(&suite, &visited), meanwhile);
    reply.unwrap();
    replica.send(&suite, &read).await.expect("there is room again");
    replica.stop().await.unwrap();
    suite.stop().await;
}

fn read(mode: Mode, settings: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let settings: HashMap<_, _> =
        settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::read(mode, |name| settings.get(name).cloned())
}

/// A fault names its setting first; these are the settings at fault.
fn at_fault(mode: Mode, settings: &[(&str, &str)]) -> Vec<String> {
    let faults = read(mode, settings).map(drop).expect_err("there are faults");
    let mut named: Vec<_> =
        faults.iter().filter_map(|fault| fault.split([' ', ':']).next().map(str::to_owned)).collect();
    named.sort();
    assert!(named.iter().all(|name| SETTINGS.iter().any(|setting| setting.name == name)), "{faults:?}");
    named
}

#[test]
fn every_fault_of_the_configuration_is_named_at_once() {
    let every = [
        ("HOLDFAST_MODE", "nonsense"),
        ("HOLDFAST_LISTEN", "everywhere"),
        ("HOLDFAST_MAX_IN_FLIGHT", "0"),
        ("HOLDFAST_DRAIN_SECONDS", "601"),
        ("HOLDFAST_LOG", "loud"),
        ("HOLDFAST_LOG_FORMAT", "xml"),
        ("HOLDFAST_FINGERPRINT_KEY", "short"),
    ];
    let mut expected: Vec<_> = every.iter().map(|(name, _)| (*name).to_owned()).collect();
    expected.sort();
    assert_eq!(at_fault(Mode::Development, &every), expected);
    for (name, value) in every {
        assert_eq!(at_fault(Mode::Development, &[(name, value)]), [name], "{value}");
    }
    for (name, value) in [
        ("HOLDFAST_MAX_IN_FLIGHT", "10001"),
        ("HOLDFAST_MAX_IN_FLIGHT", "-1"),
        ("HOLDFAST_MAX_IN_FLIGHT", "many"),
        ("HOLDFAST_DRAIN_SECONDS", "-1"),
        ("HOLDFAST_LISTEN", "127.0.0.1"),
    ] {
        assert_eq!(at_fault(Mode::Development, &[(name, value)]), [name], "{value}");
    }
    assert_eq!(EXIT_CONFIG, 78);
}

#[test]
fn production_starts_with_nothing_left_to_trust() {
    let required = [
        "HOLDFAST_FINGERPRINT_KEY",
        "HOLDFAST_TOKEN_ISSUER",
        "HOLDFAST_TOKEN_KEYS",
        "HOLDFAST_WORKLOADS",
        "HOLDFAST_WORKLOAD_HEADER",
    ];
    assert_eq!(at_fault(Mode::Production, &[]), required);
    assert_eq!(at_fault(Mode::Development, &[("HOLDFAST_MODE", "production")]), required);
    let keys = std::env::temp_dir().join(format!("holdfast-keys-{}", Uuid::new_v4().simple()));
    let clock = holdfast_chassis::Clock::System;
    let issuer = holdfast_chassis::issuer::Issuer::generate(clock.clone());
    fs::write(&keys, issuer.key_set()).unwrap();
    let whole = [
        ("HOLDFAST_FINGERPRINT_KEY", "0123456789abcdef0123456789abcdef"),
        ("HOLDFAST_TOKEN_ISSUER", "https://issuer"),
        ("HOLDFAST_TOKEN_KEYS", keys.to_str().unwrap()),
        ("HOLDFAST_WORKLOADS", "desk.casework=casework, pay.payments = PAYMENTS"),
        ("HOLDFAST_WORKLOAD_HEADER", "l5d-client-id"),
    ];
    let config = read(Mode::Production, &whole).unwrap();
    assert_eq!(config.mode, Mode::Production);
    // The development issuer is believed in development mode only.
    assert!(config.verifier(None, clock.clone()).is_ok());
    assert!(config.verifier(Some(&issuer), clock).is_err());
    for (name, value) in [
        ("HOLDFAST_TOKEN_KEYS", "/nowhere/keys.json"),
        ("HOLDFAST_TOKEN_KEYS", env!("CARGO_MANIFEST_PATH")),
        ("HOLDFAST_WORKLOADS", "desk"),
        ("HOLDFAST_WORKLOADS", "desk=toaster"),
        ("HOLDFAST_WORKLOADS", ","),
        ("HOLDFAST_WORKLOAD_HEADER", "not a header"),
        ("HOLDFAST_TOKEN_ISSUER", " "),
    ] {
        let mut settings = whole.to_vec();
        settings.retain(|(each, _)| *each != name);
        settings.push((name, value));
        let named = at_fault(Mode::Production, &settings);
        assert!(!named.is_empty() && named.iter().all(|each| each == name), "{name}={value}: {named:?}");
    }
    fs::remove_file(keys).unwrap();
}
