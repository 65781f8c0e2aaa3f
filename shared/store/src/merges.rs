//! Under which references a customer is known: as their cases tell, and as every service that keeps cases is told, whether
//! or not it has a case of theirs. Whatever protects somebody knows all of them.

use crate::{
    Store,
    db::{Connection, DbFault},
    journal::{self, Common, History},
    ledger::{Event, Ledger, State},
    refused::refused,
};
use chrono::{DateTime, Utc};
use holdfast_chassis::Failure;
use holdfast_procedure::{
    Actor, Context, Decider, Ruled, Workload,
    customer::{Command, Customer, Fact, PassedOn},
};
use sqlx::Row;

/// Keeps under which reference a customer is known now who was known under others before.
pub(crate) async fn keep_names(connection: &mut Connection, known: &Customer, now: &str) -> Result<(), DbFault> {
    if known.formerly.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO customer_names (former, present)
         SELECT former, COALESCE((SELECT present FROM customer_names WHERE former = $2 AND present <> ALL($1)), $2)
         FROM unnest($1::text[]) AS former WHERE former <> $2
         ON CONFLICT (former) DO UPDATE SET present = excluded.present",
    )
    .bind(&known.formerly)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    // A reference that was given up and taken again is the present one. One that was given up for yet another, which this
    // case has not heard of, stays given up.
    sqlx::query("DELETE FROM customer_names WHERE former = $1 AND present = ANY($2)")
        .bind(now)
        .bind(&known.formerly)
        .execute(connection)
        .await?;
    Ok(())
}

impl Store {
    /// Keeps that a merge was told, whether or not there is a case of the customer here. One that was undone by a later one
    /// and comes again changes nothing.
    pub(crate) async fn keep_merge(&self, into: &str, told: &PassedOn) -> Result<(), DbFault> {
        let former = told.known_as.as_str();
        if former.is_empty() || former == into {
            return Ok(());
        }
        let mut transaction = self.inner.pool.begin().await?;
        // The one given up may have been taken in its place before: what was told last holds.
        let taken_back = "DELETE FROM customer_names WHERE former = $1 AND present = $2
             AND COALESCE((told ->> 'at')::timestamptz <= $3, true)";
        sqlx::query(taken_back).bind(into).bind(former).bind(told.at).execute(&mut *transaction).await?;
        // It may be given up itself, for yet another.
        let present = present_name(&mut transaction, into).await?;
        if present != former {
            sqlx::query(
                "INSERT INTO customer_names (former, present, told) VALUES ($1, $2, $3::json)
                 ON CONFLICT (former) DO UPDATE SET present = excluded.present, told = excluded.told
                 WHERE COALESCE((customer_names.told ->> 'at')::timestamptz <= $4, true)",
            )
            .bind(former)
            .bind(&present)
            .bind(serde_json::to_string(told).map_err(|_| DbFault::Refused)?)
            .bind(told.at)
            .execute(&mut *transaction)
            .await?;
            // What had led to the one given up leads on to where that leads now.
            sqlx::query(
                "UPDATE customer_names AS led SET present = on_to.present FROM customer_names AS on_to
                 WHERE led.present = $1 AND on_to.former = $1 AND led.former <> on_to.present",
            )
            .bind(former)
            .execute(&mut *transaction)
            .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The reference that a customer goes by now, and those that they went by.
    pub(crate) async fn names_of(&self, customer: &str) -> Result<(String, Vec<String>), DbFault> {
        let mut connection = self.inner.pool.acquire().await?;
        let present = present_name(&mut connection, customer).await?;
        let formerly = sqlx::query_scalar("SELECT former FROM customer_names WHERE present = $1 ORDER BY former");
        let formerly = formerly.bind(&present).fetch_all(&mut *connection).await?;
        Ok((present, formerly))
    }

    /// As [`merges`], for a case of a customer known by this reference.
    pub(crate) async fn merges_of(&self, customer: &str, here: &PassedOn) -> Result<Vec<Command>, DbFault> {
        let mut connection = self.inner.pool.acquire().await?;
        merges(&mut connection, customer, here).await
    }
}

/// The reference that a customer goes by now.
async fn present_name(connection: &mut Connection, customer: &str) -> Result<String, DbFault> {
    let present = sqlx::query_scalar("SELECT present FROM customer_names WHERE former = $1");
    let present: Option<String> = present.bind(customer).fetch_optional(connection).await?;
    Ok(present.unwrap_or_else(|| customer.to_owned()))
}

/// What a case that is opened is told of the references that its customer has, as far as they are known here.
pub(crate) async fn on_opening<L: Ledger>(
    connection: &mut Connection,
    opened: &State<L>,
    (service, case, at): (Workload, &str, DateTime<Utc>),
) -> Result<Vec<Command>, DbFault> {
    let Some(about) = L::award(opened) else { return Ok(Vec::new()) };
    let (case, by, known_as) = (case.to_owned(), Actor::suite(service), String::new());
    let here = PassedOn { service, case, by, at, known_as, taken_in: false };
    merges(connection, &about.customer, &here).await
}

/// What a case is told of the references that its customer, known by one of them, has or had: each as given up for the
/// present one, its own first. `here` stands in where it is not known any more where and by whom that was told.
async fn merges(connection: &mut Connection, customer: &str, here: &PassedOn) -> Result<Vec<Command>, DbFault> {
    let present = present_name(&mut *connection, customer).await?;
    let rows = sqlx::query(
        "SELECT former, told::text AS told FROM customer_names WHERE present = $1 ORDER BY former <> $2, former",
    );
    let mut merges = Vec::new();
    for row in rows.bind(&present).bind(customer).fetch_all(&mut *connection).await? {
        let (known_as, told): (String, Option<String>) = (row.try_get("former")?, row.try_get("told")?);
        let told = told.map(|told| serde_json::from_str(&told).map_err(|_| DbFault::Unreadable)).transpose()?;
        let first = PassedOn { known_as, ..told.unwrap_or_else(|| here.clone()) };
        merges.push(Command { fact: Fact::Merged { into: present.clone() }, passed_on: Some(first) });
    }
    Ok(merges)
}

/// The events of a case that is opened, with the references of its customer's that are known here already: whatever it
/// places carries them from the first.
pub(crate) fn opened_with<L: Ledger>(
    history: &History<State<L>>,
    mut events: Vec<Ruled<Event<L>>>,
    merges: &[Command],
    (context, common): (&Context<'_>, &Common<'_>),
) -> Result<Vec<Ruled<Event<L>>>, Failure> {
    for merge in merges {
        let Some(command) = L::customer(merge.clone()) else { return Ok(events) };
        let (_, so_far) = journal::extend::<L>(history, &events, common)?;
        let decided = L::Decider::decide(&so_far.state, &command, context);
        events.extend(decided.map_err(|refusal| refused(common.case, refusal))?.events);
    }
    Ok(events)
}
