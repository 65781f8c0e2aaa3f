//! What a caller is told beside the outcome: what would be allowed, and what is being waited for.

use super::{stage::Stage, state::State};
use crate::{Deadline, benefit, benefit::LeaderAsked, desk::ASSIGN_TASK, task::COMPLETE_TASK, term::london_date};
use chrono_tz::Europe::London;

/// The names of the commands, as contracts have them.
pub(super) mod verb {
    pub(in super::super) const RECORD_CONTACT_ATTEMPT: &str = "RecordContactAttempt";
    pub(in super::super) const CONSIDER_LEADER: &str = "ConsiderLeader";
    pub(in super::super) const REFER_TO_LEADER: &str = "ReferToLeader";
    pub(in super::super) const RECORD_LIAISON: &str = "RecordLiaison";
    pub(in super::super) const RECORD_DISCLOSURE: &str = "RecordDisclosure";
    pub(in super::super) const SET_REVIEW_DATE: &str = "SetReviewDate";
    pub(in super::super) const RECORD_REVIEW: &str = "RecordReview";
    pub(in super::super) const RECORD_CONTACT: &str = "RecordContact";
    pub(in super::super) const CORRECT_FACT: &str = "CorrectFact";
    pub(in super::super) const CONCLUDE: &str = "ConcludeEscalation";
    /// Discharges what waits for a leader; a verb of the directory.
    pub(in super::super) const SET_LEADER: &str = "SetLeader";
}

use verb::*;

/// The commands allowed now. What happened can always be recorded, and a leader be asked at any stage.
pub(super) fn allowed(state: &State) -> Vec<&'static str> {
    let Some(round) = state.round() else { return Vec::new() };
    let mut allowed = vec![RECORD_CONTACT_ATTEMPT, RECORD_LIAISON, RECORD_DISCLOSURE, RECORD_REVIEW, RECORD_CONTACT];
    if !state.facts.standing().is_empty() {
        allowed.push(CORRECT_FACT);
    }
    if state.stage != Stage::EndedDeath {
        allowed.extend([REFER_TO_LEADER, SET_REVIEW_DATE]);
    }
    if !state.stage.has_ended() && round.referrals.is_empty() {
        allowed.push(CONSIDER_LEADER);
    }
    if state.stage == Stage::ConclusionDue {
        allowed.push(CONCLUDE);
    }
    allowed.extend(state.customer.allowed());
    allowed.extend([COMPLETE_TASK, ASSIGN_TASK]);
    allowed
}

/// The commands that a benefit's guidance has no use for.
pub(super) fn not_prescribed(page: &benefit::Escalation) -> Vec<&'static str> {
    match page.leader.says {
        LeaderAsked::WhereNeeded => Vec::new(),
        LeaderAsked::Always => vec![CONSIDER_LEADER],
    }
}

/// What the case waits for.
pub(super) fn waiting(state: &State) -> Vec<String> {
    let Some(round) = state.round().filter(|_| state.stage != Stage::EndedDeath) else { return Vec::new() };
    let mut waiting = Vec::new();
    if let Some(referral) = round.waits_for_leader() {
        waiting.push(format!(
            "The area {} has no leader; the referral waits until the directory names one (R-NO-LEADER).",
            referral.what.area
        ));
    }
    if let Some((area, leader)) = round.moved_to().zip(round.leader()) {
        waiting.push(format!(
            "The customer lives in the area {area} now; {} stays responsible until the case is handed over \
             (R-LEADER-ON-MOVE).",
            leader.person
        ));
    }
    if state.customer.death.is_none() {
        for (_, deadline) in round.open_call_backs() {
            waiting.push(format!("A text tells the customer to expect another call by {}.", clock(deadline)));
        }
    }
    if let Some(review) = &round.review_date {
        waiting.push(if round.overdue.as_ref() == Some(review) {
            format!("The next steps were to be considered on {}, which has passed.", review.date)
        } else {
            format!("The next steps are considered on {}.", review.date)
        });
    }
    waiting
}

/// An instant, as London's clocks and calendars show it.
fn clock(deadline: &Deadline) -> String {
    let at = deadline.due.ends_at;
    format!("{} on {}", at.with_timezone(&London).format("%H:%M"), london_date(at))
}
