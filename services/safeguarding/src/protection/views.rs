//! The ledger, as people and payers look at it; and the word that it was restored.

use super::{
    Protection,
    check::PATIENCE,
    holds::{self, citations},
    names::every_reference,
    sources,
};
use chrono::{DateTime, Utc};
use holdfast_chassis::{Caller, Failure, Fields, page};
use holdfast_contracts::holdfast::{
    common::v1 as common,
    safeguarding::v1::{self as pb, Discrepancy},
};
use holdfast_procedure::{
    Benefit, Workload,
    protection::{DatabaseIdentity, OnRecord, Proof, Proofs, Ticks},
};
use holdfast_store::{DbFault, Header, given, reading, wire};
use prost::Message;
use serde::{Deserialize, Serialize};
use sqlx::{Row, postgres::PgRow};
use std::sync::Arc;
use tokio::time::timeout;
use tonic::Request;

/// How many holds are told of an award.
const MOST: i64 = 200;

/// `GetProtection`.
pub(crate) async fn get_protection(
    protection: &Protection,
    request: &pb::GetProtectionRequest,
) -> Result<pb::GetProtectionResponse, Failure> {
    const OF_AWARD: &str = concat!(
        "SELECT ",
        holds::columns!(),
        ", counter, recorded_at FROM holds
         WHERE award = $1 OR (benefit = $2 AND customer = ANY($3))
         ORDER BY counter DESC, case_reference DESC, ground DESC LIMIT $4"
    );
    let mut fields = Fields::default();
    let award = reading::award(&mut fields, "award", request.award.as_ref());
    let award = fields.finish(award)?;
    let names = references(protection, award.customer).await?;
    let rows = sqlx::query(OF_AWARD)
        .bind(&award.award)
        .bind(wire::stored(&award.benefit))
        .bind(names)
        .bind(MOST)
        .fetch_all(protection.store.pool())
        .await
        .map_err(DbFault::from)?;
    let holds = rows.iter().rev().map(change).collect::<Result<Vec<_>, _>>()?;
    let citations = citations(holds.iter().filter_map(|change| change.hold.as_ref()));
    let (sources, _) = states(protection).await?;
    Ok(pb::GetProtectionResponse { holds, sources, citations })
}

/// Every reference of a customer's, as the check knows them.
async fn references(protection: &Protection, customer: String) -> Result<Vec<String>, DbFault> {
    let mut connection = protection.store.pool().acquire().await?;
    every_reference(&mut connection, [customer], &protection.proofs().undelivered()).await
}

/// A hold's latest change, out of the hold's row.
pub(super) fn change(row: &PgRow) -> Result<common::HoldChange, DbFault> {
    Ok(common::HoldChange {
        hold: Some(holds::kept(row)?),
        recorded_at: Some(wire::timestamp(row.try_get("recorded_at")?)),
        revision: row.try_get::<i64, _>("counter")?.unsigned_abs(),
    })
}

/// Which holds to list. All that is given must hold.
#[derive(Debug, Clone, Default, Serialize)]
struct Filter {
    customer: Option<String>,
    award: Option<String>,
    benefit: Option<Benefit>,
    case: Option<String>,
    ground: Option<i32>,
    holder: Option<Workload>,
    with_released: bool,
    changed_by: Option<DateTime<Utc>>,
}

/// Where a page of holds ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct After {
    counter: i64,
    case: String,
    ground: i64,
}

/// `ListHolds`.
pub(crate) async fn list_holds(
    protection: &Protection,
    request: &pb::ListHoldsRequest,
) -> Result<pb::ListHoldsResponse, Failure> {
    let mut fields = Fields::default();
    let asked = asked(&mut fields, request);
    let (filter, after, limit) = fields.finish(asked)?;
    let names = match filter.customer.clone() {
        Some(customer) => Some(references(protection, customer).await?),
        None => None,
    };
    let rows = list(protection, (&filter, names), after.as_ref(), limit).await.map_err(DbFault::from)?;
    let (rows, is_more) = page::cut(rows, limit);
    let next = if is_more { rows.last().map(end).transpose().map_err(DbFault::from)? } else { None };
    let next_page_token = next.map(|next| page::token(&filter, next)).unwrap_or_default();
    let holds = rows.iter().map(change).collect::<Result<_, _>>()?;
    Ok(pb::ListHoldsResponse { holds, next_page_token })
}

fn asked(fields: &mut Fields, request: &pb::ListHoldsRequest) -> Option<(Filter, Option<After>, u32)> {
    let customer = fields.optional_reference("customer", &request.customer);
    let award = fields.optional_reference("award", &request.award);
    let benefit = fields.optional_choice("benefit", request.benefit, wire::benefit_from);
    let case = fields.optional_reference("case_reference", &request.case_reference);
    let holder = fields.optional_choice("holder", request.holder, wire::workload_from);
    let changed_by = fields.optional_instant("changed_by", request.changed_by);
    let limit = fields.page_size("page_size", request.page_size, 50, 200);
    let filter = Filter {
        customer: customer?,
        award: award?,
        benefit: benefit?,
        case: case?,
        // One that has no name here may stand in the ledger all the same.
        ground: Some(request.ground).filter(|ground| *ground != 0),
        holder: holder?,
        with_released: request.with_released,
        changed_by: changed_by?,
    };
    let after = page::after(fields, &filter, &request.page_token);
    Some((filter, after?, limit?))
}

