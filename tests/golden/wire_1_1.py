"""What version 1.1 of the contract adds: records of evaluations and of requests on their own, and what the server tells of them. Written by Python's
protobuf and by hand, and by nothing of Scouter.

    python tests/golden/wire_1_1.py

writes `wire_1_1.json`, which the Rust and the Python tests read. What is in it is read for ever: a later version adds a script of its own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from wire_1_0 import CONTRACT, PROFILE, TRACE, compiled, newer, text, uid

FILE = Path(__file__).with_suffix(".json")
CONTEXT = '{"z": 0.10e0, "big": 9007199254740993, "a": {"größe": [1.5, null, "\\u2028 😀"]}}'
LATENCY = {"p5": 0.0, "p25": 0.02, "p50": 0.03, "p95": 0.5, "p99": 1.5}
# What a side of a later version says beside what is known.
LATER = {"later": ["x", {"y": None}]}


def evals(pb: ModuleType, **later: str) -> Any:
    whole = pb.Batch(**later)
    group = whole.groups.add(profile=PROFILE, **later)
    group.records.add(uid=uid(1), eval=pb.Eval(context=CONTEXT, id="7", session="s", trace=TRACE, **later), **later)
    # What is empty is there, unlike what is not.
    group.records.add(uid=uid(2), eval=pb.Eval(context="{}", id="", session="", **later), **later)
    group.records.add(uid=uid(3), eval=pb.Eval(context='{"only": true}', **later), **later)
    return whole


# As text: numbers are to stay as they are written.
EVALS = f"""{{"groups": [{{"profile": "{PROFILE}", "records": [
    {{"uid": "{text(uid(1))}", "eval": {{"context": {CONTEXT}, "id": "7", "session": "s", "trace": "{TRACE}"}}}},
    {{"uid": "{text(uid(2))}", "eval": {{"context": {{}}, "id": "", "session": ""}}}},
    {{"uid": "{text(uid(3))}", "eval": {{"context": {{"only": true}}}}}}
]}}]}}"""


def requests(pb: ModuleType, **later: str) -> Any:
    whole = pb.Batch(**later)
    group = whole.groups.add(profile=PROFILE, **later)
    latency = pb.Latency(**LATENCY, **later)
    statuses = [pb.StatusCount(status=200, count=2**40, **later), pb.StatusCount(status=500, count=2, **later)]
    whole_route = {"count": 2**40 + 2, "errors": 2, "latency": latency, "error_latency": 0.25, "statuses": statuses}
    routes = [pb.Route(route="/größe/{id}", **whole_route, **later), pb.Route(route="/idle", latency=pb.Latency(**later), **later)]
    group.records.add(uid=uid(4), requests=pb.Requests(routes=routes, **later), **later)
    return whole


REQUESTS = {
    "groups": [
        {
            "profile": PROFILE,
            "records": [
                {
                    "uid": text(uid(4)),
                    "requests": {
                        "/größe/{id}": {
                            "count": 2**40 + 2,
                            "errors": 2,
                            "latency": LATENCY,
                            "error_latency": 0.25,
                            "statuses": {"200": 2**40, "500": 2},
                        },
                        "/idle": {
                            "count": 0,
                            "errors": 0,
                            "latency": dict.fromkeys(LATENCY, 0.0),
                            "error_latency": 0.0,
                            "statuses": {},
                        },
                    },
                }
            ],
        }
    ]
}

# What the server answers, with what a later one may say besides.
EVAL_PAGE = f"""{{"items": [
    {{"uid": "{text(uid(3))}", "created_at": "2025-03-17T20:16:22.801Z", "arrived_at": "2026-03-01T00:00:00Z", "context": {{"only": true}}, "later": 1}},
    {{"uid": "{text(uid(1))}", "created_at": "2025-03-17T20:16:22.801Z", "arrived_at": "2026-03-01T00:00:00.000001Z",
      "id": "7", "session": "s", "trace": "{TRACE}", "context": {CONTEXT}}}
  ], "has_next": false, "has_previous": true, "previous_cursor": "{text(uid(1))}", "later": []}}"""
REQUESTS_TOLD = {
    "routes": {
        "/größe/{id}": {
            "count": 12,
            "errors": 2,
            "latency": {**LATENCY, **LATER},
            "error_latency": 0.25,
            "statuses": {"200": 10, "500": 2},
            **LATER,
        }
    },
    "left_out": 3,
    **LATER,
}
PROBLEM = {
    "title": "Overloaded",
    "status": 429,
    "detail": "more arrives than can be kept",
    "code": "overloaded",
    "retry_after": 1,
    "request_id": "0195a5c0-2222-7000-8000-000000000001",
    **LATER,
}


def values() -> dict[str, Any]:
    contract = CONTRACT.read_text(encoding="utf-8")
    now, later = compiled(contract, "scouter_now"), compiled(newer(contract), "scouter_later")
    return {
        "evals": {"protobuf": evals(now).SerializeToString().hex(), "json": EVALS},
        "requests": {"protobuf": requests(now).SerializeToString().hex(), "json": json.dumps(REQUESTS, ensure_ascii=False)},
        "newer_evals": {"protobuf": evals(later, later="x").SerializeToString().hex()},
        "newer_requests": {"protobuf": requests(later, later="x").SerializeToString().hex()},
        "eval_page": EVAL_PAGE,
        "requests_told": json.dumps(REQUESTS_TOLD, ensure_ascii=False),
        "problem": json.dumps(PROBLEM),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(values(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{FILE}\n")
