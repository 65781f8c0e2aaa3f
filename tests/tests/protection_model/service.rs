//! What the sources do: a case's life, and their outboxes.

use crate::{
    config::{Config, Mutant},
    ledger,
    lift::{self, WORKLOADS},
    seen::{Event, Seen},
    state::{Call, Database, Life, Own, Row, State},
};
use holdfast_procedure::protection::{Applied, Change, Hold, Settle, Why, settle};

/// Writes a call to the outbox, in the transaction of what it follows from.
pub(crate) fn write(config: &Config, database: &mut Database, call: Call, key: u8, version: u8) {
    database.sequence += u8::from(config.slow);
    let sequence = database.sequence;
    write_as(config, database, Row { call, key, version, sequence, parked: false });
}

fn write_as(config: &Config, database: &mut Database, row: Row) {
    // The mistake: a relay that goes by numbers is past this one already.
    if config.mutant != Mutant::Cursor || row.sequence > database.cursor {
        database.rows.push(row);
    }
    database.changes += u8::from(config.confirms);
}

fn change(database: &mut Database, key: u8, hold: &Hold, life: Life) -> u8 {
    let version = lift::version(hold);
    database.holds[usize::from(key)] = Own { version, life };
    version
}

/// A hold-worthy fact is recorded.
pub(crate) fn open(config: &Config, database: &mut Database, at: u8, key: u8) {
    let hold = match lift::own(config, at, key, database.holds[usize::from(key)]) {
        None => lift::hold(config, key, 1, at, true),
        Some(before) => before.placed_again(),
    };
    let version = change(database, key, &hold, Life::Standing);
    write(config, database, Call::Place, key, version);
}

/// A hold-worthy fact is being recorded: its call has its number, and nobody sees it yet.
pub(crate) fn begin(state: &mut State, at: u8, key: u8) {
    let source = &mut state.sources[usize::from(at)];
    source.primary.sequence += 1;
    source.slow = Some((key, source.primary.sequence));
}

/// It is recorded.
pub(crate) fn commit(config: &Config, state: &mut State, at: u8) {
    let source = &mut state.sources[usize::from(at)];
    if let Some((key, sequence)) = source.slow.take() {
        let version = change(&mut source.primary, key, &lift::hold(config, key, 1, at, true), Life::Standing);
        write_as(config, &mut source.primary, Row { call: Call::Place, key, version, sequence, parked: false });
    }
}

/// The case goes to another service.
pub(crate) fn hand_over(config: &Config, database: &mut Database, key: u8, to: u8) {
    let own = &mut database.holds[usize::from(key)];
    own.life = Life::HandedOn(to);
    let version = own.version;
    write(config, database, Call::HandOver(to), key, version);
}

/// The case is closed: what keeps the award from being acted on is over.
pub(crate) fn close(config: &Config, database: &mut Database, at: u8, key: u8) {
    let own = database.holds[usize::from(key)];
    let hold = lift::own(config, at, key, own).expect("a hold").released(Why::InformedDecision);
    let version = change(database, key, &hold, Life::Released);
    write(config, database, Call::Release, key, version);
}

/// Another hold of the case takes its place: placed first, released last.
pub(crate) fn advance(config: &Config, database: &mut Database, at: u8, key: u8, next: u8) {
    open(config, database, at, next);
    close(config, database, at, key);
}

/// A case arrives. One that arrived before, or has gone further since, is there already.
fn receive(config: &Config, state: &mut State, from: u8, to: u8, row: Row) {
    let database = &mut state.sources[usize::from(to)].primary;
    let own = database.holds[usize::from(row.key)];
    if own.version <= row.version {
        let hold = lift::hold(config, row.key, row.version, from, true).taken_over(WORKLOADS[usize::from(to)]);
        let version = change(database, row.key, &hold, Life::Standing);
        write(config, database, Call::Place, row.key, version);
    }
}

/// A call as the ledger receives it.
pub(crate) fn sent(config: &Config, from: u8, timeline: u8, row: Row) -> Change {
    Change {
        hold: lift::hold(config, row.key, row.version, from, row.call == Call::Place),
        from: WORKLOADS[usize::from(from)],
        sent_from: lift::identity(from.into(), timeline),
    }
}

