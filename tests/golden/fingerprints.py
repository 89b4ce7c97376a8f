"""Works out what `tasks/src/fingerprint.rs` and `tasks/src/fingerprint/mix.rs` must give, with Python's whole numbers of any size.

Run it to write `fingerprints.json` beside it, which the Rust tests read. `tests/python/test_golden.py` checks that both agree.
"""

from __future__ import annotations

import json
import math
import struct
from decimal import Decimal
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("fingerprints.json")
MASK = 2**64 - 1
# The first constants of SHA-512: the beginnings of the fractions of the cube roots of the first primes.
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29)


def cube_root(prime: int) -> int:
    """The first 64 bits of the fraction of its cube root."""
    wanted = prime << (3 * 64)
    root = 1 << 66
    while (better := (2 * root + wanted // root**2) // 3) < root:
        root = better
    return root & MASK


K = [cube_root(prime) for prime in PRIMES]


def fold(a: int, b: int) -> int:
    return (a * b & MASK) ^ (a * b >> 64)


def words(state: tuple[int, int], kind: int, first: int, second: int) -> tuple[int, int]:
    low, high = state
    kind = kind * K[2] & MASK
    return fold(first ^ K[3], second ^ (low + kind & MASK)), fold(second ^ K[4], first ^ (high + kind & MASK))


def number(of: bytes) -> int:
    return int.from_bytes(of, "little")


def taken(state: tuple[int, int], kind: int, text: bytes) -> tuple[int, int]:
    for at in range(0, max(len(text) - 1, 0) // 16 * 16, 16):
        state = words(state, 0, number(text[at : at + 8]), number(text[at + 8 : at + 16]))
    match len(text):
        case 0:
            ends = 0, 0
        case 1:
            ends = text[0], 0
        case 2 | 3:
            ends = text[0] | text[len(text) // 2] << 8, text[-1]
        case 4 | 5 | 6 | 7:
            ends = number(text[:4]), number(text[-4:])
        case n if n < 16:
            ends = number(text[:8]), number(text[-8:])
        case _:
            ends = number(text[-16:-8]), number(text[-8:])
    return words(state, kind | len(text) << 8, *ends)


def done(state: tuple[int, int]) -> str:
    low, high = state
    return f"{fold(high ^ K[7], low ^ K[8] ^ K[9]) << 64 | fold(low ^ K[5], high ^ K[6]):032x}"


def value(state: tuple[int, int], of: Any) -> tuple[int, int]:
    """A value as `Printer::value` takes it in."""
    match of:
        case None:
            return words(state, 1, 0, 0)
        case bool():
            return words(state, 2, int(of), 0)
        case int() if -(2**63) <= of < 2**63:
            return words(state, 3, of & MASK, 0)
        case float():
            return words(state, 4, number(struct.pack("<d", math.nan if math.isnan(of) else of)), 0)
        case int() | Decimal():
            return taken(state, 5, str(of).encode())
        case str():
            return taken(state, 6, of.encode())
        case list():
            state = words(state, 7, len(of), 0)
            for item in of:
                state = value(state, item)
            return state
        case dict():
            state = words(state, 8, len(of), 0)
            for key, item in of.items():
                state = value(taken(state, 9, key.encode()), item)
            return state
    raise TypeError(of)


# Each as it is saved, and as it is.
VALUES: list[tuple[str, Any]] = [
    ("null", None),
    ("true", True),
    ("false", False),
    ("0", 0),
    ("-1", -1),
    ("9223372036854775807", 2**63 - 1),
    ("-9223372036854775808", -(2**63)),
    ("9223372036854775808", 2**63),
    ("1180591620717411303424", 2**70),
    ("0.0", 0.0),
    ("-0.0", -0.0),
    ("0.1", 0.1),
    ("0.1e0", Decimal("0.1")),
    ("-1.10e0", Decimal("-1.10")),
    ("1e300", 1e300),
    ("NaN", math.nan),
    ("Infinity", math.inf),
    ('""', ""),
    ('"a name that is longer than what a value holds in itself"', "a name that is longer than what a value holds in itself"),
    ('"\u00fc \U0001f600"', "\u00fc \U0001f600"),
    ("[]", []),
    ("{}", {}),
    ("[1, 1.0, [null]]", [1, 1.0, [None]]),
    ('{"b": 1, "a": {"": [true, "x"]}}', {"b": 1, "a": {"": [True, "x"]}}),
]


def values() -> dict[str, Any]:
    start = K[0], K[1]
    text = "Every length from none to three whole steps and one."
    return {
        "texts": [
            {"text": text[:n], "kind": kind, "print": done(taken(start, kind, text[:n].encode()))} for n in range(len(text) + 1) for kind in (1, 6)
        ],
        "values": [{"saved": saved, "print": done(value(start, of))} for saved, of in VALUES],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(values(), indent=1) + "\n", encoding="utf-8")
