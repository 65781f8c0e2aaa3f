//! A payment system that asks all the time whether it may stop each award it knows of.

use crate::{desk::customer, rig::Rig};
use holdfast_contracts::holdfast::{
    access::v1::Workload as Named,
    common::v1::{Action, Award, Benefit},
    safeguarding::v1::{
        Answer, BatchCheckActionsRequest, Decision, DescribeLedgerRequest, DescribeLedgerResponse, Question, Reason,
        ReasonKind, SourceState, protection_service_client::ProtectionServiceClient,
    },
};
use holdfast_procedure::Workload;
use holdfast_tests::mesh::{HEADER, channels};
use std::{
    collections::BTreeMap,
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;
use tonic::{Request, Status, transport::Channel};

/// How often it asks.
const EVERY: Duration = Duration::from_millis(25);
/// What was committed longer ago than this is never overlooked.
const BOUND: Duration = Duration::from_secs(5);
/// An award that nobody ever visits about.
const FREE: &str = "A-free";
/// The check opens and closes within this time.
const WITHIN: Duration = Duration::from_secs(30);

/// What is known of an award, and what was said of it.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// When the second visit was known to be kept: it was protected before that.
    protected: Option<Instant>,
    /// The latest end of a permission, counted from before it was asked for.
    permitted_until: Option<Instant>,
}

/// What payments were told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    awards: BTreeMap<String, Known>,
    answers: usize,
    permitted: usize,
    errors: usize,
    /// Answers that break the promise.
    broken: Vec<String>,
    /// By how much the last permission outlived the beginning of a protection, at worst.
    worst: Duration,
    /// How long after the beginning of a protection something was asked and still permitted, at worst.
    asked: Duration,
}

/// The payment system.
pub(crate) struct Payments {
    told: Arc<Mutex<Told>>,
    asking: JoinHandle<()>,
    entrance: SocketAddr,
}

fn question(award: &str) -> Question {
    let (customer, benefit, award) = (customer(award), Benefit::Pip.into(), award.to_owned());
    let award = Some(Award { customer, benefit, award });
    Question { award, action: Action::Stop.into(), ground: 0, condition_known: false }
}

fn request<T>(identity: &'static str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert(HEADER, identity.parse().expect("a header"));
    request.set_timeout(Duration::from_secs(3));
    request
}

async fn ask(channel: Channel, awards: &[String]) -> Result<Vec<Answer>, Status> {
    let questions = awards.iter().map(|award| question(award)).collect();
    let mut client = ProtectionServiceClient::new(channel);
    let reply = client.batch_check_actions(request("payments.mesh", BatchCheckActionsRequest { questions })).await?;
    let answers = reply.into_inner().answers;
    assert_eq!(answers.len(), awards.len());
    Ok(answers)
}

fn valid_for(answer: &Answer) -> Duration {
    answer.valid_for.and_then(|valid| Duration::try_from(valid).ok()).expect("a permission says how long it holds")
}

impl Payments {
    /// Begins to ask.
    pub(crate) fn watching(rig: &Rig) -> Self {
        let told = Arc::<Mutex<Told>>::default();
        let entrance = rig.entrance(Workload::Safeguarding);
        let kept = Arc::clone(&told);
        kept.lock().unwrap().awards.insert(FREE.to_owned(), Known::default());
        let asking = tokio::spawn(async move {
            let channel = channels(entrance, 1).remove(0);
            loop {
                let awards: Vec<_> = kept.lock().unwrap().awards.keys().cloned().collect();
                let asked = Instant::now();
                let answers = ask(channel.clone(), &awards).await;
                kept.lock().unwrap().take_in(asked, &awards, answers);
                tokio::time::sleep(EVERY).await;
            }
        });
        Self { told, asking, entrance }
    }

    /// From now on it asks about this award, too.
    pub(crate) fn ask_about(&self, award: &str) {
        self.told.lock().unwrap().awards.insert(award.to_owned(), Known::default());
    }

    /// An award was protected a moment ago.
    pub(crate) fn protected(&self, award: &str) {
        let now = Instant::now();
        let mut told = self.told.lock().unwrap();
        let known = told.awards.get_mut(award).expect("it is asked about");
        known.protected = Some(now);
        // Permissions that were given before, and hold beyond.
        if let Some(outlives) = known.permitted_until.map(|until| until.saturating_duration_since(now)) {
            told.worst = told.worst.max(outlives);
        }
    }

    /// The answers now, or why there are none.
    async fn answers(&self, awards: &[String]) -> Result<Vec<Answer>, Status> {
        ask(channels(self.entrance, 1).remove(0), awards).await
    }

    /// The answer for one award now.
    pub(crate) async fn answer(&self, award: &str) -> Answer {
        let answers = self.answers(&[award.to_owned()]).await.expect("an answer");
        answers.into_iter().next().expect("one answer")
    }

