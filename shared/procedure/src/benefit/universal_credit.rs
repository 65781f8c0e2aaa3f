//! Universal Credit.

use super::{
    Benefit, Clause, Closing, ClosingRecord, Conference, Conferencing, Decision, Escalation, Gates, Held, Lead,
    LeaderAsked, Note, Owed, Prescribed, Rules, Satisfied,
};
use crate::{
    actor::Role,
    conferencing::{AssuranceItem, Outcome},
    escalation::Gate as Before,
    rule::{rulings::*, universal_credit::*},
    visiting::Ground,
};

/// What the Universal Credit guidance prescribes. Of the visits themselves it says only what follows two of them.
pub const RULES: Rules = Rules {
    benefit: Benefit::UniversalCredit,
    consideration: Prescribed::No,
    triage: Prescribed::No,
    referral: Clause { says: &[Role::Referrer], rules: &[&R_NOT_PRESCRIBED] },
    before_referral: &[],
    visit_due: Prescribed::No,
    follow_up: Prescribed::No,
    core_visit: Prescribed::No,
    returned: Clause { says: (), rules: &[&R_NOT_PRESCRIBED] },
    ineffective: Clause {
        says: &[Ground::NotAtHome, Ground::NoAnswer, Ground::RefusedToCooperate, Ground::UnsafeArea],
        rules: &[&R_UC_GROUNDS],
    },
    unsafe_area: Clause { says: (), rules: &[&R_UC_GROUNDS] },
    untraceable: Prescribed::No,
    after_first_visit: Prescribed::No,
    handover: Clause { says: &[Role::TeamLeader, Role::Referrer], rules: &[&UC_1] },
    to_original_referrer: Prescribed::No,
    conferencing: CONFERENCING,
    escalation: ESCALATION,
};

/// From the handover to the decision.
const CONFERENCING: Conferencing = Conferencing {
    lead: Clause { says: Lead { role: Role::TeamLeader, takes_over: Prescribed::No }, rules: &[&UC_1] },
    prescribed_note: Prescribed::No,
    support_marker: Prescribed::No,
    assurance: Clause {
        says: &[
            AssuranceItem::Circumstances,
            AssuranceItem::PreviousInteractions,
            AssuranceItem::Documents,
            AssuranceItem::ThirdParties,
            AssuranceItem::Deferral,
        ],
        rules: &[&UC_4, &R_ASSURANCE_ITEMS],
    },
    conference: Clause {
        says: Conference { between: [Role::TeamLeader, Role::Referrer], held: Held::Always, within: None },
        rules: &[&UC_3],
    },
    partnership_manager: Prescribed::Yes(Clause { says: (), rules: &[&UC_5] }),
    satisfied: Clause { says: Satisfied::Participants, rules: &[&UC_6, &R_SATISFIED] },
    review_note: Prescribed::Yes(Clause {
        says: Note {
            owner: Role::TeamLeader,
            what: "Review the information, and record in the claimant history of the UC account the actions considered and agreed",
        },
        rules: &[&UC_7],
    }),
    no_concern: Clause { says: (), rules: &[&UC_11] },
    concern: Clause { says: (), rules: &[&UC_8] },
    closing: Clause {
        says: Closing {
            record: ClosingRecord::Documentation,
            owner: Role::Referrer,
            what: "Gather the documentation for the Decision Maker: safeguarding steps taken, referrals to other \
                   organisations, the outcome of the case conference and subsequent actions",
            owed: Owed::Always,
        },
        rules: &[&UC_11],
    },
    returning: Clause { says: Role::Referrer, rules: &[&UC_11] },
    decision: Clause {
        says: Decision { by: Role::DecisionMaker, outcomes: &[Outcome::TakeDecision, Outcome::NotTakeDecision] },
        rules: &[&UC_12, &R_DECISIONS, &R_WEIGHED],
    },
    gates: Gates::BY_PARTICIPANTS,
};

/// What a safeguarding concern asks for.
const ESCALATION: Escalation = Escalation {
    contact: Prescribed::No,
    leader: Clause { says: LeaderAsked::Always, rules: &[&UC_9, &R_LEADER_ALWAYS] },
    review_date: Clause { says: (), rules: &[&UC_10] },
    disclosure: Prescribed::No,
    nothing_reported_back: Prescribed::No,
    gates: Before::WITHOUT_CONTACT,
};
