//! What follows from a command.

mod correction;
mod opening;

use super::{
    Sanction,
    command::{Check, Command},
    event::Event,
    fact::{Conference, Decided, Explanation, Invitation, Outcome, Weighed, Withdrawal},
    state::{Stage, State},
};
use crate::{
    Context, Decision, Late, NarrativeRef, Refusal, Role,
    desk::ASSIGN_TASK,
    draft::{Because, Draft},
    protection::{Action, ActionGround, Hold},
    rule::{
        general::GEN_3,
        rulings::{R_ACTIONS, R_DEATH, R_DEATH_VERIFIED, R_DIFFERENT_PERSONS, R_RECORDED_ALWAYS, R_WEIGHED},
        universal_credit::UC_SAN,
    },
};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// The names of the commands, as contracts have them.
pub(super) mod verb {
    pub(in super::super) const RECORD_FAILURE: &str = "RecordFailedRequirement";
    pub(in super::super) const HOLD_CONFERENCE: &str = "HoldSanctionConference";
    pub(in super::super) const REFER: &str = "ReferForSanction";
    pub(in super::super) const INVITE: &str = "InviteExplanation";
    pub(in super::super) const RECORD_EXPLANATION: &str = "RecordExplanation";
    pub(in super::super) const DECIDE: &str = "DecideSanction";
    pub(in super::super) const RECONSIDER: &str = "ReconsiderSanction";
    pub(in super::super) const CORRECT_FACT: &str = "CorrectFact";
    pub(in super::super) const WITHDRAW: &str = "WithdrawSanctionCase";
}

type Making<'a> = Draft<'a, Sanction>;

pub(super) fn decide(state: &State, command: &Command, context: &Context<'_>) -> Result<Decision<Event>, Refusal> {
    let mut draft = Draft::of(state, context);
    if state.failure.is_none() && !matches!(command, Command::RecordFailure { .. }) {
        return Err(Refusal::NoSuchPart("no failed requirement was recorded".to_owned()));
    }
    match command {
        Command::RecordFailure { failure, late_reason, others } => {
            opening::open(&mut draft, failure, late_reason, others)?;
        }
        Command::HoldConference { conference, late_reason } => confer(&mut draft, conference, late_reason)?,
        Command::Refer { reason } => refer(&mut draft, reason)?,
        Command::Invite { invitation, late_reason } => invite(&mut draft, invitation, late_reason)?,
        Command::RecordExplanation { explanation, late_reason } => explain(&mut draft, explanation, late_reason)?,
        Command::Decide { decided, holds, check } => settle(&mut draft, decided, holds, check)?,
        Command::Reconsider { reason } => reconsider(&mut draft, reason)?,
        Command::Correct(wrong) => correction::correct(&mut draft, wrong)?,
        Command::Withdraw(withdrawal) => withdraw(&mut draft, withdrawal)?,
        Command::Customer(command) => draft.customer(command)?,
        Command::Desk(command) => draft.desk(command)?,
    }
    Ok(draft.finish())
}

/// The commands allowed now. What happened can always be recorded.
pub(super) fn allowed(state: &State) -> Vec<&'static str> {
    if state.failure.is_none() {
        return vec![verb::RECORD_FAILURE];
    }
    let mut allowed = vec![verb::HOLD_CONFERENCE, verb::INVITE, verb::RECORD_EXPLANATION, verb::CORRECT_FACT];
    match state.stage() {
        Stage::ReferralOpen => allowed.push(verb::REFER),
        Stage::ReferralUnsupported | Stage::InvitationDue | Stage::ExplanationDue | Stage::DecisionDue => {
            allowed.push(verb::DECIDE);
        }
        Stage::Decided if state.decided() == Some(Outcome::Sanction) => allowed.push(verb::RECONSIDER),
        Stage::ConferenceDue | Stage::NoReferral | Stage::Decided | Stage::EndedDeath | Stage::EndedWithdrawn => {}
    }
    if state.may_be_withdrawn() {
        allowed.push(verb::WITHDRAW);
    }
    allowed.extend(state.customer.allowed());
    allowed.push(ASSIGN_TASK);
    allowed
}

