//! What follows from a command.

use super::{
    advice,
    command::{Command, Correction, Record},
    event::{Event, Late},
    fact::{Happening, SecondVisit, Verdict, WithdrawalGround},
    judge::{Because, Footing, Judgement, Weight, after_first_visit, judge},
    state::{Referral, Stage, State, Window},
    tasks,
};
use crate::case::NarrativeRef;
use crate::{
    Context, Deadline, Decision, Fault, Recorded, Refusal, Rule, Ruled, Task,
    benefit::AfterFirstVisit,
    rule::{general::GEN_1, rulings::*},
    task::COMPLETE_TASK,
    term::Term,
};
use chrono::{DateTime, TimeDelta, Utc};

/// A fact recorded later than this after it happened states why.
pub(super) const LATE_AFTER: Term = Term::WorkingDays(10);

/// How far ahead of ours a caller's clock may run.
const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(60);

pub(super) fn decide(state: &State, command: &Command, context: &Context<'_>) -> Result<Decision<Event>, Refusal> {
    let Some(referral) = &state.referral else {
        return refer(command, context);
    };
    let mut draft = Draft::of(state, referral, context);
    // Whatever time has brought about by now comes first, so that nothing hangs on when a timer runs.
    draft.judge_again(Weight::NewFact);
    match command {
        Command::Refer { .. } => return Err(draft.not_allowed(vec![], "the case is open already".to_owned())),
        Command::Record(record) => draft.record(record)?,
        Command::DecideSecondVisit { second_visit, reason } => draft.decide_second_visit(*second_visit, reason)?,
        Command::Withdraw { ground, reason } => draft.withdraw(*ground, reason)?,
        Command::Correct(correction) => draft.correct(correction)?,
        Command::CompleteTask { key, occurred_at, system, reference, late_reason } => {
            draft.happened("occurred_at", *occurred_at, late_reason.as_ref())?;
            let task = draft.owed(key, *occurred_at)?;
            let late = Late { late_reason: late_reason.clone() };
            let (key, system, reference) = (key.clone(), system.clone(), reference.clone());
            let event = Event::TaskCompleted { key, occurred_at: *occurred_at, system, reference, late };
            draft.add(event, vec![task.rule], *occurred_at);
        }
        Command::LetTimePass => {}
        Command::DeriveTermsAgain => draft.derive_terms_again(),
    }
    Ok(Decision { events: draft.events, notes: draft.notes })
}

fn refer(command: &Command, context: &Context<'_>) -> Result<Decision<Event>, Refusal> {
    let Command::Refer { award, place, occurred_at, circumstances, late_reason } = command else {
        return Err(Refusal::NoSuchPart("the case was never opened".to_owned()));
    };
    let version = context.guidance.in_force(award.benefit, *occurred_at).ok_or(Refusal::NotInForce(award.benefit))?;
    if !version.rules.referral.says.contains(&context.actor.role) {
        let why = format!("a {} does not refer for a visit", context.actor.role.title());
        let rules = version.rules.referral.rules.to_vec();
        return Err(Refusal::NotAllowed { rules, why, stage: Stage::default().name(), allowed: vec![] });
    }
    let state = State::default();
    let referral = Referral {
        award: award.clone(),
        place: place.clone(),
        occurred_at: *occurred_at,
        circumstances: circumstances.clone(),
        by: context.actor.clone(),
        version: version.name.clone(),
    };
    let mut draft = Draft::of(&state, &referral, context);
    let mut rules = version.rules.referral.rules.to_vec();
    rules.extend(draft.happened("occurred_at", *occurred_at, late_reason.as_ref())?);
    let (award, place, circumstances) = (award.clone(), place.clone(), circumstances.clone());
    let late = Late { late_reason: late_reason.clone() };
    draft.add(Event::Referred { award, place, occurred_at: *occurred_at, circumstances, late }, rules, *occurred_at);
    draft.judge_again(Weight::NewFact);
    Ok(Decision { events: draft.events, notes: draft.notes })
}

/// A decision in the making: the state as it will be, and how it gets there.
struct Draft<'a> {
    state: State,
    referral: &'a Referral,
    context: &'a Context<'a>,
    events: Vec<Ruled<Event>>,
    notes: Vec<String>,
}

impl<'a> Draft<'a> {
    fn of(state: &State, referral: &'a Referral, context: &'a Context<'a>) -> Self {
        Self { state: state.clone(), referral, context, events: Vec::new(), notes: Vec::new() }
    }

