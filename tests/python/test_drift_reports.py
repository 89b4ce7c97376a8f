"""Drift as people look at it: tables, frames, pages and drawings, looked at in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scouter.alert import AlertThreshold, SpcAlertConfig
from scouter.drift import CustomMetric, CustomMetricDriftConfig, Drifter, PsiDriftConfig, PsiDriftMap, SpcDriftConfig
from scouter.evaluate import DriftTask, GenAIEvalDataset, GenAIEvalRecord
from scouter.profile import DataProfiler

HOSTILE = "<script>document.title = 'pwned'</script><img src=x onerror=alert(2)>\x1b\u202e"
RANDOM = np.random.default_rng(3)
BEFORE = pd.DataFrame(
    {
        "delay": RANDOM.normal(10, 4, 3000),
        "distance": RANDOM.integers(100, 2500, 3000),
        HOSTILE: RANDOM.choice(["AA", "UA", "</svg>" + HOSTILE], 3000),
    }
)
AFTER = BEFORE.assign(delay=BEFORE["delay"] + 2.0, **{HOSTILE: RANDOM.choice(["AA", "UA", "ZZ"], 3000)})
DRIFTER = Drifter()
PSI = DRIFTER.create_drift_profile(BEFORE, PsiDriftConfig(space="travel", name="flights"))
SPC = DRIFTER.create_drift_profile(BEFORE[["delay", "distance"]], SpcDriftConfig(sample_size=25))
METRIC = CustomMetric("mae", baseline_value=12.0, alert_threshold=AlertThreshold.Above, delta=0.5)
CUSTOM = DRIFTER.create_drift_profile(METRIC, CustomMetricDriftConfig())
TOLD = {
    "psi map": DRIFTER.compute_drift(AFTER, PSI),
    "spc map": DRIFTER.compute_drift(AFTER, SPC),
    "custom map": DRIFTER.compute_drift({"mae": [12.1, 13.9]}, CUSTOM),
    "psi profile": PSI,
    "spc profile": SPC,
    "custom profile": CUSTOM,
    "data profile": DataProfiler().create_data_profile(BEFORE),
}

Open = Callable[..., Any]


def check_quiet(page: Any, path: Path) -> None:
    """Nothing was complained of, and nothing was asked for but the page."""
    assert page.complaints() == [] and page.requests() == [path.as_uri()]


def overflow(page: Any) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.js("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("what", TOLD)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_page_shows_every_feature_and_runs_nothing(open_page: Open, tmp_path: Path, what: str, dark: bool) -> None:
    TOLD[what].report(tmp_path / "page.html", title="Nightly " + HOSTILE)
    page = open_page(tmp_path / "page.html", dark=dark)
    names = [name for name in ("delay", "distance", "mae") if name in TOLD[what].as_table()]
    text = page.text()
    assert names and all(name in text for name in names) and "Nightly" in text
    assert page.js("document.title").startswith("Nightly <script>")
    assert page.js("document.querySelectorAll('script, img, foreignObject').length") == 0
    assert overflow(page) <= 0
    check_quiet(page, tmp_path / "page.html")


def test_a_page_of_drift_draws_shares_and_what_they_add(open_page: Open, tmp_path: Path) -> None:
    TOLD["psi map"].report(tmp_path / "page.html")
    page = open_page(tmp_path / "page.html")
    assert "2 of 3 features drifted" in page.text() and "travel / flights 0.1.0" in page.text()
    assert page.js("document.querySelectorAll('svg.scouter-chart').length") == 3
    bars = "[...document.querySelectorAll('#f0 rect.%s title')].map(title => title.textContent)"
    delay = TOLD["psi map"]["delay"]
    assert len(page.js(bars % "was")) == len(page.js(bars % "now")) == len(page.js(bars % "term")) == len(delay.terms) == 10
    widest = "Math.max(...[...document.querySelectorAll('#f0 rect.%s')].slice(1).map(bar => bar.getBBox().width))"
    assert page.js(widest % "now") > page.js(widest % "was") > 100


def test_a_control_chart_marks_its_alerts_and_zones(open_page: Open, tmp_path: Path) -> None:
    TOLD["spc map"].report(tmp_path / "page.html")
    page = open_page(tmp_path / "page.html")
    chart = TOLD["spc map"]["delay"]
    marked = {point for alert in chart.alerts for point in alert.points}
    means = "document.querySelectorAll('#f0 svg:first-of-type %s').length"
    assert page.js(means % "circle.alert") == len(marked)
    assert page.js(means % "circle") == len(chart.samples) == 120
    assert page.js(means % "rect.zone") == 3
    assert f"{len(marked)} of 120 points broke a rule" in page.text()


def test_a_change_of_spread_has_a_chart_of_its_own_beneath(open_page: Open, tmp_path: Path) -> None:
    wider = BEFORE[["delay", "distance"]].assign(delay=10 + 3 * (BEFORE["delay"] - 10))
    drift = DRIFTER.compute_drift(wider, SPC)
    drift.report(tmp_path / "page.html")
    page = open_page(tmp_path / "page.html")
    spread = "document.querySelectorAll('#f0 svg:nth-of-type(2) %s').length"
    out = len(drift["delay"].spread_alerts)
    assert page.js("document.querySelectorAll('#f0 svg').length") == 2 and out > 100
    assert (page.js(spread % "circle.alert"), page.js(spread % "circle"), page.js(spread % "rect.zone")) == (out, 120, 1)
    assert f"spread: {out} of 120 points beyond the limits" in page.text() and "the spread is beyond its limits, seen at point 0" in page.text()
    places = "[...document.querySelectorAll('#f0 svg text')].map(text => [text.getBBox(), text.ownerSVGElement.viewBox.baseVal])"
    assert page.js(f"Math.max(...{places}.map(([box, all]) => box.x + box.width - all.width))") <= 0
    assert page.js(f"Math.min(...{places}.map(([box]) => box.x))") >= 0
    check_quiet(page, tmp_path / "page.html")


@pytest.mark.parametrize("what", ["numbers", "moments"])
def test_nothing_that_is_written_into_a_chart_is_cut(open_page: Open, tmp_path: Path, what: str) -> None:
    moments = pd.DataFrame({"t": pd.date_range("2013-02-01", periods=100, freq="s")})
    charts = DRIFTER.create_drift_profile(moments, SpcDriftConfig(sample_size=25))
    told = TOLD["spc map"] if what == "numbers" else DRIFTER.compute_drift(moments, charts)
    told.report(tmp_path / "page.html")
    page = open_page(tmp_path / "page.html")
    places = "[...document.querySelectorAll('#f0 svg text')].map(text => [text.getBBox(), text.ownerSVGElement.viewBox.baseVal])"
    assert page.js(f"Math.max(...{places}.map(([box, all]) => box.y + box.height - all.height))") <= 0
    assert page.js(f"Math.max(...{places}.map(([box, all]) => box.x + box.width - all.width))") <= 0
    assert page.js(f"Math.min(...{places}.map(([box]) => box.x))") >= 0


def test_heads_of_columns_are_written_as_people_write_them(open_page: Open, tmp_path: Path) -> None:
    TOLD["psi map"].report(tmp_path / "page.html")
    page = open_page(tmp_path / "page.html")
    heads = page.js("[...document.querySelectorAll('thead th')].map(head => head.textContent)")
    assert heads[:6] == ["Feature", "Drifted", "PSI", "Threshold", "p value", "Adjusted p value"]


def test_shares_have_one_decimal_but_for_what_would_be_zero_then() -> None:
    shares = re.findall(r">([\d.]+)%<", TOLD["psi map"].to_html())
    assert len(shares) > 20 and all(re.fullmatch(r"\d+\.\d|0|0\.0\d+", share) for share in shares), shares


def test_a_page_says_once_what_it_is() -> None:
    def subtitle(what: str, title: str | None = None) -> list[str]:
        return re.findall('<p class="meta">(.*?)</p>', unescape(TOLD[what].to_html(title=title)))

    assert subtitle("psi map") == ["travel / flights 0.1.0"]
    assert subtitle("psi map", "Nightly") == ["Drift by the population stability index · travel / flights 0.1.0"]
    assert (subtitle("spc map"), subtitle("spc map", "Nightly")) == ([], ["Drift by control charts"])


def test_moments_are_days_to_people_and_numbers_to_programs() -> None:
    described = DataProfiler().create_data_profile(pd.DataFrame({"t": pd.date_range("2013-02-01", periods=29)}))
    page, line = described.to_html(), described.to_dataframe().iloc[0]
    assert ">2013-02-01<" in page and ">2013-02-15<" in page and ">2013-03-01<" in page and " d</td>" in page
    assert (line["min"], line["max"]) == (1_359_676_800e6, 1_362_096_000e6)
    assert line["mean"] == pytest.approx(1_360_886_400e6, rel=1e-12)
    assert line["stddev"] > 8 * 86_400e6


@pytest.mark.parametrize(("step", "first", "last"), [("D", "2013-02-01", "2013-05-11"), ("min", "2013-02-01 00:00", "2013-02-01 01:39")])
def test_axes_of_moments_are_marked_with_days_and_times(step: str, first: str, last: str) -> None:
    data = pd.DataFrame({"t": pd.date_range("2013-02-01", periods=100, freq=step)})

    def marks(told: Any) -> list[str]:
        return re.findall(r'<text class="soft[^>]*>([^<]*)</text>', told.to_html())

    described = marks(DataProfiler().create_data_profile(data))
    assert [described[0], described[-1]] == [first, last]
    charts = DRIFTER.create_drift_profile(data, SpcDriftConfig(sample_size=25))
    middle = {"D": "2013-03-22", "min": "2013-02-01 00:49"}[step]
    for told in (charts, DRIFTER.compute_drift(data, charts)):
        assert middle in marks(told) and not any("e15" in mark for mark in marks(told))


def test_text_is_readable_in_both_themes(open_page: Open, tmp_path: Path) -> None:
    TOLD["psi map"].report(tmp_path / "page.html")
    for dark in (False, True):
        page = open_page(tmp_path / "page.html", dark=dark)
        colour = "getComputedStyle(document.querySelector('svg.scouter-chart text')).fill"
        assert page.js(colour) == page.js("getComputedStyle(document.body).color")


@pytest.mark.parametrize("what", TOLD)
def test_notebooks_show_the_same_without_a_page_around_it(open_page: Open, tmp_path: Path, what: str) -> None:
    html = TOLD[what]._repr_html_()
    (tmp_path / "cell.html").write_text(f"<!doctype html><meta charset=utf-8><title>cell</title>{html}")
    page = open_page(tmp_path / "cell.html")
    assert page.js("document.title") == "cell"
    assert page.js("document.querySelectorAll('.scouter-drift table tbody tr').length") == len(TOLD[what].to_dataframe())
    check_quiet(page, tmp_path / "cell.html")


def test_a_map_that_is_read_back_is_drawn_as_it_was() -> None:
    drift = TOLD["psi map"]
    assert PsiDriftMap.model_validate_json(drift.model_dump_json()).to_html() == drift.to_html()


@pytest.mark.parametrize("polars", [False, True])
def test_a_frame_has_a_line_for_every_feature(polars: bool) -> None:
    drift = TOLD["psi map"]
    frame = drift.to_dataframe(polars=polars)
    assert isinstance(frame, pl.DataFrame if polars else pd.DataFrame)
    assert list(frame["psi"]) == list(drift.features.values())
    assert list(frame["drifted"]) == [name in drift.drifted for name in drift.features]


def test_a_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    table = TOLD["custom map"].as_table()
    assert capsys.readouterr().out.strip() == str(table).strip()
    assert "mae" in table and "13.00" in table and "yes" in table


def test_charts_of_many_points_say_that_rules_are_broken_by_chance() -> None:
    likely = "of 120 points that is likely though nothing has changed"
    assert likely in TOLD["spc map"].as_table()
    config = SpcDriftConfig(sample_size=25, alert_config=SpcAlertConfig(alpha=0.05))
    charts = DRIFTER.create_drift_profile(BEFORE[["delay", "distance"]], config)
    for drift in [DRIFTER.compute_drift(AFTER, charts), DRIFTER.compute_drift(AFTER[:500], SPC)]:
        assert drift.drifted != [] and "likely" not in drift.as_table()


def test_a_page_is_not_green_where_something_watched_could_not_be_compared() -> None:
    # So few points that no chart of theirs alerts by chance.
    few = BEFORE[["delay", "distance"]].assign(delay=[*BEFORE["delay"][:20], *[None] * 2980])[:500]
    drift = DRIFTER.compute_drift(few, SPC)
    assert drift.drifted == [] and drift.lost == ["delay"]
    page = drift.to_html()
    assert "none of 1 feature drifted, 1 more could not be compared" in page and 'class="headline unsound"' in page
    assert "left out `delay`: `20` values are too few: at least `25` are needed" in drift.as_table()
    again = type(drift).model_validate_json(drift.model_dump_json())
    assert again == drift and again.lost == ["delay"]


def test_a_page_is_green_where_all_that_is_watched_was_compared() -> None:
    config = SpcDriftConfig(sample_size=25, alert_config=SpcAlertConfig(features_to_monitor=["distance"]))
    charts = DRIFTER.create_drift_profile(BEFORE[["delay", "distance"]].assign(none=None), config)
    drift = DRIFTER.compute_drift(BEFORE[["distance"]][:500].assign(delay=None, none=None), charts)
    assert drift.lost == [] and set(drift.absent) == {"delay", "none"}
    assert 'class="headline sound"' in drift.to_html()


def test_a_page_of_many_features_stays_small() -> None:
    wide = pd.DataFrame(RANDOM.normal(size=(200, 2000)), columns=[f"c{at}" for at in range(2000)])
    profile = DRIFTER.create_drift_profile(wide, PsiDriftConfig())
    page = DRIFTER.compute_drift(wide + 1.0, profile).to_html()
    assert len(page) < 5_000_000 and "1,800 more features in the table alone" in page


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"must end in `\.html`"):
        TOLD["psi map"].report(tmp_path / "page.pdf")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        TOLD["psi map"].report(tmp_path / "nowhere" / "page.html")


def test_results_show_the_drift_of_all_records(open_page: Open, tmp_path: Path) -> None:
    records = [GenAIEvalRecord(context={"delay": delay}) for delay in AFTER["delay"]]
    GenAIEvalDataset(records, [DriftTask("drift", PSI, columns={"delay": "delay"})]).evaluate().report(tmp_path / "report.html")
    page = open_page(tmp_path / "report.html")
    assert "All records together" in page.text() and "3,000 values of 3,000 records; drifted: `delay`" in page.text()
    assert page.js("document.querySelectorAll('#window svg.scouter-chart').length") == 1
    assert overflow(page) <= 0
    check_quiet(page, tmp_path / "report.html")
