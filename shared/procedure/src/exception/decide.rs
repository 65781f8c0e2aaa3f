//! What follows from a command.

use super::{
    Exception,
    command::Command,
    event::{Event, Request},
    state::{Stage, State},
};
use crate::{
    Context, Decision, Fault, NarrativeRef, Refusal, Role,
    customer::{self, Fact},
    desk::ASSIGN_TASK,
    draft::{Because, Draft, Footing},
    rule::rulings::{R_DIFFERENT_PERSONS, R_EXCEPTION},
};
use chrono::TimeDelta;

/// How long after it is asked for an exception ends at the latest.
pub const LONGEST: TimeDelta = TimeDelta::days(28);

/// The names of the commands, as contracts have them.
pub(super) mod verb {
    pub(in super::super) const REQUEST: &str = "RequestOverride";
    pub(in super::super) const APPROVE: &str = "ApproveOverride";
    pub(in super::super) const DECLINE: &str = "DeclineOverride";
    pub(in super::super) const REVOKE: &str = "RevokeOverride";
}

type Making<'a> = Draft<'a, Exception>;

pub(super) fn decide(state: &State, command: &Command, context: &Context<'_>) -> Result<Decision<Event>, Refusal> {
    let mut draft = Draft::of(state, context);
    if state.request.is_none() && !matches!(command, Command::Request { .. }) {
        return Err(Refusal::NoSuchPart("no exception was asked for".to_owned()));
    }
    match command {
        Command::Request { request, reason } => ask(&mut draft, request, reason)?,
        Command::Approve { reason } => approve(&mut draft, reason)?,
        Command::Decline { reason } => decline(&mut draft, reason)?,
        Command::Revoke { reason } => revoke(&mut draft, reason)?,
        Command::Customer(command) => learn(&mut draft, command)?,
        Command::Desk(command) => draft.desk(command)?,
    }
    Ok(draft.finish())
}

/// The commands allowed at a stage. What is over undecided can still be declined, so that nothing stays owed; what is
/// over can still be revoked, as that never does harm.
pub(super) fn allowed(stage: Stage) -> Vec<&'static str> {
    match stage {
        Stage::Requested => vec![verb::APPROVE, verb::DECLINE, ASSIGN_TASK],
        Stage::Approved => vec![verb::REVOKE],
        Stage::Declined | Stage::Revoked | Stage::Expired => Vec::new(),
    }
}

fn ask(draft: &mut Making<'_>, request: &Request, reason: &NarrativeRef) -> Result<(), Refusal> {
    only_policy_owner(draft, verb::REQUEST)?;
    if draft.state.request.is_some() {
        return Err(refused(draft, verb::REQUEST, vec![&R_EXCEPTION], "this exception was asked for already"));
    }
    let now = draft.context.now;
    let why = if request.until <= now {
        Some("has to lie ahead (R-EXCEPTION)".to_owned())
    } else if request.until > now + LONGEST {
        Some(format!("lies more than {} days ahead (R-EXCEPTION)", LONGEST.num_days()))
    } else {
        None
    };
    if let Some(why) = why {
        return Err(Refusal::Invalid(vec![Fault::new("until", why)]));
    }
    // An exception can be asked for where the guidance is not in force yet: what is held there is held all the same.
    let version = Some(draft.context.guidance.name_in_force(request.award.benefit, now, "exception"));
    let event = Event::Requested { request: Box::new(request.clone()), reason: reason.clone() };
    draft.add(event, Footing { rules: vec![&R_EXCEPTION], version }, now);
    Ok(())
}

