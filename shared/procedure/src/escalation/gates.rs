//! What stands between a concern and its conclusion, and how far a round has come. Which musts stand there is data on the
//! benefit's page; here stands what each of them asks for.

use super::{
    stage::Stage,
    state::{Round, State},
};
use crate::{
    Rule,
    benefit::Rules,
    draft::Because,
    rule::rulings::{R_CALL_BACK, R_DEATH_VERIFIED, R_LEADER_OF_AREA, R_NO_LEADER},
};

/// Something that has to be met before the conclusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Contact was attempted since the concern was determined.
    ContactAttempted,
    /// The call that a text promised was made.
    CallBack,
    /// Whether a leader is needed is decided.
    LeaderNeed,
    /// The leader was asked, where one has to be.
    LeaderAsked,
    /// The area whose leader was asked has one.
    AreaHasLeader,
    /// A date was set, since the leader was asked, on which the next steps are considered.
    ReviewDate,
    /// Once a date was set for it, the next steps were considered; where a leader was asked, both after that.
    Review,
}

impl Gate {
    /// Every gate, in the order of the guidance.
    pub const ALL: &'static [Self] = &[
        Self::ContactAttempted,
        Self::CallBack,
        Self::LeaderNeed,
        Self::LeaderAsked,
        Self::AreaHasLeader,
        Self::ReviewDate,
        Self::Review,
    ];

    /// Those that are left where the guidance prescribes no attempt at contact and always has a leader asked.
    pub const WITHOUT_CONTACT: &'static [Self] =
        &[Self::LeaderAsked, Self::AreaHasLeader, Self::ReviewDate, Self::Review];

    /// What stands in the way here, if anything does.
    fn unmet(self, state: &State, round: &Round, page: &Rules) -> Option<Unmet> {
        let escalation = &page.escalation;
        let owe = |owed: bool, rules: &[&'static Rule], what: &str| {
            owed.then(|| Unmet { gate: self, rules: rules.to_vec(), what: what.to_owned() })
        };
        match self {
            Self::ContactAttempted => {
                let what = "contact was not attempted since the concern was determined";
                owe(!round.contact_attempted(), escalation.contact.rules(), what)
            }
            Self::CallBack => {
                let rules: Because = escalation.contact.rules().iter().take(1).copied().chain([&R_CALL_BACK]).collect();
                owe(state.owes_a_call(), &rules, "the call that a text promised the customer was not made")
            }
            Self::LeaderNeed => {
                let what = "whether a leader is needed was not decided";
                owe(!round.need_is_decided(), escalation.leader.rules, what)
            }
            Self::LeaderAsked => {
                let due = round.referral_is_due(escalation.leader.says);
                owe(due, escalation.leader.rules, "a leader is needed and was not asked")
            }
            Self::AreaHasLeader => {
                let waiting = round.waits_for_leader()?;
                let what = format!("the area {} has no leader who could be asked", waiting.what.area);
                owe(true, &[&R_NO_LEADER], &what)
            }
            Self::ReviewDate => {
                let what = "no review date was set after the referral to the leader";
                owe(round.review_date_is_due(), escalation.review_date.rules, what)
            }
            Self::Review => {
                let what = "a date was set to consider the next steps, and they were not considered since";
                owe(round.review_date.is_some(), escalation.review_date.rules, what)
            }
        }
    }

    /// The stage at which the round waits for it.
    fn stage(self) -> Stage {
        match self {
            Self::ContactAttempted | Self::CallBack => Stage::ContactDue,
            Self::LeaderNeed => Stage::LeaderUndecided,
            Self::LeaderAsked => Stage::ReferralDue,
            Self::AreaHasLeader => Stage::AwaitingLeader,
            Self::ReviewDate => Stage::ReviewDateDue,
            Self::Review => Stage::ReviewDue,
        }
    }

    /// What is seen to first: an area without a leader whatever else is owed, so that nobody overlooks it, and a promised
    /// call, which has its own time, last.
    fn rank(self) -> u8 {
        match self {
            Self::AreaHasLeader => 0,
            Self::ContactAttempted | Self::LeaderNeed | Self::LeaderAsked | Self::ReviewDate | Self::Review => 1,
            Self::CallBack => 2,
        }
    }
}

/// Something that the guidance asks for and that was not done yet.
pub(super) struct Unmet {
    gate: Gate,
    pub(super) rules: Because,
    /// What is owed still, as part of a sentence.
    pub(super) what: String,
}

/// Everything that the present round still owes before it can be concluded, in the order of the guidance.
pub(super) fn unmet(state: &State, page: &Rules) -> Vec<Unmet> {
    let Some(round) = state.round() else { return Vec::new() };
    page.escalation.gates.iter().filter_map(|gate| gate.unmet(state, round, page)).collect()
}

/// How far the present round has come.
pub(super) fn stage(state: &State, page: &Rules) -> Stage {
    let Some(round) = state.round() else { return Stage::default() };
    if round.concluded.is_some() {
        Stage::Concluded
    } else if state.customer.death_is_confirmed() {
        Stage::EndedDeath
    } else {
        // Of what ranks alike the first is the next step.
        let next = unmet(state, page).into_iter().map(|unmet| unmet.gate).min_by_key(|gate| gate.rank());
        next.map_or(Stage::ConclusionDue, Gate::stage)
    }
}

/// The rules that a stage rests on.
pub(super) fn rests_on(stage: Stage, page: &Rules) -> Because {
    let (conferencing, escalation) = (&page.conferencing, &page.escalation);
    match stage {
        Stage::ContactDue => [conferencing.concern.rules, escalation.contact.rules()].concat(),
        Stage::LeaderUndecided | Stage::ReferralDue => escalation.leader.rules.to_vec(),
        Stage::AwaitingLeader => vec![&R_NO_LEADER, &R_LEADER_OF_AREA],
        Stage::ReviewDateDue | Stage::ReviewDue => escalation.review_date.rules.to_vec(),
        Stage::ConclusionDue | Stage::Concluded => conferencing.closing.rules.to_vec(),
        Stage::EndedDeath => vec![&R_DEATH_VERIFIED],
    }
}
