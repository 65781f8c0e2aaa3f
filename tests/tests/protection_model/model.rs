//! Every step that anything may take, and what has to hold after each.

use crate::{
    config::{Config, Mutant},
    ledger, replica,
    seen::Seen,
    service,
    state::{
        Call, Confirming, Copied, KEYS, Known, Late, Ledger, Life, Mishaps, OnRecord, Reply, SOURCES, Source, State,
        Tick, Verifying, Wrong,
    },
};
use stateright::{Model, Property};

/// A model of one configuration.
pub(crate) struct Protection {
    pub(crate) config: Config,
    pub(crate) seen: Seen,
}

/// One step. Numbers are those of a source, a hold, a place in a list or a replica, as the name says.
#[derive(Debug, Clone, PartialEq)]
#[rustfmt::skip]
pub(crate) enum Step {
    Tick,
    Open { at: u8, key: u8 }, Begin { at: u8, key: u8 }, Commit { at: u8 }, Abort { at: u8 },
    HandOver { at: u8, key: u8, to: u8 }, Advance { at: u8, key: u8, next: u8 }, Close { at: u8, key: u8 },
    Deliver { from: u8, place: usize }, DeliverUnanswered { from: u8, place: usize },
    Delay { from: u8, place: usize }, Arrive { place: usize },
    Park { from: u8, place: usize }, Replay { from: u8, place: usize },
    Ask { replica: u8, source: u8, by: u8 }, Hear { place: usize }, Lose { place: usize },
    Request { replica: usize }, Copy { replica: usize }, Verify { replica: usize }, Read { replica: usize },
    Answer { replica: usize }, Crash { replica: usize }, Deploy { replica: usize },
    Replicate { at: u8 }, Promote { at: u8 }, Checkpoint { at: u8 }, Save, Restore,
    Stream { of: usize }, Compare { of: usize },
    BeginConfirming, Confirm,
}

impl Protection {
    fn life(&self, state: &State, steps: &mut Vec<Step>) {
        let config = &self.config;
        for (at, source) in (0..).zip(&state.sources) {
            if source.slow.is_some() {
                steps.push(Step::Commit { at });
                steps.extend((state.left.crashes > 0).then_some(Step::Abort { at }));
            }
            // A build that brings a source is deployed to the ledger before the source.
            let last_of_all = config.deploys && usize::from(at) + 1 == state.sources.len();
            let unknown = state.ledger.kept.on_record[usize::from(at)] == OnRecord::No;
            if last_of_all && unknown && config.mutant != Mutant::SourceBeforeLedger {
                continue;
            }
            for key in (0..).take(config.cases.len()) {
                self.life_of(state, at, key, steps);
            }
        }
    }

    fn life_of(&self, state: &State, at: u8, key: u8, steps: &mut Vec<Step>) {
        let config = &self.config;
        let source = &state.sources[usize::from(at)];
        let database = &source.primary;
        let own = database.holds[usize::from(key)];
        // Of two transactions of one case the second to commit is decided again.
        let in_hand = source.slow.is_some_and(|(slow, _)| config.same_case(slow, key));
        if own.version >= config.versions || in_hand {
            return;
        }
        match own.life {
            Life::Never | Life::Released => {
                let opens_here = config.opened_at[usize::from(key)] == at;
                if opens_here && own.life == Life::Never && config.slow {
                    steps.extend(source.slow.is_none().then_some(Step::Begin { at, key }));
                }
                let may_open = opens_here || own.life == Life::Released;
                steps.extend(may_open.then_some(Step::Open { at, key }));
            }
            Life::Standing => {
                let onward = config.handovers.iter().filter(|(from, _)| *from == at);
                steps.extend(onward.map(|(_, to)| Step::HandOver { at, key, to: *to }));
                steps.push(Step::Close { at, key });
                let next = (0..).take(config.cases.len()).filter(|next| config.advances && *next == key + 1);
                let free = next.filter(|next| {
                    let own = database.holds[usize::from(*next)];
                    config.same_case(key, *next) && own.life != Life::Standing && own.version < config.versions
                });
                steps.extend(free.map(|next| Step::Advance { at, key, next }));
            }
            Life::HandedOn(_) => {}
        }
    }

