//! Checks of order that compare numbers as texts: `"95"` stands behind `"200"`.

use scouter_engine::Outcome;
use serde::{Deserialize, Serialize};

use super::tally::Tallied;
use crate::measured::Measured;
use crate::operator::{Check, Expects, Operator, short};
use crate::suite::TaskInfo;
use crate::value::{Kind, Value};

/// What a check of order looked at, by whether both sides are numbers that are written as texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numerals {
    /// Whether it compared something else too: then texts are what it is about.
    pub others: bool,
    /// The first two that may sort otherwise than the numbers do, in words; `None` where there are none.
    pub pair: Option<String>,
}

/// A check of order against a text, made ready.
#[derive(Clone, Debug)]
struct Order {
    task: usize,
    operator: Operator,
    /// With what is expected of every record.
    check: Option<Check>,
}

/// The tasks that compare by order with a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Orders(Vec<Order>);

impl PartialEq for Orders {
    /// They are made of the tasks, and say nothing beside these.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Orders {
    pub(super) fn new(tasks: &[TaskInfo]) -> Self {
        let order = |(at, task): (usize, &TaskInfo)| {
            let operator =
                task.operator.filter(|operator| operator.row().expects == Expects::NumberOrText)?;
            let picks = task.terms.as_ref().is_some_and(|terms| terms.item_context_path.is_some());
            let of_text = !picks && task.expected.as_text().is_some();
            of_text.then(|| Order { task: at, operator, check: operator.prepare(&task.expected).ok() })
        };
        Self(tasks.iter().enumerate().filter_map(order).collect())
    }

    /// Looks at what each of them compared for a record. Once one compared something else than numbers, it is not looked at again.
    pub(super) fn look(&self, outcomes: &[Outcome<Measured>], tasks: &mut [Tallied]) {
        for order in &self.0 {
            if let (Some(Outcome::Done(output)), Some(task)) =
                (outcomes.get(order.task), tasks.get_mut(order.task))
                && output.verdict.is_some()
                && !task.numerals.others
            {
                order.look(&output.value, &mut task.numerals);
            }
        }
    }
}

impl Order {
    fn look(&self, measured: &Measured, numerals: &mut Numerals) {
        let value: &Value = &measured.actual();
        if value.kind() == Kind::Null {
            return;
        }
        // What was filled in for the record is kept with what was judged.
        let filled = measured.expected().and_then(|expected| self.operator.prepare(expected).ok());
        let Some(check) = filled.as_ref().or(self.check.as_ref()) else { return };
        let items: &[Value] = match value.as_list() {
            Some(items) if check.each_item(value) => items,
            _ => std::slice::from_ref(value),
        };
        for item in items {
            match check.numeric_texts(item) {
                None => numerals.others = true,
                Some(true) if numerals.pair.is_none() => {
                    numerals.pair = Some(format!("{} with {}", short(item), short(check.expected())));
                }
                Some(_) => {}
            }
        }
    }
}
