//! What a service tells the store about its own kind of case.

use crate::db::Connection;
use chrono::{DateTime, Utc};
use holdfast_procedure::{Award, Decider, NarrativeRef};

/// One kind of case that a service keeps.
pub trait Ledger: Send + Sync + 'static {
    /// What follows from what.
    type Decider: Decider;

    /// What the references of its cases begin with. Others are not its cases, whatever else is kept beside them.
    const CASES: &str;

    /// The award a case is about; `None` where it is about none, and owes no tasks.
    fn award(state: &State<Self>) -> Option<&Award>;

    /// The command that records a task done in another system.
    fn task_done(done: TaskDone) -> Option<Command<Self>>;

    /// The command that lets time have its consequences.
    fn time_passed() -> Option<Command<Self>>;

    /// The command that derives running terms again, as the calendar changed.
    fn calendar_changed() -> Option<Command<Self>>;

    /// Brings the service's read table up to a case's present state.
    fn project(
        connection: &mut Connection,
        case: &str,
        state: &State<Self>,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

/// A ledger's state.
pub type State<L> = <<L as Ledger>::Decider as Decider>::State;
/// A ledger's command.
pub type Command<L> = <<L as Ledger>::Decider as Decider>::Command;
/// A ledger's event.
pub type Event<L> = <<L as Ledger>::Decider as Decider>::Event;

/// A task done in another system.
#[derive(Debug, Clone)]
pub struct TaskDone {
    /// The task's key.
    pub key: String,
    /// When it was done.
    pub occurred_at: DateTime<Utc>,
    /// In which system.
    pub system: String,
    /// Under which reference there.
    pub reference: String,
    /// Why it is recorded late.
    pub late_reason: Option<NarrativeRef>,
}
