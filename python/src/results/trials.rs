//! `Trials`: several trials of each case.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use scouter_drift::statistics::trials::{CaseMean, TrialMean};
use scouter_tasks::counted::counted;
use scouter_tasks::result::{Asked, Case, Status, Trials, trials_table};

use super::set::PyAligned;
use super::table::{table, width};
use super::whole::PyResults;
use crate::convert::whole;
use crate::data::{holds, json_methods, prints};
use crate::errors;

holds!(PyCaseMean(CaseMean) as "CaseMean");
prints!(PyCaseMean);
json_methods!(PyCaseMean);
holds!(PyTrialMean(TrialMean) as "TrialMean");
prints!(PyTrialMean);
json_methods!(PyTrialMean);

/// A mean over cases.
#[pyclass(module = "scouter.evaluate", name = "CaseMean", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyCaseMean(CaseMean);

#[pymethods]
impl PyCaseMean {
    /// The mean, from 0 to 1.
    #[getter]
    fn value(&self) -> f64 {
        self.0.value
    }

    /// Its standard error, from how much the cases differ; `None` where there is but one.
    #[getter]
    fn standard_error(&self) -> Option<f64> {
        self.0.standard_error
    }

    /// How many cases it is the mean of.
    #[getter]
    fn cases(&self) -> usize {
        self.0.cases
    }

    /// How many cases have too few trials for it.
    #[getter]
    fn left_out(&self) -> usize {
        self.0.left_out
    }

    fn __float__(&self) -> f64 {
        self.0.value
    }

    fn __repr__(&self) -> String {
        let error = self.0.standard_error.map_or_else(|| "None".to_owned(), |error| format!("{error:.4}"));
        format!("CaseMean({:.4}, standard_error={error}, cases={})", self.0.value, self.0.cases)
    }
}

/// The mean pass rate of cases, and where its error comes from.
#[pyclass(module = "scouter.evaluate", name = "TrialMean", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyTrialMean(TrialMean);

#[pymethods]
impl PyTrialMean {
    /// The mean of the cases' pass rates, from 0 to 1: each case counts alike.
    #[getter]
    fn value(&self) -> f64 {
        self.0.mean.value
    }

    /// Its standard error; `None` where there is but one case.
    #[getter]
    fn standard_error(&self) -> Option<f64> {
        self.0.mean.standard_error
    }

    /// The part of it that the choice of cases makes: only more cases reduce it.
    #[getter]
    fn between_cases(&self) -> Option<f64> {
        self.0.between
    }

    /// The part of it that luck in the trials makes: more trials reduce it. `None` where no case has
    /// two.
    #[getter]
    fn within_cases(&self) -> Option<f64> {
        self.0.within
    }

    /// How many cases it is the mean of.
    #[getter]
    fn cases(&self) -> usize {
        self.0.mean.cases
    }

    /// How many cases have no trial that came to a verdict.
    #[getter]
    fn left_out(&self) -> usize {
        self.0.mean.left_out
    }

    fn __float__(&self) -> f64 {
        self.0.mean.value
    }

    fn __repr__(&self) -> String {
        let error =
            self.0.mean.standard_error.map_or_else(|| "None".to_owned(), |error| format!("{error:.4}"));
        format!("TrialMean({:.4}, standard_error={error}, cases={})", self.0.mean.value, self.0.mean.cases)
    }
}

/// The results of a run, by case: records with the same case label, or else the same id, are trials
/// of one case.
///
/// Where no `task` is named, a trial is a whole record: it passes where every task passed that came to
/// a verdict, gates aside. What errored, was skipped or had nothing to check is no trial.
///
/// `trials["my_case"]` are the results of the case's records, in their order.
#[pyclass(module = "scouter.evaluate", name = "Trials", frozen, skip_from_py_object)]
#[derive(Clone, Debug)]
pub(crate) struct PyTrials(pub(super) Trials);

impl PyTrials {
    fn asked(&self, task: Option<&str>) -> PyResult<Asked> {
        let Some(id) = task else { return Ok(Asked::Record) };
        let results = self.0.results();
        let found = results.find_task(id).map(Asked::Task);
        found.ok_or_else(|| errors::no_such("task", id, results.nearest_task(id)))
    }

    /// The same of so many trials, which stand in this argument; an error where no case has them. Where none has any there is
    /// nothing to tell, of whatever number.
    fn asked_of(&self, task: Option<&str>, argument: &str, trials: u64) -> PyResult<Asked> {
        let asked = self.asked(task)?;
        let most = self.0.most(asked);
        if most == 0 || (1..=most).contains(&trials) {
            return Ok(asked);
        }
        Err(errors::value(format!(
            "`{argument}` must be from 1 to {most}, the most trials of a case that came to a verdict, and is {trials}"
        )))
    }

    fn case(&self, name: &str) -> PyResult<&Case> {
        let names = || self.0.cases().iter().map(|case| case.name.as_str());
        let found = self.0.cases().iter().find(|case| case.name == name);
        found.ok_or_else(|| errors::no_such("case", name, scouter_engine::nearest(name, names())))
    }
}

#[pymethods]
impl PyTrials {
    /// What the cases are called, in the order in which they first occur.
    #[getter]
    fn cases(&self) -> Vec<&str> {
        self.0.cases().iter().map(|case| case.name.as_str()).collect()
    }

    /// How many records have no label that tells their case: each is a case by its id.
    #[getter]
    fn without_case(&self) -> usize {
        self.0.unlabelled()
    }

