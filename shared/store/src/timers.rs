//! Instants at which time itself has consequences. A timer is a row derived from a case's state; when it falls due the
//! case is decided on again, which moves the state on and the row with it. So it has one effect, however many replicas
//! see it, and one that is seen late is not lost.

use crate::{
    Store,
    calendars::InForce,
    db::{Connection, DbFault},
    execute::{Case, Order},
    header::Header,
    ledger::{Command, Ledger},
};
use holdfast_chassis::Failure;
use holdfast_procedure::{Timer, rule::rulings::R_WORKING_DAYS};

/// How many cases are taken on at a time.
const BATCH: i64 = 100;
/// The same, as cases are counted: as many decided on at once may have left others behind.
pub(crate) const FULL: usize = BATCH.unsigned_abs() as usize;

/// Makes a case's timers these, in two statements.
pub(crate) async fn keep(connection: &mut Connection, case: &str, timers: &[Timer]) -> Result<(), DbFault> {
    let keys: Vec<_> = timers.iter().map(|timer| timer.key.as_str()).collect();
    sqlx::query("DELETE FROM timers WHERE case_reference = $1 AND key <> ALL($2)")
        .bind(case)
        .bind(&keys)
        .execute(&mut *connection)
        .await?;
    if !timers.is_empty() {
        sqlx::query(
            "INSERT INTO timers (case_reference, key, fires_at)
             SELECT $1, key, fires_at FROM unnest($2::text[], $3::timestamptz[]) AS row (key, fires_at)
             ON CONFLICT (case_reference, key) DO UPDATE SET fires_at = excluded.fires_at",
        )
        .bind(case)
        .bind(&keys)
        .bind(timers.iter().map(|timer| timer.at).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// How many cases the suite decided on, and in how many of them a term was lengthened.
struct Batch {
    decided: usize,
    moved: usize,
}

impl Store {
    /// Lets time have its consequences once: due timers first, then terms that a newer calendar may have moved. Says
    /// how many cases were decided on.
    ///
    /// # Errors
    /// A [`Failure`] where any case failed; the others are done.
    pub async fn run_due<L: Ledger>(&self) -> Result<usize, Failure> {
        let fired = self.run_timers::<L>().await;
        let _deriving = self.inner.deriving.lock().await;
        // Terms are derived again whatever became of the timers.
        let derived = self.derive_batch_again::<L>().await?;
        Ok(fired? + derived.decided)
    }

    async fn run_timers<L: Ledger>(&self) -> Result<usize, Failure> {
        let due: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT case_reference FROM (
                 SELECT case_reference FROM timers
                 WHERE fires_at <= COALESCE($1, clock_timestamp()) AND starts_with(case_reference, $2)
                 ORDER BY fires_at LIMIT $3) AS due",
        )
        .bind(self.inner.clock.instead_of_database())
        .bind(L::CASES)
        .bind(BATCH)
        .fetch_all(&self.inner.pool)
        .await
        .map_err(DbFault::from)?;
        Ok(self.suite_decides::<L>("LetTimePass", due, L::time_passed).await?.decided)
    }

    /// Derives every running term again that was derived with an older calendar, while the caller keeps others from it.
    /// Says how many that lengthened.
    ///
    /// # Errors
    /// The first [`Failure`]; what was done before it stays done.
    pub(crate) async fn derive_terms_again<L: Ledger>(&self) -> Result<u32, Failure> {
        let mut moved = 0;
        loop {
            let batch = self.derive_batch_again::<L>().await?;
            moved += batch.moved;
            if batch.decided == 0 {
                return Ok(u32::try_from(moved).unwrap_or(u32::MAX));
            }
        }
    }

    async fn derive_batch_again<L: Ledger>(&self) -> Result<Batch, Failure> {
        if L::calendar_changed().is_none() {
            // No term of these cases hangs on a calendar.
            return Ok(Batch { decided: 0, moved: 0 });
        }
        let stale: Vec<String> = sqlx::query_scalar(
            "SELECT case_reference FROM cases
             JOIN timers USING (case_reference)
             WHERE calendar_revision < (SELECT COALESCE(sum(sequence), 0) FROM cases WHERE case_reference = ANY($1))
                 AND starts_with(case_reference, $2)
             ORDER BY case_reference LIMIT $3",
        )
        .bind(InForce::cases())
        .bind(L::CASES)
        .bind(BATCH)
        .fetch_all(&self.inner.pool)
        .await
        .map_err(DbFault::from)?;
        self.suite_decides::<L>("DeriveTermsAgain", stale, L::calendar_changed).await
    }

    async fn suite_decides<L: Ledger>(
        &self,
        method: &str,
        cases: Vec<String>,
        command: fn() -> Option<Command<L>>,
    ) -> Result<Batch, Failure> {
        let decided = cases.len();
        let orders = cases.into_iter().filter_map(|case| {
            Some(Order::<L> {
                case: Case::Known(case),
                command: command()?,
                narratives: vec![],
                notes: vec![],
                header: Header::of_suite(self.inner.workload, method),
                // The reply only has to tell whether a term was lengthened: that rests on this ruling and nothing else.
                render: |outcome| if outcome.citations.contains(&&R_WORKING_DAYS) { vec![0] } else { vec![] },
            })
        });
        let (mut moved, mut failed) = (0, None);
        for reply in self.execute(orders.collect()).await {
            match reply {
                Ok(reply) => moved += usize::from(!reply.is_empty()),
                // One case that fails does not keep time from the others.
                Err(failure) => failed = Some(failure),
            }
        }
        failed.map_or(Ok(Batch { decided, moved }), Err)
    }
}