    /// The first answer for one award that a ledger gives that has looked at its database since it was asked.
    pub(crate) async fn until_answered(&self, award: &str) -> Answer {
        let begun = Instant::now();
        let unlooked = |reason: &Reason| reason.kind() == ReasonKind::NotVerified;
        loop {
            let answers = self.answers(&[award.to_owned()]).await;
            let answered = answers.as_ref().ok().filter(|answers| !answers[0].reasons.iter().any(unlooked));
            if let Some(answers) = answered {
                return answers[0].clone();
            }
            assert!(begun.elapsed() < WITHIN, "the ledger does not answer about {award}: {answers:?}");
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Completes when the ledger itself holds an award, and no source lists it any more: whoever placed the hold has been
    /// told so.
    pub(crate) async fn until_held(&self, award: &str) {
        let begun = Instant::now();
        let by_ledger = |reason: &Reason| reason.kind() == ReasonKind::Held && reason.source() == Named::Unspecified;
        loop {
            let answers = self.answers(&[award.to_owned()]).await;
            let reasons = answers.as_ref().map_or(&[][..], |answers| &answers[0].reasons);
            if !reasons.is_empty() && reasons.iter().all(by_ledger) {
                return;
            }
            assert!(begun.elapsed() < WITHIN, "{award} does not reach the ledger: {answers:?}");
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Completes when an award that nobody visits about may be stopped.
    pub(crate) async fn until_open(&self, after: &str) {
        let begun = Instant::now();
        loop {
            let answers = self.answers(&[FREE.to_owned()]).await;
            if answers.as_ref().is_ok_and(|answers| answers[0].decision() == Decision::Permitted) {
                return;
            }
            assert!(begun.elapsed() < WITHIN, "the check stays closed after {after}: {answers:?}");
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Completes when the check is closed for this reason, whoever is asked about.
    pub(crate) async fn until_closed(&self, kind: ReasonKind, source: Named) -> Duration {
        let begun = Instant::now();
        let is_why = |reason: &Reason| reason.kind() == kind && reason.source() == source;
        loop {
            let answers = self.answers(&[FREE.to_owned()]).await;
            if answers.as_ref().is_ok_and(|answers| answers[0].reasons.iter().any(is_why)) {
                return begun.elapsed();
            }
            assert!(begun.elapsed() < WITHIN, "the check is not closed for {kind:?} of {source:?}: {answers:?}");
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Completes when a source's database or the ledger's is on this timeline, and was compared; says how long that took.
    pub(crate) async fn until_compared(&self, source: Named, timeline: u32) -> Duration {
        let begun = Instant::now();
        loop {
            let ledger = self.ledger().await;
            let own = ledger.as_ref().ok().and_then(|ledger| ledger.database.as_ref()).map(|of| of.timeline);
            let states = ledger.iter().flat_map(|ledger| &ledger.sources);
            let mut there = states.filter(|state| state.source() == source || source == Named::Safeguarding).peekable();
            let is_compared = |state: &SourceState| {
                let theirs = state.database.as_ref().map(|of| of.timeline);
                let named = if source == Named::Safeguarding { own } else { theirs };
                state.reconciled && named == Some(timeline)
            };
            if there.peek().is_some() && there.all(is_compared) {
                return begun.elapsed();
            }
            assert!(begun.elapsed() < WITHIN, "nobody noticed that a database is another: {ledger:?}");
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Completes when every protected award is prohibited because it is held, and not because the check is closed; that
    /// has to be so within the bound.
    pub(crate) async fn everything_protected_is_prohibited(&self, after: &str) {
        let awards: Vec<_> = {
            let told = self.told.lock().unwrap();
            let protected = told.awards.iter().filter(|(_, known)| known.protected.is_some());
            protected.map(|(award, _)| award.clone()).collect()
        };
        let begun = Instant::now();
        let held = |reason: &Reason| reason.kind() == ReasonKind::Held && reason.rules[0] == "PIP-6";
        loop {
            let answers = self.answers(&awards).await.expect("answers");
            let open = awards.iter().zip(&answers).find(|(_, answer)| !answer.reasons.iter().any(held));
            let Some((award, answer)) = open else { return };
            assert!(begun.elapsed() < BOUND, "{award} after {after}: {answer:?}");
            tokio::time::sleep(EVERY).await;
        }
    }

    /// How the ledger stands.
    async fn ledger(&self) -> Result<DescribeLedgerResponse, Status> {
        let mut client = ProtectionServiceClient::new(channels(self.entrance, 1).remove(0));
        let asked = client.describe_ledger(request("operations.mesh", DescribeLedgerRequest {})).await;
        asked.map(tonic::Response::into_inner)
    }

    /// Stops asking, and gives what it was told.
    pub(crate) async fn end(self) -> Told {
        self.asking.abort();
        let ended = self.asking.await.expect_err("it would go on for ever");
        assert!(ended.is_cancelled(), "{ended}");
        std::mem::take(&mut *self.told.lock().unwrap())
    }
}

impl Told {
    fn take_in(&mut self, asked: Instant, awards: &[String], answers: Result<Vec<Answer>, Status>) {
        let Ok(answers) = answers else {
            self.errors += 1;
            return;
        };
        for (award, answer) in awards.iter().zip(answers) {
            self.answers += 1;
            if answer.decision() != Decision::Permitted {
                continue;
            }
            self.permitted += 1;
            let until = asked + valid_for(&answer);
            let known = self.awards.get_mut(award).expect("it was asked about");
            known.permitted_until = known.permitted_until.max(Some(until));
            let Some(protected) = known.protected else { continue };
            self.asked = self.asked.max(asked.saturating_duration_since(protected));
            let outlives = until.saturating_duration_since(protected);
            self.worst = self.worst.max(outlives);
            if outlives > BOUND {
                self.broken.push(format!("{award} could be stopped {outlives:?} after it was protected"));
            }
        }
    }

    /// Fails where the promise was broken, or nothing was tried.
    pub(crate) fn check(&self) {
        assert_eq!(self.broken, Vec::<String>::new());
        assert!(self.worst <= BOUND, "{:?}", self.worst);
        assert!(self.permitted > 100, "the check was hardly ever open");
        assert!(self.awards.values().filter(|known| known.protected.is_some()).count() >= 8);
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { awards, answers, permitted, errors, worst, asked, .. } = self;
        let awards = awards.len();
        write!(
            f,
            "{answers} answers about {awards} awards, {permitted} of them permitted, {errors} calls failed; at worst a \
             permission was given {asked:?} after the beginning of a protection, and outlived it by {worst:?}, of {BOUND:?}"
        )
    }
}
