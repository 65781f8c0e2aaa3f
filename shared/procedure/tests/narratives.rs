//! Every entry of a journal says which words are kept with it: whatever reference the example of an event carries, its
//! reader is told, and no other.
#![allow(clippy::expect_used, clippy::unwrap_used, missing_docs, reason = "tests fail by panicking")]

#[path = "narratives/kept.rs"]
mod kept;

use holdfast_procedure::{Told, conferencing, directory, escalation, exception, sanction, visiting};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeMap;

/// Every example of a decider's events carries words that its event tells of, and the number of them.
fn told<E: Told + Serialize + DeserializeOwned>(examples: &str) -> usize {
    let examples: BTreeMap<String, Value> = serde_json::from_str(examples).expect("examples by name");
    let told = |(name, example): (String, Value)| {
        let event: E = serde_json::from_value(example).expect("an event");
        let told: Vec<_> = event.narratives().into_iter().map(|words| words.0.clone()).collect();
        let mut sorted = told.clone();
        sorted.sort();
        assert_eq!(sorted, kept::with(&event), "{name} tells of its words");
        told.len()
    };
    examples.into_iter().map(told).sum()
}

#[test]
fn every_event_tells_of_the_words_kept_with_it() {
    assert!(told::<visiting::Event>(include_str!("events/visiting.json")) > 0);
    assert!(told::<conferencing::Event>(include_str!("events/conferencing.json")) > 0);
    assert!(told::<escalation::Event>(include_str!("events/escalation.json")) > 0);
    assert!(told::<sanction::Event>(include_str!("events/sanction.json")) > 0);
    assert!(told::<exception::Event>(include_str!("events/exception.json")) > 0);
    assert_eq!(told::<directory::Event>(include_str!("events/directory.json")), 0);
}

#[test]
fn words_come_first_then_why_and_last_why_so_late() {
    let event: visiting::Event = serde_json::from_value(serde_json::json!({
        "event": "referred",
        "award": { "customer": "C-1", "benefit": "esa", "award": "A-1" },
        "place": { "nation": "england", "area": "North" },
        "occurred_at": "2026-05-29T08:00:00Z",
        "circumstances": "n-1",
        "late_reason": "n-5",
        "form": {
            "condition": { "known": "n-2" },
            "representative": "not_known",
            "contact_attempts": { "known": "n-3" },
            "activity": { "what": "n-4", "due_on": "2026-05-01" }
        }
    }))
    .expect("a referral");
    let told: Vec<_> = event.narratives().into_iter().map(|words| words.0.as_str()).collect();
    assert_eq!(told, ["n-1", "n-2", "n-3", "n-4", "n-5"]);
}
