//! `holdfast.delivery.v1.DeliveryService`.

use super::proofs;
use crate::{
    Header,
    kind::Kinds,
    outbox::{DESTINATIONS, Undelivered, merged},
    replay::Again,
    wire,
};
use holdfast_chassis::{Caller, Failure, Fields, access::workload_name, page};
use holdfast_contracts::holdfast::delivery::v1::{
    ListOpenProtectionsRequest, ListUndeliveredRequest, ListUndeliveredResponse, ProveAwardRequest, ProveAwardResponse,
    ProveDeliveryRequest, ProveDeliveryResponse, RaiseHoldRequest, RaiseHoldResponse, ReplayCaseRequest,
    ReplayCaseResponse, ReplayDestinationRequest, ReplayDestinationResponse, delivery_service_server::DeliveryService,
};
use tonic::{Request, Response, Status};

/// The calls that services served together make to others.
pub struct Deliveries {
    kinds: Kinds,
}

impl Deliveries {
    /// The calls of the services that keep cases of these kinds.
    #[must_use]
    pub fn new(kinds: Kinds) -> Self {
        Self { kinds }
    }

    /// Sends calls again from every service that is concerned, and says how many.
    async fn replay(&self, again: Again, header: &Header) -> Result<u32, Failure> {
        let mut replayed = None;
        for store in self.kinds.stores() {
            match store.replay(again.clone(), header.clone()).await {
                Ok(calls) => replayed = Some(replayed.unwrap_or(0) + calls),
                Err(Failure::CaseNotFound(_)) => {}
                Err(failure) => return Err(failure),
            }
        }
        match (replayed, again) {
            (Some(calls), _) => Ok(u32::try_from(calls).unwrap_or(u32::MAX)),
            (None, Again::Case { case, .. }) => Err(Failure::CaseNotFound(case)),
            (None, Again::Destination { .. }) => Ok(0),
        }
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
        for store in self.kinds.stores() {
            found.extend(store.parked(which, after.as_ref(), limit + 1).await?);
        }
        let (calls, next) = merged(found, limit);
        let next_page_token = next.map(|next| page::token(&which, next)).unwrap_or_default();
        Ok(Response::new(ListUndeliveredResponse { calls, next_page_token }))
    }

    async fn prove_delivery(
        &self,
        request: Request<ProveDeliveryRequest>,
    ) -> Result<Response<ProveDeliveryResponse>, Status> {
        Ok(Response::new(proofs::delivery(&self.kinds, &request.into_inner()).await?))
    }

    async fn prove_award(&self, request: Request<ProveAwardRequest>) -> Result<Response<ProveAwardResponse>, Status> {
        Ok(Response::new(proofs::award(&self.kinds, &request.into_inner()).await?))
    }

    type ListOpenProtectionsStream = proofs::Stream;

    async fn list_open_protections(
        &self,
        request: Request<ListOpenProtectionsRequest>,
    ) -> Result<Response<Self::ListOpenProtectionsStream>, Status> {
        Ok(Response::new(proofs::everything(&self.kinds, &request.into_inner())?))
    }

    async fn raise_hold(&self, request: Request<RaiseHoldRequest>) -> Result<Response<RaiseHoldResponse>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(proofs::raise(&self.kinds, &caller, &request.into_inner()).await?))
    }

    async fn replay_case(&self, request: Request<ReplayCaseRequest>) -> Result<Response<ReplayCaseResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let given = (request.request_id.as_str(), request.etag.as_str(), request.validate_only);
        let store = self.kinds.any_store()?;
        let header = Header::read(store, &mut fields, &caller, &request, given);
        let case = fields.reference("case_reference", &request.case_reference);
        let (header, case) = fields.finish(header.zip(case))?;
        let again = Again::Case { case, with_delivered: request.with_delivered };
        let calls = self.replay(again, &header).await?;
        Ok(Response::new(ReplayCaseResponse { calls, validated_only: header.validate_only }))
    }

    async fn replay_destination(
        &self,
        request: Request<ReplayDestinationRequest>,
    ) -> Result<Response<ReplayDestinationResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let given = (request.request_id.as_str(), request.etag.as_str(), request.validate_only);
        let store = self.kinds.any_store()?;
        let header = Header::read(store, &mut fields, &caller, &request, given);
        let to = fields.choice("destination", request.destination, wire::workload_from);
        if to.is_some_and(|to| !DESTINATIONS.contains(&to)) {
            let named = DESTINATIONS.map(|to| workload_name(wire::workload(to))).join(", ");
            fields.fault("destination", format!("is no service that calls go to: {named}"));
        }
        let since = fields.instant("recorded_since", request.recorded_since);
        let read = header.zip(to).zip(since).map(|((header, to), since)| (header, to, since));
        let (header, to, since) = fields.finish(read)?;
        let calls = self.replay(Again::Destination { to, since }, &header).await?;
        Ok(Response::new(ReplayDestinationResponse { calls, validated_only: header.validate_only }))
    }
}
