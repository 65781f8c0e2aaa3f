//! Given, when, then: a case with its journal and a clock that tests move.

use super::step::Step::{self, *};
use super::step::complete;
use super::told::{Ledger, hold, only_rise};
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Europe::London;
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::calendar::{Calendars, Nation};
use holdfast_procedure::conferencing::AssuranceItem::*;
use holdfast_procedure::conferencing::FindingResult::{NothingHeld, Reviewed};
use holdfast_procedure::conferencing::*;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::handover::{Entry, File, Happened, ReferralMade};
use holdfast_procedure::protection::{HeldAt, HoldGround, Version};
use holdfast_procedure::task::COMPLETE_TASK;
use holdfast_procedure::visiting::Ground;
use holdfast_procedure::{
    Actor, Award, Context, Decider, NarrativeRef, Place, Recorded, Refusal, Role, Rule, Ruled, Task, Told, Workload,
};

/// When the visits had been made, the case arrived, and most of what follows is done.
pub(crate) const RECEIVED: &str = "2026-06-09 12:00";
pub(crate) const TODAY: &str = "2026-06-10 12:00";

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

pub(crate) fn ids(rules: &[&'static Rule]) -> Vec<&'static str> {
    rules.iter().map(|rule| rule.id).collect()
}

pub(crate) const NO_ANSWER: Happened = Happened::IneffectiveVisit { ground: Ground::NoAnswer, letter_left: true };

/// A file with these entries: number, what, when, whether it counts.
pub(crate) fn file_of(entries: &[(u32, Happened, &str, bool)]) -> File {
    let entry = |(fact, what, at, counts): &(u32, Happened, &str, bool)| {
        let (fact, what, occurred_at, counts) = (*fact, *what, london(at), *counts);
        Entry { fact, what, occurred_at, narrative: Some(words("secret: visit")), counts }
    };
    let entries: Vec<_> = entries.iter().map(entry).collect();
    let referral = |at| ReferralMade {
        by: actor(Role::Referrer),
        occurred_at: london(at),
        circumstances: words("secret: letters came back"),
    };
    let since = entries.iter().filter(|entry| entry.counts).map(|entry| entry.occurred_at).max();
    File {
        award: Award { customer: "C-1".to_owned(), benefit: Benefit::Pip, award: "A-1".to_owned() },
        place: Place { nation: Nation::England, area: "North".to_owned() },
        referral: referral("2026-05-29 09:00"),
        joined: vec![],
        lead: Role::CesTeam,
        note_in: None,
        since: since.expect("something that counts"),
        times_taken_back: 0,
        entries,
        holds: vec![HeldAt { ground: HoldGround::TwoIneffectiveVisits, version: Version(1) }],
    }
}

/// Two visits that nobody answered.
pub(crate) fn two_visits() -> File {
    file_of(&[(1, NO_ANSWER, "2026-06-01 10:00", true), (2, NO_ANSWER, "2026-06-09 10:00", true)])
}

/// The stages that a PIP case comes to: no documentation is gathered for its Case Manager.
pub(crate) const STAGES: [Stage; 10] = [
    Stage::Assurance,
    Stage::ConferenceDue,
    Stage::DeterminationDue,
    Stage::Escalated,
    Stage::ClosingNoteDue,
    Stage::ReturnDue,
    Stage::DecisionDue,
    Stage::Decided,
    Stage::EndedDeath,
    Stage::EndedTakenBack,
];

/// The assurance check, item by item.
pub(crate) const CHECKED: [Step; 4] = [
    Find(Circumstances, Reviewed, ""),
    Find(PreviousInteractions, Reviewed, ""),
    Find(Documents, NothingHeld, ""),
    Find(ThirdParties, NothingHeld, ""),
];

/// A case under test.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) state: State,
    pub(crate) journal: Vec<Kept>,
    /// The notes of the last command.
    pub(crate) notes: Vec<String>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) guidance: Guidance,
    pub(crate) calendars: Calendars,
    /// The ledger of holds.
    pub(crate) ledger: Ledger,
}

/// One event as the journal keeps it.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) ruled: Ruled<Event>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) by: Actor,
}

impl Case {
    pub(crate) fn unopened(now: &str) -> Self {
        let (state, journal, notes) = (State::default(), Vec::new(), Vec::new());
        let (guidance, calendars, ledger) = (Guidance::published(), Calendars::embedded(), Ledger::default());
        Self { state, journal, notes, now: london(now), guidance, calendars, ledger }
    }

