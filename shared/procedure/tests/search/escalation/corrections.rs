//! What is tried while a concern is looked into, where something was recorded wrongly.

use super::asks::london;
use super::escalation::EscalationSubject;
use super::escalation_moves::{DETERMINED, Step, step};
use super::people::words;
use super::subject::Moment;
use chrono::TimeDelta;
use holdfast_procedure::Role;
use holdfast_procedure::escalation::*;
use holdfast_procedure::visiting::{Channel, ContactBy};

fn correction(fact: u32, right: Option<Happening>) -> Command {
    let right = right.map(|right| (right, Some(words())));
    Command::Correct(Correction { fact, right, reason: words() })
}

/// What may be right in the place of a fact.
fn otherwise(wrong: &Happening) -> Vec<Happening> {
    let before = london(DETERMINED) - TimeDelta::days(1);
    match wrong {
        Happening::ContactAttempt(told) => {
            let text_sent = !told.text_sent && told.whom == Whom::Customer;
            let sooner = Attempt { occurred_at: before, ..told.clone() };
            let with_text = Attempt { text_sent, ..told.clone() };
            [sooner, with_text].map(Happening::ContactAttempt).to_vec()
        }
        Happening::Review { .. } => vec![Happening::Review { occurred_at: before }],
        Happening::Contact(told) => {
            let contact = |by| Happening::Contact(Contact { by, ..told.clone() });
            [ContactBy::Customer, ContactBy::ThirdParty].map(contact).to_vec()
        }
        Happening::Liaison(told) => vec![Happening::Liaison(Liaison { received: !told.received, ..told.clone() })],
        Happening::Disclosure(told) => {
            vec![Happening::Disclosure(Disclosure { basis: Basis::LegalObligation, ..told.clone() })]
        }
    }
}

impl EscalationSubject {
    /// Every fact turns out to have been otherwise, or never to have happened.
    pub(crate) fn corrections(&self, at: &Moment<Self>) -> Vec<Step> {
        let lead = self.asks.lead;
        let mut moves = vec![step(lead, correction(99, None))];
        let done = at.state.facts.all().filter(|(_, kept)| kept.superseded.is_some()).count();
        if done >= self.scope.corrections {
            return moves;
        }
        // Where reviews are searched, they are what turns out to have been otherwise.
        let is_tried = |wrong: &Happening| matches!(wrong, Happening::Review { .. }) == (self.scope.reviews > 0);
        for (number, kept) in at.state.facts.all().filter(|(_, kept)| is_tried(&kept.what.fact.happening)) {
            let wrong = &kept.what.fact.happening;
            let mut rights = otherwise(wrong);
            rights.retain(|right| right != wrong);
            moves.extend(rights.into_iter().map(Some).chain([None]).map(|right| step(lead, correction(number, right))));
            moves.push(step(Role::Auditor, correction(number, None)));
            let contact = Contact {
                occurred_at: at.now + TimeDelta::minutes(2),
                channel: Channel::Telephone,
                by: ContactBy::Customer,
            };
            moves.push(step(lead, correction(number, Some(Happening::Contact(contact)))));
            if let Happening::ContactAttempt(told) = wrong {
                let ahead = Attempt { occurred_at: at.now + TimeDelta::minutes(2), ..told.clone() };
                let texted = Attempt { whom: Whom::Police, text_sent: true, ..told.clone() };
                let never = [ahead, texted].map(|right| Some(Happening::ContactAttempt(right)));
                moves.extend(never.map(|right| step(lead, correction(number, right))));
            }
        }
        moves
    }
}
