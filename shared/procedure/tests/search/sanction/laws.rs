//! What holds before a sanction, as whoever has read the letter keeps account of it (UC-SAN): a conference of work coach
//! and site leader before any referral, the claimant invited and heard, everything weighed, and nobody on both sides.

use super::law::Law;
use super::sanction::SanctionSubject;
use super::subject::{Moment, Taken};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::conferencing::{Participant, Party};
use holdfast_procedure::customer::Fact;
use holdfast_procedure::protection::{Action, ActionGround, Hold};
use holdfast_procedure::sanction::*;
use holdfast_procedure::{Recorded, Role, Task};
use std::collections::BTreeSet;

/// Clocks of different systems may differ by this much.
const SKEW: TimeDelta = TimeDelta::minutes(1);

/// What was recorded.
#[derive(Debug, Clone, Default, Hash)]
pub(crate) struct Heard {
    facts: Vec<HeardFact>,
    /// Who referred the claimant, and when.
    referred: Option<(String, DateTime<Utc>)>,
    /// Who recorded the failure again.
    again: BTreeSet<String>,
    decided: usize,
    reconsidered: usize,
    /// The latest decision is that none is warranted.
    spared: bool,
    withdrawn: bool,
    reported_by: Option<String>,
    died: bool,
}

#[derive(Debug, Clone, Hash)]
struct HeardFact {
    what: What,
    at: DateTime<Utc>,
    by: String,
    /// When it was recorded.
    told: DateTime<Utc>,
    stands: bool,
    corrected: bool,
}

/// A fact, as far as the letter tells it from others.
#[derive(Debug, Clone, Hash)]
enum What {
    Failed,
    /// Who took part, for each of the two parties and at all, whether no good reason was seen for a requirement that was reasonable
    /// and achievable.
    Met {
        coaches: Vec<String>,
        leaders: Vec<String>,
        all: Vec<String>,
        opens: bool,
    },
    Invited,
    /// An answer came, or none.
    Answered(bool),
}

fn present(participants: &[Participant], role: Role) -> Vec<String> {
    let there = participants.iter().filter(|there| there.party == Party::Department(role));
    there.map(|there| there.person.clone()).collect()
}

impl What {
    fn of(happening: &Happening) -> (Self, DateTime<Utc>) {
        match happening {
            Happening::Failure(failure) => (Self::Failed, failure.occurred_at),
            Happening::Conference(held) => {
                let (coach, leader) = (Role::WorkCoach, Role::SiteLeader);
                let opens = held.good_reason == GoodReason::NotSeen && held.requirement == Assurance::Reasonable;
                let (coaches, leaders) = (present(&held.participants, coach), present(&held.participants, leader));
                let all = held.participants.iter().map(|there| there.person.clone()).collect();
                (Self::Met { coaches, leaders, all, opens }, held.occurred_at)
            }
            Happening::Invitation(sent) => (Self::Invited, sent.occurred_at),
            Happening::Explanation(told) => (Self::Answered(told.answer == Answer::Explained), told.occurred_at),
        }
    }
}

impl Heard {
    pub(crate) fn hear(&mut self, recorded: &Recorded<'_, Event>) {
        match recorded.event {
            Event::Failed { failure, .. } => self.keep(&Happening::Failure(failure.clone()), recorded, false),
            Event::FailedAgain { .. } => {
                self.again.insert(recorded.by.person.clone());
            }
            Event::Conferred { conference, .. } => {
                self.keep(&Happening::Conference(conference.clone()), recorded, false);
            }
            Event::Invited { invitation, .. } => self.keep(&Happening::Invitation(invitation.clone()), recorded, false),
            Event::Explained { explanation, .. } => {
                self.keep(&Happening::Explanation(explanation.clone()), recorded, false);
            }
            Event::FactCorrected { fact, right, .. } => {
                let wrong = usize::try_from(*fact).ok().and_then(|number| self.facts.get_mut(number.checked_sub(1)?));
                if let Some(wrong) = wrong {
                    (wrong.stands, wrong.corrected) = (false, true);
                }
                if let Some((_, right)) = right {
                    self.keep(right, recorded, true);
                }
            }
            Event::Referred { .. } => self.referred = Some((recorded.by.person.clone(), recorded.at)),
            Event::Decided(decided) => {
                self.decided += 1;
                self.spared = decided.outcome == Outcome::NoSanction;
            }
            Event::Reconsidered { .. } => self.reconsidered += 1,
            Event::Withdrawn(_) => self.withdrawn = true,
            Event::Customer(told) => {
                let by = told.passed_on.as_ref().map_or(recorded.by, |from| &from.by);
                match &told.fact {
                    Fact::DeathReported { .. } => self.reported_by = Some(by.person.clone()),
                    Fact::DeathConfirmed { .. } => self.died = true,
                    Fact::DeathReportMistaken { .. } => (self.reported_by, self.died) = (None, false),
                    Fact::Moved { .. } | Fact::Merged { .. } => {}
                }
            }
            Event::Task(_) => {}
        }
    }

