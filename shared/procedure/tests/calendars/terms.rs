//! When terms end, case by case.

use super::{day, london, uncorrected};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::calendar::{Calendars, Division, Nation, Nation::*};
use holdfast_procedure::term::{Day, Due, Reckoning, Term, Term::*, london_date};

/// An event and when its term ends.
struct Case {
    nation: Nation,
    /// When it happened, as the clock in London showed.
    event: &'static str,
    term: Term,
    /// The last instant of the term, in UTC.
    ends: &'static str,
    note: &'static str,
}

const fn case(nation: Nation, event: &'static str, term: Term, ends: &'static str, note: &'static str) -> Case {
    Case { nation, event, term, ends, note }
}

fn utc(text: &str) -> DateTime<Utc> {
    format!("{}Z", text.replace(' ', "T")).parse().expect("an instant")
}

fn check(cases: &[Case], calendars: &Calendars, provisional: bool) {
    for case in cases {
        let due = case.term.due(london(case.event), case.nation, calendars);
        let calendar = calendars.calendar(case.nation).version().to_owned();
        let nation = matches!(case.term, WorkingDays(_)).then_some(case.nation);
        let expected = Due { ends_at: utc(case.ends), provisional, calendar, nation };
        assert_eq!(due, expected, "{}: {:?}", case.note, case.nation);
    }
}

#[rustfmt::skip] // one case a line
const PUBLISHED_YEARS: &[Case] = &[
    case(England, "2026-04-01 10:00", WorkingDays(5), "2026-04-10 22:59:59.999999", "over Easter, Monday kept"),
    case(Wales, "2026-04-01 10:00", WorkingDays(5), "2026-04-10 22:59:59.999999", "Wales keeps England's days"),
    case(Scotland, "2026-04-01 10:00", WorkingDays(5), "2026-04-09 22:59:59.999999", "over Easter, Monday worked"),
    case(NorthernIreland, "2026-04-01 10:00", WorkingDays(5), "2026-04-10 22:59:59.999999", "over Easter"),
    case(England, "2026-12-30 10:00", WorkingDays(5), "2027-01-07 23:59:59.999999", "over New Year"),
    case(Scotland, "2026-12-30 10:00", WorkingDays(5), "2027-01-08 23:59:59.999999", "2 January kept on the 4th"),
    case(England, "2027-12-24 10:00", WorkingDays(5), "2028-01-05 23:59:59.999999", "Saturday Christmas, New Year"),
    case(Scotland, "2027-12-24 10:00", WorkingDays(5), "2028-01-06 23:59:59.999999", "and two substitutes in January"),
    case(England, "2026-10-21 10:00", WorkingDays(5), "2026-10-28 23:59:59.999999", "over the end of summer time"),
    case(England, "2026-10-21 10:00", WorkingDays(2), "2026-10-23 22:59:59.999999", "before the end of summer time"),
    case(England, "2026-10-22 10:00", CalendarDays(3), "2026-10-25 23:59:59.999999", "on the day summer time ends"),
    case(England, "2026-03-25 10:00", WorkingDays(5), "2026-04-01 22:59:59.999999", "over the start of summer time"),
    case(England, "2026-03-26 10:00", CalendarDays(3), "2026-03-29 22:59:59.999999", "on the day summer time starts"),
    case(England, "2026-03-25 10:00", CalendarDays(3), "2026-03-28 23:59:59.999999", "the day before it starts"),
    case(England, "2028-02-28 10:00", WorkingDays(1), "2028-02-29 23:59:59.999999", "29 February is worked"),
    case(England, "2028-02-28 10:00", WorkingDays(5), "2028-03-06 23:59:59.999999", "over 29 February"),
    case(England, "2028-02-26 10:00", CalendarDays(3), "2028-02-29 23:59:59.999999", "to 29 February"),
    case(England, "2026-07-06 23:30", WorkingDays(5), "2026-07-13 22:59:59.999999", "23:30, in summer"),
    case(England, "2026-07-07 00:30", WorkingDays(5), "2026-07-14 22:59:59.999999", "00:30, same day in UTC"),
    case(England, "2026-01-12 23:30", WorkingDays(5), "2026-01-19 23:59:59.999999", "23:30, in winter"),
    case(England, "2026-07-04 10:00", WorkingDays(5), "2026-07-10 22:59:59.999999", "on a Saturday"),
    case(England, "2026-07-03 10:00", WorkingDays(5), "2026-07-10 22:59:59.999999", "on the Friday before"),
    case(England, "2026-04-06 10:00", WorkingDays(5), "2026-04-13 22:59:59.999999", "on a bank holiday"),
    case(NorthernIreland, "2026-07-06 10:00", WorkingDays(5), "2026-07-14 22:59:59.999999", "12 July kept on the 13th"),
    case(NorthernIreland, "2027-07-09 10:00", WorkingDays(1), "2027-07-13 22:59:59.999999", "12 July, a Monday"),
    case(England, "2027-07-09 10:00", WorkingDays(1), "2027-07-12 22:59:59.999999", "12 July is worked elsewhere"),
    case(NorthernIreland, "2026-03-16 10:00", WorkingDays(1), "2026-03-18 23:59:59.999999", "St Patrick's Day"),
    case(Scotland, "2026-07-31 10:00", WorkingDays(1), "2026-08-04 22:59:59.999999", "the Scottish summer holiday"),
    case(England, "2026-08-28 10:00", WorkingDays(1), "2026-09-01 22:59:59.999999", "the summer holiday elsewhere"),
    case(England, "2020-05-01 10:00", WorkingDays(5), "2020-05-11 22:59:59.999999", "early May holiday moved"),
    case(England, "2022-05-27 10:00", WorkingDays(5), "2022-06-07 22:59:59.999999", "Platinum Jubilee"),
    case(England, "2026-10-02 12:00", CalendarDays(3), "2026-10-05 22:59:59.999999", "three days over a weekend"),
    case(England, "2026-04-02 12:00", CalendarDays(1), "2026-04-03 22:59:59.999999", "a day, which is Good Friday"),
    case(England, "2026-10-02 12:00", CalendarDays(2), "2026-10-04 22:59:59.999999", "a day or two"),
    case(England, "2026-10-03 12:00", WorkingDays(0), "2026-10-03 22:59:59.999999", "no days: the day of the event"),
    case(England, "2026-10-03 12:00", CalendarDays(0), "2026-10-03 22:59:59.999999", "no days: the day of the event"),
    case(England, "2026-10-02 23:45", Minutes(30), "2026-10-02 23:15:00", "half an hour, over midnight"),
    case(England, "2026-10-25 00:45", Minutes(90), "2026-10-25 01:15:00", "minutes pass though the clock goes back"),
    case(England, "2028-12-22 10:00", WorkingDays(3), "2028-12-29 23:59:59.999999", "the last working day published"),
    case(England, "2028-12-30 10:00", CalendarDays(3), "2029-01-02 23:59:59.999999", "past the horizon, as certain"),
    case(England, "2040-06-01 10:00", Minutes(30), "2040-06-01 09:30:00", "past the horizon, as certain"),
];

