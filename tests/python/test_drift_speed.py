"""What is promised about the time of drift, as ratios in one run: the best of several turns counts, for whatever else a machine does
only adds to a turn. `python/benches/drift.py` measures how much more an optimised build does.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from scouter.drift import Drifter, PsiDriftConfig, SpcDriftConfig
from scouter.profile import DataProfiler

pytestmark = pytest.mark.timed

TURNS = 7
Work = Callable[[], object]


def best(*works: Work) -> list[float]:
    """The least seconds that each takes. They take turns, so that a busy moment falls on no one of them alone."""
    least = [float("inf")] * len(works)
    for _ in range(TURNS):
        for at, work in enumerate(works):
            start = time.perf_counter()
            work()
            least[at] = min(least[at], time.perf_counter() - start)
    return least


def columns(rows: int, width: int) -> np.ndarray:
    return np.asfortranarray(np.random.default_rng(5).normal(size=(rows, width)))


def drift_of(config: PsiDriftConfig | SpcDriftConfig, data: np.ndarray) -> Work:
    profile = Drifter().create_drift_profile(data, config)
    return lambda: Drifter().compute_drift(data, profile)


WORKS: dict[str, Callable[[np.ndarray], Work]] = {
    "psi profile": lambda data: lambda: Drifter().create_drift_profile(data, PsiDriftConfig()),
    "psi drift": lambda data: drift_of(PsiDriftConfig(), data),
    "spc profile": lambda data: lambda: Drifter().create_drift_profile(data, SpcDriftConfig()),
    "spc drift": lambda data: drift_of(SpcDriftConfig(), data),
    "data profile": lambda data: lambda: DataProfiler().create_data_profile(data),
}


@pytest.mark.parametrize("more", [(2_000_000, 10), (200_000, 100)], ids=["rows", "columns"])
@pytest.mark.parametrize("work", list(WORKS))
def test_ten_times_the_data_takes_about_ten_times_as_long(work: str, more: tuple[int, int]) -> None:
    short, long = best(WORKS[work](columns(200_000, 10)), WORKS[work](columns(*more)))
    # What grows with the logarithm too takes twelve times as long, what grows with the square a hundred times.
    assert long <= 15 * short


DECILES = np.arange(1, 10) / 10


def bins(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Inner edges and counts of ten bins, by a careful user of NumPy."""
    inner = np.unique(np.quantile(column, DECILES))
    return inner, counts(column, inner)


def counts(column: np.ndarray, inner: np.ndarray) -> np.ndarray:
    return np.bincount(np.searchsorted(inner, column), minlength=len(inner) + 1)


def index(column: np.ndarray, inner: np.ndarray, before: np.ndarray) -> float:
    p, q = before / before.sum(), counts(column, inner) / len(column)
    return float(((p - q) * np.log(p / q)).sum())


# An optimised build takes a sixth of the time of NumPy and less, and a fifth of that of polars.


def test_bins_are_made_in_about_the_time_of_numpy_at_most() -> None:
    data = columns(200_000, 8)
    ours, numpy = best(WORKS["psi profile"](data), lambda: [bins(column) for column in data.T])
    assert ours < 2 * numpy


def test_drift_is_found_in_about_the_time_of_numpy_at_most() -> None:
    data = columns(200_000, 8)
    known = [bins(column) for column in data.T]
    ours, numpy = best(WORKS["psi drift"](data), lambda: [index(column, *before) for column, before in zip(data.T, known)])
    assert ours < 2 * numpy


def test_data_are_described_in_about_the_time_of_the_two_calls_of_polars_at_most() -> None:
    data = pl.DataFrame({f"x{at}": column for at, column in enumerate(columns(200_000, 8).T)})
    ours, theirs = best(lambda: DataProfiler().create_data_profile(data), lambda: (data.describe(), [data[name].n_unique() for name in data.columns]))
    assert ours < 3 * theirs
