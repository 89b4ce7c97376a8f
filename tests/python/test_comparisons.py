"""Two results side by side."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    ComparisonResults,
    CustomTask,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    TraceAssertion,
    TraceAssertionTask,
)

TASKS = [
    AssertionTask(id="one", context_path="one", operator=ComparisonOperator.Equals, expected_value=1),
    AssertionTask(id="two", context_path="two", operator=ComparisonOperator.Equals, expected_value=2),
]


def results(*rows: tuple[str | None, Any, Any], tasks: list[AssertionTask] = TASKS) -> GenAIEvalResults:
    records = [GenAIEvalRecord(context={"one": one, "two": two}, id=id) for id, one, two in rows]
    return GenAIEvalDataset(records=records, tasks=tasks).evaluate()


BASELINE = results(("same", 1, 2), ("worse", 1, 2), ("better", 0, 2), ("errors", 1, 2), ("lost", 1, 2))
NEW = results(("better", 1, 2), ("same", 1, 2), ("worse", 1, 0), ("errors", 1, b"unreadable"), ("new", 1, 2))


@pytest.fixture
def compared() -> ComparisonResults:
    return NEW.compare_to(baseline=BASELINE, regression_threshold=0.05)


def test_records_are_paired_by_id(compared: ComparisonResults) -> None:
    pairs = {pair.record_id: (pair.baseline_pass_rate, pair.comparison_pass_rate) for pair in compared.workflow_comparisons}
    assert pairs == {"better": (0.5, 1.0), "same": (1.0, 1.0), "worse": (1.0, 0.5), "errors": (1.0, 0.5)}


def test_every_record_is_counted_somewhere(compared: ComparisonResults) -> None:
    counts = (compared.improved_workflows, compared.regressed_workflows, compared.unchanged_workflows, compared.total_workflows)
    assert counts == (1, 2, 1, 4)
    assert (compared.lost_records, compared.new_records) == (["lost"], ["new"])
    assert (compared.baseline_workflow_count, compared.comparison_workflow_count) == (5, 5)


def test_an_errored_check_is_a_regression(compared: ComparisonResults) -> None:
    [errors] = [pair for pair in compared.workflow_comparisons if pair.record_id == "errors"]
    [_, two] = errors.task_comparisons
    assert errors.is_regression and errors.compared_tasks == 2
    assert (two.baseline_status, two.comparison_status, two.status_changed) == ("passed", "errored", True)


def test_each_change_is_listed(compared: ComparisonResults) -> None:
    changes = [(change.record_id, change.task_id, change.comparison_passed) for change in compared.task_status_changes]
    assert changes == [("better", "one", True), ("worse", "two", False), ("errors", "two", False)]


def test_the_mean_change_is_over_what_no_error_kept_from_a_verdict(compared: ComparisonResults) -> None:
    assert compared.mean_pass_rate_delta == pytest.approx((0.5 - 0.5 + 0.0 + 0.0) / 4)
    worse = results(("a", 0, 2), ("b", 1, b"unreadable"), ("c", b"unreadable", b"unreadable"))
    compared = worse.compare_to(results(("a", 1, 2), ("b", 1, 2), ("c", 1, 2)), max_error_share=1.0)
    assert compared.mean_pass_rate_delta == pytest.approx((-0.5 + 0.0) / 2)


def test_a_lost_record_alone_is_a_regression() -> None:
    fewer = results(("a", 1, 2)).compare_to(results(("a", 1, 2), ("b", 1, 2)), 0.5)
    assert fewer.regressed and fewer.lost_records == ["b"] and fewer.regressed_workflows == 0


def test_a_threshold_lets_small_falls_be() -> None:
    before, after = results(("a", 1, 2)), results(("a", 1, 0))
    assert after.compare_to(before, 0.4).regressed and not after.compare_to(before, 0.5).regressed


def test_parts_of_other_tasks_are_not_put_together() -> None:
    one, other = results(("a", 1, 2)), results(("b", 1, 2), tasks=[TASKS[0], AssertionTask("other", operator=ComparisonOperator.Exists)])
    assert len(GenAIEvalResults._merge([(one, 0), (results(("b", 1, 2)), 0)])) == 2  # type: ignore[attr-defined]
    for parts in ([(one, 0), (other, 0)], [(one, 0), (results(("b", 1, 2), tasks=TASKS[::-1]), 0)]):
        with pytest.raises(ValueError, match="the parts are results of other tasks"):
            GenAIEvalResults._merge(parts)  # type: ignore[attr-defined]


def test_without_ids_records_are_paired_by_place() -> None:
    compared = results((None, 1, 2), (None, 1, 0)).compare_to(results((None, 1, 2), (None, 1, 2)))
    assert [pair.is_regression for pair in compared.workflow_comparisons] == [False, True]


def test_tasks_of_one_run_only_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    compared = results(("a", 1, 2), tasks=TASKS[:1]).compare_to(results(("a", 1, 2)))
    assert compared.has_missing_tasks and compared.verdict == "regressed"
    assert [(task.task_id, task.present_in) for task in compared.missing_tasks] == [("two", "baseline")]
    compared.print_missing_tasks()
    assert capsys.readouterr().out == "two: only in the baseline\n"


def suite_of(expected: int, path: str = "n") -> GenAIEvalDataset:
    records = [GenAIEvalRecord(id=f"r{at}", context={"n": at, "m": at}) for at in range(60)]
    return GenAIEvalDataset(records, [AssertionTask(id="fast", context_path=path, operator=ComparisonOperator.LessThan, expected_value=expected)])


def test_a_softened_check_makes_nothing_better() -> None:
    compared = suite_of(50).evaluate().compare_to(suite_of(8).evaluate())
    assert compared.verdict == "inconclusive" and not compared.regressed
    assert compared.changed_tasks == {"fast": "`expected_value` was 8, is 50"}
    assert "`fast` is another check than that of the baseline (`expected_value` was 8, is 50)" in compared.headline
    assert compared.outcome == "inconclusive"


def test_another_path_is_another_check_and_so_after_a_round_trip() -> None:
    before = GenAIEvalResults.model_validate_json(suite_of(8).evaluate().model_dump_json())
    assert suite_of(8).evaluate().compare_to(before).changed_tasks == {}
    assert suite_of(8, "m").evaluate().compare_to(before).changed_tasks == {"fast": '`context_path` was "n", is "m"'}


LARGE: dict[str, Any] = {"id": "t", "context_path": "items", "operator": ComparisonOperator.GreaterThan, "expected_value": 1}
SPANS: dict[str, Any] = {"id": "t", "operator": ComparisonOperator.LessThanOrEqual, "expected_value": 1}


@pytest.mark.parametrize(
    ("before", "now", "what"),
    [
        (AssertionTask(**LARGE), AssertionTask(**LARGE, each="any"), '`each` was "all", is "any"'),
        (AssertionTask(**LARGE, each=2), AssertionTask(**LARGE, each=1), "`each` was 2, is 1"),
        (AssertionTask(**LARGE, item_context_path="a"), AssertionTask(**LARGE, item_context_path="b"), '`item_context_path` was "a", is "b"'),
        (
            TraceAssertionTask(**SPANS, assertion=TraceAssertion.trace_span_count()),
            TraceAssertionTask(**SPANS, assertion=TraceAssertion.trace_error_count()),
            '`assertion` was {"TraceSpanCount":{}}, is {"TraceErrorCount":{}}',
        ),
        (
            CustomTask("t", lambda context: context["items"], operator=ComparisonOperator.GreaterThan, expected_value=1),
            CustomTask("t", lambda context: context["items"], operator=ComparisonOperator.GreaterThan, expected_value=1, each="any"),
            '`each` was "all", is "any"',
        ),
    ],
    ids=["all to any", "two to one", "item", "trace", "function"],
)
def test_a_check_that_is_softened_in_any_of_its_fields_is_another_one(before: Any, now: Any, what: str) -> None:
    def run(task: Any) -> GenAIEvalResults:
        records = [GenAIEvalRecord(id=f"r{at}", context={"items": [0, 2]}) for at in range(60)]
        return GenAIEvalDataset(records, [task]).evaluate()

    earlier = run(before).model_dump_json()
    assert run(now).compare_to(GenAIEvalResults.model_validate_json(earlier), max_error_share=1.0).changed_tasks == {"t": what}
    # A file of a version that did not write it down.
    older = json.loads(earlier)
    for name in ("each", "item_context_path", "assertion"):
        older["tasks"][0].pop(name, None)
    assert run(now).compare_to(GenAIEvalResults.model_validate_json(json.dumps(older)), max_error_share=1.0).changed_tasks == {}


def test_a_decimal_fraction_and_the_float_of_its_digits_are_two_checks() -> None:
    def run(expected: float | Decimal) -> GenAIEvalResults:
        task = AssertionTask(id="t", context_path="n", operator=ComparisonOperator.Equals, expected_value=expected)
        return GenAIEvalDataset([GenAIEvalRecord(id="r", context={"n": 0.1})], [task]).evaluate()

    decimal = run(Decimal("0.1"))
    assert decimal.compare_to(run(0.1)).changed_tasks == {"t": "`expected_value` was 0.1, is 0.1e0"}
    assert decimal.compare_to(GenAIEvalResults.model_validate_json(decimal.model_dump_json())).changed_tasks == {}


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_threshold_is_a_share(threshold: float) -> None:
    with pytest.raises(ValueError, match="`regression_threshold` must be from 0 to 1"):
        NEW.compare_to(BASELINE, threshold)


def test_a_comparison_survives_json_of_its_results() -> None:
    again = [GenAIEvalResults.model_validate_json(side.model_dump_json()) for side in (NEW, BASELINE)]
    assert str(again[0].compare_to(again[1], 0.05)) == str(NEW.compare_to(BASELINE, 0.05))


@pytest.mark.parametrize(
    ("show", "words"),
    [
        (ComparisonResults.print_summary_table, ["better", "regressed", "100.0% (2/2)"]),
        (ComparisonResults.print_task_aggregate_table, ["one", "two"]),
        (ComparisonResults.print_status_changes_table, ["worse", "errored", "failed"]),
        (ComparisonResults.print_summary_stats, ["Verdict: invalid", "`lost`, only in the baseline", "`new`, only in this run"]),
        (ComparisonResults.as_table, ["better", "two", "Verdict: invalid"]),
    ],
)
def test_tables_are_printed_through_python_without_colour(
    show: Callable[[ComparisonResults], Any], words: list[str], compared: ComparisonResults, capsys: pytest.CaptureFixture[str]
) -> None:
    show(compared)
    printed = capsys.readouterr().out
    assert all(word in printed for word in words) and "\x1b" not in printed


def test_a_long_table_says_what_it_leaves_out(compared: ComparisonResults) -> None:
    assert "more records" in compared.as_table(max_rows=1)


def test_parts_show_themselves(compared: ComparisonResults) -> None:
    assert repr(compared) == "ComparisonResults(invalid, 4 records, 1 improved, 2 regressed)"
    assert repr(compared.task_status_changes[0]) == 'TaskComparison(task_id="one", record_id="better", failed → passed)'
