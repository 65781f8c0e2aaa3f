//! What every service offers alike.

mod guidance;
mod tasks;

pub use guidance::Guidance;
pub(crate) use guidance::told_calendar;
pub use tasks::Tasks;
