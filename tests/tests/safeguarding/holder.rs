//! Somebody who holds cases, as the ledger meets them: the suite beside it answers for the sources, which hold nothing.

use holdfast_contracts::holdfast::{
    access::v1::{
        Role,
        Workload::{self, Conferencing, Operations, Visiting},
    },
    common::v1 as common,
    safeguarding::v1::{self as pb, protection_service_client::ProtectionServiceClient},
};
use holdfast_procedure::Workload as Service;
use holdfast_tests::suite::TestSuite;
use sqlx::{AssertSqlSafe, Row};
use std::sync::atomic::{AtomicUsize, Ordering};
use tonic::{Request, Response, Status, Streaming, transport::Channel};

/// When every test begins.
pub(crate) const BEGINNING: &str = "2026-06-01 09:00";
/// The case of most tests.
pub(crate) const CASE: &str = "HF-7K3M-9QXW-2D4F";

/// The suite, and what is sent to its ledger.
pub(crate) struct Holder {
    pub(crate) suite: TestSuite,
    requests: AtomicUsize,
}

/// A hold on the ground of two ineffective visits, placed by the visiting service for the first time.
pub(crate) fn hold() -> common::Hold {
    common::Hold {
        case_reference: CASE.to_owned(),
        ground: common::HoldGround::TwoIneffectiveVisits.into(),
        version: 1,
        award: Some(award("A-1")),
        formerly: vec![],
        holder: Visiting.into(),
        released: common::ReleaseReason::Unspecified.into(),
        rules: vec!["PIP-6".to_owned(), "R-HOLD-FROM".to_owned()],
        actions: (1..=6).collect(),
        only_on: vec![],
    }
}

pub(crate) fn award(award: &str) -> common::Award {
    common::Award { customer: "C-1".to_owned(), benefit: common::Benefit::Pip.into(), award: award.to_owned() }
}

/// The same hold at another version.
pub(crate) fn at(version: u64) -> common::Hold {
    common::Hold { version, ..hold() }
}

/// The same hold released, at a version.
pub(crate) fn released(version: u64) -> common::Hold {
    common::Hold { released: common::ReleaseReason::InformedDecision.into(), ..at(version) }
}

/// The same hold as the conferencing service holds it.
pub(crate) fn taken_over(hold: common::Hold) -> common::Hold {
    common::Hold { holder: Conferencing.into(), ..hold }
}

impl Holder {
    /// A ledger that was compared with every source.
    pub(crate) async fn new() -> Self {
        let holder = Self::unsettled().await;
        holder.suite.settle().await;
        holder
    }

    /// A ledger that has asked nobody yet.
    pub(crate) async fn unsettled() -> Self {
        let suite = TestSuite::start(env!("CARGO_BIN_EXE_cluster-keeper"), BEGINNING).await;
        Self { suite, requests: AtomicUsize::new(0) }
    }

    pub(crate) fn id(&self) -> String {
        format!("r-{}", self.requests.fetch_add(1, Ordering::Relaxed))
    }

    /// A request of the service that a hold says it is held by, sent from the database in which it is.
    pub(crate) async fn from<T>(&self, from: Workload, message: T) -> Request<T> {
        let database = self.described().await.database.expect("a database");
        let mut request = self.suite.request_through("service", None, from, message);
        let sent_from = format!("{}/{}", database.system, database.timeline).parse().unwrap();
        request.metadata_mut().insert("holdfast-sent-from", sent_from);
        request
    }

    pub(crate) async fn place(&self, hold: common::Hold) -> Result<pb::PlaceHoldResponse, Status> {
        let from = hold.holder();
        let request = self.from(from, self.place_request(hold)).await;
        self.suite.protection().place_hold(request).await.map(Response::into_inner)
    }

    pub(crate) fn place_request(&self, hold: common::Hold) -> pb::PlaceHoldRequest {
        pb::PlaceHoldRequest { request_id: self.id(), hold: Some(hold), ..Default::default() }
    }

    pub(crate) async fn release(&self, hold: common::Hold) -> Result<pb::ReleaseHoldResponse, Status> {
        let from = hold.holder();
        let request = self.from(from, self.release_request(hold)).await;
        self.suite.protection().release_hold(request).await.map(Response::into_inner)
    }

