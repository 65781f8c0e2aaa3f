//! `holdfast.safeguarding.v1.ProtectionService`.

use crate::protection::{Protection, check, confirm, journal, ledger, views, watch};
use holdfast_chassis::access::Caller;
use holdfast_contracts::holdfast::safeguarding::v1::{self as pb, protection_service_server::ProtectionService};
use std::sync::Arc;
use tonic::{Request, Response, Status, Streaming};

/// The service over the ledger.
pub(crate) struct Rpc {
    protection: Arc<Protection>,
}

impl Rpc {
    pub(crate) fn new(protection: Arc<Protection>) -> Self {
        Self { protection }
    }
}

#[tonic::async_trait]
impl ProtectionService for Rpc {
    async fn check_action(
        &self,
        request: Request<pb::CheckActionRequest>,
    ) -> Result<Response<pb::CheckActionResponse>, Status> {
        check::check_action(&self.protection, request).await
    }

    async fn batch_check_actions(
        &self,
        request: Request<pb::BatchCheckActionsRequest>,
    ) -> Result<Response<pb::BatchCheckActionsResponse>, Status> {
        check::batch_check_actions(&self.protection, request).await
    }

    type StreamCheckActionsStream = check::Answers;

    async fn stream_check_actions(
        &self,
        request: Request<Streaming<pb::StreamCheckActionsRequest>>,
    ) -> Result<Response<Self::StreamCheckActionsStream>, Status> {
        check::stream_check_actions(&self.protection, request)
    }

    async fn confirm_action(
        &self,
        request: Request<pb::ConfirmActionRequest>,
    ) -> Result<Response<pb::ConfirmActionResponse>, Status> {
        confirm::confirm_action(&self.protection, request).await
    }

    async fn get_protection(
        &self,
        request: Request<pb::GetProtectionRequest>,
    ) -> Result<Response<pb::GetProtectionResponse>, Status> {
        let told = views::get_protection(&self.protection, &request.into_inner()).await?;
        Ok(Response::new(told))
    }

    async fn get_decision(
        &self,
        request: Request<pb::GetDecisionRequest>,
    ) -> Result<Response<pb::GetDecisionResponse>, Status> {
        journal::get_decision(&self.protection, request).await
    }

    async fn list_holds(
        &self,
        request: Request<pb::ListHoldsRequest>,
    ) -> Result<Response<pb::ListHoldsResponse>, Status> {
        let told = views::list_holds(&self.protection, &request.into_inner()).await?;
        Ok(Response::new(told))
    }

    type WatchHoldsStream = watch::Stream;

    async fn watch_holds(
        &self,
        request: Request<pb::WatchHoldsRequest>,
    ) -> Result<Response<Self::WatchHoldsStream>, Status> {
        let told = watch::watch_holds(&self.protection, Caller::of(&request)?.workload, &request.into_inner()).await?;
        Ok(Response::new(told))
    }

    async fn describe_ledger(
        &self,
        _: Request<pb::DescribeLedgerRequest>,
    ) -> Result<Response<pb::DescribeLedgerResponse>, Status> {
        Ok(Response::new(views::describe(&self.protection).await?))
    }

    async fn declare_restore(
        &self,
        request: Request<pb::DeclareRestoreRequest>,
    ) -> Result<Response<pb::DeclareRestoreResponse>, Status> {
        Ok(Response::new(views::declare_restore(&self.protection, request).await?))
    }

    async fn place_hold(
        &self,
        request: Request<pb::PlaceHoldRequest>,
    ) -> Result<Response<pb::PlaceHoldResponse>, Status> {
        Ok(Response::new(ledger::place(&self.protection, request).await?))
    }

    async fn release_hold(
        &self,
        request: Request<pb::ReleaseHoldRequest>,
    ) -> Result<Response<pb::ReleaseHoldResponse>, Status> {
        Ok(Response::new(ledger::release(&self.protection, request).await?))
    }
}
