//! Paths that lead nowhere in any record, and what results say of them.

use std::sync::Arc;

use scouter_tasks::report::{Form, Report};
use scouter_tasks::result::{Results, Shown, Tally, message, records_table};
use scouter_tasks::subject::{Spans, Subject};
use scouter_tasks::suite::{Sample, check};
use scouter_tasks::trace::{Span, Trace, samples};

use crate::support::{evaluate, json, read, row, run_over, suite};

/// The results of these tasks over these contexts, with the hints of a check on all of them.
fn hinted(yaml: &str, contexts: &[&str]) -> Results {
    let records: Vec<(&str, &str)> = contexts.iter().map(|context| ("", *context)).collect();
    let mut results = evaluate(&suite(yaml), &records);
    let samples: Vec<Sample> =
        contexts.iter().map(|context| Sample { context: json(context), ..Sample::default() }).collect();
    let tasks = read(yaml).unwrap_or_else(|error| panic!("{error}"));
    results.hint(&check(&tasks, &samples, samples.len()).unwrap_or_else(|error| panic!("{error}")));
    results
}

/// The message of the first task for the first record.
fn first(results: &Results) -> String {
    message(results.tasks(), &results.rows()[0].outcomes[0], &results.tasks()[0])
}

const TYPO: &str = "- {task_type: Assertion, id: t, context_path: respnse, operator: IsNotEmpty}\n";

