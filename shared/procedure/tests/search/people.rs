//! Who acts.

use chrono::{DateTime, Utc};
use holdfast_procedure::customer::{DeathEvidence, DeathSource, Fact};
use holdfast_procedure::{Actor, NarrativeRef, Role, Workload};

/// Somebody of this role, always the same.
pub(crate) fn of(role: Role) -> Actor {
    Actor { person: role.title().to_owned(), role, workload: Workload::Casework }
}

/// A colleague of theirs.
pub(crate) fn colleague_of(role: Role) -> Actor {
    Actor { person: format!("another {}", role.title()), role, workload: Workload::Casework }
}

/// The suite itself.
pub(crate) fn suite() -> Actor {
    Actor::suite(Workload::Operations)
}

/// Words that were recorded.
pub(crate) fn words() -> NarrativeRef {
    NarrativeRef("n-1".to_owned())
}

/// A report of a death.
pub(crate) fn died(occurred_at: DateTime<Utc>, source: DeathSource) -> Fact {
    Fact::DeathReported { occurred_at, source, account: None }
}

/// Somebody has seen what verifies it.
pub(crate) fn verified(evidence: DeathEvidence) -> Fact {
    Fact::DeathConfirmed { evidence, reference: "E-1".to_owned() }
}
