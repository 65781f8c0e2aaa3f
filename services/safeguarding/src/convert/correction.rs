//! A correction: the fact that was wrong, and what is right.

use super::{read_attempt, read_disclosure, read_liaison};
use crate::Escalations;
use holdfast_chassis::Fields;
use holdfast_contracts::holdfast::safeguarding::v1::{self as pb, correct_fact_request::Right};
use holdfast_procedure::escalation::{Command, Contact, Correction, Happening};
use holdfast_store::{
    Asked, Narrative,
    reading::{ACCOUNT, channel_from, contact_by_from, reason, reference},
};

/// A correction of something recorded here.
pub(super) fn read(fields: &mut Fields, asked: &pb::CorrectFactRequest) -> Option<Asked<Escalations>> {
    if asked.fact == 0 {
        fields.fault("fact", "is required: the number of the fact, from 1");
    }
    let right = right(fields, asked.right.as_ref());
    let words = fields.optional_text("account", &asked.account, ACCOUNT);
    let why = reason(fields, "reason", &asked.reason);
    let ((right, words), why) = right.zip(words).zip(why)?;
    // Of what never happened there are no words.
    let words = words.filter(|_| right.is_some()).map(Narrative::new);
    let right = right.map(|right| (right, reference(words.as_ref())));
    let command = Command::Correct(Correction { fact: asked.fact, right, reason: why.reference() });
    Some(Asked { command, narratives: words.into_iter().chain([why]).collect() })
}

/// What is right; `Some(None)` where it never happened.
#[expect(clippy::option_option, reason = "a fault is one thing, that it never happened another")]
fn right(fields: &mut Fields, right: Option<&Right>) -> Option<Option<Happening>> {
    match right {
        Some(Right::Attempt(given)) => read_attempt(fields, given).map(Happening::ContactAttempt).map(Some),
        Some(Right::Liaison(given)) => read_liaison(fields, given).map(Happening::Liaison).map(Some),
        Some(Right::Disclosure(given)) => read_disclosure(fields, given).map(Happening::Disclosure).map(Some),
        Some(Right::Review(given)) => {
            let occurred_at = fields.instant("review.occurred_at", given.occurred_at)?;
            Some(Some(Happening::Review { occurred_at }))
        }
        Some(Right::Contact(given)) => read_heard(fields, given).map(Happening::Contact).map(Some),
        Some(Right::NeverHappened(true)) => Some(None),
        Some(Right::NeverHappened(false)) | None => {
            fields.fault("right", "is required: what is right, or never_happened");
            None
        }
    }
}

fn read_heard(fields: &mut Fields, given: &pb::ContactHeard) -> Option<Contact> {
    let occurred_at = fields.instant("contact.occurred_at", given.occurred_at);
    let channel = fields.choice("contact.channel", given.channel, channel_from);
    let by = fields.choice("contact.by", given.by, contact_by_from);
    Some(Contact { occurred_at: occurred_at?, channel: channel?, by: by? })
}
