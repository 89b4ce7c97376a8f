//! From Python objects to records. Nothing here raises: what does not fit is refused with the reason, and counted.

use chrono::{NaiveDateTime, SecondsFormat};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString};
use scouter_client::Odd;
use scouter_drift::psi::{Bins, Part};
use scouter_engine::nearest;
use scouter_tasks::operator::instant;
use scouter_wire::MAX_TEXT;
use scouter_wire::receipt::RefusalCode;
use scouter_wire::records::{Body, Eval, Features, Metric, Text, Uid};

use super::context;
use super::feature::PyFeatures;
use super::metric::PyMetrics;
use super::schema::{Column, Kind, Schema, Takes};
use crate::convert::{is_missing, plain};
use crate::evaluate::PyRecord;
use crate::intake::{micros, moment_of};
use crate::observe::PyObservabilityMetrics;

/// Why something is no record of a profile.
#[derive(Debug)]
pub(super) struct Misfit {
    pub(super) code: RefusalCode,
    pub(super) reason: String,
}

impl Misfit {
    pub(super) fn new(code: RefusalCode, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }
}

/// A value of a feature.
enum Cell {
    Number(f64),
    Moment(NaiveDateTime),
    Text(String),
    Missing,
}

/// Values that the baseline has none like, by feature.
type Oddities<'s> = Vec<(&'s str, Odd)>;

impl Column {
    fn remark_missing<'s>(&'s self, odd: &mut Oddities<'s>) {
        if !self.has_gaps {
            odd.push((self.name.as_str(), Odd::Missing));
        }
    }
}

