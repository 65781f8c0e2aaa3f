//! Permits that the ledger prohibits once it has taken changes in.
//!
//! It is read in the transaction that has locked the ledger, after the changes are written: whoever places another hold, or
//! word of another reference, has done so before and is seen, or waits for the lock and sees what is written here.

use super::super::{holds, names::every_reference, sources::Locked};
use holdfast_procedure::{
    Workload,
    protection::{Action, Asked, Hold, HoldKey, Holds, Permit, Question, RECALL_MARGIN_SECONDS, recalls},
};
use holdfast_store::{Connection, DbFault, wire};
use sqlx::{Row, postgres::PgRow};
use std::collections::{BTreeMap, BTreeSet};

/// Recalls the permits that these changes have the ledger prohibit, and says how many.
pub(super) async fn recall(
    connection: &mut Connection,
    counter: i64,
    locked: &Locked,
    changed: &[&Hold],
    undelivered: &[(Workload, &Holds)],
) -> Result<u32, DbFault> {
    if !is_any_alive(connection, locked).await? {
        return Ok(0);
    }
    // What is prohibited by a change is on its award, or of a customer to whom one of its references leads.
    let awards: BTreeSet<&str> = changed.iter().map(|hold| hold.award.award.as_str()).collect();
    let awards: Vec<&str> = awards.into_iter().collect();
    let of = changed.iter().flat_map(|hold| hold.names()).map(str::to_owned);
    let names = every_reference(connection, of, undelivered).await?;
    let permits = permits(connection, locked, &awards, &names).await?;
    if permits.is_empty() {
        return Ok(0);
    }
    let around = around(connection, &awards, &names).await?;
    let keys: BTreeSet<&HoldKey> = changed.iter().map(|hold| &hold.key).collect();
    let recalled = recalls(&permits, &keys, &around, undelivered, locked.now);
    // A hold that did not change itself is told of with the first that did.
    let ordinals: BTreeMap<&HoldKey, i32> = changed.iter().map(|hold| &hold.key).zip(0..).collect();
    let ordinals: Vec<i32> =
        recalled.iter().map(|recall| ordinals.get(&recall.hold).copied().unwrap_or_default()).collect();
    // What is prohibited by the same hold again is recalled already.
    let written: Vec<String> = sqlx::query_scalar(
        "INSERT INTO recalls (decision, case_reference, ground, counter, ordinal, recorded_at)
         SELECT decision, case_reference, ground, $5, ordinal, $6
         FROM unnest($1::text[], $2::text[], $3::integer[], $4::integer[])
             AS met (decision, case_reference, ground, ordinal)
         ON CONFLICT DO NOTHING RETURNING decision",
    )
    .bind(recalled.iter().map(|recall| recall.decision.as_str()).collect::<Vec<_>>())
    .bind(recalled.iter().map(|recall| recall.hold.case.as_str()).collect::<Vec<_>>())
    .bind(recalled.iter().map(|recall| wire::holds::ground(recall.hold.ground)).collect::<Vec<_>>())
    .bind(ordinals)
    .bind(counter)
    .bind(locked.now)
    .fetch_all(connection)
    .await?;
    Ok(u32::try_from(written.into_iter().collect::<BTreeSet<_>>().len()).unwrap_or(u32::MAX))
}

/// Whether there is any permit that may still be recalled: most of the time there is none.
async fn is_any_alive(connection: &mut Connection, locked: &Locked) -> Result<bool, DbFault> {
    let alive =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM permits WHERE expires_at >= $1 - $2 * interval '1 second')");
    Ok(alive.bind(locked.now).bind(RECALL_MARGIN_SECONDS).fetch_one(connection).await?)
}

/// The permits that may still be recalled, for these awards and customers.
async fn permits(
    connection: &mut Connection,
    locked: &Locked,
    awards: &[&str],
    names: &[String],
) -> Result<Vec<Permit>, DbFault> {
    let alive = sqlx::query(
        "SELECT decision, customer, benefit, award, action, ground, condition_known, expires_at FROM permits
         WHERE expires_at >= $1 - $2 * interval '1 second' AND (award = ANY($3) OR customer = ANY($4))",
    );
    let alive = alive.bind(locked.now).bind(RECALL_MARGIN_SECONDS).bind(awards).bind(names);
    alive.fetch_all(connection).await?.iter().map(permit).collect()
}

fn permit(row: &PgRow) -> Result<Permit, DbFault> {
    let award = holds::award(row)?;
    let number: i32 = row.try_get("action")?;
    let action = Action::ALL.into_iter().find(|action| i32::from(wire::holds::action(*action)) == number);
    let asked = Asked {
        customer: Some(award.customer),
        benefit: Some(award.benefit),
        award: Some(award.award),
        // One that only a later build has a name for is recalled as the worst would be.
        action: action.or(Some(Action::Stop)),
        ground: Some(wire::holds::action_ground_numbered(row.try_get("ground")?)),
        condition_known: row.try_get("condition_known")?,
    };
    let question = Question::of(asked).map_err(|_| DbFault::Unreadable)?;
    Ok(Permit { decision: row.try_get("decision")?, question, expires: row.try_get("expires_at")? })
}

/// The holds of the ledger on these awards, and those that know one of these references.
async fn around(connection: &mut Connection, awards: &[&str], names: &[String]) -> Result<Holds, DbFault> {
    const AROUND: &str =
        concat!("SELECT ", holds::columns!(), " FROM holds WHERE award = ANY($1) OR customer = ANY($2)",);
    let rows = sqlx::query(AROUND).bind(awards).bind(names).fetch_all(connection).await?;
    rows.iter().map(holds::known).collect()
}
