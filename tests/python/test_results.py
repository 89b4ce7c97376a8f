"""Results: complete, in order, found by id and place, counted with their denominators."""

from __future__ import annotations

import io
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

import scouter
import scouter.client
import scouter.evaluate
import scouter.queue
from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    CustomTask,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
)


def fail(context: dict[str, Any]) -> bool:
    raise ValueError("broken on purpose")


def tasks() -> list[AssertionTask | CustomTask]:
    equals = ComparisonOperator.Equals
    return [
        AssertionTask(id="gate", context_path="n", operator=ComparisonOperator.GreaterThan, expected_value=0, condition=True),
        AssertionTask(id="behind", context_path="n", operator=equals, expected_value=1, depends_on=["gate"]),
        AssertionTask(id="always", context_path="s", operator=equals, expected_value="${s}"),
        CustomTask("broken", fail),
        CustomTask("nothing", lambda context: 5),
    ]


def records(count: int = 3) -> list[GenAIEvalRecord]:
    return [GenAIEvalRecord(context={"n": n, "s": "text"}, id=f"record-{n}") for n in range(count)]


@pytest.fixture(scope="module")
def results() -> GenAIEvalResults:
    return GenAIEvalDataset(records=records(), tasks=tasks()).evaluate()


def statuses(results: GenAIEvalResults, key: str | int) -> list[str]:
    return [task.status for task in results[key].eval_set.records]


def test_every_record_has_a_result_in_its_place() -> None:
    many = records(2_000)
    task = AssertionTask(id="t", context_path="n", operator=ComparisonOperator.Exists, expected_value=True)
    results = GenAIEvalDataset(records=many, tasks=[task]).evaluate()
    assert [row.record_uid for row in results] == [record.uid for record in many]


def test_every_task_has_a_row(results: GenAIEvalResults) -> None:
    assert statuses(results, "record-0") == ["failed", "skipped", "passed", "errored", "not_applicable"]
    assert statuses(results, "record-1") == ["passed", "passed", "passed", "errored", "not_applicable"]


def test_a_result_is_found_by_id_uid_and_place(results: GenAIEvalResults) -> None:
    by_id = results["record-2"]
    assert by_id == results[2] == results[-1] == results[by_id.record_uid]
    assert by_id.record_id == "record-2"


def test_an_unknown_id_offers_the_nearest(results: GenAIEvalResults) -> None:
    with pytest.raises(KeyError, match="no record has the id `recrod-1`; did you mean `record-1`?"):
        results["recrod-1"]


@pytest.mark.parametrize("place", [3, -4, 10**9])
def test_a_place_beyond_the_end_is_an_index_error(results: GenAIEvalResults, place: int) -> None:
    with pytest.raises(IndexError, match=f"there is no record {place}: there are 3"):
        results[place]


@pytest.mark.parametrize("key", [1.5, None, b"record-1", slice(0, 1)])
def test_a_key_of_another_kind_is_a_type_error(results: GenAIEvalResults, key: Any) -> None:
    with pytest.raises(TypeError, match="by its id or its place"):
        results[key]


def test_membership_is_by_id(results: GenAIEvalResults) -> None:
    assert "record-1" in results and results[0].record_uid in results
    assert "record-9" not in results and 1 not in results and None not in results


def test_results_can_be_iterated_again(results: GenAIEvalResults) -> None:
    assert [row.record_id for row in results] == [row.record_id for row in results] == ["record-0", "record-1", "record-2"]


def test_rates_leave_out_gates_and_what_came_to_no_verdict(results: GenAIEvalResults) -> None:
    first = results["record-0"].eval_set
    counts = (first.total_tasks, first.passed_tasks, first.failed_tasks, first.errored_tasks, first.skipped_tasks)
    assert (*counts, first.not_applicable_tasks, first.pass_rate) == (1, 1, 0, 1, 1, 1, 1.0)
    assert results["record-2"].eval_set.pass_rate == 0.5
    assert results.pass_rate == 4 / 5


def test_a_rate_of_nothing_is_none() -> None:
    only = GenAIEvalDataset(records=records(1), tasks=[CustomTask("broken", fail)]).evaluate()
    assert only.pass_rate is None and only[0].eval_set.pass_rate is None
    assert only.task_counts()["broken"].pass_rate is None


