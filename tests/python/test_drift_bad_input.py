"""Data that profiles and drift cannot be had of: an error names column and row, and what is absent says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scouter.alert import AlertThreshold, PsiAlertConfig, SpcAlertConfig
from scouter.drift import CustomMetric, Drifter, PsiDriftConfig, PsiDriftProfile, SpcDriftConfig
from scouter.errors import DataError, ScouterError
from scouter.profile import DataProfiler


def psi(data: object, config: PsiDriftConfig | None = None) -> PsiDriftProfile:
    return Drifter().create_drift_profile(data, config or PsiDriftConfig())


@pytest.mark.parametrize("data", [pd.DataFrame({"x": []}), [], pl.DataFrame(), np.empty((0, 2)), iter(())])
def test_no_rows_is_an_error(data: object) -> None:
    for use in [psi, DataProfiler().create_data_profile, Drifter().create_drift_profile]:
        with pytest.raises(DataError, match="have no (rows|columns)"):
            use(data)


@pytest.mark.parametrize("data", [pd.DataFrame({"x": []}), [], iter(())])
def test_no_rows_cannot_be_compared(data: object) -> None:
    frame = pd.DataFrame({"x": range(50)})
    for profile in [psi(frame), Drifter().create_drift_profile(frame)]:
        with pytest.raises(DataError, match="have no (rows|columns)|no column `x`"):
            Drifter().compute_drift(data, profile)


def test_values_without_a_finite_one_are_compared_as_far_as_they_can_be() -> None:
    frame = pd.DataFrame({"x": range(100)})
    drift = Drifter().compute_drift(pd.DataFrame({"x": [np.inf] * 30 + [-np.inf] * 30}), psi(frame))["x"]
    assert drift.drifted and drift.missing == 0
    assert Drifter().compute_drift(pd.DataFrame({"x": [np.nan] * 60}), psi(frame))["x"].missing == 60
    charts = Drifter().create_drift_profile(frame)
    for nothing in [np.inf, np.nan]:
        absent = Drifter().compute_drift(pd.DataFrame({"x": [nothing] * 60}), charts).absent
        assert absent == {"x": "no value is finite"}


def test_one_row_stands_on_a_chart_of_single_values() -> None:
    charts = Drifter().create_drift_profile(pd.DataFrame({"x": [1.0, 2.0] * 50}), SpcDriftConfig(sample_size=1))
    drift = Drifter().compute_drift(pd.DataFrame({"x": [99.0]}), charts)["x"]
    assert (drift.samples, drift.deviations, len(drift.alerts)) == ([99.0], [], 1)
    alone = Drifter().create_drift_profile(pd.DataFrame({"x": [1.0]}), SpcDriftConfig(sample_size=1))
    assert alone.absent == {"x": "`1` values are too few: at least `2` are needed"}


def test_categories_and_truths_of_pandas_may_be_missing() -> None:
    frame = pd.DataFrame({"s": pd.Categorical(["a", None, "b", "a"]), "b": pd.array([True, None, False, True], "boolean")})
    profile = psi(frame)
    assert [(bin.category, bin.count) for bin in profile.features["s"].bins] == [("a", 2), ("b", 1)]
    assert (profile.features["s"].missing, profile.features["b"].missing) == (1, 1)
    assert sum(bin.count for bin in profile.features["b"].bins) == 3


def test_one_row_is_a_profile_and_no_chart() -> None:
    frame = pd.DataFrame({"x": [1.0], "s": ["a"]})
    profile = psi(frame)
    assert [bin.count for bin in profile.features["x"].bins] == [0, 1, 0]
    assert Drifter().create_drift_profile(frame).absent["x"] == "`1` values are too few: at least `25` are needed"
    stats = DataProfiler().create_data_profile(frame)["x"].numeric_stats
    assert stats is not None and stats.stddev is None
    assert stats.absent == {"stddev": "`1` values are too few: at least `2` are needed"}


def test_a_constant_column_drifts_when_it_changes() -> None:
    profile = psi(pd.DataFrame({"x": [5.0] * 100}))
    drifter = Drifter()
    assert drifter.compute_drift(pd.DataFrame({"x": [5.0] * 50}), profile).drifted == []
    assert drifter.compute_drift(pd.DataFrame({"x": [5.0001] * 50}), profile).drifted == ["x"]


def test_a_column_of_missing_values_is_absent_with_the_reason() -> None:
    frame = pd.DataFrame({"x": [np.nan] * 30, "y": range(30)})
    profile = psi(frame)
    assert profile.absent == {"x": "all values are missing"}
    drift_map = Drifter().compute_drift(frame, profile)
    assert list(drift_map.features) == ["y"] and drift_map.absent == profile.absent
    assert Drifter().create_drift_profile(frame).absent == {"x": "no value is finite"}


def test_missing_values_are_a_bin_of_their_own() -> None:
    profile = psi(pd.DataFrame({"x": [*range(90), *[None] * 10]}))
    assert profile.features["x"].missing == 10
    drift = Drifter().compute_drift(pd.DataFrame({"x": [*range(50), *[None] * 50]}), profile)["x"]
    assert drift.missing == 50 and drift.drifted
    assert drift.terms[-1].bin == "missing"


def test_infinities_are_in_the_edge_bins() -> None:
    values = [-np.inf, *range(1, 99), np.inf]
    feature = psi(pd.DataFrame({"x": values})).features["x"]
    assert sum(bin.count for bin in feature.bins) == 100
    stats = DataProfiler().create_data_profile(pd.DataFrame({"x": values}))["x"].numeric_stats
    assert stats is not None and (stats.infinite, stats.min, stats.max) == (2, 1.0, 98.0)


def test_a_string_column_with_one_value_has_one_bin() -> None:
    profile = psi(pd.DataFrame({"s": ["a"] * 20}))
    assert [(bin.category, bin.proportion) for bin in profile.features["s"].bins] == [("a", 1.0)]
    assert Drifter().compute_drift(pd.DataFrame({"s": ["b"] * 20}), profile)["s"].unseen == 20


def test_ties_are_reported_as_merged_bins() -> None:
    profile = psi(pd.DataFrame({"x": [0] * 60 + list(range(40))}))
    assert profile.features["x"].merged_bins == 5  # six deciles are zero
    assert Drifter().compute_drift(pd.DataFrame({"x": [0, 1]}), profile)["x"].merged_bins == 5


def test_columns_that_the_profile_has_and_data_lack_are_named() -> None:
    profile = psi(pd.DataFrame({"x": [1, 2], "y": [1, 2], "z": [1, 2]}))
    with pytest.raises(DataError, match="the data have no column `x`, `z`, which the profile has"):
        Drifter().compute_drift(pd.DataFrame({"y": [1, 2], "other": [1, 2]}), profile)


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, dict, lambda data: [dict(zip(data, row)) for row in zip(*data.values())]])
def test_data_without_any_column_of_the_profile_are_told_with_what_they_have(make: Callable[[dict[str, list[int]]], object]) -> None:
    frame = pd.DataFrame({"z": range(50), "x": range(50)})
    for profile in [psi(frame), Drifter().create_drift_profile(frame)]:
        with pytest.raises(DataError, match="the data have no column `x`, `z`, which the profile has; they have `a`, `b`"):
            Drifter().compute_drift(make({"a": [1, 2], "b": [1, 2]}), profile)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_file_without_any_column_of_the_profile_is_told_with_what_it_has(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"data.{suffix}"
    getattr(pl.DataFrame({"a": [1, 2]}), f"write_{suffix}")(path)
    with pytest.raises(DataError, match="the data have no column `x`, which the profile has; they have `a`"):
        Drifter().compute_drift(path, psi(pd.DataFrame({"x": range(50)})))


def test_columns_may_be_in_another_order_and_more() -> None:
    frame = pd.DataFrame({"x": range(100), "y": range(100, 200)})
    profile = psi(frame)
    other = frame[["y", "x"]].assign(z=[object()] * 100)
    assert Drifter().compute_drift(other, profile).features == {"x": 0.0, "y": 0.0}


@pytest.mark.parametrize(
    "data",
    [
        pd.DataFrame([[1, 2]], columns=["x", "x"]),
        pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["x", "x"]),
    ],
)
def test_a_name_that_is_there_twice_is_an_error(data: object) -> None:
    with pytest.raises(DataError, match="column `x` is there more than once"):
        psi(data)


def test_a_csv_with_a_name_twice_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,x\n1,2\n")
    with pytest.raises(DataError, match="column `x` is there more than once"):
        psi(path)


@pytest.mark.parametrize(
    ("cells", "row", "what"),
    [
        ([1, 2, "three"], 2, "the text `three` after numbers"),
        (["a", None, 3.5], 2, "the number `3.5` after texts"),
        ([1, [2], 3], 1, "an object of `list`"),
        ([1, {"a": 2}], 1, "an object of `dict`"),
        ([1, 10**400], 1, "a number beyond the largest"),
        ([1, 1j], 1, "an object of `complex`"),
    ],
)
def test_an_object_column_names_column_and_row(cells: list[object], row: int, what: str) -> None:
    sources: list[Callable[[], object]] = [
        lambda: pd.DataFrame({"x": pd.Series(cells, dtype=object)}),
        lambda: [{"x": cell} for cell in cells],
        lambda: {"x": cells},
    ]
    for source in sources:
        with pytest.raises(DataError) as error:
            psi(source())
        assert str(error.value).startswith(f"column `x`, row {row}: {what}")


def test_nested_columns_are_named() -> None:
    with pytest.raises(DataError, match="column `x` holds `.*List"):
        psi(pl.DataFrame({"x": [[1], [2]]}))


def test_an_array_of_one_dimension_says_what_to_do() -> None:
    with pytest.raises(DataError, match=r"reshape\(-1, 1\)"):
        psi(np.arange(3))


def test_what_is_no_data_is_told_what_data_is() -> None:
    for data in [42, None, object()]:
        with pytest.raises(DataError, match="give a data frame"):
            psi(data)


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    for name in ["a.parquet", "a.csv", "a.arrow"]:
        with pytest.raises(FileNotFoundError):
            psi(tmp_path / name)


def test_a_file_that_is_none_is_an_error(tmp_path: Path) -> None:
    for name in ["a.parquet", "a.arrow"]:
        (tmp_path / name).write_bytes(b"no such thing")
        with pytest.raises(DataError, match="it is no (Parquet|Arrow) file"):
            psi(tmp_path / name)
    with pytest.raises(DataError, match="its suffix says no format"):
        psi(tmp_path / "a.txt")


def test_a_damaged_file_is_told_as_what_it_is(tmp_path: Path) -> None:
    pd.DataFrame({"x": range(1000)}).to_feather(tmp_path / "whole.arrow")
    (tmp_path / "cut.arrow").write_bytes((tmp_path / "whole.arrow").read_bytes()[:-100])
    with pytest.raises(DataError, match=r"it is no Arrow file, or not a whole one: .*(footer|[Ff]ile)"):
        psi(tmp_path / "cut.arrow")
    (tmp_path / "wide.csv").write_bytes("x\n1\n".encode("utf-16"))
    with pytest.raises(DataError, match="the text is UTF-16: save it as UTF-8"):
        psi(tmp_path / "wide.csv")


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.csv"])
def test_a_folder_is_no_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(IsADirectoryError):
        psi(tmp_path / name)


def test_a_cell_of_csv_that_is_no_number_names_column_and_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x\n" + "1\n" * 70_000 + "abc\n")
    with pytest.raises(DataError, match="column `x`, line 70002: `abc` is no number"):
        psi(path)
    assert psi(path, PsiDriftConfig(categorical_features=["x"])).features["x"].bins[0].count == 70_000


def test_parts_with_other_columns_are_an_error() -> None:
    with pytest.raises(DataError, match="column `y` is new from row 2 on"):
        psi(iter([pd.DataFrame({"x": [1, 2]}), pd.DataFrame({"x": [1], "y": [2]})]))
    with pytest.raises(DataError, match="column `y` is missing from row 1 on"):
        psi(iter([pd.DataFrame({"x": [1], "y": [2]}), pd.DataFrame({"x": [1]})]))
    with pytest.raises(DataError, match="column `x`, from row 1 on: texts after numbers"):
        psi(iter([pd.DataFrame({"x": [1]}), pd.DataFrame({"x": ["a"]})]))


def test_texts_on_a_profile_of_numbers_are_an_error() -> None:
    profile = psi(pd.DataFrame({"x": [1, 2]}))
    with pytest.raises(DataError, match="column `x`: it holds texts, and the profile is one of numbers"):
        Drifter().compute_drift(pd.DataFrame({"x": ["a"]}), profile)


def test_ten_thousand_columns_are_read() -> None:
    data = np.random.default_rng(1).normal(size=(20, 10_000))
    profile = psi(data)
    assert len(profile.features) == 10_000
    assert len(Drifter().compute_drift(pd.DataFrame(data, columns=list(profile.features)), profile).features) == 10_000


def test_ten_thousand_columns_stand_on_charts_and_are_described() -> None:
    data, drifter = np.random.default_rng(1).normal(size=(20, 10_000)), Drifter()
    frame = pd.DataFrame(data, columns=[f"feature_{at}" for at in range(10_000)])
    charts = drifter.create_drift_profile(data, SpcDriftConfig(sample_size=5))
    assert len(charts.features) == len(drifter.compute_drift(frame, charts).features) == 10_000
    described = DataProfiler().create_data_profile(frame)
    last = described["feature_9999"].numeric_stats
    assert len(described.features) == 10_000 and last is not None and last.mean == pytest.approx(data[:, -1].mean())


def test_no_monitored_features_are_all_of_them() -> None:
    profile = psi(pd.DataFrame({"x": range(100)}), PsiDriftConfig(alert_config=PsiAlertConfig(features_to_monitor=[])))
    assert Drifter().compute_drift(pd.DataFrame({"x": [500] * 100}), profile).drifted == ["x"]


def test_monitored_features_that_are_not_there_are_named_with_the_nearest() -> None:
    config = PsiDriftConfig(alert_config=PsiAlertConfig(features_to_monitor=["air_tme"]))
    with pytest.raises(DataError, match="there is no such feature; did you mean `air_time`?"):
        psi(pd.DataFrame({"air_time": [1, 2]}), config)
    with pytest.raises(DataError, match="there is no such feature; did you mean `air_time`?"):
        charts = SpcDriftConfig(sample_size=1, alert_config=SpcAlertConfig(features_to_monitor=["air_tme"]))
        Drifter().create_drift_profile(pd.DataFrame({"air_time": [1, 2]}), charts)
    with pytest.raises(DataError, match="`nothing`"):
        psi(pd.DataFrame({"air_time": [1, 2]}), PsiDriftConfig(categorical_features=["nothing"]))


def test_a_feature_that_is_not_in_a_map_is_a_key_error() -> None:
    profile = psi(pd.DataFrame({"air_time": [1, 2]}))
    with pytest.raises(KeyError, match="did you mean `air_time`?"):
        Drifter().compute_drift(pd.DataFrame({"air_time": [1, 2]}), profile)["airtime"]


def test_of_few_rows_there_is_an_index_and_nothing_is_said_of_drift() -> None:
    before, few = pd.DataFrame({"x": range(100), "y": range(100)}), pd.DataFrame({"x": [500] * 5, "y": [500] * 5})
    drift = Drifter().compute_drift(few, psi(before))
    assert drift.drifted == [] and sorted(drift.lost) == ["x", "y"] and drift.absent == {}
    x = drift["x"]
    assert x.psi > 0.5 and x.beyond_threshold and (x.drifted, x.adjusted_p_value) == (False, None)
    assert x.too_few == "`5` values are too few: at least `30` are needed"
    assert "not decided `x`: `5` values are too few: at least `30` are needed" in drift.as_table()
    assert list(drift.to_dataframe()["drifted"]) == [False, False]
    assert "none of 0 features drifted, 2 more could not be compared" in drift.to_html()
    assert type(drift).model_validate_json(drift.model_dump_json()) == drift


def test_how_many_rows_are_few_is_said_by_the_alerts() -> None:
    before, few = pd.DataFrame({"x": range(100)}), pd.DataFrame({"x": [500] * 5})
    config = PsiDriftConfig(alert_config=PsiAlertConfig(min_values=5))
    drift = Drifter().compute_drift(few, psi(before, config))
    assert (drift.drifted, drift.lost, drift["x"].too_few) == (["x"], [], None)


def test_of_a_baseline_of_few_rows_nothing_is_said_of_drift(tmp_path: Path) -> None:
    psi(pd.DataFrame({"x": range(12)})).save_to_json(tmp_path / "few.json")
    profile = PsiDriftProfile.from_file(tmp_path / "few.json")
    drift = Drifter().compute_drift(pd.DataFrame({"x": [500] * 1_500}), profile)
    assert (drift.drifted, drift.lost, drift["x"].adjusted_p_value) == ([], ["x"], None)
    told = "the baseline has `12` rows, too few: at least `30` are needed"
    assert drift["x"].too_few == told and f"not decided `x`: {told}" in drift.as_table()
    assert type(drift).model_validate_json(drift.model_dump_json()) == drift


def test_splits_that_cannot_be_are_told() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0], "t": pd.to_datetime(["2013-01-01", "2013-01-02"])})
    drifter = Drifter()
    with pytest.raises(DataError, match="there is no column `z` to split by"):
        drifter.create_drift_profile(frame, PsiDriftConfig(), by="z")
    with pytest.raises(DataError, match="column `t` holds moments"):
        drifter.create_drift_profile(frame, PsiDriftConfig(), by="t")
    with pytest.raises(DataError, match="column `x` holds numbers: windows are of moments"):
        drifter.create_drift_profile(frame, PsiDriftConfig(), time="x", every="day")
    with pytest.raises(ValueError, match="`every` is `decade`"):
        drifter.create_drift_profile(frame, PsiDriftConfig(), time="t", every="decade")
    with pytest.raises(ValueError, match="give both"):
        drifter.create_drift_profile(frame, PsiDriftConfig(), time="t")


@pytest.mark.parametrize("made", [pd.DataFrame, lambda rows: rows, lambda rows: iter(rows)], ids=["frame", "list", "iterator"])
@pytest.mark.parametrize("split", [{"by": "regoin"}, {"time": "regoin", "every": "day"}], ids=["by", "time"])
def test_a_misspelt_column_to_split_by_is_told_with_the_nearest(made: Callable[[list[dict[str, object]]], object], split: dict[str, Any]) -> None:
    rows: list[dict[str, object]] = [{"age": float(at), "region": "north"} for at in range(50)]
    told = "there is no column `regoin` to split by; did you mean `region`?"
    with pytest.raises(DataError, match=told):
        Drifter().create_drift_profile(made(rows), PsiDriftConfig(), **split)
    profile = psi([{"age": float(at)} for at in range(50)])
    with pytest.raises(DataError, match=told):
        Drifter().compute_drift(made(rows), profile, **split)


def test_texts_of_moments_in_rows_are_told_with_what_makes_moments_of_them() -> None:
    rows = [{"x": 1.0, "t": "2013-01-01T00:00:00"}, {"x": 2.0, "t": "2013-01-02"}]
    with pytest.raises(DataError, match="column `t` holds texts: windows are of moments, made of texts by `datetime.fromisoformat`"):
        Drifter().create_drift_profile(rows, PsiDriftConfig(), time="t", every="day")
    moments = [{**row, "t": datetime.fromisoformat(str(row["t"]))} for row in rows]
    assert list(Drifter().create_drift_profile(moments, PsiDriftConfig(), time="t", every="day")) == ["2013-01-01", "2013-01-02"]


@pytest.mark.parametrize("config", [None, PsiDriftConfig()], ids=["none", "other"])
def test_metrics_without_their_config_are_told_from_rows(config: PsiDriftConfig | None) -> None:
    metric = CustomMetric("mae", 12.4, AlertThreshold.Above)
    for data in (metric, [metric]):
        with pytest.raises(TypeError, match="`data` are metrics, and not rows: give their `config`, a `CustomMetricDriftConfig`"):
            Drifter().create_drift_profile(data, config)


def test_texts_stand_on_charts_by_their_numbers() -> None:
    frame = pd.DataFrame({"s": ["a", "b"] * 50})
    profile = Drifter().create_drift_profile(frame, SpcDriftConfig(sample_size=2))
    assert profile.config.feature_map is not None
    assert profile.config.feature_map.features == {"s": {"a": 0, "b": 1}}
    drift = Drifter().compute_drift(pd.DataFrame({"s": ["c", "c"] * 20}), profile)["s"]
    assert set(drift.samples) == {2.0} and drift.alerts


def test_more_categories_than_are_told_apart_are_absent_with_the_reason() -> None:
    frame = pd.DataFrame({"id": [f"r{at}" for at in range(100_001)]})
    why = "there are more than `{}` different categories: leave the column out, or make fewer of them"
    for data in [frame, iter([frame[:60_000], frame[60_000:]])]:
        assert psi(data).absent == {"id": why.format(100_000)}
    assert Drifter().create_drift_profile(frame).absent == {"id": why.format(10_000)}


def test_every_error_of_data_is_one_of_scouter() -> None:
    assert issubclass(DataError, ScouterError) and issubclass(DataError, ValueError)
