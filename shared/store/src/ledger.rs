//! What a service tells the store about its own kind of case.

use crate::{db::Connection, outbox::Calls};
use chrono::{DateTime, Utc};
use holdfast_procedure::{
    Actor, Award, Decider, Ruled, Workload,
    customer::{self, Customer},
    desk,
    protection::{Own, Raise},
};
use std::future::ready;

/// One kind of case that a service keeps.
pub trait Ledger: Send + Sync + 'static {
    /// What follows from what.
    type Decider: Decider;

    /// What the references of its cases begin with. Others are not its cases, whatever else is kept beside them.
    const CASES: &str;

    /// The award a case is about; `None` where it is about none, and owes no tasks.
    fn award(state: &State<Self>) -> Option<&Award>;

    /// The command that records what was done or assigned of what is owed; `None` where nothing is owed.
    fn desk(command: desk::Command) -> Option<Command<Self>>;

    /// The command that records what was told about the customer; `None` where a case is about nobody.
    fn customer(command: customer::Command) -> Option<Command<Self>>;

    /// What an event tells of the customer. It reaches every other case of theirs, in every service, by itself.
    fn customer_event(event: &Event<Self>) -> Option<&customer::Event>;

    /// What a case knows of its customer.
    fn known_of_customer(state: &State<Self>) -> Option<&Customer>;

    /// The holds of a case; `None` where cases of this kind protect nobody.
    fn holds(_state: &State<Self>) -> Option<&Own> {
        None
    }

    /// The command that writes a hold again above what the ledger knows of it; `None` where cases of this kind protect
    /// nobody.
    fn raise_hold(_raise: Raise) -> Option<Command<Self>> {
        None
    }

    /// The service to which a case has gone on, and which is told there what is passed on to it here.
    fn gone_on_to(_state: &State<Self>) -> Option<Workload> {
        None
    }

    /// The award about which a command would open a case: where there is an open one, the command is that one's.
    fn opens(_command: &Command<Self>) -> Option<&Award> {
        None
    }

    /// The case that a command belongs to which would open another, where its award alone does not say so. Asked within
    /// the command's transaction; whoever asks the same meanwhile has to wait until that has ended.
    fn belongs_to(
        _connection: &mut Connection,
        _command: &Command<Self>,
    ) -> impl Future<Output = Result<Option<String>, sqlx::Error>> + Send {
        ready(Ok(None))
    }

    /// The award about which no other case is opened while this one is as it is.
    fn open_award(_state: &State<Self>) -> Option<&Award> {
        None
    }

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

    /// Adds the calls to other services that follow from what a command brought about. They are kept with its facts, or
    /// not at all. Depends on nothing but what it is given, as a command may be decided more than once.
    fn calls(_brought: &Brought<'_, Self>, _calls: &mut Calls) {}
}

/// What a command brought about.
pub struct Brought<'a, L: Ledger + ?Sized> {
    /// The case.
    pub case: &'a str,
    /// What it amounted to before.
    pub before: &'a State<L>,
    /// What was recorded, at least one event.
    pub events: &'a [Ruled<Event<L>>],
    /// What it amounts to now.
    pub after: &'a State<L>,
    /// Who asked or reported: data for the receiver, never an identity to call under.
    pub actor: &'a Actor,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

/// A ledger's state.
pub type State<L> = <<L as Ledger>::Decider as Decider>::State;
/// A ledger's command.
pub type Command<L> = <<L as Ledger>::Decider as Decider>::Command;
/// A ledger's event.
pub type Event<L> = <<L as Ledger>::Decider as Decider>::Event;
