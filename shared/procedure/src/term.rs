//! How long a text allows: "within five working days", "within 3 days", "in half an hour".
//!
//! A term is kept; the instant it ends at is derived, and derived again when the calendar changes. Days are London
//! days and run from the day after the event, so the hour of the event does not matter, only its date. A term of days
//! ends with its last day: at 23:59:59.999999 London time, the last instant that the journal can hold.

use crate::calendar::{Calendar, Calendars, Nation, is_weekend};
use crate::rule::{
    Rule,
    rulings::{R_CALENDAR_DAYS, R_WORKING_DAYS},
};
use chrono::{DateTime, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::London;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A length of time as a text states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// Days from Monday to Friday that are no bank holiday where the visited address lies; 0 is the day of the event.
    WorkingDays(u16),
    /// Days of any kind; 0 is the day of the event.
    CalendarDays(u16),
    /// Minutes from the instant of the event, whatever the clocks do meanwhile.
    Minutes(u16),
}

/// When a term ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The last instant within the term.
    pub ends_at: DateTime<Utc>,
    /// Whether a day was judged by rule, because no bank holidays were published for its year.
    pub provisional: bool,
    /// The version of the calendar consulted.
    pub calendar: String,
    /// The nation whose working days were counted; `None` for a term of other days or of minutes, and in what was
    /// written before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nation: Option<Nation>,
}

/// When a term ends, and why then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// When the term ends.
    pub due: Due,
    /// Every day from the day after the event to the last of the term, in order; none for a term of minutes.
    pub days: Vec<Day>,
}

/// One day that a term ran over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day, in London.
    pub date: NaiveDate,
    /// Whether it counted, and if not, why.
    pub what: Reckoning,
    /// Whether it was judged by rule. A weekend needs no calendar and is never provisional.
    pub provisional: bool,
}

/// What a day is to a term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reckoning {
    /// Counted, as the first day, the second and so on.
    Counted(u16),
    /// Skipped: a Saturday or a Sunday.
    Weekend,
    /// Skipped: the bank holiday of this title.
    Holiday(String),
}

/// The ruling on working days.
static WORKING_DAYS: &[&Rule] = &[&R_WORKING_DAYS];
/// The ruling on days of any kind.
static CALENDAR_DAYS: &[&Rule] = &[&R_CALENDAR_DAYS];

impl Term {
    /// The rulings by which the term is reckoned.
    #[must_use]
    pub fn reckoned_by(self) -> &'static [&'static Rule] {
        match self {
            Self::WorkingDays(_) => WORKING_DAYS,
            Self::CalendarDays(_) => CALENDAR_DAYS,
            Self::Minutes(_) => &[],
        }
    }

    /// Whether its end hangs on a nation's calendar.
    #[must_use]
    pub fn counts_working_days(self) -> bool {
        match self {
            Self::WorkingDays(_) => true,
            Self::CalendarDays(_) | Self::Minutes(_) => false,
        }
    }

    /// When the term ends that an event at `from` began, for an address in `nation`.
    ///
    /// Never panics: an end beyond what instants can hold is the last that they can.
    #[must_use]
    pub fn due(self, from: DateTime<Utc>, nation: Nation, calendars: &Calendars) -> Due {
        self.explain(from, nation, calendars).due
    }

    /// When the term ends, with every day counted and skipped on the way.
    #[must_use]
    pub fn explain(self, from: DateTime<Utc>, nation: Nation, calendars: &Calendars) -> Explanation {
        let calendar = calendars.calendar(nation);
        let event = london_date(from);
        let days = match self {
            Term::WorkingDays(n) => run(event, n, |date| not_worked(calendar, date)),
            Term::CalendarDays(n) => run(event, n, |_| (None, false)),
            Term::Minutes(_) => Vec::new(),
        };
        let ends_at = match self {
            Term::WorkingDays(_) | Term::CalendarDays(_) => end_of_day(days.last().map_or(event, |day| day.date)),
            Term::Minutes(n) => {
                from.checked_add_signed(TimeDelta::minutes(i64::from(n))).unwrap_or(DateTime::<Utc>::MAX_UTC)
            }
        };
        let provisional = days.iter().any(|day| day.provisional);
        let nation = self.counts_working_days().then_some(nation);
        Explanation { due: Due { ends_at, provisional, calendar: calendar.version().to_owned(), nation }, days }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, unit) = match self {
            Term::WorkingDays(n) => (n, "working day"),
            Term::CalendarDays(n) => (n, "day"),
            Term::Minutes(n) => (n, "minute"),
        };
        write!(f, "{n} {unit}{}", if *n == 1 { "" } else { "s" })
    }
}

/// The date in London at `instant`.
#[must_use]
pub fn london_date(instant: DateTime<Utc>) -> NaiveDate {
    let utc = instant.naive_utc();
    let offset = London.offset_from_utc_datetime(&utc).fix();
    // Only the first and the last hours of representable time have no London reading; their own date will do.
    utc.checked_add_offset(offset).unwrap_or(utc).date()
}

/// Counts `n` days from the day after `event`, leaving out those for which `skip` has a reason; with each reason
/// goes whether the judgement is provisional. Stops early only at the end of representable time.
fn run(event: NaiveDate, n: u16, skip: impl Fn(NaiveDate) -> (Option<Reckoning>, bool)) -> Vec<Day> {
    let mut days = Vec::new();
    let mut counted = 0;
    let mut date = event;
    while counted < n {
        let Some(next) = date.succ_opt() else { break };
        date = next;
        let (skipped, provisional) = skip(date);
        let what = skipped.unwrap_or_else(|| {
            counted += 1;
            Reckoning::Counted(counted)
        });
        days.push(Day { date, what, provisional });
    }
    days
}

/// Why `date` is not a working day, if it is not, and whether that is by rule only.
fn not_worked(calendar: &Calendar, date: NaiveDate) -> (Option<Reckoning>, bool) {
    if is_weekend(date) {
        return (Some(Reckoning::Weekend), false);
    }
    let holiday = calendar.holiday(date).map(|title| Reckoning::Holiday(title.to_owned()));
    (holiday, !calendar.covers(date))
}

/// The last instant of `date` in London, to the microsecond, which is what the journal keeps.
pub(crate) fn end_of_day(date: NaiveDate) -> DateTime<Utc> {
    let start = date.and_time(NaiveTime::MIN);
    let last = start.checked_add_signed(TimeDelta::days(1) - TimeDelta::microseconds(1)).unwrap_or(start);
    // London's clocks change in the small hours, so the last instant of a day exists once; the fallback is for the
    // edges of representable time.
    London.from_local_datetime(&last).latest().map_or_else(|| last.and_utc(), |local| local.to_utc())
}
