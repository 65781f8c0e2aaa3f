//! What people do with what is owed, alike in every case: a task done in another system, a task given to somebody.

use crate::{
    Fault, NarrativeRef, Refusal, Role, Task,
    case::Late,
    customer::Customer,
    draft::{CLOCK_SKEW, Draft, Procedure},
    task::{COMPLETE_TASK, Cover},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The verb for giving a task to somebody.
pub(crate) const ASSIGN_TASK: &str = "AssignTask";

/// What was done of what is owed, and who was given what.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Desk {
    /// Tasks done in other systems, by key.
    pub completed: BTreeMap<String, Completion>,
    /// Who was given which task, by key.
    pub assigned: BTreeMap<String, Given>,
}

/// A task that was given to somebody. It says nothing of a task that another party owes by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Who owed the task when it was given.
    pub owner: Role,
    /// To whom it was given.
    pub to: Assignment,
}

/// A task done in another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// When it was done.
    pub occurred_at: DateTime<Utc>,
    /// In which system.
    pub system: String,
    /// Under which reference there.
    pub reference: String,
}

/// To whom a task was given. With nothing in it, the task is given back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The team, by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The person, by their subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Who stands in while the person is away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Cover>,
}

/// What can be reported or asked about a task.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// It was done in another system.
    Complete {
        /// The task's key.
        key: String,
        /// When it was done.
        occurred_at: DateTime<Utc>,
        /// In which system.
        system: String,
        /// Under which reference there.
        reference: String,
        /// Why it is recorded late.
        late_reason: Option<NarrativeRef>,
    },
    /// It is given to somebody.
    Assign {
        /// The task's key.
        key: String,
        /// To whom.
        to: Assignment,
    },
}

/// What the journal keeps of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "done", rename_all = "snake_case")]
pub enum Event {
    /// Something owed was done in another system.
    Completed {
        /// The task's key.
        key: String,
        /// What was owed; `None` in entries from before that was kept with them.
        #[serde(default, rename = "owed", skip_serializing_if = "Option::is_none")]
        what: Option<String>,
        /// When it was done.
        occurred_at: DateTime<Utc>,
        /// In which system.
        system: String,
        /// Under which reference there.
        reference: String,
        /// Why it is recorded late, where a reason was given.
        #[serde(flatten)]
        late: Late,
    },
    /// Something owed was given to somebody.
    Assigned {
        /// The task's key.
        key: String,
        /// What is owed; `None` in entries from before that was kept with them.
        #[serde(default, rename = "owed", skip_serializing_if = "Option::is_none")]
        what: Option<String>,
        /// Who owed it then.
        owner: Role,
        /// To whom.
        to: Assignment,
    },
}

impl Event {
    /// The event's stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Completed { .. } => "task_completed",
            Self::Assigned { .. } => "task_assigned",
        }
    }

    /// When it happened; `None` where that is when it was recorded.
    #[must_use]
    pub fn occurred_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Completed { occurred_at, .. } => Some(*occurred_at),
            Self::Assigned { .. } => None,
        }
    }

    /// One sentence for people.
    #[must_use]
    pub fn summary(&self) -> String {
        match self {
            Self::Completed { key, what, system, reference, .. } => {
                format!("Done in {system}, reference {reference}: {}.", what.as_ref().unwrap_or(key))
            }
            Self::Assigned { key, what, to, owner: _ } => {
                let what = what.as_ref().unwrap_or(key);
                let to_whom: Vec<_> = [to.team.as_deref(), to.person.as_deref()].into_iter().flatten().collect();
                if to_whom.is_empty() {
                    return format!("Given back: {what}.");
                }
                let cover = to.cover.as_ref().map(|cover| format!(", with {} as cover", cover.person));
                format!("Given to {}{}: {what}.", to_whom.join(", "), cover.unwrap_or_default())
            }
        }
    }

    /// The references of the words kept with it, in the order that [`crate::Told::narratives`] gives.
    #[must_use]
    pub fn narratives(&self) -> Vec<&NarrativeRef> {
        match self {
            Self::Completed {
                key: _,
                what: _,
                occurred_at: _,
                system: _,
                reference: _,
                late: Late { late_reason },
            } => late_reason.iter().collect(),
            Self::Assigned { key: _, what: _, owner: _, to: _ } => Vec::new(),
        }
    }
}

