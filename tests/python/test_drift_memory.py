"""How much memory profiles take beside the data: measured in a process of its own, where nothing else was before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

SCRIPT = """
import gc, os, sys
from pathlib import Path

# As many threads on every machine.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from scouter.drift import Drifter, PsiDriftConfig, SpcDriftConfig, SpcDriftMap
from scouter.profile import DataProfiler

work, source, rows, width = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
drifter, profiler = Drifter(), DataProfiler()
bins, charts = PsiDriftConfig(), SpcDriftConfig(sample_size=25)

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))

def named(columns):
    return {f"x{at}": column for at, column in enumerate(columns)}

SOURCES = {
    "rows": lambda columns: np.ascontiguousarray(columns.T),
    "columns": lambda columns: columns.T,
    "pandas": lambda columns: pd.DataFrame(named(columns)),
    "polars": lambda columns: pl.DataFrame(named(columns)),
    "Arrow": lambda columns: pa.table(named(columns)),
}

def drift(config):
    # Of a few rows: what a profile of all of them took would be there to be taken again.
    profile = drifter.create_drift_profile(data[:20_000], config)
    return lambda data: drifter.compute_drift(data, profile)

WORKS = {
    "bins": lambda: lambda data: drifter.create_drift_profile(data, bins),
    "charts": lambda: lambda data: drifter.create_drift_profile(data, charts),
    "data": lambda: profiler.create_data_profile,
    "correlations": lambda: lambda data: profiler.create_data_profile(data, compute_correlations=True),
    "drift by bins": lambda: drift(bins),
    "drift by charts": lambda: drift(charts),
}

data = SOURCES[source](np.random.default_rng(5).standard_normal((width, rows)))
run = WORKS[work]()
run(data[:1000])  # what is loaded once
gc.collect()
Path("/proc/self/clear_refs").write_text("5")  # the peak from here on
before = peak()
made = run(data)
beside = peak() - before
# The points of charts are what was asked for: mean, deviation and score are eight bytes each, a zone is one.
points = sum(len(chart.samples) for chart in made.features.values()) if isinstance(made, SpcDriftMap) else 0
print((beside - 25 * points) / (8 * rows * width))
"""


def beside(work: str, source: str, rows: int, width: int) -> float:
    """The peak of memory beyond what there was before, and beyond what was asked for, as a share of the data."""
    command = [sys.executable, "-c", SCRIPT, work, source, str(rows), str(width)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return float(ran.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are told in another way elsewhere")
@pytest.mark.parametrize("work", ["bins", "drift by bins", "charts", "drift by charts", "data"])
@pytest.mark.parametrize("source", ["columns", "pandas", "polars", "Arrow"])
def test_columns_in_memory_are_not_copied(source: str, work: str) -> None:
    # Two threads that each copied one column of sixteen would hold an eighth.
    assert beside(work, source, 1_250_000, 16) < 0.1


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are told in another way elsewhere")
@pytest.mark.parametrize("work", ["drift by bins", "charts", "drift by charts"])
@pytest.mark.parametrize(("rows", "width"), [(4_000_000, 4), (800_000, 20)])
def test_rows_in_memory_are_not_copied_for_drift_and_for_charts(work: str, rows: int, width: int) -> None:
    # Points that were held twice would be an eighth.
    assert beside(work, "rows", rows, width) < 0.1


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are told in another way elsewhere")
@pytest.mark.parametrize("profile", ["bins", "data"])
@pytest.mark.parametrize(("rows", "width"), [(4_000_000, 4), (800_000, 20)])
def test_a_profile_of_rows_holds_less_than_a_fifth_of_them_beside_them(profile: str, rows: int, width: int) -> None:
    # An eighth of the rows is copied at a time.
    assert beside(profile, "rows", rows, width) < 0.2


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are told in another way elsewhere")
def test_correlations_hold_no_more_than_the_ranks_and_some_columns_beside_them() -> None:
    # Ranks take half of what values do; beside them two columns at a time are put in order.
    assert beside("correlations", "rows", 400_000, 20) < 1.1


IN_PARTS = """
import sys
from pathlib import Path

import numpy as np
from scouter.drift import Drifter, PsiDriftConfig, SpcDriftConfig
from scouter.profile import DataProfiler

work, data = sys.argv[1:]

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))

def parts(count):
    random = np.random.default_rng(5)
    for _ in range(count):
        yield random.normal(size=(20_000, 8))

def whole(few):
    if data == "iterator":
        return parts(8 if few else 100)
    return Path(data).with_stem("few") if few else Path(data)

drifter, profiler = Drifter(), DataProfiler()
profiles = {"bins": PsiDriftConfig(), "charts": SpcDriftConfig(sample_size=25)}
works = {
    "bins": lambda data: drifter.create_drift_profile(data, profiles["bins"]),
    "charts": lambda data: drifter.create_drift_profile(data, profiles["charts"]),
    "data": profiler.create_data_profile,
}
if work == "drift":
    profile = drifter.create_drift_profile(whole(True), profiles["bins"])
    works["drift"] = lambda data: drifter.compute_drift(data, profile)
works[work](whole(True))
before = peak()
works[work](whole(False))
print(peak() - before)
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows of eight numbers as Parquet and CSV, and beside each a few of them, which are more than one part."""
    folder = tmp_path_factory.mktemp("rows")
    columns = np.random.default_rng(5).normal(size=(8, 2_000_000))
    frame = pl.DataFrame({f"x{at}": column for at, column in enumerate(columns)})
    for rows, stem in ((150_000, "few"), (2_000_000, "many")):
        frame[:rows].write_parquet(folder / f"{stem}.parquet", row_group_size=50_000)
        frame[: min(rows, 700_000)].write_csv(folder / f"{stem}.csv")
    return folder


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are told in another way elsewhere")
@pytest.mark.parametrize(
    ("data", "work"),
    [
        *(("many.parquet", work) for work in ("bins", "charts", "data", "drift")),
        *(("iterator", work) for work in ("bins", "charts", "data", "drift")),
        ("many.csv", "bins"),
        ("many.csv", "data"),
    ],
)
def test_what_comes_in_parts_is_read_in_bounded_memory(files: Path, data: str, work: str) -> None:
    place = data if data == "iterator" else str(files / data)
    ran = subprocess.run([sys.executable, "-c", IN_PARTS, work, place], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    # The rows that come after the few have 118 MB, those of CSV 35 MB and 75 MB of text.
    assert int(ran.stdout) < 22_000_000
