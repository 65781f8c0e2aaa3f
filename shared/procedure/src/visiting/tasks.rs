//! What a case at DWP Visiting owes, and when time itself has consequences.

mod core_visit;

use super::{
    advice::{CONFIRM_RETRACTION, DECIDE_SECOND_VISIT, DECLINE_RETRACTION},
    before,
    command::Retracting,
    fact::{ContactBy, Happening, Verdict},
    judge::after_first_visit,
    state::{Fact, FollowUpState, Opened, Stage, State},
};
use crate::{
    Deadline, Role, Rule, Task, Timer,
    benefit::{AfterFirstVisit, Note, Rules},
    guidance::Guidance,
    rule::rulings::{R_NOT_PRESCRIBED, R_SECOND_PERSON},
};
use chrono::{DateTime, TimeDelta, Utc};

/// Everything owed on the case.
pub(super) fn tasks(state: &State, guidance: &Guidance) -> Vec<Task> {
    let Some(opened) = &state.opened else { return Vec::new() };
    let owing = Owing { state, opened, guidance };
    let mut tasks = Vec::new();
    tasks.extend(before::tasks(state, opened, guidance));
    tasks.extend(owing.visit());
    tasks.extend(owing.letter());
    tasks.extend(owing.second_visit_decision());
    tasks.extend(owing.notes_of_contact());
    tasks.extend(owing.confidence());
    tasks.extend(owing.chase());
    tasks.extend(owing.lone_parent());
    tasks.extend(owing.outcomes_to_return());
    tasks.extend(owing.after_effective_visit());
    tasks.extend(owing.retraction());
    state.desk.owed(&state.customer, tasks)
}

/// The ends of the window and of the follow-up are the instants at which time itself has consequences.
pub(super) fn timers(state: &State) -> Vec<Timer> {
    let after = |key: String, ends: &Deadline| Timer { key, at: ends.due.ends_at + TimeDelta::microseconds(1) };
    let window = state.window.as_ref().filter(|_| state.stage == Stage::AwaitingContact);
    let window = window.map(|window| after(format!("contact-window:{}", window.fact), &window.ends));
    let follow_up = state.follow_up.as_ref().filter(|set| set.matured.is_none() && state.nothing_is_back());
    let follow_up = follow_up.map(|set| after(follow_up_key(set), &set.due.ends));
    window.into_iter().chain(follow_up).collect()
}

/// The key of a follow-up: each that matures owes one chase.
fn follow_up_key(set: &FollowUpState) -> String {
    set.due.after.map_or_else(|| "follow-up".to_owned(), |fact| format!("follow-up:{fact}"))
}

/// The key of the task to return the outcome of an effective visit.
pub(super) fn outcome_key(visit: u32) -> String {
    format!("return-outcome:{visit}")
}

struct Owing<'a> {
    state: &'a State,
    opened: &'a Opened,
    guidance: &'a Guidance,
}

impl Owing<'_> {
    fn page(&self, at: DateTime<Utc>) -> Option<&Rules> {
        self.guidance.in_force(self.opened.award.benefit, at).map(|version| &version.rules)
    }

    fn after_first_visit(&self, at: DateTime<Utc>) -> Option<&AfterFirstVisit> {
        self.page(at).and_then(|page| page.after_first_visit.as_option())
    }

    /// The page that governs contact, which is the one that opened the window.
    fn contact_page(&self, at: DateTime<Utc>) -> Option<&AfterFirstVisit> {
        after_first_visit(self.guidance, self.opened.award.benefit, self.state.window.as_ref(), at)
    }

    fn since(&self) -> DateTime<Utc> {
        self.state.since.unwrap_or(self.opened.occurred_at)
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
            Stage::ConsiderationDue
            | Stage::TriageDue
            | Stage::ConcernWithSpoc
            | Stage::WithAdviser
            | Stage::ReferralDue
            | Stage::AwaitingContact
            | Stage::SecondVisitUndecided
            | Stage::HandedOver
            | Stage::EndedVisitNotRequired
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
        let (fact, visit) = self.state.letter_to_post()?;
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
                Some(Task::new(&key, &self.note_of_contact(note), note.owner, at, rule))
            })
            .collect()
    }

    /// Where the form says where notes are made, the task does.
    fn note_of_contact(&self, note: &Note) -> String {
        let note_in = self.state.referral.as_ref().and_then(|referral| referral.form.note_in);
        note_in.map_or_else(|| note.what.to_owned(), |note_in| format!("{}: {}", note.what, note_in.title()))
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

    /// Somebody says that what counts as two ineffective visits was recorded in error: another person confirms it, or
    /// declines, whatever becomes of the case in the meantime but the customer's verified death.
    fn retraction(&self) -> Option<Task> {
        let asked = self.state.retraction.as_ref().filter(|_| self.state.stage != Stage::EndedDeath)?;
        let (what, owner) = match &asked.retracting {
            Retracting::Referral { .. } => {
                ("the referral was made in error", *self.page(asked.at)?.referral.says.first()?)
            }
            // Whoever may tell such a fact may confirm it.
            Retracting::Fact(_) => ("what counts as two ineffective visits was recorded in error", asked.by.role),
        };
        let (what, discharged_by) = if self.state.can_be_confirmed(asked) {
            (format!("Confirm as a second person that {what}, or decline it"), CONFIRM_RETRACTION)
        } else {
            let what = "Decline what was said to have been recorded in error: the fact was put right otherwise since";
            (what.to_owned(), DECLINE_RETRACTION)
        };
        let owed = Task::new("retraction", &what, owner, asked.at, &R_SECOND_PERSON);
        Some(Task { discharged_by, ..owed })
    }

    /// One outcome returned is not another: a visit that takes the place of this one has its own.
    fn outcomes_to_return(&self) -> impl Iterator<Item = Task> {
        self.judged(Verdict::Effective).map(|(number, visit)| {
            let (key, what, at) =
                (outcome_key(number), "Return the outcome of the visit to the referrer", visit.happening.occurred_at());
            let rule = self.page(at).and_then(|page| page.returned.rules.first().copied()).unwrap_or(&R_NOT_PRESCRIBED);
            Task::new(&key, what, Role::VisitingOfficer, at, rule)
        })
    }
}
