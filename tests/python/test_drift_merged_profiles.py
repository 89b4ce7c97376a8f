"""Profiles of parts, put together: equal to the profile of the whole."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scouter.errors import ProfileError
from scouter.profile import DataProfile, DataProfiler

PROFILER = DataProfiler()
COLUMNS = ["dep_delay", "air_time", "distance", "carrier", "dest", "tailnum", "time_hour"]


def parts(*data: object, correlations: bool = False) -> DataProfile:
    """The profile of parts, each of which was written to a file and read back."""
    profiles = [PROFILER.create_data_profile(part, compute_correlations=correlations, mergeable=True) for part in data]
    again = [DataProfile.model_validate_json(profile.model_dump_json()) for profile in profiles]
    return functools.reduce(lambda left, right: left.merge(right), again)


def related(data: object) -> DataProfile:
    """A profile that can be put together with others, and tells how columns hang together."""
    return PROFILER.create_data_profile(data, compute_correlations=True, mergeable=True)


def assert_related_alike(merged: DataProfile, whole: DataProfile) -> None:
    """Spearman's correlations and Cramér's V are exactly the same, Pearson's to rounding."""
    for name, expected in whole.features.items():
        found = merged[name]
        assert found.spearman == expected.spearman, name
        of_texts = expected.string_stats is not None
        near = expected.correlations if of_texts else pytest.approx(expected.correlations, rel=1e-9, abs=1e-12)
        assert found.correlations == near, name
        assert found.absent_correlations == expected.absent_correlations, name
        assert found.absent_spearman == expected.absent_spearman, name


def told(profile: DataProfile) -> dict[str, dict[str, Any]]:
    """What is said of every column, apart from when."""
    features = profile.model_dump()["features"]
    kinds = ("numeric_stats", "datetime_stats", "string_stats")
    return {name: next(feature[kind] for kind in kinds if kind in feature) for name, feature in features.items()}


def differing(merged: DataProfile, whole: DataProfile) -> set[str]:
    """The statistics that are not the same; means and deviations are to rounding, since sums of parts are added up in another order."""
    found, expected = told(merged), told(whole)
    assert list(found) == list(expected)

    def differs(one: Any, other: Any, statistic: str) -> bool:
        return bool(one != (pytest.approx(other, rel=1e-9) if statistic in ("mean", "stddev") else other))

    return {of for name, stats in expected.items() for of in stats if differs(found[name].get(of), stats[of], of)}


def test_parts_of_few_rows_are_exactly_the_whole(flights: pd.DataFrame) -> None:
    rows = flights[COLUMNS][:10_000]
    whole = PROFILER.create_data_profile(rows)
    merged = parts(rows[:1], rows[1:3333], rows[3333:9000], rows[9000:])
    assert merged.rows == 10_000
    assert differing(merged, whole) == set()


def test_parts_of_a_file_are_the_whole_within_the_error_of_the_sketch(flights: pd.DataFrame, tmp_path: Path) -> None:
    rows, paths = flights[COLUMNS][:120_000], [tmp_path / f"{part}.parquet" for part in range(3)]
    for part, path in enumerate(paths):
        rows[part::3].to_parquet(path, index=False)
    merged, whole = parts(*paths), PROFILER.create_data_profile(rows)
    assert differing(merged, whole) <= {"quantiles", "histogram"}
    for name in ["dep_delay", "air_time", "distance"]:
        stats, values = merged[name].numeric_stats, np.sort(rows[name].dropna().to_numpy(float))
        assert stats is not None and stats.quantiles.rank_error > 0
        for share, found in [(0.25, stats.quantiles.q25), (0.5, stats.quantiles.q50), (0.75, stats.quantiles.q75)]:
            low, high = (np.searchsorted(values, found, side=side) / len(values) for side in ("left", "right"))
            assert low - 2 * stats.quantiles.rank_error <= share <= high + 2 * stats.quantiles.rank_error, name


def test_the_order_of_parts_does_not_matter(flights: pd.DataFrame) -> None:
    first, second = flights[COLUMNS][:2000], flights[COLUMNS][2000:5000]
    assert differing(parts(first, second), parts(second, first)) == set()


