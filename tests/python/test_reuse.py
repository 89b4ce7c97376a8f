"""Answers of earlier runs: what has not changed is not asked again."""

from __future__ import annotations

import contextlib
import functools
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scouter._identity import identity
from scouter.errors import ConfigError, RunDirError
from scouter.evaluate import (
    AssertionTask,
    CheckResult,
    ComparisonOperator,
    CustomTask,
    GenAIEvalDataset,
    GenAIEvalRecord,
)

CALLS: Counter[str] = Counter()
PROMPT = "How long is it?"
GREATER = ComparisonOperator.GreaterThan


@pytest.fixture(autouse=True)
def no_calls() -> None:
    CALLS.clear()


def length(context: dict[str, Any]) -> int:
    CALLS["length"] += 1
    return len(context["text"])


def double(context: dict[str, Any]) -> int:
    CALLS["double"] += 1
    return 2 * context["length"]


class Closed:
    """What it holds cannot be looked at."""

    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        raise RuntimeError("nobody looks in here")

    def __call__(self, context: dict[str, Any]) -> bool:
        return True


def kind(context: dict[str, Any]) -> CheckResult:
    CALLS["kind"] += 1
    return CheckResult(passed=context["text"] != "", value={"kind": "text"}, message="looked at it")


@pytest.mark.parametrize("kept", ["run_dir", "reuse"])
def test_a_function_of_which_a_change_could_not_be_told_is_refused_where_that_matters(kept: str, tmp_path: Path) -> None:
    first(tmp_path)
    closed, versioned = (GenAIEvalDataset(records(TEXTS), [CustomTask("closed", Closed(), version=version)]) for version in (None, "1"))
    assert closed.evaluate().pass_rate == 1.0
    with pytest.raises(ConfigError, match="task `closed`, field `function`: .*nobody looks in here: give the task a `version`"):
        closed.evaluate(**{kept: tmp_path})
    other = tmp_path / "other"
    assert versioned.evaluate(**{kept: other if kept == "run_dir" else tmp_path}).pass_rate == 1.0


def suite(
    length: Callable[..., Any] = length,
    double: Callable[..., Any] = double,
    kind: Callable[..., Any] = kind,
    expected: int = 2,
    **of_length: Any,
) -> list[Any]:
    return [
        CustomTask("length", length, expected, GREATER, **of_length),
        CustomTask("double", double, expected, GREATER, depends_on=["length"]),
        CustomTask("kind", kind),
        AssertionTask(id="text", context_path="text", operator=ComparisonOperator.IsNotEmpty),
    ]


def records(texts: list[str]) -> list[GenAIEvalRecord]:
    return [GenAIEvalRecord({"text": text}, id=f"r{at}") for at, text in enumerate(texts)]


TEXTS = ["", "a", "bb", "ccc", "dddd"]


def first(run_dir: Path, tasks: list[Any] | None = None) -> str:
    results = GenAIEvalDataset(records(TEXTS), tasks or suite()).evaluate(run_dir=run_dir)
    CALLS.clear()
    return shape(results)


def shape(results: Any) -> str:
    return repr([[(task.task_id, task.status, task.actual, task.message) for task in results[f"r{at}"].eval_set.records] for at in range(5)])


def run(reuse: Path, tasks: list[Any], texts: list[str] = TEXTS, **more: Any) -> Any:
    return GenAIEvalDataset(records(texts), tasks).evaluate(reuse=reuse, **more)


def test_nothing_that_is_the_same_is_called_again(tmp_path: Path) -> None:
    before = first(tmp_path)
    assert shape(run(tmp_path, suite())) == before
    assert CALLS == {}


def test_a_threshold_is_changed_without_a_call(tmp_path: Path) -> None:
    first(tmp_path)
    results = run(tmp_path, suite(expected=3))
    assert CALLS == {}
    assert results.task_counts()["length"].passed == 1
    assert results["r4"].eval_set.records[0].message == "`4` is greater than `3`"


def test_another_operator_is_no_call_either(tmp_path: Path) -> None:
    first(tmp_path, [CustomTask("length", length)])
    results = run(tmp_path, [CustomTask("length", length, 2, ComparisonOperator.LessThan)])
    assert CALLS == {}
    assert results.task_counts()["length"].passed == 2


