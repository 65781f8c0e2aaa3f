//! Access to Work.

use super::{
    AfterFirstVisit, Benefit, Clause, Closing, ClosingRecord, Conference, Conferencing, ContactAttempt, ContactInTime,
    Decision, Escalation, Gates, Held, Lead, LeaderAsked, Letter, Note, NotePlace, Owed, Prescribed, PrescribedNote,
    Rules, Satisfied, Triaging,
};
use crate::{
    actor::Role,
    conferencing::{AssuranceItem, Outcome},
    escalation::Gate as Before,
    rule::{access_to_work::*, rulings::*},
    term::Term,
    visiting::{FormItem, Gate, Ground},
};

/// What the Access to Work guidance on visiting referrals prescribes.
pub const RULES: Rules = Rules {
    benefit: Benefit::AccessToWork,
    consideration: Prescribed::No,
    triage: Prescribed::Yes(Triaging {
        by: Clause { says: &[Role::AtwSpoc], rules: &[&ATW_4, &ATW_3, &ATW_5] },
        refer: Clause { says: (), rules: &[&ATW_4, &ATW_5] },
        stays: Clause { says: (), rules: &[&R_NO_VISIT, &ATW_4] },
        adviser: Clause { says: (), rules: &[&ATW_4] },
        concern: Clause { says: (), rules: &[&ATW_4N, &ATW_4] },
    }),
    referral: Clause { says: &[Role::AtwSpoc], rules: &[&ATW_3, &ATW_4] },
    before_referral: &[
        Clause { says: Gate::Triaged, rules: &[&ATW_3, &ATW_4, &ATW_5] },
        Clause { says: Gate::Form(FormItem::Concern), rules: &[&R_FORM_NEEDS_CONCERN, &ATW_2] },
        Clause { says: Gate::Form(FormItem::SupportExhausted), rules: &[&ATW_2, &R_SUPPORT_EXHAUSTED, &ATW_1] },
        Clause { says: Gate::Form(FormItem::NoteIn), rules: &[&ATW_8] },
    ],
    visit_due: Prescribed::No,
    follow_up: Prescribed::No,
    core_visit: Prescribed::No,
    returned: Clause { says: (), rules: &[&R_NOT_PRESCRIBED] },
    ineffective: Clause {
        says: &[Ground::NotAtHome, Ground::NoAnswer, Ground::RefusedToCooperate, Ground::UnsafeArea],
        rules: &[&ATW_6],
    },
    unsafe_area: Clause { says: (), rules: &[&ATW_6U] },
    untraceable: Prescribed::No,
    after_first_visit: Prescribed::Yes(AfterFirstVisit {
        letter: Clause { says: Letter { contact: Role::Ceast, within: Term::WorkingDays(5) }, rules: &[&ATW_7] },
        contact_in_time: Clause {
            says: ContactInTime {
                note: Prescribed::Yes(Note {
                    owner: Role::AtwSpoc,
                    what: "At CEAST's request, write the conversation up where the visiting reason says",
                }),
                second_visit_decided_by: &[Role::Ceast, Role::AtwSpoc],
                unless_decided: None,
                confidence: Prescribed::No,
            },
            rules: &[&ATW_8, &R_CONTACT_TOLD_BY],
        },
        no_contact: Clause { says: (), rules: &[&ATW_9] },
    }),
    handover: Clause { says: &[Role::Ceast, Role::AtwSpoc], rules: &[&ATW_10] },
    to_original_referrer: Prescribed::No,
    conferencing: CONFERENCING,
    escalation: ESCALATION,
};

/// From the handover to the decision.
const CONFERENCING: Conferencing = Conferencing {
    lead: Clause {
        says: Lead {
            role: Role::Ceast,
            takes_over: Prescribed::Yes(
                "Take ownership of the associated visiting referral until investigations are complete",
            ),
        },
        rules: &[&ATW_12],
    },
    prescribed_note: Prescribed::Yes(Clause {
        says: PrescribedNote {
            owner: Role::AtwSpoc,
            place: NotePlace::ByVisitingReason,
            wording: "please do not take any further action whilst the case is with CEAST for consideration",
        },
        rules: &[&ATW_13],
    }),
    support_marker: Prescribed::Yes(Clause { says: (), rules: &[&ATW_14] }),
    assurance: Clause {
        says: &[
            AssuranceItem::Circumstances,
            AssuranceItem::PreviousInteractions,
            AssuranceItem::Documents,
            AssuranceItem::ThirdParties,
        ],
        rules: &[&ATW_15, &R_ASSURANCE_ITEMS],
    },
    conference: Clause {
        says: Conference {
            between: [Role::Ceast, Role::AtwSpoc],
            held: Held::WhereRequired,
            within: Some(Term::CalendarDays(3)),
        },
        rules: &[&ATW_16, &R_FURTHER_INFORMATION],
    },
    partnership_manager: Prescribed::No,
    satisfied: Clause { says: Satisfied::Lead, rules: &[&ATW_17, &R_SATISFIED] },
    review_note: Prescribed::No,
    no_concern: Clause { says: (), rules: &[&ATW_18] },
    concern: Clause { says: (), rules: &[&ATW_19] },
    closing: Clause {
        says: Closing {
            record: ClosingRecord::Note,
            owner: Role::AtwSpoc,
            what: "At CEAST's request, update DISC and/or ATWIS, depending on the visiting reason, with the steps taken \
                   and the subsequent actions",
            owed: Owed::AfterConcern,
        },
        rules: &[&ATW_22],
    },
    returning: Clause { says: Role::Ceast, rules: &[&ATW_23] },
    decision: Clause {
        says: Decision { by: Role::AtwAdviser, outcomes: &[Outcome::AwardGrant, Outcome::NotAwardGrant] },
        rules: &[&ATW_23, &R_DECISIONS, &R_WEIGHED],
    },
    gates: Gates::BY_LEAD,
};

/// What a safeguarding concern asks for.
const ESCALATION: Escalation = Escalation {
    contact: Prescribed::Yes(Clause {
        says: ContactAttempt { call_back: Term::Minutes(30) },
        rules: &[&ATW_20, &R_CONTACT_ATTEMPT],
    }),
    leader: Clause { says: LeaderAsked::WhereNeeded, rules: &[&ATW_21, &R_LEADER_NEED, &R_ONE_OFFICE] },
    review_date: Clause { says: (), rules: &[&ATW_21R] },
    disclosure: Prescribed::Yes(Clause { says: (), rules: &[&ATW_15D] }),
    nothing_reported_back: Prescribed::No,
    gates: Before::ALL,
};
