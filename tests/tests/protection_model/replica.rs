//! What a process of the ledger does: asks for proofs, verifies its copy, answers, confirms.

use crate::{
    config::{Config, Mutant},
    lift::{self, WORKLOADS, ticks},
    seen::{Event, Seen},
    service,
    state::{Call, Confirming, Copied, Database, Proved, Replica, Reply, Row, SOURCES, State, Verifying, Wrong},
};
use holdfast_procedure::protection::{
    Answer, Arrival, Confirmation, Draft, Kept, LedgerRead, NoProof, Permitted, Proof, Proofs, Reason, SourceSays,
    Sources, Unconfirmed, Verification, Verified,
};

/// The only request that a process serves; a later one would be [`LATER`].
const FIRST: Arrival = Arrival(1);
const LATER: Arrival = Arrival(2);

/// What a source answers now.
pub(crate) fn proved(config: &Config, database: &Database, asked_at: u8) -> Proved {
    let is_listed = |row: &&Row| {
        let (hears_nothing, skips_parked) =
            (config.mutant == Mutant::Heartbeat, config.mutant == Mutant::ParkedNotListed);
        row.call == Call::Place && !hears_nothing && !(skips_parked && row.parked)
    };
    let undelivered = database.rows.iter().filter(is_listed).fold(0, |mask, row| mask | 1 << row.key);
    let timeline = if config.mutant == Mutant::ControlFile { database.control } else { database.timeline };
    Proved { asked_at, timeline, undelivered }
}

/// An answer reaches the process that asked.
pub(crate) fn hear(config: &Config, seen: &Seen, state: &mut State, reply: Reply) {
    let Reply { replica, asked, by, mut proved } = reply;
    if config.mutant == Mutant::StampedAtReceipt {
        proved.asked_at = state.now;
    }
    let source = WORKLOADS[usize::from(asked)];
    let mut statement = lift::statement(config, by.into(), proved);
    if config.mutant == Mutant::AnswersForAnother {
        statement.source = source;
    }
    let replica = &mut state.replicas[usize::from(replica)];
    match Proof::of(source, ticks(proved.asked_at), statement) {
        Ok(proof) => {
            if lift::proofs(config, &replica.proofs).take_in(proof) {
                replica.proofs[usize::from(asked)] = Some(proved);
            } else {
                seen.saw(Event::OldAnswerDropped);
            }
        }
        Err(NoProof::AnotherSource | NoProof::TooManyUndelivered) => seen.saw(Event::WrongSourceDropped),
    }
}

/// What a verification read comes back.
pub(crate) fn verified(config: &Config, seen: &Seen, state: &mut State, of: usize) {
    let replica = &mut state.replicas[of];
    let Some(Verifying { sent, drafted_from, proofs, serves, read: Some((counter, id, timeline)) }) =
        replica.verifying.take()
    else {
        return;
    };
    let held = if config.mutant == Mutant::ProofSwappedIn { replica.proofs } else { proofs };
    let held = lift::proofs(config, &assumed(config, held, state.now));
    let mut kept = lift::kept(config, &drafted_from);
    if let (Mutant::DraftOfAnotherCopy, Some(copy)) = (config.mutant, replica.copy) {
        kept.revision = lift::revision(config, copy.counter, copy.id);
    }
    let read =
        LedgerRead { revision: lift::revision(config, counter, id), identity: lift::identity(SOURCES, timeline) };
    let arrived = if serves { FIRST } else { LATER };
    let draft = draft(config, &held, &kept, replica.build, arrived, sent);
    let Ok(answers) = draft.returned(&read, ticks(state.now)) else {
        seen.saw(Event::Reloaded);
        replica.copy = None;
        return;
    };
    let Some(asked_at) = replica.waiting else { return };
    if serves {
        replica.waiting = None;
    }
    for (case, given) in (0..).zip(&answers) {
        if overlooks(config, seen, state, case, given, asked_at) {
            state.wrong = Some(Wrong::Overlooked);
        }
    }
}

/// A question about each case, drafted as a process does it that is about to verify.
fn draft(config: &Config, held: &Proofs, kept: &Kept, build: u8, arrived: Arrival, now: u8) -> Draft {
    let questions: Vec<_> = (0..config.case_count()).map(lift::question).collect();
    let asked = questions.iter().map(|question| (arrived, question));
    Verification::send(FIRST, held).draft(kept, &lift::sources(config, build), asked, ticks(now))
}

/// Every process answers every question at once, from the ledger as it is: whether all answers are right.
pub(crate) fn answers_are_right(config: &Config, seen: &Seen, state: &State) -> bool {
    state.replicas.iter().all(|replica| {
        let (held, kept, read) = at_once(config, state, replica);
        let draft = draft(config, &held, &kept, replica.build, FIRST, state.now);
        let answers = draft.returned(&read, ticks(state.now)).expect("the copy is the ledger");
        (0..).zip(&answers).all(|(case, given)| !overlooks(config, seen, state, case, given, state.now))
    })
}

/// The mistake: who has said nothing is taken to have nothing to say.
fn assumed(config: &Config, proofs: [Option<Proved>; SOURCES], now: u8) -> [Option<Proved>; SOURCES] {
    let nothing = Proved { asked_at: now, timeline: 0, undelivered: 0 };
    let assumes = config.mutant == Mutant::MissingMeansFresh;
    proofs.map(|proved| proved.or(assumes.then_some(nothing)))
}

