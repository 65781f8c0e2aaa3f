//! What a case at DWP Visiting owes, and when time itself has consequences.

use super::{
    advice::DECIDE_SECOND_VISIT,
    fact::{ContactBy, Ground, Happening, Outcome, Verdict},
    judge::after_first_visit,
    state::{Fact, Referral, Stage, State},
};
use crate::{
    Role, Rule, Task, Timer,
    benefit::{AfterFirstVisit, Rules},
    guidance::Guidance,
    rule::rulings::R_NOT_PRESCRIBED,
};
use chrono::{DateTime, TimeDelta, Utc};

/// Everything owed on the case.
pub(super) fn tasks(state: &State, guidance: &Guidance) -> Vec<Task> {
    let Some(referral) = &state.referral else { return Vec::new() };
    let owing = Owing { state, referral, guidance };
    let mut tasks = Vec::new();
    tasks.extend(owing.visit());
    tasks.extend(owing.letter());
    tasks.extend(owing.second_visit_decision());
    tasks.extend(owing.notes_of_contact());
    tasks.extend(owing.outcome_to_return());
    state.desk.owed(&state.customer, tasks)
}

/// The window's end is the one instant at which time itself has consequences.
pub(super) fn timers(state: &State) -> Vec<Timer> {
    match (&state.window, state.stage) {
        (Some(window), Stage::AwaitingContact) => {
            let at = window.ends.due.ends_at + TimeDelta::microseconds(1);
            vec![Timer { key: format!("contact-window:{}", window.fact), at }]
        }
        _ => Vec::new(),
    }
}

/// The key of the task to return the outcome of an effective visit.
pub(super) fn outcome_key(visit: u32) -> String {
    format!("return-outcome:{visit}")
}

struct Owing<'a> {
    state: &'a State,
    referral: &'a Referral,
    guidance: &'a Guidance,
}

impl Owing<'_> {
    fn page(&self, at: DateTime<Utc>) -> Option<&Rules> {
        self.guidance.in_force(self.referral.award.benefit, at).map(|version| &version.rules)
    }

    fn after_first_visit(&self, at: DateTime<Utc>) -> Option<&AfterFirstVisit> {
        self.page(at).and_then(|page| page.after_first_visit.as_option())
    }

    /// The page that governs contact, which is the one that opened the window.
    fn contact_page(&self, at: DateTime<Utc>) -> Option<&AfterFirstVisit> {
        after_first_visit(self.guidance, self.referral.award.benefit, self.state.window.as_ref(), at)
    }

    fn since(&self) -> DateTime<Utc> {
        self.state.since.unwrap_or(self.referral.occurred_at)
    }

    fn judged(&self, verdict: Verdict) -> impl Iterator<Item = (u32, &Fact)> {
        self.state.standing_facts().filter(move |(_, fact)| fact.verdict == Some(verdict))
    }

    fn visit(&self) -> Option<Task> {
        let since = self.since();
        let (key, what, rule): (_, _, &'static Rule) = match self.state.stage {
            Stage::FirstVisitDue => ("first-visit", "Make the first visit", &R_NOT_PRESCRIBED),
            Stage::SecondVisitDue => {
                let rule = self.second_visit_rule(since).unwrap_or(&R_NOT_PRESCRIBED);
                ("second-visit", "Attempt a second visit to see the customer face to face", rule)
            }
            Stage::AwaitingContact
            | Stage::SecondVisitUndecided
            | Stage::HandedOver
            | Stage::EndedVisitEffective
            | Stage::EndedNoSecondVisit
            | Stage::EndedWithdrawn
            | Stage::EndedDeath
            | Stage::EndedDecided => return None,
        };
        let owed = Task::new(key, what, Role::VisitingOfficer, since, rule);
        Some(Task { blocking: true, contacts_customer: true, discharged_by: "RecordVisit", ..owed })
    }

    /// The second visit is due because contact in time asked for it, or because nobody got in touch in time.
    fn second_visit_rule(&self, since: DateTime<Utc>) -> Option<&'static Rule> {
        let page = self.contact_page(since)?;
        let rules = if self.state.contact_in_time() { page.contact_in_time.rules } else { page.no_contact.rules };
        rules.first().copied()
    }

    /// The letter that could not be left at the first ineffective visit, until it is posted.
    fn letter(&self) -> Option<Task> {
        let (fact, first) = self.judged(Verdict::FirstIneffective).next()?;
        let Happening::Visit(visit) = &first.happening else { return None };
        let Outcome::Ineffective {
            ground: Ground::NotAtHome | Ground::NoAnswer | Ground::RefusedToCooperate,
            letter_left: false,
        } = visit.outcome
        else {
            return None;
        };
        let posted = self.state.standing_facts().any(
            |(_, fact)| matches!(&fact.happening, Happening::Letter(letter) if letter.occurred_at >= visit.occurred_at),
        );
        if posted || self.state.stage.visits_are_over() {
            return None;
        }
        // A page that prescribes no letter owes none.
        let rule = self.after_first_visit(visit.occurred_at)?.letter.rules.first().copied()?;
        let what = "Post the letter that could not be left at the address";
        let owed = Task::new(&format!("letter:{fact}"), what, Role::VisitingOfficer, visit.occurred_at, rule);
        Some(Task { contacts_customer: true, discharged_by: "RecordLetter", ..owed })
    }

    fn second_visit_decision(&self) -> Option<Task> {
        if self.state.stage != Stage::SecondVisitUndecided {
            return None;
        }
        let clause = &self.contact_page(self.since())?.contact_in_time;
        let owner = *clause.says.second_visit_decided_by.first()?;
        let rule = clause.rules.first().copied()?;
        let what = "Tell DWP Visiting whether a second visit is needed";
        let owed = Task::new("second-visit-decision", what, owner, self.since(), rule);
        Some(Task { blocking: true, discharged_by: DECIDE_SECOND_VISIT, ..owed })
    }

    /// Contact within the window is written up, even where it came to light when the visits were over.
    fn notes_of_contact(&self) -> Vec<Task> {
        self.state
            .standing_facts()
            .filter(|(_, fact)| fact.verdict == Some(Verdict::InTime) || self.was_in_time_all_the_same(fact))
            .filter_map(|(number, fact)| {
                let at = fact.happening.occurred_at();
                let clause = &self.contact_page(at)?.contact_in_time;
                let note = clause.says.note.as_option()?;
                let rule = clause.rules.first().copied()?;
                let key = format!("communications-note:{number}");
                Some(Task::new(&key, note.what, note.owner, at, rule))
            })
            .collect()
    }

    /// Contact within the window that changes nothing any more, as the visits were over.
    fn was_in_time_all_the_same(&self, fact: &Fact) -> bool {
        let (Happening::Contact(contact), Some(Verdict::Afterwards)) = (&fact.happening, fact.verdict) else {
            return false;
        };
        let Some(window) = &self.state.window else { return false };
        let opened = self.state.facts.get(&window.fact).map(|visit| visit.happening.occurred_at());
        let within = opened.unwrap_or(window.ends.from)..=window.ends.due.ends_at;
        contact.by != ContactBy::ThirdParty && within.contains(&contact.occurred_at)
    }

    /// One outcome returned is not another: a visit that takes the place of this one has its own.
    fn outcome_to_return(&self) -> Option<Task> {
        let (number, visit) = self.judged(Verdict::Effective).next()?;
        let (key, what) = (outcome_key(number), "Return the outcome of the visit to the referrer");
        Some(Task::new(&key, what, Role::VisitingOfficer, visit.happening.occurred_at(), &R_NOT_PRESCRIBED))
    }
}
