"""Drift of a year of flights from New York: January is the baseline. Every number is worked out again here with NumPy and SciPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftMap, PsiDriftProfile, SpcDriftConfig

NUMBERS = ["dep_delay", "arr_delay", "air_time", "distance", "sched_dep_time"]
TEXTS = ["carrier", "origin", "dest"]
FEATURES = [*NUMBERS, *TEXTS]


@pytest.fixture(scope="module")
def january(flights: pd.DataFrame) -> pd.DataFrame:
    return flights[flights["month"] == 1]


def fallen(column: pd.Series, inner: np.ndarray) -> list[int]:
    """Rows between edges, which belong to what is below them; missing ones last."""
    bins = np.searchsorted(inner, column.dropna().to_numpy(float), side="left")
    return [*np.bincount(bins, minlength=len(inner) + 1), int(column.isna().sum())]


def counted_numbers(baseline: pd.Series, current: pd.Series) -> tuple[list[int], list[int]]:
    """Rows by decile of the baseline, deciles between which no row lies merged; missing ones last."""
    values = np.sort(baseline.dropna().to_numpy(float))
    edges: dict[float, float] = {}
    for p in np.arange(1, 10) / 10:
        edges.setdefault(values[int((len(values) - 1) * p)], float(np.quantile(values, p)))
    inner, deciles = np.array(list(edges.values())), np.quantile(values, np.arange(1, 10) / 10)
    if deciles[0] >= deciles[-1]:
        # A value on which all deciles fall has a bin of its own.
        inner = np.array([np.nextafter(deciles[0], -np.inf), deciles[0]])
    else:
        inner = inner[inner < values[-1]]
    return fallen(baseline, inner), fallen(current, inner)


def counted_texts(baseline: pd.Series, current: pd.Series, most: int = 100) -> tuple[list[int], list[int]]:
    """Rows by category of the baseline, so many of the most frequent ones; then rare, unseen and missing ones."""
    order = baseline.value_counts()
    ranked = sorted(order.items(), key=lambda item: (-item[1], item[0]))
    kept = [name for name, _ in ranked[:most]]

    def count(column: pd.Series) -> list[int]:
        found = column.value_counts()
        other = sum(found.get(name, 0) for name, _ in ranked[most:])
        unseen = found.sum() - sum(found.get(name, 0) for name, _ in ranked)
        return [*(int(found.get(name, 0)) for name in kept), int(other), int(unseen), int(column.isna().sum())]

    return count(baseline), count(current)


def index(baseline: list[int], current: list[int]) -> tuple[float, float]:
    """The index, with half a row for every bin where any is empty, and the p-value of Pearson's test of the same counts."""
    b, c = np.array(baseline, float), np.array(current, float)
    there = b + c > 0
    b, c = b[there], c[there]
    p_value = homogeneity(b, c) if len(b) > 1 else 1.0
    if (b == 0).any() or (c == 0).any():
        b, c = b + 0.5, c + 0.5
    p, q = b / b.sum(), c / c.sum()
    return float(((p - q) * np.log(p / q)).sum()), p_value


def homogeneity(b: np.ndarray, c: np.ndarray) -> float:
    """By the gamma distribution with the mean and the variance of χ² that Haldane (1940) gives."""
    statistic = stats.chi2_contingency([b, c], correction=False).statistic
    rows, bins = b.sum() + c.sum(), len(b)
    sides = rows / b.sum() + rows / c.sum()
    cells = (rows / (b + c)).sum()
    mean = rows * (bins - 1) / (rows - 1)
    v, w = (rows - 2) / (rows - 1), (sides - 4) / (rows - 2)
    v_bins, w_bins = (bins - 1) * (rows - bins) / (rows - 1), (cells - bins**2) / (rows - 2)
    variance = 2 * rows / (rows - 3) * (v - w) * (v_bins - w_bins) + rows**2 / (rows - 1) * w * w_bins
    return float(stats.gamma.sf(statistic, mean**2 / variance, scale=variance / mean))


def agrees(drift_map: PsiDriftMap, baseline: pd.DataFrame, current: pd.DataFrame, features: list[str]) -> None:
    for feature in features:
        count = counted_texts if feature in TEXTS else counted_numbers
        agrees_with(drift_map, feature, *count(baseline[feature], current[feature]))


def agrees_with(drift_map: PsiDriftMap, feature: str, baseline: list[int], current: list[int]) -> None:
    psi, p_value = index(baseline, current)
    drift = drift_map[feature]
    assert drift.psi == pytest.approx(psi, rel=1e-9), feature
    assert drift.p_value == pytest.approx(p_value, rel=1e-9, abs=1e-300), feature
    assert (drift.baseline_rows, drift.current_rows) == (sum(baseline), sum(current))


