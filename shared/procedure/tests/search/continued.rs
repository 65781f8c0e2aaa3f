//! What a case has come to goes on under the next version of the guidance: whoever owes something does it, one thing
//! after another, until the case has ended.

use super::graph::{cited, leads_on, told, tried};
use super::law::Law;
use super::subject::{CommandOf, Moment, Move, Run, StateOf, Subject, Taken};
use chrono::TimeDelta;
use holdfast_procedure::Decider;

/// Does whatever is owed or time brings about, until the case has ended, and keeps every law meanwhile.
/// What was reached under the version before stays as it is, so that a state, or a step with what it came to, keeps every
/// law as one of the two has it.
pub(crate) fn finish<S: Subject>(
    subject: &S,
    before: &S,
    run: &Run<S::D>,
    mut at: Moment<S>,
) -> Result<(), (Law, String)> {
    const STEPS: usize = 80;
    let stuck = |why: String| (Law::GoesOnUnderNextVersion, why);
    if at.state == StateOf::<S>::default() {
        return Ok(());
    }
    for _ in 0..STEPS {
        if let Some(command) = subject.time_passes() {
            let step = Move { by: super::people::suite(), command };
            at = followed(subject, before, run, &at, &step)?;
        }
        let tasks = (run.tasks)(&at.state, &run.guidance);
        let broken = subject.broken_at(&at, &tasks);
        if let Some(law) = in_both(broken, || before.broken_at(&at, &tasks)) {
            return Err((law, format!("at {}", S::stage(&at))));
        }
        if S::has_ended(&at) {
            return Ok(());
        }
        let owed = tasks
            .iter()
            .filter(|task| leads_on(task))
            .map(|task| subject.discharge(task, &at).ok_or_else(|| stuck(task.key.clone())))
            .next();
        let terms = subject.terms(&at.state).into_iter().filter(|end| *end > at.now);
        let instant = S::D::timers(&at.state).into_iter().map(|timer| timer.at).chain(terms).min();
        let owed = owed.transpose()?;
        if let Some(instant) = instant.filter(|_| owed.is_none()) {
            at.now = instant;
            continue;
        }
        let step = owed.or_else(|| subject.others_bring(&at).into_iter().next());
        let step = step.ok_or_else(|| stuck(format!("nobody owes a step at {}", S::stage(&at))))?;
        let after = followed(subject, before, run, &at, &step)?;
        at = Moment { now: at.now + TimeDelta::minutes(1), ..after };
    }
    Err(stuck(format!("still {} after {STEPS} steps", S::stage(&at))))
}

/// The moment after a step that goes through and breaks no law.
fn followed<S: Subject>(
    subject: &S,
    before: &S,
    run: &Run<S::D>,
    at: &Moment<S>,
    step: &Move<CommandOf<S>>,
) -> Result<Moment<S>, (Law, String)> {
    let verb = S::verb(&step.command);
    let (events, after) = tried(subject, run, at, step)
        .map_err(|refusal| (Law::GoesOnUnderNextVersion, format!("{:?}", told(verb, &refusal))))?;
    let taken = Taken { before: at, step, events: &events, after: &after };
    let uncited = cited::<S>(&run.guidance, &events);
    let broken = subject.broken_by(&taken);
    let alone = if S::DECIDED_ANEW { broken.first().copied() } else { None };
    match uncited.or(alone).or_else(|| in_both(broken, || before.broken_by(&taken))) {
        Some(law) => Err((law, format!("{} {verb} at {}", step.by.role.title(), S::stage(at)))),
        None => Ok(after),
    }
}

/// A law that is broken as both versions have it.
fn in_both(broken: Vec<Law>, before: impl FnOnce() -> Vec<Law>) -> Option<Law> {
    if broken.is_empty() {
        return None;
    }
    let before = before();
    broken.into_iter().find(|law| before.contains(law))
}
