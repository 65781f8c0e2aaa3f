//! What the journal keeps for ever: an example of every event, as it was written when the event was made.

use super::case::Case;
use super::case::Step::*;
use holdfast_procedure::Told;
use holdfast_procedure::escalation::{Agency, Basis, Event};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const EXAMPLES: &str = include_str!("../events/escalation.json");

/// Every name that an event can have, by its variant.
const NAMES: [(&str, &str); 21] = [
    ("opened", "escalation_opened"),
    ("contact_attempted", "contact_attempted"),
    ("leader_considered", "leader_considered"),
    ("leader_asked", "leader_asked"),
    ("leader_named", "leader_named"),
    ("liaison_recorded", "liaison_recorded"),
    ("disclosure_recorded", "disclosure_recorded"),
    ("review_date_set", "review_date_set"),
    ("review_overdue", "review_overdue"),
    ("reviewed", "review_recorded"),
    ("contact_recorded", "contact_recorded"),
    ("fact_corrected", "fact_corrected"),
    ("concluded", "escalation_concluded"),
    ("customer", "death_reported"),
    ("customer", "death_confirmed"),
    ("customer", "death_report_corrected"),
    ("customer", "customer_moved"),
    ("customer", "customer_merged"),
    ("task", "task_completed"),
    ("task", "task_assigned"),
    ("stage_reached", "stage_reached"),
];

fn examples() -> BTreeMap<String, Value> {
    serde_json::from_str(EXAMPLES).expect("the examples are an object of events by name")
}

#[test]
fn every_event_has_an_example() {
    let names: BTreeSet<_> = examples().into_keys().collect();
    assert_eq!(names, NAMES.map(|(_, name)| name.to_owned()).into());
}

#[test]
fn every_example_is_read_and_written_back_as_it_stands() {
    for (name, example) in examples() {
        let event: Event = serde_json::from_value(example.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(event.name(), name);
        assert!(!event.summary().contains("n-"), "what somebody said is not in a summary: {}", event.summary());
        assert_eq!(serde_json::to_value(&event).expect("an event can be written"), example, "{name}");
    }
}

/// Names the variants one by one, so that a new one cannot be added without an example.
fn named(event: &Event) -> &'static str {
    match event {
        Event::Opened { .. } => "opened",
        Event::ContactAttempted { .. } => "contact_attempted",
        Event::LeaderConsidered { .. } => "leader_considered",
        Event::LeaderAsked { .. } => "leader_asked",
        Event::LeaderNamed { .. } => "leader_named",
        Event::LiaisonRecorded { .. } => "liaison_recorded",
        Event::DisclosureRecorded { .. } => "disclosure_recorded",
        Event::ReviewDateSet { .. } => "review_date_set",
        Event::ReviewOverdue { .. } => "review_overdue",
        Event::Reviewed { .. } => "reviewed",
        Event::ContactRecorded { .. } => "contact_recorded",
        Event::FactCorrected { .. } => "fact_corrected",
        Event::Concluded { .. } => "concluded",
        Event::Customer(_) => "customer",
        Event::Task(_) => "task",
        Event::StageReached { .. } => "stage_reached",
    }
}

#[test]
fn an_event_is_tagged_by_its_variant() {
    for (name, example) in examples() {
        let event: Event = serde_json::from_value(example.clone()).expect("an event");
        assert_eq!(example["event"], named(&event), "{name}");
        assert!(NAMES.contains(&(named(&event), name.as_str())), "{name}");
    }
}

#[test]
fn a_journal_is_read_back_as_it_was_written() {
    let case = Case::given(&[
        CallAndText("2026-06-01 10:00"),
        Call("2026-06-01 10:30"),
        Consider(true),
        Moved("Ulster"),
        Refer,
        Resolve("Ulster"),
        Liaise("2026-06-02 10:00", Agency::HealthService),
        Disclose("2026-06-02 10:00", Agency::SupportNetwork, Basis::Consent),
        ReviewOn("2026-06-15"),
        Pass("2026-06-16 09:00"),
        ReviewThen("2026-06-16 10:00", "2026-06-22"),
        RangUp("2026-06-16 10:00"),
        Review("2026-06-22 10:00"),
        Conclude,
        Died,
        DeathVerified,
        DeathMistaken,
    ]);
    for entry in &case.journal {
        let written = serde_json::to_string(&entry.ruled.event).expect("an event can be written");
        assert_eq!(serde_json::from_str::<Event>(&written).expect(&written), entry.ruled.event);
    }
}
