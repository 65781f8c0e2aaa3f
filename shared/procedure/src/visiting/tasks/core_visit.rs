//! What a Core Visit owes beside the visits themselves.

use super::{Owing, follow_up_key, outcome_key};
use crate::{
    Role, Task,
    benefit::CoreVisit,
    visiting::{
        advice::{DECIDE_GOOD_CAUSE, DECIDE_SECOND_VISIT, RECORD_BOOKING, RECORD_FOLLOW_UP},
        fact::{Booking, Happening, Seen, Verdict},
        form::Answer,
        state::Stage,
    },
};
use chrono::{DateTime, Utc};

impl Owing<'_> {
    /// Contact in time made a second visit unnecessary, and nobody has said yet that they are confident.
    pub(super) fn confidence(&self) -> Option<Task> {
        if self.state.stage != Stage::EndedNoSecondVisit || self.state.holds.is_empty() {
            return None;
        }
        let since = self.since();
        let clause = self.contact_page(since)?.contact_in_time.says.confidence.as_option()?;
        let what = "Tell DWP Visiting whether you are confident that the claimant understands and is able to comply; \
                    until then the award stays protected, and in doubt the second visit is due";
        let owed = Task::new("confidence", what, clause.says.owner, since, clause.rules.first().copied()?);
        Some(Task { discharged_by: DECIDE_SECOND_VISIT, ..owed })
    }

    /// A follow-up has matured with nothing back.
    pub(super) fn chase(&self) -> Option<Task> {
        let set = self.state.follow_up.as_ref().filter(|_| self.state.nothing_is_back())?;
        let since = set.matured?;
        let made = self.state.referral.as_ref()?.occurred_at;
        let rule = self.page(made)?.follow_up.as_option()?.rules.first().copied()?;
        let what = "Nothing has come back of the referral: follow it up, and consider extending the review date";
        let owed = Task::new(&follow_up_key(set), what, set.due.owner, since, rule);
        Some(Task { discharged_by: RECORD_FOLLOW_UP, ..owed })
    }

    /// The referral asks the officer to find out what was not known.
    pub(super) fn lone_parent(&self) -> Option<Task> {
        let referral = self.state.referral.as_ref()?;
        let asked = referral.form.lone_parent_with_child_under_one == Some(Answer::NotKnown);
        let answered = self.seen().any(|(_, _, seen)| seen.lone_parent_with_child_under_one.is_some());
        let over = self.state.stage.visits_are_over() && self.state.stage != Stage::EndedVisitEffective;
        if !asked || answered || over {
            return None;
        }
        let core = self.core_visit(referral.occurred_at)?;
        let what = "Find out whether the claimant is a lone parent with a child under one";
        let rule = core.lone_parent.rules.first().copied()?;
        Some(Task::new("lone-parent", what, Role::VisitingOfficer, referral.occurred_at, rule))
    }

    /// What follows where the customer was seen: bookings, deferral, appointment letters, good cause.
    pub(super) fn after_effective_visit(&self) -> Vec<Task> {
        let Some((number, visit)) = self.judged(Verdict::Effective).next() else { return Vec::new() };
        let at = visit.happening.occurred_at();
        let Some(core) = self.core_visit(at) else { return Vec::new() };
        let mut owed = Vec::new();
        owed.extend(self.booking(core, number, at));
        owed.extend(self.deferral(core, number, at));
        owed.extend(self.letters(core));
        owed.extend(self.good_cause(core, number, at));
        owed
    }

    fn core_visit(&self, at: DateTime<Utc>) -> Option<&CoreVisit> {
        self.page(at).and_then(|page| page.core_visit.as_option())
    }

    /// What was established at visits that count as effective.
    fn seen(&self) -> impl Iterator<Item = (u32, DateTime<Utc>, &Seen)> {
        self.judged(Verdict::Effective).filter_map(|(number, fact)| match &fact.happening {
            Happening::Visit(visit) => Some((number, visit.occurred_at, visit.seen.as_ref()?)),
            Happening::UnsafeArea(_)
            | Happening::Letter(_)
            | Happening::Contact(_)
            | Happening::Concern(_)
            | Happening::Consideration(_)
            | Happening::Triage(_)
            | Happening::AddressTrace(_)
            | Happening::FollowUp(_)
            | Happening::Booking(_) => None,
        })
    }

    /// Every booking that stands, at the visit or after it, by a key of its own.
    fn bookings(&self) -> Vec<(String, DateTime<Utc>, &Booking)> {
        let at_visit = self.seen().flat_map(|(number, at, seen)| {
            let numbered = seen.bookings.iter().zip(1_usize..);
            numbered.map(move |(booking, place)| (format!("{number}-{place}"), at, booking))
        });
        let later = self.state.standing_facts().filter_map(|(number, fact)| {
            let Happening::Booking(made) = &fact.happening else { return None };
            Some((number.to_string(), made.occurred_at, &made.booking))
        });
        at_visit.chain(later).collect()
    }

    fn booking(&self, core: &CoreVisit, visit: u32, at: DateTime<Utc>) -> Option<Task> {
        if !self.bookings().is_empty() {
            return None;
        }
        let what = "Agree a date and time with the claimant and the referrer for the interview or assessment, the review \
                    of the work-related activity, or the next steps on missing evidence";
        let rule = core.booking.rules.first().copied()?;
        let owed = Task::new(&format!("booking:{visit}"), what, Role::VisitingOfficer, at, rule);
        Some(Task { contacts_customer: true, discharged_by: RECORD_BOOKING, ..owed })
    }

    fn deferral(&self, core: &CoreVisit, visit: u32, at: DateTime<Utc>) -> Option<Task> {
        if !self.seen().any(|(_, _, seen)| seen.deferral_appropriate) {
            return None;
        }
        let what =
            "Contact the referrer at once about deferring the interview, where possible by telephone at the visit";
        let rule = core.deferral.rules.first().copied()?;
        Some(Task::new(&format!("deferral:{visit}"), what, Role::VisitingOfficer, at, rule))
    }

    fn letters(&self, core: &CoreVisit) -> Vec<Task> {
        let Some(rule) = core.letter.rules.first().copied() else { return Vec::new() };
        let confirmed = self.bookings().into_iter().filter(|(_, _, booking)| booking.confirmed);
        confirmed
            .map(|(key, at, booking)| {
                let what = format!("Complete an appointment letter for {}", booking.what.title());
                let owed = Task::new(&format!("appointment-letter:{key}"), &what, Role::VisitingOfficer, at, rule);
                Task { contacts_customer: true, ..owed }
            })
            .collect()
    }

    /// The outcome is back, and whoever decides on good cause has not.
    fn good_cause(&self, core: &CoreVisit, visit: u32, at: DateTime<Utc>) -> Option<Task> {
        let back = self.state.desk.completed.get(&outcome_key(visit))?;
        if self.state.good_cause_that_stands().is_some() {
            return None;
        }
        let (owner, rule) = (*core.good_cause.says.first()?, core.good_cause.rules.first().copied()?);
        let since = back.occurred_at.max(at);
        let owed = Task::new(&format!("good-cause:{visit}"), "Consider good cause", owner, since, rule);
        Some(Task { discharged_by: DECIDE_GOOD_CAUSE, ..owed })
    }
}
