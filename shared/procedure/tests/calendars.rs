//! Working days: the calendars as published, what is computed where nothing is, and when terms end.
#![allow(clippy::expect_used, reason = "a fixture that cannot be read fails its test")]

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Europe::London;
use holdfast_procedure::calendar::{Calendar, Division, PUBLISHED};
use std::collections::BTreeMap;

#[path = "calendars/published.rs"]
mod published;
#[path = "calendars/reading.rs"]
mod reading;
#[path = "calendars/terms.rs"]
mod terms;
#[path = "calendars/terms_always.rs"]
mod terms_always;

/// A day written `2026-06-15`.
fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a day")
}

/// A London reading of the clock written `2026-06-15 09:30`; the earlier where the clock shows it twice.
fn london(text: &str) -> DateTime<Utc> {
    let reading = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a reading of the clock");
    London.from_local_datetime(&reading).earliest().expect("a reading that occurs").to_utc()
}

/// The published calendar, before corrections.
fn uncorrected(division: Division) -> Calendar {
    Calendar::from_gov_uk(division, "published", "GOV.UK", PUBLISHED).expect("the published document")
}

fn owned(holidays: BTreeMap<NaiveDate, &str>) -> BTreeMap<NaiveDate, String> {
    holidays.into_iter().map(|(date, title)| (date, title.to_owned())).collect()
}
