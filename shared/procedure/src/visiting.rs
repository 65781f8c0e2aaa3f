//! Visiting: from the first consideration, concern or referral to the outcome of the visits.
//!
//! People record facts, in any order and at any time; [`judge`] says what the facts together amount to. A command adds
//! a fact (or corrects one), the case is judged again as a whole, and every difference from the judgement before is an
//! event of its own. So a fact that comes late, out of order or corrected needs no special case, and the journal shows
//! both what happened and what was made of it when.

mod advice;
mod before;
mod command;
mod decide;
mod event;
mod fact;
mod file;
mod form;
mod gate;
mod judge;
mod narratives;
mod protects;
mod state;
mod summary;
mod tasks;

pub use command::{Command, Correction, DeferralDecision, GoodCause, GoodCauseDecision, Opening, Record, Retracting};
pub use event::Event;
pub use fact::{
    AddressTrace, Booked, Booking, BookingMade, Channel, Concern, Conclusion, Consideration, ConsideredItem, Contact,
    ContactBy, FollowUp, Ground, Happening, Indicator, Letter, Outcome, SecondVisit, Seen, Situation, Triage,
    TriageResult, Understanding, Understood, UnderstoodAnswer, UnsafeArea, Verdict, Visit, WithdrawalGround,
};
pub use file::file;
pub use form::{Activity, Answer, Eligibility, FormItem, FormText, VisitingForm};
pub use gate::Gate;
pub use state::{
    Decided, Fact, FollowUpDue, FollowUpState, GoodCauseDecided, Handover, Joined, Opened, OpenedBy, Referral,
    Retraction, Stage, State, Window, Withdrawal, open_award,
};

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
        let Opened { award, place, occurred_at, how, version, .. } = state.opened.as_ref()?;
        Some(About { award, place: Some(place), since: *occurred_at, begun_by: how.title(), version })
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
        state.opened.as_ref().map(|_| (&state.protection, protects::calls_for(state)))
    }

    fn protection_event(event: protection::Event) -> Option<Event> {
        Some(Event::Protection(event))
    }
}
