//! What the guidance of each benefit says of each ground: the rules a hold stands on, and what it prohibits.

use super::{Action, ActionGround, HoldGround, Prohibits};
use crate::{
    Rule,
    benefit::Benefit,
    rule::{
        access_to_work::{ATW_11, ATW_19},
        esa::{ESA_106P, ESA_112, ESA_125H, ESA_125P},
        general::GEN_2,
        pip::{PIP_6, PIP_14},
        rulings::{
            R_HOLD_APPLICATION, R_HOLD_FROM, R_HOLD_FROM_CONCERN, R_HOLD_FROM_CONDITION, R_HOLD_FROM_CORE_VISIT,
            R_OPEN_REFERRAL, R_RECONSIDERATION,
        },
        universal_credit::{UC_2, UC_8},
    },
};

/// What a hold of one ground stands on and prohibits.
#[derive(Debug, Clone, PartialEq)]
pub struct Basis {
    /// The rules; the first is the one that answers cite.
    pub rules: Vec<&'static Rule>,
    /// What it prohibits.
    pub prohibits: Prohibits,
}

/// What a benefit's own text says of a ground.
struct Paragraph {
    benefit: Benefit,
    ground: HoldGround,
    rule: &'static Rule,
}

const fn says(benefit: Benefit, ground: HoldGround, rule: &'static Rule) -> Paragraph {
    Paragraph { benefit, ground, rule }
}

/// Every paragraph that prohibits, and its ground.
static PARAGRAPHS: [Paragraph; 10] = [
    says(Benefit::Pip, HoldGround::TwoIneffectiveVisits, &PIP_6),
    says(Benefit::Pip, HoldGround::ConcernDetermined, &PIP_14),
    says(Benefit::Esa, HoldGround::ConditionKnown, &ESA_106P),
    says(Benefit::Esa, HoldGround::CoreVisitDue, &ESA_112),
    says(Benefit::Esa, HoldGround::TwoIneffectiveVisits, &ESA_125P),
    says(Benefit::Esa, HoldGround::ConcernDetermined, &ESA_125H),
    says(Benefit::UniversalCredit, HoldGround::TwoIneffectiveVisits, &UC_2),
    says(Benefit::UniversalCredit, HoldGround::ConcernDetermined, &UC_8),
    says(Benefit::AccessToWork, HoldGround::TwoIneffectiveVisits, &ATW_11),
    says(Benefit::AccessToWork, HoldGround::ConcernDetermined, &ATW_19),
];

/// What a ruling adds to a benefit's ground: before there is an award, the application is what is held.
static RULINGS: [Paragraph; 4] = [
    says(Benefit::AccessToWork, HoldGround::ConcernOnRecord, &R_HOLD_APPLICATION),
    says(Benefit::AccessToWork, HoldGround::TwoIneffectiveVisits, &R_HOLD_APPLICATION),
    says(Benefit::AccessToWork, HoldGround::ConcernDetermined, &R_HOLD_APPLICATION),
    says(Benefit::AccessToWork, HoldGround::Reconsideration, &R_HOLD_APPLICATION),
];

/// What a ground amounts to in every benefit: the rules, the actions, and the payer's grounds it is confined to.
type Always = (Vec<&'static Rule>, &'static [Action], Option<&'static [ActionGround]>);

fn always(ground: HoldGround) -> Always {
    match ground {
        HoldGround::OpenReferral => (vec![&R_OPEN_REFERRAL], &[], None),
        HoldGround::ConcernOnRecord => (vec![&GEN_2, &R_HOLD_FROM_CONCERN], &Action::ALL, None),
        HoldGround::TwoIneffectiveVisits => (vec![&R_HOLD_FROM], &Action::ALL, None),
        // What was determined is a case of concern, in whatever benefit.
        HoldGround::ConcernDetermined => (vec![&GEN_2], &Action::ALL, None),
        HoldGround::Reconsideration => (vec![&R_RECONSIDERATION], &Action::ALL, None),
        HoldGround::ConditionKnown => (vec![&R_HOLD_FROM_CONDITION], &[Action::Disallow, Action::Sanction], None),
        HoldGround::CoreVisitDue => (
            vec![&R_HOLD_FROM_CORE_VISIT],
            &Action::ALL,
            Some(&[ActionGround::NonAttendance, ActionGround::MissingEvidence]),
        ),
        // What is not known is taken for the worst.
        HoldGround::Other(_) => (vec![&GEN_2], &Action::ALL, None),
    }
}

/// What a hold of a ground prohibits, in every benefit.
pub(super) fn prohibits(ground: HoldGround) -> Prohibits {
    let (_, actions, only_on) = always(ground);
    Prohibits { actions: actions.to_vec(), only_on: only_on.map(<[_]>::to_vec) }
}

/// The benefit's own paragraph that prohibits something on a ground; `None` where its text is silent.
pub(crate) fn paragraph(benefit: Benefit, ground: HoldGround) -> Option<&'static Rule> {
    said(&PARAGRAPHS, benefit, ground)
}

/// What one of the lists says of a benefit's ground.
fn said(list: &'static [Paragraph], benefit: Benefit, ground: HoldGround) -> Option<&'static Rule> {
    let of_benefit = |paragraph: &&Paragraph| (paragraph.benefit, paragraph.ground) == (benefit, ground);
    list.iter().find(of_benefit).map(|paragraph| paragraph.rule)
}

/// What the guidance says of a ground: the benefit's own paragraph first, where it has one.
#[must_use]
pub fn basis(benefit: Benefit, ground: HoldGround) -> Basis {
    let (rules, _, _) = always(ground);
    let ruling = said(&RULINGS, benefit, ground);
    let rules = paragraph(benefit, ground).into_iter().chain(rules).chain(ruling).collect();
    Basis { rules, prohibits: prohibits(ground) }
}
