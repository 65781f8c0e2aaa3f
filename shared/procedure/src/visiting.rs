//! Visiting: from the referral to the outcome of the visits.
//!
//! People record facts, in any order and at any time; [`judge`] says what the facts together amount to. A command adds
//! a fact (or corrects one), the case is judged again as a whole, and every difference from the judgement before is an
//! event of its own. So a fact that comes late, out of order or corrected needs no special case, and the journal shows
//! both what happened and what was made of it when.

mod advice;
mod command;
mod decide;
mod event;
mod fact;
mod file;
mod judge;
mod protects;
mod state;
mod summary;
mod tasks;

pub use command::{Command, Correction, Record};
pub use event::Event;
pub use fact::{
    Channel, Concern, Contact, ContactBy, Ground, Happening, Letter, Outcome, SecondVisit, UnsafeArea, Verdict, Visit,
    WithdrawalGround,
};
pub use file::file;
pub use state::{Fact, Handover, Referral, Settled, Stage, State, Window, open_award};

use crate::{
    Context, Decider, Decision, Recorded, Refusal, Task, Timer,
    customer::{self, Customer},
    desk::{self, Desk},
    draft::{About, Procedure},
    guidance::Guidance,
    protection::{self, CallsFor, Own},
};

/// The visiting procedure.
#[derive(Debug, Clone, Copy)]
pub struct Visiting;

impl Decider for Visiting {
    type State = State;
    type Command = Command;
    type Event = Event;

    fn decide(state: &State, command: &Command, context: &Context<'_>) -> Result<Decision<Event>, Refusal> {
        decide::decide(state, command, context)
    }

    fn evolve(state: &mut State, recorded: &Recorded<'_, Event>) {
        state.evolve(recorded);
    }

    fn tasks(state: &State, guidance: &Guidance) -> Vec<Task> {
        tasks::tasks(state, guidance)
    }

    fn timers(state: &State) -> Vec<Timer> {
        tasks::timers(state)
    }

    fn outlook(state: &State) -> Vec<String> {
        advice::waiting(state).into_iter().collect()
    }
}

impl Procedure for Visiting {
    fn about(state: &State) -> Option<About<'_>> {
        let Referral { award, place, occurred_at, version, .. } = state.referral.as_ref()?;
        Some(About { award, place: Some(place), since: *occurred_at, begun_by: "referral", version })
    }

    fn stage(state: &State) -> &'static str {
        state.stage.name()
    }

    fn allowed(state: &State) -> Vec<&'static str> {
        advice::allowed(state)
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

    fn protection(state: &State) -> Option<(&Own, CallsFor)> {
        state.referral.as_ref().map(|_| (&state.protection, protects::calls_for(state)))
    }

    fn protection_event(event: protection::Event) -> Option<Event> {
        Some(Event::Protection(event))
    }
}
