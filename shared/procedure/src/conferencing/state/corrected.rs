//! What a correction makes of a case: the lists hold what stands, everything else follows from them.

use super::{Signed, State};
use crate::{
    Actor, Recorded,
    conferencing::{
        event::Event,
        fact::{ActionReport, ActionResult, ContactHeard, Fact, Happening},
    },
    facts::{Kept, Superseded},
    handover::EscalationOutcome,
};
use chrono::{DateTime, Utc};

impl State {
    /// Contact heard since the handover, what was wrong of it too, in the order it was recorded.
    pub(in crate::conferencing) fn every_contact(&self) -> impl Iterator<Item = (&ContactHeard, &Kept<Fact>)> {
        self.facts.all().filter_map(|(_, kept)| match &kept.what.happening {
            Happening::Contact(contact) => Some((contact, kept)),
            Happening::Finding(_)
            | Happening::Conference(_)
            | Happening::ActionReport(_)
            | Happening::ClosingNote(_)
            | Happening::Documentation(_) => None,
        })
    }

    /// How often what was considered and agreed at a conference was to be noted: once for each that counts, and once
    /// more for each that turned out to have been otherwise.
    pub(in crate::conferencing) fn review_notes_owed(&self) -> usize {
        let counted = |kept: &Kept<Fact>| kept.what.counts && matches!(kept.what.happening, Happening::Conference(_));
        let owed = self.facts.all().filter(|(_, kept)| counted(kept));
        owed.map(|(_, kept)| 1 + usize::from(kept.superseded.is_some())).sum()
    }

    /// The closing record of this number is the one that stands.
    pub(in crate::conferencing) fn closes_the_case(&self, number: u32) -> bool {
        let counts = |kept: &Kept<Fact>| kept.what.counts && kept.what.happening.is_closing_record();
        let last = self.facts.all().filter(|(_, kept)| kept.superseded.is_none() && counts(kept)).last();
        let made = self.closing_note.is_some() || self.documentation.is_some();
        made && last.is_some_and(|(last, _)| last == number)
    }

    /// Takes in what was recorded.
    pub(super) fn keep(&mut self, happening: Happening, at: DateTime<Utc>, by: &Actor) {
        self.keep_judged(happening, true, at, by);
    }

    /// Takes in what was recorded and judged.
    pub(super) fn keep_judged(&mut self, happening: Happening, counts: bool, at: DateTime<Utc>, by: &Actor) {
        let to_weigh = match &happening {
            Happening::Finding(_) => true,
            Happening::Conference(_) => counts,
            Happening::ActionReport(_)
            | Happening::Contact(_)
            | Happening::ClosingNote(_)
            | Happening::Documentation(_) => false,
        };
        if to_weigh && self.returned_at.is_some() {
            self.after_return.insert(self.facts.next());
        } else if to_weigh {
            self.is_to_be_determined_again();
        }
        self.facts.record(Fact { happening, counts, passed_on: false }, at, by.clone());
    }

    /// Takes in that somebody got in touch.
    pub(super) fn hear_from(&mut self, recorded: &Recorded<'_, Event>) {
        let Event::ContactRecorded { fact: _, contact, passed_on_from, late: _ } = recorded.event.clone() else {
            return;
        };
        let (at, passed_on) = (recorded.at, passed_on_from.is_some());
        let by = passed_on_from.unwrap_or_else(|| recorded.by.clone());
        let fact = Fact { happening: Happening::Contact(contact.clone()), counts: true, passed_on };
        self.facts.record(fact, at, by.clone());
        self.contacts.push(Signed { what: contact, at, by });
        self.is_to_be_determined_again();
    }

    /// Takes in what became of an action.
    pub(super) fn report(&mut self, recorded: &Recorded<'_, Event>) {
        let (at, by) = (recorded.at, recorded.by.clone());
        let Event::ActionReported { fact: _, action, result, occurred_at, account, late: _ } = recorded.event.clone()
        else {
            return;
        };
        let report = ActionReport { action, result, occurred_at, account: account.clone() };
        self.keep(Happening::ActionReport(report), at, &by);
        if let Some(action) = self.actions.get_mut(&action) {
            action.reports.push(Signed { what: (result, account), at, by });
        }
        if result == ActionResult::NotTaken {
            self.is_to_be_determined_again();
        }
    }

    /// The closing record that counts stands in place of any other.
    pub(super) fn closes(&mut self, record: &Happening, counts: bool) {
        match record {
            Happening::ClosingNote(note) if counts => self.closing_note = Some(note.clone()),
            Happening::Documentation(gathered) if counts => self.documentation = Some(gathered.clone()),
            Happening::ClosingNote(_)
            | Happening::Documentation(_)
            | Happening::Finding(_)
            | Happening::Conference(_)
            | Happening::ActionReport(_)
            | Happening::Contact(_) => {}
        }
    }

    /// What is right takes the place of what was wrong.
    pub(in crate::conferencing) fn correct(&mut self, recorded: &Recorded<'_, Event>) {
        let Event::FactCorrected { fact, wrong: _, right, reason, passed_on_from, determined_again, comes_back } =
            recorded.event.clone()
        else {
            return;
        };
        if self.closes_the_case(fact) {
            (self.closing_note, self.documentation) = (None, None);
        }
        let (by_fact, right) = right.unzip();
        if let Some(right) = &right {
            self.closes(&right.happening, right.counts);
        }
        let by = passed_on_from.unwrap_or_else(|| recorded.by.clone());
        if self.after_return.contains(&fact) {
            self.after_return.extend(by_fact);
        }
        self.facts.supersede(fact, right, Superseded { by_fact, reason, at: recorded.at, by });
        self.list_what_stands();
        if self.decision.is_some() {
            self.corrected_since_decision.insert(fact);
        }
        if comes_back {
            self.come_back();
        }
        if determined_again {
            self.is_to_be_determined_again();
        }
    }

    fn list_what_stands(&mut self) {
        self.findings.clear();
        self.conferences.clear();
        self.contacts.clear();
        self.actions.values_mut().for_each(|action| action.reports.clear());
        for kept in self.facts.standing() {
            let (at, by) = (kept.at, kept.by.clone());
            match kept.what.happening.clone() {
                Happening::Finding(what) => self.findings.push(Signed { what, at, by }),
                Happening::Conference(what) => self.conferences.push((Signed { what, at, by }, kept.what.counts)),
                Happening::Contact(what) => self.contacts.push(Signed { what, at, by }),
                Happening::ActionReport(report) => {
                    let action = self.actions.get_mut(&report.action);
                    let what = (report.result, report.account);
                    action.into_iter().for_each(|action| {
                        action.reports.push(Signed { what: what.clone(), at, by: by.clone() });
                    });
                }
                Happening::ClosingNote(_) | Happening::Documentation(_) => {}
            }
        }
    }

    /// Puts the outcome of a conclusion that safeguarding has told of before in its place; `false`: it is another one.
    pub(super) fn outcome_is_corrected(&mut self, outcome: &EscalationOutcome) -> bool {
        let Some(told) = self.outcomes.iter_mut().find(|told| told.concluded_at == outcome.concluded_at) else {
            return false;
        };
        told.clone_from(outcome);
        self.corrected_outcomes.push(outcome.concluded_at);
        true
    }
}
