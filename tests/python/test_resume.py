"""Runs that are kept in a directory: what was complete is not run again, whatever ended the process."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scouter.errors import EvaluationInterrupted, RecordError, RunDirError
from scouter.evaluate import (
    AssertionTask,
    ComparisonOperator,
    CustomTask,
    EvaluationConfig,
    GenAIEvalDataset,
    GenAIEvalRecord,
    GenAIEvalResults,
)

RECORDS = 120

SCRIPT = f"""
import asyncio, os, sys, time
from scouter.evaluate import *

SIDE = os.open("calls", os.O_CREAT | os.O_WRONLY | os.O_APPEND)

def length(context):
    time.sleep(0.002)
    os.write(SIDE, b"length %d\\n" % context["n"])
    return len(context["text"])

async def twice(context):
    await asyncio.sleep(0.002)
    os.write(SIDE, b"twice %d\\n" % context["n"])
    return 2 * context["length"]

records = [GenAIEvalRecord({{"n": n, "text": "x" * n}}, id=f"r{{n}}") for n in range({RECORDS})]
tasks = [
    CustomTask("length", length, operator=ComparisonOperator.LessThan, expected_value=100),
    CustomTask("twice", twice, depends_on=["length"], operator=ComparisonOperator.GreaterThan, expected_value=50),
    AssertionTask(id="even", context_path="text", operator=ComparisonOperator.HasLengthGreaterThan, expected_value=10),
]
results = GenAIEvalDataset(records, tasks).evaluate(EvaluationConfig(max_concurrency=4), run_dir="run")
print(results.model_dump_json())
"""

WAITING = SCRIPT.replace("import asyncio, os", "import asyncio, os, threading").replace("time.sleep(0.002)", "threading.Event().wait()")


def start(folder: Path, script: str = SCRIPT) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(folder: Path, script: str = SCRIPT) -> GenAIEvalResults:
    process = start(folder, script)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return GenAIEvalResults.model_validate_json(out)


def outcomes(results: GenAIEvalResults) -> Any:
    """What a run came to, without what differs from one to the next."""
    value = json.loads(results.model_dump_json())
    for record in value["records"]:
        del record["uid"], record["created_at"], record["duration_ns"]
    return value


def calls(folder: Path) -> Counter[str]:
    return Counter((folder / "calls").read_text().splitlines())


def wait_for_calls(folder: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Waits until functions were called so often."""
    while process.poll() is None:
        if (folder / "calls").is_file() and (folder / "calls").read_bytes().count(b"\n") >= count:
            return


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return outcomes(finish(tmp_path_factory.mktemp("whole")))


@pytest.mark.parametrize("seed", range(5))
def test_a_run_that_is_killed_again_and_again_ends_with_the_same_results(
    seed: int, tmp_path: Path, uninterrupted: Any
) -> None:
    points = random.Random(seed)
    killed = 0
    for _ in range(3):
        process = start(tmp_path)
        made = (tmp_path / "calls").read_bytes().count(b"\n") if (tmp_path / "calls").is_file() else 0
        wait_for_calls(tmp_path, made + points.randrange(1, 60), process)
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
    assert killed == 3
    assert outcomes(finish(tmp_path)) == uninterrupted
    # What was called and killed before it could be noted is called again: four records were under way at a time.
    made = calls(tmp_path)
    again = sum(count - 1 for count in made.values())
    assert set(made) == {f"{task} {n}" for task in ("length", "twice") for n in range(RECORDS)}
    assert again <= 4 * killed
    assert max(made.values()) <= 1 + killed


def test_a_function_that_was_logged_is_never_called_again(tmp_path: Path, uninterrupted: Any) -> None:
    process = start(tmp_path)
    wait_for_calls(tmp_path, 100, process)
    process.kill()
    process.communicate()
    before = calls(tmp_path)
    log = (tmp_path / "run" / "run.log").read_bytes()
    assert outcomes(finish(tmp_path)) == uninterrupted
    # The frames of answers are those whose body begins with a 2, after 16 bytes of head.
    logged = len([at for at in re.finditer(re.escape(b"\xf5Sr\n"), log) if log[at.start() + 16] == 2])
    after = calls(tmp_path)
    assert sum(after.values()) == sum(before.values()) + 2 * RECORDS - logged


def test_a_complete_run_calls_nothing_and_gives_the_same_results(tmp_path: Path) -> None:
    first = finish(tmp_path)
    made = calls(tmp_path)
    assert finish(tmp_path).model_dump_json() == first.model_dump_json()
    assert calls(tmp_path) == made


@pytest.fixture
def called() -> list[int]:
    return []


