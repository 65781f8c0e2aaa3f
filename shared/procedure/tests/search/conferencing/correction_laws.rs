//! What has to follow where something was recorded wrongly at conferencing.

use super::asks::Asks;
use super::conferencing_facts::What;
use super::conferencing_laws::Heard;
use holdfast_procedure::conferencing::{ActionResult, Documented, Event, Happening};
use holdfast_procedure::{Recorded, Role};

impl Heard {
    pub(crate) fn hear_correction(&mut self, asks: &Asks, recorded: &Recorded<'_, Event>) {
        let Event::FactCorrected { fact, right, passed_on_from, .. } = recorded.event else { return };
        let by = passed_on_from.as_ref().unwrap_or(recorded.by).role;
        let right = right.as_ref().map(|(_, right)| &right.happening);
        let (again, comes_back) = self.take_back(asks, *fact, right, by);
        self.is_new(recorded.at);
        if comes_back {
            self.comes_back();
        }
        if again {
            self.unsettle();
        }
    }

    /// Whether the determination has to be made once more over a correction, and whether the file is with the lead again.
    pub(crate) fn corrected(&self, asks: &Asks, fact: u32, right: Option<&Happening>, by: Role) -> (bool, bool) {
        self.clone().take_back(asks, fact, right, by)
    }

    /// Puts what is right in the place of what was wrong. What was determined on the wrong fact, or lacks something now
    /// that it had, is determined once more, and the file comes back with it from whoever decides; so it does without
    /// the record that closes the case. What was decided stays decided.
    fn take_back(&mut self, asks: &Asks, fact: u32, right: Option<&Happening>, by: Role) -> (bool, bool) {
        let Some(wrong) = self.facts.get(fact).cloned() else { return (false, false) };
        let before = self.clone();
        let closed = self.closed && wrong.what == What::Closing(true);
        let (what, closes) = right.map(|right| self.what(asks, right, by, closed)).unzip();
        let conference = |what: &What| matches!(what, What::Conference(Some(_)));
        self.review_note &= !conference(&wrong.what) && !what.as_ref().is_some_and(conference);
        let known = self.after_return.iter().any(|(number, _)| *number == fact);
        self.after_return.retain(|(number, _)| *number != fact);
        let corrected = what.is_some();
        self.facts.supersede(fact, what);
        self.after_return.extend((known && corrected).then(|| (self.facts.last(), by.title())));
        self.closed &= !closed;
        if closes == Some(true) {
            self.facts.closes(true);
            self.closed = true;
        }
        if before.decided {
            return (false, false);
        }
        let known = before.unmet(asks);
        let less = self.unmet(asks).iter().any(|law| !known.contains(law))
            || self.open_actions().any(|action| before.open_actions().all(|open| open != action))
            // With whoever decides, what was said otherwise is theirs to consider.
            || (!before.returned && self.said_otherwise(asks, &before));
        let again = before.satisfied() && (before.facts.bears(&wrong) || less);
        let unclosed = !before.closing_is_owed(asks) && self.closing_is_owed(asks);
        (again, before.returned && (again || unclosed))
    }

    fn said_otherwise(&self, asks: &Asks, before: &Self) -> bool {
        let unheard = self.unheard(asks.lead);
        !unheard.is_empty() && unheard != before.unheard(asks.lead)
    }

    /// What is right, and whether it closes the case: in place of a record that did, wherever the file is.
    fn what(&self, asks: &Asks, right: &Happening, by: Role, closed: bool) -> (What, bool) {
        let closes = |documentation, at| {
            if closed {
                self.would_close(asks, documentation, by, at)
            } else {
                self.may_close(asks, documentation, by, at)
            }
        };
        match right {
            Happening::Finding(finding) => (self.found(finding), false),
            Happening::Conference(conference) => (What::Conference(self.held(asks, conference)), false),
            Happening::ActionReport(report) => {
                (What::Report(report.action as usize, report.result == ActionResult::NotTaken), false)
            }
            Happening::Contact(_) => (What::Contact(by.title()), false),
            Happening::ClosingNote(note) => (What::Closing(false), closes(false, note.occurred_at)),
            Happening::Documentation(gathered) => {
                let complete = gathered.conference_outcome == Documented::Included;
                (What::Closing(false), complete && closes(true, gathered.occurred_at))
            }
        }
    }
}
