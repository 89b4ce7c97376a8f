"""Subgroups whose size fits the rows of the baseline."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scouter.drift import Drifter, SpcDriftConfig, SpcDriftProfile
from scouter.errors import DataError

FRAME = pd.DataFrame({"x": np.random.default_rng(3).normal(size=110), "half": ["a"] * 60 + ["b"] * 50})
AUTO = SpcDriftConfig(sample_size="auto")


def sizes(charts: SpcDriftProfile) -> set[int]:
    return {feature["sample_size"] for feature in charts.model_dump()["features"].values()}


def test_subgroups_fit_the_rows_of_the_baseline() -> None:
    drifter = Drifter()
    charts = drifter.create_drift_profile(FRAME, AUTO)
    assert sizes(charts) == sizes(drifter.create_drift_profile(FRAME[["x"]].to_numpy(), AUTO)) == {4}
    assert len(drifter.compute_drift(FRAME, charts)["x"].samples) == 27
    # One row more than 25 gives a chart of single values rather than none.
    assert sizes(drifter.create_drift_profile(FRAME[:26], AUTO)) == {1}


def test_subgroups_of_segments_fit_the_rows_of_each() -> None:
    halves = Drifter().create_drift_profile(pd.concat([FRAME] * 3), AUTO, by="half")
    assert {half: sizes(charts) for half, charts in halves.items()} == {"a": {7}, "b": {6}}


def test_the_configuration_says_so_and_comes_back() -> None:
    assert AUTO.sample_size == "auto" and SpcDriftConfig.model_validate_json(AUTO.model_dump_json()) == AUTO
    charts = Drifter().create_drift_profile(FRAME, AUTO)
    assert SpcDriftProfile.model_validate_json(charts.model_dump_json()) == charts and charts.config.sample_size == "auto"


def test_data_whose_rows_are_not_known_need_a_number() -> None:
    with pytest.raises(DataError, match='`sample_size` can be `"auto"` for data in memory: give it as a number'):
        Drifter().create_drift_profile(iter([FRAME]), AUTO)


@pytest.mark.parametrize("wrong", ["many", 0])
def test_what_is_no_size_is_refused(wrong: str | int) -> None:
    with pytest.raises(ValueError, match=f'`sample_size` is `{wrong}`: it must be from 1 to 1,000,000, or `"auto"`'):
        SpcDriftConfig(sample_size=wrong)
