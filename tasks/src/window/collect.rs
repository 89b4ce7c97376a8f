//! Columns as rows go by.

use std::sync::Arc;

use indexmap::IndexMap;

use super::plan::{ColumnIndex, WindowPlan};
use super::series::Series;
use super::state::State;
use crate::result::Row;
use crate::run::Sink;

/// The columns of many records: the input of a plan of tasks that look at them.
#[derive(Clone, Debug, Default)]
pub struct Window {
    series: Vec<Series>,
    /// What was made of features elsewhere, for tasks that take it as it is.
    states: IndexMap<String, State>,
    /// How many records there are.
    pub records: u64,
}

impl Window {
    /// The columns of a plan, with nothing in them.
    pub fn new(plan: &WindowPlan) -> Self {
        let series = plan.columns.iter().map(|column| Series::new(column.holds)).collect();
        Self { series, ..Self::default() }
    }

    /// What was made elsewhere of so many records, by feature. There are no columns.
    pub fn of_states(states: IndexMap<String, State>, records: u64) -> Self {
        Self { states, records, ..Self::default() }
    }

    /// What was made of a feature elsewhere.
    pub fn state(&self, feature: &str) -> Option<&State> {
        self.states.get(feature)
    }

    /// The column of this number.
    pub fn series(&self, index: ColumnIndex) -> &Series {
        &self.series[index.0]
    }

    /// Takes what a record adds to each column. Its cells are not needed from then on, and are taken away.
    pub fn add(&mut self, plan: &WindowPlan, row: &mut Row) {
        self.records += 1;
        for (series, column) in self.series.iter_mut().zip(&plan.columns) {
            match column.cell(row) {
                Some(cell) => series.push(cell, || row.name()),
                None => series.left_out += 1,
            }
        }
        row.cells = Box::default();
    }
}

/// A sink that collects the columns of a plan before it hands rows on.
#[derive(Debug)]
pub struct Watching<S> {
    sink: S,
    plan: Option<(Arc<WindowPlan>, Window)>,
}

impl<S> Watching<S> {
    /// Rows go to this sink; without a plan nothing is collected.
    pub fn new(plan: Option<Arc<WindowPlan>>, sink: S) -> Self {
        let plan = plan.map(|plan| {
            let window = Window::new(&plan);
            (plan, window)
        });
        Self { sink, plan }
    }

    /// The sink, and what was collected.
    pub fn finish(self) -> (S, Option<Window>) {
        (self.sink, self.plan.map(|(_, window)| window))
    }
}

impl<S: Sink> Sink for Watching<S> {
    type Error = S::Error;

    fn take(&mut self, mut rows: Vec<Row>) -> Result<(), S::Error> {
        if let Some((plan, window)) = &mut self.plan {
            for row in &mut rows {
                window.add(plan, row);
            }
        }
        self.sink.take(rows)
    }
}
