//! The visiting service: considerations, concerns, referrals, visits, letters, contact, and the handover that follows two
//! ineffective visits.

mod convert;
mod handover;
mod rpc;
mod view;

use holdfast_chassis::{
    Peers,
    serve::{LARGEST_REPLY, LARGEST_REQUEST, Services},
};
use holdfast_contracts::holdfast::visiting::v1::visiting_service_server::VisitingServiceServer;
use holdfast_procedure::{
    Award, Workload,
    customer::{self, Customer},
    desk,
    protection::{Own, Raise},
    visiting::{Command, Event, State, Visiting, file, open_award},
};
use holdfast_store::{
    Brought, Calls, Cases, CasesOf, Connection, Ledger, Schema, Store,
    process::{Background, Service},
};
use std::sync::Arc;

/// The service's schema, and the role that works in it.
pub const SCHEMA: Schema = Schema {
    name: "visiting",
    migrations: &[("referrals", include_str!("../migrations/0001_referrals.sql"))],
    append_only: &[],
};

/// What the references of cases begin with.
pub const CASE_PREFIX: &str = "HF";

/// Cases at DWP Visiting.
#[derive(Debug, Clone, Copy)]
pub struct Referrals;

impl Ledger for Referrals {
    type Decider = Visiting;

    const CASES: &str = "HF-";

    fn award(state: &State) -> Option<&Award> {
        state.opened.as_ref().map(|opened| &opened.award)
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
        // A case that was taken back may go on there, for a concern.
        (file(state).is_some() || state.times_taken_back > 0).then_some(Workload::Conferencing)
    }

    fn known_of_customer(state: &State) -> Option<&Customer> {
        state.opened.as_ref().map(|_| &state.customer)
    }

    fn opens(command: &Command) -> Option<&Award> {
        match command {
            Command::Refer { award, .. } => Some(award),
            Command::Open(opening) => Some(&opening.award),
            Command::Record(_)
            | Command::DecideSecondVisit { .. }
            | Command::DecideGoodCause { .. }
            | Command::Withdraw { .. }
            | Command::Correct(_)
            | Command::ConfirmRetraction { .. }
            | Command::DeclineRetraction { .. }
            | Command::ReceiveBack { .. }
            | Command::NoteDecision { .. }
            | Command::Customer(_)
            | Command::Desk(_)
            | Command::RaiseHold(_)
            | Command::LetTimePass
            | Command::DeriveTermsAgain => None,
        }
    }

    fn open_award(state: &State) -> Option<&Award> {
        open_award(state)
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

/// The visiting service as a program.
#[derive(Debug, Clone, Copy)]
pub struct Program;

impl Service for Program {
    fn name(&self) -> &'static str {
        "holdfast-visiting"
    }

    fn workload(&self) -> Workload {
        Workload::Visiting
    }

    fn schema(&self) -> Schema {
        SCHEMA
    }

    fn kinds(&self, store: &Store) -> Vec<Arc<dyn Cases>> {
        vec![CasesOf::<Referrals>::kind(store)]
    }

    fn offer(&self, services: &mut Services, store: &Store, _: &Arc<Peers>) -> Vec<Arc<dyn Background>> {
        let visiting = VisitingServiceServer::new(rpc::Rpc::new(store.clone()));
        services.add(visiting.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY));
        Vec::new()
    }
}
