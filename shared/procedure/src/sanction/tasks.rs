//! What a case about a failed requirement owes, and what it waits for.

use super::{
    decide::verb,
    state::{Stage, State},
};
use crate::{Role, Task, rule::universal_credit::UC_SAN, task::again};

/// Everything owed on the case.
pub(super) fn tasks(state: &State) -> Vec<Task> {
    let Some(since) = state.since() else { return Vec::new() };
    let task = |key: &str, what: &str, owner: Role, verb: &'static str| Task {
        blocking: true,
        discharged_by: verb,
        ..Task::new(key, what, owner, since, &UC_SAN)
    };
    let owed = match state.stage() {
        Stage::ConferenceDue => {
            let what = "Hold a case conference of work coach and site leader about the failed requirement, before any \
                        referral for a sanction";
            Some(task("conference", what, Role::WorkCoach, verb::HOLD_CONFERENCE))
        }
        Stage::InvitationDue => {
            let what = "Invite the claimant to explain why they failed the requirement";
            let task = task("invitation", what, Role::DecisionMaker, verb::INVITE);
            Some(Task { contacts_customer: true, ..task })
        }
        Stage::ExplanationDue => {
            let what = "Record what the claimant explains, or that no answer came";
            Some(task("explanation", what, Role::DecisionMaker, verb::RECORD_EXPLANATION))
        }
        Stage::DecisionDue => {
            let what = "Decide whether a sanction is warranted, with all circumstances, health, disability and evidence \
                        of good reason weighed";
            let key = again("decision", state.reconsiderations.len());
            Some(task(&key, what, Role::DecisionMaker, verb::DECIDE))
        }
        Stage::NoReferral | Stage::ReferralOpen | Stage::Decided | Stage::EndedDeath => None,
    };
    state.desk.owed(&state.customer, owed.into_iter().collect())
}

/// What is being waited for, or what may follow, where nobody owes it.
pub(super) fn outlook(state: &State) -> Vec<String> {
    const NONE_WARRANTED: &str =
        "That no sanction is warranted can be decided before the claimant was heard; a sanction cannot (UC-SAN).";
    if state.failure.is_none() {
        return Vec::new();
    }
    let told: &[&str] = match state.stage() {
        Stage::NoReferral => &[
            "The claimant may not be referred for a sanction over this: the latest conference saw a good reason, or a \
             requirement that was not reasonable and achievable (UC-SAN).",
        ],
        Stage::ReferralOpen => {
            &["The claimant may be referred for a sanction; the letter does not say that they have to be (UC-SAN, \
             R-NOT-PRESCRIBED)."]
        }
        Stage::InvitationDue => &[NONE_WARRANTED],
        Stage::ExplanationDue => &[
            "How long to wait for the claimant's answer is not prescribed (R-NOT-PRESCRIBED): it is recorded when it \
             comes, or that none came (UC-SAN).",
            NONE_WARRANTED,
        ],
        Stage::DecisionDue => &[
            "Before a sanction is decided, CheckAction has to be asked whether the award may be sanctioned; and again \
             before one is applied (R-ACTIONS).",
        ],
        Stage::Decided => &[
            "A claimant who disagrees can ask for a reconsideration, and after that appeal to an independent tribunal \
             (UC-SAN). Before a sanction is applied, CheckAction has to be asked whether it may be (R-ACTIONS).",
        ],
        Stage::ConferenceDue | Stage::EndedDeath => &[],
    };
    told.iter().map(|told| (*told).to_owned()).collect()
}
