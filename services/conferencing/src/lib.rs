//! The conferencing service: cases that DWP Visiting handed over, from the assurance check to the informed decision;
//! and failed requirements, from the conference that precedes a referral for a sanction to the decision on it.

mod convert;
mod handover;
mod rpc;
mod sanction;
mod view;

use holdfast_chassis::{
    Peers,
    serve::{LARGEST_REPLY, LARGEST_REQUEST, Services},
};
use holdfast_contracts::holdfast::conferencing::v1::{
    conferencing_service_server::ConferencingServiceServer, sanction_service_server::SanctionServiceServer,
};
use holdfast_procedure::{
    Award, Workload,
    conferencing::{Command, Conferencing, Event, State},
    customer::{self, Customer},
    desk,
    protection::{Own, Raise},
};
use holdfast_store::{Brought, Calls, Cases, CasesOf, Connection, Ledger, Schema, Store, process};
use sanction::Sanctions;
use std::sync::Arc;

/// The service's schema, and the role that works in it.
pub const SCHEMA: Schema = Schema {
    name: "conferencing",
    migrations: &[
        ("work_log", include_str!("../migrations/0001_work_log.sql")),
        ("sanction_cases", include_str!("../migrations/0002_sanction_cases.sql")),
    ],
    append_only: &[],
};

/// Cases between the handover and the decision.
#[derive(Debug, Clone, Copy)]
pub struct Conferences;

impl Ledger for Conferences {
    type Decider = Conferencing;

    const CASES: &str = "HF-";

    fn award(state: &State) -> Option<&Award> {
        state.received.as_ref().map(|received| &received.file.award)
    }

    fn desk(command: desk::Command) -> Option<Command> {
        Some(Command::Desk(command))
    }

    fn customer(command: customer::Command) -> Option<Command> {
        Some(Command::Customer(command))
    }

    fn customer_event(event: &Event) -> Option<&customer::Event> {
        if let Event::Customer(event) = event { Some(event) } else { None }
    }

    fn holds(state: &State) -> Option<&Own> {
        Some(&state.protection)
    }

    fn raise_hold(raise: Raise) -> Option<Command> {
        Some(Command::RaiseHold(raise))
    }

    fn gone_on_to(state: &State) -> Option<Workload> {
        (state.escalated || !state.outcomes.is_empty()).then_some(Workload::Safeguarding)
    }

    fn known_of_customer(state: &State) -> Option<&Customer> {
        state.received.as_ref().map(|_| &state.customer)
    }

    fn time_passed() -> Option<Command> {
        Some(Command::LetTimePass)
    }

    fn calendar_changed() -> Option<Command> {
        Some(Command::DeriveTermsAgain)
    }

    async fn project(connection: &mut Connection, case: &str, state: &State) -> Result<(), sqlx::Error> {
        view::project(connection, case, state).await
    }

    fn calls(brought: &Brought<'_, Self>, calls: &mut Calls) {
        handover::calls(brought, calls);
    }
}

/// The conferencing service as a program.
#[derive(Debug, Clone, Copy)]
pub struct Program;

impl process::Service for Program {
    fn name(&self) -> &'static str {
        "holdfast-conferencing"
    }

    fn workload(&self) -> Workload {
        Workload::Conferencing
    }

    fn schema(&self) -> Schema {
        SCHEMA
    }

    fn kinds(&self, store: &Store) -> Vec<Arc<dyn Cases>> {
        vec![CasesOf::<Conferences>::kind(store), CasesOf::<Sanctions>::kind(store)]
    }

    fn offer(&self, services: &mut Services, store: &Store, peers: &Arc<Peers>) -> Vec<Arc<dyn process::Background>> {
        let conferencing = ConferencingServiceServer::new(rpc::Rpc::new(store.clone()));
        let sanctions = SanctionServiceServer::new(sanction::rpc::Rpc::new(store.clone(), Arc::clone(peers)));
        services
            .add(conferencing.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY))
            .add(sanctions.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY));
        Vec::new()
    }
}
