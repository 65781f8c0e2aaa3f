//! Proofs of delivery, pulled from every source about once a second, and what follows from them: a database that is
//! another than was compared is compared again.

use super::{Protection, compare, holds::understood_at_least, raises, seen, sources};
use holdfast_chassis::{Failure, Fields, peers::Refused};
use holdfast_contracts::holdfast::delivery::v1::{ProveDeliveryRequest, ProveDeliveryResponse};
use holdfast_procedure::{
    Workload,
    protection::{DatabaseIdentity, NoProof, OnRecord, Proof, Revision, Statement, Ticks},
};
use holdfast_store::{
    process::Background,
    wire::{
        self,
        holds::{database_from, revision_from},
    },
};
use prost::Message;
use std::{
    collections::BTreeMap,
    future::pending,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::task::JoinSet;

/// The method by which a source is asked.
const PROVE: &str = "/holdfast.delivery.v1.DeliveryService/ProveDelivery";
/// How often every source is asked.
const PERIOD: Duration = Duration::from_secs(1);
/// How long an answer is waited for: what comes later proves less than the next one will.
const DEADLINE: Duration = Duration::from_secs(1);
/// After how long a source that gave no proof is asked again.
const SOON: Duration = Duration::from_millis(200);
/// How often it is looked whether a comparison is owed, where nothing says so.
const LOOK: Duration = Duration::from_secs(1);
/// How long is waited after a comparison that did not come to an end, and at most.
const BACK_OFF: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(30));

/// What the ledger does by itself: it asks for proofs, compares what is owed, and has holds written again.
pub(crate) struct Asking {
    protection: Arc<Protection>,
    /// Sources on record, beside those that are named: a newer build may have brought some.
    others: Mutex<Vec<Workload>>,
}

/// What was on record at an instant: a proof that was asked for later and differs is of another database.
struct Seen {
    at: Ticks,
    on_record: BTreeMap<Workload, OnRecord>,
    ledger: DatabaseIdentity,
}

impl Asking {
    /// For this ledger.
    pub(crate) fn of(protection: Arc<Protection>) -> Self {
        Self { protection, others: Mutex::default() }
    }

    /// Asks every source once, all at the same time, and says whether each gave its proof. The ledger's own database has
    /// no part in it, so that one that is slow keeps no proof from coming; but where it has acknowledged something since.
    async fn ask_all(&self) -> bool {
        let others = self.others.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut asked = JoinSet::new();
        for source in self.protection.sources.and(others).iter() {
            let protection = Arc::clone(&self.protection);
            asked.spawn(async move { (source, prove(&protection, source).await.err()) });
        }
        let mut all = true;
        while let Some(proved) = asked.join_next().await {
            match proved {
                Ok((source, fault)) => {
                    all &= fault.is_none();
                    self.tell(source, fault);
                }
                // The panic hook has said where.
                Err(_) => all = false,
            }
        }
        all
    }

    /// What is on record now, with every required source.
    async fn look(&self) -> Result<Seen, Failure> {
        let store = &self.protection.store;
        sources::put_on_record(store, &self.protection.sources).await?;
        let on_record = sources::on_record(store.pool()).await?;
        let ledger = sources::identity_now(store.pool()).await?;
        *self.others.lock().unwrap_or_else(PoisonError::into_inner) = on_record.keys().copied().collect();
        Ok(Seen { at: self.protection.ticks(), on_record, ledger })
    }

    /// Notes that a comparison is owed with each source that proved since something was seen on record, and whose
    /// database or the ledger's is another than was compared.
    async fn note(&self, seen: &Seen) -> Result<(), Failure> {
        let proofs = self.protection.proofs();
        for (source, on_record) in &seen.on_record {
            let proof = proofs.get(*source).filter(|proof| proof.asked_at >= seen.at);
            let differs = match on_record {
                OnRecord::Owed { .. } => false,
                OnRecord::Reconciled(_) => proof.is_some_and(|proof| !on_record.is_of(&proof.identity, &seen.ledger)),
            };
            if differs {
                tracing::warn!(source = wire::stored(source), "a database is another than was compared");
                compare::owe(&self.protection, *source, on_record.clone()).await?;
            }
        }
        Ok(())
    }

    /// Tells why a source gives no proof, and when it gives one again.
    fn tell(&self, source: Workload, fault: Option<&'static str>) {
        let mut faults = self.protection.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let before = match fault {
            Some(reason) => faults.insert(source, reason),
            None => faults.remove(&source),
        };
        let source = wire::stored(&source);
        match (fault, before) {
            (Some(reason), before) if before != fault => {
                tracing::warn!(source, reason, "a source gives no proof; without one the check permits nothing");
            }
            (None, Some(_)) => tracing::info!(source, "a source gives proofs again"),
            (Some(_) | None, _) => {}
        }
    }

