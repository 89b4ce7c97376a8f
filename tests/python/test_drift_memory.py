"""How much memory profiles take beside the data: measured in a process of its own, where nothing else was before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

SCRIPT = """
import os, sys
from pathlib import Path

# As many threads on every machine.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])

import numpy as np
from scouter.drift import Drifter, PsiDriftConfig, SpcDriftConfig
from scouter.profile import DataProfiler

def drift(data, config):
    Drifter().compute_drift(data, Drifter().create_drift_profile(data[:1000], config))

PROFILES = {
    "bins": lambda data: Drifter().create_drift_profile(data, PsiDriftConfig()),
    "data": lambda data: DataProfiler().create_data_profile(data),
    "correlations": lambda data: DataProfiler().create_data_profile(data, compute_correlations=True),
    "drift by bins": lambda data: drift(data, PsiDriftConfig()),
    "drift by charts": lambda data: drift(data, SpcDriftConfig(sample_size=25)),
}
profile, rows, width = PROFILES[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3])

def peak():
    # Of this program alone: the peak that getrusage tells begins with that of the process that started it.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))

data = np.empty((rows, width))
np.random.default_rng(5).standard_normal(out=data)
profile(data[:100].copy())
before = peak()
profile(data)
print((peak() - before) / data.nbytes)
"""


def beside(profile: str, rows: int, width: int) -> float:
    """The peak of memory beyond what there was before, as a share of the data."""
    command = [sys.executable, "-c", SCRIPT, profile, str(rows), str(width)]
    return float(subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are told in another way elsewhere")
@pytest.mark.parametrize("profile", ["bins", "data"])
@pytest.mark.parametrize(("rows", "width"), [(4_000_000, 4), (800_000, 20)])
def test_a_profile_of_rows_holds_less_than_a_fifth_of_them_beside_them(profile: str, rows: int, width: int) -> None:
    assert beside(profile, rows, width) < 0.2


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are told in another way elsewhere")
@pytest.mark.parametrize(("work", "most"), [("drift by bins", 0.2), ("drift by charts", 0.5)])
@pytest.mark.parametrize(("rows", "width"), [(4_000_000, 4), (800_000, 20)])
def test_drift_of_rows_holds_a_share_of_them_beside_them(work: str, most: float, rows: int, width: int) -> None:
    # A point of a chart, which 25 rows are, takes an eighth of them; while there are ever more points, they are held twice.
    assert beside(work, rows, width) < most


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are told in another way elsewhere")
def test_correlations_hold_no_more_than_the_ranks_and_some_columns_beside_them() -> None:
    # Ranks take half of what values do; beside them two columns at a time are put in order.
    assert beside("correlations", 400_000, 20) < 1.1


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
