//! What holds whatever is recorded, in whatever order.

use super::case::{Case, REFERRED, Step, cited, complete, london, refer, words};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::desk::{self, Assignment};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::protection::HoldGround;
use holdfast_procedure::task::COMPLETE_TASK;
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Decider, Role, Task, Timer, Told};
use proptest::prelude::*;

/// Checks a case that has just taken a command against what it was before.
pub(crate) fn check(before: &State, case: &Case) {
    let state = &case.state;
    assert_eq!(case.replayed(), *state, "the journal replays to the same state");
    assert_eq!(case.time_alone(), [], "judging again at the same instant adds nothing");
    let opened = state.opened.as_ref().expect("a case that takes commands is open");
    assert!(state.since.expect("a stage holds since some time") >= opened.occurred_at);
    if before.handover.is_some() {
        unchanged_under_the_lead(before, case);
    }
    ended_from_outside(state);
    for (number, fact) in &before.facts {
        let after = state.facts.get(number).expect("no fact is lost");
        assert_eq!((&after.happening, after.recorded_at), (&fact.happening, fact.recorded_at), "nor altered");
        assert!(after.superseded || !fact.superseded, "nor reinstated");
    }
    for entry in &case.journal {
        let ruled = &entry.ruled;
        // A visit or contact is recorded as it is reported; what stands on rules is what is made of it.
        let reported = matches!(ruled.event, Event::FactRecorded { .. });
        assert!(reported || !ruled.rules.is_empty(), "{:?} stands on rules", ruled.event);
        let mut ids = cited(ruled);
        ids.dedup();
        assert_eq!(ids, cited(ruled), "no rule is cited twice in a row");
        assert!(case.guidance.versions().any(|version| version.name == ruled.version));
    }
    no_dead_end(case);
    timers_lie_ahead(case);
}

/// Once two visits were ineffective, nothing but a correction changes what was made of the facts.
fn unchanged_under_the_lead(before: &State, case: &Case) {
    let state = &case.state;
    if state.times_taken_back > before.times_taken_back {
        super::taken_back::check(before, case);
        return;
    }
    assert!(state.handover.is_some(), "two ineffective visits are not undone");
    if state.standing_facts().count() < before.standing_facts().count() + state.facts.len() - before.facts.len() {
        return;
    }
    let judged = |state: &State| (state.window.clone(), state.handover.clone());
    assert_eq!(judged(state), judged(before));
    for (number, fact) in &state.facts {
        let verdict = before.facts.get(number).map_or(Some(Verdict::Afterwards), |before| before.verdict);
        let unjudged = !fact.happening.is_about_visits() || matches!(fact.happening, Happening::Letter(_));
        assert!(unjudged || fact.verdict == verdict, "fact {number}: {:?}", fact.verdict);
    }
}

/// A verified death ends a case, and so does the decision; neither does where it was taken back.
fn ended_from_outside(state: &State) {
    assert_eq!(state.stage == Stage::EndedDeath, state.customer.death_is_confirmed());
    let decided = state.handover.is_some() && state.decided.is_some() && !state.customer.death_is_confirmed();
    assert_eq!(state.stage == Stage::EndedDecided, decided);
    if let Some(handover) = state.handover.as_ref().filter(|_| state.stage == Stage::HandedOver) {
        assert_eq!((state.since, &state.basis), (Some(handover.since), &handover.facts), "it stands as it was made");
    }
    assert_eq!(file(state).is_some(), state.handover.is_some());
}

/// Somebody owes the next step, or time brings it about. Where a death is reported, the next step is to verify it.
fn no_dead_end(case: &Case) {
    let tasks = Visiting::tasks(&case.state, &case.guidance);
    let died = case.state.customer.death.is_some();
    assert!(!died || tasks.iter().all(|task| !task.contacts_customer), "nobody contacts the dead");
    let blocking = tasks.iter().any(|task| task.blocking || task.discharged_by == "ConfirmDeath");
    match case.state.stage {
        Stage::AwaitingContact => {
            let window = |timer: &Timer| timer.key.starts_with("contact-window");
            assert_eq!(Visiting::timers(&case.state).iter().filter(|timer| window(timer)).count(), 1);
        }
        Stage::ConsiderationDue
        | Stage::TriageDue
        | Stage::ReferralDue
        | Stage::FirstVisitDue
        | Stage::SecondVisitUndecided
        | Stage::SecondVisitDue => assert!(blocking),
        Stage::ConcernWithSpoc
        | Stage::WithAdviser
        | Stage::HandedOver
        | Stage::EndedVisitNotRequired
        | Stage::EndedVisitEffective
        | Stage::EndedNoSecondVisit
        | Stage::EndedWithdrawn
        | Stage::EndedDeath
        | Stage::EndedDecided => assert!(tasks.iter().all(|task| !task.blocking)),
    }
}

