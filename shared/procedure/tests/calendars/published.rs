//! The built-in edition, and the rules measured against it.

use super::{day, owned, uncorrected};
use chrono::{Datelike, Days, NaiveDate};
use holdfast_procedure::calendar::{Calendar, Calendars, Division, Nation, by_rule, is_weekend};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_built_in_edition_reads_in_every_division() {
    let calendars = Calendars::embedded();
    for (division, version, count) in [
        (Division::EnglandAndWales, "2026-02-25", 140),
        (Division::Scotland, "2026-02-25+1", 158),
        (Division::NorthernIreland, "2026-02-25", 174),
    ] {
        let calendar = calendars.of_division(division);
        assert_eq!(calendar.division(), division);
        assert_eq!(calendar.version(), version, "{division}");
        assert_eq!(calendar.holidays().len(), count, "{division}");
        assert_eq!(calendar.first_day(), Some(day("2012-01-01")), "{division}");
        assert_eq!(calendar.horizon(), day("2028-12-31"), "{division}");
        assert!(calendar.provenance().contains("Open Government Licence v3.0"), "{division}");
        assert!(!calendar.holidays().keys().any(|date| is_weekend(*date)), "{division}");
    }
}

#[test]
fn the_edition_is_the_published_document_and_one_correction() {
    for division in Division::ALL {
        let published = uncorrected(division);
        let edition = Calendars::embedded().of_division(division).clone();
        let added: Vec<_> =
            edition.holidays().iter().filter(|(date, _)| !published.holidays().contains_key(date)).collect();
        let expected = (day("2026-06-15"), "World Cup bank holiday".to_owned());
        match division {
            Division::Scotland => {
                assert_eq!(added, [(&expected.0, &expected.1)]);
                assert!(edition.provenance().contains("proclamation of 3 February 2026"));
            }
            Division::EnglandAndWales | Division::NorthernIreland => assert!(added.is_empty(), "{division}"),
        }
        assert!(published.holidays().keys().all(|date| edition.holidays().contains_key(date)), "{division}");
    }
}

/// Where the published years depart from the rules, and for what occasion: `-` the rule's day was given up, `+` a day
/// was granted or moved there.
const OCCASIONS: &[(&str, &str, &str)] = &[
    ("2012-05-28", "-", "spring holiday moved for the Diamond Jubilee"),
    ("2012-06-04", "+", "spring holiday moved for the Diamond Jubilee"),
    ("2012-06-05", "+", "Diamond Jubilee"),
    ("2020-05-04", "-", "early May holiday moved to the 75th anniversary of VE day"),
    ("2020-05-08", "+", "early May holiday moved to the 75th anniversary of VE day"),
    ("2022-05-30", "-", "spring holiday moved for the Platinum Jubilee"),
    ("2022-06-02", "+", "spring holiday moved for the Platinum Jubilee"),
    ("2022-06-03", "+", "Platinum Jubilee"),
    ("2022-09-19", "+", "State Funeral of Queen Elizabeth II"),
    ("2023-05-08", "+", "Coronation of King Charles III"),
];
const SCOTTISH_OCCASIONS: &[(&str, &str, &str)] = &[("2026-06-15", "+", "World Cup")];

#[test]
fn rules_and_published_years_differ_only_by_known_occasions() {
    for division in Division::ALL {
        let mut known: BTreeSet<(NaiveDate, &str)> =
            OCCASIONS.iter().map(|(date, sign, _)| (day(date), *sign)).collect();
        if division == Division::Scotland {
            known.extend(SCOTTISH_OCCASIONS.iter().map(|(date, sign, _)| (day(date), *sign)));
        }
        let calendars = Calendars::embedded();
        let published = calendars.of_division(division).holidays();
        let ruled: BTreeMap<_, _> = (2012..=2028).flat_map(|year| by_rule::holidays(division, year)).collect();
        let given_up = ruled.keys().filter(|date| !published.contains_key(date)).map(|date| (*date, "-"));
        let granted = published.keys().filter(|date| !ruled.contains_key(date)).map(|date| (*date, "+"));
        assert_eq!(given_up.chain(granted).collect::<BTreeSet<_>>(), known, "{division}");

        let renamed: Vec<_> = ruled
            .iter()
            .filter(|(date, title)| published.get(date).is_some_and(|published| published != *title))
            .map(|(date, _)| *date)
            .collect();
        // In 2023 Scotland's two days after New Year were published the other way round than in 2012 and 2017.
        let swapped = [day("2023-01-02"), day("2023-01-03")];
        assert_eq!(renamed, if division == Division::Scotland { &swapped[..] } else { &[] }, "{division}");
    }
}

