//! Both forms give back what was written.

use proptest::prelude::*;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::records::{
    Batch, Body, Eval, FeatureBins, Features, Group, Latency, Metric, Record, Route, StatusCount, Text, Uid,
};
use crate::{json, protobuf};

fn uid() -> impl Strategy<Value = Uid> {
    any::<u128>().prop_map(|bits| {
        let bits = bits & !(0xf << 76) & !(0b11 << 62) | 7 << 76 | 0b10 << 62;
        Uid::try_from(Uuid::from_u128(bits)).unwrap()
    })
}

/// Names that differ, a few of them.
fn names() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::hash_set(".{0,6}", 0..4).prop_map(|names| names.into_iter().collect())
}

fn finite() -> impl Strategy<Value = f64> {
    prop_oneof![proptest::num::f64::NORMAL, Just(0.0), Just(-1e-310), (-9..9).prop_map(f64::from)]
}

/// Features: some numbers of a group's names, and texts under other names.
fn features(names: Vec<String>) -> impl Strategy<Value = Features> {
    let number = prop_oneof![4 => finite(), 1 => Just(f64::NAN)];
    let numbers = proptest::collection::vec(number, names.len());
    let texts = proptest::collection::hash_map("[^a].{0,6}", ".{0,9}", 0..3);
    (numbers, texts).prop_map(move |(numbers, texts)| {
        let other = |(name, text)| (!names.contains(&name)).then_some(Text { name, text });
        Features { numbers, texts: texts.into_iter().filter_map(other).collect() }
    })
}

fn bins() -> impl Strategy<Value = Vec<FeatureBins>> {
    let counts = (proptest::collection::vec(any::<u64>(), 0..4), any::<u64>(), any::<u64>(), any::<u64>());
    proptest::collection::hash_map(".{0,6}", counts, 0..3).prop_map(|features| {
        let bins =
            |(name, (bins, other, unseen, missing))| FeatureBins { name, bins, other, unseen, missing };
        features.into_iter().map(bins).collect()
    })
}

fn metrics() -> impl Strategy<Value = Vec<Metric>> {
    proptest::collection::hash_map(".{0,6}", finite(), 0..4)
        .prop_map(|metrics| metrics.into_iter().map(|(name, value)| Metric { name, value }).collect())
}

fn eval() -> impl Strategy<Value = Eval> {
    let contexts =
        ["{}", r#"{ "a" : [1, 1.50, 12345678901234567890123, null] }"#, r#"{"é\u0000":"\ud83d\ude00"}"#];
    (proptest::sample::select(contexts.to_vec()), any::<[Option<String>; 3]>()).prop_map(
        |(json, [id, session, trace])| Eval {
            context: RawValue::from_string(json.to_owned()).unwrap(),
            id,
            session,
            trace,
        },
    )
}

fn routes() -> impl Strategy<Value = Vec<Route>> {
    let latency =
        [(); 5].map(|()| finite()).prop_map(|[p5, p25, p50, p95, p99]| Latency { p5, p25, p50, p95, p99 });
    let statuses = proptest::collection::hash_map(any::<u32>(), any::<u64>(), 0..3)
        .prop_map(|of| of.into_iter().map(|(status, count)| StatusCount { status, count }).collect());
    let rest = (any::<u64>(), any::<u64>(), latency, finite(), statuses);
    proptest::collection::hash_map(".{0,6}", rest, 0..3).prop_map(|routes| {
        let route = |(route, (count, errors, latency, error_latency, statuses))| Route {
            route,
            count,
            errors,
            latency,
            error_latency,
            statuses,
        };
        routes.into_iter().map(route).collect()
    })
}

fn group() -> impl Strategy<Value = Group> {
    names().prop_flat_map(|names| {
        let body = prop_oneof![
            features(names.clone()).prop_map(Body::Features),
            bins().prop_map(Body::Bins),
            metrics().prop_map(Body::Metrics),
            eval().prop_map(Body::Eval),
            routes().prop_map(Body::Requests),
        ];
        let records = proptest::collection::vec((uid(), body), 0..5);
        (any::<u128>(), records).prop_map(move |(profile, records)| {
            let mut group = Group::new(Uuid::from_u128(profile), names.clone()).unwrap();
            for (uid, body) in records {
                group.push(Record { uid, body }).unwrap();
            }
            group
        })
    })
}

fn batch() -> impl Strategy<Value = Batch> {
    proptest::collection::vec(group(), 0..4).prop_map(|groups| Batch { groups })
}

/// Records with their profiles and, where they have features, these by name: groups may be divided otherwise.
fn said(batch: &Batch) -> Vec<String> {
    let mut all = Vec::new();
    for group in &batch.groups {
        for record in group.records() {
            let mut names: Vec<_> = match &record.body {
                Body::Features(features) => group.names().iter().zip(&features.numbers).collect(),
                _ => Vec::new(),
            };
            names.sort_by_key(|(name, _)| *name);
            let rest = match &record.body {
                Body::Features(features) => format!("{:?}", features.texts),
                other => format!("{other:?}"),
            };
            all.push(format!("{} {:?} {names:?} {rest}", group.profile(), record.uid));
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn protobuf_gives_back_what_was_written(batch in batch()) {
        let received = protobuf::read_batch(&protobuf::write_batch(batch.clone()).into()).unwrap();
        prop_assert_eq!(received.refused, []);
        prop_assert_eq!(received.batch, batch);
    }

    #[test]
    fn json_gives_back_what_was_written(batch in batch()) {
        let json = json::write_batch(batch.clone()).unwrap();
        let received = json::read_batch(json.as_bytes()).unwrap();
        prop_assert_eq!(received.refused, []);
        prop_assert_eq!(said(&received.batch), said(&batch));
    }

    #[test]
    fn bytes_that_are_changed_anywhere_never_panic(batch in batch(), place: prop::sample::Index, byte: u8, cut: bool) {
        let mut bytes = protobuf::write_batch(batch.clone());
        if !bytes.is_empty() {
            let at = place.index(bytes.len());
            bytes[at] = byte;
            if cut { bytes.truncate(at); }
        }
        if let Ok(received) = protobuf::read_batch(&bytes.into()) {
            prop_assert!(received.batch.groups.iter().all(|group| group.profile().to_string().len() == 36));
        }
        let mut json = json::write_batch(batch).unwrap().into_bytes();
        let at = place.index(json.len());
        json[at] = byte;
        if cut { json.truncate(at); }
        if let Ok(received) = json::read_batch(&json) {
            let told = received.refused.iter().all(|refused| !refused.reason.is_empty());
            prop_assert!(told, "{:?}", received.refused);
        }
    }

    #[test]
    fn any_bytes_at_all_are_a_batch_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let error = protobuf::read_batch(&bytes.clone().into()).map(|_| ()).map_err(|error| error.to_string());
        prop_assert!(error.is_ok() || error.is_err_and(|text| text.starts_with("read protobuf: ")));
        let error = json::read_batch(&bytes).map(|_| ()).map_err(|error| error.to_string());
        prop_assert!(error.is_ok() || error.is_err_and(|text| text.starts_with("read JSON: ")));
    }
}