    /// A case handed over with this file, a day ago.
    pub(crate) fn with(file: fn() -> File) -> Self {
        let mut case = Self::unopened(RECEIVED);
        case.when(&[Receive(file), Now(TODAY)]);
        case
    }

    /// The case after these steps, none of which is refused.
    pub(crate) fn given(steps: &[Step]) -> Self {
        let mut case = Self::with(two_visits);
        case.when(steps);
        case
    }

    /// A case at a stage, as it commonly gets there.
    pub(crate) fn at(stage: Stage) -> Self {
        let mut case = Self::with(two_visits);
        let before = match stage {
            Stage::DocumentationDue => panic!("a PIP case has no documentation"),
            Stage::Assurance => return case,
            Stage::EndedDeath | Stage::EndedTakenBack => Stage::DeterminationDue,
            Stage::ReturnDue => Stage::ClosingNoteDue,
            Stage::DecisionDue => Stage::ReturnDue,
            Stage::Decided => Stage::DecisionDue,
            Stage::Escalated | Stage::ClosingNoteDue => Stage::DeterminationDue,
            Stage::ConferenceDue | Stage::DeterminationDue => Stage::Assurance,
        };
        if before != Stage::Assurance {
            case = Self::at(before);
        } else {
            case.when(&CHECKED);
        }
        case.when(match stage {
            Stage::Assurance | Stage::DocumentationDue => &[],
            Stage::ConferenceDue => &[Further(true)],
            Stage::DeterminationDue => &[Further(false)],
            Stage::Escalated => &[Determine(true, true)],
            Stage::ClosingNoteDue => &[Determine(true, false)],
            Stage::ReturnDue => &[Note("")],
            Stage::DecisionDue => &[Arrival, Return],
            Stage::Decided => &[Decide(Outcome::NotDisallow)],
            Stage::EndedDeath => &[Died(""), ConfirmDeath],
            Stage::EndedTakenBack => &[TakeBack(TODAY)],
        });
        assert_eq!(case.state.stage, stage);
        case
    }

    /// The case after more steps.
    pub(crate) fn then(mut self, steps: &[Step]) -> Self {
        self.when(steps);
        self
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
        if matches!(step, Arrival) {
            return self.on_arrival();
        }
        let command = step.command(self.now);
        self.apply(self.usually(step), &command)
    }

    /// Who usually takes a step: steps name the parties of PIP, and those of the case's own benefit stand in for them.
    pub(crate) fn usually(&self, step: &Step) -> Role {
        let Some(received) = &self.state.received else { return step.role() };
        let version = self.guidance.in_force(received.file.award.benefit, self.now);
        let rules = version.expect("a version").rules.conferencing;
        match (step, step.role()) {
            (As(..) | Late(_), role) => role,
            (Note(_) | Gather(..), _) => rules.closing.says.owner,
            (Return, _) => rules.returning.says,
            (_, Role::CesTeam) => rules.lead.says.role,
            (_, Role::CaseManager) => rules.decision.says.by,
            (_, role) => role,
        }
    }

    /// The lead makes the note and considers the marker, where they are owed.
    fn on_arrival(&mut self) -> Result<(), Refusal> {
        let owed = self.tasks();
        let rules = super::always::page(self).conferencing;
        let own = [rules.prescribed_note.rules()[0], rules.support_marker.rules()[0]];
        for task in owed.into_iter().filter(|task| own.contains(&task.rule)) {
            let command = match task.discharged_by {
                COMPLETE_TASK => Command::Desk(complete(&task.key, self.now)),
                _ => Support(Marker::NotPutOn).command(self.now),
            };
            self.apply(task.owner, &command)?;
        }
        Ok(())
    }

    /// The rules, the reason and what would be allowed instead of a step that the guidance does not allow.
    pub(crate) fn refusal(&mut self, step: &Step) -> (Vec<&'static str>, String, Vec<&'static str>) {
        match self.attempt(step) {
            Err(Refusal::NotAllowed { rules, why, stage, allowed }) => {
                assert_eq!(stage, self.state.stage.name());
                (ids(&rules), why, allowed)
            }
            other => panic!("{step:?}: {other:?}"),
        }
    }