/// What a process goes by that has the ledger as it is now.
fn at_once(config: &Config, state: &State, replica: &Replica) -> (Proofs, Kept, LedgerRead) {
    let proofs = lift::proofs(config, &assumed(config, replica.proofs, state.now));
    let kept = lift::kept(config, &state.ledger.kept);
    let read = LedgerRead { revision: kept.revision, identity: lift::identity(SOURCES, state.ledger.timeline) };
    (proofs, kept, read)
}

/// With the ledger as it is now, as a process verifies it in one go.
fn with_verified<T>(
    config: &Config,
    state: &State,
    replica: &Replica,
    then: impl FnOnce(&Verified<'_>, &Sources) -> T,
) -> T {
    let (proofs, kept, read) = at_once(config, state, replica);
    let sources = lift::sources(config, replica.build);
    let verified = Verification::send(FIRST, &proofs).returned(read, &kept).expect("the copy is the ledger");
    then(&verified, &sources)
}

/// Whether an answer permits what must not be done, at any instant at which it may still be acted on: a case that is
/// open now, and that will then have been open for longer than the bound.
fn overlooks(config: &Config, seen: &Seen, state: &State, case: u8, given: &Answer, asked_at: u8) -> bool {
    match given {
        Answer::Permitted(Permitted { valid_for, .. }) => {
            seen.saw(Event::Permitted);
            let until = u64::from(asked_at) + valid_for.as_millis();
            let open_since = state.open_since[usize::from(case)];
            open_since.is_some_and(|since| until.saturating_sub(since.into()) > config.bound)
        }
        Answer::Prohibited(prohibited) => {
            // With several reasons none of them is shown to suffice.
            if let [only] = prohibited.reasons.as_slice() {
                seen.saw(match only {
                    // Nobody states a condition here.
                    Reason::NotRecognised(_) | Reason::NotVerified | Reason::NoSources | Reason::ConditionStated(_) => {
                        Event::NotVerified
                    }
                    Reason::Missing(_) => Event::Missing,
                    Reason::Stale(_) => Event::Stale,
                    Reason::NotReconciled(_) => Event::NotReconciled,
                    Reason::Held(hold) if hold.undelivered_at.is_some() => Event::HeldUndelivered,
                    Reason::Held(_) => Event::Held,
                });
            }
            false
        }
    }
}

/// What a source says when it is asked itself.
fn says(config: &Config, database: &Database, of: u8) -> SourceSays {
    let protecting = config.keys_of(0).filter(|key| service::protects(database, *key));
    let asked = config.mutant != Mutant::LedgerOnlyConfirms;
    let protects = protecting.filter(|_| asked).map(|key| lift::hold(config, key, 1, of, true)).collect();
    let changes = if asked { database.changes.into() } else { 0 };
    let identity = lift::identity(of.into(), database.timeline);
    SourceSays { source: WORKLOADS[usize::from(of)], identity, protects, changes }
}

/// A confirmation goes one step further: the next source is asked, or the permit is written.
pub(crate) fn confirm(config: &Config, seen: &Seen, state: &mut State) {
    let Some(Confirming { said, open_all_along }) = state.confirming.take() else { return };
    let question = lift::question(0).expect("a question");
    let replica = &state.replicas[0];
    let heard = with_verified(config, state, replica, |verified, sources| {
        let mut under_way = Confirmation::of(question, verified, sources);
        for (timeline, changes) in &said {
            let of = lift::index(under_way.next().expect("whom to ask"));
            let source = WORKLOADS[usize::from(of)];
            let identity = lift::identity(of.into(), *timeline);
            let says = SourceSays { source, identity, protects: Vec::new(), changes: (*changes).into() };
            under_way = under_way.heard(says).expect("heard before");
        }
        match under_way.next() {
            Some(next) => {
                let of = lift::index(next);
                let database = &state.sources[usize::from(of)].primary;
                let says = says(config, database, of);
                let told = (database.timeline, u8::try_from(says.changes).expect("few"));
                under_way.heard(says).map(|_| Some(told))
            }
            None => under_way.conclude(FIRST, verified, sources, ticks(state.now)).map(|_| None),
        }
    });
    match heard {
        Ok(Some(told)) => {
            let said = said.into_iter().chain([told]).collect();
            state.confirming = Some(Confirming { said, open_all_along });
        }
        Ok(None) => {
            seen.saw(Event::Confirmed);
            let lasts = u8::try_from(config.bound).expect("short");
            state.ledger.permit = Some((state.now + lasts, false));
            if open_all_along {
                state.wrong = Some(Wrong::ConfirmedWhileOpen);
            }
        }
        Err(Unconfirmed::HeldAt(_)) => seen.saw(Event::HeldAtSource),
        Err(Unconfirmed::Moved(_)) => seen.saw(Event::Moved),
        Err(Unconfirmed::NotReconciled(_)) => seen.saw(Event::NotAtSource),
        Err(Unconfirmed::Prohibited(_) | Unconfirmed::AnotherSource(_) | Unconfirmed::NotAsked(_)) => {}
    }
}

/// A process begins again, without anything it had in memory.
pub(crate) fn crash(state: &mut State, of: usize) {
    let build = state.replicas[of].build;
    state.replicas[of] = fresh(build);
    state.replies.retain(|reply| usize::from(reply.replica) != of);
    if of == 0 {
        state.confirming = None;
    }
}

/// A process that has just begun.
pub(crate) fn fresh(build: u8) -> Replica {
    Replica { build, proofs: [None; SOURCES], copy: None, waiting: None, verifying: None }
}

/// The ledger as a process copies it.
pub(crate) fn copy(state: &State) -> Copied {
    state.ledger.kept
}
