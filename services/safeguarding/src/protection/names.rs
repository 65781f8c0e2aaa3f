//! Every reference of a customer's, as the ledger's database tells them with what is undelivered: for whoever reads from
//! the database what the check reads from memory.

use holdfast_procedure::{
    Workload,
    protection::{Holds, references},
};
use holdfast_store::{Connection, DbFault};
use std::collections::BTreeSet;

/// Every reference to which these lead, by any hold of the ledger, released ones included, and by what the sources have
/// not delivered.
pub(super) async fn every_reference(
    connection: &mut Connection,
    of: impl IntoIterator<Item = String>,
    undelivered: &[(Workload, &Holds)],
) -> Result<Vec<String>, DbFault> {
    let undelivered: Vec<_> = undelivered.iter().map(|(_, holds)| *holds).collect();
    let (mut names, mut in_ledger) = (of.into_iter().collect::<BTreeSet<_>>(), 0);
    loop {
        let led_to = references(names.iter().map(String::as_str), &undelivered);
        let led_to: Vec<String> = led_to.into_iter().map(str::to_owned).collect();
        // What is undelivered may lead on from what the ledger knows, and the other way round.
        if led_to.len() == in_ledger {
            return Ok(led_to);
        }
        names.extend(known(&mut *connection, &led_to).await?);
        in_ledger = names.len();
    }
}

/// Every reference to which these lead by the holds of the ledger; these among them.
async fn known(connection: &mut Connection, of: &[String]) -> Result<Vec<String>, DbFault> {
    let names = sqlx::query_scalar(
        "WITH RECURSIVE names (name) AS (
             SELECT unnest($1::text[])
             UNION
             SELECT other.name FROM names CROSS JOIN LATERAL (
                 SELECT unnest(formerly) FROM holds WHERE customer = names.name
                 UNION ALL SELECT unnest(formerly || customer) FROM holds
                     WHERE formerly @> ARRAY[names.name]) AS other (name))
         SELECT name FROM names",
    );
    Ok(names.bind(of).fetch_all(connection).await?)
}
