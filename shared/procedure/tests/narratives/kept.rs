//! The references that the written form of an event carries, found without knowing what kind of event it is.

use serde::Serialize;
use serde_json::Value;

/// The references of words in an event, sorted: every string that begins as a test's references do. What was handed over
/// or passed on is kept elsewhere.
pub(crate) fn with(event: &impl Serialize) -> Vec<String> {
    let mut found = Vec::new();
    collect(&serde_json::to_value(event).expect("an event can be written"), &mut found);
    found.sort();
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with("n-") => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Object(fields) if !is_kept_elsewhere(value) => {
            // The words of what was wrong were told when that was recorded.
            let told_now = fields.iter().filter(|(field, _)| *field != "wrong");
            told_now.for_each(|(_, value)| collect(value, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {}
    }
}

/// A file, what was taken back and what safeguarding concluded come whole from elsewhere, as does a concern, which opens a
/// case of its own; what was passed on says where from.
fn is_kept_elsewhere(event: &Value) -> bool {
    let handed_over = ["received", "file_updated", "taken_back", "escalation_concluded", "opened"];
    let passed_on = ["passed_on", "passed_on_from"];
    event["event"].as_str().is_some_and(|name| handed_over.contains(&name))
        || passed_on.iter().any(|field| event.get(field).is_some_and(Value::is_object))
}
