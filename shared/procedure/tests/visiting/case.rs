//! Given, when, then: a case with its journal and a clock that tests move.
//!
//! A test tells what happened as [`Step`]s; a table row is a name, its steps and what they come to. Times are London
//! readings of the clock, `2026-06-01 10:00`. A step moves the clock on to the time it names, unless the clock is
//! there already, so that whatever is recorded late needs [`Step::Now`] before it.

pub(crate) use super::rows::{Row, run};
use super::told::{Ledger, hold, only_rise};
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Europe::London;
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::calendar::{Calendars, Nation};
use holdfast_procedure::customer::{self, DeathEvidence, DeathSource};
use holdfast_procedure::desk;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::protection::{HeldAt, HoldGround, Raise, Version};
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Actor, Context, Decider, Recorded, Refusal, Role, Ruled, Told, Workload};
use holdfast_procedure::{Award, NarrativeRef, Place};

/// The referral that a case is opened with.
pub(crate) const REFERRED: &str = "2026-05-29 09:00";

/// A London reading of the clock, to the minute or finer; the earlier where the clock shows it twice.
pub(crate) fn london(text: &str) -> DateTime<Utc> {
    let reading = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f"));
    London.from_local_datetime(&reading.expect("a reading of the clock")).earliest().expect("that occurs").to_utc()
}

pub(crate) fn words(text: &str) -> NarrativeRef {
    NarrativeRef(text.to_owned())
}

/// An actor of this role.
pub(crate) fn actor(role: Role) -> Actor {
    Actor { person: role.title().to_owned(), role, workload: Workload::Casework }
}

pub(crate) const fn ineffective(ground: Ground) -> Outcome {
    Outcome::Ineffective { ground, letter_left: true }
}

pub(crate) const NO_ANSWER: Outcome = ineffective(Ground::NoAnswer);
pub(crate) const NO_LETTER: Outcome = Outcome::Ineffective { ground: Ground::NotAtHome, letter_left: false };
pub(crate) const UNSAFE: Outcome = ineffective(Ground::UnsafeArea);