    pub(crate) fn release_request(&self, hold: common::Hold) -> pb::ReleaseHoldRequest {
        pb::ReleaseHoldRequest { request_id: self.id(), hold: Some(hold), ..Default::default() }
    }

    pub(crate) async fn described(&self) -> pb::DescribeLedgerResponse {
        let request = self.suite.request("p.auditor", Role::Auditor, pb::DescribeLedgerRequest {});
        self.suite.protection().describe_ledger(request).await.expect("the ledger").into_inner()
    }

    /// What the ledger says of a source.
    pub(crate) async fn source(&self, source: Workload) -> pb::SourceState {
        let mut sources = self.described().await.sources;
        let place = sources.iter().position(|state| state.source() == source).expect("the source");
        sources.swap_remove(place)
    }

    pub(crate) async fn list(&self, request: pb::ListHoldsRequest) -> Result<pb::ListHoldsResponse, Status> {
        let request = self.suite.request("p.auditor", Role::Auditor, request);
        self.suite.protection().list_holds(request).await.map(Response::into_inner)
    }

    /// Every hold of the case, released ones included: its version and whether it stands.
    pub(crate) async fn known(&self) -> Vec<(u64, bool)> {
        let request =
            pb::ListHoldsRequest { case_reference: CASE.to_owned(), with_released: true, ..Default::default() };
        let holds = self.list(request).await.expect("a list").holds.into_iter().filter_map(|change| change.hold);
        holds.map(|hold| (hold.version, hold.released == 0)).collect()
    }

    pub(crate) async fn watch(
        &self,
        resume_token: &str,
        recalls_only: bool,
    ) -> Result<Streaming<pb::WatchHoldsResponse>, Status> {
        self.watch_through(Workload::Payments, resume_token, recalls_only).await
    }

    pub(crate) async fn watch_through(
        &self,
        workload: Workload,
        resume_token: &str,
        recalls_only: bool,
    ) -> Result<Streaming<pb::WatchHoldsResponse>, Status> {
        let request = pb::WatchHoldsRequest { resume_token: resume_token.to_owned(), recalls_only };
        let request = self.suite.request_through("service", None, workload, request);
        self.suite.protection().watch_holds(request).await.map(Response::into_inner)
    }

    pub(crate) async fn declare_restore(&self, id: &str) -> Result<pb::DeclareRestoreResponse, Status> {
        let request = pb::DeclareRestoreRequest { request_id: id.to_owned(), ..Default::default() };
        let request = self.suite.request_through("p.operator", Some(Role::Operator), Operations, request);
        self.suite.protection().declare_restore(request).await.map(Response::into_inner)
    }

    /// Runs a statement under the ledger's own role.
    pub(crate) async fn sql(&self, statement: &str) -> u64 {
        let pool = self.suite.store(Service::Safeguarding).pool();
        sqlx::query(AssertSqlSafe(statement.to_owned())).execute(pool).await.expect("a statement").rows_affected()
    }

    /// One number that a statement gives.
    pub(crate) async fn count(&self, statement: &str) -> i64 {
        let pool = self.suite.store(Service::Safeguarding).pool();
        sqlx::query(AssertSqlSafe(statement.to_owned())).fetch_one(pool).await.expect("a row").get(0)
    }

    /// Writes down that an action was confirmed, which expires after some seconds.
    pub(crate) async fn permit(&self, decision: &str, award: &str, expires_in: i64) {
        let now = self.suite.clock.now();
        let pool = self.suite.store(Service::Safeguarding).pool();
        sqlx::query(
            "INSERT INTO permits (decision, customer, benefit, award, action, ground, confirmed_at, expires_at, person,
                 role, workload, request_id, fingerprint, trace_id)
             VALUES ($1, $2, 'pip', $3, 2, 0, $4, $4 + $5 * interval '1 second', '', '', 'payments', $1, '', '')",
        )
        .bind(decision)
        .bind(format!("C-of-{award}"))
        .bind(award)
        .bind(now)
        .bind(expires_in)
        .execute(pool)
        .await
        .expect("a permit");
    }

    /// A second process over the same database.
    pub(crate) async fn another_process(&self) -> ProtectionServiceClient<Channel> {
        ProtectionServiceClient::new(super::another::process(&self.suite).await)
    }
}
