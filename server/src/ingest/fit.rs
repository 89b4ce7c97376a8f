//! From records to rows: each fits the layout of its profile, or is refused with the reason.

use std::collections::HashSet;

use scouter_tasks::operator::instant;
use scouter_wire::MAX_TEXT;
use scouter_wire::receipt::{RefusalCode, Refused};
use scouter_wire::records::{Body, FeatureBins, Features, Group, Metric, Record};

use super::eval::of_eval;
use super::requests::of_requests;
use super::room::NoRoom;
use super::rows::Rows;
use super::watched::Watched;
use crate::registry::{Kind, Layout, Place};
use crate::store::{BinCountsRow, RecordRow};

/// Why a record does not fit.
pub(super) type Misfit = (RefusalCode, String);

/// Adds the rows of a group's records, and those that are refused.
///
/// # Errors
/// There is no room. A row has a place for every feature of its profile, so it may be far larger than its record.
pub(super) fn fit(
    group: Group,
    watched: &Watched,
    rows: &mut Rows,
    refused: &mut Vec<Refused>,
) -> Result<(), NoRoom> {
    let (profile, names, records) = group.into_parts();
    let places = watched.places(&names);
    for Record { uid, body } in records {
        let uid = uid.get();
        let fitted = match (body, watched.kind) {
            (Body::Features(features), Kind::Psi | Kind::Spc) => {
                let places = places.as_deref().map_err(Clone::clone);
                let values = places.and_then(|places| of_features(features, places, watched));
                values.map(|(numbers, texts)| rows.records.push(RecordRow { profile, uid, numbers, texts }))
            }
            (Body::Bins(bins), Kind::Psi) => of_bins(&bins, watched)
                .map(|counts| rows.bin_counts.push(BinCountsRow { profile, uid, counts })),
            (Body::Metrics(metrics), Kind::Custom) => of_metrics(&metrics, &watched.layout)
                .map(|numbers| rows.records.push(RecordRow { profile, uid, numbers, texts: None })),
            (Body::Eval(eval), Kind::GenAI) => of_eval(profile, uid, eval).map(|row| rows.evals.push(row)),
            // Whatever is watched of an application, it has requests.
            (Body::Requests(routes), _) => {
                of_requests(profile, uid, &routes).map(|row| rows.requests.push(row))
            }
            (body, kind) => Err(other_kind(&body, kind)),
        };
        match fitted {
            Ok(kept) => kept?,
            Err((code, reason)) => refused.push(Refused::new(Some(uid), code, reason)),
        }
    }
    Ok(())
}

fn other_kind(body: &Body, kind: Kind) -> Misfit {
    let takes = match kind {
        Kind::Psi => "`features` and `bins`",
        Kind::Spc => "`features`",
        Kind::Custom => "`metrics`",
        Kind::GenAI => "`eval`",
    };
    let sent = match body {
        Body::Features(_) => "features",
        Body::Bins(_) => "bins",
        Body::Metrics(_) => "metrics",
        Body::Eval(_) => "eval",
        Body::Requests(_) => "requests",
    };
    (RefusalCode::Kind, format!("the profile takes {takes}, not `{sent}`"))
}

fn unknown(what: &str, name: &str) -> Misfit {
    (RefusalCode::UnknownName, format!("the profile has no {what} `{name}`"))
}

pub(super) fn twice(name: &str) -> Misfit {
    (RefusalCode::Shape, format!("`{name}` has two values"))
}

impl Watched {
    /// Where a feature stands; none where nothing is done with it.
    fn place(&self, name: &str) -> Result<Option<Place>, Misfit> {
        match self.layout.places.get(name) {
            Some(place) => Ok(Some(*place)),
            None if self.absent.contains(name) => Ok(None),
            None => Err(unknown("feature", name)),
        }
    }

    /// Says that a moment is due in this place.
    fn no_moment(&self, at: usize, sent: &str) -> Misfit {
        let found = self.layout.places.iter().find(|(_, place)| **place == Place::Moment(at));
        let name = found.map(|(name, _)| name.as_str()).unwrap_or_default();
        let reason = format!(
            "feature `{name}` is a moment, and not {sent}: send it as a text such as 2026-01-31T12:00:00Z"
        );
        (RefusalCode::Type, reason)
    }

    /// Where the numbers of a group stand.
    fn places(&self, names: &[String]) -> Result<Vec<Option<Place>>, Misfit> {
        names.iter().map(|name| self.place(name)).collect()
    }
}

type Values = (Vec<f64>, Option<Vec<Option<String>>>);