def test_correlations_of_parts_are_those_of_the_whole(flights: pd.DataFrame, tmp_path: Path) -> None:
    rows = flights[[*COLUMNS, "origin"]][:60_000]
    merged = parts(rows[:1], rows[1:20_000], rows[20_000:], correlations=True)
    assert_related_alike(merged, PROFILER.create_data_profile(rows, compute_correlations=True))
    rows.to_parquet(tmp_path / "rows.parquet", index=False, row_group_size=7000)
    assert_related_alike(merged, PROFILER.create_data_profile(tmp_path / "rows.parquet", compute_correlations=True))
    absent = merged["carrier"].absent_correlations["tailnum"]
    assert "more than `1000` different categories" in absent


def test_correlations_of_merged_parts_are_put_together_with_more(flights: pd.DataFrame) -> None:
    rows = flights[["dep_delay", "air_time", "carrier", "origin"]][:3000]
    pair = parts(rows[:700], rows[700:1400], correlations=True)
    again = DataProfile.model_validate_json(pair.model_dump_json())
    assert again == pair
    assert_related_alike(again.merge(related(rows[1400:])), PROFILER.create_data_profile(rows, compute_correlations=True))


def test_correlations_go_by_the_names_of_columns_and_the_rows_that_have_them() -> None:
    x, y = np.random.default_rng(3).normal(size=(2, 900))
    whole = pd.DataFrame({"x": x, "y": x + y, "kind": np.where(x > 0, "up", "down"), "side": np.where(y > 0, "left", "right")})
    turned = whole[300:600][["side", "y", "kind", "x"]]
    merged = parts(whole[:300].drop(columns=["y", "side"]), turned, whole[600:], correlations=True)
    expected = PROFILER.create_data_profile(whole[300:], compute_correlations=True)
    for name in ["x", "y", "kind", "side"]:
        assert merged[name].correlations == pytest.approx(expected[name].correlations, rel=1e-9)
    assert merged["x"].spearman == pytest.approx(expected["x"].spearman, rel=1e-9)


def test_columns_that_a_part_lacks_or_has_no_values_of_are_missing_there() -> None:
    merged = parts(pd.DataFrame({"x": [1.0, 2.0], "s": [None, None]}), pd.DataFrame({"s": ["a"], "late": [3.0]}))
    x, s, late = merged["x"].numeric_stats, merged["s"].string_stats, merged["late"].numeric_stats
    assert x is not None and s is not None and late is not None
    assert [(of.rows, of.missing) for of in (x, s, late)] == [(3, 1), (3, 2), (3, 2)]


def test_a_renamed_column_is_named_on_both_sides(caplog: pytest.LogCaptureFixture) -> None:
    before, after = pd.DataFrame({"x": [1.0], "age": [2.0]}), pd.DataFrame({"x": [1.0], "Age": [2.0]})
    parts(before, after)
    assert [record.getMessage() for record in caplog.records] == [
        "`age` is in one profile alone, and `Age` in the other: each has no value in the rows of the other; "
        "a column that was renamed must have one name in both"
    ]
    caplog.clear()
    parts(before, before.assign(late=[3.0]))
    assert caplog.records == []


def test_a_part_that_is_merged_with_itself_is_told(caplog: pytest.LogCaptureFixture) -> None:
    part, other = (PROFILER.create_data_profile(pd.DataFrame({"x": [1.0]}), mergeable=True) for _ in range(2))
    part.merge(other)
    assert caplog.messages == []
    for same in (part, DataProfile.model_validate_json(part.model_dump_json())):
        caplog.clear()
        part.merge(same)
        assert caplog.messages == ["a profile is merged with itself: each of its rows counts twice now; merge each part once"]


