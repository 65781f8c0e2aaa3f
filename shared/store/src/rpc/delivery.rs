//! `holdfast.delivery.v1.DeliveryService`.

use crate::{
    Header, Store,
    outbox::{Undelivered, merged},
};
use holdfast_chassis::{Caller, Failure, Fields, page};
use holdfast_contracts::holdfast::delivery::v1::{
    ListUndeliveredRequest, ListUndeliveredResponse, ReplayCaseRequest, ReplayCaseResponse,
    delivery_service_server::DeliveryService,
};
use tonic::{Request, Response, Status};

/// The calls that services served together make to others.
pub struct Deliveries {
    stores: Vec<Store>,
}

impl Deliveries {
    /// The calls of these services.
    #[must_use]
    pub fn new(stores: Vec<Store>) -> Self {
        Self { stores }
    }

    /// Replays a case in every service that knows it.
    async fn replay(&self, case: &str, validate_only: bool) -> Result<usize, Failure> {
        let mut replayed = None;
        for store in &self.stores {
            match store.replay(case, validate_only).await {
                Ok(calls) => replayed = Some(replayed.unwrap_or(0) + calls),
                Err(Failure::CaseNotFound(_)) => {}
                Err(failure) => return Err(failure),
            }
        }
        replayed.ok_or_else(|| Failure::CaseNotFound(case.to_owned()))
    }
}

#[tonic::async_trait]
impl DeliveryService for Deliveries {
    async fn list_undelivered(
        &self,
        request: Request<ListUndeliveredRequest>,
    ) -> Result<Response<ListUndeliveredResponse>, Status> {
        let request = request.into_inner();
        let mut fields = Fields::default();
        let which = Undelivered { parked_only: request.parked_only };
        let limit = fields.page_size("page_size", request.page_size, 50, 200);
        let after = page::after(&mut fields, &which, &request.page_token);
        let (limit, after) = fields.finish(limit.zip(after))?;
        let mut found = Vec::new();
        for store in &self.stores {
            found.extend(store.parked(which, after.as_ref(), limit + 1).await?);
        }
        let (calls, next) = merged(found, limit);
        let next_page_token = next.map(|next| page::token(&which, next)).unwrap_or_default();
        Ok(Response::new(ListUndeliveredResponse { calls, next_page_token }))
    }

    async fn replay_case(&self, request: Request<ReplayCaseRequest>) -> Result<Response<ReplayCaseResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let given = (request.request_id.as_str(), request.etag.as_str(), request.validate_only);
        let store = self.stores.first().ok_or(Failure::Internal)?;
        let header = Header::read(store, &mut fields, &caller, &request, given);
        let case = fields.reference("case_reference", &request.case_reference);
        let (header, case) = fields.finish(header.zip(case))?;
        let calls = self.replay(&case, header.validate_only).await?;
        let calls = u32::try_from(calls).unwrap_or(u32::MAX);
        Ok(Response::new(ReplayCaseResponse { calls, validated_only: header.validate_only }))
    }
}