    async fn keep_asking(&self) {
        loop {
            let all = self.ask_all().await;
            tokio::time::sleep(if all { PERIOD } else { SOON }).await;
        }
    }

    async fn keep_comparing(&self) {
        let (first, most) = BACK_OFF;
        let mut wait = first;
        loop {
            // What fails was logged where it failed, and is tried again.
            let seen = self.look().await;
            let is_done = compare::all_owed(&self.protection).await.unwrap_or(false);
            let pause = if is_done { LOOK } else { wait };
            wait = if is_done { first } else { wait.saturating_mul(2).min(most) };
            tokio::select! {
                () = self.protection.owed.notified() => wait = first,
                () = tokio::time::sleep(pause) => {}
            }
            if let Ok(seen) = seen {
                let _ = self.note(&seen).await;
            }
        }
    }

    /// Beside the comparisons: a holder that does not answer keeps nobody from being compared.
    async fn keep_raising(&self) {
        let (first, most) = BACK_OFF;
        let mut wait = first;
        loop {
            let is_done = raises::ask(&self.protection).await.unwrap_or(false);
            let pause = if is_done { LOOK } else { wait };
            wait = if is_done { first } else { wait.saturating_mul(2).min(most) };
            tokio::select! {
                () = self.protection.raised.notified() => wait = first,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}

#[tonic::async_trait]
impl Background for Asking {
    async fn keep_on(&self) {
        if self.protection.store.clock().instead_of_database().is_some() {
            // Whoever moves the clock says when.
            return pending().await;
        }
        tokio::join!(self.keep_asking(), self.keep_comparing(), self.keep_raising());
    }

    async fn once(&self) -> Result<(), Failure> {
        let seen = self.look().await?;
        // A source that does not answer leaves the check closed, which is no fault here.
        self.ask_all().await;
        self.note(&seen).await?;
        compare::all_owed(&self.protection).await?;
        raises::ask(&self.protection).await?;
        Ok(())
    }
}

/// Asks a source for a proof and keeps it, or says why there is none.
async fn prove(protection: &Arc<Protection>, source: Workload) -> Result<(), &'static str> {
    // It counts from before the question was put.
    let asked_at = protection.ticks();
    let request = ProveDeliveryRequest { source: wire::workload(source).into() }.encode_to_vec();
    let asked = protection.peers.call_within(DEADLINE, wire::workload(source), PROVE, request);
    let answer = asked.await.map_err(|Refused { reason, .. }| reason)?;
    let answer = ProveDeliveryResponse::decode(answer.as_slice()).map_err(|_| "NOT_UNDERSTOOD")?;
    let proof = proof(source, asked_at, stated(&answer, source).ok_or("NOT_UNDERSTOOD")?)?;
    if let Some(seen) = &answer.ledger_seen {
        accept(protection, source, revision_from(seen).ok_or("NOT_UNDERSTOOD")?).await?;
    }
    protection.keep(proof);
    Ok(())
}

/// Whether the ledger holds what a source was told that it does: its proof is of the ledger as it was then. What was
/// accepted from it last is not looked at again; a process that begins has accepted nothing.
async fn accept(protection: &Arc<Protection>, source: Workload, seen: Revision) -> Result<(), &'static str> {
    let accepted = || protection.accepted.lock().unwrap_or_else(PoisonError::into_inner);
    if accepted().get(&source) == Some(&seen) {
        return Ok(());
    }
    match seen::holds(protection, seen).await {
        Ok(true) => {
            accepted().insert(source, seen);
            Ok(())
        }
        Ok(false) => Err("LEDGER_RESTORED"),
        Err(_) => Err("NOT_VERIFIED"),
    }
}

fn proof(source: Workload, asked_at: Ticks, statement: Statement) -> Result<Proof, &'static str> {
    Proof::of(source, asked_at, statement).map_err(|none| match none {
        NoProof::AnotherSource => "ANOTHER_SOURCE",
        NoProof::TooManyUndelivered => "TOO_MANY_UNDELIVERED",
    })
}

/// What a source states; `None` where it is not understood who is meant, which proves nothing.
fn stated(answer: &ProveDeliveryResponse, source: Workload) -> Option<Statement> {
    let listed = answer.undelivered.iter().map(|hold| Some(understood_at_least(hold, source)?.0));
    let undelivered: Option<Vec<_>> = listed.collect();
    Some(Statement {
        source: wire::workload_from(answer.source())?,
        identity: database_from(&mut Fields::default(), "database", answer.database.as_ref())?,
        undelivered: if answer.too_many { None } else { Some(undelivered?) },
    })
}
