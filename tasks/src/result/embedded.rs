//! Vectors of records' texts, and how alike they are.

use scouter_drift::profile::{Histogram, NumericStats};
use scouter_providers::embed::cosine;

use crate::call::Spending;
use crate::value::{Number, Value, from_value, to_value};

/// The bins of a histogram.
const BINS: usize = 20;

/// Vectors of the texts of all records, and what was asked to be made of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedded {
    /// The texts that were embedded, by their paths.
    pub targets: Vec<String>,
    /// For each row, the vector of each text; `None` where the record lacks the text.
    pub vectors: Vec<Vec<Option<Vec<f32>>>>,
    /// Whether the texts of a record are compared with each other.
    pub similarity: bool,
    /// Whether means and similarities are counted over all records.
    pub histograms: bool,
    /// What it took to make them.
    pub spending: Spending,
}

impl Embedded {
    /// The same of one row alone. What that took is not known apart.
    #[must_use]
    pub fn alone(&self, row: usize) -> Self {
        Self {
            vectors: self.vectors.get(row).cloned().into_iter().collect(),
            targets: self.targets.clone(),
            spending: Spending::default(),
            ..*self
        }
    }

    /// The vectors of a row that are there, by their texts.
    pub fn vectors(&self, row: usize) -> impl Iterator<Item = (&str, &[f32])> {
        let vectors = self.vectors.get(row).into_iter().flatten();
        self.targets
            .iter()
            .zip(vectors)
            .filter_map(|(target, vector)| Some((target.as_str(), vector.as_deref()?)))
    }

    /// The mean of the numbers of each vector of a row.
    pub fn means(&self, row: usize) -> impl Iterator<Item = (String, f64)> {
        self.vectors(row).filter(|(_, vector)| !vector.is_empty()).map(|(target, vector)| {
            let sum: f64 = vector.iter().map(|number| f64::from(*number)).sum();
            (target.to_owned(), sum / vector.len() as f64)
        })
    }

    /// How alike the texts of a row are, each pair as `one_other`: the cosine of the angle between their vectors.
    /// Pairs that cannot be compared are left out.
    pub fn similarities(&self, row: usize) -> Vec<(String, f64)> {
        if !self.similarity {
            return Vec::new();
        }
        let vectors: Vec<_> = self.vectors(row).collect();
        let mut all = Vec::new();
        for (at, (one, first)) in vectors.iter().enumerate() {
            for (other, second) in &vectors[at + 1..] {
                all.extend(cosine(first, second).map(|cosine| (format!("{one}_{other}"), cosine)));
            }
        }
        all
    }

    /// Where means and similarities lie over all rows, where that was asked for.
    pub fn histograms(&self) -> Option<Vec<(String, Histogram)>> {
        if !self.histograms {
            return None;
        }
        let mut columns: Vec<(String, Vec<f64>)> = Vec::new();
        for row in 0..self.vectors.len() {
            for (name, number) in self.means(row).chain(self.similarities(row)) {
                match columns.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, numbers)) => numbers.push(number),
                    None => columns.push((name, vec![number])),
                }
            }
        }
        let counted = |(name, numbers): (String, Vec<f64>)| {
            Some((name, NumericStats::of(numbers.as_slice(), BINS).histogram?))
        };
        Some(columns.into_iter().filter_map(counted).collect())
    }

    /// As results are written in JSON.
    pub(super) fn to_value(&self) -> Value {
        let vector = |vector: &Option<Vec<f32>>| {
            let numbers =
                |vector: &Vec<f32>| Value::list(vector.iter().map(|of| Value::Float(f64::from(*of))));
            vector.as_ref().map_or(Value::Null, numbers)
        };
        let row = |row: &Vec<Option<Vec<f32>>>| Value::list(row.iter().map(vector));
        Value::map([
            ("targets", Value::list(self.targets.iter().map(|target| Value::from(target.as_str())))),
            ("similarity", Value::Bool(self.similarity)),
            ("histograms", Value::Bool(self.histograms)),
            ("vectors", Value::list(self.vectors.iter().map(row))),
            // Plain numbers always have a form as a value.
            ("spending", to_value(&self.spending).unwrap_or_default()),
        ])
    }

    /// What [`Embedded::to_value`] wrote; `None` where it is something else.
    pub(super) fn from_value(value: &Value) -> Option<Self> {
        #[expect(clippy::cast_possible_truncation, reason = "embeddings are of single precision")]
        let number = |value: &Value| value.as_number().map(|number: Number<'_>| number.to_f64() as f32);
        let vector = |value: &Value| match value {
            Value::Null => Some(None),
            other => Some(Some(other.as_list()?.iter().map(number).collect::<Option<_>>()?)),
        };
        let row = |value: &Value| value.as_list()?.iter().map(vector).collect::<Option<Vec<_>>>();
        let targets = value.get("targets")?.as_list()?.iter();
        Some(Self {
            targets: targets.map(|target| target.as_text().map(str::to_owned)).collect::<Option<_>>()?,
            vectors: value.get("vectors")?.as_list()?.iter().map(row).collect::<Option<_>>()?,
            similarity: value.get("similarity")?.as_bool()?,
            histograms: value.get("histograms")?.as_bool()?,
            // Those of earlier versions do not say it.
            spending: value
                .get("spending")
                .map_or(Some(Spending::default()), |told| from_value(told).ok())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embedded() -> Embedded {
        Embedded {
            targets: vec!["a".into(), "b".into(), "c".into()],
            vectors: vec![
                vec![Some(vec![1.0, 0.0]), Some(vec![0.0, 2.0]), None],
                vec![Some(vec![1.0, 0.5]), Some(vec![2.0, 1.0]), Some(vec![0.0, 0.0])],
            ],
            similarity: true,
            histograms: true,
            spending: Spending { calls: 2, input_tokens: 7, cost: 0.25, ..Spending::default() },
        }
    }

    #[test]
    fn texts_that_are_there_are_compared_in_pairs() {
        assert_eq!(embedded().similarities(0), [("a_b".to_owned(), 0.0)]);
        let second = embedded().similarities(1);
        // Nothing can be said of a vector without a direction.
        assert_eq!(second.len(), 1);
        assert!((second[0].1 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn means_and_similarities_are_counted_over_all_rows() {
        let histograms = embedded().histograms().unwrap();
        let names: Vec<_> = histograms.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a", "b", "a_b", "c"]);
        assert_eq!(histograms[0].1.counts.iter().sum::<u64>(), 2);
    }

    #[test]
    fn they_are_read_as_they_were_written() {
        assert_eq!(Embedded::from_value(&embedded().to_value()), Some(embedded()));
        assert_eq!(Embedded::from_value(&Value::Null), None);
    }
}
