//! A review that is not held on its day becomes an alert, once, whoever sees it and however often.

use crate::support::{CASE, World};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    common::v1::{Nation, Task},
    guidance::v1 as guidance,
    safeguarding::v1 as pb,
    tasks::v1 as tasks,
};
use holdfast_procedure::calendar::PUBLISHED;
use holdfast_safeguarding::Program;
use holdfast_store::{Kinds, process::Service};
use holdfast_tests::suite::{london, timestamp};
use serde_json::{Value, json};
use std::time::Duration;

/// A concern whose leader was asked, and a day for the review, 8 June 2026.
async fn under_review(world: &World, case: &str) {
    world.opened(case, "North").await;
    world.referred(case).await;
    let request = pb::SetReviewDateRequest {
        request_id: world.id(),
        case_reference: case.to_owned(),
        review_on: "2026-06-08".to_owned(),
        ..Default::default()
    };
    world.escalations().set_review_date(world.by(Role::CesTeam, request)).await.expect("a review date");
}

async fn alerts(world: &World, case: &str) -> usize {
    world.journal(case).await.iter().filter(|event| *event == "review_overdue").count()
}

/// Everything that the person owes and that is overdue or stands without a date.
async fn owed(world: &World, person: &str) -> Vec<Task> {
    let request = tasks::ListTasksRequest { person: person.to_owned(), ..Default::default() };
    world.tasks().list_tasks(world.by(Role::SafeguardingLeader, request)).await.expect("a list").into_inner().tasks
}

#[tokio::test]
async fn several_replicas_raise_the_alert_once() {
    let world = World::new().await;
    world.directory().set_leader(world.set_leader("North", "leader-n")).await.expect("a leader");
    let cases: Vec<_> = (0..8).map(|number| format!("HF-{number}")).collect();
    for case in &cases {
        under_review(&world, case).await;
    }
    assert_eq!(world.kinds.settle().await.expect("nothing is due"), 0);
    world.clock.set(london("2026-06-08 23:59:59"));
    assert_eq!(world.kinds.settle().await.expect("nothing is due on the day itself"), 0);
    world.clock.set(london("2026-06-09 00:00"));
    let (one, two) = (world.replica().await, world.replica().await);
    let (one, two) = (Kinds::new(Program.kinds(&one)), Kinds::new(Program.kinds(&two)));
    let (first, second, third) = tokio::join!(world.kinds.settle(), one.settle(), two.settle());
    first.and(second).and(third).expect("what is due happens");
    for case in &cases {
        assert_eq!(alerts(&world, case).await, 1, "{case}");
    }
    let alerted = owed(&world, "leader-n").await;
    assert_eq!(alerted.len(), cases.len());
    for task in &alerted {
        assert!(task.what.contains("the review of 8 June 2026 is overdue"), "{}", task.what);
        assert_eq!(
            (task.owner(), task.citation.clone().unwrap().rule),
            (Role::SafeguardingLeader, "PIP-16R".to_owned())
        );
        assert_eq!(task.owed_since, Some(timestamp(london("2026-06-08 23:59:59.999999"))));
    }
    assert_eq!(world.kinds.settle().await.expect("nothing is left"), 0);
    for kinds in [one, two] {
        for store in kinds.stores() {
            store.close(Duration::from_secs(10)).await;
        }
    }
    world.end().await;
}

#[tokio::test]
async fn a_review_ends_the_alert_and_the_journal_keeps_it() {
    let world = World::new().await;
    world.directory().set_leader(world.set_leader("North", "leader-n")).await.expect("a leader");
    under_review(&world, CASE).await;
    world.clock.set(london("2026-06-09 10:00"));
    world.kinds.settle().await.expect("what is due happens");
    let request = pb::RecordReviewRequest {
        request_id: world.id(),
        case_reference: CASE.to_owned(),
        occurred_at: Some(world.now()),
        next_steps: "Ask the council again.".to_owned(),
        ..Default::default()
    };
    world.escalations().record_review(world.by(Role::SafeguardingLeader, request)).await.expect("a review");
    assert_eq!((owed(&world, "leader-n").await, alerts(&world, CASE).await), (vec![], 1));
    world.end().await;
}

#[tokio::test]
async fn a_newer_calendar_leaves_review_dates_as_they_are() {
    let world = World::new().await;
    under_review(&world, CASE).await;
    let mut document: Value = serde_json::from_str(PUBLISHED).unwrap();
    let events = document["england-and-wales"]["events"].as_array_mut().unwrap();
    events.push(json!({"title": "Day of thanks", "date": "2026-06-05", "notes": "", "bunting": true}));
    let request = guidance::ImportCalendarRequest {
        request_id: world.id(),
        nation: Nation::England.into(),
        version: "2".to_owned(),
        provenance: "GOV.UK, 1 June 2026".to_owned(),
        gov_uk_json: document.to_string(),
        ..Default::default()
    };
    let request = world.through(Some(Role::Operator), Workload::Operations, request);
    let imported = tokio::time::timeout(Duration::from_secs(30), world.guidance().import_calendar(request)).await;
    let imported = imported.expect("it comes to an end").expect("a calendar").into_inner();
    assert_eq!(imported.terms_derived_again, 0);
    assert_eq!(world.kinds.settle().await.expect("nothing is due"), 0);
    world.clock.set(london("2026-06-09 00:00"));
    world.kinds.settle().await.expect("what is due happens");
    assert_eq!(alerts(&world, CASE).await, 1);
    world.end().await;
}
