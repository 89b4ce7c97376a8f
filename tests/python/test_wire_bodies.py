"""What the client makes of bodies that stand in golden files, those of later versions included."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from scouter._evals import page_of
from scouter._traffic import traffic_of

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[1] / "golden" / "wire_1_1.json").read_text(encoding="utf-8"))


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
