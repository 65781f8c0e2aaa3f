//! What comes before a sanction: a failed requirement, the case conference of work coach and site leader, the claimant's
//! explanation, and the decision that weighs everything. It is not the conference that follows two visits, and protects
//! nobody: whether an award may be acted on is for the check of protection to answer. As a decision on a sanction is among what that
//! guards against, it is refused while the award is known to be held.
//!
//! People record facts in any order and at any time; the referral and the decision are refused until what has to come
//! first is done. How far a case has come follows from the facts that stand. What was recorded wrongly is superseded and
//! stays readable; a case that is not pursued is withdrawn.

mod command;
mod decide;
mod event;
mod fact;
mod narratives;
mod state;
mod tasks;

pub use command::{Check, Command, Correction, Other};
pub use event::Event;
pub use fact::{
    Answer, Assurance, Conference, Decided, Explanation, Failure, GoodReason, Happening, Invitation, Outcome,
    Requirement, Weighed, Withdrawal, WithdrawalGround,
};
pub use state::{Stage, State};

use crate::{
    Context, Decider, Decision, Recorded, Refusal, Task, Timer,
    customer::{self, Customer},
    desk::{self, Desk},
    draft::{About, Procedure},
    guidance::Guidance,
};

/// What comes before a sanction.
#[derive(Debug, Clone, Copy)]
pub struct Sanction;

impl Decider for Sanction {
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
        tasks::tasks(state)
    }

    /// No instant changes a case by itself: the letter gives no time for anything.
    fn timers(_: &State) -> Vec<Timer> {
        Vec::new()
    }

    fn outlook(state: &State) -> Vec<String> {
        tasks::outlook(state)
    }
}

impl Procedure for Sanction {
    fn about(state: &State) -> Option<About<'_>> {
        let failure = state.failure.as_ref()?;
        Some(About {
            award: &failure.what.award,
            place: Some(&failure.what.place),
            since: failure.what.occurred_at,
            begun_by: "failure",
            version: &state.version,
        })
    }

    fn stage(state: &State) -> &'static str {
        state.stage().name()
    }

    fn allowed(state: &State) -> Vec<&'static str> {
        decide::allowed(state)
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
