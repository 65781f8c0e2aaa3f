//! One short method for every RPC.

pub(crate) mod directory;
pub(crate) mod escalation;
pub(crate) mod overrides;
pub(crate) mod protection;
