//! The read tables, and the queries behind Get and List.

pub(crate) mod areas;
pub(crate) mod escalations;
pub(crate) mod overrides;
