//! The benefits side by side, as a table that is made from their pages and kept with them.
//! `UPDATE=1 cargo test -p holdfast-procedure --test comparison` writes it anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "docs/kept.rs"]
mod kept;

use holdfast_procedure::Role;
use holdfast_procedure::benefit::{Clause, Part, Rules, Step, compare, pip};
use holdfast_procedure::guidance::Guidance;
use kept::{is_current, latest, title};
use std::collections::BTreeSet;
use std::fmt::Write;

const INTRODUCTION: &str = "\
<!-- Made by shared/procedure/tests/comparison.rs, which fails where this is not current; UPDATE=1 writes it anew. -->
# The benefits side by side

What the guidance of each benefit prescribes, step by step, as its page in `shared/procedure/src/benefit` says it, with
the rules behind it. Where a text is silent nothing is made up. `GuidanceService.CompareProcedures` serves the same of
any two benefits, or of two versions of one.
";

/// A version's latest page, told in steps.
fn told(guidance: &Guidance) -> Vec<(&'static str, Vec<Step>)> {
    let column =
        |version: &holdfast_procedure::guidance::Version| (title(version.rules.benefit), version.rules.steps());
    latest(guidance).into_iter().map(column).collect()
}

fn cell(step: &Step) -> String {
    let rules: Vec<_> = step.rules.iter().map(|rule| rule.id).collect();
    format!("{} ({})", step.prescribed.replace('|', "\\|"), rules.join(", "))
}

fn document() -> String {
    let columns = told(&Guidance::published());
    let mut text = INTRODUCTION.to_owned();
    for part in Part::ALL {
        let heads: Vec<_> = columns.iter().map(|(title, _)| *title).collect();
        write!(
            text,
            "\n## {}\n\n| step | {} |\n|---|{}\n",
            part.title(),
            heads.join(" | "),
            "---|".repeat(heads.len())
        )
        .unwrap();
        let (_, first) = columns.first().expect("a page");
        for (row, step) in first.iter().enumerate().filter(|(_, step)| step.part == part) {
            let cells: Vec<_> = columns.iter().map(|(_, steps)| cell(&steps[row])).collect();
            writeln!(text, "| {} | {} |", step.name, cells.join(" | ")).unwrap();
        }
    }
    text
}

#[test]
fn the_table_is_current() {
    is_current("comparison.md", &document());
}

#[test]
fn every_page_is_told_in_the_same_steps_each_with_its_rules() {
    let guidance = Guidance::published();
    let steps_of = |rules: &Rules| rules.steps().iter().map(|step| (step.part, step.name)).collect::<Vec<_>>();
    let usual = steps_of(&pip::RULES);
    assert_eq!(usual.iter().map(|(_, name)| name).collect::<BTreeSet<_>>().len(), usual.len(), "names are unique");
    assert_eq!(usual.iter().map(|(part, _)| *part).collect::<BTreeSet<_>>(), Part::ALL.into());
    assert!(usual.is_sorted_by_key(|(part, _)| *part), "part by part");
    for version in guidance.versions() {
        assert_eq!(steps_of(&version.rules), usual, "{}", version.name);
        for step in version.rules.steps() {
            let silent = step.rules.iter().any(|rule| rule.id == "R-NOT-PRESCRIBED");
            assert!(!step.rules.is_empty() && !step.prescribed.is_empty(), "{}: {step:?}", version.name);
            let of_another = step.rules.iter().find(|rule| rule.benefit.is_some_and(|of| of != version.rules.benefit));
            assert!(of_another.is_none(), "{}: {} is another benefit's", version.name, step.name);
            assert!(!step.prescribed.starts_with("not prescribed") || silent, "{}: {step:?}", version.name);
        }
    }
}

#[test]
fn a_page_is_the_same_as_itself_and_differs_from_another_in_what_was_changed() {
    assert!(compare(&pip::RULES, &pip::RULES).iter().all(holdfast_procedure::benefit::Compared::same));
    let changed = Rules { handover: Clause { says: &[Role::Heo], ..pip::RULES.handover }, ..pip::RULES };
    let different: Vec<_> = compare(&pip::RULES, &changed).into_iter().filter(|step| !step.same()).collect();
    let [step] = different.as_slice() else { panic!("{different:?}") };
    assert_eq!((step.part, step.name), (Part::Visiting, "Two ineffective visits"));
    assert!(step.one.prescribed.contains("CES Team") && step.other.prescribed.contains("HEO"), "{step:?}");
    assert_eq!(step.one.rules, step.other.rules, "the same paragraph");
}

/// What differs between benefits is told as it is on each page: the procedure before a sanction is of Universal Credit
/// alone, and only Access to Work goes straight back to whoever decides where there is no concern (ATW 18).
#[test]
fn each_page_tells_of_a_sanction_and_of_no_concern_as_its_own_text_does() {
    for (title, steps) in told(&Guidance::published()) {
        let step = |name: &str| steps.iter().find(|step| step.name == name).expect("a step");
        let rules = |name| step(name).rules.iter().map(|rule| rule.id).collect::<Vec<_>>();
        let sanction = "Sanction over a failed requirement";
        if rules("Informed decision").contains(&"UC-12") {
            assert_eq!(rules(sanction), ["UC-SAN", "R-SANCTION-CONFERENCE"], "{title}");
        } else {
            assert_eq!(
                (rules(sanction), step(sanction).prescribed.as_str()),
                (vec!["R-NOT-PRESCRIBED"], "not prescribed")
            );
        }
        let straight_back = step("No concern identified").prescribed.contains("straight back to whoever decides");
        assert_eq!(straight_back, rules("No concern identified") == ["ATW-18"], "{title}");
    }
}