@pytest.mark.parametrize("month", range(2, 13))
def test_every_month_agrees_with_numpy(flights: pd.DataFrame, january: pd.DataFrame, month: int) -> None:
    drifter = Drifter()
    profile = drifter.create_drift_profile(january[FEATURES], PsiDriftConfig(name="flights"))
    current = flights[flights["month"] == month]
    drift_map = drifter.compute_drift(current[FEATURES], profile)
    agrees(drift_map, january, current, FEATURES)
    assert "air_time" in drift_map.drifted  # winds change with the season


@pytest.mark.parametrize("month", range(2, 13))
def test_rare_carriers_and_places_share_a_bin(flights: pd.DataFrame, january: pd.DataFrame, month: int) -> None:
    drifter = Drifter()
    profile = drifter.create_drift_profile(january[TEXTS], PsiDriftConfig(max_categories=5))
    current = flights[flights["month"] == month]
    drift_map = drifter.compute_drift(current[TEXTS], profile)
    for feature in TEXTS:
        agrees_with(drift_map, feature, *counted_texts(january[feature], current[feature], most=5))
    # There are three airports of origin, so that no row of them is rare.
    with_rare = [feature for feature in TEXTS if "other" in [term.bin for term in drift_map[feature].terms]]
    assert with_rare == ["carrier", "dest"]


def test_a_baseline_has_not_drifted_from_itself(january: pd.DataFrame) -> None:
    drifter = Drifter()
    profile = drifter.create_drift_profile(january[FEATURES], PsiDriftConfig())
    drift_map = drifter.compute_drift(january[FEATURES], profile)
    assert drift_map.drifted == []
    assert list(drift_map.features.values()) == [0.0] * len(FEATURES)


def test_a_value_that_nearly_all_rows_have_is_seen_to_go() -> None:
    before, after = pd.DataFrame({"flag": [True] * 950 + [False] * 50}), pd.DataFrame({"flag": [False] * 1000})
    for baseline, current in [(before, after), (~before, ~after)]:
        drift = Drifter().compute_drift(current, Drifter().create_drift_profile(baseline, PsiDriftConfig()))["flag"]
        # With half a row for each of two bins: 50.5 and 950.5 of 1001 before, 1000.5 and 0.5 of 1001 now.
        assert drift.drifted and drift.psi == pytest.approx(950 / 1001 * np.log(1000.5 / 50.5 * 950.5 / 0.5), rel=1e-12)


def test_months_are_windows_of_one_call(flights: pd.DataFrame, january: pd.DataFrame) -> None:
    drifter = Drifter()
    profile = drifter.create_drift_profile(january[FEATURES], PsiDriftConfig())
    local = flights.assign(when=pd.to_datetime(flights[["year", "month", "day"]]))
    maps = drifter.compute_drift(local[[*FEATURES, "when"]], profile, time="when", every="month")
    assert list(maps) == [f"2013-{month:02}-01" for month in range(1, 13)]
    for month in [1, 2, 7]:
        agrees(maps[f"2013-{month:02}-01"], january, flights[flights["month"] == month], FEATURES)


def test_carriers_are_compared_with_themselves(flights: pd.DataFrame, january: pd.DataFrame) -> None:
    features = ["air_time", "distance"]
    drifter = Drifter()
    profiles = drifter.create_drift_profile(january[[*features, "carrier"]], PsiDriftConfig(), by="carrier")
    assert sorted(profiles) == sorted(january["carrier"].unique())
    july = flights[flights["month"] == 7]
    maps = drifter.compute_drift(july[[*features, "carrier"]], profiles, by="carrier")
    assert set(maps) == set(july["carrier"]) & set(january["carrier"])
    assert maps.gone == sorted(set(january["carrier"]) - set(july["carrier"]))
    assert maps.new == sorted(set(july["carrier"]) - set(january["carrier"]))
    for carrier in ["UA", "B6", "AA", "HA"]:
        before, after = january[january["carrier"] == carrier], july[july["carrier"] == carrier]
        agrees(maps[carrier], before, after, features)


@pytest.mark.parametrize("month", range(2, 13))
def test_every_month_of_every_carrier_agrees_with_numpy(flights: pd.DataFrame, january: pd.DataFrame, month: int) -> None:
    features = ["air_time", "distance"]
    drifter = Drifter()
    profiles = drifter.create_drift_profile(january[[*features, "carrier"]], PsiDriftConfig(), by="carrier")
    current = flights[flights["month"] == month]
    maps = drifter.compute_drift(current[[*features, "carrier"]], profiles, by="carrier")
    rows = pd.concat([january["carrier"].value_counts(), current["carrier"].value_counts()], axis=1).min(axis=1, skipna=False)
    many = sorted(rows[rows >= 30].index)
    assert len(many) >= 12 and set(many) <= set(maps)
    for carrier in many:
        agrees(maps[carrier], january[january["carrier"] == carrier], current[current["carrier"] == carrier], features)


