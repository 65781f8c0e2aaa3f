//! What holds of the directory of leaders (SSL-1, R-NO-LEADER): an area has one leader or none, as was said last, and
//! whoever leads does so until somebody else does or they are removed.

use super::directory::DirectorySubject;
use super::law::Law;
use super::subject::{Moment, Taken};
use chrono::{DateTime, Utc};
use holdfast_procedure::directory::*;
use holdfast_procedure::{Decider, Recorded, Task};

/// What was recorded: whoever leads by that, and since when they do.
#[derive(Debug, Clone, Default, Hash)]
pub(crate) struct Heard {
    area: Option<String>,
    leads: Option<(String, String, Option<String>, DateTime<Utc>)>,
    /// Nobody led for a while, other than by being removed.
    gap: bool,
    pub(crate) changes: usize,
}

fn as_told(leader: &Leader) -> (String, String, Option<String>, DateTime<Utc>) {
    (leader.person.clone(), leader.office.clone(), leader.telephone.clone(), leader.since)
}

impl Heard {
    pub(crate) fn hear(&mut self, recorded: &Recorded<'_, Event>) {
        self.changes += 1;
        match recorded.event {
            Event::LeaderSet { area, leader } => {
                (self.area, self.leads) = (Some(area.clone()), Some(as_told(leader)));
            }
            Event::LeaderRemoved => {
                self.gap |= self.leads.is_none();
                self.leads = None;
            }
        }
    }
}

/// The laws that a step breaks.
pub(crate) fn broken_by(taken: &Taken<'_, DirectorySubject>) -> Vec<Law> {
    let (before, after, now) = (&taken.before.state, &taken.after.state, taken.before.now);
    let names: Vec<_> = taken.events.iter().map(|ruled| &ruled.event).collect();
    let laws = match &taken.step.command {
        // Whoever led leads until the other does: the handover is one event, and after it the area has a leader.
        Command::SetLeader { area, leader } => vec![
            (Law::WhatHappenedIsRecorded, after.leader.as_ref() == Some(leader) && after.area.as_ref() == Some(area)),
            (Law::LeadsUntilHandedOver, names.iter().all(|event| matches!(event, Event::LeaderSet { .. }))),
            (Law::LeadsUntilHandedOver, names.len() == usize::from(before.leader.as_ref() != Some(leader))),
            (Law::NobodyLeadsAheadOfTime, leader.since <= now),
        ],
        Command::RemoveLeader => vec![
            (Law::WhatHappenedIsRecorded, after.leader.is_none() && names == [&Event::LeaderRemoved]),
            (Law::LeadsUntilHandedOver, before.leader.is_some()),
        ],
    };
    laws.into_iter().filter(|(_, holds)| !holds).map(|(law, _)| law).collect()
}

/// The laws that a state breaks.
pub(crate) fn broken_at(at: &Moment<DirectorySubject>, tasks: &[Task]) -> Vec<Law> {
    let (state, heard) = (&at.state, &at.heard);
    let leads = state.leader.as_ref().map(as_told);
    let shown = Directory::outlook(state).iter().any(|told| told.contains("R-NO-LEADER"));
    let laws = [
        (Law::OneLeaderAtATime, leads == heard.leads && state.area == heard.area && !heard.gap),
        (Law::NobodyLeadsAheadOfTime, state.leader.as_ref().is_none_or(|leader| leader.since <= at.now)),
        (Law::StageRestsOnFacts, shown == state.leader.is_none() && tasks.is_empty()),
    ];
    laws.into_iter().filter(|(_, holds)| !holds).map(|(law, _)| law).collect()
}
