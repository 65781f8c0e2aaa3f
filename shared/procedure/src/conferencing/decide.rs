//! What follows from a command.

use super::{
    Conferencing,
    advice::verb,
    command::Command,
    event::Event,
    fact::{ActionResult, ContactHeard, Finding, Marker},
    gates,
    stage::Stage,
    state::State,
    tasks::{days_called, grounds},
};
use crate::{
    Actor, Award, Context, Decision, Fault, Late, NarrativeRef, Refusal, Role,
    benefit::{Prescribed, Rules},
    draft::{Because, Draft, Footing},
    handover::{File, TakenBack},
    rule::{
        general::GEN_3,
        rulings::{
            R_DEATH_VERIFIED, R_LATER_CONTACT, R_NOT_PRESCRIBED, R_OPEN_ACTION, R_RECONSIDERATION, R_RECORDED_ALWAYS,
            R_SECOND_PERSON, R_WITHDRAWAL,
        },
    },
    term::london_date,
};
use chrono::{DateTime, Utc};

mod closing;
mod conclusion;
mod conference;
mod correction;

use closing::{closing_note, documentation};
use conclusion::{Determining, decision, determine, escalation_concluded, give_back, reopen};
use conference::{convene, further_information, record_conference};
use correction::{correct, correct_passed_on};

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
        Command::TakeBack(taken) => {
            take_back(draft, page, taken);
            Ok(())
        }
        Command::Customer(command) => draft.customer(command),
        Command::RaiseHold(raise) => draft.raise(raise),
        Command::Desk(command) => {
            // What is owed is what the version in force asks for.
            judge_again(draft);
            draft.desk(command)
        }
        Command::ConsiderSupportMarker { marker, reason } => consider_marker(draft, page, *marker, reason),
        Command::RecordFinding { finding, late_reason } => record_finding(draft, page, finding, late_reason),
        Command::DecideFurtherInformation { required, reason } => further_information(draft, page, *required, reason),
        Command::ConveneConference { at, participants } => convene(draft, page, *at, participants),
        Command::RecordConference { conference, late_reason } => {
            record_conference(draft, page, conference, late_reason.as_ref())
        }
        Command::AgreeAction { .. } | Command::ReportAction { .. } => actions(draft, page, command),
        Command::RecordContact { contact, passed_on_from, late_reason } => {
            record_contact(draft, contact, passed_on_from.as_ref(), late_reason)
        }
        Command::Correct(correction) => correct(draft, page, correction),
        Command::CorrectPassedOn { .. } => correct_passed_on(draft, page, command),
        Command::Determine { satisfied, concern, assents, reasons } => {
            let (satisfied, concern) = (*satisfied, *concern);
            determine(draft, page, &Determining { satisfied, concern, assents, reasons })
        }
        Command::RecordEscalationOutcome(outcome) => escalation_concluded(draft, page, outcome),
        Command::RecordClosingNote { .. } => closing_note(draft, page, command),
        Command::AssembleDocumentation { documentation: gathered, late_reason } => {
            documentation(draft, page, gathered, late_reason)
        }
        Command::Return => give_back(draft, page),
        Command::Decide { outcome, weighed } => decision(draft, page, *outcome, weighed),
        Command::Reopen { reason } => reopen(draft, page, reason),
    }
}

/// What was looked at is recorded whenever it was; it counts where two visits had been ineffective by then.
fn record_finding(
    draft: &mut Making<'_>,
    page: &Rules,
    finding: &Finding,
    late_reason: &Option<NarrativeRef>,
) -> Result<(), Refusal> {
    let at = finding.occurred_at;
    let rules = page.conferencing.assurance.rules;
    let late = draft.happened("finding.occurred_at", at, late_reason.as_ref())?;
    let mut because = [rules.to_vec(), late].concat();
    if !draft.state.is_after_visits(at) {
        because.push(&R_RECORDED_ALWAYS);
        draft.notes.push(format!(
            "Recorded. This does not count towards the assurance check: it was before the visits counted as two \
             ineffective ones, and the item is still owed ({}).",
            rules[0].id
        ));
    }
    let (fact, finding) = (Some(draft.state.facts.next()), finding.clone());
    let event = Event::FindingRecorded { fact, finding, late: Late::because(late_reason) };
    draft.add(event, because, at);
    Ok(())
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
    let (fact, late_by) = (Some(draft.state.facts.next()), Late::because(late_reason));
    let event = Event::ContactRecorded { fact, contact, passed_on_from, late: late_by };
    draft.add(event, [vec![&R_LATER_CONTACT], late].concat(), at);
    Ok(())
}

