//! What the reference shows is what is sent.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::alerts::{AlertPage, Notice};
use crate::drift::{BinnedDrift, BinnedPsi, JobState, OpenWindow};
use crate::evals::EvalPage;
use crate::requests::RequestsTold;
use crate::table::{Cells, Column, Number, TablePage};

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
    let at = "2026-03-01T00:00:00Z".parse().unwrap();
    let x = BinnedPsi {
        created_at: vec![at],
        psi: vec![0.4213],
        overall_psi: Some(0.4213),
        bins: vec![0.1, 0.9],
    };
    let drift = BinnedDrift::Psi { features: [("x".to_owned(), x)].into(), open: None };
    assert_eq!(serde_json::to_value(drift).unwrap(), blocks[2]);
    let (began, until) = ("2026-03-01T00:00:00.531Z", "2026-03-01T14:20:07.250Z");
    let open = OpenWindow {
        created_at: at,
        began: began.parse().unwrap(),
        until: until.parse().unwrap(),
        rows: 5012,
    };
    assert_eq!(serde_json::to_value(open).unwrap(), blocks[3]);
    is_written_so::<JobState>(&blocks[4]);
    let column = |name: &str, cells| Column { name: name.to_owned(), cells };
    let uid = |last: u128| Uuid::from_u128(0x0195_a5c0_1111_7000_8000_0000_0000_0000 + last);
    let table = TablePage {
        uid: vec![uid(1), uid(2), uid(3)],
        created_at: vec!["2025-03-17T20:16:22.801Z".parse().unwrap(); 3],
        arrived_at: vec![at; 3],
        columns: vec![
            column("age", Cells::Numbers([41.5, f64::NAN, f64::INFINITY].map(Number).to_vec())),
            column("city", Cells::Texts(vec![Some("Rome".to_owned()), None, Some("Oslo".to_owned())])),
        ],
        next: Some(uid(3)),
    };
    assert_eq!(serde_json::to_value(table).unwrap(), blocks[5]);
    is_written_so::<EvalPage>(&blocks[6]);
    is_written_so::<RequestsTold>(&blocks[7]);
}