def dataset(called: list[int], count: int = 20, expected: int = 5, **other: Any) -> GenAIEvalDataset:
    def length(context: dict[str, Any]) -> int:
        called.append(context["n"])
        return len(context["text"])

    records = [GenAIEvalRecord({"n": n, "text": "x" * n}, id=f"r{n}") for n in range(count)]
    task = CustomTask(
        "length", other.pop("function", length), operator=ComparisonOperator.LessThan, expected_value=expected, **other
    )
    return GenAIEvalDataset(records, [task])


def test_ctrl_c_stops_a_run_and_the_same_call_goes_on(tmp_path: Path, called: list[int]) -> None:
    interrupt = threading.Event()

    def length(context: dict[str, Any]) -> int:
        called.append(context["n"])
        if context["n"] == 10 and not interrupt.is_set():
            interrupt.set()
            os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(5)
        return len(context["text"])

    config = EvaluationConfig(max_concurrency=1)
    data = dataset(called, function=length)
    with pytest.raises(EvaluationInterrupted) as stopped:
        data.evaluate(config, run_dir=tmp_path)
    assert stopped.value.results.task_counts()["length"].cancelled == 10
    assert json.loads((tmp_path / "run.json").read_text())["state"] == "stopped"
    results = data.evaluate(config, run_dir=tmp_path)
    assert not results.cancelled
    assert Counter(called) == {**dict.fromkeys(range(20), 1), 10: 2}
    assert json.loads((tmp_path / "run.json").read_text())["state"] == "complete"


def test_an_awaited_run_is_kept_too(tmp_path: Path, called: list[int]) -> None:
    data = dataset(called)
    first = asyncio.run(data.evaluate_async(run_dir=tmp_path))
    again = asyncio.run(data.evaluate_async(None, run_dir=str(tmp_path)))
    assert len(called) == 20
    assert again.model_dump_json() == first.model_dump_json()


def test_what_errored_is_run_again_and_nothing_else(tmp_path: Path, called: list[int]) -> None:
    broken = [3, 4]

    def length(context: dict[str, Any]) -> int:
        called.append(context["n"])
        if context["n"] in broken:
            raise ConnectionError("the model is away")
        return len(context["text"])

    data = dataset(called, function=length)
    assert data.evaluate(run_dir=tmp_path).task_counts()["length"].errored == 2
    broken.remove(3)
    assert data.evaluate(run_dir=tmp_path).task_counts()["length"].errored == 1
    broken.remove(4)
    assert data.evaluate(run_dir=tmp_path).task_counts()["length"].errored == 0
    assert Counter(called) == {**dict.fromkeys(range(20), 1), 3: 2, 4: 3}


def test_a_record_that_changed_is_run_again_alone(tmp_path: Path, called: list[int]) -> None:
    data = dataset(called)
    data.evaluate(run_dir=tmp_path)
    called.clear()
    results = data.with_updated_contexts_by_id({"r7": {"text": ""}}).evaluate(run_dir=tmp_path)
    assert called == [7]
    assert results["r7"].eval_set.records[0].passed


def test_a_context_that_has_no_form_as_json_is_gone_on_with(tmp_path: Path, called: list[int]) -> None:
    def records() -> list[GenAIEvalRecord]:
        return [GenAIEvalRecord({"n": n, "text": "x" * n, "image": object()}) for n in range(5)]

    tasks = dataset(called).tasks
    GenAIEvalDataset(records(), tasks).evaluate(run_dir=tmp_path)
    GenAIEvalDataset(records(), tasks).evaluate(run_dir=tmp_path)
    assert sorted(called) == [0, 1, 2, 3, 4]


def test_a_directory_that_another_process_uses_is_refused(tmp_path: Path) -> None:
    process = start(tmp_path, WAITING)
    try:
        while not (tmp_path / "run" / "run.log").is_file():
            assert process.poll() is None, process.communicate()[1]
        other = start(tmp_path)
        _, err = other.communicate(timeout=60)
        assert other.returncode == 1
        assert f"RunDirError: `run` is in use by the process {process.pid}" in err
    finally:
        process.kill()
        process.communicate()


def test_a_directory_of_other_tasks_is_refused_and_says_which(tmp_path: Path, called: list[int]) -> None:
    dataset(called).evaluate(run_dir=tmp_path)
    before = (tmp_path / "run.log").read_bytes()
    with pytest.raises(RunDirError, match="`length` has another `expected_value`.*another directory, with `reuse`"):
        dataset(called, expected=6).evaluate(run_dir=tmp_path)
    with pytest.raises(RunDirError, match="`length` has another `function.*`"):
        dataset(called, function=lambda context: 1).evaluate(run_dir=tmp_path)
    assert (tmp_path / "run.log").read_bytes() == before
    assert len(dataset(called).evaluate(run_dir=tmp_path)) == len(called) == 20


def test_a_directory_of_other_records_is_refused(tmp_path: Path, called: list[int]) -> None:
    dataset(called).evaluate(run_dir=tmp_path)
    with pytest.raises(RunDirError, match="other records: `count` is 20 there, 19 here"):
        dataset(called, count=19).evaluate(run_dir=tmp_path)


