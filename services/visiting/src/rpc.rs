//! `holdfast.visiting.v1.VisitingService`: one short method for every RPC.

use crate::{
    Referrals,
    convert::{self, reply},
    view,
};
use holdfast_chassis::{Caller, Failure, Fields, page};
use holdfast_contracts::holdfast::visiting::v1::{self as pb, visiting_service_server::VisitingService};
use holdfast_store::{Ledger, Order, Store, command};
use prost::Message;
use tonic::{Request, Response, Status};

/// The service over its facts.
pub(crate) struct Rpc {
    store: Store,
}

impl Rpc {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Carries out what opens a case, together with what this service knows already of the customer's death: told only
    /// afterwards, as what is told meanwhile is, it would not be in the reply (GEN-3).
    async fn open<R: Message + Default>(&self, order: Order<Referrals>) -> Result<R, Failure> {
        let Some(award) = Referrals::opens(&order.command) else { return self.store.answer(order).await };
        let told = self.store.told_of_death::<Referrals>(&award.customer).await?;
        let command = order.command.knowing(told);
        self.store.answer(Order { command, ..order }).await
    }
}

#[tonic::async_trait]
impl VisitingService for Rpc {
    async fn refer_for_visit(
        &self,
        request: Request<pb::ReferForVisitRequest>,
    ) -> Result<Response<pb::ReferForVisitResponse>, Status> {
        let caller = Caller::of(&request)?;
        let order = convert::refer(&self.store, &caller, &request.into_inner())?;
        Ok(Response::new(self.open(order).await?))
    }

    async fn record_visit(
        &self,
        request: Request<pb::RecordVisitRequest>,
    ) -> Result<Response<pb::RecordVisitResponse>, Status> {
        command!(self, request, convert::visit)
    }

    async fn record_unsafe_area(
        &self,
        request: Request<pb::RecordUnsafeAreaRequest>,
    ) -> Result<Response<pb::RecordUnsafeAreaResponse>, Status> {
        command!(self, request, convert::unsafe_area)
    }

    async fn record_letter(
        &self,
        request: Request<pb::RecordLetterRequest>,
    ) -> Result<Response<pb::RecordLetterResponse>, Status> {
        command!(self, request, convert::letter)
    }

    async fn record_contact(
        &self,
        request: Request<pb::RecordContactRequest>,
    ) -> Result<Response<pb::RecordContactResponse>, Status> {
        command!(self, request, convert::contact)
    }

    async fn raise_concern(
        &self,
        request: Request<pb::RaiseConcernRequest>,
    ) -> Result<Response<pb::RaiseConcernResponse>, Status> {
        let caller = Caller::of(&request)?;
        let order = convert::concern(&self.store, &caller, &request.into_inner())?;
        Ok(Response::new(self.open(order).await?))
    }

    async fn decide_second_visit(
        &self,
        request: Request<pb::DecideSecondVisitRequest>,
    ) -> Result<Response<pb::DecideSecondVisitResponse>, Status> {
        command!(self, request, convert::decide_second_visit)
    }

    async fn withdraw_referral(
        &self,
        request: Request<pb::WithdrawReferralRequest>,
    ) -> Result<Response<pb::WithdrawReferralResponse>, Status> {
        command!(self, request, convert::withdraw)
    }

    async fn correct_fact(
        &self,
        request: Request<pb::CorrectFactRequest>,
    ) -> Result<Response<pb::CorrectFactResponse>, Status> {
        command!(self, request, convert::correct)
    }

    async fn confirm_retraction(
        &self,
        request: Request<pb::ConfirmRetractionRequest>,
    ) -> Result<Response<pb::ConfirmRetractionResponse>, Status> {
        command!(self, request, convert::confirm_retraction)
    }

    async fn decline_retraction(
        &self,
        request: Request<pb::DeclineRetractionRequest>,
    ) -> Result<Response<pb::DeclineRetractionResponse>, Status> {
        command!(self, request, convert::decline_retraction)
    }

