"""Contexts and expected values that are too deep, too long, or hold themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scouter.errors import ConfigError, ResultsError
from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    CustomTask,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
    SpanFilter,
)

DEEP = 100_000


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def run(context: dict[str, Any], *tasks: AssertionTask | CustomTask) -> GenAIEvalResults:
    return GenAIEvalDataset(records=[GenAIEvalRecord(context=context, id="r")], tasks=tasks).evaluate()


def check(id: str, path: str, operator: ComparisonOperator, expected: Any = True) -> AssertionTask:
    return AssertionTask(id=id, context_path=path, operator=operator, expected_value=expected)


def test_a_deep_context_errors_and_keeps_its_siblings() -> None:
    results = run(
        {"deep": nested(DEEP), "flat": 1},
        check("deep", "deep", ComparisonOperator.IsArray),
        check("flat", "flat", ComparisonOperator.Equals, 1),
    )
    deep, flat = results["r"].eval_set.records
    assert (deep.status, flat.status) == ("errored", "passed")
    assert "nested deeper than 248 levels" in deep.message and len(deep.message) < 500


def test_a_deep_dict_errors() -> None:
    deep: dict[str, Any] = {}
    for _ in range(DEEP):
        deep = {"k": deep}
    result = run({"deep": deep}, check("deep", "deep", ComparisonOperator.IsObject))["r"].eval_set.records[0]
    assert result.status == "errored" and "nested deeper" in result.message


def test_a_deep_expected_value_is_refused_with_the_task() -> None:
    with pytest.raises(ConfigError, match="task `deep`, field `expected_value`: .*nested deeper than 248 levels"):
        check("deep", "x", ComparisonOperator.Equals, nested(DEEP))


def test_a_deep_answer_of_a_function_is_an_error() -> None:
    result = run({}, CustomTask("deep", lambda context: nested(DEEP)))["r"].eval_set.records[0]
    assert result.status == "errored" and "nested deeper" in result.message


def test_deep_json_text_is_no_crash() -> None:
    text = "[" * DEEP + "]" * DEEP
    result = run({"text": text}, check("json", "text", ComparisonOperator.IsJson))["r"].eval_set.records[0]
    assert result.status in {"failed", "errored"}


@pytest.mark.parametrize("cls", [GenAIEvalResults, GenAIEvalRecord, AssertionTask, SpanFilter])
def test_deep_json_text_is_refused(cls: Any) -> None:
    with pytest.raises(ValueError, match="JSON"):
        cls.model_validate_json('{"a":' * DEEP)


def test_malformed_json_is_an_exception_like_any_other() -> None:
    with pytest.raises(ResultsError, match="line 1, column"):
        GenAIEvalResults.model_validate_json('{"version": ')


def test_a_dict_in_itself_errors() -> None:
    itself: dict[str, Any] = {"name": "x"}
    itself["self"] = itself
    results = run(
        {"itself": itself},
        check("whole", "itself", ComparisonOperator.IsObject),
        check("name", "itself.self.self.name", ComparisonOperator.Equals, "x"),
    )
    whole, name = results["r"].eval_set.records
    assert (whole.message, name.status) == ("failed to read `itself`: at `self`: it contains itself", "passed")


def test_a_record_that_holds_itself_can_be_shown() -> None:
    context: dict[str, Any] = {}
    context["self"] = [context]
    assert "contains itself" in repr(GenAIEvalRecord(context={"c": context}, id="r"))


def test_the_deepest_value_that_is_read_survives_json() -> None:
    value = nested(247)
    task = check("deep", "deep", ComparisonOperator.Equals, value)
    assert AssertionTask.model_validate_json(task.model_dump_json()) == task
    results = run({"deep": value}, task)
    assert results[0].success and GenAIEvalResults.model_validate_json(results.model_dump_json()) == results


def test_ten_checks_of_a_long_text_make_a_small_result() -> None:
    text = "x" * 1_000_000
    tasks = [check(f"t{n}", "text", ComparisonOperator.Equals, "other") for n in range(10)]
    results = run({"text": text}, *tasks)
    assert len(results.model_dump_json()) < 40_000
    assert results[0].eval_set.records[0].actual.endswith("[cut: 1000000 bytes in all]")


def test_a_long_text_is_judged_whole() -> None:
    text = "x" * 1_000_000 + "end"
    result = run({"text": text}, check("end", "text", ComparisonOperator.EndsWith, "end"))[0].eval_set.records[0]
    assert result.status == "passed" and len(result.message) < 1_000


def test_long_keys_are_cut_in_messages() -> None:
    result = run({"a": {"k" * 100_000: b""}}, check("a", "a", ComparisonOperator.IsObject))[0].eval_set.records[0]
    assert result.status == "errored" and len(result.message) < 500


def test_a_long_exception_is_cut() -> None:
    def explode(context: dict[str, Any]) -> bool:
        raise ValueError("x" * 1_000_000)

    result = run({}, CustomTask("explode", explode))[0].eval_set.records[0]
    assert len(result.message) < 4_000 and len(result.detail or "") < 10_000


def test_results_are_json_for_any_reader() -> None:
    results = run({"a": "ü", "b": 2**70}, check("a", "a", ComparisonOperator.Equals, "ü"), check("b", "b", ComparisonOperator.IsInteger))
    assert json.loads(results.model_dump_json())["records"][0]["outcomes"][1]["actual"] == 2**70
