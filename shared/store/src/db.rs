//! What a database says, made into what a caller is told. The only place that names a SQLSTATE.

use holdfast_chassis::Failure;
use thiserror::Error;

/// Classes and codes that pass: connection, insufficient resources, operator intervention; lock_not_available,
/// idle_in_transaction_session_timeout, read_only_sql_transaction and object_not_in_prerequisite_state (a standby that was
/// asked by mistake).
const TRANSIENT: [&str; 7] = ["08", "53", "57", "55P03", "25P03", "25006", "55000"];

/// A connection within a transaction.
pub type Connection = sqlx::PgConnection;

/// Why the database did not do what was asked.
#[derive(Debug, Error)]
pub enum DbFault {
    /// Somebody else changed the same case first, or used the same request id: load and decide again.
    #[error("somebody else was first")]
    Conflict,
    /// It does not answer, or is not able to just now.
    #[error("the database does not answer")]
    Unavailable,
    /// It refuses, which no caller can mend. The log names the code, never the values.
    #[error("the database refused")]
    Refused,
    /// What it holds cannot be read: the journal is damaged or of a newer build.
    #[error("what the database holds cannot be read")]
    Unreadable,
}

impl From<sqlx::Error> for DbFault {
    fn from(error: sqlx::Error) -> Self {
        // Messages of the database may quote values; code, table and constraint never do.
        if let sqlx::Error::Database(error) = &error {
            let code = error.code().unwrap_or_default();
            return match code.as_ref() {
                // unique_violation, serialization_failure, deadlock_detected
                "23505" | "40001" | "40P01" => Self::Conflict,
                code if TRANSIENT.iter().any(|transient| code.starts_with(transient)) => {
                    tracing::warn!(sqlstate = code, "the database is not able to answer");
                    Self::Unavailable
                }
                code => {
                    let (table, constraint) = (error.table(), error.constraint());
                    tracing::error!(sqlstate = code, table, constraint, "the database refused");
                    Self::Refused
                }
            };
        }
        if matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) {
            tracing::warn!("the database does not answer");
            return Self::Unavailable;
        }
        tracing::error!(kind = kind(&error), "what the database holds cannot be read");
        Self::Unreadable
    }
}

/// The kind of a driver error, without what it quotes.
#[expect(clippy::wildcard_enum_match_arm, reason = "the driver may add kinds")]
fn kind(error: &sqlx::Error) -> &'static str {
    match error {
        sqlx::Error::ColumnDecode { .. } => "column does not decode",
        sqlx::Error::ColumnNotFound(_) => "column not found",
        sqlx::Error::RowNotFound => "row not found",
        sqlx::Error::Protocol(_) => "protocol",
        sqlx::Error::Tls(_) => "tls",
        _ => "other",
    }
}

impl From<DbFault> for Failure {
    fn from(fault: DbFault) -> Self {
        match fault {
            DbFault::Conflict => Self::Contended,
            DbFault::Unavailable => Self::Unavailable,
            DbFault::Refused | DbFault::Unreadable => Self::Internal,
        }
    }
}