def test_a_task_that_changed_is_called_with_those_that_see_another_value(tmp_path: Path) -> None:
    def longer(context: dict[str, Any]) -> int:
        CALLS["longer"] += 1
        return len(context["text"]) + (len(context["text"]) > 3)

    first(tmp_path)
    results = run(tmp_path, suite(length=longer))
    # `double` depends on it, and is shown another value for the one record where it came out differently.
    assert CALLS == {"longer": 5, "double": 1}
    assert results["r4"].eval_set.records[1].actual == 10


def test_a_task_that_nothing_depends_on_changes_alone(tmp_path: Path) -> None:
    def other(context: dict[str, Any]) -> bool:
        CALLS["other"] += 1
        return True

    first(tmp_path)
    run(tmp_path, suite(kind=other))
    assert CALLS == {"other": 5}


def test_a_record_that_changed_is_asked_about_alone(tmp_path: Path) -> None:
    first(tmp_path)
    run(tmp_path, suite(), ["", "a", "bb", "CCC", "dddd"])
    # Its length is the same, but a function is shown the whole context.
    assert CALLS == {"length": 1, "double": 1, "kind": 1}


def test_records_may_be_added_and_left_out(tmp_path: Path) -> None:
    first(tmp_path)
    run(tmp_path, suite(), [*TEXTS, "eeeee"])
    assert CALLS == {"length": 1, "double": 1, "kind": 1}


def test_a_version_counts_instead_of_the_code(tmp_path: Path) -> None:
    first(tmp_path, suite(version="1"))
    run(tmp_path, suite(length=lambda context: 1 / 0, version="1"))
    assert CALLS == {}
    run(tmp_path, suite(version="2"))
    assert CALLS == {"length": 5}


def test_a_new_run_directory_holds_what_was_taken_over(tmp_path: Path) -> None:
    first(tmp_path / "a")
    run(tmp_path / "a", suite(expected=3), run_dir=tmp_path / "b")
    run(tmp_path / "b", suite(expected=4))
    assert CALLS == {}


def test_an_error_is_not_remembered(tmp_path: Path) -> None:
    def broken(context: dict[str, Any]) -> int:
        CALLS["broken"] += 1
        if CALLS["broken"] <= 2:
            raise ConnectionError
        return 1

    tasks = [CustomTask("broken", broken)]
    GenAIEvalDataset(records(TEXTS), tasks).evaluate(run_dir=tmp_path)
    run(tmp_path, tasks)
    assert CALLS == {"broken": 7}


def test_a_value_too_large_to_be_kept_in_results_is_remembered_whole(tmp_path: Path) -> None:
    def long(context: dict[str, Any]) -> list[int]:
        CALLS["long"] += 1
        return list(range(20_000))

    def task(least: int) -> list[Any]:
        return [CustomTask("long", long, least, ComparisonOperator.HasLengthGreaterThan)]

    first(tmp_path, task(1))
    results = run(tmp_path, task(19_999))
    assert CALLS == {}
    assert results.task_counts()["long"].passed == 5


def test_a_context_that_cannot_be_looked_at_as_a_whole_is_asked_about_again(tmp_path: Path) -> None:
    data = [GenAIEvalRecord({"text": "a", "image": object()}, id="r0")]
    GenAIEvalDataset(data, [CustomTask("length", length)]).evaluate(run_dir=tmp_path)
    GenAIEvalDataset(data, [CustomTask("length", length)]).evaluate(reuse=tmp_path)
    assert CALLS == {"length": 2}


def test_two_tasks_with_one_function_are_asked_both(tmp_path: Path) -> None:
    GenAIEvalDataset(records(TEXTS), [CustomTask("one", length)]).evaluate(run_dir=tmp_path)
    run(tmp_path, [CustomTask("one", length), CustomTask("two", length)])
    assert CALLS == {"length": 10}


def test_what_is_no_run_directory_cannot_be_reused(tmp_path: Path) -> None:
    with pytest.raises(RunDirError, match="is no run directory"):
        run(tmp_path, suite())