impl Desk {
    /// Takes one more event in.
    pub fn evolve(&mut self, event: Event) {
        match event {
            Event::Completed { key, what: _, occurred_at, system, reference, late: _ } => {
                self.completed.insert(key, Completion { occurred_at, system, reference });
            }
            Event::Assigned { key, what: _, owner, to } => {
                if to == Assignment::default() {
                    self.assigned.remove(&key);
                } else {
                    self.assigned.insert(key, Given { owner, to });
                }
            }
        }
    }

    /// What is still owed of these tasks, and by whom: what was done in other systems is not, and nobody contacts a
    /// customer who is said to have died.
    #[must_use]
    pub fn owed(&self, customer: &Customer, tasks: Vec<Task>) -> Vec<Task> {
        let mut tasks: Vec<_> = customer.stop_contact(tasks);
        tasks.retain(|task| !self.completed.contains_key(&task.key));
        for task in &mut tasks {
            if let Some(to) = self.given(task) {
                task.team.clone_from(&to.team);
                task.person = to.person.clone().or(task.person.take());
                task.cover.clone_from(&to.cover);
            }
        }
        tasks
    }

    /// To whom a task was given by those who owe it now.
    fn given(&self, task: &Task) -> Option<&Assignment> {
        self.assigned.get(&task.key).filter(|given| given.owner == task.owner).map(|given| &given.to)
    }
}

/// What follows from a command about a task.
pub(crate) fn decide<P: Procedure>(draft: &mut Draft<'_, P>, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Complete { key, occurred_at, system, reference, late_reason } => {
            draft.happened("occurred_at", *occurred_at, late_reason.as_ref())?;
            let task = owed(draft, key)?;
            may_complete(draft, &task, *occurred_at)?;
            let (key, what) = (key.clone(), Some(task.what));
            let (system, reference) = (system.clone(), reference.clone());
            let late = Late { late_reason: late_reason.clone() };
            let event = Event::Completed { key, what, occurred_at: *occurred_at, system, reference, late };
            draft.add(P::desk_event(event), vec![task.rule], *occurred_at);
        }
        Command::Assign { key, to } => {
            let task = owed(draft, key)?;
            may_assign(draft, &task, to)?;
            if P::desk(&draft.state).given(&task).cloned().unwrap_or_default() != *to {
                let (key, what) = (key.clone(), Some(task.what));
                let event = Event::Assigned { key, what, owner: task.owner, to: to.clone() };
                draft.add(P::desk_event(event), vec![task.rule], draft.context.now);
            }
        }
    }
    Ok(())
}

/// The task with this key, if it is owed.
fn owed<P: Procedure>(draft: &Draft<'_, P>, key: &str) -> Result<Task, Refusal> {
    let task = P::tasks(&draft.state, draft.context.guidance).into_iter().find(|task| task.key == key);
    task.ok_or_else(|| Refusal::NoSuchPart("no such task is owed on this case".to_owned()))
}

/// A task is done by whoever owes it, since what gives rise to it happened, and elsewhere.
fn may_complete<P: Procedure>(draft: &Draft<'_, P>, task: &Task, done_at: DateTime<Utc>) -> Result<(), Refusal> {
    let refused = |why: String| Err(draft.refused("", vec![task.rule], why));
    if task.discharged_by != COMPLETE_TASK {
        return refused(format!("{} discharges this task", task.discharged_by));
    }
    if !draft.context.actor.role.acts_as(task.owner) {
        return refused(format!("this task is the {}'s", task.owner.title()));
    }
    if done_at + CLOCK_SKEW < task.arose_at.unwrap_or(task.since) {
        return Err(Refusal::Invalid(vec![Fault::new("occurred_at", "lies before what gives rise to the task")]));
    }
    Ok(())
}

/// Whoever owes a task may take it or give it to a colleague; those who lead people may give anybody's.
fn may_assign<P: Procedure>(draft: &Draft<'_, P>, task: &Task, to: &Assignment) -> Result<(), Refusal> {
    let role = draft.context.actor.role;
    let leads = matches!(role, Role::LineManager | Role::TeamLeader | Role::Heo | Role::SafeguardingLeader);
    if !leads && !role.acts_as(task.owner) {
        let why = format!("this task is the {}'s to give, or a line manager's", task.owner.title());
        return Err(draft.refused(ASSIGN_TASK, vec![task.rule], why));
    }
    let mut faults = Vec::new();
    if let Some(cover) = &to.cover {
        if to.person.as_ref().is_none_or(|person| *person == cover.person) {
            faults.push(Fault::new("cover.person", "stands in for somebody else, who has to be named in person"));
        }
        if cover.until <= draft.context.now {
            faults.push(Fault::new("cover.until", "has to lie ahead"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::Invalid(faults)) }
}
