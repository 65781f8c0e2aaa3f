//! Bank holidays computed from the rules they follow, for years that nobody has published yet.
//!
//! The rules are those of the present day: the Banking and Financial Dealings Act 1971 and the proclamations made
//! every year under it. They know nothing of holidays granted or moved for an occasion, and they do not describe the
//! distant past (New Year's Day became a holiday in England in 1974, the early May holiday in 1978).

use super::{Division, is_weekend};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::collections::BTreeMap;

/// A day with its title; `None` where the day cannot be represented, at the far ends of time.
type Fixed = (Option<NaiveDate>, &'static str);

/// The bank holidays of `division` in `year` by rule, with their titles. Any year; empty beyond what dates can hold.
#[must_use]
pub fn holidays(division: Division, year: i32) -> BTreeMap<NaiveDate, &'static str> {
    let mut found = BTreeMap::new();
    let mut keep = |(date, title): Fixed| {
        if let Some(date) = date {
            found.insert(date, title);
        }
    };
    movable(division, year).into_iter().for_each(&mut keep);
    for together in fixed(division, year) {
        with_substitutes(&together).into_iter().for_each(&mut keep);
    }
    found
}

/// The title of the bank holiday of `division` on `date` by rule.
#[must_use]
pub fn holiday(division: Division, date: NaiveDate) -> Option<&'static str> {
    holidays(division, date.year()).get(&date).copied()
}

/// Holidays that fall on a weekday by definition.
fn movable(division: Division, year: i32) -> Vec<Fixed> {
    let easter = easter_sunday(year);
    let mut days = vec![
        (easter.and_then(|sunday| sunday.checked_sub_days(Days::new(2))), "Good Friday"),
        (first_monday(year, 5), "Early May bank holiday"),
        (last_monday(year, 5), "Spring bank holiday"),
    ];
    match division {
        Division::EnglandAndWales | Division::NorthernIreland => {
            days.push((easter.and_then(|sunday| sunday.succ_opt()), "Easter Monday"));
            days.push((last_monday(year, 8), "Summer bank holiday"));
        }
        // Easter Monday is a working day in Scotland, and its summer holiday opens August.
        Division::Scotland => days.push((first_monday(year, 8), "Summer bank holiday")),
    }
    days
}

/// Holidays fixed to a date. Those in one group are neighbours and must not take the same substitute.
fn fixed(division: Division, year: i32) -> Vec<Vec<Fixed>> {
    let on = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let new_year = (on(1, 1), "New Year’s Day");
    let christmas = vec![(on(12, 25), "Christmas Day"), (on(12, 26), "Boxing Day")];
    match division {
        Division::EnglandAndWales => vec![vec![new_year], christmas],
        Division::Scotland => {
            vec![vec![new_year, (on(1, 2), "2nd January")], vec![(on(11, 30), "St Andrew’s Day")], christmas]
        }
        Division::NorthernIreland => vec![
            vec![new_year],
            vec![(on(3, 17), "St Patrick’s Day")],
            vec![(on(7, 12), "Battle of the Boyne (Orangemen’s Day)")],
            christmas,
        ],
    }
}

/// The days on which the holidays of one group are kept: a weekday keeps its own, and one that falls on a weekend
/// moves to the next weekday that no other of them holds.
fn with_substitutes(group: &[Fixed]) -> Vec<Fixed> {
    let mut kept: Vec<Fixed> =
        group.iter().copied().filter(|(date, _)| date.is_some_and(|date| !is_weekend(date))).collect();
    for (date, title) in group.iter().copied().filter(|(date, _)| date.is_some_and(is_weekend)) {
        let mut substitute = date;
        while substitute.is_some_and(|day| is_weekend(day) || kept.iter().any(|(held, _)| *held == Some(day))) {
            substitute = substitute.and_then(|day| day.succ_opt());
        }
        kept.push((substitute, title));
    }
    kept
}

fn first_monday(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, 1)
}

fn last_monday(year: i32, month: u32) -> Option<NaiveDate> {
    // A month has a fifth Monday or its fourth is the last.
    NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, 5)
        .or_else(|| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, 4))
}

/// Easter Sunday in the Gregorian calendar: the Sunday after the ecclesiastical full moon that falls on or next
/// after 21 March.
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let century = year.div_euclid(100);
    // Leap days that the calendar drops at centuries, and the moon's own correction: eight days in 2,500 years.
    let dropped = century - century.div_euclid(4);
    let lunar = (8 * century + 13).div_euclid(25);
    let golden = year.rem_euclid(19);
    // Days from 21 March to the full moon.
    let moon = (19 * golden + dropped - lunar + 15).rem_euclid(30);
    // The tables never let the moon fall on the thirtieth day, nor twice on the twenty-ninth in one cycle.
    let moon = if moon == 29 || (moon == 28 && golden > 10) { moon - 1 } else { moon };
    let full_moon = NaiveDate::from_ymd_opt(year, 3, 21)?.checked_add_days(Days::new(u64::try_from(moon).ok()?))?;
    let to_sunday = 7 - u64::from(full_moon.weekday().num_days_from_sunday());
    full_moon.checked_add_days(Days::new(to_sunday))
}
