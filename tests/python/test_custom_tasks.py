"""Functions as tasks: what they are given, what they may return, and what they may do wrong."""

from __future__ import annotations

import asyncio
import pickle
import re
import threading
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scouter._verdict import Thresholds
from scouter.errors import ConfigError
from scouter.evaluate import (
    AssertionTask,
    CheckResult,
    ComparisonOperator,
    CustomTask,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalTaskResult,
)

Context = dict[str, Any]


def run(*tasks: CustomTask | AssertionTask, config: EvaluationConfig | None = None, **context: Any) -> list[GenAIEvalTaskResult]:
    record = GenAIEvalRecord(context=context, id="r")
    return GenAIEvalDataset(records=[record], tasks=tasks).evaluate(config)["r"].eval_set.records


def returns(value: Any, **more: Any) -> GenAIEvalTaskResult:
    return run(CustomTask("c", lambda context: value, **more))[0]


def raising(error: BaseException) -> Callable[[Context], bool]:
    def function(context: Context) -> bool:
        raise error

    return function


def async_raising(error: BaseException) -> Callable[[Context], Any]:
    async def function(context: Context) -> bool:
        raise error

    return function


FINE = AssertionTask(id="fine", context_path="n", operator=ComparisonOperator.Exists, expected_value=True)


def test_a_function_is_called_with_the_context() -> None:
    assert run(CustomTask("c", lambda context: context["n"] == 1), n=1)[0].status == "passed"


def test_an_async_function_is_awaited() -> None:
    async def function(context: Context) -> bool:
        await asyncio.sleep(0)
        return bool(context["n"] == 1)

    assert [run(CustomTask("c", function), n=n)[0].status for n in (1, 2)] == ["passed", "failed"]


def test_an_object_that_can_be_called_is_a_function() -> None:
    class AtLeast:
        def __init__(self, least: int) -> None:
            self.least = least

        def __call__(self, context: Context) -> bool:
            return bool(context["n"] >= self.least)

    assert [run(CustomTask("c", AtLeast(2)), n=n)[0].status for n in (1, 2)] == ["failed", "passed"]


def test_an_object_whose_call_is_async_is_awaited() -> None:
    class Later:
        async def __call__(self, context: Context) -> bool:
            return True

    assert run(CustomTask("c", Later()))[0].status == "passed"


@pytest.mark.parametrize(
    ("value", "status"),
    [(True, "passed"), (False, "failed"), (np.bool_(True), "passed"), (np.bool_(False), "failed")],
    ids=repr,
)
def test_a_boolean_is_a_verdict(value: Any, status: str) -> None:
    assert returns(value).status == status


@pytest.mark.parametrize("value", [0, 1, 0.0, "", "yes", [], {"a": 1}])
def test_another_value_is_kept_without_a_verdict(value: Any) -> None:
    result = returns(value)
    assert (result.status, result.actual) == ("not_applicable", value)
    assert "without a verdict" in result.message and "CheckResult" in result.message


def test_none_is_an_error() -> None:
    result = returns(None)
    assert result.status == "errored" and "it returned None" in result.message


@pytest.mark.parametrize(
    ("value", "operator", "expected", "status"),
    [
        (5, ComparisonOperator.InRange, [1, 10], "passed"),
        (50, ComparisonOperator.InRange, [1, 10], "failed"),
        (False, ComparisonOperator.Equals, False, "passed"),
        ("ok then", ComparisonOperator.StartsWith, "${prefix}", "passed"),
        ([1, 2, 3], ComparisonOperator.LessThan, 3, "failed"),
        (None, ComparisonOperator.IsNull, True, "errored"),
    ],
)
def test_an_operator_judges_the_value(value: Any, operator: ComparisonOperator, expected: Any, status: str) -> None:
    task = CustomTask("c", lambda context: value, expected_value=expected, operator=operator)
    result = run(task, prefix="ok")[0]
    assert (result.status, result.operator) == (status, operator)


