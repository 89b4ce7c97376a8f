//! Results as documents.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use scouter_tasks::report::{Form, Report, save};
use scouter_tasks::result::{Options, Results, Row, compare};
use scouter_tasks::suite::Suite;
use scouter_tasks::value::{Value, quoted};

use crate::support::{evaluate, suite};

/// A gate, what depends on it, and a check that errors without a trace.
fn checks() -> Suite {
    suite(
        "
- {task_type: Assertion, id: gate, context_path: reply, operator: IsNotEmpty, condition: true}
- {task_type: Assertion, id: right, context_path: reply, operator: Equals, expected_value: 'yes', depends_on: [gate]}
- {task_type: TraceAssertion, id: quick, assertion: TraceDuration, operator: LessThan, expected_value: 1}
",
    )
}

/// The two tasks of [`checks`] that need no trace.
fn simple() -> Suite {
    suite(
        "
- {task_type: Assertion, id: gate, context_path: reply, operator: IsNotEmpty, condition: true}
- {task_type: Assertion, id: right, context_path: reply, operator: Equals, expected_value: 'yes', depends_on: [gate]}
",
    )
}

fn of(suite: &Suite, records: &[(&str, &str)]) -> Arc<Results> {
    let contexts: Vec<String> =
        records.iter().map(|(_, reply)| format!(r#"{{"reply": {}}}"#, quoted(reply))).collect();
    let records: Vec<(&str, &str)> =
        records.iter().zip(&contexts).map(|((id, _), context)| (*id, context.as_str())).collect();
    Arc::new(evaluate(suite, &records))
}

fn alone(results: &Arc<Results>) -> Report<'_> {
    Report { results, comparison: None, title: None }
}

/// Writes a report with a baseline.
fn against(form: Form, results: &Arc<Results>, baseline: &Arc<Results>) -> String {
    let comparison = compare(results, baseline, Options::default());
    form.write(&Report { results, comparison: Some(&comparison), title: None })
}

/// Where the parts stand in a text, each after the one before.
fn in_order(text: &str, parts: &[&str]) -> bool {
    let mut rest = text;
    parts.iter().all(|part| match rest.find(part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    })
}

const HOSTILE: &str = "<script>alert(1)</script>|`x`\n\"'&]]>\u{0}\u{202e}@someone";

#[test]
fn rates_stand_with_their_denominator_and_interval_in_every_form() {
    let results = of(&simple(), &[("a", "yes"), ("b", "no"), ("c", "yes"), ("d", "")]);
    // statsmodels: proportion_confint(2, 3, method="wilson") = 0.2077, 0.9385
    for (form, parts) in [
        (Form::Html, ["66.7%", "2&#x2f;3", "20.8–93.9%"]),
        (Form::Markdown, ["66.7%", "2/3", "20.8–93.9%"]),
        (Form::Junit, ["0.6666666666666666", "0.207", "0.938"]),
    ] {
        let text = form.write(&alone(&results));
        for part in parts {
            assert!(text.contains(part), "{form:?} has no {part}: {text}");
        }
    }
}

#[test]
fn rates_of_both_runs_stand_with_their_denominators() {
    let before = of(&simple(), &[("a", "yes"), ("b", "yes"), ("c", "no")]);
    let now = of(&simple(), &[("a", "yes"), ("b", "no"), ("c", "no")]);
    for (form, told) in [
        (Form::Html, "66.7% (2&#x2f;3) → 33.3% (1&#x2f;3)"),
        (Form::Markdown, "66.7% (2/3) → 33.3% (1/3)"),
        (Form::Junit, r#"<property name="baseline_passed" value="2"/>"#),
        (Form::Junit, r#"<property name="counted_in_both" value="3"/>"#),
    ] {
        let text = against(form, &now, &before);
        assert!(text.contains(told), "{form:?} has no {told}: {text}");
    }
}

#[test]
fn what_came_to_no_verdict_in_either_run_is_counted_beside_the_rates() {
    let before = of(&simple(), &[("a", "yes"), ("b", "yes")]);
    let now = of(&simple(), &[("a", "yes"), ("b", "")]);
    for (form, told) in [
        (Form::Html, r#"<span class="of">no verdict: 0 → 1 skipped</span>"#),
        (Form::Markdown, "100.0% (1/1) → 100.0% (1/1)<br>no verdict: 0 → 1 skipped |"),
        (Form::Junit, r#"<property name="no_verdict_before_and_now" value="0 → 1 skipped"/>"#),
    ] {
        let text = against(form, &now, &before);
        assert!(text.contains(told), "{form:?} has no {told}: {text}");
    }
}

#[test]
fn what_failed_comes_first_in_the_page() {
    let results = of(&checks(), &[("errored_only", "yes"), ("closed", ""), ("failed", "no")]);
    let page = Form::Html.write(&alone(&results));
    let records = page.split(r#"id="records-h""#).nth(1).unwrap();
    assert!(in_order(records, &["<code>failed</code>", "<code>errored_only</code>", "<code>closed</code>"]));
}

#[test]
fn what_changed_comes_first_in_the_page_with_a_baseline() {
    let simple = simple();
    let before =
        of(&simple, &[("same", "no"), ("better", "no"), ("worse", "yes"), ("fine", "yes"), ("gone", "yes")]);
    let now =
        of(&simple, &[("same", "no"), ("better", "yes"), ("worse", "no"), ("fine", "yes"), ("new", "yes")]);
    let page = against(Form::Html, &now, &before);
    let records = page.split(r#"id="records-h""#).nth(1).unwrap();
    let names = ["worse", "better", "same", "fine"].map(|name| format!("<code>{name}</code>"));
    assert!(in_order(records, &names.each_ref().map(String::as_str)), "{records}");
    assert!(page.contains("<dt>Before</dt><dd><code>&quot;no&quot;</code>"), "{page}");
    assert!(in_order(
        &page,
        &[
            "Changes from the baseline",
            "invalid",
            "16.7% of the records",
            "1 regressed, 1 improved, 2 unchanged"
        ]
    ));
    assert!(in_order(&page, &["1 record only in the baseline", "gone", "1 new record", "new"]));
}

#[test]
fn a_task_that_is_there_no_more_is_a_regression_in_markdown() {
    let records = [("a", "yes"), ("b", "yes")];
    let there = "- {task_type: Assertion, id: there, context_path: reply, operator: Exists}\n";
    let gone = "- {task_type: Assertion, id: gone, context_path: reply, operator: IsEmpty}\n";
    let (now, before) = (suite(there), suite(&format!("{there}{gone}")));
    let text = against(Form::Markdown, &of(&now, &records), &of(&before, &records));
    assert!(text.contains("**❌ regressed: "), "{text}");
    assert!(text.contains("- **regressed**: no longer checked: `gone`"), "{text}");
}

#[test]
fn where_nothing_was_judged_there_is_no_tick() {
    let mark = |records: &[(&str, &str)]| {
        let results = of(&simple(), records);
        let (text, page) = (Form::Markdown.write(&alone(&results)), Form::Html.write(&alone(&results)));
        (text.contains("**✅"), page.contains("class=\"headline sound\""))
    };
    assert_eq!(mark(&[("a", "yes")]), (true, true));
    assert_eq!(mark(&[("closed", ""), ("closed too", "")]), (false, false));
    assert_eq!(mark(&[]), (false, false));
}

#[test]
fn a_page_holds_no_markup_of_users() {
    let results = of(&simple(), &[(HOSTILE, HOSTILE), ("plain", "yes")]);
    let report = Report { results: &results, comparison: None, title: Some(HOSTILE) };
    let page = Form::Html.write(&report);
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;"));
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains(['\u{0}', '\u{202e}']) && page.contains("\\u202e"));
}

#[test]
fn ids_of_tasks_are_escaped_in_the_drawing_too() {
    let suite = suite("- {task_type: Assertion, id: '<b>\"&', context_path: reply, operator: Exists}");
    let page = Form::Html.write(&alone(&of(&suite, &[("a", "x")])));
    assert!(page.contains("<svg") && !page.contains("<b>"), "{page}");
    assert!(page.contains(r#"aria-label="&lt;b&gt;&quot;&amp;: 1 passed""#), "{page}");
}

#[test]
fn the_page_asks_for_nothing_beside_itself() {
    let page = Form::Html.write(&alone(&of(&checks(), &[("a", "yes"), ("b", "")])));
    for word in ["http:", "https:", "src=", "@import", "url("] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn the_plan_shows_every_task_and_dependency() {
    let page = Form::Html.write(&alone(&of(&checks(), &[("a", "yes"), ("b", "")])));
    let drawing = page.split("<svg").nth(1).unwrap().split("</svg>").next().unwrap();
    assert_eq!(drawing.matches(r#"class="node"#).count(), 3);
    assert_eq!(drawing.matches(r#"class="node gate""#).count(), 1);
    assert_eq!(drawing.matches(r#"class="edge from-gate""#).count(), 1);
    assert!(drawing.contains("right: 1 passed, 1 skipped"), "{drawing}");
}

#[test]
fn results_read_from_a_file_give_the_same_page() {
    let results = of(&checks(), &[("a", "yes"), ("b", ""), ("c", "no")]);
    let text = results.to_value().to_string();
    let back = Arc::new(Results::from_value(&scouter_tasks::value::from_json(&text).unwrap()).unwrap());
    assert_eq!(Form::Html.write(&alone(&back)), Form::Html.write(&alone(&results)));
}

#[test]
fn a_plan_of_a_file_that_was_tampered_with_is_still_drawn() {
    let results = of(&simple(), &[("a", "yes")]);
    let text = results.to_value().to_string();
    let cyclic =
        text.replace(r#""stage":1,"depends_on":[]"#, r#""stage":99999999999,"depends_on":["right","gate"]"#);
    assert_ne!(cyclic, text);
    let back = Arc::new(Results::from_value(&scouter_tasks::value::from_json(&cyclic).unwrap()).unwrap());
    assert_eq!(Form::Html.write(&alone(&back)).matches(r#"class="node"#).count(), 2);
}

#[test]
fn no_records_and_no_verdicts_are_no_rate() {
    let empty = Arc::new(Results::new(simple().tasks.clone(), Vec::new(), true));
    let page = Form::Html.write(&alone(&empty));
    assert!(page.contains("no check came to a verdict, stopped before the end"), "{page}");
    assert!(Form::Markdown.write(&alone(&empty)).contains("Pass rate **–** (0/0)"));
    assert_eq!(cases(&Form::Junit.write(&alone(&empty))).len(), 0);
}

#[test]
fn a_page_of_too_much_says_what_is_not_shown() {
    let long = "x".repeat(1_000);
    let names: Vec<String> = (0..4_000).map(|at| format!("record-{at}")).collect();
    let records: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), long.as_str())).collect();
    let page = Form::Html.write(&alone(&of(&simple(), &records)));
    let shown = page.matches(r#"<details class="record""#).count();
    assert!((100..4_000).contains(&shown), "{shown}");
    assert!(page.contains(&format!("{} more with something to look at", 4_000 - shown)));
    assert_eq!(page.matches("<li ").count(), 4_000 - shown);
    assert!(page.len() < 10_000_000, "{}", page.len());
}

/// Results of so many records that are all like one: tasks with long ids, of which the first `failing` fail.
fn of_tasks(tasks: usize, failing: usize, records: usize, reply: &str) -> Arc<Results> {
    let task = |at: usize| {
        let expected = if at < failing { "no" } else { reply };
        format!(
            "- {{task_type: Assertion, id: a_check_with_a_name_of_some_length_{at:0>3}, context_path: reply, \
             operator: Equals, expected_value: '{expected}'}}\n"
        )
    };
    let one = of(&suite(&(0..tasks).map(task).collect::<String>()), &[("r", reply)]);
    let row = |at: usize| Row { id: Some(format!("record-{at}").into()), ..one.rows()[0].clone() };
    Arc::new(Results::new(one.tasks().clone(), (0..records).map(row).collect(), false))
}

#[test]
fn a_page_of_ten_thousand_records_of_which_each_fails_some_check_stays_below_10_mb() {
    let page = Form::Html.write(&alone(&of_tasks(10, 3, 10_000, &"a long reply ".repeat(100))));
    assert!((1_000_000..10_000_000).contains(&page.len()), "{}", page.len());
    assert!(page.contains("30,000 of 100,000 checks failed"));
}

#[test]
fn a_page_of_many_checks_that_passed_beside_one_that_failed_is_bounded() {
    let page = Form::Html.write(&alone(&of_tasks(200, 1, 1_500, "yes")));
    assert!(page.len() < 10_000_000, "{}", page.len());
    assert!(page.contains("and 169 more</p>"));
}

#[test]
fn a_page_of_many_checks_that_failed_is_bounded_and_counts_what_it_leaves_out() {
    let page = Form::Html.write(&alone(&of_tasks(200, 200, 4_000, "yes")));
    assert!(page.len() < 5_000_000, "{}", page.len());
    assert!(page.contains("and 100 more to look at, not shown"));
    let listed = page.matches(r#"<details class="record""#).count() + page.matches("<li ").count();
    assert!(page.contains(&format!("and {} more not shown", 4_000 - listed)), "{listed}");
}

/// Takes what is written, up to so many bytes.
#[derive(Debug)]
struct Pieces {
    room: usize,
    largest: usize,
    all: usize,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.all += bytes.len();
        self.largest = self.largest.max(bytes.len());
        // What Linux says of a full disk.
        if self.all > self.room { Err(io::Error::from_raw_os_error(28)) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_large_report_is_written_piece_by_piece() {
    let results = of_tasks(200, 20, 500, "yes");
    for form in [Form::Html, Form::Junit, Form::Json] {
        let mut pieces = Pieces { room: usize::MAX, largest: 0, all: 0 };
        form.write_to(&alone(&results), &mut pieces).unwrap();
        assert!(pieces.all > 1_000_000 && pieces.largest < 100_000, "{form:?}: {pieces:?}");
    }
}

#[test]
fn a_disk_that_is_full_in_the_middle_of_a_report_is_told_as_that() {
    let results = of_tasks(200, 20, 100, "yes");
    for form in [Form::Html, Form::Markdown, Form::Junit, Form::Json] {
        let mut pieces = Pieces { room: 30_000, largest: 0, all: 0 };
        let error = form.write_to(&alone(&results), &mut pieces).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(28), "{form:?}: {error}");
    }
}

#[test]
fn a_list_that_has_no_room_for_all_counts_the_rest() {
    let names: Vec<String> = (0..6_000).map(|at| format!("{at:0>300}")).collect();
    let records: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "yes")).collect();
    let page = Form::Html.write(&alone(&of(&simple(), &records)));
    let shown = page.matches("<li ").count();
    assert!(shown < 6_000 && page.contains("6000 where everything passed"), "{shown}");
    assert!(page.contains(&format!("and {} more not shown", 6_000 - shown)));
}

#[test]
fn markdown_fits_a_comment_and_counts_what_it_leaves_out() {
    let tasks: Vec<String> = (0..10)
        .map(|at| format!("- {{task_type: Assertion, id: t{at}, context_path: reply, operator: Equals, expected_value: x}}\n"))
        .collect();
    let names: Vec<String> = (0..500).map(|at| format!("{at}-{}", "é|`\n".repeat(60))).collect();
    let records: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), name.as_str())).collect();
    let text = Form::Markdown.write(&alone(&of(&suite(&tasks.concat()), &records)));
    assert!((50_000..=60_000).contains(&text.len()), "{}", text.len());
    let told = text.lines().filter(|line| line.contains("| failed |")).count() / 10;
    assert!(told > 5 && text.contains(&format!("\nNot shown: {} more records.", 500 - told)), "{text}");
    assert!(text.contains("[242 characters in all]") && text.ends_with("</details>\n"));
}

#[test]
fn markdown_of_very_many_tasks_fits_too() {
    let tasks: Vec<String> = (0..2_000)
        .map(|at| {
            format!("- {{task_type: Assertion, id: task-{at:0>40}, context_path: reply, operator: Exists}}\n")
        })
        .collect();
    let text = Form::Markdown.write(&alone(&of(&suite(&tasks.concat()), &[("a", "yes")])));
    assert!(text.len() <= 60_000 && text.contains("more tasks."), "{}", text.len());
}

#[test]
fn every_row_of_a_markdown_table_has_all_its_cells() {
    let results = of(&simple(), &[(HOSTILE, HOSTILE), ("|", "|"), ("`", "``")]);
    let text = Form::Markdown.write(&alone(&results));
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let (mut rows, mut wanted) = (0, 0);
    for line in text.lines() {
        if line.starts_with("|---") {
            wanted = cells(line);
        } else if line.starts_with("| ") && wanted > 0 {
            assert!(cells(line) == wanted || line.starts_with("| record"), "{line}");
            rows += 1;
        }
    }
    assert_eq!(rows, 2 + 1 + 3);
    assert!(!text.contains('\u{202e}'));
}

#[test]
fn markdown_tells_path_expected_actual_and_what_was() {
    let simple = simple();
    let text = against(Form::Markdown, &of(&simple, &[("a", "no")]), &of(&simple, &[("a", "yes")]));
    let row = r#"| `a` | `right` | failed (was passed) | `reply` Equals | `"yes"` | `"no"` |"#;
    assert!(text.contains(row), "{text}");
    assert!(text.contains("**❔ inconclusive: 1 of 1 check failed**"), "{text}");
    assert!(text.contains("| 100.0% (1/1) → 0.0% (0/1) | −100.0 | inconclusive |"), "{text}");
}

#[test]
fn all_passed_is_told_in_a_few_lines() {
    let text = Form::Markdown.write(&alone(&of(&simple(), &[("a", "yes"), ("b", "yes")])));
    assert!(text.contains("**✅ 2 checks passed**") && !text.contains("<details>"), "{text}");
}

/// The cases of JUnit XML: what became of how many, by suite.
fn cases(xml: &str) -> BTreeMap<(String, String), usize> {
    let mut reader = Reader::from_str(xml);
    let (mut suite, mut open) = (String::new(), false);
    let mut all: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut count =
        |suite: &str, what: &str| *all.entry((suite.to_owned(), what.to_owned())).or_default() += 1;
    let name = |element: &BytesStart<'_>| {
        let value = element.try_get_attribute("name").unwrap().unwrap().value;
        value.into_owned()
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return all,
            Event::Start(element) if element.name().as_ref() == "testsuite" => suite = name(&element),
            Event::Empty(element) if element.name().as_ref() == "testcase" => count(&suite, "passed"),
            Event::Start(element) if element.name().as_ref() == "testcase" => open = true,
            Event::Start(element) | Event::Empty(element) if open => {
                count(&suite, element.name().as_ref());
                open = false;
            }
            _ => {}
        }
    }
}

#[test]
fn junit_has_a_case_for_every_task_of_every_record() {
    let results = of(&checks(), &[("a", "yes"), ("b", ""), ("c", "no")]);
    let xml = Form::Junit.write(&alone(&results));
    let found: Vec<(String, String, usize)> =
        cases(&xml).into_iter().map(|((suite, what), count)| (suite, what, count)).collect();
    let wanted = [
        ("gate", "passed", 2),
        ("gate", "skipped", 1),
        ("quick", "error", 3),
        ("right", "failure", 1),
        ("right", "passed", 1),
        ("right", "skipped", 1),
    ];
    assert_eq!(found, wanted.map(|(suite, what, count)| (suite.to_owned(), what.to_owned(), count)));
    assert!(xml.contains(r#"tests="9" failures="1" errors="3">"#), "{xml}");
    assert!(xml.contains(r#"<skipped message="the gate `gate` did not pass"/>"#), "{xml}");
    assert!(in_order(
        &xml,
        &["<failure", "task: right\npath: reply\noperator: Equals\nexpected: ", "actual: "]
    ));
}

#[test]
fn json_is_the_results_themselves() {
    let results = of(&simple(), &[("a", "yes")]);
    assert_eq!(Form::Json.write(&alone(&results)), results.to_value().to_string());
    assert_eq!(results.to_value().get("version"), Some(&Value::Int(1)));
}

#[test]
fn a_report_replaces_a_file_and_leaves_nothing_beside_it() {
    let folder = std::env::temp_dir().join(format!("scouter-report-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("report.html");
    let results = of(&simple(), &[("a", "yes")]);
    let reports =
        ["first, which is longer", "second"].map(|title| Report { title: Some(title), ..alone(&results) });
    for report in &reports {
        save(&path, Form::Html, report).unwrap();
    }
    let names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!((names, text), (vec!["report.html".into()], Form::Html.write(&reports[1])));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let results = of(&simple(), &[("a", "yes")]);
    let error = save("/no/such/folder/report.html".as_ref(), Form::Html, &alone(&results)).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    assert!(error.to_string().contains("there is no folder `/no/such/folder`"), "{error}");
}
