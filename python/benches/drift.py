"""Drift and profiles of data beside other ways to have them: `python drift.py [--rows N] [--columns N] [--peer PYTHON]`.

Every measurement is a process of its own over the same normal numbers; the best of a few runs counts. `--peer` is the Python of an
environment with what `requirements-drift.txt` names: scouter-ml, Evidently and whylogs; without it only NumPy and polars stand beside. What a
process said that failed is printed beside the tables, its last line in them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from measure import memory, new_peak

Run = Callable[[], object]

# Baselines of drift are of these first rows: making one of all rows would leave memory behind that what is measured takes again, unseen.
FEW = 10_000


def matrix(rows: int, columns: int) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(rows, columns))


def frame(kind: str, values: np.ndarray) -> Any:
    """The numbers as data of a library."""
    names = [f"feature_{at}" for at in range(values.shape[1])]
    if kind == "numpy":
        return values
    if kind == "numpy, columns":
        return np.asfortranarray(values)
    if kind == "pandas":
        import pandas as pd

        return pd.DataFrame({name: values[:, at].copy() for at, name in enumerate(names)})
    import polars as pl

    data = pl.DataFrame({name: values[:, at] for at, name in enumerate(names)})
    return data.to_arrow() if kind == "arrow" else data


def mixed(rows: int) -> Any:
    """Ten columns of numbers, five of whole numbers, five of texts."""
    import polars as pl

    random = np.random.default_rng(2)
    words = np.array([f"word_{at}" for at in range(1000)])
    numbers = {f"x{at}": random.normal(size=rows) for at in range(10)}
    whole = {f"n{at}": random.integers(0, 10 ** (at + 1), rows) for at in range(5)}
    texts = {f"s{at}": words[random.integers(0, 10 ** min(at, 2) * 10, rows)] for at in range(5)}
    return pl.DataFrame({**numbers, **whole, **texts})


def ours(task: str, data: Any) -> Run:
    from scouter import DataProfiler, Drifter, PsiDriftConfig, SpcDriftConfig

    return both(task, data, Drifter(), DataProfiler(), PsiDriftConfig(), SpcDriftConfig())


def both(task: str, data: Any, drifter: Any, profiler: Any, psi: Any, spc: Any) -> Run:
    if task == "psi profile":
        return lambda: drifter.create_drift_profile(data, psi)
    if task == "spc profile":
        return lambda: drifter.create_drift_profile(data, spc)
    if task == "data profile":
        return lambda: profiler.create_data_profile(data)
    profile = drifter.create_drift_profile(data[:FEW], psi if task == "psi drift" else spc)
    return lambda: drifter.compute_drift(data, profile)


def scouter_ml(task: str, data: Any) -> Run:
    from scouter.drift import Drifter, PsiDriftConfig, SpcDriftConfig
    from scouter.profile import DataProfiler

    return both(task, data, Drifter(), DataProfiler(), PsiDriftConfig(), SpcDriftConfig())


def plain(task: str, data: Any) -> Run:
    """NumPy by hand, and for the data profile the two calls of polars that tell most of it."""
    if task == "read":
        return lambda: [column.sum() for column in data.T]
    if task == "data profile":
        return lambda: (data.describe(), [data[name].n_unique() for name in data.columns])
    if task.startswith("spc"):
        return lambda: [
            (groups.mean(axis=1), groups.std(axis=1, ddof=1).mean())
            for groups in (column[: len(column) // 25 * 25].reshape(-1, 25) for column in data.T)
        ]
    deciles = np.arange(1, 10) / 10

    def edges(column: np.ndarray) -> np.ndarray:
        return np.unique(np.quantile(column, deciles))

    def counts(column: np.ndarray, inner: np.ndarray) -> np.ndarray:
        return np.bincount(np.searchsorted(inner, column), minlength=len(inner) + 1)

    if task == "psi profile":
        return lambda: [counts(column, edges(column)) for column in data.T]
    known = [(inner := edges(column), counts(column, inner)) for column in data.T]

    def index(column: np.ndarray, baseline: tuple[np.ndarray, np.ndarray]) -> float:
        p, q = baseline[1] / baseline[1].sum(), counts(column, baseline[0]) / len(column)
        return float(((p - q) * np.log(p / q)).sum())

    return lambda: [index(column, baseline) for column, baseline in zip(data.T, known)]


def evidently(_task: str, data: Any) -> Run:
    from evidently import Report
    from evidently.presets import DataDriftPreset

    return lambda: Report([DataDriftPreset(method="psi")]).run(data, data).dict()


def whylogs(_task: str, data: Any) -> Run:
    import whylogs as why

    return lambda: why.log(data).view().to_pandas()


TOOLS = {"scouter": ours, "scouter-ml": scouter_ml, "by hand": plain, "evidently": evidently, "whylogs": whylogs}
TASKS = ["psi profile", "psi drift", "spc profile", "spc drift", "data profile"]


def measure(tool: str, task: str, kind: str, rows: int, columns: int) -> dict[str, float]:
    data = mixed(rows) if kind == "mixed" else frame(kind, matrix(rows, columns))
    run = TOOLS[tool](task, data)
    before, times, more = new_peak(), [], 0
    while len(times) < 5 and sum(times) < 3:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
        # Of the first run: allocators keep for a while what the one before gave back.
        more = more or memory("VmHWM") - before
    return {"seconds": min(times), "more": more}


def apart(python: str, *arguments: str) -> dict[str, float] | str:
    """What was measured, or the last that the process said where it failed; all of that goes to standard error."""
    run = subprocess.run([python, __file__, "--measure", *arguments], capture_output=True, text=True, check=False)
    if run.returncode == 0:
        return json.loads(run.stdout.splitlines()[-1])
    print(" ".join(arguments), run.stderr, sep="\n", file=sys.stderr, flush=True)
    return (run.stderr.strip().splitlines() or [f"ended with {run.returncode}"])[-1].replace("|", "\\|")


def main(rows: int, columns: int, peer: str | None) -> None:
    size = [str(rows), str(columns)]
    cases = [("by hand", "read", "numpy, columns", sys.executable)]
    for task in TASKS:
        kinds = ["numpy", "numpy, columns", "pandas", "polars", "arrow"]
        cases += [("scouter", task, kind, sys.executable) for kind in kinds]
        cases.append(("by hand", task, "polars" if task == "data profile" else "numpy, columns", sys.executable))
        if peer:
            cases += [("scouter-ml", task, kind, peer) for kind in ["numpy", "polars"]]
    cases += [("scouter", task, "mixed", sys.executable) for task in ["psi profile", "psi drift", "data profile"]]
    cases.append(("by hand", "data profile", "mixed", sys.executable))
    if peer:
        cases += [("evidently", "psi drift", "pandas", peer), ("whylogs", "data profile", "pandas", peer)]
    print(f"{rows:,} × {columns}\n\n| task | data | tool | time | memory beside the data |\n| --- | --- | --- | ---: | ---: |")
    for tool, task, kind, python in cases:
        got = apart(python, tool, task, kind, *size)
        shown = f"{got} | |" if isinstance(got, str) else f"{1e3 * got['seconds']:,.0f} ms | {got['more'] / 1e6:,.0f} MB |"
        print(f"| {task} | {kind} | {tool} | {shown}", flush=True)
    linear(rows, columns)


def linear(rows: int, columns: int) -> None:
    """The table of docs/benchmarks.md that tells how time grows with the data."""
    fewer, narrower = rows // 10, columns // 10
    print(f"\n| | {rows:,} × {columns} | {fewer:,} × {columns} | ten times the rows | {rows:,} × {narrower} | ten times the columns |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for task in TASKS:
        sizes = [(rows, columns), (fewer, columns), (rows, narrower)]
        got = [apart(sys.executable, "scouter", task, "numpy, columns", str(long), str(wide)) for long, wide in sizes]
        whole, short, narrow = (None if isinstance(one, str) else one["seconds"] for one in got)
        if whole and short and narrow:
            times = f"{1e3 * whole:,.1f} ms | {1e3 * short:,.1f} ms | {whole / short:.1f} × | {1e3 * narrow:,.1f} ms | {whole / narrow:.1f} ×"
            print(f"| {task.replace('psi', 'PSI').replace('spc', 'SPC')} | {times} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--peer")
    parser.add_argument("--measure", nargs=5)
    given = parser.parse_args()
    if given.measure:
        tool, task, kind, rows, columns = given.measure
        print(json.dumps(measure(tool, task, kind, int(rows), int(columns))))
    else:
        main(given.rows, given.columns, given.peer)