def test_the_directory_of_the_run_itself_cannot_be_reused(tmp_path: Path) -> None:
    first(tmp_path)
    before = (tmp_path / "run.json").read_bytes()
    with pytest.raises(RunDirError, match="cannot be both the directory of the run and what is reused"):
        run(tmp_path, suite(), run_dir=tmp_path)
    assert (tmp_path / "run.json").read_bytes() == before


def prompted(context: dict[str, Any]) -> bool:
    return ask(PROMPT)


def ask(prompt: str) -> bool:
    CALLS[prompt] += 1
    return True


def test_a_constant_of_the_module_is_part_of_a_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first(tmp_path, [CustomTask("prompted", prompted)])
    run(tmp_path, [CustomTask("prompted", prompted)])
    assert CALLS == {}
    monkeypatch.setitem(globals(), "PROMPT", "What is it?")
    run(tmp_path, [CustomTask("prompted", prompted)])
    assert CALLS == {"What is it?": 5}


def test_a_function_of_the_module_is_part_of_those_that_call_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked_otherwise(prompt: str) -> bool:
        CALLS["otherwise"] += 1
        return False

    first(tmp_path, [CustomTask("prompted", prompted)])
    monkeypatch.setitem(globals(), "ask", asked_otherwise)
    run(tmp_path, [CustomTask("prompted", prompted)])
    assert CALLS == {"otherwise": 5}