#[rustfmt::skip] // one case a line
const UNPUBLISHED_YEARS: &[Case] = &[
    case(England, "2028-12-22 10:00", WorkingDays(4), "2029-01-02 23:59:59.999999", "one day past the horizon"),
    case(England, "2028-12-28 10:00", WorkingDays(5), "2029-01-05 23:59:59.999999", "New Year 2029"),
    case(Scotland, "2028-12-28 10:00", WorkingDays(5), "2029-01-08 23:59:59.999999", "New Year 2029, and 2 January"),
    case(NorthernIreland, "2031-03-14 10:00", WorkingDays(1), "2031-03-18 23:59:59.999999", "St Patrick's Day 2031"),
    case(England, "2011-12-22 10:00", WorkingDays(5), "2012-01-03 23:59:59.999999", "into the first covered year"),
    case(England, "2090-07-06 10:00", WorkingDays(5), "2090-07-13 22:59:59.999999", "summer time in 2090"),
];

#[test]
fn terms_end_as_the_calendar_says() {
    check(PUBLISHED_YEARS, &Calendars::embedded(), false);
}

#[test]
fn past_the_horizon_an_end_is_provisional() {
    check(UNPUBLISHED_YEARS, &Calendars::embedded(), true);
}

#[test]
fn a_corrected_calendar_moves_the_end() {
    let corrected = Calendars::embedded();
    let as_published = corrected.with(uncorrected(Division::Scotland));
    let ending = |nation, ends| [case(nation, "2026-06-10 10:00", WorkingDays(5), ends, "the World Cup Monday")];
    check(&ending(Scotland, "2026-06-18 22:59:59.999999"), &corrected, false);
    check(&ending(Scotland, "2026-06-17 22:59:59.999999"), &as_published, false);
    check(&ending(England, "2026-06-17 22:59:59.999999"), &corrected, false);
    let due = |calendars| WorkingDays(5).due(london("2026-06-10 10:00"), Scotland, calendars).calendar;
    assert_eq!((due(&corrected), due(&as_published)), ("2026-02-25+1".to_owned(), "published".to_owned()));
}

