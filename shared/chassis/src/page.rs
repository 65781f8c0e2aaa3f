//! Page tokens: opaque to the caller, valid only for the question that they were given for. They hold nothing that the
//! caller did not ask or was not answered, and grant nothing.

use crate::field::Fields;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

#[derive(Serialize, Deserialize)]
struct Token<K> {
    question: Value,
    after: K,
}

/// A token that continues after `after` the question that `question` tells from others.
#[must_use]
pub fn token<K: Serialize>(question: &impl Serialize, after: K) -> String {
    let question = serde_json::to_value(question).unwrap_or_default();
    serde_json::to_vec(&Token { question, after }).map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default()
}

/// A page of `limit` out of what was found when one more was asked for, and whether there is more.
#[must_use]
pub fn cut<T>(mut found: Vec<T>, limit: u32) -> (Vec<T>, bool) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > limit;
    found.truncate(limit);
    (found, is_more)
}

/// Where the page before ended: `Some(None)` for the first page. A token that was not given for this question is a
/// fault of `page_token`.
pub fn after<K: DeserializeOwned>(fields: &mut Fields, question: &impl Serialize, token: &str) -> Option<Option<K>> {
    read(fields, "page_token", question, token)
}

/// Where a stream is to go on: `Some(None)` from the beginning. A token that was not given for this question is a fault
/// of `resume_token`.
pub fn resumed<K: DeserializeOwned>(fields: &mut Fields, question: &impl Serialize, token: &str) -> Option<Option<K>> {
    read(fields, "resume_token", question, token)
}

fn read<K: DeserializeOwned>(
    fields: &mut Fields,
    field: &str,
    question: &impl Serialize,
    token: &str,
) -> Option<Option<K>> {
    if token.is_empty() {
        return Some(None);
    }
    let question = serde_json::to_value(question).unwrap_or_default();
    let read = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| serde_json::from_slice::<Token<Value>>(&bytes).ok());
    let read = read.filter(|read| read.question == question && is_plain(&read.after));
    match read.and_then(|read| serde_json::from_value(read.after).ok()) {
        Some(after) => Some(Some(after)),
        None => {
            fields.fault(field, "was not given for this question; start again without one");
            None
        }
    }
}

/// Whether a place to go on from is like those that are given out. Nothing else may reach a database, which has its own
/// ideas of control characters and of years before Christ.
fn is_plain(after: &Value) -> bool {
    match after {
        Value::String(text) => {
            text.starts_with(|first: char| first.is_ascii_alphanumeric()) && !text.contains(char::is_control)
        }
        Value::Array(parts) => parts.iter().all(is_plain),
        Value::Object(parts) => parts.values().all(is_plain),
        Value::Number(number) => number.as_u64().is_some(),
        Value::Null => true,
        Value::Bool(_) => false,
    }
}
