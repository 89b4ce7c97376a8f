"""Moments are no numbers: a baseline of the one is not compared with the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftMap, PsiDriftProfile, SpcDriftConfig, SpcDriftProfile
from scouter.errors import DataError
from scouter.evaluate import DriftTask, GenAIEvalDataset, GenAIEvalRecord, GenAIEvalResults

DAYS = pd.DataFrame({"t": pd.date_range("2013-01-01", periods=400, freq="D"), "n": range(400)})
SECONDS = DAYS.assign(t=DAYS["t"].astype("int64") // 10**9)


@pytest.fixture(scope="module")
def profile() -> PsiDriftProfile:
    return Drifter().create_drift_profile(DAYS, PsiDriftConfig())


def test_numbers_are_not_compared_with_moments(profile: PsiDriftProfile, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="column `t`: it holds numbers, and the profile is one of moments"):
        Drifter().compute_drift(SECONDS, profile)
    SECONDS.to_csv(tmp_path / "seconds.csv", index=False)
    with pytest.raises(DataError, match="column `t`: it holds numbers, and the profile is one of moments"):
        Drifter().compute_drift(tmp_path / "seconds.csv", profile)
    numbers = Drifter().create_drift_profile(SECONDS, PsiDriftConfig())
    with pytest.raises(DataError, match="column `t`: it holds moments, and the profile is one of numbers"):
        Drifter().compute_drift(DAYS, numbers)
    with pytest.raises(DataError, match="column `t`: it holds texts, and the profile is one of moments"):
        Drifter().compute_drift(DAYS.assign(t=DAYS["t"].astype(str)), profile)


def test_numbers_are_not_put_on_charts_of_moments() -> None:
    for baseline, current, says in [
        (DAYS, SECONDS, "it holds numbers, and the profile is one of moments"),
        (SECONDS, DAYS, "it holds moments, and the profile is one of numbers"),
    ]:
        charts = Drifter().create_drift_profile(baseline, SpcDriftConfig(sample_size=5))
        assert SpcDriftProfile.model_validate_json(charts.model_dump_json()) == charts
        assert Drifter().compute_drift(baseline, charts).lost == []
        assert Drifter().compute_drift(DAYS.assign(t=float("nan")), charts).lost == ["t"]
        with pytest.raises(DataError, match=f"column `t`: {says}"):
            Drifter().compute_drift(current, charts)


def test_parts_of_moments_and_of_numbers_have_no_baseline() -> None:
    for parts, says in [((DAYS, SECONDS), "numbers after moments"), ((SECONDS, DAYS), "moments after numbers")]:
        for config in [PsiDriftConfig(), SpcDriftConfig()]:
            with pytest.raises(DataError, match=f"column `t`, from row 400 on: {says}"):
                Drifter().create_drift_profile(iter(parts), config)


def test_a_part_without_values_tells_nothing_of_what_the_others_hold() -> None:
    def parts() -> Iterator[pd.DataFrame]:
        yield DAYS.assign(t=float("nan"))
        yield DAYS
        yield DAYS.assign(t=float("nan"))

    drifter = Drifter()
    profile = drifter.create_drift_profile(parts(), PsiDriftConfig())
    assert profile.features["t"].missing == 800
    assert drifter.compute_drift(DAYS.assign(t=float("nan")), profile)["t"].missing == 400


def test_bins_of_moments_are_told_as_moments(profile: PsiDriftProfile) -> None:
    drift = Drifter().compute_drift(DAYS, profile)
    assert "2013-02-09" in drift.to_html() and "2013-02-09" in profile.to_html()
    assert PsiDriftProfile.model_validate_json(profile.model_dump_json()) == profile
    assert PsiDriftMap.model_validate_json(drift.model_dump_json()) == drift
    bins = json.loads(profile.model_dump_json())["features"]
    assert bins["t"]["bins"][0]["unit"] == "moment" and "unit" not in bins["n"]["bins"][0]


def evaluate(profile: PsiDriftProfile, moments: list[object]) -> GenAIEvalResults:
    records = [GenAIEvalRecord(context={"t": moment}) for moment in moments]
    return GenAIEvalDataset(records, [DriftTask("drift", profile, columns={"t": "t"})]).evaluate()


def test_moments_of_records_are_compared_with_those_of_a_profile(profile: PsiDriftProfile) -> None:
    same = evaluate(profile, [moment.to_pydatetime() for moment in DAYS["t"]]).window
    assert same is not None and same["drift"].status == "passed" and same["drift"].found["psi"]["max"] == 0.0
    later = evaluate(profile, ["2014-06-01T12:00:00Z"] * 100).window
    assert later is not None and later["drift"].status == "failed"


@pytest.mark.parametrize(("value", "says"), [(1.4e9, "a number"), ("noon", "text that is no moment")])
def test_records_with_something_else_in_place_of_a_moment_are_an_error(profile: PsiDriftProfile, value: object, says: str) -> None:
    window = evaluate(profile, [value] * 50).window
    assert window is not None and window["drift"].status == "errored"
    message = window["drift"].message
    assert "`t` is one of moments, and 50 of 50 records have something else, first `" in message and message.endswith(f"`: {says}")