/// A conference is recorded whoever took part; it counts where the two parties were there, as two persons.
fn confer(draft: &mut Making<'_>, held: &Conference, late_reason: &Option<NarrativeRef>) -> Result<(), Refusal> {
    let mut because = reported(draft, held.occurred_at, late_reason)?;
    if let Some((rule, why)) = draft.state.missed(held) {
        because.push(rule);
        draft.notes.push(format!(
            "Recorded. This conference does not count: {why} (UC-SAN, {}). It is still owed before any referral.",
            rule.id
        ));
    } else if draft.state.referral.is_some() && !held.opens_referral() {
        let what = "Recorded. The claimant was referred already: the Decision Maker weighs what this conference found.";
        draft.notes.push(format!("{what} (UC-SAN)"));
    }
    let event = Event::Conferred { conference: held.clone(), late: Late::because(late_reason) };
    draft.add(event, because, held.occurred_at);
    Ok(())
}

fn refer(draft: &mut Making<'_>, reason: &NarrativeRef) -> Result<(), Refusal> {
    const VERB: &str = verb::REFER;
    only(draft, &[Role::WorkCoach, Role::SiteLeader], VERB)?;
    let why = match draft.state.stage() {
        Stage::ReferralOpen => None,
        Stage::ConferenceDue => Some(
            "no case conference of work coach and site leader, as two persons, has taken place; hold it and record it \
             first",
        ),
        Stage::NoReferral => Some(
            "the latest conference saw a good reason, or a requirement that was not reasonable and achievable; only \
             another conference can find otherwise",
        ),
        Stage::ReferralUnsupported
        | Stage::InvitationDue
        | Stage::ExplanationDue
        | Stage::DecisionDue
        | Stage::Decided => Some("the claimant was referred already"),
        Stage::EndedDeath | Stage::EndedWithdrawn => return ended(draft, VERB),
    };
    if let Some(why) = why {
        return Err(draft.refused(VERB, vec![&UC_SAN], why));
    }
    draft.add(Event::Referred { reason: reason.clone() }, vec![&UC_SAN], draft.context.now);
    Ok(())
}

fn invite(draft: &mut Making<'_>, sent: &Invitation, late_reason: &Option<NarrativeRef>) -> Result<(), Refusal> {
    let mut because = reported(draft, sent.occurred_at, late_reason)?;
    if !draft.state.invites(sent) {
        because.push(&R_RECORDED_ALWAYS);
        draft.notes.push(
            "Recorded. This invitation does not count: the Decision Maker invites those who were referred for a sanction \
             (UC-SAN)."
                .to_owned(),
        );
    }
    let event = Event::Invited { invitation: sent.clone(), late: Late::because(late_reason) };
    draft.add(event, because, sent.occurred_at);
    Ok(())
}

/// What the claimant explains is recorded whenever they do; after the decision it is for a reconsideration to weigh.
fn explain(draft: &mut Making<'_>, told: &Explanation, late_reason: &Option<NarrativeRef>) -> Result<(), Refusal> {
    let mut because = reported(draft, told.occurred_at, late_reason)?;
    if !draft.state.answers(told) {
        because.push(&R_RECORDED_ALWAYS);
        draft.notes.push(
            "Recorded. This answers no invitation: the Decision Maker still invites whoever is referred for a sanction to \
             explain (UC-SAN)."
                .to_owned(),
        );
    } else if draft.state.stage() == Stage::Decided {
        let what = match draft.state.decided() {
            Some(Outcome::Sanction) => "The decision was taken without it; the claimant can ask for a reconsideration",
            Some(Outcome::NoSanction) | None => "It was decided before that no sanction is warranted, and that stands",
        };
        draft.notes.push(format!("Recorded. {what} (UC-SAN)."));
    }
    let event = Event::Explained { explanation: told.clone(), late: Late::because(late_reason) };
    draft.add(event, because, told.occurred_at);
    Ok(())
}

