//! Records become rows by the places of their profile, or are refused with the reason.

use chrono::DateTime;
use indexmap::IndexMap;
use scouter_drift::Absent;
use scouter_drift::column::{Tally, Unit};
use scouter_drift::custom::{Aggregation, AlertCondition, AlertThreshold, CustomMetric};
use scouter_drift::psi::{Binning, PsiBaseline, ZeroBins};
use scouter_tasks::profile::{CustomConfig, CustomProfile, PsiConfig, PsiFeature, PsiProfile};
use scouter_wire::receipt::{RefusalCode, Refused};
use scouter_wire::{MAX_TEXT, json};

use super::super::fit::fit;
use super::super::room::{NoRoom, Room};
use super::super::rows::{Row, Rows};
use super::super::watched::Watched;
use crate::registry::Profile;
use crate::store::{BinCountsRow, EvalRow, RecordRow, RequestsRow};

const UID: &str = "0195a5c0-1111-7000-8000-000000000002";

pub(super) fn psi() -> Watched {
    let numbers: Vec<f64> = (1..=100).map(f64::from).collect();
    let mut cities = Tally::default();
    cities.add(["Rome", "Rome", "Oslo", "2"].map(Some));
    let feature = |id: &str, baseline| {
        (id.to_owned(), PsiFeature { id: id.to_owned(), timestamp: DateTime::UNIX_EPOCH, baseline })
    };
    let features = IndexMap::from([
        feature(
            "age",
            PsiBaseline::of_numbers(&numbers[..], Binning::default(), ZeroBins::default()).unwrap(),
        ),
        feature("city", PsiBaseline::of_categories(&cities, 9, ZeroBins::default()).unwrap()),
        feature(
            "income",
            PsiBaseline::of_numbers(&numbers[..], Binning::default(), ZeroBins::default()).unwrap(),
        ),
    ]);
    let absent = IndexMap::from([("empty".to_owned(), Absent::AllMissing)]);
    let profile =
        PsiProfile { scouter_version: String::new(), config: PsiConfig::default(), features, absent };
    Watched::of(&Profile::Psi(profile))
}

pub(super) fn custom() -> Watched {
    let alert_condition =
        AlertCondition { baseline_value: 1.0, alert_threshold: AlertThreshold::Above, delta: None };
    let metric = |name: &str| CustomMetric {
        name: name.to_owned(),
        alert_condition,
        aggregation: Aggregation::Mean,
        minimum_count: 1,
    };
    let custom_metrics = vec![metric("mae"), metric("rmse")];
    let profile =
        CustomProfile { scouter_version: String::new(), config: CustomConfig::default(), custom_metrics };
    Watched::of(&Profile::Custom(profile))
}

/// A profile of a moment and a number.
fn with_moments() -> Watched {
    let micros: Vec<f64> = (0..100).map(|day| f64::from(day) * 86_400e6).collect();
    let baseline = PsiBaseline::of_numbers(&micros[..], Binning::default(), ZeroBins::default()).unwrap();
    let feature = |id: &str, baseline| {
        (id.to_owned(), PsiFeature { id: id.to_owned(), timestamp: DateTime::UNIX_EPOCH, baseline })
    };
    let features =
        IndexMap::from([feature("at", baseline.clone().of_unit(Unit::Moment)), feature("n", baseline)]);
    let absent = IndexMap::new();
    let profile =
        PsiProfile { scouter_version: String::new(), config: PsiConfig::default(), features, absent };
    Watched::of(&Profile::Psi(profile))
}

/// What becomes of a record with this after its uid.
pub(super) fn fitted(body: &str, watched: &Watched) -> (Made, Vec<Refused>) {
    fitted_within(1 << 20, body, watched)
}

