//! One scenario: its suite, its case, what was answered, what was asserted.

use holdfast_contracts::holdfast::common::v1::TimelineEntry;
use holdfast_contracts::holdfast::{
    access::v1::Role,
    common::v1::Effect,
    conferencing::v1 as conferencing,
    safeguarding::v1 as safeguarding,
    visiting::v1::{GetReferralRequest, GetTimelineRequest, Referral},
};
use holdfast_procedure::{Rule, guidance::Guidance, rule::Proof};
use holdfast_tests::suite::TestSuite;
use std::time::{Duration, Instant};
use tonic::{Response, Status};

/// The path of the program that keeps the run's Postgres.
const KEEPER: &str = env!("CARGO_BIN_EXE_cluster-keeper");

/// What a command answered.
pub(crate) struct Answer {
    pub(crate) effect: Effect,
}

#[derive(cucumber::World)]
#[world(init = Self::new)]
pub(crate) struct World {
    suite: Option<TestSuite>,
    /// What the clock shows when the suite starts.
    pub(crate) now: String,
    pub(crate) guidance: Guidance,
    pub(crate) case: String,
    /// The case that the scenario began with, where it goes on to another.
    pub(crate) first_case: String,
    /// The exception to the protection that was asked for last.
    pub(crate) exception: String,
    /// The question that payments asked last, and what they were told.
    pub(crate) checked: Option<(safeguarding::Question, safeguarding::CheckActionResponse)>,
    last: Option<Result<Answer, Status>>,
    asserted: Vec<(String, Proof)>,
    refusal_asserted: bool,
    canaries: Vec<String>,
    /// Everything that came back over the wire, as text.
    wire: String,
    requests: u32,
    begun: Instant,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "case {:?}", self.case)
    }
}

impl World {
    fn new() -> Self {
        Self {
            suite: None,
            now: "2026-06-01 09:00".to_owned(),
            guidance: Guidance::published(),
            case: String::new(),
            first_case: String::new(),
            exception: String::new(),
            checked: None,
            last: None,
            asserted: Vec::new(),
            refusal_asserted: false,
            canaries: Vec::new(),
            wire: String::new(),
            requests: 0,
            begun: Instant::now(),
        }
    }

    /// The suite, started when it is first needed.
    pub(crate) async fn suite(&mut self) -> &TestSuite {
        if self.suite.is_none() {
            self.suite = Some(TestSuite::start_under(KEEPER, &self.now, self.guidance.clone()).await);
        }
        self.suite.as_ref().unwrap()
    }

    pub(crate) fn started(&self) -> Option<&TestSuite> {
        self.suite.as_ref()
    }

    pub(crate) async fn stop(&mut self) {
        if let Some(suite) = self.suite.take() {
            suite.stop().await;
        }
    }

    pub(crate) fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    pub(crate) async fn move_clock(&mut self, to: &str) {
        self.now = to.to_owned();
        if let Some(suite) = &self.suite {
            suite.move_clock(to).await;
        }
    }

    /// A request id that was not used before.
    pub(crate) fn request_id(&mut self) -> String {
        self.requests += 1;
        format!("request-{}", self.requests)
    }

    /// Words that occur nowhere else.
    pub(crate) fn words(&mut self) -> String {
        let word = format!("CANARY{}", uuid::Uuid::new_v4().simple());
        self.canaries.push(word.clone());
        format!("What was said, with {word} in it.")
    }

    pub(crate) fn canaries(&self) -> &[String] {
        &self.canaries
    }

    pub(crate) fn wire(&self) -> &str {
        &self.wire
    }

    /// Keeps what a command at DWP Visiting answered, and lets everything that follows happen.
    pub(crate) async fn answered<R>(
        &mut self,
        answer: Result<Response<R>, Status>,
        parts: fn(R) -> (Option<Referral>, Option<Effect>),
    ) {
        let answer = answer.map(|reply| parts(reply.into_inner()));
        let case = answer.as_ref().ok().and_then(|(referral, _)| referral.as_ref());
        if let Some(case) = case.map(|referral| referral.case_reference.clone()) {
            self.case = case;
        }
        self.brought(answer, |(_, effect)| effect).await;
    }

    /// Keeps what a command answered, and lets everything that follows happen.
    pub(crate) async fn replied<R: std::fmt::Debug>(
        &mut self,
        answer: Result<Response<R>, Status>,
        effect: fn(R) -> Option<Effect>,
    ) {
        self.brought(answer.map(Response::into_inner), effect).await;
    }

    async fn brought<R: std::fmt::Debug>(&mut self, answer: Result<R, Status>, effect: fn(R) -> Option<Effect>) {
        assert!(!self.refusal_unasserted(), "the command before was refused, and no Then says so: {:?}", self.status());
        self.refusal_asserted = false;
        self.last = Some(match answer {
            Ok(reply) => {
                self.wire += &format!("{reply:?}");
                Ok(Answer { effect: effect(reply).expect("a reply says what follows") })
            }
            Err(status) => {
                self.wire += &format!("{} {}", status.message(), String::from_utf8_lossy(status.details()));
                Err(status)
            }
        });
        if let Some(suite) = &self.suite {
            suite.settle().await;
        }
    }

