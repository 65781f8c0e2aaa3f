//! Looking at a case without changing it.

use crate::{
    Store,
    db::DbFault,
    execute::Outcome,
    journal,
    ledger::{Ledger, State},
};
use holdfast_chassis::Failure;

impl Store {
    /// What a case amounts to now.
    ///
    /// # Errors
    /// [`Failure::CaseNotFound`], or what the database says.
    pub async fn read<L: Ledger>(&self, case: &str) -> Result<Outcome<State<L>>, Failure> {
        let mut connection = self.inner.pool.acquire().await.map_err(DbFault::from)?;
        let entries = journal::entries(&mut connection, case, 0, i64::MAX).await?;
        if entries.is_empty() || !case.starts_with(L::CASES) {
            return Err(Failure::CaseNotFound(case.to_owned()));
        }
        let history = journal::fold::<L>(&entries)?;
        Ok(self.outcome::<L>(case, &history, vec![], vec![]))
    }

    /// A part of a case's journal, from the entry after `after`, at most `limit` entries.
    ///
    /// # Errors
    /// [`Failure::CaseNotFound`], or what the database says.
    pub async fn timeline(&self, case: &str, after: i64, limit: i64) -> Result<Vec<journal::Entry>, Failure> {
        let mut connection = self.inner.pool.acquire().await.map_err(DbFault::from)?;
        let entries = journal::entries(&mut connection, case, after, limit).await?;
        if entries.is_empty() && after == 0 {
            return Err(Failure::CaseNotFound(case.to_owned()));
        }
        Ok(entries)
    }
}
