//! A decision in the making: what every decider does alike.

use crate::{
    Award, Context, Decider, Decision, Fault, NarrativeRef, Place, Recorded, Refusal, Rule, Ruled,
    benefit::Rules,
    customer::{self, Customer},
    desk::{self, Desk},
    guidance::Version,
    protection::{self, CallsFor, Own},
    rule::{general::GEN_1, rulings::R_LATE_REASON},
    term::Term,
};
use chrono::{DateTime, TimeDelta, Utc};

/// A fact recorded later than this after it happened states why.
pub(crate) const LATE_AFTER: Term = Term::WorkingDays(10);

/// How far a caller's clock may be ahead of ours or behind it, cut off seconds included.
pub(crate) const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(60);

/// The rules that a judgement stands on.
pub(crate) type Because = Vec<&'static Rule>;

/// Every rule once, where it comes first.
fn named_once(rules: Because) -> Because {
    let mut once = Because::new();
    for rule in rules {
        if !once.contains(&rule) {
            once.push(rule);
        }
    }
    once
}

/// What a judgement stands on.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Footing {
    pub(crate) rules: Because,
    /// The version that the rules are from, where it need not be the one in force when it happened.
    pub(crate) version: Option<String>,
}

impl From<Because> for Footing {
    fn from(rules: Because) -> Self {
        Self { rules, version: None }
    }
}

/// What a case is about, and since when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) award: &'a Award,
    /// Where the customer lives, where the case knows that.
    pub(crate) place: Option<&'a Place>,
    /// When the case began.
    pub(crate) since: DateTime<Utc>,
    /// What began it, as in "lies before the referral".
    pub(crate) begun_by: &'static str,
    /// The version of the guidance it was begun under.
    pub(crate) version: &'a str,
}

/// A decider whose cases are about a customer and owe tasks.
pub(crate) trait Procedure: Decider {
    /// What the case is about; `None` before it is opened.
    fn about(state: &Self::State) -> Option<About<'_>>;
    /// The present stage, by its stable name.
    fn stage(state: &Self::State) -> &'static str;
    /// The commands that would be allowed now.
    fn allowed(state: &Self::State) -> Vec<&'static str>;
    /// The commands that a benefit's guidance has no use for, whatever the stage.
    fn not_prescribed(_page: &Rules) -> Vec<&'static str> {
        Vec::new()
    }
    /// What is known of the customer.
    fn customer(state: &Self::State) -> &Customer;
    /// What was done and assigned of what is owed.
    fn desk(state: &Self::State) -> &Desk;
    /// An event about the customer, as one of this decider's.
    fn customer_event(event: customer::Event) -> Self::Event;
    /// An event about a task, as one of this decider's.
    fn desk_event(event: desk::Event) -> Self::Event;

    /// The holds of the case, and what its facts call for; `None` before it is opened, and where cases of this kind
    /// protect nobody.
    fn protection(_state: &Self::State) -> Option<(&Own, CallsFor)> {
        None
    }
    /// An event about a hold, as one of this decider's; `None` where cases of this kind protect nobody.
    fn protection_event(_event: protection::Event) -> Option<Self::Event> {
        None
    }
}

/// A decision in the making: the state as it will be, and how it gets there.
pub(crate) struct Draft<'a, P: Procedure> {
    pub(crate) state: P::State,
    pub(crate) context: &'a Context<'a>,
    before: &'a P::State,
    events: Vec<Ruled<P::Event>>,
    pub(crate) notes: Vec<String>,
}

impl<'a, P: Procedure> Draft<'a, P> {
    pub(crate) fn of(state: &'a P::State, context: &'a Context<'a>) -> Self {
        Self { state: state.clone(), context, before: state, events: Vec::new(), notes: Vec::new() }
    }