    /// Adds an event judged by the version that it stands on, or else by the one in force at `judged_at`.
    fn add(&mut self, event: Event, because: impl Into<Footing>, judged_at: DateTime<Utc>) {
        let Footing { mut rules, version } = because.into();
        let in_force = self.context.guidance.in_force(self.referral.award.benefit, judged_at);
        let version = version.or_else(|| in_force.map(|version| version.name.clone()));
        let version = version.unwrap_or_else(|| self.referral.version.clone());
        if version != self.referral.version {
            rules.push(&GEN_1);
        }
        rules.dedup();
        let recorded = Recorded { event: &event, at: self.context.now, by: self.context.actor, version: &version };
        self.state.evolve(&recorded);
        self.events.push(Ruled { event, rules, version });
    }

    /// Checks that a fact can have happened when it is said to have. Nobody calls or writes before the referral; but an
    /// area may have been found unsafe, or somebody been in touch, before it.
    fn fact_happened(&self, fact: &Happening, late_reason: Option<&NarrativeRef>) -> Result<Because, Refusal> {
        let earliest = match fact {
            Happening::Visit(_) | Happening::Letter(_) => self.referral.occurred_at,
            Happening::UnsafeArea(_) | Happening::Contact(_) => DateTime::<Utc>::MIN_UTC,
        };
        self.dated(fact.occurred_at_field(), fact.occurred_at(), earliest, late_reason)
    }

    /// Checks that something can have happened since the referral when it is said to have.
    fn happened(
        &self,
        field: &'static str,
        at: DateTime<Utc>,
        late_reason: Option<&NarrativeRef>,
    ) -> Result<Because, Refusal> {
        self.dated(field, at, self.referral.occurred_at, late_reason)
    }

    /// The rules that a date stands on where it is late; every fault where it cannot be right.
    fn dated(
        &self,
        field: &'static str,
        at: DateTime<Utc>,
        earliest: DateTime<Utc>,
        late_reason: Option<&NarrativeRef>,
    ) -> Result<Because, Refusal> {
        let mut faults = Vec::new();
        if at > self.context.now + CLOCK_SKEW {
            faults.push(Fault::new(field, "lies in the future"));
        }
        if at < earliest {
            faults.push(Fault::new(field, "lies before the referral"));
        }
        let in_time_until = LATE_AFTER.due(at, self.referral.place.nation, self.context.calendars).ends_at;
        let late = in_time_until < self.context.now;
        if late && late_reason.is_none() {
            let why = format!("is required: this is recorded more than {LATE_AFTER} after it happened (R-LATE-REASON)");
            faults.push(Fault::new("late_reason", why));
        }
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        Ok(if late { vec![&R_LATE_REASON] } else { vec![] })
    }

    fn record(&mut self, record: &Record) -> Result<(), Refusal> {
        let happening = &record.happening;
        let at = happening.occurred_at();
        let mut rules = self.fact_happened(happening, record.late_reason.as_ref())?;
        if happening.second_visit().is_some() {
            self.may_decide_second_visit("; record the contact without it")?;
        }
        rules.extend(self.recorded_rules(happening, at));
        let fact = self.state.next_fact();
        let late = Late { late_reason: record.late_reason.clone() };
        let (happening, narrative) = (happening.clone(), record.narrative.clone());
        self.add(Event::FactRecorded { fact, happening, narrative, late }, rules, at);
        self.judge_again(Weight::NewFact);
        self.note(fact);
        Ok(())
    }

    /// The rules that a fact stands on before it is judged.
    fn recorded_rules(&self, happening: &Happening, at: DateTime<Utc>) -> Because {
        let version = self.context.guidance.in_force(self.referral.award.benefit, at);
        let after = version.and_then(|version| version.rules.after_first_visit.as_option());
        match (happening, after) {
            (Happening::Letter(_), Some(after)) => [after.letter.rules, &[&R_LETTER_BY_POST]].concat(),
            (Happening::UnsafeArea(_), _) => vec![&R_UNSAFE_AREA],
            _ => vec![],
        }
    }

    /// Only the party that the letter names says whether a second visit is needed; others are told what to do instead.
    /// The rules that such a decision stands on.
    fn may_decide_second_visit(&self, instead: &str) -> Result<Because, Refusal> {
        // A window that opened keeps the party that its own letter names, beside the one named now.
        let (referral, now) = (self.referral, self.context.now);
        let in_force = after_first_visit(self.context.guidance, referral, None, now);
        let opened_by = after_first_visit(self.context.guidance, referral, self.state.window.as_ref(), now);
        let Some(clause) = in_force.or(opened_by).map(|after| &after.contact_in_time) else {
            let why = "the guidance prescribes nothing between the first and the second visit".to_owned();
            return Err(self.refused(advice::DECIDE_SECOND_VISIT, vec![&R_NOT_PRESCRIBED], why));
        };
        let named = |after: &AfterFirstVisit| after.contact_in_time.says.second_visit_decided_by;
        let mut by: Vec<_> = [in_force, opened_by].into_iter().flatten().flat_map(named).collect();
        if by.contains(&&self.context.actor.role) {
            return Ok(clause.rules.to_vec());
        }
        by.dedup();
        let titles: Vec<_> = by.iter().map(|role| role.title()).collect();
        let why = format!("whether a second visit is needed is for {} to say{instead}", titles.join(" or "));
        Err(self.refused(advice::DECIDE_SECOND_VISIT, clause.rules.to_vec(), why))
    }

