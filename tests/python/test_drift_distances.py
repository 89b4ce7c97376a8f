"""Two samples by one of many methods, against scipy."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon
from scouter.drift import DistanceMap, Drifter, EqualWidthBinning, Manual
from scouter.errors import DataError

RANDOM = np.random.default_rng(17)
BEFORE = pd.DataFrame({"moved": RANDOM.normal(size=800), "same": RANDOM.normal(size=800), "carrier": RANDOM.choice(["AA", "UA"], 800)})
AFTER = pd.DataFrame(
    {"carrier": RANDOM.choice(["AA", "UA"], 600, p=[0.9, 0.1]), "moved": RANDOM.normal(0.5, 1, 600), "same": RANDOM.normal(size=600)}
)
DRIFTER = Drifter()


def compare(method: str, **more: object) -> DistanceMap:
    return DRIFTER.compare(BEFORE, AFTER, method, **more)


def counts(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows of both sides in deciles of the baseline, or by carrier."""
    before, after = BEFORE[name], AFTER[name]
    if name == "carrier":
        return before.value_counts().sort_index().to_numpy(), after.value_counts().sort_index().to_numpy()
    edges = np.quantile(before, np.arange(1, 10) / 10)
    return tuple(np.bincount(np.searchsorted(edges, side, side="left"), minlength=10) for side in (before, after))


@pytest.mark.parametrize("name", ["moved", "same"])
def test_distributions_are_as_far_apart_as_scipy_says(name: str) -> None:
    before, after = BEFORE[name], AFTER[name]
    ks, cvm = stats.ks_2samp(before, after, method="asymp"), stats.cramervonmises_2samp(before, after, method="asymptotic")
    wasserstein = stats.wasserstein_distance(before, after) / before.std()
    assert compare("kolmogorov_smirnov").features[name] == pytest.approx(ks.statistic, rel=1e-12)
    assert compare("cramer_von_mises").features[name] == pytest.approx(cvm.statistic, rel=1e-9)
    assert compare("cramer_von_mises")[name].p_value == pytest.approx(cvm.pvalue, rel=1e-4, abs=1e-8)
    assert compare("wasserstein").features[name] == pytest.approx(wasserstein, rel=1e-9)


@pytest.mark.parametrize("name", ["moved", "same", "carrier"])
def test_counts_are_as_far_apart_as_scipy_says(name: str) -> None:
    before, after = counts(name)
    p, q = before / before.sum(), after / after.sum()
    chi = stats.chi2_contingency(np.array([before, after]), correction=False)
    assert compare("chi_square").features[name] == pytest.approx(chi.statistic, rel=1e-9)
    assert compare("chi_square")[name].p_value == pytest.approx(chi.pvalue, rel=1e-9)
    assert compare("jensen_shannon").features[name] == pytest.approx(jensenshannon(p, q, base=2), rel=1e-9)
    assert compare("hellinger").features[name] == pytest.approx(np.sqrt(1 - np.sqrt(p * q).sum()), rel=1e-9)
    assert compare("total_variation").features[name] == pytest.approx(np.abs(p - q).sum() / 2, rel=1e-9)
    assert compare("psi").features[name] == pytest.approx(((p - q) * np.log(p / q)).sum(), rel=1e-9)


@pytest.mark.parametrize(
    "method",
    ["kolmogorov_smirnov", "cramer_von_mises", "wasserstein", "psi", "chi_square", "jensen_shannon", "hellinger", "total_variation"],
)
def test_every_method_finds_what_moved_and_nothing_else(method: str) -> None:
    found = compare(method)
    assert found.method == method
    assert found.drifted == (["moved"] if "carrier" in found.absent else ["moved", "carrier"])


@pytest.mark.parametrize("method", ["mmd", "domain_classifier"])
def test_whole_rows_are_compared_together(method: str) -> None:
    found = compare(method)
    assert found.drifted == ["all columns"] and found["all columns"].baseline_rows == 800
    assert found.absent == {"carrier": "the method does not read this kind of input"}


def test_rows_like_the_baseline_have_not_drifted_together() -> None:
    like = pd.DataFrame({"moved": RANDOM.normal(size=600), "same": RANDOM.normal(size=600)})
    for method in ("mmd", "domain_classifier"):
        assert DRIFTER.compare(BEFORE[["moved", "same"]], like, method).drifted == []


def test_texts_have_no_distribution_of_numbers() -> None:
    assert compare("kolmogorov_smirnov").absent == {"carrier": "the method does not read this kind of input"}


def test_bins_and_corrections_can_be_chosen() -> None:
    wide = compare("psi", binning_strategy=EqualWidthBinning(Manual(4)), correction=None)
    assert wide["same"].adjusted_p_value == wide["same"].p_value
    assert wide.features["moved"] != compare("psi").features["moved"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"method": "kolmogorof"}, "`method` is `kolmogorof`: it must be one of `kolmogorov_smirnov`"),
        ({"method": "psi", "threshold": 0.1}, "`psi` takes no `threshold`"),
        ({"method": "wasserstein", "threshold": -1.0}, "`threshold` is `-1`: it must be 0 or more"),
        ({"method": "psi", "alpha": 1.0}, "failed to take `1` as a level"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        compare(**arguments)


def test_columns_that_are_gone_are_an_error() -> None:
    with pytest.raises(DataError, match="the data have no column `same`"):
        DRIFTER.compare(BEFORE, AFTER[["moved", "carrier"]])


def test_a_side_that_is_too_large_to_hold_is_refused_before_it_is() -> None:
    rows = np.broadcast_to(np.zeros(1), (2**27 + 1, 1))
    with pytest.raises(DataError, match="`feature_0`: with it this side has more than 134,217,728 numbers, and `compare` holds both"):
        DRIFTER.compare(iter([rows]), np.zeros((10, 1)))


def test_a_column_without_values_is_absent() -> None:
    found = DRIFTER.compare(BEFORE, AFTER.assign(same=np.nan))
    assert found.absent["same"] == "no value is finite" and "same" not in found.features


def test_rows_without_a_value_go_with_what_others_hold() -> None:
    def parts() -> Iterator[pd.DataFrame]:
        yield pd.DataFrame({"s": [None, None], "x": [1.0, 2.0]})
        yield pd.DataFrame({"s": ["a", "b"] * 50, "x": [1.0, 2.0] * 50})

    found = DRIFTER.compare(parts(), parts(), "psi")
    assert found.features == {"s": 0.0, "x": 0.0} and found["s"].current_rows == 102
    nothing = pd.DataFrame({"s": [None] * 40, "x": [1.0, 2.0] * 20})
    assert DRIFTER.compare(parts(), nothing, "psi").drifted == ["s"]


def test_categories_of_a_file_are_spelled_as_those_of_the_baseline(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("code\n" + "1.0\n2.0\n" * 50)
    for codes in [[1, 2], [1.0, 2.0], ["1.0", "2.0"]]:
        found = DRIFTER.compare(pd.DataFrame({"code": codes * 50}), path, "psi", categorical_features=["code"])
        assert found.features == {"code": 0.0}


def test_it_is_kept_and_shown_as_other_maps_are() -> None:
    found = compare("wasserstein")
    assert DistanceMap.model_validate_json(found.model_dump_json()) == found == pickle.loads(pickle.dumps(found))
    assert list(found.to_dataframe()["feature"]) == ["moved", "same"]
    assert "Distances of two samples" in found.to_html()
