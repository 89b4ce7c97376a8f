"""How much memory profiles take beside the data: measured in a process of its own, where nothing else was before."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import os, sys
from pathlib import Path

# As many threads on every machine.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])

import numpy as np
from scouter.drift import Drifter, PsiDriftConfig
from scouter.profile import DataProfiler

PROFILES = {
    "bins": lambda data: Drifter().create_drift_profile(data, PsiDriftConfig()),
    "data": lambda data: DataProfiler().create_data_profile(data),
    "correlations": lambda data: DataProfiler().create_data_profile(data, compute_correlations=True),
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
def test_correlations_hold_no_more_than_the_ranks_and_some_columns_beside_them() -> None:
    # Ranks take half of what values do; beside them two columns at a time are put in order.
    assert beside("correlations", 400_000, 20) < 1.1