def test_each_says_how_many_items_must_pass() -> None:
    assert returns([1, 9], expected_value=5, operator=ComparisonOperator.GreaterThan, each="any").status == "passed"


@pytest.mark.parametrize(
    ("passed", "status"), [(True, "passed"), (False, "failed"), (None, "not_applicable")]
)
def test_a_check_result_says_everything_itself(passed: bool | None, status: str) -> None:
    result = returns(CheckResult(passed, value={"score": 0.5}, message="because"))
    assert (result.status, result.actual, result.message) == (status, {"score": 0.5}, "because")


def test_a_check_result_has_the_last_word_over_an_operator() -> None:
    result = returns(CheckResult(False, value=1, message="no"), expected_value=1, operator=ComparisonOperator.Equals)
    assert (result.status, result.message) == ("failed", "no")


@pytest.mark.parametrize("passed", ["yes", 1, [True]], ids=["text", "number", "list"])
def test_a_check_result_of_what_is_no_verdict_is_refused_with_what_to_write(passed: Any) -> None:
    told = f"`passed` of a `CheckResult` is `True`, `False` or `None`, not a `{type(passed).__name__}`: what was looked at goes into `value`"
    with pytest.raises(TypeError, match=re.escape(told)):
        CheckResult(passed)


def test_a_check_result_shows_itself() -> None:
    assert repr(CheckResult(None, value=[True])) == "CheckResult(passed=None, value=[True], message=None)"


@pytest.mark.parametrize("make", [raising, async_raising])
@pytest.mark.parametrize(
    "error",
    [ValueError("bad"), SystemExit(3), KeyboardInterrupt("stop"), asyncio.CancelledError(), GeneratorExit(), StopIteration()],
    ids=lambda error: type(error).__name__,
)
def test_what_a_function_raises_is_its_own_error_alone(make: Any, error: BaseException) -> None:
    async def slow(context: Context) -> bool:
        for _ in range(100):
            await asyncio.sleep(0)
        return True

    broken, fine, later = run(CustomTask("broken", make(error)), FINE, CustomTask("later", slow), n=1)
    assert (broken.status, fine.status, later.status) == ("errored", "passed", "passed")
    # An async function cannot let a StopIteration out: Python makes another error of it.
    named = "StopIteration" if isinstance(error, StopIteration) else type(error).__name__
    assert named in f"{broken.message}{broken.detail}"


def test_an_error_carries_its_traceback() -> None:
    result = run(CustomTask("c", raising(ValueError("bad"))))[0]
    assert result.message == "failed to call the function: ValueError: bad"
    assert result.detail is not None and result.detail.startswith("Traceback") and "in function" in result.detail


