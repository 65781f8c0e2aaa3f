//! `holdfast.safeguarding.v1.OverrideService`.

use crate::{Overrides, convert::overrides as convert, view::overrides as view};
use holdfast_chassis::{Caller, Fields, page};
use holdfast_contracts::holdfast::safeguarding::v1::{self as pb, override_service_server::OverrideService};
use holdfast_store::{Store, command};
use tonic::{Request, Response, Status};

/// The service over its facts.
pub(crate) struct Rpc {
    store: Store,
}

impl Rpc {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }
}

#[tonic::async_trait]
impl OverrideService for Rpc {
    async fn request_override(
        &self,
        request: Request<pb::RequestOverrideRequest>,
    ) -> Result<Response<pb::RequestOverrideResponse>, Status> {
        command!(self, request, convert::request)
    }

    async fn approve_override(
        &self,
        request: Request<pb::ApproveOverrideRequest>,
    ) -> Result<Response<pb::ApproveOverrideResponse>, Status> {
        command!(self, request, convert::approve)
    }

    async fn decline_override(
        &self,
        request: Request<pb::DeclineOverrideRequest>,
    ) -> Result<Response<pb::DeclineOverrideResponse>, Status> {
        command!(self, request, convert::decline)
    }

    async fn revoke_override(
        &self,
        request: Request<pb::RevokeOverrideRequest>,
    ) -> Result<Response<pb::RevokeOverrideResponse>, Status> {
        command!(self, request, convert::revoke)
    }

    async fn get_override(
        &self,
        request: Request<pb::GetOverrideRequest>,
    ) -> Result<Response<pb::GetOverrideResponse>, Status> {
        let mut fields = Fields::default();
        let case = fields.reference("case_reference", &request.into_inner().case_reference);
        let case = fields.finish(case)?;
        // The clock is read last: what has ended by then is told as ended.
        let found = self.store.read::<Overrides>(&case).await?;
        Ok(Response::new(convert::present(&found, view::now(&self.store).await?)))
    }

    async fn list_overrides(
        &self,
        request: Request<pb::ListOverridesRequest>,
    ) -> Result<Response<pb::ListOverridesResponse>, Status> {
        let mut fields = Fields::default();
        let asked = convert::list(&mut fields, &request.into_inner());
        let (filter, after, limit) = fields.finish(asked)?;
        let (overrides, next) = view::list(&self.store, &filter, after, limit).await?;
        let next_page_token = next.map(|next| page::token(&filter, next)).unwrap_or_default();
        Ok(Response::new(pb::ListOverridesResponse { overrides, next_page_token }))
    }

    async fn get_timeline(
        &self,
        request: Request<pb::OverrideServiceGetTimelineRequest>,
    ) -> Result<Response<pb::OverrideServiceGetTimelineResponse>, Status> {
        let pb::OverrideServiceGetTimelineRequest { case_reference, page_size, page_token } = request.into_inner();
        let told = self.store.told_timeline::<Overrides>(&case_reference, page_size, &page_token).await?;
        let (entries, next_page_token) = told;
        Ok(Response::new(pb::OverrideServiceGetTimelineResponse { entries, next_page_token }))
    }

    async fn read_narrative(
        &self,
        request: Request<pb::OverrideServiceReadNarrativeRequest>,
    ) -> Result<Response<pb::OverrideServiceReadNarrativeResponse>, Status> {
        let caller = Caller::of(&request)?;
        let pb::OverrideServiceReadNarrativeRequest { case_reference, narrative, purpose } = request.into_inner();
        let text = self.store.told_narrative::<Overrides>(&caller, (&case_reference, &narrative), purpose).await?;
        Ok(Response::new(pb::OverrideServiceReadNarrativeResponse { text }))
    }
}
