//! Facts that come late and out of order: the clock is at the time of recording before each.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, NO_LETTER, Row, Step, cited, london, run};
use holdfast_procedure::Role::VisitingOfficer;
use holdfast_procedure::visiting::ContactBy::Customer;
use holdfast_procedure::visiting::Outcome;
use holdfast_procedure::visiting::SecondVisit::{Needed, NotNeeded};
use holdfast_procedure::visiting::Stage::*;
use holdfast_procedure::visiting::Verdict::*;

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);

#[rustfmt::skip] // one case a row
const OUT_OF_ORDER: &[Row] = &[
    Row("the second visit recorded before the first", &[Now("2026-06-10 10:00"), SECOND, FIRST],
        HandedOver, &[(1, SecondIneffective), (2, FirstIneffective)]),
    Row("both recorded late in order", &[Now("2026-06-10 10:00"), FIRST, SECOND],
        HandedOver, &[(1, FirstIneffective), (2, SecondIneffective)]),
    Row("a call between them was in time for neither", &[Now("2026-06-10 10:00"), SECOND, Contact("2026-06-09 09:00"), FIRST],
        HandedOver, &[(1, SecondIneffective), (2, NotInTime), (3, FirstIneffective)]),
    Row("both on the last day of the first one's window", &[Now("2026-06-08 12:00"), Visit("2026-06-08 10:00", NO_ANSWER), FIRST],
        AwaitingContact, &[(1, TooEarly), (2, FirstIneffective)]),
    Row("an earlier visit comes to light in the window", &[Visit("2026-06-03 10:00", NO_ANSWER), FIRST],
        AwaitingContact, &[(1, TooEarly), (2, FirstIneffective)]),
    Row("an earlier visit comes to light after the second", &[Visit("2026-06-03 10:00", NO_ANSWER), Visit("2026-06-11 10:00", NO_ANSWER), FIRST],
        HandedOver, &[(1, FirstIneffective), (2, SecondIneffective), (3, Afterwards)]),
    Row("a visit between the two comes to light", &[FIRST, SECOND, Visit("2026-06-04 10:00", NO_ANSWER)],
        HandedOver, &[(1, FirstIneffective), (2, SecondIneffective), (3, Afterwards)]),
    Row("contact in time comes to light after two visits, the second in the window", &[FIRST, Visit("2026-06-05 10:00", NO_ANSWER),
        Contact("2026-06-03 10:00")], HandedOver, &[(1, FirstIneffective), (2, SecondIneffective), (3, InTime)]),
    Row("contact in time comes to light when the second visit is due", &[FIRST, Now("2026-06-09 10:00"), Contact("2026-06-03 10:00")],
        SecondVisitUndecided, &[(1, FirstIneffective), (2, InTime)]),
    Row("and was settled at once", &[FIRST, Now("2026-06-09 10:00"), ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded))],
        EndedNoSecondVisit, &[(1, FirstIneffective), (2, InTime)]),
    Row("contact in time comes to light after two visits", &[FIRST, SECOND, Contact("2026-06-03 10:00")],
        HandedOver, &[(1, FirstIneffective), (2, SecondIneffective), (3, Afterwards)]),
    Row("and settled at once", &[FIRST, SECOND, ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded))],
        HandedOver, &[(1, FirstIneffective), (2, SecondIneffective), (3, Afterwards)]),
    Row("contact that asked for the visit comes to light after it", &[FIRST, Visit("2026-06-05 10:00", NO_ANSWER),
        ContactBy("2026-06-03 10:00", Customer, Some(Needed))],
        HandedOver, &[(1, FirstIneffective), (2, SecondIneffective), (3, InTime)]),
    Row("the customer was seen between the two visits", &[FIRST, SECOND, Visit("2026-06-04 10:00", Outcome::Effective)],
        HandedOver, &[(1, FirstIneffective), (2, SecondIneffective), (3, Afterwards)]),
    Row("the customer was seen before the first", &[FIRST, Visit("2026-05-30 10:00", Outcome::Effective)],
        EndedVisitEffective, &[(1, Afterwards), (2, Effective)]),
    Row("ineffective visits before the customer was seen", &[Visit("2026-06-10 10:00", Outcome::Effective), FIRST, SECOND],
        HandedOver, &[(1, Afterwards), (2, FirstIneffective), (3, SecondIneffective)]),
    Row("the area was unsafe before the customer was seen", &[Visit("2026-06-10 10:00", Outcome::Effective), Unsafe("2026-06-01 10:00")],
        HandedOver, &[(1, Afterwards), (2, CountsAsTwo)]),
    Row("two visits before contact was decided on", &[FIRST, Contact("2026-06-08 10:00"), Decide(Needed), Visit("2026-06-09 09:00", NO_ANSWER),
        Contact("2026-06-02 10:00")], HandedOver, &[(1, FirstIneffective), (2, InTime), (3, SecondIneffective), (4, Afterwards)]),
];