def test_profiles_that_cannot_be_put_together_say_why() -> None:
    numbers, texts = pd.DataFrame({"x": [1.0]}), pd.DataFrame({"x": ["a"]})
    mergeable = PROFILER.create_data_profile(numbers, mergeable=True)
    with pytest.raises(ValueError, match="both profiles must be made with `mergeable=True`"):
        mergeable.merge(PROFILER.create_data_profile(numbers))
    with pytest.raises(ValueError, match="column `x` holds numbers in one profile and texts in the other"):
        mergeable.merge(PROFILER.create_data_profile(texts, mergeable=True))
    with pytest.raises(ValueError, match="`bin_size` is `20` in one profile and `5` in the other"):
        mergeable.merge(PROFILER.create_data_profile(numbers, bin_size=5, mergeable=True))
    with pytest.raises(ValueError, match="there are correlations in one profile and none in the other"):
        mergeable.merge(related(numbers))
    with pytest.raises(ValueError, match="correlations are of at most 1000 columns of numbers"):
        related(np.zeros((2, 600))).merge(related(pd.DataFrame(np.zeros((2, 600))).add_prefix("other_")))


def test_what_a_later_version_kept_is_refused_with_what_to_do() -> None:
    kept = PROFILER.create_data_profile(pd.DataFrame({"x": [1.0]}), mergeable=True).model_dump()
    with pytest.raises(ProfileError, match="was written in format `2`.*install a newer version, or make it again"):
        DataProfile.model_validate({**kept, "state": {**kept["state"], "format": 2}})


def test_what_was_kept_before_it_had_a_version_is_put_together() -> None:
    kept = PROFILER.create_data_profile(pd.DataFrame({"x": [1.0]}), mergeable=True).model_dump()
    del kept["state"]["format"]
    part = DataProfile.model_validate(kept)
    assert part.merge(part).rows == 2


@pytest.mark.parametrize("path", [("x", "numbers", "extent", "missing"), ("s", "texts", "rows")], ids=["numbers", "texts"])
def test_counts_of_a_damaged_state_are_not_believed(path: tuple[str, ...]) -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0], "s": ["a b", "c"]})
    kept = PROFILER.create_data_profile(frame, mergeable=True).model_dump()
    at = kept["state"]["columns"]
    for key in path[:-1]:
        at = at[key]
    assert at[path[-1]] < 3
    at[path[-1]] = 2**64 - 1
    with pytest.raises(ProfileError, match="it is damaged"):
        DataProfile.model_validate(kept)


def test_a_profile_keeps_nothing_for_that_unless_it_is_asked_to() -> None:
    numbers = pd.DataFrame({"x": [1.0]})
    assert "state" not in PROFILER.create_data_profile(numbers).model_dump()
    assert "state" in PROFILER.create_data_profile(numbers, mergeable=True).model_dump()


def test_correlations_are_left_out_where_parts_were_made_without_them() -> None:
    numbers = pd.DataFrame({"x": [1.0, 2.0], "y": [2.0, 1.0]})
    assert "correlations" not in PROFILER.create_data_profile(numbers, mergeable=True).model_dump()["state"]
    assert parts(numbers, numbers)["x"].correlations is None


def test_a_printed_profile_does_not_show_what_it_keeps() -> None:
    profile = PROFILER.create_data_profile(pd.DataFrame({"x": [1.0]}), mergeable=True)
    assert json.loads(str(profile)) == {name: value for name, value in profile.model_dump().items() if name != "state"}


def test_what_is_kept_is_bounded() -> None:
    values = np.random.default_rng(3).normal(size=(200_000, 2))
    texts = [f"{at} and more words {at % 20_000}" for at in range(200_000)]
    frame = pd.DataFrame({"x": values[:, 0], "y": values[:, 1], "s": texts})
    assert len(PROFILER.create_data_profile(frame, mergeable=True).model_dump_json()) < 3 * 500_000


def test_what_is_kept_of_correlations_takes_a_few_bytes_of_a_number() -> None:
    values = np.random.default_rng(3).normal(size=(100_000, 2))
    more = len(related(values).model_dump_json()) - len(PROFILER.create_data_profile(values, mergeable=True).model_dump_json())
    assert more < 11 * 2 * 100_000 + 1000


def test_ranks_of_more_rows_in_all_parts_together_than_are_kept_are_absent() -> None:
    part = related(np.random.default_rng(7).normal(size=(2**20 + 1, 2)))
    merged = part.merge(part)
    assert part["feature_0"].spearman != {} and merged["feature_0"].spearman == {}
    assert "ranks are kept of no more than `2097152` rows" in merged["feature_0"].absent_spearman["feature_1"]
    assert len(merged.model_dump_json()) < 3 * 500_000