#[test]
fn a_path_that_is_in_no_record_has_the_nearest_that_is_in_its_messages() {
    let results = hinted(TYPO, &[r#"{"response": "a"}"#, r#"{"response": "b"}"#]);
    assert_eq!(first(&results), "`respnse` is missing; did you mean `response`?");
}

#[test]
fn the_table_tells_it_once() {
    let results = hinted(TYPO, &[r#"{"response": "a"}"#, r#"{"response": "b"}"#]);
    let table = records_table(&results, Shown { records: 9, width: None, intervals: None });
    let line = "\nhint: `t`, wherever it ran: `respnse` is missing; did you mean `response`?";
    assert_eq!(table.matches(line).count(), 1, "{table}");
}

#[test]
fn a_path_that_is_in_some_record_has_no_hint() {
    let results = hinted(TYPO, &[r#"{"response": "a"}"#, r#"{"respnse": "b"}"#]);
    assert_eq!(first(&results), "`respnse` is missing");
    assert!(!results.wants_hints());
}

/// A second task that reads of the first, of this id, with more fields.
fn read_of(id: &str, path: &str, more: &str) -> String {
    let results = hinted(
        &format!(
            "- {{task_type: Assertion, id: t, context_path: '{path}', operator: IsNotEmpty{more}}}\n\
             - {{task_type: Assertion, id: {id}, context_path: reply, operator: Exists}}\n"
        ),
        &[r#"{"reply": {"text": "a"}}"#],
    );
    first(&results)
}

#[test]
fn a_path_into_a_task_that_is_no_dependency_says_to_name_it() {
    let told = "`answered.text` is missing: there is no `answered`; `answered` is a task: name it in `depends_on` to read what it made";
    assert_eq!(read_of("Answered", "answered.text", ""), told);
    assert!(!read_of("answered", "answered.text", ", depends_on: [answered]").contains("is missing"));
    let typo = read_of("answered", "answered.txet", ", depends_on: [answered]");
    assert!(typo.starts_with("`answered.txet` is missing") && !typo.contains("depends_on"), "{typo}");
}

#[test]
fn a_path_into_a_task_whose_id_has_a_dot_says_how_it_is_written() {
    let told = "`v1.answered.text` is missing: there is no `v1`; `v1.answered` is a task: write `[\"v1.answered\"].text` to read what it made";
    assert_eq!(read_of("v1.answered", "v1.answered.text", ", depends_on: [v1.answered]"), told);
    let unnamed = format!("{told}, and name it in `depends_on`");
    assert_eq!(read_of("v1.answered", "v1.answered.text", ""), unnamed);
    assert!(
        !read_of("v1.answered", "[\"v1.answered\"].text", ", depends_on: [v1.answered]")
            .contains("is missing")
    );
}

/// The hint of a run whose rows are not kept.
fn tallied(yaml: &str, contexts: &[&str]) -> Option<String> {
    let results = evaluate(&suite(yaml), &contexts.iter().map(|context| ("", *context)).collect::<Vec<_>>());
    let mut tally = Tally::new(results.tasks());
    results.rows().iter().for_each(|row| tally.add(row));
    assert_eq!(tally.wants_hints(), results.wants_hints());
    let samples = contexts.iter().map(|context| Sample { context: json(context), ..Sample::default() });
    let tasks = read(yaml).unwrap_or_else(|error| panic!("{error}"));
    tally.hint(&check(&tasks, &samples.collect::<Vec<_>>(), 0).unwrap_or_else(|error| panic!("{error}")));
    tally.tasks[0].hint.clone()
}

#[test]
fn a_run_whose_rows_are_not_kept_has_the_hint_too() {
    let hint = tallied(TYPO, &[r#"{"response": "a"}"#, r#"{"response": "b"}"#]);
    assert_eq!(hint.as_deref(), Some("did you mean `response`?"));
    assert_eq!(tallied(TYPO, &[r#"{"response": "a"}"#, r#"{"respnse": "b"}"#]), None);
}

/// How many tasks of a run did nothing since what they look for is probably misspelt: the one that there is, a gate, or none.
fn blind(path: &str, context: &str) -> usize {
    let yaml = format!(
        "- {{task_type: Assertion, id: gate, context_path: {path}, operator: IsNotEmpty, condition: true}}\n"
    );
    let results = hinted(&yaml, &[context]);
    Tally::of(results.tasks(), results.rows()).blind().count()
}

#[test]
fn a_gate_is_blind_where_its_path_is_misspelt_and_not_where_the_records_lack_what_it_looks_at() {
    assert_eq!(blind("anwser.text", r#"{"answer": {"text": "a"}}"#), 1);
    assert_eq!(blind("turn_2", r#"{"turn_1": "a"}"#), 0);
    assert_eq!(blind("refund.reason", r#"{"complaint": {"reason": "late"}}"#), 0);
    assert_eq!(blind("usage.input_tokens", r#"{"usage": {"output_tokens": 7}}"#), 0);
}

#[test]
fn a_path_and_an_expected_value_that_are_exchanged_are_a_mistake() {
    let yaml = "- {task_type: Assertion, id: t, context_path: Berlin, operator: Equals, expected_value: city, condition: true}\n";
    let results = hinted(yaml, &[r#"{"city": "Berlin"}"#]);
    let told = "task `t`: `Berlin` is missing in the one record; `city`, which is what is expected, is in the records: \
        are path and expected value exchanged?";
    let tally = Tally::of(results.tasks(), results.rows());
    assert_eq!(tally.blind().collect::<Vec<_>>(), [("t", told.to_owned())]);
    assert_eq!(tally.remarks(None).collect::<Vec<_>>(), [told]);
}

#[test]
fn a_template_that_no_record_can_fill_in_has_the_nearest_path_in_its_error() {
    let yaml =
        "- {task_type: Assertion, id: t, context_path: a, operator: Equals, expected_value: '${truht}'}\n";
    let message = first(&hinted(yaml, &[r#"{"a": 1, "truth": 1}"#]));
    assert_eq!(message, "failed to resolve `${truht}`: the record has no `truht`; did you mean `truth`?");
}

#[test]
fn a_path_into_text_that_is_json_says_what_to_do() {
    let yaml = "- {task_type: Assertion, id: t, context_path: out.x, operator: Equals, expected_value: 1}\n";
    let message = first(&hinted(yaml, &[r#"{"out": "{\"x\": 1}"}"#]));
    assert!(
        message
            .ends_with("; `out` is text that holds JSON: read it (`json.loads`) where the records are made")
    );
}

#[test]
fn hints_go_through_json_and_are_told_once() {
    let results = hinted(TYPO, &[r#"{"response": "a"}"#]);
    let back = Results::from_value(&json(&results.to_value().to_string())).unwrap();
    assert_eq!(first(&back), first(&results));
}

#[test]
fn a_key_that_no_item_has_is_told_with_the_nearest() {
    let yaml =
        "- {task_type: Assertion, id: t, context_path: x, item_context_path: scroe, operator: IsPositive}\n";
    let message = first(&evaluate(&suite(yaml), &[("", r#"{"x": [{"score": 1}]}"#)]));
    assert!(message.ends_with("`scroe` is missing; did you mean `score`?"), "{message}");
}

/// Two records over which a gate looks at what neither has, with a task behind it and one behind that.
fn shut(path: &str, operator: &str, contexts: [&str; 2]) -> Results {
    let yaml = format!(
        "- {{task_type: Assertion, id: last, context_path: answer, operator: Exists, depends_on: [next]}}\n\
         - {{task_type: Assertion, id: gate, context_path: {path}, operator: {operator}, condition: true}}\n\
         - {{task_type: Assertion, id: next, context_path: answer, operator: Exists, depends_on: [gate]}}\n"
    );
    hinted(&yaml, &contexts)
}

const ANSWERS: [&str; 2] =
    [r#"{"answer": {"text": "a"}, "ms": 1}"#, r#"{"answer": {"text": "b"}, "ok": true}"#];

const SHUT: &str = "`generated` is missing in all 2 records, which have `answer`, `ms`, `ok`: the gate `gate` kept `last`, `next` from running";

#[test]
fn a_gate_on_what_is_in_no_record_is_told_with_what_it_kept_from_running_and_what_the_records_have() {
    let results = shut("generated", "IsNotEmpty", ANSWERS);
    let tally = Tally::of(results.tasks(), results.rows());
    let told = format!("{SHUT}; where records may lack it, ask for it first by a gate with `Exists`");
    assert_eq!(tally.remarks(None).collect::<Vec<_>>(), std::slice::from_ref(&told));
    assert_eq!(tally.shut().collect::<Vec<_>>(), [("gate", told)]);
}

#[test]
fn a_gate_that_asks_whether_there_is_something_is_told_and_no_fault() {
    let results = shut("generated", "Exists", ANSWERS);
    let tally = Tally::of(results.tasks(), results.rows());
    assert_eq!(tally.remarks(None).collect::<Vec<_>>(), [SHUT]);
    assert_eq!(tally.shut().count(), 0);
}

#[test]
fn a_path_that_leads_into_the_records_is_told_with_what_is_there() {
    let results = shut("answer.generated", "IsNotEmpty", ANSWERS);
    let told = Tally::of(results.tasks(), results.rows()).remarks(None).collect::<String>();
    assert!(
        told.starts_with(
            "`answer.generated` is missing in all 2 records, which have `answer.text`: the gate"
        ),
        "{told}"
    );
}

#[test]
fn a_gate_on_what_is_in_no_record_with_nothing_behind_it_needs_no_word() {
    let yaml = "- {task_type: Assertion, id: gate, context_path: generated, operator: IsNotEmpty, condition: true}\n";
    let results = hinted(yaml, &ANSWERS);
    assert_eq!(Tally::of(results.tasks(), results.rows()).remarks(None).count(), 0);
    let table = records_table(&results, Shown { records: 9, width: None, intervals: None });
    assert!(!table.contains("hint: "), "{table}");
}

#[test]
fn a_gate_that_some_record_opens_is_not_told() {
    let results = shut("ms", "IsPositive", ANSWERS);
    assert_eq!(Tally::of(results.tasks(), results.rows()).remarks(None).count(), 0);
}

#[test]
fn reports_tell_what_a_gate_kept_from_running() {
    let results = Arc::new(shut("generated", "Exists", ANSWERS));
    let report = Report { results: &results, comparison: None, title: None };
    let markdown = Form::Markdown.write(&report);
    assert!(markdown.contains(&format!("\n- ⚠️ {SHUT}\n")), "{markdown}");
    let page = Form::Html.write(&report);
    assert!(
        page.contains("the gate <code>gate</code> kept <code>last</code>, <code>next</code> from running"),
        "{page}"
    );
}

/// What is told of a gate on `score` with a task behind it over these, and for how many gates that keeps the run from passing.
fn undecided(expects: &str, contexts: &[&str]) -> (String, usize) {
    let yaml = format!(
        "- {{task_type: Assertion, id: gate, context_path: score, {expects}, condition: true}}\n\
         - {{task_type: Assertion, id: next, context_path: score, operator: Exists, depends_on: [gate]}}\n"
    );
    let results = hinted(&yaml, contexts);
    let tally = Tally::of(results.tasks(), results.rows());
    (tally.remarks(None).collect(), tally.shut().count())
}

const POSITIVE: &str = "operator: GreaterThan, expected_value: 0";

#[test]
fn a_gate_whose_operator_can_judge_no_value_of_the_records_is_told_as_one_that_finds_none() {
    let told = "the gate `gate` could judge nothing at `score` in all 2 records, and kept `next` from running: \
        `GreaterThan` wants a number, and the values are such as `\"0.9\"`";
    let texts = [r#"{"score": "0.9"}"#, r#"{"score": "0.1"}"#];
    assert_eq!(undecided(POSITIVE, &texts), (told.to_owned(), 1));
    let arrays = undecided(POSITIVE, &[r#"{"score": ["0.9", "1"]}"#]);
    assert!(arrays.0.ends_with("such as `[\"0.9\",\"1\"]`") && arrays.1 == 1, "{arrays:?}");
}

#[test]
fn what_is_null_or_not_there_does_not_tell_that_a_gate_can_judge() {
    let told = undecided(POSITIVE, &[r#"{"score": null}"#, r#"{"other": 1}"#, r#"{"score": "0.9"}"#]);
    assert!(told.0.contains("could judge nothing at `score` in all 3 records") && told.1 == 1, "{told:?}");
}

#[test]
fn a_gate_that_could_judge_some_value_is_closed_for_a_reason() {
    let none = (String::new(), 0);
    assert_eq!(undecided(POSITIVE, &[r#"{"score": "0.9"}"#, r#"{"score": -1}"#]), none);
    assert_eq!(undecided(POSITIVE, &[r#"{"score": [-1, "0.9"]}"#]), none);
    assert_eq!(undecided("operator: Equals, expected_value: 1", &[r#"{"score": "0.9"}"#]), none);
}

#[test]
fn a_gate_that_expects_what_the_record_says_is_judged_by_that() {
    let of = |least: &str| format!(r#"{{"score": "0.9", "least": {least}}}"#);
    let expects = "operator: GreaterThan, expected_value: '${least}'";
    assert_eq!(undecided(expects, &[&of("0.5")]).1, 1);
    assert_eq!(undecided(expects, &[&of(r#""1.0""#)]).1, 0);
}

/// What is told of a gate on traces with a task behind it, and for how many gates that keeps the run from passing.
fn traced(gate: &str, traces: impl IntoIterator<Item = Vec<Span>>) -> (String, usize) {
    let yaml = format!(
        "- {{task_type: TraceAssertion, id: gate, {gate}, condition: true}}\n\
         - {{task_type: Assertion, id: next, operator: Exists, depends_on: [gate]}}\n"
    );
    let suite = suite(&yaml);
    let sample = |spans: Vec<Span>| {
        let spans = Spans::Tree(Arc::new(Trace::new(spans).unwrap_or_else(|error| panic!("{error}"))));
        Sample { context: json("{}"), spans, ..Sample::default() }
    };
    let samples: Vec<Sample> = traces.into_iter().map(sample).collect();
    let rows = samples.iter().zip(1..).map(|(sample, number)| {
        let mut subject = Subject::new(&suite.reads, &sample.context);
        subject.spans = sample.spans.clone();
        row(None, number, run_over(&suite, &subject).outcomes)
    });
    let mut results = Results::new(suite.tasks.clone(), rows.collect(), false);
    let tasks = read(&yaml).unwrap_or_else(|error| panic!("{error}"));
    results.hint(&check(&tasks, &samples, samples.len()).unwrap_or_else(|error| panic!("{error}")));
    let tally = Tally::of(results.tasks(), results.rows());
    (tally.remarks(None).collect(), tally.shut().count())
}

/// A gate on how long spans of this name took.
fn duration(name: &str, expects: &str) -> String {
    format!("assertion: {{SpanDuration: {{filter: {{ByName: {{name: {name}}}}}}}}}, {expects}")
}

const NOTHING: &str = "the gate `gate` had nothing to judge in all 2 records, and kept `next` from running";

#[test]
fn a_gate_that_had_nothing_to_judge_in_any_record_is_told_with_how_to_ask_for_it() {
    let told = traced(&duration("human", POSITIVE), [samples::nested(), samples::simple()]);
    let ask = "where that may be, ask first whether there is something, by `SpanExists` or a function that \
        returns a bool";
    assert_eq!(told, (format!("{NOTHING}: {ask}"), 1));
}

#[test]
fn a_gate_on_spans_that_no_trace_has_is_told_with_those_there_are_and_how_to_ask_for_them() {
    let told = |has: &str| {
        let closed = "the gate `gate` closed for all 2 records, and kept `next` from running";
        let ask = "where that may be, ask first whether there is something, by `SpanExists` or a function that \
            returns a bool";
        (format!("{closed}: the traces have the spans {has}, not `human`; {ask}"), 1)
    };
    let simple = || [samples::simple(), samples::simple()];
    let has = "`child_1`, `child_2`, `root`";
    for (assertion, expects) in [
        ("SpanSequence: {span_names: [child_1, human]}", "operator: Equals, expected_value: true"),
        ("SpanSet: {span_names: [human, child_1]}", "operator: Equals, expected_value: true"),
        ("SpanCount: {filter: {ByName: {name: human}}}", "operator: GreaterThanOrEqual, expected_value: 1"),
    ] {
        let gate = format!("assertion: {{{assertion}}}, {expects}");
        assert_eq!(traced(&gate, simple()), told(has), "{gate}");
    }
}

#[test]
fn a_gate_whose_spans_are_there_in_another_order_or_in_one_trace_each_is_closed_for_a_reason() {
    let sequence = |names: &str| {
        format!(
            "assertion: {{SpanSequence: {{span_names: [{names}]}}}}, operator: Equals, expected_value: true"
        )
    };
    let none = (String::new(), 0);
    let simple = || [samples::simple(), samples::simple()];
    assert_eq!(traced(&sequence("child_2, child_1"), simple()), none);
    assert_eq!(traced(&sequence("child_1, api_call"), [samples::simple(), samples::with_attributes()]), none);
}

#[test]
fn a_gate_that_asks_whether_there_is_a_span_has_its_answer_where_no_trace_has_it() {
    let gate =
        "assertion: {SpanExists: {filter: {ByName: {name: human}}}}, operator: Equals, expected_value: true";
    assert_eq!(traced(gate, [samples::simple(), samples::simple()]), (String::new(), 0));
}

#[test]
fn a_gate_that_opens_where_no_trace_has_a_span_is_not_told() {
    let gate =
        "assertion: {SpanCount: {filter: {ByName: {name: human}}}}, operator: Equals, expected_value: 0";
    assert_eq!(traced(gate, [samples::simple(), samples::simple()]), (String::new(), 0));
}

#[test]
fn a_gate_that_had_something_to_judge_in_some_record_is_closed_for_a_reason() {
    let never = duration("db_query", "operator: LessThan, expected_value: 0");
    assert_eq!(traced(&never, [samples::nested(), samples::simple()]), (String::new(), 0));
}

#[test]
fn a_gate_that_had_nothing_to_judge_for_a_slip_is_told_of_that_alone() {
    let told = "task `gate` found nothing to look at in any record; did you mean `db_query`?";
    let traces = [samples::nested(), samples::nested()];
    assert_eq!(traced(&duration("db_qeury", POSITIVE), traces), (told.to_owned(), 0));
}

#[test]
fn a_gate_that_asks_whether_a_trace_has_something_is_told_and_no_fault() {
    let asks = duration("human", "operator: Exists");
    assert_eq!(traced(&asks, [samples::nested(), samples::simple()]), (NOTHING.to_owned(), 0));
}

#[test]
fn a_trace_without_something_to_judge_does_not_tell_that_a_gate_can_judge() {
    let model = "assertion: {SpanAttribute: {filter: {ByName: {name: api_call}}, attribute_key: model}}";
    let told = traced(&format!("{model}, {POSITIVE}"), [samples::with_attributes(), samples::simple()]);
    let wrong = "`GreaterThan` wants a number, and the values are such as `\"gpt-4\"`";
    let nothing = "the gate `gate` could judge nothing in all 2 records, and kept `next` from running";
    assert_eq!(told, (format!("{nothing}: {wrong}"), 1));
}

/// What is told of a check of order over these values.
fn sorted(expected: &str, values: &[&str]) -> String {
    let yaml = format!(
        "- {{task_type: Assertion, id: t, context_path: ms, operator: LessThan, expected_value: '{expected}'}}\n"
    );
    let contexts: Vec<String> =
        values.iter().map(|value| format!(r#"{{"ms": {value}, "most": "200"}}"#)).collect();
    let results = hinted(&yaml, &contexts.iter().map(String::as_str).collect::<Vec<_>>());
    Tally::of(results.tasks(), results.rows()).remarks(None).collect()
}

#[test]
fn numbers_that_were_compared_as_texts_are_told() {
    let told = "task `t` compares numbers as texts, by their characters, such as `\"95\"` with `\"200\"`: make numbers of both: \
        an expected value is one without quotes, a column of a CSV file where it is read as JSON";
    assert_eq!(sorted("200", &["\"150\"", "\"95\""]), told);
    assert_eq!(sorted("${most}", &["\"150\"", "null", "[\"95\"]"]), told);
}

#[test]
fn texts_that_are_no_numbers_or_sort_as_these_do_need_no_word() {
    assert_eq!(sorted("200", &["\"150\"", "\"250\""]), "");
    assert_eq!(sorted("200", &["\"95\"", "\"none\""]), "");
    assert_eq!(sorted("b", &["\"95\""]), "");
}

#[test]
fn what_a_gate_could_not_judge_is_told_of_results_that_were_read_back() {
    let yaml = "- {task_type: Assertion, id: gate, context_path: score, operator: IsPositive, condition: true}\n\
                - {task_type: Assertion, id: next, context_path: score, operator: Exists, depends_on: [gate]}\n";
    let results = evaluate(&suite(yaml), &[("", r#"{"score": "0.9"}"#)]);
    let back = Results::from_value(&json(&results.to_value().to_string())).unwrap();
    assert_eq!(Tally::of(back.tasks(), back.rows()).shut().count(), 1);
}
