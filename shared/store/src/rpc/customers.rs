//! `holdfast.customers.v1.CustomerService`.

use crate::{
    Header, Ledger, Narrative, Store,
    customers::{KEEPERS, evidence_from, first_told, read_first_told, read_passed_on, source_from},
    db::DbFault,
    header::RequestKey,
    kind::{Cases, Kinds, OfAnyKind},
    reading::{self, ACCOUNT, REASON},
    wire,
};
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::customers::v1::{self as pb, customer_service_server::CustomerService};
use holdfast_procedure::{
    Workload,
    customer::{Command, Customer, Fact, PassedOn},
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

    /// Every case of a customer that a service keeps, each with what it is told: the references that the customer has, and
    /// all that any of the cases knows of their death. A case under a reference which the customer no longer goes by takes
    /// the present one first.
    async fn shared(&self, service: Workload, customer: &str, header: &Header) -> Result<Vec<ToldTo<'_>>, Failure> {
        let store = self.store_of(service)?;
        let (by, at) = (header.actor.clone(), store.clock().now());
        let here = |case: &str| {
            let (case, by, known_as) = (case.to_owned(), by.clone(), String::new());
            PassedOn { service, case, by, at, known_as, taken_in: false }
        };
        let (present, formerly) = store.names_of(customer).await?;
        let (mut cases, mut of_death) = (Vec::new(), Vec::new());
        for known_as in [&present].into_iter().chain(&formerly) {
            for (kind, case) in self.cases(service, known_as, None).await? {
                let known = kind.known_of_customer(&case).await?;
                let told = known.iter().flat_map(|known| told_of_death(known, service, &case));
                told.for_each(|told| of_death.extend((!of_death.contains(&told)).then_some(told)));
                let merges = store.merges_of(known_as, &here(&case)).await?;
                cases.push((kind, case, merges));
            }
        }
        // What was told first comes first, wherever that was.
        of_death.sort_by_key(|told| told.passed_on.as_ref().map(|first| first.at));
        Ok(cases.into_iter().map(|(kind, case, merges)| (kind, case, [merges, of_death.clone()].concat())).collect())
    }

    /// What a merge brings along from the other reference, as far as it is known here. Nothing else brings anything.
    async fn brings(&self, fact: &Fact) -> Result<Vec<String>, Failure> {
        let mut notes = Vec::new();
        let Fact::Merged { into } = fact else { return Ok(notes) };
        let mut count = 0;
        for kind in self.kinds.iter() {
            for case in kind.store().cases_of(into, None, kind.prefix()).await? {
                count += 1;
                let death = kind.known_of_customer(&case).await?.and_then(|known| known.death);
                if let Some(death) = death.filter(|_| notes.is_empty()) {
                    let verified = if death.confirmed_at.is_some() { "verified" } else { "reported" };
                    notes.push(format!(
                        "The death of the customer who goes by {into} is {verified} there (case {case}). Here it will count \
                         as reported: nobody contacts this customer, and what protects them stays until a second person \
                         verifies it (R-DEATH-VERIFIED)."
                    ));
                }
            }
        }
        if count > 0 {
            notes.push(format!(
                "What is told of {into} reaches this case from now on, and what is told of this one theirs."
            ));
        }
        Ok(notes)
    }

    fn store_of(&self, service: Workload) -> Result<&Store, Failure> {
        let kind = self.kinds.iter().find(|kind| kind.service() == service);
        kind.map(|kind| kind.store()).ok_or(Failure::Internal)
    }

    fn offered(&self, service: Workload) -> Result<(), Failure> {
        let offered = self.kinds.iter().any(|kind| kind.service() == service);
        let none = || Failure::PartNotFound("this service is not offered here".to_owned());
        offered.then_some(()).ok_or_else(none)
    }

    /// The cases of a customer that a service keeps, each with its kind, and its case `beside`, if it has one.
    async fn cases(
        &self,
        service: Workload,
        customer: &str,
        beside: Option<&str>,
    ) -> Result<Vec<(&Arc<dyn Cases>, String)>, Failure> {
        let mut cases = Vec::new();
        for kind in self.kinds.iter().filter(|kind| kind.service() == service) {
            let of_kind = kind.store().cases_of(customer, beside, kind.prefix()).await?;
            cases.extend(of_kind.into_iter().map(|case| (kind, case)));
        }
        Ok(cases)
    }
}

