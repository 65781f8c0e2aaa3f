//! Windows across bank holidays and clock changes, and a calendar that changes while a window runs.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, Step, cited, london, refer};
use chrono::NaiveDate;
use holdfast_procedure::calendar::{Calendar, Calendars, Division, Nation, Nation::*};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::visiting::Stage::*;
use holdfast_procedure::visiting::{Command, Event, Happening, Outcome, Record, Visit};
use holdfast_procedure::{Role, Told, visiting};

/// Where, the first visit, and the last instant of the window, both in London.
type Edge = (Nation, &'static str, &'static str);

#[rustfmt::skip] // one case a row
const EDGES: &[Edge] = &[
    (England, "2026-04-01 10:00", "2026-04-10 23:59:59.999999"),  // Good Friday and Easter Monday
    (Scotland, "2026-04-01 10:00", "2026-04-09 23:59:59.999999"), // Good Friday only
    (England, "2026-03-31 23:59", "2026-04-09 23:59:59.999999"),
    (Scotland, "2026-03-31 23:59", "2026-04-08 23:59:59.999999"),
    (England, "2026-12-29 10:00", "2027-01-06 23:59:59.999999"),  // 1 January
    (Scotland, "2026-12-29 10:00", "2027-01-07 23:59:59.999999"), // 1 and 4 January
    (England, "2026-12-24 10:00", "2027-01-05 23:59:59.999999"),  // Christmas, Boxing Day kept on the 28th, 1 January
    (Scotland, "2026-12-24 10:00", "2027-01-06 23:59:59.999999"),
    (England, "2026-10-19 10:00", "2026-10-26 23:59:59.999999"),  // ends in winter time
    (Scotland, "2026-10-19 10:00", "2026-10-26 23:59:59.999999"),
    (England, "2026-10-16 10:00", "2026-10-23 23:59:59.999999"),  // ends in summer time
    (England, "2026-10-25 00:30", "2026-10-30 23:59:59.999999"),  // on the day the clocks change
    (England, "2026-06-08 10:00", "2026-06-15 23:59:59.999999"),
    (Scotland, "2026-06-08 10:00", "2026-06-16 23:59:59.999999"), // a holiday by proclamation
];

/// A case referred at the instant of its first visit, which nobody answered.
fn visited(nation: Nation, at: &str) -> Case {
    let mut case = Case::unopened(at, Guidance::published());
    case.apply(Role::Referrer, &refer(london(at), nation)).expect("a referral");
    let visit = Visit { occurred_at: london(at), outcome: NO_ANSWER, seen: None };
    record(&mut case, Happening::Visit(visit));
    case
}

fn record(case: &mut Case, happening: Happening) {
    let record = Record { happening, narrative: None, late_reason: None };
    case.apply(Role::CesTeam, &Command::Record(record)).expect("a fact is recorded");
}

fn contacted(nation: Nation, visited_at: &str, at: chrono::DateTime<chrono::Utc>) -> visiting::Stage {
    let mut case = visited(nation, visited_at);
    case.now = at;
    let Some(Happening::Contact(contact)) = Contact(super::case::REFERRED).happening() else { unreachable!() };
    record(&mut case, Happening::Contact(visiting::Contact { occurred_at: at, ..contact }));
    case.state.stage
}

#[test]
fn windows_end_with_their_last_working_day() {
    for (nation, visit, ends) in EDGES {
        let case = visited(*nation, visit);
        assert_eq!(case.window_ends(), london(ends), "{nation:?}, {visit}");
        let next = london(ends) + chrono::TimeDelta::microseconds(1);
        assert_eq!(contacted(*nation, visit, london(ends)), SecondVisitUndecided, "{nation:?}, {visit}");
        assert_eq!(contacted(*nation, visit, next), SecondVisitDue, "{nation:?}, {visit}");
        for (second, stage) in [(london(ends), AwaitingContact), (next, HandedOver)] {
            let mut case = visited(*nation, visit);
            case.now = second;
            record(&mut case, Happening::Visit(Visit { occurred_at: second, outcome: NO_ANSWER, seen: None }));
            assert_eq!(case.state.stage, stage, "{nation:?}, {visit}");
        }
    }
}

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);

/// The built-in calendars, with a holiday that nobody expected.
fn with_holiday(date: &str) -> Calendars {
    let calendars = Calendars::embedded();
    let date: NaiveDate = date.parse().expect("a date");
    let added = [(date, "Royal wedding".to_owned())].into();
    let england = calendars.of_division(Division::EnglandAndWales);
    calendars.with(england.corrected("proclaimed", "a proclamation", &added).expect("a calendar"))
}

fn derive_again(case: &mut Case, calendars: Calendars) -> usize {
    let before = case.journal.len();
    case.calendars = calendars;
    case.apply(Role::Operator, &Command::DeriveTermsAgain).expect("terms are derived again");
    case.journal.len() - before
}

