//! What a drift task is, as it is written down.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::baseline::Baseline;
use super::measure::Feature;
use super::node::{Drift, Drifts};
use super::places::nothing_at;
use crate::counted::{count, counted};
use crate::operator::Operator;
use crate::path::Path;
use crate::result::Results;
use crate::task::build::{Build, Built};
use crate::task::expectation::{Each, Expectation, given};
use crate::task::head::Head;
use crate::task::spec::{Scope, Subtitle, Task};
use crate::value::{Value, quoted, to_value};
use crate::window::Column;

/// Columns over all records against how they were.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Given", into = "Given")]
pub struct DriftSpec {
    /// What every task has.
    pub head: Head,
    /// How the columns were.
    pub baseline: Baseline,
    /// The columns, by the features of the baseline that they are compared with; those that it watches, at paths of their names,
    /// where there are none.
    pub columns: IndexMap<String, Column>,
    /// Where in what is measured the value is that is judged.
    pub context_path: String,
    /// How it is judged.
    pub operator: Operator,
    /// What is expected of it; `None` where the operator expects nothing.
    pub expected_value: Option<Value>,
    /// With fewer values in a column the task errors; as many as the method needs where it is not said.
    pub min_values: Option<u64>,
}

/// A drift task as it stands in a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "DriftSpec")]
pub struct Given {
    /// What every task has.
    #[serde(flatten)]
    pub head: Head,
    /// How the columns were: a profile as it is saved, or the results of an earlier run. `{path: …}` names the file of it.
    pub baseline: Value,
    /// The column, where there is but one: the path of a field, or `value_of` or `pass_rate_of` a task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<Column>,
    /// The columns, by the features of the baseline that they are compared with. Where neither is given, all features that the baseline
    /// watches are fields of the same names.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "std::collections::BTreeMap<String, Column>")]
    pub columns: IndexMap<String, Column>,
    /// Where in what is measured the value is that is judged, such as `psi.max`; `drifted` where there is none. Control charts without
    /// a share of false alarms (`alpha`), which alert by chance too, must say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_path: Option<String>,
    /// How it is judged; `Equals` where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// What is expected of it; `false` where neither this nor a path is given.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Value")]
    pub expected_value: Option<Value>,
    /// With fewer values in a column the task errors, and with fewer in the bins of its baseline it is refused. Where nothing is said: of bins
    /// what the profile says (30), a subgroup of a control chart, the metric's own number of a metric; that there is nothing is what a metric of counts judges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub min_values: Option<u64>,
}

/// What is given makes no drift task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct DriftError {
    /// The field that is wrong.
    pub field: &'static str,
    /// What is wrong with it, and what to do about it.
    pub message: String,
}

impl fmt::Display for DriftError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.field, self.message)
    }
}

impl DriftError {
    pub(super) fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }
}

impl Given {
    /// The columns by their features, as far as they are known without the baseline.
    fn named(&self, features: &[&str]) -> Result<IndexMap<String, Column>, DriftError> {
        let Some(column) = &self.column else { return Ok(self.columns.clone()) };
        if !self.columns.is_empty() {
            return Err(DriftError::new("columns", "give either `column` or `columns`"));
        }
        // The only feature there is can be meant by any column.
        let feature = match features {
            [only] => (*only).to_owned(),
            _ => column.name().to_owned(),
        };
        Ok([(feature, column.clone())].into_iter().collect())
    }

    /// The task with this baseline.
    ///
    /// # Errors
    /// One field contradicts another.
    pub fn against(self, baseline: Baseline) -> Result<DriftSpec, DriftError> {
        let columns = self.named(&baseline.features())?;
        if self.min_values == Some(0) {
            return Err(DriftError::new("min_values", "it must be at least 1"));
        }
        if let Baseline::Spc(profile) = &baseline
            && profile.config.alert_config.alpha.is_none()
            && self.context_path.is_none()
        {
            let message = "say what is judged, such as `p_value.min` or `alerts.max`: charts on which nothing changes alert too, once in \
                           some hundred points, so that long ones always have drifted. Or give the profile a share of false alarms, \
                           `SpcAlertConfig(alpha=0.05)`";
            return Err(DriftError::new("context_path", message));
        }
        let (path, expected) = super::node::drifted();
        let expected = match (self.expected_value, &self.context_path, self.operator) {
            (Some(value), ..) => Some(value),
            (None, None, None) => Some(expected),
            // Left to the operator, which may expect nothing.
            (None, ..) => None,
        };
        Ok(DriftSpec {
            head: self.head,
            baseline,
            columns,
            context_path: self.context_path.unwrap_or(path),
            operator: self.operator.unwrap_or(Operator::Equals),
            expected_value: expected,
            min_values: self.min_values,
        })
    }
}