class Judge:
    """A judge with a model, that counts its calls."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.calls = 0
        self.client = object()

    def __call__(self, context: dict[str, Any]) -> bool:
        self.calls += 1
        CALLS[self.model] += 1
        return True

    def judge(self, context: dict[str, Any]) -> bool:
        return self(context)


@pytest.mark.parametrize("made", [Judge, lambda model: Judge(model).judge, lambda model: functools.partial(named, model=model)])
def test_an_object_is_what_it_was_made_with(tmp_path: Path, made: Callable[[str], Any]) -> None:
    first(tmp_path, [CustomTask("judge", made("small"))])
    run(tmp_path, [CustomTask("judge", made("small"))])
    assert CALLS == {}
    run(tmp_path, [CustomTask("judge", made("large"))])
    assert CALLS == {"large": 5}


def named(context: dict[str, Any], model: str) -> bool:
    CALLS[model] += 1
    return True


def test_an_object_that_changes_itself_is_the_same(tmp_path: Path) -> None:
    judge = Judge("small")
    first(tmp_path, [CustomTask("judge", judge)])
    assert judge.calls == 5
    run(tmp_path, [CustomTask("judge", judge)])
    assert CALLS == {}


def test_a_variable_that_a_function_sets_itself_is_no_part_of_it(tmp_path: Path) -> None:
    count = 0

    def counting(context: dict[str, Any]) -> bool:
        nonlocal count
        count += 1
        return True

    first(tmp_path, [CustomTask("counting", counting)])
    run(tmp_path, [CustomTask("counting", counting)])
    assert count == 5


def test_what_a_function_closes_over_is_part_of_it(tmp_path: Path) -> None:
    def closing(least: int) -> Callable[[dict[str, Any]], bool]:
        def check(context: dict[str, Any]) -> bool:
            CALLS["check"] += 1
            return len(context["text"]) > least

        return check

    first(tmp_path, [CustomTask("check", closing(1))])
    run(tmp_path, [CustomTask("check", closing(1))])
    assert CALLS == {}
    run(tmp_path, [CustomTask("check", closing(2))])
    assert CALLS == {"check": 5}


# The lambdas and the factory below are parts that had one name in common.
def shown(text: str, most: int = 3) -> str:
    return text[:most]


def shows(context: dict[str, Any], most: int = 3) -> str:
    return shown(context["text"])


FIRST, SECOND = (lambda text: text + "1"), (lambda text: text + "2")


def both(context: dict[str, Any]) -> str:
    return SECOND(FIRST(context["text"]))


def adding(number: int) -> Callable[[int], int]:
    def add(to: int) -> int:
        return to + number

    return add


def added(one: int, two: int) -> Callable[[dict[str, Any]], int]:
    first, second = adding(one), adding(two)

    def sums(context: dict[str, Any]) -> int:
        return second(first(len(context["text"])))

    return sums


def guarded(context: dict[str, Any]) -> int:
    try:
        kept = shown(context["text"])
        number = int(kept)
    except ValueError:
        number = 0
    return number


def guarded_less(context: dict[str, Any]) -> int:
    try:
        kept = shown(context["text"])
    except ValueError:
        number = 0
    else:
        number = int(kept)
    return number


def between(context: dict[str, Any], low: int, high: int) -> bool:
    return low < len(context["text"]) < high


def between_otherwise(context: dict[str, Any], high: int, low: int) -> bool:
    return high < len(context["text"]) < low


def test_what_a_try_reaches_is_part_of_a_function() -> None:
    assert identity(guarded) != identity(guarded_less)


def test_parameters_that_change_names_are_a_change() -> None:
    one, other = (functools.partial(function, low=1, high=9) for function in (between, between_otherwise))
    assert identity(one) != identity(other)


def test_a_default_of_the_task_is_told_from_that_of_a_function_it_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity(shows)
    monkeypatch.setattr(shows, "__defaults__", (4,))
    assert identity(shows) != before


def test_a_default_of_a_function_that_the_task_calls_is_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity(shows)
    monkeypatch.setattr(shown, "__defaults__", (4,))
    assert identity(shows) != before


@pytest.mark.parametrize("name", ["FIRST", "SECOND"])
def test_two_lambdas_are_told_apart(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = identity(both)
    monkeypatch.setitem(globals(), name, lambda text: text + "3")
    assert identity(both) != before


def test_functions_that_change_places_are_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity(both)
    first, second = FIRST, SECOND
    monkeypatch.setitem(globals(), "FIRST", second)
    monkeypatch.setitem(globals(), "SECOND", first)
    assert identity(both) != before


@pytest.mark.parametrize("numbers", [(1, 3), (3, 2), (2, 1), (1, 1)])
def test_two_closures_of_one_function_are_told_apart(numbers: tuple[int, int]) -> None:
    assert identity(added(1, 2)) == identity(added(1, 2))
    assert identity(added(*numbers)) != identity(added(1, 2))


class Asks:
    """Its call goes on to a method, a property and a prompt of the class."""

    prompt = "How long is it?"

    def __call__(self, context: dict[str, Any]) -> str:
        return self.ask(context["text"]) + self.end

    def ask(self, text: str) -> str:
        return self.prompt + text

    @property
    def end(self) -> str:
        return "."


def asks_otherwise(self: Asks, text: str) -> str:
    return text


@pytest.mark.parametrize(
    ("name", "value"), [("ask", asks_otherwise), ("prompt", "What is it?"), ("end", property(lambda self: "!"))], ids=lambda value: str(value)[:6]
)
@pytest.mark.parametrize("made", [Asks, lambda: Asks().__call__, type("Heir", (Asks,), {})], ids=["object", "method", "heir"])
def test_what_a_method_uses_of_its_class_is_part_of_it(
    monkeypatch: pytest.MonkeyPatch, made: Callable[[], Any], name: str, value: object
) -> None:
    before = identity(made())
    assert identity(made()) == before
    monkeypatch.setattr(Asks, name, value)
    assert identity(made()) != before


def doubled(text: str) -> str:
    return text + text


def doubled_otherwise(text: str) -> str:
    return 2 * text


def calls_doubled(context: dict[str, Any]) -> str:
    return doubled(context["text"])


# The second is of another module, as decorators of libraries are.
DECORATORS = [functools.lru_cache(maxsize=None), contextlib.contextmanager]


@pytest.mark.parametrize("decorate", DECORATORS, ids=["cache", "decorator"])
def test_what_is_behind_a_decorator_is_part_of_a_function(monkeypatch: pytest.MonkeyPatch, decorate: Callable[..., Any]) -> None:
    assert identity(decorate(doubled)) == identity(decorate(doubled))
    assert identity(decorate(doubled)) != identity(decorate(doubled_otherwise))
    monkeypatch.setitem(globals(), "doubled", decorate(doubled))
    before = identity(calls_doubled)
    monkeypatch.setitem(globals(), "doubled", decorate(doubled_otherwise))
    assert identity(calls_doubled) != before


def test_a_decorator_of_another_module_is_a_part_only_by_what_it_was_given() -> None:
    parts = identity(contextlib.contextmanager(doubled))
    assert [part for part in parts if not part.startswith(("wrapped: ", "closure func"))] == []