fn of_features(sent: Features, places: &[Option<Place>], watched: &Watched) -> Result<Values, Misfit> {
    let mut numbers = vec![f64::NAN; watched.layout.numbers];
    let mut texts = vec![None; watched.layout.texts];
    for (number, place) in sent.numbers.into_iter().zip(places).filter(|(number, _)| !number.is_nan()) {
        match place {
            Some(Place::Number(at)) => numbers[*at] = number,
            Some(Place::Moment(at)) => return Err(watched.no_moment(*at, "a number")),
            // As profiles name the categories of numbers: whole ones without a point, and minus zero is zero.
            Some(Place::Text(at)) => texts[*at] = Some((number + 0.0).to_string()),
            None => {}
        }
    }
    for text in sent.texts {
        match watched.place(&text.name)? {
            Some(Place::Number(at)) if numbers[at].is_nan() => {
                let reason = format!("feature `{}` is a number, not a text", text.name);
                return Err((RefusalCode::Type, reason));
            }
            Some(Place::Moment(at)) if numbers[at].is_nan() => {
                let moment =
                    instant(&text.text).ok_or_else(|| watched.no_moment(at, "a text that is none"))?;
                numbers[at] = moment.and_utc().timestamp_micros() as f64;
            }
            Some(Place::Text(at)) if texts[at].is_none() => {
                storable(&text.text, || format!("the value of feature `{}`", text.name))?;
                texts[at] = Some(text.text);
            }
            Some(_) => return Err(twice(&text.name)),
            None => {}
        }
    }
    Ok((numbers, (watched.layout.texts > 0).then_some(texts)))
}

/// Looks whether a text is none that is too long, or has no place in the database.
pub(super) fn storable(text: &str, what: impl Fn() -> String) -> Result<(), Misfit> {
    if text.len() > MAX_TEXT {
        let reason = format!("{} has {} bytes: {MAX_TEXT} are the most", what(), text.len());
        return Err((RefusalCode::TooLarge, reason));
    }
    // Postgres has no place for NUL in a text.
    if text.contains('\0') {
        return Err((RefusalCode::NotStorable, format!("{} has the character U+0000 in it", what())));
    }
    Ok(())
}

fn of_bins(sent: &[FeatureBins], watched: &Watched) -> Result<Vec<i64>, Misfit> {
    let counts = &watched.layout.counts;
    let mut row = vec![0; counts.last().map_or(0, |(_, range)| range.end)];
    let mut seen = HashSet::with_capacity(sent.len());
    // Every feature has each row, at least as one without a value.
    let mut rows: Option<u64> = None;
    for FeatureBins { name, bins, other, unseen, missing } in sent {
        if !seen.insert(name) {
            return Err(twice(name));
        }
        let Some(range) = counts.get(name) else {
            watched.place(name)?;
            continue;
        };
        let parts: Vec<u64> = bins.iter().chain([other, unseen, missing]).copied().collect();
        if parts.len() != range.len() {
            let (here, there) = (bins.len(), (range.len() + bins.len()).saturating_sub(parts.len()));
            let reason = format!("feature `{name}` has {there} bins in the profile, and {here} here");
            return Err((RefusalCode::Shape, reason));
        }
        let total = parts.iter().try_fold(0_u64, |sum, part| sum.checked_add(*part));
        let total = total.ok_or_else(|| {
            (RefusalCode::TooLarge, format!("feature `{name}` has 2^64 rows or more in its bins"))
        })?;
        if let Some(rows) = rows.filter(|rows| *rows != total) {
            let reason = format!("feature `{name}` has {total} rows, and those before it {rows}");
            return Err((RefusalCode::Shape, reason));
        }
        rows = Some(total);
        for (count, part) in row[range.clone()].iter_mut().zip(parts) {
            let large =
                || (RefusalCode::TooLarge, format!("feature `{name}` has 2^63 rows or more in a bin"));
            *count = i64::try_from(part).map_err(|_| large())?;
        }
    }
    let missing = i64::try_from(rows.unwrap_or_default())
        .map_err(|_| (RefusalCode::TooLarge, "the record has 2^63 rows or more".to_owned()))?;
    for (_, range) in counts.iter().filter(|(name, _)| !seen.contains(name)) {
        row[range.end - 1] = missing;
    }
    Ok(row)
}

fn of_metrics(sent: &[Metric], layout: &Layout) -> Result<Vec<f64>, Misfit> {
    let mut numbers = vec![f64::NAN; layout.numbers];
    for Metric { name, value } in sent {
        let Some(Place::Number(at)) = layout.places.get(name) else { return Err(unknown("metric", name)) };
        if !value.is_finite() {
            return Err((RefusalCode::NotFinite, format!("metric `{name}` is {value}, which is no number")));
        }
        if !numbers[*at].is_nan() {
            return Err(twice(name));
        }
        numbers[*at] = *value;
    }
    Ok(numbers)
}
