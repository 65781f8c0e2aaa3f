//! What the ledger does: takes changes in, compares streams, is lost and restored.

use crate::{
    config::{Config, Mutant},
    lift::{self, WORKLOADS},
    seen::{Event, Seen},
    service,
    state::{Call, KEYS, Known, Ledger, Life, OnRecord, Own, Row, SOURCES, State, Streamed, Wrong},
};
use holdfast_procedure::protection::{
    Applied, Hold, Holds, Permit, Reconciliation, Refused, Stream, recalls, reconcile,
};
use std::collections::BTreeSet;

/// A change reaches the ledger.
pub(crate) fn take_in(config: &Config, seen: &Seen, state: &mut State, from: u8, row: Row, timeline: u8) -> Applied {
    let place = usize::from(row.key);
    let before = state.ledger.kept.known[place];
    let own = lift::identity(SOURCES, state.ledger.timeline);
    let on_record = lift::on_record(from.into(), state.ledger.kept.on_record[usize::from(from)]);
    let reconciled = on_record.as_ref().and_then(|on_record| on_record.source_under(&own));
    let mut change = service::sent(config, from, timeline, row);
    if let (Mutant::OldDatabaseReleases, Some(reconciled)) = (config.mutant, reconciled) {
        change.sent_from = reconciled.clone();
    }
    let mut holds: Holds = lift::known(config, row.key, before).into_iter().collect();
    let mut applied = holds.apply(&change, reconciled);
    if config.mutant == Mutant::ReleaseWithoutVersion && row.call == Call::Release && before.stands {
        state.ledger.kept.known[place].stands = false;
        changed(state);
        return Applied::Applied;
    }
    if let (Mutant::PlaceBehindReleaseAcknowledged, Applied::Refused(Refused::BehindRelease { .. })) =
        (config.mutant, &applied)
    {
        applied = Applied::AlreadyKnown;
    }
    tell(seen, &applied);
    if applied == Applied::Applied {
        let after = lift::known_again(&holds.get(&change.hold.key).expect("what was applied"));
        put(config, seen, state, row.key, after);
        let made = state.sources[usize::from(from)].primary.holds[place];
        let made = made.version > row.version || made == Own { version: row.version, life: Life::Released };
        if row.call == Call::Release && timeline == state.sources[usize::from(from)].primary.timeline && !made {
            state.wrong = Some(Wrong::ReleasedUnmade);
        }
    }
    applied
}

fn tell(seen: &Seen, applied: &Applied) {
    match applied {
        Applied::Applied => {}
        Applied::AlreadyKnown => seen.saw(Event::AlreadyKnown),
        Applied::Refused(Refused::BehindRelease { .. }) => seen.saw(Event::BehindRelease),
        Applied::Refused(Refused::Overtaken { .. }) => seen.saw(Event::Overtaken),
        Applied::Refused(Refused::Gap { .. }) => seen.saw(Event::Gap),
        Applied::Refused(Refused::NotHolder { .. }) => seen.saw(Event::NotHolder),
        Applied::Refused(Refused::NotReconciled) => seen.saw(Event::ReleaseNotReconciled),
    }
}

/// The transaction of a change: the hold, the revision, and the permits that it meets.
fn put(config: &Config, seen: &Seen, state: &mut State, key: u8, after: Known) {
    let known = &mut state.ledger.kept.known[usize::from(key)];
    if after.version < known.version {
        state.wrong = Some(Wrong::VersionFell);
    }
    *known = after;
    changed(state);
    let hold = lift::known(config, key, after).expect("what was put");
    recall(config, seen, state, &hold);
}

/// Another revision: one more, and another id.
fn changed(state: &mut State) {
    state.drawn += 1;
    state.ledger.kept.counter += 1;
    state.ledger.kept.id = state.drawn;
}

fn recall(config: &Config, seen: &Seen, state: &mut State, hold: &Hold) {
    let Some((expires, false)) = state.ledger.permit else { return };
    let question = lift::question(0).expect("a question");
    let permit = Permit { decision: "d".to_owned(), question, expires: lift::civil(expires) };
    let (changed, ledger) = (BTreeSet::from([&hold.key]), lift::holds(config, &state.ledger.kept.known));
    let recalled = !recalls(&[permit], &changed, &ledger, &[], lift::civil(state.now)).is_empty();
    if recalled && config.mutant != Mutant::NoRecall {
        seen.saw(Event::Recalled);
        state.ledger.permit = Some((expires, true));
    }
}

/// Whether the ledger still has to be compared with a source.
pub(crate) fn owes(state: &State, of: usize) -> bool {
    match state.ledger.kept.on_record[of] {
        OnRecord::No => false,
        OnRecord::Owed { .. } => true,
        OnRecord::Reconciled { source, ledger } => {
            (source, ledger) != (state.sources[of].primary.timeline, state.ledger.timeline)
        }
    }
}

