//! What holds while a concern is looked into, as whoever has read the guidance keeps account of it.

use super::asks::Asks;
use super::escalation::EscalationSubject;
use super::escalation_entry::{Entry, Log, Present};
use super::law::Law;
use super::subject::{Moment, Taken};
use chrono::TimeDelta;
use holdfast_procedure::customer::Fact;
use holdfast_procedure::escalation::*;
use holdfast_procedure::{Decider, Recorded, Role, Task};

/// What was recorded of the present round, and of the customer.
#[derive(Debug, Clone, Default, Hash)]
pub(crate) struct Heard {
    present: Present,
    /// What was heard of the present round, where something of it may have been recorded wrongly, and how many facts
    /// were told before it.
    log: Log,
    facts_before: usize,
    corrected: usize,
    pub(crate) concluded: bool,
    reported_by: Option<String>,
    died: bool,
}

impl Heard {
    pub(crate) fn hear(&mut self, recorded: &Recorded<'_, Event>, corrections: usize) {
        if let Event::Opened { concern } = recorded.event {
            self.facts_before += std::mem::take(&mut self.log).facts();
            (self.present, self.concluded) = (Present::since(concern.occurred_at), false);
        } else if let Event::FactCorrected { fact, right, .. } = recorded.event {
            let place = *fact as usize - self.facts_before.min(*fact as usize);
            self.log.correct(place, right.as_ref().map(|(_, right)| &right.happening));
            self.present = self.present.again(&self.log);
            self.corrected += 1;
            if self.corrected >= corrections {
                self.log = Log::default();
            }
        } else if let Event::Concluded { .. } = recorded.event {
            self.concluded = true;
        } else if let Event::Customer(told) = recorded.event {
            if let Fact::DeathReported { .. } = told.fact {
                let by = told.passed_on.as_ref().map_or(recorded.by, |from| &from.by);
                (self.reported_by, self.died) = (Some(by.person.clone()), false);
            } else if let Fact::DeathConfirmed { .. } = told.fact {
                self.died = true;
            } else if let Fact::DeathReportMistaken { .. } = told.fact {
                (self.reported_by, self.died) = (None, false);
            }
        } else if let Some(entry) = Entry::of(recorded) {
            self.present.take(&entry);
            if self.corrected < corrections {
                self.log.0.push(entry);
            }
        }
    }

    /// What stands in the way of the conclusion.
    fn unmet(&self, asks: &Asks) -> Vec<Law> {
        let called = self.present.texts.is_empty() || self.reported_by.is_some();
        let asked = self.present.asked.is_some_and(|(_, has_leader)| has_leader);
        let led = asked || (!asks.always_a_leader && self.present.asked.is_none() && self.present.need == Some(false));
        let laws = [
            (Law::ContactFirst, asks.call_back.is_none() || self.present.attempted),
            (Law::CallFirst, asks.call_back.is_none() || called),
            (Law::LeaderFirst, led),
            (Law::ReviewFirst, !self.present.review_set && (self.present.asked.is_none() || self.present.reviewed)),
        ];
        laws.into_iter().filter(|(_, holds)| !holds).map(|(law, _)| law).collect()
    }
}

/// The laws that a step breaks.
pub(crate) fn broken_by(asks: &Asks, taken: &Taken<'_, EscalationSubject>) -> Vec<Law> {
    let (heard, by) = (&taken.before.heard, taken.step.by.role);
    let mut broken = Vec::new();
    let mut law = |law, holds: bool| broken.extend((!holds).then_some(law));
    for ruled in taken.events {
        if let Event::Concluded { .. } = ruled.event {
            heard.unmet(asks).into_iter().for_each(|unmet| law(unmet, false));
            law(Law::DecidedByWhomTheGuidanceNames, [asks.lead, Role::SafeguardingLeader].contains(&by));
        } else if let Event::FactCorrected { .. } = ruled.event {
            // What was concluded does not lose what it rested on behind the back of whoever relies on it.
            let (known, unmet) = (heard.unmet(asks), taken.after.heard.unmet(asks));
            law(Law::CorrectedIsJudgedAgain, !heard.concluded || unmet.iter().all(|law| known.contains(law)));
        } else if let Event::LeaderConsidered { .. } = ruled.event {
            law(Law::DecidedByWhomTheGuidanceNames, by == asks.lead);
        } else if let Event::ContactAttempted { made, call_back, .. } = &ruled.event {
            let promised = asks.call_back.filter(|_| made.text_sent);
            let within = promised.map(|minutes| made.occurred_at + TimeDelta::minutes(minutes));
            law(Law::CallInTime, call_back.as_ref().map(|deadline| deadline.due.ends_at) == within);
        } else if let Event::Customer(told) = &ruled.event
            && matches!(told.fact, Fact::DeathConfirmed { .. })
        {
            law(Law::DeathTakesASecondPerson, heard.reported_by.as_ref().is_some_and(|by| *by != taken.step.by.person));
        }
    }
    law(Law::WhatHappenedIsRecorded, is_recorded(taken));
    broken
}

