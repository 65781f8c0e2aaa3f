//! The holds of cases, as rows: derived from each case's state, told to the ledger when it asks.

use crate::{
    db::{Connection, DbFault},
    ledger::{Ledger, State},
    wire::{self, holds},
};
use holdfast_contracts::holdfast::common::v1 as pb;
use holdfast_procedure::{
    Award, Workload,
    protection::{HoldGround, OwnHold, Standing, Version, Why},
};
use sqlx::{Row, postgres::PgRow};

/// What a row follows from.
type Told<'a> = (Option<&'a Award>, &'a [String], Vec<(HoldGround, &'a OwnHold)>);

fn told<L: Ledger>(state: &State<L>) -> Option<Told<'_>> {
    let formerly = L::known_of_customer(state).map_or(&[][..], |known| &known.formerly);
    Some((L::award(state), formerly, L::holds(state)?.iter().collect()))
}

/// Makes a case's rows what they should be, in one statement, unless they are so already, as they were `before`.
pub(crate) async fn keep<L: Ledger>(
    connection: &mut Connection,
    case: &str,
    before: Option<&State<L>>,
    state: &State<L>,
) -> Result<(), DbFault> {
    let Some(now) = told::<L>(state) else { return Ok(()) };
    if before.and_then(told::<L>).as_ref() == Some(&now) {
        return Ok(());
    }
    // Without an award there is nothing to protect, and a command that says otherwise was refused.
    let (Some(award), formerly, holds) = now else { return Ok(()) };
    fn column<'a, T>(holds: &[(HoldGround, &'a OwnHold)], read: impl Fn(&'a OwnHold) -> T) -> Vec<T> {
        holds.iter().map(|(_, hold)| read(hold)).collect()
    }
    let grounds: Vec<_> = holds.iter().map(|(ground, _)| holds::ground(*ground)).collect();
    sqlx::query(
        "WITH gone AS (DELETE FROM protections WHERE case_reference = $1 AND ground <> ALL($6))
         INSERT INTO protections (case_reference, customer, benefit, award, formerly, ground, version, released,
             handed_to, since)
         SELECT $1, $2, $3, $4, $5, ground, version, released, handed_to, since
         FROM unnest($6::integer[], $7::bigint[], $8::text[], $9::text[], $10::timestamptz[])
             AS row (ground, version, released, handed_to, since)
         ON CONFLICT (case_reference, ground) DO UPDATE
         SET customer = excluded.customer, benefit = excluded.benefit, award = excluded.award,
             formerly = excluded.formerly, version = excluded.version, released = excluded.released,
             handed_to = excluded.handed_to, since = excluded.since",
    )
    .bind(case)
    .bind(&award.customer)
    .bind(wire::stored(&award.benefit))
    .bind(&award.award)
    .bind(formerly)
    .bind(grounds)
    .bind(column(&holds, |hold| i64::try_from(hold.version.0).unwrap_or(i64::MAX)))
    .bind(column(&holds, |hold| released(hold.state)))
    .bind(column(&holds, |hold| hold.handed_to.as_ref().map(wire::stored)))
    .bind(column(&holds, |hold| hold.since))
    .execute(connection)
    .await?;
    Ok(())
}

fn released(state: Standing) -> Option<String> {
    match state {
        Standing::Standing => None,
        Standing::Released { why } => Some(wire::stored(&why)),
    }
}

/// A row's columns, for [`hold`].
macro_rules! columns {
    () => {
        "case_reference, ground, version, customer, benefit, award, formerly, released, handed_to, since"
    };
}
pub(crate) use columns;

/// The hold in a row that holds its columns, as `here`, which keeps the case, tells of it.
pub(crate) fn hold(row: &PgRow, here: Workload) -> Result<pb::Hold, DbFault> {
    let version: i64 = row.try_get("version")?;
    let why: Option<Why> = row.try_get::<Option<String>, _>("released")?.map(wire::restored).transpose()?;
    let handed_to: Option<String> = row.try_get("handed_to")?;
    let own = OwnHold {
        version: Version(version.unsigned_abs()),
        state: why.map_or(Standing::Standing, |why| Standing::Released { why }),
        handed_to: handed_to.map(wire::restored).transpose()?,
        since: row.try_get("since")?,
    };
    let award = Award {
        customer: row.try_get("customer")?,
        benefit: wire::restored(row.try_get("benefit")?)?,
        award: row.try_get("award")?,
    };
    let (case, formerly): (String, Vec<String>) = (row.try_get("case_reference")?, row.try_get("formerly")?);
    let ground = holds::ground_numbered(row.try_get("ground")?).ok_or(DbFault::Unreadable)?;
    Ok(holds::hold(&own.told(&case, ground, &award, &formerly, here)))
}
