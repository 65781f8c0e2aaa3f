//! The search itself: every move from every state, until there is no state that was not met.
//!
//! ```text
//! state, now ──► moves ──► decide ──► events ──► evolve ──► state' ──► met before? ──► no: into the queue
//!            └─► tasks ──► whoever owes does it: it has to go through, and to lead to an end
//! ```

use super::arguments;
use super::continued::finish;
use super::law::Law;
use super::sketch::Sketch;
use super::subject::{CommandOf, EventOf, Moment, Move, Run, StateOf, Subject, Taken};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::calendar::Calendars;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::{Context, Decider, Recorded, Refusal, Ruled, Task, Told};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fmt::Write as _;
use std::sync::LazyLock;

/// The calendars in force.
pub(crate) static CALENDARS: LazyLock<Calendars> = LazyLock::new(Calendars::embedded);

/// How far a search goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// More states than this, and the scope is not as small as it was meant to be.
    pub(crate) states: usize,
    /// Every state is continued under the next version of the guidance.
    pub(crate) continued: bool,
    /// The search ends with the first law that is broken.
    pub(crate) first: bool,
}

/// What a refusal says: the verb, and the rules or the fields.
pub(crate) type Refused = (&'static str, Vec<&'static str>);

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) states: usize,
    pub(crate) steps: usize,
    pub(crate) continued: usize,
    pub(crate) stages: BTreeSet<&'static str>,
    pub(crate) events: BTreeSet<&'static str>,
    pub(crate) refused: BTreeSet<Refused>,
    /// The values of arguments that were tried, as far as that was looked at.
    pub(crate) tried: BTreeSet<String>,
    /// Each law that was broken, with the shortest way there.
    pub(crate) broken: BTreeMap<Law, String>,
}

impl Found {
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.states += other.states;
        self.steps += other.steps;
        self.continued += other.continued;
        self.stages.extend(other.stages);
        self.events.extend(other.events);
        self.refused.extend(other.refused);
        self.tried.extend(other.tried);
        self.broken.extend(other.broken);
        self
    }
}

/// A state that was met: how, and what follows.
struct Met {
    from: Option<(usize, String)>,
    next: Vec<usize>,
    ended: bool,
}

struct Search<'a, S: Subject> {
    subject: &'a S,
    run: &'a Run<S::D>,
    limits: Limits,
    known: HashMap<(u64, u64), usize>,
    met: Vec<Met>,
    queue: VecDeque<(usize, Moment<S>)>,
    found: Found,
}

/// Searches to the end, or to the first law that is broken.
pub(crate) fn search<S: Subject>(subject: &S, run: &Run<S::D>, limits: Limits) -> Found {
    let mut search = Search {
        subject,
        run,
        limits,
        known: HashMap::new(),
        met: Vec::new(),
        queue: VecDeque::new(),
        found: Found::default(),
    };
    let (state, heard, now) = (StateOf::<S>::default(), S::Heard::default(), subject.begins());
    let mut at = Moment { state, heard, now, turn: 0 };
    for step in subject.before() {
        // A mistake may stand in the way here already; then it is met below.
        at = tried(subject, run, &at, &step).map_or(at, |(_, after)| after);
    }
    search.reach(None, String::new, at);
    while let Some((index, at)) = search.queue.pop_front() {
        search.explore(index, &at);
        if limits.first && !search.found.broken.is_empty() {
            break;
        }
    }
    if search.found.broken.is_empty() {
        search.dead_ends();
    }
    search.found.states = search.met.len();
    search.found
}