#[test]
fn a_holiday_proclaimed_in_the_window_lengthens_it_and_is_recorded() {
    let mut case = Case::given(&[FIRST]);
    assert_eq!(derive_again(&mut case, with_holiday("2026-06-05")), 1);
    assert_eq!(case.window_ends(), london("2026-06-09 23:59:59.999999"));
    let derived = case.last("contact_window_derived_again");
    assert_eq!(cited(derived), ["R-WORKING-DAYS"]);
    let Event::ContactWindowDerivedAgain { window } = &derived.event else { panic!("{derived:?}") };
    assert_eq!(
        (window.ends.due.calendar.as_str(), window.fact, window.ends.from),
        ("proclaimed", 1, london("2026-06-01 10:00"))
    );
    // It holds from then on, for contact and for visits alike, and once is enough.
    assert_eq!(derive_again(&mut case, with_holiday("2026-06-05")), 0);
    case.when(&[Contact("2026-06-09 23:00")]);
    assert_eq!(case.state.stage, SecondVisitUndecided);
}

#[test]
fn a_lengthened_window_outlives_what_is_recorded_next() {
    let mut case = Case::given(&[FIRST]);
    derive_again(&mut case, with_holiday("2026-06-05"));
    case.when(&[
        Posted("2026-06-04 10:00"),
        Correct(2, &Posted("2026-06-04 11:00")),
        Visit("2026-06-09 10:00", NO_ANSWER),
    ]);
    assert_eq!((case.state.stage, case.window_ends()), (AwaitingContact, london("2026-06-09 23:59:59.999999")));
}

#[test]
fn a_window_is_never_shortened() {
    let mut case = Case::given(&[FIRST]);
    derive_again(&mut case, with_holiday("2026-06-05"));
    assert_eq!(derive_again(&mut case, Calendars::embedded()), 0);
    assert_eq!(case.window_ends(), london("2026-06-09 23:59:59.999999"));
    let mut case = visited(England, "2026-04-01 10:00");
    let worked = Calendar::unpublished(Division::EnglandAndWales);
    let without_easter = Calendars::embedded().with(worked);
    derive_again(&mut case, without_easter);
    assert_eq!(case.window_ends(), london("2026-04-10 23:59:59.999999"));
}

#[test]
fn only_a_window_that_runs_is_derived_again() {
    #[rustfmt::skip]
    let cases: &[&[Step]] = &[
        &[],
        &[FIRST, Now("2026-06-09 00:00")],
        &[FIRST, Contact("2026-06-03 10:00")],
        &[FIRST, Visit("2026-06-09 10:00", NO_ANSWER)],
        &[FIRST, Visit("2026-06-03 10:00", Outcome::Effective)],
    ];
    for steps in cases {
        let mut case = Case::given(steps);
        let before = case.state.clone();
        assert_eq!(derive_again(&mut case, with_holiday("2026-06-05")), 0, "{steps:?}");
        assert_eq!(case.state, before);
    }
}

/// The follow-up of ten working days too (ESA 112): from Friday 29 May to Friday 12 June, or Monday with a holiday.
#[test]
fn a_follow_up_that_has_not_matured_is_lengthened_and_never_shortened() {
    let due = |case: &Case| case.state.follow_up.as_ref().map(|set| set.due.ends.due.ends_at);
    let (friday, monday) = (london("2026-06-12 23:59:59.999999"), london("2026-06-15 23:59:59.999999"));
    let mut case = super::benefits::esa();
    assert_eq!(due(&case), Some(friday));
    assert_eq!(derive_again(&mut case, with_holiday("2026-06-05")), 1);
    assert_eq!((due(&case), cited(case.last("follow_up_set"))), (Some(monday), vec!["R-WORKING-DAYS"]));
    assert_eq!(derive_again(&mut case, with_holiday("2026-06-05")), 0, "once is enough");
    assert_eq!(derive_again(&mut case, Calendars::embedded()), 0, "never shortened");
    case.when(&[Now("2026-06-15 23:59")]);
    assert_eq!((due(&case), case.owed().contains(&"follow-up".to_owned())), (Some(monday), false));
    case.when(&[Now("2026-06-16 00:00")]);
    assert!(case.owed().contains(&"follow-up".to_owned()));
    assert_eq!(derive_again(&mut case, with_holiday("2026-06-12")), 0, "it has matured");
    // It had matured unnoticed when the calendar came.
    let mut late = super::benefits::esa();
    late.now = london("2026-06-13 00:00");
    assert_eq!(derive_again(&mut late, with_holiday("2026-06-05")), 1);
    assert_eq!((due(&late), late.last("follow_up_matured").event.name()), (Some(friday), "follow_up_matured"));
    // A day that somebody set is that day.
    let mut set = super::benefits::esa();
    let told = super::benefits::follow_up("2026-06-01 10:00", Some("2026-06-22"));
    super::benefits::when(&mut set, vec![("2026-06-01 10:00", Role::Referrer, told)]);
    assert_eq!(derive_again(&mut set, with_holiday("2026-06-05")), 0);
}

/// A window that lapsed unnoticed has lapsed: time comes first, whatever the command.
#[test]
fn a_window_that_lapsed_before_the_calendar_came_stays_lapsed() {
    let mut case = Case::given(&[FIRST]);
    case.now = london("2026-06-09 00:00");
    assert_eq!(derive_again(&mut case, with_holiday("2026-06-05")), 1);
    assert_eq!((case.state.stage, case.window_ends()), (SecondVisitDue, london("2026-06-08 23:59:59.999999")));
}
