//! Reading GOV.UK's documents: every fault is named, all at once, and nothing panics.

use super::uncorrected;
use holdfast_procedure::calendar::{Calendar, Division, MAX_DOCUMENT, PUBLISHED, by_rule};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A sound document of the years 2024 and 2025, by rule.
fn document() -> Value {
    let division = |division: Division| {
        let days = [2024, 2025].into_iter().flat_map(|year| by_rule::holidays(division, year));
        let events: Vec<Value> = days
            .map(|(date, title)| json!({"title": title, "date": date.to_string(), "notes": "", "bunting": true}))
            .collect();
        json!({"division": division.gov_uk_name(), "events": events})
    };
    let all = Division::ALL.map(|each| (each.gov_uk_name().to_owned(), division(each)));
    Value::Object(all.into_iter().collect())
}

fn faults(text: &str) -> Vec<String> {
    Calendar::from_gov_uk(Division::Scotland, "1", "a test", text).err().unwrap_or_default()
}

/// The faults of the sound document after `change`, read for Scotland.
fn faults_after(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut changed = document();
    change(&mut changed);
    faults(&changed.to_string())
}

fn scottish_events(document: &mut Value) -> &mut Vec<Value> {
    document["scotland"]["events"].as_array_mut().expect("events")
}

#[test]
fn a_sound_document_is_read() {
    let calendar =
        Calendar::from_gov_uk(Division::Scotland, "2025", "a test", &document().to_string()).expect("a sound document");
    assert_eq!(calendar.version(), "2025");
    assert_eq!(calendar.provenance(), "a test");
    assert_eq!(calendar.holidays().len(), 18);
    assert_eq!(calendar.horizon().to_string(), "2025-12-31");
    assert_eq!(calendar.first_day().expect("covered").to_string(), "2024-01-01");
    assert_eq!(uncorrected(Division::NorthernIreland).holidays().len(), 174);
}

#[test]
fn one_change_to_an_event_is_one_fault() {
    let long = "x".repeat(101);
    for (field, value, expected) in [
        ("title", json!(""), "the title is empty"),
        ("title", json!(" \u{a0}"), "the title is empty"),
        ("title", json!(long), "the title is longer than 100 characters"),
        ("title", json!("Summer\u{7}"), "the title contains control characters"),
        ("title", json!(7), "there is no title"),
        ("date", json!(null), "there is no date"),
        ("date", json!("2024-02-30"), "the date is not a day written YYYY-MM-DD"),
        ("date", json!("+2024-3-29"), "the date is not a day written YYYY-MM-DD"),
        ("date", json!("2024-3-29"), "the date is not a day written YYYY-MM-DD"),
        ("date", json!("2024-03-2"), "the date is not a day written YYYY-MM-DD"),
        ("date", json!("２０"), "the date is not a day written YYYY-MM-DD"),
        ("date", json!("1870-12-31"), "1870-12-31 is outside 1871 to 2200"),
        ("date", json!("2201-01-01"), "2201-01-01 is outside 1871 to 2200"),
        ("date", json!("2024-01-02"), "2024-01-02 is listed twice"),
    ] {
        let found = faults_after(|document| scottish_events(document)[2][field] = value.clone());
        assert_eq!(found, [format!("scotland, event 3: {expected}")], "{value}");
    }
}

#[test]
fn a_title_of_a_hundred_characters_is_read() {
    assert!(faults_after(|document| scottish_events(document)[2]["title"] = json!("é".repeat(100))).is_empty());
}

#[test]
fn a_document_that_is_no_document_is_one_fault() {
    for (text, expected) in [
        ("", "the document is not a JSON object"),
        ("[]", "the document is not a JSON object"),
        ("[null,null,null]", "the document is not a JSON object"),
        ("{", "the document is malformed: "),
        (r#"{"scotland":{},"scotland":{}}"#, "the document is malformed: duplicate field `scotland`"),
    ] {
        let found = faults(text);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{text}: {found:?}");
    }
    let nested = format!("{{\"scotland\":{}", "[".repeat(100_000));
    assert_eq!(faults(&nested).len(), 1);
    let padded = format!("{}{}", document(), " ".repeat(MAX_DOCUMENT));
    assert_eq!(faults(&padded), ["the document is longer than 1048576 bytes"]);
}

#[test]
fn every_division_must_be_there_and_name_itself() {
    let remove = |name: &'static str| {
        move |document: &mut Value| {
            document.as_object_mut().expect("an object").remove(name);
        }
    };
    assert_eq!(faults_after(remove("northern-ireland")), ["the division northern-ireland is missing"]);
    assert_eq!(faults_after(remove("scotland")), ["the division scotland is missing"]);
    assert_eq!(
        faults("{}"),
        [
            "the division england-and-wales is missing",
            "the division scotland is missing",
            "the division northern-ireland is missing"
        ]
    );
    // The holidays of one division under the name of another.
    let exchanged = faults_after(|document| document["scotland"] = document["england-and-wales"].clone());
    assert_eq!(exchanged, ["scotland: the division does not name itself"]);
    let other = faults_after(|document| document["england-and-wales"] = json!({"events": "unread"}));
    assert!(other.is_empty(), "only the division asked for is read: {other:?}");
}

