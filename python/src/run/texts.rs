//! Numbers that are text, since a CSV file holds nothing else.

use scouter_engine::Verdict;
use scouter_tasks::path::Path;
use scouter_tasks::result::{Results, message};

use crate::evaluate::PyDataset;
use crate::tables::{Format, Location};

/// How many outcomes of a task are looked at.
const LOOKED: usize = 20;

/// What to do where a task wanted a number of a record in a CSV file, and got text.
pub(super) fn numbers_as_text(dataset: &PyDataset, results: &Results) -> Option<String> {
    let table = dataset.table.as_ref()?;
    let Location::Path(_, Format::Csv) = table.from else { return None };
    let column = results.tasks().iter().enumerate().find_map(|(at, task)| {
        let path = Path::parse(task.context_path.as_deref()?).ok()?;
        let key = path.first_key()?;
        let outcomes = results.rows().iter().map(|row| &row.outcomes[at]);
        let failed = outcomes.filter(|outcome| outcome.verdict() == Some(Verdict::Failed));
        let mut said = failed.take(LOOKED).map(|outcome| message(results.tasks(), outcome, task));
        // What depends on a task may have text of it.
        let of_task = results.find_task(key).is_some();
        let wanted = !of_task && said.any(|said| said.contains("is text, not a number"));
        if wanted { table.mapping.column_of(key) } else { None }
    })?;
    Some(format!(
        "what a CSV file holds is text: `json=[\"{column}\"]` reads the column `{column}` as JSON, which has numbers"
    ))
}