/// The same, with room for so many bytes of rows.
pub(super) fn fitted_within(bytes: usize, body: &str, watched: &Watched) -> (Made, Vec<Refused>) {
    let json = format!(r#"{{"groups": [{{"profile": "{UID}", "records": [{{"uid": "{UID}", {body}}}]}}]}}"#);
    let received = json::read_batch(json.as_bytes()).unwrap();
    let (mut rows, mut refused) = (rows_within(bytes), received.refused);
    for group in received.batch.groups {
        fit(group, watched, &mut rows, &mut refused).unwrap();
    }
    let Rows { records, bin_counts, evals, requests } = rows;
    let made = Made {
        records: records.rows,
        bin_counts: bin_counts.rows,
        evals: evals.rows,
        requests: requests.rows,
    };
    (made, refused)
}

/// Rows that became of records.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Made {
    records: Vec<RecordRow>,
    bin_counts: Vec<BinCountsRow>,
    pub(super) evals: Vec<EvalRow>,
    pub(super) requests: Vec<RequestsRow>,
}

pub(super) fn rows_within(bytes: usize) -> Rows {
    rows_in(&Room::of(bytes))
}

fn rows_in(room: &Room) -> Rows {
    Rows { records: room.place(), bin_counts: room.place(), evals: room.place(), requests: room.place() }
}

pub(super) fn why(body: &str, watched: &Watched) -> (RefusalCode, String) {
    let (rows, refused) = fitted(body, watched);
    assert_eq!(rows, Made::default(), "{body}");
    let [Refused { uid, code, reason }] = &refused[..] else { panic!("{body}: {refused:?}") };
    assert_eq!(*uid, UID.parse().ok());
    (code.clone(), reason.clone())
}

