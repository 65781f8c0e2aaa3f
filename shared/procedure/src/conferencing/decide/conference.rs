//! The conference: whether one is required, calling it, and what took place.

use super::{Making, not_ended, only_lead};
use crate::{
    Deadline, Fault, Late, NarrativeRef, Refusal, Role, Rule,
    benefit::{Held, Rules},
    conferencing::{
        advice::verb,
        event::Event,
        fact::{ConferenceHeld, Participant, Party},
        gates,
    },
    draft::Because,
    rule::{
        general::GEN_4,
        rulings::{R_DIFFERENT_PERSONS, R_NOT_PRESCRIBED, R_RECORDED_ALWAYS},
    },
    term::london_date,
};
use chrono::{DateTime, Utc};

/// Decisions about further information are the lead's, as long as the lead has the file.
fn enquires(draft: &Making<'_>, page: &Rules, verb: &'static str) -> Result<Because, Refusal> {
    let rules = only_lead(draft, page, verb, page.conferencing.conference.rules)?;
    not_ended(draft, verb)?;
    if draft.state.stage.is_with_lead() {
        return Ok(rules);
    }
    let (lead, by) = (page.conferencing.lead.says.role.title(), page.conferencing.decision.says.by.title());
    let why = format!("the file is with the {by}; reopening the case brings it back to the {lead}");
    Err(draft.refused(verb, rules, why))
}

/// Whether further information is required is decided either way, where a conference depends on it.
pub(super) fn further_information(
    draft: &mut Making<'_>,
    page: &Rules,
    required: bool,
    reason: &NarrativeRef,
) -> Result<(), Refusal> {
    let clause = &page.conferencing.conference;
    if clause.says.held == Held::Always {
        let why = "whether further information is required is not asked here: a case conference always takes place, and \
                   RecordConference records it";
        let rules = [&[&R_NOT_PRESCRIBED], clause.rules].concat();
        return Err(draft.refused(verb::REQUIRE_FURTHER_INFORMATION, rules, why));
    }
    let mut rules = enquires(draft, page, verb::REQUIRE_FURTHER_INFORMATION)?;
    let conference_by = conference_by(draft, page).filter(|_| required);
    rules.extend(conference_by.iter().flat_map(|by| by.term.reckoned_by()));
    let event = Event::FurtherInformationDecided { required, reason: reason.clone(), conference_by };
    draft.add(event, rules, draft.context.now);
    Ok(())
}

/// By when the conference takes place. Saying once more that it is required gives no more time, nor does saying in between
/// that it is not: only a conference ends the term.
fn conference_by(draft: &Making<'_>, page: &Rules) -> Option<Deadline> {
    let held = |by: &Deadline| {
        let since = |at| london_date(at) >= london_date(by.from);
        draft.state.counted_conferences().any(|held| since(held.what.occurred_at))
    };
    let running = draft.state.conference_term.clone().filter(|by| !held(by));
    let from = draft.context.now;
    let place = &draft.state.received.as_ref()?.file.place;
    let anew =
        |term: crate::term::Term| Deadline { term, from, due: term.due(from, place.nation, draft.context.calendars) };
    running.or_else(|| page.conferencing.conference.says.within.map(anew))
}

/// A conference is called for a time that lies ahead.
pub(super) fn convene(
    draft: &mut Making<'_>,
    page: &Rules,
    at: DateTime<Utc>,
    participants: &[Participant],
) -> Result<(), Refusal> {
    let rules = enquires(draft, page, verb::CONVENE_CONFERENCE)?;
    if at < draft.context.now {
        return Err(Refusal::Invalid(vec![Fault::new("at", "has to lie ahead; record a conference that was")]));
    }
    draft.add(Event::ConferenceConvened { at, participants: participants.to_vec() }, rules, draft.context.now);
    Ok(())
}

