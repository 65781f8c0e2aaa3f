//! Which days are working days: the bank holidays of each part of the United Kingdom, as published and versioned.
//!
//! A published calendar covers whole years up to its horizon. Outside them holidays are computed [by rule](by_rule),
//! and whatever rests on such a day is provisional: a jubilee or a moved holiday is announced, never derived.
//! Calendars change after terms were set, so each carries a version that is kept with every date derived from it.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

pub mod by_rule;
mod embedded;
mod gov_uk;

/// The bank holidays that are built in, in GOV.UK's format and before corrections, exactly as they were published.
pub const PUBLISHED: &str = embedded::PUBLISHED;
/// The most bank holidays that one published division may list.
pub const MAX_EVENTS: usize = 2_000;
/// The longest title of a bank holiday, in characters.
pub const MAX_TITLE: usize = 100;
/// The longest version of a calendar, in characters.
pub const MAX_VERSION: usize = 100;
/// The longest provenance of a calendar, in characters.
pub const MAX_PROVENANCE: usize = 1_000;
/// The longest document that is read, in bytes; GOV.UK's own has about 60,000.
pub const MAX_DOCUMENT: usize = 1 << 20;
/// The first year a bank holiday can fall in: bank holidays begin with the Act of 1871.
pub const FIRST_YEAR: i32 = 1871;
/// The last year a published bank holiday can fall in.
pub const LAST_YEAR: i32 = 2200;
/// A year with fewer bank holidays than this was not published in full.
pub const FEWEST_A_YEAR: usize = 6;

/// A nation of the United Kingdom: where the visited address lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nation {
    /// England.
    England,
    /// Wales.
    Wales,
    /// Scotland.
    Scotland,
    /// Northern Ireland.
    NorthernIreland,
}

impl Nation {
    /// Every nation.
    pub const ALL: [Nation; 4] = [Nation::England, Nation::Wales, Nation::Scotland, Nation::NorthernIreland];

    /// The division whose bank holidays the nation keeps.
    #[must_use]
    pub fn division(self) -> Division {
        match self {
            Nation::England | Nation::Wales => Division::EnglandAndWales,
            Nation::Scotland => Division::Scotland,
            Nation::NorthernIreland => Division::NorthernIreland,
        }
    }
}

/// A part of the United Kingdom with bank holidays of its own, as GOV.UK divides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Division {
    /// England and Wales.
    EnglandAndWales,
    /// Scotland.
    Scotland,
    /// Northern Ireland.
    NorthernIreland,
}

impl Division {
    /// Every division.
    pub const ALL: [Division; 3] = [Division::EnglandAndWales, Division::Scotland, Division::NorthernIreland];

    /// The division's name in GOV.UK's documents, for example `england-and-wales`.
    #[must_use]
    pub fn gov_uk_name(self) -> &'static str {
        match self {
            Division::EnglandAndWales => "england-and-wales",
            Division::Scotland => "scotland",
            Division::NorthernIreland => "northern-ireland",
        }
    }
}

impl fmt::Display for Division {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Division::EnglandAndWales => "England and Wales",
            Division::Scotland => "Scotland",
            Division::NorthernIreland => "Northern Ireland",
        })
    }
}

/// The bank holidays of one division in one version.
///
/// Serialises whole, so that an imported calendar can be journalled and is the same wherever it is read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    division: Division,
    version: String,
    provenance: String,
    holidays: BTreeMap<NaiveDate, String>,
    horizon: NaiveDate,
}

impl Calendar {
    /// Reads one division from a document in the format of GOV.UK's `bank-holidays.json`.
    ///
    /// All three divisions must be there, though only the one asked for is read. `version` (1 to [`MAX_VERSION`]
    /// characters) names this edition in every date derived from it; `provenance` (1 to [`MAX_PROVENANCE`]) says
    /// where it came from.
    ///
    /// # Errors
    /// Every fault of the document, each as a sentence for the person importing it. Nothing is taken from a document
    /// with a fault: a calendar that is silently short makes deadlines fall too early.
    pub fn from_gov_uk(
        division: Division,
        version: &str,
        provenance: &str,
        json_text: &str,
    ) -> Result<Calendar, Vec<String>> {
        let mut faults = label_faults(version, provenance);
        match gov_uk::read(division, json_text) {
            Ok(holidays) if faults.is_empty() => Ok(Calendar::assemble(division, version, provenance, holidays)),
            Ok(_) => Err(faults),
            Err(more) => {
                faults.extend(more);
                Err(faults)
            }
        }
    }

    /// This calendar with holidays added that its publisher left out, under a version and provenance of its own.
    ///
    /// # Errors
    /// Every fault: a version or provenance out of bounds, a title out of bounds, a day that is a holiday already, a
    /// day outside the covered years (nothing published there could be completed).
    pub fn corrected(
        &self,
        version: &str,
        provenance: &str,
        added: &BTreeMap<NaiveDate, String>,
    ) -> Result<Calendar, Vec<String>> {
        let mut faults = label_faults(version, provenance);
        let mut holidays = self.holidays.clone();
        for (date, title) in added {
            if !self.covers(*date) {
                faults.push(format!("{date} is outside the years that the calendar covers"));
            }
            if let Some(fault) = text_fault(title, MAX_TITLE) {
                faults.push(format!("the title for {date} {fault}"));
            }
            if holidays.insert(*date, title.clone()).is_some() {
                faults.push(format!("{date} is a bank holiday already"));
            }
        }
        if faults.is_empty() {
            Ok(Calendar::assemble(self.division, version, provenance, holidays))
        } else {
            Err(faults)
        }
    }

