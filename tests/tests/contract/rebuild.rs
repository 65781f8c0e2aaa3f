//! Everything derived can be made anew from the journal, and is then what it was.

use super::support::{Ask, VISITING, as_admin, ask, contact, ineffective, open, present, rows_of, suite, visit};
use chrono::TimeDelta;
use holdfast_contracts::holdfast::{
    access::v1::Role,
    common::v1::Task,
    tasks::v1 as tasks,
    visiting::v1::{self as pb, correct_fact_request::Right, visit::Outcome},
};
use holdfast_tests::suite::{TestSuite, timestamp};
use holdfast_visiting::Referrals;
use std::collections::BTreeSet;

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// A task that is owed done elsewhere, or one that is not owed.
fn some_completion(owed: &[Task], request_id: String, case: &str, when: Option<prost_types::Timestamp>) -> Ask {
    let task = owed.iter().find(|task| task.discharged_by == "CompleteTask");
    let role = task.map_or(Role::CesTeam, |task| task.owner());
    let asked = tasks::CompleteTaskRequest {
        request_id,
        task: task.map_or(format!("visiting/{case}/none"), |task| task.name.clone()),
        occurred_at: when,
        system: "PIPCS".to_owned(),
        reference: "note-1".to_owned(),
        ..Default::default()
    };
    ask("TaskService/CompleteTask", role, &asked)
}

/// Some command on a case, which may well be refused.
async fn some_command(suite: &TestSuite, dice: &mut Dice, case: &str, id: &str) -> Ask {
    let now = present(suite, case).await;
    let etag = now.effect.clone().unwrap().etag;
    let (request_id, case_reference, reason) = (id.to_owned(), case.to_owned(), "why".to_owned());
    let when = Some(timestamp(suite.clock.now() - TimeDelta::minutes(i64::try_from(dice.throw(90)).unwrap())));
    let fact = u32::try_from(dice.throw(4)).unwrap() + 1;
    match dice.throw(9) {
        0..=2 => {
            let mut visited = ineffective("2026-06-01 08:30");
            visited.occurred_at = when;
            if dice.throw(5) == 0 {
                visited.outcome = Some(Outcome::BrokenOff(pb::BrokenOffVisit { account: reason }));
            }
            ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visit(id, case, visited))
        }
        3..=4 => {
            let mut told = contact(id, case, "2026-06-01 08:30");
            told.contact.as_mut().unwrap().occurred_at = when;
            ask("VisitingService/RecordContact", Role::CesTeam, &told)
        }
        5 => {
            let second_visit =
                (if dice.throw(2) == 0 { pb::SecondVisit::Needed } else { pb::SecondVisit::NotNeeded }).into();
            let asked = pb::DecideSecondVisitRequest {
                request_id,
                etag,
                case_reference,
                second_visit,
                reason,
                ..Default::default()
            };
            ask("VisitingService/DecideSecondVisit", Role::CesTeam, &asked)
        }
        6 => {
            let right = Some(Right::NeverHappened(true));
            let asked =
                pb::CorrectFactRequest { request_id, etag, case_reference, fact, right, reason, ..Default::default() };
            ask("VisitingService/CorrectFact", Role::VisitingOfficer, &asked)
        }
        7 => some_completion(&now.effect.unwrap().tasks, request_id, case, when),
        _ => {
            let ground = pb::WithdrawalGround::Abroad.into();
            let asked =
                pb::WithdrawReferralRequest { request_id, etag, case_reference, ground, reason, ..Default::default() };
            ask("VisitingService/WithdrawReferral", Role::Referrer, &asked)
        }
    }
}

#[tokio::test]
async fn what_is_made_anew_is_what_it_was() {
    let suite = suite().await;
    let mut dice = Dice(20_260_601);
    let mut cases = Vec::new();
    for number in 0..30 {
        cases.push(open(&suite, &format!("open-{number}")).await.0);
    }
    let (mut carried_out, mut stages) = (0, BTreeSet::new());
    for round in 0..7 {
        for (number, case) in cases.iter().enumerate() {
            let call = some_command(&suite, &mut dice, case, &format!("r-{round}-{number}")).await;
            carried_out += usize::from(call.send(&suite).await.is_ok());
        }
        let hours = TimeDelta::hours(i64::try_from(dice.throw(40)).unwrap());
        suite.clock.advance(hours);
        suite.settle().await;
    }
    for case in &cases {
        stages.insert(present(&suite, case).await.referral.unwrap().stage);
    }
    assert!(carried_out > 100, "{carried_out}");
    assert!(stages.len() > 4, "{stages:?}");

    let derived = ["visiting.referrals", "visiting.tasks", "visiting.timers"];
    let before = rows_of(&suite, &derived).await;
    assert!(derived.iter().all(|table| !before[*table].is_empty()), "{before:?}");
    let heads = "SELECT string_agg(sequence || encode(hash, 'hex'), ',' ORDER BY case_reference) FROM visiting.cases";
    let heads_before = super::support::value(&suite, heads).await;
    for table in derived.iter().chain(&["visiting.cases"]) {
        as_admin(&suite, &format!("DELETE FROM {table}")).await;
    }
    assert_eq!(suite.store(VISITING).rebuild::<Referrals>().await.unwrap(), cases.len());
    assert_eq!(rows_of(&suite, &derived).await, before);
    assert_eq!(super::support::value(&suite, heads).await, heads_before);
    // What is stale is taken away, too.
    let stale = "INSERT INTO visiting.timers (case_reference, key, fires_at) SELECT case_reference, 'stale', now()
        FROM visiting.cases";
    as_admin(&suite, stale).await;
    as_admin(&suite, "UPDATE visiting.referrals SET stage = 'first_visit_due', area = 'Elsewhere'").await;
    as_admin(&suite, "UPDATE visiting.tasks SET key = 'stale-' || key").await;
    suite.store(VISITING).rebuild::<Referrals>().await.unwrap();
    assert_eq!(rows_of(&suite, &derived).await, before);
    suite.stop().await;
}
