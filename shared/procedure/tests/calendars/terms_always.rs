//! What is true of every term, whenever the event.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use holdfast_procedure::calendar::{Calendars, Nation};
use holdfast_procedure::term::{Reckoning, Term, london_date};
use proptest::prelude::*;
use proptest::sample::select;

/// An instant from 2000 to 2099, to the microsecond.
fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    (946_684_800_000_000_i64..4_102_444_800_000_000)
        .prop_map(|at| DateTime::from_timestamp_micros(at).expect("in range"))
}

fn terms() -> impl Strategy<Value = Term> {
    prop_oneof![
        (0u16..60).prop_map(Term::WorkingDays),
        (0u16..60).prop_map(Term::CalendarDays),
        any::<u16>().prop_map(Term::Minutes),
    ]
}

fn nations() -> impl Strategy<Value = Nation> {
    select(Nation::ALL.to_vec())
}

proptest! {
    #[test]
    fn a_later_event_never_ends_sooner(
        from in instants(),
        later in prop_oneof![0i64..172_800_000_000, 0i64..31_557_600_000_000],
        term in terms(),
        nation in nations(),
    ) {
        let calendars = Calendars::embedded();
        let first = term.due(from, nation, &calendars).ends_at;
        let second = term.due(from + TimeDelta::microseconds(later), nation, &calendars).ends_at;
        prop_assert!(first <= second, "{first} then {second}");
    }

    #[test]
    fn a_longer_term_never_ends_sooner(from in instants(), n in 0u16..60, nation in nations()) {
        let calendars = Calendars::embedded();
        let ends = |term: Term| term.due(from, nation, &calendars).ends_at;
        prop_assert!(from <= ends(Term::WorkingDays(n)));
        prop_assert!(ends(Term::CalendarDays(n)) <= ends(Term::WorkingDays(n)));
        prop_assert!(ends(Term::WorkingDays(n)) < ends(Term::WorkingDays(n + 1)));
        prop_assert!(ends(Term::CalendarDays(n)) < ends(Term::CalendarDays(n + 1)));
    }

    #[test]
    fn working_days_counted_are_as_many_as_stated(from in instants(), n in 0u16..60, nation in nations()) {
        let calendars = Calendars::embedded();
        let calendar = calendars.calendar(nation);
        let explanation = Term::WorkingDays(n).explain(from, nation, &calendars);
        let mut expected: NaiveDate = london_date(from);
        let mut counted = 0;
        for day in &explanation.days {
            expected = expected + Days::new(1);
            prop_assert_eq!(day.date, expected, "no day is left out");
            let weekend = matches!(day.date.weekday(), Weekday::Sat | Weekday::Sun);
            match &day.what {
                Reckoning::Counted(position) => {
                    counted += 1;
                    prop_assert_eq!(*position, counted);
                    prop_assert!(!weekend && calendar.holiday(day.date).is_none(), "{} is not worked", day.date);
                }
                Reckoning::Weekend => prop_assert!(weekend),
                Reckoning::Holiday(title) => {
                    prop_assert!(!weekend);
                    prop_assert_eq!(Some(title.as_str()), calendar.holiday(day.date));
                }
            }
            prop_assert_eq!(day.provisional, !weekend && !(2012..=2028).contains(&day.date.year()));
        }
        prop_assert_eq!(counted, n);
        let last = explanation.days.last().map_or(london_date(from), |day| day.date);
        prop_assert_eq!(london_date(explanation.due.ends_at), last);
        prop_assert_eq!(london_date(explanation.due.ends_at + TimeDelta::microseconds(1)), last + Days::new(1));
        prop_assert_eq!(explanation.due.provisional, explanation.days.iter().any(|day| day.provisional));
    }

    #[test]
    fn the_hour_of_the_event_does_not_matter_to_days(from in instants(), n in 0u16..20, nation in nations()) {
        let calendars = Calendars::embedded();
        let end_of_event_day = Term::CalendarDays(0).due(from, nation, &calendars).ends_at;
        for term in [Term::WorkingDays(n), Term::CalendarDays(n)] {
            prop_assert_eq!(term.due(from, nation, &calendars), term.due(end_of_event_day, nation, &calendars));
        }
    }

    #[test]
    fn no_instant_panics(seconds in any::<i64>(), term in terms(), nation in nations()) {
        let limit = DateTime::<Utc>::MAX_UTC.timestamp();
        for from in [seconds % limit, limit - (seconds % 10_000_000).abs(), -limit + (seconds % 10_000_000).abs()] {
            if let Some(from) = DateTime::from_timestamp(from, 0) {
                let _ = term.explain(from, nation, &Calendars::embedded());
            }
        }
    }
}
