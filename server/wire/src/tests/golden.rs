//! What another implementation of protobuf wrote is read, and written as it wrote it.

use bytes::Bytes;
use serde_json::Value;

use crate::receipt::{Receipt, RefusalCode};
use crate::records::{Body, Group};
use crate::{json, protobuf};

fn golden(name: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../../../../tests/golden/wire_1_0.json")).unwrap();
    all[name].clone()
}

pub(super) fn bytes(golden: &Value) -> Bytes {
    let hex = golden["protobuf"].as_str().unwrap().as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    hex.chunks(2).map(byte).collect()
}

#[test]
fn a_batch_of_version_1_0_is_read_from_protobuf() {
    let golden = golden("batch");
    let received = protobuf::read_batch(&bytes(&golden)).unwrap();
    assert_eq!(received.refused, []);
    let json: Value = serde_json::from_str(&json::write_batch(received.batch).unwrap()).unwrap();
    assert_eq!(json, golden["json"]);
}

#[test]
fn a_batch_is_written_as_protobuf_as_others_write_it() {
    let golden = bytes(&golden("batch"));
    let received = protobuf::read_batch(&golden).unwrap();
    assert_eq!(Bytes::from(protobuf::write_batch(received.batch)), golden);
}

#[test]
fn a_batch_of_version_1_0_is_read_from_json() {
    let golden = golden("batch")["json"].clone();
    let received = json::read_batch(golden.to_string().as_bytes()).unwrap();
    assert_eq!(received.refused, []);
    let json: Value = serde_json::from_str(&json::write_batch(received.batch).unwrap()).unwrap();
    let records = |json: &Value| -> Vec<Value> {
        let groups = json["groups"].as_array().unwrap().iter();
        groups.flat_map(|group| group["records"].as_array().unwrap().clone()).collect()
    };
    assert_eq!(records(&json), records(&golden));
}

#[test]
fn a_receipt_of_version_1_0_is_read_and_written() {
    let golden = golden("receipt");
    let receipt = protobuf::read_receipt(bytes(&golden)).unwrap();
    assert_eq!(receipt, serde_json::from_value::<Receipt>(golden["json"].clone()).unwrap());
    assert_eq!(serde_json::to_value(&receipt).unwrap(), golden["json"]);
    assert_eq!(Bytes::from(protobuf::write_receipt(receipt)), bytes(&golden));
}

#[test]
fn fields_of_a_later_version_are_passed_over_and_records_of_its_kinds_are_refused() {
    let received = protobuf::read_batch(&bytes(&golden("newer"))).unwrap();
    let kept: Vec<&Body> =
        received.batch.groups.iter().flat_map(Group::records).map(|record| &record.body).collect();
    assert!(matches!(kept[..], [Body::Features(_), Body::Metrics(_)]), "{kept:?}");
    let [refused] = &received.refused[..] else { panic!("{:?}", received.refused) };
    assert_eq!(refused.code, RefusalCode::Unreadable);
    assert!(refused.uid.is_some_and(|uid| uid.to_string().ends_with("002")));
}