impl Store {
    /// The cases of a customer whose references begin with `prefix`, and the case `beside`.
    async fn cases_of(&self, customer: &str, beside: Option<&str>, prefix: &str) -> Result<Vec<String>, DbFault> {
        let cases = sqlx::query_scalar(
            "SELECT case_reference FROM cases WHERE (customer = $1 OR case_reference = $2) AND kind = $3
             ORDER BY case_reference",
        );
        Ok(cases.bind(customer).bind(beside).bind(prefix).fetch_all(&self.inner.pool).await?)
    }

    /// What was told of a customer's death, in order, where a case of this kind knows of it; nothing where none does.
    ///
    /// # Errors
    /// [`Failure`], where the cases cannot be read.
    pub async fn told_of_death<L: Ledger>(&self, customer: &str) -> Result<Vec<Command>, Failure> {
        let (present, _) = self.names_of(customer).await?;
        for case in self.cases_of(&present, None, L::CASES).await? {
            let outcome = self.read::<L>(&case).await?;
            let known = L::known_of_customer(&outcome.state);
            let told = known.map(|known| told_of_death(known, self.inner.workload, &case)).unwrap_or_default();
            if !told.is_empty() {
                return Ok(told);
            }
        }
        Ok(Vec::new())
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
        let command = Command { fact, passed_on: None };
        let kind = $self.kind(&case, &header).await?;
        let asked = OfAnyKind { case, command, narratives: words.into_iter().collect(), header };
        let notes = $self.brings(&asked.command.fact).await?;
        let told = kind.customer(asked, notes).await?;
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
        let Passed { header, service, customer, from_case, first, fact } =
            read(self.kinds.any_store()?, &caller, &request.into_inner())?;
        self.offered(service)?;
        if let (Fact::Merged { into }, false) = (&fact, header.validate_only) {
            let (store, into) = (self.store_of(service)?.clone(), into.clone());
            let (keeper, mut told) = (store.clone(), first.clone());
            if told.known_as.is_empty() {
                // An earlier build has not said it: it is the reference that this is told of.
                told.known_as.clone_from(&customer);
            }
            store.in_own_task(async move { Ok(keeper.keep_merge(&into, &told).await?) }).await?;
        }
        // After the merge is kept: a case that is opened meanwhile is in one of the two.
        let mut cases = self.cases(service, &customer, Some(&from_case)).await?;
        cases.retain(|(_, case)| service != first.service || *case != first.case);
        let count = u32::try_from(cases.len()).unwrap_or(u32::MAX);
        let told = |(kind, case): (_, String)| {
            let first = PassedOn { taken_in: case == from_case, ..first.clone() };
            (kind, case, vec![Command { fact: fact.clone(), passed_on: Some(first) }])
        };
        tell(cases.into_iter().map(told).collect(), &header).await?;
        Ok(Response::new(pb::PassOnCustomerFactResponse { cases: count, validated_only: header.validate_only }))
    }

