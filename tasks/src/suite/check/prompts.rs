//! Prompts that show nothing of the record, or names of it as plain text.

use scouter_providers::chat::Part;
use scouter_providers::prompt::Prompt;

use super::examine::{Found, Looked};
use super::finding::Severity;
use super::sample::{Sample, Seen};
use crate::braces::{Slip, correction, in_text};
use crate::operator::Operator;
use crate::path::{Path, Read};
use crate::suite::{Suite, TaskInfo};
use crate::task::LLMJudgeSpec;

/// How many records are asked whether they have such a name.
const ASKED: usize = 20;

/// Whether what the task asks a model depends on the record.
pub(super) fn examine(task: &Looked<'_>, found: &mut Found<'_>) {
    let asks = task.trial.suite.specs[task.at].asks();
    let Some(ask) = asks.first() else { return };
    let field = LLMJudgeSpec::PROMPT;
    let names_some = names_some(&task.trial.suite, task.at);
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

/// The tasks that ask a model the same for every record, since their prompt names nothing of it: each in a sentence, with what was
/// probably meant.
pub fn asked_the_same(suite: &Suite) -> impl Iterator<Item = String> {
    let judges = suite.specs.iter().zip(suite.tasks.iter()).enumerate();
    let judges = judges.filter(|(at, (_, told))| !names_some(suite, *at) && !takes_any_reply(told));
    judges.filter_map(|(_, (task, _))| {
        let asks = task.asks();
        let hint = correction(in_braces(&asks.first()?.prompt));
        let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
        let id = &task.head().id;
        Some(format!(
            "the prompt of `{id}` names nothing of the record, so that every record is asked the same{hint}"
        ))
    })
}

/// Whether a record has all that prompts name of it, and the tasks with these prompts depend on nothing, so that they see every
/// record. Then none of the names is missing everywhere, which is what [`check`](super::check) calls an error of a prompt.
pub fn has_names(suite: &Suite, record: &Sample) -> bool {
    suite.uses.iter().zip(&suite.plan.nodes).all(|(uses, node)| {
        let mut named = uses.iter().filter(|used| used.field == LLMJudgeSpec::PROMPT);
        named.all(|used| node.parents.is_empty() && matches!(record.read(&used.path), Read::Found(_)))
    })
}

/// What to write for names in braces in the texts of a prompt, those that are known; `None` where there are none.
pub fn meant_in_braces(prompt: &Prompt, is_known: impl Fn(&str) -> bool) -> Option<String> {
    correction(in_braces(prompt).filter(|(_, name)| is_known(name)))
}

/// Whether the prompt of this task names anything of the record, or of what it depends on: of a pair, which is shown, too.
fn names_some(suite: &Suite, at: usize) -> bool {
    let shown = |field: &str| matches!(field, LLMJudgeSpec::PROMPT | LLMJudgeSpec::PAIR);
    suite.uses[at].iter().any(|used| shown(&used.field))
}

/// Whether there need only be a reply, as of an agent: then nothing is judged.
fn takes_any_reply(task: &TaskInfo) -> bool {
    task.operator == Some(Operator::Exists) && task.context_path.is_none()
}

/// What stands in braces in the texts of a prompt: as it is written, and the name in it.
fn in_braces(prompt: &Prompt) -> impl Iterator<Item = Slip<'_>> {
    let texts = prompt.all_messages().flat_map(|message| &message.parts).filter_map(|part| match part {
        Part::Text(text) => Some(text.as_str()),
        Part::Image(_) => None,
    });
    texts.flat_map(in_text)
}

/// Whether some record has a value of this name, or a task before it may make one.
pub(super) fn is_there(task: &Looked<'_>, name: &str) -> bool {
    let Ok(path) = Path::parse(name) else { return false };
    let mut records = task.reached.iter().take(ASKED);
    records.any(|&record| matches!(task.trial.read(record, task.at, &path), Seen::Found(_) | Seen::Unknown))
}
