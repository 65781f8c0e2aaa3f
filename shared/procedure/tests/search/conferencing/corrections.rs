//! What is tried at conferencing where something was recorded wrongly.

use super::asks::london;
use super::conferencing::{ConferencingSubject, Wrongly};
use super::conferencing_moves::{RECEIVED, Step, step};
use super::people::{of, suite, words};
use super::subject::{Moment, Move};
use chrono::TimeDelta;
use holdfast_procedure::conferencing::*;
use holdfast_procedure::handover::EscalationOutcome;
use holdfast_procedure::visiting::{Channel, ContactBy};
use holdfast_procedure::{NarrativeRef, Role};

/// The words of contact that safeguarding passed on.
fn passed_on_words() -> NarrativeRef {
    NarrativeRef("n-2".to_owned())
}

fn correction(fact: u32, right: Option<Happening>) -> Command {
    Command::Correct(Correction { fact, right, reason: words() })
}

fn was_corrected(at: &Moment<ConferencingSubject>) -> bool {
    at.state.facts.all().any(|(_, kept)| kept.superseded.is_some())
}

impl ConferencingSubject {
    pub(crate) fn corrections(&self, at: &Moment<Self>) -> Vec<Step> {
        match self.scope.wrongly {
            Wrongly::Nothing => Vec::new(),
            Wrongly::Checked | Wrongly::Reported => self.corrected(at),
            Wrongly::Heard => [self.corrected(at), self.passed_on(at)].concat(),
            Wrongly::Concluded => Self::concluded_otherwise(at),
        }
    }

    fn is_tried(&self, happening: &Happening) -> bool {
        // Of findings one is tried, and whether an appointment should be deferred, which a conference answers too.
        let items = [self.asks.items.first(), self.asks.items.last()];
        match happening {
            Happening::Finding(told) => self.scope.wrongly == Wrongly::Checked && items.contains(&Some(&told.item)),
            Happening::Conference(_) | Happening::ClosingNote(_) | Happening::Documentation(_) => {
                self.scope.wrongly == Wrongly::Checked
            }
            Happening::ActionReport(_) => self.scope.wrongly == Wrongly::Reported,
            Happening::Contact(_) => self.scope.wrongly == Wrongly::Heard,
        }
    }

    /// A fact turns out to have been otherwise, or never to have happened.
    fn corrected(&self, at: &Moment<Self>) -> Vec<Step> {
        let mut moves = vec![step(self.asks.lead, correction(99, None))];
        if was_corrected(at) {
            return moves;
        }
        for (number, kept) in at.state.facts.all().filter(|(_, kept)| self.is_tried(&kept.what.happening)) {
            let by = self.teller(&kept.what.happening);
            let mut rights = self.otherwise(&kept.what.happening, at);
            rights.retain(|right| *right != kept.what.happening);
            moves.extend(rights.into_iter().map(Some).chain([None]).map(|right| step(by, correction(number, right))));
            moves.extend(self.impossible(number, &kept.what.happening, at));
        }
        moves
    }

    fn teller(&self, happening: &Happening) -> Role {
        match happening {
            Happening::Finding(_) | Happening::Conference(_) | Happening::Contact(_) => self.asks.lead,
            Happening::ActionReport(_) => self.asks.conference[1],
            Happening::ClosingNote(_) | Happening::Documentation(_) => self.asks.closing.by,
        }
    }