impl Given {
    /// The task against an earlier run.
    ///
    /// # Errors
    /// One field contradicts another, or the results do not hold the columns.
    pub fn against_results(self, results: &Results) -> Result<DriftSpec, DriftError> {
        let baseline = Baseline::of_results(results, &self.named(&[])?, &self.head.depends_on)?;
        self.against(baseline)
    }
}

impl TryFrom<Given> for DriftSpec {
    type Error = DriftError;

    fn try_from(mut given: Given) -> Result<Self, DriftError> {
        let document = std::mem::take(&mut given.baseline);
        let columns = given.named(&[])?;
        let baseline = Baseline::read(&document, &columns, &given.head.depends_on)?;
        given.against(baseline)
    }
}

impl From<DriftSpec> for Given {
    fn from(spec: DriftSpec) -> Self {
        Self {
            head: spec.head,
            baseline: spec.baseline.document(),
            column: None,
            columns: spec.columns,
            context_path: Some(spec.context_path),
            operator: Some(spec.operator),
            expected_value: spec.expected_value,
            min_values: spec.min_values,
        }
    }
}

impl DriftSpec {
    /// The name of the kind in files.
    pub const KIND: &'static str = "Drift";

    /// The field with the baseline.
    pub const BASELINE: &'static str = "baseline";

    /// The fields it has beside those of every task.
    pub const FIELDS: [&'static str; 7] =
        [Self::BASELINE, "column", "columns", "context_path", "operator", "expected_value", "min_values"];

    /// The fields whose value may stand in a file of its own.
    pub const APART: [&'static str; 1] = [Self::BASELINE];

    /// The columns that it looks at, with those that are not named.
    fn all_columns(&self) -> Vec<(String, Column)> {
        if !self.columns.is_empty() {
            return self.columns.clone().into_iter().collect();
        }
        let field = |name: &str| {
            // A name that is no path is a key.
            let path = Path::parse(name).map_or_else(|_| format!("[{}]", quoted(name)), |_| name.to_owned());
            (name.to_owned(), Column::Field(path))
        };
        self.baseline.watched().into_iter().map(field).collect()
    }
}

impl Task for DriftSpec {
    fn head(&self) -> &Head {
        &self.head
    }

    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn scope(&self) -> Scope {
        Scope::Window
    }

    fn subtitle(&self) -> Subtitle {
        Subtitle {
            context_path: Some(self.context_path.clone()),
            operator: Some(self.operator),
            expected: self.expected_value.clone().unwrap_or_default(),
            ..Subtitle::default()
        }
    }

    fn build(&self, cx: &mut Build<'_>) -> Option<Built> {
        let columns = self.all_columns();
        if columns.is_empty() {
            cx.problem(Self::BASELINE, "it has no features, so there is nothing to compare");
            return None;
        }
        let field = if self.columns.is_empty() { Self::BASELINE } else { "columns" };
        let features: Vec<Option<Feature>> = columns
            .into_iter()
            .map(|(name, column)| {
                let holds = self.baseline.holds(&name).map_err(|why| cx.problem(field, why)).ok()?;
                let from = (column.name() != name).then(|| column.clone());
                let column = cx.column(field, &column, holds)?;
                let least = self.min_values.unwrap_or_else(|| self.baseline.fewest(&name));
                Some(Feature { name, from, column, least })
            })
            .collect();
        if let Some((Feature { name, least, .. }, values)) = self.baseline.too_few(features.iter().flatten())
        {
            let (values, least) = (counted(values, "value"), count(least));
            let message = format!("`{name}` had {values} then, at least {least} are needed (`min_values`)");
            cx.problem(Self::BASELINE, message);
            return None;
        }
        let path = cx.path("context_path", &self.context_path);
        let expectation =
            Expectation::build(cx, self.operator, self.expected_value.as_ref(), Each::All, None);
        let path = path?;
        if let Some(why) = self.lacks(&path) {
            cx.problem("context_path", why);
            return None;
        }
        let drift = Arc::new(Drift {
            baseline: self.baseline.watching_all(),
            features: features.into_iter().collect::<Option<_>>()?,
            path,
            expectation: expectation?,
        });
        Some(Built { node: Box::new(Drifts(drift.clone())), explain: drift })
    }

    fn lacks(&self, path: &Path) -> Option<String> {
        let columns = self.all_columns();
        let features: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        nothing_at(path, &self.baseline, &features)
    }

    fn to_value(&self) -> Option<Value> {
        to_value(self).ok()
    }
}
