//! A suite tried on sample records.

use std::sync::Arc;

use scouter_engine::{Node, NodeCx, Step, Verdict};
use scouter_tasks::measured::Measured;
use scouter_tasks::subject::{Spans, Subject};
use scouter_tasks::suite::{Calls, Checked, Sample, check};
use scouter_tasks::task::{Build, Built, Explain, Head, Subtitle, Task};
use scouter_tasks::trace::{self, Trace};
use scouter_tasks::value::Value;

use crate::support::{json, read};

fn samples(contexts: &[&str]) -> Vec<Sample> {
    contexts.iter().map(|context| Sample { context: json(context), ..Sample::default() }).collect()
}

fn checked(yaml: &str, contexts: &[&str]) -> Checked {
    let tasks = read(yaml).unwrap_or_else(|error| panic!("{error}"));
    check(&tasks, &samples(contexts), contexts.len()).unwrap_or_else(|error| panic!("{error}"))
}

/// What is found, as people read it.
fn found(yaml: &str, contexts: &[&str]) -> Vec<String> {
    checked(yaml, contexts).findings.iter().map(ToString::to_string).collect()
}

fn assertion(fields: &str) -> String {
    format!("- {{task_type: Assertion, id: t, {fields}}}\n")
}

#[test]
fn a_suite_that_fits_its_records_finds_nothing() {
    let yaml = assertion("context_path: score, operator: GreaterThan, expected_value: 5");
    assert_eq!(found(&yaml, &[r#"{"score": 7}"#, r#"{"score": 3}"#]), Vec::<String>::new());
}

#[test]
fn a_path_that_never_resolves_is_an_error_with_the_nearest_that_does() {
    let yaml = assertion("context_path: respnse.text, operator: IsNotEmpty");
    let contexts = [r#"{"response": {"text": "hi"}}"#, r#"{"response": {"text": "ho"}}"#];
    assert_eq!(
        found(&yaml, &contexts),
        ["error: task `t`, field `context_path`: `respnse.text` is missing in all 2 sample records that it \
          reaches; did you mean `response.text`?"]
    );
}

#[test]
fn a_path_that_resolves_sometimes_is_a_note() {
    let yaml = assertion("context_path: text, operator: IsNotEmpty");
    let found = found(&yaml, &[r#"{"text": "hi"}"#, "{}"]);
    assert_eq!(found, ["note: task `t`, field `context_path`: `text` is missing in 1 of 2 sample records"]);
}

#[test]
fn a_missing_path_is_an_answer_to_whether_there_is_anything() {
    let yaml = assertion("context_path: error, operator: NotExists");
    assert_eq!(found(&yaml, &[r#"{"text": "hi"}"#]), Vec::<String>::new());
}

#[test]
fn a_check_of_absence_is_suspected_of_a_typo_where_a_path_is_near() {
    let yaml = assertion("context_path: eror, operator: NotExists");
    let found = found(&yaml, &[r#"{"error": "hi"}"#, "{}"]);
    assert!(found[0].starts_with("warning") && found[0].ends_with("did you mean `error`?"), "{found:?}");
}

#[test]
fn a_template_without_a_source_is_told_once_with_the_nearest() {
    let yaml = assertion("context_path: a, operator: Equals, expected_value: '${truht}'");
    let found = found(&yaml, &[r#"{"a": 1, "truth": 1}"#]);
    assert_eq!(
        found,
        ["error: task `t`, field `expected_value`: `${truht}` has no source: `truht` is missing in the one \
          sample record that it reaches; did you mean `truth`?"]
    );
}

#[test]
fn an_operator_that_no_value_fits_is_an_error() {
    let yaml = assertion("context_path: score, operator: GreaterThan, expected_value: 5");
    let found = found(&yaml, &[r#"{"score": "7"}"#, r#"{"score": "high"}"#]);
    assert_eq!(
        found,
        [
            "error: task `t`, field `operator`: `GreaterThan` cannot judge text: it wants a number, and finds such \
          as `\"7\"` in all 2 sample records that it reaches; the text reads as a number: make it one where the \
          records are made"
        ]
    );
}

#[test]
fn an_operator_that_some_values_do_not_fit_is_a_warning() {
    let yaml = assertion("context_path: score, operator: GreaterThan, expected_value: 5");
    let found = found(&yaml, &[r#"{"score": 7}"#, r#"{"score": "high"}"#]);
    assert!(found[0].starts_with("warning: task `t`, field `operator`"), "{found:?}");
}

#[test]
fn null_says_nothing_about_the_operator() {
    let yaml = assertion("context_path: score, operator: GreaterThan, expected_value: 5");
    assert_eq!(found(&yaml, &[r#"{"score": 7}"#, r#"{"score": null}"#]), Vec::<String>::new());
}

#[test]
fn values_that_never_equal_what_is_expected_are_a_warning() {
    let equals = assertion("context_path: n, operator: Equals, expected_value: 5");
    let one_of = assertion("context_path: n, operator: IsOneOf, expected_value: [1, 2]");
    for yaml in [equals, one_of] {
        let found = found(&yaml, &[r#"{"n": "5"}"#]);
        assert!(found[0].contains("the value is text") && found[0].contains("they never equal"), "{found:?}");
    }
}

#[test]
fn numbers_that_are_compared_as_texts_are_a_warning() {
    let yaml = assertion("context_path: ms, operator: LessThan, expected_value: '200'");
    assert_eq!(
        found(&yaml, &[r#"{"ms": "95"}"#, r#"{"ms": "150"}"#]),
        [
            "warning: task `t`, field `expected_value`: `LessThan` compares numbers as texts, by their characters, such as \
          `\"95\"` with `\"200\"` in all 2 sample records that it reaches; make numbers of both: an expected value is one \
          without quotes, a column of a CSV file where it is read as JSON"
        ]
    );
    let filled = assertion("context_path: ms, operator: LessThan, expected_value: '${most}'");
    assert!(found(&filled, &[r#"{"ms": "95", "most": "200"}"#])[0].contains("compares numbers as texts"));
}

#[test]
fn texts_that_are_not_all_numbers_or_sort_as_numbers_do_are_texts() {
    let yaml = assertion("context_path: v, operator: GreaterThan, expected_value: '2019'");
    for contexts in [[r#"{"v": "2024"}"#, r#"{"v": "2018"}"#], [r#"{"v": "95"}"#, r#"{"v": "2019-rc"}"#]] {
        assert_eq!(found(&yaml, &contexts), [""; 0]);
    }
}

#[test]
fn a_number_that_is_expected_as_text_is_told_where_the_values_are_numbers() {
    for expects in ["LessThan, expected_value: '200'", "Equals, expected_value: '200'"] {
        let found = found(&assertion(&format!("context_path: ms, operator: {expects}")), &[r#"{"ms": 95}"#]);
        assert!(found[0].ends_with("; without quotes `200` is a number"), "{found:?}");
    }
    let contains = assertion("context_path: ms, operator: Contains, expected_value: '200'");
    assert!(!found(&contains, &[r#"{"ms": 95}"#])[0].contains("without quotes"));
}

#[test]
fn a_text_that_never_equals_a_number_is_told_where_it_reads_as_one() {
    let yaml = assertion("context_path: n, operator: Equals, expected_value: 5");
    let found = found(&yaml, &[r#"{"n": "5"}"#]);
    assert!(
        found[0].ends_with("the text reads as a number: make it one where the records are made"),
        "{found:?}"
    );
}

#[test]
fn what_is_filled_in_is_compared_by_its_kind_too() {
    let yaml = assertion("context_path: n, operator: Equals, expected_value: '${truth}'");
    assert!(found(&yaml, &[r#"{"n": "5", "truth": 5}"#])[0].contains("they never equal"));
}

/// What is found of a judge with this prompt, on a record with a `query`.
fn asked(messages: &str) -> Vec<String> {
    let yaml = format!(
        "- task_type: LLMJudge\n  id: t\n  prompt: {{model: m, provider: openai, messages: \"{messages}\"}}\n  \
         operator: Contains\n  expected_value: x\n"
    );
    found(&yaml, &[r#"{"query": "q", "reply": {"text": "a"}}"#])
}

#[test]
fn a_prompt_that_names_nothing_is_a_warning_with_what_was_probably_meant() {
    const NOTHING: &str = "warning: task `t`, field `prompt`: it names nothing of the record, so that every record is asked the same";
    assert_eq!(asked("Is it good?"), [NOTHING]);
    for (written, meant) in [
        ("{query}", "`{query}` is plain text: write `${query}`"),
        ("{{ query }}", "`{{ query }}` is plain text: write `${query}`"),
        (
            "{query} {reply.text} {query}",
            "`{query}`, `{reply.text}` are plain text: write `${query}`, `${reply.text}`",
        ),
        ("{elsewhere}", "`{elsewhere}` is plain text: write `${elsewhere}`"),
    ] {
        assert_eq!(asked(&format!("Rate {written}.")), [format!("{NOTHING}; {meant}")]);
    }
}

#[test]
fn a_prompt_with_a_name_may_have_braces_that_are_no_name_of_the_record() {
    assert_eq!(asked("Rate ${query}, answer as {score}."), [""; 0]);
    assert_eq!(
        asked("Rate ${query} and {reply.text}."),
        [
            "warning: task `t`, field `prompt`: it has names of the record as plain text; `{reply.text}` is plain text: write \
          `${reply.text}`"
        ]
    );
}

/// What is found of a task that reads `answer`, and depends on this one of the same name.
fn shadowed(answer: &str) -> Vec<String> {
    let reads = assertion("context_path: answer, operator: IsNotEmpty, depends_on: [answer]");
    found(&format!("- {{id: answer, {answer}}}\n{reads}"), &[r#"{"answer": "hi"}"#])
}

#[test]
fn a_key_of_the_record_that_hides_what_a_task_makes_is_a_warning() {
    const PROMPT: &str = "{model: m, provider: openai, messages: 'Rate ${answer}.'}";
    let judge = format!("task_type: LLMJudge, prompt: {PROMPT}, operator: Contains, expected_value: x");
    assert_eq!(
        shadowed(&judge),
        [
            "warning: task `t`, field `context_path`: `answer` is a key of the record, which goes before what the task \
          of that name makes; give the task `answer` another id to read what it makes"
        ]
    );
}

#[test]
fn a_task_of_the_name_of_the_key_that_it_looks_at_hides_nothing() {
    let gate = "task_type: Assertion, context_path: answer, operator: IsNotEmpty, condition: true";
    assert_eq!(shadowed(gate), [""; 0]);
}

#[test]
fn a_path_that_leads_nowhere_in_what_a_task_makes_is_meant_for_the_record() {
    let gate = "{task_type: Assertion, id: answer, context_path: answer.text, operator: IsNotEmpty, condition: true}";
    let reads = assertion("context_path: answer.text, operator: IsNotEmpty, depends_on: [answer]");
    assert_eq!(found(&format!("- {gate}\n{reads}"), &[r#"{"answer": {"text": "hi"}}"#]), [""; 0]);
}

#[test]
fn items_are_picked_from_arrays_only() {
    let yaml = assertion("context_path: x, item_context_path: a, operator: Equals, expected_value: 1");
    let found = found(&yaml, &[r#"{"x": {"a": 1}}"#]);
    assert!(found[0].starts_with("error: task `t`, field `item_context_path`"), "{found:?}");
}

#[test]
fn a_key_that_no_item_has_is_an_error_with_the_nearest() {
    let yaml = assertion("context_path: x, item_context_path: scroe, operator: Equals, expected_value: 1");
    let found = found(&yaml, &[r#"{"x": [{"score": 1}]}"#]);
    assert!(found[0].ends_with("`scroe` is missing in the one item; did you mean `score`?"), "{found:?}");
}

#[test]
fn counting_items_where_there_is_no_array_is_a_warning() {
    let yaml = assertion("context_path: x, operator: Equals, expected_value: 1, each: any");
    assert!(found(&yaml, &[r#"{"x": 1}"#])[0].starts_with("warning: task `t`, field `each`"));
}

#[test]
fn a_gate_that_never_opens_names_what_never_runs() {
    let yaml = "- {task_type: Assertion, id: g, context_path: x, operator: IsPositive, condition: true}\n\
                - {task_type: Assertion, id: t, context_path: typo, operator: Exists, depends_on: [g]}\n";
    assert_eq!(
        found(yaml, &[r#"{"x": -1}"#, r#"{"x": -2}"#]),
        [
            "warning: task `g`, field `condition`: the gate is closed for all 2 sample records that it reaches; \
             what depends on it never runs: `t`",
            "warning: task `t`: it runs on none of the 2 sample records: the gate `g` is closed",
        ]
    );
}

#[test]
fn two_gates_that_open_on_different_records_leave_nothing_for_what_needs_both() {
    let yaml = "- {task_type: Assertion, id: a, context_path: x, operator: IsPositive, condition: true}\n\
                - {task_type: Assertion, id: b, context_path: x, operator: IsNegative, condition: true}\n\
                - {task_type: Assertion, id: t, context_path: x, operator: Exists, depends_on: [a, b]}\n";
    assert_eq!(
        found(yaml, &[r#"{"x": -1}"#, r#"{"x": 2}"#]),
        [
            "warning: task `t`: it runs on none of the 2 sample records: the gate `a` is closed, or the gate `b` is \
          closed"
        ]
    );
}

#[test]
fn paths_are_tried_only_where_the_gates_before_them_are_open() {
    let yaml = "- {task_type: Assertion, id: g, context_path: a, operator: Exists, condition: true}\n\
                - {task_type: Assertion, id: t, context_path: a.b, operator: IsNotEmpty, depends_on: [g]}\n";
    assert_eq!(found(yaml, &[r#"{"a": {"b": "x"}}"#, "{}"]), Vec::<String>::new());
}

#[test]
fn what_a_task_made_is_read_by_those_after_it() {
    let yaml = "- {task_type: Assertion, id: A, context_path: x, operator: Exists}\n\
                - {task_type: Assertion, id: t, context_path: a.y, operator: IsPositive, depends_on: [A]}\n\
                - {task_type: Assertion, id: u, context_path: A.z, operator: IsPositive, depends_on: [A]}\n";
    let found = found(yaml, &[r#"{"x": {"y": 1}}"#]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("error: task `u`, field `context_path`: `A.z` is missing"), "{found:?}");
}

#[test]
fn a_path_that_begins_nearly_as_a_dependency_is_told_with_that() {
    let yaml = "- {task_type: Assertion, id: order, context_path: n, operator: Exists}\n\
                - {task_type: Assertion, id: t, context_path: n, operator: Equals, expected_value: '${oder.total}', depends_on: [order]}\n";
    let found = found(yaml, &[r#"{"n": 1}"#]);
    assert!(found[0].ends_with("; did you mean `order.total`?"), "{found:?}");
}

#[test]
fn a_trace_assertion_without_a_trace_is_an_error() {
    let yaml = "- {task_type: TraceAssertion, id: t, assertion: {TraceSpanCount: {}}, operator: Equals, \
                expected_value: 1}\n";
    let found = found(yaml, &["{}"]);
    assert!(found[0].contains("failed to read the trace: the record has none"), "{found:?}");
}

#[test]
fn an_operator_that_does_not_fit_what_a_trace_gives_is_an_error() {
    let yaml = "- {task_type: TraceAssertion, id: t, assertion: {TraceAttribute: {attribute_key: http.method}}, \
                operator: GreaterThan, expected_value: 5}\n";
    let spans = Spans::Tree(Arc::new(Trace::new(trace::samples::simple()).unwrap()));
    let checked = check(&read(yaml).unwrap(), &[Sample { spans, ..Sample::default() }], 1).unwrap();
    let message = &checked.findings[0].message;
    assert!(message.starts_with("`GreaterThan` cannot judge text: it wants a number"), "{message}");
}

#[test]
fn a_name_of_spans_that_is_in_no_trace_is_told_with_the_nearest() {
    let found = |filter: &str| {
        let yaml = format!(
            "- {{task_type: TraceAssertion, id: t, assertion: {{SpanCount: {{filter: {filter}}}}}, \
             operator: LessThan, expected_value: 5}}\n"
        );
        let spans = Spans::Tree(Arc::new(Trace::new(trace::samples::nested()).unwrap()));
        let checked = check(&read(&yaml).unwrap(), &[Sample { spans, ..Sample::default() }], 1).unwrap();
        checked.findings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let told = "warning: task `t`, field `assertion`: no span is called `db_qeury` in the one sample record that it reaches; \
                did you mean `db_query`?";
    assert_eq!(found("{ByName: {name: db_qeury}}"), [told]);
    assert_eq!(found("{ByName: {name: elsewhere}}"), [""; 0]);
    assert_eq!(found("{ByName: {name: db_query}}"), [""; 0]);
    let either = "{Or: {filters: [{ByName: {name: db_query}}, {ByName: {name: db_querys}}]}}";
    assert_eq!(found(either), [""; 0]);
}

#[test]
fn a_value_without_a_form_is_an_error_of_those_who_read_it() {
    let yaml = assertion("context_path: image.size, operator: IsPositive");
    let tasks = read(&yaml).unwrap();
    let unreadable = vec![("image".into(), "`bytes` has no form".to_owned())];
    let sample = [Sample { context: json("{}"), unreadable, ..Sample::default() }];
    let checked = check(&tasks, &sample, 1).unwrap();
    assert_eq!(checked.findings.len(), 1, "{checked:?}");
    assert!(checked.findings[0].message.ends_with("`bytes` has no form"), "{checked:?}");
}

#[test]
fn without_sample_records_nothing_is_found() {
    let checked = checked(&assertion("context_path: a, operator: IsNotEmpty"), &[]);
    assert!(checked.is_sound() && checked.findings.is_empty() && checked.sample == 0);
}

/// A task that would cost something to run: to run it fails the test.
#[derive(Debug)]
struct Costly(Head);

impl Task for Costly {
    fn head(&self) -> &Head {
        &self.0
    }

    fn kind(&self) -> &'static str {
        "Costly"
    }

    fn subtitle(&self) -> Subtitle {
        Subtitle::default()
    }

    fn build(&self, _cx: &mut Build<'_>) -> Option<Built> {
        Some(Built { node: Box::new(Costs), explain: Arc::new(Costs) })
    }

    fn to_value(&self) -> Option<Value> {
        None
    }
}

#[derive(Debug)]
struct Costs;

impl Explain for Costs {
    fn message(&self, _verdict: Option<Verdict>, _measured: &Measured) -> String {
        String::new()
    }
}

impl Node<Subject, Measured> for Costs {
    fn kind(&self) -> &'static str {
        "Costly"
    }

    fn run<'a>(&'a self, _cx: NodeCx<'a, '_, Subject, Measured>) -> Step<'a, Measured> {
        panic!("a check spends nothing")
    }
}

#[test]
fn tasks_that_wait_are_counted_and_not_run() {
    let mut tasks = read(
        "- {task_type: Assertion, id: g, context_path: x, operator: IsPositive, condition: true}\n\
         - {task_type: Assertion, id: t, context_path: costly.deep, operator: Exists, depends_on: [costly]}\n",
    )
    .unwrap();
    let head = Head { depends_on: vec!["g".to_owned()], ..Head::new("costly") };
    tasks.push(Arc::new(Costly(head)));
    tasks.push(Arc::new(Costly(Head::new("always"))));
    let sample = samples(&[r#"{"x": 1}"#, r#"{"x": -1}"#, r#"{"x": -2}"#]);
    let checked = check(&tasks, &sample, 100).unwrap();
    assert_eq!(checked.findings, []);
    assert_eq!(checked.calls, [Calls { kind: "Costly".to_owned(), tasks: 2, most: 200, likely: 134 }]);
}

#[test]
fn many_diamonds_are_checked_as_fast_as_a_chain() {
    // Every task depends on both of the stage before: 2^60 ways from the first to the last.
    let mut yaml = Vec::new();
    for stage in 0..60 {
        for side in ["a", "b"] {
            let depends_on = match stage {
                0 => String::new(),
                _ => format!(", depends_on: [a{0}, b{0}]", stage - 1),
            };
            yaml.push(format!(
                "- {{task_type: Assertion, id: {side}{stage}, context_path: x, operator: Exists{depends_on}}}\n"
            ));
        }
    }
    assert_eq!(found(&yaml.concat(), &[r#"{"x": 1}"#]), Vec::<String>::new());
}
