//! A kind of task that the crate does not know: all of it stands in this file.

use std::sync::Arc;

use scouter_engine::{Node, Outcome, Output, RunCx, Step, Verdict};
use scouter_tasks::measured::Measured;
use scouter_tasks::path::Read;
use scouter_tasks::result::{Status, plan_text};
use scouter_tasks::source::{Cx, Source};
use scouter_tasks::subject::Subject;
use scouter_tasks::suite::{Format, Kinds, Suite, compile, read_text};
use scouter_tasks::task::{Build, Built, ConfigError, Explain, Head, Subtitle, Task, read_fields};
use scouter_tasks::value::{Value, from_json, to_value};
use serde::{Deserialize, Serialize};

/// Passes where a text holds at least so many vowels.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Vowels {
    #[serde(flatten)]
    head: Head,
    text: String,
    least: usize,
}

#[derive(Debug)]
struct CountVowels {
    text: Source,
    least: usize,
}

#[derive(Debug)]
struct Say(usize);

impl Task for Vowels {
    fn head(&self) -> &Head {
        &self.head
    }

    fn kind(&self) -> &'static str {
        "Vowels"
    }

    fn subtitle(&self) -> Subtitle {
        Subtitle {
            context_path: Some(self.text.clone()),
            expected: Value::from(self.least),
            ..Subtitle::default()
        }
    }

    fn build(&self, cx: &mut Build<'_>) -> Option<Built> {
        if self.least == 0 {
            cx.problem("least", "every text has at least 0 vowels");
        }
        let (_, text) = cx.source("text", Some(&self.text))?;
        let node = CountVowels { text, least: self.least };
        (self.least > 0).then(|| Built { node: Box::new(node), explain: Arc::new(Say(self.least)) })
    }

    fn to_value(&self) -> Option<Value> {
        to_value(self).ok()
    }
}

impl Node<Subject, Measured> for CountVowels {
    fn kind(&self) -> &'static str {
        "Vowels"
    }

    fn waits(&self) -> bool {
        false
    }

    fn run<'a>(&'a self, cx: Cx<'a, '_>) -> Step<'a, Measured> {
        let Read::Found(Value::Text(text)) = self.text.read(&cx).into_owned() else {
            return Step::Ready(Err(scouter_engine::NodeError::new("count vowels: there is no text")));
        };
        let vowels = text.chars().filter(|c| "aeiou".contains(*c)).count();
        let verdict = if vowels >= self.least { Verdict::Passed } else { Verdict::Failed };
        Step::Ready(Ok(Output { value: Measured::of(Value::from(vowels)), verdict: Some(verdict) }))
    }
}

impl Explain for Say {
    fn message(&self, _verdict: Option<Verdict>, measured: &Measured) -> String {
        format!("{} vowels, at least {} wanted", measured.actual(), self.0)
    }
}

fn kinds() -> Kinds {
    Kinds::default().with("Vowels", |fields| Ok(Arc::new(read_fields::<Vowels>(fields, &["text", "least"])?)))
}

fn read(yaml: &str) -> Result<Suite, ConfigError> {
    compile(&read_text(yaml, Format::Yaml, &kinds())?)
}

const SUITE: &str = "
tasks:
  - {task_type: Vowels, id: melodious, text: reply, least: 3, condition: true}
  - {task_type: Assertion, id: not_too_many, context_path: melodious, operator: LessThan, expected_value: 5, depends_on: [melodious]}
";

fn run(suite: &Suite, context: &str) -> Vec<Outcome<Measured>> {
    let subject = Subject::new(&suite.reads, &from_json(context).expect("JSON"));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(scouter_engine::run(&suite.graph, &subject, &RunCx::default())).outcomes
}

fn statuses(suite: &Suite, context: &str) -> Vec<Status> {
    run(suite, context).iter().map(Status::of).collect()
}

#[test]
fn a_kind_of_ones_own_stands_in_one_graph_with_the_others() {
    let suite = read(SUITE).unwrap();
    assert_eq!(statuses(&suite, r#"{"reply": "aeio"}"#), [Status::Passed, Status::Passed]);
    assert_eq!(statuses(&suite, r#"{"reply": "aeioaeio"}"#), [Status::Passed, Status::Failed]);
    assert_eq!(statuses(&suite, r#"{"reply": "brr"}"#), [Status::Failed, Status::Skipped]);
    assert_eq!(statuses(&suite, r#"{"reply": 5}"#), [Status::Errored, Status::Skipped]);
}

#[test]
fn its_outcomes_are_explained_in_its_words() {
    let suite = read(SUITE).unwrap();
    let outcomes = run(&suite, r#"{"reply": "brr"}"#);
    let output = outcomes[0].output().unwrap();
    assert_eq!(suite.tasks[0].message(output.verdict, &output.value), "0 vowels, at least 3 wanted");
}

#[test]
fn its_problems_are_told_with_those_of_the_others() {
    let error = read(
        "
tasks:
  - {task_type: Vowels, id: a, text: 'x..y', least: 0}
  - {task_type: Assertion, id: b, operator: Matches, expected_value: '('}
",
    )
    .unwrap_err();
    let fields: Vec<_> = error.problems.iter().map(|problem| problem.field.as_deref().unwrap()).collect();
    assert_eq!(fields, ["least", "text", "expected_value"]);
    let error = read("tasks: [{task_type: Vowels, id: a, text: x, leest: 1}]").unwrap_err().to_string();
    assert!(error.contains("unknown field `leest`; did you mean `least`?"), "{error}");
}

#[test]
fn the_plan_names_it() {
    let suite = read(SUITE).unwrap();
    assert!(plan_text(&suite).contains("melodious (Vowels) [gate]"));
}
