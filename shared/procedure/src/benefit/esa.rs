//! Employment and Support Allowance.

use super::{
    AfterFirstVisit, Benefit, Clause, Closing, ClosingRecord, Conference, Conferencing, Confidence, Considering,
    ContactInTime, CoreVisit, Decision, Escalation, FollowingUp, Gates, Held, Lead, LeaderAsked, Letter, Note, Owed,
    Prescribed, Rules, Satisfied,
};
use crate::{
    actor::Role,
    conferencing::{AssuranceItem, Outcome},
    escalation::Gate as Before,
    protection::HoldGround,
    rule::{esa::*, rulings::*},
    term::Term,
    visiting::{ConsideredItem, FormItem, Gate, Ground, SecondVisit},
};

/// What the ESA guidance on Core Visits prescribes.
pub const RULES: Rules = Rules {
    benefit: Benefit::Esa,
    consideration: Prescribed::Yes(CONSIDERING),
    triage: Prescribed::No,
    referral: Clause { says: &[Role::Referrer], rules: &[&ESA_112A] },
    before_referral: &[
        Clause { says: Gate::AddressTraced, rules: &[&ESA_107C, &R_CARE_OF] },
        Clause { says: Gate::Form(FormItem::Condition), rules: &[&ESA_112R] },
        Clause { says: Gate::Form(FormItem::Representative), rules: &[&ESA_112R] },
        Clause { says: Gate::Form(FormItem::ContactAttempts), rules: &[&ESA_112R] },
        Clause { says: Gate::Form(FormItem::PreviousVisit), rules: &[&ESA_112R] },
        Clause { says: Gate::Form(FormItem::GoodCauseConsidered), rules: &[&ESA_112R] },
        Clause { says: Gate::Form(FormItem::LoneParent), rules: &[&ESA_112R] },
        Clause { says: Gate::Form(FormItem::Activity), rules: &[&ESA_112R] },
        Clause { says: Gate::Form(FormItem::Telephone), rules: &[&ESA_112T] },
        Clause { says: Gate::Form(FormItem::TelephoneStaffed), rules: &[&ESA_112T] },
    ],
    visit_due: Prescribed::Yes(Clause { says: HoldGround::CoreVisitDue, rules: &[&ESA_112] }),
    follow_up: Prescribed::Yes(Clause {
        says: FollowingUp { within: Term::WorkingDays(10), owner: Role::Referrer },
        rules: &[&ESA_112F],
    }),
    core_visit: Prescribed::Yes(CoreVisit {
        explains: Clause { says: (), rules: &[&ESA_108] },
        establishes: Clause { says: (), rules: &[&ESA_113] },
        representative: Clause { says: (), rules: &[&ESA_109] },
        lone_parent: Clause { says: (), rules: &[&ESA_112R] },
        booking: Clause { says: (), rules: &[&ESA_114] },
        deferral: Clause { says: (), rules: &[&ESA_115] },
        letter: Clause { says: (), rules: &[&ESA_116] },
        good_cause: Clause { says: &[Role::Referrer], rules: &[&ESA_117] },
        decides_nothing: Clause { says: Role::VisitingOfficer, rules: &[&ESA_114N] },
    }),
    returned: Clause { says: (), rules: &[&ESA_117] },
    ineffective: Clause {
        says: &[Ground::NotAtHome, Ground::NoAnswer, Ground::RefusedToCooperate, Ground::UnsafeArea],
        rules: &[&ESA_119, &R_ESA_GROUNDS],
    },
    unsafe_area: Clause { says: (), rules: &[&ESA_124] },
    untraceable: Prescribed::Yes(Clause { says: (), rules: &[&ESA_107U, &R_CARE_OF] }),
    after_first_visit: Prescribed::Yes(AfterFirstVisit {
        letter: Clause { says: Letter { contact: Role::Referrer, within: Term::WorkingDays(5) }, rules: &[&ESA_120] },
        contact_in_time: Clause {
            says: ContactInTime {
                note: Prescribed::No,
                second_visit_decided_by: &[Role::Referrer],
                unless_decided: Some(SecondVisit::NotNeeded),
                confidence: Prescribed::Yes(Clause {
                    says: Confidence { owner: Role::Referrer },
                    rules: &[&ESA_121, &ESA_111, &R_CONTACT_IN_TIME],
                }),
            },
            rules: &[&ESA_121, &R_CONTACT_IN_TIME],
        },
        no_contact: Clause { says: (), rules: &[&ESA_122] },
    }),
    handover: Clause { says: &[Role::Heo], rules: &[&ESA_125] },
    to_original_referrer: Prescribed::No,
    conferencing: CONFERENCING,
    escalation: ESCALATION,
};

