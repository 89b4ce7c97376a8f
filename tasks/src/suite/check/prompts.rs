//! Prompts that show nothing of the record, or names of it as plain text.

use std::sync::LazyLock;

use regex::Regex;
use scouter_providers::chat::Part;
use scouter_providers::prompt::Prompt;

use super::examine::{Found, Looked};
use super::finding::Severity;
use super::sample::Seen;
use crate::path::Path;
use crate::task::LLMJudgeSpec;

/// Names in braces, as other tools write places to fill in, and whether a `$` stands before.
static IN_BRACES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\$?)(\{\{?\s*([\p{Alphabetic}_][\w.]*)\s*\}\}?)")
        .expect("the pattern is constant and tested")
});

/// How many records are asked whether they have such a name.
const ASKED: usize = 20;

/// How many names are told.
const TOLD: usize = 3;

/// Whether what the task asks a model depends on the record.
pub(super) fn examine(task: &Looked<'_>, found: &mut Found<'_>) {
    let asks = task.trial.suite.specs[task.at].asks();
    let Some(ask) = asks.first() else { return };
    let field = LLMJudgeSpec::PROMPT;
    let names_some = task.trial.suite.uses[task.at].iter().any(|used| used.field == field);
    // Where the prompt names something, braces may be meant as they stand, as those of code are.
    let slips = in_braces(&ask.prompt).filter(|(_, name)| !names_some || is_there(task, name));
    let hint = correction(slips);
    let message = match (names_some, &hint) {
        (true, None) => return,
        (true, Some(_)) => "it has names of the record as plain text",
        (false, _) => "it names nothing of the record, so that every record is asked the same",
    };
    found.add(Severity::Warning, Some(field), message.to_owned(), hint);
}

/// What stands in braces in the texts of a prompt: as it is written, and the name in it.
fn in_braces(prompt: &Prompt) -> impl Iterator<Item = (&str, &str)> {
    let texts = prompt.all_messages().flat_map(|message| &message.parts).filter_map(|part| match part {
        Part::Text(text) => Some(text.as_str()),
        Part::Image(_) => None,
    });
    let found = texts.flat_map(|text| IN_BRACES.captures_iter(text));
    found.filter_map(|found| {
        let [dollar, written, name] = found.extract().1;
        dollar.is_empty().then_some((written, name))
    })
}

/// Whether some record has a value of this name, or a task before it may make one.
fn is_there(task: &Looked<'_>, name: &str) -> bool {
    let Ok(path) = Path::parse(name) else { return false };
    let mut records = task.reached.iter().take(ASKED);
    records.any(|&record| matches!(task.trial.read(record, task.at, &path), Seen::Found(_) | Seen::Unknown))
}

/// What to write instead.
fn correction<'p>(slips: impl Iterator<Item = (&'p str, &'p str)>) -> Option<String> {
    let mut told: Vec<(&str, &str)> = Vec::new();
    for slip in slips {
        if told.len() < TOLD && !told.contains(&slip) {
            told.push(slip);
        }
    }
    let listed = |texts: Vec<String>| texts.join(", ");
    let written = listed(told.iter().map(|(written, _)| format!("`{written}`")).collect());
    let meant = listed(told.iter().map(|(_, name)| format!("`${{{name}}}`")).collect());
    let are = if told.len() == 1 { "is" } else { "are" };
    (!told.is_empty()).then(|| format!("{written} {are} plain text: write {meant}"))
}
