"""The same data in every library, in whole and in parts, give the same profile."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pydantic import BaseModel
from scouter.drift import Drifter, PsiDriftConfig, SpcDriftConfig, SpcDriftProfile
from scouter.evaluate import AssertionTask, ComparisonOperator, GenAIEvalDataset
from scouter.profile import DataProfiler

ROWS = 500
RANDOM = np.random.default_rng(7)
X = RANDOM.normal(size=ROWS)
N = RANDOM.integers(0, 50, size=ROWS)
NAMES = np.array(["AA", "UA", "ünï"])[RANDOM.integers(0, 3, size=ROWS)]
COLUMNS: dict[str, Any] = {"x": X, "n": N, "name": NAMES.tolist()}


class Row(BaseModel):
    x: float
    n: int
    name: str


def rows() -> list[dict[str, Any]]:
    return [{"x": float(x), "n": int(n), "name": str(name)} for x, n, name in zip(X, N, NAMES)]


def parts() -> Iterator[pd.DataFrame]:
    frame = pd.DataFrame(COLUMNS)
    for start in range(0, ROWS, 130):
        yield frame[start : start + 130]


SOURCES: dict[str, Callable[[], object]] = {
    "pandas": lambda: pd.DataFrame(COLUMNS),
    "pandas of objects": lambda: pd.DataFrame(COLUMNS).astype(object),
    "pandas with nullable types": lambda: pd.DataFrame(COLUMNS).convert_dtypes(),
    "pandas backed by Arrow": lambda: pd.DataFrame(COLUMNS).convert_dtypes(dtype_backend="pyarrow"),
    "pandas with a categorical": lambda: pd.DataFrame(COLUMNS).astype({"name": "category"}),
    "polars": lambda: pl.DataFrame(COLUMNS),
    "polars with a categorical": lambda: pl.DataFrame(COLUMNS).with_columns(pl.col("name").cast(pl.Categorical)),
    "a table of Arrow": lambda: pa.table(COLUMNS),
    "a table of Arrow in chunks": lambda: pa.concat_tables([pa.table(COLUMNS)[:77], pa.table(COLUMNS)[77:]]),
    "a stream of Arrow": lambda: pa.table(COLUMNS).to_reader(100),
    "a dict of columns": lambda: COLUMNS,
    "dicts": rows,
    "models": lambda: [Row(**row) for row in rows()],
    "an iterator of frames": parts,
    "an iterator of dicts": lambda: iter(rows()),
}


def bins(data: object) -> dict[str, list[tuple[object, ...]]]:
    profile = Drifter().create_drift_profile(data, PsiDriftConfig())
    return {
        name: [(bin.lower_limit, bin.upper_limit, bin.category, bin.count) for bin in feature.bins]
        for name, feature in profile.features.items()
    }


def near(value: object) -> object:
    """The same, with numbers to rounding: sums of parts are added up in another order."""
    if isinstance(value, dict):
        return {name: near(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [near(inner) for inner in value]
    return pytest.approx(value, rel=1e-12) if isinstance(value, float) else value


def charts(data: object) -> dict[str, Any]:
    """The charts of the numbers, in subgroups that do not end where parts do."""
    features = Drifter().create_drift_profile(data, SpcDriftConfig(sample_size=7)).model_dump()["features"]
    return {name: {key: value for key, value in features[name].items() if key != "timestamp"} for name in ("x", "n")}


def points(data: object) -> dict[str, Any]:
    """Where the rows stand on the charts of the frame."""
    drifter = Drifter()
    profile = drifter.create_drift_profile(pd.DataFrame(COLUMNS)[["x", "n"]], SpcDriftConfig(sample_size=7))
    told: dict[str, Any] = {}
    for name, chart in drifter.compute_drift(data, profile).features.items():
        told[name] = {f"point {at}": [mean, spread] for at, (mean, spread) in enumerate(zip(chart.samples, chart.deviations))}
        told[name] |= {"unused": chart.unused, "left out": chart.left_out, "alerts": [alert.points for alert in chart.alerts]}
    return told


def described(data: object) -> dict[str, Any]:
    features = DataProfiler().create_data_profile(data).model_dump()["features"]
    for feature in features.values():
        del feature["timestamp"]
    return dict(features)


KINDS: dict[str, Callable[[object], dict[str, Any]]] = {"bins": bins, "charts": charts, "points": points, "described": described}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("source", SOURCES)
def test_every_source_gives_the_same_profile(source: str, kind: str) -> None:
    assert KINDS[kind](SOURCES[source]()) == near(KINDS[kind](pd.DataFrame(COLUMNS)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", ["parquet", "csv", "arrow"])
def test_every_file_gives_the_same_profile(suffix: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"data.{suffix}"
    frame = pd.DataFrame(COLUMNS)
    {"parquet": frame.to_parquet, "csv": lambda path: frame.to_csv(path, index=False), "arrow": frame.to_feather}[suffix](path)
    whole = near(KINDS[kind](frame))
    assert KINDS[kind](path) == whole
    assert KINDS[kind](str(path)) == whole


MATRIX = RANDOM.normal(size=(300, 4))
LAYOUTS: dict[str, Callable[[], np.ndarray]] = {
    "rows": lambda: MATRIX,
    "columns": lambda: np.asfortranarray(MATRIX),
    "every second row": lambda: np.repeat(MATRIX, 2, axis=0)[::2],
    "every second column": lambda: np.repeat(MATRIX, 2, axis=1)[:, ::2],
    "backwards": lambda: np.ascontiguousarray(MATRIX[::-1])[::-1],
    "big-endian": lambda: MATRIX.astype(">f8"),
    "read-only": lambda: np.broadcast_to(MATRIX, MATRIX.shape),
    "objects": lambda: MATRIX.astype(object),
}


@pytest.mark.parametrize("kind", ["bins", "described"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_of_numpy_gives_the_same_profile(layout: str, kind: str) -> None:
    expected = KINDS[kind](pd.DataFrame(MATRIX, columns=[f"feature_{at}" for at in range(4)]))
    assert KINDS[kind](LAYOUTS[layout]()) == near(expected)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_of_numpy_gives_the_same_charts(layout: str) -> None:
    drifter, config = Drifter(), SpcDriftConfig(sample_size=7)
    frame = pd.DataFrame(MATRIX, columns=[f"feature_{at}" for at in range(4)])
    whole, found = drifter.create_drift_profile(frame, config), drifter.create_drift_profile(LAYOUTS[layout](), config)
    limits = [[(chart.center, chart.three_ucl) for chart in profile.features.values()] for profile in (whole, found)]
    np.testing.assert_allclose(limits[1], limits[0], rtol=1e-12)
    on_whole = [drifter.compute_drift(data, whole) for data in (frame, LAYOUTS[layout]())]
    for name, chart in on_whole[0].features.items():
        np.testing.assert_allclose(on_whole[1][name].samples, chart.samples, rtol=1e-12)
        np.testing.assert_allclose(on_whole[1][name].deviations, chart.deviations, rtol=1e-12)


@pytest.mark.parametrize("dtype", ["float64", "float32", "uint64"])
@pytest.mark.parametrize("width", [1, 7, 8, 9, 1000])
def test_rows_of_numpy_are_what_their_columns_are(width: int, dtype: str) -> None:
    random, drifter = np.random.default_rng(width), Drifter()
    before, after = (random.normal(100, 10, size=(120_000 // width, width)) for _ in range(2))
    if dtype.startswith("float"):
        after[random.random(after.shape) < 0.01] = np.nan
        after[0, :] = np.inf
    before, after = before.astype(dtype), after.astype(dtype)
    columns = np.asfortranarray(after)
    for profile in [drifter.create_drift_profile(before, PsiDriftConfig()), drifter.create_drift_profile(before, SpcDriftConfig())]:
        assert drifter.compute_drift(after, profile) == drifter.compute_drift(columns, profile)
        assert drifter.compute_drift(iter([after[:777], after[777:]]), profile) == drifter.compute_drift(columns, profile)
    in_rows, in_columns = (drifter.create_drift_profile(data, SpcDriftConfig(sample_size=7)) for data in (after, columns))
    for one, other in zip(in_rows.features.values(), in_columns.features.values()):
        assert (one.center, one.three_ucl) == pytest.approx((other.center, other.three_ucl), rel=1e-12)


@pytest.mark.parametrize("size", [1, 7, 25])
def test_rows_with_missing_values_stand_on_charts_as_their_columns_do(size: int) -> None:
    before, after = np.random.default_rng(size).normal(size=(2, 20_000, 4))
    # What is missing shifts all that follows, unless it is as much as a subgroup has.
    after[100:125, 0] = np.nan
    after[100:103, 1] = np.inf
    after[15_000, 2] = np.nan
    profile = Drifter().create_drift_profile(before, SpcDriftConfig(sample_size=size))
    in_rows, in_columns = (Drifter().compute_drift(data, profile) for data in (after, np.asfortranarray(after)))
    assert in_rows == in_columns
    assert [in_rows[f"feature_{at}"].left_out for at in range(4)] == [25, 3, 1, 0]


def limits(profile: SpcDriftProfile) -> dict[str, tuple[float, ...]]:
    return {
        name: (feature.center, feature.three_lcl, feature.three_ucl) for name, feature in profile.features.items()
    }


@pytest.mark.parametrize("size", [2, 9, 25])
def test_charts_of_many_rows_are_those_of_their_columns_to_the_last_bit(size: int) -> None:
    rows, drifter, config = np.random.default_rng(size).normal(3, 2, size=(80_003, 13)), Drifter(), SpcDriftConfig(sample_size=size)
    columns = np.asfortranarray(rows)
    profile = drifter.create_drift_profile(columns, config)
    assert limits(drifter.create_drift_profile(rows, config)) == limits(profile)
    assert drifter.compute_drift(rows, profile) == drifter.compute_drift(columns, profile)


def test_a_column_with_missing_values_among_many_rows_changes_none_beside_it() -> None:
    rows, drifter, config = np.random.default_rng(1).normal(3, 2, size=(80_003, 13)), Drifter(), SpcDriftConfig()
    without = limits(drifter.create_drift_profile(rows, config))
    rows[0, 3], rows[40_000, 5], rows[79_999, 8], rows[80_002, 9] = np.nan, np.inf, np.nan, np.nan
    rows[:, 11] = np.nan
    columns = np.asfortranarray(rows)
    in_rows, in_columns = (drifter.create_drift_profile(data, config) for data in (rows, columns))
    assert list(in_rows.features) == list(in_columns.features) and "feature_11" not in in_rows.features
    for name, found in limits(in_rows).items():
        assert found == pytest.approx(limits(in_columns)[name], rel=1e-12)
        assert found == without[name] or name in ("feature_3", "feature_5", "feature_8")
    drift = drifter.compute_drift(rows, in_columns)
    assert drift == drifter.compute_drift(columns, in_columns)
    assert [drift[f"feature_{at}"].left_out for at in (3, 4, 5, 8, 9)] == [1, 0, 1, 1, 1]


def test_categories_among_rows_of_numpy_are_counted_as_such() -> None:
    codes = np.arange(600).reshape(-1, 3) % 5
    drifter = Drifter()
    profile = drifter.create_drift_profile(codes, PsiDriftConfig(categorical_features=["feature_1"]))
    assert profile.features["feature_1"].bin_type.name == "Category"
    assert drifter.compute_drift(codes, profile).drifted == [] and drifter.compute_drift(codes + 1, profile)["feature_1"].unseen == 40


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32"])
def test_every_width_is_read(dtype: str) -> None:
    values = np.arange(100).astype(dtype).reshape(-1, 1)
    profile = DataProfiler().create_data_profile(values)
    stats = profile["feature_0"].numeric_stats
    assert stats is not None
    assert (stats.mean, stats.min, stats.max, stats.distinct.count) == (49.5, 0.0, 99.0, 100)


def test_booleans_are_zero_and_one() -> None:
    for data in [np.array([[True], [False], [True]]), pl.DataFrame({"feature_0": [True, False, True]})]:
        stats = DataProfiler().create_data_profile(data)["feature_0"].numeric_stats
        assert stats is not None and stats.mean == pytest.approx(2 / 3)


def test_whole_numbers_beyond_2_to_the_63_are_read() -> None:
    values = np.array([[2**63], [2**64 - 1]], dtype=np.uint64)
    stats = DataProfiler().create_data_profile(values)["feature_0"].numeric_stats
    assert stats is not None and (stats.min, stats.max) == (float(2**63), float(2**64))


IDS = 2**60 + np.arange(1000)
WIDE: dict[str, Callable[[], object]] = {
    "NumPy": lambda: IDS.reshape(-1, 1),
    "unsigned": lambda: (IDS.astype(np.uint64) + np.uint64(2**63)).reshape(-1, 1),
    "pandas": lambda: pd.DataFrame({"feature_0": IDS}),
    "polars": lambda: pl.DataFrame({"feature_0": IDS}),
    "Arrow in parts": lambda: pa.table({"feature_0": IDS}).to_reader(130),
}


@pytest.mark.parametrize("source", WIDE)
def test_whole_numbers_beyond_2_to_the_53_are_told_apart(source: str) -> None:
    stats = DataProfiler().create_data_profile(WIDE[source]())["feature_0"].numeric_stats
    assert stats is not None and (stats.distinct.count, stats.distinct.standard_error) == (1000, 0.0)


MISSING: dict[str, Callable[[], object]] = {
    "NaN in pandas": lambda: pd.DataFrame({"x": [1.0, np.nan, 3.0], "s": ["a", None, "b"]}),
    "NA in pandas": lambda: pd.DataFrame({"x": pd.array([1, None, 3], "Int64"), "s": pd.array(["a", None, "b"], "string")}),
    "null in polars": lambda: pl.DataFrame({"x": [1, None, 3], "s": ["a", None, "b"]}),
    "null in Arrow": lambda: pa.table({"x": [1.0, None, 3.0], "s": pa.array(["a", None, "b"]).dictionary_encode()}),
    "null among the categories of Arrow": lambda: pa.table(
        {"x": [1.0, None, 3.0], "s": pa.array(["a", None, "b"]).dictionary_encode(null_encoding="encode")}
    ),
    "None in dicts": lambda: [{"x": 1, "s": "a"}, {"x": None, "s": None}, {"x": 3, "s": "b"}],
    "keys that dicts lack": lambda: [{"x": 1, "s": "a"}, {}, {"x": 3, "s": "b"}],
    "a sliced table of Arrow": lambda: pa.table({"x": [9.0, 1.0, None, 3.0], "s": ["z", "a", None, "b"]})[1:],
}


@pytest.mark.parametrize("source", MISSING)
def test_missing_values_are_counted(source: str) -> None:
    profile = DataProfiler().create_data_profile(MISSING[source]())
    numbers, texts = profile["x"].numeric_stats, profile["s"].string_stats
    assert numbers is not None and texts is not None
    assert (numbers.rows, numbers.missing, numbers.mean) == (3, 1, 2.0)
    assert (texts.rows, texts.missing, texts.distinct.count) == (3, 1, 2)


UNTYPED = pl.DataFrame({"x": [None, None, None], "n": [1.0, 2.0, 3.0], "lists": [[], [], []], "objects": [{"a": None}] * 3})
WITHOUT_TYPES: dict[str, Callable[[], object]] = {
    "whole": lambda: UNTYPED[["x", "n"]],
    "sliced": lambda: pl.concat([UNTYPED, UNTYPED])[["x", "n"]][2:5].with_columns(n=pl.Series([1.0, 2.0, 3.0])),
    "in parts": lambda: iter([pl.DataFrame({"x": [None], "n": [1.0]}), UNTYPED[["x", "n"]][1:]]),
}


@pytest.mark.parametrize("source", WITHOUT_TYPES)
def test_columns_of_polars_without_a_type_are_missing(source: str) -> None:
    profile = DataProfiler().create_data_profile(WITHOUT_TYPES[source]())
    nothing, numbers = profile["x"].numeric_stats, profile["n"].numeric_stats
    assert nothing is not None and numbers is not None
    assert (nothing.rows, nothing.missing, numbers.mean) == (3, 3, 2.0)


def test_what_is_watched_can_be_beside_columns_of_polars_without_a_type() -> None:
    drifter = Drifter()
    profile = drifter.create_drift_profile(UNTYPED[["n"]], PsiDriftConfig())
    assert drifter.compute_drift(UNTYPED, profile)["n"].psi == 0.0


def test_a_column_that_lost_its_type_is_all_missing_in_drift() -> None:
    drifter = Drifter()
    profile = drifter.create_drift_profile(pl.DataFrame({"s": ["a", "b", "a"]}), PsiDriftConfig())
    assert drifter.compute_drift(pl.DataFrame({"s": [None, None, None]}), profile)["s"].missing == 3


def test_datasets_take_columns_of_polars_without_a_type() -> None:
    tasks = [AssertionTask("nothing", None, ComparisonOperator.Equals, "x"), AssertionTask("inner", None, ComparisonOperator.Equals, "objects.a")]
    assert GenAIEvalDataset.from_table(UNTYPED, tasks).evaluate().pass_rate == 1.0


def test_empty_cells_of_csv_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,s\n1,a\nNA,\n3,b\n")
    profile = DataProfiler().create_data_profile(path)
    numbers, texts = profile["x"].numeric_stats, profile["s"].string_stats
    assert numbers is not None and texts is not None
    assert (numbers.missing, numbers.mean, texts.missing) == (1, 2.0, 1)


NOON = datetime.datetime(2013, 7, 1, 12, tzinfo=datetime.timezone.utc)
MOMENTS: dict[str, Callable[[], object]] = {
    "pandas without a zone": lambda: pd.DataFrame({"t": pd.to_datetime(["2013-07-01T12:00", None])}),
    "pandas with a zone": lambda: pd.DataFrame({"t": pd.to_datetime(["2013-07-01T08:00-04:00", None]).tz_convert("America/New_York")}),
    "polars with a zone": lambda: pl.DataFrame({"t": [NOON, None]}).with_columns(pl.col("t").dt.convert_time_zone("Asia/Tokyo")),
    "Arrow in nanoseconds": lambda: pa.table({"t": pa.array([NOON, None], pa.timestamp("ns", "UTC"))}),
    "dicts": lambda: [{"t": NOON.astimezone(datetime.timezone(datetime.timedelta(hours=5)))}, {"t": None}],
    "NumPy in seconds": lambda: {"t": np.array(["2013-07-01T12:00:00", "NaT"], "datetime64[s]")},
    "NumPy in hours": lambda: {"t": np.array(["2013-07-01T12", "NaT"], "datetime64[h]")},
}


@pytest.mark.parametrize("source", MOMENTS)
def test_moments_are_in_utc(source: str) -> None:
    stats = DataProfiler().create_data_profile(MOMENTS[source]())["t"].datetime_stats
    assert stats is not None
    assert (stats.min, stats.max, stats.missing) == (NOON, NOON, 1)


def test_decimals_are_numbers() -> None:
    for data in [pa.table({"x": [Decimal("0.1"), Decimal("0.3")]}), [{"x": Decimal("0.1")}, {"x": Decimal("0.3")}]]:
        stats = DataProfiler().create_data_profile(data)["x"].numeric_stats
        assert stats is not None and (stats.min, stats.max) == (0.1, 0.3)


def test_numbers_can_be_categories() -> None:
    drifter = Drifter()
    config = PsiDriftConfig(categorical_features=["code"])
    profile = drifter.create_drift_profile(pd.DataFrame({"code": [1, 1, 2, 3]}), config)
    assert profile.features["code"].bin_type.name == "Category"
    assert [bin.category for bin in profile.features["code"].bins] == ["1", "2", "3"]
    # Missing values make floats of whole numbers, and the categories stay the same.
    drift = drifter.compute_drift(pd.DataFrame({"code": [1.0, 2.0, 9.0, np.nan]}), profile)["code"]
    assert (drift.unseen, drift.missing) == (1, 1)


def test_what_is_borrowed_is_given_back() -> None:
    values = np.asfortranarray(RANDOM.normal(size=(1000, 3)))
    profile = Drifter().create_drift_profile(values, PsiDriftConfig())
    values[:, 0] += 10.0
    assert Drifter().compute_drift(values, profile).drifted == ["feature_0"]
