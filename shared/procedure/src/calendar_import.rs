//! Newer calendars of bank holidays, imported by command and journalled like everything else, so that every replica
//! counts the same days.

use crate::{
    Context, Decider, Decision, Fault, NarrativeRef, Recorded, Refusal, Ruled, Task, Timer, Told, calendar::Calendar,
    guidance::Guidance, rule::rulings::R_WORKING_DAYS,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The calendar of one division, as far as it was imported.
#[derive(Debug, Clone, Copy)]
pub struct CalendarImport;

/// What can be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// Put a newer calendar in force.
    Import(Calendar),
}

/// What the journal keeps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A newer calendar came into force.
    CalendarImported {
        /// The calendar, whole.
        calendar: Calendar,
    },
}

impl Told for Event {
    fn name(&self) -> &'static str {
        "calendar_imported"
    }

    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        None
    }

    fn summary(&self) -> String {
        let Self::CalendarImported { calendar } = self;
        format!("The calendar of {} is {}, up to {}.", calendar.division(), calendar.version(), calendar.horizon())
    }

    fn narratives(&self) -> Vec<&NarrativeRef> {
        let Self::CalendarImported { calendar: _ } = self;
        Vec::new()
    }
}

impl Decider for CalendarImport {
    type State = Option<Calendar>;
    type Command = Command;
    type Event = Event;

    fn decide(_: &Self::State, command: &Command, context: &Context<'_>) -> Result<Decision<Event>, Refusal> {
        let Command::Import(calendar) = command;
        let in_force = context.calendars.of_division(calendar.division());
        if in_force.version() == calendar.version() {
            let why = "is the version that is in force already; a newer calendar has a version of its own";
            return Err(Refusal::Invalid(vec![Fault::new("version", why)]));
        }
        if calendar.horizon() < in_force.horizon() {
            let why = format!("ends before the calendar in force, which reaches to {}", in_force.horizon());
            return Err(Refusal::Invalid(vec![Fault::new("gov_uk_json", why)]));
        }
        let event = Event::CalendarImported { calendar: calendar.clone() };
        let version = calendar.version().to_owned();
        Ok(Decision { events: vec![Ruled { event, rules: vec![&R_WORKING_DAYS], version }], notes: vec![] })
    }

    fn evolve(state: &mut Self::State, recorded: &Recorded<'_, Event>) {
        let Event::CalendarImported { calendar } = recorded.event;
        *state = Some(calendar.clone());
    }

    fn tasks(_: &Self::State, _: &Guidance) -> Vec<Task> {
        Vec::new()
    }

    fn timers(_: &Self::State) -> Vec<Timer> {
        Vec::new()
    }

    fn outlook(_: &Self::State) -> Vec<String> {
        Vec::new()
    }
}
