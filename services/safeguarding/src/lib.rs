//! The safeguarding service: what is done about a determined concern, the directory of who leads where, the ledger of
//! holds with the check that everybody asks before they stop a payment, and the exceptions to it that two persons decide.

mod convert;
mod handover;
mod protection;
mod rpc;
mod view;
mod waiting;

use holdfast_chassis::{
    Peers,
    serve::{LARGEST_REPLY, LARGEST_REQUEST, Services},
};
use holdfast_contracts::holdfast::safeguarding::v1::{
    directory_service_server::DirectoryServiceServer, escalation_service_server::EscalationServiceServer,
    override_service_server::OverrideServiceServer, protection_service_server::ProtectionServiceServer,
};
use holdfast_procedure::{
    Award, Workload,
    customer::{self, Customer},
    desk,
    directory::{self, Directory},
    escalation::{Command, Escalation, Event, State},
    exception::{self, Exception},
};
use holdfast_store::{
    Brought, Calls, Cases, CasesOf, Connection, Ledger, Schema, Store,
    process::{Background, Service},
};
use std::sync::Arc;

/// The service's schema, and the role that works in it.
pub const SCHEMA: Schema = Schema {
    name: "safeguarding",
    migrations: &[
        ("escalations", include_str!("../migrations/0001_escalations.sql")),
        ("protection", include_str!("../migrations/0002_protection.sql")),
        ("overrides", include_str!("../migrations/0003_overrides.sql")),
        ("condition_known", include_str!("../migrations/0004_condition_known.sql")),
    ],
    append_only: &["revisions", "hold_changes", "restores", "answers", "permits", "recalls"],
};

/// Cases about which a concern was determined.
#[derive(Debug, Clone, Copy)]
pub struct Escalations;

impl Ledger for Escalations {
    type Decider = Escalation;

    const CASES: &str = "HF-";

    fn award(state: &State) -> Option<&Award> {
        state.round().map(|round| &round.concern.award)
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

    fn known_of_customer(state: &State) -> Option<&Customer> {
        state.round().map(|_| &state.customer)
    }

    fn time_passed() -> Option<Command> {
        Some(Command::LetTimePass)
    }

    fn calendar_changed() -> Option<Command> {
        None
    }

    async fn project(connection: &mut Connection, case: &str, state: &State) -> Result<(), sqlx::Error> {
        view::escalations::project(connection, case, state).await
    }

    fn calls(brought: &Brought<'_, Self>, calls: &mut Calls) {
        handover::calls(brought, calls);
    }
}

/// Areas of the directory, each a case of its own: `AREA-` and the area's code.
#[derive(Debug, Clone, Copy)]
pub struct Areas;

impl Ledger for Areas {
    type Decider = Directory;

    const CASES: &str = "AREA-";

    fn award(_: &directory::State) -> Option<&Award> {
        None
    }

    fn desk(_: desk::Command) -> Option<directory::Command> {
        None
    }

    fn customer(_: customer::Command) -> Option<directory::Command> {
        None
    }

    fn customer_event(_: &directory::Event) -> Option<&customer::Event> {
        None
    }

    fn known_of_customer(_: &directory::State) -> Option<&Customer> {
        None
    }

    fn time_passed() -> Option<directory::Command> {
        None
    }

    fn calendar_changed() -> Option<directory::Command> {
        None
    }

    async fn project(connection: &mut Connection, _: &str, state: &directory::State) -> Result<(), sqlx::Error> {
        view::areas::project(connection, state).await
    }
}

/// Exceptions to the protection, each a case of its own.
#[derive(Debug, Clone, Copy)]
pub struct Overrides;

impl Ledger for Overrides {
    type Decider = Exception;

    const CASES: &str = "EX-";

    fn award(state: &exception::State) -> Option<&Award> {
        state.request.as_ref().map(|request| &request.what.award)
    }

    fn desk(command: desk::Command) -> Option<exception::Command> {
        Some(exception::Command::Desk(command))
    }

    /// What becomes known of a customer is told of their cases; an exception only hears of it.
    fn customer(command: customer::Command) -> Option<exception::Command> {
        command.passed_on.is_some().then_some(exception::Command::Customer(command))
    }

    fn customer_event(event: &exception::Event) -> Option<&customer::Event> {
        if let exception::Event::Customer(event) = event { Some(event) } else { None }
    }

    fn known_of_customer(state: &exception::State) -> Option<&Customer> {
        state.request.as_ref().map(|_| &state.customer)
    }

    fn time_passed() -> Option<exception::Command> {
        None
    }

    fn calendar_changed() -> Option<exception::Command> {
        None
    }

    async fn project(connection: &mut Connection, case: &str, state: &exception::State) -> Result<(), sqlx::Error> {
        view::overrides::project(connection, case, state).await
    }
}

/// The safeguarding service as a program.
#[derive(Debug, Clone, Copy)]
pub struct Program;

impl Service for Program {
    fn name(&self) -> &'static str {
        "holdfast-safeguarding"
    }

    fn workload(&self) -> Workload {
        Workload::Safeguarding
    }

    fn schema(&self) -> Schema {
        SCHEMA
    }

    fn kinds(&self, store: &Store) -> Vec<Arc<dyn Cases>> {
        vec![waiting::EscalationCases::kind(store), CasesOf::<Areas>::kind(store), CasesOf::<Overrides>::kind(store)]
    }

    fn offer(&self, services: &mut Services, store: &Store, peers: &Arc<Peers>) -> Vec<Arc<dyn Background>> {
        let protection = Arc::new(protection::Protection::new(store.clone(), Arc::clone(peers)));
        protection::check::Check::begin(&protection);
        let escalations = EscalationServiceServer::new(rpc::escalation::Rpc::new(store.clone()));
        let directory = DirectoryServiceServer::new(rpc::directory::Rpc::new(store.clone()));
        let overrides = OverrideServiceServer::new(rpc::overrides::Rpc::new(store.clone()));
        let check = ProtectionServiceServer::new(rpc::protection::Rpc::new(Arc::clone(&protection)));
        services
            .add(escalations.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY))
            .add(directory.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY))
            .add(overrides.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY))
            .add(check.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY));
        vec![Arc::new(protection::Asking::of(protection))]
    }
}
