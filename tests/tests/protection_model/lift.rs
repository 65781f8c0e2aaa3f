//! From the model's small state to the types that are shipped.

use crate::{
    config::{Config, Mutant},
    state::{Copied, KEYS, Known, Life, OnRecord, Own, Proved, SOURCES},
};
use chrono::{DateTime, Utc};
use holdfast_procedure::{
    Award, Benefit, Workload,
    protection::{
        self as procedure, Action, Asked, DatabaseIdentity, Hold, HoldGround, HoldKey, Holds, Kept, Proof, Proofs,
        Question, Reconciled, Revision, Sources, Span, Standing, Statement, Ticks, Unrecognised, Version, Why,
    },
};

pub(crate) const WORKLOADS: [Workload; SOURCES] = [Workload::Visiting, Workload::Conferencing, Workload::Safeguarding];
const GROUNDS: [HoldGround; KEYS] = [HoldGround::TwoIneffectiveVisits, HoldGround::ConcernDetermined];

pub(crate) fn index(workload: Workload) -> u8 {
    (0..).zip(WORKLOADS).find(|(_, known)| *known == workload).expect("a source").0
}

pub(crate) fn ticks(at: u8) -> Ticks {
    Ticks::from_millis(at.into())
}

/// The civil clock, so slow that a permit's margin is over with the next tick.
pub(crate) fn civil(at: u8) -> DateTime<Utc> {
    DateTime::from_timestamp(i64::from(at) * 100, 0).expect("an instant")
}

/// The database of a source, or with [`SOURCES`] that of the ledger.
pub(crate) fn identity(of: usize, timeline: u8) -> DatabaseIdentity {
    DatabaseIdentity { system: of as u64, timeline: timeline.into() }
}

pub(crate) fn key(config: &Config, key: u8) -> HoldKey {
    let case = config.cases[usize::from(key)];
    HoldKey { case: format!("c{case}"), ground: GROUNDS[usize::from(key)] }
}

/// A hold at a version, standing.
pub(crate) fn hold(config: &Config, of: u8, version: u8, holder: u8, stands: bool) -> Hold {
    let case = config.cases[usize::from(of)];
    let award = Award { customer: format!("p{case}"), benefit: Benefit::Pip, award: format!("a{case}") };
    let placed = Hold::placed(key(config, of), award, Vec::new(), WORKLOADS[usize::from(holder)]);
    let state = if stands { Standing::Standing } else { Standing::Released { why: Why::InformedDecision } };
    Hold { version: Version(version.into()), state, ..placed }
}

/// A hold as its service has it.
pub(crate) fn own(config: &Config, at: u8, key: u8, own: Own) -> Option<Hold> {
    match own.life {
        Life::Never => None,
        Life::Standing => Some(hold(config, key, own.version, at, true)),
        Life::Released => Some(hold(config, key, own.version, at, false)),
        Life::HandedOn(to) => Some(hold(config, key, own.version, to, true)),
    }
}

pub(crate) fn known(config: &Config, key: u8, known: Known) -> Option<Hold> {
    (known.version > 0).then(|| hold(config, key, known.version, known.holder, known.stands))
}

pub(crate) fn known_again(hold: &Hold) -> Known {
    Known { version: version(hold), holder: index(hold.holder), stands: hold.state.protects() }
}

pub(crate) fn version(hold: &Hold) -> u8 {
    u8::try_from(hold.version.0).expect("small")
}

pub(crate) fn holds(config: &Config, all: &[Known; KEYS]) -> Holds {
    (0..).zip(&all[..config.cases.len()]).filter_map(|(key, one)| known(config, key, *one)).collect()
}

/// What the ledger has on record of a source, if anything.
pub(crate) fn on_record(of: usize, on_record: OnRecord) -> Option<procedure::OnRecord> {
    match on_record {
        OnRecord::No => None,
        OnRecord::Owed { id } => Some(procedure::OnRecord::Owed { id: id.into() }),
        OnRecord::Reconciled { source, ledger } => {
            let (source, ledger) = (identity(of, source), identity(SOURCES, ledger));
            Some(procedure::OnRecord::Reconciled(Reconciled { source, ledger }))
        }
    }
}

pub(crate) fn revision(config: &Config, counter: u8, id: u8) -> Revision {
    // The mistake: nothing but a number tells one state from another.
    let id = if config.mutant == Mutant::NumericRevision { 0 } else { id };
    Revision { counter: counter.into(), id: id.into() }
}

pub(crate) fn kept(config: &Config, copied: &Copied) -> Kept {
    let all = copied.on_record.iter().enumerate();
    Kept {
        revision: revision(config, copied.counter, copied.id),
        holds: holds(config, &copied.known),
        on_record: all.filter_map(|(of, state)| Some((WORKLOADS[of], on_record(of, *state)?))).collect(),
    }
}

pub(crate) fn statement(config: &Config, by: usize, proved: Proved) -> Statement {
    let listed = (0..).take(config.cases.len()).filter(|key| proved.undelivered & (1 << key) != 0);
    Statement {
        source: WORKLOADS[by],
        // The mistake: who answers is not looked at.
        identity: identity(by, if config.mutant == Mutant::IdentityIgnored { 0 } else { proved.timeline }),
        undelivered: Some(listed.map(|key| hold(config, key, 1, u8::try_from(by).expect("small"), true)).collect()),
    }
}

pub(crate) fn proofs(config: &Config, all: &[Option<Proved>; SOURCES]) -> Proofs {
    let mut proofs = Proofs::default();
    for (of, proved) in all.iter().enumerate() {
        let Some(proved) = proved else { continue };
        let statement = statement(config, of, *proved);
        proofs.take_in(Proof::of(WORKLOADS[of], ticks(proved.asked_at), statement).expect("a proof"));
    }
    proofs
}

pub(crate) fn sources(config: &Config, build: u8) -> Sources {
    Sources::named(&WORKLOADS[..usize::from(build)]).within(Span::from_millis(config.bound))
}

pub(crate) fn question(case: u8) -> Result<Question, Unrecognised> {
    Question::of(Asked {
        customer: Some(format!("p{case}")),
        benefit: Some(Benefit::Pip),
        award: Some(format!("a{case}")),
        action: Some(Action::Stop),
        ground: None,
        condition_known: false,
    })
}
