//! The case workers: they record what happened, and try again until it is kept.

use crate::{payments::Payments, rig::Rig};
use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use holdfast_chassis::Clock;
use holdfast_procedure::Workload;
use holdfast_tests::{
    mesh::{HEADER, channels},
    pip::{Call, Pip, Step, opened},
    raw,
};
use std::time::{Duration, Instant};

/// What the mesh calls the case workers' desktop.
const DESK: &str = "desk.mesh";
/// Whatever is recorded is kept within this time, whatever else is broken.
const KEPT_WITHIN: Duration = Duration::from_secs(20);

/// A weekday's hour, this many days ago or a little more.
fn days_ago(days: i64, hour: u32) -> DateTime<Utc> {
    let mut day = Clock::System.now().date_naive() - TimeDelta::days(days);
    while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        day -= TimeDelta::days(1);
    }
    day.and_hms_opt(hour, 0, 0).expect("an hour").and_utc()
}

/// The claimant of an award; see `Pip`.
pub(crate) fn customer(award: &str) -> String {
    format!("C-{award}")
}

/// Refers a claimant, and calls once in vain. Gives the case, and tells payments of the award.
pub(crate) async fn one_visit(rig: &Rig, payments: &Payments, award: &str) -> (Pip, String) {
    let (referred, first, second) = (days_ago(42, 10), days_ago(38, 14), days_ago(14, 11));
    let pip = Pip { award: award.to_owned(), concern: true, referred, first, second };
    payments.ask_about(award);
    let case = opened(&send(rig, &pip, Step::Referral, "").await);
    send(rig, &pip, Step::FirstVisit, &case).await;
    (pip, case)
}

/// Calls a second time in vain: from now on the award is protected.
pub(crate) async fn second_visit(rig: &Rig, payments: &Payments, pip: &Pip, case: &str) {
    send(rig, pip, Step::SecondVisit, case).await;
    payments.protected(&pip.award);
}

/// A case with two ineffective visits.
pub(crate) async fn two_visits(rig: &Rig, payments: &Payments, award: &str) -> String {
    let (pip, case) = one_visit(rig, payments, award).await;
    second_visit(rig, payments, &pip, &case).await;
    case
}

async fn send(rig: &Rig, pip: &Pip, step: Step, case: &str) -> Vec<u8> {
    let call = pip.call(step, case, "", Clock::System.now());
    make(rig, Workload::Visiting, &call).await
}

/// Makes a call until it is answered.
async fn make(rig: &Rig, to: Workload, call: &Call) -> Vec<u8> {
    let begun = Instant::now();
    loop {
        let channel = channels(rig.entrance(to), 1).remove(0);
        let mut request = call.request(&rig.issuer);
        request.metadata_mut().insert(HEADER, DESK.parse().expect("a header"));
        request.set_timeout(Duration::from_secs(5));
        match raw::attempt(&channel, call.path, request).await {
            Ok(reply) => return reply,
            Err(status) => assert!(begun.elapsed() < KEPT_WITHIN, "{} is not kept: {status:?}", call.path),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
