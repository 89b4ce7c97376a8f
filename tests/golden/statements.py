"""Keeps the statements that the server of each version sends to its database.

    python tests/golden/statements.py

adds those of the present version to `statements.json`. Nothing is taken out of it: servers of a version run beside those of later ones, on the tables of
these, and `tests/python/test_statements.py` prepares all of them there.
"""

from __future__ import annotations

import json
import runpy
from pathlib import Path

FILE = Path(__file__).with_suffix(".json")
ROOT = FILE.parents[2]


def main() -> None:
    tests = runpy.run_path(str(ROOT / "tests/python/test_statements.py"))
    kept: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    version = tests["present"](ROOT)
    kept[version] = sorted({*kept.get(version, []), *(statement for _, statement in tests["written"](ROOT))})
    FILE.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
