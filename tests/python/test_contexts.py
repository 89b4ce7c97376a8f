"""What may stand in a context, and what it is read as."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import math
import pathlib
import uuid
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import BaseModel

from scouter.evaluate import AssertionTask, ComparisonOperator, GenAIEvalDataset, GenAIEvalRecord, GenAIEvalTaskResult


def read(context: Any, path: str, expected: Any = None) -> GenAIEvalTaskResult:
    """What a task comes to that compares what the path leads to."""
    task = AssertionTask(id="read", context_path=path, operator=ComparisonOperator.Equals, expected_value=expected)
    record = GenAIEvalRecord(context=context, id="r")
    return GenAIEvalDataset(records=[record], tasks=[task]).evaluate()["r"].eval_set.records[0]


def actual(value: Any) -> Any:
    result = read({"value": value}, "value")
    assert result.status != "errored", result.message
    return result.actual


class Colour(enum.Enum):
    RED = "red"


class Inner(BaseModel):
    name: str
    score: float
    raw: bytes = b""


class Outer(BaseModel):
    query: str
    inner: Inner
    many: list[Inner]


@dataclasses.dataclass
class Reply:
    text: str
    raw: Any = None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime.datetime(2025, 1, 2, 3, 4, 5), "2025-01-02T03:04:05"),
        (datetime.datetime(2025, 1, 2, tzinfo=datetime.timezone.utc), "2025-01-02T00:00:00+00:00"),
        (datetime.date(2025, 1, 2), "2025-01-02"),
        (datetime.time(3, 4), "03:04:00"),
        (decimal.Decimal("1.10"), decimal.Decimal("1.10")),
        (2**70, 2**70),
        (-(2**63), -(2**63)),
        (2**64 - 1, 2**64 - 1),
        (True, True),
        (None, None),
        ("ünï ☃ 😀", "ünï ☃ 😀"),
        ({3, 1, 2}, [1, 2, 3]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ((1, "x"), [1, "x"]),
        (Colour.RED, "red"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (pathlib.PurePosixPath("/a/b"), "/a/b"),
        (np.int64(7), 7),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (np.datetime64("2025-01-02T03:04:05.123456789", "ns"), "2025-01-02T03:04:05.123456"),
        (np.array(["2025-01-02"], dtype="datetime64[ns]"), ["2025-01-02T00:00:00"]),
        (pd.Timestamp("2025-01-02"), "2025-01-02T00:00:00"),
        (pd.NaT, None),
        (pd.NA, None),
        (pd.Series([1, 2]), [1, 2]),
        (pd.Series(["a", "b"]), ["a", "b"]),
        (Reply("hi", [1]), {"text": "hi", "raw": [1]}),
        (math.inf, math.inf),
        (-math.inf, -math.inf),
    ],
    # Not by their text, in which sets have another order in every process.
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_read_as_what_it_is(value: Any, expected: Any) -> None:
    found = actual(value)
    assert (found, type(found)) == (expected, type(expected))


def test_nan_stays_nan() -> None:
    found = actual(float("nan"))
    assert math.isnan(found)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"x", "bytes have no form in JSON"),
        (bytearray(b"x"), "bytes have no form in JSON"),
        ("a\ud800", "lone surrogate"),
        ({None: 1}, "the key `None` is neither text nor a whole number"),
        ({(1, 2): 1}, "the key `(1, 2)` is neither text nor a whole number"),
        ({True: 1}, "the key `True` is neither text nor a whole number"),
        ({1: "a", "1": "b"}, "two keys with the same text"),
        (object(), "a `object` has no form in JSON"),
        (int, "a `type` has no form in JSON"),
        (10**4300, "more than 4300 digits"),
        (decimal.Decimal("1E+4300"), "more than 4300 digits before the point"),
        (pd.DataFrame({"a": [1]}), "has no form in JSON"),
        (datetime.timedelta(1), "a `datetime.timedelta` has no form in JSON"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_form_errors_with_the_path_and_the_reason(value: Any, why: str) -> None:
    result = read({"value": {"deep": [0, value]}}, "value")
    assert result.status == "errored"
    assert "failed to read `value`: at `deep[1]`" in result.message and why in result.message


@pytest.mark.parametrize("bad", [b"x", "\ud800", {None: 1}, object()], ids=lambda value: type(value).__name__)
def test_a_bad_field_touches_only_the_tasks_that_read_it(bad: Any) -> None:
    equals = ComparisonOperator.Equals
    tasks = [
        AssertionTask(id="good", context_path="good", operator=equals, expected_value=1),
        AssertionTask(id="bad", context_path="bad", operator=equals, expected_value=1),
        AssertionTask(id="beside", context_path="both.good", operator=equals, expected_value=1),
    ]
    record = GenAIEvalRecord(context={"good": 1, "bad": bad, "both": {"good": 1, "bad": bad}, bad.__class__: 1})
    results = GenAIEvalDataset(records=[record], tasks=tasks).evaluate()
    assert [task.status for task in results[0].eval_set.records] == ["passed", "errored", "passed"]


@pytest.mark.parametrize(
    "holder",
    [
        ({"name": "x"}, b"raw"),
        [{"name": "x"}, b"raw"],
        Outer(query="q", inner=Inner(name="x", score=1, raw=b"\xff"), many=[]),
        Reply("x", b"raw"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_only_what_is_read_of_a_container_matters(holder: Any) -> None:
    path = {"Outer": "value.inner.name", "Reply": "value.text"}.get(type(holder).__name__, "value[0].name")
    assert read({"value": holder}, path, "x").status == "passed"


def test_whole_number_keys_are_reached_by_a_path() -> None:
    assert read({"scores": {1: "one", -2: "minus"}}, "scores.1", "one").passed
    assert read({"scores": {1: {"x": "one"}}}, "scores.1.x", "one").passed


def test_whole_number_keys_become_text() -> None:
    assert actual({1: "one"}) == {"1": "one"}


def test_negative_places_count_from_the_end() -> None:
    assert read({"items": (1, 2, 3)}, "items[-1]", 3).passed
    assert read({"items": [1, 2, 3]}, "items[-4]").message == "`items[-4]` is missing: there is no `[-4]`"


def test_a_model_is_a_context() -> None:
    model = Outer(query="q", inner=Inner(name="n", score=0.5), many=[Inner(name="m", score=1)])
    assert read(model, "inner.name", "n").passed
    assert read(model, "many[0].score", 1).passed


def test_models_and_dataclasses_stand_in_dicts() -> None:
    assert read({"model": Inner(name="n", score=0.5)}, "model.score", 0.5).passed
    assert read({"reply": Reply("hi")}, "reply.text", "hi").passed
    assert read({"replies": [Reply("hi")]}, "replies[*].text", ["hi"]).passed


@pytest.mark.parametrize("context", [[1], "text", None, 5, Outer, Reply("x")], ids=lambda value: type(value).__name__)
def test_a_context_that_is_no_dict_is_refused(context: Any) -> None:
    with pytest.raises(TypeError, match="`context` must be a dict or a pydantic model, not `"):
        GenAIEvalRecord(context=context)


@pytest.mark.parametrize("error", [RuntimeError("no fields today"), KeyboardInterrupt()], ids=lambda error: type(error).__name__)
def test_what_a_model_raises_of_its_fields_is_raised(error: BaseException) -> None:
    class Broken(BaseModel):
        def model_dump(self, **more: Any) -> dict[str, Any]:
            raise error

    with pytest.raises(type(error)) as caught:
        GenAIEvalRecord(context=Broken())
    assert caught.value is error


def test_a_model_whose_fields_are_no_dict_is_refused() -> None:
    class Listed:
        def model_dump(self) -> list[int]:
            return [1]

    with pytest.raises(TypeError, match="`context`: its `model_dump` gave a `list`, and a dict is expected"):
        GenAIEvalRecord(context=Listed())


def test_keys_set_later_are_not_seen() -> None:
    context: dict[str, Any] = {"a": 1}
    record = GenAIEvalRecord(context=context)
    context["a"], context["b"] = 2, 3
    assert record.context == {"a": 1}


def test_a_field_can_be_set_on_the_record() -> None:
    record = GenAIEvalRecord(context={"a": 1}, id="r")
    record.update_context_field("b", [2])
    assert record.context == {"a": 1, "b": [2]}


def test_what_raises_when_it_is_read_is_an_error_of_the_task() -> None:
    class Broken:
        def tolist(self) -> list[int]:
            raise RuntimeError("no list today")

    result = read({"value": Broken()}, "value")
    assert (result.status, result.message) == (
        "errored",
        "failed to read `value`: its `tolist` raised RuntimeError: no list today",
    )


def test_an_object_that_changes_its_dict_while_it_is_read_does_no_harm() -> None:
    class Growing:
        def __init__(self, owner: dict[str, Any]) -> None:
            self.owner = owner

        def tolist(self) -> list[int]:
            self.owner[f"new{len(self.owner)}"] = 1
            return [1]

    owner: dict[str, Any] = {"a": 1}
    owner["growing"] = Growing(owner)
    owner["z"] = 2
    assert actual(owner) == {"a": 1, "growing": [1], "z": 2}


def test_an_object_that_empties_its_list_while_it_is_read_errors_the_task() -> None:
    class Emptying:
        def model_dump(self) -> dict[str, int]:
            items.clear()
            return {"a": 1}

    items: list[Any] = [Emptying(), 1, 2]
    result = read({"value": items}, "value")
    assert result.status == "errored"
    assert "it changed while it was read" in result.message


def test_a_missing_path_is_no_error() -> None:
    result = read({"a": {"b": 1}}, "a.c.d", 1)
    assert (result.status, result.message) == ("failed", "`a.c.d` is missing: there is no `c`")