/// What is considered before a sanction or a disallowance (106).
const CONSIDERED: &[ConsideredItem] = &[
    ConsideredItem::Deferral,
    ConsideredItem::Notification,
    ConsideredItem::Advocacy,
    ConsideredItem::AttendanceIssues,
    ConsideredItem::Reminder,
];

/// Whether a Core Visit is to be made.
const CONSIDERING: Considering = Considering {
    by: Clause { says: &[Role::Referrer], rules: &[&ESA_106, &ESA_106N, &ESA_107N] },
    items: Clause { says: CONSIDERED, rules: &[&ESA_106] },
    indicators: Clause { says: (), rules: &[&ESA_107] },
    hardship: Clause { says: (), rules: &[&ESA_106H] },
    representative: Clause { says: (), rules: &[&ESA_110] },
    condition_known: Clause { says: HoldGround::ConditionKnown, rules: &[&ESA_106P, &R_HOLD_FROM_CONDITION] },
    no_response: Clause { says: (), rules: &[&ESA_111, &ESA_112] },
    no_visit: &[
        Clause { says: Gate::Considered(CONSIDERED), rules: &[&ESA_106] },
        Clause { says: Gate::IndicatorsChecked, rules: &[&ESA_107] },
        Clause { says: Gate::NoSafeguardingConcern, rules: &[&ESA_106H, &R_HOLD_UNTIL] },
        Clause { says: Gate::ResponsibilitiesConsidered, rules: &[&ESA_110] },
        Clause { says: Gate::Confident, rules: &[&ESA_111] },
        Clause { says: Gate::NotUntraceable, rules: &[&ESA_107U, &R_CARE_OF] },
    ],
    noted: Clause {
        says: "Note in the relevant systems that the claimant understands and is able to comply, and that a Core Visit \
               is not required",
        rules: &[&ESA_111, &ESA_106N],
    },
    noted_unspoken: Clause {
        says: "Note in the relevant systems that the records were checked and show nothing, that nobody has spoken with \
               the claimant, and that a Core Visit is not required",
        rules: &[&ESA_106N, &ESA_107],
    },
    refer: Clause { says: (), rules: &[&ESA_112A, &ESA_111] },
};

/// From the handover to the decision.
const CONFERENCING: Conferencing = Conferencing {
    lead: Clause { says: Lead { role: Role::Heo, takes_over: Prescribed::No }, rules: &[&ESA_125] },
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
        rules: &[&ESA_125A, &R_ASSURANCE_ITEMS],
    },
    conference: Clause {
        says: Conference { between: [Role::Heo, Role::Referrer], held: Held::Always, within: None },
        rules: &[&ESA_125C],
    },
    partnership_manager: Prescribed::Yes(Clause { says: (), rules: &[&ESA_125L] }),
    satisfied: Clause { says: Satisfied::Participants, rules: &[&ESA_125S, &R_SATISFIED] },
    review_note: Prescribed::Yes(Clause {
        says: Note {
            owner: Role::Heo,
            what: "Review the information, and note on the relevant systems the actions considered and agreed",
        },
        rules: &[&ESA_125N],
    }),
    no_concern: Clause { says: (), rules: &[&ESA_126] },
    concern: Clause { says: (), rules: &[&ESA_125H] },
    closing: Clause {
        says: Closing {
            record: ClosingRecord::Documentation,
            owner: Role::Referrer,
            what: "Gather the documentation for the Decision Maker: safeguarding steps taken, referrals to other \
                   organisations, the outcome of the case conference and subsequent actions",
            owed: Owed::Always,
        },
        rules: &[&ESA_126],
    },
    returning: Clause { says: Role::Referrer, rules: &[&ESA_126] },
    decision: Clause {
        says: Decision { by: Role::DecisionMaker, outcomes: &[Outcome::Disallow, Outcome::Sanction, Outcome::Neither] },
        rules: &[&ESA_126, &R_DECISIONS, &R_WEIGHED],
    },
    gates: Gates::BY_PARTICIPANTS,
};

/// What a safeguarding concern asks for.
const ESCALATION: Escalation = Escalation {
    contact: Prescribed::No,
    leader: Clause { says: LeaderAsked::Always, rules: &[&ESA_125R, &R_LEADER_ALWAYS] },
    review_date: Clause { says: (), rules: &[&ESA_125R] },
    disclosure: Prescribed::Yes(Clause { says: (), rules: &[&ESA_106D] }),
    nothing_reported_back: Prescribed::Yes(Clause { says: (), rules: &[&ESA_106G] }),
    gates: Before::WITHOUT_CONTACT,
};
