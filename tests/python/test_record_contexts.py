"""How a record holds its context: as entries of its own, and as a dict once somebody asks for one."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from scouter.evaluate import AssertionTask, ComparisonOperator, CustomTask, GenAIEvalDataset, GenAIEvalRecord

TEXT = AssertionTask(id="t", context_path="text", operator=ComparisonOperator.Equals, expected_value="Hello")


def passes(*records: GenAIEvalRecord, task: Any = TEXT) -> list[bool]:
    """Whether the task passes, record by record."""
    return [row[0].passed for row in GenAIEvalDataset(records=list(records), tasks=[task]).evaluate()]


class Key(str):
    """A key of a class of its own."""


class Odd:
    """A key that equals a text and has its hash."""

    def __hash__(self) -> int:
        return hash("text")

    def __eq__(self, other: object) -> bool:
        return other == "text"


CONTEXTS: dict[str, Callable[[], dict[Any, Any]]] = {
    "few": lambda: {"a": 1, "text": "Hello"},
    "many": lambda: {**{f"key {n}": n for n in range(100)}, "text": "Hello"},
    "keys made anew": lambda: {"".join(["te", "xt"]): "Hello"},
    "keys of a class": lambda: {Key("text"): "Hello"},
    "keys that are numbers": lambda: {1: 2, "text": "Hello"},
    "keys that compare": lambda: {Odd(): "Hello"},
    "keys without a form in UTF-8": lambda: {"\ud800": 1, "text": "Hello"},
}


@pytest.mark.parametrize("context", CONTEXTS.values(), ids=CONTEXTS)
def test_a_context_is_read_whatever_its_keys_are(context: Callable[[], dict[Any, Any]]) -> None:
    assert passes(GenAIEvalRecord(context=context())) == [True]


@pytest.mark.parametrize("context", CONTEXTS.values(), ids=CONTEXTS)
def test_the_context_is_shown_as_it_was_given(context: Callable[[], dict[Any, Any]]) -> None:
    given = context()
    shown = GenAIEvalRecord(context=given).context
    assert shown == given and list(shown) == list(given) and shown is not given


def test_keys_may_stand_elsewhere_in_every_record() -> None:
    records = [
        GenAIEvalRecord(context={"text": "Hello", "a": 1}),
        GenAIEvalRecord(context={"a": 1, "b": 2, "text": "Hello"}),
        GenAIEvalRecord(context={"text": "Bye", "a": 1}),
        GenAIEvalRecord(context={"a": 1}),
        GenAIEvalRecord(context={}),
    ]
    assert passes(*records) == [True, True, False, False, False]


def test_the_context_that_is_shown_is_the_one_that_is_read() -> None:
    record = GenAIEvalRecord(context={"text": "Bye"})
    record.context["text"] = "Hello"
    assert record.context is record.context
    assert passes(record) == [True]


def test_a_function_sees_the_context_of_the_record() -> None:
    function = lambda context: list(context) == ["a", "text"]  # noqa: E731
    assert passes(GenAIEvalRecord(context={"a": 1, "text": "Hello"}), task=CustomTask("c", function)) == [True]


def test_a_record_pickles_whether_its_context_was_shown_or_not() -> None:
    record = GenAIEvalRecord(context={"text": "Hello", "made": {1, 2}})
    assert pickle.loads(pickle.dumps(record)).context == {"text": "Hello", "made": {1, 2}}
    record.context["text"] = "Bye"
    assert pickle.loads(pickle.dumps(record)).context["text"] == "Bye"


def test_a_record_is_one_object_to_the_garbage_collector() -> None:
    contexts = [{"text": "Hello", "parts": ["a", "b"]} for _ in range(100)]
    gc.collect()
    gc.disable()
    try:
        before = len(gc.get_objects())
        records = [GenAIEvalRecord(context=context) for context in contexts]
        added = len(gc.get_objects()) - before
    finally:
        gc.enable()
    # The list of the records, and what counting makes.
    assert len(records) <= added <= len(records) + 5