def test_tasks_are_counted_over_all_records(results: GenAIEvalResults) -> None:
    counts = results.task_counts()
    assert list(counts) == ["gate", "behind", "always", "broken", "nothing"]
    behind = counts["behind"]
    assert (behind.passed, behind.failed, behind.skipped, behind.counted, behind.total) == (1, 1, 1, 2, 3)
    assert (behind.pass_rate, str(behind)) == (0.5, "50.0% (1/2)")


def test_errors_are_counted_and_told(results: GenAIEvalResults) -> None:
    assert (results.errored_tasks, results.successful_count, results.failed_count) == (["broken"], 0, 3)
    row = results[0]
    assert not row.success and row.task_count == 5
    assert row.error_message == "task `broken` failed to call the function: ValueError: broken on purpose"


def test_a_task_result_tells_all_about_itself(results: GenAIEvalResults) -> None:
    result = results["record-2"].eval_set.records[1]
    assert (result.task_id, result.record_id, result.context_path, result.stage) == ("behind", "record-2", "n", 2)
    assert (result.operator, result.expected, result.actual) == (ComparisonOperator.Equals, 1, 2)
    assert (result.passed, result.value, result.condition, result.detail) == (False, 0.0, False, None)
    assert result.task_type.name == "Assertion" and "2" in result.message


