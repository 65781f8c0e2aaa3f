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
    rule::rulings::{R_LATER_CONTACT, R_NOT_PRESCRIBED},
    task::COMPLETE_TASK,
};
use chrono::{DateTime, TimeDelta, Utc};

/// Everything owed on the case.
pub(super) fn tasks(state: &State, guidance: &Guidance) -> Vec<Task> {
    let Some(referral) = &state.referral else { return Vec::new() };
    let desk = Desk { state, referral, guidance };
    let mut tasks = Vec::new();
    tasks.extend(desk.visit());
    tasks.extend(desk.letter());
    tasks.extend(desk.second_visit_decision());
    tasks.extend(desk.notes_of_contact());
    tasks.extend(desk.handover());
    tasks.extend(desk.facts_to_pass_on());
    tasks.extend(desk.outcome_to_return());
    tasks.retain(|task| !state.completed.contains_key(&task.key));
    tasks
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

struct Desk<'a> {
    state: &'a State,
    referral: &'a Referral,
    guidance: &'a Guidance,
}

impl Desk<'_> {
    fn page(&self, at: DateTime<Utc>) -> Option<&Rules> {
        self.guidance.in_force(self.referral.award.benefit, at).map(|version| &version.rules)
    }

    fn after_first_visit(&self, at: DateTime<Utc>) -> Option<&AfterFirstVisit> {
        self.page(at).and_then(|page| page.after_first_visit.as_option())
    }

    /// The page that governs contact, which is the one that opened the window.
    fn contact_page(&self, at: DateTime<Utc>) -> Option<&AfterFirstVisit> {
        after_first_visit(self.guidance, self.referral, self.state.window.as_ref(), at)
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
            | Stage::HandoverDue
            | Stage::EndedVisitEffective
            | Stage::EndedNoSecondVisit
            | Stage::EndedWithdrawn => return None,
        };
        let owner = Role::VisitingOfficer;
        Some(Task { blocking: true, ..task(key, what, owner, since, "RecordVisit", rule) })
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
        Some(task(&format!("letter:{fact}"), what, Role::VisitingOfficer, visit.occurred_at, "RecordLetter", rule))
    }

    fn second_visit_decision(&self) -> Option<Task> {
        if self.state.stage != Stage::SecondVisitUndecided {
            return None;
        }
        let clause = &self.contact_page(self.since())?.contact_in_time;
        let owner = *clause.says.second_visit_decided_by.first()?;
        let rule = clause.rules.first().copied()?;
        let what = "Tell DWP Visiting whether a second visit is needed";
        let owed = task("second-visit-decision", what, owner, self.since(), DECIDE_SECOND_VISIT, rule);
        Some(Task { blocking: true, ..owed })
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
                Some(task(&key, note.what, note.owner, at, COMPLETE_TASK, rule))
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

    /// The handover is of what it rests on: once a fact of that was corrected, it is owed anew.
    fn handover(&self) -> Vec<Task> {
        let since = self.since();
        let Some(page) = self.page(since).filter(|_| self.state.stage == Stage::HandoverDue) else {
            return Vec::new();
        };
        let Some(rule) = page.handover.rules.first().copied() else { return Vec::new() };
        let basis: Vec<_> = self.state.basis.iter().map(u32::to_string).collect();
        let owed = |to: Role, whom: &str| {
            let key = format!("handover:{}:{}", whom.to_lowercase().replace(' ', "-"), basis.join("-"));
            let what = format!("Refer the details back to the {}", to.title());
            Task { blocking: true, ..task(&key, &what, Role::VisitingOfficer, since, COMPLETE_TASK, rule) }
        };
        let mut tasks: Vec<_> = self.state.handover_to.iter().map(|to| owed(*to, to.title())).collect();
        tasks.push(Task {
            what: "Refer the details back to the original referrer".to_owned(),
            ..owed(Role::Referrer, "original-referrer")
        });
        tasks
    }

    /// Whatever comes to light after two ineffective visits goes to whoever leads, unless they recorded it themselves.
    fn facts_to_pass_on(&self) -> Vec<Task> {
        let to_pass_on = |(number, fact): (u32, &Fact)| {
            let lead = self.state.lead_to_tell(fact)?;
            let told = match &fact.happening {
                Happening::Visit(_) => "visit",
                Happening::UnsafeArea(_) => "finding that the area is unsafe",
                Happening::Letter(_) => "letter",
                Happening::Contact(_) => "contact",
            };
            let what = format!("Pass the {told} on to the {}", lead.title());
            let at = fact.happening.occurred_at().max(self.referral.occurred_at);
            let key = format!("pass-on:{number}");
            Some(task(&key, &what, Role::VisitingOfficer, at, COMPLETE_TASK, &R_LATER_CONTACT))
        };
        self.state.standing_facts().filter_map(to_pass_on).collect()
    }

    fn outcome_to_return(&self) -> Option<Task> {
        let ended = self.state.stage == Stage::EndedVisitEffective;
        let visit = self.state.basis.first().filter(|_| ended)?;
        // One outcome returned is not another: a visit that takes the place of this one has its own.
        let (key, what) = (format!("return-outcome:{visit}"), "Return the outcome of the visit to the referrer");
        Some(task(&key, what, Role::VisitingOfficer, self.since(), COMPLETE_TASK, &R_NOT_PRESCRIBED))
    }
}

/// A task without a date that stands in nobody's way.
fn task(
    key: &str,
    what: &str,
    owner: Role,
    since: DateTime<Utc>,
    discharged_by: &'static str,
    rule: &'static Rule,
) -> Task {
    Task { key: key.to_owned(), what: what.to_owned(), owner, since, due: None, blocking: false, discharged_by, rule }
}