    fn keep(&mut self, happening: &Happening, recorded: &Recorded<'_, Event>, corrected: bool) {
        let (what, at) = What::of(happening);
        self.facts.push(HeardFact {
            what,
            at,
            by: recorded.by.person.clone(),
            told: recorded.at,
            stands: true,
            corrected,
        });
    }

    fn standing(&self) -> impl Iterator<Item = &HeardFact> {
        self.facts.iter().filter(|fact| fact.stands)
    }

    /// Nothing that the letter asks for comes before the failure.
    fn failed_at(&self) -> Option<DateTime<Utc>> {
        self.standing().find(|fact| matches!(fact.what, What::Failed)).map(|fact| fact.at)
    }

    /// The conferences that the letter asks for: of both parties, as two persons. When, and whether it opens the way.
    fn conferences(&self) -> impl Iterator<Item = (DateTime<Utc>, bool)> {
        let failed_at = self.failed_at();
        self.standing().filter(move |fact| failed_at.is_some_and(|failed| failed <= fact.at)).filter_map(|fact| {
            let What::Met { coaches, leaders, opens, .. } = &fact.what else { return None };
            let two = coaches.iter().any(|coach| leaders.iter().any(|leader| leader != coach));
            two.then_some((fact.at, *opens))
        })
    }

    /// The latest of them opens the way to a referral. Of two at one instant either may have been the later.
    fn may_be_referred(&self) -> bool {
        let last = self.conferences().map(|(at, _)| at).max();
        self.conferences().any(|(at, opens)| Some(at) == last && opens)
    }

    /// One that opened the way stands. What a later one finds otherwise is for the decision to weigh.
    fn is_supported(&self) -> bool {
        self.conferences().any(|(_, opens)| opens)
    }

    fn invited_at(&self) -> Option<DateTime<Utc>> {
        let (_, referred) = self.referred.as_ref()?;
        let failed_at = self.failed_at()?;
        let sent = self.standing().filter(|fact| matches!(fact.what, What::Invited));
        sent.map(|fact| fact.at).filter(|at| *at + SKEW >= *referred && *at >= failed_at).min()
    }

    /// The claimant was invited, and explained, or no answer came.
    fn was_heard(&self) -> bool {
        let Some(invited) = self.invited_at() else { return false };
        self.standing().any(|fact| match fact.what {
            What::Answered(true) => fact.at >= invited,
            What::Answered(false) => fact.at > invited,
            What::Failed | What::Met { .. } | What::Invited => false,
        })
    }

    /// Somebody told of a reason, or found that the requirement was not for this claimant.
    fn reason_was_told(&self) -> bool {
        self.standing().any(|fact| matches!(fact.what, What::Answered(true) | What::Met { opens: false, .. }))
    }

    fn took_sides(&self, person: &String) -> bool {
        let took = |fact: &HeardFact| match &fact.what {
            What::Failed => fact.by == *person,
            What::Met { all, .. } => all.contains(person),
            What::Invited | What::Answered(_) => false,
        };
        let recorded = self.again.contains(person) || self.facts.iter().any(took);
        recorded || self.referred.as_ref().is_some_and(|(by, _)| by == person)
    }

