//! What is owed at each stage, by whom and on what rule; and when time has consequences.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, NO_LETTER, Step, UNSAFE, london};
use chrono::TimeDelta;
use holdfast_procedure::Role::{self, CesTeam, VisitingOfficer};
use holdfast_procedure::visiting::ContactBy::{Customer, Representative, ThirdParty};
use holdfast_procedure::visiting::Outcome;
use holdfast_procedure::visiting::SecondVisit::{Needed, NotNeeded};
use holdfast_procedure::visiting::{Visiting, WithdrawalGround};
use holdfast_procedure::{Decider, Timer};

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const NOT_LEFT: Step = Visit("2026-06-01 10:00", NO_LETTER);
const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);
const SEEN: Step = Visit("2026-06-01 10:00", Outcome::Effective);
const IN_TIME: Step = Contact("2026-06-03 10:00");

/// Key, owner, rule, the command that discharges it, whether the case waits for it, and since when it is owed.
type Owed = (&'static str, Role, &'static str, &'static str, bool, &'static str);

const FIRST_VISIT: Owed = ("first-visit", VisitingOfficer, "R-NOT-PRESCRIBED", "RecordVisit", true, "2026-05-29 09:00");
const LETTER: Owed = ("letter:1", VisitingOfficer, "PIP-2", "RecordLetter", false, "2026-06-01 10:00");
const LETTER_2: Owed = ("letter:2", VisitingOfficer, "PIP-2", "RecordLetter", false, "2026-06-01 10:00");
const DUE: Owed = ("second-visit", VisitingOfficer, "PIP-4", "RecordVisit", true, "2026-06-08 23:59:59.999999");
const DUE_BY_DECISION: Owed = ("second-visit", VisitingOfficer, "PIP-3", "RecordVisit", true, "2026-06-03 10:00");
const DECISION: Owed = ("second-visit-decision", CesTeam, "PIP-3", "DecideSecondVisit", true, "2026-06-03 10:00");
const NOTE: Owed = ("communications-note:2", CesTeam, "PIP-3", "CompleteTask", false, "2026-06-03 10:00");
const NOTE_3: Owed = ("communications-note:3", CesTeam, "PIP-3", "CompleteTask", false, "2026-06-03 10:00");
const NOTE_AT_ONCE: Owed = ("communications-note:3", CesTeam, "PIP-3", "CompleteTask", false, "2026-06-01 10:00");
const NOTE_AT_LAST: Owed =
    ("communications-note:3", CesTeam, "PIP-3", "CompleteTask", false, "2026-06-08 23:59:59.999999");
const REOPENED: Owed = ("second-visit", VisitingOfficer, "PIP-3", "RecordVisit", true, "2026-06-04 10:00");
const OUTCOME_3: Owed =
    ("return-outcome:3", VisitingOfficer, "R-NOT-PRESCRIBED", "CompleteTask", false, "2026-06-10 10:00");
const OUTCOME_2: Owed =
    ("return-outcome:2", VisitingOfficer, "R-NOT-PRESCRIBED", "CompleteTask", false, "2026-06-02 10:00");
const OUTCOME: Owed =
    ("return-outcome:1", VisitingOfficer, "R-NOT-PRESCRIBED", "CompleteTask", false, "2026-06-01 10:00");

/// What happened, and what is owed then.
type Stand = (&'static [Step], &'static [Owed]);