def test_stages_are_counted_from_1_everywhere(tmp_path: Path) -> None:
    tasks = [AssertionTask(id="one", operator="Exists"), AssertionTask(id="two", operator="Exists", depends_on=["one"])]
    results = GenAIEvalDataset(records=[GenAIEvalRecord(context={}, id="r")], tasks=tasks).evaluate()
    results.write(tmp_path / "rows.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["stage"] for line in lines] == [1, 2]
    assert [task.stage for task in results["r"].eval_set.records] == [1, 2]
    assert results.to_dataframe()["stage"].tolist() == [1, 2]
    assert [task["stage"] for task in json.loads(results.model_dump_json())["tasks"]] == [1, 2]
    [row] = [line for line in results.as_table(show_tasks=True).splitlines() if " two " in line]
    assert [cell.strip() for cell in row.split("┆")][3] == "2"


def test_a_skipped_task_names_what_kept_it_from_running(results: GenAIEvalResults) -> None:
    assert results["record-0"].eval_set.records[1].message == "the gate `gate` did not pass"


def test_expected_values_are_those_of_the_record(results: GenAIEvalResults) -> None:
    assert results[0].eval_set.records[2].expected == "text"


def test_json_brings_everything_back(results: GenAIEvalResults) -> None:
    again = GenAIEvalResults.model_validate_json(results.model_dump_json())
    assert again == results and again["record-1"] == results["record-1"] and again[-1] == results[-1]
    for before, after in zip(results, again):
        messages = [(task.message, task.detail, task.status) for task in before.eval_set.records]
        assert [(task.message, task.detail, task.status) for task in after.eval_set.records] == messages


@pytest.mark.parametrize("value", [0, -1, 2**70, 0.1, 1e300, -0.0, True, None, "ü\n\"", [1, [2.0]], {"a": {"b": None}}])
def test_values_survive_json_exactly(value: Any) -> None:
    task = AssertionTask(id="t", context_path="v", operator=ComparisonOperator.Equals, expected_value=value)
    results = GenAIEvalDataset(records=[GenAIEvalRecord(context={"v": value})], tasks=[task]).evaluate()
    again = GenAIEvalResults.model_validate_json(results.model_dump_json())[0].eval_set.records[0].actual
    assert repr(again) == repr(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_lacks_survive_it(value: float) -> None:
    record = GenAIEvalRecord(context={"v": value})
    task = AssertionTask(id="t", context_path="v", operator=ComparisonOperator.IsFinite, expected_value=True)
    results = GenAIEvalDataset(records=[record], tasks=[task]).evaluate()
    again = GenAIEvalResults.model_validate_json(results.model_dump_json())[0].eval_set.records[0].actual
    assert repr(again) == repr(value)


def test_objects_show_themselves(results: GenAIEvalResults) -> None:
    assert repr(results) == "GenAIEvalResults(3 records, 5 tasks, pass_rate=80.0% (4/5); not counted: 3 errored, 1 skipped, 3 not_applicable, 1 gate that did not pass)"
    assert repr(results[0]) == 'AlignedEvalResult(record="record-0", success=False, pass_rate=100.0% (1/1))'
    assert repr(results[0].eval_set) == 'GenAIEvalSet(record="record-0", pass_rate=100.0% (1/1))'
    assert str(results).startswith('{\n  "version": 1') and str(results[0].eval_set.records[0]).startswith('{\n  "task_id"')


def test_equality_is_by_content(results: GenAIEvalResults) -> None:
    other = GenAIEvalDataset(records=records(), tasks=tasks()).evaluate()
    assert results == results and results != other and results != 5 and results[0] != results[1]


@pytest.mark.parametrize(
    ("thing", "told"),
    [
        (lambda results: results["record-0"]["gate"], "a `GenAIEvalTaskResult` is neither true nor false: write `.passed`, which is `False` here"),
        (lambda results: results["record-1"]["behind"], "write `.passed`, which is `True` here"),
        (lambda results: results.compare_to(results), "a `ComparisonResults` is neither true nor false: write `.outcome == \"passed\"`, which is `"),
        (lambda _: GenAIEvalDataset(records=records(), tasks=tasks()[:1]).check(), "a `SuiteCheck` is neither true nor false: write `.ok`, which is `True` here"),
    ],
)
def test_what_came_out_has_no_truth_that_could_be_taken_for_its_verdict(results: GenAIEvalResults, thing: Callable[[GenAIEvalResults], Any], told: str) -> None:
    with pytest.raises(TypeError) as caught:
        bool(thing(results))
    assert told in str(caught.value)


@pytest.mark.parametrize("module", [scouter, scouter.client, scouter.evaluate, scouter.queue])
def test_every_public_class_claims_a_module_of_ours(module: Any) -> None:
    classes = [getattr(module, name) for name in module.__all__ if isinstance(getattr(module, name), type)]
    homes = {cls.__module__ for cls in classes}
    ours = ("alert", "client", "drift", "errors", "evaluate", "genai", "profile", "queue", "transport", "types")
    assert homes <= {f"scouter.{name}" for name in ours}
    assert all(cls.__doc__ for cls in classes)


def test_a_pandas_frame_has_a_row_for_every_task(results: GenAIEvalResults) -> None:
    frame = results.to_dataframe()
    assert isinstance(frame, pd.DataFrame) and len(frame) == 15
    assert list(frame[frame.record_id == "record-0"].status) == statuses(results, "record-0")
    assert frame.groupby("task_id").passed.sum().to_dict() == {
        "gate": 2, "behind": 1, "always": 3, "broken": 0, "nothing": 0
    }  # fmt: skip


def test_a_polars_frame_has_a_row_for_every_task(results: GenAIEvalResults) -> None:
    frame = results.to_dataframe(polars=True)
    assert isinstance(frame, pl.DataFrame) and frame.height == 15
    assert frame.filter(pl.col("record_id") == "record-0")["status"].to_list() == statuses(results, "record-0")


def test_columns_of_a_frame_are_values_of_records(results: GenAIEvalResults) -> None:
    frame = results.to_dataframe()
    texts = [GenAIEvalRecord(context={"row": row}) for row in frame[["task_id", "passed", "stage"]].to_dict("records")]
    task = AssertionTask(id="t", context_path="row.task_id", operator=ComparisonOperator.IsString, expected_value=True)
    assert GenAIEvalDataset(records=texts, tasks=[task]).evaluate().pass_rate == 1.0


def test_tables_are_printed_and_given_back(results: GenAIEvalResults, capsys: pytest.CaptureFixture[str]) -> None:
    text = results.as_table(show_tasks=True)
    printed = capsys.readouterr().out
    assert printed == f"{text}\n" and "record-2" in text and "broken on purpose" in text and "\x1b" not in printed


def test_a_table_says_what_it_leaves_out(results: GenAIEvalResults) -> None:
    assert "and 2 more records" in results.as_table(max_records=1)


def test_a_record_has_a_table(results: GenAIEvalResults, capsys: pytest.CaptureFixture[str]) -> None:
    text = results["record-1"].eval_set.as_table(show_tasks=True)
    assert "behind" in text and capsys.readouterr().out.strip() == text.strip()


def test_an_output_without_lines_and_arrows_gets_plain_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    output = io.TextIOWrapper(written, encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", output)
    dataset = GenAIEvalDataset(records=[GenAIEvalRecord(context={"n": 1, "s": "ü"}, id="ü")], tasks=tasks())
    dataset.print_execution_plan()
    dataset.evaluate().as_table(show_tasks=True)
    printed = written.getvalue().decode("ascii")
    assert "Longest chain: gate -> behind" in printed and "| ?" in printed
