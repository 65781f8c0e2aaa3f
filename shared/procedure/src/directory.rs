//! The directory of Senior Safeguarding Leaders: who leads in which area. An area is a case of its own, so that it is on
//! record who led there when.

use crate::{
    Context, Decider, Decision, Fault, NarrativeRef, Recorded, Refusal, Ruled, Task, Timer, Told,
    guidance::Guidance,
    rule::{Rule, rulings::R_NO_LEADER, six_point_plan::SSL_1},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The directory's entry for one area.
#[derive(Debug, Clone, Copy)]
pub struct Directory;

/// Who leads where, by area.
pub type Leaders = BTreeMap<String, Leader>;

/// A leader, by opaque references and what their office publishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leader {
    /// The person, by their subject.
    pub person: String,
    /// Their office, by its code.
    pub office: String,
    /// The office's telephone: digits, spaces and a leading +.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<String>,
    /// Since when they lead there.
    pub since: DateTime<Utc>,
}

/// What is known of an area.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// The area's code; `None` before anything was said of it.
    pub area: Option<String>,
    /// Its leader; `None` where it has none.
    pub leader: Option<Leader>,
    /// Since when that is so.
    pub since: Option<DateTime<Utc>>,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Somebody leads in an area.
    SetLeader {
        /// The area, by its code.
        area: String,
        /// Who.
        leader: Leader,
    },
    /// Nobody leads there any more.
    RemoveLeader,
}

/// What the journal keeps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Somebody leads in the area.
    LeaderSet {
        /// The area, by its code.
        area: String,
        /// Who.
        leader: Leader,
    },
    /// Nobody leads there any more.
    LeaderRemoved,
}

/// What an entry of the directory stands on, and under which name: it belongs to no version of any benefit's guidance.
const VERSION: &str = "directory/1";

/// The one stage of an area.
const STAGE: &str = "LISTED";

impl Told for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::LeaderSet { .. } => "leader_set",
            Self::LeaderRemoved => "leader_removed",
        }
    }

    fn occurred_at(&self) -> Option<DateTime<Utc>> {
        None
    }

    fn summary(&self) -> String {
        match self {
            Self::LeaderSet { area, leader } => {
                format!("The leader of the area {area} is {}, {}.", leader.person, leader.office)
            }
            Self::LeaderRemoved => "The area has no leader any more.".to_owned(),
        }
    }

    fn narratives(&self) -> Vec<&NarrativeRef> {
        match self {
            Self::LeaderSet { area: _, leader: _ } | Self::LeaderRemoved => Vec::new(),
        }
    }
}

impl Decider for Directory {
    type State = State;
    type Command = Command;
    type Event = Event;

    fn decide(state: &State, command: &Command, context: &Context<'_>) -> Result<Decision<Event>, Refusal> {
        let (event, rule): (_, &'static Rule) = match command {
            Command::SetLeader { area, leader } => {
                if leader.since > context.now {
                    return Err(Refusal::Invalid(vec![Fault::new("leader.since", "lies in the future")]));
                }
                if state.leader.as_ref() == Some(leader) {
                    return Ok(Decision { events: vec![], notes: vec![] });
                }
                (Event::LeaderSet { area: area.clone(), leader: leader.clone() }, &SSL_1)
            }
            Command::RemoveLeader if state.leader.is_none() => {
                let (rules, why) = (vec![&R_NO_LEADER], "the area has no leader".to_owned());
                return Err(Refusal::NotAllowed { rules, why, stage: STAGE, allowed: vec!["SetLeader"] });
            }
            Command::RemoveLeader => (Event::LeaderRemoved, &R_NO_LEADER),
        };
        Ok(Decision { events: vec![Ruled { event, rules: vec![rule], version: VERSION.to_owned() }], notes: vec![] })
    }

    fn evolve(state: &mut State, recorded: &Recorded<'_, Event>) {
        state.since = Some(recorded.at);
        match recorded.event {
            Event::LeaderSet { area, leader } => {
                state.area = Some(area.clone());
                state.leader = Some(leader.clone());
            }
            Event::LeaderRemoved => state.leader = None,
        }
    }

    fn tasks(_: &State, _: &Guidance) -> Vec<Task> {
        Vec::new()
    }

    fn timers(_: &State) -> Vec<Timer> {
        Vec::new()
    }

    fn outlook(state: &State) -> Vec<String> {
        match &state.leader {
            Some(_) => Vec::new(),
            None => vec!["This area has no leader; whatever is referred there waits (R-NO-LEADER).".to_owned()],
        }
    }
}
