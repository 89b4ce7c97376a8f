"""What the values of a window come to, as NumPy has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Union

import numpy as np
import pandas as pd
import pytest
from scouter.alert import AlertThreshold
from scouter.drift import CustomDriftProfile, CustomMetric, CustomMetricDriftConfig, Drifter
from scouter.errors import DataError

WINDOW = np.random.default_rng(5).normal(3.0, 2.0, size=101)


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [
        ("mean", np.mean),
        (0.9, lambda values: np.quantile(values, 0.9)),
        (0.0, np.min),
        ("last", lambda values: values[-1]),
        ("min", np.min),
        ("max", np.max),
        ("count", len),
    ],
)
def test_each_aggregation_is_that_of_numpy(aggregation: Union[str, float], expected: Callable[[np.ndarray], float]) -> None:
    metric = CustomMetric("m", 0.0, AlertThreshold.Outside, aggregation=aggregation)
    found = Drifter().compute_drift({"m": WINDOW.tolist()}, CustomDriftProfile(CustomMetricDriftConfig(), [metric]))
    assert found["m"].value == pytest.approx(float(expected(WINDOW)), rel=1e-12)


@pytest.mark.parametrize("aggregation", ["mean", 0.5, "last", "min", "max", "count"])
def test_what_is_no_number_takes_no_part_in_any(aggregation: Union[str, float]) -> None:
    metric = CustomMetric("m", 0.0, AlertThreshold.Outside, aggregation=aggregation)
    profile = CustomDriftProfile(CustomMetricDriftConfig(), [metric])
    plain, mixed = [1.0, 5.0, 3.0], [np.nan, 1.0, np.inf, 5.0, -np.inf, 3.0, np.nan]
    values = {Drifter().compute_drift({"m": window}, profile)["m"].value for window in (plain, mixed)}
    assert len(values) == 1


@pytest.mark.parametrize("holder", [dict, pd.DataFrame], ids=["dict", "frame"])
def test_a_misspelt_metric_is_told_with_the_one_that_was_meant(holder: Any) -> None:
    metrics = [CustomMetric(name, 1.0, AlertThreshold.Above, aggregation="count") for name in ("accuracy", "mae")]
    profile = CustomDriftProfile(CustomMetricDriftConfig(), metrics)
    with pytest.raises(DataError, match="no column `accuracy`, which the profile has; is `accuracy` what they call `acuracy`"):
        Drifter().compute_drift(holder({"acuracy": [1.0, 2.0], "mae": [1.0, 2.0]}), profile)