fn approve(draft: &mut Making<'_>, reason: &NarrativeRef) -> Result<(), Refusal> {
    only_policy_owner(draft, verb::APPROVE)?;
    let why = match draft.state.stage(draft.context.now) {
        Stage::Requested => None,
        Stage::Approved => Some("it is approved already"),
        Stage::Declined => Some("it was declined; what is still needed is asked for anew"),
        Stage::Revoked => Some("it was revoked; what is still needed is asked for anew"),
        Stage::Expired => Some("its end has passed; what is still needed is asked for anew"),
    };
    if let Some(why) = why {
        return Err(refused(draft, verb::APPROVE, vec![&R_EXCEPTION], why));
    }
    if is_requester(draft) {
        let why = "whoever asked for an exception cannot approve it; this takes a second person";
        return Err(refused(draft, verb::APPROVE, vec![&R_EXCEPTION, &R_DIFFERENT_PERSONS], why));
    }
    let rules: Because = vec![&R_EXCEPTION, &R_DIFFERENT_PERSONS];
    draft.add(Event::Approved { reason: reason.clone() }, rules, draft.context.now);
    Ok(())
}

fn decline(draft: &mut Making<'_>, reason: &NarrativeRef) -> Result<(), Refusal> {
    only_policy_owner(draft, verb::DECLINE)?;
    let why = match draft.state.recorded() {
        Stage::Requested | Stage::Expired => None,
        Stage::Approved => Some("it is approved; an approval is revoked"),
        Stage::Declined => Some("it was declined already"),
        Stage::Revoked => Some("it was approved and revoked"),
    };
    if let Some(why) = why {
        return Err(refused(draft, verb::DECLINE, vec![&R_EXCEPTION], why));
    }
    let withdrawn = is_requester(draft);
    let event = Event::Declined { withdrawn, reason: reason.clone() };
    draft.add(event, vec![&R_EXCEPTION], draft.context.now);
    Ok(())
}

fn revoke(draft: &mut Making<'_>, reason: &NarrativeRef) -> Result<(), Refusal> {
    only_policy_owner(draft, verb::REVOKE)?;
    let why = match draft.state.recorded() {
        Stage::Approved => None,
        Stage::Requested | Stage::Expired => Some("it was never approved; a request is declined"),
        Stage::Declined => Some("it was declined and never approved"),
        Stage::Revoked => Some("it was revoked already"),
    };
    if let Some(why) = why {
        return Err(refused(draft, verb::REVOKE, vec![&R_EXCEPTION], why));
    }
    draft.add(Event::Revoked { reason: reason.clone() }, vec![&R_EXCEPTION], draft.context.now);
    Ok(())
}

/// An exception follows the customer to the reference that they go by. What else is told of them is told of their cases.
fn learn(draft: &mut Making<'_>, command: &customer::Command) -> Result<(), Refusal> {
    match command.fact {
        Fact::Merged { .. } => draft.customer(command),
        Fact::DeathReported { .. }
        | Fact::DeathConfirmed { .. }
        | Fact::DeathReportMistaken { .. }
        | Fact::Moved { .. } => Ok(()),
    }
}

fn is_requester(draft: &Making<'_>) -> bool {
    draft.state.request.as_ref().is_some_and(|request| request.by.person == draft.context.actor.person)
}

/// The exception has a role of its own; what another role may do elsewhere counts for nothing here.
fn only_policy_owner(draft: &Making<'_>, verb: &'static str) -> Result<(), Refusal> {
    if draft.context.actor.role == Role::PolicyOwner {
        return Ok(());
    }
    let why = format!("this is for the {} to do", Role::PolicyOwner.title());
    Err(refused(draft, verb, vec![&R_EXCEPTION], why))
}

/// A refusal of this command as such, at the stage that the clock shows.
fn refused(draft: &Making<'_>, verb: &str, rules: Because, why: impl Into<String>) -> Refusal {
    let stage = draft.state.stage(draft.context.now);
    let mut allowed = allowed(draft.state.recorded());
    allowed.retain(|other| *other != verb && (stage != Stage::Expired || *other != verb::APPROVE));
    Refusal::NotAllowed { rules, why: why.into(), stage: stage.name(), allowed }
}
