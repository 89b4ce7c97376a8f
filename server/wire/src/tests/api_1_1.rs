//! Bodies of the API as version 1.1 has them, with what a later version says besides.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::golden_1_1::{known, read, value};
use crate::access::{ApiKeys, ChangePassword, Login, MadeKey, NewKey, Refresh, Tokens};
use crate::alerts::{AlertPage, AlertQuery, AlertSpace, Notice};
use crate::drift::{
    BinnedDrift, BinnedMetric, BinnedMetricStats, BinnedPsi, BinnedSpc, DriftQuery, JobDue, JobState,
};
use crate::profiles::{ProfilePage, ProfileQuery, Register, Registered, SetStatus, WholeProfile};
use crate::table::{Cells, Column, Number, TablePage, TableQuery};

/// Reads a body as this version does, and writes it again.
type Read = fn(&Value) -> Value;

fn golden(name: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../../../../tests/golden/api_1_1.json")).unwrap();
    all[name].clone()
}

fn all_that_is_read(bodies: &[(&str, Read)]) {
    for (name, read) in bodies {
        let golden = golden(name);
        assert_eq!(read(&golden), known(value(golden.as_str().unwrap())), "{name}");
    }
}

#[test]
fn requests_are_read_and_what_a_later_version_says_besides_is_passed_over() {
    all_that_is_read(&[
        ("register", read::<Register>),
        ("set_status", read::<SetStatus>),
        ("profile_query", read::<ProfileQuery>),
        ("login", read::<Login>),
        ("change_password", read::<ChangePassword>),
        ("refresh", read::<Refresh>),
        ("new_key", read::<NewKey>),
        ("alert_query", read::<AlertQuery>),
        ("alert_space", read::<AlertSpace>),
        ("drift_query", read::<DriftQuery>),
        ("table_query", read::<TableQuery>),
    ]);
}

#[test]
fn what_a_request_does_not_say_is_what_it_was() {
    let bodies: [(&str, Read, Value); 5] = [
        (
            "register_least",
            read::<Register>,
            json!({"profile": {}, "activate": false, "deactivate_others": false}),
        ),
        ("set_status_least", read::<SetStatus>, json!({"active": true, "deactivate_others": false})),
        ("profile_query_least", read::<ProfileQuery>, json!({})),
        ("new_key_least", read::<NewKey>, json!({"name": "loader", "grants": {"shop": "write"}})),
        ("alert_query_least", read::<AlertQuery>, json!({"active": false})),
    ];
    for (name, read, whole) in bodies {
        assert_eq!(read(&golden(name)), whole, "{name}");
    }
}

#[test]
fn answers_are_read_and_what_a_later_version_says_besides_is_passed_over() {
    all_that_is_read(&[
        ("registered", read::<Registered>),
        ("profile_page", read::<ProfilePage>),
        ("whole_profile", read::<WholeProfile>),
        ("tokens", read::<Tokens>),
        ("made_key", read::<MadeKey>),
        ("api_keys", read::<ApiKeys>),
        ("alert_page", read::<AlertPage>),
        ("notice", read::<Notice>),
        ("job_due", read::<JobDue>),
        ("job_state", read::<JobState>),
        ("job_state_least", read::<JobState>),
    ]);
}

#[test]
fn documents_stay_as_they_are_written() {
    let text = |name: &str| golden(name).as_str().unwrap().to_owned();
    let register: Register = serde_json::from_str(&text("register")).unwrap();
    let whole: WholeProfile = serde_json::from_str(&text("whole_profile")).unwrap();
    for document in [register.profile, whole.document] {
        assert!(document.get().starts_with("{\"z\": 0.10e0, \"big\": 9007199254740993, "), "{document}");
    }
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn first() -> DateTime<Utc> {
    moment("2026-03-01T00:00:00Z")
}

fn later() -> DateTime<Utc> {
    moment("2026-03-01T00:15:00.000001Z")
}

/// What clients of version 1.1 read, which this version writes.
fn is_written(name: &str, body: &impl Serialize) {
    let golden = golden(name);
    assert_eq!(serde_json::to_value(body).unwrap(), known(value(golden.as_str().unwrap())), "{name}");
}

#[test]
fn drift_over_time_is_written_as_clients_read_it() {
    let psi = BinnedPsi {
        created_at: vec![first(), later()],
        psi: vec![0.25, 1.5],
        overall_psi: Some(0.75),
        bins: vec![0.5, 0.125, 0.375],
    };
    let features = BTreeMap::from([("größe".to_owned(), psi), ("none".to_owned(), BinnedPsi::default())]);
    is_written("binned_psi", &BinnedDrift::Psi { features, open: None });
    let spc = BinnedSpc { created_at: vec![first()], values: vec![-0.5] };
    let features = BTreeMap::from([("größe".to_owned(), spc)]);
    is_written("binned_spc", &BinnedDrift::Spc { features, open: None });
    let stats = BinnedMetricStats { avg: 0.5, lower_bound: 0.25, upper_bound: 0.75 };
    let mae = BinnedMetric { metric: "mae".to_owned(), created_at: vec![first()], stats: vec![stats] };
    let metrics = BTreeMap::from([("mae".to_owned(), mae)]);
    is_written("binned_custom", &BinnedDrift::Custom { metrics, open: None });
}

#[test]
fn records_that_were_kept_are_written_as_clients_read_them() {
    let uid: Uuid = "0195a5c0-1111-7000-8000-000000000001".parse().unwrap();
    let numbers = [41.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(Number);
    let texts = [Some("Rome"), None, Some(""), Some("Zürich 😀")].map(|text| text.map(str::to_owned));
    let columns = vec![
        Column { name: "größe".to_owned(), cells: Cells::Numbers(numbers.to_vec()) },
        Column { name: "city".to_owned(), cells: Cells::Texts(texts.to_vec()) },
    ];
    let page = TablePage {
        uid: vec![uid; 4],
        created_at: vec![first(); 4],
        arrived_at: vec![later(); 4],
        columns,
        next: Some(uid),
    };
    is_written("table_page", &page);
}