    /// A calendar of which nothing was published: every weekday is judged by rule and provisional.
    #[must_use]
    pub fn unpublished(division: Division) -> Calendar {
        Calendar::assemble(division, "unpublished", "computed by rule", BTreeMap::new())
    }

    fn assemble(
        division: Division,
        version: &str,
        provenance: &str,
        holidays: BTreeMap<NaiveDate, String>,
    ) -> Calendar {
        let horizon = holidays
            .last_key_value()
            .and_then(|(last, _)| NaiveDate::from_ymd_opt(last.year(), 12, 31))
            .unwrap_or(NaiveDate::MIN);
        Calendar { division, version: version.to_owned(), provenance: provenance.to_owned(), holidays, horizon }
    }

    /// The division whose bank holidays these are.
    #[must_use]
    pub fn division(&self) -> Division {
        self.division
    }

    /// The name of this edition, kept with every date derived from it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Where this edition came from.
    #[must_use]
    pub fn provenance(&self) -> &str {
        &self.provenance
    }

    /// The published bank holidays with their titles.
    #[must_use]
    pub fn holidays(&self) -> &BTreeMap<NaiveDate, String> {
        &self.holidays
    }

    /// The last day of the last fully covered year; later days are judged by rule.
    #[must_use]
    pub fn horizon(&self) -> NaiveDate {
        self.horizon
    }

    /// The first day of the first covered year, or `None` where nothing was published.
    #[must_use]
    pub fn first_day(&self) -> Option<NaiveDate> {
        self.holidays.first_key_value().and_then(|(first, _)| NaiveDate::from_ymd_opt(first.year(), 1, 1))
    }

    /// Whether `date` lies in the years that were published; on any other day the calendar answers by rule only.
    #[must_use]
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.first_day().is_some_and(|first| first <= date && date <= self.horizon)
    }

    /// The title of the bank holiday on `date`: as published where the calendar [covers](Self::covers) it, otherwise
    /// by rule.
    #[must_use]
    pub fn holiday(&self, date: NaiveDate) -> Option<&str> {
        if self.covers(date) {
            self.holidays.get(&date).map(String::as_str)
        } else {
            by_rule::holiday(self.division, date)
        }
    }

    /// Whether `date` is a working day: Monday to Friday and no bank holiday.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        !is_weekend(date) && self.holiday(date).is_none()
    }
}

/// One calendar for each division. Cloning copies three pointers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendars {
    england_and_wales: Arc<Calendar>,
    scotland: Arc<Calendar>,
    northern_ireland: Arc<Calendar>,
}

static EMBEDDED: LazyLock<Calendars> = LazyLock::new(|| {
    // A test reads every division. Were it ever to fail in the field, dates by rule, all of them provisional, are
    // better than a procedure that cannot say anything at all.
    let read = |division| Arc::new(embedded::edition(division).unwrap_or_else(|_| Calendar::unpublished(division)));
    Calendars {
        england_and_wales: read(Division::EnglandAndWales),
        scotland: read(Division::Scotland),
        northern_ireland: read(Division::NorthernIreland),
    }
});

impl Calendars {
    /// The calendars that are built in: GOV.UK's as published, with the corrections listed beside them.
    #[must_use]
    pub fn embedded() -> Calendars {
        EMBEDDED.clone()
    }

    /// The calendar that `nation` keeps.
    #[must_use]
    pub fn calendar(&self, nation: Nation) -> &Calendar {
        self.of_division(nation.division())
    }

    /// The calendar of `division`.
    #[must_use]
    pub fn of_division(&self, division: Division) -> &Calendar {
        match division {
            Division::EnglandAndWales => &self.england_and_wales,
            Division::Scotland => &self.scotland,
            Division::NorthernIreland => &self.northern_ireland,
        }
    }

    /// These calendars with `calendar` in place of the one its division had: how a newer edition is taken up.
    #[must_use]
    pub fn with(&self, calendar: Calendar) -> Calendars {
        let mut replaced = self.clone();
        let place = match calendar.division {
            Division::EnglandAndWales => &mut replaced.england_and_wales,
            Division::Scotland => &mut replaced.scotland,
            Division::NorthernIreland => &mut replaced.northern_ireland,
        };
        *place = Arc::new(calendar);
        replaced
    }
}

impl Default for Calendars {
    /// The calendars that are built in.
    fn default() -> Self {
        Calendars::embedded()
    }
}

/// Whether `date` is a Saturday or a Sunday.
#[must_use]
pub fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// What is wrong with the names a calendar is to carry.
fn label_faults(version: &str, provenance: &str) -> Vec<String> {
    let version = text_fault(version, MAX_VERSION).map(|fault| format!("the version {fault}"));
    let provenance = text_fault(provenance, MAX_PROVENANCE).map(|fault| format!("the provenance {fault}"));
    version.into_iter().chain(provenance).collect()
}

/// What is wrong with a text that must be one printable line of at most `longest` characters.
fn text_fault(text: &str, longest: usize) -> Option<String> {
    if text.trim().is_empty() {
        Some("is empty".to_owned())
    } else if text.chars().count() > longest {
        Some(format!("is longer than {longest} characters"))
    } else if text.chars().any(char::is_control) {
        Some("contains control characters".to_owned())
    } else {
        None
    }
}
