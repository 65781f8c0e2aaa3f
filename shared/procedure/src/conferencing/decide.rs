//! What follows from a command.

use super::{
    Conferencing,
    advice::verb,
    command::Command,
    event::Event,
    fact::{ActionResult, ConferenceHeld, ContactHeard, Marker, Party},
    gates,
    state::{Stage, State},
    tasks::{called_twice, days_called},
};
use crate::{
    Actor, Award, Context, Decision, Fault, Late, NarrativeRef, Refusal, Role,
    benefit::Rules,
    draft::{Because, Draft, Footing},
    handover::File,
    rule::{
        general::{GEN_3, GEN_4},
        rulings::{
            R_DEATH_VERIFIED, R_DIFFERENT_PERSONS, R_LATER_CONTACT, R_OPEN_ACTION, R_RECONSIDERATION,
            R_RECORDED_ALWAYS, R_UNSAFE_AREA_NOTE,
        },
    },
    term::london_date,
};
use chrono::{DateTime, Utc};

mod conclusion;

use conclusion::{closing_note, decision, determine, escalation_concluded, give_back, reopen};

type Making<'a> = Draft<'a, Conferencing>;

pub(super) fn decide(state: &State, command: &Command, context: &Context<'_>) -> Result<Decision<Event>, Refusal> {
    let mut draft = Draft::of(state, context);
    if let Command::Receive(file) = command {
        receive(&mut draft, file)?;
    } else {
        let award = award(state)?;
        let page = draft.version(context.now).ok_or(Refusal::NotInForce(award.benefit))?.rules;
        carry_out(&mut draft, command, &page)?;
    }
    judge_again(&mut draft);
    Ok(draft.finish())
}

fn award(state: &State) -> Result<&Award, Refusal> {
    let received = state.received.as_ref().map(|received| &received.file.award);
    received.ok_or_else(|| Refusal::NoSuchPart("the case was never handed over".to_owned()))
}

fn carry_out(draft: &mut Making<'_>, command: &Command, page: &Rules) -> Result<(), Refusal> {
    match command {
        Command::Receive(_) | Command::LetTimePass | Command::DeriveTermsAgain => Ok(()),
        Command::Customer(command) => draft.customer(command),
        Command::RaiseHold(raise) => draft.raise(raise),
        Command::Desk(command) => {
            // What is owed is what the version in force asks for.
            judge_again(draft);
            draft.desk(command)
        }
        Command::ConsiderSupportMarker { marker, reason } => consider_marker(draft, page, *marker, reason),
        Command::RecordFinding { finding, late_reason } => {
            let rules = page.conferencing.assurance.rules.to_vec();
            let late = draft.happened("finding.occurred_at", finding.occurred_at, late_reason.as_ref())?;
            let event = Event::FindingRecorded { finding: finding.clone(), late: Late::because(late_reason) };
            draft.add(event, [rules, late].concat(), finding.occurred_at);
            Ok(())
        }
        Command::DecideFurtherInformation { required, reason } => {
            let rules = enquires(draft, page, verb::REQUIRE_FURTHER_INFORMATION)?;
            let event = Event::FurtherInformationDecided { required: *required, reason: reason.clone() };
            draft.add(event, rules, draft.context.now);
            Ok(())
        }
        Command::ConveneConference { at, participants } => {
            let rules = enquires(draft, page, verb::CONVENE_CONFERENCE)?;
            if *at < draft.context.now {
                return Err(Refusal::Invalid(vec![Fault::new("at", "has to lie ahead; record a conference that was")]));
            }
            draft.add(
                Event::ConferenceConvened { at: *at, participants: participants.clone() },
                rules,
                draft.context.now,
            );
            Ok(())
        }
        Command::RecordConference { conference, late_reason } => {
            record_conference(draft, page, conference, late_reason.as_ref())
        }
        Command::AgreeAction { .. } | Command::ReportAction { .. } => actions(draft, page, command),
        Command::RecordContact { contact, passed_on_from, late_reason } => {
            record_contact(draft, contact, passed_on_from.as_ref(), late_reason)
        }
        Command::Determine { satisfied, concern, reasons } => determine(draft, page, *satisfied, *concern, reasons),
        Command::RecordEscalationOutcome(outcome) => escalation_concluded(draft, page, outcome),
        Command::RecordClosingNote { .. } => closing_note(draft, page, command),
        Command::Return => give_back(draft, page),
        Command::Decide { outcome, weighed } => decision(draft, page, *outcome, weighed),
        Command::Reopen { reason } => reopen(draft, page, reason),
    }
}

