//! What is searched: a decider in a small scope, what is tried of it, and what is known of the guidance without it.

use super::law::Law;
use super::sketch::Sketch;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::{Actor, Context, Decider, Decision, Recorded, Refusal, Ruled, Task};

pub(crate) type StateOf<S> = <<S as Subject>::D as Decider>::State;
pub(crate) type CommandOf<S> = <<S as Subject>::D as Decider>::Command;
pub(crate) type EventOf<S> = <<S as Subject>::D as Decider>::Event;
type Decided<D> = Result<Decision<<D as Decider>::Event>, Refusal>;

/// A decider as it is searched: the shipped one, or one with a mistake in it.
pub(crate) struct Run<D: Decider> {
    pub(crate) guidance: Guidance,
    pub(crate) decide: fn(&D::State, &D::Command, &Context<'_>) -> Decided<D>,
    pub(crate) evolve: fn(&mut D::State, &Recorded<'_, D::Event>),
    pub(crate) tasks: fn(&D::State, &Guidance) -> Vec<Task>,
}

impl<D: Decider> Run<D> {
    /// The decider as it is shipped, under this guidance.
    pub(crate) fn shipped(guidance: Guidance) -> Self {
        Self { guidance, decide: D::decide, evolve: D::evolve, tasks: D::tasks }
    }
}

/// Something that somebody asks for or reports.
#[derive(Debug, Clone)]
pub(crate) struct Move<C> {
    pub(crate) by: Actor,
    pub(crate) command: C,
}

/// A state at an instant, and what was heard on the way there.
pub(crate) struct Moment<S: Subject> {
    pub(crate) state: StateOf<S>,
    pub(crate) heard: S::Heard,
    pub(crate) now: DateTime<Utc>,
    /// A number that differs from state to state, by which arguments that come to the same take turns.
    pub(crate) turn: usize,
}

impl<S: Subject> Clone for Moment<S> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone(), heard: self.heard.clone(), now: self.now, turn: self.turn }
    }
}

/// One step taken: what is checked by the laws.
pub(crate) struct Taken<'a, S: Subject> {
    pub(crate) before: &'a Moment<S>,
    pub(crate) step: &'a Move<CommandOf<S>>,
    pub(crate) events: &'a [Ruled<EventOf<S>>],
    pub(crate) after: &'a Moment<S>,
}

/// One decider in a small scope, with what is known of the guidance without it.
pub(crate) trait Subject: Sync {
    type D: Decider<Command: std::fmt::Debug>;
    /// What was recorded, as whoever knows the guidance keeps it in mind.
    type Heard: Clone + Default + std::hash::Hash + Send;
    /// How long whoever owes something takes to do it. None, where the order of what happened at one instant is that in
    /// which it was recorded.
    const PAUSE: TimeDelta;
    /// Under which name this decider judges what no version of a benefit's guidance does.
    const OWN_VERSION: Option<&'static str> = None;
    /// A step under a next version is judged by that one alone (GEN-1). Otherwise what was given under the version before,
    /// a window for contact or the lead of a concern, goes on to govern what follows from it.
    const DECIDED_ANEW: bool;

    /// The guidance in force while it is searched.
    fn guidance(&self) -> Guidance {
        Guidance::published()
    }
    /// When everything begins.
    fn begins(&self) -> DateTime<Utc>;
    /// What has been done before the search begins.
    fn before(&self) -> Vec<Move<CommandOf<Self>>>
    where
        Self: Sized;
    /// The instants that the clock stops at, beside those before, on and after each term.
    fn instants(&self) -> Vec<DateTime<Utc>>;
    /// Everything that is tried at a moment.
    fn moves(&self, at: &Moment<Self>) -> Vec<Move<CommandOf<Self>>>
    where
        Self: Sized;
    /// How whoever owes a task does it; `None` where nobody has told this search how.
    fn discharge(&self, task: &Task, at: &Moment<Self>) -> Option<Move<CommandOf<Self>>>
    where
        Self: Sized;
    /// Whether what a task asks for is beyond what is tried at this moment anyway.
    fn is_beyond(&self, task: &Task, at: &Moment<Self>) -> bool
    where
        Self: Sized;
    /// What goes on without anybody owing it here: another service's part.
    fn others_bring(&self, at: &Moment<Self>) -> Vec<Move<CommandOf<Self>>>
    where
        Self: Sized;
    /// That time passes.
    fn time_passes(&self) -> Option<CommandOf<Self>>;
    /// The ends of terms that are no task's and no timer's.
    fn terms(&self, state: &StateOf<Self>) -> Vec<DateTime<Utc>>;
    fn verb(command: &CommandOf<Self>) -> &'static str;
    fn stage(at: &Moment<Self>) -> &'static str
    where
        Self: Sized;
    fn has_ended(at: &Moment<Self>) -> bool
    where
        Self: Sized;
    /// Time makes a difference to a state; where it makes none, the clock stands still.
    fn waits(state: &StateOf<Self>) -> bool;
    /// What of a state makes a difference.
    fn sketch(state: &StateOf<Self>, into: &mut Sketch);
    fn hear(&self, heard: &mut Self::Heard, recorded: &Recorded<'_, EventOf<Self>>);
    /// The laws that a step breaks.
    fn broken_by(&self, taken: &Taken<'_, Self>) -> Vec<Law>
    where
        Self: Sized;
    /// The laws that a state breaks, with what is owed there.
    fn broken_at(&self, at: &Moment<Self>, tasks: &[Task]) -> Vec<Law>
    where
        Self: Sized;
    /// The next version of the guidance, to be in force from an instant on.
    fn next_version(&self, from: DateTime<Utc>, turn: usize) -> Guidance;
    /// This subject, as that version has it.
    fn under_next_version(&self, turn: usize) -> Self
    where
        Self: Sized;
}
