"""What the client makes of bodies that stand in golden files, those of later versions included."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from scouter._alerts import AlertCursor, AlertDeliveries, alert_of
from scouter._alerts import page_of as alerts_of
from scouter._binned import BinnedMetrics, BinnedPsiFeatureMetrics, BinnedSpcFeatureMetrics
from scouter._evals import page_of
from scouter._job import DriftJob, DriftWindow, WaitingRows, job_of
from scouter._kept import gather
from scouter._traffic import traffic_of

FOLDER = Path(__file__).parents[1] / "golden"
GOLDEN: dict[str, Any] = json.loads((FOLDER / "wire_1_1.json").read_text(encoding="utf-8"))
API: dict[str, str] = json.loads((FOLDER / "api_1_1.json").read_text(encoding="utf-8"))
FIRST, LATER = datetime(2026, 3, 1, tzinfo=timezone.utc), datetime(2026, 3, 1, 0, 15, 0, 1, tzinfo=timezone.utc)


def test_a_page_of_records_of_evaluations_is_read() -> None:
    page = page_of(GOLDEN["eval_page"])
    only, whole = page.items
    assert (only.context, only.record_id, only.session_id, only.trace_id) == ({"only": True}, None, None, None)
    assert (whole.record_id, whole.session_id, whole.trace_id) == ("7", "s", "4bf92f3577b34da6a3ce929d0e0e4736")
    assert whole.context == {"z": Decimal("0.10"), "big": 9007199254740993, "a": {"größe": [1.5, None, "\u2028 😀"]}}
    assert isinstance(whole.context["z"], Decimal) and isinstance(whole.context["a"]["größe"][0], float)
    assert whole.created_at == datetime(2025, 3, 17, 20, 16, 22, 801_000, tzinfo=timezone.utc)
    assert whole.arrived_at == datetime(2026, 3, 1, 0, 0, 0, 1, tzinfo=timezone.utc)
    assert (page.has_next, page.next_cursor, page.has_previous, page.previous_cursor) == (False, None, True, whole.uid)


def test_requests_are_read() -> None:
    traffic = traffic_of(json.loads(GOLDEN["requests_told"]))
    route = traffic.routes["/größe/{id}"]
    assert (route.request_count, route.error_count, route.status_codes, traffic.left_out) == (12, 2, {200: 10, 500: 2}, 3)
    assert (route.metrics.p50, route.error_latency) == (0.03, 0.25)


def test_drift_over_time_is_read() -> None:
    psi = BinnedPsiFeatureMetrics.model_validate_json(API["binned_psi"]).features
    assert psi["größe"] == ([FIRST, LATER], [0.25, 1.5], 0.75, {0: 0.5, 1: 0.125, 2: 0.375})
    assert psi["none"] == ([], [], None, {})
    assert BinnedSpcFeatureMetrics.model_validate_json(API["binned_spc"]).features == {"größe": ([FIRST], [-0.5])}
    assert BinnedMetrics.model_validate_json(API["binned_custom"]).metrics == {"mae": ("mae", [FIRST], [(0.5, 0.25, 0.75)])}


def test_a_page_of_records_is_read() -> None:
    kept = gather([json.loads(API["table_page"])])
    assert (len(kept), kept.created_at, kept.arrived_at) == (4, [FIRST] * 4, [LATER] * 4)
    assert [repr(value) for value in kept.columns["größe"]] == ["41.5", "nan", "inf", "-inf"]
    assert kept.columns["city"] == ["Rome", None, "", "Zürich 😀"]


def test_a_page_of_alerts_is_read() -> None:
    page = alerts_of(json.loads(API["alert_page"]))
    opened, gone = page.items
    assert (opened.id, opened.active, opened.acknowledged_at, opened.resolved_at) == (7, True, None, None)
    assert (gone.active, gone.acknowledged_at, gone.resolved_at) == (False, LATER, LATER)
    assert (page.has_next, page.next_cursor, page.has_previous, page.previous_cursor) == (True, AlertCursor(FIRST, 7), False, None)
    assert opened.deliveries is None


def test_what_became_of_the_notices_of_an_alert_is_read() -> None:
    [told] = json.loads(API["alert_page"])["items"][:1]
    alert = alert_of({**told, "deliveries": {"delivered": 2, "waiting": 1, "given_up": 0, "more": 1}})
    assert alert.deliveries == AlertDeliveries(2, 1, 0)


def test_a_job_is_read() -> None:
    found = DriftWindow(FIRST, LATER, 2**40, ["x", "größe"])
    assert job_of(json.loads(API["job_state"])) == (True, LATER, "the profile cannot be read", found, None, None)
    assert job_of(json.loads(API["job_state_least"])) == (False, None, None, None, None, None)


def test_what_a_window_says_nothing_of_is_read() -> None:
    told = {**json.loads(API["job_state"]), "last": {**json.loads(API["job_state"])["last"], "lost": ["y"]}}
    assert job_of(told).last == DriftWindow(FIRST, LATER, 2**40, ["x", "größe"], ["y"])


def test_what_a_job_still_waits_for_and_its_alert_are_read() -> None:
    told = {"under_way": False, "waiting": {"rows": 12, "needed": 30, "more": 1}, "alert": 7}
    assert job_of(told) == DriftJob(False, None, None, None, WaitingRows(12, 30), 7)
