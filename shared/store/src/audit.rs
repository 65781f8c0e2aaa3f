//! Whether what is kept is what was written.

use crate::{Store, db::DbFault, journal, ledger::Ledger};
use holdfast_chassis::Failure;
use sqlx::Row;

/// What an audit of the journals found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit {
    /// How many cases were looked at.
    pub cases: usize,
    /// What is wrong, one sentence a case.
    pub findings: Vec<String>,
}

impl Store {
    /// Checks every case's journal against its hashes, and its end against the case's head.
    ///
    /// # Errors
    /// What the database says.
    pub async fn audit<L: Ledger>(&self) -> Result<Audit, Failure> {
        // A case may stand in one of the two tables only: that is a finding, too.
        let heads = sqlx::query(
            "SELECT case_reference, cases.sequence, cases.hash
             FROM cases FULL JOIN (SELECT DISTINCT case_reference FROM journal) AS journalled USING (case_reference)
             WHERE starts_with(case_reference, $1) ORDER BY case_reference",
        )
        .bind(L::CASES)
        .fetch_all(&self.inner.pool)
        .await
        .map_err(DbFault::from)?;
        let mut audit = Audit { cases: heads.len(), findings: Vec::new() };
        let mut connection = self.inner.pool.acquire().await.map_err(DbFault::from)?;
        for head in heads {
            let case: String = head.try_get("case_reference").map_err(DbFault::from)?;
            let sequence: Option<i64> = head.try_get("sequence").map_err(DbFault::from)?;
            let hash: Option<Vec<u8>> = head.try_get("hash").map_err(DbFault::from)?;
            // Entries added since the head was read come after it.
            let mut entries = journal::entries(&mut connection, &case, 0, sequence.unwrap_or(i64::MAX)).await?;
            entries.retain(|entry| sequence.is_none_or(|last| entry.sequence <= last));
            if let Err(fault) = journal::verify(&entries) {
                audit.findings.push(format!("{case}: {fault}"));
            } else if entries.last().map(|entry| (entry.sequence, &entry.hash)) != sequence.zip(hash.as_ref()) {
                audit.findings.push(format!("{case}: the journal does not end where the case's head says"));
            }
        }
        Ok(audit)
    }
}
