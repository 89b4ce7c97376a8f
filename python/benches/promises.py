"""Holds the package to what it promises about time: `python promises.py`, with an optimised build on a quiet machine.

Ctrl-C stops a run within 200 ms, whatever the run does, and `import scouter.evaluate` takes 60 ms at most. `evaluate()` of
10,000 records with ten checks makes 4 million evaluations a second, and all of it, from dicts to counts, takes no longer than
the loop that one writes without a tool. A run directory in the current folder adds a fifth at most. A million checks of
records in JSON Lines take a second, a comparison of two results of a million checks less than one, and a page of 10,000
records less than two. The tests hold what a build without optimisation can hold, in the best of a few turns. Prints the best,
the middle and the worst of several turns; ends with 1 where a promise is broken. Linux only: `measure.py` looks into `/proc`.
"""

from __future__ import annotations

import runpy
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import log
import workload
from adapters import ours
from files import write
from measure import measure

TURNS = 11
CTRL_C, IMPORT, MILLION, COMPARISON, PAGE = 0.200, 0.060, 1.0, 1.0, 2.0
# 10,000 records of ten checks, at 4 million a second.
EVALUATE = 10_000 * 10 / 4e6
# Times as long: as the plain loop, and as a run without a directory.
LOOP, DIRECTORY = 1.0, 1.2
TESTS = runpy.run_path(str(Path(__file__).parents[2] / "tests/python/test_interrupts.py"))
RUNS = ["ASYNC", "TRICKLE", "BLOCKING_LOOP", "STUBBORN", "SYNC", "CPU", "LONG_CHECKS"]


def imported() -> float:
    code = "import time; at = time.perf_counter(); import scouter.evaluate; print(time.perf_counter() - at)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def stopped(body: str) -> float:
    return float(TESTS["interrupted"](body)["took"])


def of_file(path: Path, records: int) -> Any:
    """The dataset of a file of so many records, with ten checks of each."""
    from scouter.evaluate import GenAIEvalDataset

    write(path, records)
    return GenAIEvalDataset.from_path(path, ours.plan(workload.checks("ten")), id="request_id")


def evaluated(adapter: str) -> dict[str, Any]:
    """What 10,000 records of ten checks take by that tool: as in `compare.py`, the best of five."""
    return measure(adapter, "ten", 10_000, 5)


def beside_the_loop() -> float:
    return float(evaluated("ours")["whole_seconds"] / evaluated("plain_loop")["whole_seconds"])


def took(work: Callable[[], object]) -> float:
    at = time.perf_counter()
    work()
    return time.perf_counter() - at


def is_kept(name: str, promise: float, turn: Callable[[], float], *, ratio: bool = False) -> bool:
    """Whether the promise, in seconds or a ratio, is kept by the middle turn: a machine is never quiet for all of them."""
    turns = sorted(turn() for _ in range(TURNS))
    middle = statistics.median(turns)
    one, unit, digits = (1.0, "times", 2) if ratio else (1e3, "ms", 1)
    least, usual, most = (f"{one * value:7.{digits}f}" for value in (turns[0], middle, turns[-1]))
    print(f"{name:<24} {least} {usual} {most} {unit} of {one * promise:g}", flush=True)
    return middle <= promise


def directory_is_kept() -> bool:
    """On records that are gone then: Python's garbage collector would go through them for all that follows."""
    with tempfile.TemporaryDirectory(dir=".") as work:
        dataset, folder = log.of(100_000), Path(work, "run")
        folder.mkdir()

        def turn() -> float:
            without, logged = log.in_turn(dataset, folder)
            return logged / without

        return is_kept("with a run directory", DIRECTORY, turn, ratio=True)


def main() -> int:
    kept = [is_kept("import", IMPORT, imported)]
    kept += [is_kept(f"Ctrl-C, {run.lower()}", CTRL_C, lambda run=run: stopped(TESTS[run])) for run in RUNS]
    kept.append(is_kept("evaluate()", EVALUATE, lambda: float(evaluated("ours")["evaluate_seconds"])))
    kept.append(is_kept("beside the plain loop", LOOP, beside_the_loop, ratio=True))
    kept.append(directory_is_kept())
    with tempfile.TemporaryDirectory() as work:
        many, some = (of_file(Path(work) / f"{records}.jsonl", records) for records in (100_000, 10_000))
        kept.append(is_kept("a million checks", MILLION, lambda: took(many.evaluate)))
        now, before, page = many.evaluate(), many.evaluate(), some.evaluate()
        kept.append(is_kept("a comparison", COMPARISON, lambda: took(lambda: now.compare_to(before).verdict)))
        kept.append(is_kept("a page", PAGE, lambda: took(page.to_html)))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
