//! Referrals that wait for a leader, and what settles them: the area gets one. Which cases wait is a fact of the read
//! table, so that nothing is lost between naming a leader and settling what waited, whoever crashes, and several
//! replicas that see the same case do it once: the second finds nothing that waits.

use crate::{Escalations, view};
use holdfast_chassis::{Failure, telemetry};
use holdfast_contracts::holdfast::common::v1::Effect;
use holdfast_procedure::{
    Actor, customer, desk,
    escalation::{Command, State},
    protection::Raise,
    rule::rulings::R_NO_LEADER,
};
use holdfast_store::{Audit, Case, Cases, CasesOf, Header, OfAnyKind, Order, Outcome, Store, Told};
use std::sync::Arc;

/// The cases of escalations, some of which wait for a leader rather than for an instant.
pub(crate) struct EscalationCases(Arc<dyn Cases>);

impl EscalationCases {
    /// Those in this store, as one kind among others.
    pub(crate) fn kind(store: &Store) -> Arc<dyn Cases> {
        Arc::new(Self(CasesOf::<Escalations>::kind(store)))
    }
}

#[tonic::async_trait]
impl Cases for EscalationCases {
    fn store(&self) -> &Store {
        self.0.store()
    }

    fn prefix(&self) -> &'static str {
        self.0.prefix()
    }

    async fn desk(&self, asked: OfAnyKind<desk::Command>) -> Result<Effect, Failure> {
        self.0.desk(asked).await
    }

    async fn customer(&self, asked: OfAnyKind<customer::Command>, notes: Vec<String>) -> Result<Told, Failure> {
        self.0.customer(asked, notes).await
    }

    async fn raise_hold(&self, asked: OfAnyKind<Raise>) -> Result<Effect, Failure> {
        self.0.raise_hold(asked).await
    }

    async fn known_of_customer(&self, case: &str) -> Result<Option<customer::Customer>, Failure> {
        self.0.known_of_customer(case).await
    }

    async fn run_due(&self) -> Result<usize, Failure> {
        // Whatever becomes of the one is no reason to leave the other.
        let settled = settle(self.store()).await;
        Ok(self.0.run_due().await? + settled?)
    }

    async fn derive_terms_again(&self) -> Result<u32, Failure> {
        self.0.derive_terms_again().await
    }

    async fn rebuild(&self) -> Result<usize, Failure> {
        self.0.rebuild().await
    }

    async fn audit(&self) -> Result<Audit, Failure> {
        self.0.audit().await
    }
}

/// Has every referral that waits for an area with a leader go to them, and says how many did.
///
/// # Errors
/// A [`Failure`] where any case failed; the others are done.
pub(crate) async fn settle(store: &Store) -> Result<usize, Failure> {
    let waiting = view::areas::waiting_with_leader(store).await?;
    let orders = waiting.into_iter().map(|(case, area, leader)| Order::<Escalations> {
        case: Case::Known(case),
        command: Command::ResolveLeader { area, leader },
        narratives: vec![],
        notes: vec![],
        header: of_suite(store),
        render,
    });
    let (mut settled, mut failed) = (0, None);
    for reply in store.execute(orders.collect()).await {
        match reply {
            Ok(reply) => settled += usize::from(!reply.is_empty()),
            // One case that fails does not keep the others waiting.
            Err(failure) => failed = Some(failure),
        }
    }
    failed.map_or(Ok(settled), Err)
}

/// The reply only has to tell whether anything was settled.
fn render(outcome: &Outcome<State>) -> Vec<u8> {
    if outcome.citations.contains(&&R_NO_LEADER) { vec![0] } else { vec![] }
}

/// The header of a command that the suite gives itself.
fn of_suite(store: &Store) -> Header {
    Header {
        actor: Actor::suite(store.workload()),
        method: "ResolveLeader".to_owned(),
        request: None,
        etag: None,
        validate_only: false,
        trace_id: telemetry::trace_id(),
        room: None,
    }
}
