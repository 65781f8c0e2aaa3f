//! Who acts.

use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::customer::{self, DeathEvidence, DeathSource, Fact, PassedOn};
use holdfast_procedure::desk::Assignment;
use holdfast_procedure::{Actor, Cover, NarrativeRef, Role, Workload};

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
    let account = (source == DeathSource::Relative).then(words);
    Fact::DeathReported { occurred_at, source, account }
}

/// Words that go with every other turn.
pub(crate) fn words_by(turn: usize) -> Option<NarrativeRef> {
    turn.is_multiple_of(2).then(words)
}

/// What was reported of a death was mistaken, which somebody may say something of.
pub(crate) fn mistaken(turn: usize) -> Fact {
    Fact::DeathReportMistaken { reason: words_by(turn) }
}

/// To whom a task is given, by turns: to a person, to a team, to a person with another to stand in, or back.
pub(crate) fn assignment(turn: usize, now: DateTime<Utc>) -> Assignment {
    let (person, team) = (Some("p-1".to_owned()), Some("T-1".to_owned()));
    let until = now + TimeDelta::days(i64::try_from(turn % 3).unwrap_or_default());
    let cover = Some(Cover { person: "p-2".to_owned(), until });
    match turn % 4 {
        0 => Assignment { person, ..Assignment::default() },
        1 => Assignment { team, ..Assignment::default() },
        2 => Assignment { person, cover, team },
        _ => Assignment::default(),
    }
}

/// What another service has heard from an officer, by turns of another case and of this very one.
pub(crate) fn passed_on(fact: Fact, at: DateTime<Utc>, turn: usize) -> customer::Command {
    let (service, case, by) = (Workload::Conferencing, "HF-2".to_owned(), of(Role::Officer));
    let (known_as, taken_in) = ("C-1".to_owned(), turn.is_multiple_of(2));
    customer::Command { fact, passed_on: Some(PassedOn { service, case, by, at, known_as, taken_in }) }
}

/// Somebody has seen what verifies it.
pub(crate) fn verified(evidence: DeathEvidence) -> Fact {
    Fact::DeathConfirmed { evidence, reference: "E-1".to_owned() }
}