/// One thing that is done to a case.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// The clock moves to this reading.
    Now(&'static str),
    Visit(&'static str, Outcome),
    Unsafe(&'static str),
    Posted(&'static str),
    /// Contact by the customer, nothing settled.
    Contact(&'static str),
    /// Contact by anybody, perhaps with what was settled.
    ContactBy(&'static str, ContactBy, Option<SecondVisit>),
    /// A concern arose.
    Concern(&'static str),
    Decide(SecondVisit),
    Withdraw(WithdrawalGround),
    /// A fact is corrected to what the step says.
    Correct(u32, &'static Step),
    /// A fact never happened.
    Void(u32),
    /// A task is done in another system.
    Complete(&'static str),
    /// Somebody else refers for the same award.
    Join(&'static str),
    /// A relative says that the customer has died.
    Died(&'static str),
    ConfirmDeath,
    DeathMistaken,
    /// The customer has moved to another area of this nation.
    Moved(&'static str, Nation),
    /// The customer goes by another reference.
    Merged(&'static str),
    /// The decision maker has decided, or the case was opened again.
    NoteDecision(bool),
    /// Another person confirms that what counts as two ineffective visits was recorded in error.
    ConfirmRetraction,
    DeclineRetraction,
    /// What conferencing held for a case that was taken back, at this version.
    ReceiveBack(u64),
    /// The ledger knows this version of a hold, and whether as released.
    Raise(HoldGround, u64, bool),
    TimePasses,
    /// The step is done by this role rather than by the one that usually does it.
    As(Role, &'static Step),
    /// A late record with its reason.
    Late(&'static Step),
}

impl Step {
    fn role(&self) -> Role {
        match self {
            Self::As(role, _) => *role,
            Self::Contact(_) | Self::ContactBy(..) | Self::Decide(_) => Role::CesTeam,
            Self::Withdraw(_) | Self::Join(_) => Role::Referrer,
            Self::Died(_) | Self::DeathMistaken | Self::Moved(..) | Self::Merged(_) | Self::Concern(_) => Role::Officer,
            Self::ConfirmDeath | Self::ConfirmRetraction => Role::LineManager,
            Self::TimePasses | Self::Now(_) | Self::NoteDecision(_) | Self::Raise(..) | Self::ReceiveBack(_) => {
                Role::Suite
            }
            Self::Correct(_, step) | Self::Late(step) => step.role(),
            Self::Visit(..) | Self::Unsafe(_) | Self::Posted(_) => Role::VisitingOfficer,
            Self::Void(_) | Self::Complete(_) | Self::DeclineRetraction => Role::VisitingOfficer,
        }
    }

    /// When what the step tells of happened, where it says.
    fn at(&self) -> Option<&'static str> {
        match self {
            Self::Now(at) | Self::Visit(at, _) | Self::Unsafe(at) | Self::Posted(at) | Self::Concern(at) => Some(at),
            Self::Contact(at) | Self::ContactBy(at, ..) | Self::Join(at) | Self::Died(at) | Self::Moved(at, _) => {
                Some(at)
            }
            Self::As(_, step) | Self::Late(step) | Self::Correct(_, step) => step.at(),
            Self::Void(_) | Self::Decide(_) | Self::Withdraw(_) | Self::Complete(_) | Self::TimePasses => None,
            Self::ConfirmDeath | Self::DeathMistaken | Self::Merged(_) | Self::NoteDecision(_) | Self::Raise(..) => {
                None
            }
            Self::ConfirmRetraction | Self::DeclineRetraction | Self::ReceiveBack(_) => None,
        }
    }

    pub(crate) fn happening(&self) -> Option<Happening> {
        match *self {
            Self::Visit(at, outcome) => Some(Happening::Visit(Visit { occurred_at: london(at), outcome, seen: None })),
            Self::Unsafe(at) => Some(Happening::UnsafeArea(UnsafeArea { occurred_at: london(at) })),
            Self::Posted(at) => Some(Happening::Letter(Letter { occurred_at: london(at) })),
            Self::Concern(at) => Some(Happening::Concern(Concern { occurred_at: london(at) })),
            Self::Contact(at) => Self::ContactBy(at, ContactBy::Customer, None).happening(),
            Self::ContactBy(at, by, second_visit) => {
                let (occurred_at, channel) = (london(at), Channel::Telephone);
                Some(Happening::Contact(Contact { occurred_at, channel, by, second_visit, understanding: None }))
            }
            Self::As(_, step) | Self::Late(step) => step.happening(),
            Self::Now(_) | Self::Decide(_) | Self::Withdraw(_) | Self::Correct(..) | Self::Void(_) => None,
            Self::Complete(_) | Self::TimePasses | Self::Join(_) | Self::NoteDecision(_) | Self::Raise(..) => None,
            Self::Died(_) | Self::ConfirmDeath | Self::DeathMistaken | Self::Moved(..) | Self::Merged(_) => None,
            Self::ConfirmRetraction | Self::DeclineRetraction | Self::ReceiveBack(_) => None,
        }
    }

    /// What is told of the customer.
    fn told(&self) -> Option<customer::Fact> {
        match *self {
            Self::Died(at) => {
                let (occurred_at, source) = (london(at), DeathSource::Relative);
                Some(customer::Fact::DeathReported { occurred_at, source, account: Some(words("she said so")) })
            }
            Self::ConfirmDeath => {
                let (evidence, reference) = (DeathEvidence::Certificate, "D-1".to_owned());
                Some(customer::Fact::DeathConfirmed { evidence, reference })
            }
            Self::DeathMistaken => Some(customer::Fact::DeathReportMistaken { reason: None }),
            Self::Moved(at, nation) => {
                let place = Place { nation, area: "South".to_owned() };
                Some(customer::Fact::Moved { place, occurred_at: london(at) })
            }
            Self::Merged(into) => Some(customer::Fact::Merged { into: into.to_owned() }),
            Self::As(_, step) => step.told(),
            Self::Now(_) | Self::Decide(_) | Self::Withdraw(_) | Self::Correct(..) | Self::Void(_) => None,
            Self::Complete(_) | Self::TimePasses | Self::Join(_) | Self::NoteDecision(_) | Self::Late(_) => None,
            Self::Raise(..) | Self::Concern(_) => None,
            Self::ConfirmRetraction | Self::DeclineRetraction | Self::ReceiveBack(_) => None,
            Self::Visit(..) | Self::Unsafe(_) | Self::Posted(_) | Self::Contact(_) | Self::ContactBy(..) => None,
        }
    }

    pub(crate) fn command(&self, now: DateTime<Utc>) -> Command {
        let late_reason = matches!(self, Self::Late(_)).then(|| words("the officer was ill"));
        if let Some(happening) = self.happening() {
            return Command::Record(Record { happening, narrative: None, late_reason });
        }
        if let Some(fact) = self.told() {
            return Command::Customer(customer::Command { fact, passed_on: None });
        }
        match *self {
            Self::Decide(second_visit) => {
                Command::DecideSecondVisit { second_visit, understanding: None, reason: words("decided") }
            }
            Self::Withdraw(ground) => Command::Withdraw { ground, reason: words("withdrawn") },
            Self::Correct(fact, step) => correction(fact, step.happening()),
            Self::Void(fact) => correction(fact, None),
            Self::Complete(key) => complete(key, now),
            Self::Join(at) => refer(london(at), Nation::England),
            Self::NoteDecision(decided) => Command::NoteDecision { decided, times_taken_back: 0 },
            Self::ConfirmRetraction => Command::ConfirmRetraction { reason: words("seen in the diary") },
            Self::DeclineRetraction => Command::DeclineRetraction { reason: words("it was right") },
            Self::ReceiveBack(version) => {
                let (ground, version) = (HoldGround::TwoIneffectiveVisits, Version(version));
                Command::ReceiveBack { holds: vec![HeldAt { ground, version }] }
            }
            Self::Raise(ground, known, known_released) => {
                Command::RaiseHold(Raise { ground, known: Version(known), known_released })
            }
            Self::As(_, step) | Self::Late(step) => step.command(now),
            Self::Now(_) | Self::TimePasses => Command::LetTimePass,
            Self::Visit(..)
            | Self::Unsafe(_)
            | Self::Posted(_)
            | Self::Contact(_)
            | Self::ContactBy(..)
            | Self::Concern(_) => {
                unreachable!("facts are recorded above")
            }
            Self::Died(_) | Self::ConfirmDeath | Self::DeathMistaken | Self::Moved(..) | Self::Merged(_) => {
                unreachable!("and so is what is told of the customer")
            }
        }
    }
}

/// The task with this key was done in another system.
pub(crate) fn complete(key: &str, occurred_at: DateTime<Utc>) -> Command {
    let (key, system, reference) = (key.to_owned(), "PIPCS".to_owned(), "note 1".to_owned());
    Command::Desk(desk::Command::Complete { key, occurred_at, system, reference, late_reason: None })
}

fn correction(fact: u32, right: Option<Happening>) -> Command {
    Command::Correct(Correction { fact, right, narrative: None, reason: words("misread") })
}

/// One event as the journal keeps it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) ruled: Ruled<Event>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) by: Actor,
}

/// A case under test.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) state: State,
    pub(crate) journal: Vec<Entry>,
    /// The notes of the last command.
    pub(crate) notes: Vec<String>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) guidance: Guidance,
    pub(crate) calendars: Calendars,
    /// The ledger of holds.
    pub(crate) ledger: Ledger,
}

impl Case {
    /// A case that nobody has opened.
    pub(crate) fn unopened(now: &str, guidance: Guidance) -> Self {
        let (state, journal, notes) = (State::default(), Vec::new(), Vec::new());
        let (calendars, ledger) = (Calendars::embedded(), Ledger::default());
        Self { state, journal, notes, now: london(now), guidance, calendars, ledger }
    }

    /// A referral for a visit in England, under the published guidance.
    pub(crate) fn referred() -> Self {
        Self::referred_on(REFERRED, Nation::England, Guidance::published())
    }

    pub(crate) fn referred_on(at: &str, nation: Nation, guidance: Guidance) -> Self {
        let mut case = Self::unopened(at, guidance);
        let refer = refer(london(at), nation);
        case.apply(Role::Referrer, &refer).expect("a referral");
        case
    }

    /// The case after these steps, none of which is refused.
    pub(crate) fn given(steps: &[Step]) -> Self {
        let mut case = Self::referred();
        case.when(steps);
        case
    }

    /// Does steps that are not refused.
    pub(crate) fn when(&mut self, steps: &[Step]) {
        for step in steps {
            if let Err(refusal) = self.attempt(step) {
                panic!("{step:?} was refused: {refusal:?}");
            }
        }
    }

    /// Does a step that may be refused.
    pub(crate) fn attempt(&mut self, step: &Step) -> Result<(), Refusal> {
        if let Some(at) = step.at() {
            self.now = self.now.max(london(at));
        }
        let command = step.command(self.now);
        self.apply(step.role(), &command)
    }

    /// Applies a command at the present instant, and checks what has to hold always.
    pub(crate) fn apply(&mut self, role: Role, command: &Command) -> Result<(), Refusal> {
        self.apply_by(&actor(role), command)
    }

    /// Applies a command of this person's.
    pub(crate) fn apply_by(&mut self, by: &Actor, command: &Command) -> Result<(), Refusal> {
        let before = self.state.clone();
        let context = Context { now: self.now, actor: by, calendars: &self.calendars, guidance: &self.guidance };
        let decision = Visiting::decide(&self.state, command, &context)?;
        self.notes = decision.notes;
        for ruled in decision.events {
            let entry = Entry { ruled, at: self.now, by: by.clone() };
            evolve(&mut self.state, &entry);
            self.journal.push(entry);
        }
        super::always::check(&before, self);
        super::protected::check(&before, self);
        self.tell_ledger(&before, command);
        Ok(())
    }

    /// The ledger hears of every change of the case's holds.
    fn tell_ledger(&mut self, before: &State, command: &Command) {
        let Some(opened) = &self.state.opened else { return };
        let (own, here) = (&self.state.protection, Workload::Visiting);
        let mut may_be_ours = false;
        if let Command::RaiseHold(raise) = command {
            self.ledger.is_ahead(&before.protection, raise, &opened.award, here);
            may_be_ours = true;
        } else if let Command::ReceiveBack { holds } = command {
            for HeldAt { ground, version } in holds {
                let there = hold(*ground, *version, &opened.award, Workload::Conferencing);
                self.ledger.take_in(there, Workload::Conferencing);
            }
            may_be_ours = true;
        }
        only_rise(&before.protection, own, may_be_ours);
        self.ledger.hears(here, &before.protection, own, &opened.award, &self.state.customer.formerly);
    }

    /// The state that the journal replays to.
    pub(crate) fn replayed(&self) -> State {
        let mut state = State::default();
        self.journal.iter().for_each(|entry| evolve(&mut state, entry));
        state
    }

    /// What would be recorded if time alone passed, at the present instant.
    pub(crate) fn time_alone(&self) -> Vec<Ruled<Event>> {
        let by = Actor::suite(Workload::Visiting);
        let context = Context { now: self.now, actor: &by, calendars: &self.calendars, guidance: &self.guidance };
        Visiting::decide(&self.state, &Command::LetTimePass, &context).expect("time passes").events
    }

    /// What the guidance makes of the facts that stand, by their numbers.
    pub(crate) fn verdicts(&self) -> Vec<(u32, Verdict)> {
        self.state.standing_facts().filter_map(|(number, fact)| Some((number, fact.verdict?))).collect()
    }

    /// The keys of the tasks owed, in the order of the list.
    pub(crate) fn owed(&self) -> Vec<String> {
        Visiting::tasks(&self.state, &self.guidance).into_iter().map(|task| task.key).collect()
    }

    /// The end of the window for contact.
    pub(crate) fn window_ends(&self) -> DateTime<Utc> {
        self.state.window.as_ref().expect("a window").ends.due.ends_at
    }

    /// The last event of this name.
    pub(crate) fn last(&self, name: &str) -> &Ruled<Event> {
        let found = self.journal.iter().rev().find(|entry| entry.ruled.event.name() == name);
        &found.unwrap_or_else(|| panic!("no {name} in the journal")).ruled
    }
}

/// The ids of the rules an event stands on.
pub(crate) fn cited(event: &Ruled<Event>) -> Vec<&'static str> {
    event.rules.iter().map(|rule| rule.id).collect()
}

pub(crate) fn refer(occurred_at: DateTime<Utc>, nation: Nation) -> Command {
    Command::Refer {
        award: Award { customer: "C-1".to_owned(), benefit: Benefit::Pip, award: "A-1".to_owned() },
        place: Place { nation, area: "North".to_owned() },
        occurred_at,
        circumstances: words("letters came back"),
        late_reason: None,
        form: Box::default(),
        of_death: vec![],
    }
}

fn evolve(state: &mut State, entry: &Entry) {
    let Ruled { event, version, .. } = &entry.ruled;
    Visiting::evolve(state, &Recorded { event, at: entry.at, by: &entry.by, version });
}
