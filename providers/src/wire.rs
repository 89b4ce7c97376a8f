//! Small things that several wire formats share.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};
use serde_json::{Map, Number, Value};

use crate::chat::{ChatReply, Finish, LogProb, Spent, Usage};
use crate::http::Posted;

/// A body that grows member by member; what is `None` is left out.
#[derive(Default)]
pub(crate) struct Body(pub(crate) Map<String, Value>);

impl Body {
    pub(crate) fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    pub(crate) fn put_some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// A number that people wrote with a point stays as they wrote it.
    pub(crate) fn put_number(&mut self, name: &str, value: Option<f64>) {
        self.put_some(name, value.and_then(Number::from_f64).map(Value::Number));
    }
}

/// A body with members of its own, and one that all requests of a prompt share.
pub(crate) struct Members<'a> {
    pub(crate) own: Map<String, Value>,
    pub(crate) shared: Option<(&'static str, &'a Value)>,
}

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let own = self.own.iter().map(|(name, value)| (name.as_str(), value));
        serializer.collect_map(own.chain(self.shared))
    }
}

/// An object of values that are made already: `json!` would copy each of them.
pub(crate) fn json_object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub(crate) fn base64(data: &[u8]) -> String {
    STANDARD.encode(data)
}

pub(crate) fn data_url(media_type: &str, data: &[u8]) -> String {
    format!("data:{media_type};base64,{}", base64(data))
}

/// What a pointer such as `/choices/0/message` leads to. It is written in the code, and its names have no character that pointers
/// escape: `Value::pointer` looks for those, and copies each name twice.
pub(crate) fn at<'a>(json: &'a Value, pointer: &'static str) -> Option<&'a Value> {
    pointer.split('/').skip(1).try_fold(json, |within, name| match within {
        Value::Object(members) => members.get(name),
        Value::Array(list) => list.get(name.parse::<usize>().ok()?),
        _ => None,
    })
}

/// A count at a pointer; zero where there is none.
pub(crate) fn count(json: &Value, pointer: &'static str) -> u64 {
    at(json, pointer).and_then(Value::as_u64).unwrap_or(0)
}

/// A text at a pointer; empty where there is none.
pub(crate) fn text<'a>(json: &'a Value, pointer: &'static str) -> &'a str {
    at(json, pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The items of a list at a pointer; none where there is no list.
pub(crate) fn items<'a>(json: &'a Value, pointer: &'static str) -> impl Iterator<Item = &'a Value> {
    at(json, pointer).and_then(Value::as_array).into_iter().flatten()
}

/// The tokens that stand in a member of a reply; `None` where no number is in it.
pub(crate) fn usage(json: &Value, member: &str, read: impl FnOnce(&Value) -> Usage) -> Option<Usage> {
    let counts = json.get(member)?;
    counts.as_object()?.values().any(Value::is_number).then(|| read(counts))
}

/// How likely tokens were, as each row has it at two pointers. Where a row has another form, nothing is known.
pub(crate) fn log_probs<'a>(
    rows: impl Iterator<Item = &'a Value>,
    token: &'static str,
    of: &'static str,
) -> Vec<LogProb> {
    let read = |row: &Value| {
        let token = at(row, token)?.as_str()?.to_owned();
        Some(LogProb { token, log_prob: at(row, of)?.as_f64()? })
    };
    rows.take(LogProb::MOST).map(read).collect::<Option<_>>().unwrap_or_default()
}

/// What was said, and why it ends.
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) structured: Option<Value>,
    pub(crate) finish: Finish,
    pub(crate) usage: Option<Usage>,
    pub(crate) log_probs: Vec<LogProb>,
}

/// The longest name of a reply that is kept, in bytes: it is a few dozen.
const LONGEST_ID: usize = 256;

/// A reply as it came. Who answered stands in the member `name`; where it does not, it was the model that was `asked`.
pub(crate) fn reply(posted: Posted, said: Said, name: &str, asked: &str) -> ChatReply {
    let Said { text, structured, finish, usage, log_probs } = said;
    let named = posted.json.get(name).and_then(Value::as_str).filter(|named| !named.is_empty());
    let model = named.unwrap_or(asked).to_owned();
    let id = ["id", "responseId"].into_iter().find_map(|name| posted.json.get(name)?.as_str());
    let id = id.filter(|id| id.len() <= LONGEST_ID).map(str::to_owned);
    let spent = Spent { attempts: 1, latency: posted.latency, ..Spent::default() };
    ChatReply { text, structured, finish, usage, log_probs, model, id, raw: Some(posted.raw), spent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_through_objects_and_arrays_or_nowhere() {
        let json = serde_json::json!({"choices": [{"message": {"content": "hi"}}]});
        assert_eq!(text(&json, "/choices/0/message/content"), "hi");
        for nowhere in ["/choices/1", "/choices/x", "/choices/0/message/content/0", "/other"] {
            assert_eq!(at(&json, nowhere), None, "{nowhere}");
        }
    }
}