def test_delays_stand_on_a_control_chart_by_day(flights: pd.DataFrame, january: pd.DataFrame) -> None:
    size = 25
    drifter = Drifter()
    profile = drifter.create_drift_profile(january[["dep_delay"]], SpcDriftConfig(sample_size=size))

    def subgroups(column: pd.Series) -> np.ndarray:
        values = column.dropna().to_numpy()
        return values[: len(values) // size * size].reshape(-1, size)

    groups = subgroups(january["dep_delay"])
    c4 = np.sqrt(2 / (size - 1)) * np.exp(special.gammaln(size / 2) - special.gammaln((size - 1) / 2))
    center, unit = groups.mean(), groups.std(axis=1, ddof=1).mean() / c4 / np.sqrt(size)
    chart = profile.features["dep_delay"]
    assert chart.center == pytest.approx(center, rel=1e-9)
    assert chart.three_ucl == pytest.approx(center + 3 * unit, rel=1e-9)
    assert chart.one_lcl == pytest.approx(center - unit, rel=1e-9)

    local = flights.assign(when=pd.to_datetime(flights[["year", "month", "day"]]))
    days = drifter.compute_drift(local[["dep_delay", "when"]], profile, time="when", every="day")
    assert len(days) == 365
    for day, delays in local.groupby("when")["dep_delay"]:
        means = subgroups(delays).mean(axis=1)
        drift = days[f"{day:%Y-%m-%d}"]["dep_delay"]
        np.testing.assert_allclose(drift.samples, means, rtol=1e-9, atol=1e-12)
        # A score near zero is a difference of numbers that are nearly equal.
        np.testing.assert_allclose(drift.scores, (means - center) / unit, rtol=1e-9, atol=1e-9)
        out = [alert.points for alert in drift.alerts if alert.kind.name == "OutOfBounds"]
        assert out == [[at] for at in np.flatnonzero(np.abs(means - center) > 3 * unit)]


@pytest.fixture(scope="module")
def of_file(january: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> PsiDriftProfile:
    """January from a file. It has more rows than quantiles are exact of, so that edges come from a sketch."""
    path = tmp_path_factory.mktemp("flights") / "january.parquet"
    january[FEATURES].to_parquet(path, index=False)
    profile: PsiDriftProfile = Drifter().create_drift_profile(path, PsiDriftConfig())
    return profile


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
@pytest.mark.parametrize("month", range(2, 13))
def test_every_month_as_a_file_agrees_with_numpy_by_the_edges_of_the_profile(
    flights: pd.DataFrame, january: pd.DataFrame, of_file: PsiDriftProfile, tmp_path: Path, month: int, suffix: str
) -> None:
    current = flights.loc[flights["month"] == month, FEATURES]
    path = tmp_path / f"month.{suffix}"
    if suffix == "csv":
        current.to_csv(path, index=False)
    else:
        current.to_parquet(path, index=False)
    drift_map = Drifter().compute_drift(path, of_file)
    for feature in TEXTS:
        agrees_with(drift_map, feature, *counted_texts(january[feature], current[feature]))
    for feature in NUMBERS:
        inner = np.array([bin.upper_limit for bin in of_file.features[feature].bins[:-1]])
        agrees_with(drift_map, feature, fallen(january[feature], inner), fallen(current[feature], inner))
    assert "air_time" in drift_map.drifted


def test_a_file_says_what_memory_says(january: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "january.parquet"
    january[FEATURES].to_parquet(path)
    drifter = Drifter()
    of_file = drifter.create_drift_profile(path, PsiDriftConfig())
    drift_map = drifter.compute_drift(path, of_file)
    assert drift_map.drifted == []
    # Edges come from a sketch, whose ranks are off by 0.3 % at most; counts between them are exact.
    for feature in NUMBERS:
        counts = [bin.count for bin in of_file.features[feature].bins]
        values = january[feature].dropna().to_numpy(float)
        edges = [bin.upper_limit for bin in of_file.features[feature].bins[:-1]]
        found = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
        assert counts == list(found)
        ordered = np.sort(values)
        below, up_to = (np.searchsorted(ordered, edges, side=side) / len(values) for side in ("left", "right"))
        for share in np.arange(1, 10) / 10:
            assert (np.maximum(below - share, share - up_to) < 2 * 0.003).any(), (feature, share)
    in_memory = drifter.create_drift_profile(january[FEATURES], PsiDriftConfig())
    for feature in TEXTS:
        assert of_file.features[feature].bins == in_memory.features[feature].bins