    fn calls(&self, state: &State, steps: &mut Vec<Step>) {
        let (config, left) = (&self.config, state.left);
        for (from, source) in (0..).zip(&state.sources) {
            let database = &source.primary;
            for (place, row) in database.rows.iter().enumerate() {
                // The mistake: a release waits for nothing.
                let waits = config.mutant != Mutant::ReleaseBeforeNextHold || row.call != Call::Release;
                if row.parked {
                    steps.push(Step::Replay { from, place });
                }
                if !database.may_go(place, |one, other| config.same_case(one, other), waits) {
                    continue;
                }
                steps.push(Step::Deliver { from, place });
                steps.extend((left.lost_acks > 0).then_some(Step::DeliverUnanswered { from, place }));
                steps.extend((left.late > 0).then_some(Step::Delay { from, place }));
                steps.extend((left.parked > 0).then_some(Step::Park { from, place }));
            }
        }
        steps.extend((0..state.late.len()).map(|place| Step::Arrive { place }));
    }

    fn proofs(&self, state: &State, steps: &mut Vec<Step>) {
        for (replica, process) in (0..).zip(&state.replicas) {
            for source in 0..process.build {
                let on_their_way =
                    state.replies.iter().filter(|reply| (reply.replica, reply.asked) == (replica, source));
                if on_their_way.count() >= self.config.outstanding {
                    continue;
                }
                for by in (0..process.build).filter(|by| *by == source || state.left.misrouted > 0) {
                    let now = replica::proved(&self.config, &state.sources[usize::from(by)].primary, state.now);
                    if process.proofs[usize::from(source)] != Some(now) {
                        steps.push(Step::Ask { replica, source, by });
                    }
                }
            }
        }
        for place in 0..state.replies.len() {
            steps.extend([Step::Hear { place }, Step::Lose { place }]);
        }
    }

    fn answers(&self, state: &State, steps: &mut Vec<Step>) {
        for (replica, process) in state.replicas.iter().enumerate() {
            if self.config.verifies {
                steps.extend(process.waiting.is_none().then_some(Step::Request { replica }));
                match (process.copy, process.verifying) {
                    (None, None) => steps.push(Step::Copy { replica }),
                    (Some(_), None) => steps.push(Step::Verify { replica }),
                    (_, Some(verifying)) if verifying.read.is_none() => steps.push(Step::Read { replica }),
                    (_, Some(_)) => steps.push(Step::Answer { replica }),
                }
            }
            steps.extend((state.left.crashes > 0).then_some(Step::Crash { replica }));
            let newer = self.config.deploys && process.build < self.config.sources;
            steps.extend(newer.then_some(Step::Deploy { replica }));
        }
        if self.config.confirms && state.ledger.permit.is_none() {
            let step = if state.confirming.is_some() { Step::Confirm } else { Step::BeginConfirming };
            steps.push(step);
        }
    }

    fn losses(&self, state: &State, steps: &mut Vec<Step>) {
        for (at, source) in (0..).zip(&state.sources) {
            if state.left.promotions > 0 {
                steps.push(if source.standby.is_none() { Step::Replicate { at } } else { Step::Promote { at } });
            }
            let lags = self.config.mutant == Mutant::ControlFile && source.primary.control != source.primary.timeline;
            steps.extend(lags.then_some(Step::Checkpoint { at }));
        }
        if state.left.restores > 0 {
            steps.push(if state.backup.is_none() { Step::Save } else { Step::Restore });
        }
        for (of, source) in state.sources.iter().enumerate() {
            let ask = source.stream.is_none() && ledger::owes(state, of);
            steps.extend(ask.then_some(Step::Stream { of }));
            steps.extend(source.stream.is_some().then_some(Step::Compare { of }));
        }
    }

