//! What is told of a case from elsewhere: by DWP Visiting, and of the customer.

use super::State;
use crate::{Actor, customer, handover::File};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

impl State {
    /// Takes in the file as it is now. What came to light was not considered by whoever was satisfied before.
    pub(super) fn update(&mut self, file: File) {
        let Some(received) = &mut self.received else { return };
        let known: BTreeSet<_> = received.file.entries.iter().map(|entry| entry.fact).collect();
        let new = file.entries.iter().map(|entry| entry.fact).filter(|fact| !known.contains(fact));
        let before = self.came_to_light.len();
        self.came_to_light.extend(new);
        let came_to_light = self.came_to_light.len() > before;
        // What became known of the customer here is not undone by a file from elsewhere.
        let (award, place, lead) = (received.file.award.clone(), received.file.place.clone(), received.file.lead);
        let joined = received.file.with_joined(&file.joined);
        received.file = File { award, place, joined, lead, ..file };
        if came_to_light {
            self.is_to_be_determined_again();
        }
    }

    /// Takes in what became known of the customer.
    pub(super) fn hear(&mut self, event: &customer::Event, at: DateTime<Utc>, by: &Actor) {
        let Some(received) = &mut self.received else { return };
        self.customer.evolve(event, at, by, &received.file.award.customer);
        match &event.fact {
            customer::Fact::Moved { place, .. } => received.file.place = place.clone(),
            customer::Fact::Merged { into } => received.file.award.customer.clone_from(into),
            customer::Fact::DeathReported { .. }
            | customer::Fact::DeathConfirmed { .. }
            | customer::Fact::DeathReportMistaken { .. } => {}
        }
    }
}
