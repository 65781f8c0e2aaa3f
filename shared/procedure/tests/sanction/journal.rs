//! What the journal keeps for ever: an example of every event, as it was written when the event was made.

use super::case::{Case, hour};
use holdfast_procedure::Told;
use holdfast_procedure::sanction::Event;
use serde_json::Value;
use std::collections::BTreeMap;

const EXAMPLES: &str = include_str!("../events/sanction.json");

/// The examples by their keys, with the name and the variant of each.
const NAMES: [(&str, &str, &str); 21] = [
    ("requirement_failed", "failed", "requirement_failed"),
    ("requirement_failed_again", "failed_again", "requirement_failed_again"),
    ("conference_no_good_reason", "conferred", "sanction_conference_held"),
    ("conference_good_reason", "conferred", "sanction_conference_held"),
    ("conference_not_reasonable", "conferred", "sanction_conference_held"),
    ("sanction_referred", "referred", "sanction_referred"),
    ("explanation_invited", "invited", "explanation_invited"),
    ("explanation_recorded", "explained", "explanation_recorded"),
    ("no_answer_recorded", "explained", "explanation_recorded"),
    ("sanction_decided", "decided", "sanction_decided"),
    ("no_sanction_decided", "decided", "sanction_decided"),
    ("sanction_reconsidered", "reconsidered", "sanction_reconsidered"),
    ("failure_corrected", "fact_corrected", "fact_corrected"),
    ("conference_corrected", "fact_corrected", "fact_corrected"),
    ("invitation_never_happened", "fact_corrected", "fact_corrected"),
    ("explanation_corrected", "fact_corrected", "fact_corrected"),
    ("withdrawn_in_error", "withdrawn", "sanction_case_withdrawn"),
    ("withdrawn_good_reason", "withdrawn", "sanction_case_withdrawn"),
    ("withdrawn_claim_closed", "withdrawn", "sanction_case_withdrawn"),
    ("death_reported", "customer", "death_reported"),
    ("task_assigned", "task", "task_assigned"),
];

/// Names the variants one by one, so that a new one cannot be added without an example.
fn named(event: &Event) -> &'static str {
    match event {
        Event::Failed { .. } => "failed",
        Event::FailedAgain { .. } => "failed_again",
        Event::Conferred { .. } => "conferred",
        Event::Referred { .. } => "referred",
        Event::Invited { .. } => "invited",
        Event::Explained { .. } => "explained",
        Event::Decided(_) => "decided",
        Event::Reconsidered { .. } => "reconsidered",
        Event::FactCorrected { .. } => "fact_corrected",
        Event::Withdrawn(_) => "withdrawn",
        Event::Customer(_) => "customer",
        Event::Task(_) => "task",
    }
}

#[test]
fn every_event_has_an_example_that_is_read_and_written_back_as_it_stands() {
    let examples: BTreeMap<String, Value> = serde_json::from_str(EXAMPLES).expect("events by name");
    assert_eq!(examples.len(), NAMES.len());
    for (key, variant, name) in NAMES {
        let example = &examples[key];
        let event: Event = serde_json::from_value(example.clone()).expect(key);
        assert_eq!((event.name(), named(&event), example["event"].as_str()), (name, variant, Some(variant)), "{key}");
        let words = (1..9).map(|number| format!("n-{number}")).find(|words| event.summary().contains(words));
        assert_eq!(words, None, "what somebody said is not in a summary: {}", event.summary());
        assert_eq!(serde_json::to_value(&event).expect("an event can be written"), *example, "{key}");
    }
}

/// A timeline tells what was found, and when each thing happened.
#[test]
fn a_timeline_tells_what_happened_and_when() {
    let told: Vec<_> = Case::decided()
        .journal
        .iter()
        .map(|(ruled, _, _)| (ruled.event.summary(), ruled.event.occurred_at()))
        .collect();
    let expected = [
        ("The claimant failed a requirement on 2026-06-01.", Some(hour(0))),
        (
            "A case conference about the failed requirement took place on 2026-06-01; no good reason was seen.",
            Some(hour(1)),
        ),
        ("The claimant was referred for a sanction.", None),
        ("The claimant was invited to explain on 2026-06-01.", Some(hour(3))),
        ("The claimant explained on 2026-06-01.", Some(hour(4))),
        ("The Decision Maker decided that a sanction is warranted.", None),
    ];
    assert_eq!(told, expected.map(|(summary, at)| (summary.to_owned(), at)));
}