async fn list(
    protection: &Protection,
    (filter, names): (&Filter, Option<Vec<String>>),
    after: Option<&After>,
    limit: u32,
) -> Result<Vec<PgRow>, sqlx::Error> {
    const LIST: &str = concat!(
        "SELECT ",
        holds::columns!(),
        ", counter, recorded_at FROM holds
         WHERE ($1::text[] IS NULL OR customer = ANY($1)) AND ($2::text IS NULL OR award = $2)
             AND ($3::text IS NULL OR benefit = $3) AND ($4::text IS NULL OR case_reference = $4)
             AND ($5::integer IS NULL OR ground = $5) AND ($6::text IS NULL OR holder = $6)
             AND ($7 OR released IS NULL) AND ($8::timestamptz IS NULL OR recorded_at <= $8)
             AND ($9::bigint IS NULL OR (counter, case_reference, ground) > ($9, $10, $11))
         ORDER BY counter, case_reference, ground
         LIMIT $12"
    );
    sqlx::query(LIST)
        .bind(names)
        .bind(filter.award.as_deref())
        .bind(filter.benefit.as_ref().map(wire::stored))
        .bind(filter.case.as_deref())
        .bind(filter.ground)
        .bind(filter.holder.as_ref().map(wire::stored))
        .bind(filter.with_released)
        .bind(filter.changed_by)
        .bind(after.map(|after| after.counter))
        .bind(after.map(|after| after.case.as_str()))
        .bind(after.map(|after| after.ground))
        .bind(i64::from(limit) + 1)
        .fetch_all(protection.store.pool())
        .await
}

fn end(row: &PgRow) -> Result<After, sqlx::Error> {
    Ok(After {
        counter: row.try_get("counter")?,
        case: row.try_get("case_reference")?,
        ground: row.try_get::<i32, _>("ground")?.into(),
    })
}

/// `DescribeLedger`: what the ledger's database tells, or else what this process knows without it.
pub(crate) async fn describe(protection: &Protection) -> Result<pb::DescribeLedgerResponse, Failure> {
    match timeout(PATIENCE, told(protection)).await {
        Err(_) | Ok(Err(Failure::Unavailable)) => Ok(remembered(protection)),
        Ok(told) => told,
    }
}

async fn told(protection: &Protection) -> Result<pb::DescribeLedgerResponse, Failure> {
    let counts =
        sqlx::query("SELECT counter, (SELECT count(*) FROM holds WHERE released IS NULL) AS standing FROM ledger");
    let row = counts.fetch_one(protection.store.pool()).await.map_err(DbFault::from)?;
    let counted = |column| row.try_get::<i64, _>(column).map(i64::unsigned_abs).map_err(DbFault::from);
    let (revision, standing) = (counted("counter")?, counted("standing")?);
    let (sources, ledger) = states(protection).await?;
    let (database, fault) = (Some(wire::holds::database(&ledger)), String::new());
    Ok(pb::DescribeLedgerResponse { revision, standing, sources, database, fault })
}

/// What this process knows while the ledger's database does not answer.
fn remembered(protection: &Protection) -> pb::DescribeLedgerResponse {
    let copied = protection.check.copy.with(|kept| {
        let standing = u64::try_from(kept.holds.standing()).unwrap_or(u64::MAX);
        (kept.revision.counter, standing, protection.sources.and(kept.on_record.keys().copied()))
    });
    let (revision, standing, sources) = copied.unwrap_or_else(|| (0, 0, protection.sources.clone()));
    let (proofs, now) = (protection.proofs(), protection.ticks());
    let sources = sources.iter().map(|source| Seen::of(protection, &proofs, source, now).state()).collect();
    let fault = Failure::Unavailable.reason().as_str_name().trim_start_matches("ERROR_REASON_").to_owned();
    pb::DescribeLedgerResponse { revision, standing, sources, database: None, fault }
}

/// Every source as this process sees it, and the ledger's own database.
async fn states(protection: &Protection) -> Result<(Vec<pb::SourceState>, DatabaseIdentity), Failure> {
    const SOURCES: &str = concat!(
        "SELECT ",
        sources::record!(),
        ", differences, orphans, orphan_count,
             (SELECT count(*) FROM raises WHERE holder = source) AS raises_awaited
         FROM sources ORDER BY source"
    );
    let rows = sqlx::query(SOURCES).fetch_all(protection.store.pool()).await.map_err(DbFault::from)?;
    let ledger = sources::identity_now(protection.store.pool()).await?;
    let (proofs, now) = (protection.proofs(), protection.ticks());
    let mut states = Vec::new();
    for row in &rows {
        let source: Workload = wire::restored(row.try_get("source").map_err(DbFault::from)?)?;
        states.push(state(&Seen::of(protection, &proofs, source, now), row, &ledger)?);
    }
    // One that is required and not on record yet has proved nothing that counts.
    for source in protection.sources.iter() {
        let name: i32 = wire::workload(source).into();
        if !states.iter().any(|state| state.source == name) {
            states.push(Seen { proof: None, ..Seen::of(protection, &proofs, source, now) }.state());
        }
    }
    Ok((states, ledger))
}

