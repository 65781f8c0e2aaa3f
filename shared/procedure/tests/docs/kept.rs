//! Documents that are generated from the procedure and kept beside it. `UPDATE=1` writes them anew.

use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::guidance::{Guidance, Version};
use std::{fs, path::Path};

/// A benefit as a heading names it.
pub(crate) fn title(benefit: Benefit) -> &'static str {
    match benefit {
        Benefit::Pip => "PIP",
        Benefit::Esa => "ESA",
        Benefit::UniversalCredit => "Universal Credit",
        Benefit::AccessToWork => "Access to Work",
    }
}

/// The latest version of each benefit's guidance, in the order of the benefits.
pub(crate) fn latest(guidance: &Guidance) -> Vec<&Version> {
    let benefits = [Benefit::Pip, Benefit::Esa, Benefit::UniversalCredit, Benefit::AccessToWork];
    let latest = |benefit| guidance.versions().filter(move |version| version.rules.benefit == benefit).last();
    benefits.into_iter().filter_map(latest).collect()
}

/// Fails where the document that is kept is another than the one that was made.
pub(crate) fn is_current(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "{} is not current: run with UPDATE=1", path.display());
}