    fn is_decided(&self) -> bool {
        self.decided > self.reconsidered
    }

    fn has_ended(&self) -> bool {
        self.died || self.withdrawn
    }
}

fn bars(hold: &Hold) -> bool {
    hold.state.protects() && hold.prohibits.covers(Action::Sanction, ActionGround::Any)
}

/// The laws that a step breaks.
pub(crate) fn broken_by(taken: &Taken<'_, SanctionSubject>) -> Vec<Law> {
    let (heard, by) = (&taken.before.heard, &taken.step.by);
    let mut broken = Vec::new();
    let mut law = |law, holds: bool| broken.extend((!holds).then_some(law));
    let opens = [Role::WorkCoach, Role::SiteLeader];
    for ruled in taken.events {
        match &ruled.event {
            Event::Failed { failure, .. } | Event::FailedAgain { failure, .. } => {
                law(Law::DecidedByWhomTheGuidanceNames, opens.contains(&by.role));
                law(Law::OutcomeAsPrescribed, failure.award.benefit == super::asks::UNIVERSAL_CREDIT.benefit);
            }
            Event::Referred { .. } => {
                law(Law::DecidedByWhomTheGuidanceNames, opens.contains(&by.role));
                law(Law::SanctionConferenceFirst, heard.may_be_referred() && heard.referred.is_none());
                law(Law::NothingAfterTheEnd, !heard.has_ended());
            }
            Event::Decided(decided) => decision(taken, decided, &mut law),
            Event::Reconsidered { .. } => {
                law(Law::NothingAfterTheEnd, heard.is_decided() && !heard.spared && !heard.has_ended());
            }
            Event::Withdrawn(_) => {
                law(Law::DecidedByWhomTheGuidanceNames, opens.contains(&by.role));
                law(Law::NothingAfterTheEnd, heard.decided == 0 && !heard.has_ended());
            }
            Event::Customer(told) if told.passed_on.is_none() && matches!(told.fact, Fact::DeathConfirmed { .. }) => {
                let other = heard.reported_by.as_ref().is_some_and(|person| *person != by.person);
                law(Law::DeathTakesASecondPerson, other);
            }
            Event::Conferred { .. }
            | Event::Invited { .. }
            | Event::Explained { .. }
            | Event::FactCorrected { .. }
            | Event::Customer(_)
            | Event::Task(_) => {}
        }
    }
    law(Law::WhatHappenedIsRecorded, is_recorded(taken));
    broken
}

/// A decision comes after everything that the letter puts before it, and never while the award is held.
fn decision(taken: &Taken<'_, SanctionSubject>, decided: &Decided, law: &mut impl FnMut(Law, bool)) {
    let (heard, by) = (&taken.before.heard, &taken.step.by);
    law(Law::DecidedByWhomTheGuidanceNames, by.role == Role::DecisionMaker);
    law(Law::SanctionConferenceFirst, heard.referred.is_some());
    law(Law::NothingAfterTheEnd, !heard.is_decided() && !heard.has_ended());
    law(Law::NoSidesTaken, !heard.took_sides(&by.person));
    law(Law::ReasonsWeighed, decided.weighed_good_reason == Weighed::TakenIntoAccount || !heard.reason_was_told());
    if decided.outcome == Outcome::Sanction {
        law(Law::SanctionConferenceFirst, heard.is_supported());
        law(Law::ClaimantHeardFirst, heard.was_heard());
        law(Law::DeathSettledFirst, heard.reported_by.is_none());
        if let Command::Decide { holds, check, .. } = &taken.step.command {
            law(Law::NotWhileHeld, !holds.iter().any(bars) && *check == Check::Permits);
        }
    }
}

