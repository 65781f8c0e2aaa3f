//! What every service offers alike.

mod guidance;
mod tasks;

pub use guidance::Guidance;
pub use tasks::Tasks;
