"""What every tool is measured by: prints one line of JSON for each way to insert."""

from __future__ import annotations

import gc
import json
import random
from collections.abc import Callable
from time import perf_counter_ns

FEATURES = [f"feature_{number}" for number in range(10)]
WARM, CALLS = 5_000, 100_000


def training() -> dict[str, list[float]]:
    drawn = random.Random(7)
    return {name: [drawn.gauss(0.0, 1.0) for _ in range(1_000)] for name in FEATURES}


def rows() -> list[dict[str, float]]:
    drawn = random.Random(11)
    return [{name: drawn.gauss(0.0, 1.0) for name in FEATURES} for _ in range(1_000)]


def measure(way: str, insert: Callable[[dict[str, float]], object], pause: Callable[[], object] = lambda: None) -> None:
    """Times single calls, in rounds between which what waits is sent."""
    given = rows()
    for at in range(WARM):
        insert(given[at % len(given)])
    pause()
    gc.collect()
    gc.disable()
    took: list[int] = []
    for at in range(CALLS):
        row = given[at % len(given)]
        before = perf_counter_ns()
        insert(row)
        took.append(perf_counter_ns() - before)
        if at % 10_000 == 9_999:
            pause()
    gc.enable()
    took.sort()
    parts = {name: took[int(len(took) * share)] for name, share in [("p50", 0.5), ("p99", 0.99), ("p999", 0.999)]}
    print(json.dumps({"way": way, **parts, "most": took[-1]}), flush=True)