#[test]
fn features_stand_in_the_order_of_the_profile() {
    let (rows, refused) = fitted(r#""features": {"income": 2.5, "city": "Oslo", "age": 41}"#, &psi());
    assert_eq!(refused, []);
    assert_eq!(rows.records[0].numbers, [41.0, 2.5]);
    assert_eq!(rows.records[0].texts, Some(vec![Some("Oslo".to_owned())]));
}

#[test]
fn what_is_not_sent_is_missing() {
    for body in [r#""features": {}"#, r#""features": {"age": null, "city": null}"#] {
        let (rows, refused) = fitted(body, &psi());
        assert_eq!(refused, []);
        assert!(rows.records[0].numbers.iter().all(|number| number.is_nan()), "{body}");
        assert_eq!(rows.records[0].texts, Some(vec![None]));
    }
}

#[test]
fn a_number_for_a_category_is_the_text_that_profiles_name_it_by() {
    for (sent, text) in [("2", "2"), ("2.0", "2"), ("-0.0", "0"), ("0.5", "0.5"), ("true", "1")] {
        let (rows, _) = fitted(&format!(r#""features": {{"city": {sent}}}"#), &psi());
        assert_eq!(rows.records[0].texts, Some(vec![Some(text.to_owned())]), "{sent}");
    }
}

#[test]
fn values_of_features_without_a_baseline_are_taken_and_left_out() {
    let (rows, refused) = fitted(r#""features": {"age": 1, "empty": "x"}"#, &psi());
    assert_eq!((rows.records.len(), refused.len()), (1, 0));
    let (rows, refused) = fitted(r#""bins": {"empty": {"bins": []}}"#, &psi());
    assert_eq!((rows.bin_counts.len(), refused.len()), (1, 0));
}

#[test]
fn counts_stand_together_in_the_order_of_the_profile() {
    let city = r#""city": {"bins": [4, 5, 6], "other": 7, "unseen": 8, "missing": 9}"#;
    let age = r#""age": {"bins": [1, 0, 0, 0, 0, 0, 0, 0, 0, 2], "missing": 36}"#;
    let (rows, refused) = fitted(&format!(r#""bins": {{{city}, {age}}}"#), &psi());
    assert_eq!(refused, []);
    let mut wanted = vec![1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 36, 4, 5, 6, 7, 8, 9];
    wanted.extend([0; 12]);
    // What is not sent is missing, in as many rows as there are.
    wanted.push(39);
    assert_eq!(rows.bin_counts[0].counts, wanted);
}

#[test]
fn moments_are_texts_that_become_microseconds() {
    for (sent, micros) in [
        ("1970-01-02", 86_400e6),
        ("1970-01-01T00:00:01.5Z", 1.5e6),
        ("1970-01-01T02:00:01.000003+02:00", 1_000_003.0),
        ("1969-12-31T23:59:59", -1e6),
    ] {
        let (rows, refused) = fitted(&format!(r#""features": {{"at": "{sent}", "n": 7}}"#), &with_moments());
        assert_eq!(refused, []);
        assert_eq!(rows.records[0].numbers, [micros, 7.0], "{sent}");
    }
}

#[test]
fn what_is_no_moment_is_refused_where_one_is_due() {
    for (sent, is) in [
        ("1769860800000000", "a number"),
        ("true", "a number"),
        (r#""noon""#, "a text that is none"),
        (r#""31.01.2026""#, "a text that is none"),
    ] {
        let told = why(&format!(r#""features": {{"at": {sent}, "n": 7}}"#), &with_moments());
        let says =
            format!("feature `at` is a moment, and not {is}: send it as a text such as 2026-01-31T12:00:00Z");
        assert_eq!(told, (RefusalCode::Type, says), "{sent}");
    }
    let told = why(r#""features": {"n": "2026-01-31"}"#, &with_moments());
    assert_eq!(told, (RefusalCode::Type, "feature `n` is a number, not a text".to_owned()));
}

#[test]
fn metrics_stand_in_the_order_of_the_profile() {
    let (rows, refused) = fitted(r#""metrics": {"rmse": 2}"#, &custom());
    assert_eq!(refused, []);
    assert!(rows.records[0].numbers[0].is_nan() && rows.records[0].numbers[1].to_bits() == 2.0_f64.to_bits());
    assert_eq!(rows.records[0].texts, None);
}

#[test]
fn what_does_not_fit_a_profile_of_features_is_refused_with_the_reason() {
    use RefusalCode::{Kind, NotStorable, Shape, TooLarge, Type, UnknownName};
    for (body, code, reason) in [
        (r#""features": {"agee": 1}"#, UnknownName, "the profile has no feature `agee`"),
        (r#""features": {"agee": null}"#, UnknownName, "the profile has no feature `agee`"),
        (r#""features": {"town": "Oslo"}"#, UnknownName, "the profile has no feature `town`"),
        (r#""features": {"age": "old"}"#, Type, "feature `age` is a number, not a text"),
        (
            r#""features": {"city": "\u0000"}"#,
            NotStorable,
            "the value of feature `city` has the character U+0000 in it",
        ),
        (r#""bins": {"agee": {"bins": []}}"#, UnknownName, "the profile has no feature `agee`"),
        (r#""bins": {"city": {"bins": [1]}}"#, Shape, "feature `city` has 3 bins in the profile, and 1 here"),
        (
            r#""bins": {"city": {"bins": [1, 2, 9223372036854775808]}}"#,
            TooLarge,
            "feature `city` has 2^63 rows or more in a bin",
        ),
        (
            r#""bins": {"city": {"bins": [1, 2, 3]}, "empty": {"bins": []}, "age": {"bins": [0,0,0,0,0,0,0,0,0,5]}}"#,
            Shape,
            "feature `age` has 5 rows, and those before it 6",
        ),
        (
            r#""bins": {"city": {"bins": [18446744073709551615, 1, 0]}}"#,
            TooLarge,
            "feature `city` has 2^64 rows or more in its bins",
        ),
        (r#""metrics": {"age": 1}"#, Kind, "the profile takes `features` and `bins`, not `metrics`"),
        (r#""eval": {"context": {}}"#, Kind, "the profile takes `features` and `bins`, not `eval`"),
    ] {
        assert_eq!(why(body, &psi()), (code, reason.to_owned()));
    }
}

#[test]
fn what_does_not_fit_a_profile_of_metrics_is_refused_with_the_reason() {
    use RefusalCode::{Kind, UnknownName};
    for (body, code, reason) in [
        (r#""metrics": {"mse": 1}"#, UnknownName, "the profile has no metric `mse`"),
        (r#""features": {"mae": 1}"#, Kind, "the profile takes `metrics`, not `features`"),
    ] {
        assert_eq!(why(body, &custom()), (code, reason.to_owned()));
    }
}

/// JSON has no word for these, and protobuf names metrics as often as it likes.
#[test]
fn metrics_that_are_no_numbers_or_have_two_values_are_refused() {
    use scouter_wire::records::{Body, Group, Metric, Record, Uid};
    let uid = Uid::try_from(UID.parse::<uuid::Uuid>().unwrap()).unwrap();
    for (values, code, reason) in [
        (vec![f64::NAN], RefusalCode::NotFinite, "metric `mae` is NaN, which is no number"),
        (vec![f64::INFINITY], RefusalCode::NotFinite, "metric `mae` is inf, which is no number"),
        (vec![1.0, 1.0], RefusalCode::Shape, "`mae` has two values"),
    ] {
        let metrics = values.into_iter().map(|value| Metric { name: "mae".to_owned(), value }).collect();
        let mut group = Group::new(uid.get(), Vec::new()).unwrap();
        group.push(Record { uid, body: Body::Metrics(metrics) }).unwrap();
        let (mut rows, mut refused) = (rows_within(1 << 20), Vec::new());
        fit(group, &custom(), &mut rows, &mut refused).unwrap();
        assert_eq!((&refused[0].code, refused[0].reason.as_str()), (&code, reason));
        assert_eq!(rows.records.rows, []);
    }
}

#[test]
fn a_text_is_no_longer_than_a_category_may_be() {
    let text = "x".repeat(MAX_TEXT);
    let (rows, refused) = fitted(&format!(r#""features": {{"city": "{text}"}}"#), &psi());
    assert_eq!((rows.records.len(), refused.len()), (1, 0));
    let told = why(&format!(r#""features": {{"city": "{text}x"}}"#), &psi());
    let reason = "the value of feature `city` has 4097 bytes: 4096 are the most".to_owned();
    assert_eq!(told, (RefusalCode::TooLarge, reason));
}

#[test]
fn rows_that_take_more_room_than_there_is_are_not_made() {
    let records = vec![format!(r#"{{"uid": "{UID}", "features": {{"age": 1}}}}"#); 100].join(",");
    let json = format!(r#"{{"groups": [{{"profile": "{UID}", "records": [{records}]}}]}}"#);
    let group = || json::read_batch(json.as_bytes()).unwrap().batch.groups.remove(0);
    let (one, _) = fitted(r#""features": {"age": 1}"#, &psi());
    let bytes = (one.records[0].size() * 100).next_multiple_of(1024);

    let made = |rows: &mut Rows| fit(group(), &psi(), rows, &mut Vec::new());
    assert_eq!(made(&mut rows_within(bytes)), Ok(()));
    assert_eq!(made(&mut rows_within(bytes - 1024)), Err(NoRoom::TooLarge));

    // Others take half of the room, before and while this is made.
    let room = Room::of(bytes);
    let rows = || rows_in(&room);
    let (mut own, mut other) = (rows(), rows());
    while other.records.size() < bytes / 2 {
        other.records.push(one.records[0].clone()).unwrap();
    }
    assert_eq!(made(&mut own), Err(NoRoom::Full));
    assert!(own.records.size() + other.records.size() <= bytes);
    drop((own, other));
    assert_eq!(made(&mut rows()), Ok(()));
}
