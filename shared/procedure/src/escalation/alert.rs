//! A review that is not held on the day set for it: time itself says so, once, and somebody is alerted.
//!
//! The guidance sets the date for the next steps after the referral to the leader, so the leader who was asked is
//! alerted; where none was, the line manager. Whoever is alerted sees to it that the next steps are considered, and says
//! so: the alert is a task of its own beside the review, which the lead owes as before. It ends with a review that counts,
//! or once it is done; another day that is set for the review does not silence it.

use super::{
    Escalation,
    event::Event,
    state::{ReviewDate, Round, State},
};
use crate::{Role, Rule, Task, Timer, draft::Draft, term::london_date};
use chrono::TimeDelta;

/// The end of the review's day is the one instant at which time itself has consequences.
pub(super) fn timers(state: &State) -> Vec<Timer> {
    let timer = |review: &ReviewDate| Timer {
        key: format!("review-overdue:{}:{}", state.rounds.len(), review.date),
        at: review.ends.due.ends_at + TimeDelta::microseconds(1),
    };
    awaited(state).map(timer).into_iter().collect()
}

/// Records that the day has passed without a review, unless that is recorded already.
pub(super) fn let_time_pass(draft: &mut Draft<'_, Escalation>) {
    let Some(review) = awaited(&draft.state).filter(|review| review.ends.due.ends_at < draft.context.now) else {
        return;
    };
    let (date, set_at) = (review.date, review.ends.from);
    // The date runs under the version of the guidance under which it was set.
    let rules = draft.version(set_at).map(|version| version.rules.escalation.review_date.rules.to_vec());
    draft.add(Event::ReviewOverdue { date }, rules.unwrap_or_default(), set_at);
}

/// Whoever is alerted sees to it that the next steps are considered.
pub(super) fn task(round: &Round, rule: &'static Rule) -> Option<Task> {
    let review = round.overdue.as_ref()?;
    let leader = round.leader();
    let owner = if leader.is_some() { Role::SafeguardingLeader } else { Role::LineManager };
    let since = review.ends.due.ends_at;
    let what = format!(
        "See to it that the next steps are considered: the review of {} is overdue",
        london_date(since).format("%-d %B %Y")
    );
    let task = Task::new(&format!("review-overdue:{}", review.date), &what, owner, since, rule);
    Some(Task { person: leader.map(|leader| leader.person.clone()), ..task })
}

/// The day set for a review that nobody has held, as long as it has not been found overdue.
fn awaited(state: &State) -> Option<&ReviewDate> {
    let round = state.round().filter(|_| !state.customer.death_is_confirmed())?;
    round.review_date.as_ref().filter(|review| round.overdue.as_ref() != Some(*review))
}
