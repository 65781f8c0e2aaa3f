//! The words that the journal keeps with its entries. Every field is named, so that none is added without its words.

use super::{event::Event, fact::Fact};
use crate::{Late, NarrativeRef};

/// The references of the words kept with an entry, in the order that [`crate::Told::narratives`] gives. What gives rise
/// to the concern is kept by conferencing.
pub(super) fn of(event: &Event) -> Vec<&NarrativeRef> {
    match event {
        Event::ContactAttempted {
            fact: _,
            attempt: _,
            made: _,
            call_back: _,
            counts: _,
            account,
            late: Late { late_reason },
        }
        | Event::LiaisonRecorded { fact: _, liaison: _, account, late: Late { late_reason } }
        | Event::DisclosureRecorded { fact: _, disclosure: _, account, late: Late { late_reason } }
        | Event::Reviewed { fact: _, review: _, account, next: _, late: Late { late_reason } }
        | Event::ContactRecorded { fact: _, contact: _, account, late: Late { late_reason } } => {
            [account].into_iter().chain(late_reason).collect()
        }
        Event::FactCorrected { fact: _, wrong: _, right, reason } => {
            let right = right.as_ref();
            let right = right.map(|(_, Fact { happening: _, account, counts: _, call_back: _ })| account);
            right.into_iter().chain([reason]).collect()
        }
        Event::LeaderConsidered { needed: _, reason: words }
        | Event::LeaderAsked { area: _, leader: _, account: words }
        | Event::Concluded { account: words } => vec![words],
        Event::Customer(event) => event.narratives(),
        Event::Task(event) => event.narratives(),
        Event::Opened { concern: _ }
        | Event::LeaderNamed { area: _, leader: _ }
        | Event::ReviewDateSet { review: _ }
        | Event::ReviewOverdue { date: _ }
        | Event::StageReached { stage: _, since: _ } => Vec::new(),
    }
}
