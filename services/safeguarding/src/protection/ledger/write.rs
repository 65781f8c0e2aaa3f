//! Changes of holds, written down: the next revision of the ledger, the holds as they are now, the changes as they came,
//! and the permits that they meet.

use super::{
    super::sources::{self, Locked},
    recall::recall,
};
use holdfast_contracts::holdfast::common::v1 as pb;
use holdfast_procedure::{
    Workload,
    protection::{Hold, Proofs},
};
use holdfast_store::{Connection, DbFault, wire};
use prost::Message;
use sqlx::{Postgres, QueryBuilder};

/// Changes that one statement writes: a statement has room for 65,535 values.
const BATCH: usize = 500;

/// How changes came.
pub(in crate::protection) struct Came<'a> {
    pub(in crate::protection) sender: Workload,
    /// `None` where they were found by comparison.
    pub(in crate::protection) request_id: Option<&'a str>,
    pub(in crate::protection) trace_id: &'a str,
}

/// Writes changes down as one revision of a ledger that is locked, each hold as it is understood and as it came, at most
/// one for each key; and says how many permits they recall. What is undelivered by these proofs may tell who somebody is.
pub(in crate::protection) async fn put(
    connection: &mut Connection,
    locked: &Locked,
    changes: &[(&Hold, &pb::Hold)],
    came: &Came<'_>,
    proofs: &Proofs,
) -> Result<u32, DbFault> {
    let counter = sources::next_revision(connection, locked).await?;
    for (batch, first) in changes.chunks(BATCH).zip((0..).step_by(BATCH)) {
        write(connection, (counter, first), locked, batch, came).await?;
    }
    let changed: Vec<_> = changes.iter().map(|(hold, _)| *hold).collect();
    recall(connection, counter, locked, &changed, &proofs.undelivered()).await
}

async fn write(
    connection: &mut Connection,
    (counter, first): (i64, i32),
    locked: &Locked,
    changes: &[(&Hold, &pb::Hold)],
    came: &Came<'_>,
) -> Result<(), DbFault> {
    let mut query = QueryBuilder::<Postgres>::new(
        "WITH changed (ordinal, case_reference, ground, version, customer, benefit, award, formerly, holder, released,
             rules, actions, only_on, hold) AS (",
    );
    query.push_values(changes.iter().zip(first..), |mut row, ((hold, came), ordinal)| {
        row.push_bind(ordinal)
            .push_bind(hold.key.case.clone())
            .push_bind(wire::holds::ground(hold.key.ground))
            .push_bind(hold.version.0.cast_signed())
            .push_bind(hold.award.customer.clone())
            .push_bind(wire::stored(&hold.award.benefit))
            .push_bind(hold.award.award.clone())
            .push_bind(came.formerly.clone())
            .push_bind(wire::stored(&hold.holder))
            .push_bind((came.released != 0).then_some(came.released))
            .push_bind(came.rules.clone())
            .push_bind(came.actions.clone())
            .push_bind((!came.only_on.is_empty()).then(|| came.only_on.clone()))
            .push_bind(came.encode_to_vec());
    });
    query.push(
        "), kept AS (INSERT INTO hold_changes (counter, ordinal, case_reference, ground, version, hold, sender,
             request_id, recorded_at, trace_id) SELECT ",
    );
    query.push_bind(counter).push(", ordinal, case_reference, ground, version, hold, ");
    query.push_bind(wire::stored(&came.sender)).push(", ");
    query.push_bind(came.request_id.map(str::to_owned)).push(", ");
    query.push_bind(locked.now).push(", ");
    query.push_bind(came.trace_id.to_owned());
    query.push(
        " FROM changed)
          INSERT INTO holds (case_reference, ground, version, customer, benefit, award, formerly, holder, released,
             rules, actions, only_on, counter, recorded_at)
          SELECT case_reference, ground, version, customer, benefit, award, formerly, holder, released, rules, actions,
             only_on, ",
    );
    query.push_bind(counter).push(", ").push_bind(locked.now);
    query.push(
        " FROM changed
          ON CONFLICT (case_reference, ground) DO UPDATE
          SET version = excluded.version, customer = excluded.customer, benefit = excluded.benefit,
              award = excluded.award, formerly = excluded.formerly, holder = excluded.holder,
              released = excluded.released, rules = excluded.rules, actions = excluded.actions,
              only_on = excluded.only_on, counter = excluded.counter, recorded_at = excluded.recorded_at",
    );
    query.build().execute(connection).await?;
    Ok(())
}