def test_a_torn_log_is_cut_and_says_how_many_records_are_complete(
    tmp_path: Path, called: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    data = dataset(called)
    first = data.evaluate(EvaluationConfig(max_concurrency=1), run_dir=tmp_path)
    log = tmp_path / "run.log"
    log.write_bytes(log.read_bytes()[:-3])
    assert outcomes(data.evaluate(run_dir=tmp_path)) == outcomes(first)
    assert len(called) == 20, "the answer was whole"
    assert "complete before: 19 records" in caplog.text


def test_a_damaged_log_is_refused_by_its_name_and_place(tmp_path: Path, called: list[int]) -> None:
    data = dataset(called)
    data.evaluate(run_dir=tmp_path)
    log = tmp_path / "run.log"
    damaged = bytearray(log.read_bytes())
    damaged[20] ^= 1
    log.write_bytes(damaged)
    with pytest.raises(RunDirError, match=r"run\.log` is damaged at byte 0, with 0 records before it"):
        data.evaluate(run_dir=tmp_path)
    assert log.read_bytes() == damaged
    called.clear()
    data.evaluate(reuse=tmp_path)
    assert len(called) == 1, "the other answers can still be read"


FULL = """
import errno, resource, sys
{before}
try:
    {evaluate}
except OSError as error:
    print(error.errno)
    print(error, file=sys.stderr)
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12k", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("a small disk can only be made by who may mount; a file that may not grow shows the same elsewhere")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def full(limit: str) -> str:
    before, evaluate = SCRIPT.split("results = ")
    evaluate = evaluate.splitlines()[0]
    before = before.replace('"calls"', '"../calls"')
    return FULL.format(before=before + limit, evaluate=evaluate)


def broken_off(folder: Path, script: str) -> tuple[int, str]:
    process = start(folder, script)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return int(out), err


def ended_early(folder: Path, told: str) -> None:
    assert "failed to append to `run/run.log`" in told and "what was logged before is kept" in told
    assert sum(calls(folder.parent).values()) < 2 * RECORDS


def went_on(folder: Path, uninterrupted: Any) -> None:
    """The same call ends with the results of a run that nothing broke off, and most of what was called is not called again."""
    before = sum(calls(folder.parent).values())
    assert outcomes(finish(folder, SCRIPT.replace('"calls"', '"../calls"'))) == uninterrupted
    again = sum(calls(folder.parent).values()) - 2 * RECORDS
    assert again < before / 2


def test_a_full_disk_ends_a_run_that_goes_on_once_there_is_room(small_disk: Path, uninterrupted: Any) -> None:
    number, told = broken_off(small_disk, full(""))
    assert number == errno.ENOSPC
    ended_early(small_disk, told)
    subprocess.run(["mount", "-o", "remount,size=1m", str(small_disk)], check=True)
    went_on(small_disk, uninterrupted)


def test_a_file_that_may_not_grow_ends_a_run_that_goes_on_later(tmp_path: Path, uninterrupted: Any) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    number, told = broken_off(folder, full("resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))"))
    assert number == errno.EFBIG
    ended_early(folder, told)
    went_on(folder, uninterrupted)


def test_a_directory_that_cannot_be_made_is_an_os_error(tmp_path: Path, called: list[int]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="failed to make the directory"):
        dataset(called).evaluate(run_dir=tmp_path / "file" / "run")
    assert called == []


STOPPED = """
import os, resource, signal, threading
from scouter.errors import EvaluationInterrupted
from scouter.evaluate import *

first = threading.Event()

def look(context):
    if context["n"] == 0:
        first.wait()  # So that no row can be logged before the run is stopped.
    if context["n"] == 2:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
        os.kill(os.getpid(), signal.SIGINT)
    return True

records = [GenAIEvalRecord({"n": n}, id=str(n)) for n in range(10)]
try:
    GenAIEvalDataset(records, [CustomTask("look", look)]).evaluate(EvaluationConfig(max_concurrency=2), run_dir="run")
except EvaluationInterrupted:
    print("interrupted")
first.set()
"""


def test_rows_that_a_stopped_run_could_not_log_are_told(tmp_path: Path) -> None:
    process = start(tmp_path, STOPPED)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "interrupted\n"), err
    assert "failed to append to `run/run.log`" in err


def test_a_run_over_a_file_that_broke_is_not_complete(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text('{"n": 1}\n{"n": 2}\nbroken\n')
    task = AssertionTask(id="there", context_path="n", operator=ComparisonOperator.Exists)
    with pytest.raises(RecordError, match="line 3"):
        GenAIEvalDataset.from_path(tmp_path / "d.jsonl", [task]).evaluate(run_dir=tmp_path / "run")
    assert json.loads((tmp_path / "run" / "run.json").read_text())["state"] == "stopped"