    /// Carries a step of the sources' out.
    fn at_sources(&self, state: &mut State, step: &Step) -> Option<()> {
        let config = &self.config;
        match *step {
            Step::Open { at, key } => service::open(config, state.primary(at), at, key),
            Step::Begin { at, key } => service::begin(state, at, key),
            Step::Commit { at } => service::commit(config, state, at),
            Step::Abort { at } => {
                state.left.crashes -= 1;
                state.sources[usize::from(at)].slow = None;
            }
            Step::HandOver { at, key, to } => service::hand_over(config, state.primary(at), key, to),
            Step::Advance { at, key, next } => service::advance(config, state.primary(at), at, key, next),
            Step::Close { at, key } => service::close(config, state.primary(at), at, key),
            Step::Deliver { from, place } => service::deliver(config, &self.seen, state, from, place, true)?,
            Step::DeliverUnanswered { from, place } => {
                state.left.lost_acks -= 1;
                service::deliver(config, &self.seen, state, from, place, false)?;
            }
            Step::Delay { from, place } => {
                let database = state.primary(from);
                let late = Late { from, timeline: database.timeline, row: database.rows[place] };
                state.left.late -= 1;
                state.late.push(late);
                state.late.sort_unstable();
            }
            Step::Arrive { place } => service::arrive(config, &self.seen, state, place),
            Step::Park { from, place } => {
                state.primary(from).rows[place].parked = true;
                state.left.parked -= 1;
            }
            Step::Replay { from, place } => state.primary(from).rows[place].parked = false,
            Step::Replicate { at } => {
                let source = &mut state.sources[usize::from(at)];
                source.standby = Some(Box::new(source.primary.clone()));
            }
            Step::Promote { at } => {
                state.left.promotions -= 1;
                service::promote(state, at);
            }
            Step::Checkpoint { at } => {
                let database = state.primary(at);
                database.control = database.timeline;
            }
            _ => return None,
        }
        Some(())
    }

    /// Carries any other step out.
    fn at_ledger(&self, state: &mut State, step: &Step) -> Option<()> {
        let (config, seen) = (&self.config, &self.seen);
        match *step {
            Step::Tick => state.now += 1,
            Step::Ask { replica, source, by } => {
                state.left.misrouted -= u8::from(by != source);
                let proved = replica::proved(config, &state.sources[usize::from(by)].primary, state.now);
                state.replies.push(Reply { replica, asked: source, by, proved });
                state.replies.sort_unstable();
            }
            Step::Hear { place } => {
                let reply = state.replies.remove(place);
                replica::hear(config, seen, state, reply);
            }
            Step::Lose { place } => drop(state.replies.remove(place)),
            Step::Request { replica } => state.replicas[replica].waiting = Some(state.now),
            Step::Copy { replica } => state.replicas[replica].copy = Some(replica::copy(state)),
            Step::Verify { replica } => {
                let process = &mut state.replicas[replica];
                let serves = process.waiting.is_some();
                process.verifying = Some(Verifying { proofs: process.proofs, serves, read: None });
            }
            Step::Read { replica } => {
                let Ledger { timeline, kept, .. } = state.ledger;
                state.replicas[replica].verifying.as_mut()?.read = Some((kept.counter, kept.id, timeline));
            }
            Step::Answer { replica } => replica::verified(config, seen, state, replica),
            Step::Crash { replica } => {
                state.left.crashes -= 1;
                replica::crash(state, replica);
            }
            Step::Deploy { replica } => {
                replica::crash(state, replica);
                state.replicas[replica].build = config.sources;
                let on_record = &mut state.ledger.kept.on_record[usize::from(config.sources) - 1];
                if *on_record == OnRecord::No {
                    *on_record = OnRecord::Owed { id: 0 };
                }
            }
            Step::Save => state.backup = Some(state.ledger),
            Step::Restore => {
                state.left.restores -= 1;
                ledger::restore(config, state);
            }
            Step::Stream { of } => ledger::stream(config, state, of),
            Step::Compare { of } => ledger::compare(config, seen, state, of),
            Step::BeginConfirming => {
                let open_all_along = state.open_since[0].is_some();
                state.confirming = Some(Confirming { said: Vec::new(), open_all_along });
            }
            Step::Confirm => replica::confirm(config, seen, state),
            _ => return None,
        }
        Some(())
    }

