"""A CSV file that a data frame wrote says what the frame says."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scouter.drift import Drifter, PsiDriftConfig, PsiDriftProfile
from scouter.errors import DataError
from scouter.profile import DataProfiler

FRAME = pd.DataFrame(
    {
        "code": [1.0, 2.0, 3.0, np.nan] * 25,
        "share": [0.5, 0.25, 1.0, 2.0] * 25,
        "flag": [True, False, True, True] * 25,
        "when": pd.date_range("2013-01-01 05:00", periods=100, freq="7h"),
        "day": pd.date_range("2013-01-01", periods=100),
        "id": [2**53 + at % 3 for at in range(100)],
        "name": ["1.10", "007", "ünï", "2.0"] * 25,
    }
)
CONFIG = PsiDriftConfig(categorical_features=["code", "share", "id"])


@pytest.fixture(params=["pandas", "polars"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    if request.param == "pandas":
        FRAME.to_csv(path, index=False)
    else:
        pl.from_pandas(FRAME).write_csv(path)
    return path


def bins(profile: PsiDriftProfile) -> dict[str, object]:
    # Edges between moments of nanoseconds are told to a microsecond.
    def limit(value: float | None) -> object:
        return value if value is None else pytest.approx(value, rel=1e-14)

    return {
        name: ([(limit(bin.upper_limit), bin.category, bin.count) for bin in feature.bins], feature.missing)
        for name, feature in profile.features.items()
    }


def test_a_profile_of_the_file_is_that_of_the_frame(path: Path) -> None:
    drifter = Drifter()
    of_frame, of_file = drifter.create_drift_profile(FRAME, CONFIG), drifter.create_drift_profile(path, CONFIG)
    assert bins(of_file) == bins(of_frame)
    assert [bin.category for bin in of_file.features["code"].bins] == ["1", "2", "3"]


def test_each_is_no_drift_from_the_other(path: Path) -> None:
    drifter = Drifter()
    for baseline, current in [(FRAME, path), (path, FRAME)]:
        drift = drifter.compute_drift(current, drifter.create_drift_profile(baseline, CONFIG))
        assert set(drift.features.values()) == {0.0} and len(drift.features) == 7


def test_moments_of_a_file_are_moments(path: Path) -> None:
    stats = DataProfiler().create_data_profile(path)["when"].datetime_stats
    assert stats is not None and stats.min == datetime.datetime(2013, 1, 1, 5, tzinfo=datetime.timezone.utc)
    maps = Drifter().compute_drift(path, Drifter().create_drift_profile(path, CONFIG), time="when", every="month")
    assert list(maps) == ["2013-01-01"]


def test_whole_numbers_beyond_2_to_the_53_are_categories_of_their_own(path: Path) -> None:
    names = {str(2**53 + at) for at in range(3)}
    for data in [FRAME, pl.from_pandas(FRAME), FRAME.astype({"id": "Int64"}), path]:
        feature = Drifter().create_drift_profile(data, CONFIG).features["id"]
        assert {bin.category for bin in feature.bins} == names
    for data in [FRAME, pl.from_pandas(FRAME)]:
        assert set(Drifter().create_drift_profile(data[["id", "share"]], PsiDriftConfig(), by="id")) == names


def test_texts_that_look_like_numbers_stay_texts(tmp_path: Path) -> None:
    frame = pd.DataFrame({"version": ["1.10", "1.1", "2.0"] * 9})
    frame.to_csv(tmp_path / "a.csv", index=False)
    profile = Drifter().create_drift_profile(frame, PsiDriftConfig())
    assert Drifter().compute_drift(tmp_path / "a.csv", profile)["version"].unseen == 0


@pytest.mark.parametrize(
    ("first", "last", "what"),
    [("true", "maybe", "neither true nor false"), ("2013-01-01", "soon", "no moment"), ("1", "one", "no number")],
)
def test_a_cell_that_does_not_fit_names_column_and_line(tmp_path: Path, first: str, last: str, what: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x\n" + f"{first}\n" * 65_536 + last)
    with pytest.raises(DataError, match=f"column `x`, line 65538: `{last}` is {what}"):
        Drifter().create_drift_profile(path, PsiDriftConfig())


def test_a_quote_that_is_never_closed_does_not_read_the_rest_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    with path.open("w") as file:
        file.write('x,name\n1,"one"\n2,"two\n')
        file.truncate(65 << 20)
    with pytest.raises(DataError, match="`.*open.csv`: after 1 row: the next row is longer than 64 MiB: a quote may never be closed"):
        Drifter().create_drift_profile(path, PsiDriftConfig())


def test_wide_rows_are_read_in_parts_of_bounded_size(tmp_path: Path) -> None:
    """Fewer rows than a part has, and more bytes than it may have: what the columns hold is told by the first part."""
    path = tmp_path / "wide.csv"
    with path.open("w") as file:
        file.write("x,text\n")
        file.writelines(f"{at},{'t' * (1 << 20)}\n" for at in range(65))
        file.write(f"later,{'t'}\n")
    with pytest.raises(DataError, match="column `x`, line 67: `later` is no number, and the column began with numbers"):
        Drifter().create_drift_profile(path, PsiDriftConfig(categorical_features=["text"]))