/// Years by rule that nobody has published, as (division, year, dates). Worked out from a wall calendar.
#[test]
fn unpublished_years_follow_the_rules() {
    for (division, year, expected) in [
        (Division::EnglandAndWales, 2029, "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26"),
        (Division::Scotland, 2029, "01-01 01-02 03-30 05-07 05-28 08-06 11-30 12-25 12-26"),
        (Division::NorthernIreland, 2029, "01-01 03-19 03-30 04-02 05-07 05-28 07-12 08-27 12-25 12-26"),
        // New Year's Day and Christmas on a Saturday.
        (Division::Scotland, 2033, "01-03 01-04 04-15 05-02 05-30 08-01 11-30 12-26 12-27"),
        // The latest Easter there can be, on 25 April.
        (Division::EnglandAndWales, 2038, "01-01 04-23 04-26 05-03 05-31 08-30 12-27 12-28"),
        // Full moons that the tables bring forward: from 19 April, a Sunday, and from 18 April.
        (Division::EnglandAndWales, 2049, "01-01 04-16 04-19 05-03 05-31 08-30 12-27 12-28"),
        (Division::EnglandAndWales, 2076, "01-01 04-17 04-20 05-04 05-25 08-31 12-25 12-28"),
    ] {
        let found: Vec<String> =
            by_rule::holidays(division, year).keys().map(|date| date.format("%m-%d").to_string()).collect();
        assert_eq!(found.join(" "), expected, "{division} {year}");
    }
}

#[test]
fn rules_hold_for_every_year_a_document_may_cover() {
    for division in Division::ALL {
        let expected = match division {
            Division::EnglandAndWales => 8,
            Division::Scotland => 9,
            Division::NorthernIreland => 10,
        };
        for year in 1871..=2200 {
            let days = by_rule::holidays(division, year);
            // St Patrick's Day can be Good Friday's neighbour but never shares its day.
            assert_eq!(days.len(), expected, "{division} {year}");
            assert!(days.keys().all(|date| !is_weekend(*date) && date.year() == year), "{division} {year}");
        }
        for year in [i32::MIN, -262_143, -1, 0, 262_142, i32::MAX] {
            let _ = by_rule::holidays(division, year);
        }
    }
}

#[test]
fn outside_the_covered_years_the_rules_answer() {
    let calendars = Calendars::embedded();
    let scotland = calendars.calendar(Nation::Scotland);
    for (date, covered, holiday) in [
        ("2011-12-27", false, Some("Christmas Day")),
        ("2011-12-31", false, None),
        ("2012-01-01", true, None),
        ("2012-01-02", true, Some("2nd January")),
        ("2028-12-26", true, Some("Boxing Day")),
        ("2028-12-31", true, None),
        ("2029-01-01", false, Some("New Year’s Day")),
        ("2029-01-02", false, Some("2nd January")),
    ] {
        assert_eq!(scotland.covers(day(date)), covered, "{date}");
        assert_eq!(scotland.holiday(day(date)), holiday, "{date}");
    }
    assert!(!scotland.is_working_day(day("2029-01-02")));
    assert!(scotland.is_working_day(day("2029-01-03")));
    // Where a year is covered the rules have no say: the early May holiday of 2020 was moved.
    assert!(scotland.is_working_day(day("2020-05-04")));
}

#[test]
fn with_nothing_published_every_day_is_judged_by_rule() {
    let calendar = Calendar::unpublished(Division::Scotland);
    assert_eq!(calendar.first_day(), None);
    assert!(!calendar.covers(day("2026-06-15")));
    assert_eq!(calendar.holiday(day("2026-06-15")), None);
    assert_eq!(calendar.holiday(day("2026-12-28")), Some("Boxing Day"));
}

#[test]
fn a_newer_calendar_replaces_its_own_division_only() {
    let before = Calendars::embedded();
    let published = uncorrected(Division::Scotland);
    let after = before.with(published.clone());
    assert_eq!(after.calendar(Nation::Scotland), &published);
    assert_eq!(after.calendar(Nation::England), before.calendar(Nation::England));
    assert_eq!(after.calendar(Nation::Wales), before.calendar(Nation::England));
    assert_eq!(after.calendar(Nation::NorthernIreland), before.calendar(Nation::NorthernIreland));
    assert_eq!(before, Calendars::embedded(), "the calendars it was taken up from are unchanged");
    assert_ne!(before, after);
}

#[test]
fn a_correction_names_every_fault() {
    let calendar = uncorrected(Division::Scotland);
    let long = "x".repeat(101);
    let added = owned(BTreeMap::from([
        (day("2026-12-25"), "Christmas Day"),
        (day("2026-06-15"), " "),
        (day("2026-06-16"), long.as_str()),
        (day("2029-06-15"), "Too late"),
    ]));
    let faults = calendar.corrected("", "by\nhand", &added).expect_err("a faulty correction");
    assert_eq!(
        faults,
        [
            "the version is empty",
            "the provenance contains control characters",
            "the title for 2026-06-15 is empty",
            "the title for 2026-06-16 is longer than 100 characters",
            "2026-12-25 is a bank holiday already",
            "2029-06-15 is outside the years that the calendar covers",
        ]
    );
}

#[test]
fn a_calendar_survives_the_journal() {
    for division in Division::ALL {
        let calendar = Calendars::embedded().of_division(division).clone();
        let kept = serde_json::to_string(&calendar).expect("serialises");
        assert_eq!(serde_json::from_str::<Calendar>(&kept).expect("reads back"), calendar);
    }
    assert_eq!(
        serde_json::to_string(&Nation::ALL).expect("serialises"),
        r#"["england","wales","scotland","northern_ireland"]"#
    );
}

#[test]
fn weekends_are_saturdays_and_sundays() {
    let monday = day("2026-06-15");
    let weekend: Vec<bool> = (0..7).map(|n| is_weekend(monday + Days::new(n))).collect();
    assert_eq!(weekend, [false, false, false, false, false, true, true]);
}