/// The decision waits for everything that the letter puts before it; every must that is not met is named.
fn settle(draft: &mut Making<'_>, decided: &Decided, holds: &[Hold], check: &Check) -> Result<(), Refusal> {
    const VERB: &str = verb::DECIDE;
    only(draft, &[Role::DecisionMaker], VERB)?;
    if matches!(draft.state.stage(), Stage::EndedDeath | Stage::EndedWithdrawn) {
        return ended(draft, VERB);
    }
    let mut unmet: Vec<(Because, String)> = Vec::new();
    let before = steps_before(&draft.state, decided.outcome);
    unmet.extend(before.into_iter().map(|why| (vec![&UC_SAN], why.to_owned())));
    if draft.state.took_sides(&draft.context.actor.person) {
        let why = "whoever recorded the failure, took part in a conference about the claimant, in whatever role and be \
                   it one that does not count, or referred them does not decide; this takes another person";
        unmet.push((vec![&UC_SAN, &R_DIFFERENT_PERSONS], why.to_owned()));
    }
    if decided.weighed_good_reason == Weighed::NothingKnown && draft.state.reason_was_told() {
        let why = "somebody told of a reason, or the requirement was not seen as reasonable and achievable; weigh it";
        unmet.push((vec![&UC_SAN, &R_WEIGHED], why.to_owned()));
    }
    if decided.outcome == Outcome::Sanction {
        unmet.extend(held(holds, check));
        let says_nothing = match check {
            Check::Permits => false,
            Check::CannotSay => true,
            Check::Held(known) => known.is_empty(),
        };
        if says_nothing {
            let why = "the check of protection (CheckAction) could not say whether the award may be sanctioned; ask for \
                       the decision again in a moment";
            unmet.push((vec![&R_ACTIONS], why.to_owned()));
        }
        if draft.state.customer.death.is_some() {
            let why = "the customer is said to have died; whether they have is verified first";
            unmet.push((vec![&GEN_3, &R_DEATH], why.to_owned()));
        }
    }
    if !unmet.is_empty() {
        let (rules, missing): (Vec<_>, Vec<_>) = unmet.into_iter().unzip();
        let why = format!("the decision is not possible yet: {}", missing.join("; "));
        return Err(draft.refused(VERB, rules.concat(), why));
    }
    draft.add(Event::Decided(decided.clone()), vec![&UC_SAN, &R_WEIGHED], draft.context.now);
    Ok(())
}

/// The steps that come before a decision with this outcome. The claimant is heard before a sanction, after a conference
/// that opened the way to the referral; that none is warranted is decided at any time since the referral, with them heard
/// or not.
fn steps_before(state: &State, outcome: Outcome) -> Vec<&'static str> {
    const UNSUPPORTED: &str = "as corrected, no conference opened the way to the referral; hold one of work coach and \
                               site leader, as two persons, that sees no good reason and a requirement that was \
                               reasonable and achievable, or decide that no sanction is warranted";
    match (state.stage(), outcome) {
        (Stage::ConferenceDue | Stage::NoReferral | Stage::ReferralOpen, _) => {
            vec!["the claimant was not referred for a sanction"]
        }
        (Stage::ReferralUnsupported, Outcome::Sanction) => [UNSUPPORTED].into_iter().chain(unheard(state)).collect(),
        (Stage::InvitationDue | Stage::ExplanationDue | Stage::DecisionDue, Outcome::Sanction) => {
            unheard(state).into_iter().collect()
        }
        (Stage::Decided, _) if state.decided() == Some(Outcome::NoSanction) => {
            vec!["it was decided that no sanction is warranted, and that stands"]
        }
        (Stage::Decided, _) => vec!["it is decided; a reconsideration opens the case again"],
        (
            Stage::ReferralUnsupported | Stage::InvitationDue | Stage::ExplanationDue | Stage::DecisionDue,
            Outcome::NoSanction,
        )
        | (Stage::EndedDeath | Stage::EndedWithdrawn, _) => Vec::new(),
    }
}

/// What keeps the claimant from having been heard.
fn unheard(state: &State) -> Option<&'static str> {
    if state.invited().is_none() {
        Some("the claimant was not invited to explain; invite them and record it")
    } else if state.answered().is_none() {
        Some("neither the claimant's explanation nor that none came is on record; record which it is")
    } else {
        None
    }
}

/// What keeps the award from being sanctioned, here or in another service: to decide on a sanction is guarded against as
/// much as to apply it.
fn held(holds: &[Hold], check: &Check) -> Option<(Because, String)> {
    let bars = |hold: &&Hold| hold.state.protects() && hold.prohibits.covers(Action::Sanction, ActionGround::Any);
    let own = holds.iter().filter(bars).map(|hold| (hold.key.case.as_str(), hold.rules.as_slice()));
    let known = match check {
        Check::Held(known) => known.as_slice(),
        Check::Permits | Check::CannotSay => &[],
    };
    let barring: Vec<_> = own.chain(known.iter().map(|(case, rules)| (case.as_str(), rules.as_slice()))).collect();
    let cases: BTreeSet<_> = barring.iter().map(|(case, _)| *case).collect();
    let rules = barring.iter().flat_map(|(_, rules)| rules.iter().copied()).chain([&R_ACTIONS]).collect();
    let why = format!(
        "the award is held by {}, and nobody decides on a sanction while it is; once CheckAction permits it, decide",
        cases.into_iter().collect::<Vec<_>>().join(" and ")
    );
    (!barring.is_empty()).then_some((rules, why))
}

