//! `holdfast.safeguarding.v1.EscalationService`.

use crate::{
    Escalations,
    convert::{self, reply},
    view::{areas, escalations},
};
use holdfast_chassis::{Caller, Fields, page};
use holdfast_contracts::holdfast::safeguarding::v1::{self as pb, escalation_service_server::EscalationService};
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
impl EscalationService for Rpc {
    async fn open_escalation(
        &self,
        request: Request<pb::OpenEscalationRequest>,
    ) -> Result<Response<pb::OpenEscalationResponse>, Status> {
        command!(self, request, convert::open)
    }

    async fn record_contact_attempt(
        &self,
        request: Request<pb::RecordContactAttemptRequest>,
    ) -> Result<Response<pb::RecordContactAttemptResponse>, Status> {
        command!(self, request, convert::attempt)
    }

    async fn consider_leader(
        &self,
        request: Request<pb::ConsiderLeaderRequest>,
    ) -> Result<Response<pb::ConsiderLeaderResponse>, Status> {
        command!(self, request, convert::consider_leader)
    }

    async fn refer_to_leader(
        &self,
        request: Request<pb::ReferToLeaderRequest>,
    ) -> Result<Response<pb::ReferToLeaderResponse>, Status> {
        let caller = Caller::of(&request)?;
        let leaders = areas::leaders(&self.store).await?;
        let order = convert::refer(&self.store, &caller, &request.into_inner(), leaders)?;
        Ok(Response::new(self.store.answer::<Escalations, _>(order).await?))
    }

    async fn record_liaison(
        &self,
        request: Request<pb::RecordLiaisonRequest>,
    ) -> Result<Response<pb::RecordLiaisonResponse>, Status> {
        command!(self, request, convert::liaison)
    }

    async fn record_disclosure(
        &self,
        request: Request<pb::RecordDisclosureRequest>,
    ) -> Result<Response<pb::RecordDisclosureResponse>, Status> {
        command!(self, request, convert::disclosure)
    }

    async fn set_review_date(
        &self,
        request: Request<pb::SetReviewDateRequest>,
    ) -> Result<Response<pb::SetReviewDateResponse>, Status> {
        command!(self, request, convert::review_date)
    }

    async fn record_review(
        &self,
        request: Request<pb::RecordReviewRequest>,
    ) -> Result<Response<pb::RecordReviewResponse>, Status> {
        command!(self, request, convert::review)
    }

    async fn record_contact(
        &self,
        request: Request<pb::RecordContactRequest>,
    ) -> Result<Response<pb::RecordContactResponse>, Status> {
        command!(self, request, convert::contact)
    }

    async fn correct_fact(
        &self,
        request: Request<pb::CorrectFactRequest>,
    ) -> Result<Response<pb::CorrectFactResponse>, Status> {
        command!(self, request, convert::correction)
    }

    async fn conclude_escalation(
        &self,
        request: Request<pb::ConcludeEscalationRequest>,
    ) -> Result<Response<pb::ConcludeEscalationResponse>, Status> {
        command!(self, request, convert::conclude)
    }

    async fn get_escalation(
        &self,
        request: Request<pb::GetEscalationRequest>,
    ) -> Result<Response<pb::GetEscalationResponse>, Status> {
        let mut fields = Fields::default();
        let case = fields.reference("case_reference", &request.into_inner().case_reference);
        let case = fields.finish(case)?;
        Ok(Response::new(reply::reply(&self.store.read::<Escalations>(&case).await?)))
    }

    async fn list_escalations(
        &self,
        request: Request<pb::ListEscalationsRequest>,
    ) -> Result<Response<pb::ListEscalationsResponse>, Status> {
        let mut fields = Fields::default();
        let asked = convert::list(&mut fields, &request.into_inner());
        let (filter, after, limit) = fields.finish(asked)?;
        let (escalations, next) = escalations::list(&self.store, &filter, after, limit).await?;
        let next_page_token = next.map(|next| page::token(&filter, next)).unwrap_or_default();
        Ok(Response::new(pb::ListEscalationsResponse { escalations, next_page_token }))
    }

    async fn get_timeline(
        &self,
        request: Request<pb::GetTimelineRequest>,
    ) -> Result<Response<pb::GetTimelineResponse>, Status> {
        let pb::GetTimelineRequest { case_reference, page_size, page_token } = request.into_inner();
        let told = self.store.told_timeline::<Escalations>(&case_reference, page_size, &page_token).await?;
        let (entries, next_page_token) = told;
        Ok(Response::new(pb::GetTimelineResponse { entries, next_page_token }))
    }

    async fn read_narrative(
        &self,
        request: Request<pb::ReadNarrativeRequest>,
    ) -> Result<Response<pb::ReadNarrativeResponse>, Status> {
        let caller = Caller::of(&request)?;
        let pb::ReadNarrativeRequest { case_reference, narrative, purpose } = request.into_inner();
        let text = self.store.told_narrative::<Escalations>(&caller, (&case_reference, &narrative), purpose).await?;
        Ok(Response::new(pb::ReadNarrativeResponse { text }))
    }
}
