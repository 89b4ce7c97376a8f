//! Results and plans as text.

use scouter_drift::statistics::Alpha;
use scouter_tasks::result::{Results, Shown, plan_text, records_table, tasks_table};

use crate::support::{evaluate, suite};

const TASKS: &str = "
- {task_type: Assertion, id: answered, context_path: reply, operator: IsNotEmpty, condition: true}
- {task_type: Assertion, id: polite, context_path: reply, operator: Contains, expected_value: please, depends_on: [answered]}
- {task_type: Assertion, id: named, context_path: reply, operator: Contains, expected_value: '${name}'}
";

fn results() -> Results {
    let suite = suite(TASKS);
    evaluate(
        &suite,
        &[
            ("r1", r#"{"reply": "please wait", "name": "wait"}"#),
            ("r2", r#"{"reply": "", "name": "Ann"}"#),
            ("r3", r#"{"reply": "no"}"#),
        ],
    )
}

/// The cells of the only line that begins with this cell.
fn line(table: &str, first: &str) -> Vec<String> {
    let rows = table.lines().map(|line| {
        line.split(['│', '┆']).map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty()).collect()
    });
    let found: Vec<Vec<String>> =
        rows.filter(|cells: &Vec<String>| cells.first().is_some_and(|c| c == first)).collect();
    assert_eq!(found.len(), 1, "{table}");
    found.into_iter().next().unwrap()
}

const ALL: Shown = Shown { records: 10, width: None, intervals: None };

#[test]
fn records_are_counted_without_their_gates() {
    let table = records_table(&results(), ALL);
    assert_eq!(line(&table, "r1")[1..8], ["2", "0", "0", "0", "0", "0", "100.0% (2/2)"]);
    assert_eq!(line(&table, "r2")[1..8], ["0", "1", "0", "1", "0", "0", "0.0% (0/1)"]);
    assert_eq!(line(&table, "r3")[1..8], ["0", "1", "1", "0", "0", "0", "0.0% (0/1)"]);
    assert!(line(&table, "r1")[8].starts_with("1.235"), "{table}");
}

#[test]
fn tasks_are_counted_over_all_records_and_every_rate_has_its_denominator() {
    let table = records_table(&results(), ALL);
    assert_eq!(line(&table, "answered (gate)")[1..], ["2", "1", "0", "0", "0", "0", "66.7% (2/3)"]);
    assert_eq!(line(&table, "named")[1..], ["1", "1", "1", "0", "0", "0", "50.0% (1/2)"]);
    assert!(table.contains("\n3 records, 3 tasks, pass rate 50.0% (2/4)\n"), "{table}");
}

#[test]
fn the_last_line_says_what_the_rate_does_not_count() {
    let table = records_table(&results(), ALL);
    assert!(table.ends_with("\nnot counted: 1 errored, 1 skipped, 1 gate that did not pass"), "{table}");
}

#[test]
fn every_rate_shows_its_interval_where_that_is_asked_for() {
    let table = records_table(&results(), Shown { intervals: Some(Alpha::USUAL), ..ALL });
    assert_eq!(line(&table, "named")[7..], ["50.0% (1/2)", "9.5 to 90.5%"]);
    assert_eq!(line(&table, "r1")[7..9], ["100.0% (2/2)", "34.2 to 100.0%"]);
    assert!(table.contains("95% interval"), "{table}");
}

#[test]
fn each_task_of_each_record_has_a_line_with_its_reason() {
    let table = tasks_table(&results(), ALL);
    assert_eq!(table.matches("r2").count(), 3);
    for part in [
        r#"`reply`: `"please wait"` contains `"wait"`"#,
        "the gate `answered` did not pass",
        "failed to resolve `${name}`: the record has no `name`",
        r#""Ann""#,
    ] {
        assert!(table.contains(part), "{part}\n{table}");
    }
}

#[test]
fn a_table_that_is_cut_says_how_many_records_are_left() {
    let shown = Shown { records: 1, width: None, intervals: None };
    for table in [records_table(&results(), shown), tasks_table(&results(), shown)] {
        assert!(table.contains("… and 2 more records"), "{table}");
        assert!(!table.contains("r2"), "{table}");
    }
}

#[test]
fn tables_hold_no_control_characters_and_keep_to_their_width() {
    let shown = Shown { records: 10, width: Some(100), intervals: None };
    for table in [records_table(&results(), shown), tasks_table(&results(), shown)] {
        assert!(!table.chars().any(|c| c.is_control() && c != '\n'), "{table}");
        assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
    }
}

#[test]
fn a_stopped_run_says_so() {
    let mut results = results();
    results.cancelled = true;
    assert!(records_table(&results, ALL).contains("(2/4); the run was stopped\n"));
}

#[test]
fn a_plan_shows_stages_gates_and_what_waits_for_what() {
    let suite = suite(&format!(
        "{TASKS}- {{task_type: Assertion, id: last, description: \"It is\\nthere\", context_path: reply, operator: Exists, depends_on: [polite, named]}}\n"
    ));
    assert_eq!(
        plan_text(&suite),
        "\
Execution plan: 4 tasks in 3 stages

Stage 1
├─ answered (Assertion) [gate]
└─ named (Assertion)

Stage 2
└─ polite (Assertion) after answered, only if answered passed

Stage 3
└─ last (Assertion) after polite, named, only if answered passed
     It is there

Longest chain: answered → polite → last
"
    );
}

#[test]
fn tables_tell_what_their_tasks_are_for() {
    let suite = suite(
        "- {task_type: Assertion, id: a, description: It answers, context_path: x, operator: Exists}\n",
    );
    let results = evaluate(&suite, &[("r1", r#"{"x": 1}"#)]);
    for table in [records_table(&results, ALL), tasks_table(&results, ALL)] {
        assert!(table.contains("\na: It answers"), "{table}");
    }
}