/// Who disagrees with a sanction can have it decided anew. Nobody asks for one: that none is warranted stands.
fn reconsider(draft: &mut Making<'_>, reason: &NarrativeRef) -> Result<(), Refusal> {
    const VERB: &str = verb::RECONSIDER;
    only(draft, &[Role::DecisionMaker, Role::WorkCoach, Role::SiteLeader], VERB)?;
    match draft.state.stage() {
        Stage::Decided if draft.state.decided() == Some(Outcome::NoSanction) => {
            let why = "it was decided that no sanction is warranted, and that stands: a reconsideration is for a claimant \
                       who disagrees with a sanction";
            Err(draft.refused(VERB, vec![&UC_SAN], why))
        }
        Stage::Decided => {
            draft.add(Event::Reconsidered { reason: reason.clone() }, vec![&UC_SAN], draft.context.now);
            Ok(())
        }
        Stage::EndedDeath | Stage::EndedWithdrawn => ended(draft, VERB),
        Stage::ConferenceDue
        | Stage::NoReferral
        | Stage::ReferralOpen
        | Stage::ReferralUnsupported
        | Stage::InvitationDue
        | Stage::ExplanationDue
        | Stage::DecisionDue => Err(draft.refused(VERB, vec![&UC_SAN], "there is no decision to reconsider")),
    }
}

/// The rules that something reported stands on.
fn reported(draft: &Making<'_>, at: DateTime<Utc>, late_reason: &Option<NarrativeRef>) -> Result<Because, Refusal> {
    let late = draft.happened("occurred_at", at, late_reason.as_ref())?;
    Ok([vec![&UC_SAN], late].concat())
}

/// A case that is not pursued ends before a decision; what was decided is revised by a reconsideration.
fn withdraw(draft: &mut Making<'_>, withdrawal: &Withdrawal) -> Result<(), Refusal> {
    const VERB: &str = verb::WITHDRAW;
    only(draft, &[Role::WorkCoach, Role::SiteLeader], VERB)?;
    if matches!(draft.state.stage(), Stage::EndedDeath | Stage::EndedWithdrawn) {
        return ended(draft, VERB);
    }
    if !draft.state.may_be_withdrawn() {
        let why = if draft.state.decided() == Some(Outcome::NoSanction) {
            "it was decided that no sanction is warranted, and what was decided is not withdrawn; nothing is owed on the \
             case any more"
        } else {
            "it was decided, and what was decided is not withdrawn: a reconsideration (ReconsiderSanction) is what \
             revises a sanction"
        };
        return Err(draft.refused(VERB, vec![&UC_SAN], why));
    }
    draft.add(Event::Withdrawn(withdrawal.clone()), vec![&UC_SAN], draft.context.now);
    Ok(())
}

/// What is asked for, rather than what happened, is over with the customer's death, and with the withdrawal.
fn ended(draft: &Making<'_>, verb: &'static str) -> Result<(), Refusal> {
    if draft.state.customer.death_is_confirmed() {
        let why = "the case has ended, as the customer's death is verified";
        return Err(draft.refused(verb, vec![&GEN_3, &R_DEATH_VERIFIED], why));
    }
    let why = "the case was withdrawn; a failure that is pursued after all has a case of its own \
               (RecordFailedRequirement)";
    Err(draft.refused(verb, vec![&UC_SAN], why))
}

/// Only those whom the letter names do this.
fn only(draft: &Making<'_>, may: &[Role], verb: &'static str) -> Result<(), Refusal> {
    if may.contains(&draft.context.actor.role) {
        return Ok(());
    }
    let titles: Vec<_> = may.iter().map(|role| role.title()).collect();
    Err(draft.refused(verb, vec![&UC_SAN], format!("this is for the {} to do", titles.join(" or the "))))
}
