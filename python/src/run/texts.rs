//! Numbers that are text, since a CSV file holds nothing else.

use scouter_engine::Verdict;
use scouter_tasks::path::Path;
use scouter_tasks::result::{Results, message};

use crate::evaluate::PyDataset;
use crate::tables::{Format, Location};

/// How many outcomes of a task are looked at.
const LOOKED: usize = 20;

/// What messages say where a task wanted a number and got text, and where it compared two numbers as texts.
const TOLD: [&str; 2] = ["is text, not a number", "both are texts, which sort by their characters"];

/// What to do where a task wanted a number of a record in a CSV file, and got text.
pub(super) fn numbers_as_text(dataset: &PyDataset, results: &Results) -> Option<String> {
    let table = dataset.table.as_ref()?;
    let Location::Path(_, Format::Csv) = table.from else { return None };
    let column = results.tasks().iter().enumerate().find_map(|(at, task)| {
        let path = Path::parse(task.context_path.as_deref()?).ok()?;
        let key = path.first_key()?;
        let came_to = |verdict: Verdict| {
            let outcomes = results.rows().iter().map(move |row| &row.outcomes[at]);
            outcomes.filter(move |outcome| outcome.verdict() == Some(verdict)).take(LOOKED)
        };
        let judged = came_to(Verdict::Failed).chain(came_to(Verdict::Passed));
        let mut said = judged.map(|outcome| message(results.tasks(), outcome, task));
        // What depends on a task may have text of it.
        let of_task = results.find_task(key).is_some();
        let wanted = !of_task && said.any(|said| TOLD.iter().any(|told| said.contains(told)));
        if wanted { table.mapping.column_of(key) } else { None }
    })?;
    Some(format!(
        "what a CSV file holds is text: `json=[\"{column}\"]` reads the column `{column}` as JSON, which has numbers"
    ))
}