impl<S: Subject> Search<'_, S> {
    /// A moment is reached: it is explored unless it was met before.
    fn reach(&mut self, from: Option<usize>, how: impl Fn() -> String, mut moment: Moment<S>) {
        let mut sketch = Sketch::new(&moment.heard);
        sketch.maybe_at(S::waits(&moment.state).then_some(moment.now));
        S::sketch(&moment.state, &mut sketch);
        let next = self.met.len();
        let index = *self.known.entry(sketch.key()).or_insert(next);
        if let Some(from) = from {
            self.met[from].next.push(index);
        }
        if index != next {
            return;
        }
        if next >= self.limits.states {
            let way = self.way(from.unwrap_or_default());
            panic!(
                "more than {} states: the scope is not that small; the last was reached by{way}",
                self.limits.states
            );
        }
        moment.turn = next;
        self.found.stages.insert(S::stage(&moment));
        let ended = S::has_ended(&moment);
        self.met.push(Met { from: from.map(|from| (from, how())), next: Vec::new(), ended });
        self.queue.push_back((index, moment));
    }

    fn explore(&mut self, index: usize, at: &Moment<S>) {
        let tasks = (self.run.tasks)(&at.state, &self.run.guidance);
        for law in self.subject.broken_at(at, &tasks) {
            self.broken(law, index, "at that moment");
        }
        self.time_adds_nothing_twice(index, at);
        for step in self.subject.others_bring(at).into_iter().chain(self.subject.moves(at)).collect::<Vec<_>>() {
            self.take(index, at, &step);
        }
        // Whoever does what became owed this instant does it after that.
        let soon = Moment { now: at.now + S::PAUSE, ..at.clone() };
        for task in &tasks {
            self.whoever_owes_may(index, &soon, task, &tasks);
        }
        let beyond = |task: &&Task| leads_on(task) && self.subject.is_beyond(task, at);
        for task in tasks.iter().filter(beyond) {
            if let Some(step) = self.subject.discharge(task, &soon) {
                self.take(index, &soon, &step);
            }
        }
        if let Some(now) = self.next_instant(at, &tasks).filter(|_| S::waits(&at.state)) {
            let later = Moment { now, ..at.clone() };
            self.reach(Some(index), || format!("the clock shows {now}"), later);
        }
        if self.limits.continued {
            self.continue_under_next_version(index, at);
        }
    }

    /// What the decider makes of a step, and the moment after it.
    fn tried(&self, at: &Moment<S>, step: &Move<CommandOf<S>>) -> Result<Followed<S>, Refusal> {
        let (subject, run) = (self.subject, self.run);
        tried(subject, run, at, step)
    }

    fn take(&mut self, index: usize, at: &Moment<S>, step: &Move<CommandOf<S>>) {
        self.found.steps += 1;
        // Looking at some states is enough to find a value, and none of the numbers by which arguments take turns divides
        // this one.
        if self.limits.continued && (index < 40 || index.is_multiple_of(31)) {
            arguments::tried(&step.command, &mut self.found.tried);
        }
        match self.tried(at, step) {
            Err(refusal) => {
                self.found.refused.insert(told(S::verb(&step.command), &refusal));
            }
            Ok((events, after)) => {
                let taken = Taken { before: at, step, events: &events, after: &after };
                let mut laws = self.subject.broken_by(&taken);
                laws.extend(cited::<S>(&self.run.guidance, &events));
                for law in laws {
                    self.broken(law, index, &format!("{} {:?}", step.by.role.title(), Shown::<S>(&step.command)));
                }
                if events.is_empty() {
                    return;
                }
                self.found.events.extend(events.iter().map(|ruled| ruled.event.name()));
                let how = || format!("{}: {}", step.by.role.title(), Shown::<S>(&step.command).line(&events));
                self.reach(Some(index), how, after);
            }
        }
    }

    /// Whoever owes a task may do it, and then it is done; or it waits for another that somebody may do.
    fn whoever_owes_may(&mut self, index: usize, at: &Moment<S>, task: &Task, tasks: &[Task]) {
        let said = || format!("{} owes {} ({})", task.owner.title(), task.key, task.discharged_by);
        let Some(step) = self.subject.discharge(task, at) else {
            return self.broken(Law::WhoeverOwesMay, index, &format!("nobody knows how: {}", said()));
        };
        let why = match self.tried(at, &step) {
            Err(refusal) => format!("{:?}", told("", &refusal)),
            Ok((_, after)) => {
                let still = (self.run.tasks)(&after.state, &self.run.guidance);
                if still.iter().all(|other| other.key != task.key) {
                    return;
                }
                "and owes it still".to_owned()
            }
        };
        let others = tasks.iter().filter(|other| leads_on(other) && other.key != task.key);
        let mut steps = others.filter_map(|other| self.subject.discharge(other, at));
        if !steps.any(|step| self.tried(at, &step).is_ok()) {
            self.broken(Law::WhoeverOwesMay, index, &format!("{}: {why}", said()));
        }
    }

    /// Time has passed; that the same time has passed once more adds nothing.
    fn time_adds_nothing_twice(&mut self, index: usize, at: &Moment<S>) {
        let Some(command) = self.subject.time_passes() else { return };
        let step = Move { by: super::people::suite(), command };
        let Ok((_, after)) = self.tried(at, &step) else { return };
        if let Ok((events, _)) = self.tried(&after, &step)
            && !events.is_empty()
        {
            self.broken(Law::TimeAddsNothingTwice, index, &format!("{:?}", events[0].event));
        }
    }

    /// The next instant that the clock stops at: before, on and after each term, and those of the scope.
    fn next_instant(&self, at: &Moment<S>, tasks: &[Task]) -> Option<DateTime<Utc>> {
        let tick = TimeDelta::microseconds(1);
        let dates = tasks.iter().filter_map(|task| task.due.as_ref()).map(|deadline| deadline.due.ends_at);
        let terms = dates.chain(self.subject.terms(&at.state));
        let around = terms.flat_map(|end| [end - tick, end, end + tick]);
        let timers = S::D::timers(&at.state).into_iter().map(|timer| timer.at);
        around.chain(timers).chain(self.subject.instants()).filter(|instant| *instant > at.now).min()
    }

    /// Every state from which no end can be reached.
    fn dead_ends(&mut self) {
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); self.met.len()];
        for (index, met) in self.met.iter().enumerate() {
            for next in &met.next {
                before[*next].push(index);
            }
        }
        let mut leads: Vec<bool> = self.met.iter().map(|met| met.ended).collect();
        let mut open: Vec<usize> = (0..leads.len()).filter(|index| leads[*index]).collect();
        while let Some(index) = open.pop() {
            for from in &before[index] {
                if !leads[*from] {
                    leads[*from] = true;
                    open.push(*from);
                }
            }
        }
        if let Some(stuck) = leads.iter().position(|leads| !leads) {
            self.broken(Law::NoDeadEnd, stuck, "nothing leads to an end from here");
        }
    }

    /// The next version comes into force at the next instant. Continued is a state if doing, one thing after another,
    /// whatever is owed under that version leads to an end, whoever is asked to may do it, and no step of that way and no
    /// state on it breaks a law as the next version has it. What else might be done under that version is not tried.
    fn continue_under_next_version(&mut self, index: usize, at: &Moment<S>) {
        let from = at.now + TimeDelta::minutes(1);
        let Run { decide, evolve, tasks, guidance: _ } = *self.run;
        let run = Run { guidance: self.subject.next_version(from, at.turn), decide, evolve, tasks };
        let (now, turn) = (from, at.turn);
        let begun = Moment { state: at.state.clone(), heard: at.heard.clone(), now, turn };
        self.found.continued += 1;
        let next = self.subject.under_next_version(at.turn);
        if let Err((law, why)) = finish(&next, self.subject, &run, begun) {
            self.broken(law, index, &format!("under version {turn} of the next ones: {why}"));
        }
    }

    /// Keeps the shortest way to each law that is broken.
    fn broken(&mut self, law: Law, at: usize, what: &str) {
        if self.found.broken.contains_key(&law) {
            return;
        }
        let way = self.way(at);
        self.found.broken.insert(law, format!("{way}\n  then: {what}"));
    }

    /// The steps that lead to a state.
    fn way(&self, mut index: usize) -> String {
        let mut way = Vec::new();
        while let Some((from, how)) = &self.met[index].from {
            way.push(how.clone());
            index = *from;
        }
        let mut told = String::new();
        for (number, how) in way.iter().rev().enumerate() {
            let _ = write!(told, "\n  {}. {how}", number + 1);
        }
        told
    }
}

