//! The visiting service: referrals, visits, letters, contact, and the handover that two ineffective visits make due.

mod convert;
mod rpc;
mod view;

use holdfast_chassis::{
    Clock,
    serve::{LARGEST_REPLY, LARGEST_REQUEST, Services},
};
use holdfast_contracts::holdfast::{
    guidance::v1::guidance_service_server::GuidanceServiceServer, tasks::v1::task_service_server::TaskServiceServer,
    visiting::v1::visiting_service_server::VisitingServiceServer,
};
use holdfast_procedure::{
    Award, Workload,
    guidance::Guidance,
    visiting::{Command, State, Visiting},
};
use holdfast_store::{Connection, Ledger, Parts, Schema, Store, TaskDone};
use sqlx::PgPool;

/// The service's schema, and the role that works in it.
pub const SCHEMA: Schema =
    Schema { name: "visiting", migrations: &[("referrals", include_str!("../migrations/0001_referrals.sql"))] };

/// What the references of cases begin with.
pub const CASE_PREFIX: &str = "HF";

/// Cases at DWP Visiting.
#[derive(Debug, Clone, Copy)]
pub struct Referrals;

impl Ledger for Referrals {
    type Decider = Visiting;

    const CASES: &str = "HF-";

    fn award(state: &State) -> Option<&Award> {
        state.referral.as_ref().map(|referral| &referral.award)
    }

    fn task_done(done: TaskDone) -> Option<Command> {
        let TaskDone { key, occurred_at, system, reference, late_reason } = done;
        Some(Command::CompleteTask { key, occurred_at, system, reference, late_reason })
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
}

/// The service's facts, over connections from [`SCHEMA`].
#[must_use]
pub fn store(pool: PgPool, clock: Clock, guidance: Guidance, fingerprint_key: String) -> Store {
    Store::new(Parts { pool, clock, guidance, workload: Workload::Visiting, fingerprint_key })
}

/// Adds what the service offers to a server.
pub fn offer(services: &mut Services, store: &Store) {
    let visiting = VisitingServiceServer::new(rpc::Rpc::new(store.clone()));
    let tasks = TaskServiceServer::new(holdfast_store::rpc::Tasks::<Referrals>::new(store.clone()));
    let guidance = GuidanceServiceServer::new(holdfast_store::rpc::Guidance::<Referrals>::new(store.clone()));
    services
        .add(visiting.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY))
        .add(tasks.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY))
        .add(guidance.max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_REPLY));
}
