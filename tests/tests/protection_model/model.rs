//! Every step that anything may take, and what has to hold after each.

use crate::{
    config::{Config, Mutant},
    ledger, replica,
    seen::Seen,
    service,
    state::{Call, Copied, KEYS, Known, Ledger, Life, Mishaps, OnRecord, SOURCES, Source, State, Tick, Wrong},
    step::{AtLedger, AtSource, Step},
};
use stateright::{Model, Property};

/// A model of one configuration.
pub(crate) struct Protection {
    pub(crate) config: Config,
    pub(crate) seen: Seen,
}

impl Protection {
    fn life(&self, state: &State, steps: &mut Vec<AtSource>) {
        let config = &self.config;
        for (at, source) in (0..).zip(&state.sources) {
            if source.slow.is_some() {
                steps.push(AtSource::Commit { at });
                steps.extend((state.left.crashes > 0).then_some(AtSource::Abort { at }));
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

    fn life_of(&self, state: &State, at: u8, key: u8, steps: &mut Vec<AtSource>) {
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
                    steps.extend(source.slow.is_none().then_some(AtSource::Begin { at, key }));
                }
                let may_open = opens_here || own.life == Life::Released;
                steps.extend(may_open.then_some(AtSource::Open { at, key }));
            }
            Life::Standing => {
                let onward = config.handovers.iter().filter(|(from, _)| *from == at);
                steps.extend(onward.map(|(_, to)| AtSource::HandOver { at, key, to: *to }));
                steps.push(AtSource::Close { at, key });
                let next = (0..).take(config.cases.len()).filter(|next| config.advances && *next == key + 1);
                let free = next.filter(|next| {
                    let own = database.holds[usize::from(*next)];
                    config.same_case(key, *next) && own.life != Life::Standing && own.version < config.versions
                });
                steps.extend(free.map(|next| AtSource::Advance { at, key, next }));
            }
            Life::HandedOn(_) => {}
        }
    }

    fn calls(&self, state: &State, steps: &mut Vec<AtSource>) {
        let (config, left) = (&self.config, state.left);
        for (from, source) in (0..).zip(&state.sources) {
            let database = &source.primary;
            for (place, row) in database.rows.iter().enumerate() {
                // The mistake: a release waits for nothing.
                let waits = config.mutant != Mutant::ReleaseBeforeNextHold || row.call != Call::Release;
                if row.parked {
                    steps.push(AtSource::Replay { from, place });
                }
                if !database.may_go(place, |one, other| config.same_case(one, other), waits) {
                    continue;
                }
                steps.push(AtSource::Deliver { from, place });
                steps.extend((left.lost_acks > 0).then_some(AtSource::DeliverUnanswered { from, place }));
                steps.extend((left.late > 0).then_some(AtSource::Delay { from, place }));
                steps.extend((left.parked > 0).then_some(AtSource::Park { from, place }));
            }
        }
        steps.extend((0..state.late.len()).map(|place| AtSource::Arrive { place }));
    }

    fn proofs(&self, state: &State, steps: &mut Vec<AtLedger>) {
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
                        steps.push(AtLedger::Ask { replica, source, by });
                    }
                }
            }
        }
        for place in 0..state.replies.len() {
            steps.extend([AtLedger::Hear { place }, AtLedger::Lose { place }]);
        }
    }

    fn answers(&self, state: &State, steps: &mut Vec<AtLedger>) {
        for (replica, process) in state.replicas.iter().enumerate() {
            if self.config.verifies {
                steps.extend(process.waiting.is_none().then_some(AtLedger::Request { replica }));
                match (process.copy, process.verifying) {
                    (None, None) => steps.push(AtLedger::Copy { replica }),
                    (Some(_), None) => steps.push(AtLedger::Verify { replica }),
                    (_, Some(verifying)) if verifying.read.is_none() => steps.push(AtLedger::Read { replica }),
                    (_, Some(_)) => steps.push(AtLedger::Answer { replica }),
                }
                // A copy may be brought up to date while answers drafted from the one before are on their way.
                let outdated = process.verifying.is_some() && process.copy != Some(state.ledger.kept);
                steps.extend((outdated && self.config.copies_anew).then_some(AtLedger::Copy { replica }));
            }
            steps.extend((state.left.crashes > 0).then_some(AtLedger::Crash { replica }));
            let newer = self.config.deploys && process.build < self.config.sources;
            steps.extend(newer.then_some(AtLedger::Deploy { replica }));
        }
        if self.config.confirms && state.ledger.permit.is_none() {
            let step = if state.confirming.is_some() { AtLedger::Confirm } else { AtLedger::BeginConfirming };
            steps.push(step);
        }
    }

    fn losses(&self, state: &State, at_source: &mut Vec<AtSource>, at_ledger: &mut Vec<AtLedger>) {
        for (at, source) in (0..).zip(&state.sources) {
            if state.left.promotions > 0 {
                at_source.push(if source.standby.is_none() {
                    AtSource::Replicate { at }
                } else {
                    AtSource::Promote { at }
                });
            }
            let lags = self.config.mutant == Mutant::ControlFile && source.primary.control != source.primary.timeline;
            at_source.extend(lags.then_some(AtSource::Checkpoint { at }));
        }
        if state.left.restores > 0 {
            at_ledger.push(if state.backup.is_none() { AtLedger::Save } else { AtLedger::Restore });
        }
        for (of, source) in state.sources.iter().enumerate() {
            let ask = source.stream.is_none() && ledger::owes(state, of);
            at_ledger.extend(ask.then_some(AtLedger::Stream { of }));
            at_ledger.extend(source.stream.is_some().then_some(AtLedger::Compare { of }));
        }
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
        let begins =
            if config.begins_owed { OnRecord::Owed { id: 0 } } else { OnRecord::Reconciled { source: 0, ledger: 0 } };
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
        let (mut at_source, mut at_ledger) = (Vec::new(), Vec::new());
        at_ledger.extend((state.now < self.config.until).then_some(AtLedger::Tick));
        self.life(state, &mut at_source);
        self.calls(state, &mut at_source);
        self.proofs(state, &mut at_ledger);
        self.answers(state, &mut at_ledger);
        self.losses(state, &mut at_source, &mut at_ledger);
        steps.extend(at_source.into_iter().map(Step::AtSource));
        steps.extend(at_ledger.into_iter().map(Step::AtLedger));
    }

    fn next_state(&self, before: &State, step: Step) -> Option<State> {
        let mut state = before.clone();
        match &step {
            Step::AtSource(step) => self.at_sources(&mut state, step)?,
            Step::AtLedger(step) => self.at_ledger(&mut state, step)?,
        }
        self.note_open(&mut state);
        if let Step::AtSource(AtSource::Close { key, .. }) = step {
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
