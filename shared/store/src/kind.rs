//! One kind of case in one store, without its type: what is offered alike over all of them works with these.

use crate::{
    Audit, Header, Narrative, Store,
    customers::{self, Told},
    db::DbFault,
    execute::{Case, Order, Outcome},
    ledger::{Ledger, State},
    timers::FULL,
    wire,
};
use holdfast_chassis::Failure;
use holdfast_contracts::holdfast::{common::v1::Effect, customers::v1::ReportDeathResponse};
use holdfast_procedure::{
    Workload,
    customer::{self, Customer},
    desk,
    protection::Raise,
};
use prost::Message;
use sqlx::Row;
use std::{future::pending, marker::PhantomData, sync::Arc, time::Duration};

/// How often it is looked whether time has had consequences.
const POLL: Duration = Duration::from_secs(1);

/// A command that every kind of case takes, for one case.
pub struct OfAnyKind<C> {
    /// The case.
    pub case: String,
    /// What is asked or reported.
    pub command: C,
    /// Words that came with it.
    pub narratives: Vec<Narrative>,
    /// Who, and under which request.
    pub header: Header,
}

/// What a store has to do with a case and a request about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// It keeps the case.
    pub has_case: bool,
    /// It has carried out the request before.
    pub knows_request: bool,
}

/// One kind of case in one store.
#[tonic::async_trait]
pub trait Cases: Send + Sync {
    /// The store.
    fn store(&self) -> &Store;

    /// What the references of its cases begin with.
    fn prefix(&self) -> &'static str;

    /// Records what was done or assigned of what is owed.
    async fn desk(&self, asked: OfAnyKind<desk::Command>) -> Result<Effect, Failure>;

    /// Records what was told about the customer. The notes are for whoever told it.
    async fn customer(&self, asked: OfAnyKind<customer::Command>, notes: Vec<String>) -> Result<Told, Failure>;

    /// Writes a hold again above what the ledger knows of it.
    async fn raise_hold(&self, asked: OfAnyKind<Raise>) -> Result<Effect, Failure>;

    /// What a case knows of its customer.
    async fn known_of_customer(&self, case: &str) -> Result<Option<Customer>, Failure>;

    /// Lets time have its consequences once, and says how many cases were decided on.
    async fn run_due(&self) -> Result<usize, Failure>;

    /// Derives every running term again that was derived with an older calendar, while the caller keeps others from it,
    /// and says how many that lengthened.
    async fn derive_terms_again(&self) -> Result<u32, Failure>;

    /// Makes everything that follows from the journal anew, and says how many cases there are.
    async fn rebuild(&self) -> Result<usize, Failure>;

    /// Checks every journal against its hashes.
    async fn audit(&self) -> Result<Audit, Failure>;

    /// The service it belongs to.
    fn service(&self) -> Workload {
        self.store().workload()
    }

    /// What the store has to do with a case of this kind and a request about it.
    async fn claim(&self, case: &str, header: &Header) -> Result<Claim, Failure> {
        if !case.starts_with(self.prefix()) {
            return Ok(Claim { has_case: false, knows_request: false });
        }
        Ok(self.store().claim_on(case, header).await?)
    }
}

/// The cases of a ledger in a store.
pub struct CasesOf<L> {
    store: Store,
    of: PhantomData<fn() -> L>,
}

impl<L: Ledger> CasesOf<L> {
    /// The cases of this ledger in `store`, as one kind among others.
    #[must_use]
    pub fn kind(store: &Store) -> Arc<dyn Cases> {
        Arc::new(Self { store: store.clone(), of: PhantomData })
    }
}

fn render_effect<L: Ledger>(outcome: &Outcome<State<L>>) -> Vec<u8> {
    wire::effect(outcome, L::award(&outcome.state)).encode_to_vec()
}

#[tonic::async_trait]
impl<L: Ledger> Cases for CasesOf<L> {
    fn store(&self) -> &Store {
        &self.store
    }

    fn prefix(&self) -> &'static str {
        L::CASES
    }

    async fn desk(&self, asked: OfAnyKind<desk::Command>) -> Result<Effect, Failure> {
        let OfAnyKind { case, command, narratives, header } = asked;
        let none = || Failure::PartNotFound("no such task is owed on this case".to_owned());
        let command = L::desk(command).ok_or_else(none)?;
        let render = render_effect::<L>;
        self.store
            .answer(Order::<L> { case: Case::Known(case), command, narratives, notes: vec![], header, render })
            .await
    }

    async fn raise_hold(&self, asked: OfAnyKind<Raise>) -> Result<Effect, Failure> {
        let OfAnyKind { case, command, narratives, header } = asked;
        let none = || Failure::PartNotFound("this case protects nobody".to_owned());
        let command = L::raise_hold(command).ok_or_else(none)?;
        let render = render_effect::<L>;
        self.store
            .answer(Order::<L> { case: Case::Known(case), command, narratives, notes: vec![], header, render })
            .await
    }

    async fn customer(&self, asked: OfAnyKind<customer::Command>, notes: Vec<String>) -> Result<Told, Failure> {
        let OfAnyKind { case, command, narratives, header } = asked;
        let command = L::customer(command).ok_or_else(|| Failure::CaseNotFound(case.clone()))?;
        let render = customers::render::<L>;
        let order = Order::<L> { case: Case::Known(case), command, narratives, notes, header, render };
        self.store.answer::<_, ReportDeathResponse>(order).await.map(Told::from)
    }

    async fn known_of_customer(&self, case: &str) -> Result<Option<Customer>, Failure> {
        let outcome = self.store.read::<L>(case).await?;
        Ok(L::known_of_customer(&outcome.state).cloned())
    }

    async fn run_due(&self) -> Result<usize, Failure> {
        self.store.run_due::<L>().await
    }

    async fn derive_terms_again(&self) -> Result<u32, Failure> {
        self.store.derive_terms_again::<L>().await
    }

    async fn rebuild(&self) -> Result<usize, Failure> {
        self.store.rebuild::<L>().await
    }

    async fn audit(&self) -> Result<Audit, Failure> {
        self.store.audit::<L>().await
    }
}

