"""Bodies of the API as version 1.1 of the contract has them: what clients ask, and what servers answer. Written by hand, and by nothing of Scouter.

    python tests/golden/api_1_1.py

writes `api_1_1.json`, which the Rust and the Python tests read. What is in it is read for ever: a later version adds a script of its own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".json")
PROFILE = "0195a5c0-0000-7000-8000-000000000001"
OTHER = "0195a5c0-0000-7000-8000-000000000002"
RECORD = "0195a5c0-1111-7000-8000-000000000001"
MOMENT, LATER_ON = "2026-03-01T00:00:00Z", "2026-03-01T00:15:00.000001Z"
# What a side of a later version says beside what is known.
LATER = {"later": ["x", {"y": None}]}
# As text: numbers are to stay as they are written.
DOCUMENT = '{"z": 0.10e0, "big": 9007199254740993, "größe": "\\u2028 😀"}'

REGISTER = f'{{"profile": {DOCUMENT}, "activate": true, "deactivate_others": true, "later": 1}}'
KNOWN = {"space": "shop", "name": "model", "version": "1.0.0", "active": True, "created": MOMENT}
REMARKED = {"uid": PROFILE, **KNOWN, "kind": "genai", "remark": "its records are kept, and not evaluated yet"}
WHOLE_PROFILE = f'{{"profile": {json.dumps({"uid": PROFILE, **KNOWN, "kind": "psi", **LATER})}, "document": {DOCUMENT}, "later": {{}}}}'
TOLD = {"x": "0.31, above 0.2", "größe": "missing in 3 rows"}
ALERT = {"id": 7, "profile": PROFILE, "entity_name": "shop/model/1.0.0", "created_at": MOMENT, "seen_at": LATER_ON, "alert": TOLD}
STATS = {"avg": 0.5, "lower_bound": 0.25, "upper_bound": 0.75}

REQUESTS: dict[str, Any] = {
    "register_least": {"profile": {}},
    "set_status": {"active": False, "deactivate_others": True, **LATER},
    "set_status_least": {"active": True},
    "profile_query": {
        "space": "shop",
        "name": "model",
        "version": "1.0.0",
        "kind": "psi",
        "active": True,
        "limit": 10,
        "after": f"1772323200000000_{PROFILE}",
        **LATER,
    },
    "profile_query_least": {},
    "login": {"username": "ada", "password": "correct horse battery", **LATER},
    "change_password": {"username": "ada", "password": "correct horse battery", "new_password": "staple battery horse", **LATER},
    "refresh": {"refresh_token": "a.b.c", **LATER},
    "new_key": {"name": "loader", "grants": {"shop": "write", "*": "read"}, "days": 90, **LATER},
    "new_key_least": {"name": "loader", "grants": {"shop": "write"}},
    "alert_query": {
        "active": True,
        "limit": 10,
        "cursor_created_at": MOMENT,
        "cursor_id": 7,
        "direction": "next",
        "start_datetime": MOMENT,
        "end_datetime": LATER_ON,
        **LATER,
    },
    "alert_query_least": {},
    "alert_space": {"space": "shop", **LATER},
    "drift_query": {
        "time_interval": "custom",
        "max_data_points": 100,
        "start_datetime": MOMENT,
        "end_datetime": LATER_ON,
        "space": "shop",
        **LATER,
    },
    "table_query": {"start_datetime": MOMENT, "end_datetime": LATER_ON, "after": RECORD, **LATER},
}

ANSWERS: dict[str, Any] = {
    "registered": {"uid": PROFILE, "version": "1.0.0", "new": True, "remark": "its records are kept, and not evaluated yet", **LATER},
    "profile_page": {
        # The kind of the second is one of a later version.
        "items": [{**REMARKED, **LATER}, {"uid": OTHER, **KNOWN, "kind": "text"}],
        "next": f"1772323200000000_{OTHER}",
        **LATER,
    },
    "tokens": {"access_token": "a.b.c", "token_type": "Bearer", "expires_in": 900, "refresh_token": "d", **LATER},
    "made_key": {"prefix": "scouter_abcdefgh", "key": "scouter_abcdefgh_ijkl", **LATER},
    "api_keys": {
        "items": [
            {"prefix": "scouter_a", "name": "loader", "grants": {"shop": "write"}, "created": MOMENT, **LATER},
            {"prefix": "scouter_b", "name": "all", "grants": {"*": "read"}, "created": MOMENT, "expires": LATER_ON, "revoked": LATER_ON},
        ],
        **LATER,
    },
    "alert_page": {
        "items": [
            {**ALERT, "active": True, **LATER},
            {**ALERT, "active": False, "acknowledged_at": LATER_ON, "resolved_at": LATER_ON},
        ],
        "has_next": True,
        "next_cursor": {"created_at": MOMENT, "id": 7, **LATER},
        "has_previous": False,
        **LATER,
    },
    "notice": {
        "alert": 7,
        "event": "opened",
        "at": LATER_ON,
        "profile": PROFILE,
        "space": "shop",
        "name": "model",
        "version": "1.0.0",
        "kind": "psi",
        "drifted": TOLD,
        "began": MOMENT,
        "ended": LATER_ON,
        "rows": 2**40,
        **LATER,
    },
    "job_due": {"profile": PROFILE, "asked_at": LATER_ON, **LATER},
    "job_state": {
        "profile": PROFILE,
        "under_way": True,
        "due_at": LATER_ON,
        "failure": "the profile cannot be read",
        "last": {"began": MOMENT, "ended": LATER_ON, "rows": 2**40, "drifted": ["x", "größe"], **LATER},
        **LATER,
    },
    "job_state_least": {"profile": PROFILE, "under_way": False, **LATER},
    "binned_psi": {
        "kind": "psi",
        "features": {
            "größe": {"created_at": [MOMENT, LATER_ON], "psi": [0.25, 1.5], "overall_psi": 0.75, "bins": [0.5, 0.125, 0.375], **LATER},
            "none": {"created_at": [], "psi": [], "overall_psi": None, "bins": []},
        },
        **LATER,
    },
    "binned_spc": {"kind": "spc", "features": {"größe": {"created_at": [MOMENT], "values": [-0.5], **LATER}}, **LATER},
    "binned_custom": {
        "kind": "custom",
        "metrics": {"mae": {"metric": "mae", "created_at": [MOMENT], "stats": [{**STATS, **LATER}], **LATER}},
        **LATER,
    },
    "table_page": {
        "uid": [RECORD] * 4,
        "created_at": [MOMENT] * 4,
        "arrived_at": [LATER_ON] * 4,
        "columns": [
            {"name": "größe", "numbers": [41.5, None, "Infinity", "-Infinity"], **LATER},
            {"name": "city", "texts": ["Rome", None, "", "Zürich 😀"]},
        ],
        "next": RECORD,
        **LATER,
    },
}


def values() -> dict[str, str]:
    told = {name: json.dumps(body, ensure_ascii=False) for name, body in (REQUESTS | ANSWERS).items()}
    return {"register": REGISTER, "whole_profile": WHOLE_PROFILE, **told}


if __name__ == "__main__":
    FILE.write_text(json.dumps(values(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{FILE}\n")
