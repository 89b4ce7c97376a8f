//! Operators that cannot fit the values seen.

use std::collections::BTreeMap;

use scouter_engine::Verdict;

use super::examine::{Found, Looked};
use super::finding::{Severity, share};
use super::prompts::is_there;
use crate::braces::{correction, in_value};
use crate::operator::{Check, Expects, Operator, WrongKind, short, short_key};
use crate::path::{Path, Read};
use crate::task::{Each, Purpose};
use crate::value::{Kind, Value};

/// What to do where numbers are compared as texts.
pub(crate) const NUMBERS_OF_BOTH: &str = "make numbers of both: an expected value is one without quotes, a column of a CSV file where it is read as JSON";

/// Whether the operator can judge what the task looks at.
pub(super) fn examine(task: &Looked<'_>, found: &mut Found<'_>) {
    let Some(operator) = task.says.operator else { return };
    let values = looked_at(task);
    let mut tally = Tally::default();
    for (record, value) in &values {
        let Some(check) = prepared(task, operator, *record) else { continue };
        tally.count(task, &check, value);
    }
    tally.tell(task, operator, found);
}

/// Whether what is expected names values of the records as other tools write them.
pub(super) fn examine_braces(task: &Looked<'_>, found: &mut Found<'_>) {
    let slips = in_value(&task.says.expected).into_iter().filter(|(_, name)| is_there(task, name));
    if let Some(hint) = correction(slips) {
        let message = "it has names of the record as plain text".to_owned();
        found.add(Severity::Warning, Some("expected_value"), message, Some(hint));
    }
}

/// What the task looks at in each record that it reaches, as far as that is known: the value at its
/// path, or what it measured. Nulls are left out: they stand for a value that is not there.
fn looked_at(task: &Looked<'_>) -> Vec<(usize, Value)> {
    let mut paths = task.trial.suite.uses[task.at].iter();
    let judged = paths.find(|used| used.purpose == Purpose::Judged);
    let look = |record: usize| {
        if let Some(used) = judged {
            return task.trial.read(record, task.at, &used.path).found();
        }
        let output = task.trial.outcome(record, task.at)?.output()?;
        // Where there was nothing to measure, nothing is said about the operator.
        let measured = output.verdict != Some(Verdict::NotApplicable);
        measured.then(|| output.value.actual().into_owned())
    };
    let looked = |&record: &usize| Some((record, look(record).filter(|value| value.kind() != Kind::Null)?));
    task.reached.iter().filter_map(looked).collect()
}

/// The operator with what is expected of the record: as it was written, or as it was filled in.
fn prepared(task: &Looked<'_>, operator: Operator, record: usize) -> Option<Check> {
    if !is_filled(task) {
        return operator.prepare(&task.says.expected).ok();
    }
    let output = task.trial.outcome(record, task.at)?.output()?;
    operator.prepare(output.value.expected()?).ok()
}

/// Whether what is expected has places that each record fills in.
fn is_filled(task: &Looked<'_>) -> bool {
    task.trial.suite.uses[task.at].iter().any(|used| used.purpose == Purpose::Filled)
}

/// Counts over records.
#[derive(Default)]
struct Tally {
    records: usize,
    arrays: usize,
    empty: usize,
    /// Records whose values the operator cannot judge, none of them, and the first such value with what is expected of it.
    unfit: usize,
    wrong: Option<(WrongKind, Value, Value)>,
    /// Records whose values are of kinds that can never equal what is expected, and an example.
    unequal: usize,
    pair: Option<(Value, Value)>,
    /// Records whose values are compared by order and are, as what is expected, numbers that are written as texts, and an example
    /// of two that may sort otherwise than the numbers do.
    numerals: usize,
    sorted: Option<(Value, Value)>,
    /// Items, and those without what is picked from them.
    items: usize,
    bare: Vec<Value>,
    other: BTreeMap<String, usize>,
}

impl Tally {
    fn count(&mut self, task: &Looked<'_>, check: &Check, value: &Value) {
        self.records += 1;
        let pick = task.says.terms.item_context_path.as_deref().and_then(|path| Path::parse(path).ok());
        let judged: Vec<Value> = match (value.as_list(), &pick) {
            (Some(items), _) if pick.is_some() || check.each_item(value) => {
                self.arrays += 1;
                self.empty += usize::from(items.is_empty());
                self.items += items.len();
                let picked =
                    items.iter().filter_map(|item| match pick.as_ref().map(|path| path.read(item)) {
                        None => Some(item.clone()),
                        Some(Read::Found(value)) => Some(value),
                        Some(Read::Missing { .. } | Read::Unreadable(_)) => {
                            self.bare.push(item.clone());
                            None
                        }
                    });
                picked.filter(|item| item.kind() != Kind::Null).collect()
            }
            (None, Some(_)) => {
                *self.other.entry(value.kind().to_string()).or_default() += 1;
                return;
            }
            _ => {
                self.arrays += usize::from(value.as_list().is_some());
                vec![value.clone()]
            }
        };
        if judged.is_empty() {
            return;
        }
        let numerals: Option<Vec<bool>> = judged.iter().map(|item| check.numeric_texts(item)).collect();
        if let Some(otherwise) = numerals {
            self.numerals += 1;
            let sorted = judged.iter().zip(otherwise).find(|(_, otherwise)| *otherwise);
            if let (Some((item, _)), None) = (sorted, &self.sorted) {
                self.sorted = Some((item.clone(), check.expected().clone()));
            }
        }
        let mut wrong = judged.iter().filter_map(|item| Some((check.judge(item).err()?, item)));
        if let Some((kind, item)) = wrong.next() {
            if 1 + wrong.count() == judged.len() {
                self.unfit += 1;
                self.wrong.get_or_insert_with(|| (kind, item.clone(), check.expected().clone()));
            }
        } else if judged.iter().all(|item| never_equal(check, item)) {
            self.unequal += 1;
            self.pair.get_or_insert_with(|| (judged[0].clone(), check.expected().clone()));
        }
    }

