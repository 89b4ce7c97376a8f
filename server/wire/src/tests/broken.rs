//! One record that cannot be read is refused with the reason, and the rest kept.

use bytes::Bytes;
use prost::Message;
use uuid::Uuid;

use crate::json;
use crate::protobuf::{self, v1};
use crate::receipt::RefusalCode;
use crate::records::Received;
use crate::{MAX_BYTES, MAX_RECORDS, MAX_VALUES, ReadError};

const PROFILE: &str = "0195a5c0-0000-7000-8000-000000000001";
const UID: &str = "0195a5c0-1111-7000-8000-000000000002";

/// A batch of a record that is as it should be, and this one.
fn with(record: &str) -> Received {
    let good = format!(r#"{{"uid": "{UID}", "metrics": {{"mae": 1}}}}"#);
    let json = format!(r#"{{"groups": [{{"profile": "{PROFILE}", "records": [{good}, {record}]}}]}}"#);
    json::read_batch(json.as_bytes()).unwrap()
}

fn why(record: &str) -> (RefusalCode, Option<Uuid>, String) {
    let received = with(record);
    assert_eq!(received.batch.len(), 1, "{received:?}");
    let [refused] = &received.refused[..] else { panic!("{received:?}") };
    (refused.code.clone(), refused.uid, refused.reason.clone())
}

#[test]
fn a_broken_record_of_json_is_refused_by_its_uid() {
    for (body, reason) in [
        (r#""features": {"age": [1]}"#, "an array is no value of a feature"),
        (r#""features": {"age": {}}"#, "an object is no value of a feature"),
        (r#""features": {"age": 1, "age": 2}"#, "`age` stands there twice"),
        (r#""features": {"age": 1e999}"#, "number out of range"),
        (r#""features": 3"#, "invalid type: integer `3`, expected an object"),
        (r#""metrics": {"mae": "0.1"}"#, "invalid type: string \"0.1\", expected f64"),
        (r#""metrics": {"mae": null}"#, "invalid type: null, expected f64"),
        (r#""bins": {"age": {"bins": [-1]}}"#, "invalid value: integer `-1`, expected u64"),
        (r#""bins": {"age": {}}"#, "missing field `bins`"),
        (r#""eval": {}"#, "missing field `context`"),
        (r#""requests": {"/": {"count": 1}}"#, "missing field `latency`"),
        (r#""later": {}"#, "it has neither `features`, `bins`, `metrics`, `eval` nor `requests`"),
        (
            r#""metrics": {}, "bins": {}"#,
            "it has several of `features`, `bins`, `metrics`, `eval` and `requests`",
        ),
    ] {
        let (code, uid, told) = why(&format!(r#"{{"uid": "{UID}", {body}}}"#));
        assert_eq!((code, uid), (RefusalCode::Unreadable, UID.parse().ok()), "{body}");
        assert!(told.starts_with(reason), "{told}");
    }
}

#[test]
fn a_record_without_a_uid_is_refused_by_its_place() {
    let place = "record 1 of group 0: ";
    for record in ["1", "[]", "null"] {
        let (code, uid, told) = why(record);
        assert_eq!((code, uid, told.starts_with(place)), (RefusalCode::Unreadable, None, true), "{told}");
    }
    for record in [r#"{"uid": 1}"#, r#"{"uid": "x"}"#, r#"{"metrics": {}}"#] {
        let (code, uid, told) = why(record);
        assert_eq!((code, uid), (RefusalCode::Uid, None), "{record}");
        assert_eq!(told, "record 1 of group 0: `uid` is no UUID of version 7");
    }
}

#[test]
fn a_uid_of_another_version_is_refused() {
    let random = "7f2c1f6e-9a0b-4c1d-8e2f-0123456789ab";
    let (code, uid, told) = why(&format!(r#"{{"uid": "{random}", "metrics": {{}}}}"#));
    assert_eq!((code, uid), (RefusalCode::Uid, random.parse().ok()));
    assert_eq!(told, "`uid` is no UUID of version 7");
}

#[test]
fn records_of_what_is_no_profile_are_refused_together() {
    let json = format!(r#"{{"groups": [{{"profile": "mine", "records": [{{"uid": "{UID}"}}, 2]}}]}}"#);
    let received = json::read_batch(json.as_bytes()).unwrap();
    let told: Vec<_> = received.refused.iter().map(|refused| (&refused.code, refused.uid)).collect();
    assert_eq!(
        told,
        [(&RefusalCode::UnknownProfile, UID.parse().ok()), (&RefusalCode::UnknownProfile, None)]
    );
}

#[test]
fn json_that_is_no_batch_is_an_error_with_its_place() {
    for (json, error) in [
        ("", "read JSON: EOF while parsing a value at line 1 column 0"),
        ("{}", "read JSON: missing field `groups` at line 1 column 2"),
        (r#"{"groups": [{"records": []}]}"#, "read JSON: missing field `profile` at line 1 column 27"),
    ] {
        assert_eq!(json::read_batch(json.as_bytes()).unwrap_err().to_string(), error);
    }
}

#[test]
fn nesting_without_end_is_refused_and_ends_nothing() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert_eq!(why(&deep).0, RefusalCode::Unreadable);
    let record = format!(r#"{{"uid": "{UID}", "features": {{"age": {deep}}}}}"#);
    assert_eq!(why(&record).0, RefusalCode::Unreadable);
}

#[test]
fn a_reason_quotes_no_more_than_a_little_of_what_was_sent() {
    let name = "é".repeat(1 << 20);
    let (_, _, told) = why(&format!(r#"{{"uid": "{UID}", "metrics": {{"{name}": 1, "{name}": 2}}}}"#));
    assert!(told.len() < 600 && told.ends_with('…'), "{} bytes", told.len());
}

fn sent(records: Vec<v1::Record>, names: Vec<String>) -> Bytes {
    let group = v1::Group { profile: PROFILE.to_owned(), names, records };
    v1::Batch { groups: vec![group] }.encode_to_vec().into()
}

fn uid() -> Bytes {
    Bytes::copy_from_slice(UID.parse::<Uuid>().unwrap().as_bytes())
}

fn features(numbers: Vec<f64>) -> v1::Record {
    let features = v1::Features { numbers, texts: Vec::new() };
    v1::Record { uid: uid(), body: Some(v1::record::Body::Features(features)) }
}

#[test]
fn a_broken_record_of_protobuf_is_refused_and_the_rest_kept() {
    let eval = v1::Eval { context: "{".to_owned(), ..v1::Eval::default() };
    let records = vec![
        features(vec![1.0]),
        features(vec![1.0, 2.0]),
        v1::Record { uid: Bytes::from_static(b"short"), ..features(vec![1.0]) },
        v1::Record { uid: uid(), body: None },
        v1::Record { uid: uid(), body: Some(v1::record::Body::Eval(eval)) },
    ];
    let received = protobuf::read_batch(&sent(records, vec!["age".to_owned()])).unwrap();
    assert_eq!(received.batch.len(), 1);
    let told: Vec<_> =
        received.refused.iter().map(|refused| (&refused.code, refused.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (&RefusalCode::Shape, "2 numbers for 1 names of features"),
            (&RefusalCode::Uid, "record 2 of group 0: `uid` is no UUID of version 7"),
            (&RefusalCode::Unreadable, "it has no body, or one of a kind that is not known here"),
            (
                &RefusalCode::Unreadable,
                "`eval.context` is no JSON: EOF while parsing an object at line 1 column 1"
            ),
        ]
    );
}

#[test]
fn a_group_that_names_a_feature_twice_is_refused() {
    let names = vec!["age".to_owned(), "age".to_owned()];
    let received = protobuf::read_batch(&sent(vec![features(vec![1.0, 2.0])], names)).unwrap();
    assert!(received.batch.is_empty());
    assert_eq!(received.refused[0].reason, "feature `age` is named twice");
}

#[test]
fn protobuf_that_is_no_batch_is_an_error() {
    for bytes in [&b"\x0a\x05abc"[..], b"\xff", b"{\"groups\": []}"] {
        let error = protobuf::read_batch(&Bytes::copy_from_slice(bytes)).unwrap_err();
        assert!(matches!(error, ReadError::Malformed { form: "protobuf", .. }), "{error}");
    }
}

#[test]
fn what_asks_about_profiles_and_cannot_be_read_is_an_error() {
    let broken = Bytes::from_static(b"\x0a\x05abc");
    let register = |profile: &str| {
        v1::RegisterProfile { profile: profile.to_owned(), ..v1::RegisterProfile::default() }.encode_to_vec()
    };
    let nobody = v1::SetProfileStatus { uid: "mine".to_owned(), ..v1::SetProfileStatus::default() };
    for (error, told) in [
        (protobuf::read_register(broken.clone()).unwrap_err(), "read protobuf: "),
        (protobuf::read_get_profile(broken).unwrap_err(), "read protobuf: "),
        (
            protobuf::read_register(&register("{")[..]).unwrap_err(),
            "read JSON: EOF while parsing an object at line 1 column 1",
        ),
        (protobuf::read_get_profile(&b""[..]).unwrap_err(), "read protobuf: `uid` is no UUID of a profile"),
        (
            protobuf::read_set_status(&nobody.encode_to_vec()[..]).unwrap_err(),
            "read protobuf: `uid` is no UUID of a profile",
        ),
    ] {
        assert!(error.to_string().starts_with(told), "{error}");
    }
}

#[test]
fn more_records_than_a_batch_may_have_are_not_read() {
    let many = |records| sent(vec![v1::Record::default(); records], Vec::new());
    assert_eq!(protobuf::read_batch(&many(MAX_RECORDS)).unwrap().refused.len(), MAX_RECORDS);
    assert_eq!(protobuf::read_batch(&many(MAX_RECORDS + 1)).unwrap_err(), ReadError::TooManyRecords);
    let groups = v1::Batch { groups: vec![v1::Group::default(); MAX_RECORDS + 1] };
    assert_eq!(protobuf::read_batch(&groups.encode_to_vec().into()).unwrap_err(), ReadError::TooManyRecords);

    let many = |records| {
        let records = vec!["1"; records].join(",");
        format!(r#"{{"groups": [{{"profile": "{PROFILE}", "records": [{records}]}}]}}"#).into_bytes()
    };
    assert_eq!(json::read_batch(&many(MAX_RECORDS)).unwrap().refused.len(), MAX_RECORDS);
    assert_eq!(json::read_batch(&many(MAX_RECORDS + 1)).unwrap_err(), ReadError::TooManyRecords);
}

/// Whatever takes two bytes as it is sent and a hundred once it is read.
#[test]
fn more_values_than_a_batch_may_have_are_not_read() {
    use v1::record::Body;
    let of = |body| sent(vec![v1::Record { uid: uid(), body: Some(body) }], Vec::new());
    let many = MAX_VALUES + 1;
    let texts = v1::Features { numbers: Vec::new(), texts: vec![v1::Text::default(); many] };
    let statuses = v1::Route { statuses: vec![v1::StatusCount::default(); many], ..v1::Route::default() };
    for batch in [
        of(Body::Features(texts)),
        of(Body::Bins(v1::Bins { features: vec![v1::FeatureBins::default(); many] })),
        of(Body::Metrics(v1::Metrics { metrics: vec![v1::Metric::default(); many] })),
        of(Body::Requests(v1::Requests { routes: vec![v1::Route::default(); many] })),
        of(Body::Requests(v1::Requests { routes: vec![statuses] })),
        sent(Vec::new(), vec![String::new(); many]),
    ] {
        assert_eq!(protobuf::read_batch(&batch).unwrap_err(), ReadError::TooManyValues);
    }
}

/// The shortest that mean anything, as many as there is room for.
#[test]
fn a_batch_of_the_shortest_values_is_read() {
    let text = || v1::Text { name: "a".to_owned(), text: "b".to_owned() };
    let texts = v1::Features { numbers: Vec::new(), texts: (0..50).map(|_| text()).collect() };
    let record = v1::Record { uid: uid(), body: Some(v1::record::Body::Features(texts)) };
    let batch = sent(vec![record; 9_800], Vec::new());
    assert!(batch.len() > MAX_BYTES * 9 / 10 && batch.len() <= MAX_BYTES, "{}", batch.len());
    assert_eq!(protobuf::read_batch(&batch).unwrap().batch.len(), 9_800);
}
