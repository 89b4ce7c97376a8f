"""Rows that are told apart by a column: windows of every width, and rows that are in none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scouter.drift import Drifter, PsiDriftConfig, SpcDriftConfig

TIMES = pd.DataFrame(
    {"x": np.arange(6.0), "t": pd.to_datetime(["2012-12-30 23:59", "2013-01-01", "2013-01-01 00:30", "2013-02-17 12:00", None, "2013-05-05"], format="mixed")}
)


@pytest.mark.parametrize(
    ("every", "windows"),
    [
        ("hour", ["2012-12-30T23:00", "2013-01-01T00:00", "2013-02-17T12:00", "2013-05-05T00:00"]),
        ("day", ["2012-12-30", "2013-01-01", "2013-02-17", "2013-05-05"]),
        ("week", ["2012-12-24", "2012-12-31", "2013-02-11", "2013-04-29"]),
        ("month", ["2012-12-01", "2013-01-01", "2013-02-01", "2013-05-01"]),
        ("quarter", ["2012-10-01", "2013-01-01", "2013-04-01"]),
        ("year", ["2012-01-01", "2013-01-01"]),
    ],
)
def test_windows_begin_where_the_calendar_says(every: str, windows: list[str]) -> None:
    for data in [TIMES, pl.from_pandas(TIMES)]:
        profiles = Drifter().create_drift_profile(data, PsiDriftConfig(), time="t", every=every)
        assert list(profiles) == windows


def test_rows_without_a_moment_are_in_no_window() -> None:
    profile = Drifter().create_drift_profile(TIMES, PsiDriftConfig())
    maps = Drifter().compute_drift(TIMES, profile, time="t", every="year")
    assert {name: drift["x"].current_rows for name, drift in maps.items()} == {"2012-01-01": 1, "2013-01-01": 4}


def test_rows_in_which_the_column_is_missing_are_in_no_segment() -> None:
    for by in [["a", None, "b", "a"], [1.0, None, 2.0, 1.0]]:
        frame = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "by": by})
        for data in [frame, pl.from_pandas(frame)]:
            profiles = Drifter().create_drift_profile(data, PsiDriftConfig(), by="by")
            assert [sum(bin.count for bin in profile.features["x"].bins) for profile in profiles.values()] == [2, 1]


def test_a_column_of_nothing_tells_no_rows_apart() -> None:
    data = [{"x": 1.0, "g": None}] * 2
    assert Drifter().create_drift_profile(data, PsiDriftConfig(), by="g") == {}
    assert Drifter().create_drift_profile(data, SpcDriftConfig(), time="g", every="day") == {}
