//! Failed requirements: the conference that precedes any referral for a sanction, the claimant's explanation, and the
//! decision. They are kept beside the cases that DWP Visiting hands over, and have nothing to do with them.

mod check;
mod convert;
mod reply;
pub(crate) mod rpc;
mod view;

use holdfast_procedure::{
    Award, Workload,
    customer::{self, Customer},
    desk,
    sanction::{Command, Event, Sanction, State},
};
use holdfast_store::{Brought, Calls, Connection, Ledger, customers::share};

/// What the references of these cases begin with.
const PREFIX: &str = "SC";

/// Failed requirements, each a case of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sanctions;

impl Ledger for Sanctions {
    type Decider = Sanction;

    const CASES: &str = "SC-";

    fn award(state: &State) -> Option<&Award> {
        state.failure.as_ref().map(|failure| &failure.what.award)
    }

    fn desk(command: desk::Command) -> Option<Command> {
        Some(Command::Desk(command))
    }

    fn customer(command: customer::Command) -> Option<Command> {
        Some(Command::Customer(command))
    }

    fn customer_event(event: &Event) -> Option<&customer::Event> {
        if let Event::Customer(event) = event { Some(event) } else { None }
    }

    fn known_of_customer(state: &State) -> Option<&Customer> {
        state.failure.as_ref().map(|_| &state.customer)
    }

    /// One failure has one case: where it is recorded again, that is the same case's.
    async fn belongs_to(connection: &mut Connection, command: &Command) -> Result<Option<String>, sqlx::Error> {
        match command {
            Command::RecordFailure { failure, .. } => view::of_failure(connection, failure).await,
            Command::HoldConference { .. }
            | Command::Refer { .. }
            | Command::Invite { .. }
            | Command::RecordExplanation { .. }
            | Command::Decide { .. }
            | Command::Reconsider { .. }
            | Command::Correct(_)
            | Command::Withdraw(_)
            | Command::Customer(_)
            | Command::Desk(_) => Ok(None),
        }
    }

    fn time_passed() -> Option<Command> {
        None
    }

    fn calendar_changed() -> Option<Command> {
        None
    }

    async fn project(connection: &mut Connection, case: &str, state: &State) -> Result<(), sqlx::Error> {
        view::project(connection, case, state).await
    }

    /// A case that is opened learns what the customer's other cases here know already.
    fn calls(brought: &Brought<'_, Self>, calls: &mut Calls) {
        if let (None, Some(opened)) = (Self::award(brought.before), Self::award(brought.after)) {
            share(Workload::Conferencing, &opened.customer, calls);
        }
    }
}