/// Contact is recorded whoever heard it; somebody may have been in touch before the referral.
fn record_contact(
    draft: &mut Making<'_>,
    contact: &ContactHeard,
    passed_on_from: Option<&Actor>,
    late_reason: &Option<NarrativeRef>,
) -> Result<(), Refusal> {
    let at = contact.occurred_at;
    let late = match passed_on_from {
        Some(_) => vec![],
        None => draft.dated("contact.occurred_at", at, DateTime::<Utc>::MIN_UTC, late_reason.as_ref())?,
    };
    let (contact, passed_on_from) = (contact.clone(), passed_on_from.cloned());
    let event = Event::ContactRecorded { contact, passed_on_from, late: Late::because(late_reason) };
    draft.add(event, [vec![&R_LATER_CONTACT], late].concat(), at);
    Ok(())
}

/// DWP Visiting hands the case over, or what has come to light since.
fn receive(draft: &mut Making<'_>, file: &File) -> Result<(), Refusal> {
    let now = draft.context.now;
    let version = draft.context.guidance.in_force(file.award.benefit, now);
    let version = version.ok_or(Refusal::NotInForce(file.award.benefit))?;
    let known = draft.state.received.as_ref().map(|received| &received.file);
    match known {
        None => {
            let mut rules = [version.rules.handover.rules, version.rules.conferencing.lead.rules].concat();
            if !called_twice(file) {
                rules.push(&R_UNSAFE_AREA_NOTE);
            }
            let footing = Footing { rules, version: Some(version.name.clone()) };
            draft.add(Event::Received { file: Box::new(file.clone()) }, footing, now);
        }
        Some(known) if known.entries != file.entries || known.with_joined(&file.joined) != known.joined => {
            let mut rules: Because = vec![&R_LATER_CONTACT];
            if days_called(known) != days_called(file) {
                rules.extend(version.rules.conferencing.prescribed_note.rules);
                rules.extend((!called_twice(file)).then_some(&R_UNSAFE_AREA_NOTE));
            }
            draft.add(Event::FileUpdated { file: Box::new(file.clone()) }, rules, now);
        }
        Some(_) => {}
    }
    for told in &file.holds {
        draft.take_over(told);
    }
    Ok(())
}

/// Only whoever leads does this; others are told who that is.
fn only_lead(
    draft: &Making<'_>,
    page: &Rules,
    verb: &'static str,
    rules: &'static [&'static crate::Rule],
) -> Result<Because, Refusal> {
    let lead = page.conferencing.lead;
    only(draft, lead.says.role, verb, &[lead.rules, rules].concat()).map(|()| rules.to_vec())
}

