//! The pages of `tests/specs`, run by Rust; pytest runs the same pages through Python.

mod page;

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use page::{Case, Kind, Row};
use scouter_engine::RunCx;
use scouter_tasks::operator::Operator;
use scouter_tasks::result::{Status, message};
use scouter_tasks::subject::{Spans, Subject};
use scouter_tasks::suite::{Format, Kinds, Suite, compile, read_text};
use scouter_tasks::task::ConfigError;
use scouter_tasks::trace::{Span, Trace};
use scouter_tasks::value::{Value, from_json, from_value};

const PAGES: [&str; 7] = ["arrays", "errors", "gates", "operators", "paths", "templates", "traces"];

fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/specs").join(format!("{name}.md"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Everything on a page that is not as it says, a line each; and how many rows it has.
fn failures(name: &str, text: &str) -> (Vec<String>, usize) {
    let cases = page::read(text).unwrap_or_else(|error| panic!("tests/specs/{name}.md: {error}"));
    let rows = cases.iter().map(|case| case.rows.len()).sum();
    let found = cases.iter().flat_map(|case| match case.kind {
        Kind::Tasks => tasks_case(case),
        Kind::Operators => operators_case(case),
        Kind::Problems => problems_case(case),
    });
    (found.map(|(line, what)| format!("tests/specs/{name}.md:{line}: {what}")).collect(), rows)
}

type Failures = Vec<(usize, String)>;

fn suite(text: &str, format: Format) -> Result<Suite, ConfigError> {
    compile(&read_text(text, format, &Kinds::default())?)
}

fn subject(suite: &Suite, context: &Value, spans: Option<&str>) -> Subject {
    let mut subject = Subject::new(&suite.reads, context);
    if let Some(spans) = spans {
        let spans = from_json(spans).expect("the spans block is JSON");
        let spans: Vec<Span> = from_value(&spans).expect("the spans block holds spans");
        subject.spans = match Trace::new(spans) {
            Ok(trace) => Spans::Tree(Arc::new(trace)),
            Err(error) => Spans::Unusable(error.to_string().into()),
        };
    }
    subject
}

/// The status and message of each task, by id.
fn outcomes(suite: &Suite, subject: &Subject) -> Vec<(String, Status, String)> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let report = runtime.block_on(scouter_engine::run(&suite.graph, subject, &RunCx::default()));
    let told = report.outcomes.iter().zip(suite.tasks.iter());
    told.map(|(outcome, task)| (task.id.clone(), Status::of(outcome), message(&suite.tasks, outcome, task)))
        .collect()
}

/// What differs between a row and what became of its task.
fn differs(row: &Row, task: &str, told: &[(String, Status, String)]) -> Option<(usize, String)> {
    let Some((_, status, message)) = told.iter().find(|(id, ..)| id == task) else {
        return Some((row.line, format!("there is no task `{task}`")));
    };
    let mut what = String::new();
    if status.as_str() != row.cell("outcome") {
        let _ = write!(what, "task `{task}`: expected {}, got {status}: {message}", row.cell("outcome"));
    } else if !message.contains(row.cell("message")) {
        let _ = write!(what, "task `{task}`: the message is: {message}");
    }
    (!what.is_empty()).then_some((row.line, what))
}

fn tasks_case(case: &Case) -> Failures {
    let first = case.rows[0].line;
    let Some(tasks) = &case.tasks else { return vec![(first, "there are no tasks above".to_owned())] };
    let suite = match suite(tasks, Format::Yaml) {
        Ok(suite) => suite,
        Err(error) => return vec![(first, error.to_string())],
    };
    let context = from_json(case.context.as_deref().unwrap_or("{}")).expect("the context block is JSON");
    let told = outcomes(&suite, &subject(&suite, &context, case.spans.as_deref()));
    let mut found: Failures =
        case.rows.iter().filter_map(|row| differs(row, row.cell("task"), &told)).collect();
    let untold = told.iter().filter(|(id, ..)| !case.rows.iter().any(|row| row.cell("task") == id));
    found.extend(untold.map(|(id, ..)| (first, format!("task `{id}` has no row"))));
    found
}

fn operators_case(case: &Case) -> Failures {
    let id = |row: &Row| format!("line-{}", row.line);
    let entries = case.rows.iter().map(|row| {
        let json = |column: &str| from_json(row.cell(column)).unwrap_or_else(|_| row.cell(column).into());
        let mut task = vec![
            ("task_type", "Assertion".into()),
            ("id", id(row).into()),
            ("context_path", id(row).into()),
            ("operator", row.cell("operator").into()),
        ];
        for (field, column) in [("expected_value", "expected"), ("each", "each")] {
            if !row.cell(column).is_empty() {
                task.push((field, json(column)));
            }
        }
        Value::map(task)
    });
    let file = Value::map([("tasks", Value::list(entries))]).to_string();
    let suite = match suite(&file, Format::Json) {
        Ok(suite) => suite,
        Err(error) => return vec![(case.rows[0].line, error.to_string())],
    };
    let present = case.rows.iter().filter(|row| row.cell("actual") != "missing");
    let context = Value::map(present.map(|row| {
        let actual = from_json(row.cell("actual"));
        (id(row), actual.unwrap_or_else(|error| panic!("line {}: {error}", row.line)))
    }));
    let told = outcomes(&suite, &subject(&suite, &context, None));
    case.rows.iter().filter_map(|row| differs(row, &id(row), &told)).collect()
}

