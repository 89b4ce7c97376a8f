//! Gates that failed since their operators cannot judge what they saw.

use scouter_engine::{Outcome, Verdict};
use serde::{Deserialize, Serialize};

use super::tally::Tallied;
use crate::measured::Measured;
use crate::operator::{Check, Operator, short};
use crate::suite::TaskInfo;
use crate::value::{Kind, Value};

/// What a gate failed on, by whether its operator can judge it. What is not there is neither, nor null that it cannot judge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfit {
    /// Whether it could judge some of it.
    pub some_fit: bool,
    /// What is wrong with the first that it could not judge, in words; `None` where there is none.
    pub wrong: Option<String>,
}

/// The operator of a gate, made ready.
#[derive(Clone, Debug)]
struct Gate {
    task: usize,
    operator: Operator,
    /// With what is expected of every record.
    check: Option<Check>,
    /// Whether it picks from the items of an array.
    picks: bool,
}

/// The gates that have operators.
#[derive(Clone, Debug, Default)]
pub(super) struct Gates(Vec<Gate>);

impl PartialEq for Gates {
    /// They are made of the tasks, and say nothing beside these.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Gates {
    pub(super) fn new(tasks: &[TaskInfo]) -> Self {
        let gates = tasks.iter().enumerate().filter(|(_, task)| task.gate);
        let gate = |(at, task): (usize, &TaskInfo)| {
            let operator = task.operator?;
            let picks = task.terms.as_ref().is_some_and(|terms| terms.item_context_path.is_some());
            Some(Gate { task: at, operator, check: operator.prepare(&task.expected).ok(), picks })
        };
        Self(gates.filter_map(gate).collect())
    }

    /// Looks at what each of them came to for a record. Once one could judge something, it is not looked at again.
    pub(super) fn look(&self, outcomes: &[Outcome<Measured>], tasks: &mut [Tallied]) {
        for gate in &self.0 {
            if let (Some(Outcome::Done(output)), Some(task)) =
                (outcomes.get(gate.task), tasks.get_mut(gate.task))
                && output.verdict == Some(Verdict::Failed)
                && !task.unfit.some_fit
            {
                gate.look(&output.value, &mut task.unfit);
            }
        }
    }
}

impl Gate {
    fn look(&self, measured: &Measured, unfit: &mut Unfit) {
        let value = measured.actual();
        let wanted = self.wants(measured, &value);
        // What is not there has a note.
        if value.kind() == Kind::Null && (wanted.is_some() || measured.note().is_some()) {
            return;
        }
        let Some(wanted) = wanted else {
            unfit.some_fit = true;
            return;
        };
        if unfit.wrong.is_none() {
            let (operator, value) = (self.operator, short(&value));
            unfit.wrong = Some(format!("`{operator}` wants {wanted}, and the values are such as {value}"));
        }
    }

    /// What it wants in the place of a value that it cannot judge, of an array: none of whose items it can judge.
    fn wants(&self, measured: &Measured, value: &Value) -> Option<&'static str> {
        if self.picks {
            return value.as_list().is_none().then_some("an array to pick from");
        }
        // What was filled in for the record is kept with what was judged.
        let filled = measured.expected().and_then(|expected| self.operator.prepare(expected).ok());
        let check = filled.as_ref().or(self.check.as_ref())?;
        let wanted = |value: &Value| check.judge(value).err().map(|wrong| wrong.wanted);
        if !check.each_item(value) {
            return wanted(value);
        }
        let items = value.as_list().unwrap_or_default();
        let all: Option<Vec<&'static str>> = items.iter().map(wanted).collect();
        all?.first().copied()
    }
}
