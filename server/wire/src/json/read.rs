//! From JSON to records.

use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{cell::Cell, form, pairs::Pairs};
use crate::error::{MAX_RECORDS, ReadError};
use crate::receipt::{RefusalCode, Refused};
use crate::records::{
    Body, Eval, FeatureBins, Features, Group, Metric, NotVersion7, Received, Record, Route, StatusCount,
    Text, Uid,
};

/// Reads a batch, a record at a time: one that is broken is refused, and the rest kept.
///
/// # Errors
/// It is no JSON, has no groups of records, or too many records.
pub fn read_batch(json: &[u8]) -> Result<Received, ReadError> {
    let sent: form::Batch<form::Group<&RawValue>> = serde_json::from_slice(json)
        .map_err(|error| ReadError::Malformed { form: "JSON", why: error.to_string() })?;
    if sent.groups.iter().map(|group| group.records.len().max(1)).sum::<usize>() > MAX_RECORDS {
        return Err(ReadError::TooManyRecords);
    }
    let mut received = Received::default();
    for (at, form::Group { profile, records }) in sent.groups.iter().enumerate() {
        let Ok(uuid) = profile.parse::<Uuid>() else {
            let reason = format!("`{profile}` is no identifier of a profile: it is no UUID");
            received.refused.extend(
                records
                    .iter()
                    .map(|record| Refused::new(uid_of(record), RefusalCode::UnknownProfile, reason.clone())),
            );
            continue;
        };
        let mut groups = Groups { profile: uuid, groups: Vec::new() };
        for (place, json) in records.iter().enumerate() {
            if let Err(mut refused) = groups.add(json) {
                if refused.uid.is_none() {
                    refused.reason.insert_str(0, &format!("record {place} of group {at}: "));
                }
                received.refused.push(refused);
            }
        }
        received.batch.groups.extend(groups.groups);
    }
    Ok(received)
}

/// Groups of one profile. Records that name their features alike, one after another, share a group.
struct Groups {
    profile: Uuid,
    groups: Vec<Group>,
}

impl Groups {
    fn add(&mut self, json: &RawValue) -> Result<(), Refused> {
        // To serde an array is a struct too, member by member.
        if !json.get().starts_with('{') {
            return Err(Refused::new(None, RefusalCode::Unreadable, "it is no object".to_owned()));
        }
        let sent: form::Record =
            serde_json::from_str(json.get()).map_err(|error| unreadable(json, &error))?;
        let uid = sent.uid;
        let unreadable = |reason| Refused::new(Some(uid.get()), RefusalCode::Unreadable, reason);
        let (names, body) = body(sent).map_err(unreadable)?;
        self.group(names).map_err(unreadable)?.push(Record { uid, body })
    }

    fn group(&mut self, names: Option<Vec<String>>) -> Result<&mut Group, String> {
        let fits = |group: &Group| names.as_ref().is_none_or(|names| group.names() == names);
        if !self.groups.last().is_some_and(fits) {
            self.groups.push(Group::new(self.profile, names.unwrap_or_default())?);
        }
        let last = self.groups.len() - 1;
        Ok(&mut self.groups[last])
    }
}

/// What a record says, and the features that its numbers are the values of.
fn body(sent: form::Record) -> Result<(Option<Vec<String>>, Body), String> {
    let form::Record { uid: _, features, bins, metrics, eval, requests } = sent;
    match (features, bins, metrics, eval, requests) {
        (Some(Pairs(cells)), None, None, None, None) => {
            let (names, features) = split(cells);
            Ok((Some(names), Body::Features(features)))
        }
        (None, Some(Pairs(features)), None, None, None) => {
            let bins = |(name, form::Counts { bins, other, unseen, missing })| FeatureBins {
                name,
                bins,
                other,
                unseen,
                missing,
            };
            Ok((None, Body::Bins(features.into_iter().map(bins).collect())))
        }
        (None, None, Some(Pairs(metrics)), None, None) => {
            let metric = |(name, value)| Metric { name, value };
            Ok((None, Body::Metrics(metrics.into_iter().map(metric).collect())))
        }
        (None, None, None, Some(form::Eval { context, id, session, trace }), None) => {
            Ok((None, Body::Eval(Eval { context, id, session, trace })))
        }
        (None, None, None, None, Some(Pairs(routes))) => {
            Ok((None, Body::Requests(routes.into_iter().map(route).collect::<Result<_, _>>()?)))
        }
        (None, None, None, None, None) => {
            Err("it has neither `features`, `bins`, `metrics`, `eval` nor `requests`".to_owned())
        }
        _ => Err("it has several of `features`, `bins`, `metrics`, `eval` and `requests`".to_owned()),
    }
}

fn split(cells: Vec<(String, Cell)>) -> (Vec<String>, Features) {
    let (mut names, mut features) = (Vec::new(), Features::default());
    for (name, cell) in cells {
        match cell {
            Cell::Number(number) => {
                names.push(name);
                features.numbers.push(number);
            }
            Cell::Text(text) => features.texts.push(Text { name, text }),
        }
    }
    (names, features)
}

fn route((route, sent): (String, form::Route)) -> Result<Route, String> {
    let form::Route { count, errors, latency, error_latency, statuses } = sent;
    let status = |(status, count): (String, u64)| {
        let wrong = || format!("`{status}` is no status of HTTP");
        Ok(StatusCount { status: status.parse().map_err(|_| wrong())?, count })
    };
    let statuses = statuses.0.into_iter().map(status).collect::<Result<_, String>>()?;
    Ok(Route { route, count, errors, latency, error_latency, statuses })
}

/// Refuses a record that is broken, by its uid as far as that can be read.
fn unreadable(json: &RawValue, error: &serde_json::Error) -> Refused {
    let Ok(Head { uid }) = serde_json::from_str(json.get()) else {
        return Refused::new(None, RefusalCode::Unreadable, error.to_string());
    };
    let uuid = uid_in(uid);
    if uuid.is_some_and(|uuid| Uid::try_from(uuid).is_ok()) {
        Refused::new(uuid, RefusalCode::Unreadable, error.to_string())
    } else {
        Refused::new(uuid, RefusalCode::Uid, NotVersion7.to_string())
    }
}

/// What every record begins with.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    uid: Option<&'a RawValue>,
}

fn uid_of(json: &RawValue) -> Option<Uuid> {
    serde_json::from_str::<Head<'_>>(json.get()).ok().and_then(|head| uid_in(head.uid))
}

fn uid_in(json: Option<&RawValue>) -> Option<Uuid> {
    json.and_then(|json| serde_json::from_str(json.get()).ok())
}
