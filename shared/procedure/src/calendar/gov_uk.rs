//! Reading the bank holidays of one division from a document in GOV.UK's format, naming every fault at once.

use super::{Division, FEWEST_A_YEAR, FIRST_YEAR, LAST_YEAR, MAX_DOCUMENT, MAX_EVENTS, MAX_TITLE, text_fault};
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

type Holidays = BTreeMap<NaiveDate, String>;

/// The divisions are named here so that one given twice is refused; what is in them is walked by hand, because
/// derived reading stops at the first fault.
#[derive(Deserialize)]
struct Document {
    #[serde(rename = "england-and-wales")]
    england_and_wales: Option<Value>,
    scotland: Option<Value>,
    #[serde(rename = "northern-ireland")]
    northern_ireland: Option<Value>,
}

/// The bank holidays of `division`, or every fault of the document.
pub(super) fn read(division: Division, text: &str) -> Result<Holidays, Vec<String>> {
    if text.len() > MAX_DOCUMENT {
        return Err(vec![format!("the document is longer than {MAX_DOCUMENT} bytes")]);
    }
    // Derived reading would also take an array for the document.
    if !text.trim_start().starts_with('{') {
        return Err(vec!["the document is not a JSON object".to_owned()]);
    }
    let document: Document =
        serde_json::from_str(text).map_err(|error| vec![format!("the document is malformed: {error}")])?;
    let mut faults = Vec::new();
    let mut asked = None;
    for (each, published) in [
        (Division::EnglandAndWales, document.england_and_wales),
        (Division::Scotland, document.scotland),
        (Division::NorthernIreland, document.northern_ireland),
    ] {
        match published {
            None => faults.push(format!("the division {} is missing", each.gov_uk_name())),
            Some(published) if each == division => asked = Some(published),
            Some(_) => {}
        }
    }
    let holidays = asked.map(|published| read_division(division, &published, &mut faults)).unwrap_or_default();
    if faults.is_empty() { Ok(holidays) } else { Err(faults) }
}

fn read_division(division: Division, published: &Value, faults: &mut Vec<String>) -> Holidays {
    let name = division.gov_uk_name();
    if published.get("division").and_then(Value::as_str) != Some(name) {
        faults.push(format!("{name}: the division does not name itself"));
    }
    let Some(events) = published.get("events").and_then(Value::as_array) else {
        faults.push(format!("{name}: there is no list of events"));
        return Holidays::new();
    };
    if events.len() > MAX_EVENTS {
        faults.push(format!("{name}: more than {MAX_EVENTS} events"));
        return Holidays::new();
    }
    let mut holidays = Holidays::new();
    for (position, event) in (1..).zip(events) {
        let mut fault = |what: &str| faults.push(format!("{name}, event {position}: {what}"));
        let date = read_date(event, &mut fault);
        let title = read_title(event, &mut fault);
        if let Some(date) = date
            && holidays.insert(date, title).is_some()
        {
            fault(&format!("{date} is listed twice"));
        }
    }
    check_years(name, &holidays, faults);
    holidays
}

fn read_date(event: &Value, fault: &mut impl FnMut(&str)) -> Option<NaiveDate> {
    let Some(text) = event.get("date").and_then(Value::as_str) else {
        fault("there is no date");
        return None;
    };
    // What chrono would read is wider than what GOV.UK publishes: signs, spaces, single digits.
    let shaped = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    let Some(date) = shaped.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten() else {
        fault("the date is not a day written YYYY-MM-DD");
        return None;
    };
    if !(FIRST_YEAR..=LAST_YEAR).contains(&date.year()) {
        fault(&format!("{date} is outside {FIRST_YEAR} to {LAST_YEAR}"));
        return None;
    }
    Some(date)
}

/// The title; a faulty one is read as empty, so that its date still counts towards its year.
fn read_title(event: &Value, fault: &mut impl FnMut(&str)) -> String {
    let Some(title) = event.get("title").and_then(Value::as_str) else {
        fault("there is no title");
        return String::new();
    };
    match text_fault(title, MAX_TITLE) {
        Some(what) => {
            fault(&format!("the title {what}"));
            String::new()
        }
        None => title.to_owned(),
    }
}

/// Every year from the first to the last must have been published in full: holidays missing from a year that counts
/// as covered would pass for working days.
fn check_years(name: &str, holidays: &Holidays, faults: &mut Vec<String>) {
    let (Some((first, _)), Some((last, _))) = (holidays.first_key_value(), holidays.last_key_value()) else {
        faults.push(format!("{name}: there are no bank holidays"));
        return;
    };
    let mut years: BTreeMap<i32, Vec<NaiveDate>> = BTreeMap::new();
    for date in holidays.keys() {
        years.entry(date.year()).or_default().push(*date);
    }
    for year in first.year()..=last.year() {
        let Some(days) = years.get(&year) else {
            faults.push(format!("{name}: the year {year} is missing"));
            continue;
        };
        if days.len() < FEWEST_A_YEAR {
            faults.push(format!("{name}: the year {year} has fewer than {FEWEST_A_YEAR} bank holidays"));
        }
        // New Year and Christmas bound a year in every division; without them it is a part of a year.
        if !days.iter().any(|day| day.month() == 1 && day.day() <= 4) {
            faults.push(format!("{name}: the year {year} has no bank holiday from 1 to 4 January"));
        }
        if !days.iter().any(|day| day.month() == 12 && day.day() >= 25) {
            faults.push(format!("{name}: the year {year} has no bank holiday from 25 to 31 December"));
        }
    }
}
