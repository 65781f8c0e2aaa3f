//! The edition that is built in: GOV.UK's document as published, and corrections kept apart from it.

use super::{Calendar, Division};
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;

/// GOV.UK's document, unaltered. `PROVENANCE.md` beside it says where it came from.
pub(super) const PUBLISHED: &str = include_str!("bank-holidays.json");
const CORRECTIONS: &str = include_str!("corrections.json");
/// The day the published document is dated.
const PUBLISHED_VERSION: &str = "2026-02-25";
const PUBLISHED_PROVENANCE: &str = "GOV.UK bank holidays (Open Government Licence v3.0), \
     as bundled by the Ministry of Justice's package govuk-bank-holidays 0.19";

#[derive(Deserialize)]
struct Corrections {
    version: String,
    corrections: Vec<Correction>,
}

/// A bank holiday that the published document should have named.
#[derive(Deserialize)]
struct Correction {
    division: Division,
    date: NaiveDate,
    title: String,
    provenance: String,
}

/// The built-in calendar of `division`.
pub(super) fn edition(division: Division) -> Result<Calendar, Vec<String>> {
    let published = Calendar::from_gov_uk(division, PUBLISHED_VERSION, PUBLISHED_PROVENANCE, PUBLISHED)?;
    let Corrections { version, corrections } =
        serde_json::from_str(CORRECTIONS).map_err(|error| vec![format!("the corrections are malformed: {error}")])?;
    let mut provenance = PUBLISHED_PROVENANCE.to_owned();
    let mut added = BTreeMap::new();
    for correction in corrections.into_iter().filter(|correction| correction.division == division) {
        provenance.push_str(&format!("; {} added: {}", correction.date, correction.provenance));
        added.insert(correction.date, correction.title);
    }
    if added.is_empty() {
        return Ok(published);
    }
    published.corrected(&format!("{PUBLISHED_VERSION}+{version}"), &provenance, &added)
}