/// A conference is recorded whoever took part; it counts where the parties that the guidance names were there, as
/// different persons, after two visits were ineffective.
pub(super) fn record_conference(
    draft: &mut Making<'_>,
    page: &Rules,
    conference: &ConferenceHeld,
    late_reason: Option<&NarrativeRef>,
) -> Result<(), Refusal> {
    let clause = &page.conferencing.conference;
    let rules = clause.rules;
    let late = draft.happened("conference.occurred_at", conference.occurred_at, late_reason)?;
    let missed = missed(draft, page, conference);
    let mut because = [rules.to_vec(), late].concat();
    if let Some(manager) = page.conferencing.partnership_manager.as_option() {
        if conference.partnership_manager.is_some() {
            because.extend(manager.rules);
        } else if missed.is_none() && !gates::partnership_manager_considered(&draft.state) {
            draft.notes.push(format!(
                "Recorded. Whether to involve the local partnership manager was not considered, and is still owed in a \
                 case conference ({}).",
                manager.rules[0].id
            ));
        }
    }
    if missed.is_none() {
        because.extend(held_late(draft, rules[0], conference));
    }
    if let Some((rule, why)) = &missed {
        because.push(rule);
        let also = if *rule == &R_RECORDED_ALWAYS { String::new() } else { format!(", {}", rule.id) };
        draft.notes.push(format!("Recorded. This conference does not count: {why} ({}{also}).", rules[0].id));
    }
    let from_outside = |party| matches!(party, Party::HealthServices | Party::SocialServices);
    if conference.participants.iter().any(|there| from_outside(there.party)) {
        because.push(&GEN_4);
    }
    let late = Late { late_reason: late_reason.cloned() };
    let (fact, counts) = (Some(draft.state.facts.next()), missed.is_none());
    let event = Event::ConferenceRecorded { fact, conference: conference.clone(), counts, late };
    draft.add(event, because, conference.occurred_at);
    Ok(())
}

/// Why a conference is not the one that the guidance asks for, and the ruling that says so. Its parties are those that the
/// version names that was in force when it took place.
pub(super) fn missed(
    draft: &Making<'_>,
    page: &Rules,
    conference: &ConferenceHeld,
) -> Option<(&'static crate::Rule, String)> {
    let then = draft.version(conference.occurred_at).map_or(page, |version| &version.rules);
    let [lead, other] = then.conferencing.conference.says.between;
    let present = |role: Role| {
        let there = conference.participants.iter().filter(move |there| there.party == Party::Department(role));
        there.map(|there| &there.person)
    };
    let leads = || present(lead).filter(|person| !draft.state.referred(person));
    let asked = format!("the guidance asks for one between the {} and the {}", lead.title(), other.title());
    if present(lead).next().is_none() || present(other).next().is_none() {
        Some((&R_RECORDED_ALWAYS, asked))
    } else if leads().next().is_none() {
        let why = format!("{asked}, and whoever referred is not the {} as well", lead.title());
        Some((&R_DIFFERENT_PERSONS, why))
    } else if leads().all(|person| present(other).all(|colleague| colleague == person)) {
        Some((&R_DIFFERENT_PERSONS, format!("{asked}, as two persons")))
    } else if !draft.state.is_after_visits(conference.occurred_at) {
        Some((&R_RECORDED_ALWAYS, "it took place before the visits counted as two ineffective ones".to_owned()))
    } else if draft.state.required_since().is_some_and(|day| london_date(conference.occurred_at) < day) {
        let why = "it took place before the day on which further information was found to be required";
        Some((&R_RECORDED_ALWAYS, why.to_owned()))
    } else {
        None
    }
}

/// A conference held later than the guidance allows counts all the same; the reply says so.
fn held_late(draft: &mut Making<'_>, rule: &'static Rule, conference: &ConferenceHeld) -> Because {
    let by = draft.state.conference_by.as_ref().filter(|_| !draft.state.conference_held());
    let Some(by) = by.filter(|by| by.due.ends_at < conference.occurred_at) else { return Because::new() };
    let because = by.term.reckoned_by().to_vec();
    let ids: Vec<_> = [rule].iter().chain(&because).map(|rule| rule.id).collect();
    draft.notes.push(format!(
        "Recorded. This conference counts, and was held later than within the {} that the guidance gives ({}).",
        by.term,
        ids.join(", ")
    ));
    because
}
