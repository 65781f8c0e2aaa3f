//! Personal Independence Payment.

use super::{AfterFirstVisit, Benefit, Clause, ContactInTime, Letter, Note, Prescribed, Rules};
use crate::{
    actor::Role,
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
};