/// The ledger notes that a comparison is owed, and only then asks; a source answers with everything it holds.
pub(crate) fn stream(config: &Config, state: &mut State, of: usize) {
    let owed = match state.ledger.kept.on_record[of] {
        OnRecord::Owed { id } => id,
        OnRecord::No | OnRecord::Reconciled { .. } => state.drawn + 1,
    };
    if state.ledger.kept.on_record[of] != (OnRecord::Owed { id: owed }) && config.mutant != Mutant::AskedBeforeOwed {
        changed(state);
        state.ledger.kept.on_record[of] = OnRecord::Owed { id: owed };
    }
    let asked_by = (state.ledger.timeline, owed);
    let source = &mut state.sources[of];
    source.stream = Some(Streamed { timeline: source.primary.timeline, asked_by, holds: source.primary.holds });
}

/// The stream reaches the ledger, which compares.
pub(crate) fn compare(config: &Config, seen: &Seen, state: &mut State, of: usize) {
    let streamed = state.sources[of].stream.take().expect("a stream");
    let at = u8::try_from(of).expect("small");
    let all = (0..).zip(&streamed.holds[..config.cases.len()]);
    let stream = Stream {
        source: WORKLOADS[of],
        identity: lift::identity(of, streamed.timeline),
        holds: all.filter_map(|(key, own)| lift::own(config, at, key, *own)).collect(),
        complete: true,
    };
    let own = lift::identity(SOURCES, state.ledger.timeline);
    let (timeline, mut owed) = streamed.asked_by;
    let mut asked_of = lift::identity(SOURCES, timeline);
    let mut on_record = state.ledger.kept.on_record[of];
    if let (Mutant::StreamFromBeforeRestore, OnRecord::Owed { id }) = (config.mutant, on_record) {
        (asked_of, owed) = (own.clone(), id);
    }
    if config.mutant == Mutant::AskedBeforeOwed {
        on_record = OnRecord::Owed { id: owed };
    }
    let asked = Reconciliation { source: WORKLOADS[of], ledger: asked_of, owed: owed.into() };
    let on_record = lift::on_record(of, on_record).expect("a source on record");
    let mut holds = lift::holds(config, &state.ledger.kept.known);
    let Ok(compared) = reconcile(&mut holds, &asked, &stream, &own, &on_record) else {
        return seen.saw(Event::StreamRefused);
    };
    for hold in &compared.taken_in {
        let key = (0..).find(|key| lift::key(config, *key) == hold.key).expect("a hold of the model");
        put(config, seen, state, key, lift::known_again(hold));
    }
    if !compared.orphans.is_empty() {
        seen.saw(Event::Orphan);
    }
    for difference in &compared.differences {
        seen.saw(Event::Difference);
        let key = (0..).find(|key| lift::key(config, *key) == difference.key).expect("a hold of the model");
        raise(config, seen, state, lift::index(difference.ask), key, difference.known);
    }
    if let Some(reconciled) = compared.reconciled {
        let timeline = |of: u32| u8::try_from(of).expect("small");
        let (source, ledger) = (timeline(reconciled.source.timeline), timeline(reconciled.ledger.timeline));
        state.ledger.kept.on_record[of] = OnRecord::Reconciled { source, ledger };
        changed(state);
    }
}

/// The holder is told that the ledger is ahead, and writes its hold again.
fn raise(
    config: &Config,
    seen: &Seen,
    state: &mut State,
    at: u8,
    key: u8,
    known: holdfast_procedure::protection::Version,
) {
    let database = &mut state.sources[usize::from(at)].primary;
    let own = database.holds[usize::from(key)];
    let Some(hold) = lift::own(config, at, key, own).filter(|_| own.life == Life::Standing) else { return };
    if hold.version <= known {
        seen.saw(Event::Raised);
        let version = lift::version(&hold.raised_above(known));
        database.holds[usize::from(key)].version = version;
        service::write(config, database, Call::Place, key, version);
    }
}

/// The ledger comes back as it was when it was last saved. Numbers go back with it, and so do permits. A restore that
/// begins no timeline of its own has to be declared: what was compared is owed again.
pub(crate) fn restore(config: &Config, state: &mut State) {
    let timeline = state.ledger.timeline + u8::from(!config.declared);
    let backup = state.backup.take().expect("a backup");
    state.ledger = Ledger { timeline, ..backup };
    if config.declared {
        changed(state);
        let id = state.drawn;
        for on_record in state.ledger.kept.on_record.iter_mut().filter(|on_record| **on_record != OnRecord::No) {
            *on_record = OnRecord::Owed { id };
        }
    }
}

/// Whether a case is held where a check sees it, or where a proof lists it.
pub(crate) fn is_held(config: &Config, state: &State, case: u8) -> bool {
    config.keys_of(case).any(|key| {
        let place = |row: &Row| row.key == key && row.call == Call::Place;
        let listed = state.sources.iter().any(|source| source.primary.rows.iter().any(place));
        debug_assert!(usize::from(key) < KEYS);
        state.ledger.kept.known[usize::from(key)].stands || listed
    })
}
