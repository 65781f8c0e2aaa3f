//! Case conferencing: from the handover by DWP Visiting to the informed decision.
//!
//! People record facts in any order and at any time; what is asked for (a determination that rules a concern out, a
//! return, a decision) is refused until [`gates`] finds its musts met. How far a case has come follows from what is met,
//! never from what was asked last.

mod advice;
mod command;
mod decide;
mod event;
mod fact;
mod gates;
mod narratives;
mod protects;
mod stage;
mod state;
mod summary;
mod tasks;

pub use command::{Command, Correction};
pub use event::Event;
pub use fact::{
    ActionReport, ActionResult, AssuranceItem, ClosingNote, ConferenceHeld, ContactHeard, Deferral, Documentation,
    Documented, Fact, Finding, FindingResult, Happening, Marker, Outcome, Participant, PartnershipManager,
    PartnershipManagerConsidered, Party,
};
pub use gates::Gate;
pub use stage::Stage;
pub use state::{Action, Convened, Determination, ReceivedCase, Signed, State, Stated};

use crate::{
    Context, Decider, Decision, Recorded, Refusal, Task, Timer,
    benefit::Rules,
    customer::{self, Customer},
    desk::{self, Desk},
    draft::{About, Procedure},
    guidance::Guidance,
    protection::{self, CallsFor, Own},
};

/// The conferencing procedure.
#[derive(Debug, Clone, Copy)]
pub struct Conferencing;

impl Decider for Conferencing {
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

    /// No instant changes a case by itself: what is overdue is seen by its date.
    fn timers(_: &State) -> Vec<Timer> {
        Vec::new()
    }

    fn outlook(state: &State) -> Vec<String> {
        advice::waiting(state)
    }
}

impl Procedure for Conferencing {
    fn about(state: &State) -> Option<About<'_>> {
        let received = state.received.as_ref()?;
        Some(About {
            award: &received.file.award,
            place: Some(&received.file.place),
            since: received.file.referral.occurred_at,
            begun_by: "referral",
            version: &received.version,
        })
    }

    fn stage(state: &State) -> &'static str {
        state.stage.name()
    }

    fn allowed(state: &State) -> Vec<&'static str> {
        advice::allowed(state)
    }

    fn not_prescribed(page: &Rules) -> Vec<&'static str> {
        advice::not_prescribed(&page.conferencing)
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
        state.received.as_ref().map(|_| (&state.protection, protects::calls_for(state)))
    }

    fn protection_event(event: protection::Event) -> Option<Event> {
        Some(Event::Protection(event))
    }
}
