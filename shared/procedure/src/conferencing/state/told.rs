//! What is told of a case from elsewhere: by DWP Visiting, and of the customer.

use super::{ReceivedCase, State};
use crate::{
    Actor, Recorded,
    conferencing::{event::Event, tasks::came_to_light_key},
    customer,
    handover::{File, Happened},
};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

impl State {
    /// Takes in a file that hands the case over. Where it was taken back before, everything that rested on the visits is
    /// to be looked at again; what is known of a concern and of the customer stays.
    pub(super) fn receive(&mut self, file: File, recorded: &Recorded<'_, Event>) {
        let (at, version) = (recorded.at, recorded.version.to_owned());
        let concerns = self.unconsidered_concerns().collect();
        let file = match self.received.take() {
            // What became known of the customer here is not undone by a file from elsewhere.
            Some(ReceivedCase { file: known, at, .. }) => {
                self.begin_again();
                self.came_to_light = concerns;
                let joined = known.with_joined(&file.joined);
                // Where the customer was traced to meanwhile, only the file tells.
                let moved_since = self.customer.moved_at.is_some_and(|moved| moved > at);
                let place = if moved_since { known.place } else { file.place.clone() };
                File { award: known.award, place, joined, ..file }
            }
            None => file,
        };
        self.received = Some(ReceivedCase { file, at, version });
    }

    fn begin_again(&mut self) {
        (self.taken_back, self.decision, self.decided_once, self.decided_unaware) = (None, None, false, false);
        (self.determination, self.outcome_is_back, self.concern_found) = (None, false, self.concern_stands);
        self.further_information.clear();
        (self.conference_by, self.conference_term) = (None, None);
        self.convened.clear();
        self.reopened.clear();
        self.came_to_light.clear();
        (self.conferred_since_escalated, self.new_since_outcome) = (false, true);
        self.corrected_since_decision.clear();
        // What was noted and owned for the visits before is owed anew, whoever has the file.
        self.came_back += usize::from(self.returned_at.is_none());
        self.come_back();
    }

    /// DWP Visiting has taken the case back, and nothing keeps it here: no concern, and no decision that may have to be
    /// looked at again.
    pub(in crate::conferencing) fn ends_as_taken_back(&self) -> bool {
        let unconsidered = || self.unconsidered_concerns().next().is_some();
        self.goes_back() && !self.concern_is_followed_up() && !unconsidered()
    }

    /// DWP Visiting has taken the case back before anything was decided: it leads again.
    pub(in crate::conferencing) fn goes_back(&self) -> bool {
        self.taken_back.is_some() && !self.decided_once
    }

    /// A concern was determined, and neither ruled out nor followed by a decision since, or is with safeguarding.
    pub(in crate::conferencing) fn concern_is_followed_up(&self) -> bool {
        self.concern_stands || self.escalated
    }

    /// Concerns that came to light after the handover and that nobody has considered, by number. Until somebody has, they
    /// are taken to stand.
    fn unconsidered_concerns(&self) -> impl Iterator<Item = u32> {
        let entries = self.received.iter().flat_map(|received| &received.file.entries);
        let concerns = entries.filter(|entry| entry.what == Happened::Concern).map(|entry| entry.fact);
        let considered = |fact| self.desk.completed.contains_key(&came_to_light_key(fact));
        concerns.filter(move |fact| self.came_to_light.contains(fact) && !considered(*fact))
    }

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
        let leads = !self.goes_back();
        let Some(received) = &mut self.received else { return };
        // What was told before the visits that count led DWP Visiting to ask for the review.
        let since = received.file.since;
        self.customer.evolve(event, (at, by), &received.file.award.customer, |told_at| leads && told_at >= since);
        match &event.fact {
            customer::Fact::Moved { place, .. } => received.file.place = place.clone(),
            customer::Fact::Merged { into } => received.file.award.customer.clone_from(into),
            customer::Fact::DeathReported { .. }
            | customer::Fact::DeathConfirmed { .. }
            | customer::Fact::DeathReportMistaken { .. } => {}
        }
    }
}
