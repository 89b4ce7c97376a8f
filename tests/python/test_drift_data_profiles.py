"""What data look like: every number worked out again with NumPy, pandas and SciPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats as scipy_stats
from scouter.errors import DataError
from scouter.profile import DataProfile, DataProfiler

NUMBERS = ["year", "month", "hour", "sched_dep_time", "dep_delay", "arr_delay", "air_time", "distance"]
COLUMNS = [*NUMBERS, "carrier", "origin", "dest", "tailnum", "time_hour"]


@pytest.fixture(scope="module")
def profile(flights: pd.DataFrame) -> DataProfile:
    return DataProfiler().create_data_profile(flights[COLUMNS], compute_correlations=True)


def test_numbers_are_those_of_numpy(flights: pd.DataFrame, profile: DataProfile) -> None:
    assert profile.rows == len(flights)
    for name in NUMBERS:
        column, stats = flights[name], profile[name].numeric_stats
        assert stats is not None
        values = column.dropna().to_numpy(float)
        assert (stats.rows, stats.missing) == (len(column), int(column.isna().sum()))
        assert stats.mean == pytest.approx(values.mean(), rel=1e-9)
        assert stats.stddev == pytest.approx(values.std(ddof=1), rel=1e-9, abs=1e-12)
        assert (stats.min, stats.max) == (values.min(), values.max())
        quantiles = [stats.quantiles.q25, stats.quantiles.q50, stats.quantiles.q75, stats.quantiles.q99]
        np.testing.assert_allclose(quantiles, np.quantile(values, [0.25, 0.5, 0.75, 0.99]), rtol=1e-9)
        assert stats.distinct.count == pytest.approx(len(np.unique(values)), rel=4 * stats.distinct.standard_error)
        assert stats.histogram is not None and sum(stats.histogram.bin_counts) == len(values)
        assert len(stats.histogram.bins) == len(stats.histogram.bin_counts) + 1


def test_texts_are_those_of_pandas(flights: pd.DataFrame, profile: DataProfile) -> None:
    for name in ["carrier", "origin", "dest", "tailnum"]:
        column, stats = flights[name], profile[name].string_stats
        assert stats is not None
        lengths = column.dropna().str.len()
        assert stats.missing == int(column.isna().sum())
        assert stats.distinct.count == pytest.approx(column.nunique(), rel=4 * stats.distinct.standard_error)
        chars = stats.char_stats
        assert (chars.min_length, chars.max_length) == (lengths.min(), lengths.max())
        assert chars.mean_length == pytest.approx(lengths.mean(), rel=1e-9)
    words = profile["carrier"].string_stats
    assert words is not None
    counts = flights["carrier"].value_counts()
    assert {word: found.count for word, found in words.word_stats.words.items()} == counts.to_dict()
    assert words.word_stats.words["UA"].percent == pytest.approx(counts["UA"] / counts.sum())


def test_moments_are_told_as_moments(flights: pd.DataFrame, profile: DataProfile) -> None:
    stats = profile["time_hour"].datetime_stats
    assert stats is not None
    assert (stats.min, stats.max) == (flights["time_hour"].min(), flights["time_hour"].max())
    assert stats.missing == 0


def test_correlations_are_those_of_scipy(flights: pd.DataFrame, profile: DataProfile) -> None:
    for a, b in [("dep_delay", "arr_delay"), ("air_time", "distance"), ("hour", "sched_dep_time")]:
        both = flights[[a, b]].dropna()
        linear, ranked = profile[a].correlations, profile[a].spearman
        assert linear is not None and ranked is not None
        assert linear[b] == pytest.approx(np.corrcoef(both[a], both[b])[0, 1], rel=1e-9)
        assert ranked[b] == pytest.approx(scipy_stats.spearmanr(both[a], both[b]).statistic, rel=1e-9)
    table = pd.crosstab(flights["carrier"], flights["origin"]).to_numpy()
    v = profile["carrier"].correlations
    assert v is not None
    assert v["origin"] == pytest.approx(scipy_stats.contingency.association(table, method="cramer"), rel=1e-9)
    # A year that is the same in every row hangs together with nothing.
    assert "month" not in (profile["year"].correlations or {})


def test_correlations_are_left_out_where_they_are_not_asked_for() -> None:
    assert DataProfiler().create_data_profile(pd.DataFrame({"x": [1, 2]}))["x"].correlations is None


def test_a_file_is_described_in_parts(flights: pd.DataFrame, profile: DataProfile, tmp_path: Path) -> None:
    path = tmp_path / "flights.parquet"
    flights[COLUMNS].to_parquet(path)
    in_parts = DataProfiler().create_data_profile(path)
    assert in_parts.rows == profile.rows
    for name in NUMBERS:
        stats, whole = in_parts[name].numeric_stats, profile[name].numeric_stats
        assert stats is not None and whole is not None
        assert (stats.rows, stats.missing, stats.min, stats.max) == (whole.rows, whole.missing, whole.min, whole.max)
        assert stats.mean == pytest.approx(whole.mean, rel=1e-9)
        assert stats.distinct == whole.distinct
        # The rank of a quantile is off by no more than it says.
        values = np.sort(flights[name].dropna().to_numpy(float))
        share = [np.searchsorted(values, stats.quantiles.q50, side=side) / len(values) for side in ("left", "right")]
        assert share[0] - 2 * stats.quantiles.rank_error <= 0.5 <= share[1] + 2 * stats.quantiles.rank_error
    assert in_parts["carrier"].string_stats == profile["carrier"].string_stats


def test_correlations_of_a_file_are_those_of_the_data_in_memory(flights: pd.DataFrame, profile: DataProfile, tmp_path: Path) -> None:
    path = tmp_path / "flights.parquet"
    flights[COLUMNS].to_parquet(path)
    in_parts = DataProfiler().create_data_profile(path, compute_correlations=True)
    for name in COLUMNS:
        found, whole = in_parts[name], profile[name]
        assert found.correlations == pytest.approx(whole.correlations, rel=1e-9, abs=1e-12)
        assert found.spearman == (None if whole.spearman is None else pytest.approx(whole.spearman, rel=1e-9, abs=1e-12))
        assert (found.absent_correlations, found.absent_spearman) == (whole.absent_correlations, whole.absent_spearman)


def test_correlations_that_cannot_be_had_say_why(profile: DataProfile) -> None:
    assert profile["year"].absent_correlations["month"] == profile["year"].absent_spearman["month"] == "all values are equal"
    assert profile["tailnum"].correlations == {}
    assert "more than `1000` different categories" in profile["carrier"].absent_correlations["tailnum"]


def test_ranks_of_more_rows_than_are_kept_are_absent() -> None:
    data = np.random.default_rng(7).normal(size=(2**21 + 1, 2))
    described = DataProfiler().create_data_profile(data, compute_correlations=True)["feature_0"]
    assert described.correlations is not None and described.spearman == {}
    assert described.correlations["feature_1"] == pytest.approx(np.corrcoef(data.T)[0, 1], rel=1e-9)
    assert "ranks are kept of no more than `2097152` rows" in described.absent_spearman["feature_1"]


def test_pairs_of_categories_beyond_the_bound_that_columns_share_are_absent() -> None:
    rows = range(4000)
    same = {f"same_{at}": ["x"] * len(rows) for at in range(98)}
    frame = pd.DataFrame({"a": [str(at % 64) for at in rows], "b": [str(at // 64) for at in rows], **same})
    described = DataProfiler().create_data_profile(frame, compute_correlations=True)
    # 2^24 pairs are counted, shared by the 4,950 pairs of columns.
    assert "stand together in more than `3389` ways" in described["a"].absent_correlations["b"]


def test_correlations_of_too_many_columns_are_refused() -> None:
    with pytest.raises(DataError, match="correlations are of at most 1000 columns of numbers"):
        DataProfiler().create_data_profile(np.zeros((2, 1001)), compute_correlations=True)


def test_a_column_that_comes_late_hangs_together_by_the_rows_that_it_has() -> None:
    random = np.random.default_rng(3)
    x, y = random.normal(size=(2, 9000))
    y += x
    rows = [{"x": a, "y": b} if at >= 8500 else {"x": a} for at, (a, b) in enumerate(zip(x, y, strict=True))]
    found = DataProfiler().create_data_profile(iter(rows), compute_correlations=True)["x"]
    assert found.correlations is not None and found.spearman is not None
    assert found.correlations["y"] == pytest.approx(np.corrcoef(x[8500:], y[8500:])[0, 1], rel=1e-9)
    assert found.spearman["y"] == pytest.approx(scipy_stats.spearmanr(x[8500:], y[8500:]).statistic, rel=1e-9)


def test_bin_size_is_the_number_of_bins() -> None:
    frame = pd.DataFrame({"x": np.arange(100.0)})
    stats = DataProfiler().create_data_profile(frame, bin_size=4)["x"].numeric_stats
    assert stats is not None and stats.histogram is not None
    assert stats.histogram.bins == [0.0, 24.75, 49.5, 74.25, 99.0]
    assert stats.histogram.bin_counts == [25, 25, 25, 25]
    with pytest.raises(ValueError, match="`bin_size` is `0`"):
        DataProfiler().create_data_profile(frame, bin_size=0)


def test_segments_are_described_as_their_rows_are(flights: pd.DataFrame) -> None:
    some = flights[["air_time", "dest", "time_hour", "carrier"]].iloc[::7]
    segments = DataProfiler().create_data_profiles(some, by="carrier")
    assert list(segments) == sorted(some["carrier"].unique())
    for carrier, found in segments.items():
        alone = DataProfiler().create_data_profile(some[some["carrier"] == carrier].drop(columns="carrier"))
        assert (found.rows, list(found.features)) == (alone.rows, list(alone.features))
        for name in alone.features:
            left, right = found[name], alone[name]
            assert (left.numeric_stats, left.string_stats, left.datetime_stats) == (right.numeric_stats, right.string_stats, right.datetime_stats)


def test_windows_of_a_file_are_described_apart(flights: pd.DataFrame, tmp_path: Path) -> None:
    some = flights[["distance", "time_hour"]].iloc[::50]
    some.to_parquet(tmp_path / "some.parquet")
    months = DataProfiler().create_data_profiles(tmp_path / "some.parquet", time="time_hour", every="month")
    counts = some["time_hour"].dt.tz_convert("UTC").dt.strftime("%Y-%m-01").value_counts()
    assert {month: found.rows for month, found in months.items()} == counts.to_dict()


def test_whole_numbers_of_segments_are_told_apart() -> None:
    frame = pd.DataFrame({"id": 2**60 + np.arange(600), "half": ["a", "b"] * 300})
    for found in DataProfiler().create_data_profiles(frame, by="half").values():
        stats = found["id"].numeric_stats
        assert stats is not None and stats.distinct.count == 300


def test_segments_of_nothing_are_refused() -> None:
    frame = pd.DataFrame({"x": [1.0]})
    with pytest.raises(ValueError, match="give `by`, or `time` and `every`"):
        DataProfiler().create_data_profiles(frame)
    with pytest.raises(DataError, match="there is no column `y` to split by"):
        DataProfiler().create_data_profiles(frame, by="y")
