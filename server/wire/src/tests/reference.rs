//! What the reference shows is what is sent.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::alerts::{AlertPage, Notice};

/// The blocks of JSON on the page.
fn blocks() -> Vec<Value> {
    let page = include_str!("../../../../docs/reference/alerts-api.md");
    let blocks = page.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.map(|block| serde_json::from_str(block).unwrap()).collect()
}

fn is_written_so<T: DeserializeOwned + Serialize>(block: &Value) {
    let read: T = serde_json::from_value(block.clone()).unwrap();
    assert_eq!(&serde_json::to_value(read).unwrap(), block);
}

#[test]
fn blocks_of_the_reference_are_what_they_are_said_to_be() {
    let blocks = blocks();
    is_written_so::<AlertPage>(&blocks[0]);
    is_written_so::<Notice>(&blocks[1]);
}
