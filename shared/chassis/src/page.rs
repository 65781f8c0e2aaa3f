//! Page tokens: opaque to the caller, valid only for the question that they were given for. They hold nothing that the
//! caller did not ask or was not answered, and grant nothing.

use crate::field::Fields;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

#[derive(Serialize, Deserialize)]
struct Token<K> {
    question: serde_json::Value,
    after: K,
}

/// A token that continues after `after` the question that `question` tells from others.
#[must_use]
pub fn token<K: Serialize>(question: &impl Serialize, after: K) -> String {
    let question = serde_json::to_value(question).unwrap_or_default();
    serde_json::to_vec(&Token { question, after }).map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default()
}

/// Where the page before ended: `Some(None)` for the first page. A token that was not given for this question is a
/// fault of `page_token`.
pub fn after<K: DeserializeOwned>(fields: &mut Fields, question: &impl Serialize, token: &str) -> Option<Option<K>> {
    if token.is_empty() {
        return Some(None);
    }
    let question = serde_json::to_value(question).unwrap_or_default();
    let read = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| serde_json::from_slice::<Token<K>>(&bytes).ok());
    match read {
        Some(read) if read.question == question => Some(Some(read.after)),
        _ => {
            fields.fault("page_token", "was not given for this question; start again without one");
            None
        }
    }
}
