"""The p-value of the index, beside that of plain χ² where there are many rows, and beside samples that are drawn without drift."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scouter.drift import Drifter, PsiDriftConfig, PsiFeatureDrift

SIDES = np.array([1, -1] * 5)


def texts(counts: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"x": np.repeat(list("abcdefghij"), counts)})


def drift(baseline: np.ndarray, current: np.ndarray) -> PsiFeatureDrift:
    """Of ten categories with so many rows each."""
    drifter = Drifter()
    found: PsiFeatureDrift = drifter.compute_drift(texts(current), drifter.create_drift_profile(texts(baseline), PsiDriftConfig()))["x"]
    return found


@pytest.mark.parametrize("moved", [150, 200, 283, 350])
def test_of_many_rows_the_p_value_is_that_of_the_index_by_chi_square(moved: int) -> None:
    baseline = np.full(10, 20_000)
    found = drift(baseline, baseline + moved * SIDES)
    # From 0.78 to 0.0003; the index over (1/M + 1/N) is distributed as χ² with a degree of freedom less than there are bins.
    assert found.p_value == pytest.approx(stats.chi2.sf(found.psi / (2 / 200_000), 9), rel=0.01)


@pytest.mark.parametrize("moved", [18, 24, 30])
def test_the_p_value_is_the_share_of_samples_without_drift_that_are_as_far_apart(moved: int) -> None:
    baseline = np.full(10, 200)
    current = baseline + moved * SIDES
    found = drift(baseline, current)
    # Both sides are drawn from what they are together.
    random, together = np.random.default_rng(5), (baseline + current) / 4000
    p, q = (random.multinomial(2000, together, size=50_000) / 2000 for _ in range(2))
    drawn = ((p - q) * np.log(p / q)).sum(axis=1)
    # Of 50,000 shares one is off by 0.0022 at most, in two of three cases.
    assert found.p_value == pytest.approx((drawn >= found.psi).mean(), abs=0.01)
