"""Works out what `tasks/src/fingerprint/mix.rs` must give, with Python's whole numbers of any size.

Run it to write `fingerprints.json` beside it, which the Rust tests read. `tests/python/test_golden.py` checks that both agree.
"""

from __future__ import annotations

import json
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


def fingerprint(kind: int, text: bytes) -> str:
    state = K[0], K[1]
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
    low, high = words(state, kind | len(text) << 8, *ends)
    return f"{fold(high ^ K[7], low ^ K[8] ^ K[9]) << 64 | fold(low ^ K[5], high ^ K[6]):032x}"


def values() -> dict[str, Any]:
    text = "Every length from none to three whole steps and one."
    return {"texts": [{"text": text[:n], "kind": kind, "print": fingerprint(kind, text[:n].encode())} for n in range(len(text) + 1) for kind in (1, 6)]}


if __name__ == "__main__":
    FILE.write_text(json.dumps(values(), indent=1) + "\n", encoding="utf-8")
