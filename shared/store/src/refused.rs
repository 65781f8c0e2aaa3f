//! What the procedure refuses, as a caller is told of it.

use crate::wire;
use holdfast_chassis::{Failure, Violation, status::NotAllowed};
use holdfast_procedure::{Refusal, rule};

/// What a caller is told of a refusal.
pub(crate) fn refused(case: &str, refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Invalid(faults) => {
            let violation =
                |fault: holdfast_procedure::Fault| Violation { field: fault.field.to_owned(), why: fault.why };
            Failure::Invalid(faults.into_iter().map(violation).collect())
        }
        Refusal::NotAllowed { rules, why, stage, allowed } => Failure::NotAllowed(Box::new(NotAllowed {
            case_reference: case.to_owned(),
            why,
            rules: rules.into_iter().map(|rule: &'static rule::Rule| (rule.id, rule.requires)).collect(),
            stage,
            allowed,
        })),
        Refusal::NotInForce(benefit) => Failure::NotInForce(wire::benefit_name(benefit)),
        Refusal::NoSuchPart(what) => Failure::PartNotFound(what),
    }
}
