//! What happened: attempts at contact, dealings with agencies, disclosures.

use super::{Making, deadline, only_lead, told};
use crate::{
    Deadline, Fault, Late, NarrativeRef, Refusal,
    benefit::Rules,
    draft::CLOCK_SKEW,
    escalation::{
        advice::verb,
        command::Command,
        event::Event,
        fact::{Attempt, Basis, Concern, Whom},
    },
    rule::rulings::{R_CALL_BACK, R_RECORDED_ALWAYS},
};
use chrono::{DateTime, Utc};

pub(super) fn attempted(
    draft: &mut Making<'_>,
    page: &Rules,
    attempt: &Attempt,
    account: &NarrativeRef,
    late_reason: Option<&NarrativeRef>,
) -> Result<(), Refusal> {
    let clause = page.escalation.contact;
    let rules = clause.rules();
    only_lead(draft, page, verb::RECORD_CONTACT_ATTEMPT, rules)?;
    text_is_to_the_customer(attempt)?;
    let at = attempt.occurred_at;
    let mut because = told(draft, "attempt.occurred_at", at, late_reason, rules.iter().copied())?;
    let Some(round) = draft.state.round() else { return Ok(()) };
    let prescribed = clause.as_option().is_some();
    let counts = attempt_counts(page, &round.concern, at);
    let mut notes = Vec::new();
    if !prescribed {
        notes.push(
            "Recorded. An attempt at contact is not prescribed here, and none is owed (R-NOT-PRESCRIBED).".to_owned(),
        );
    }
    if !counts {
        because.push(&R_RECORDED_ALWAYS);
        notes.push(format!(
            "Recorded. This attempt does not count: it was made before the concern was determined ({}).",
            rules[0].id
        ));
    }
    if draft.state.customer.death.is_some() && attempt.whom == Whom::Customer {
        notes.push("The customer is reported to have died; nobody contacts them any more (GEN-3).".to_owned());
    }
    let before: Vec<_> =
        round.open_call_backs().into_iter().map(|(text, due)| (text.number, due.due.ends_at)).collect();
    let call_back = promised(draft, page, at).filter(|_| attempt.text_sent);
    if call_back.is_some() {
        because.push(&R_CALL_BACK);
    }
    let event = Event::ContactAttempted {
        fact: Some(draft.state.facts.next()),
        attempt: draft.state.next_attempt(),
        made: attempt.clone(),
        call_back,
        counts,
        account: account.clone(),
        late: Late { late_reason: late_reason.cloned() },
    };
    draft.add(event, because, at);
    let stands = |number| {
        draft.state.round().is_some_and(|round| round.open_call_backs().iter().any(|(text, _)| text.number == number))
    };
    if before.into_iter().any(|(number, ends_at)| ends_at < at && !stands(number)) {
        notes.push("Recorded. The call came later than the text had promised (R-CALL-BACK).".to_owned());
    }
    draft.notes.extend(notes);
    Ok(())
}

/// Only the customer is told by a text that another call follows.
pub(super) fn text_is_to_the_customer(attempt: &Attempt) -> Result<(), Refusal> {
    if attempt.text_sent && attempt.whom != Whom::Customer {
        let why = "is for the customer; a text to somebody else is an attempt of its own";
        return Err(Refusal::Invalid(vec![Fault::new("attempt.text_sent", why)]));
    }
    Ok(())
}

/// Whether an attempt is one that the guidance asks for: since the concern was determined, where it asks for any.
pub(super) fn attempt_counts(page: &Rules, concern: &Concern, at: DateTime<Utc>) -> bool {
    page.escalation.contact.as_option().is_none() || at + CLOCK_SKEW >= concern.occurred_at
}

/// By when a text sent at `at` promises another call: as the version of the guidance in force then has it.
pub(super) fn promised(draft: &Making<'_>, page: &Rules, at: DateTime<Utc>) -> Option<Deadline> {
    let contact = draft.version(at).map_or(page, |version| &version.rules).escalation.contact;
    Some(deadline(draft, contact.as_option()?.says.call_back, at))
}

/// Dealings with an agency, and what was disclosed to one.
pub(super) fn agencies(draft: &mut Making<'_>, page: &Rules, command: &Command) -> Result<(), Refusal> {
    // What they find in enquiries of their own is not theirs to tell nor ours to keep.
    let nothing_back = page.escalation.nothing_reported_back.as_option().map_or(&[][..], |clause| clause.rules);
    if let Command::RecordLiaison { liaison, account, late_reason } = command {
        let (at, late) = (liaison.occurred_at, late_reason.as_ref());
        let rules = page.escalation.leader.rules.iter().take(1).chain(nothing_back).copied();
        let because = told(draft, "liaison.occurred_at", at, late, rules)?;
        let (liaison, account, late) = (liaison.clone(), account.clone(), Late::because(late_reason));
        let fact = Some(draft.state.facts.next());
        draft.add(Event::LiaisonRecorded { fact, liaison, account, late }, because, at);
    } else if let Command::RecordDisclosure { disclosure, account, late_reason } = command {
        let (at, late) = (disclosure.occurred_at, late_reason.as_ref());
        let clause = page.escalation.disclosure;
        // The guidance speaks of one basis; on another a disclosure is recorded like anything that happened.
        let rules = match disclosure.basis {
            Basis::GoodFaithSafeguarding => clause.rules(),
            Basis::Consent | Basis::LegalObligation => &[&R_RECORDED_ALWAYS],
        };
        let because = told(draft, "disclosure.occurred_at", at, late, rules.iter().chain(nothing_back).copied())?;
        let (disclosure, account, late) = (disclosure.clone(), account.clone(), Late::because(late_reason));
        let fact = Some(draft.state.facts.next());
        draft.add(Event::DisclosureRecorded { fact, disclosure, account, late }, because, at);
        if clause.as_option().is_none() {
            draft.notes.push("Recorded. The guidance does not speak of disclosure here (R-NOT-PRESCRIBED).".to_owned());
        }
    }
    if let Some(rule) = nothing_back.first() {
        draft.notes.push(format!(
            "What was shared, and that it was received, is on record; what they find in enquiries of their own is not \
             reported back and not recorded ({}).",
            rule.id
        ));
    }
    Ok(())
}
