//! Recordings that can be published.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::recording::Recording;
use crate::Secret;

/// Keys as providers make them, and what stands after `Bearer`.
static KEYS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:sk-[A-Za-z0-9_-]{16,}|AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{30,})|\bBearer\s+[A-Za-z0-9._~+/-]{16,}=*")
        .expect("the pattern is constant and tested")
});

/// Replaces known secrets, and what looks like one, in all texts of a value.
pub(super) fn redact(value: &mut Value, secrets: &[Secret]) {
    match value {
        Value::String(text) => *text = redacted(text, secrets),
        Value::Array(items) => items.iter_mut().for_each(|item| redact(item, secrets)),
        Value::Object(members) => members.values_mut().for_each(|member| redact(member, secrets)),
        _ => {}
    }
}

/// The same in all that was said.
pub(super) fn redact_recording(said: &mut Recording, secrets: &[Secret]) {
    match said {
        Recording::Reply(reply) => redact(reply, secrets),
        Recording::Failure(failure) => failure.message = redacted(&failure.message, secrets),
    }
}

fn redacted(text: &str, secrets: &[Secret]) -> String {
    let known = secrets.iter().fold(text.to_owned(), |text, secret| secret.redact(&text));
    KEYS.replace_all(&known, "***").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_replaced_wherever_they_stand() {
        let mut value = json!({"a": ["key: sk-abcdefghijklmnopqrst.", {"b": "Bearer abcdefghijklmnop123 x"}], "c": "my-own-secret"});
        redact(&mut value, &[Secret::new("my-own-secret")]);
        assert_eq!(value, json!({"a": ["key: ***.", {"b": "*** x"}], "c": "***"}));
    }

    #[test]
    fn plain_text_stays() {
        let plain = json!("the risk-averse bearer of sk-8 skis");
        let mut value = plain.clone();
        redact(&mut value, &[]);
        assert_eq!(value, plain);
    }
}
