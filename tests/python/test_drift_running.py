"""The cumulative sum and the weighted average: charts that find small changes that last. Every line is worked out again with NumPy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scouter.alert import AlertZone, SpcAlertConfig, SpcAlertRule, SpcAlertType
from scouter.drift import Drifter, SpcDriftConfig, SpcDriftMap, SpcDriftProfile

RANDOM = np.random.default_rng(41)
BEFORE = pd.DataFrame({"x": RANDOM.normal(10, 2, 2000)})
AFTER = pd.DataFrame({"x": RANDOM.normal(10, 2, 600) + np.where(np.arange(600) < 200, 0, 0.6)})
DRIFTER = Drifter()


def charts(rule: SpcAlertRule) -> SpcDriftProfile:
    return DRIFTER.create_drift_profile(BEFORE, SpcDriftConfig(sample_size=5, alert_config=SpcAlertConfig(rule=rule)))


def scores() -> np.ndarray:
    groups = BEFORE["x"].to_numpy().reshape(-1, 5)
    sigma = groups.std(axis=1, ddof=1).mean() / 0.9399856029866254  # c4 of five values, from a table
    return (AFTER["x"].to_numpy().reshape(-1, 5).mean(axis=1) - groups.mean()) / (sigma / np.sqrt(5))


@pytest.mark.parametrize(("reference", "decision"), [(0.5, 5.0), (0.25, 8.0)])
def test_the_cumulative_sum_is_that_of_numpy(reference: float, decision: float) -> None:
    chart = DRIFTER.compute_drift(AFTER, charts(SpcAlertRule.cusum(reference, decision)))["x"]
    lines = []
    for sign in (1, -1):
        walk = np.concatenate([[0.0], np.cumsum(sign * scores() - reference)])
        lines.append((walk - np.minimum.accumulate(walk))[1:])
    np.testing.assert_allclose(chart.cusum(reference), lines, rtol=1e-9, atol=1e-9)
    beyond = np.flatnonzero(np.max(lines, axis=0) > decision)
    assert [alert.points[-1] for alert in chart.alerts] == beyond.tolist() and len(beyond) > 5


@pytest.mark.parametrize(("weight", "width"), [(0.1, 2.814), (0.4, 3.054)])
def test_the_weighted_average_is_that_of_numpy(weight: float, width: float) -> None:
    chart = DRIFTER.compute_drift(AFTER, charts(SpcAlertRule.ewma(weight, width)))["x"]
    average = pd.Series([0.0, *scores()]).ewm(alpha=weight, adjust=False).mean().to_numpy()[1:]
    limit = width * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * np.arange(1, len(average) + 1))))
    np.testing.assert_allclose(chart.ewma(weight, width), [average, limit], rtol=1e-9, atol=1e-9)
    assert [alert.points for alert in chart.alerts] == [[at] for at in np.flatnonzero(np.abs(average) > limit)]


def test_they_find_what_no_single_point_shows() -> None:
    assert np.abs(scores()).max() < 3
    assert DRIFTER.compute_drift(AFTER, charts(SpcAlertRule("0 0 0 0 0 0 1 1"))).drifted == []
    for name in ("cusum", "ewma"):
        drift = DRIFTER.compute_drift(AFTER, charts(SpcAlertRule(name)))
        assert drift.drifted == ["x"] and drift["x"].alerts[0].points[-1] >= 40


def test_the_first_alert_of_a_sum_has_all_points_since_the_change_began() -> None:
    alert = DRIFTER.compute_drift(AFTER, charts(SpcAlertRule("cusum")))["x"].alerts[0]
    assert (alert.kind, alert.zone, alert.rule) == (SpcAlertType.OutOfBounds, AlertZone.NotApplicable, "cumulative sum")
    assert len(alert.points) > 3 and alert.points == list(range(alert.points[0], alert.points[-1] + 1))


@pytest.mark.parametrize("rule", [SpcAlertRule("cusum"), SpcAlertRule.cusum(0.25, 8), SpcAlertRule("ewma"), SpcAlertRule.ewma(0.4, 3.054)])
def test_the_settings_come_back(rule: SpcAlertRule) -> None:
    assert rule.rule in ("cusum", "ewma")
    assert SpcAlertRule.model_validate_json(rule.model_dump_json()) == rule
    profile = charts(rule)
    assert SpcDriftProfile.model_validate_json(profile.model_dump_json()) == profile
    assert profile.config.alert_config.rule == rule
    drift = DRIFTER.compute_drift(AFTER, profile)
    assert SpcDriftMap.model_validate_json(drift.model_dump_json()) == drift
    assert "beyond its limit" in drift.to_html()


def test_settings_that_no_chart_has_are_refused() -> None:
    with pytest.raises(ValueError, match="`reference` is `-1`: it must be a finite number, 0 or more"):
        SpcAlertRule.cusum(reference=-1)
    with pytest.raises(ValueError, match="`decision` is `0`: it must be a finite number above 0"):
        SpcAlertRule.cusum(decision=0)
    with pytest.raises(ValueError, match="`weight` is `1.5`: it must be above 0, and not above 1"):
        SpcAlertRule.ewma(weight=1.5)
    with pytest.raises(ValueError, match="`width` is `NaN`: it must be a finite number above 0"):
        SpcAlertRule.ewma(width=float("nan"))
    with pytest.raises(ValueError, match="or `western_electric`, `nelson`, `cusum` or `ewma`"):
        SpcAlertRule("cumsum")
    with pytest.raises(ValueError, match="this chart has no zones: choose eight numbers instead"):
        SpcAlertRule("ewma").zones_to_monitor = [AlertZone.Zone4]


def test_with_a_share_of_false_alarms_a_chart_drifts_by_its_p_value() -> None:
    same = pd.DataFrame({"x": RANDOM.normal(10, 2, 20_000)})
    far = same.assign(x=same["x"] + 2)
    for config, drifted in [(SpcAlertConfig(), ["x"]), (SpcAlertConfig(alpha=0.05), [])]:
        profile = DRIFTER.create_drift_profile(BEFORE, SpcDriftConfig(sample_size=5, alert_config=config))
        drift = DRIFTER.compute_drift(same, profile)
        # Of 4,000 points some break a rule, though nothing has changed.
        assert len(drift["x"].alerts) > 0 and drift.drifted == drifted
        assert drift["x"].p_value is not None and drift["x"].p_value > 0.05
        assert DRIFTER.compute_drift(far, profile).drifted == ["x"]
        assert list(drift.to_dataframe()["drifted"]) == [bool(drifted)]
        assert SpcDriftMap.model_validate_json(drift.model_dump_json()).drifted == drifted


def test_a_share_of_false_alarms_that_is_none_is_refused() -> None:
    for alpha in (0.0, 1.0, float("nan")):
        with pytest.raises(ValueError, match="failed to"):
            SpcAlertConfig(alpha=alpha)
