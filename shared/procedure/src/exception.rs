//! The lawful exception to the protection: two owners of payments policy decide that one action may be taken on an award
//! although it is held. It is a decision, not a check: no hold changes and the check answers as before. Whoever acts does
//! so under the exception's reference, for as long as it is in force, and everybody can see it.

mod command;
mod decide;
mod event;
mod state;

pub use command::Command;
pub use decide::LONGEST;
pub use event::{Event, Request};
pub use state::{Stage, State};

use crate::{
    Context, Decider, Decision, Recorded, Refusal, Role, Task, Timer,
    customer::{self, Customer},
    desk::{self, Desk},
    draft::{About, Procedure},
    guidance::Guidance,
    rule::rulings::R_EXCEPTION,
    term::london_date,
};

/// The lawful exception to the protection.
#[derive(Debug, Clone, Copy)]
pub struct Exception;

impl Decider for Exception {
    type State = State;
    type Command = Command;
    type Event = Event;

    fn decide(state: &State, command: &Command, context: &Context<'_>) -> Result<Decision<Event>, Refusal> {
        decide::decide(state, command, context)
    }

    fn evolve(state: &mut State, recorded: &Recorded<'_, Event>) {
        state.evolve(recorded);
    }

    fn tasks(state: &State, _: &Guidance) -> Vec<Task> {
        let undecided = state.request.as_ref().filter(|_| state.recorded() == Stage::Requested);
        let owed = undecided.map(|request| {
            let what = "Approve or decline an exception to the protection; this takes another person than the one who \
                        asked for it";
            let task = Task::new("decision", what, Role::PolicyOwner, request.at, &R_EXCEPTION);
            Task { discharged_by: decide::verb::APPROVE, ..task }
        });
        // A death is told of the customer's cases. Nobody gets in touch over an exception, and none verifies it here.
        state.desk.owed(&Customer::default(), owed.into_iter().collect())
    }

    fn timers(_: &State) -> Vec<Timer> {
        // Its end is compared with the clock whenever it is read, so that nothing has to happen for it to be over.
        Vec::new()
    }

    fn outlook(state: &State) -> Vec<String> {
        let Some(request) = &state.request else { return Vec::new() };
        let until = london_date(request.what.until);
        match state.recorded() {
            Stage::Requested => vec![
                "Nothing may be done under this exception until another owner of payments policy has approved it \
                 (R-EXCEPTION)."
                    .to_owned(),
            ],
            Stage::Approved => vec![format!(
                "The check goes on answering as before; what is done outside it names this exception, which ends on \
                 {until} at the latest (R-EXCEPTION)."
            )],
            Stage::Declined | Stage::Revoked | Stage::Expired => {
                vec!["Nothing may be done under this exception (R-EXCEPTION).".to_owned()]
            }
        }
    }
}

impl Procedure for Exception {
    fn about(state: &State) -> Option<About<'_>> {
        let request = state.request.as_ref()?;
        Some(About {
            award: &request.what.award,
            place: None,
            since: request.at,
            begun_by: "request",
            version: &state.version,
        })
    }

    fn stage(state: &State) -> &'static str {
        state.recorded().name()
    }

    fn allowed(state: &State) -> Vec<&'static str> {
        decide::allowed(state.recorded())
    }

    fn customer(state: &State) -> &Customer {
        &state.customer
    }

    fn desk(state: &State) -> &Desk {
        &state.desk
    }

    fn customer_event(event: customer::Event) -> Event {
        Event::Customer(event)
    }

    fn desk_event(event: desk::Event) -> Event {
        Event::Task(event)
    }
}