/// What happened is on record once the command went through.
fn is_recorded(taken: &Taken<'_, SanctionSubject>) -> bool {
    let (before, after) = (&taken.before.state, &taken.after.state);
    let kept = after.facts.get(before.facts.next()).map(|kept| &kept.what);
    match &taken.step.command {
        Command::HoldConference { conference, .. } => kept == Some(&Happening::Conference(conference.clone())),
        Command::Invite { invitation, .. } => kept == Some(&Happening::Invitation(invitation.clone())),
        Command::RecordExplanation { explanation, .. } => kept == Some(&Happening::Explanation(explanation.clone())),
        Command::Correct(correction) => {
            let same = kept.map(std::mem::discriminant) == correction.right.as_ref().map(std::mem::discriminant);
            after.facts.get(correction.fact).is_none() && same
        }
        Command::RecordFailure { .. } => {
            let again = after.recorded_again_by.contains(&taken.step.by.person);
            after.failure.is_some() && (before.failure.is_none() || again)
        }
        Command::Withdraw(_) => after.withdrawn.is_some(),
        Command::Refer { .. } => after.referral.is_some(),
        Command::Decide { .. } | Command::Reconsider { .. } | Command::Customer(_) | Command::Desk(_) => true,
    }
}

/// The laws that a state breaks.
pub(crate) fn broken_at(at: &Moment<SanctionSubject>, tasks: &[Task]) -> Vec<Law> {
    let heard = &at.heard;
    if heard.facts.is_empty() {
        return Vec::new();
    }
    let laws = [
        (Law::StageRestsOnFacts, rests_on_facts(at)),
        (Law::NobodyContactsTheDead, heard.reported_by.is_none() || tasks.iter().all(|task| !task.contacts_customer)),
        (Law::OwedByWhomTheGuidanceNames, tasks.iter().all(owed_rightly)),
        (Law::SomebodyOwesTheNextStep, somebody_owes(at, tasks)),
    ];
    laws.into_iter().filter(|(_, holds)| !holds).map(|(law, _)| law).collect()
}

fn rests_on_facts(at: &Moment<SanctionSubject>) -> bool {
    let heard = &at.heard;
    let goes_on = !heard.has_ended() && !heard.is_decided();
    let open = goes_on && heard.referred.is_none();
    let referred = goes_on && heard.referred.is_some();
    // Which came first of a referral and what was recorded at the same instant, nobody can tell.
    let at_once = |fact: &HeardFact| heard.referred.as_ref().is_some_and(|(_, referred)| fact.told == *referred);
    let corrected = heard.facts.iter().any(|fact| fact.corrected || at_once(fact));
    match at.state.stage() {
        Stage::ConferenceDue => open && heard.conferences().next().is_none(),
        Stage::NoReferral => open && heard.conferences().any(|(_, opens)| !opens),
        Stage::ReferralOpen => open && heard.may_be_referred(),
        Stage::ReferralUnsupported => referred && corrected,
        Stage::InvitationDue => referred && heard.is_supported() && heard.invited_at().is_none(),
        Stage::ExplanationDue => referred && heard.is_supported() && heard.invited_at().is_some() && !heard.was_heard(),
        Stage::DecisionDue => referred && heard.is_supported() && heard.was_heard(),
        Stage::Decided => !heard.has_ended() && heard.is_decided(),
        Stage::EndedDeath => heard.died,
        Stage::EndedWithdrawn => heard.withdrawn && !heard.died,
    }
}

fn owed_rightly(task: &Task) -> bool {
    match task.key.split(':').next().unwrap_or_default() {
        "conference" => task.owner == Role::WorkCoach,
        "invitation" | "explanation" | "decision" | "corrected" => task.owner == Role::DecisionMaker,
        "confirm-death" | "consider-review" => task.owner == Role::Officer,
        _ => false,
    }
}

/// Somebody owes the next step. Nobody has to refer a claimant, and where a death is reported that is verified first.
fn somebody_owes(at: &Moment<SanctionSubject>, tasks: &[Task]) -> bool {
    let owed = tasks.iter().any(|task| task.blocking || task.discharged_by == "ConfirmDeath");
    match at.state.stage() {
        Stage::ConferenceDue
        | Stage::ReferralUnsupported
        | Stage::InvitationDue
        | Stage::ExplanationDue
        | Stage::DecisionDue => owed,
        Stage::NoReferral | Stage::ReferralOpen | Stage::Decided | Stage::EndedDeath | Stage::EndedWithdrawn => true,
    }
}