def test_an_error_whose_text_raises_is_still_an_error() -> None:
    class Rude(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no text")

    assert "Rude" in run(CustomTask("c", raising(Rude())))[0].message


def test_endless_recursion_is_an_error() -> None:
    def function(context: Context) -> bool:
        return function(context)

    assert "RecursionError" in run(CustomTask("c", function))[0].message


@pytest.mark.parametrize("value", [b"x", object(), {1, "a", None}.__class__, {(1,): 2}], ids=["bytes", "object", "class", "tuple key"])
def test_a_value_without_a_form_is_an_error(value: Any) -> None:
    result = returns(value)
    assert result.status == "errored" and "what it returned: " in result.message


def test_a_function_of_the_wrong_signature_is_an_error() -> None:
    function: Any = lambda: True  # noqa: E731
    assert "TypeError" in run(CustomTask("c", function))[0].message


def test_values_of_dependencies_stand_under_their_ids() -> None:
    made = CustomTask("Made", lambda context: {"score": 7})
    uses = CustomTask("uses", lambda context: context["made"]["score"] == 7, depends_on=["made"])
    reads = AssertionTask(
        id="reads", context_path="made.score", operator=ComparisonOperator.Equals, expected_value=7, depends_on=["made"]
    )
    assert [result.status for result in run(made, uses, reads)] == ["not_applicable", "passed", "passed"]


def test_values_of_other_tasks_are_not_seen() -> None:
    first = CustomTask("first", lambda context: 1)
    second = CustomTask("second", lambda context: "first" not in context)
    assert run(first, second)[1].status == "passed"


def test_the_context_wins_over_a_dependency_of_the_same_name() -> None:
    made = CustomTask("name", lambda context: "from the task")
    uses = CustomTask("uses", lambda context: context["name"] == "from the context", depends_on=["name"])
    reads = AssertionTask(
        id="reads", context_path="name", operator=ComparisonOperator.StartsWith, expected_value="from the context", depends_on=["name"]
    )
    results = run(made, uses, reads, name="from the context")
    assert [result.status for result in results] == ["not_applicable", "passed", "passed"]


def test_a_function_cannot_set_keys_for_others() -> None:
    def sets(context: Context) -> bool:
        context["set"] = True
        return True

    assert run(CustomTask("sets", sets), CustomTask("c", lambda context: "set" not in context, depends_on=["sets"]))[1].passed


def test_what_a_function_changes_inside_its_context_is_changed_for_later_runs() -> None:
    context = {"sources": ["b", "a"]}
    record = GenAIEvalRecord(context=context, id="r")
    sorts = CustomTask("sorts", lambda context: context["sources"].sort() or True)
    sees = CustomTask("sees", lambda context: context["sources"] == ["a", "b"], depends_on=["sorts"])
    [_, seen] = GenAIEvalDataset(records=[record], tasks=[sorts, sees]).evaluate()["r"].eval_set.records
    assert seen.status == "passed"
    later = AssertionTask("later", ["a", "b"], ComparisonOperator.Equals, "sources")
    assert GenAIEvalDataset(records=[record], tasks=[later]).evaluate()["r"]["later"].status == "passed"
    assert context == {"sources": ["a", "b"]}


def test_a_closed_gate_skips_functions() -> None:
    called: list[str] = []

    def behind_it(context: Context) -> bool:
        called.append("called")
        return True

    gate = CustomTask("gate", lambda context: False, condition=True)
    behind = CustomTask("behind", behind_it, depends_on=["gate"])
    assert [result.status for result in run(gate, behind)] == ["failed", "skipped"] and not called


def test_a_gate_that_raises_is_closed() -> None:
    gate = CustomTask("gate", raising(ValueError("bad")), condition=True)
    behind = CustomTask("behind", lambda context: True, depends_on=["gate"])
    results = run(gate, behind, FINE, n=1)
    assert [result.status for result in results] == ["errored", "skipped", "passed"]


@pytest.mark.parametrize("config", [None, EvaluationConfig(task_timeout=0.5)])
def test_an_async_function_may_run_out_of_time(config: EvaluationConfig | None) -> None:
    cancelled = threading.Event()

    async def forever(context: Context) -> bool:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return True

    task = CustomTask("c", forever, timeout=None if config else 0.5)
    slow, fine = run(task, FINE, config=config, n=1)
    assert (slow.status, fine.status) == ("errored", "passed") and "500ms" in slow.message
    assert cancelled.wait(60)


def test_a_blocking_function_may_run_out_of_time() -> None:
    release = threading.Event()
    try:
        slow, fine = run(CustomTask("c", lambda context: release.wait(60), timeout=0.05), FINE, n=1)
    finally:
        release.set()
    assert (slow.status, fine.status) == ("errored", "passed")


def test_functions_that_hang_keep_no_later_one_from_being_called() -> None:
    release, called = threading.Event(), []

    def hangs_at_first(context: Context) -> bool:
        called.append(context["n"])
        return context["n"] >= 6 or release.wait(60)

    records = [GenAIEvalRecord(context={"n": n}) for n in range(10)]
    config = EvaluationConfig(max_concurrency=2, task_timeout=0.2)
    try:
        results = GenAIEvalDataset(records, [CustomTask("c", hangs_at_first)]).evaluate(config)
    finally:
        release.set()
    assert sorted(called) == list(range(10))
    assert [result.eval_set.records[0].status for result in results][:6] == ["errored"] * 6


def test_a_coroutine_that_blocks_its_loop_may_run_out_of_time() -> None:
    release = threading.Event()

    async def blocks(context: Context) -> bool:
        return release.wait(60)

    try:
        slow, fine = run(CustomTask("c", blocks, timeout=0.05), FINE, n=1)
    finally:
        release.set()
    assert (slow.status, fine.status) == ("errored", "passed")


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_a_timeout_is_a_positive_number_of_seconds(timeout: float) -> None:
    with pytest.raises(ConfigError, match="task `c`, field `timeout`"):
        CustomTask("c", lambda context: True, timeout=timeout)


def test_what_cannot_be_called_is_refused() -> None:
    function: Any = "not a function"
    with pytest.raises(ConfigError, match="task `c`, field `function`: it cannot be called"):
        CustomTask("c", function)


def test_an_expected_value_needs_an_operator() -> None:
    with pytest.raises(ConfigError, match="task `c`, field `operator`"):
        CustomTask("c", lambda context: 1, expected_value=1)


def test_many_async_calls_overlap() -> None:
    started, together = threading.Event(), asyncio.Event

    async def meet(context: Context) -> bool:
        waiting = state.setdefault("barrier", together())
        state["count"] = state.get("count", 0) + 1
        if state["count"] == 20:
            started.set()
            waiting.set()
        await waiting.wait()
        return True

    state: dict[str, Any] = {}
    records = [GenAIEvalRecord(context={}) for _ in range(20)]
    results = GenAIEvalDataset(records=records, tasks=[CustomTask("meet", meet, timeout=30)]).evaluate()
    assert started.is_set() and results.pass_rate == 1.0


def test_no_more_records_are_under_way_than_allowed() -> None:
    state = {"now": 0, "most": 0}

    async def counted(context: Context) -> bool:
        state["now"] += 1
        state["most"] = max(state["most"], state["now"])
        await asyncio.sleep(0)
        state["now"] -= 1
        return True

    records = [GenAIEvalRecord(context={}) for _ in range(40)]
    GenAIEvalDataset(records=records, tasks=[CustomTask("c", counted)]).evaluate(EvaluationConfig(max_concurrency=3))
    assert 1 <= state["most"] <= 3


def test_functions_see_the_context_variables_of_whoever_runs_and_change_their_own() -> None:
    tenant: ContextVar[str] = ContextVar("tenant", default="nobody")

    def taken(context: Context) -> bool:
        found = tenant.get()
        tenant.set("changed")
        return found == "shop"

    async def taken_later(context: Context) -> bool:
        return taken(context)

    tenant.set("shop")
    records = [GenAIEvalRecord(context={"n": n}) for n in range(20)]
    done = GenAIEvalDataset(records, [CustomTask("now", taken), CustomTask("later", taken_later)]).evaluate()
    assert (done.pass_rate, tenant.get()) == (1.0, "shop")


def answers(*values: Any) -> GenAIEvalDataset:
    """A record and an answer of one function for each of these."""
    records = [GenAIEvalRecord(context={"at": at}) for at in range(len(values))]
    return GenAIEvalDataset(records, [CustomTask("has_source", lambda context: values[context["at"]])])


def test_a_function_that_gives_values_beside_verdicts_is_hinted_at(tmp_path: Path) -> None:
    some = answers(*[True] * 7, "", 0, "")
    told = (
        "task `has_source` gave a verdict for 7 of 10 records; 3 answers (`\"\"`, `0`) are values, not verdicts, and count in no rate: "
        "return a bool, or a CheckResult"
    )
    results = some.evaluate()
    assert (results.pass_rate, results.hints()) == (1.0, {"has_source": told})
    assert f"hint: {told}" in str(results.as_table())
    assert some.evaluate_to(tmp_path / "out.jsonl").hints() == {"has_source": told}


def test_a_verdict_with_its_reason_in_a_tuple_is_shown_as_the_value_that_it_is() -> None:
    told = answers(True, (True, "why")).evaluate().hints()["has_source"]
    assert "1 answer (`[true,\"why\"]`) is a value, not a verdict, and counts in no rate" in told


@pytest.mark.parametrize("value", ["false", (False, "why"), {"passed": False}], ids=["text", "tuple", "dict"])
def test_a_function_that_never_gives_a_verdict_is_hinted_at(value: Any) -> None:
    told = answers(value, value).evaluate().hints()["has_source"]
    assert told.startswith("task `has_source` gave no verdict, and no task depends on it; 2 answers (") and "return a bool" in told


def test_a_function_whose_values_a_task_depends_on_is_not_hinted_at() -> None:
    made = CustomTask("made", lambda context: "text")
    reads = CustomTask("reads", lambda context: context["made"] == "text", depends_on=["made"])
    assert GenAIEvalDataset([GenAIEvalRecord(context={})], [made, reads]).evaluate().hints() == {}


@pytest.mark.parametrize("value", ["yes", {"passed": True}], ids=["text", "dict"])
def test_a_gate_that_never_gives_a_verdict_leaves_open_whether_the_run_passes(value: Any, tmp_path: Path) -> None:
    gate = CustomTask("gate", lambda context: value, condition=True)
    behind = CustomTask("behind", lambda context: False, depends_on=["gate"])
    beside = CustomTask("beside", lambda context: True)
    dataset = GenAIEvalDataset([GenAIEvalRecord(context={"at": at}) for at in range(2)], [gate, behind, beside])
    results = dataset.evaluate()
    told = results.hints()["gate"]
    assert told.startswith("the gate `gate` gave a value (`") and "not a verdict, in all 2 records, and kept `behind` from running" in told
    assert Thresholds().unchecked(results) == [told]
    assert Thresholds(tasks={"gate": 0}).unchecked(results) == []
    summary = pickle.loads(pickle.dumps(dataset.evaluate_to(tmp_path / "out.jsonl")))
    assert Thresholds().unchecked(summary) == [told]


def test_a_gate_that_never_gives_a_verdict_is_told_where_it_has_nothing_to_check_in_some_records() -> None:
    gate = CustomTask("gate", lambda context: CheckResult(None) if context["at"] else "yes", condition=True)
    behind = CustomTask("behind", lambda context: False, depends_on=["gate"])
    results = GenAIEvalDataset([GenAIEvalRecord(context={"at": at}) for at in range(3)], [gate, behind]).evaluate()
    told = "the gate `gate` gave a value (`\"yes\"`), not a verdict, in 1 of 3 records, and kept `behind` from running: return a bool, or a CheckResult"
    assert Thresholds().unchecked(results) == [told]


def test_a_gate_that_has_nothing_to_check_in_any_record_leaves_open_whether_the_run_passes(tmp_path: Path) -> None:
    gate = CustomTask("gate", lambda context: CheckResult(None), condition=True)
    behind = CustomTask("behind", lambda context: False, depends_on=["gate"])
    beside = CustomTask("beside", lambda context: True)
    dataset = GenAIEvalDataset([GenAIEvalRecord(context={"at": at}) for at in range(2)], [gate, behind, beside])
    results = dataset.evaluate()
    told = results.hints()["gate"]
    assert told.startswith("the gate `gate` had nothing to judge in all 2 records, and kept `behind` from running: ")
    assert (Thresholds().unmet(results), Thresholds().unchecked(results)) == ([], [told])
    assert Thresholds(tasks={"gate": 0}).unchecked(results) == []
    summary = pickle.loads(pickle.dumps(dataset.evaluate_to(tmp_path / "out.jsonl")))
    assert Thresholds().unchecked(summary) == [told]


@pytest.mark.parametrize("values", [(1, 2), (True, False), (True, CheckResult(None))], ids=["numbers", "verdicts", "nothing to check"])
def test_a_function_that_gives_one_of_both_is_not_hinted_at(values: tuple[Any, ...]) -> None:
    assert answers(*values).evaluate().hints() == {}