#[test]
fn an_explanation_shows_every_day() {
    let explanation = WorkingDays(5).explain(london("2028-12-22 16:00"), Scotland, &Calendars::embedded());
    let holiday = |title: &str| Reckoning::Holiday(title.to_owned());
    let expected = [
        ("2028-12-23", Reckoning::Weekend, false),
        ("2028-12-24", Reckoning::Weekend, false),
        ("2028-12-25", holiday("Christmas Day"), false),
        ("2028-12-26", holiday("Boxing Day"), false),
        ("2028-12-27", Reckoning::Counted(1), false),
        ("2028-12-28", Reckoning::Counted(2), false),
        ("2028-12-29", Reckoning::Counted(3), false),
        ("2028-12-30", Reckoning::Weekend, false),
        ("2028-12-31", Reckoning::Weekend, false),
        ("2029-01-01", holiday("New Year’s Day"), true),
        ("2029-01-02", holiday("2nd January"), true),
        ("2029-01-03", Reckoning::Counted(4), true),
        ("2029-01-04", Reckoning::Counted(5), true),
    ];
    let expected = expected.map(|(date, what, provisional)| Day { date: day(date), what, provisional });
    assert_eq!(explanation.days, expected);
    assert_eq!(explanation.due.ends_at, utc("2029-01-04 23:59:59.999999"));

    let days = CalendarDays(2).explain(london("2026-04-02 16:00"), England, &Calendars::embedded()).days;
    let counted = [("2026-04-03", 1), ("2026-04-04", 2)].map(|(date, n)| Day {
        date: day(date),
        what: Reckoning::Counted(n),
        provisional: false,
    });
    assert_eq!(days, counted, "days of any kind count, bank holidays among them");
    assert!(Minutes(30).explain(london("2026-04-02 16:00"), England, &Calendars::embedded()).days.is_empty());
}

#[test]
fn terms_read_as_people_say_them() {
    for (term, words, kept) in [
        (WorkingDays(5), "5 working days", r#"{"working_days":5}"#),
        (WorkingDays(1), "1 working day", r#"{"working_days":1}"#),
        (CalendarDays(3), "3 days", r#"{"calendar_days":3}"#),
        (CalendarDays(1), "1 day", r#"{"calendar_days":1}"#),
        (Minutes(30), "30 minutes", r#"{"minutes":30}"#),
    ] {
        assert_eq!(term.to_string(), words);
        assert_eq!(serde_json::to_string(&term).expect("serialises"), kept);
        assert_eq!(serde_json::from_str::<Term>(kept).expect("reads back"), term);
    }
}

#[test]
fn the_date_is_londons() {
    for (instant, date) in [
        ("2026-07-06 22:59:59.999999", "2026-07-06"),
        ("2026-07-06 23:00:00", "2026-07-07"),
        ("2026-01-06 23:59:59.999999", "2026-01-06"),
        ("2026-10-24 23:00:00", "2026-10-25"),
        ("2026-10-25 23:00:00", "2026-10-25"),
    ] {
        assert_eq!(london_date(utc(instant)), day(date), "{instant}");
    }
}

#[test]
fn the_ends_of_time_are_survived() {
    let ends = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC];
    for from in ends {
        for term in [WorkingDays(0), CalendarDays(0), Minutes(0), WorkingDays(9), CalendarDays(9), Minutes(u16::MAX)] {
            for nation in Nation::ALL {
                let _ = term.due(from, nation, &Calendars::embedded());
            }
        }
    }
    let nearly = ends[1] - TimeDelta::seconds(1);
    assert_eq!(Minutes(1).due(nearly, England, &Calendars::embedded()).ends_at, ends[1]);
    let long = WorkingDays(u16::MAX).explain(london("2026-01-01 10:00"), England, &Calendars::embedded());
    assert_eq!(long.days.last().map(|day| day.what.clone()), Some(Reckoning::Counted(u16::MAX)));
}