    /// The fields at fault in a step that cannot have happened.
    pub(crate) fn faults(&mut self, step: &Step) -> Vec<&'static str> {
        match self.attempt(step) {
            Err(Refusal::Invalid(faults)) => faults.into_iter().map(|fault| fault.field).collect(),
            other => panic!("{step:?}: {other:?}"),
        }
    }

    /// Applies a command at the present instant, and checks what has to hold always.
    pub(crate) fn apply(&mut self, role: Role, command: &Command) -> Result<(), Refusal> {
        let before = self.state.clone();
        let by = actor(role);
        let decision = self.decide(&by, command).inspect_err(super::always::check_refusal)?;
        self.notes = decision.notes;
        for ruled in decision.events {
            let kept = Kept { ruled, at: self.now, by: by.clone() };
            super::always::check_event(self, &kept);
            evolve(&mut self.state, &kept);
            self.journal.push(kept);
        }
        super::always::check(&before, self);
        super::protected::check(&before, self);
        self.tell_ledger(&before, command);
        Ok(())
    }

    /// The ledger hears of every change of the case's holds, and of what a sender placed before it handed it over.
    fn tell_ledger(&mut self, before: &State, command: &Command) {
        let Some(received) = &self.state.received else { return };
        let (own, award, here) = (&self.state.protection, &received.file.award, Workload::Conferencing);
        let mut may_be_ours = false;
        if let Command::RaiseHold(raise) = command {
            self.ledger.is_ahead(&before.protection, raise, award, here);
            may_be_ours = true;
        } else if let Command::Receive(file) = command {
            may_be_ours = true;
            for HeldAt { ground, version } in &file.holds {
                self.ledger.take_in(hold(*ground, *version, award, Workload::Visiting), Workload::Visiting);
            }
        }
        only_rise(&before.protection, own, may_be_ours);
        self.ledger.hears(here, &before.protection, own, award, &self.state.customer.formerly);
    }

    pub(crate) fn decide(&self, by: &Actor, command: &Command) -> Result<holdfast_procedure::Decision<Event>, Refusal> {
        let context = Context { now: self.now, actor: by, calendars: &self.calendars, guidance: &self.guidance };
        Conferencing::decide(&self.state, command, &context)
    }

    /// Records an event without any check.
    pub(crate) fn keep(&mut self, ruled: Ruled<Event>, by: &Actor) {
        let kept = Kept { ruled, at: self.now, by: by.clone() };
        evolve(&mut self.state, &kept);
        self.journal.push(kept);
    }

    /// The state that the journal replays to.
    pub(crate) fn replayed(&self) -> State {
        let mut state = State::default();
        self.journal.iter().for_each(|kept| evolve(&mut state, kept));
        state
    }

    pub(crate) fn tasks(&self) -> Vec<Task> {
        Conferencing::tasks(&self.state, &self.guidance)
    }

    /// The task with this key.
    pub(crate) fn task(&self, key: &str) -> Option<Task> {
        self.tasks().into_iter().find(|task| task.key == key)
    }

    /// The keys of the tasks owed, in the order of the list.
    pub(crate) fn owed(&self) -> Vec<String> {
        self.tasks().into_iter().map(|task| task.key).collect()
    }

    /// The keys of the tasks that the case waits for.
    pub(crate) fn blocking(&self) -> Vec<String> {
        self.tasks().into_iter().filter(|task| task.blocking).map(|task| task.key).collect()
    }

    /// The last event of this name.
    pub(crate) fn last(&self, name: &str) -> &Ruled<Event> {
        let found = self.journal.iter().rev().find(|kept| kept.ruled.event.name() == name);
        &found.unwrap_or_else(|| panic!("no {name} in the journal")).ruled
    }

    /// The rules that the last event of this name stands on.
    pub(crate) fn cited(&self, name: &str) -> Vec<&'static str> {
        ids(&self.last(name).rules)
    }
}

fn evolve(state: &mut State, kept: &Kept) {
    let Ruled { event, version, .. } = &kept.ruled;
    Conferencing::evolve(state, &Recorded { event, at: kept.at, by: &kept.by, version });
}

/// Another conclusion than any that a test tells of.
pub(crate) fn concluded_later() -> Command {
    Command::RecordEscalationOutcome(super::step::concluded(london("2026-06-20 10:00")))
}
