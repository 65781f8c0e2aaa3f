//! What is done about a safeguarding concern: contact, a leader, agencies, a review, the conclusion.
//!
//! A concern is handed over by whoever leads the case and its outcome goes back to them; the case keeps its reference.
//! Should a concern be determined again after that, a new round begins in which everything is owed anew. What happened
//! is recorded whenever it comes; the conclusion alone waits for all that the guidance asks for ([`gates`]).

mod advice;
mod alert;
mod command;
mod decide;
mod event;
mod fact;
mod gates;
mod narratives;
mod outcome;
mod stage;
mod state;
mod tasks;
mod words;

pub use command::{Command, Correction};
pub use event::Event;
pub use fact::{
    Agency, Attempt, AttemptChannel, AttemptOutcome, Basis, Concern, Contact, Disclosure, Fact, Happening, Liaison,
    Review, Whom,
};
pub use gates::Gate;
pub use outcome::{summary, summary_of};
pub use stage::Stage;
pub use state::{AttemptMade, Filed, Referral, ReviewDate, Round, Said, State};
pub(crate) use words::{by_whom, through};

use crate::{
    Context, Decider, Decision, Recorded, Refusal, Task, Timer,
    benefit::Rules,
    customer::{self, Customer},
    desk::{self, Desk},
    draft::{About, Procedure},
    guidance::Guidance,
};

/// What is done about a safeguarding concern.
#[derive(Debug, Clone, Copy)]
pub struct Escalation;

impl Decider for Escalation {
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
        alert::timers(state)
    }

    fn outlook(state: &State) -> Vec<String> {
        advice::waiting(state)
    }
}

impl Procedure for Escalation {
    fn about(state: &State) -> Option<About<'_>> {
        let round = state.round()?;
        let concern = &round.concern;
        Some(About {
            award: &concern.award,
            place: Some(&concern.place),
            since: concern.occurred_at,
            begun_by: "concern was determined",
            version: &round.version,
        })
    }

    fn stage(state: &State) -> &'static str {
        state.stage.name()
    }

    fn allowed(state: &State) -> Vec<&'static str> {
        advice::allowed(state)
    }

    fn not_prescribed(page: &Rules) -> Vec<&'static str> {
        advice::not_prescribed(&page.escalation)
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