    /// Notes since when each case has been open: with anybody, as their databases are now.
    fn note_open(&self, state: &mut State) {
        for case in 0..self.config.case_count() {
            let open = self.config.keys_of(case).any(|key| service::is_open(state, key));
            let since = &mut state.open_since[usize::from(case)];
            *since = open.then(|| since.unwrap_or(state.now));
        }
        let open = state.open_since[0].is_some();
        state.confirming.iter_mut().for_each(|confirming| confirming.open_all_along &= open);
    }
}

impl Protection {
    /// A hold that was closed by one service and is open with another: the first has lost the tail in which it handed
    /// the case over. Nobody can tell the second that this is one case; for the check it began there.
    fn note_left_open(&self, state: &mut State, key: u8) {
        if service::is_open(state, key) {
            let case = usize::from(self.config.cases[usize::from(key)]);
            state.open_since[case] = Some(state.now);
        }
    }
}

impl Model for Protection {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        let config = &self.config;
        let known_already = config.sources - u8::from(config.deploys);
        let begins = if config.begins_owed { OnRecord::Owed { id: 0 } } else { OnRecord::Reconciled { source: 0, ledger: 0 } };
        let on_record = [0, 1, 2].map(|of| if of < known_already { begins } else { OnRecord::No });
        let kept = Copied { counter: 0, id: 0, known: [Known::default(); KEYS], on_record };
        debug_assert!(on_record.len() == SOURCES);
        vec![State {
            now: 0,
            sources: (0..config.sources).map(|_| Source::default()).collect(),
            late: Vec::new(),
            replies: Vec::new(),
            ledger: Ledger { timeline: 0, kept, permit: None },
            backup: None,
            drawn: 0,
            replicas: (0..config.replicas).map(|_| replica::fresh(known_already)).collect(),
            confirming: None,
            left: config.mishaps,
            open_since: [None::<Tick>; KEYS],
            wrong: None::<Wrong>,
        }]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        if state.wrong.is_some() {
            return;
        }
        steps.extend((state.now < self.config.until).then_some(Step::Tick));
        self.life(state, steps);
        self.calls(state, steps);
        self.proofs(state, steps);
        self.answers(state, steps);
        self.losses(state, steps);
    }

    fn next_state(&self, before: &State, step: Step) -> Option<State> {
        let mut state = before.clone();
        let done = self.at_sources(&mut state, &step).or_else(|| self.at_ledger(&mut state, &step));
        done?;
        self.note_open(&mut state);
        if let Step::Close { key, .. } = step {
            self.note_left_open(&mut state, key);
        }
        (state != *before).then_some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("no case open for longer than the bound is permitted", |model: &Self, state: &State| {
                state.wrong != Some(Wrong::Overlooked)
                    && (model.config.verifies || replica::answers_are_right(&model.config, &model.seen, state))
            }),
            Property::always("nothing is confirmed against a fact on record all along", |_, state: &State| {
                state.wrong != Some(Wrong::ConfirmedWhileOpen)
            }),
            Property::always("versions only rise", |_, state: &State| state.wrong != Some(Wrong::VersionFell)),
            Property::always("no release but by its holder", |_, state: &State| {
                state.wrong != Some(Wrong::ReleasedUnmade)
            }),
            Property::always("an open case is held somewhere", |model: &Self, state: &State| {
                let trusted = (0..state.sources.len()).all(|of| !ledger::owes(state, of));
                let open = (0..model.config.case_count()).filter(|case| state.open_since[usize::from(*case)].is_some());
                !trusted || open.into_iter().all(|case| ledger::is_held(&model.config, state, case))
            }),
            Property::always("a permit that met a hold is called back", |_, state: &State| {
                let Some((expires, false)) = state.ledger.permit else { return true };
                state.now > expires || !state.ledger.kept.known[0].stands
            }),
        ]
    }
}

/// What may go wrong, and how often: nothing.
pub(crate) const NOTHING: Mishaps =
    Mishaps { lost_acks: 0, late: 0, crashes: 0, promotions: 0, restores: 0, parked: 0, misrouted: 0 };
