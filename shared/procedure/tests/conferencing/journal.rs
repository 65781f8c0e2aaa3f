//! What the journal keeps for ever: an example of every event, as it was written when the event was made.

use holdfast_procedure::Told;
use holdfast_procedure::conferencing::Event;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const EXAMPLES: &str = include_str!("../events/conferencing.json");

/// Every name that an event can have.
const NAMES: [&str; 42] = [
    "case_received",
    "case_received_anew",
    "case_taken_back",
    "file_updated",
    "support_marker_considered",
    "finding_recorded",
    "further_information_decided",
    "conference_convened",
    "conference_recorded",
    "action_agreed",
    "action_reported",
    "contact_recorded",
    "fact_corrected",
    "determination_recorded",
    "escalation_outcome_recorded",
    "closing_note_recorded",
    "documentation_assembled",
    "returned_to_decision_maker",
    "decision_recorded",
    "case_reopened",
    "death_reported",
    "death_confirmed",
    "death_report_corrected",
    "customer_moved",
    "customer_merged",
    "task_completed",
    "task_assigned",
    "award_protected",
    "protection_released",
    "protection_handed_over",
    "lead_taken_over",
    "stage_reached",
    "contact_passed_on",
    "conference_that_considered",
    "conference_within_days",
    "determination_assented",
    "contact_corrected_elsewhere",
    "fact_that_never_happened",
    "finding_numbered",
    "file_put_right",
    "fact_corrected_from",
    "task_completed_told",
];

/// The examples that show another side of an event, and the event's name.
const OTHER_SIDES: [(&str, &str); 11] = [
    ("case_received_anew", "case_received"),
    ("contact_passed_on", "contact_recorded"),
    ("conference_that_considered", "conference_recorded"),
    ("conference_within_days", "further_information_decided"),
    ("determination_assented", "determination_recorded"),
    ("contact_corrected_elsewhere", "fact_corrected"),
    ("fact_that_never_happened", "fact_corrected"),
    ("finding_numbered", "finding_recorded"),
    ("file_put_right", "file_updated"),
    ("fact_corrected_from", "fact_corrected"),
    ("task_completed_told", "task_completed"),
];

fn examples() -> BTreeMap<String, Value> {
    serde_json::from_str(EXAMPLES).expect("the examples are an object of events by name")
}

#[test]
fn every_event_has_an_example() {
    let names: BTreeSet<_> = examples().into_keys().collect();
    assert_eq!(names, NAMES.map(str::to_owned).into());
}

#[test]
fn every_example_is_read_and_written_back_as_it_stands() {
    for (name, example) in examples() {
        let event: Event = serde_json::from_value(example.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let known_as = OTHER_SIDES.iter().find(|(side, _)| *side == name).map_or(name.as_str(), |(_, event)| event);
        assert_eq!(event.name(), known_as);
        assert!(!event.summary().contains("n-"), "what somebody said is not in a summary: {}", event.summary());
        assert!(event.summary().ends_with('.'), "{}", event.summary());
        assert_eq!(serde_json::to_value(&event).expect("an event can be written"), example, "{name}");
    }
}

/// Names the variants one by one, so that a new one cannot be added without an example.
fn named(event: &Event) -> &'static str {
    match event {
        Event::Received { .. } => "received",
        Event::TakenBack { .. } => "taken_back",
        Event::FileUpdated { .. } => "file_updated",
        Event::SupportMarkerConsidered { .. } => "support_marker_considered",
        Event::FindingRecorded { .. } => "finding_recorded",
        Event::FurtherInformationDecided { .. } => "further_information_decided",
        Event::ConferenceConvened { .. } => "conference_convened",
        Event::ConferenceRecorded { .. } => "conference_recorded",
        Event::ActionAgreed { .. } => "action_agreed",
        Event::ActionReported { .. } => "action_reported",
        Event::ContactRecorded { .. } => "contact_recorded",
        Event::FactCorrected { .. } => "fact_corrected",
        Event::Determined { .. } => "determined",
        Event::EscalationConcluded { .. } => "escalation_concluded",
        Event::ClosingNoteRecorded { .. } => "closing_note_recorded",
        Event::DocumentationAssembled { .. } => "documentation_assembled",
        Event::Returned => "returned",
        Event::Decided { .. } => "decided",
        Event::Reopened { .. } => "reopened",
        Event::Customer(_) => "customer",
        Event::Task(_) => "task",
        Event::Protection(_) => "protection",
        Event::LeadTakenOver { .. } => "lead_taken_over",
        Event::StageReached { .. } => "stage_reached",
    }
}

#[test]
fn an_event_is_tagged_by_its_variant() {
    let mut tags = BTreeSet::new();
    for (name, example) in examples() {
        let event: Event = serde_json::from_value(example.clone()).expect("an event");
        assert_eq!(example["event"], named(&event), "{name}");
        tags.insert(named(&event));
    }
    assert_eq!(tags.len(), 24, "every variant has an example");
}