/// DWP Visiting hands the case over, or what has come to light since.
fn receive(draft: &mut Making<'_>, file: &File) -> Result<(), Refusal> {
    let now = draft.context.now;
    let version = draft.context.guidance.in_force(file.award.benefit, now);
    let version = version.ok_or(Refusal::NotInForce(file.award.benefit))?;
    let known = draft.state.received.as_ref().map(|received| &received.file);
    // Where the other side has lost that it took the case back, the case is with whoever leads all the same.
    let lost = draft.state.taken_back.is_some() && !draft.state.decided_once;
    let anew = |known: &File| {
        file.times_taken_back > known.times_taken_back || (lost && file.times_taken_back == known.times_taken_back)
    };
    match known.filter(|known| !anew(known)) {
        None => {
            let mut rules = [version.rules.handover.rules, version.rules.conferencing.lead.rules].concat();
            rules.extend(grounds(file).ruling(&version.rules.conferencing));
            let footing = Footing { rules, version: Some(version.name.clone()) };
            draft.add(Event::Received { file: Box::new(file.clone()) }, footing, now);
        }
        // What was told before the case was taken back says nothing of it as it was handed over anew.
        Some(known) if known.times_taken_back > file.times_taken_back => {}
        Some(known) if known.entries != file.entries || known.with_joined(&file.joined) != known.joined => {
            let mut rules: Because = vec![&R_LATER_CONTACT];
            if draft.state.taken_back.is_none() && days_called(known) != days_called(file) {
                let note = version.rules.conferencing.prescribed_note.as_option();
                rules.extend(note.map(|note| note.rules).unwrap_or_default());
                rules.extend(grounds(file).ruling(&version.rules.conferencing));
            }
            let differs = Some(file.differs_from(known));
            draft.add(Event::FileUpdated { file: Box::new(file.clone()), differs }, rules, now);
        }
        Some(_) => {}
    }
    for told in &file.holds {
        draft.take_over(told);
    }
    Ok(())
}

/// DWP Visiting takes the case back. A concern that was found is followed up here all the same, one that came to light is
/// considered, and a decision stands until somebody reconsiders it.
fn take_back(draft: &mut Making<'_>, page: &Rules, taken: &TakenBack) {
    if draft.state.taken_back.as_ref() == Some(taken) {
        return;
    }
    draft.add(Event::TakenBack { taken: taken.clone() }, vec![&R_WITHDRAWAL, &R_SECOND_PERSON], draft.context.now);
    if draft.state.customer.death_is_confirmed() {
        // The case has ended, whatever else would have kept it here.
    } else if draft.state.decision.is_some() {
        draft.notes.push(decision_stands(page));
    } else if draft.state.concern_is_followed_up() {
        let rule = page.conferencing.concern.rules[0].id;
        draft.notes.push(format!(
            "Recorded. The case goes on, as a concern is followed up; nothing adverse is decided on it ({rule})."
        ));
    } else if !draft.state.ends_as_taken_back() {
        let note = if draft.state.decided_once {
            "Recorded. The case goes on, as the decision is being reconsidered; nothing adverse is decided on what was taken \
             back (R-RECONSIDERATION)."
        } else {
            "Recorded. The case goes on until somebody has considered the concern that came to light; nothing adverse is \
             decided on it (R-LATER-CONTACT)."
        };
        draft.notes.push(note.to_owned());
    }
}

/// What is told where a decision may have to be taken anew.
fn decision_stands(page: &Rules) -> String {
    format!(
        "Recorded. The decision stands until a reconsideration opens it again; the {} is asked to consider one \
         (R-RECONSIDERATION).",
        page.conferencing.decision.says.by.title()
    )
}

/// Only whoever leads does this; others are told who that is.
fn only_lead(
    draft: &Making<'_>,
    page: &Rules,
    verb: &'static str,
    rules: &'static [&'static crate::Rule],
) -> Result<Because, Refusal> {
    only_owner(draft, page, page.conferencing.lead.says.role, verb, rules)
}

/// Only this party does this; where it is the lead's, the refusal names who leads and why.
fn only_owner(
    draft: &Making<'_>,
    page: &Rules,
    owner: Role,
    verb: &'static str,
    rules: &'static [&'static crate::Rule],
) -> Result<Because, Refusal> {
    let lead = page.conferencing.lead;
    let leads: &[_] = if owner == lead.says.role { lead.rules } else { &[] };
    only(draft, owner, verb, &[leads, rules].concat()).map(|()| rules.to_vec())
}

