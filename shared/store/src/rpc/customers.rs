//! `holdfast.customers.v1.CustomerService`.

use crate::{
    Header, Narrative, Store,
    customers::{KEEPERS, evidence_from, read_passed_on, read_place, source_from},
    db::DbFault,
    header::RequestKey,
    kind::{OfAnyKind, Cases, Kinds},
    reading::{self, ACCOUNT, REASON},
    wire,
};
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::customers::v1::{self as pb, customer_service_server::CustomerService};
use holdfast_procedure::{
    Workload,
    customer::{Command, Fact},
};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tonic::{Request, Response, Status};

/// What is told about the customers of these kinds of case.
pub struct Customers {
    kinds: Kinds,
}

impl Customers {
    /// The customers of these kinds of case.
    #[must_use]
    pub fn new(kinds: Kinds) -> Self {
        Self { kinds }
    }

    /// The kind of case that records what is told: that of whoever leads the case, or the one that has recorded this very
    /// request before.
    async fn kind(&self, case: &str, header: &Header) -> Result<&Arc<dyn Cases>, Failure> {
        let mut leads = None;
        for keeper in KEEPERS {
            for kind in self.kinds.iter().filter(|kind| kind.service() == keeper) {
                let claim = kind.claim(case, header).await?;
                if claim.knows_request {
                    return Ok(kind);
                }
                leads = leads.or(claim.has_case.then_some(kind));
            }
        }
        leads.ok_or_else(|| Failure::CaseNotFound(case.to_owned()))
    }

    /// The cases of a customer that a service keeps, each with its kind.
    async fn cases(&self, service: Workload, customer: &str) -> Result<Vec<(&Arc<dyn Cases>, String)>, Failure> {
        let mut cases = Vec::new();
        for kind in self.kinds.iter().filter(|kind| kind.service() == service) {
            let of_kind = kind.store().cases_of(customer, kind.prefix()).await?;
            cases.extend(of_kind.into_iter().map(|case| (kind, case)));
        }
        Ok(cases)
    }
}

impl Store {
    /// The cases of a customer whose references begin with `prefix`.
    async fn cases_of(&self, customer: &str, prefix: &str) -> Result<Vec<String>, DbFault> {
        let cases = sqlx::query_scalar(
            "SELECT case_reference FROM cases WHERE customer = $1 AND kind = $2 ORDER BY case_reference",
        );
        Ok(cases.bind(customer).bind(prefix).fetch_all(&self.inner.pool).await?)
    }
}

/// A command about a customer: which case, what is told with which words, what follows.
macro_rules! told {
    ($self:ident, $request:ident, $reply:ident, $read:path) => {{
        let caller = Caller::of(&$request)?;
        let request = $request.into_inner();
        let mut fields = Fields::default();
        let given = (request.request_id.as_str(), request.etag.as_str(), request.validate_only);
        let header = Header::read($self.kinds.any_store()?, &mut fields, &caller, &request, given);
        let case = fields.reference("case_reference", &request.case_reference);
        let read = $read(&mut fields, &request);
        let read = header.zip(case).zip(read).map(|((header, case), read)| (header, case, read));
        let (header, case, (fact, words)) = fields.finish(read)?;
        let command = Command { fact, passed_on_from: None };
        let kind = $self.kind(&case, &header).await?;
        let asked = OfAnyKind { case, command, narratives: words.into_iter().collect(), header };
        let told = kind.customer(asked).await?;
        let (case_reference, customer, effect) = (told.case_reference, told.customer, told.effect);
        Ok(Response::new(pb::$reply { case_reference, customer, effect }))
    }};
}

#[tonic::async_trait]
impl CustomerService for Customers {
    async fn report_death(
        &self,
        request: Request<pb::ReportDeathRequest>,
    ) -> Result<Response<pb::ReportDeathResponse>, Status> {
        told!(self, request, ReportDeathResponse, death_reported)
    }

    async fn confirm_death(
        &self,
        request: Request<pb::ConfirmDeathRequest>,
    ) -> Result<Response<pb::ConfirmDeathResponse>, Status> {
        told!(self, request, ConfirmDeathResponse, death_confirmed)
    }

    async fn correct_death_report(
        &self,
        request: Request<pb::CorrectDeathReportRequest>,
    ) -> Result<Response<pb::CorrectDeathReportResponse>, Status> {
        told!(self, request, CorrectDeathReportResponse, death_report_mistaken)
    }

    async fn change_address(
        &self,
        request: Request<pb::ChangeAddressRequest>,
    ) -> Result<Response<pb::ChangeAddressResponse>, Status> {
        told!(self, request, ChangeAddressResponse, moved)
    }

    async fn merge_customer(
        &self,
        request: Request<pb::MergeCustomerRequest>,
    ) -> Result<Response<pb::MergeCustomerResponse>, Status> {
        told!(self, request, MergeCustomerResponse, merged)
    }