/// What happened is on record once the command went through.
fn is_recorded(taken: &Taken<'_, EscalationSubject>) -> bool {
    let (Some(before), Some(after)) = (taken.before.state.round(), taken.after.state.round()) else { return true };
    let one_more = |before: usize, after: usize| after == before + 1;
    match &taken.step.command {
        Command::RecordContactAttempt { .. } => one_more(before.attempts.len(), after.attempts.len()),
        Command::RecordLiaison { .. } => one_more(before.liaisons.len(), after.liaisons.len()),
        Command::RecordDisclosure { .. } => one_more(before.disclosures.len(), after.disclosures.len()),
        Command::RecordReview { .. } => one_more(before.reviews.len(), after.reviews.len()),
        Command::RecordContact { .. } => one_more(before.contacts.len(), after.contacts.len()),
        Command::Correct(correction) => {
            let (before, after) = (&taken.before.state.facts, &taken.after.state.facts);
            let right = correction.right.as_ref().and_then(|_| after.get(before.next()));
            let told = right.map(|kept| &kept.what.fact.happening);
            after.get(correction.fact).is_none() && told == correction.right.as_ref().map(|(right, _)| right)
        }
        Command::Open(_)
        | Command::ConsiderLeader { .. }
        | Command::ReferToLeader { .. }
        | Command::ResolveLeader { .. }
        | Command::SetReviewDate { .. }
        | Command::Conclude { .. }
        | Command::LetTimePass
        | Command::Customer(_)
        | Command::Desk(_) => true,
    }
}

/// The laws that a state breaks.
pub(crate) fn broken_at(asks: &Asks, at: &Moment<EscalationSubject>, tasks: &[Task]) -> Vec<Law> {
    let (state, heard) = (&at.state, &at.heard);
    if state.round().is_none() {
        return Vec::new();
    }
    let waits = !state.stage.has_ended();
    let somebody = tasks.iter().any(|task| task.blocking || task.discharged_by == "ConfirmDeath");
    let time = !Escalation::timers(state).is_empty();
    let laws = [
        (Law::StageRestsOnFacts, rests_on_facts(asks, at)),
        (Law::NobodyContactsTheDead, heard.reported_by.is_none() || nobody_calls(tasks)),
        (Law::OwedByWhomTheGuidanceNames, tasks.iter().all(|task| owed_rightly(asks, task))),
        (Law::SomebodyOwesTheNextStep, !waits || somebody || time),
    ];
    laws.into_iter().filter(|(_, holds)| !holds).map(|(law, _)| law).collect()
}

fn rests_on_facts(asks: &Asks, at: &Moment<EscalationSubject>) -> bool {
    let heard = &at.heard;
    let unmet = heard.unmet(asks);
    match at.state.stage {
        Stage::ContactDue => unmet.contains(&Law::ContactFirst) || unmet.contains(&Law::CallFirst),
        Stage::LeaderUndecided => heard.present.need.is_none() && unmet.contains(&Law::LeaderFirst),
        Stage::ReferralDue => heard.present.asked.is_none() && unmet.contains(&Law::LeaderFirst),
        Stage::AwaitingLeader => heard.present.asked.is_some_and(|(_, has_leader)| !has_leader),
        Stage::ReviewDateDue => !heard.present.review_set && unmet.contains(&Law::ReviewFirst),
        Stage::ReviewDue => heard.present.review_set,
        Stage::ConclusionDue => unmet.is_empty(),
        Stage::Concluded => heard.concluded,
        Stage::EndedDeath => heard.died,
    }
}

fn nobody_calls(tasks: &[Task]) -> bool {
    tasks.iter().all(|task| !task.contacts_customer && task.discharged_by != "RecordContactAttempt")
}

fn owed_rightly(asks: &Asks, task: &Task) -> bool {
    let name = task.key.split(':').next().unwrap_or_default();
    match name {
        "contact" | "call-back" | "leader-need" | "leader" | "new-leader" | "review" | "review-date" | "conclusion" => {
            task.owner == asks.lead
        }
        "name-leader" => task.owner == Role::Operator,
        "review-overdue" => [Role::SafeguardingLeader, Role::LineManager].contains(&task.owner),
        "confirm-death" => task.owner == Role::Officer,
        _ => false,
    }
}
