//! Given, when, then: a concern with its journal and a clock that tests move.
//!
//! Times are London readings of the clock, `2026-06-01 10:00`. A step moves the clock on to the time it names, unless the
//! clock is there already, so that whatever is recorded late needs [`Step::Now`] before it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Europe::London;
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::calendar::{Calendars, Nation};
use holdfast_procedure::customer::{self, DeathEvidence, DeathSource, Fact};
use holdfast_procedure::directory::{Leader, Leaders};
use holdfast_procedure::escalation::*;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::visiting::{Channel, ContactBy};
use holdfast_procedure::{Actor, Context, Decider, Recorded, Refusal, Role, Ruled, Told, Workload};
use holdfast_procedure::{Award, NarrativeRef, Place, Task};

/// When the concern of every case was determined.
pub(crate) const DETERMINED: &str = "2026-06-01 09:00";

/// A London reading of the clock, to the minute or finer.
pub(crate) fn london(text: &str) -> DateTime<Utc> {
    let reading = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f"));
    London.from_local_datetime(&reading.expect("a reading of the clock")).earliest().expect("that occurs").to_utc()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub(crate) fn words(text: &str) -> NarrativeRef {
    NarrativeRef(text.to_owned())
}

/// An actor of this role.
pub(crate) fn actor(role: Role) -> Actor {
    Actor { person: role.title().to_owned(), role, workload: Workload::Casework }
}

pub(crate) fn leader(person: &str) -> Leader {
    let (office, telephone) = ("OFFICE-1".to_owned(), Some("0191 496 0000".to_owned()));
    Leader { person: person.to_owned(), office, telephone, since: london("2024-04-01 00:00") }
}

/// A directory that covers the areas North and South, and no other.
pub(crate) fn leaders() -> Leaders {
    [("North", "leader-n"), ("South", "leader-s")].map(|(area, person)| (area.to_owned(), leader(person))).into()
}

/// One thing that is done.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// The clock moves to this reading.
    Now(&'static str),
    /// The clock moves to this reading, and time has its consequences.
    Pass(&'static str),
    /// A telephone call to the customer, without a reply.
    Call(&'static str),
    /// The same, and a text that says when the next call comes.
    CallAndText(&'static str),
    /// An attempt through anybody.
    Try(&'static str, Whom, AttemptChannel, AttemptOutcome, bool),
    Consider(bool),
    Refer,
    Resolve(&'static str),
    Liaise(&'static str, Agency),
    Disclose(&'static str, Agency, Basis),
    ReviewOn(&'static str),
    Review(&'static str),
    /// A review, and the day of the next.
    ReviewThen(&'static str, &'static str),
    RangUp(&'static str),
    /// The same, by somebody else.
    Rang(&'static str, ContactBy),
    Conclude,
    /// A concern is determined, again.
    Determine(&'static str),
    Moved(&'static str),
    Died,
    /// A second person verifies the death.
    DeathVerified,
    DeathMistaken,
    /// The step is done by this role rather than by the one that usually does it.
    As(Role, &'static Step),
    /// A late record with its reason.
    Late(&'static Step),
}

impl Step {
    fn role(&self) -> Role {
        match self {
            Self::As(role, _) => *role,
            Self::Late(step) => step.role(),
            Self::Resolve(_) | Self::Determine(_) | Self::Now(_) | Self::Pass(_) => Role::Suite,
            Self::RangUp(_) | Self::Rang(..) | Self::Moved(_) | Self::Died => Role::Officer,
            Self::DeathVerified | Self::DeathMistaken => Role::LineManager,
            Self::Liaise(..) | Self::Disclose(..) => Role::SafeguardingLeader,
            Self::Call(_)
            | Self::CallAndText(_)
            | Self::Try(..)
            | Self::Consider(_)
            | Self::Refer
            | Self::ReviewOn(_)
            | Self::Review(_)
            | Self::ReviewThen(..)
            | Self::Conclude => Role::CesTeam,
        }
    }

    /// When what the step tells of happened, where it says.
    fn at(&self) -> Option<&'static str> {
        match self {
            Self::Now(at) | Self::Pass(at) | Self::Call(at) | Self::CallAndText(at) | Self::Try(at, ..) => Some(at),
            Self::Liaise(at, _) | Self::Disclose(at, ..) | Self::Review(at) | Self::ReviewThen(at, _) => Some(at),
            Self::RangUp(at) | Self::Rang(at, _) | Self::Determine(at) => Some(at),
            Self::As(_, step) | Self::Late(step) => step.at(),
            Self::Consider(_) | Self::Refer | Self::Resolve(_) | Self::ReviewOn(_) | Self::Conclude => None,
            Self::Moved(_) | Self::Died | Self::DeathVerified | Self::DeathMistaken => None,
        }
    }

    /// The command, or none where only the clock moves.
    fn command(&self, now: DateTime<Utc>, late: bool) -> Option<Command> {
        let late_reason = late.then(|| words("the officer was ill"));
        let account = words("what was said");
        let command = match *self {
            Self::Now(_) => return None,
            Self::Pass(_) => Command::LetTimePass,
            Self::As(_, step) => return step.command(now, late),
            Self::Late(step) => return step.command(now, true),
            Self::Call(at) => {
                return Self::Try(at, Whom::Customer, AttemptChannel::Telephone, AttemptOutcome::NoReply, false)
                    .command(now, late);
            }
            Self::CallAndText(at) => {
                return Self::Try(at, Whom::Customer, AttemptChannel::Telephone, AttemptOutcome::NoReply, true)
                    .command(now, late);
            }
            Self::Try(at, whom, channel, outcome, text_sent) => {
                let attempt = Attempt { occurred_at: london(at), whom, channel, outcome, text_sent };
                Command::RecordContactAttempt { attempt, account, late_reason }
            }
            Self::Consider(needed) => Command::ConsiderLeader { needed, reason: words("why") },
            Self::Refer => Command::ReferToLeader { asked: words("what is asked"), leaders: leaders() },
            Self::Resolve(area) => Command::ResolveLeader { area: area.to_owned(), leader: leader("leader-x") },
            Self::Liaise(at, agency) => {
                let liaison = Liaison { occurred_at: london(at), agency, received: false };
                Command::RecordLiaison { liaison, account, late_reason }
            }
            Self::Disclose(at, to, basis) => {
                let disclosure = Disclosure { occurred_at: london(at), to, basis, received: false };
                Command::RecordDisclosure { disclosure, account, late_reason }
            }
            Self::ReviewOn(date) => Command::SetReviewDate { date: day(date) },
            Self::Review(at) => review(at, None, late_reason),
            Self::ReviewThen(at, next) => review(at, Some(day(next)), late_reason),
            Self::RangUp(at) => return Self::Rang(at, ContactBy::Customer).command(now, late),
            Self::Rang(at, by) => {
                let contact = Contact { occurred_at: london(at), channel: Channel::Telephone, by };
                Command::RecordContact { contact, account, late_reason }
            }
            Self::Conclude => Command::Conclude { steps: words("the steps") },
            Self::Determine(at) => Command::Open(Box::new(concern(london(at)))),
            Self::Moved(area) => {
                let place = Place { nation: Nation::England, area: area.to_owned() };
                told(Fact::Moved { place, occurred_at: now })
            }
            Self::Died => told(Fact::DeathReported { occurred_at: now, source: DeathSource::Relative, account: None }),
            Self::DeathVerified => {
                told(Fact::DeathConfirmed { evidence: DeathEvidence::Certificate, reference: "C-7".to_owned() })
            }
            Self::DeathMistaken => told(Fact::DeathReportMistaken { reason: None }),
        };
        Some(command)
    }
}

/// What is told about the customer.
fn told(fact: Fact) -> Command {
    Command::Customer(customer::Command { fact, passed_on: None })
}

fn review(at: &str, next_date: Option<NaiveDate>, late_reason: Option<NarrativeRef>) -> Command {
    Command::RecordReview { occurred_at: london(at), next_steps: words("next"), next_date, late_reason }
}

/// A concern about a customer in the area North.
pub(crate) fn concern(occurred_at: DateTime<Utc>) -> Concern {
    Concern {
        award: Award { customer: "C-1".to_owned(), benefit: Benefit::Pip, award: "A-1".to_owned() },
        place: Place { nation: Nation::England, area: "North".to_owned() },
        lead: Role::CesTeam,
        account: Some(words("n-elsewhere")),
        determined_by: actor(Role::CesTeam),
        occurred_at,
    }
}

/// The same in this benefit.
pub(crate) fn concern_in(benefit: Benefit, occurred_at: DateTime<Utc>) -> Concern {
    let lead = lead_of(benefit);
    let pip = concern(occurred_at);
    Concern { award: Award { benefit, ..pip.award }, lead, determined_by: actor(lead), ..pip }
}

/// Who leads in this benefit.
pub(crate) fn lead_of(benefit: Benefit) -> Role {
    match benefit {
        Benefit::Pip => Role::CesTeam,
        Benefit::Esa => Role::Heo,
        Benefit::UniversalCredit => Role::TeamLeader,
        Benefit::AccessToWork => Role::Ceast,
    }
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
    pub(crate) benefit: Benefit,
    pub(crate) state: State,
    pub(crate) journal: Vec<Entry>,
    /// The notes of the last command.
    pub(crate) notes: Vec<String>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) guidance: Guidance,
    pub(crate) calendars: Calendars,
}

impl Case {
    /// A case about which nobody has determined a concern.
    pub(crate) fn unopened() -> Self {
        let benefit = Benefit::Pip;
        let (state, journal, notes) = (State::default(), Vec::new(), Vec::new());
        let (guidance, calendars) = (Guidance::published(), Calendars::embedded());
        Self { benefit, state, journal, notes, now: london(DETERMINED), guidance, calendars }
    }

    /// A concern was determined.
    pub(crate) fn opened() -> Self {
        let mut case = Self::unopened();
        case.when(&[Step::Determine(DETERMINED)]);
        case
    }

    /// A concern was determined in this benefit.
    pub(crate) fn opened_in(benefit: Benefit) -> Self {
        let mut case = Self { benefit, ..Self::unopened() };
        case.when(&[Step::Determine(DETERMINED)]);
        case
    }

    /// The case after more steps.
    pub(crate) fn then(mut self, steps: &[Step]) -> Self {
        self.when(steps);
        self
    }

    /// Who does what the CES Team does in PIP.
    pub(crate) fn usually(&self, role: Role) -> Role {
        if role == Role::CesTeam { lead_of(self.benefit) } else { role }
    }

    /// The case after these steps, none of which is refused.
    pub(crate) fn given(steps: &[Step]) -> Self {
        let mut case = Self::opened();
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
        let role = if matches!(step, Step::As(..)) { step.role() } else { self.usually(step.role()) };
        match step.command(self.now, false) {
            Some(Command::Open(concern)) => {
                self.apply(role, &Command::Open(Box::new(concern_in(self.benefit, concern.occurred_at))))
            }
            Some(command) => self.apply(role, &command),
            None => Ok(()),
        }
    }

    /// Applies a command at the present instant, and checks what has to hold always.
    pub(crate) fn apply(&mut self, role: Role, command: &Command) -> Result<(), Refusal> {
        let before = self.state.clone();
        let by = actor(role);
        let context = Context { now: self.now, actor: &by, calendars: &self.calendars, guidance: &self.guidance };
        let decision = Escalation::decide(&self.state, command, &context)?;
        self.notes = decision.notes;
        for ruled in decision.events {
            let entry = Entry { ruled, at: self.now, by: by.clone() };
            evolve(&mut self.state, &entry);
            self.journal.push(entry);
        }
        super::always::check(&before, self);
        Ok(())
    }

    /// The state that the journal replays to.
    pub(crate) fn replayed(&self) -> State {
        let mut state = State::default();
        self.journal.iter().for_each(|entry| evolve(&mut state, entry));
        state
    }

    pub(crate) fn round(&self) -> &Round {
        self.state.round().expect("a round")
    }

    pub(crate) fn tasks(&self) -> Vec<Task> {
        Escalation::tasks(&self.state, &self.guidance)
    }

    /// The keys of the tasks owed, in the order of the list.
    pub(crate) fn owed(&self) -> Vec<String> {
        self.tasks().into_iter().map(|task| task.key).collect()
    }

    /// A task that is owed.
    pub(crate) fn task(&self, key: &str) -> Task {
        let found = self.tasks().into_iter().find(|task| task.key == key);
        found.unwrap_or_else(|| panic!("{key} is not owed; owed are {:?}", self.owed()))
    }

    /// The last event of this name.
    pub(crate) fn last(&self, name: &str) -> &Ruled<Event> {
        let found = self.journal.iter().rev().find(|entry| entry.ruled.event.name() == name);
        &found.unwrap_or_else(|| panic!("no {name} in the journal")).ruled
    }

    /// The rules that a step is refused by, and why.
    pub(crate) fn refused(&mut self, step: &Step) -> (Vec<&'static str>, String) {
        match self.attempt(step) {
            Err(Refusal::NotAllowed { rules, why, .. }) => (rules.iter().map(|rule| rule.id).collect(), why),
            other => panic!("{step:?}: {other:?}"),
        }
    }

    /// The fields that a step is at fault in.
    pub(crate) fn faults(&mut self, step: &Step) -> Vec<&'static str> {
        match self.attempt(step) {
            Err(Refusal::Invalid(faults)) => faults.iter().map(|fault| fault.field).collect(),
            other => panic!("{step:?}: {other:?}"),
        }
    }
}

/// The ids of the rules an event stands on.
pub(crate) fn cited(event: &Ruled<Event>) -> Vec<&'static str> {
    event.rules.iter().map(|rule| rule.id).collect()
}

fn evolve(state: &mut State, entry: &Entry) {
    let Ruled { event, version, .. } = &entry.ruled;
    Escalation::evolve(state, &Recorded { event, at: entry.at, by: &entry.by, version });
}