    async fn pass_on_customer_fact(
        &self,
        request: Request<pb::PassOnCustomerFactRequest>,
    ) -> Result<Response<pb::PassOnCustomerFactResponse>, Status> {
        let caller = Caller::of(&request)?;
        let PassedOn { header, service, customer, from_case, command } =
            read(self.kinds.any_store()?, &caller, &request.into_inner())?;
        if !self.kinds.iter().any(|kind| kind.service() == service) {
            return Err(Failure::PartNotFound("this service is not offered here".to_owned()).into());
        }
        let mut cases = self.cases(service, &customer).await?;
        cases.retain(|(_, case)| service != header.actor.workload || *case != from_case);
        let mut failed = None;
        let count = u32::try_from(cases.len()).unwrap_or(u32::MAX);
        for (kind, case) in cases {
            let header = header_of(&header, &case);
            let told = kind.customer(OfAnyKind { case, command: command.clone(), narratives: vec![], header }).await;
            // One case that fails does not keep it from the others.
            failed = failed.or(told.err());
        }
        match failed {
            Some(failure) => Err(failure.into()),
            None => {
                Ok(Response::new(pb::PassOnCustomerFactResponse { cases: count, validated_only: header.validate_only }))
            }
        }
    }
}

type Words = Option<Narrative>;

fn death_reported(fields: &mut Fields, request: &pb::ReportDeathRequest) -> Option<(Fact, Words)> {
    let occurred_at = fields.instant("occurred_at", request.occurred_at);
    let source = fields.choice("source", request.source, source_from);
    let words = fields.optional_text("account", &request.account, ACCOUNT)?.map(Narrative::new);
    let account = words.as_ref().map(Narrative::reference);
    Some((Fact::DeathReported { occurred_at: occurred_at?, source: source?, account }, words))
}

fn death_confirmed(fields: &mut Fields, request: &pb::ConfirmDeathRequest) -> Option<(Fact, Words)> {
    let evidence = fields.choice("evidence", request.evidence, evidence_from);
    let reference = fields.reference("reference", &request.reference);
    Some((Fact::DeathConfirmed { evidence: evidence?, reference: reference? }, None))
}

fn death_report_mistaken(fields: &mut Fields, request: &pb::CorrectDeathReportRequest) -> Option<(Fact, Words)> {
    let words = fields.text("reason", &request.reason, REASON).map(Narrative::new)?;
    Some((Fact::DeathReportMistaken { reason: Some(words.reference()) }, Some(words)))
}

fn moved(fields: &mut Fields, request: &pb::ChangeAddressRequest) -> Option<(Fact, Words)> {
    let place = read_place(fields, "place", request.place.as_ref());
    let occurred_at = fields.instant("occurred_at", request.occurred_at);
    Some((Fact::Moved { place: place?, occurred_at: occurred_at? }, None))
}

fn merged(fields: &mut Fields, request: &pb::MergeCustomerRequest) -> Option<(Fact, Words)> {
    Some((Fact::Merged { into: fields.reference("into", &request.into)? }, None))
}

/// What was told of one case, for the customer's others.
struct PassedOn {
    header: Header,
    service: Workload,
    customer: String,
    from_case: String,
    command: Command,
}

fn read(store: &Store, caller: &Caller, request: &pb::PassOnCustomerFactRequest) -> Result<PassedOn, Failure> {
    let mut fields = Fields::default();
    let given = (request.request_id.as_str(), request.etag.as_str(), request.validate_only);
    let header = Header::read(store, &mut fields, caller, request, given);
    let service = fields.choice("service", request.service, wire::workload_from);
    let customer = fields.reference("customer", &request.customer);
    let from_case = fields.reference("from_case", &request.from_case);
    let told_by = reading::actor(&mut fields, "told_by", request.told_by.as_ref());
    let fact = read_passed_on(&mut fields, request.fact.as_ref());
    let read = (|| {
        let command = Command { fact: fact?, passed_on_from: Some(told_by?) };
        // It concerns any number of cases, so an etag that is sent means nothing.
        let header = Header { etag: None, ..header? };
        Some(PassedOn { header, service: service?, customer: customer?, from_case: from_case?, command })
    })();
    fields.finish(read)
}

/// The header for one of the cases: a request of its own, the same whenever the call is repeated.
fn header_of(header: &Header, case: &str) -> Header {
    let request = header.request.as_ref().map(|RequestKey { id, fingerprint }| {
        let mut digest = Sha256::new();
        for part in [id, case] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let digest: String = digest.finalize().iter().take(20).map(|byte| format!("{byte:02x}")).collect();
        RequestKey { id: format!("passed-on.{digest}"), fingerprint: fingerprint.clone() }
    });
    Header { request, ..header.clone() }
}