fn only(draft: &Making<'_>, role: Role, verb: &'static str, rules: &[&'static crate::Rule]) -> Result<(), Refusal> {
    if draft.context.actor.role == role {
        return Ok(());
    }
    Err(draft.refused(verb, rules.to_vec(), format!("this is for the {} to do", role.title())))
}

fn consider_marker(draft: &mut Making<'_>, page: &Rules, marker: Marker, reason: &NarrativeRef) -> Result<(), Refusal> {
    let rules = only_lead(draft, page, verb::CONSIDER_SUPPORT_MARKER, page.conferencing.support_marker.rules)?;
    if draft.state.stage == Stage::EndedDeath {
        not_ended(draft, verb::CONSIDER_SUPPORT_MARKER)?;
    }
    draft.add(Event::SupportMarkerConsidered { marker, reason: reason.clone() }, rules, draft.context.now);
    Ok(())
}

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

/// What is asked for, rather than what happened, is over with the decision and with the customer's death.
fn not_ended(draft: &Making<'_>, verb: &'static str) -> Result<(), Refusal> {
    match draft.state.stage {
        Stage::EndedDeath => {
            let why = "the case has ended, as the customer's death is verified";
            Err(draft.refused(verb, vec![&GEN_3, &R_DEATH_VERIFIED], why))
        }
        Stage::Decided => {
            Err(draft.refused(verb, vec![&R_RECONSIDERATION], "the case is decided; a reconsideration reopens it"))
        }
        Stage::Assurance
        | Stage::ConferenceDue
        | Stage::DeterminationDue
        | Stage::Escalated
        | Stage::ClosingNoteDue
        | Stage::ReturnDue
        | Stage::DecisionDue => Ok(()),
    }
}

/// A conference is recorded whoever took part; it counts where the parties that the guidance names were there, as
/// different persons, after two visits were ineffective.
fn record_conference(
    draft: &mut Making<'_>,
    page: &Rules,
    conference: &ConferenceHeld,
    late_reason: Option<&NarrativeRef>,
) -> Result<(), Refusal> {
    let rules = page.conferencing.conference.rules;
    let late = draft.happened("conference.occurred_at", conference.occurred_at, late_reason)?;
    let missed = missed(draft, page, conference);
    let mut because = [rules.to_vec(), late].concat();
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
    let event = Event::ConferenceRecorded { conference: conference.clone(), counts: missed.is_none(), late };
    draft.add(event, because, conference.occurred_at);
    Ok(())
}

/// Why a conference is not the one that the guidance asks for, and the ruling that says so.
fn missed(draft: &Making<'_>, page: &Rules, conference: &ConferenceHeld) -> Option<(&'static crate::Rule, String)> {
    let [lead, other] = page.conferencing.conference.says.between;
    let present = |role: Role| {
        let there = conference.participants.iter().filter(move |there| there.party == Party::Department(role));
        there.map(|there| &there.person)
    };
    let since = draft.state.received.as_ref().map(|received| received.file.since);
    let asked = format!("the guidance asks for one between the {} and the {}", lead.title(), other.title());
    if present(lead).next().is_none() || present(other).next().is_none() {
        Some((&R_RECORDED_ALWAYS, asked))
    } else if present(lead).all(|person| present(other).all(|colleague| colleague == person)) {
        Some((&R_DIFFERENT_PERSONS, format!("{asked}, as two persons")))
    } else if since.is_some_and(|since| conference.occurred_at < since) {
        Some((&R_RECORDED_ALWAYS, "it took place before the visits counted as two ineffective ones".to_owned()))
    } else if draft.state.required_since().is_some_and(|day| london_date(conference.occurred_at) < day) {
        let why = "it took place before the day on which further information was found to be required";
        Some((&R_RECORDED_ALWAYS, why.to_owned()))
    } else {
        None
    }
}

fn actions(draft: &mut Making<'_>, page: &Rules, command: &Command) -> Result<(), Refusal> {
    let rules = page.conferencing.satisfied.rules.to_vec();
    if let Command::AgreeAction { what, owner, by } = command {
        let ahead = by.map(|by| (by - london_date(draft.context.now)).num_days()).unwrap_or_default();
        let fault = |why| Err(Refusal::Invalid(vec![Fault::new("due_on", why)]));
        if ahead < 0 {
            return fault("lies in the past");
        } else if ahead > i64::from(u16::MAX) {
            return fault("lies too far ahead");
        }
        let action = draft.state.next_action();
        draft.add(Event::ActionAgreed { action, what: what.clone(), owner: *owner, by: *by }, rules, draft.context.now);
    } else if let Command::ReportAction { action, result, occurred_at, account, late_reason } = command {
        let Some(agreed) = draft.state.actions.get(action) else {
            return Err(Refusal::NoSuchPart(format!("no action {action} was agreed on this case")));
        };
        let (owner, role) = (agreed.owner, draft.context.actor.role);
        if role != owner && role != page.conferencing.lead.says.role {
            let why = format!("this action is the {}'s to report, or the lead's", owner.title());
            return Err(draft.refused(verb::REPORT_ACTION, [rules, vec![&R_OPEN_ACTION]].concat(), why));
        }
        let late = draft.happened("occurred_at", *occurred_at, late_reason.as_ref())?;
        if *result == ActionResult::NotTaken {
            draft.notes.push("Recorded. An action that was not taken stays open (R-OPEN-ACTION).".to_owned());
        }
        let (action, result, occurred_at) = (*action, *result, *occurred_at);
        let (account, late_by) = (account.clone(), Late::because(late_reason));
        let event = Event::ActionReported { action, result, occurred_at, account, late: late_by };
        draft.add(event, [rules, late].concat(), occurred_at);
    }
    Ok(())
}

/// The stage follows from the facts; a change of it is an event of its own, and so is another version of the guidance
/// that judges an open case from now on.
fn judge_again(draft: &mut Making<'_>) {
    let now = draft.context.now;
    let Some(version) = draft.version(now) else { return };
    let (stage, because) = gates::stage(&draft.state, &version.rules);
    let over = matches!(stage, Stage::Decided | Stage::EndedDeath);
    let judged_by_another = !over && draft.state.judged_by != version.name;
    if draft.state.received.is_some() && (draft.state.stage != stage || judged_by_another) {
        draft.add(Event::StageReached { stage }, because, now);
    }
}
