//! What asking models came to.

use pyo3::prelude::*;
use scouter_providers::layers::{Dollars, Used};
use scouter_tasks::call::{Call, Spending};
use scouter_tasks::value::Value;

use crate::convert::PyJson;
use crate::data::{Data, data_methods, wraps};
use crate::errors;

/// What asking a model, or a jury of several, for one task of one record came to.
#[pyclass(module = "scouter.genai", name = "ModelCall", frozen, skip_from_py_object)]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PyModelCall(pub(crate) Call);

impl Data for PyModelCall {
    const NAME: &'static str = "ModelCall";

    fn to_value(&self, _py: Python<'_>) -> PyResult<Value> {
        Ok(self.0.to_value())
    }

    fn from_value(_py: Python<'_>, value: &Value) -> PyResult<Self> {
        let call = Call::from_value(value).map(Self);
        call.ok_or_else(|| {
            errors::value("not a `ModelCall`: a field is missing, or is not what it should be")
        })
    }
}

data_methods!(PyModelCall);

#[pymethods]
impl PyModelCall {
    /// The whole reply: in the form that was asked for, or its text. Beyond 16 KB it is cut, and says so. That of a jury
    /// says how its votes came out, and has what each of them took in `votes`; that of a call that failed is `None`.
    #[getter]
    fn reply(&self) -> PyJson {
        PyJson(self.0.reply().into_owned())
    }

    /// Why the model answered so, where its reply has a member for that (`reason`, `reasoning`, `explanation` or
    /// `rationale`).
    #[getter]
    fn reason(&self) -> Option<String> {
        self.0.reason()
    }

    /// Whose model was asked.
    #[getter]
    fn provider(&self) -> &str {
        &self.0.provider
    }

    /// The model that answered, as the provider calls it.
    #[getter]
    fn model(&self) -> &str {
        &self.0.model
    }

    /// Tokens read, those from the provider's cache included; `None` where the provider does not say.
    #[getter]
    fn input_tokens(&self) -> Option<u64> {
        self.0.usage.map(|usage| usage.input)
    }

    /// Tokens written, those of thinking included.
    #[getter]
    fn output_tokens(&self) -> Option<u64> {
        self.0.usage.map(|usage| usage.output)
    }

    /// Those of the tokens read that the provider had in its cache.
    #[getter]
    fn cached_tokens(&self) -> Option<u64> {
        self.0.usage.map(|usage| usage.cached)
    }

    /// How likely the first 1,000 tokens of the reply were, as pairs of a token and the natural logarithm of its probability; empty
    /// unless the prompt's settings have `logprobs=True`.
    #[getter]
    fn log_probs(&self) -> Vec<(String, f64)> {
        self.0.log_probs.iter().map(|of| (of.token.clone(), of.log_prob)).collect()
    }

    /// What it cost in this run, in US dollars, as far as that is known: nothing where the reply was kept; `None` where no price or
    /// no tokens are known.
    #[getter]
    fn cost(&self) -> Option<f64> {
        self.0.cost
    }

    /// Requests that may cost what nobody knows, and which is not in `cost`: there is no price, or no answer came.
    #[getter]
    fn unpriced(&self) -> u32 {
        self.0.unpriced
    }

    /// How long the provider took, in milliseconds.
    #[getter]
    fn latency_ms(&self) -> f64 {
        1e3 * self.0.latency.as_secs_f64()
    }

    /// Requests that were sent, also those that failed.
    #[getter]
    fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Where the reply comes from: `live`, `cache`, `cassette` or `memory` (an earlier run).
    #[getter]
    fn origin(&self) -> &'static str {
        self.0.origin.as_str()
    }

    /// Calls that were answered: 1, but for those of a jury, and 0 where it failed.
    #[getter]
    fn answered(&self) -> u32 {
        self.0.answered
    }

    /// Calls that brought no answer.
    #[getter]
    fn unanswered(&self) -> u32 {
        self.0.unanswered
    }
}

/// What the calls of a run came to.
#[pyclass(module = "scouter.genai", name = "ModelUsage", frozen, skip_from_py_object)]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PyModelUsage(pub(crate) Spending);

wraps!(PyModelUsage(Spending) as "ModelUsage");

#[pymethods]
impl PyModelUsage {
    /// Calls that were answered, from wherever.
    #[getter]
    fn calls(&self) -> u64 {
        self.0.calls
    }

    /// Calls that brought no answer; what they took is counted all the same.
    #[getter]
    fn failed(&self) -> u64 {
        self.0.failed
    }

    /// Requests that were sent for either.
    #[getter]
    fn attempts(&self) -> u64 {
        self.0.attempts
    }

    /// Tokens read, as far as providers say.
    #[getter]
    fn input_tokens(&self) -> u64 {
        self.0.input_tokens
    }

    /// Tokens written, as far as providers say.
    #[getter]
    fn output_tokens(&self) -> u64 {
        self.0.output_tokens
    }

    /// What they cost in US dollars, as far as prices are known: 0.0 where none is, and `unpriced` then counts all of the requests.
    #[getter]
    fn cost(&self) -> f64 {
        self.0.cost
    }

    /// Requests whose cost is unknown, and not in `cost`: there is no price, or no answer came to what may be paid for.
    #[getter]
    fn unpriced(&self) -> u64 {
        self.0.unpriced
    }
}

/// What was used of a budget. It has what `ModelUsage` has not: estimates for calls that were dropped, or whose tokens nobody
/// counted.
#[pyclass(module = "scouter.genai", name = "BudgetUse", frozen, skip_from_py_object)]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PyBudgetUse(pub(crate) Used);

wraps!(PyBudgetUse(Used) as "BudgetUse");

#[pymethods]
impl PyBudgetUse {
    /// Requests that were sent.
    #[getter]
    fn calls(&self) -> u64 {
        self.0.calls
    }

    /// Tokens, read and written; estimated where the provider did not say.
    #[getter]
    fn tokens(&self) -> u64 {
        self.0.tokens
    }

    /// US dollars, as far as prices are known.
    #[getter]
    fn cost(&self) -> f64 {
        let Dollars(cost) = self.0.cost;
        cost
    }

    /// Requests whose cost is unknown, and not in `cost`.
    #[getter]
    fn unpriced(&self) -> u64 {
        self.0.unpriced
    }
}