/// A source, as this process sees it.
struct Seen<'a> {
    source: Workload,
    proof: Option<&'a Proof>,
    fault: &'static str,
    now: Ticks,
}

impl<'a> Seen<'a> {
    fn of(protection: &Protection, proofs: &'a Proofs, source: Workload, now: Ticks) -> Self {
        Self { source, proof: proofs.get(source), fault: protection.fault(source), now }
    }

    /// What is told of it without the ledger's database.
    fn state(&self) -> pb::SourceState {
        let age = self.proof.and_then(|proof| self.now.since(proof.asked_at));
        let undelivered = self.proof.map_or(0, |proof| proof.undelivered.len());
        pb::SourceState {
            source: wire::workload(self.source).into(),
            proof_age: age.map(|age| millis(age.as_millis())),
            undelivered: u32::try_from(undelivered).unwrap_or(u32::MAX),
            database: self.proof.map(|proof| wire::holds::database(&proof.identity)),
            fault: self.fault.to_owned(),
            ..pb::SourceState::default()
        }
    }
}

fn state(seen: &Seen<'_>, row: &PgRow, ledger: &DatabaseIdentity) -> Result<pb::SourceState, DbFault> {
    let on_record = sources::recorded(row)?;
    let of = |proof: &Proof, on_record: &OnRecord| on_record.is_of(&proof.identity, ledger);
    Ok(pb::SourceState {
        reconciled: seen.proof.zip(on_record.as_ref()).is_some_and(|(proof, on_record)| of(proof, on_record)),
        differences: discrepancies(row, "differences")?,
        orphans: discrepancies(row, "orphans")?,
        orphan_count: row.try_get::<i32, _>("orphan_count")?.unsigned_abs(),
        raises_awaited: u32::try_from(row.try_get::<i64, _>("raises_awaited")?).unwrap_or(u32::MAX),
        ..seen.state()
    })
}

fn discrepancies(row: &PgRow, column: &str) -> Result<Vec<Discrepancy>, DbFault> {
    let encoded: Vec<Vec<u8>> = row.try_get(column)?;
    let decoded = encoded.iter().map(|one| Discrepancy::decode(one.as_slice()));
    decoded.collect::<Result<_, _>>().map_err(|_| DbFault::Unreadable)
}

fn millis(millis: u64) -> prost_types::Duration {
    let nanos = i32::try_from(millis % 1_000 * 1_000_000).unwrap_or_default();
    prost_types::Duration { seconds: (millis / 1_000).cast_signed(), nanos }
}

/// `DeclareRestore`.
pub(crate) async fn declare_restore(
    protection: &Arc<Protection>,
    request: Request<pb::DeclareRestoreRequest>,
) -> Result<pb::DeclareRestoreResponse, Failure> {
    let caller = Caller::of(&request)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let (asked, given) = given!(&request);
    let header = Header::read(&protection.store, &mut fields, &caller, asked, given);
    let header = fields.finish(header)?;
    let validated_only = header.validate_only;
    if !validated_only {
        sources::put_on_record(&protection.store, &protection.sources).await?;
        let ledger = Arc::clone(protection);
        protection.store.in_own_task(async move { ledger.declare(&header).await }).await?;
    }
    let on_record = sources::on_record(protection.store.pool()).await?;
    let sources = protection.sources.and(on_record.into_keys());
    let sources = sources.iter().map(|source| wire::workload(source).into()).collect();
    Ok(pb::DeclareRestoreResponse { sources, validated_only })
}

impl Protection {
    /// Has every source compared again, once for each request.
    async fn declare(&self, header: &Header) -> Result<(), Failure> {
        let request = header.request.as_ref().ok_or(Failure::Internal)?;
        let _turn = self.writing.lock().await;
        let mut transaction = self.store.pool().begin().await.map_err(DbFault::from)?;
        let locked = sources::lock(&mut transaction, self.store.clock()).await?;
        let declared = sqlx::query(
            "INSERT INTO restores (declared_at, person, workload, request_id) VALUES ($1, $2, $3, $4)
             ON CONFLICT (workload, person, request_id) DO NOTHING",
        )
        .bind(locked.now)
        .bind(&header.actor.person)
        .bind(wire::stored(&header.actor.workload))
        .bind(&request.id)
        .execute(&mut *transaction)
        .await
        .map_err(DbFault::from)?;
        if declared.rows_affected() > 0 {
            sources::owe(&mut transaction, &locked, None).await?;
            tracing::warn!("a restore of the ledger was declared; the check permits nothing before it is compared");
        }
        transaction.commit().await.map_err(DbFault::from)?;
        self.told();
        self.owed.notify_one();
        Ok(())
    }
}
