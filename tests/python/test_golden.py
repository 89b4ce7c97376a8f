"""The golden values that the Rust tests read are those that their script works out."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest


def near(ours: object, theirs: object) -> bool:
    """Whether two JSON values agree, numbers up to rounding."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(near(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(near, ours, theirs))
    if isinstance(ours, float) and isinstance(theirs, float):
        return ours == pytest.approx(theirs, rel=1e-7, abs=1e-14)
    return ours == theirs


SCRIPTS = {
    "write_statistics": "statistics",
    "drift": "drift",
    "fingerprints": "fingerprints",
    "rows": "rows",
    "genai_profile_1": "genai_profile_1",
    "wire_1_0": "wire_1_0",
    "wire_1_1": "wire_1_1",
    "wire_1_2": "wire_1_2",
    "api_1_1": "api_1_1",
}
MADE_BY_RUNS = {"run_3", "statements"}
"""What a release left on disks or sends, which no script can make again byte by byte: `test_kept_runs.py` and `test_statements.py` read it."""


@pytest.mark.parametrize(("script", "golden"), SCRIPTS.items())
def test_golden_values_are_those_of_the_script(root: Path, script: str, golden: str) -> None:
    values = runpy.run_path(str(root / f"tests/golden/{script}.py"))["values"]()
    kept = json.loads((root / f"tests/golden/{golden}.json").read_text(encoding="utf-8"))
    assert kept.keys() == values.keys()
    different = [name for name in values if not near(kept[name], json.loads(json.dumps(values[name], default=float)))]
    assert different == []


def test_every_golden_file_has_a_script_and_every_script_its_file(root: Path) -> None:
    golden = root / "tests/golden"
    assert {path.stem for path in golden.glob("*.py")} == SCRIPTS.keys() | MADE_BY_RUNS
    assert {path.stem for path in golden.iterdir() if path.suffix != ".py" and path.stem != "__pycache__"} == {*SCRIPTS.values()} | MADE_BY_RUNS
