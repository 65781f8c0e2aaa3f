//! What the journal keeps for ever holds no words that a person said, only references to them.

use crate::{faults::Faults, tree::below};
use serde_json::Value;
use std::collections::BTreeSet;

/// Where the example of every event is kept, one file for each procedure.
const EXAMPLES: &str = "shared/procedure/tests/events";

/// Keys that hold a reference to words kept elsewhere, or nothing.
const REFERENCES: [&str; 8] =
    ["account", "circumstances", "late_reason", "legal_basis", "narrative", "reason", "reasons", "weighed"];

/// Keys whose value is one of a closed set of names, or a name that the suite itself gave.
const NAMES: [&str; 57] = [
    "agency",
    "answer",
    "basis",
    "benefit",
    "by",
    "calendar",
    "change",
    "channel",
    "conclusion",
    "conference_outcome",
    "considered",
    "contact",
    "deferral",
    "department",
    "done",
    "event",
    "evidence",
    "good_cause",
    "good_reason",
    "ground",
    "handover_to",
    "indicator",
    "item",
    "key",
    "kind",
    "lead",
    "marker",
    "nation",
    "of",
    "outcome",
    "owner",
    "party",
    "referrals",
    "requirement",
    "result",
    "role",
    "safeguarding_steps",
    "second_visit",
    "service",
    "situations",
    "source",
    "stage",
    "step",
    "subsequent_actions",
    "term",
    "understanding",
    "verdict",
    "version",
    "weighed_circumstances",
    "weighed_good_reason",
    "weighed_health",
    "what",
    "whom",
    "why",
    "with",
    "working_days",
    "workload",
];

/// Keys whose value is an opaque reference or a place name that the caller's systems chose: short, checked by the field
/// rules of the contract.
const OPAQUE: [&str; 11] =
    ["area", "award", "case", "customer", "into", "office", "person", "reference", "system", "team", "telephone"];

/// Keys whose value is a sentence that the suite itself wrote: what a task asks for.
const SENTENCES: [&str; 1] = ["owed"];

/// Keys whose value is a number, an instant, yes or no, or is made of such.
const MEASURES: [&str; 76] = [
    "action",
    "after",
    "agreed_for",
    "asked_by",
    "assents",
    "at",
    "attempt",
    "booking",
    "calendar_days",
    "call_back",
    "concern",
    "concluded_at",
    "conference",
    "conference_by",
    "confirmed",
    "confirmed_by",
    "counts",
    "comes_back",
    "cover",
    "date",
    "decided",
    "determined_again",
    "determined_by",
    "differs",
    "documentation",
    "due",
    "ends",
    "ends_at",
    "entries",
    "escalates",
    "fact",
    "facts",
    "file",
    "finding",
    "follow_up",
    "found",
    "from",
    "gone",
    "happening",
    "has_representative",
    "holds",
    "joined",
    "leader",
    "letter_left",
    "minutes",
    "needed",
    "new",
    "next",
    "no_response",
    "occurred_at",
    "participants",
    "partnership_manager",
    "passed_on",
    "passed_on_from",
    "place",
    "provisional",
    "received",
    "referral",
    "required",
    "retracting",
    "review",
    "review_on",
    "right",
    "safeguarding_concern",
    "satisfied",
    "since",
    "steps",
    "taken",
    "takes_back",
    "text_sent",
    "times_taken_back",
    "to",
    "until",
    "window",
    "withdrawn",
    "wrong",
];

#[test]
fn no_event_holds_what_a_person_said() {
    let mut faults = Faults::new(
        "Keep the words as narrative and put their reference into the event. If the key holds no words, list it here \
         under what it does hold.",
    );
    let files = below(EXAMPLES);
    assert!(!files.is_empty(), "no examples of events in {EXAMPLES}");
    let mut keys = BTreeSet::new();
    for file in files {
        let examples: Value = serde_json::from_str(&file.text).unwrap_or_else(|fault| panic!("{}: {fault}", file.path));
        for (event, example) in examples.as_object().expect("events by name") {
            let mut found = Vec::new();
            walk(example, &mut keys, &mut found);
            found.iter().for_each(|fault| faults.add(format!("{}: {event}: {fault}", file.path)));
        }
    }
    let listed = [&REFERENCES[..], &NAMES, &OPAQUE, &SENTENCES, &MEASURES].concat();
    for key in listed.into_iter().filter(|key| !keys.contains(*key)) {
        faults.add(format!("`{key}`: listed, but no event has it any more"));
    }
    faults.none();
}

/// Every key of a value, and every fault.
fn walk(value: &Value, keys: &mut BTreeSet<String>, faults: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                keys.insert(key.clone());
                faults.extend(fault(key, value));
                walk(value, keys, faults);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| walk(value, keys, faults)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn fault(key: &str, value: &Value) -> Option<String> {
    if REFERENCES.contains(&key) {
        let refers = value.is_null() || value.as_str().is_some_and(|text| text.starts_with("n-"));
        return (!refers).then(|| format!("`{key}` holds {value}, not a reference n-…"));
    }
    if SENTENCES.contains(&key) {
        return (!value.is_string()).then(|| format!("`{key}` holds {value}, not a sentence"));
    }
    let known = [&NAMES[..], &OPAQUE, &MEASURES].iter().any(|keys| keys.contains(&key));
    if !known {
        return Some(format!("`{key}` is not known to hold no words"));
    }
    let longest = if OPAQUE.contains(&key) { 3 } else { 1 };
    let words = value.as_str().is_some_and(|text| text.split_whitespace().count() > longest || text.len() > 64);
    words.then(|| format!("`{key}` holds words: {value}"))
}

#[test]
fn words_in_an_event_are_seen() {
    let mut found = Vec::new();
    let event =
        r#"{"event": "told", "reason": "was afraid", "remark": "n-1", "right": [{"kind": "a b"}], "place": {}}"#;
    walk(&serde_json::from_str(event).unwrap(), &mut BTreeSet::new(), &mut found);
    assert_eq!(found.len(), 3, "{found:?}");
}