    /// What may be right in the place of a fact.
    fn otherwise(&self, wrong: &Happening, at: &Moment<Self>) -> Vec<Happening> {
        let (now, early) = (at.now, london(RECEIVED));
        match wrong {
            Happening::Finding(told) => {
                let result = [FindingResult::Reviewed, FindingResult::NothingHeld][at.turn % 2];
                let other = Finding { item: AssuranceItem::Other, ..told.clone() };
                let sooner = Finding { occurred_at: early - TimeDelta::days(2), ..told.clone() };
                let lacking = if at.turn.is_multiple_of(3) { other } else { sooner };
                vec![Happening::Finding(Finding { result, ..told.clone() }), Happening::Finding(lacking)]
            }
            Happening::Conference(told) => {
                let both = vec![self.there(0, "p-1"), self.there(1, "p-2")];
                let alone = ConferenceHeld { participants: vec![self.there(0, "p-1")], ..told.clone() };
                let sooner = early - TimeDelta::days(2);
                let sooner = ConferenceHeld { occurred_at: sooner, participants: both.clone(), ..told.clone() };
                let silent = ConferenceHeld { partnership_manager: None, ..told.clone() };
                let rightly = ConferenceHeld { occurred_at: now, participants: both, ..told.clone() };
                [alone, sooner, silent, rightly].map(Happening::Conference).to_vec()
            }
            Happening::ActionReport(told) => {
                let report = |result| Happening::ActionReport(ActionReport { result, ..told.clone() });
                [ActionResult::Taken, ActionResult::Overtaken, ActionResult::NotTaken].map(report).to_vec()
            }
            Happening::Contact(told) => {
                vec![Happening::Contact(ContactHeard { channel: Channel::InPerson, ..told.clone() })]
            }
            Happening::ClosingNote(told) => {
                let made = |occurred_at| Happening::ClosingNote(ClosingNote { occurred_at, ..told.clone() });
                let again = ClosingNote { reference: "2".to_owned(), ..told.clone() };
                vec![made(early), made(now), Happening::ClosingNote(again)]
            }
            Happening::Documentation(told) => {
                let lacking = Documentation { conference_outcome: Documented::None, ..told.clone() };
                let sooner = Documentation { occurred_at: early, ..told.clone() };
                let full = Documented::Included;
                let again = Documentation { occurred_at: now, conference_outcome: full, ..told.clone() };
                [lacking, sooner, again].map(Happening::Documentation).to_vec()
            }
        }
    }

    /// Corrections that cannot be, or are not for this party.
    fn impossible(&self, number: u32, wrong: &Happening, at: &Moment<Self>) -> Vec<Step> {
        let contact = ContactHeard {
            occurred_at: at.now + TimeDelta::minutes(2),
            channel: Channel::Telephone,
            by: ContactBy::Customer,
            account: words(),
        };
        let mut moves = vec![step(Role::Auditor, correction(number, Some(Happening::Contact(contact))))];
        if let Happening::ActionReport(told) = wrong {
            let other = ActionReport { action: 99, ..told.clone() };
            moves.push(step(self.asks.lead, correction(number, Some(Happening::ActionReport(other)))));
            moves.push(step(Role::Auditor, correction(number, None)));
        }
        if let Happening::Finding(told) = wrong {
            let ahead = Finding { occurred_at: at.now + TimeDelta::minutes(2), ..told.clone() };
            moves.push(step(self.asks.lead, correction(number, Some(Happening::Finding(ahead)))));
        }
        moves
    }

    /// Safeguarding passes contact on, and corrects that.
    fn passed_on(&self, at: &Moment<Self>) -> Vec<Step> {
        let by = of(Role::SafeguardingLeader);
        let (channel, who, account) = (Channel::Email, ContactBy::Representative, passed_on_words());
        let contact = ContactHeard { occurred_at: at.now, channel, by: who, account };
        let mut moves = Vec::new();
        if at.state.contacts.len() < self.scope.contacts {
            let contact = contact.clone();
            let told = Command::RecordContact { contact, passed_on_from: Some(by.clone()), late_reason: None };
            moves.push(step(Role::Suite, told));
        }
        if !was_corrected(at) {
            for right in [None, Some(contact)] {
                let (wrong, reason, by) = (passed_on_words(), words(), by.clone());
                moves.push(step(Role::Suite, Command::CorrectPassedOn { wrong, right, reason, by }));
            }
        }
        moves
    }

    /// Safeguarding tells once more of what it concluded, and otherwise.
    fn concluded_otherwise(at: &Moment<Self>) -> Vec<Step> {
        let told = at.state.outcomes.first().filter(|_| at.state.corrected_outcomes.is_empty());
        let otherwise = told.map(|told| EscalationOutcome { steps: Vec::new(), ..told.clone() });
        let tell = |outcome| Move { by: suite(), command: Command::RecordEscalationOutcome(outcome) };
        otherwise.map(tell).into_iter().collect()
    }
}
