//! What stands between a concern and its conclusion, and how far a round has come.

use super::state::{Stage, State};
use crate::{
    benefit::Rules,
    draft::Because,
    rule::rulings::{R_CALL_BACK, R_DEATH_VERIFIED, R_LEADER_OF_AREA, R_NO_LEADER},
};

/// Something that the guidance asks for and that was not done yet.
pub(super) struct Unmet {
    pub(super) rules: Because,
    /// What is owed still, as part of a sentence.
    pub(super) what: String,
}

/// Everything that the present round still owes before it can be concluded, in the order of the guidance.
pub(super) fn unmet(state: &State, page: &Rules) -> Vec<Unmet> {
    let Some(round) = state.round() else { return Vec::new() };
    let escalation = &page.escalation;
    let mut unmet = Vec::new();
    let mut owe = |owed: bool, rules: Because, what: &str| {
        if owed {
            unmet.push(Unmet { rules, what: what.to_owned() });
        }
    };
    owe(
        !round.contact_attempted(),
        escalation.contact.rules.to_vec(),
        "contact was not attempted since the concern was determined",
    );
    owe(state.owes_a_call(), call_back_rules(page), "the call that a text promised the customer was not made");
    let leader = escalation.leader.rules;
    owe(!round.need_is_decided(), leader.to_vec(), "whether a leader is needed was not decided");
    owe(round.referral_is_due(), leader.to_vec(), "a leader is needed and was not asked");
    if let Some(waiting) = round.waits_for_leader() {
        let what = format!("the area {} has no leader who could be asked", waiting.what.area);
        owe(true, vec![&R_NO_LEADER], &what);
    }
    let review = escalation.review_date.rules;
    owe(round.review_date_is_due(), review.to_vec(), "no review date was set after the referral to the leader");
    owe(round.review_date.is_some(), review.to_vec(), "the next steps were not considered as the review date asks");
    unmet
}

fn call_back_rules(page: &Rules) -> Because {
    page.escalation.contact.rules.iter().take(1).copied().chain([&R_CALL_BACK]).collect()
}

/// How far the present round has come.
pub(super) fn stage(state: &State) -> Stage {
    let Some(round) = state.round() else { return Stage::default() };
    if round.concluded.is_some() {
        Stage::Concluded
    } else if state.customer.death_is_confirmed() {
        Stage::EndedDeath
    } else if round.waits_for_leader().is_some() {
        // First, whatever else is owed: nobody must overlook it.
        Stage::AwaitingLeader
    } else if !round.contact_attempted() {
        Stage::ContactDue
    } else if !round.need_is_decided() {
        Stage::LeaderUndecided
    } else if round.referral_is_due() {
        Stage::ReferralDue
    } else if round.review_date_is_due() {
        Stage::ReviewDateDue
    } else if round.review_date.is_some() {
        Stage::ReviewDue
    } else if state.owes_a_call() {
        Stage::ContactDue
    } else {
        Stage::ConclusionDue
    }
}

/// The rules that a stage rests on.
pub(super) fn rests_on(stage: Stage, page: &Rules) -> Because {
    let (conferencing, escalation) = (&page.conferencing, &page.escalation);
    match stage {
        Stage::ContactDue => [conferencing.concern.rules, escalation.contact.rules].concat(),
        Stage::LeaderUndecided | Stage::ReferralDue => escalation.leader.rules.to_vec(),
        Stage::AwaitingLeader => vec![&R_NO_LEADER, &R_LEADER_OF_AREA],
        Stage::ReviewDateDue | Stage::ReviewDue => escalation.review_date.rules.to_vec(),
        Stage::ConclusionDue | Stage::Concluded => conferencing.closing_note.rules.to_vec(),
        Stage::EndedDeath => vec![&R_DEATH_VERIFIED],
    }
}
