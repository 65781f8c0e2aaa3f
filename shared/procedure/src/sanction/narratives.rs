//! The words that the journal keeps with its entries. Every field is named, so that none is added without its words.

use super::{
    event::Event,
    fact::{Conference, Decided, Explanation, Failure, Happening, Withdrawal},
};
use crate::{Late, NarrativeRef};

/// The references of the words kept with an entry, in the order that [`crate::Told::narratives`] gives.
pub(super) fn of(event: &Event) -> Vec<&NarrativeRef> {
    match event {
        Event::Failed { failure, late: Late { late_reason } }
        | Event::FailedAgain { failure, late: Late { late_reason } } => {
            [of_failure(failure)].into_iter().chain(late_reason).collect()
        }
        Event::Conferred { conference, late: Late { late_reason } } => {
            [of_conference(conference)].into_iter().chain(late_reason).collect()
        }
        Event::Invited { invitation: _, late: Late { late_reason } } => late_reason.iter().collect(),
        Event::Explained { explanation, late: Late { late_reason } } => {
            [of_explanation(explanation)].into_iter().chain(late_reason).collect()
        }
        Event::FactCorrected { fact: _, right, reason } => {
            let right = right.as_ref().and_then(|(_, right)| of_happening(right));
            right.into_iter().chain([reason]).collect()
        }
        Event::Referred { reason: words }
        | Event::Decided(Decided {
            outcome: _,
            weighed_circumstances: _,
            weighed_health: _,
            weighed_good_reason: _,
            weighed: words,
        })
        | Event::Reconsidered { reason: words }
        | Event::Withdrawn(Withdrawal { ground: _, reason: words }) => vec![words],
        Event::Customer(event) => event.narratives(),
        Event::Task(event) => event.narratives(),
    }
}

fn of_happening(happening: &Happening) -> Option<&NarrativeRef> {
    match happening {
        Happening::Failure(failure) => Some(of_failure(failure)),
        Happening::Conference(conference) => Some(of_conference(conference)),
        Happening::Explanation(explanation) => Some(of_explanation(explanation)),
        Happening::Invitation(_) => None,
    }
}

fn of_failure(failure: &Failure) -> &NarrativeRef {
    let Failure { award: _, place: _, requirement: _, occurred_at: _, account } = failure;
    account
}

fn of_conference(conference: &Conference) -> &NarrativeRef {
    let Conference { occurred_at: _, participants: _, good_reason: _, requirement: _, account } = conference;
    account
}

fn of_explanation(Explanation { occurred_at: _, answer: _, account }: &Explanation) -> &NarrativeRef {
    account
}