impl Schema {
    /// The record of an object, or of keyword arguments, and what of it is as nothing in the baseline.
    pub(super) fn record<'s>(
        &'s self,
        item: Option<&Bound<'_, PyAny>>,
        named: Option<&Bound<'_, PyDict>>,
        odd: &mut Oddities<'s>,
    ) -> Result<Body, Misfit> {
        match (item, named) {
            (Some(item), None) => self.of_object(item, odd),
            (None, Some(named)) => self.of_dict(named, odd),
            (Some(_), Some(_)) => {
                Err(Misfit::new(RefusalCode::Shape, "an object and keyword arguments: give one of them"))
            }
            (None, None) => Err(Misfit::new(RefusalCode::Shape, "nothing was given")),
        }
    }

    fn of_object<'s>(&'s self, item: &Bound<'_, PyAny>, odd: &mut Oddities<'s>) -> Result<Body, Misfit> {
        let py = item.py();
        if let Ok(dict) = item.cast::<PyDict>() {
            return self.of_dict(dict, odd);
        }
        if let Ok(features) = item.cast::<PyFeatures>() {
            self.takes(Kind::Features)?;
            return self.of_dict(features.get().values.bind(py), odd);
        }
        if let Ok(metrics) = item.cast::<PyMetrics>() {
            self.takes(Kind::Metrics)?;
            return self.of_dict(&metrics.get().dict(py).map_err(|error| raised(&error))?, odd);
        }
        if let Ok(requests) = item.cast::<PyObservabilityMetrics>() {
            if self.counted {
                let reason = "rows are counted here (`aggregate`): have requests counted too, by `observe`";
                return Err(Misfit::new(RefusalCode::Kind, reason));
            }
            return Ok(Body::Requests(requests.get().routes()));
        }
        if let Ok(record) = item.cast::<PyRecord>() {
            self.takes(Kind::Evals)?;
            return of_record(record);
        }
        if let Ok(Some(make)) = item.getattr_opt("to_features") {
            let features = make.call0().map_err(|error| raised(&error))?;
            return match features.cast::<PyFeatures>() {
                Ok(features) => self.of_dict(features.get().values.bind(py), odd),
                Err(_) => Err(no_record(&features)),
            };
        }
        match plain(item) {
            Ok(Some(plain)) => match plain.cast::<PyDict>() {
                Ok(dict) => self.of_dict(dict, odd),
                Err(_) => Err(no_record(item)),
            },
            Ok(None) => Err(no_record(item)),
            Err(why) => Err(Misfit::new(RefusalCode::Type, why)),
        }
    }

    fn takes(&self, kind: Kind) -> Result<(), Misfit> {
        let sent = match kind {
            _ if kind == self.kind => return Ok(()),
            Kind::Features => "features",
            Kind::Metrics => "metrics",
            Kind::Evals => "something to evaluate",
        };
        Err(self.other(sent))
    }

    fn other(&self, sent: &str) -> Misfit {
        let takes = match self.kind {
            Kind::Features => "features",
            Kind::Metrics => "metrics",
            Kind::Evals => "a `GenAIEvalRecord`",
        };
        Misfit::new(RefusalCode::Kind, format!("the profile takes {takes}, not {sent}"))
    }

    /// The identifier that a record to evaluate has already, where it is one that records can have.
    pub(super) fn uid_of(&self, item: &Bound<'_, PyAny>) -> Option<Uid> {
        if self.kind != Kind::Evals {
            return None;
        }
        let record = item.cast::<PyRecord>().ok()?.try_borrow().ok()?;
        Uid::try_from(record.uid).ok()
    }

    fn of_dict<'s>(&'s self, dict: &Bound<'_, PyDict>, odd: &mut Oddities<'s>) -> Result<Body, Misfit> {
        match self.kind {
            Kind::Features => self.features(dict, odd),
            Kind::Metrics => self.metrics(dict),
            Kind::Evals => Err(self.other("values by name: make one of them, `GenAIEvalRecord(context=…)`")),
        }
    }

    fn features<'s>(&'s self, dict: &Bound<'_, PyDict>, odd: &mut Oddities<'s>) -> Result<Body, Misfit> {
        let mut numbers = Vec::with_capacity(self.columns.len());
        let mut texts = Vec::new();
        let (mut found, mut missing) = (0, 0);
        for column in &self.columns {
            let Some(value) = get(dict, column)? else {
                missing += 1;
                column.remark_missing(odd);
                numbers.push(f64::NAN);
                continue;
            };
            found += 1;
            let cell = if column.takes == Takes::Moments { moment(&value) } else { cell(&value) };
            match cell.map_err(|why| bad(column, "feature", &why))? {
                Cell::Number(number) if number.is_nan() => {
                    missing += 1;
                    column.remark_missing(odd);
                    numbers.push(number);
                }
                Cell::Number(number) => {
                    if column.known.as_ref().is_some_and(|known| known.part_of(number) == Part::Unseen) {
                        odd.push((column.name.as_str(), Odd::Unseen));
                    }
                    numbers.push(number);
                }
                Cell::Missing => {
                    missing += 1;
                    column.remark_missing(odd);
                    numbers.push(f64::NAN);
                }
                Cell::Moment(moment) if self.counted => numbers.push(micros(moment)),
                Cell::Moment(moment) => {
                    numbers.push(f64::NAN);
                    let text = moment.and_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true);
                    texts.push(Text { name: column.name.clone(), text });
                }
                Cell::Text(text) => match column.takes {
                    Takes::Lengths(length) => numbers.push(length.of(&text)),
                    Takes::Texts if text.len() > MAX_TEXT => return Err(too_long(&column.name, text.len())),
                    Takes::Texts => {
                        if let Some(Bins::Category(known)) = &column.known
                            && known.part_of(&text) == Part::Unseen
                        {
                            odd.push((column.name.as_str(), Odd::Unseen));
                        }
                        numbers.push(f64::NAN);
                        texts.push(Text { name: column.name.clone(), text });
                    }
                    Takes::Numbers | Takes::Moments => {
                        return Err(bad(column, "feature", "is a number in the profile, and a text here"));
                    }
                },
            }
        }
        if found < dict.len() {
            self.unknown(dict, "feature")?;
        }
        if missing == self.columns.len() {
            // A row of nothing is as none in a baseline, whatever is missing there now and then.
            *odd = self.columns.iter().map(|column| (column.name.as_str(), Odd::Missing)).collect();
        }
        Ok(Body::Features(Features { numbers, texts }))
    }

    fn metrics(&self, dict: &Bound<'_, PyDict>) -> Result<Body, Misfit> {
        let mut metrics = Vec::with_capacity(dict.len());
        for column in &self.columns {
            let Some(value) = get(dict, column)? else { continue };
            match cell(&value).map_err(|why| bad(column, "metric", &why))? {
                Cell::Number(value) if value.is_finite() => {
                    metrics.push(Metric { name: column.name.clone(), value });
                }
                Cell::Number(_) | Cell::Missing => {
                    let reason = format!("metric `{}` is no finite number", column.name);
                    return Err(Misfit::new(RefusalCode::NotFinite, reason));
                }
                Cell::Text(_) | Cell::Moment(_) => {
                    return Err(bad(column, "metric", "is a text, and no number"));
                }
            }
        }
        if metrics.len() < dict.len() {
            self.unknown(dict, "metric")?;
        }
        if metrics.is_empty() {
            return Err(Misfit::new(RefusalCode::Shape, "there is no metric in it"));
        }
        Ok(Body::Metrics(metrics))
    }

    /// Refuses what the profile has no name for.
    fn unknown(&self, dict: &Bound<'_, PyDict>, what: &str) -> Result<(), Misfit> {
        for key in dict.keys() {
            let Ok(name) = key.extract::<String>() else {
                let class = class(&key);
                return Err(Misfit::new(RefusalCode::Type, format!("a name is a `{class}`, and no text")));
            };
            let known = self.columns.iter().map(|column| column.name.as_str());
            if self.absent.contains(&name) || known.clone().any(|known| known == name) {
                continue;
            }
            let near = nearest(&name, known).map(|near| format!("; did you mean `{near}`?"));
            let reason = format!("the profile has no {what} `{name}`{}", near.unwrap_or_default());
            return Err(Misfit::new(RefusalCode::UnknownName, reason));
        }
        Ok(())
    }
}

