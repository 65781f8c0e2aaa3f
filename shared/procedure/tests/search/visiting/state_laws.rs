//! What holds of every state of DWP Visiting, held against what was heard of it.

use super::asks::{Asks, working_days_after};
use super::law::Law;
use super::subject::Moment;
use super::visiting::VisitingSubject;
use super::visiting_laws::{HeardFact, What};
use chrono::{DateTime, Utc};
use holdfast_procedure::protection::{HoldGround, Standing};
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Decider, Role, Task, Workload};

/// The laws that a state breaks.
pub(crate) fn broken_at(asks: &Asks, at: &Moment<VisitingSubject>, tasks: &[Task]) -> Vec<Law> {
    let (state, heard) = (&at.state, &at.heard);
    if state.opened.is_none() {
        return Vec::new();
    }
    let laws = [
        (Law::ConsideredFirst, heard.no_visit_rests_on_facts(state.stage)),
        (Law::StageRestsOnFacts, rests_on_facts(asks, at)),
        (Law::TwoVisitsAreHandedOver, state.handover.is_some() || !heard.is_two(asks)),
        (Law::TwoVisitsStay, state.handover.is_some() || heard.two.is_none()),
        (Law::WindowAsPrescribed, as_prescribed(asks, state)),
        (Law::NeverUnprotected, is_protected(asks, at)),
        (Law::NobodyContactsTheDead, heard.death.is_none() || nobody_calls(tasks)),
        (Law::OwedByWhomTheGuidanceNames, tasks.iter().all(|task| owed_rightly(asks, task))),
        (Law::SomebodyOwesTheNextStep, somebody_owes(at, tasks)),
    ];
    laws.into_iter().filter(|(_, holds)| !holds).map(|(law, _)| law).collect()
}

fn rests_on_facts(asks: &Asks, at: &Moment<VisitingSubject>) -> bool {
    let heard = &at.heard;
    let between = asks.between_visits;
    let called = || heard.standing(What::NotSeen).next().is_some();
    let in_time = || heard.contact_in_time(asks).next().is_some();
    let over = || {
        let past = |first: &HeardFact| {
            between.is_none_or(|between| at.now > working_days_after(first.at, between.working_days))
        };
        heard.standing(What::NotSeen).any(past)
    };
    let otherwise = between.and_then(|between| between.otherwise);
    let said = |needed: SecondVisit| {
        let needed = needed == SecondVisit::Needed;
        let decided = heard.decisions.iter().any(|said| said.needed == needed);
        decided || heard.contact_in_time(asks).any(|(_, said)| said == Some(needed))
    };
    match at.state.stage {
        Stage::ConsiderationDue
        | Stage::TriageDue
        | Stage::ConcernWithSpoc
        | Stage::WithAdviser
        | Stage::ReferralDue
        | Stage::EndedVisitNotRequired => at.state.referral.is_none(),
        Stage::FirstVisitDue => !heard.counts_as_two().any(|fact| !heard.had_ended_before(fact.at)),
        Stage::AwaitingContact => called() && between.is_some(),
        Stage::SecondVisitUndecided => called() && in_time(),
        Stage::SecondVisitDue => called() && (over() || (in_time() && said(SecondVisit::Needed))),
        Stage::HandedOver => heard.two.is_some(),
        Stage::EndedVisitEffective => heard.standing(What::Seen).next().is_some(),
        Stage::EndedNoSecondVisit => {
            let said = said(SecondVisit::NotNeeded) || otherwise == Some(SecondVisit::NotNeeded);
            in_time() && said && !heard.in_doubt(asks, DateTime::<Utc>::MAX_UTC, false)
        }
        Stage::EndedWithdrawn => heard.withdrawn.is_some(),
        Stage::EndedDeath => heard.died_at().is_some(),
        Stage::EndedDecided => heard.noted && heard.two.is_some(),
    }
}

/// The window gives the days that the letter gives, of the visit that opened it or of a later one that people were told.
fn as_prescribed(asks: &Asks, state: &State) -> bool {
    let Some(window) = &state.window else { return true };
    let Some(between) = asks.between_visits else { return false };
    let ends = |at| working_days_after(at, between.working_days);
    let given = ends(window.ends.from) == window.ends.due.ends_at;
    let opened = state.facts.get(&window.fact).is_some_and(|fact| {
        let at = fact.happening.occurred_at();
        at == window.ends.from || ends(at) <= window.ends.due.ends_at
    });
    given && opened && window.contact == between.contact
}

