//! Task files: what is read from them, and what is said of those that cannot be read.

use std::path::Path;

use scouter_tasks::operator::{Expects, Operator};
use scouter_tasks::suite::{Format, Kinds, Suite, compile, read_file, read_text};
use scouter_tasks::task::ConfigError;
use scouter_tasks::value::Value;

use crate::support::{json, problems, read};

fn text(text: &str, format: Format) -> Result<Vec<Value>, ConfigError> {
    let tasks = read_text(text, format, &Kinds::default())?;
    Ok(tasks.iter().map(|task| task.to_value().unwrap()).collect())
}

#[track_caller]
fn refused(source: &str, format: Format, part: &str) {
    let error = text(source, format).unwrap_err().to_string();
    assert!(error.contains(part), "{error}");
}

/// What a literal of YAML is read as.
fn yaml(literal: &str) -> Value {
    let task = format!("- {{task_type: Assertion, id: a, operator: Equals, expected_value: {literal}}}");
    read(&task).unwrap()[0].subtitle().expected
}

const YAML: &str = "
tasks:
  - task_type: Assertion
    id: Answered
    description: There is a reply
    context_path: response
    operator: IsNotEmpty
    condition: true
  - task_type: Assertion
    id: recent
    context_path: sources
    item_context_path: year
    operator: GreaterThanOrEqual
    expected_value: 2024.5
    each: 2
    depends_on: [ANSWERED]
  - task_type: TraceAssertion
    id: quick
    assertion:
      SpanDuration:
        filter:
          And:
            filters:
              - ByName: {name: db}
              - WithDuration: {min_ms: 1}
    operator: LessThan
    expected_value: ${limit}
    each: any
";

const JSON: &str = r#"{"tasks": [
  {"task_type": "Assertion", "id": "answered", "description": "There is a reply", "context_path": "response",
   "operator": "IsNotEmpty", "condition": true},
  {"task_type": "Assertion", "id": "recent", "context_path": "sources", "item_context_path": "year",
   "operator": "GreaterThanOrEqual", "expected_value": 2024.5, "each": 2, "depends_on": ["answered"]},
  {"task_type": "TraceAssertion", "id": "quick",
   "assertion": {"SpanDuration": {"filter": {"And": {"filters": [{"ByName": {"name": "db"}}, {"WithDuration": {"min_ms": 1}}]}}}},
   "operator": "LessThan", "expected_value": "${limit}", "each": "any"}
]}"#;

const TOML: &str = r#"
[[tasks]]
task_type = "Assertion"
id = "answered"
description = "There is a reply"
context_path = "response"
operator = "IsNotEmpty"
condition = true

[[tasks]]
task_type = "Assertion"
id = "recent"
context_path = "sources"
item_context_path = "year"
operator = "GreaterThanOrEqual"
expected_value = 2024.5
each = 2
depends_on = ["answered"]

[[tasks]]
task_type = "TraceAssertion"
id = "quick"
assertion.SpanDuration.filter.And.filters = [{ ByName = { name = "db" } }, { WithDuration = { min_ms = 1 } }]
operator = "LessThan"
expected_value = "${limit}"
each = "any"
"#;

/// The tasks of a suite with one assertion, that is written with these fields.
fn asserted(operator: Operator, more: &str) -> Result<Suite, ConfigError> {
    let file = format!("- {{task_type: Assertion, id: t, operator: {operator}{more}}}");
    compile(&read(&file)?)
}

#[test]
fn an_expected_value_may_be_left_out_where_the_operator_expects_nothing() {
    for &operator in Operator::ALL {
        let fields: Vec<_> = match asserted(operator, "") {
            Ok(_) => Vec::new(),
            Err(error) => error.problems.into_iter().filter_map(|problem| problem.field).collect(),
        };
        let needed = operator.row().expects != Expects::Nothing;
        assert_eq!(fields, if needed { vec!["expected_value"] } else { Vec::new() }, "{operator}");
    }
}

#[test]
fn null_is_an_expected_value_where_any_is() {
    for &operator in Operator::ALL {
        let takes_null = matches!(operator.row().expects, Expects::Anything | Expects::Nothing);
        assert_eq!(asserted(operator, ", expected_value: null").is_ok(), takes_null, "{operator}");
    }
}

#[test]
fn yaml_json_and_toml_of_one_suite_give_the_same_tasks() {
    let yaml = text(YAML, Format::Yaml).unwrap();
    assert_eq!(text(JSON, Format::Json).unwrap(), yaml);
    assert_eq!(text(TOML, Format::Toml).unwrap(), yaml);
}