fn timers_lie_ahead(case: &Case) {
    let timers = Visiting::timers(&case.state);
    assert!(timers.iter().all(|Timer { at, .. }| *at > case.now), "a timer in the past would never be reached");
    let of_window = |timer: &Timer| timer.key.starts_with("contact-window");
    assert!(!timers.iter().any(of_window) || case.state.stage == Stage::AwaitingContact);
    assert!(timers.iter().all(of_window) || case.state.follow_up.is_some());
}

/// Something done to a case, at random: how many minutes after the step before, and what.
#[derive(Debug, Clone)]
pub(crate) struct Move {
    after: i64,
    role: Role,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Record(Reported),
    Decide(SecondVisit),
    Withdraw(WithdrawalGround),
    Correct(u32, Option<Reported>),
    /// The task at this place of the list.
    Complete(usize),
    TimePasses,
    DeriveTermsAgain,
    Refer,
    /// The task at this place of the list is given to somebody, or back.
    Assign(usize, Option<&'static str>),
    NoteDecision(bool),
    /// Something is told of the customer, or of what was recorded in error.
    Tell(Step),
}

/// Something reported: how many minutes ago it happened, and what.
#[derive(Debug, Clone)]
struct Reported {
    ago: i64,
    explained: bool,
    what: Thing,
}

#[derive(Debug, Clone)]
enum Thing {
    Visit(Outcome),
    Unsafe,
    Letter,
    Contact(ContactBy, Option<SecondVisit>),
    Concern,
}

impl Reported {
    fn happening(&self, now: DateTime<Utc>) -> Happening {
        let occurred_at = now - TimeDelta::minutes(self.ago);
        match self.what {
            Thing::Visit(outcome) => Happening::Visit(Visit { occurred_at, outcome, seen: None }),
            Thing::Unsafe => Happening::UnsafeArea(UnsafeArea { occurred_at }),
            Thing::Letter => Happening::Letter(Letter { occurred_at }),
            Thing::Concern => Happening::Concern(Concern { occurred_at }),
            Thing::Contact(by, second_visit) => Happening::Contact(Contact {
                occurred_at,
                channel: Channel::Email,
                by,
                second_visit,
                understanding: None,
            }),
        }
    }
}

impl Move {
    fn command(&self, case: &Case) -> Command {
        let record = |reported: &Reported| Record {
            happening: reported.happening(case.now),
            narrative: None,
            late_reason: reported.explained.then(|| words("late")),
        };
        match &self.what {
            What::Record(reported) => Command::Record(record(reported)),
            What::Decide(second_visit) => {
                Command::DecideSecondVisit { second_visit: *second_visit, understanding: None, reason: words("so") }
            }
            What::Withdraw(ground) => Command::Withdraw { ground: *ground, reason: words("so") },
            What::Correct(fact, right) => {
                let right = right.as_ref().map(|reported| reported.happening(case.now));
                Command::Correct(Correction { fact: *fact, right, narrative: None, reason: words("misread") })
            }
            What::Complete(place) => {
                let owed = case.owed();
                complete(owed.get(place % owed.len().max(1)).map_or("", String::as_str), case.now)
            }
            What::Assign(place, person) => {
                let owed = case.owed();
                let key = owed.get(place % owed.len().max(1)).cloned().unwrap_or_default();
                let to = Assignment { person: person.map(str::to_owned), ..Assignment::default() };
                Command::Desk(desk::Command::Assign { key, to })
            }
            What::NoteDecision(decided) => {
                let times_taken_back = case.state.handover.as_ref().map_or(0, |handover| handover.times_taken_back);
                Command::NoteDecision { decided: *decided, times_taken_back }
            }
            What::Tell(step) => step.command(case.now),
            What::TimePasses => Command::LetTimePass,
            What::DeriveTermsAgain => Command::DeriveTermsAgain,
            What::Refer => refer(case.now, Nation::England),
        }
    }
}

/// Moves the clock on and does one thing, be it refused or not. A case checks itself after every command.
fn make(case: &mut Case, step: &Move) {
    case.now += TimeDelta::minutes(step.after);
    let before = case.state.clone();
    if case.apply(step.role, &step.command(case)).is_err() {
        assert_eq!(case.state, before, "nothing is kept of what is refused");
    }
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    let ineffective = |ground| [true, false].map(|letter_left| Outcome::Ineffective { ground, letter_left });
    let mut outcomes = vec![Outcome::Effective, Outcome::BrokenOff];
    // An unsafe area ends every other case at once, so it is drawn less often than the others.
    outcomes.extend(
        [Ground::NotAtHome, Ground::NoAnswer, Ground::NoAnswer, Ground::RefusedToCooperate].map(ineffective).concat(),
    );
    outcomes.extend(ineffective(Ground::UnsafeArea).into_iter().take(1));
    prop::sample::select(outcomes)
}

fn reported() -> impl Strategy<Value = Reported> {
    let second_visit = prop::sample::select(vec![None, None, Some(SecondVisit::Needed), Some(SecondVisit::NotNeeded)]);
    let by = prop::sample::select(vec![ContactBy::Customer, ContactBy::Representative, ContactBy::ThirdParty]);
    let what = prop_oneof![
        4 => outcomes().prop_map(Thing::Visit),
        1 => Just(Thing::Unsafe),
        1 => Just(Thing::Letter),
        1 => Just(Thing::Concern),
        4 => (by, second_visit).prop_map(|(by, second_visit)| Thing::Contact(by, second_visit)),
    ];
    // Now, a caller's clock a minute ahead of ours, within days, within weeks.
    let ago = prop_oneof![3 => Just(0), 1 => Just(-1), 3 => 0..7_000_i64, 2 => 0..30_000_i64];
    (ago, prop::bool::weighted(0.9), what).prop_map(|(ago, explained, what)| Reported { ago, explained, what })
}

/// What is told of customers, at whatever time.
const TOLD: &[Step] = &[
    Step::Died("2026-05-29 09:00"),
    Step::ConfirmDeath,
    Step::ConfirmDeath,
    Step::DeathMistaken,
    Step::Moved("2026-05-29 09:00", Nation::Scotland),
    Step::Moved("2026-06-02 09:00", Nation::England),
    Step::Merged("C-2"),
    Step::Raise(HoldGround::OpenReferral, 2, true),
    Step::Raise(HoldGround::OpenReferral, 3, false),
    Step::Raise(HoldGround::TwoIneffectiveVisits, 1, true),
    Step::Raise(HoldGround::ConcernOnRecord, 4, true),
];

pub(crate) fn moves() -> impl Strategy<Value = Move> {
    use WithdrawalGround::*;
    let grounds = prop::sample::select(vec![EffectiveContact, Abroad, ClaimWithdrawn, RecordedInError]);
    let second_visit = prop::sample::select(vec![SecondVisit::Needed, SecondVisit::NotNeeded]);
    let what = prop_oneof![
        10 => reported().prop_map(What::Record),
        2 => second_visit.prop_map(What::Decide),
        1 => grounds.prop_map(What::Withdraw),
        4 => (1..8_u32, prop::option::weighted(0.7, reported())).prop_map(|(fact, right)| What::Correct(fact, right)),
        3 => any::<usize>().prop_map(What::Complete),
        2 => Just(What::TimePasses),
        1 => Just(What::DeriveTermsAgain),
        1 => Just(What::Refer),
        1 => (any::<usize>(), prop::sample::select(vec![None, Some("p-1"), Some("p-2")]))
            .prop_map(|(place, person)| What::Assign(place, person)),
        1 => any::<bool>().prop_map(What::NoteDecision),
        4 => Just(What::Tell(Step::ConfirmRetraction)),
        1 => Just(What::Tell(Step::DeclineRetraction)),
        1 => (1..9_u64).prop_map(|version| What::Tell(Step::ReceiveBack(version))),
        3 => prop::sample::select(TOLD).prop_map(What::Tell),
    ];
    let roles = prop::sample::select(vec![Role::CesTeam, Role::CesTeam, Role::VisitingOfficer, Role::Referrer]);
    let after = prop_oneof![Just(0), 0..600_i64, 0..6_000_i64];
    (after, roles, what).prop_map(|(after, role, what)| Move { after, role, what })
}

/// Moves a case from its referral, and checks it after every one.
pub(crate) fn reach(case: &mut Case, moves: &[Move]) {
    for step in moves {
        make(case, step);
    }
}

/// Does whatever is owed or whatever time brings about, nobody ever being at home, until the visits are over.
pub(crate) fn finish(case: &mut Case) {
    for _ in 0..6 {
        if case.state.stage.visits_are_over() {
            return;
        }
        if let Some(Timer { at, .. }) = Visiting::timers(&case.state).pop() {
            case.now = at;
            case.apply(Role::Suite, &Command::LetTimePass).expect("time passes");
            continue;
        }
        let owed = Visiting::tasks(&case.state, &case.guidance);
        let leads_on = |task: &Task| task.blocking || task.discharged_by == "ConfirmDeath";
        let next = owed.into_iter().find(leads_on).expect("the next step is owed");
        let command = match next.discharged_by {
            "RecordVisit" => {
                let outcome = Outcome::Ineffective { ground: Ground::NoAnswer, letter_left: true };
                let happening = Happening::Visit(Visit { occurred_at: case.now, outcome, seen: None });
                Command::Record(Record { happening, narrative: None, late_reason: None })
            }
            "DecideSecondVisit" => Command::DecideSecondVisit {
                second_visit: SecondVisit::Needed,
                understanding: None,
                reason: words("not convinced"),
            },
            "ConfirmDeath" => Step::ConfirmDeath.command(case.now),
            other => panic!("{other} does not lead on"),
        };
        case.apply(next.owner, &command).expect("whoever owes a step may take it");
        case.now += TimeDelta::minutes(1);
    }
    assert!(case.state.stage.visits_are_over(), "still {:?} after six steps", case.state.stage);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn nothing_recorded_in_any_order_leads_astray(moves in prop::collection::vec(moves(), 1..25)) {
        let mut case = Case::referred();
        reach(&mut case, &moves);
    }

    #[test]
    fn doing_what_is_owed_always_leads_to_the_end_of_the_visits(moves in prop::collection::vec(moves(), 0..15)) {
        let mut case = Case::referred();
        reach(&mut case, &moves);
        case.now += TimeDelta::minutes(2);
        finish(&mut case);
    }

    /// That time has passed is never a reason (R-NO-LAPSE).
    #[test]
    fn time_alone_releases_nothing(moves in prop::collection::vec(moves(), 0..20), days in 0..4_000_i64) {
        let mut case = Case::referred();
        reach(&mut case, &moves);
        case.now += TimeDelta::days(days);
        let released = case.time_alone().iter().any(|ruled| ruled.event.name() == "protection_released");
        prop_assert!(!released);
    }

    /// While no window can have ended, the order of recording makes no difference, but that two ineffective visits,
    /// once judged, stay.
    #[test]
    fn the_order_of_recording_makes_no_difference(
        facts in prop::collection::btree_map(0..6_900_i64, reported(), 1..6), order in any::<prop::sample::Index>(),
    ) {
        let facts: Vec<_> = facts.into_iter().map(|(ago, fact)| Reported { ago, ..fact }).collect();
        let mut rotated = facts.clone();
        rotated.rotate_left(order.index(facts.len()));
        let recorded = |facts: &[Reported]| {
            let mut case = Case::referred();
            case.now = london("2026-06-03 10:00");
            for fact in facts {
                let record = Record { happening: fact.happening(case.now), narrative: None, late_reason: None };
                case.apply(Role::CesTeam, &Command::Record(record)).expect("a fact is recorded");
            }
            case.state.stage
        };
        let (one, other) = (recorded(&facts), recorded(&rotated));
        prop_assert!(one == other || one == Stage::HandedOver || other == Stage::HandedOver, "{one:?}, {other:?}");
    }

    #[test]
    fn a_case_never_opened_takes_nothing_but_a_referral(step in moves()) {
        let mut case = Case::unopened(REFERRED, Guidance::published());
        let command = step.command(&case);
        prop_assume!(!matches!(command, Command::Refer { .. }));
        prop_assert!(case.apply(step.role, &command).is_err());
        prop_assert_eq!(case.state, State::default());
    }
}

#[test]
fn only_acts_in_other_systems_are_completed_as_tasks() {
    let mut case = Case::referred();
    let now = case.now;
    for task in
        Visiting::tasks(&case.state, &case.guidance).into_iter().filter(|task| task.discharged_by != COMPLETE_TASK)
    {
        assert!(case.apply(task.owner, &complete(&task.key, now)).is_err());
    }
}
