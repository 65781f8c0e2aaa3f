//! Everything that follows from the journal, made anew from it.

use crate::{Store, db::DbFault, journal, ledger::Ledger, protections, tasks, timers};
use holdfast_chassis::Failure;
use holdfast_procedure::Decider;

/// How often a case is made anew again after a command on it came between.
const ATTEMPTS: usize = 10;

impl Store {
    /// Makes the read table, tasks, protections and timers of every case of this ledger anew from the journal: after a change of
    /// what is derived, or where they are in doubt. Commands may go on meanwhile. Says how many cases there are.
    ///
    /// # Errors
    /// [`Failure`], leaving what was made anew before it.
    pub async fn rebuild<L: Ledger>(&self) -> Result<usize, Failure> {
        let cases: Vec<String> =
            sqlx::query_scalar("SELECT DISTINCT case_reference FROM journal WHERE starts_with(case_reference, $1)")
                .bind(L::CASES)
                .fetch_all(&self.inner.pool)
                .await
                .map_err(DbFault::from)?;
        for case in &cases {
            let mut attempt = 1;
            while let Err(fault) = self.rebuild_case::<L>(case).await {
                if !matches!(fault, DbFault::Conflict) || attempt == ATTEMPTS {
                    return Err(fault.into());
                }
                attempt += 1;
            }
        }
        Ok(cases.len())
    }

    async fn rebuild_case<L: Ledger>(&self, case: &str) -> Result<(), DbFault> {
        let mut transaction = self.inner.pool.begin().await?;
        // Every command moves the case's head, so one that comes between makes this fail, and is not overwritten.
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").execute(&mut *transaction).await?;
        let entries = journal::entries(&mut transaction, case, 0, i64::MAX).await?;
        let history = journal::fold::<L>(&entries)?;
        // Revision 0 has running terms looked at again under the calendars in force.
        journal::keep_head::<L>(&mut transaction, case, &history, 0, false).await?;
        let owed = tasks::owed::<L>(&history.state, &self.inner.guidance);
        tasks::keep(&mut transaction, case, L::award(&history.state), &owed).await?;
        protections::keep::<L>(&mut transaction, case, None, &history.state).await?;
        timers::keep(&mut transaction, case, &L::Decider::timers(&history.state)).await?;
        L::project(&mut transaction, case, &history.state).await?;
        Ok(transaction.commit().await?)
    }
}
