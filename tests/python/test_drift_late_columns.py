"""Columns that have no value in the first parts of data, or in some of them: what they hold is told by the parts that have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile, SpcDriftConfig
from scouter.errors import DataError
from scouter.profile import DataProfiler

PART = 65_536  # rows of a part of a file
TOGETHER = 8_192  # rows that an iterator gives one by one and that are looked at together


def psi(data: object, **split: str) -> Any:
    return Drifter().create_drift_profile(data, PsiDriftConfig(), **split)


def categories(profile: PsiDriftProfile, name: str) -> dict[str | None, int]:
    return {bin.category: bin.count for bin in profile.features[name].bins}


@pytest.fixture
def late(tmp_path: Path) -> Path:
    path = tmp_path / "late.csv"
    path.write_text("x,note,n\n" + "1,,\n" * PART + "2,late,5\n" * 100)
    return path


def test_a_column_of_a_file_may_begin_late(late: Path) -> None:
    profile = psi(late)
    assert categories(profile, "note") == {"late": 100}
    assert (profile.features["note"].missing, profile.features["n"].missing) == (PART, PART)
    drift = Drifter().compute_drift(late, profile)
    assert drift.drifted == [] and drift["note"].missing == PART
    described = DataProfiler().create_data_profile(late)
    texts, numbers = described["note"].string_stats, described["n"].numeric_stats
    assert texts is not None and (texts.rows, texts.missing) == (PART + 100, PART)
    assert numbers is not None and (numbers.missing, numbers.mean) == (PART, 5.0)
    charts = Drifter().create_drift_profile(late, SpcDriftConfig(sample_size=10))
    assert charts.config.feature_map is not None and charts.config.feature_map.features == {"note": {"late": 0}}
    assert Drifter().compute_drift(late, charts)["note"].left_out == PART


PARTS: dict[str, Callable[[], Iterator[object]]] = {
    "frames whose texts are all missing at first": lambda: iter(
        [pd.DataFrame({"s": [None, None]}), pd.DataFrame({"s": ["a", "b"]}), pd.DataFrame({"s": [None, None]})]
    ),
    "frames that make numbers of missing texts": lambda: iter(
        [pd.DataFrame({"s": [np.nan, np.nan]}), pd.DataFrame({"s": ["a", "b"]}), pd.DataFrame({"s": [np.nan, np.nan]})]
    ),
    "tables of Arrow without a type": lambda: iter([pa.table({"s": pa.nulls(2)}), pa.table({"s": ["a", "b"]}), pa.table({"s": pa.nulls(2)})]),
}


@pytest.mark.parametrize("parts", PARTS)
def test_parts_without_a_value_tell_nothing_of_others(parts: str) -> None:
    profile = psi(PARTS[parts]())
    assert categories(profile, "s") == {"a": 1, "b": 1} and profile.features["s"].missing == 4
    drift = Drifter().compute_drift(PARTS[parts](), profile)["s"]
    assert (drift.missing, drift.unseen, drift.psi) == (4, 0, 0.0)
    texts = DataProfiler().create_data_profile(PARTS[parts]())["s"].string_stats
    assert texts is not None and (texts.missing, texts.distinct.count) == (4, 2)
    charts = Drifter().create_drift_profile(PARTS[parts](), SpcDriftConfig(sample_size=1))
    assert Drifter().compute_drift(PARTS[parts](), charts)["s"].left_out == 4


def rows(first: dict[str, Any], then: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from [first] * TOGETHER
    yield from [then] * 10


def test_a_key_that_a_whole_part_of_dicts_lacks_is_missing_in_it() -> None:
    for first, then, missing in [({"x": 1}, {"x": 1, "s": "a"}, TOGETHER), ({"x": 1, "s": "a"}, {"x": 1}, 10)]:
        profile = psi(rows(first, then))
        assert profile.features["s"].missing == missing
        drift = Drifter().compute_drift(rows(first, then), profile)
        assert (drift["s"].missing, drift["s"].current_rows) == (missing, TOGETHER + 10)
        described = DataProfiler().create_data_profile(rows(first, then))
        texts = described["s"].string_stats
        assert texts is not None and (described.rows, texts.missing) == (TOGETHER + 10, missing)


def test_a_key_that_begins_late_is_missing_in_the_earlier_rows_of_each_group() -> None:
    data = [*[{"g": "a"}, {"g": "b"}, {"g": "b"}, {}] * (TOGETHER // 4), *[{"g": "b", "s": "x"}] * 5]
    profiles = psi(iter(data), by="g")
    assert profiles["b"].features["s"].missing == TOGETHER // 2
    assert profiles["a"].absent == {"s": "all values are missing"}


def test_a_key_that_no_dict_has_is_an_error() -> None:
    profile = psi([{"x": 1, "y": 2}] * 3)
    with pytest.raises(DataError, match="the data have no column `y`, which the profile has"):
        Drifter().compute_drift(rows({"x": 1}, {"x": 2}), profile)


def test_a_column_that_is_missing_to_the_end_is_absent() -> None:
    data = {"x": [None] * 30, "y": list(range(30))}
    assert psi(data).absent == {"x": "all values are missing"}
    stats = DataProfiler().create_data_profile(data)["x"].numeric_stats
    assert stats is not None and (stats.rows, stats.missing, stats.mean) == (30, 30, None)
