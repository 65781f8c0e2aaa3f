//! Personal Independence Payment.

use super::{
    AfterFirstVisit, Benefit, Clause, Closing, ClosingRecord, Conference, Conferencing, ContactAttempt, ContactInTime,
    Decision, Escalation, Gates, Held, Lead, LeaderAsked, Letter, Note, NotePlace, Owed, Prescribed, PrescribedNote,
    Rules, Satisfied,
};
use crate::{
    actor::Role,
    conferencing::{AssuranceItem, Outcome},
    escalation::Gate as Before,
    rule::{pip::*, rulings::*},
    term::Term,
    visiting::Ground,
};

/// What the PIP guidance on ineffective visits prescribes.
pub const RULES: Rules = Rules {
    benefit: Benefit::Pip,
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
        rules: &[&PIP_1],
    },
    unsafe_area: Clause { says: (), rules: &[&PIP_1U] },
    untraceable: Prescribed::No,
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
                confidence: Prescribed::No,
            },
            rules: &[&PIP_3],
        },
        no_contact: Clause { says: (), rules: &[&PIP_4] },
    }),
    handover: Clause { says: &[Role::CesTeam], rules: &[&PIP_5] },
    to_original_referrer: Prescribed::Yes(Clause { says: (), rules: &[&PIP_5] }),
    conferencing: CONFERENCING,
    escalation: ESCALATION,
};

/// From the handover to the decision.
const CONFERENCING: Conferencing = Conferencing {
    lead: Clause {
        says: Lead {
            role: Role::CesTeam,
            takes_over: Prescribed::Yes("Take ownership of the associated PIPCS tasks until enquiries are complete"),
        },
        rules: &[&PIP_7],
    },
    prescribed_note: Prescribed::Yes(Clause {
        says: PrescribedNote {
            owner: Role::CesTeam,
            place: NotePlace::In("PIPCS (Person Home page, contact tab, notes section)"),
            wording: "please do not take any further action whilst the case is with the CES Team for consideration",
        },
        rules: &[&PIP_8],
    }),
    support_marker: Prescribed::Yes(Clause { says: (), rules: &[&PIP_9] }),
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
        says: Conference { between: [Role::CesTeam, Role::Referrer], held: Held::WhereRequired, within: None },
        rules: &[&PIP_11, &R_FURTHER_INFORMATION],
    },
    partnership_manager: Prescribed::No,
    satisfied: Clause { says: Satisfied::Lead, rules: &[&PIP_12, &R_SATISFIED] },
    review_note: Prescribed::No,
    no_concern: Clause { says: (), rules: &[&PIP_13] },
    concern: Clause { says: (), rules: &[&PIP_14] },
    closing: Clause {
        says: Closing {
            record: ClosingRecord::Note,
            owner: Role::CesTeam,
            what: "Note PIPCS with the safeguarding steps taken and the subsequent actions",
            owed: Owed::Always,
        },
        rules: &[&PIP_17],
    },
    returning: Clause { says: Role::CesTeam, rules: &[&PIP_18] },
    decision: Clause {
        says: Decision { by: Role::CaseManager, outcomes: &[Outcome::Disallow, Outcome::NotDisallow] },
        rules: &[&PIP_18, &R_DECISIONS, &R_WEIGHED],
    },
    gates: Gates::BY_LEAD,
};

/// What a safeguarding concern asks for.
const ESCALATION: Escalation = Escalation {
    contact: Prescribed::Yes(Clause {
        says: ContactAttempt { call_back: Term::Minutes(30) },
        rules: &[&PIP_15, &R_CONTACT_ATTEMPT],
    }),
    leader: Clause { says: LeaderAsked::WhereNeeded, rules: &[&PIP_16, &R_LEADER_NEED] },
    review_date: Clause { says: (), rules: &[&PIP_16R] },
    disclosure: Prescribed::Yes(Clause { says: (), rules: &[&PIP_10D] }),
    nothing_reported_back: Prescribed::No,
    gates: Before::ALL,
};