/// From the referral on the case says that it is open, and protects where the guidance says so.
fn is_protected(asks: &Asks, at: &Moment<VisitingSubject>) -> bool {
    let (state, heard) = (&at.state, &at.heard);
    let here = |ground| state.protection.get(ground).is_some_and(|hold| hold.stands_here());
    if heard.two.is_some() {
        let two = state.protection.get(HoldGround::TwoIneffectiveVisits);
        return two.is_some_and(|two| two.state == Standing::Standing && two.handed_to == Some(Workload::Conferencing));
    }
    if heard.retracted && !heard.came_back {
        // The award is held by whoever led the case until that comes back.
        let two = state.protection.get(HoldGround::TwoIneffectiveVisits);
        return two.is_some_and(|two| two.state == Standing::Standing);
    }
    let concern = heard.concern_is_on_record();
    let protected_early = heard.is_protected_before(asks, state.stage, &here);
    let confidence = asks.between_visits.is_some_and(|between| between.confidence);
    let doubted = state.stage == Stage::EndedNoSecondVisit && confidence && !heard.confident;
    let awaited = state.stage == Stage::EndedVisitEffective && !heard.seen_and_told();
    if state.stage == Stage::EndedVisitEffective && heard.concern_waits_since_visit(asks) {
        return false;
    }
    if heard.referred.is_none() || (state.stage.has_ended() && !awaited && !doubted) {
        return protected_early;
    }
    let told = here(HoldGround::ConcernOnRecord) || (!concern && here(HoldGround::OpenReferral));
    (!asks.considered || here(HoldGround::CoreVisitDue)) && told
}

fn nobody_calls(tasks: &[Task]) -> bool {
    tasks.iter().all(|task| !task.contacts_customer && !["RecordVisit", "RecordLetter"].contains(&task.discharged_by))
}

fn owed_rightly(asks: &Asks, task: &Task) -> bool {
    let name = task.key.split(':').next().unwrap_or_default();
    match name {
        "first-visit" | "second-visit" | "letter" | "return-outcome" => task.owner == Role::VisitingOfficer,
        "second-visit-decision" => asks.between_visits.is_some_and(|between| between.decided_by.contains(&task.owner)),
        "communications-note" => asks.between_visits.and_then(|between| between.noted_by) == Some(task.owner),
        "retraction" => task.owner == Role::VisitingOfficer || asks.referred_by.contains(&task.owner),
        "confirm-death" | "consider-review" => task.owner == Role::Officer,
        "triage" => asks.triaged_by == Some(task.owner),
        "referral" => asks.referred_by.contains(&task.owner),
        "confidence" => asks.between_visits.is_some_and(|between| between.decided_by.contains(&task.owner)),
        "consideration"
        | "no-visit"
        | "indicators"
        | "hardship-contacts"
        | "representative-responsibilities"
        | "follow-up"
        | "good-cause" => asks.considered && task.owner == Role::Referrer,
        "lone-parent" | "booking" | "deferral" | "appointment-letter" => task.owner == Role::VisitingOfficer,
        _ => false,
    }
}

/// Somebody owes the next step, or time brings it about. Where a death is reported, the next step is to verify it.
fn somebody_owes(at: &Moment<VisitingSubject>, tasks: &[Task]) -> bool {
    let owed = tasks.iter().any(|task| task.blocking || task.discharged_by == "ConfirmDeath");
    match at.state.stage {
        Stage::AwaitingContact => !Visiting::timers(&at.state).is_empty(),
        Stage::ConsiderationDue
        | Stage::TriageDue
        | Stage::ReferralDue
        | Stage::FirstVisitDue
        | Stage::SecondVisitUndecided
        | Stage::SecondVisitDue => owed,
        Stage::ConcernWithSpoc
        | Stage::WithAdviser
        | Stage::HandedOver
        | Stage::EndedVisitNotRequired
        | Stage::EndedVisitEffective
        | Stage::EndedNoSecondVisit
        | Stage::EndedWithdrawn
        | Stage::EndedDeath
        | Stage::EndedDecided => true,
    }
}