    fn decide_second_visit(&mut self, second_visit: SecondVisit, reason: &NarrativeRef) -> Result<(), Refusal> {
        let rules = self.may_decide_second_visit("")?;
        if !self.state.contact_in_time() || !self.state.stage.second_visit_is_open() {
            let why = "this is decided after contact in time and before the visits are over".to_owned();
            return Err(self.refused(advice::DECIDE_SECOND_VISIT, rules, why));
        }
        self.add(Event::SecondVisitDecided { second_visit, reason: reason.clone() }, rules, self.context.now);
        self.judge_again(Weight::NewFact);
        Ok(())
    }

    fn withdraw(&mut self, ground: WithdrawalGround, reason: &NarrativeRef) -> Result<(), Refusal> {
        if self.state.stage == Stage::HandoverDue {
            let why = "after two ineffective visits only verified death or a record made in error withdraws, \
                       and both need a second person"
                .to_owned();
            return Err(self.refused(advice::WITHDRAW_REFERRAL, vec![&R_WITHDRAWAL, &R_SECOND_PERSON], why));
        }
        if self.state.stage.visits_are_over() {
            return Err(self.refused(advice::WITHDRAW_REFERRAL, vec![&R_WITHDRAWAL], "the case has ended".to_owned()));
        }
        self.add(Event::Withdrawn { ground, reason: reason.clone() }, vec![&R_WITHDRAWAL], self.context.now);
        self.judge_again(Weight::NewFact);
        Ok(())
    }

    fn correct(&mut self, correction: &Correction) -> Result<(), Refusal> {
        let number = correction.fact;
        let Some((_, wrong)) = self.state.standing_facts().find(|(standing, _)| *standing == number) else {
            return Err(Refusal::NoSuchPart(format!("fact {number} is not among the facts that stand")));
        };
        if let Some(right) = &correction.right {
            if !right.same_kind(&wrong.happening) {
                let why = format!("fact {number} is of another kind; the correction has to be of the same");
                return Err(Refusal::Invalid(vec![Fault::new("right", why)]));
            }
            // The reason for the correction is the reason for its lateness too.
            self.fact_happened(right, Some(&correction.reason))?;
        }
        let settled = wrong.happening.second_visit();
        if settled != correction.right.as_ref().and_then(Happening::second_visit) {
            self.may_decide_second_visit("; leave what was settled as it is")?;
        }
        let had_two = self.state.stage == Stage::HandoverDue;
        // What came to light after the two visits changes nothing about them, nor does what is put right about it. It
        // may be all that speaks against them, and is kept from undoing them when something else is corrected.
        let kept = had_two
            && !self.state.basis.contains(&number)
            && (matches!(wrong.verdict, None | Some(Verdict::Afterwards))
                || judge(&self.state, self.referral, Weight::Correction, self.context).stage != Stage::HandoverDue);
        let right = correction.right.clone().map(|happening| (self.state.next_fact(), happening));
        let judged_at = right.as_ref().map_or(self.context.now, |(_, happening)| happening.occurred_at());
        let (narrative, reason) = (correction.narrative.clone(), correction.reason.clone());
        let event = Event::FactCorrected { fact: number, right: right.clone(), narrative, reason };
        self.add(event, vec![&R_RECORDED_ALWAYS], judged_at);
        self.judge_again(if kept { Weight::NewFact } else { Weight::Correction });
        if had_two && self.state.stage != Stage::HandoverDue {
            let why = "the correction would undo two ineffective visits, which needs a second person".to_owned();
            let before = Stage::HandoverDue;
            let rules = vec![&R_WITHDRAWAL, &R_SECOND_PERSON];
            return Err(Refusal::NotAllowed {
                rules,
                why,
                stage: before.name(),
                allowed: advice::allowed(before, false, Some(advice::CORRECT_FACT)),
            });
        }
        if let Some((fact, _)) = right {
            self.note(fact);
        }
        Ok(())
    }

