//! Whoever works on one case: waits for what comes before a step, takes it, and asks again under the same request id
//! until it is answered.

use crate::fleet::{DESK, Entrance, SERVICES};
use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use holdfast_chassis::{Clock, issuer::Issuer};
use holdfast_procedure::Workload;
use holdfast_tests::{
    mesh::{HEADER, channels},
    pip::{Call, Pip, Step, opened, reading, standing},
    raw,
};
use std::{
    error::Error as _,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tonic::{Code, Status, transport::Channel};

/// How long to wait before asking again.
const AGAIN: Duration = Duration::from_millis(20);

/// What became of all calls.
#[derive(Default)]
pub(crate) struct Counted {
    pub(crate) calls: AtomicUsize,
    /// Whose connection was lost: they may have been carried out.
    pub(crate) cut: AtomicUsize,
    /// That a service said to try again.
    pub(crate) refused: AtomicUsize,
    pub(crate) decided: AtomicUsize,
}

/// Who works on one case.
pub(crate) struct Client {
    pip: Pip,
    issuer: Issuer,
    channels: Vec<(Workload, Channel)>,
    counted: Arc<Counted>,
}

/// A weekday's hour, this many days ago or a little more.
fn days_ago(days: i64, hour: u32) -> DateTime<Utc> {
    let mut day = Clock::System.now().date_naive() - TimeDelta::days(days);
    while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        day -= TimeDelta::days(1);
    }
    day.and_hms_opt(hour, 0, 0).expect("an hour").and_utc()
}

impl Client {
    pub(crate) fn new(entrance: &Entrance, number: usize, counted: &Arc<Counted>) -> Self {
        // Far enough apart for the window for contact, whatever holidays lie between.
        let (referred, first, second) = (days_ago(42, 10), days_ago(38, 14), days_ago(14, 11));
        let pip = Pip { award: format!("A-{number}"), concern: number.is_multiple_of(2), referred, first, second };
        // A connection of its own to each service, so that clients spread over the replicas.
        let channel = |of: Workload| (of, channels(entrance.of(of), 1).remove(0));
        let channels = SERVICES.iter().map(|service| channel(service.workload())).collect();
        Self { pip, issuer: entrance.issuer.clone(), channels, counted: Arc::clone(counted) }
    }

    /// Takes the case from referral to decision, and gives its reference.
    pub(crate) async fn work(self) -> String {
        let mut case = String::new();
        for step in Step::all(self.pip.concern) {
            let etag = match step.before() {
                Some((at, stage)) => self.until(at, &case, stage).await,
                None => String::new(),
            };
            let call = self.pip.call(step, &case, &etag, Clock::System.now());
            let reply = self.send(step.service(), &call).await;
            let reply = reply.unwrap_or_else(|status| panic!("{} {case} {step:?}: {status:?}", self.pip.award));
            if step == Step::Referral {
                case = opened(&reply);
            }
        }
        self.counted.decided.fetch_add(1, Ordering::Relaxed);
        case
    }

    /// Completes when the case has come this far at a service, with its etag there.
    async fn until(&self, at: Workload, case: &str, stage: &str) -> String {
        loop {
            match self.send(at, &reading(at, case)).await {
                Ok(reply) => {
                    let (reached, etag) = standing(at, &reply);
                    if reached == stage {
                        return etag;
                    }
                }
                // It was not handed over yet.
                Err(status) if status.code() == Code::NotFound => {}
                Err(status) => panic!("{} {case} before {stage}: {status:?}", self.pip.award),
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Makes a call as often as it takes.
    async fn send(&self, to: Workload, call: &Call) -> Result<Vec<u8>, Status> {
        let channel = self.channels.iter().find(|(of, _)| *of == to).map(|(_, channel)| channel).expect("a service");
        loop {
            self.counted.calls.fetch_add(1, Ordering::Relaxed);
            let mut request = call.request(&self.issuer);
            request.metadata_mut().insert(HEADER, DESK.parse().expect("a header"));
            request.set_timeout(Duration::from_secs(5));
            let status = match raw::attempt(channel, call.path, request).await {
                Ok(reply) => return Ok(reply),
                Err(status) => status,
            };
            let again = [Code::Unavailable, Code::DeadlineExceeded, Code::Aborted, Code::ResourceExhausted];
            let counted = if status.source().is_some() {
                // A status that has a source was made on this side: the connection did not hold.
                &self.counted.cut
            } else if again.contains(&status.code()) {
                &self.counted.refused
            } else {
                return Err(status);
            };
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(AGAIN).await;
        }
    }
}