    /// The version of the guidance in force at `at`, or else the one that the case was begun under.
    pub(crate) fn version(&self, at: DateTime<Utc>) -> Option<&'a Version> {
        let about = P::about(&self.state)?;
        let guidance = self.context.guidance;
        let begun_under = || guidance.versions().find(|version| version.name == about.version);
        guidance.in_force(about.award.benefit, at).or_else(begun_under)
    }

    /// Adds an event judged by the version that it stands on, or else by the one in force at `judged_at`. The event
    /// that opens a case names its version.
    pub(crate) fn add(&mut self, event: P::Event, because: impl Into<Footing>, judged_at: DateTime<Utc>) {
        let Footing { mut rules, version } = because.into();
        let begun_under = P::about(&self.state).map(|about| about.version.to_owned());
        let version = version.or_else(|| self.version(judged_at).map(|version| version.name.clone()));
        let version = version.or_else(|| begun_under.clone()).unwrap_or_default();
        if begun_under.is_some_and(|begun_under| begun_under != version) {
            rules.push(&GEN_1);
        }
        let rules = named_once(rules);
        let recorded = Recorded { event: &event, at: self.context.now, by: self.context.actor, version: &version };
        P::evolve(&mut self.state, &recorded);
        self.events.push(Ruled { event, rules, version });
    }

    /// Checks that something can have happened since the case began when it is said to have.
    pub(crate) fn happened(
        &self,
        field: &'static str,
        at: DateTime<Utc>,
        late_reason: Option<&NarrativeRef>,
    ) -> Result<Because, Refusal> {
        let since = P::about(&self.state).map_or(DateTime::<Utc>::MIN_UTC, |about| about.since);
        self.dated(field, at, since, late_reason)
    }

    /// The rules that a date stands on where it is late; every fault where it cannot be right.
    pub(crate) fn dated(
        &self,
        field: &'static str,
        at: DateTime<Utc>,
        earliest: DateTime<Utc>,
        late_reason: Option<&NarrativeRef>,
    ) -> Result<Because, Refusal> {
        let about = P::about(&self.state);
        let place = about.and_then(|about| about.place.cloned());
        dated(self.context, field, at, earliest, about.map(|about| about.begun_by), place.as_ref(), late_reason)
    }

    /// Checks that something does not lie in the future, whenever else it happened.
    pub(crate) fn not_ahead(&self, field: &'static str, at: DateTime<Utc>) -> Result<(), Refusal> {
        if at > self.context.now + CLOCK_SKEW {
            return Err(Refusal::Invalid(vec![Fault::new(field, "lies in the future")]));
        }
        Ok(())
    }

    /// What was reported about the customer.
    pub(crate) fn customer(&mut self, command: &customer::Command) -> Result<(), Refusal> {
        customer::decide(self, command)
    }

    /// What was done or assigned of what is owed.
    pub(crate) fn desk(&mut self, command: &desk::Command) -> Result<(), Refusal> {
        desk::decide(self, command)
    }

    /// A refusal of this command as such, which is then not among those allowed.
    pub(crate) fn refused(&self, verb: &str, rules: Because, why: impl Into<String>) -> Refusal {
        let page = self.version(self.context.now).map(|version| &version.rules);
        let not_prescribed = page.map(P::not_prescribed).unwrap_or_default();
        let mut allowed = P::allowed(&self.state);
        allowed.retain(|other| *other != verb && !not_prescribed.contains(other));
        Refusal::NotAllowed { rules: named_once(rules), why: why.into(), stage: P::stage(&self.state), allowed }
    }

    /// Adds changes of the case's holds. They are judged as they are recorded.
    pub(crate) fn protect(&mut self, changes: Vec<protection::Event>) {
        for change in changes {
            let benefit = P::about(&self.state).map(|about| about.award.benefit);
            if let (Some(benefit), Some(event)) = (benefit, P::protection_event(change)) {
                self.add(event, change.rules(benefit), self.context.now);
            }
        }
    }

    /// Takes a hold over that came with the case.
    pub(crate) fn take_over(&mut self, told: &protection::HeldAt) {
        let changes = P::protection(&self.state).map(|(own, _)| own.taken_over(told));
        self.protect(changes.unwrap_or_default());
    }

    /// Writes a hold again above what the ledger knows of it.
    pub(crate) fn raise(&mut self, raise: &protection::Raise) -> Result<(), Refusal> {
        let changes = P::protection(&self.state).and_then(|(own, _)| own.raised(raise));
        let changes = changes.ok_or_else(|| Refusal::NoSuchPart("the case has no such hold".to_owned()))?;
        self.protect(changes);
        Ok(())
    }

    /// What holds say of the customer is other than it was.
    fn says_other(&self) -> bool {
        let said = |state| P::about(state).map(|about| (about.award.clone(), P::customer(state).formerly.clone()));
        said(self.before).is_some_and(|before| Some(before) != said(&self.state))
    }

    /// The decision, with the changes of the case's holds that follow from everything decided: there is no other place
    /// in which facts protect an award or release it.
    pub(crate) fn finish(mut self) -> Decision<P::Event> {
        let says_other = self.says_other();
        let changes = P::protection(&self.state).map(|(own, calls_for)| own.changes(&calls_for, says_other));
        self.protect(changes.unwrap_or_default());
        Decision { events: self.events, notes: self.notes }
    }
}

/// The rules that a date stands on where it is late; every fault where it cannot be right.
pub(crate) fn dated(
    context: &Context<'_>,
    field: &'static str,
    at: DateTime<Utc>,
    earliest: DateTime<Utc>,
    begun_by: Option<&'static str>,
    place: Option<&Place>,
    late_reason: Option<&NarrativeRef>,
) -> Result<Because, Refusal> {
    let mut faults = Vec::new();
    if at > context.now + CLOCK_SKEW {
        faults.push(Fault::new(field, "lies in the future"));
    }
    if at < earliest {
        faults.push(Fault::new(field, format!("lies before the {}", begun_by.unwrap_or("beginning"))));
    }
    let in_time_until = place.map(|place| LATE_AFTER.due(at, place.nation, context.calendars).ends_at);
    let late = in_time_until.is_some_and(|until| until < context.now);
    if late && late_reason.is_none() {
        let why = format!("is required: this is recorded more than {LATE_AFTER} after it happened (R-LATE-REASON)");
        faults.push(Fault::new("late_reason", why));
    }
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    Ok(if late { vec![&R_LATE_REASON] } else { vec![] })
}
