//! What the journal keeps for ever: an example of every event, as it was written when the event was made.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, Step, UNSAFE};
use holdfast_procedure::Told;
use holdfast_procedure::visiting::Event;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const EXAMPLES: &str = include_str!("../events/visiting.json");

/// Every name that an event can have.
const NAMES: [&str; 41] = [
    "case_opened",
    "visit_considered",
    "concern_triaged",
    "address_trace_recorded",
    "follow_up_recorded",
    "booking_recorded",
    "good_cause_decided",
    "follow_up_set",
    "follow_up_matured",
    "follow_up_ended",
    "referred",
    "referral_joined",
    "visit_recorded",
    "unsafe_area_recorded",
    "letter_recorded",
    "contact_recorded",
    "concern_raised",
    "fact_corrected",
    "second_visit_decided",
    "withdrawn",
    "withdrawn_as_confirmed",
    "retraction_asked",
    "retraction_of_a_fact_asked",
    "retraction_confirmed",
    "retraction_declined",
    "decision_noted",
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
    "fact_judged",
    "contact_window_opened",
    "contact_window_derived_again",
    "contact_window_cancelled",
    "stage_reached",
];

/// The examples that show another side of an event, and the event's name.
const OTHER_SIDES: [(&str, &str); 2] =
    [("withdrawn_as_confirmed", "withdrawn"), ("retraction_of_a_fact_asked", "retraction_asked")];

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
        assert_eq!(serde_json::to_value(&event).expect("an event can be written"), example, "{name}");
    }
}

/// Names the variants one by one, so that a new one cannot be added without an example.
fn named(event: &Event) -> &'static str {
    match event {
        Event::CaseOpened { .. } => "case_opened",
        Event::GoodCauseDecided { .. } => "good_cause_decided",
        Event::FollowUpSet { .. } => "follow_up_set",
        Event::FollowUpMatured { .. } => "follow_up_matured",
        Event::FollowUpEnded => "follow_up_ended",
        Event::Referred { .. } => "referred",
        Event::ReferralJoined { .. } => "referral_joined",
        Event::FactRecorded { .. } => "fact_recorded",
        Event::FactCorrected { .. } => "fact_corrected",
        Event::SecondVisitDecided { .. } => "second_visit_decided",
        Event::Withdrawn { .. } => "withdrawn",
        Event::RetractionAsked { .. } => "retraction_asked",
        Event::RetractionConfirmed { .. } => "retraction_confirmed",
        Event::RetractionDeclined { .. } => "retraction_declined",
        Event::DecisionNoted { .. } => "decision_noted",
        Event::Customer(_) => "customer",
        Event::Task(_) => "task",
        Event::Protection(_) => "protection",
        Event::FactJudged { .. } => "fact_judged",
        Event::ContactWindowOpened { .. } => "contact_window_opened",
        Event::ContactWindowDerivedAgain { .. } => "contact_window_derived_again",
        Event::ContactWindowCancelled => "contact_window_cancelled",
        Event::StageReached { .. } => "stage_reached",
    }
}

#[test]
fn an_event_is_tagged_by_its_variant() {
    for (name, example) in examples() {
        let event: Event = serde_json::from_value(example.clone()).expect("an event");
        assert_eq!(example["event"], named(&event), "{name}");
    }
}

#[test]
fn a_summary_speaks_of_a_letter_only_where_one_can_be_left() {
    let summary = |outcome| Case::given(&[Visit("2026-06-01 10:00", outcome)]).last("visit_recorded").event.summary();
    assert_eq!(summary(NO_ANSWER), "Fact 1: visit, ineffective (no answer), letter left.");
    assert_eq!(summary(UNSAFE), "Fact 1: visit, ineffective (area deemed unsafe).");
}

#[test]
fn a_journal_is_read_back_as_it_was_written() {
    const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
    let late = Late(&Visit("2026-06-02 10:00", NO_ANSWER));
    let case = Case::given(&[
        FIRST,
        Contact("2026-06-03 10:00"),
        Void(2),
        Now("2026-07-01 10:00"),
        late,
        Unsafe("2026-07-02 10:00"),
    ]);
    for entry in &case.journal {
        let written = serde_json::to_string(&entry.ruled.event).expect("an event can be written");
        assert_eq!(serde_json::from_str::<Event>(&written).expect(&written), entry.ruled.event);
    }
}