fn problems_case(case: &Case) -> Failures {
    let first = case.rows[0].line;
    let Some(tasks) = &case.tasks else { return vec![(first, "there are no tasks above".to_owned())] };
    let Err(error) = suite(tasks, Format::Yaml) else {
        return vec![(first, "the tasks are not refused".to_owned())];
    };
    let fits = |row: &Row| {
        error.problems.iter().any(|problem| {
            problem.task.as_deref().unwrap_or_default() == row.cell("task")
                && (row.cell("field").is_empty() || problem.field.as_deref() == Some(row.cell("field")))
                && problem.message.contains(row.cell("problem"))
        })
    };
    let unmet = case.rows.iter().filter(|row| !fits(row));
    unmet.map(|row| (row.line, format!("the error does not say so: {error}"))).collect()
}

#[test]
fn every_page_holds() {
    let mut all = Vec::new();
    for name in PAGES {
        let (found, rows) = failures(name, &text(name));
        assert!(rows > 0, "tests/specs/{name}.md has no case");
        all.extend(found);
    }
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

#[test]
fn every_page_of_the_folder_is_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/specs");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".md").map(str::to_owned))
        .filter(|name| name != "README")
        .collect();
    names.sort();
    assert_eq!(names, PAGES);
}

#[test]
fn every_operator_passes_and_fails_somewhere() {
    let cases = page::read(&text("operators")).unwrap();
    let rows: Vec<&Row> = cases.iter().flat_map(|case| &case.rows).collect();
    for operator in Operator::ALL {
        for outcome in ["passed", "failed"] {
            let told =
                |row: &&&Row| row.cell("operator") == operator.to_string() && row.cell("outcome") == outcome;
            assert!(rows.iter().any(|row| told(&row)), "{operator} never {outcome}");
        }
    }
}

const FALSE: &str = "\
```json context
{\"x\": 1}
```
```yaml tasks
tasks:
  - {task_type: Assertion, id: a, context_path: x, operator: Equals, expected_value: 1}
  - {task_type: Assertion, id: b, context_path: x, operator: Equals, expected_value: 2}
```

| task | outcome | message |
|---|---|---|
| a | failed | |
| c | passed | |

| actual | operator | expected | outcome | message |
|---|---|---|---|---|
| `1` | Equals | `1` | failed | |
| `1` | Equals | `2` | failed | because |

| task | problem |
|---|---|
| a | wrong |
";

#[test]
fn a_page_that_says_what_is_not_so_fails_with_file_and_line() {
    let (found, rows) = failures("false", FALSE);
    let starts = [
        "tests/specs/false.md:12: task `a`: expected failed, got passed: ",
        "tests/specs/false.md:13: there is no task `c`",
        "tests/specs/false.md:12: task `b` has no row",
        "tests/specs/false.md:17: task `line-17`: expected failed, got passed: ",
        "tests/specs/false.md:18: task `line-18`: the message is: ",
        "tests/specs/false.md:22: the tasks are not refused",
    ];
    assert_eq!((found.len(), rows), (starts.len(), 5), "{found:#?}");
    for (found, start) in found.iter().zip(starts) {
        assert!(found.starts_with(start), "{found}");
    }
}

#[test]
fn a_page_that_is_not_well_formed_is_an_error_with_its_line() {
    for (text, part) in [
        ("\n```json context\n{}", "line 2: the block is never closed"),
        ("```json contxt\n```", "line 1: unknown block `json contxt`"),
        ("| task | outcome | mesage |\n|---|---|---|\n| a | passed | |", "line 1: unknown column `mesage`"),
        ("| task | outcome |\n|---|---|\n| a |", "line 3: 1 cells in 2 columns"),
        ("| task | outcome |\n|---|---|", "line 1: the table has no rows"),
    ] {
        assert_eq!(page::read(text).unwrap_err(), part);
    }
}

#[test]
fn blocks_of_a_section_end_with_it_and_those_of_the_page_stay() {
    let text = "```json context\n1\n```\n## a\n```json context\n2\n```\n| task | outcome |\n|---|---|\n| a | b |\n\
                ## b\n| task | outcome |\n|---|---|\n| a \\| b | `c` |\n";
    let cases = page::read(text).unwrap();
    let contexts: Vec<_> = cases.iter().map(|case| case.context.as_deref().unwrap()).collect();
    assert_eq!(contexts, ["2", "1"]);
    let row = &cases[1].rows[0];
    assert_eq!((row.cell("task"), row.cell("outcome"), row.cell("message")), ("a | b", "c", ""));
}