    /// The task with this key, if it is owed, by this actor, since before `done_at`, and done elsewhere.
    fn owed(&self, key: &str, done_at: DateTime<Utc>) -> Result<Task, Refusal> {
        let task = tasks::tasks(&self.state, self.context.guidance).into_iter().find(|task| task.key == key);
        let Some(task) = task else {
            return Err(Refusal::NoSuchPart("no such task is owed on this case".to_owned()));
        };
        if task.discharged_by != COMPLETE_TASK {
            return Err(self.not_allowed(vec![task.rule], format!("{} discharges this task", task.discharged_by)));
        }
        if task.owner != self.context.actor.role {
            return Err(self.not_allowed(vec![task.rule], format!("this task is the {}'s", task.owner.title())));
        }
        if done_at < task.since {
            return Err(Refusal::Invalid(vec![Fault::new("occurred_at", "lies before the task was owed")]));
        }
        Ok(task)
    }

    /// A newer calendar lengthens a window that is still running; it never shortens one.
    fn derive_terms_again(&mut self) {
        let Some(window) = self.state.window.clone() else { return };
        if self.state.stage != Stage::AwaitingContact {
            return;
        }
        let Deadline { term, from, due } = &window.ends;
        let again = term.due(*from, self.referral.place.nation, self.context.calendars);
        if again.ends_at > due.ends_at {
            let ends = Deadline { term: *term, from: *from, due: again };
            let from = *from;
            let window = Window { ends, ..window };
            self.add(Event::ContactWindowDerivedAgain { window }, vec![&R_WORKING_DAYS], from);
        }
    }

    /// Judges the case as a whole and adds an event for every difference from the judgement before. Once two visits
    /// were judged ineffective, whoever leads can rely on what was made of them: only a correction judges anew.
    fn judge_again(&mut self, weight: Weight) {
        if self.state.stage == Stage::HandoverDue && weight == Weight::NewFact {
            self.keep_two_ineffective_visits();
        } else {
            self.apply(judge(&self.state, self.referral, weight, self.context));
        }
    }

    /// A fact that came to light after two visits were judged ineffective is kept, and changes nothing.
    fn keep_two_ineffective_visits(&mut self) {
        let new: Vec<_> = self
            .state
            .standing_facts()
            .filter(|(_, fact)| fact.verdict.is_none() && !matches!(fact.happening, Happening::Letter(_)))
            .map(|(number, fact)| (number, fact.happening.occurred_at()))
            .collect();
        for (fact, at) in new {
            self.add(Event::FactJudged { fact, verdict: Verdict::Afterwards }, vec![&R_LATER_CONTACT], at);
        }
    }

    fn apply(&mut self, judgement: Judgement) {
        let had_two = self.state.stage == Stage::HandoverDue;
        for (fact, (verdict, because)) in judgement.verdicts {
            // What came to light after two visits is still to be passed on, unless they now rest on it.
            let stays = |verdict| had_two && verdict == Some(Verdict::Afterwards) && !judgement.basis.contains(&fact);
            let known = self.state.facts.get(&fact).filter(|known| !stays(known.verdict));
            if let Some(known) = known.filter(|known| known.verdict != Some(verdict)) {
                let at = known.happening.occurred_at();
                self.add(Event::FactJudged { fact, verdict }, because, at);
            }
        }
        match (judgement.window, &self.state.window) {
            (Some((window, because)), None) => {
                let from = window.ends.from;
                self.add(Event::ContactWindowOpened { window }, because, from);
            }
            (Some((window, because)), Some(before)) if *before != window => {
                let from = window.ends.from;
                self.add(Event::ContactWindowDerivedAgain { window }, because, from);
            }
            (None, Some(_)) => self.add(Event::ContactWindowCancelled, vec![&R_RECORDED_ALWAYS], self.context.now),
            (Some(_), Some(_)) | (None, None) => {}
        }
        let moved = self.state.stage != judgement.stage || self.state.basis != judgement.basis;
        if moved || self.state.since.is_none() {
            let Judgement { stage, since, basis: facts, handover_to, because, .. } = judgement;
            self.add(Event::StageReached { stage, since, facts, handover_to }, because, since);
        }
    }

    /// Tells the caller where the guidance does not count what they recorded.
    fn note(&mut self, fact: u32) {
        let note = self.state.facts.get(&fact).and_then(|fact| advice::note(&self.state, fact));
        self.notes.extend(note);
    }

    fn not_allowed(&self, rules: Vec<&'static Rule>, why: String) -> Refusal {
        self.refused(None, rules, why)
    }

    /// A refusal of this command as such, which is then not among those allowed.
    fn refused(&self, verb: impl Into<Option<&'static str>>, rules: Vec<&'static Rule>, why: String) -> Refusal {
        let stage = self.state.stage;
        let allowed = advice::allowed(stage, self.state.contact_in_time(), verb.into());
        Refusal::NotAllowed { rules, why, stage: stage.name(), allowed }
    }
}
