//! `holdfast.safeguarding.v1.DirectoryService`.

use crate::{
    Areas,
    convert::{directory, reply},
    view::areas,
    waiting,
};
use holdfast_chassis::{Caller, Fields, page};
use holdfast_contracts::holdfast::safeguarding::v1::{self as pb, directory_service_server::DirectoryService};
use holdfast_store::Store;
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
impl DirectoryService for Rpc {
    async fn set_leader(
        &self,
        request: Request<pb::SetLeaderRequest>,
    ) -> Result<Response<pb::SetLeaderResponse>, Status> {
        let caller = Caller::of(&request)?;
        let order = directory::set(&self.store, &caller, &request.into_inner())?;
        let reply = self.store.answer::<Areas, _>(order).await?;
        // The leader is named, whatever becomes of this; what waits still is found again within a second.
        if let Err(failure) = waiting::settle(&self.store).await {
            tracing::warn!(reason = failure.reason().as_str_name(), "what waited for the leader waits a little longer");
        }
        Ok(Response::new(reply))
    }

    async fn remove_leader(
        &self,
        request: Request<pb::RemoveLeaderRequest>,
    ) -> Result<Response<pb::RemoveLeaderResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let order = directory::remove(&self.store, &caller, &request)?;
        let removed = self.store.answer::<Areas, _>(order).await;
        Ok(Response::new(removed.map_err(|failure| directory::named(failure, &request.area))?))
    }

    async fn find_leader(
        &self,
        request: Request<pb::FindLeaderRequest>,
    ) -> Result<Response<pb::FindLeaderResponse>, Status> {
        let mut fields = Fields::default();
        let area = fields.reference("area", &request.into_inner().area);
        let area = fields.finish(area)?;
        let found = self.store.read::<Areas>(&directory::case_of(&area)).await;
        let found = found.map_err(|failure| directory::named(failure, &area))?;
        Ok(Response::new(reply::area_reply(&found)))
    }

    async fn list_leaders(
        &self,
        request: Request<pb::ListLeadersRequest>,
    ) -> Result<Response<pb::ListLeadersResponse>, Status> {
        let mut fields = Fields::default();
        let asked = directory::list(&mut fields, &request.into_inner());
        let (filter, after, limit) = fields.finish(asked)?;
        let (areas, next) = areas::list(&self.store, &filter, after, limit).await?;
        let next_page_token = next.map(|next| page::token(&filter, next)).unwrap_or_default();
        Ok(Response::new(pb::ListLeadersResponse { areas, next_page_token }))
    }

    async fn list_uncovered_areas(
        &self,
        request: Request<pb::ListUncoveredAreasRequest>,
    ) -> Result<Response<pb::ListUncoveredAreasResponse>, Status> {
        const QUESTION: &str = "uncovered areas";
        let request = request.into_inner();
        let mut fields = Fields::default();
        let limit = fields.page_size("page_size", request.page_size, 50, 200);
        let after = page::after::<String>(&mut fields, &QUESTION, &request.page_token);
        let (after, limit) = fields.finish(after.zip(limit))?;
        let (areas, next) = areas::uncovered(&self.store, after, limit).await?;
        let next_page_token = next.map(|next| page::token(&QUESTION, next)).unwrap_or_default();
        Ok(Response::new(pb::ListUncoveredAreasResponse { areas, next_page_token }))
    }
}