/// Several kinds of case, in one store or in several.
#[derive(Clone)]
pub struct Kinds(Vec<Arc<dyn Cases>>);

impl Kinds {
    /// These.
    #[must_use]
    pub fn new(kinds: Vec<Arc<dyn Cases>>) -> Self {
        Self(kinds)
    }

    /// Every kind.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Cases>> {
        self.0.iter()
    }

    /// The stores, each once.
    #[must_use]
    pub fn stores(&self) -> Vec<&Store> {
        let mut stores: Vec<&Store> = Vec::new();
        for store in self.0.iter().map(|kind| kind.store()) {
            if !stores.iter().any(|known| known.is(store)) {
                stores.push(store);
            }
        }
        stores
    }

    /// The kinds that are kept in a store.
    #[must_use]
    pub(crate) fn of_store(&self, store: &Store) -> Vec<Arc<dyn Cases>> {
        self.0.iter().filter(|kind| kind.store().is(store)).cloned().collect()
    }

    /// Any of the stores, for what is the same in all of them: the guidance, the clock, the key of fingerprints.
    ///
    /// # Errors
    /// [`Failure::Internal`] where there is no kind at all.
    pub fn any_store(&self) -> Result<&Store, Failure> {
        self.0.first().map(|kind| kind.store()).ok_or(Failure::Internal)
    }

    /// The kind that a service's case is of.
    ///
    /// # Errors
    /// [`Failure::CaseNotFound`] where there is none.
    pub fn of(&self, service: Workload, case: &str) -> Result<&Arc<dyn Cases>, Failure> {
        let kind = self.0.iter().find(|kind| kind.service() == service && case.starts_with(kind.prefix()));
        kind.ok_or_else(|| Failure::CaseNotFound(case.to_owned()))
    }

    /// Lets time have its consequences until nothing is due any more, and says how many cases that was.
    ///
    /// # Errors
    /// The first [`Failure`].
    pub async fn settle(&self) -> Result<usize, Failure> {
        let mut all = 0;
        for kind in self.iter() {
            loop {
                match kind.run_due().await? {
                    0 => break,
                    decided => all += decided,
                }
            }
        }
        Ok(all)
    }

    /// Lets time have its consequences for as long as the future is polled.
    pub async fn keep_time(&self) {
        if self.0.iter().any(|kind| kind.store().clock().instead_of_database().is_some()) {
            // Whoever moves the clock settles what follows.
            return pending().await;
        }
        loop {
            let mut left_behind = false;
            for kind in self.iter() {
                // What fails was logged where it failed, and is due still. Only a full batch may have left others behind.
                left_behind |= matches!(kind.run_due().await, Ok(decided) if decided >= FULL);
            }
            // A commit has no need to wake this: a command lets time have its consequences before its own, so that what
            // it leaves behind lies ahead.
            if !left_behind {
                tokio::time::sleep(POLL).await;
            }
        }
    }
}

impl Store {
    /// The service whose facts these are.
    #[must_use]
    pub fn workload(&self) -> Workload {
        self.inner.workload
    }

    /// Whether this is the same store, not merely one of the same service.
    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// Whether a case is kept here.
    pub(crate) async fn keeps(&self, case: &str) -> Result<bool, DbFault> {
        let kept = sqlx::query_scalar("SELECT EXISTS (SELECT FROM cases WHERE case_reference = $1)");
        Ok(kept.bind(case).fetch_one(&self.inner.pool).await?)
    }

    async fn claim_on(&self, case: &str, header: &Header) -> Result<Claim, DbFault> {
        let row = sqlx::query(
            "SELECT EXISTS (SELECT FROM cases WHERE case_reference = $1) AS has_case,
                 EXISTS (SELECT FROM journal WHERE workload = $2 AND person = $3 AND request_id = $4 AND ordinal = 0)
                     AS knows_request",
        )
        .bind(case)
        .bind(wire::stored(&header.actor.workload))
        .bind(&header.actor.person)
        .bind(header.request.as_ref().map(|request| request.id.as_str()))
        .fetch_one(&self.inner.pool)
        .await?;
        Ok(Claim { has_case: row.try_get("has_case")?, knows_request: row.try_get("knows_request")? })
    }
}
