"""Baselines of parts, put together: equal to that of the whole."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scouter.alert import AlertThreshold
from scouter.drift import (
    CustomMetric,
    CustomMetricDriftConfig,
    Drifter,
    PsiDriftConfig,
    PsiDriftMap,
    PsiDriftProfile,
    QuantileBinning,
    SpcDriftConfig,
    SpcDriftProfile,
)
from scouter.errors import DataError, ProfileError

DRIFTER = Drifter()
COLUMNS = ["dep_delay", "air_time", "distance", "carrier", "dest", "tailnum", "time_hour"]
RANK_ERROR = 0.003


def bins(*data: object) -> PsiDriftProfile:
    """The profile of parts, each of which was written to a file and read back."""
    profiles = [DRIFTER.create_drift_profile(part, PsiDriftConfig(), mergeable=True) for part in data]
    again = [PsiDriftProfile.model_validate_json(profile.model_dump_json()) for profile in profiles]
    return functools.reduce(lambda left, right: left.merge(right), again)


def charts(size: int, *data: object) -> SpcDriftProfile:
    """The same of control charts."""
    config = SpcDriftConfig(sample_size=size)
    profiles = [DRIFTER.create_drift_profile(part, config, mergeable=True) for part in data]
    again = [SpcDriftProfile.model_validate_json(profile.model_dump_json()) for profile in profiles]
    return functools.reduce(lambda left, right: left.merge(right), again)


def lines(profile: SpcDriftProfile, name: str) -> list[float]:
    """The lines of a chart, and how many subgroups it is made of."""
    chart = profile.features[name]
    return [chart.center, chart.three_lcl, chart.three_ucl, chart.mean_deviation, chart.deviation_ucl, chart.subgroups]


def test_bins_of_parts_of_few_rows_are_exactly_those_of_the_whole(flights: pd.DataFrame) -> None:
    rows = flights[COLUMNS][:10_000]
    merged = bins(rows[:1], rows[1:3333], rows[3333:9000], rows[9000:])
    assert merged == DRIFTER.create_drift_profile(rows, PsiDriftConfig())


def test_the_order_of_parts_does_not_matter_to_bins(flights: pd.DataFrame) -> None:
    first, second = flights[COLUMNS][:2000], flights[COLUMNS][2000:5000]
    assert bins(first, second) == bins(second, first)


def test_bins_of_parts_of_a_file_are_those_of_the_whole_within_the_error_of_the_sketch(flights: pd.DataFrame, tmp_path: Path) -> None:
    rows, paths = flights[COLUMNS][:120_000], [tmp_path / f"{part}.parquet" for part in range(3)]
    for part, path in enumerate(paths):
        rows[part::3].to_parquet(path, index=False)
    merged, whole = bins(*paths), DRIFTER.create_drift_profile(rows, PsiDriftConfig())
    exact = DRIFTER.compute_drift(rows, merged).model_dump()["features"]
    for name in ["dep_delay", "air_time", "distance", "time_hour"]:
        counts = [one.count for one in merged.features[name].bins]
        # A count is off by what both limits of its bin are; nearly all ranks are within twice the error.
        off = max(abs(found - count) for found, count in zip(exact[name]["counts"]["bins"], counts, strict=True))
        assert off <= 4 * RANK_ERROR * len(rows), name
        assert merged.features[name].rows == len(rows) and merged.features[name].missing == whole.features[name].missing
    for name in ["carrier", "dest", "tailnum"]:
        found, expected = (profile.model_dump()["features"][name] for profile in (merged, whole))
        assert {**found, "timestamp": None} == {**expected, "timestamp": None}


def test_rows_that_are_counted_once_more_are_counted_exactly(flights: pd.DataFrame) -> None:
    rows = flights[COLUMNS][:60_000]
    parts = [rows[:20_000], rows[20_000:]]
    merged = bins(*parts)
    maps = [DRIFTER.compute_drift(part, merged).model_dump_json() for part in parts]
    counted = merged.recount([PsiDriftMap.model_validate_json(text) for text in maps])
    assert set(DRIFTER.compute_drift(rows, counted).features.values()) == {0.0}
    assert PsiDriftProfile.model_validate_json(counted.model_dump_json()) == counted


def test_rows_that_were_counted_into_other_bins_or_more_than_once_are_refused() -> None:
    frame = pd.DataFrame({"x": np.arange(100.0)})
    profile, other = bins(frame), bins(frame + 1)
    with pytest.raises(ValueError, match="a map of drift has not counted `x` into the bins of this profile"):
        profile.recount([DRIFTER.compute_drift(frame, other)])
    with pytest.raises(ValueError, match="there are no maps of drift"):
        profile.recount([])
    twice = [DRIFTER.compute_drift(frame, profile)] * 2
    with pytest.raises(ValueError, match="have counted 200 rows of `x`, and this profile was made of 100 rows"):
        profile.recount(twice)


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (["Rome"] * 300 + ["Oslo"] * 300 + ["Rome"] * 200, "600 rows of `x` in `Rome`, and this profile was made of 500: a part is left out, or given twice"),
        (list(range(800)), "160 rows of `x` in `≤ 79.9`, and this profile was made of 80: a part is left out, or given twice"),
    ],
    ids=["categories", "numbers"],
)
def test_a_part_that_is_counted_in_the_place_of_another_of_as_many_rows_is_refused(column: list[object], told: str) -> None:
    parts = [pd.DataFrame({"x": part}) for part in (column[:400], column[400:])]
    merged = bins(*parts)
    maps = [DRIFTER.compute_drift(part, merged) for part in parts]
    with pytest.raises(ValueError, match=re.escape(told)):
        merged.recount([maps[0], maps[0]])
    assert merged.recount(maps) == merged


def test_a_column_that_a_part_lacks_or_has_no_values_of_is_missing_there() -> None:
    merged = bins(pd.DataFrame({"x": [1.0, 2.0], "s": [None, None]}), pd.DataFrame({"s": ["a"], "late": [3.0]}))
    counted = {name: (feature.rows, feature.missing) for name, feature in merged.features.items()}
    assert counted == {"x": (3, 1), "s": (3, 2), "late": (3, 2)}


@pytest.mark.parametrize("put", [bins, functools.partial(charts, 5)], ids=["bins", "charts"])
def test_a_column_that_one_part_alone_has_is_named(put: Any, caplog: pytest.LogCaptureFixture) -> None:
    both = pd.DataFrame({"x": np.arange(60.0), "age": np.arange(60.0)})
    alone = "`age` is in one profile alone: it has no value in the rows of the other; where these have it too, make both profiles of all columns"
    for parts in [(both, both[["x"]]), (both[["x"]], both)]:
        caplog.clear()
        put(*parts)
        assert caplog.messages == [alone]
    caplog.clear()
    put(both, both.rename(columns={"age": "Age"}))
    assert caplog.messages == [
        "`age` is in one profile alone, and `Age` in the other: each has no value in the rows of the other; "
        "a column that was renamed must have one name in both"
    ]
    caplog.clear()
    put(both, both[["age", "x"]])
    assert caplog.messages == []


@pytest.mark.parametrize("config", [PsiDriftConfig(), SpcDriftConfig(sample_size=5)], ids=["bins", "charts"])
def test_a_part_that_is_merged_with_itself_is_told(config: Any, caplog: pytest.LogCaptureFixture) -> None:
    numbers = pd.DataFrame({"x": np.arange(50.0)})
    part, other = (DRIFTER.create_drift_profile(numbers, config, mergeable=True) for _ in range(2))
    part.merge(other)
    assert caplog.messages == []
    for same in (part, type(part).model_validate_json(part.model_dump_json())):
        caplog.clear()
        part.merge(same)
        assert caplog.messages == ["a profile is merged with itself: each of its rows counts twice now; merge each part once"]


def test_segments_are_put_together_one_by_one(flights: pd.DataFrame) -> None:
    rows = flights[["distance", "carrier"]][:4000]
    first, second = (DRIFTER.create_drift_profile(part, PsiDriftConfig(), by="carrier", mergeable=True) for part in (rows[::2], rows[1::2]))
    whole = DRIFTER.create_drift_profile(rows, PsiDriftConfig(), by="carrier")
    assert first["UA"].merge(second["UA"]) == whole["UA"]


@pytest.mark.parametrize(("size", "cuts"), [(25, [250, 600]), (4, [4, 996]), (1, [1, 333, 334])])
def test_charts_of_parts_that_end_on_whole_subgroups_are_those_of_the_whole(size: int, cuts: list[int]) -> None:
    rows = pd.DataFrame(np.random.default_rng(5).normal(7.0, 2.0, size=(1000, 3)), columns=["x", "y", "z"])
    merged = charts(size, *(rows[low:high] for low, high in zip([0, *cuts], [*cuts, 1000], strict=True)))
    whole = DRIFTER.create_drift_profile(rows, SpcDriftConfig(sample_size=size))
    for name in rows.columns:
        assert lines(merged, name) == pytest.approx(lines(whole, name), rel=1e-9)


def test_rows_left_over_at_the_end_of_a_part_are_in_no_subgroup() -> None:
    values = np.random.default_rng(6).normal(size=100)
    merged = charts(25, pd.DataFrame({"x": values[:30]}), pd.DataFrame({"x": values[30:]}))
    grouped = np.concatenate([values[:25], values[30:80]])
    whole = DRIFTER.create_drift_profile(pd.DataFrame({"x": grouped}), SpcDriftConfig(sample_size=25))
    assert merged.features["x"].subgroups == 3
    assert lines(merged, "x") == pytest.approx(lines(whole, "x"), rel=1e-9)


def test_a_part_of_less_than_a_subgroup_has_no_chart_and_is_put_together(caplog: pytest.LogCaptureFixture) -> None:
    few, many = pd.DataFrame({"x": np.arange(9.0)}), pd.DataFrame({"x": np.arange(200.0)})
    assert "x" in DRIFTER.create_drift_profile(few, SpcDriftConfig(sample_size=25), mergeable=True).absent
    assert charts(25, few, many).features["x"].subgroups == 8
    assert not caplog.records


def test_profiles_that_cannot_be_put_together_say_why() -> None:
    numbers, texts = pd.DataFrame({"x": np.arange(50.0)}), pd.DataFrame({"x": ["a"] * 50})
    profile, chart = bins(numbers), charts(5, numbers)
    with pytest.raises(ValueError, match="both profiles must be made with `mergeable=True`"):
        profile.merge(DRIFTER.create_drift_profile(numbers, PsiDriftConfig()))
    with pytest.raises(ValueError, match="column `x` holds numbers in one profile and categories in the other"):
        profile.merge(bins(texts))
    five = PsiDriftConfig(binning_strategy=QuantileBinning(5))
    with pytest.raises(ValueError, match="`binning_strategy` is not the same in the configurations of both profiles"):
        profile.merge(DRIFTER.create_drift_profile(numbers, five, mergeable=True))
    with pytest.raises(ValueError, match="`sample_size` is not the same in the configurations of both profiles"):
        chart.merge(charts(6, numbers))


def test_what_no_part_can_be_made_of_is_refused() -> None:
    numbers = pd.DataFrame({"x": np.arange(50.0)})
    with pytest.raises(DataError, match="column `s`: it holds texts, which charts number as they come"):
        DRIFTER.create_drift_profile(pd.DataFrame({"s": ["a"] * 50}), SpcDriftConfig(), mergeable=True)
    with pytest.raises(DataError, match="`sample_size` can be `\"auto\"` for data in memory.*with `mergeable=True`"):
        DRIFTER.create_drift_profile(numbers, SpcDriftConfig(sample_size="auto"), mergeable=True)
    with pytest.raises(ValueError, match="`mergeable` is for profiles of data"):
        DRIFTER.create_drift_profile(CustomMetric("mae", 1.0, AlertThreshold.Above), CustomMetricDriftConfig(), mergeable=True)


@pytest.mark.parametrize("config", [PsiDriftConfig(), SpcDriftConfig(sample_size=5)], ids=["bins", "charts"])
def test_a_profile_keeps_what_it_is_put_together_by_where_that_is_asked_for(config: Any) -> None:
    numbers = pd.DataFrame({"x": np.arange(50.0)})
    profile, plain = DRIFTER.create_drift_profile(numbers, config, mergeable=True), DRIFTER.create_drift_profile(numbers, config)
    without = {name: value for name, value in profile.model_dump().items() if name != "state"}
    assert "state" not in plain.model_dump() and without != profile.model_dump()
    # What is printed, and what a server is sent, is the profile alone, and profiles are equal by that.
    assert json.loads(str(profile)) == without == json.loads(profile._registered_json())
    assert profile == plain


@pytest.mark.parametrize("config", [PsiDriftConfig(), SpcDriftConfig(sample_size=5)], ids=["bins", "charts"])
def test_what_a_later_version_kept_is_refused_with_what_to_do(config: Any) -> None:
    profile: Any = DRIFTER.create_drift_profile(pd.DataFrame({"x": np.arange(50.0)}), config, mergeable=True)
    kept = profile.model_dump()
    with pytest.raises(ProfileError, match="was written in format `2`.*install a newer version, or make it again"):
        type(profile).model_validate({**kept, "state": {**kept["state"], "format": 2}})


@pytest.mark.parametrize("config", [PsiDriftConfig(), SpcDriftConfig(sample_size=5)], ids=["bins", "charts"])
def test_what_was_kept_before_it_had_a_version_is_put_together(config: Any) -> None:
    profile: Any = DRIFTER.create_drift_profile(pd.DataFrame({"x": np.arange(50.0)}), config, mergeable=True)
    kept = profile.model_dump()
    del kept["state"]["format"]
    assert type(profile).model_validate(kept).merge(profile) == profile.merge(profile)


@pytest.mark.parametrize(
    ("config", "path"),
    [(PsiDriftConfig(), ("numbers", "extent", "missing")), (SpcDriftConfig(sample_size=5), ("groups", "left_out"))],
    ids=["bins", "charts"],
)
def test_counts_of_a_damaged_state_are_not_believed(config: Any, path: tuple[str, ...]) -> None:
    profile: Any = DRIFTER.create_drift_profile(pd.DataFrame({"x": np.arange(50.0)}), config, mergeable=True)
    kept = profile.model_dump()
    at = kept["state"]["columns"]["x"]
    for key in path[:-1]:
        at = at[key]
    assert at[path[-1]] == 0
    at[path[-1]] = 2**64 - 1
    with pytest.raises(ProfileError, match="it is damaged"):
        type(profile).model_validate(kept)


def test_what_is_kept_is_bounded() -> None:
    values = np.random.default_rng(3).normal(size=(200_000, 2))
    frame = pd.DataFrame({"x": values[:, 0], "y": values[:, 1]})
    assert len(DRIFTER.create_drift_profile(frame, PsiDriftConfig(), mergeable=True).model_dump_json()) < 2 * 500_000
