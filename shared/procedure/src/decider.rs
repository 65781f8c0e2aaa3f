//! What every decider has in common: what it is given, what it answers, how it refuses.

use crate::{
    actor::Actor,
    benefit::Benefit,
    calendar::Calendars,
    case::NarrativeRef,
    guidance::Guidance,
    rule::Rule,
    task::{Task, Timer},
};
use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};

/// A procedure as three pure functions over the facts of one case, and what follows from them.
pub trait Decider: Send + Sync + 'static {
    /// What the facts so far amount to. The default is a case that was never opened.
    type State: Clone + Default + PartialEq + std::fmt::Debug + Send + Sync;
    /// What can be asked for or reported.
    type Command: Send + Sync;
    /// What happened or was judged. The serialised form is what the journal keeps for ever.
    type Event: Told + Clone + PartialEq + std::fmt::Debug + Serialize + DeserializeOwned + Send + Sync;

    /// What follows from a command.
    ///
    /// # Errors
    /// A [`Refusal`] where the command cannot have happened or the guidance does not allow it yet.
    fn decide(
        state: &Self::State,
        command: &Self::Command,
        context: &Context<'_>,
    ) -> Result<Decision<Self::Event>, Refusal>;

    /// The state after one more recorded event.
    fn evolve(state: &mut Self::State, recorded: &Recorded<'_, Self::Event>);

    /// Everything the guidance owes in this state.
    fn tasks(state: &Self::State, guidance: &Guidance) -> Vec<Task>;

    /// The instants at which time itself has consequences in this state.
    fn timers(state: &Self::State) -> Vec<Timer>;

    /// What the reply to a read says beside what is owed: what is being waited for.
    fn outlook(state: &Self::State) -> Vec<String>;
}

/// What a journal entry tells people.
pub trait Told {
    /// The event's stable name.
    fn name(&self) -> &'static str;
    /// When what it tells of happened; `None` where that is when it was recorded.
    fn occurred_at(&self) -> Option<DateTime<Utc>>;
    /// One sentence for people; never anything that somebody said.
    fn summary(&self) -> String;
    /// The references of the words kept with it: first the words of what is told, in the order of the fields by which
    /// they were recorded; then why it was decided, or why something was wrong; last why it is recorded late. Words that
    /// another service or another case keeps are not among them.
    fn narratives(&self) -> Vec<&NarrativeRef>;
}

/// The circumstances in which a command is decided.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The present instant, from the injected clock; never earlier than the case's last recorded event.
    pub now: DateTime<Utc>,
    /// Who asks or reports.
    pub actor: &'a Actor,
    /// The calendars of working days in force.
    pub calendars: &'a Calendars,
    /// The versions of the guidance.
    pub guidance: &'a Guidance,
}

/// What follows from a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision<E> {
    /// What is to be recorded, in order. Empty where nothing changes.
    pub events: Vec<Ruled<E>>,
    /// What the guidance leaves open or does not count, for the reply.
    pub notes: Vec<String>,
}

/// An event with what it stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruled<E> {
    /// The event.
    pub event: E,
    /// The rules and rulings it stands on.
    pub rules: Vec<&'static Rule>,
    /// Name of the version of the guidance that judged it (GEN-1).
    pub version: String,
}

/// An event as the journal keeps it.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'a, E> {
    /// The event.
    pub event: &'a E,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Who brought it about.
    pub by: &'a Actor,
    /// Name of the version of the guidance that judged it.
    pub version: &'a str,
}

/// Why a command does not go through. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// It cannot have happened as stated; every fault is named.
    Invalid(Vec<Fault>),
    /// The guidance does not allow it, or not yet.
    NotAllowed {
        /// The rules it would go against.
        rules: Vec<&'static Rule>,
        /// Why, in one sentence.
        why: String,
        /// The present stage, by its stable name.
        stage: &'static str,
        /// The commands that would be allowed now.
        allowed: Vec<&'static str>,
    },
    /// No version of this benefit's guidance is in force in this build.
    NotInForce(Benefit),
    /// The command names a fact or task that the case does not have.
    NoSuchPart(String),
}

/// One fault of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field, by its path in the request.
    pub field: &'static str,
    /// What is wrong with it.
    pub why: String,
}

impl Fault {
    /// A fault of `field`.
    #[must_use]
    pub fn new(field: &'static str, why: impl Into<String>) -> Self {
        Self { field, why: why.into() }
    }
}