    /// Keeps what a read answered, for the search for words that should not be there.
    pub(crate) fn heard(&mut self, reply: &impl std::fmt::Debug) {
        self.wire += &format!("{reply:?}");
    }

    /// What the last command brought about.
    pub(crate) fn effect(&self) -> &Effect {
        match self.last.as_ref().expect("a command") {
            Ok(answer) => &answer.effect,
            Err(status) => panic!("refused: {} ({:?})", status.message(), status.code()),
        }
    }

    /// How the last command was refused.
    pub(crate) fn refusal(&mut self) -> Status {
        self.refusal_asserted = true;
        self.status().expect("the command was not refused").clone()
    }

    fn status(&self) -> Option<&Status> {
        self.last.as_ref().and_then(|last| last.as_ref().err())
    }

    pub(crate) fn refusal_unasserted(&self) -> bool {
        self.status().is_some() && !self.refusal_asserted
    }

    /// A Then asserted this rule, in this way, where it was cited on the wire.
    pub(crate) fn assert(&mut self, rule: &str, proof: Proof) {
        assert!(holdfast_procedure::rule::find(rule).is_some(), "there is no rule {rule}");
        self.asserted.push((rule.to_owned(), proof));
    }

    /// Whether a rule was asserted in the way its proof says.
    pub(crate) fn asserted(&self, rule: &Rule) -> bool {
        self.asserted.iter().any(|(id, proof)| id == rule.id && *proof == rule.proof)
    }

    /// The case as it stands, and everything owed on it.
    pub(crate) async fn read(&mut self) -> (Referral, Effect) {
        let case_reference = self.case.clone();
        let suite = self.suite().await;
        let request = suite.request("a.reader", Role::Officer, GetReferralRequest { case_reference });
        let reply = suite.visiting().get_referral(request).await.expect("the case").into_inner();
        self.wire += &format!("{reply:?}");
        (reply.referral.expect("a referral"), reply.effect.expect("an effect"))
    }

    /// The case's journal.
    pub(crate) async fn timeline(&mut self) -> Vec<TimelineEntry> {
        let request = GetTimelineRequest { case_reference: self.case.clone(), page_size: 500, ..Default::default() };
        let suite = self.suite().await;
        let request = suite.request("a.reader", Role::Auditor, request);
        let reply = suite.visiting().get_timeline(request).await.expect("the journal").into_inner();
        self.wire += &format!("{reply:?}");
        reply.entries
    }

    /// The case as conferencing has it, and everything owed on it there.
    pub(crate) async fn conferencing_case(&mut self) -> (conferencing::Case, Effect) {
        let request = conferencing::GetCaseRequest { case_reference: self.case.clone() };
        let suite = self.suite().await;
        let request = suite.request("a.reader", Role::Officer, request);
        let reply = suite.conferencing().get_case(request).await.expect("the case").into_inner();
        self.heard(&reply);
        (reply.case.expect("a case"), reply.effect.expect("an effect"))
    }

    /// The case's journal at conferencing.
    pub(crate) async fn conferencing_timeline(&mut self) -> Vec<TimelineEntry> {
        let case_reference = self.case.clone();
        let request = conferencing::GetTimelineRequest { case_reference, page_size: 500, ..Default::default() };
        let suite = self.suite().await;
        let request = suite.request("a.reader", Role::Auditor, request);
        let reply = suite.conferencing().get_timeline(request).await.expect("the journal").into_inner();
        self.heard(&reply);
        reply.entries
    }

    /// The case as safeguarding has it, and everything owed on it there.
    pub(crate) async fn escalation(&mut self) -> (safeguarding::Escalation, Effect) {
        let request = safeguarding::GetEscalationRequest { case_reference: self.case.clone() };
        let suite = self.suite().await;
        let request = suite.request("a.reader", Role::Officer, request);
        let reply = suite.escalations().get_escalation(request).await.expect("the escalation").into_inner();
        self.heard(&reply);
        (reply.escalation.expect("an escalation"), reply.effect.expect("an effect"))
    }

    /// The case's journal at safeguarding.
    pub(crate) async fn escalation_timeline(&mut self) -> Vec<TimelineEntry> {
        let case_reference = self.case.clone();
        let request = safeguarding::GetTimelineRequest { case_reference, page_size: 500, ..Default::default() };
        let suite = self.suite().await;
        let request = suite.request("a.reader", Role::Auditor, request);
        let reply = suite.escalations().get_timeline(request).await.expect("the journal").into_inner();
        self.heard(&reply);
        reply.entries
    }
}
