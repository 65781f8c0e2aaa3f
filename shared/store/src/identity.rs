//! Which database facts are in, as others are told of it.

use crate::{
    Store,
    db::{Connection, DbFault},
};
use holdfast_chassis::peers::SENT_FROM;
use holdfast_procedure::protection::DatabaseIdentity;
use sqlx::{Row, postgres::PgRow};
use tonic::metadata::MetadataMap;

/// A database's identity, as columns for [`identity`](crate::identity). The file of the write-ahead log names the timeline: the control
/// file lags a promotion. A standby has no such file, and refuses.
#[macro_export]
macro_rules! identity_columns {
    () => {
        "(SELECT system_identifier FROM pg_control_system()) AS system,
             left(pg_walfile_name(pg_current_wal_lsn()), 8) AS timeline"
    };
}
pub(crate) use identity_columns as columns;

/// The identity in a row that holds its columns, [`identity_columns!`](crate::identity_columns).
///
/// # Errors
/// Where they do not read.
pub fn identity(row: &PgRow) -> Result<DatabaseIdentity, DbFault> {
    let system: i64 = row.try_get("system")?;
    let timeline: String = row.try_get("timeline")?;
    let timeline = u32::from_str_radix(&timeline, 16).map_err(|_| DbFault::Unreadable)?;
    Ok(DatabaseIdentity { system: system.cast_unsigned(), timeline })
}

impl Store {
    /// Which database a connection leads to, as of the statement that asks.
    ///
    /// # Errors
    /// What the database says; a standby refuses.
    pub async fn identity(connection: &mut Connection) -> Result<DatabaseIdentity, DbFault> {
        identity(&sqlx::query(concat!("SELECT ", columns!())).fetch_one(connection).await?)
    }
}

/// How a call names the database that it is sent from.
pub(crate) fn named(identity: &DatabaseIdentity) -> String {
    let DatabaseIdentity { system, timeline } = identity;
    format!("{system}/{timeline}")
}

/// The database that a call was sent from, by its metadata; `None` where they name none, or not one alone.
#[must_use]
pub fn sent_from(metadata: &MetadataMap) -> Option<DatabaseIdentity> {
    let mut values = metadata.get_all(SENT_FROM).iter();
    let (value, None) = (values.next()?.to_str().ok()?, values.next()) else { return None };
    let (system, timeline) = value.split_once('/')?;
    let read = DatabaseIdentity { system: system.parse().ok()?, timeline: timeline.parse().ok()? };
    // Numbers can be written in more than one way; ours are written in one.
    (named(&read) == value).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(values: &[&'static str]) -> MetadataMap {
        let mut metadata = MetadataMap::new();
        for value in values {
            metadata.append(SENT_FROM, tonic::metadata::MetadataValue::from_static(value));
        }
        metadata
    }

    #[test]
    fn only_a_database_named_once_and_properly_is_read() {
        let known = DatabaseIdentity { system: u64::MAX, timeline: u32::MAX };
        assert_eq!(sent_from(&metadata(&["18446744073709551615/4294967295"])), Some(known));
        let malformed: [&[&str]; 9] =
            [&[], &[""], &["7"], &["7/"], &["/1"], &["+7/1"], &["7/01"], &["7/4294967296"], &["7/1", "7/1"]];
        for values in malformed {
            assert_eq!(sent_from(&metadata(values)), None, "{values:?}");
        }
    }
}
