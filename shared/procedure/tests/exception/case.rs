//! An exception with its journal, as owners of payments policy decide on it.

use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::calendar::Calendars;
use holdfast_procedure::customer::{Fact, PassedOn};
use holdfast_procedure::exception::*;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::protection::{Action, ActionGround};
use holdfast_procedure::{
    Actor, Award, Benefit, Context, Decider, Decision, NarrativeRef, Recorded, Refusal, Role, Ruled, Task, Workload,
    customer, desk,
};

/// When every exception is asked for.
pub(crate) fn asked_at() -> DateTime<Utc> {
    "2026-06-01T08:00:00Z".parse().unwrap()
}

pub(crate) fn owner(person: &str) -> Actor {
    Actor { person: person.to_owned(), role: Role::PolicyOwner, workload: Workload::Casework }
}

pub(crate) fn words(text: &str) -> NarrativeRef {
    NarrativeRef(text.to_owned())
}

/// An exception of a week for an award of a benefit.
pub(crate) fn wanted(benefit: Benefit) -> Request {
    Request {
        award: Award { customer: "C-1".to_owned(), benefit, award: "A-1".to_owned() },
        action: Action::Stop,
        ground: ActionGround::NonAttendance,
        until: asked_at() + TimeDelta::days(7),
        legal_basis: words("n-2"),
    }
}

pub(crate) fn ask() -> Command {
    Command::Request { request: wanted(Benefit::Pip), reason: words("n-1") }
}

pub(crate) fn approve() -> Command {
    Command::Approve { reason: words("n-3") }
}

pub(crate) fn decline() -> Command {
    Command::Decline { reason: words("n-4") }
}

pub(crate) fn revoke() -> Command {
    Command::Revoke { reason: words("n-5") }
}

/// What another service has heard.
pub(crate) fn heard(fact: Fact) -> Command {
    let (case, by) = ("HF-2".to_owned(), owner("p-9"));
    let passed_on = Some(PassedOn {
        service: Workload::Conferencing,
        case,
        by,
        at: asked_at(),
        known_as: "C-1".to_owned(),
        taken_in: false,
    });
    Command::Customer(customer::Command { fact, passed_on })
}

pub(crate) fn assign(key: &str, person: &str) -> Command {
    let to = desk::Assignment { person: Some(person.to_owned()), ..desk::Assignment::default() };
    Command::Desk(desk::Command::Assign { key: key.to_owned(), to })
}

/// An exception on its way. After every command its journal is played again and has to amount to the same.
#[derive(Default)]
pub(crate) struct Case {
    pub(crate) state: State,
    pub(crate) journal: Vec<(Ruled<Event>, Actor, DateTime<Utc>)>,
}

impl Case {
    /// One that `p-1` asked for.
    pub(crate) fn asked() -> Self {
        Self::default().then("p-1", &ask())
    }

    /// One that `p-1` asked for and `p-2` approved.
    pub(crate) fn approved() -> Self {
        Self::asked().then("p-2", &approve())
    }

    /// After a command that goes through, at once.
    pub(crate) fn then(self, person: &str, command: &Command) -> Self {
        self.then_at(asked_at(), person, command)
    }

    pub(crate) fn then_at(mut self, now: DateTime<Utc>, person: &str, command: &Command) -> Self {
        let by = owner(person);
        let decision = self.decide(now, &by, command).expect("it goes through");
        self.journal.extend(decision.events.into_iter().map(|ruled| (ruled, by.clone(), now)));
        self.state = State::default();
        for (ruled, by, at) in &self.journal {
            let recorded = Recorded { event: &ruled.event, at: *at, by, version: &ruled.version };
            Exception::evolve(&mut self.state, &recorded);
        }
        self
    }

    pub(crate) fn decide(&self, now: DateTime<Utc>, by: &Actor, command: &Command) -> Result<Decision<Event>, Refusal> {
        let (calendars, guidance) = (Calendars::embedded(), Guidance::published());
        let context = Context { now, actor: by, calendars: &calendars, guidance: &guidance };
        Exception::decide(&self.state, command, &context)
    }

    pub(crate) fn tasks(&self) -> Vec<Task> {
        Exception::tasks(&self.state, &Guidance::published())
    }

    /// What became of a command at `now`: the events, or the stage of a refusal with its rules and what would be allowed.
    pub(crate) fn came_of(&self, now: DateTime<Utc>, by: &Actor, command: &Command) -> String {
        match self.decide(now, by, command) {
            Ok(decision) => {
                let names: Vec<_> = decision.events.iter().map(|ruled| ruled_name(&ruled.event)).collect();
                format!("{names:?}")
            }
            Err(Refusal::NotAllowed { rules, stage, allowed, .. }) => {
                let rules: Vec<_> = rules.iter().map(|rule| rule.id).collect();
                format!("{} at {stage}, but {}", rules.join(" "), allowed.join(" "))
            }
            Err(other) => format!("{other:?}"),
        }
    }
}

fn ruled_name(event: &Event) -> &'static str {
    use holdfast_procedure::Told;
    event.name()
}
