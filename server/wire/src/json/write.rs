//! From records to JSON.

use super::{cell::Cell, form, pairs::Pairs};
use crate::records::{
    Batch, Body, Eval, FeatureBins, Features, Group, Metric, Record, Route, StatusCount, Text,
};

/// A batch as JSON. Infinities, for which JSON has no word, become missing values.
///
/// # Errors
/// A context that is no JSON, which records that were read never have.
pub fn write_batch(batch: Batch) -> serde_json::Result<String> {
    serde_json::to_string(&form::Batch { groups: batch.groups.into_iter().map(group).collect() })
}

fn group(group: Group) -> form::Group<form::Record> {
    let (profile, names, records) = group.into_parts();
    let record = |Record { uid, body }| {
        let mut record =
            form::Record { uid, features: None, bins: None, metrics: None, eval: None, requests: None };
        match body {
            Body::Features(sent) => record.features = Some(features(&names, sent)),
            Body::Bins(bins) => record.bins = Some(Pairs(bins.into_iter().map(feature_bins).collect())),
            Body::Metrics(metrics) => {
                let pair = |Metric { name, value }| (name, value);
                record.metrics = Some(Pairs(metrics.into_iter().map(pair).collect()));
            }
            Body::Eval(Eval { context, id, session, trace }) => {
                record.eval = Some(form::Eval { context, id, session, trace });
            }
            Body::Requests(routes) => record.requests = Some(Pairs(routes.into_iter().map(route).collect())),
        }
        record
    };
    form::Group { profile: profile.to_string(), records: records.into_iter().map(record).collect() }
}

/// A name whose value is missing among the numbers and stands among the texts is a text.
fn features(names: &[String], features: Features) -> Pairs<Cell> {
    let is_text = |name: &str| features.texts.iter().any(|text| text.name == name);
    let numbers = names.iter().zip(&features.numbers);
    let mut cells: Vec<_> = numbers
        .filter(|(name, number)| !(number.is_nan() && is_text(name)))
        .map(|(name, number)| (name.clone(), Cell::Number(*number)))
        .collect();
    cells.extend(features.texts.into_iter().map(|Text { name, text }| (name, Cell::Text(text))));
    Pairs(cells)
}

fn feature_bins(sent: FeatureBins) -> (String, form::Counts) {
    let FeatureBins { name, bins, other, unseen, missing } = sent;
    (name, form::Counts { bins, other, unseen, missing })
}

fn route(sent: Route) -> (String, form::Route) {
    let Route { route, count, errors, latency, error_latency, statuses } = sent;
    let pair = |StatusCount { status, count }| (status.to_string(), count);
    let statuses = Pairs(statuses.into_iter().map(pair).collect());
    (route, form::Route { count, errors, latency, error_latency, statuses })
}