/// What follows from a step: what is recorded, and the moment after it.
pub(crate) type Followed<S> = (Vec<Ruled<EventOf<S>>>, Moment<S>);

/// What a decider makes of a step, and the moment after it.
pub(crate) fn tried<S: Subject>(
    subject: &S,
    run: &Run<S::D>,
    at: &Moment<S>,
    step: &Move<CommandOf<S>>,
) -> Result<Followed<S>, Refusal> {
    let context = Context { now: at.now, actor: &step.by, calendars: &CALENDARS, guidance: &run.guidance };
    let decision = (run.decide)(&at.state, &step.command, &context)?;
    let mut after = at.clone();
    for Ruled { event, version, .. } in &decision.events {
        let recorded = Recorded { event, at: at.now, by: &step.by, version };
        (run.evolve)(&mut after.state, &recorded);
        subject.hear(&mut after.heard, &recorded);
    }
    Ok((decision.events, after))
}

/// Doing it takes the case on.
pub(crate) fn leads_on(task: &Task) -> bool {
    task.blocking || task.discharged_by == "ConfirmDeath"
}

/// Every event names a version that there is.
pub(crate) fn cited<S: Subject>(guidance: &Guidance, events: &[Ruled<EventOf<S>>]) -> Option<Law> {
    let own = |name: &str| S::OWN_VERSION == Some(name);
    let published = |name: &str| guidance.versions().any(|version| version.name == name);
    let known = |ruled: &Ruled<EventOf<S>>| own(&ruled.version) || published(&ruled.version);
    (!events.iter().all(known)).then_some(Law::NamesItsVersion)
}

/// A refusal by its verb, and the rules or the fields.
pub(crate) fn told(verb: &'static str, refusal: &Refusal) -> Refused {
    match refusal {
        Refusal::NotAllowed { rules, .. } => (verb, rules.iter().map(|rule| rule.id).collect()),
        Refusal::Invalid(faults) => (verb, faults.iter().map(|fault| fault.field).collect()),
        Refusal::NotInForce(_) => (verb, vec!["not in force"]),
        Refusal::NoSuchPart(_) => (verb, vec!["no such part"]),
    }
}

/// A command, shown with what came of it.
struct Shown<'a, S: Subject>(&'a CommandOf<S>);

impl<S: Subject> Shown<'_, S> {
    fn line(&self, events: &[Ruled<EventOf<S>>]) -> String {
        let came = events.iter().map(|ruled| ruled.event.summary()).collect::<Vec<_>>();
        format!("{} — {}", S::verb(self.0), came.join(" "))
    }
}

impl<S: Subject> std::fmt::Debug for Shown<'_, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(S::verb(self.0))
    }
}