#[rustfmt::skip] // one case a row
const OWED: &[Stand] = &[
    (&[], &[FIRST_VISIT]),
    (&[Visit("2026-06-01 10:00", Outcome::BrokenOff)], &[FIRST_VISIT]),
    (&[Contact("2026-06-01 09:00")], &[FIRST_VISIT]),
    (&[FIRST], &[]),
    (&[NOT_LEFT], &[LETTER]),
    (&[NOT_LEFT, Posted("2026-06-01 10:00")], &[]),
    (&[NOT_LEFT, Posted("2026-06-03 10:00")], &[]),
    (&[Posted("2026-06-01 09:59"), NOT_LEFT], &[LETTER_2]),
    (&[NOT_LEFT, Posted("2026-06-03 10:00"), Void(2)], &[LETTER]),
    (&[NOT_LEFT, Now("2026-06-09 10:00")], &[DUE, LETTER]),
    // It is still owed, by post, whatever becomes of the visits; but not once they were seen or got in touch, which is
    // what it asks them for, nor where there should never have been a visit.
    (&[NOT_LEFT, SECOND], &[LETTER]),
    (&[NOT_LEFT, SECOND, Posted("2026-06-10 10:00")], &[]),
    (&[NOT_LEFT, SECOND, NoteDecision(true)], &[LETTER]),
    (&[NOT_LEFT, Visit("2026-06-02 10:00", Outcome::Effective)], &[OUTCOME_2]),
    (&[NOT_LEFT, Withdraw(WithdrawalGround::Abroad)], &[LETTER]),
    (&[NOT_LEFT, Withdraw(WithdrawalGround::EffectiveContact)], &[]),
    (&[NOT_LEFT, Withdraw(WithdrawalGround::RecordedInError)], &[]),
    (&[Visit("2026-06-09 10:00", UNSAFE)], &[]),
    (&[FIRST, ContactBy("2026-06-03 10:00", ThirdParty, None)], &[]),
    (&[FIRST, Now("2026-06-09 10:00")], &[DUE]),
    (&[FIRST, Visit("2026-06-05 10:00", NO_ANSWER), Now("2026-06-09 10:00")], &[DUE]),
    (&[FIRST, Visit("2026-06-09 10:00", Outcome::BrokenOff)], &[DUE]),
    (&[FIRST, IN_TIME], &[DECISION, NOTE]),
    (&[FIRST, IN_TIME, Now("2026-07-01 10:00")], &[DECISION, NOTE]),
    (&[FIRST, IN_TIME, As(CesTeam, &Complete("communications-note:2"))], &[DECISION]),
    (&[FIRST, IN_TIME, Decide(Needed)], &[DUE_BY_DECISION, NOTE]),
    (&[FIRST, IN_TIME, Decide(NotNeeded)], &[NOTE]),
    (&[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded)), As(CesTeam, &Complete("communications-note:2"))], &[]),
    (&[FIRST, IN_TIME, Void(2)], &[]),
    (&[FIRST, SECOND], &[]),
    (&[FIRST, SECOND, As(VisitingOfficer, &Contact("2026-06-10 10:00"))], &[]),
    (&[FIRST, SECOND, As(Role::Referrer, &Contact("2026-06-10 10:00"))], &[]),
    (&[FIRST, SECOND, Contact("2026-06-10 10:00")], &[]),
    (&[FIRST, SECOND, Contact("2026-06-10 09:00"), As(VisitingOfficer, &Correct(3, &Contact("2026-06-10 10:00")))],
        &[]),
    (&[FIRST, SECOND, IN_TIME], &[NOTE_3]),
    (&[FIRST, SECOND, Contact("2026-06-01 10:00")], &[NOTE_AT_ONCE]),
    (&[FIRST, SECOND, Contact("2026-06-08 23:59:59.999999")], &[NOTE_AT_LAST]),
    (&[FIRST, SECOND, ContactBy("2026-06-03 10:00", Representative, None)], &[NOTE_3]),
    (&[FIRST, SECOND, IN_TIME, As(CesTeam, &Complete("communications-note:3"))], &[]),
    (&[FIRST, SECOND, ContactBy("2026-06-03 10:00", ThirdParty, None)], &[]),
    (&[FIRST, SECOND, Contact("2026-06-01 09:59:59.999999")], &[]),
    (&[FIRST, SECOND, Contact("2026-06-09 00:00")], &[]),
    (&[FIRST, Visit("2026-06-02 10:00", Outcome::Effective), IN_TIME], &[NOTE_3, OUTCOME_2]),
    (&[FIRST, Visit("2026-06-02 10:00", Outcome::Effective), Void(1), IN_TIME], &[OUTCOME_2]),
    (&[FIRST, SECOND, Visit("2026-06-10 10:00", Outcome::Effective)], &[]),
    (&[FIRST, SECOND, Visit("2026-06-10 10:00", Outcome::BrokenOff)], &[]),
    (&[FIRST, SECOND, Unsafe("2026-06-10 10:00")], &[]),
    (&[FIRST, SECOND, As(CesTeam, &Unsafe("2026-06-10 10:00"))], &[]),
    (&[FIRST, SECOND, Posted("2026-06-10 10:00")], &[]),
    (&[FIRST, IN_TIME, Decide(NotNeeded), Visit("2026-06-10 10:00", NO_ANSWER)], &[NOTE]),
    (&[FIRST, IN_TIME, Decide(NotNeeded), Now("2026-06-04 10:00"), Decide(Needed)], &[REOPENED, NOTE]),
    (&[FIRST, IN_TIME, Decide(NotNeeded), Visit("2026-06-10 10:00", Outcome::Effective)], &[NOTE, OUTCOME_3]),
    (&[SEEN], &[OUTCOME]),
    (&[SEEN, Complete("return-outcome:1")], &[]),
    (&[SEEN, Contact("2026-06-03 10:00")], &[OUTCOME]),
    (&[FIRST, Withdraw(WithdrawalGround::Abroad)], &[]),
];