    async fn share_customer_facts(
        &self,
        request: Request<pb::ShareCustomerFactsRequest>,
    ) -> Result<Response<pb::ShareCustomerFactsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let given = (request.request_id.as_str(), request.etag.as_str(), request.validate_only);
        let header = Header::read(self.kinds.any_store()?, &mut fields, &caller, &request, given);
        let service = fields.choice("service", request.service, wire::workload_from);
        let customer = fields.reference("customer", &request.customer);
        let read = header.zip(service).zip(customer).map(|((header, service), customer)| (header, service, customer));
        let (header, service, customer) = fields.finish(read)?;
        // It concerns any number of cases, so an etag that is sent means nothing.
        let header = Header { etag: None, ..header };
        self.offered(service)?;
        let told = self.shared(service, &customer, &header).await?;
        let cases = u32::try_from(told.len()).unwrap_or(u32::MAX);
        tell(told, &header).await?;
        Ok(Response::new(pb::ShareCustomerFactsResponse { cases, validated_only: header.validate_only }))
    }
}

/// What one case knows of its customer's death, as another is told of it.
fn told_of_death(known: &Customer, service: Workload, case: &str) -> Vec<Command> {
    let told = known.death.iter().flat_map(|death| &death.told);
    told.map(|told| Command { fact: told.fact.clone(), passed_on: Some(first_told(told, service, case)) }).collect()
}

/// A case with what it is told.
type ToldTo<'a> = (&'a Arc<dyn Cases>, String, Vec<Command>);

/// Tells every case what is for it; what a case knows already changes nothing there. One that fails does not keep it from
/// the others.
async fn tell(cases: Vec<ToldTo<'_>>, header: &Header) -> Result<(), Failure> {
    let mut failed = None;
    for (kind, case, commands) in cases {
        for command in commands {
            let (header, case) = (header_of(header, &case, &command), case.clone());
            let told = kind.customer(OfAnyKind { case, command, narratives: vec![], header }, vec![]).await;
            failed = failed.or(told.err());
        }
    }
    failed.map_or(Ok(()), Err)
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
    let place = reading::place(fields, "place", request.place.as_ref());
    let occurred_at = fields.instant("occurred_at", request.occurred_at);
    Some((Fact::Moved { place: place?, occurred_at: occurred_at? }, None))
}

fn merged(fields: &mut Fields, request: &pb::MergeCustomerRequest) -> Option<(Fact, Words)> {
    Some((Fact::Merged { into: fields.reference("into", &request.into)? }, None))
}

/// What was told of one case, for the customer's others.
struct Passed {
    header: Header,
    service: Workload,
    customer: String,
    from_case: String,
    first: PassedOn,
    fact: Fact,
}

fn read(store: &Store, caller: &Caller, request: &pb::PassOnCustomerFactRequest) -> Result<Passed, Failure> {
    let mut fields = Fields::default();
    let given = (request.request_id.as_str(), request.etag.as_str(), request.validate_only);
    let header = Header::read(store, &mut fields, caller, request, given);
    let service = fields.choice("service", request.service, wire::workload_from);
    let customer = fields.reference("customer", &request.customer);
    let from_case = fields.reference("from_case", &request.from_case);
    let first = read_first_told(&mut fields, request.told.as_ref());
    let fact = read_passed_on(&mut fields, request.fact.as_ref());
    let read = (|| {
        // It concerns any number of cases, so an etag that is sent means nothing.
        let header = Header { etag: None, ..header? };
        let (service, customer, from_case) = (service?, customer?, from_case?);
        Some(Passed { header, service, customer, from_case, first: first?, fact: fact? })
    })();
    fields.finish(read)
}

/// The header for one of the cases, and one of the things it is told: a request of its own, the same whenever the call is
/// repeated.
fn header_of(header: &Header, case: &str, command: &Command) -> Header {
    let request = header.request.as_ref().map(|RequestKey { id, fingerprint }| {
        let mut digest = Sha256::new();
        let told = serde_json::to_string(&(&command.fact, &command.passed_on)).unwrap_or_default();
        for part in [id, case, &told] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let digest: String = digest.finalize().iter().take(20).map(|byte| format!("{byte:02x}")).collect();
        RequestKey { id: format!("passed-on.{digest}"), fingerprint: fingerprint.clone() }
    });
    Header { request, ..header.clone() }
}
