"""Any JSON-like value goes to Rust and back as it is."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scouter.evaluate import AssertionTask, ComparisonOperator, GenAIEvalDataset, GenAIEvalRecord

# `$` begins a template in expected values; lone surrogates are refused, which has a test of its own.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="$"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def task(value: Any) -> AssertionTask:
    return AssertionTask(id="t", context_path="v", operator=ComparisonOperator.Equals, expected_value=value)


@settings(deadline=None)
@given(VALUES)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    assert repr(task(value).expected_value) == repr(value)
    assert repr(AssertionTask.model_validate_json(task(value).model_dump_json()).expected_value) == repr(value)


@settings(deadline=None, max_examples=30)
@given(st.lists(VALUES, min_size=1, max_size=5))
def test_a_value_equals_itself(values: list[Any]) -> None:
    for value in values:
        results = GenAIEvalDataset(records=[GenAIEvalRecord(context={"v": value})], tasks=[task({"v": value})]).evaluate()
        assert results[0].eval_set.records[0].status == "failed"  # the value is not the object that holds it
        record = GenAIEvalRecord(context={"v": {"v": value}})
        assert GenAIEvalDataset(records=[record], tasks=[task({"v": value})]).evaluate().pass_rate == 1.0


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_a_record_survives_json(context: dict[str, Any]) -> None:
    record = GenAIEvalRecord(context=context, id="r")
    again = GenAIEvalRecord.model_validate_json(record.model_dump_json())
    assert again == record and repr(again.context) == repr(record.context)
