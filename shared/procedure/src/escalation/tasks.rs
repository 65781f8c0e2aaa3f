//! What is owed while a concern is looked into. It follows from what was done, so that a promise made after the
//! conclusion is owed like any other.

use super::{
    advice::verb,
    alert,
    stage::Stage,
    state::{ReviewDate, Round, State},
};
use crate::{
    Role, Rule, Task,
    benefit::{LeaderAsked, Rules},
    guidance::Guidance,
    rule::rulings::{R_CALL_BACK, R_LEADER_ON_MOVE, R_NO_LEADER},
};
use chrono::{DateTime, Utc};

/// Everything owed on the case.
pub(super) fn tasks(state: &State, guidance: &Guidance) -> Vec<Task> {
    let mut tasks = Vec::new();
    if let Some(round) = state.round().filter(|_| !state.customer.death_is_confirmed()) {
        let owing = Owing { state, round, guidance };
        tasks.extend(owing.contact());
        tasks.extend(owing.call_backs());
        tasks.extend(owing.leader());
        tasks.extend(owing.leader_of_new_area());
        tasks.extend(owing.review());
        tasks.extend(owing.alert());
        tasks.extend(owing.conclusion());
    }
    state.desk.owed(&state.customer, tasks)
}

struct Owing<'a> {
    state: &'a State,
    round: &'a Round,
    guidance: &'a Guidance,
}

impl Owing<'_> {
    /// The page that says what is owed.
    fn judged(&self) -> Option<&Rules> {
        let judged = self.guidance.versions().find(|version| version.name == self.state.judged_by);
        judged.map(|version| &version.rules).or_else(|| self.page(self.round.opened_at))
    }

    /// The page in force at an instant, or else the one that the round was opened under.
    fn page(&self, at: DateTime<Utc>) -> Option<&Rules> {
        let begun_under = || self.guidance.versions().find(|version| version.name == self.round.version);
        let benefit = self.round.concern.award.benefit;
        self.guidance.in_force(benefit, at).or_else(begun_under).map(|version| &version.rules)
    }

    /// A task of whoever leads since the concern was handed over, which the conclusion waits for.
    fn of_lead(
        &self,
        key: &str,
        what: &str,
        since: DateTime<Utc>,
        discharged_by: &'static str,
        rule: &'static Rule,
    ) -> Task {
        let owner = self.round.concern.lead;
        Task { blocking: true, discharged_by, ..Task::new(key, what, owner, since, rule) }
    }

    /// Keys carry the round, so that what was assigned in one is not taken for assigned in the next.
    fn key(&self, name: &str) -> String {
        format!("{name}:{}", self.state.rounds.len())
    }

    fn contact(&self) -> Option<Task> {
        if self.round.contact_attempted() || self.round.concluded.is_some() {
            return None;
        }
        let since = self.round.concern.occurred_at;
        let rule = self.judged()?.escalation.contact.as_option()?.rules.first()?;
        let (key, what) = (self.key("contact"), "Attempt to make contact, through whomever you choose");
        let task = self.of_lead(&key, what, since, verb::RECORD_CONTACT_ATTEMPT, rule);
        Some(Task { contacts_customer: true, ..task })
    }

    fn call_backs(&self) -> Vec<Task> {
        let owed = |(text, deadline): (&super::state::AttemptMade, &crate::Deadline)| {
            let what = "Call the customer again, as the text to them promised";
            let (key, since) = (format!("call-back:{}", text.number), text.made.occurred_at);
            let task = self.of_lead(&key, what, since, verb::RECORD_CONTACT_ATTEMPT, &R_CALL_BACK);
            Task { due: Some(deadline.clone()), contacts_customer: true, ..task }
        };
        self.round.open_call_backs().into_iter().map(owed).collect()
    }

    /// What is owed until a leader has been asked, or it is clear that none is needed.
    fn leader(&self) -> Option<Task> {
        if let Some(referral) = self.round.waits_for_leader() {
            let area = &referral.what.area;
            let (key, what) = (format!("name-leader:{area}"), format!("Name a leader for the area {area}"));
            let task = Task::new(&key, &what, Role::Operator, referral.at, &R_NO_LEADER);
            return Some(Task { blocking: true, discharged_by: verb::SET_LEADER, ..task });
        }
        if self.round.concluded.is_some() {
            return None;
        }
        let since = self.round.need.as_ref().map_or(self.round.concern.occurred_at, |need| need.at);
        let clause = self.judged()?.escalation.leader;
        let rule = clause.rules.first()?;
        if clause.says == LeaderAsked::WhereNeeded && !self.round.need_is_decided() {
            let what = "Decide whether a Senior Safeguarding Leader is needed";
            return Some(self.of_lead(&self.key("leader-need"), what, since, verb::CONSIDER_LEADER, rule));
        }
        let what = "Refer the case to the Senior Safeguarding Leader of the area";
        let owed = || self.of_lead(&self.key("leader"), what, since, verb::REFER_TO_LEADER, rule);
        self.round.referral_is_due(clause.says).then(owed)
    }

    /// The old leader stays until the case is handed over, so this stands in nobody's way.
    fn leader_of_new_area(&self) -> Option<Task> {
        let area = self.round.moved_to()?;
        let since = self.state.moved_at.unwrap_or(self.round.opened_at);
        let (key, what) =
            (format!("new-leader:{area}"), format!("Refer the case to the leader of the new area, {area}"));
        let task = self.of_lead(&key, &what, since, verb::REFER_TO_LEADER, &R_LEADER_ON_MOVE);
        Some(Task { blocking: false, ..task })
    }

    fn review(&self) -> Option<Task> {
        if let Some(ReviewDate { date, ends }) = &self.round.review_date {
            let rule = self.page(ends.from)?.escalation.review_date.rules.first()?;
            let (key, what) = (format!("review:{date}"), "Consider the next steps");
            let task = self.of_lead(&key, what, ends.from, verb::RECORD_REVIEW, rule);
            return Some(Task { due: Some(ends.clone()), ..task });
        }
        let referral = self.round.referrals.last().filter(|_| self.round.review_date_is_due())?;
        let rule = self.page(referral.at)?.escalation.review_date.rules.first()?;
        let key = format!("{}:{}", self.key("review-date"), self.round.referrals.len());
        let what = "Set a review date on which the next steps are considered";
        Some(self.of_lead(&key, what, referral.at, verb::SET_REVIEW_DATE, rule))
    }

    fn alert(&self) -> Option<Task> {
        let set_at = self.round.overdue.as_ref()?.ends.from;
        alert::task(self.round, self.page(set_at)?.escalation.review_date.rules.first()?)
    }

    fn conclusion(&self) -> Option<Task> {
        let since = self.state.since.filter(|_| self.state.stage == Stage::ConclusionDue)?;
        let rule = self.judged()?.conferencing.closing.rules.first()?;
        let what = "Conclude the steps taken, so that their outcome goes back";
        Some(self.of_lead(&self.key("conclusion"), what, since, verb::CONCLUDE, rule))
    }
}
