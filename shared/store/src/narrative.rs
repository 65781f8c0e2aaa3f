//! Words that people said or wrote: kept apart, read on the record.

use crate::{
    Store,
    db::{Connection, DbFault},
    request::new_reference,
    wire,
};
use chrono::{DateTime, Utc};
use holdfast_chassis::{Caller, Failure, telemetry};
use holdfast_procedure::{Actor, NarrativeRef};
use std::fmt;

/// Words on their way to be kept.
#[derive(Clone)]
pub struct Narrative {
    reference: NarrativeRef,
    text: String,
}

/// Words are never shown where a program shows its workings.
impl fmt::Debug for Narrative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Narrative({})", self.reference.0)
    }
}

impl Narrative {
    /// Gives words a reference of their own.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self { reference: NarrativeRef(new_reference("N")), text }
    }

    /// What stands for the words everywhere else.
    #[must_use]
    pub fn reference(&self) -> NarrativeRef {
        self.reference.clone()
    }
}

/// Keeps words, in one statement.
pub(crate) async fn keep(
    connection: &mut Connection,
    case: &str,
    now: DateTime<Utc>,
    actor: &Actor,
    narratives: &[Narrative],
) -> Result<(), DbFault> {
    if narratives.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO narrative (reference, case_reference, recorded_at, person, text)
         SELECT reference, $1, $2, $3, text FROM unnest($4::text[], $5::text[]) AS row (reference, text)",
    )
    .bind(case)
    .bind(now)
    .bind(&actor.person)
    .bind(narratives.iter().map(|narrative| narrative.reference.0.as_str()).collect::<Vec<_>>())
    .bind(narratives.iter().map(|narrative| narrative.text.as_str()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

impl Store {
    /// Reads the words behind a reference, and records who read them and why, in one statement.
    ///
    /// # Errors
    /// [`Failure::PartNotFound`], or what the database says.
    pub async fn read_narrative(
        &self,
        caller: &Caller,
        case: &str,
        reference: &str,
        purpose: &str,
    ) -> Result<String, Failure> {
        let role = wire::role_from(caller.role).map(|role| wire::stored(&role)).unwrap_or_default();
        let workload = wire::workload_from(caller.workload).map(|workload| wire::stored(&workload)).unwrap_or_default();
        let store = self.clone();
        let (case, reference) = (case.to_owned(), reference.to_owned());
        let (person, purpose) = (caller.person.clone(), purpose.to_owned());
        let trace_id = telemetry::trace_id();
        let work = async move {
            let mut transaction = store.inner.pool.begin().await?;
            let text: Option<String> = sqlx::query_scalar(
                "WITH found AS (SELECT reference, text FROM narrative WHERE reference = $1 AND case_reference = $2),
                 read AS (INSERT INTO narrative_reads (reference, read_at, person, role, workload, purpose, trace_id)
                     SELECT reference, COALESCE($3, clock_timestamp()), $4, $5, $6, $7, $8 FROM found)
                 SELECT text FROM found",
            )
            .bind(reference)
            .bind(case)
            .bind(store.inner.clock.instead_of_database())
            .bind(person)
            .bind(role)
            .bind(workload)
            .bind(purpose)
            .bind(trace_id)
            .fetch_optional(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok::<_, DbFault>(text)
        };
        let text = self.inner.in_hand.spawn(work).await.map_err(|_| Failure::Internal)??;
        text.ok_or_else(|| Failure::PartNotFound("no such narrative is kept with this case".to_owned()))
    }
}