#[test]
fn a_task_comes_back_from_what_it_is_written_as() {
    let tasks = read_text(YAML, Format::Yaml, &Kinds::default()).unwrap();
    let entries = tasks.iter().map(|task| {
        let fields = task.to_value().unwrap();
        let own = fields.as_map().unwrap().iter().map(|(key, value)| (key.clone(), value.clone()));
        Value::map([("task_type".into(), Value::from(task.kind()))].into_iter().chain(own))
    });
    let file = Value::map([("tasks", Value::list(entries))]).to_string();
    assert_eq!(text(&file, Format::Json).unwrap(), text(YAML, Format::Yaml).unwrap());
}

#[test]
fn whole_numbers_of_json_stay_exact_whatever_their_size() {
    let file = |number: &str| {
        format!(
            r#"{{"tasks": [{{"task_type": "Assertion", "id": "a", "operator": "Equals", "expected_value": {number}}}]}}"#
        )
    };
    for number in ["1180591620717411303424", "-9223372036854775809", "9007199254740993"] {
        let task = text(&file(number), Format::Json).unwrap().remove(0);
        assert_eq!(task.get("expected_value").unwrap().to_string(), number);
    }
}

#[test]
fn whole_numbers_of_yaml_are_exact_whatever_their_size() {
    for number in [
        "9007199254740993",
        "-9223372036854775808",
        "18446744073709551615",
        "1180591620717411303424",
        "-9223372036854775809",
    ] {
        assert_eq!(yaml(number).to_string(), number);
        assert_eq!(yaml(&format!("[a, {number}]")).to_string(), format!(r#"["a",{number}]"#));
    }
    assert_eq!(yaml("{ü: 36893488147419103232 }").to_string(), r#"{"ü":36893488147419103232}"#);
    assert_eq!(yaml("'36893488147419103232'"), Value::from("36893488147419103232"));
}

#[test]
fn floats_of_yaml_are_floats_however_large() {
    for number in ["1e20", "36893488147419103232.0", "1.5"] {
        assert!(matches!(yaml(number), Value::Float(_)), "{number}");
    }
}

#[test]
fn a_large_number_behind_an_anchor_is_exact_too() {
    let task =
        "- {task_type: Assertion, id: a, operator: InRange, expected_value: [&n 36893488147419103232, *n]}";
    let expected = read(task).unwrap()[0].subtitle().expected;
    assert_eq!(expected.to_string(), "[36893488147419103232,36893488147419103232]");
}

#[test]
fn yaml_is_read_as_its_version_1_2() {
    for word in ["no", "yes", "on", "2026-01-31", "1:30"] {
        assert_eq!(yaml(word), Value::from(word));
    }
    assert_eq!(yaml("true"), Value::Bool(true));
    assert_eq!(yaml("'5'"), Value::from("5"));
    assert_eq!(yaml("~"), Value::Null);
    assert_eq!(yaml(".inf").to_string(), "Infinity");
    assert_eq!(yaml(".nan").to_string(), "NaN");
}

#[test]
fn dates_of_toml_are_text() {
    let file = |value: &str| {
        format!(
            "[[tasks]]\ntask_type = 'Assertion'\nid = 'a'\noperator = 'Equals'\nexpected_value = {value}\n"
        )
    };
    let read =
        |value: &str| text(&file(value), Format::Toml).unwrap()[0].get("expected_value").cloned().unwrap();
    assert_eq!(read("2026-01-31"), Value::from("2026-01-31"));
    assert_eq!(read("[2026-01-31T12:00:00Z]"), json(r#"["2026-01-31T12:00:00Z"]"#));
    refused(&file("9223372036854775808"), Format::Toml, "line 5, column 18");
}

#[test]
fn malformed_files_name_line_and_column() {
    refused("tasks:\n  - a: [1\n  - b", Format::Yaml, "line 2, column 8");
    refused("tasks:\n  - {a: 1, a: 2}", Format::Yaml, "line 2, column 12");
    refused("{\n  \"tasks\": [oops]\n}", Format::Json, "line 2, column 13");
    refused("[[tasks]]\nid = ", Format::Toml, "line 2, column 6");
}

#[test]
fn a_malformed_file_is_told_in_a_line_with_one_position() {
    for (source, format) in [
        ("tasks:\n  - a: [1\n  - b", Format::Yaml),
        ("tasks:\n  - {a: 1, a: 2}", Format::Yaml),
        ("tasks:\n  - a: *nowhere", Format::Yaml),
        ("{\n  \"tasks\": [oops]\n}", Format::Json),
    ] {
        let error = text(source, format).unwrap_err().to_string();
        assert_eq!((error.lines().count(), error.matches("column").count()), (1, 1), "{error}");
    }
}

#[test]
fn a_byte_order_mark_before_a_suite_is_passed_over() {
    let task =
        |source: &str, format| text(&format!("\u{FEFF}{source}"), format).unwrap()[0].get("id").cloned();
    for (source, format) in [
        ("tasks: [{task_type: Assertion, id: a, operator: Exists}]", Format::Yaml),
        (r#"{"tasks": [{"task_type": "Assertion", "id": "a", "operator": "Exists"}]}"#, Format::Json),
        ("[[tasks]]\ntask_type = 'Assertion'\nid = 'a'\noperator = 'Exists'", Format::Toml),
    ] {
        assert_eq!(task(source, format), Some(Value::from("a")), "{format:?}");
    }
}

#[test]
fn nesting_without_end_is_an_error_in_every_format() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    refused(&deep, Format::Json, "nested deeper than 256 levels");
    refused(&deep, Format::Yaml, "line 1");
    refused(&format!("tasks = {deep}"), Format::Toml, "line 1");
}

#[test]
fn a_file_without_a_list_of_tasks_says_what_it_has_instead() {
    refused("", Format::Yaml, "there is no list `tasks` at the top of the file");
    refused("- 1", Format::Yaml, "there is no list `tasks` at the top of the file");
    refused("tasks:", Format::Yaml, "`tasks` must be a list, not null");
    refused("tasks: []\ntask: 1", Format::Yaml, "unknown field `task` beside `tasks`");
    refused("tasks: [5]", Format::Yaml, "task `#0`: expected an object, got a number");
}

#[test]
fn unknown_names_offer_the_nearest() {
    let wrong = |yaml: &str| problems(yaml).remove(0);
    let (task, field, message) = wrong("- {task_type: Asertion, id: A}");
    assert_eq!((task.as_str(), field.as_str()), ("a", "task_type"));
    assert_eq!(message, "unknown task_type `Asertion`; did you mean `Assertion`?");
    let (_, field, message) =
        wrong("- {task_type: Assertion, id: a, operator: Equals, expected: 1, context_pth: x}");
    let told = "unknown field `expected`; did you mean `expected_value`?";
    assert_eq!((field.as_str(), message.as_str()), ("expected", told));
    let (_, _, message) = wrong("- {task_type: Assertion, id: a, operator: IsEmpty, gate: true}");
    assert_eq!(message, "unknown field `gate`; did you mean `condition`?");
    let (_, _, message) = wrong("- {task_type: Assertion, id: a, operator: IsEmpty, path: answer}");
    assert_eq!(message, "unknown field `path`; did you mean `context_path`?");
    let (_, field, message) = wrong("- {task_type: Assertion, id: a, operator: isempty}");
    assert_eq!(field, "operator");
    assert!(message.contains("did you mean `IsEmpty`?"), "{message}");
    let (_, field, message) = wrong("- {id: a}");
    assert_eq!(
        (field.as_str(), message.as_str()),
        ("task_type", "missing: one of `Assertion`, `TraceAssertion`, `LLMJudge`, `Drift`")
    );
}

#[test]
fn an_unknown_field_that_is_near_to_none_is_told_all_there_are() {
    let (_, _, message) =
        problems("- {task_type: TraceAssertion, id: a, operator: IsZero, path: x}").remove(0);
    let all =
        "`id`, `description`, `depends_on`, `condition`, `assertion`, `operator`, `expected_value`, `each`";
    assert_eq!(message, format!("unknown field `path`; such a task has {all}"));
}

#[test]
fn text_where_a_list_or_a_truth_value_belongs_is_told_what_to_write() {
    for (field, told) in [
        ("depends_on: answered", "a list is expected, not one text: write `[\"answered\"]`"),
        ("condition: yes", "text is no truth value: write `true`, without quotes"),
        ("condition: 'False'", "text is no truth value: write `false`, without quotes"),
        ("condition: gate", "text is no truth value: write `true` or `false`, without quotes"),
    ] {
        let found = problems(&format!("- {{task_type: Assertion, id: a, operator: Exists, {field}}}"));
        let found: Vec<_> = found.iter().map(|(_, _, message)| message.as_str()).collect();
        assert_eq!(found, [told], "{field}");
    }
}

#[test]
fn unknown_names_within_a_field_offer_the_nearest() {
    let judge = "task_type: LLMJudge, prompt";
    let trace = "task_type: TraceAssertion, assertion";
    for (field, value, unknown, near) in [
        (judge, "{model: m, provider: opnai, messages: hi}", "provider `opnai`", "openai"),
        (judge, "{model: m, provider: openai, mesages: hi}", "field `mesages`", "messages"),
        (judge, "{model: m, messages: [{role: asistant, content: hi}]}", "variant `asistant`", "Assistant"),
        (judge, "{model: m, messages: hi, output_type: Scor}", "variant `Scor`", "Score"),
        (judge, "{model: m, messages: hi, output_type: {rubrik: {a: b}}}", "field `rubrik`", "rubric"),
        (judge, "{model: m, messages: hi, settings: {temprature: 1}}", "field `temprature`", "temperature"),
        (judge, "{model: m, messages: hi, connection: {base_ur: x}}", "field `base_ur`", "base_url"),
        (judge, "{model: m, messages: hi}, jury: [opnai/m]", "provider `opnai`", "openai"),
        (trace, "{SpanCont: {filter: {ByName: {name: a}}}}", "variant `SpanCont`", "SpanCount"),
        (trace, "{SpanCount: {filtr: {ByName: {name: a}}}}", "field `filtr`", "filter"),
        (trace, "{SpanCount: {filter: {ByNam: {name: a}}}}", "variant `ByNam`", "ByName"),
        (trace, "{SpanCount: {filter: {ByName: {nam: a}}}}", "field `nam`", "name"),
        (trace, "{SpanCount: {filter: {WithStatus: {status: Eror}}}}", "variant `Eror`", "Error"),
        (trace, "TraceDuraton", "variant `TraceDuraton`", "TraceDuration"),
        (trace, "{ToolCalls: {expcted: []}}", "field `expcted`", "expected"),
    ] {
        let told = format!("unknown {unknown}; did you mean `{near}`?");
        let found = problems(&format!("- {{{field}: {value}, id: t, operator: Equals, expected_value: 1}}"));
        assert!(found.iter().any(|(_, _, message)| message.ends_with(&told)), "{told}: {found:#?}");
    }
    let told = "there is no list `tasks` at the top of the file; is it what stands under `taks`?";
    refused("taks: []", Format::Yaml, told);
}

#[test]
fn an_unknown_name_that_is_near_to_none_is_told_with_all_there_are() {
    let (_, _, message) = problems(
        "- {task_type: TraceAssertion, id: t, assertion: {SpanCount: {filter: {By: {}}}}, operator: Exists}",
    )
    .remove(0);
    assert!(
        message.starts_with("unknown variant `By`, expected one of `ByName`, `ByNamePattern`"),
        "{message}"
    );
}

#[test]
fn every_field_of_the_wrong_type_is_named() {
    let found = problems(
        "- {task_type: Assertion, id: 5, operator: Equals, each: some, condition: 1, context_path: []}",
    );
    let fields: Vec<&str> = found.iter().map(|(_, field, _)| field.as_str()).collect();
    assert_eq!(fields.len(), 4, "{found:#?}");
    for field in ["id", "each", "condition", "context_path"] {
        assert!(fields.contains(&field), "{found:#?}");
    }
    assert_eq!(problems("- {task_type: Assertion, operator: Exists, id: 5}").remove(0).1, "id");
}

#[test]
fn a_missing_field_is_named() {
    let (_, field, message) = problems("- {task_type: Assertion, id: a}").remove(0);
    assert_eq!((field.as_str(), message.as_str()), ("operator", "missing field `operator`"));
    assert_eq!(problems("- {task_type: Assertion, operator: Exists}").remove(0).1, "id");
}

#[test]
fn a_name_that_says_no_format_is_refused() {
    let error = read_file(Path::new("suite.txt"), &Kinds::default()).unwrap_err().to_string();
    assert!(error.contains("must end with .yaml, .yml, .json or .toml"), "{error}");
    let error = read_file(Path::new("/nowhere/suite.yaml"), &Kinds::default()).unwrap_err().to_string();
    assert!(error.starts_with("failed to read `/nowhere/suite.yaml`"), "{error}");
}

#[test]
fn unit_assertions_are_read_with_and_without_their_empty_fields() {
    for form in ["TraceDuration", "{TraceDuration: {}}", "{TraceDuration: }"] {
        let task = format!(
            "- {{task_type: TraceAssertion, id: a, operator: LessThan, expected_value: 1, assertion: {form}}}"
        );
        let value = read(&task).unwrap()[0].to_value().unwrap();
        assert_eq!(value.get("assertion"), Some(&json(r#"{"TraceDuration": {}}"#)));
    }
}

#[test]
fn sequence_matches_true_is_accepted_on_sequence_assertions() {
    let tasks = read(
        "
- task_type: TraceAssertion
  id: order
  assertion: {SpanSequence: {span_names: [call_tool, run_agent]}}
  operator: SequenceMatches
  expected_value: true
- task_type: TraceAssertion
  id: all
  assertion: {SpanSet: {span_names: [start, finish]}}
  operator: SequenceMatches
  expected_value: true
",
    );
    assert!(compile(&tasks.unwrap()).is_ok());
}
