//! The same of version 1.1: records of evaluations and of requests on their own, and what the server tells of them.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::golden::bytes;
use crate::evals::EvalPage;
use crate::problem::Problem;
use crate::records::{Group, Received, Record};
use crate::requests::RequestsTold;
use crate::{json, protobuf};

fn golden(name: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../../../../tests/golden/wire_1_1.json")).unwrap();
    all[name].clone()
}

/// All records of a batch, none of which is refused.
fn records(received: &Received) -> Vec<&Record> {
    assert_eq!(received.refused, []);
    received.batch.groups.iter().flat_map(Group::records).collect()
}

pub(super) fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn records_of_evaluations_and_of_requests_are_read_and_written_as_others_write_them() {
    for name in ["evals", "requests"] {
        let golden = golden(name);
        let (sent, text) = (bytes(&golden), golden["json"].as_str().unwrap());
        let received = protobuf::read_batch(&sent).unwrap();
        assert_eq!(records(&received), records(&json::read_batch(text.as_bytes()).unwrap()), "{name}");
        assert_eq!(value(&json::write_batch(received.batch.clone()).unwrap()), value(text));
        assert_eq!(Bytes::from(protobuf::write_batch(received.batch)), sent);
    }
}

#[test]
fn fields_of_a_later_version_in_them_are_passed_over() {
    for (name, newer) in [("evals", "newer_evals"), ("requests", "newer_requests")] {
        let known = protobuf::read_batch(&bytes(&golden(name))).unwrap();
        let newer = protobuf::read_batch(&bytes(&golden(newer))).unwrap();
        assert_eq!(records(&newer), records(&known), "{name}");
    }
}

/// What a client of this version makes of an answer, written again.
pub(super) fn read<T: DeserializeOwned + Serialize>(answer: &Value) -> Value {
    let read: T = serde_json::from_str(answer.as_str().unwrap()).unwrap();
    serde_json::to_value(&read).unwrap()
}

/// The same without what a later version says besides.
pub(super) fn known(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(name, _)| name != "later");
            Value::Object(members.map(|(name, value)| (name, known(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(known).collect()),
        other => other,
    }
}

#[test]
fn answers_are_read_and_what_a_later_version_says_besides_is_passed_over() {
    let answers = ["eval_page", "requests_told", "problem"];
    for (name, read) in answers.into_iter().zip([read::<EvalPage>, read::<RequestsTold>, read::<Problem>]) {
        let golden = golden(name);
        assert_eq!(read(&golden), known(value(golden.as_str().unwrap())), "{name}");
    }
}

#[test]
fn contexts_stay_as_they_are_written() {
    let page: EvalPage = serde_json::from_str(golden("eval_page").as_str().unwrap()).unwrap();
    assert!(page.items[1].context.get().starts_with("{\"z\": 0.10e0, \"big\": 9007199254740993, "));
}