#[test]
fn a_division_without_sound_events_is_refused() {
    let events = |value: Value| faults_after(|document| document["scotland"]["events"] = value);
    assert_eq!(events(json!([])), ["scotland: there are no bank holidays"]);
    assert_eq!(events(json!("none")), ["scotland: there is no list of events"]);
    assert_eq!(events(Value::Array(vec![json!({}); 2_001])), ["scotland: more than 2000 events"]);
    let blank = events(json!([1, {}]));
    assert_eq!(blank.len(), 5, "two for each event, and no holidays: {blank:?}");
}

#[test]
fn a_year_published_in_part_is_refused() {
    let thin = faults_after(|document| drop(scottish_events(document).drain(2..6)));
    assert_eq!(thin, ["scotland: the year 2024 has fewer than 6 bank holidays"]);
    let no_christmas = faults_after(|document| scottish_events(document).truncate(16));
    assert_eq!(no_christmas, ["scotland: the year 2025 has no bank holiday from 25 to 31 December"]);
    let no_new_year = faults_after(|document| drop(scottish_events(document).drain(0..2)));
    assert_eq!(no_new_year, ["scotland: the year 2024 has no bank holiday from 1 to 4 January"]);
    let late_new_year = faults_after(|document| {
        for event in &mut scottish_events(document)[0..2] {
            event["date"] = json!(event["date"].as_str().expect("a date").replace("-01-0", "-01-1"));
        }
    });
    assert_eq!(late_new_year, no_new_year, "another day in January does not open a year");
    let gap = faults_after(|document| {
        for event in &mut scottish_events(document)[9..] {
            event["date"] = json!(event["date"].as_str().expect("a date").replace("2025", "2027"));
        }
    });
    assert_eq!(gap, ["scotland: the year 2025 is missing", "scotland: the year 2026 is missing"]);
}

#[test]
fn all_faults_are_named_at_once() {
    let mut changed = document();
    changed.as_object_mut().expect("an object").remove("northern-ireland");
    let events = scottish_events(&mut changed);
    events[2]["title"] = json!("");
    events[3]["date"] = json!("soon");
    events[4] = json!({"title": "\u{7}", "date": "2024-01-01"});
    let found = Calendar::from_gov_uk(Division::Scotland, " ", &"x".repeat(1_001), &changed.to_string());
    assert_eq!(
        found.expect_err("a faulty document"),
        [
            "the version is empty",
            "the provenance is longer than 1000 characters",
            "the division northern-ireland is missing",
            "scotland, event 3: the title is empty",
            "scotland, event 4: the date is not a day written YYYY-MM-DD",
            "scotland, event 5: the title contains control characters",
            "scotland, event 5: 2024-01-01 is listed twice",
        ]
    );
}

#[test]
fn a_sound_document_needs_a_sound_name() {
    let read = |version, provenance| Calendar::from_gov_uk(Division::Scotland, version, provenance, PUBLISHED);
    assert_eq!(read("", "GOV.UK").expect_err("no version"), ["the version is empty"]);
    assert_eq!(read("1", "\u{0}").expect_err("no provenance"), ["the provenance contains control characters"]);
}

/// What was read holds what a calendar promises; what was refused says why.
fn sound(result: Result<Calendar, Vec<String>>) -> Result<(), TestCaseError> {
    match result {
        Ok(calendar) => {
            let first = calendar.first_day();
            prop_assert!(calendar.holidays().keys().all(|date| calendar.covers(*date)));
            prop_assert!(first.is_some_and(|first| first <= calendar.horizon()));
        }
        Err(faults) => prop_assert!(!faults.is_empty() && faults.iter().all(|fault| !fault.is_empty())),
    }
    Ok(())
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>(), object in "\\{[ -~]{0,60}\\}") {
        for division in Division::ALL {
            sound(Calendar::from_gov_uk(division, "1", "a test", &text))?;
            sound(Calendar::from_gov_uk(division, "1", "a test", &object))?;
        }
    }

    #[test]
    fn mutated_documents_never_panic(
        cuts in prop::collection::vec((0usize..PUBLISHED.len(), 0usize..40, "[ -~é\u{0}\u{202e}]{0,8}"), 1..6),
    ) {
        let mut text: Vec<char> = PUBLISHED.chars().collect();
        for (at, length, with) in cuts {
            let at = at.min(text.len());
            let end = (at + length).min(text.len());
            text.splice(at..end, with.chars());
        }
        let text: String = text.into_iter().collect();
        for division in Division::ALL {
            sound(Calendar::from_gov_uk(division, "1", "a test", &text))?;
        }
    }

    #[test]
    fn mutated_dates_never_panic(
        dates in prop::collection::vec((0usize..18, "([0-9]{4}-[01][0-9]-[0-3][0-9]|[-+0-9é]{0,11})"), 1..8),
    ) {
        let mut changed = document();
        for (at, date) in dates {
            scottish_events(&mut changed)[at]["date"] = json!(date);
        }
        sound(Calendar::from_gov_uk(Division::Scotland, "1", "a test", &changed.to_string()))?;
    }
}
