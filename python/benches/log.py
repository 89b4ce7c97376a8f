"""What keeping a run in a directory costs: `python log.py [RECORDS]`, ten assertions a record, with and without in turn.

Prints the best time of each, and their ratio, which is to stay below 1.20. Then what going on with the complete run takes.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import workload
from adapters import ours

TURNS = 9


def timed(dataset: Any, run_dir: Path | None) -> float:
    started = time.perf_counter()
    dataset.evaluate(run_dir=run_dir)
    return time.perf_counter() - started


def of(records: int) -> Any:
    """The dataset of so many records, with ten checks of each."""
    return ours.build([workload.record(i) for i in range(records)], ours.plan(workload.checks("ten")))


def in_turn(dataset: Any, folder: Path) -> tuple[float, float]:
    """What a run takes without a directory, and then with a new one in the place of this folder."""
    without = timed(dataset, None)
    shutil.rmtree(folder)
    return without, timed(dataset, folder)


def main(records: int) -> None:
    dataset = of(records)
    folder = Path(tempfile.mkdtemp(dir="."))
    try:
        times = [in_turn(dataset, folder) for _ in range(TURNS)]
        size = (folder / "run.log").stat().st_size
        again = min(timed(dataset, folder) for _ in range(3))
    finally:
        shutil.rmtree(folder)
    without, logged = (min(turns) for turns in zip(*times, strict=True))
    print(f"{records:,} records, {size / records:.0f} bytes a record in the log")
    print(f"without {without:.3f} s, with {logged:.3f} s: {logged / without:.2f} times")
    print(f"going on with the complete run: {again:.3f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
