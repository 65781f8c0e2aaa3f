//! The steps, and how each is carried out.

use crate::{
    ledger,
    model::Protection,
    replica, service,
    state::{Confirming, Late, Ledger, OnRecord, Reply, State, Verifying},
};

/// One step. Numbers are those of a source, a hold, a place in a list or a replica, as the name says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    AtSource(AtSource),
    AtLedger(AtLedger),
}

/// A step of a source, its outbox or the network behind it.
#[derive(Debug, Clone, PartialEq)]
#[rustfmt::skip]
pub(crate) enum AtSource {
    Open { at: u8, key: u8 }, Begin { at: u8, key: u8 }, Commit { at: u8 }, Abort { at: u8 },
    HandOver { at: u8, key: u8, to: u8 }, Advance { at: u8, key: u8, next: u8 }, Close { at: u8, key: u8 },
    Deliver { from: u8, place: usize }, DeliverUnanswered { from: u8, place: usize },
    Delay { from: u8, place: usize }, Arrive { place: usize },
    Park { from: u8, place: usize }, Replay { from: u8, place: usize },
    Replicate { at: u8 }, Promote { at: u8 }, Checkpoint { at: u8 },
}

/// A step of the ledger, its processes or the network between them and the sources; and the clock.
#[derive(Debug, Clone, PartialEq)]
#[rustfmt::skip]
pub(crate) enum AtLedger {
    Tick,
    Ask { replica: u8, source: u8, by: u8 }, Hear { place: usize }, Lose { place: usize },
    Request { replica: usize }, Copy { replica: usize }, Verify { replica: usize }, Read { replica: usize },
    Answer { replica: usize }, Crash { replica: usize }, Deploy { replica: usize },
    Save, Restore, Stream { of: usize }, Compare { of: usize }, BeginConfirming, Confirm,
}

impl Protection {
    /// Carries a step of the sources' out.
    pub(crate) fn at_sources(&self, state: &mut State, step: &AtSource) -> Option<()> {
        let config = &self.config;
        match *step {
            AtSource::Open { at, key } => service::open(config, state.primary(at), at, key),
            AtSource::Begin { at, key } => service::begin(state, at, key),
            AtSource::Commit { at } => service::commit(config, state, at),
            AtSource::Abort { at } => {
                state.left.crashes -= 1;
                state.sources[usize::from(at)].slow = None;
            }
            AtSource::HandOver { at, key, to } => service::hand_over(config, state.primary(at), key, to),
            AtSource::Advance { at, key, next } => service::advance(config, state.primary(at), at, key, next),
            AtSource::Close { at, key } => service::close(config, state.primary(at), at, key),
            AtSource::Deliver { from, place } => service::deliver(config, &self.seen, state, from, place, true)?,
            AtSource::DeliverUnanswered { from, place } => {
                state.left.lost_acks -= 1;
                service::deliver(config, &self.seen, state, from, place, false)?;
            }
            AtSource::Delay { from, place } => {
                let database = state.primary(from);
                let late = Late { from, timeline: database.timeline, row: database.rows[place] };
                state.left.late -= 1;
                state.late.push(late);
                state.late.sort_unstable();
            }
            AtSource::Arrive { place } => service::arrive(config, &self.seen, state, place),
            AtSource::Park { from, place } => {
                state.primary(from).rows[place].parked = true;
                state.left.parked -= 1;
            }
            AtSource::Replay { from, place } => state.primary(from).rows[place].parked = false,
            AtSource::Replicate { at } => {
                let source = &mut state.sources[usize::from(at)];
                source.standby = Some(Box::new(source.primary.clone()));
            }
            AtSource::Promote { at } => {
                state.left.promotions -= 1;
                service::promote(state, at);
            }
            AtSource::Checkpoint { at } => {
                let database = state.primary(at);
                database.control = database.timeline;
            }
        }
        Some(())
    }

    /// Carries any other step out.
    pub(crate) fn at_ledger(&self, state: &mut State, step: &AtLedger) -> Option<()> {
        let (config, seen) = (&self.config, &self.seen);
        match *step {
            AtLedger::Tick => state.now += 1,
            AtLedger::Ask { replica, source, by } => {
                state.left.misrouted -= u8::from(by != source);
                let proved = replica::proved(config, &state.sources[usize::from(by)].primary, state.now);
                state.replies.push(Reply { replica, asked: source, by, proved });
                state.replies.sort_unstable();
            }
            AtLedger::Hear { place } => {
                let reply = state.replies.remove(place);
                replica::hear(config, seen, state, reply);
            }
            AtLedger::Lose { place } => drop(state.replies.remove(place)),
            AtLedger::Request { replica } => state.replicas[replica].waiting = Some(state.now),
            AtLedger::Copy { replica } => state.replicas[replica].copy = Some(replica::copy(state)),
            AtLedger::Verify { replica } => {
                let process = &mut state.replicas[replica];
                let (serves, drafted_from) = (process.waiting.is_some(), process.copy?);
                let (sent, proofs) = (state.now, process.proofs);
                process.verifying = Some(Verifying { sent, drafted_from, proofs, serves, read: None });
            }
            AtLedger::Read { replica } => {
                let Ledger { timeline, kept, .. } = state.ledger;
                state.replicas[replica].verifying.as_mut()?.read = Some((kept.counter, kept.id, timeline));
            }
            AtLedger::Answer { replica } => replica::verified(config, seen, state, replica),
            AtLedger::Crash { replica } => {
                state.left.crashes -= 1;
                replica::crash(state, replica);
            }
            AtLedger::Deploy { replica } => {
                replica::crash(state, replica);
                state.replicas[replica].build = config.sources;
                let on_record = &mut state.ledger.kept.on_record[usize::from(config.sources) - 1];
                if *on_record == OnRecord::No {
                    *on_record = OnRecord::Owed { id: 0 };
                }
            }
            AtLedger::Save => state.backup = Some(state.ledger),
            AtLedger::Restore => {
                state.left.restores -= 1;
                ledger::restore(config, state);
            }
            AtLedger::Stream { of } => ledger::stream(config, state, of),
            AtLedger::Compare { of } => ledger::compare(config, seen, state, of),
            AtLedger::BeginConfirming => {
                let open_all_along = state.open_since[0].is_some();
                state.confirming = Some(Confirming { said: Vec::new(), open_all_along });
            }
            AtLedger::Confirm => replica::confirm(config, seen, state),
        }
        Some(())
    }
}
