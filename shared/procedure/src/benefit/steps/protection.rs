//! What the benefit's own text prohibits meanwhile.

use super::{Part, Step, Teller};
use crate::{
    benefit::Benefit,
    protection::{ActionGround, HoldGround, basis, paragraph},
};

const TELL: Teller = Teller(Part::Protection);

/// The grounds that texts speak of. What rulings add for every benefit alike is no difference.
const GROUNDS: [(HoldGround, &str); 4] = [
    (HoldGround::ConditionKnown, "A condition is known"),
    (HoldGround::CoreVisitDue, "While a visit is due"),
    (HoldGround::TwoIneffectiveVisits, "After two ineffective visits"),
    (HoldGround::ConcernDetermined, "While a concern is looked into"),
];

pub(super) fn steps(benefit: Benefit) -> Vec<Step> {
    GROUNDS.map(|(ground, name)| told(benefit, ground, name)).into()
}

fn told(benefit: Benefit, ground: HoldGround, name: &'static str) -> Step {
    if paragraph(benefit, ground).is_none() {
        return TELL.silent(name);
    }
    let basis = basis(benefit, ground);
    let actions: Vec<_> = basis.prohibits.actions.iter().map(|action| action.title()).collect();
    let only_on = basis.prohibits.only_on.map(|grounds| {
        let grounds: Vec<_> = grounds.into_iter().map(ActionGround::title).collect();
        format!(", on account of {}", grounds.join(" or of "))
    });
    let prescribed = format!("nobody may {}{}", actions.join(" or "), only_on.unwrap_or_default());
    Step { part: Part::Protection, name, prescribed, rules: basis.rules }
}
