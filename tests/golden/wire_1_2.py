"""What version 1.2 of the contract adds: profiles as protobuf, beside the JSON that says the same. Written by Python's protobuf and by hand, and by nothing
of Scouter.

    python tests/golden/wire_1_2.py

writes `wire_1_2.json`, which the Rust tests read. What is in it is read for ever: a later version adds a script of its own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from wire_1_0 import CONTRACT as RECORDS
from wire_1_0 import PROFILE, compiled, newer

FILE = Path(__file__).with_suffix(".json")
CONTRACT = RECORDS.with_name("profiles.proto")
MOMENT = "2026-03-01T00:00:00.000001Z"
# As text: numbers are to stay as they are written.
DOCUMENT = '{"z": 0.10e0, "big": 9007199254740993, "größe": ["\\u2028 😀", null]}'
REMARK = "its records are kept, and not evaluated yet"
KNOWN = {"uid": PROFILE, "space": "shop", "name": "größe", "version": "1.0.0", "kind": "genai", "active": True, "created": MOMENT, "remark": REMARK}
LEAST = {"uid": PROFILE, "space": "shop", "name": "m", "version": "0.1.0", "kind": "psi", "active": False, "created": "2026-03-01T00:00:00Z"}

# What a client asks.
REGISTER = f'{{"profile": {DOCUMENT}, "activate": true, "deactivate_others": true}}'
SET_STATUS = {"active": True, "deactivate_others": True}
# What a server answers.
REGISTERED = {"uid": PROFILE, "version": "1.0.0", "new": True, "remark": REMARK}
WHOLE_PROFILE = f'{{"profile": {json.dumps(KNOWN, ensure_ascii=False)}, "document": {DOCUMENT}}}'


def messages(pb: ModuleType, **later: str) -> dict[str, Any]:
    return {
        "register": pb.RegisterProfile(profile=DOCUMENT, activate=True, deactivate_others=True, **later),
        "get_profile": pb.GetProfile(uid=PROFILE, **later),
        "set_status": pb.SetProfileStatus(uid=PROFILE, active=True, deactivate_others=True, **later),
        "registered": pb.RegisteredProfile(**REGISTERED, **later),
        "profile": pb.Profile(**LEAST, **later),
        "whole_profile": pb.WholeProfile(profile=pb.Profile(**KNOWN, **later), document=DOCUMENT, **later),
    }


BODIES = {
    "register": REGISTER,
    "get_profile": json.dumps(PROFILE),
    "set_status": json.dumps(SET_STATUS),
    "registered": json.dumps(REGISTERED),
    "profile": json.dumps(LEAST),
    "whole_profile": WHOLE_PROFILE,
}


def values() -> dict[str, Any]:
    contract = CONTRACT.read_text(encoding="utf-8")
    now = messages(compiled(contract, "scouter_profiles_now"))
    later = messages(compiled(newer(contract), "scouter_profiles_later"), later="x")
    return {
        name: {
            "protobuf": now[name].SerializeToString().hex(),
            "newer": later[name].SerializeToString().hex(),
            "json": body,
        }
        for name, body in BODIES.items()
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(values(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{FILE}\n")
