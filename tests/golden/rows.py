"""Writes rows as `tasks/src/codec` lays them out in the logs of runs, byte by byte.

Run it to write `rows.json` beside it, which the Rust tests read. `tests/python/test_golden.py` checks that both agree.
"""

from __future__ import annotations

import json
import struct
from decimal import Decimal
from pathlib import Path
from typing import Any, Optional

FILE = Path(__file__).with_name("rows.json")
LONG = "a text that is longer than what a value holds in itself"
ERROR, PANICKED, TIMED_OUT, GATE_CLOSED, UPSTREAM_ERRORED, UPSTREAM_SKIPPED, CANCELLED = range(4, 11)
EXPECTED, NOTE = 0x40, 0x80


def number(of: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    out = bytearray()
    while of >= 0x80:
        out.append(of & 0x7F | 0x80)
        of >>= 7
    return bytes([*out, of])


def text(of: str) -> bytes:
    return number(len(of.encode())) + of.encode()


def maybe(of: Optional[str]) -> bytes:
    return b"\x00" if of is None else b"\x01" + text(of)


def value(of: Any) -> bytes:
    match of:
        case None:
            return b"\x00"
        case bool():
            return b"\x02" if of else b"\x01"
        case int() if -(2**63) <= of < 2**63:
            return b"\x03" + number(2 * of if of >= 0 else -2 * of - 1)
        case float():
            return b"\x04" + struct.pack("<d", of)
        case int() | Decimal():
            return b"\x05" + text(str(of))
        case str():
            return b"\x06" + text(of)
        case list():
            return b"\x08" + number(len(of)) + b"".join(map(value, of))
        case dict():
            return b"\x09" + number(len(of)) + b"".join(text(key) + value(item) for key, item in of.items())
    raise TypeError(of)


def packed(of: Any) -> bytes:
    """An array or object as results keep it."""
    return b"\x0a" + number(len(value(of))) + value(of)


def again(tag: int, back: int) -> bytes:
    """A long text (7) or a packed value (11) that stands so many long ones further up, the last being 0."""
    return bytes([tag]) + number(back)


def row(position: int, *, sound: bool, id: Optional[str], labels: Optional[tuple[Optional[str], int, Optional[str]]], outcomes: list[bytes], cells: bytes = b"") -> str:
    body = number(position) + bytes(range(16)) + bytes([sound]) + bytes(range(16, 32)) + maybe(id)
    body += b"\x00" if labels is None else b"\x01" + maybe(labels[0]) + number(labels[1]) + maybe(labels[2])
    body += struct.pack("<q", 1_700_000_000) + number(123_456_789) + number(98_765)
    body += number(len(outcomes)) + b"".join(outcomes) + cells
    return (struct.pack("<I", len(body)) + body).hex()


def values() -> dict[str, Any]:
    scalars = [None, False, True, 0, -1, 2**63 - 1, -(2**63), 2**70, 0.1, Decimal("0.1"), "", "a", LONG]
    done = [b"\x00" + value(of) for of in scalars]
    undone = [
        bytes([ERROR]) + text("reach it") + maybe("a detail"),
        bytes([PANICKED]) + text("no") + maybe(None),
        bytes([TIMED_OUT]) + text("late") + maybe(None),
        bytes([GATE_CLOSED]) + number(0),
        bytes([UPSTREAM_ERRORED]) + number(200),
        bytes([UPSTREAM_SKIPPED]) + number(1),
        bytes([CANCELLED]),
    ]
    nested = {"b": [1, None], "": {"c": LONG}}
    told = [
        b"\x01" + packed([1, LONG]),
        bytes([2 | EXPECTED]) + value(5) + value([1, "x"]),
        bytes([3 | NOTE]) + value(None) + text("nothing to check"),
        bytes([2 | EXPECTED | NOTE]) + packed(nested) + value(LONG) + text("both"),
        b"\x01" + again(11, 1),
        b"\x01" + again(7, 0),
    ]
    # Nothing, a number, a text and something else: what a record adds to columns over all of them.
    cells = b"\x00\x01" + struct.pack("<d", -0.5) + b"\x02" + text(LONG) + b"\x03" + text("an array")
    return {
        "scalars": row(0, sound=True, id=None, labels=None, outcomes=done),
        "undone": row(300, sound=False, id="r\u00fc", labels=("case", 3, None), outcomes=undone),
        "told": row(1, sound=True, id="r", labels=(None, 0, "cluster"), outcomes=told),
        "cells": row(2, sound=False, id=None, labels=None, outcomes=[bytes([CANCELLED])], cells=cells),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(values(), indent=1) + "\n", encoding="utf-8")
