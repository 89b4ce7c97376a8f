"""One measurement in a process of its own: `python measure.py ADAPTER SHAPE RECORDS REPEATS`, prints JSON."""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

import workload


def memory(key: str) -> int:
    """`VmRSS` (now) or `VmHWM` (the most so far) of this process, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    raise LookupError(key)


def resident() -> int:
    """Memory in use once what is free has gone back to the system."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return memory("VmRSS")


def new_peak() -> int:
    """Lets `VmHWM` begin again with the memory in use once what is free has gone back to the system; that memory, in bytes."""
    resident()
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmHWM")


def measure(name: str, shape: str, records: int, repeats: int) -> dict[str, Any]:
    adapter = importlib.import_module(f"adapters.{name}")
    start = time.perf_counter()
    adapter.setup()
    imported = time.perf_counter() - start

    rows = [workload.record(i) for i in range(records)]
    checks = workload.checks(shape)
    before = resident()
    runs = []
    for turn in range(repeats):
        plan = adapter.plan(checks)
        t0 = time.perf_counter()
        built = adapter.build(rows, plan)
        t1 = time.perf_counter()
        held = resident() if turn == 0 else 0
        t2 = time.perf_counter()
        result = adapter.evaluate(built)
        t3 = time.perf_counter()
        kept = resident() - held if turn == 0 else 0
        t4 = time.perf_counter()
        passes = adapter.passes(result)
        t5 = time.perf_counter()
        runs.append({"build": t1 - t0, "evaluate": t3 - t2, "read": t5 - t4})
        if turn == 0:
            first = {"kept": kept, "peak": memory("VmHWM") - before, "passes": passes}
        del built, result
    best = min(runs, key=lambda run: run["evaluate"])
    whole = min(runs, key=lambda run: sum(run.values()))
    return first | {
        "adapter": name,
        "shape": shape,
        "records": records,
        "evaluations": records * len(checks),
        "import_seconds": imported,
        "evaluate_seconds": best["evaluate"],
        "whole_seconds": sum(whole.values()),
        "whole": whole,
    }


if __name__ == "__main__":
    adapter, shape, records, repeats = sys.argv[1:]
    print(json.dumps(measure(adapter, shape, int(records), int(repeats))))
