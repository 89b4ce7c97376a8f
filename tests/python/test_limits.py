"""What runs do at their limits: many at once, functions that outlast them, settings that no machine can follow."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    CustomTask,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    SpanFilter,
)
from scouter.genai import ModelOptions


def records(count: int) -> list[GenAIEvalRecord]:
    return [GenAIEvalRecord(context={"n": n}, id=f"r{n}") for n in range(count)]


def is_set(path: str) -> AssertionTask:
    return AssertionTask(id="set", context_path=path, operator=ComparisonOperator.Exists, expected_value=True)


@pytest.mark.parametrize("setting", [{"workers": 0}, {"workers": 2**20}, {"max_concurrency": 0}, {"max_concurrency": 2**62}])
def test_settings_beyond_any_machine_are_refused(setting: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be from 1 to"):
        EvaluationConfig(**setting)


DATA = GenAIEvalDataset(records(2), [is_set("n")])
MODELS = ["max_retries", "concurrency", "requests_per_minute", "tokens_per_minute", "budget_tokens", "budget_calls"]


@pytest.mark.parametrize("number", [-1, 2**70])
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("max_concurrency", lambda number: EvaluationConfig(max_concurrency=number)),
        ("workers", lambda number: EvaluationConfig(workers=number)),
        ("trials", lambda number: DATA.evaluate(trials=number)),
        ("trials", lambda number: DATA.evaluate_to("out.jsonl", trials=number)),
        ("trials", lambda number: DATA.evaluate_async(trials=number)),
        ("sample", lambda number: DATA.check(number)),
        ("max_records", lambda number: DATA.evaluate().as_table(max_records=number)),
        ("max_rows", lambda number: DATA.evaluate().compare_to(DATA.evaluate()).as_table(max_rows=number)),
        ("seed", lambda number: DATA.evaluate().compare_to(DATA.evaluate(), seed=number)),
        ("k", lambda number: DATA.evaluate().trials().pass_at(number)),
        ("of", lambda number: DATA.evaluate().trials().at_least(1, number)),
        ("min", lambda number: SpanFilter.child_count(min=number)),
        ("max", lambda number: SpanFilter.depth_between(max=number)),
        *((name, lambda number, name=name: ModelOptions(**{name: number})) for name in MODELS),
    ],
    ids=lambda value: "call" if callable(value) else str(value),
)
def test_numbers_out_of_range_are_wrong_values(name: str, call: Callable[[int], object], number: int) -> None:
    with pytest.raises(ValueError, match=f"`{name}` must be from "):
        call(number)


def test_numbers_that_are_no_whole_numbers_are_of_a_wrong_type() -> None:
    with pytest.raises(TypeError, match="trials"):
        DATA.evaluate(trials=1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="workers"):
        EvaluationConfig(workers="2")  # type: ignore[arg-type]


def test_more_awaited_runs_than_threads_of_the_loop_all_end() -> None:
    async def check(_: object) -> bool:
        return await asyncio.to_thread(lambda: True)

    async def all_at_once() -> list[float | None]:
        datasets = [GenAIEvalDataset(records(2), [CustomTask("check", check)]) for _ in range(40)]
        results = await asyncio.gather(*(dataset.evaluate_async() for dataset in datasets))
        return [result.pass_rate for result in results]

    assert asyncio.run(asyncio.wait_for(all_at_once(), 60)) == [1.0] * 40


def test_functions_left_behind_by_their_timeout_do_not_end_the_process_badly() -> None:
    code = """
import threading
from scouter.evaluate import CustomTask, GenAIEvalDataset, GenAIEvalRecord
slow = CustomTask("slow", lambda context: not threading.Event().wait(0.3), timeout=0.02)
results = GenAIEvalDataset([GenAIEvalRecord({}) for _ in range(50)], [slow]).evaluate()
print(results.task_counts()["slow"].errored)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "50", "")


def test_threads_of_functions_whose_callers_timed_out_are_bounded() -> None:
    running = most = 0
    lock = threading.Lock()
    release = threading.Event()

    def slow(_: object) -> bool:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        release.wait(30)
        with lock:
            running -= 1
        return True

    task = CustomTask("slow", slow, timeout=0.01)
    GenAIEvalDataset(records(700), [task]).evaluate(EvaluationConfig(max_concurrency=4))
    release.set()
    # Later functions are called all the same, in threads to spare.
    assert 4 < most <= 4 + 512


def test_a_path_of_many_steps_is_refused() -> None:
    for path in (".".join(["a"] * 200_000), "$" + ".a" * 200_000):
        with pytest.raises(ValueError, match="steps"):
            GenAIEvalDataset(records(1), [is_set(path)])