#[test]
fn facts_out_of_order() {
    run(OUT_OF_ORDER);
}

#[test]
fn what_two_ineffective_visits_outlive_is_kept() {
    let mut case = Case::given(&[FIRST, SECOND, As(VisitingOfficer, &Contact("2026-06-03 10:00"))]);
    assert_eq!(cited(case.last("fact_judged")), ["R-LATER-CONTACT"]);
    assert!(case.notes[0].contains("R-LATER-CONTACT"));
    // Whatever follows changes nothing about it.
    case.when(&[
        TimePasses,
        Contact("2026-06-10 10:00"),
        Visit("2026-06-12 10:00", Outcome::BrokenOff),
        Posted("2026-06-12 12:00"),
    ]);
    assert_eq!((case.state.stage, case.state.basis.clone()), (HandedOver, vec![1, 2]));
}

/// Whoever leads has been told of two visits; what would make another visit the first, or move the window, comes late.
#[test]
fn nothing_that_comes_to_light_changes_what_the_handover_rests_on() {
    let second = Visit("2026-06-11 10:00", NO_ANSWER);
    let mut case = Case::given(&[Visit("2026-06-03 10:00", NO_ANSWER), second]);
    let before = case.state.clone();
    case.when(&[FIRST, As(VisitingOfficer, &Contact("2026-06-04 10:00")), Unsafe("2026-06-02 10:00")]);
    let (now, earlier) = (&case.state, case.verdicts()[..2].to_vec());
    assert_eq!((&now.basis, &now.window, now.since), (&before.basis, &before.window, before.since));
    assert_eq!(earlier, [(1, FirstIneffective), (2, SecondIneffective)]);
    assert_eq!(case.verdicts()[2..], [(3, Afterwards), (4, Afterwards), (5, Afterwards)]);
    assert_eq!(case.owed(), ["communications-note:4"]);
}

/// The customer was left a letter, or spoken of, by the later date.
#[test]
fn an_earlier_visit_takes_no_days_away() {
    let case = Case::given(&[Visit("2026-06-03 10:00", NO_ANSWER), FIRST]);
    assert_eq!(case.window_ends(), london("2026-06-10 23:59:59.999999"));
    assert_eq!(case.state.window.as_ref().unwrap().fact, 2);
    assert_eq!(cited(case.last("contact_window_derived_again")), ["PIP-2", "R-WORKING-DAYS"]);
    let case = Case::given(&[Visit("2026-06-03 10:00", NO_ANSWER), FIRST, Contact("2026-06-10 23:00")]);
    assert_eq!(case.state.stage, SecondVisitUndecided);
    let case = Case::given(&[Visit("2026-06-03 10:00", NO_ANSWER), FIRST, Now("2026-06-11 00:00")]);
    assert_eq!(case.state.stage, SecondVisitDue);
}

/// But the window that a second visit seemed to open was never one.
#[test]
fn a_second_visit_opens_no_window() {
    let case = Case::given(&[Now("2026-06-10 10:00"), SECOND, FIRST]);
    assert_eq!(case.window_ends(), london("2026-06-08 23:59:59.999999"));
    assert_eq!(case.state.since, Some(london("2026-06-09 10:00")));
}

#[test]
fn the_letter_owed_is_that_of_the_visit_that_turns_out_first() {
    let mut case = Case::given(&[Visit("2026-06-03 10:00", NO_ANSWER)]);
    assert_eq!(case.owed(), Vec::<String>::new());
    case.when(&[Visit("2026-06-01 10:00", NO_LETTER)]);
    assert_eq!(case.owed(), ["letter:2"]);
}

#[test]
fn a_fact_more_than_ten_working_days_old_needs_a_reason() {
    let late = Visit("2026-06-01 10:00", NO_ANSWER);
    let mut case = Case::given(&[Now("2026-06-15 23:59:59.999999")]);
    case.attempt(&late).expect("ten working days are not more than ten");
    assert!(!cited(case.last("visit_recorded")).contains(&"R-LATE-REASON"));
    let mut case = Case::given(&[Now("2026-06-16 00:00")]);
    let refusal = format!("{:?}", case.attempt(&late).unwrap_err());
    assert!(refusal.contains("late_reason") && refusal.contains("R-LATE-REASON"), "{refusal}");
    case.when(&[Late(&FIRST)]);
    assert_eq!(cited(case.last("visit_recorded")), ["R-LATE-REASON"]);
    assert_eq!(case.state.stage, SecondVisitDue);
}
