//! `holdfast.conferencing.v1.ConferencingService`: one short method for every RPC.

use crate::{
    Conferences,
    convert::{self, reply},
    view,
};
use holdfast_chassis::{Caller, Fields, page};
use holdfast_contracts::holdfast::conferencing::v1::{self as pb, conferencing_service_server::ConferencingService};
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
impl ConferencingService for Rpc {
    async fn receive_case(
        &self,
        request: Request<pb::ReceiveCaseRequest>,
    ) -> Result<Response<pb::ReceiveCaseResponse>, Status> {
        command!(self, request, convert::receive)
    }

    async fn take_back_case(
        &self,
        request: Request<pb::TakeBackCaseRequest>,
    ) -> Result<Response<pb::TakeBackCaseResponse>, Status> {
        command!(self, request, convert::take_back)
    }

    async fn consider_support_marker(
        &self,
        request: Request<pb::ConsiderSupportMarkerRequest>,
    ) -> Result<Response<pb::ConsiderSupportMarkerResponse>, Status> {
        command!(self, request, convert::support_marker)
    }

    async fn record_assurance_finding(
        &self,
        request: Request<pb::RecordAssuranceFindingRequest>,
    ) -> Result<Response<pb::RecordAssuranceFindingResponse>, Status> {
        command!(self, request, convert::finding)
    }

    async fn require_further_information(
        &self,
        request: Request<pb::RequireFurtherInformationRequest>,
    ) -> Result<Response<pb::RequireFurtherInformationResponse>, Status> {
        command!(self, request, convert::further_information)
    }

    async fn convene_conference(
        &self,
        request: Request<pb::ConveneConferenceRequest>,
    ) -> Result<Response<pb::ConveneConferenceResponse>, Status> {
        command!(self, request, convert::convene)
    }

    async fn record_conference(
        &self,
        request: Request<pb::RecordConferenceRequest>,
    ) -> Result<Response<pb::RecordConferenceResponse>, Status> {
        command!(self, request, convert::conference)
    }

    async fn agree_action(
        &self,
        request: Request<pb::AgreeActionRequest>,
    ) -> Result<Response<pb::AgreeActionResponse>, Status> {
        command!(self, request, convert::agree_action)
    }

    async fn report_action(
        &self,
        request: Request<pb::ReportActionRequest>,
    ) -> Result<Response<pb::ReportActionResponse>, Status> {
        command!(self, request, convert::report_action)
    }

    async fn record_contact(
        &self,
        request: Request<pb::RecordContactRequest>,
    ) -> Result<Response<pb::RecordContactResponse>, Status> {
        command!(self, request, convert::contact)
    }

    async fn receive_contact(
        &self,
        request: Request<pb::ReceiveContactRequest>,
    ) -> Result<Response<pb::ReceiveContactResponse>, Status> {
        command!(self, request, convert::passed_on_contact)
    }

    async fn receive_contact_correction(
        &self,
        request: Request<pb::ReceiveContactCorrectionRequest>,
    ) -> Result<Response<pb::ReceiveContactCorrectionResponse>, Status> {
        command!(self, request, convert::passed_on_correction)
    }

    async fn correct_fact(
        &self,
        request: Request<pb::CorrectFactRequest>,
    ) -> Result<Response<pb::CorrectFactResponse>, Status> {
        command!(self, request, convert::correction)
    }

    async fn record_determination(
        &self,
        request: Request<pb::RecordDeterminationRequest>,
    ) -> Result<Response<pb::RecordDeterminationResponse>, Status> {
        command!(self, request, convert::determination)
    }

    async fn record_escalation_outcome(
        &self,
        request: Request<pb::RecordEscalationOutcomeRequest>,
    ) -> Result<Response<pb::RecordEscalationOutcomeResponse>, Status> {
        command!(self, request, convert::escalation_outcome)
    }

    async fn record_closing_note(
        &self,
        request: Request<pb::RecordClosingNoteRequest>,
    ) -> Result<Response<pb::RecordClosingNoteResponse>, Status> {
        command!(self, request, convert::closing_note)
    }

    async fn assemble_documentation(
        &self,
        request: Request<pb::AssembleDocumentationRequest>,
    ) -> Result<Response<pb::AssembleDocumentationResponse>, Status> {
        command!(self, request, convert::documentation)
    }

    async fn return_to_decision_maker(
        &self,
        request: Request<pb::ReturnToDecisionMakerRequest>,
    ) -> Result<Response<pb::ReturnToDecisionMakerResponse>, Status> {
        command!(self, request, convert::give_back)
    }

    async fn record_decision(
        &self,
        request: Request<pb::RecordDecisionRequest>,
    ) -> Result<Response<pb::RecordDecisionResponse>, Status> {
        command!(self, request, convert::decision)
    }

    async fn reopen_case(
        &self,
        request: Request<pb::ReopenCaseRequest>,
    ) -> Result<Response<pb::ReopenCaseResponse>, Status> {
        command!(self, request, convert::reopen)
    }

    async fn get_case(&self, request: Request<pb::GetCaseRequest>) -> Result<Response<pb::GetCaseResponse>, Status> {
        let mut fields = Fields::default();
        let case = fields.reference("case_reference", &request.into_inner().case_reference);
        let case = fields.finish(case)?;
        Ok(Response::new(reply::reply(&self.store.read::<Conferences>(&case).await?)))
    }

    async fn list_cases(
        &self,
        request: Request<pb::ListCasesRequest>,
    ) -> Result<Response<pb::ListCasesResponse>, Status> {
        let mut fields = Fields::default();
        let asked = convert::list(&mut fields, &request.into_inner());
        let (filter, after, limit) = fields.finish(asked)?;
        let (cases, next) = view::list(&self.store, &filter, after, limit).await?;
        let next_page_token = next.map(|next| page::token(&filter, next)).unwrap_or_default();
        Ok(Response::new(pb::ListCasesResponse { cases, next_page_token }))
    }

    async fn get_timeline(
        &self,
        request: Request<pb::GetTimelineRequest>,
    ) -> Result<Response<pb::GetTimelineResponse>, Status> {
        let pb::GetTimelineRequest { case_reference, page_size, page_token } = request.into_inner();
        let told = self.store.told_timeline::<Conferences>(&case_reference, page_size, &page_token).await?;
        let (entries, next_page_token) = told;
        Ok(Response::new(pb::GetTimelineResponse { entries, next_page_token }))
    }

    async fn read_narrative(
        &self,
        request: Request<pb::ReadNarrativeRequest>,
    ) -> Result<Response<pb::ReadNarrativeResponse>, Status> {
        let caller = Caller::of(&request)?;
        let pb::ReadNarrativeRequest { case_reference, narrative, purpose } = request.into_inner();
        let text = self.store.told_narrative::<Conferences>(&caller, (&case_reference, &narrative), purpose).await?;
        Ok(Response::new(pb::ReadNarrativeResponse { text }))
    }
}
