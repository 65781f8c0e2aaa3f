//! The rules as data: complete, unique, and equal to the table they were drawn up from wherever that is at hand.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop where it stands")]
#![allow(clippy::print_stdout, reason = "a comparison that was left out should say so")]

use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::rule::{self, Rule, Source, Strength};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// Paragraphs of the guidance, rulings left out.
fn paragraphs() -> Vec<&'static Rule> {
    rule::all().filter(|rule| rule.source != Source::Ruling).collect()
}

#[test]
fn every_id_is_unique_and_finds_its_rule() {
    let mut seen = BTreeSet::new();
    let twice: Vec<_> = rule::all().map(|rule| rule.id).filter(|id| !seen.insert(*id)).collect();
    assert!(twice.is_empty(), "ids given twice: {twice:?}");
    for rule in rule::all() {
        assert_eq!(rule::find(rule.id), Some(rule));
    }
}

#[test]
fn there_are_157_rules_besides_the_rulings() {
    assert_eq!(paragraphs().len(), 157);
}

#[test]
fn a_ruling_is_one_in_id_source_and_strength_alike() {
    let mixed: Vec<_> = rule::all()
        .filter(|rule| {
            let told = [rule.id.starts_with("R-"), rule.source == Source::Ruling, rule.strength == Strength::Ruling];
            told.contains(&true) && told.contains(&false)
        })
        .map(|rule| rule.id)
        .collect();
    assert!(mixed.is_empty(), "neither wholly rulings nor wholly paragraphs: {mixed:?}");
}

#[test]
fn every_rule_says_what_it_requires_in_whole_sentences() {
    let bad: Vec<_> = rule::all()
        .filter(|rule| {
            rule.requires.trim() != rule.requires || !rule.requires.ends_with('.') || rule.requires.len() < 2
        })
        .map(|rule| rule.id)
        .collect();
    assert!(bad.is_empty(), "empty, padded or without a full stop: {bad:?}");
}

#[test]
fn the_rules_equal_the_table_where_it_is_at_hand() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/spec/rules.tsv");
    if !path.exists() {
        println!("the table of rules is not at hand, nothing compared");
        return;
    }
    let table = fs::read_to_string(&path).expect("the table of rules can be read");
    let mut lines = table.lines();
    let header: Vec<_> = lines.next().unwrap_or_default().split('\t').collect();
    assert_eq!(header.get(..6), Some(&["rule", "benefit", "paragraph", "strength", "service", "proof"][..]));

    let wanted: Vec<Vec<&str>> = lines.filter(|line| !line.is_empty()).map(|line| line.split('\t').collect()).collect();
    let found = paragraphs();
    let mut differences = Vec::new();
    for row in &wanted {
        let Some(rule) = found.iter().find(|rule| rule.id == row[0]) else {
            differences.push(format!("{}: missing", row[0]));
            continue;
        };
        let pairs = [
            ("benefit", benefit(rule), row[1]),
            ("strength", strength(rule), row[3]),
            ("service", rule.service.name(), row[4]),
            ("proof", rule.proof.name(), row[5]),
        ];
        let unequal = pairs.into_iter().filter(|(_, is, wanted)| is != wanted);
        differences.extend(unequal.map(|(what, is, wanted)| format!("{}: {what} is {is}, not {wanted}", rule.id)));
    }
    let known: BTreeSet<_> = wanted.iter().map(|row| row[0]).collect();
    let unknown = found.iter().filter(|rule| !known.contains(rule.id));
    differences.extend(unknown.map(|rule| format!("{}: not in the table", rule.id)));
    if differences.is_empty() && !found.iter().map(|rule| rule.id).eq(wanted.iter().map(|row| row[0])) {
        differences.push("the order differs".to_owned());
    }
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

fn benefit(rule: &Rule) -> &'static str {
    match rule.benefit {
        None => "ALL",
        Some(Benefit::Pip) => "PIP",
        Some(Benefit::Esa) => "ESA",
        Some(Benefit::UniversalCredit) => "UC",
        Some(Benefit::AccessToWork) => "ATW",
    }
}

fn strength(rule: &Rule) -> &'static str {
    match rule.strength {
        Strength::Must => "must",
        Strength::MustNot => "must-not",
        Strength::May => "may",
        Strength::Definition => "definition",
        Strength::Ruling => "ruling",
    }
}
