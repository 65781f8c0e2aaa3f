//! `holdfast.conferencing.v1.SanctionService`: one short method for every RPC.

use super::{Sanctions, check, convert, reply, view};
use holdfast_chassis::{Caller, Fields, Peers, page};
use holdfast_contracts::holdfast::conferencing::v1::{self as pb, sanction_service_server::SanctionService};
use holdfast_procedure::sanction::{Command, Correction, Happening, Outcome};
use holdfast_store::{Store, command};
use std::sync::Arc;
use tonic::{Request, Response, Status};

/// The service over its facts.
pub(crate) struct Rpc {
    store: Store,
    /// Among them the one that keeps the check of protection.
    peers: Arc<Peers>,
}

impl Rpc {
    pub(crate) fn new(store: Store, peers: Arc<Peers>) -> Self {
        Self { store, peers }
    }
}

#[tonic::async_trait]
impl SanctionService for Rpc {
    async fn record_failed_requirement(
        &self,
        request: Request<pb::RecordFailedRequirementRequest>,
    ) -> Result<Response<pb::RecordFailedRequirementResponse>, Status> {
        let caller = Caller::of(&request)?;
        let mut order = convert::failure(&self.store, &caller, &request.into_inner())?;
        if let Command::RecordFailure { failure, others, .. } = &mut order.command {
            *others = view::others(&self.store, &failure.award, order.case.reference()).await?;
        }
        Ok(Response::new(self.store.answer(order).await?))
    }

    async fn hold_sanction_conference(
        &self,
        request: Request<pb::HoldSanctionConferenceRequest>,
    ) -> Result<Response<pb::HoldSanctionConferenceResponse>, Status> {
        command!(self, request, convert::conference)
    }

    async fn refer_for_sanction(
        &self,
        request: Request<pb::ReferForSanctionRequest>,
    ) -> Result<Response<pb::ReferForSanctionResponse>, Status> {
        command!(self, request, convert::referral)
    }

    async fn invite_explanation(
        &self,
        request: Request<pb::InviteExplanationRequest>,
    ) -> Result<Response<pb::InviteExplanationResponse>, Status> {
        command!(self, request, convert::invitation)
    }

    async fn record_explanation(
        &self,
        request: Request<pb::RecordExplanationRequest>,
    ) -> Result<Response<pb::RecordExplanationResponse>, Status> {
        command!(self, request, convert::explanation)
    }

    async fn decide_sanction(
        &self,
        request: Request<pb::DecideSanctionRequest>,
    ) -> Result<Response<pb::DecideSanctionResponse>, Status> {
        let caller = Caller::of(&request)?;
        let mut order = convert::decision(&self.store, &caller, &request.into_inner())?;
        if let Command::Decide { decided, holds, check } = &mut order.command {
            let case = order.case.reference();
            *holds = self.store.holds_about(case).await?;
            let about = self.store.read::<Sanctions>(case).await?.state.failure;
            if let (Outcome::Sanction, Some(failure)) = (decided.outcome, about) {
                *check = check::ask(&self.peers, &failure.what.award).await;
            }
        }
        Ok(Response::new(self.store.answer(order).await?))
    }

    async fn reconsider_sanction(
        &self,
        request: Request<pb::ReconsiderSanctionRequest>,
    ) -> Result<Response<pb::ReconsiderSanctionResponse>, Status> {
        command!(self, request, convert::reconsideration)
    }

    async fn correct_fact(
        &self,
        request: Request<pb::SanctionServiceCorrectFactRequest>,
    ) -> Result<Response<pb::SanctionServiceCorrectFactResponse>, Status> {
        let caller = Caller::of(&request)?;
        let mut order = convert::correction(&self.store, &caller, &request.into_inner())?;
        if let Command::Correct(Correction { right: Some(Happening::Failure(right)), others, .. }) = &mut order.command
        {
            *others = view::others(&self.store, &right.award, order.case.reference()).await?;
        }
        Ok(Response::new(self.store.answer(order).await?))
    }

    async fn withdraw_sanction_case(
        &self,
        request: Request<pb::WithdrawSanctionCaseRequest>,
    ) -> Result<Response<pb::WithdrawSanctionCaseResponse>, Status> {
        command!(self, request, convert::withdrawal)
    }

    async fn get_sanction_case(
        &self,
        request: Request<pb::GetSanctionCaseRequest>,
    ) -> Result<Response<pb::GetSanctionCaseResponse>, Status> {
        let mut fields = Fields::default();
        let case = fields.reference("case_reference", &request.into_inner().case_reference);
        let case = fields.finish(case)?;
        Ok(Response::new(reply::reply(&self.store.read::<Sanctions>(&case).await?)))
    }

    async fn list_sanction_cases(
        &self,
        request: Request<pb::ListSanctionCasesRequest>,
    ) -> Result<Response<pb::ListSanctionCasesResponse>, Status> {
        let mut fields = Fields::default();
        let asked = convert::list(&mut fields, &request.into_inner());
        let (filter, after, limit) = fields.finish(asked)?;
        let (cases, next) = view::list(&self.store, &filter, after, limit).await?;
        let next_page_token = next.map(|next| page::token(&filter, next)).unwrap_or_default();
        Ok(Response::new(pb::ListSanctionCasesResponse { cases, next_page_token }))
    }

    async fn get_timeline(
        &self,
        request: Request<pb::SanctionServiceGetTimelineRequest>,
    ) -> Result<Response<pb::SanctionServiceGetTimelineResponse>, Status> {
        let pb::SanctionServiceGetTimelineRequest { case_reference, page_size, page_token } = request.into_inner();
        let told = self.store.told_timeline::<Sanctions>(&case_reference, page_size, &page_token).await?;
        let (entries, next_page_token) = told;
        Ok(Response::new(pb::SanctionServiceGetTimelineResponse { entries, next_page_token }))
    }

    async fn read_narrative(
        &self,
        request: Request<pb::SanctionServiceReadNarrativeRequest>,
    ) -> Result<Response<pb::SanctionServiceReadNarrativeResponse>, Status> {
        let caller = Caller::of(&request)?;
        let pb::SanctionServiceReadNarrativeRequest { case_reference, narrative, purpose } = request.into_inner();
        let text = self.store.told_narrative::<Sanctions>(&caller, (&case_reference, &narrative), purpose).await?;
        Ok(Response::new(pb::SanctionServiceReadNarrativeResponse { text }))
    }
}
