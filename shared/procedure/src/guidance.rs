//! The versions of the guidance, and which is in force when (GEN-1).

use crate::{benefit, benefit::Benefit, rule::Source};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// One version of one benefit's guidance.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The version's name, as events carry it: the benefit, a slash, and what tells it from others.
    pub name: String,
    /// The text it follows.
    pub source: Source,
    /// From when it is in force; `None` for a text that carries no date: since before records begin.
    pub effective_from: Option<DateTime<Utc>>,
    /// What it prescribes.
    pub rules: benefit::Rules,
}

/// Every version of the guidance known to this build.
#[derive(Debug, Clone, PartialEq)]
pub struct Guidance {
    versions: Arc<[Version]>,
}

impl Guidance {
    /// The versions that this build ships.
    #[must_use]
    pub fn published() -> Self {
        let version =
            |name: &str, source, rules| Version { name: name.to_owned(), source, effective_from: None, rules };
        Self::of(vec![
            version("pip/1", Source::PipGuidance, benefit::pip::RULES),
            version("atw/1", Source::AccessToWorkVisiting, benefit::access_to_work::RULES),
            version("uc/1", Source::UniversalCreditConferencing, benefit::universal_credit::RULES),
            version("esa/1", Source::EsaCoreVisits, benefit::esa::RULES),
        ])
    }

    /// These versions, in any order.
    #[must_use]
    pub fn of(mut versions: Vec<Version>) -> Self {
        versions.sort_by_key(|version| version.effective_from);
        Self { versions: versions.into() }
    }

    /// This guidance and one more version.
    #[must_use]
    pub fn with(&self, version: Version) -> Self {
        Self::of(self.versions.iter().cloned().chain([version]).collect())
    }

    /// The version of a benefit's guidance in force at an instant, if there is one.
    #[must_use]
    pub fn in_force(&self, benefit: Benefit, at: DateTime<Utc>) -> Option<&Version> {
        self.versions
            .iter()
            .filter(|version| version.rules.benefit == benefit)
            .rfind(|version| version.effective_from.is_none_or(|from| from <= at))
    }

    /// The name of the version of a benefit's guidance in force at an instant, or else `procedure`'s own: what a case
    /// stands on that is opened where no version is in force.
    #[must_use]
    pub fn name_in_force(&self, benefit: Benefit, at: DateTime<Utc>, procedure: &str) -> String {
        self.in_force(benefit, at).map_or_else(|| format!("{procedure}/1"), |version| version.name.clone())
    }

    /// The version of a benefit's guidance in force at an instant, and those that begin later, the earliest first.
    pub fn in_force_since(&self, benefit: Benefit, at: DateTime<Utc>) -> impl Iterator<Item = &Version> {
        let begins_later = move |version: &&Version| {
            version.rules.benefit == benefit && version.effective_from.is_some_and(|from| from > at)
        };
        self.in_force(benefit, at).into_iter().chain(self.versions.iter().filter(begins_later))
    }

    /// Every version, the earliest first.
    pub fn versions(&self) -> impl Iterator<Item = &Version> {
        self.versions.iter()
    }
}