    fn tell(self, task: &Looked<'_>, operator: Operator, found: &mut Found<'_>) {
        let all = self.records;
        if let Some((kind, times)) = self.other.iter().next() {
            let severity = if *times == all { Severity::Error } else { Severity::Warning };
            let message = format!(
                "it picks from the items of an array, and the value is {kind} in {}",
                share(*times, all)
            );
            found.add(severity, Some("item_context_path"), message, None);
        }
        if !self.bare.is_empty() && self.bare.len() == self.items {
            let path = task.says.terms.item_context_path.as_deref().unwrap_or_default();
            let near = Path::parse(path).ok().and_then(|path| path.near(self.bare.first()?));
            let hint = near.map(|near| format!("did you mean `{near}`?"));
            let items = match self.items {
                1 => "the one item".to_owned(),
                items => format!("all {items} items"),
            };
            let message = format!("`{path}` is missing in {items}");
            found.add(Severity::Error, Some("item_context_path"), message, hint);
        }
        if task.says.terms.each != Each::All
            && all > 0
            && self.arrays == 0
            && task.says.terms.item_context_path.is_none()
        {
            let message =
                format!("it counts the items of an array, and each value is one item in {}", share(all, all));
            found.add(Severity::Warning, Some("each"), message, None);
        }
        if self.empty > 0 && self.empty == all {
            let message =
                format!("the array is empty in {}, and passes no check of its items", share(all, all));
            found.add(Severity::Warning, Some("context_path"), message, None);
        }
        if let Some((wrong, value, expected)) = &self.wrong {
            let severity = if self.unfit == all { Severity::Error } else { Severity::Warning };
            let message = format!(
                "`{operator}` cannot judge {}: it wants {}, and finds such as {} in {}",
                value.kind(),
                wrong.wanted,
                short(value),
                share(self.unfit, all)
            );
            let orders = operator.row().expects == Expects::NumberOrText;
            let hint = match value.as_number() {
                None => numeric(value).filter(|_| wrong.wanted.contains("number")),
                Some(_) => unquoted(task, expected).filter(|_| orders),
            };
            found.add(severity, Some("operator"), message, hint);
        }
        if let Some((value, expected)) = &self.pair
            && self.unequal == all
        {
            let (a, b) = (value.kind(), kinds(expected, operator));
            let message = format!(
                "the value is {a} in {}, such as {}, and what is expected is {b}: they never equal",
                share(all, all),
                short(value)
            );
            let hint = match (value.as_number(), expected.as_number()) {
                (None, Some(_)) => numeric(value),
                (Some(_), None) => unquoted(task, expected),
                _ => None,
            };
            found.add(Severity::Warning, Some("expected_value"), message, hint);
        }
        if let Some((value, expected)) = &self.sorted
            && self.numerals == all
        {
            let message = format!(
                "`{operator}` compares numbers as texts, by their characters, such as {} with {} in {}",
                short(value),
                short(expected),
                share(all, all)
            );
            found.add(Severity::Warning, Some("expected_value"), message, Some(NUMBERS_OF_BOTH.to_owned()));
        }
    }
}

/// What to do where a number is wanted, and a text of the records reads as one.
fn numeric(value: &Value) -> Option<String> {
    let number = value.as_text()?.trim().parse::<f64>().is_ok();
    number.then(|| "the text reads as a number: make it one where the records are made".to_owned())
}

/// What to do where values are numbers, and what is expected of them is a text that reads as one.
fn unquoted(task: &Looked<'_>, expected: &Value) -> Option<String> {
    if is_filled(task) {
        return numeric(expected);
    }
    let text = expected.as_text().filter(|text| text.parse::<f64>().is_ok_and(f64::is_finite))?;
    Some(format!("without quotes {} is a number", short_key(text)))
}

/// Whether no value of this kind can ever equal what is expected.
fn never_equal(check: &Check, value: &Value) -> bool {
    let expected = check.expected();
    match check.operator() {
        Operator::Equals | Operator::NotEqual | Operator::SequenceMatches => {
            expected.kind() != value.kind() && expected.kind() != Kind::Null
        }
        Operator::IsOneOf | Operator::NotOneOf => {
            let mut items = expected.as_list().unwrap_or_default().iter();
            items.all(|item| item.kind() != value.kind() && item.kind() != Kind::Null)
        }
        _ => false,
    }
}

/// What is expected, in a word.
fn kinds(expected: &Value, operator: Operator) -> String {
    match (operator, expected.as_list()) {
        (Operator::IsOneOf | Operator::NotOneOf, Some([first, ..])) => first.kind().to_string(),
        _ => expected.kind().to_string(),
    }
}