    /// The mean pass rate with its error; `None` where no trial came to a verdict.
    ///
    /// Args:
    ///     task: The task that is asked; the whole record by default.
    #[pyo3(signature = (task=None))]
    fn mean(&self, task: Option<&str>) -> PyResult<Option<PyTrialMean>> {
        Ok(self.0.mean(self.asked(task)?).map(PyTrialMean))
    }

    /// pass@k: the chance that at least one of k trials of a case passes, without bias, as a mean over
    /// the cases that have k trials. `None` where no trial came to a verdict.
    ///
    /// Args:
    ///     k: How many trials.
    ///     task: The task that is asked; the whole record by default.
    ///
    /// Raises:
    ///     ValueError: Where no case has so many trials that came to a verdict.
    #[pyo3(signature = (k: "int", task=None))]
    fn pass_at(
        &self,
        #[pyo3(from_py_with = whole::k)] k: u64,
        task: Option<&str>,
    ) -> PyResult<Option<PyCaseMean>> {
        Ok(self.0.pass_at(self.asked_of(task, "k", k)?, k).map(PyCaseMean))
    }

    /// pass^k: the chance that all of k trials of a case pass, without bias, as a mean over the cases
    /// that have k trials. `None` where no trial came to a verdict.
    ///
    /// Args:
    ///     k: How many trials.
    ///     task: The task that is asked; the whole record by default.
    ///
    /// Raises:
    ///     ValueError: Where no case has so many trials that came to a verdict.
    #[pyo3(signature = (k: "int", task=None))]
    fn pass_hat(
        &self,
        #[pyo3(from_py_with = whole::k)] k: u64,
        task: Option<&str>,
    ) -> PyResult<Option<PyCaseMean>> {
        Ok(self.0.pass_hat(self.asked_of(task, "k", k)?, k).map(PyCaseMean))
    }

    /// The chance that at least k of some trials of a case pass, without bias, as a mean over cases.
    /// `None` where no trial came to a verdict.
    ///
    /// Args:
    ///     k: How many must pass.
    ///     of: Of how many trials; of all that a case has by default.
    ///     task: The task that is asked; the whole record by default.
    ///
    /// Raises:
    ///     ValueError: Where no case has so many trials that came to a verdict.
    #[pyo3(signature = (k: "int", of: "int | None" = None, task=None))]
    fn at_least(
        &self,
        #[pyo3(from_py_with = whole::k)] k: u64,
        #[pyo3(from_py_with = whole::of)] of: Option<u64>,
        task: Option<&str>,
    ) -> PyResult<Option<PyCaseMean>> {
        let asked = match of {
            Some(of) if k > of => {
                return Err(errors::value(format!("`k` is {k}, of {of} trials no more pass")));
            }
            Some(of) => self.asked_of(task, "of", of)?,
            None => self.asked_of(task, "k", k)?,
        };
        Ok(self.0.at_least(asked, k, of).map(PyCaseMean))
    }

    /// How each case comes out most often, as a status; `None` where two are as frequent.
    ///
    /// Args:
    ///     task: The task that is asked; the whole record by default.
    #[pyo3(signature = (task=None) -> "dict[str, str | None]")]
    fn mode<'py>(&self, py: Python<'py>, task: Option<&str>) -> PyResult<Bound<'py, PyDict>> {
        let (asked, modes) = (self.asked(task)?, PyDict::new(py));
        for case in self.0.cases() {
            modes.set_item(case.name.as_str(), self.0.mode(case, asked).map(Status::as_str))?;
        }
        Ok(modes)
    }

    /// The cases of which some trials passed and some failed.
    ///
    /// Args:
    ///     task: The task that is asked; the whole record by default.
    #[pyo3(signature = (task=None))]
    fn flaky(&self, task: Option<&str>) -> PyResult<Vec<&str>> {
        Ok(self.0.flaky(self.asked(task)?).map(|case| case.name.as_str()).collect())
    }

    /// The number of trials that most cases have, the larger of two that are as frequent; 0 where no trial
    /// came to a verdict.
    ///
    /// Args:
    ///     task: The task that is asked; the whole record by default.
    #[pyo3(signature = (task=None))]
    fn usual(&self, task: Option<&str>) -> PyResult<u64> {
        Ok(self.0.usual(self.asked(task)?))
    }

    /// Prints a row for every task and one for whole records, and gives the table back as text.
    #[pyo3(signature = () -> "str")]
    fn as_table<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let width = width(py)?;
        let text = py.detach(|| trials_table(&self.0, width));
        table(py, &text)
    }

    fn __len__(&self) -> usize {
        self.0.cases().len()
    }

    fn __getitem__(&self, case: &str) -> PyResult<Vec<PyAligned>> {
        let rows = self.case(case)?.rows.iter();
        let row = |at: &u32| PyAligned { results: self.0.results().clone(), row: *at as usize };
        Ok(rows.map(row).collect())
    }

    /// Whether there is a case of this name.
    fn __contains__(&self, case: &str) -> bool {
        self.case(case).is_ok()
    }

    fn __repr__(&self) -> String {
        let records = counted(self.0.results().rows().len(), "record");
        format!("Trials({}, {records})", counted(self.0.cases().len(), "case"))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (PyResults,))> {
        Ok((py.get_type::<PyResults>().getattr("trials")?, (PyResults(self.0.results().clone()),)))
    }
}