fn only(draft: &Making<'_>, role: Role, verb: &'static str, rules: &[&'static crate::Rule]) -> Result<(), Refusal> {
    if draft.context.actor.role == role {
        return Ok(());
    }
    Err(draft.refused(verb, rules.to_vec(), format!("this is for the {} to do", role.title())))
}

fn consider_marker(draft: &mut Making<'_>, page: &Rules, marker: Marker, reason: &NarrativeRef) -> Result<(), Refusal> {
    let Prescribed::Yes(clause) = page.conferencing.support_marker else {
        let why = "the Additional Support marker is not prescribed here; nothing waits for it";
        return Err(draft.refused(verb::CONSIDER_SUPPORT_MARKER, vec![&R_NOT_PRESCRIBED], why));
    };
    let rules = only_lead(draft, page, verb::CONSIDER_SUPPORT_MARKER, clause.rules)?;
    if draft.state.stage.has_ended() {
        not_ended(draft, verb::CONSIDER_SUPPORT_MARKER)?;
    }
    draft.add(Event::SupportMarkerConsidered { marker, reason: reason.clone() }, rules, draft.context.now);
    Ok(())
}

/// What is asked for, rather than what happened, is over with the decision and with the customer's death.
fn not_ended(draft: &Making<'_>, verb: &'static str) -> Result<(), Refusal> {
    match draft.state.stage {
        Stage::EndedDeath => {
            let why = "the case has ended, as the customer's death is verified";
            Err(draft.refused(verb, vec![&GEN_3, &R_DEATH_VERIFIED], why))
        }
        Stage::EndedTakenBack => {
            let why = "the case has ended: DWP Visiting has taken it back, as what counted as two ineffective visits was \
                       recorded in error";
            Err(draft.refused(verb, vec![&R_WITHDRAWAL, &R_SECOND_PERSON], why))
        }
        Stage::Decided => {
            Err(draft.refused(verb, vec![&R_RECONSIDERATION], "the case is decided; a reconsideration reopens it"))
        }
        Stage::Assurance
        | Stage::ConferenceDue
        | Stage::DeterminationDue
        | Stage::Escalated
        | Stage::ClosingNoteDue
        | Stage::DocumentationDue
        | Stage::ReturnDue
        | Stage::DecisionDue => Ok(()),
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
        only_owner_of_action(draft, page, agreed.owner, verb::REPORT_ACTION)?;
        let late = draft.happened("occurred_at", *occurred_at, late_reason.as_ref())?;
        if *result == ActionResult::NotTaken {
            draft.notes.push("Recorded. An action that was not taken stays open (R-OPEN-ACTION).".to_owned());
        }
        let (action, result, occurred_at) = (*action, *result, *occurred_at);
        let (account, late_by) = (account.clone(), Late::because(late_reason));
        let fact = Some(draft.state.facts.next());
        let event = Event::ActionReported { fact, action, result, occurred_at, account, late: late_by };
        draft.add(event, [rules, late].concat(), occurred_at);
    }
    Ok(())
}

/// What became of an action is told by the party that it is for, or by whoever leads.
fn only_owner_of_action(draft: &Making<'_>, page: &Rules, owner: Role, verb: &'static str) -> Result<(), Refusal> {
    let (rules, role) = (page.conferencing.satisfied.rules.to_vec(), draft.context.actor.role);
    if role == owner || role == page.conferencing.lead.says.role {
        return Ok(());
    }
    let why = format!("this action is the {}'s to report, or the lead's", owner.title());
    Err(draft.refused(verb, [rules, vec![&R_OPEN_ACTION]].concat(), why))
}

/// The stage and the lead follow from the facts and the page; a change of it is an event of its own, and so is another
/// version of the guidance that judges an open case from now on.
fn judge_again(draft: &mut Making<'_>) {
    let now = draft.context.now;
    let Some(version) = draft.version(now) else { return };
    let (stage, because) = gates::stage(&draft.state, &version.rules);
    let over = stage == Stage::Decided || stage.has_ended();
    let judged_by_another = !over && draft.state.judged_by != version.name;
    let lead = version.rules.conferencing.lead;
    let led_by_another = |received: &super::state::ReceivedCase| received.file.lead != lead.says.role;
    if !over && draft.state.received.as_ref().is_some_and(led_by_another) {
        draft.add(Event::LeadTakenOver { lead: lead.says.role }, lead.rules.to_vec(), now);
    }
    if draft.state.received.is_some() && (draft.state.stage != stage || judged_by_another) {
        draft.add(Event::StageReached { stage }, because, now);
    }
}
