//! What a case about a failed requirement owes, and what it waits for.

use super::{
    decide::verb,
    fact::{Happening, Outcome},
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
    // What was done before and turned out not to have been is owed anew.
    let key = |key: &str, wrong: fn(&Happening) -> bool| again(key, state.corrected(wrong));
    let conference = |what| {
        let key = key("conference", |wrong| matches!(wrong, Happening::Conference(_)));
        task(&key, what, Role::WorkCoach, verb::HOLD_CONFERENCE)
    };
    let decision =
        |what| task(&again("decision", state.reconsiderations.len()), what, Role::DecisionMaker, verb::DECIDE);
    let owed = match state.stage() {
        Stage::ConferenceDue => vec![conference(
            "Hold a case conference of work coach and site leader about the failed requirement, before any referral for \
             a sanction",
        )],
        Stage::ReferralUnsupported if state.finding().is_none() => vec![conference(
            "Hold a case conference of work coach and site leader about the failed requirement: as corrected, none \
             opened the way to the referral, and no sanction can be decided before one does",
        )],
        Stage::ReferralUnsupported => vec![decision(
            "Decide that no sanction is warranted: as corrected, the latest conference saw a good reason, or a \
             requirement that was not reasonable and achievable, and a sanction takes another conference that finds \
             otherwise",
        )],
        Stage::InvitationDue => {
            let key = key("invitation", |wrong| matches!(wrong, Happening::Invitation(_)));
            let what = "Invite the claimant to explain why they failed the requirement";
            let task = task(&key, what, Role::DecisionMaker, verb::INVITE);
            vec![Task { contacts_customer: true, ..task }]
        }
        Stage::ExplanationDue => {
            let key = key("explanation", |wrong| matches!(wrong, Happening::Explanation(_)));
            let what = "Record what the claimant explains, or that no answer came";
            vec![task(&key, what, Role::DecisionMaker, verb::RECORD_EXPLANATION)]
        }
        Stage::DecisionDue => vec![decision(
            "Decide whether a sanction is warranted, with all circumstances, health, disability and evidence of good \
             reason weighed",
        )],
        Stage::Decided => to_reconsider(state),
        Stage::NoReferral | Stage::ReferralOpen | Stage::EndedDeath | Stage::EndedWithdrawn => Vec::new(),
    };
    state.desk.owed(&state.customer, owed)
}

/// Whoever decided is told what was corrected since, and considers whether the decision stands.
fn to_reconsider(state: &State) -> Vec<Task> {
    let owed = |fact: &u32| {
        let superseded = state.facts.all().find(|(number, _)| number == fact)?.1.superseded.as_ref()?;
        let what = format!(
            "Consider whether the decision is to be reconsidered: fact {fact}, which it rested on, was corrected; \
             ReconsiderSanction has it taken anew"
        );
        Some(Task::new(&format!("corrected:{fact}"), &what, Role::DecisionMaker, superseded.at, &UC_SAN))
    };
    state.corrected_since_decision.iter().filter_map(owed).collect()
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
        Stage::ReferralUnsupported => &[
            "The referral stays on record, and no sanction can be decided: as corrected, no conference opened the way to \
             it (UC-SAN). That no sanction is warranted can be decided, and a case that is not pursued can be withdrawn \
             where nothing was decided before.",
        ],
        Stage::EndedWithdrawn => &["The case was withdrawn. It bars no new one for the same failure (UC-SAN)."],
        Stage::InvitationDue => &[NONE_WARRANTED],
        Stage::ExplanationDue => &[
            "How long to wait for the claimant's answer is not prescribed (R-NOT-PRESCRIBED): it is recorded when it \
             comes, or that none came (UC-SAN).",
            NONE_WARRANTED,
        ],
        Stage::DecisionDue => &[
            "Before a sanction is decided, the check of protection is asked whether the award may be sanctioned; before \
             one is applied, CheckAction has to be asked again (R-ACTIONS).",
        ],
        Stage::Decided if state.decided() == Some(Outcome::NoSanction) => {
            &["It was decided that no sanction is warranted, and that stands: there is none to apply, and none to \
               reconsider (UC-SAN)."]
        }
        Stage::Decided => &[
            "A claimant who disagrees can ask for a reconsideration, and after that appeal to an independent tribunal \
             (UC-SAN). Before a sanction is applied, CheckAction has to be asked whether it may be (R-ACTIONS).",
        ],
        Stage::ConferenceDue | Stage::EndedDeath => &[],
    };
    told.iter().map(|told| (*told).to_owned()).collect()
}