    async fn receive_case_back(
        &self,
        request: Request<pb::ReceiveCaseBackRequest>,
    ) -> Result<Response<pb::ReceiveCaseBackResponse>, Status> {
        command!(self, request, convert::receive_back)
    }

    async fn note_decision(
        &self,
        request: Request<pb::NoteDecisionRequest>,
    ) -> Result<Response<pb::NoteDecisionResponse>, Status> {
        command!(self, request, convert::note_decision)
    }

    async fn consider_visit(
        &self,
        request: Request<pb::ConsiderVisitRequest>,
    ) -> Result<Response<pb::ConsiderVisitResponse>, Status> {
        let caller = Caller::of(&request)?;
        let order = convert::consider(&self.store, &caller, &request.into_inner())?;
        Ok(Response::new(self.open(order).await?))
    }

    async fn triage_concern(
        &self,
        request: Request<pb::TriageConcernRequest>,
    ) -> Result<Response<pb::TriageConcernResponse>, Status> {
        command!(self, request, convert::triage)
    }

    async fn record_address_trace(
        &self,
        request: Request<pb::RecordAddressTraceRequest>,
    ) -> Result<Response<pb::RecordAddressTraceResponse>, Status> {
        command!(self, request, convert::address_trace)
    }

    async fn record_follow_up(
        &self,
        request: Request<pb::RecordFollowUpRequest>,
    ) -> Result<Response<pb::RecordFollowUpResponse>, Status> {
        command!(self, request, convert::follow_up)
    }

    async fn record_booking(
        &self,
        request: Request<pb::RecordBookingRequest>,
    ) -> Result<Response<pb::RecordBookingResponse>, Status> {
        command!(self, request, convert::booking)
    }

    async fn decide_good_cause(
        &self,
        request: Request<pb::DecideGoodCauseRequest>,
    ) -> Result<Response<pb::DecideGoodCauseResponse>, Status> {
        command!(self, request, convert::decide_good_cause)
    }

    async fn get_referral(
        &self,
        request: Request<pb::GetReferralRequest>,
    ) -> Result<Response<pb::GetReferralResponse>, Status> {
        let case = read_case(&request.into_inner().case_reference)?;
        Ok(Response::new(reply::reply(&self.store.read::<Referrals>(&case).await?)))
    }

    async fn list_referrals(
        &self,
        request: Request<pb::ListReferralsRequest>,
    ) -> Result<Response<pb::ListReferralsResponse>, Status> {
        let mut fields = Fields::default();
        let asked = convert::list(&mut fields, &request.into_inner());
        let (filter, after, limit) = fields.finish(asked)?;
        let (referrals, next) = view::list(&self.store, &filter, after, limit).await?;
        let next_page_token = next.map(|next| page::token(&filter, next)).unwrap_or_default();
        Ok(Response::new(pb::ListReferralsResponse { referrals, next_page_token }))
    }

    async fn get_timeline(
        &self,
        request: Request<pb::GetTimelineRequest>,
    ) -> Result<Response<pb::GetTimelineResponse>, Status> {
        let pb::GetTimelineRequest { case_reference, page_size, page_token } = request.into_inner();
        let told = self.store.told_timeline::<Referrals>(&case_reference, page_size, &page_token).await?;
        let (entries, next_page_token) = told;
        Ok(Response::new(pb::GetTimelineResponse { entries, next_page_token }))
    }

    async fn read_narrative(
        &self,
        request: Request<pb::ReadNarrativeRequest>,
    ) -> Result<Response<pb::ReadNarrativeResponse>, Status> {
        let caller = Caller::of(&request)?;
        let pb::ReadNarrativeRequest { case_reference, narrative, purpose } = request.into_inner();
        let text = self.store.told_narrative::<Referrals>(&caller, (&case_reference, &narrative), purpose).await?;
        Ok(Response::new(pb::ReadNarrativeResponse { text }))
    }
}

fn read_case(case: &str) -> Result<String, Failure> {
    let mut fields = Fields::default();
    let case = fields.reference("case_reference", case);
    fields.finish(case)
}
