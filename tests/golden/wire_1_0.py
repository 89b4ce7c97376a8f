"""Messages of version 1.0 of the contract between client and server, written by Python's protobuf and nothing of Scouter.

    python tests/golden/wire_1_0.py

writes `wire_1_0.json`, which the Rust tests read. What is in it is read for ever: a later version adds a script of its own.
"""

from __future__ import annotations

import importlib.util
import json
import math
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from grpc_tools import protoc

FILE = Path(__file__).with_suffix(".json")
CONTRACT = Path(__file__).parents[2] / "server/wire/proto/scouter/v1/records.proto"
PROFILE = "0195a5c0-0000-7000-8000-000000000001"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def compiled(contract: str, name: str) -> ModuleType:
    """The messages of a contract, in a package of their own so that several can be loaded."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{name}.proto"
        source.write_text(contract.replace("package scouter.v1;", f"package {name};"), encoding="utf-8")
        assert protoc.main(["protoc", f"-I{folder}", f"--python_out={folder}", str(source)]) == 0
        spec = importlib.util.spec_from_file_location(f"{name}_pb2", Path(folder) / f"{name}_pb2.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def uid(number: int) -> bytes:
    return bytes.fromhex(f"0195a5c0111170008000{number:012x}")


def text(uid: bytes) -> str:
    digits = uid.hex()
    return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])


def batch(pb: ModuleType) -> Any:
    whole = pb.Batch()
    group = whole.groups.add(profile=PROFILE, names=["age", "income", "größe"])
    group.records.add(uid=uid(1), features=pb.Features(numbers=[41.5, math.nan, -0.25]))
    group.records.add(
        uid=uid(2),
        features=pb.Features(numbers=[1e300, 7, math.nan], texts=[pb.Text(name="city", text="Zürich \u2028 \U0001f600")]),
    )
    counted = [
        pb.FeatureBins(name="age", bins=[3, 0, 2**40], missing=1),
        pb.FeatureBins(name="city", bins=[5], other=2, unseen=1),
    ]
    group.records.add(uid=uid(3), bins=pb.Bins(features=counted))
    group = whole.groups.add(profile=PROFILE)
    group.records.add(uid=uid(4), metrics=pb.Metrics(metrics=[pb.Metric(name="mae", value=0.125), pb.Metric(name="rmse", value=-3)]))
    group.records.add(uid=uid(5), eval=pb.Eval(context='{"q": "why?", "n": 9007199254740993}', id="7", session="s", trace=TRACE))
    group.records.add(uid=uid(6), eval=pb.Eval(context="{}"))
    route = pb.Route(
        route="/predict",
        count=12,
        errors=2,
        latency=pb.Latency(p5=0.01, p25=0.02, p50=0.03, p95=0.5, p99=1.5),
        error_latency=0.25,
        statuses=[pb.StatusCount(status=200, count=10), pb.StatusCount(status=500, count=2)],
    )
    group.records.add(uid=uid(7), requests=pb.Requests(routes=[route]))
    return whole


# The same as JSON, written by hand.
BATCH = {
    "groups": [
        {
            "profile": PROFILE,
            "records": [
                {"uid": text(uid(1)), "features": {"age": 41.5, "income": None, "größe": -0.25}},
                {
                    "uid": text(uid(2)),
                    "features": {"age": 1e300, "income": 7.0, "größe": None, "city": "Zürich \u2028 \U0001f600"},
                },
                {
                    "uid": text(uid(3)),
                    "bins": {
                        "age": {"bins": [3, 0, 2**40], "other": 0, "unseen": 0, "missing": 1},
                        "city": {"bins": [5], "other": 2, "unseen": 1, "missing": 0},
                    },
                },
            ],
        },
        {
            "profile": PROFILE,
            "records": [
                {"uid": text(uid(4)), "metrics": {"mae": 0.125, "rmse": -3.0}},
                {
                    "uid": text(uid(5)),
                    "eval": {"context": {"q": "why?", "n": 9007199254740993}, "id": "7", "session": "s", "trace": TRACE},
                },
                {"uid": text(uid(6)), "eval": {"context": {}}},
                {
                    "uid": text(uid(7)),
                    "requests": {
                        "/predict": {
                            "count": 12,
                            "errors": 2,
                            "latency": {"p5": 0.01, "p25": 0.02, "p50": 0.03, "p95": 0.5, "p99": 1.5},
                            "error_latency": 0.25,
                            "statuses": {"200": 10, "500": 2},
                        }
                    },
                },
            ],
        },
    ]
}


def receipt(pb: ModuleType) -> Any:
    whole = pb.Receipt(accepted=2**33)
    whole.refused.add(uid=uid(1), code="unknown_name", reason="the profile has no feature `größe`")
    whole.refused.add(code="unreadable", reason="record 3 of group 0: it has no body")
    return whole


RECEIPT = {
    "accepted": 2**33,
    "refused": [
        {"uid": text(uid(1)), "code": "unknown_name", "reason": "the profile has no feature `größe`"},
        {"code": "unreadable", "reason": "record 3 of group 0: it has no body"},
    ],
}


def newer(contract: str) -> str:
    """A contract of a later minor version: a field more in every message, and a further kind of record."""
    lines = []
    for line in contract.splitlines():
        lines.append(line)
        if line.startswith("message ") and line.endswith("{"):
            lines.append('  optional string later = 100;')
        if line.strip() == "oneof body {":
            lines.append("    Later later_kind = 101;")
    return "\n".join([*lines, "message Later { repeated double x = 1; }"])


def from_newer(pb: ModuleType) -> Any:
    whole = pb.Batch(later="x")
    group = whole.groups.add(profile=PROFILE, names=["age"], later="x")
    group.records.add(uid=uid(1), later="x", features=pb.Features(numbers=[1], later="x"))
    group.records.add(uid=uid(2), later_kind=pb.Later(x=[1, 2]))
    group.records.add(uid=uid(3), metrics=pb.Metrics(metrics=[pb.Metric(name="mae", value=1, later="x")]))
    return whole


def values() -> dict[str, Any]:
    contract = CONTRACT.read_text(encoding="utf-8")
    now, later = compiled(contract, "scouter_now"), compiled(newer(contract), "scouter_later")
    return {
        "batch": {"protobuf": batch(now).SerializeToString().hex(), "json": BATCH},
        "receipt": {"protobuf": receipt(now).SerializeToString().hex(), "json": RECEIPT},
        "newer": {"protobuf": from_newer(later).SerializeToString().hex()},
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(values(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{FILE}\n")