/// A late copy arrives. Nobody waits for its answer.
pub(crate) fn arrive(config: &Config, seen: &Seen, state: &mut State, place: usize) {
    let late = state.late.remove(place);
    match late.row.call {
        Call::HandOver(to) => receive(config, state, late.from, to, late.row),
        Call::Place | Call::Release => {
            ledger::take_in(config, seen, state, late.from, late.row, late.timeline);
        }
    }
}

/// A call is delivered; whether its answer gets back is another matter. `None`: nothing comes of it.
pub(crate) fn deliver(
    config: &Config,
    seen: &Seen,
    state: &mut State,
    from: u8,
    place: usize,
    answered: bool,
) -> Option<()> {
    let at = usize::from(from);
    let (row, timeline) = (state.sources[at].primary.rows[place], state.sources[at].primary.timeline);
    let applied = match row.call {
        Call::HandOver(to) => {
            receive(config, state, from, to, row);
            Applied::Applied
        }
        Call::Place | Call::Release => ledger::take_in(config, seen, state, from, row, timeline),
    };
    if !answered {
        return (applied == Applied::Applied).then_some(());
    }
    match applied {
        Applied::Applied | Applied::AlreadyKnown => acknowledge(config, &mut state.sources[at].primary, place),
        Applied::Refused(refused) => {
            let own = state.sources[at].primary.holds[usize::from(row.key)];
            let own = lift::own(config, from, row.key, own).expect("a hold that was sent");
            match settle(&own, &sent(config, from, timeline, row), &refused) {
                Settle::OutOfDate => {
                    seen.saw(Event::OutOfDate);
                    acknowledge(config, &mut state.sources[at].primary, place);
                }
                Settle::RaiseAbove(known) => {
                    seen.saw(Event::Raised);
                    let raised = own.raised_above(known);
                    let database = &mut state.sources[at].primary;
                    let life = database.holds[usize::from(row.key)].life;
                    let version = change(database, row.key, &raised, life);
                    database.rows[place].version = version;
                    // A handover that waits behind it goes out with the new version.
                    let waiting = |waiting: &&mut Row| {
                        waiting.key == row.key && waiting.call == handed_on(life) && waiting.call != Call::Place
                    };
                    database.rows.iter_mut().filter(waiting).for_each(|waiting| waiting.version = version);
                }
                Settle::TryAgain => return None,
            }
        }
    }
    Some(())
}

/// The call by which a hold was handed on; a place where it was not.
fn handed_on(life: Life) -> Call {
    match life {
        Life::HandedOn(to) => Call::HandOver(to),
        Life::Never | Life::Standing | Life::Released => Call::Place,
    }
}

fn acknowledge(config: &Config, database: &mut Database, place: usize) {
    let row = database.rows.remove(place);
    if config.mutant == Mutant::Cursor {
        // The mistake: everything up to this number counts as delivered.
        database.cursor = database.cursor.max(row.sequence);
        let cursor = database.cursor;
        database.rows.retain(|row| row.sequence > cursor);
    }
}

/// The standby takes over with what it has.
pub(crate) fn promote(state: &mut State, at: u8) {
    let source = &mut state.sources[usize::from(at)];
    let standby = source.standby.take().expect("a standby");
    let timeline = source.primary.timeline + 1;
    // The control file goes on naming the old timeline until a checkpoint.
    source.primary = Database { timeline, ..*standby };
    source.slow = None;
    // A stream that the old primary had begun to send may still arrive.
}

/// Whether a service protects a case: a hold stands there, or was handed over and nobody has said that they have it.
pub(crate) fn protects(database: &Database, key: u8) -> bool {
    match database.holds[usize::from(key)].life {
        Life::Standing => true,
        Life::Never | Life::Released => false,
        Life::HandedOn(to) => database.rows.iter().any(|row| (row.key, row.call) == (key, Call::HandOver(to))),
    }
}

/// Whether a fact is on record that keeps an award from being acted on: with a service, or on its way to one.
pub(crate) fn is_open(state: &State, key: u8) -> bool {
    state.sources.iter().any(|source| {
        let own = source.primary.holds[usize::from(key)];
        match own.life {
            Life::Standing => true,
            Life::Never | Life::Released => false,
            Life::HandedOn(to) => {
                let there = state.sources[usize::from(to)].primary.holds[usize::from(key)];
                there.version <= own.version && protects(&source.primary, key)
            }
        }
    })
}
