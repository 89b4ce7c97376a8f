"""Runs among other things that a process does: threads, servers, forks, event loops, its end."""

from __future__ import annotations

import asyncio
import http.server
import logging
import multiprocessing
import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import scouter.errors
import scouter.evaluate
from scouter.evaluate import AssertionTask, ComparisonOperator, CustomTask, EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord


def is_one(context: dict[str, Any]) -> bool:
    return bool(context["n"] % 2)


async def is_one_later(context: dict[str, Any]) -> bool:
    await asyncio.sleep(0)
    return bool(context["n"] % 2)


def dataset(count: int = 100, *functions: Any) -> GenAIEvalDataset:
    records = [GenAIEvalRecord(context={"n": n}, id=str(n)) for n in range(count)]
    tasks = [
        AssertionTask(id="small", context_path="n", operator=ComparisonOperator.LessThan, expected_value=count // 2),
        *(CustomTask(f"f{at}", function) for at, function in enumerate(functions)),
    ]
    return GenAIEvalDataset(records=records, tasks=tasks)


def python(code: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=timeout)


def test_other_threads_make_progress_during_a_run() -> None:
    counted, stop = 0, threading.Event()

    def count() -> None:
        nonlocal counted
        while not stop.is_set():
            counted += 1

    task = AssertionTask(
        id="t", context_path="t", operator=ComparisonOperator.SimilarityAtLeast, expected_value=["ba" * 100, 0.5]
    )
    slow = GenAIEvalDataset(records=[GenAIEvalRecord(context={"t": "ab" * 100}) for _ in range(1_000)], tasks=[task])
    thread = threading.Thread(target=count)
    thread.start()
    before = counted
    slow.evaluate()
    during = counted - before
    stop.set()
    thread.join()
    assert during > 1_000


@pytest.fixture
def server() -> Iterator[str]:
    """A server in this very process: it answers only where the interpreter is free."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.path.strip("/").encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def test_a_server_in_the_same_process_answers_a_task(server: str) -> None:
    def asks(context: dict[str, Any]) -> bool:
        with urllib.request.urlopen(f"{server}/{context['n']}", timeout=30) as answer:
            return bool(answer.read() == str(context["n"]).encode())

    assert dataset(20, asks).evaluate().task_counts()["f0"].passed == 20


def test_several_threads_evaluate_at_once() -> None:
    shared = dataset(200, is_one)
    with ThreadPoolExecutor(8) as pool:
        rates = list(pool.map(lambda _: shared.evaluate().pass_rate, range(16)))
    assert rates == [0.5] * 16


def test_a_function_may_evaluate_itself() -> None:
    inner = dataset(10, is_one_later)
    results = dataset(4, lambda context: inner.evaluate().pass_rate == 0.5).evaluate()
    assert results.task_counts()["f0"].passed == 4


def test_a_run_may_be_awaited() -> None:
    async def main() -> float | None:
        return (await dataset(50, is_one, is_one_later).evaluate_async()).pass_rate

    assert asyncio.run(main()) == 0.5


def test_several_runs_are_awaited_at_once() -> None:
    async def main() -> list[float | None]:
        runs = [dataset(50, is_one, is_one_later).evaluate_async() for _ in range(8)]
        return [results.pass_rate for results in await asyncio.gather(*runs)]

    assert asyncio.run(main()) == [0.5] * 8


def test_awaited_functions_run_on_the_loop_that_awaits() -> None:
    loops: set[asyncio.AbstractEventLoop] = set()

    async def remember(context: dict[str, Any]) -> bool:
        loops.add(asyncio.get_running_loop())
        return True

    async def main() -> bool:
        await dataset(5, remember).evaluate_async()
        return loops == {asyncio.get_running_loop()}

    assert asyncio.run(main())


def test_evaluate_works_where_a_loop_runs() -> None:
    async def main() -> float | None:
        return dataset(10, is_one_later).evaluate().pass_rate

    assert asyncio.run(main()) == 0.5


def test_an_error_of_the_configuration_comes_through_an_await() -> None:
    config: Any = "not a configuration"

    async def main() -> None:
        await dataset(5).evaluate_async(config)

    with pytest.raises(TypeError):
        asyncio.run(main())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_child_evaluates() -> None:
    dataset(100, is_one, is_one_later).evaluate()
    child = os.fork()
    if child == 0:
        right = False
        try:
            right = dataset(100, is_one, is_one_later).evaluate().pass_rate == 0.5
        finally:
            os._exit(0 if right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


FORKS = """
import os, threading, warnings
from scouter.evaluate import *

warnings.simplefilter("ignore", DeprecationWarning)

def dataset(count, function):
    task = AssertionTask(id="t", context_path="n", operator=ComparisonOperator.LessThan, expected_value=50)
    records = [GenAIEvalRecord(context={"n": n}, id=str(n)) for n in range(count)]
    return GenAIEvalDataset(records=records, tasks=[task, CustomTask("f", function)])

async def later(context):
    return True

for _ in range(10):
    started, forked = threading.Event(), threading.Event()

    def waits(context):
        started.set()
        return forked.wait(30)

    run = threading.Thread(target=lambda: dataset(300, waits).evaluate())
    run.start()
    started.wait()
    child = os.fork()
    if child == 0:
        right = False
        try:
            right = dataset(100, later).evaluate().task_counts()["t"].passed == 50
        finally:
            os._exit(0 if right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    forked.set()
    run.join()
print("done")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_a_child_that_is_forked_in_the_middle_of_a_run_evaluates() -> None:
    done = python(FORKS)
    assert (done.stdout, done.stderr, done.returncode) == ("done\n", "", 0)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
@pytest.mark.parametrize("method", [method for method in ["fork", "spawn"] if method in multiprocessing.get_all_start_methods()])
def test_children_of_any_kind_evaluate(method: str, tmp_path: Any) -> None:
    script = tmp_path / "children.py"
    script.write_text(
        "import multiprocessing\n"
        "from scouter.evaluate import *\n"
        "task = AssertionTask(id='t', context_path='n', operator=ComparisonOperator.LessThan, expected_value=50)\n"
        "def rate(records):\n"
        "    return GenAIEvalDataset(records=records, tasks=[task]).evaluate()\n"
        "if __name__ == '__main__':\n"
        "    records = [GenAIEvalRecord(context={'n': n}, id=str(n)) for n in range(100)]\n"
        "    rate(records)\n"
        f"    with multiprocessing.get_context('{method}').Pool(2) as pool:\n"
        "        for results in pool.map(rate, [records] * 4):\n"
        "            assert results.pass_rate == 0.5 and results['7'].record_uid == records[7].uid\n"
        "        print('done')\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.returncode) == ("done\n", 0), done.stderr


def test_import_and_run_print_nothing() -> None:
    code = """
import logging
logging.basicConfig(level=logging.DEBUG)
from scouter.evaluate import *
async def later(context):
    return True
def broken(context):
    raise ValueError("bad")
records = [GenAIEvalRecord(context={"n": n}) for n in range(100)]
tasks = [
    AssertionTask(id="t", context_path="m", operator=ComparisonOperator.Equals, expected_value=1),
    CustomTask("broken", broken), CustomTask("later", later),
]
GenAIEvalDataset(records=records, tasks=tasks).evaluate()
"""
    done = python(code)
    assert (done.returncode, done.stdout) == (0, "")
    # What is logged at all is Python's own.
    assert not [line for line in done.stderr.splitlines() if not line.startswith("DEBUG:asyncio:")]


def test_a_run_leaves_the_loggers_of_others_alone() -> None:
    before = (logging.root.level, list(logging.root.handlers))
    dataset(10, is_one_later).evaluate()
    assert (logging.root.level, list(logging.root.handlers)) == before


def test_import_brings_in_no_other_package() -> None:
    code = "import sys, scouter, scouter.evaluate, scouter.client, scouter.queue, scouter.mock\n"
    code += "print(sorted({'pydantic', 'numpy', 'pandas', 'polars', 'asyncio', 'dataclasses'} & set(sys.modules)))"
    assert python(code).stdout == "[]\n"


def test_a_first_run_of_a_judge_imports_nothing() -> None:
    code = """
import sys
from scouter.evaluate import EvaluationConfig, GenAIEvalDataset, GenAIEvalRecord, LLMJudgeTask
from scouter.genai import ModelOptions, Prompt, Score, ScriptedModel
task = LLMJudgeTask("quality", Prompt("Rate ${a}.", "gpt-4o-mini", "openai", output_type=Score), 4, "score", "GreaterThanOrEqual")
records = GenAIEvalDataset([GenAIEvalRecord(context={"a": 1})], [task])
config = EvaluationConfig(models=ModelOptions(model=ScriptedModel([Score(5, "good")])))
before = set(sys.modules)
assert records.evaluate(config).pass_rate == 1.0
print(sorted(set(sys.modules) - before))
"""
    assert python(code).stdout == "[]\n"


def test_nothing_that_is_optional_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = """
import sys
sys.modules.update(dict.fromkeys(["pydantic", "pydantic_core", "numpy", "pandas", "polars", "pyarrow"]))
import scouter.client, scouter.drift, scouter.genai, scouter.judges, scouter.mock, scouter.queue
from scouter.evaluate import *
task = AssertionTask(id="t", context_path="n", operator=ComparisonOperator.LessThan, expected_value=2)
results = GenAIEvalDataset([GenAIEvalRecord(context={"n": n}, id=str(n)) for n in range(4)], [task]).evaluate()
assert GenAIEvalResults.model_validate_json(results.model_dump_json()) == results
results.write("rows.parquet")
results.report("page.html")
print(results.pass_rate, results.compare_to(results).outcome)
"""
    done = python(code)
    assert (done.stdout, done.stderr) == ("0.5 passed\n", "")


ENDS = """
import asyncio, threading
from scouter.evaluate import *

async def later(context):
    await asyncio.sleep(0)
    return True

def sync(context):
    return True

records = [GenAIEvalRecord(context={"n": n}) for n in range(50)]
dataset = GenAIEvalDataset(records=records, tasks=[CustomTask("later", later), CustomTask("sync", sync)])

async def main():
    return await dataset.evaluate_async()

assert asyncio.run(main()).pass_rate == 1.0
"""

# The function is still in Python when the interpreter ends.
LEFT_BEHIND = """
import threading, time
from scouter.evaluate import *

def stuck(context):
    time.sleep(0.3)
    return True

records = [GenAIEvalRecord(context={}) for _ in range(5)]
GenAIEvalDataset(records=records, tasks=[CustomTask("stuck", stuck, timeout=0.01)]).evaluate()
"""

UNFINISHED = """
import asyncio
from scouter.evaluate import *

async def forever(context):
    started.set()
    await asyncio.Event().wait()

dataset = GenAIEvalDataset(records=[GenAIEvalRecord(context={})], tasks=[CustomTask("forever", forever)])
started = asyncio.Event()

async def main():
    run = asyncio.ensure_future(dataset.evaluate_async())
    await started.wait()

asyncio.run(main())
"""


@pytest.mark.parametrize("code", [ENDS, LEFT_BEHIND, UNFINISHED], ids=["ends", "left_behind", "unfinished"])
def test_a_script_ends_quietly_right_after_a_run(code: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(python, [code] * 20))
    assert {(done.returncode, done.stdout, done.stderr) for done in ends} == {(0, "", "")}


async def never_at_5(context: dict[str, Any]) -> bool:
    if context["n"] == 5:
        await asyncio.Event().wait()
    return True


ONE_BY_ONE = EvaluationConfig(max_concurrency=1, run_timeout=2.0)
OVERDUE = "the time of the run is over: 2s have passed"


def test_a_run_whose_time_is_over_ends_with_what_was_done() -> None:
    results = dataset(10, never_at_5).evaluate(ONE_BY_ONE)
    counts = results.task_counts()["f0"]
    assert (counts.passed, counts.cancelled, counts.errored) == (5, 5, 0)
    assert (len(results), results.cancelled, results.stopped) == (10, True, OVERDUE)


def test_a_run_into_a_file_whose_time_is_over_says_so(tmp_path: Path) -> None:
    summary = dataset(10, never_at_5).evaluate_to(tmp_path / "rows.jsonl", ONE_BY_ONE)
    assert (summary.cancelled, summary.stopped) == (True, OVERDUE)


def test_a_run_that_is_awaited_has_its_time_too() -> None:
    results = asyncio.run(dataset(10, never_at_5).evaluate_async(ONE_BY_ONE))
    assert (results.task_counts()["f0"].passed, results.stopped) == (5, OVERDUE)


def test_a_function_that_does_not_return_is_left_behind_when_the_time_is_over() -> None:
    release, returned = threading.Event(), threading.Event()

    def waits(context: dict[str, Any]) -> bool:
        release.wait(60)
        returned.set()
        return True

    try:
        results = dataset(10, waits).evaluate(ONE_BY_ONE)
        assert not returned.is_set()
    finally:
        release.set()
    assert results.stopped == OVERDUE and results.task_counts()["f0"].cancelled == 10


def test_a_run_that_ends_in_time_is_none_that_was_stopped() -> None:
    results = dataset(100, is_one).evaluate(EvaluationConfig(run_timeout=600))
    assert (results.cancelled, results.stopped) == (False, None)


def test_a_run_whose_time_was_over_goes_on_in_its_directory(tmp_path: Path) -> None:
    asked: list[int] = []

    async def look(context: dict[str, Any]) -> bool:
        asked.append(context["n"])
        if context["n"] == 5 and asked.count(5) == 1:
            await asyncio.Event().wait()
        return True

    # What it has seen stands in the function, which is the same all the while.
    of = GenAIEvalDataset([GenAIEvalRecord(context={"n": n}, id=str(n)) for n in range(10)], [CustomTask("f0", look, version="1")])
    of.evaluate(ONE_BY_ONE, run_dir=tmp_path)
    results = of.evaluate(run_dir=tmp_path)
    assert (results.cancelled, results.task_counts()["f0"].passed) == (False, 10)
    assert sorted(asked) == [0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    "settings",
    [{"max_concurrency": 0}, {"workers": 0}, {"task_timeout": 0}, {"task_timeout": -1}, {"task_timeout": float("nan")}, {"run_timeout": 0}],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        EvaluationConfig(**settings)


@pytest.mark.parametrize("config", [EvaluationConfig(workers=1), EvaluationConfig(workers=8, max_concurrency=1, progress=False)])
def test_settings_do_not_change_results(config: EvaluationConfig) -> None:
    results = dataset(100, is_one, is_one_later).evaluate(config)
    assert [row.record_id for row in results] == [str(n) for n in range(100)] and results.pass_rate == 0.5


def test_no_progress_bar_is_shown_where_none_is_wanted(capfd: pytest.CaptureFixture[str]) -> None:
    dataset(100, is_one).evaluate(EvaluationConfig(progress=False))
    assert capfd.readouterr() == ("", "")


def test_the_names_used_most_are_there_at_the_top() -> None:
    errors = {name for name, value in vars(scouter.errors).items() if isinstance(value, type) and issubclass(value, BaseException)}
    classes = {name for name in scouter.evaluate.__all__ if name.startswith("GenAIEval") or name.endswith(("Task", "Config"))} - {"MissingTask"}
    assert errors | classes <= set(scouter.__all__)
    assert all(hasattr(scouter, name) for name in scouter.__all__)
