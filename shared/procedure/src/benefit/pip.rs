//! Personal Independence Payment.

use super::{
    AfterFirstVisit, Benefit, Clause, Conference, Conferencing, ContactAttempt, ContactInTime, Decision, Escalation,
    Lead, Letter, Note, Prescribed, PrescribedNote, Rules,
};
use crate::{
    actor::Role,
    conferencing::{AssuranceItem, Outcome},
    rule::{pip::*, rulings::*},
    term::Term,
    visiting::Ground,
};

/// What the PIP guidance on ineffective visits prescribes.
pub const RULES: Rules = Rules {
    benefit: Benefit::Pip,
    referral: Clause { says: &[Role::Referrer], rules: &[&R_NOT_PRESCRIBED] },
    ineffective: Clause {
        says: &[Ground::NotAtHome, Ground::NoAnswer, Ground::RefusedToCooperate, Ground::UnsafeArea],
        rules: &[&PIP_1],
    },
    unsafe_area: Clause { says: (), rules: &[&PIP_1U] },
    after_first_visit: Prescribed::Yes(AfterFirstVisit {
        letter: Clause { says: Letter { contact: Role::CesTeam, within: Term::WorkingDays(5) }, rules: &[&PIP_2] },
        contact_in_time: Clause {
            says: ContactInTime {
                note: Prescribed::Yes(Note {
                    owner: Role::CesTeam,
                    what: "Complete a communications note in PIPCS that details the conversation",
                }),
                second_visit_decided_by: &[Role::CesTeam],
                unless_decided: None,
            },
            rules: &[&PIP_3],
        },
        no_contact: Clause { says: (), rules: &[&PIP_4] },
    }),
    handover: Clause { says: &[Role::CesTeam], rules: &[&PIP_5] },
    conferencing: CONFERENCING,
    escalation: ESCALATION,
};

/// From the handover to the decision.
const CONFERENCING: Conferencing = Conferencing {
    lead: Clause {
        says: Lead {
            role: Role::CesTeam,
            takes_over: "Take ownership of the associated PIPCS tasks until enquiries are complete",
        },
        rules: &[&PIP_7],
    },
    prescribed_note: Clause {
        says: PrescribedNote {
            owner: Role::CesTeam,
            place: "PIPCS (Person Home page, contact tab, notes section)",
            wording: "please do not take any further action whilst the case is with the CES Team for consideration",
        },
        rules: &[&PIP_8],
    },
    support_marker: Clause { says: (), rules: &[&PIP_9] },
    assurance: Clause {
        says: &[
            AssuranceItem::Circumstances,
            AssuranceItem::PreviousInteractions,
            AssuranceItem::Documents,
            AssuranceItem::ThirdParties,
        ],
        rules: &[&PIP_10, &R_ASSURANCE_ITEMS],
    },
    conference: Clause {
        says: Conference { between: [Role::CesTeam, Role::Referrer] },
        rules: &[&PIP_11, &R_FURTHER_INFORMATION],
    },
    satisfied: Clause { says: (), rules: &[&PIP_12, &R_SATISFIED] },
    no_concern: Clause { says: (), rules: &[&PIP_13] },
    concern: Clause { says: (), rules: &[&PIP_14] },
    closing_note: Clause {
        says: Note {
            owner: Role::CesTeam,
            what: "Note PIPCS with the safeguarding steps taken and the subsequent actions",
        },
        rules: &[&PIP_17],
    },
    decision: Clause {
        says: Decision { by: Role::CaseManager, outcomes: &[Outcome::Disallow, Outcome::NotDisallow] },
        rules: &[&PIP_18, &R_DECISIONS, &R_WEIGHED],
    },
};

/// What a safeguarding concern asks for.
const ESCALATION: Escalation = Escalation {
    contact: Clause { says: ContactAttempt { call_back: Term::Minutes(30) }, rules: &[&PIP_15, &R_CONTACT_ATTEMPT] },
    leader: Clause { says: (), rules: &[&PIP_16, &R_LEADER_NEED] },
    review_date: Clause { says: (), rules: &[&PIP_16R] },
    disclosure: Clause { says: (), rules: &[&PIP_10D] },
};
