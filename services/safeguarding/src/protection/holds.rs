//! A hold as it is kept: as it came, by the numbers of the contract, so that a later build reads by its name what this
//! one has no name for. Until then what is not understood prohibits.

use holdfast_chassis::Fields;
use holdfast_contracts::holdfast::common::v1 as pb;
use holdfast_procedure::{
    Award, Benefit, Workload,
    protection::{Hold, HoldKey, Standing, Version},
    rule,
};
use holdfast_store::{DbFault, wire};
use sqlx::{Row, postgres::PgRow};
use std::collections::BTreeSet;

/// The columns of a hold, in the table that keeps it.
macro_rules! columns {
    () => {
        "holds.case_reference, holds.ground, holds.version, holds.customer, holds.benefit, holds.award, holds.formerly,
             holds.holder, holds.released, holds.rules, holds.actions, holds.only_on"
    };
}
pub(super) use columns;

/// The award in a row that holds its columns.
pub(super) fn award(row: &PgRow) -> Result<Award, DbFault> {
    let benefit: Benefit = wire::restored(row.try_get("benefit")?)?;
    Ok(Award { customer: row.try_get("customer")?, benefit, award: row.try_get("award")? })
}

/// A hold out of its row, as it came.
pub(super) fn kept(row: &PgRow) -> Result<pb::Hold, DbFault> {
    let holder: Workload = wire::restored(row.try_get("holder")?)?;
    Ok(pb::Hold {
        case_reference: row.try_get("case_reference")?,
        ground: row.try_get("ground")?,
        version: row.try_get::<i64, _>("version")?.unsigned_abs(),
        award: Some(wire::award(&award(row)?)),
        formerly: row.try_get("formerly")?,
        holder: wire::workload(holder).into(),
        released: row.try_get::<Option<i32>, _>("released")?.unwrap_or_default(),
        rules: row.try_get("rules")?,
        actions: row.try_get("actions")?,
        only_on: row.try_get::<Option<Vec<i32>>, _>("only_on")?.unwrap_or_default(),
    })
}

/// A hold out of its row, as this build understands it. One that was released for a reason without a name here counts as
/// standing.
pub(super) fn known(row: &PgRow) -> Result<Hold, DbFault> {
    let ground = wire::holds::ground_numbered(row.try_get("ground")?).ok_or(DbFault::Unreadable)?;
    let (actions, only_on): (Vec<i32>, Option<Vec<i32>>) = (row.try_get("actions")?, row.try_get("only_on")?);
    let released: Option<i32> = row.try_get("released")?;
    let why = released.and_then(|number| pb::ReleaseReason::try_from(number).ok()).and_then(wire::holds::why_from);
    Ok(Hold {
        key: HoldKey { case: row.try_get("case_reference")?, ground },
        version: Version(row.try_get::<i64, _>("version")?.unsigned_abs()),
        award: award(row)?,
        formerly: row.try_get("formerly")?,
        holder: wire::restored(row.try_get("holder")?)?,
        state: why.map_or(Standing::Standing, |why| Standing::Released { why }),
        rules: wire::holds::rules_named(&row.try_get::<Vec<String>, _>("rules")?),
        prohibits: wire::holds::prohibits_numbered(ground, &actions, only_on.as_deref().unwrap_or_default()),
    })
}

/// A hold that another service tells of in answer to a question; `None` where a part of it is not understood.
pub(super) fn understood(hold: &pb::Hold) -> Option<Hold> {
    wire::holds::hold_from(&mut Fields::default(), "hold", Some(hold))
}

/// The same of a hold that nobody sends otherwise, as it came and as it is understood: as far as it can be read, so that
/// one that cannot be read closes its own award and no other. `None` where its award cannot be read.
pub(super) fn understood_at_least(hold: &pb::Hold, source: Workload) -> Option<(Hold, pb::Hold)> {
    if let Some(known) = understood(hold) {
        return Some((known, hold.clone()));
    }
    let mended = wire::holds::mended(hold, source).and_then(|mended| Some((understood(&mended)?, mended)));
    let source = wire::stored(&source);
    // Never what was said: it may be anything.
    let case = Fields::default().reference("case_reference", &hold.case_reference).unwrap_or_default();
    match mended {
        Some(_) => tracing::error!(source, case, "a hold is not understood: its award is held as far as can be"),
        None => tracing::error!(source, case, "a hold is not understood, nor what it is on: nothing is proved by it"),
    }
    mended
}

/// What the rules say that these holds name, each once.
pub(super) fn citations<'a>(holds: impl Iterator<Item = &'a pb::Hold>) -> Vec<pb::Citation> {
    let named: BTreeSet<_> = holds.flat_map(|hold| &hold.rules).collect();
    named.into_iter().filter_map(|id| rule::find(id)).map(wire::citation).collect()
}
