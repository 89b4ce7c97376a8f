"""The S chart: values that are spread more than they were, while their means stay."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scouter.alert import AlertZone, SpcAlertConfig, SpcAlertType
from scouter.drift import Drifter, SpcDriftConfig, SpcDriftMap, SpcDriftProfile
from scouter.evaluate import DriftTask, GenAIEvalDataset, GenAIEvalRecord

SIZE, C4 = 5, 0.9399856029866254  # c4 of five values, from a table
BEFORE = np.random.default_rng(17).normal(50, 2, (400, SIZE))
# Means near to the centre that break no rule, and values far from them in the subgroups 3 and 7.
APART = BEFORE[:20] - BEFORE[:20].mean(axis=1, keepdims=True)
APART[[3, 7]] *= 20
AFTER = BEFORE.mean() + 0.2 * np.array([1, 1, -1, -1] * 5)[:, None] + APART
DRIFTER = Drifter()


def frame(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"x": values.ravel()})


def charts(config: SpcAlertConfig | None = None) -> SpcDriftProfile:
    return DRIFTER.create_drift_profile(frame(BEFORE), SpcDriftConfig(sample_size=SIZE, alert_config=config or SpcAlertConfig()))


def beyond(values: np.ndarray) -> list[int]:
    """The points that are beyond the limits of the S chart, by the formula of the textbook."""
    middle = BEFORE.std(axis=1, ddof=1).mean()
    width = 3 * middle * np.sqrt(1 - C4**2) / C4
    spread = values.std(axis=1, ddof=1)
    return [int(at) for at in np.flatnonzero((spread > middle + width) | (spread < middle - width))]


def test_every_point_beyond_the_limits_is_an_alert_of_its_own_kind() -> None:
    chart = DRIFTER.compute_drift(frame(AFTER), charts())["x"]
    out = beyond(AFTER)
    assert {3, 7} <= set(out) and chart.deviations_out == out
    assert [alert.points for alert in chart.spread_alerts] == [[at] for at in out]
    alert = chart.spread_alerts[0]
    assert (alert.kind, alert.zone, alert.rule) == (SpcAlertType.Spread, AlertZone.NotApplicable, "S chart")


def test_spread_alone_is_drift_only_where_that_is_chosen() -> None:
    for config, drifted in [(SpcAlertConfig(), []), (SpcAlertConfig(spread=True), ["x"])]:
        drift = DRIFTER.compute_drift(frame(AFTER), charts(config))
        assert drift["x"].alerts == [] and drift.drifted == drifted
        assert list(drift.to_dataframe()["drifted"]) == [bool(drifted)]
        assert list(drift.to_dataframe()["alerts"]) == [len(drift["x"].spread_alerts) if drifted else 0]
        assert SpcDriftMap.model_validate_json(drift.model_dump_json()).drifted == drifted


def test_what_was_saved_before_there_was_a_choice_is_as_it_was() -> None:
    for told in (charts(), DRIFTER.compute_drift(frame(AFTER), charts())):
        assert '"spread"' not in told.model_dump_json()
    chosen = charts(SpcAlertConfig(spread=True))
    again = SpcDriftProfile.model_validate_json(chosen.model_dump_json())
    assert again == chosen and again.config.alert_config.spread


def test_a_jump_of_single_values_has_both_of_them() -> None:
    values = np.random.default_rng(5).normal(size=200)
    profile = DRIFTER.create_drift_profile(pd.DataFrame({"x": values}), SpcDriftConfig(sample_size=1))
    chart = DRIFTER.compute_drift(pd.DataFrame({"x": [0.0, 0.1, -9.0, -9.1]}), profile)["x"]
    assert [alert.points for alert in chart.spread_alerts] == [[1, 2]]


def test_a_choice_that_contradicts_a_share_of_false_alarms_is_refused() -> None:
    with pytest.raises(ValueError, match="give either `alpha` or `spread`"):
        SpcAlertConfig(alpha=0.05, spread=True)
    config = SpcAlertConfig(alpha=0.05)
    with pytest.raises(ValueError, match="give either `alpha` or `spread`"):
        config.spread = True
    assert (config.alpha, config.spread) == (0.05, False)


def test_a_drift_task_can_judge_the_spread() -> None:
    records = [GenAIEvalRecord(context={"x": float(x)}) for x in AFTER.ravel()]
    task = DriftTask("spread", charts(), "x", context_path="spread_alerts.max", operator="LessThan", expected_value=1)
    outcome = GenAIEvalDataset(records, [task]).evaluate().window["spread"]
    assert outcome.status == "failed"
    assert outcome.found["features"]["x"]["spread_alert_count"] == outcome.found["spread_alerts"]["max"] == len(beyond(AFTER))
