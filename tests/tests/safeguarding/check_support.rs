//! A payer, who asks a whole suite before they act.

use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    common::v1 as common,
    safeguarding::v1::{self as pb, protection_service_client::ProtectionServiceClient},
};
use holdfast_procedure::Workload as Service;
use holdfast_tests::suite::TestSuite;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::sync::atomic::{AtomicUsize, Ordering};
use tonic::{Request, Status, transport::Channel};

/// When every test begins.
pub(crate) const BEGINNING: &str = "2026-06-01 09:00";

/// A payment system and the suite that it asks.
pub(crate) struct Payer {
    pub(crate) suite: TestSuite,
    requests: AtomicUsize,
}

impl Payer {
    /// A suite whose sources have proved what they delivered.
    pub(crate) async fn new() -> Self {
        let payer = Self::before_any_proof().await;
        payer.prove().await;
        payer
    }

    /// A suite that has only just started.
    pub(crate) async fn before_any_proof() -> Self {
        let suite = TestSuite::start(env!("CARGO_BIN_EXE_cluster-keeper"), BEGINNING).await;
        Self { suite, requests: AtomicUsize::new(0) }
    }

    /// Has every source prove what it delivered: what it is first heard of has to be compared, and then proved again.
    pub(crate) async fn prove(&self) {
        for _ in 0..3 {
            self.suite.settle().await;
        }
    }

    /// A request id of its own.
    pub(crate) fn id(&self) -> String {
        format!("q-{}", self.requests.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) fn protection(&self) -> ProtectionServiceClient<Channel> {
        self.suite.protection()
    }

    /// A request of the payment system, with nobody at its desk.
    pub(crate) fn by_payments<T>(&self, message: T) -> Request<T> {
        self.suite.request_through("payments", None, Workload::Payments, message)
    }

    pub(crate) async fn asked(&self, question: Option<pb::Question>) -> pb::CheckActionResponse {
        let request = self.by_payments(pb::CheckActionRequest { question });
        self.protection().check_action(request).await.expect("an answer").into_inner()
    }

    pub(crate) async fn check(&self, question: &pb::Question) -> pb::Answer {
        let answer = self.asked(Some(question.clone())).await.answer.expect("an answer");
        assert_eq!(answer.question.as_ref(), Some(question), "the question as it was asked");
        assert_well_formed(&answer);
        answer
    }

    pub(crate) async fn batch(&self, questions: Vec<pb::Question>) -> Result<pb::BatchCheckActionsResponse, Status> {
        let request = self.by_payments(pb::BatchCheckActionsRequest { questions });
        Ok(self.protection().batch_check_actions(request).await?.into_inner())
    }

    /// The visiting service places a hold.
    pub(crate) async fn place(&self, hold: common::Hold) -> pb::PlaceHoldResponse {
        let request = pb::PlaceHoldRequest { request_id: self.id(), hold: Some(hold), ..Default::default() };
        let request = self.suite.request_through("visiting", None, Workload::Visiting, request);
        self.protection().place_hold(request).await.expect("a hold").into_inner()
    }

    /// The visiting service releases a hold; its database is in the same server as the ledger's.
    pub(crate) async fn release(&self, hold: common::Hold) {
        let request = pb::ReleaseHoldRequest { request_id: self.id(), hold: Some(hold), ..Default::default() };
        let described = self.suite.request("p-9", Role::Auditor, pb::DescribeLedgerRequest {});
        let ledger = self.protection().describe_ledger(described).await.expect("the ledger").into_inner();
        let database = ledger.database.expect("a database");
        let mut request = self.suite.request_through("visiting", None, Workload::Visiting, request);
        let sent_from = format!("{}/{}", database.system, database.timeline).parse().expect("a value");
        request.metadata_mut().insert("holdfast-sent-from", sent_from);
        self.protection().release_hold(request).await.expect("a release");
    }

    pub(crate) async fn confirm(&self, id: &str, question: &pb::Question) -> Result<pb::ConfirmActionResponse, Status> {
        self.confirmed(pb::ConfirmActionRequest {
            request_id: id.to_owned(),
            question: Some(question.clone()),
            ..Default::default()
        })
        .await
    }

    pub(crate) async fn confirmed(
        &self,
        request: pb::ConfirmActionRequest,
    ) -> Result<pb::ConfirmActionResponse, Status> {
        let told = self.protection().confirm_action(self.by_payments(request)).await?.into_inner();
        assert_well_formed(told.answer.as_ref().expect("an answer"));
        Ok(told)
    }

    pub(crate) async fn decision(&self, id: &str) -> Result<pb::GetDecisionResponse, Status> {
        let request = pb::GetDecisionRequest { decision_id: id.to_owned() };
        let request = self.suite.request_through("p-9", Some(Role::Auditor), Workload::Operations, request);
        Ok(self.protection().get_decision(request).await?.into_inner())
    }

    /// Does something to the database behind the suite's back.
    pub(crate) async fn behind(&self, sql: &'static str) -> PgConnection {
        let mut admin = PgConnection::connect(&self.suite.admin_url()).await.expect("the database");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await.expect(sql);
        admin
    }

    /// How many rows a table of the safeguarding service has.
    pub(crate) async fn count(&self, query: &'static str) -> i64 {
        let pool = self.suite.store(Service::Safeguarding).pool();
        sqlx::query_scalar(query).fetch_one(pool).await.expect("a number")
    }

    pub(crate) async fn end(self) {
        self.suite.stop().await;
    }
}

/// Only what permits has what permitting takes.
fn assert_well_formed(answer: &pb::Answer) {
    match answer.decision() {
        pb::Decision::Permitted => assert!(answer.reasons.is_empty(), "{answer:?}"),
        pb::Decision::Prohibited | pb::Decision::Unspecified => {
            assert_eq!(answer.decision(), pb::Decision::Prohibited);
            assert!(answer.decision_id.is_empty() && answer.valid_for.is_none(), "{answer:?}");
            assert!(!answer.reasons.is_empty(), "{answer:?}");
        }
    }
}

/// Whether an award of a customer's PIP may be stopped.
pub(crate) fn question(customer: &str, award: &str) -> pb::Question {
    let (award, action) = (Some(pip(customer, award)), common::Action::Stop.into());
    pb::Question { award, action, ground: 0, condition_known: false }
}

pub(crate) fn pip(customer: &str, award: &str) -> common::Award {
    let benefit = common::Benefit::Pip.into();
    common::Award { customer: customer.to_owned(), benefit, award: award.to_owned() }
}

/// Two ineffective visits, as the visiting service places it for the first time.
pub(crate) fn hold(case: &str, customer: &str, award: &str) -> common::Hold {
    common::Hold {
        case_reference: case.to_owned(),
        ground: common::HoldGround::TwoIneffectiveVisits.into(),
        version: 1,
        award: Some(pip(customer, award)),
        formerly: vec![],
        holder: Workload::Visiting.into(),
        released: 0,
        rules: vec!["PIP-6".to_owned(), "R-HOLD-FROM".to_owned()],
        actions: (1..=6).collect(),
        only_on: vec![],
    }
}

/// The kinds of an answer's reasons.
pub(crate) fn kinds(answer: &pb::Answer) -> Vec<pb::ReasonKind> {
    answer.reasons.iter().map(pb::Reason::kind).collect()
}

/// The services that an answer's reasons name.
pub(crate) fn sources(answer: &pb::Answer) -> Vec<Workload> {
    answer.reasons.iter().map(pb::Reason::source).collect()
}