#[test]
fn tasks_stand_until_they_are_done() {
    for (steps, expected) in OWED {
        let case = Case::given(steps);
        let tasks = Visiting::tasks(&case.state, &case.guidance);
        let owed = tasks.iter().map(|task| {
            assert_eq!(task.due, None, "no date is prescribed");
            (task.key.as_str(), task.owner, task.rule.id, task.discharged_by, task.blocking, task.since)
        });
        let expected = expected
            .iter()
            .map(|(key, owner, rule, by, blocking, since)| (*key, *owner, *rule, *by, *blocking, london(since)));
        assert_eq!(owed.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "after {steps:?}");
    }
}

/// What happened, and which of the tasks owed then mean contacting the customer.
type Contacting = (&'static [Step], &'static [(&'static str, bool)]);

/// Getting in touch with the customer is what a report of a death stops.
#[test]
fn a_task_says_whether_doing_it_contacts_the_customer() {
    #[rustfmt::skip]
    let contacts: &[Contacting] = &[
        (&[], &[("first-visit", true)]),
        (&[NOT_LEFT, Now("2026-06-09 10:00")], &[("second-visit", true), ("letter:1", true)]),
        (&[FIRST, IN_TIME], &[("second-visit-decision", false), ("communications-note:2", false)]),
        (&[SEEN], &[("return-outcome:1", false)]),
    ];
    for (steps, expected) in contacts {
        let case = Case::given(steps);
        let tasks = Visiting::tasks(&case.state, &case.guidance);
        let owed: Vec<_> = tasks.iter().map(|task| (task.key.as_str(), task.contacts_customer)).collect();
        assert_eq!(owed, *expected, "after {steps:?}");
    }
}

#[test]
fn a_completed_task_keeps_where_it_was_done() {
    let case = Case::given(&[SEEN, Complete("return-outcome:1")]);
    let done = &case.state.desk.completed["return-outcome:1"];
    assert_eq!((done.system.as_str(), done.reference.as_str(), done.occurred_at), ("PIPCS", "note 1", case.now));
}

#[test]
fn time_has_consequences_only_while_the_window_runs() {
    #[rustfmt::skip]
    let without: &[&[Step]] = &[
        &[],
        &[SEEN],
        &[FIRST, IN_TIME],
        &[FIRST, IN_TIME, Decide(Needed)],
        &[FIRST, IN_TIME, Decide(NotNeeded)],
        &[FIRST, Now("2026-06-09 00:00")],
        &[FIRST, SECOND],
        &[FIRST, Withdraw(WithdrawalGround::Abroad)],
        &[FIRST, Void(1)],
    ];
    for steps in without {
        assert_eq!(Visiting::timers(&Case::given(steps).state), [], "{steps:?}");
    }
    let at = london("2026-06-09 00:00");
    for steps in [&[FIRST][..], &[FIRST, Visit("2026-06-05 10:00", NO_ANSWER)], &[FIRST, IN_TIME, Void(2)]] {
        let timer = Timer { key: "contact-window:1".to_owned(), at };
        assert_eq!(Visiting::timers(&Case::given(steps).state), [timer], "{steps:?}");
    }
}

/// What is being waited for is said of the state, and not once more of what was just recorded.
#[test]
fn the_outlook_tells_of_the_window_while_it_runs() {
    let case = Case::given(&[FIRST]);
    let waiting = "The customer has until the end of 2026-06-08 to contact the CES Team; without contact a second \
                   visit is due then, without anybody asking for it.";
    assert_eq!((Visiting::outlook(&case.state), case.notes), (vec![waiting.to_owned()], vec![]));
    let without: [&[Step]; 4] = [&[], &[FIRST, IN_TIME], &[FIRST, Now("2026-06-09 00:00")], &[FIRST, SECOND]];
    for steps in without {
        assert_eq!(Visiting::outlook(&Case::given(steps).state), Vec::<String>::new(), "{steps:?}");
    }
}

/// A timer fires at the first instant at which it has something to do.
#[test]
fn a_timer_fires_neither_early_nor_late() {
    let mut case = Case::given(&[FIRST]);
    let at = Visiting::timers(&case.state)[0].at;
    case.now = at - TimeDelta::microseconds(1);
    assert_eq!(case.time_alone(), []);
    case.now = at;
    assert_eq!(case.time_alone().len(), 1);
}