/// Something to evaluate.
fn of_record(record: &Bound<'_, PyRecord>) -> Result<Body, Misfit> {
    let busy = |_| Misfit::new(RefusalCode::Type, "it is changed while it is read");
    let (context, id, session, trace) = {
        let own = record.try_borrow().map_err(busy)?;
        Uid::try_from(own.uid).map_err(|error| Misfit::new(RefusalCode::Uid, error.to_string()))?;
        let context = own.context.dict(record.py()).clone();
        let text = |text: &str| text.to_owned();
        (context, own.id.as_deref().map(text), own.own_session().map(text), own.trace_id().map(text))
    };
    // What is in it may run code of somebody's own, which may look at the record.
    Ok(Body::Eval(Eval { context: context::json(context.as_any())?, id, session, trace }))
}

fn get<'py>(dict: &Bound<'py, PyDict>, column: &Column) -> Result<Option<Bound<'py, PyAny>>, Misfit> {
    // A key of somebody's own class may raise where it is compared.
    dict.get_item(column.key.bind(dict.py())).map_err(|error| raised(&error))
}

/// The value of an object: of Python's own types without running any code but ours, of others by what they offer.
fn cell(value: &Bound<'_, PyAny>) -> Result<Cell, String> {
    if let Ok(float) = value.cast_exact::<PyFloat>() {
        return Ok(Cell::Number(float.value()));
    }
    if value.cast_exact::<PyInt>().is_ok() {
        return value.extract().map(Cell::Number).map_err(|_| "is larger than a float can be".to_owned());
    }
    if let Ok(text) = value.cast::<PyString>() {
        return match text.to_str() {
            Ok(text) => Ok(Cell::Text(text.to_owned())),
            Err(_) => Err("holds a lone surrogate, which is not Unicode".to_owned()),
        };
    }
    if value.is_none() || is_missing(value) {
        return Ok(Cell::Missing);
    }
    if let Ok(value) = value.cast_exact::<PyBool>() {
        return Ok(Cell::Number(f64::from(u8::from(value.is_true()))));
    }
    // NumPy's scalars, decimals, and whatever else is a number.
    value.extract().map(Cell::Number).map_err(|_| format!("is a `{}`, and no number or text", class(value)))
}

/// The moment of an object, as profiles see it: what has no zone is in UTC.
fn moment(value: &Bound<'_, PyAny>) -> Result<Cell, String> {
    const DUE: &str = "give a datetime, a date, or a text such as 2026-01-31T12:00:00Z";
    if value.is_none() || is_missing(value) {
        return Ok(Cell::Missing);
    }
    if let Ok(text) = value.cast::<PyString>() {
        let moment = text.to_str().ok().and_then(instant);
        return moment
            .map(Cell::Moment)
            .ok_or_else(|| format!("is a moment in the profile, and a text here that is none: {DUE}"));
    }
    if let Some(moment) = moment_of(value) {
        return Ok(Cell::Moment(moment));
    }
    if value.extract::<f64>().is_ok_and(f64::is_nan) {
        return Ok(Cell::Missing);
    }
    // NumPy's own moments, and its missing one.
    if value.get_type().hasattr("dtype").unwrap_or(false)
        && let Ok(Some(plain)) = plain(value)
    {
        if plain.is_none() {
            return Ok(Cell::Missing);
        }
        if let Some(moment) = moment_of(&plain) {
            return Ok(Cell::Moment(moment));
        }
    }
    Err(format!("is a moment in the profile, and a `{}` here: {DUE}", class(value)))
}

fn bad(column: &Column, what: &str, why: &str) -> Misfit {
    Misfit::new(RefusalCode::Type, format!("{what} `{}` {why}", column.name))
}

fn too_long(name: &str, bytes: usize) -> Misfit {
    let reason = format!("the value of feature `{name}` has {bytes} bytes: {MAX_TEXT} are the most");
    Misfit::new(RefusalCode::TooLarge, reason)
}

fn no_record(item: &Bound<'_, PyAny>) -> Misfit {
    let class = class(item);
    let takes = "give `Features`, `Metrics`, a dict, a model, keyword arguments, or a `GenAIEvalRecord`";
    Misfit::new(RefusalCode::Type, format!("a `{class}` is no record: {takes}"))
}

fn raised(error: &PyErr) -> Misfit {
    Misfit::new(RefusalCode::Type, format!("reading it raised {error}"))
}

fn class(object: &Bound<'_, PyAny>) -> String {
    object.get_type().fully_qualified_name().map_or_else(|_| "?".to_owned(), |name| name.to_string())
}
