//! What the journal keeps for ever: an example of every event, as it was written when the event was made.

use holdfast_procedure::Told;
use holdfast_procedure::exception::Event;
use serde_json::Value;
use std::collections::BTreeMap;

const EXAMPLES: &str = include_str!("../events/exception.json");

/// Every name that an event can have, by its variant.
const NAMES: [(&str, &str); 7] = [
    ("customer", "customer_merged"),
    ("requested", "override_requested"),
    ("approved", "override_approved"),
    ("declined", "override_declined"),
    ("declined", "override_withdrawn"),
    ("revoked", "override_revoked"),
    ("task", "task_assigned"),
];

/// Names the variants one by one, so that a new one cannot be added without an example.
fn named(event: &Event) -> &'static str {
    match event {
        Event::Requested { .. } => "requested",
        Event::Approved { .. } => "approved",
        Event::Declined { .. } => "declined",
        Event::Revoked { .. } => "revoked",
        Event::Customer(_) => "customer",
        Event::Task(_) => "task",
    }
}

#[test]
fn every_event_has_an_example_that_is_read_and_written_back_as_it_stands() {
    let examples: BTreeMap<String, Value> = serde_json::from_str(EXAMPLES).expect("events by name");
    assert_eq!(examples.len(), NAMES.len());
    for (variant, name) in NAMES {
        let example = &examples[name];
        let event: Event = serde_json::from_value(example.clone()).expect(name);
        assert_eq!((event.name(), named(&event), example["event"].as_str()), (name, variant, Some(variant)));
        let words = (1..9).map(|number| format!("n-{number}")).find(|words| event.summary().contains(words));
        assert_eq!(words, None, "what somebody said is not in a summary: {}", event.summary());
        assert_eq!(serde_json::to_value(&event).expect("an event can be written"), *example, "{name}");
    }
}
