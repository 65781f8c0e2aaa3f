//! What holds of an exception to the protection, as whoever has read R-EXCEPTION keeps account of it: two persons of a
//! role of its own, a reason, and an end that comes by itself.

use super::exception::ExceptionSubject;
use super::law::Law;
use super::subject::{Moment, Taken};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::customer::Fact;
use holdfast_procedure::exception::*;
use holdfast_procedure::{Recorded, Role, Task};

/// What was recorded.
#[derive(Debug, Clone, Default, Hash)]
pub(crate) struct Heard {
    /// By whom it was asked for, when, and until when.
    asked: Option<(String, DateTime<Utc>, DateTime<Utc>)>,
    approved: bool,
    declined: bool,
    revoked: bool,
    /// The reference that the customer goes by.
    customer: String,
}

impl Heard {
    pub(crate) fn hear(&mut self, recorded: &Recorded<'_, Event>) {
        if let Event::Requested { request, .. } = recorded.event {
            self.asked = Some((recorded.by.person.clone(), recorded.at, request.until));
            self.customer.clone_from(&request.award.customer);
        } else if let Event::Approved { .. } = recorded.event {
            self.approved = true;
        } else if let Event::Declined { .. } = recorded.event {
            self.declined = true;
        } else if let Event::Revoked { .. } = recorded.event {
            self.revoked = true;
        } else if let Event::Customer(told) = recorded.event
            && let Fact::Merged { into } = &told.fact
        {
            self.customer.clone_from(into);
        }
    }

    /// Something may be done under it at an instant: it was approved, is not revoked, and its end lies ahead.
    fn permits(&self, at: DateTime<Utc>) -> bool {
        let lasts = self.asked.as_ref().is_some_and(|(_, _, until)| at < *until);
        self.approved && !self.revoked && !self.declined && lasts
    }

    fn undecided(&self) -> bool {
        self.asked.is_some() && !self.approved && !self.declined
    }
}

/// The laws that a step breaks.
pub(crate) fn broken_by(taken: &Taken<'_, ExceptionSubject>) -> Vec<Law> {
    let (heard, by, now) = (&taken.before.heard, &taken.step.by, taken.before.now);
    let mut broken = Vec::new();
    let mut law = |law, holds: bool| broken.extend((!holds).then_some(law));
    let asker = heard.asked.as_ref().map(|(person, ..)| person);
    for ruled in taken.events {
        let decided = match &ruled.event {
            Event::Requested { request, .. } => {
                law(Law::OverInTime, now < request.until && request.until <= now + TimeDelta::days(28));
                law(Law::DecidedOnce, heard.asked.is_none());
                true
            }
            Event::Approved { .. } => {
                law(Law::ExceptionTakesTwo, asker.is_some_and(|person| *person != by.person));
                law(Law::OverInTime, heard.asked.as_ref().is_some_and(|(_, _, until)| now < *until));
                law(Law::DecidedOnce, heard.undecided());
                true
            }
            Event::Declined { withdrawn, .. } => {
                law(Law::DecidedOnce, heard.undecided());
                law(Law::WhatHappenedIsRecorded, *withdrawn == (asker == Some(&by.person)));
                true
            }
            Event::Revoked { .. } => {
                law(Law::DecidedOnce, heard.approved && !heard.revoked);
                true
            }
            Event::Customer(_) | Event::Task(_) => false,
        };
        law(Law::DecidedByWhomTheGuidanceNames, !decided || by.role == Role::PolicyOwner);
    }
    // The reason, and who said so, is what can be listed and audited later.
    if let Command::Request { request, reason } = &taken.step.command {
        let kept = taken.after.state.request.as_ref();
        let kept = kept.is_some_and(|kept| (&kept.what, &kept.words, &kept.by) == (request, reason, by));
        law(Law::WhatHappenedIsRecorded, kept);
    }
    law(Law::NothingElseOpensIt, taken.after.heard.approved == taken.after.state.approved.is_some());
    broken
}

/// The laws that a state breaks.
pub(crate) fn broken_at(at: &Moment<ExceptionSubject>, tasks: &[Task]) -> Vec<Law> {
    let (state, heard) = (&at.state, &at.heard);
    let Some((_, asked, until)) = &heard.asked else { return Vec::new() };
    let (tick, year) = (TimeDelta::microseconds(1), TimeDelta::days(365));
    // Its end is known beforehand, and so whether it is in force at any later instant, if nobody says otherwise.
    let instants = [at.now, *until - tick, *until, *until + tick, *asked + LONGEST, *asked + year];
    let agree = instants.iter().all(|instant| state.is_in_force(*instant) == heard.permits(*instant));
    let over = !state.is_in_force(*asked + TimeDelta::days(28));
    let owed = tasks.iter().any(|task| task.key == "decision");
    let stage = match state.stage(at.now) {
        Stage::Requested => heard.undecided() && at.now < *until,
        Stage::Approved => heard.permits(at.now),
        Stage::Declined => heard.declined,
        Stage::Revoked => heard.revoked,
        Stage::Expired => at.now >= *until && !heard.declined && !heard.revoked,
    };
    let follows = state.request.as_ref().is_some_and(|request| request.what.award.customer == heard.customer);
    let laws = [
        (Law::NothingElseOpensIt, agree),
        (Law::OverInTime, over),
        (Law::StageRestsOnFacts, stage && follows),
        (Law::SomebodyOwesTheNextStep, owed == heard.undecided()),
        (Law::OwedByWhomTheGuidanceNames, tasks.iter().all(|task| task.owner == Role::PolicyOwner)),
    ];
    laws.into_iter().filter(|(_, holds)| !holds).map(|(law, _)| law).collect()
}
